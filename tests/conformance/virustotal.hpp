/// \file
/// What the tables of VirusTotal's behaviours have in common: answers as JSON, and quotas as they stand.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

/// Throws where the call failed.
[[nodiscard]] inline nlohmann::json json_of(const Result<api::virustotal::Document>& answer) {
  return nlohmann::json::parse(answer.value().text);
}

/// The number at `api_requests_daily.user.used` of the scene's own key.
[[nodiscard]] inline std::uint64_t used_today(Scene& scene) {
  const auto quotas =
      scene.call(api::virustotal::GetOverallQuotas{.id = std::string{only_key_name}}, scene.key());
  return json_of(quotas)["data"]["api_requests_daily"]["user"]["used"].get<std::uint64_t>();
}

/// A premium key in place of the public one: 1,000 calls a minute.
inline void with_premium_key(PantherWorldOptions& options) {
  options.virustotal_quota = limit::profiles::virustotal_premium({.minute = 1'000});
}

}  // namespace rushhour::fakes::conformance
