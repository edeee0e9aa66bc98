#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Makes a managed policy, with the document as its version v1.
struct CreatePolicy {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "CreatePolicy";
  static constexpr bool read_only = false;

  std::string policy_name{};
  std::string policy_document{};      ///< JSON
  std::optional<std::string> path{};  ///< `/` unless given
  std::optional<std::string> description{};
  std::vector<Tag> tags{};

  struct Output {
    Policy policy{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::CreatePolicy> {
  using S = api::iam::CreatePolicy;
  static constexpr std::array members{
      required<&S::policy_name>("PolicyName", length(1, 128)),
      required<&S::policy_document>("PolicyDocument",
                                    matching(policy_text_pattern, is_policy_text, length(1, 131072))),
      member<&S::path>("Path",
                       matching(api::iam::policy_path_pattern, api::iam::is_policy_path, length(1, 512))),
      member<&S::description>("Description", length(0, 1000)),
      member<&S::tags>("Tags", length(0, 50)),
  };
};

template <>
struct Described<api::iam::CreatePolicy::Output> {
  using S = api::iam::CreatePolicy::Output;
  static constexpr std::array members{
      member<&S::policy>("Policy"),
  };
};

}  // namespace rushhour::aws
