#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::iam {

/// Deletes an access key of a user.
struct DeleteAccessKey {
  static constexpr Service service = Service::iam;
  static constexpr std::string_view operation_name = "DeleteAccessKey";
  static constexpr bool read_only = false;

  std::string access_key_id{};
  std::optional<std::string> user_name{};

  struct Output {};
};

}  // namespace rushhour::api::iam

namespace rushhour::aws {

template <>
struct Described<api::iam::DeleteAccessKey> {
  using S = api::iam::DeleteAccessKey;
  static constexpr std::array members{
      required<&S::access_key_id>("AccessKeyId", matching(word_pattern, is_word, length(16, 128))),
      member<&S::user_name>("UserName", length(1, 128)),
  };
};

}  // namespace rushhour::aws
