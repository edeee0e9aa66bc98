#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/iam/patterns.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Turns an access key off or on.
struct UpdateAccessKey {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "UpdateAccessKey";
  static constexpr bool read_only = false;

  std::string access_key_id{};
  std::string status{};  ///< Active, Inactive
  std::optional<std::string> user_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::UpdateAccessKey> {
  using S = api::iam::UpdateAccessKey;
  static constexpr std::array members{
      required<&S::access_key_id>("AccessKeyId", matching(word_pattern, is_word, length(16, 128))),
      required<&S::status>("Status", one_of(api::iam::access_key_statuses)),
      member<&S::user_name>("UserName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
