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

/// Reads up to 20 secrets at once, by their names or by filters.
struct BatchGetSecretValue {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "BatchGetSecretValue";
  static constexpr bool read_only = true;

  std::vector<std::string> secret_id_list{};
  std::vector<Filter> filters{};
  std::optional<std::int64_t> max_results{};  ///< 1 to 20
  std::optional<std::string> next_token{};    ///< of the answer before; absent in the last

  struct Output {
    std::vector<SecretValueEntry> secret_values{};
    std::string next_token{};  ///< of the answer before; absent in the last
    std::vector<BatchError> errors{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::BatchGetSecretValue> {
  using S = api::secretsmanager::BatchGetSecretValue;
  static constexpr std::array members{
      each(member<&S::secret_id_list>("SecretIdList", length(1, 20)), length(1, 2048)),
      member<&S::filters>("Filters", length(0, 10)),
      member<&S::max_results>("MaxResults", range(1, 20)),
      member<&S::next_token>("NextToken", length(1, 4096)),
  };
};

template <>
struct Described<api::secretsmanager::BatchGetSecretValue::Output> {
  using S = api::secretsmanager::BatchGetSecretValue::Output;
  static constexpr std::array members{
      required<&S::secret_values>("SecretValues"),
      member<&S::next_token>("NextToken", length(1, 4096)),
      required<&S::errors>("Errors"),
  };
};

}  // namespace rushhour::aws
