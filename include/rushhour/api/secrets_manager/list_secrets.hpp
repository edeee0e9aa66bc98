#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Lists the secrets of the account and Region, filtered and sorted.
struct ListSecrets {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "ListSecrets";
  static constexpr bool read_only = true;

  std::optional<bool> include_planned_deletion{};  ///< secrets marked for deletion too
  std::optional<std::int64_t> max_results{};       ///< 1 to 100
  std::optional<std::string> next_token{};         ///< of the answer before; absent in the last
  std::vector<Filter> filters{};                   ///< all must hold, each by one of its values
  std::optional<std::string> sort_order{};         ///< asc unless given: by creation [REC]
  std::optional<std::string> sort_by{};            ///< created-date unless given

  struct Output {
    std::vector<SecretListEntry> secret_list{};
    std::string next_token{};  ///< of the answer before; absent in the last
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::ListSecrets> {
  using S = api::secretsmanager::ListSecrets;
  static constexpr std::array members{
      member<&S::include_planned_deletion>("IncludePlannedDeletion"),
      member<&S::max_results>("MaxResults", range(1, 100)),
      member<&S::next_token>("NextToken", length(1, 4096)),
      member<&S::filters>("Filters", length(0, 10)),
      member<&S::sort_order>("SortOrder", one_of(sort_orders)),
      member<&S::sort_by>("SortBy", one_of(sort_keys)),
  };
};

template <>
struct Described<api::secretsmanager::ListSecrets::Output> {
  using S = api::secretsmanager::ListSecrets::Output;
  static constexpr std::array members{
      required<&S::secret_list>("SecretList"),
      member<&S::next_token>("NextToken", length(1, 4096)),
  };
};

}  // namespace rushhour::aws
