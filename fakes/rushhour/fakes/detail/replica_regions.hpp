/// \file
/// Which Regions a secret may be replicated to. Replication itself is secrets_manager.hpp's.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

/// Another Region than the primary's own [REC: Invalid replica region.], and each once [MEM].
[[nodiscard]] inline std::optional<Failure> check_replica_regions(
    const std::vector<api::secretsmanager::ReplicaRegion>& regions, std::string_view own) {
  for (auto each = regions.begin(); each != regions.end(); ++each) {
    const bool is_twice = std::any_of(regions.begin(), each,
                                      [each](const auto& other) { return other.region == each->region; });
    if (each->region == own || is_twice) return invalid_parameter("Invalid replica region.");
  }
  return std::nullopt;
}

}  // namespace rushhour::fakes::detail
