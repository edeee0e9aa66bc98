#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::sts {

/// Tells which account an access key id belongs to.
struct GetAccessKeyInfo {
  static constexpr Service service = Service::sts;
  static constexpr std::string_view operation_name = "GetAccessKeyInfo";
  static constexpr bool read_only = true;

  std::string access_key_id{};

  struct Output {
    std::string account{};
  };
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::GetAccessKeyInfo> {
  using S = api::sts::GetAccessKeyInfo;
  static constexpr std::array members{
      required<&S::access_key_id>("AccessKeyId", matching(word_pattern, is_word, length(16, 128))),
  };
};

template <>
struct Described<api::sts::GetAccessKeyInfo::Output> {
  using S = api::sts::GetAccessKeyInfo::Output;
  static constexpr std::array members{
      member<&S::account>("Account"),
  };
};

}  // namespace rushhour::aws
