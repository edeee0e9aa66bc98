#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Reads the encoded message that some services add to a refusal.
struct DecodeAuthorizationMessage {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "DecodeAuthorizationMessage";
  static constexpr bool read_only = true;

  std::string encoded_message{};

  struct Output {
    std::string decoded_message{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::DecodeAuthorizationMessage> {
  using S = api::sts::DecodeAuthorizationMessage;
  static constexpr std::array members{
      required<&S::encoded_message>("EncodedMessage", length(1, 10240)),
  };
};

template <>
struct Described<api::sts::DecodeAuthorizationMessage::Output> {
  using S = api::sts::DecodeAuthorizationMessage::Output;
  static constexpr std::array members{
      member<&S::decoded_message>("DecodedMessage"),
  };
};

}  // namespace rushhour::aws
