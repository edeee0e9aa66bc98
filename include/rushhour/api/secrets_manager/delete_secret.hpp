#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::secretsmanager {

/// Marks a secret for deletion after its recovery window, or deletes it at once.
struct DeleteSecret {
  static constexpr Service service = Service::secretsmanager;
  static constexpr std::string_view operation_name = "DeleteSecret";
  static constexpr bool read_only = false;

  std::string secret_id{};  ///< name, ARN, or ARN without its six-character suffix
  std::optional<std::int64_t> recovery_window_in_days{};  ///< 7 to 30; 30 unless given
  std::optional<bool> force_delete_without_recovery{};

  struct Output {
    std::string arn{};
    std::string name{};
    std::optional<Instant> deletion_date{};
  };
};

}  // namespace rushhour::api::secretsmanager

namespace rushhour::aws {

template <>
struct Described<api::secretsmanager::DeleteSecret> {
  using S = api::secretsmanager::DeleteSecret;
  static constexpr std::array members{
      required<&S::secret_id>("SecretId", length(1, 2048)),
      member<&S::recovery_window_in_days>("RecoveryWindowInDays"),
      member<&S::force_delete_without_recovery>("ForceDeleteWithoutRecovery"),
  };
};

template <>
struct Described<api::secretsmanager::DeleteSecret::Output> {
  using S = api::secretsmanager::DeleteSecret::Output;
  static constexpr std::array members{
      member<&S::arn>("ARN", length(20, 2048)),
      member<&S::name>("Name", length(1, 256)),
      member<&S::deletion_date>("DeletionDate"),
  };
};

}  // namespace rushhour::aws
