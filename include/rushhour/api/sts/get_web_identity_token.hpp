#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts/shapes.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::sts {

/// Gives a signed JSON Web Token that says who the caller is, for services outside AWS.
struct GetWebIdentityToken {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetWebIdentityToken";
  static constexpr bool read_only = true;

  std::vector<std::string> audience{};
  std::optional<std::int64_t> duration_seconds{};  ///< 60 to 3600
  std::string signing_algorithm{};
  std::vector<Tag> tags{};

  struct Output {
    std::string web_identity_token{};
    std::optional<Instant> expiration{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetWebIdentityToken> {
  using S = api::sts::GetWebIdentityToken;
  static constexpr std::array members{
      each(required<&S::audience>("Audience", length(1, 10)), length(1, 1000)),
      member<&S::duration_seconds>("DurationSeconds", range(60, 3600)),
      required<&S::signing_algorithm>("SigningAlgorithm", length(5, 5)),
      member<&S::tags>("Tags", length(0, 50)),
  };
};

template <>
struct Described<api::sts::GetWebIdentityToken::Output> {
  using S = api::sts::GetWebIdentityToken::Output;
  static constexpr std::array members{
      sensitive(member<&S::web_identity_token>("WebIdentityToken")),
      member<&S::expiration>("Expiration"),
  };
};

}  // namespace rushhour::aws
