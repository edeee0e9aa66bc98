#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts/shapes.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Gives an IAM user temporary credentials of its own, with MFA or without.
struct GetSessionToken {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetSessionToken";
  static constexpr bool read_only = true;

  std::optional<std::int64_t> duration_seconds{};            ///< 900 to 129600
  std::optional<std::string> serial_number{};                ///< of the MFA device
  std::optional<std::string> token_code{};                   ///< six digits that it shows
  std::optional<std::int64_t> minimum_session_token_size{};  ///< bytes that the token is filled up to

  struct Output {
    Credentials credentials{};
    std::optional<std::int64_t> session_token_size{};         ///< bytes
    std::optional<std::int64_t> session_token_utilization{};  ///< percent of the largest session token
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetSessionToken> {
  using S = api::sts::GetSessionToken;
  static constexpr std::array members{
      member<&S::duration_seconds>("DurationSeconds", range(900, 129600)),
      member<&S::serial_number>("SerialNumber",
                                matching(serial_number_pattern, is_serial_number, length(9, 256))),
      member<&S::token_code>("TokenCode", matching(digits_pattern, is_digits, length(6, 6))),
      member<&S::minimum_session_token_size>("MinimumSessionTokenSize", range(0, 4096)),
  };
};

template <>
struct Described<api::sts::GetSessionToken::Output> {
  using S = api::sts::GetSessionToken::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::session_token_size>("SessionTokenSize", range(0, unbounded)),
      member<&S::session_token_utilization>("SessionTokenUtilization", range(0, unbounded)),
  };
};

}  // namespace rushhour::aws
