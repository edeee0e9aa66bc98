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

/// Trades a token for credentials of the principal that delegated its access.
struct GetDelegatedAccessToken {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetDelegatedAccessToken";
  static constexpr bool read_only = true;

  std::string trade_in_token{};

  struct Output {
    Credentials credentials{};
    std::optional<std::int64_t> packed_policy_size{};  ///< percent of what policies and tags may take
    std::string assumed_principal{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetDelegatedAccessToken> {
  using S = api::sts::GetDelegatedAccessToken;
  static constexpr std::array members{
      sensitive(required<&S::trade_in_token>("TradeInToken")),
  };
};

template <>
struct Described<api::sts::GetDelegatedAccessToken::Output> {
  using S = api::sts::GetDelegatedAccessToken::Output;
  static constexpr std::array members{
      member<&S::credentials>("Credentials"),
      member<&S::packed_policy_size>("PackedPolicySize", range(0, unbounded)),
      member<&S::assumed_principal>("AssumedPrincipal",
                                    matching(printable_pattern, is_printable, length(20, 2048))),
  };
};

}  // namespace rushhour::aws
