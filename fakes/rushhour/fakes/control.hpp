/// \file
/// How what is posted to `/_rushhour/` is read: as functions that whoever serves a world gives to its Admin
/// (admin.hpp), because they read with a scenario's words and make a scenario's mistakes, and fakes include
/// no scenario. scenario/control.hpp has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/stubs.hpp>
#include <rushhour/fakes/virustotal.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// What VirusTotal's engines are to say of an address.
struct Verdict {
  std::string address{};
  api::virustotal::AnalysisStats stats{};
};

/// Each reads JSON and throws InputError for every mistake in it. Null: it is not read here.
struct ControlReaders {
  /// One stub, or a list of them.
  std::vector<Stub> (*stubs)(std::string_view json){};
  /// One fault, or a list, in a scenario's words; `from` counts from `now`.
  std::vector<Fault> (*faults)(std::string_view json, Instant now){};
  /// A new key where `known` is null, else that key with another quota or use, or in another group.
  VirusTotalKey (*key)(std::string_view json, const VirusTotalKey* known){};
  Verdict (*verdict)(std::string_view json){};
};

}  // namespace rushhour::fakes
