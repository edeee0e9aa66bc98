#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/iam/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Reads a version of a managed policy, with its document.
struct GetPolicyVersion {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "GetPolicyVersion";
  static constexpr bool read_only = true;

  std::string policy_arn{};
  std::string version_id{};  ///< `v1`

  struct Output {
    PolicyVersion policy_version{};
  };
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::GetPolicyVersion> {
  using S = api::iam::GetPolicyVersion;
  static constexpr std::array members{
      required<&S::policy_arn>("PolicyArn", length(20, 2048)),
      required<&S::version_id>("VersionId", matching(api::iam::version_id_pattern, api::iam::is_version_id)),
  };
};

template <>
struct Described<api::iam::GetPolicyVersion::Output> {
  using S = api::iam::GetPolicyVersion::Output;
  static constexpr std::array members{
      member<&S::policy_version>("PolicyVersion"),
  };
};

}  // namespace rushhour::aws
