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

/// Lists the versions of a secret; those without staging labels only when asked for.
struct ListSecretVersionIds {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "ListSecretVersionIds";
  static constexpr bool read_only = true;

  std::string secret_id{};                    ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::int64_t> max_results{};  ///< 1 to 100
  std::optional<std::string> next_token{};    ///< of the answer before; absent in the last
  std::optional<bool> include_deprecated{};   ///< versions without staging labels too

  struct Output {
    std::vector<SecretVersionEntry> versions{};
    std::string next_token{};  ///< of the answer before; absent in the last
    std::string arn{};
    std::string name{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::ListSecretVersionIds> {
  using S = api::secretsmanager::ListSecretVersionIds;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::max_results>("MaxResults", range(1, 100)),
      member<&S::next_token>("NextToken", length(1, 4096)),
      member<&S::include_deprecated>("IncludeDeprecated"),
  };
};

template <>
struct Described<api::secretsmanager::ListSecretVersionIds::Output> {
  using S = api::secretsmanager::ListSecretVersionIds::Output;
  static constexpr std::array members{
      required<&S::versions>("Versions"),
      member<&S::next_token>("NextToken", length(1, 4096)),
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
  };
};

}  // namespace rushhour::aws
