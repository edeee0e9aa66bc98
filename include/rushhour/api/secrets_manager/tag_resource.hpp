#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager/shapes.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Adds tags to a secret, or changes their values.
struct TagResource {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "TagResource";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::vector<Tag> tags{};

  struct Output {};
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::TagResource> {
  using S = api::secretsmanager::TagResource;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      required<&S::tags>("Tags"),
  };
};

}  // namespace rushhour::aws
