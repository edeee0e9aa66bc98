/// \file
/// Reads what is posted to a served world's `/_rushhour/`: faults in the words of a scenario's `faults`,
/// VirusTotal keys with its quotas, stubs and verdicts. It changes no world: that is Admin's business
/// (fakes/admin.hpp), which is given control_readers().
///
/// It stands here and not with the fakes, because it reads with a Reader and the fakes include no scenario.
/// fakes/README.md shows every form.
#pragma once

#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/fakes/control.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// `{"match": {"path": "/api/v3/ip_addresses/8.8.8.8"}, "answer": {"status": 503}}`; several as
/// `{"stubs": [...]}` or as an array.
/// \throws InputError for every mistake, with line, column and pointer, as do all of these.
[[nodiscard]] std::vector<fakes::Stub> read_stubs(std::string_view json);

/// `{"service": "sts", "answer": "unavailable", "share": 0.1, "for": "5m"}`; several as `{"faults": [...]}`
/// or as an array. Times count from `now`.
[[nodiscard]] std::vector<Fault> read_faults(std::string_view json, Instant now);

/// `{"name": "team-b", "key": "...", "quota": {"minute": 1000}, "used": {"day": 120}, "group": "company"}`,
/// where only the name is required; of a known key the last three, what is left out staying as it is, but for
/// what it has used. Whether there is such a group is not looked at.
[[nodiscard]] fakes::VirusTotalKey read_virustotal_key(std::string_view json,
                                                       const fakes::VirusTotalKey* known);

/// `{"address": "203.0.113.7", "malicious": 12}`; what is not said is 0.
[[nodiscard]] fakes::Verdict read_verdict(std::string_view json);

/// All of them.
[[nodiscard]] inline fakes::ControlReaders control_readers() {
  return {.stubs = read_stubs, .faults = read_faults, .key = read_virustotal_key, .verdict = read_verdict};
}

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/control_inl.hpp>
#endif
