#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Removes tags from a role.
struct UntagRole {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "UntagRole";
  static constexpr bool read_only = false;

  std::string role_name{};
  std::vector<std::string> tag_keys{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::UntagRole> {
  using S = api::iam::UntagRole;
  static constexpr std::array members{
      required<&S::role_name>("RoleName", length(1, 64)),
      each(required<&S::tag_keys>("TagKeys", length(0, 50)),
           matching(tag_text_pattern, is_tag_text, length(1, 128))),
  };
};

}  // namespace rushhour::aws
