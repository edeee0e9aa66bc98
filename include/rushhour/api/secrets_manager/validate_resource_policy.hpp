#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Says whether a resource policy would be accepted, without attaching it.
struct ValidateResourcePolicy {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "ValidateResourcePolicy";
  static constexpr bool read_only = true;

  std::optional<std::string> secret_id{};  ///< for whose callers it is judged; absent: for nobody's
  std::string resource_policy{};

  struct Output {
    std::optional<bool> policy_validation_passed{};
    std::vector<ValidationError> validation_errors{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::ValidateResourcePolicy> {
  using S = api::secretsmanager::ValidateResourcePolicy;
  static constexpr std::array members{
      member<&S::secret_id>("SecretId", length(1, 2048)),
      required<&S::resource_policy>("ResourcePolicy", length(1, 20480)),
  };
};

template <>
struct Described<api::secretsmanager::ValidateResourcePolicy::Output> {
  using S = api::secretsmanager::ValidateResourcePolicy::Output;
  static constexpr std::array members{
      member<&S::policy_validation_passed>("PolicyValidationPassed"),
      required<&S::validation_errors>("ValidationErrors"),
  };
};

}  // namespace rushhour::aws
