#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::secretsmanager {

/// Turns automatic rotation off, and a rotation that is going on.
struct CancelRotateSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "CancelRotateSecret";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix

  struct Output {
    std::string arn{};
    std::string name{};
    std::string version_id{};  ///< of the rotation that was under way, which may be incomplete
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::CancelRotateSecret> {
  using S = api::secretsmanager::CancelRotateSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
  };
};

template <>
struct Described<api::secretsmanager::CancelRotateSecret::Output> {
  using S = api::secretsmanager::CancelRotateSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::version_id>("VersionId", length(32, 64)),
  };
};

}  // namespace rushhour::aws
