#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Removes tags from a secret.
struct UntagResource {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "UntagResource";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::vector<std::string> tag_keys{};

  struct Output {};
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::UntagResource> {
  using S = api::secretsmanager::UntagResource;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      each(required<&S::tag_keys>("TagKeys"), length(1, 128)),
  };
};

}  // namespace rushhour::aws
