/// \file
/// What the tables of Secrets Manager are made of: an administrator who asks, the policies and the tokens he
/// asks with, and the failures he is told. Tables add the secrets they look at.
#pragma once

#include <string>
#include <string_view>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

[[nodiscard]] inline Failure invalid_parameter(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidParameterException", text);
}
[[nodiscard]] inline Failure invalid_request(std::string_view text) {
  return failure(Outcome::invalid, 400, "InvalidRequestException", text);
}

/// A policy document of statements that are given as JSON.
[[nodiscard]] inline std::string statements(std::string_view text) {
  return R"({"Version":"2012-10-17","Statement":[)" + std::string{text} + "]}";
}
inline const std::string everything =
    statements(R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"})");

/// Tokens that differ in their last digits: `11111111-1111-4111-8111-000000000007`.
[[nodiscard]] inline std::string token(int number) {
  const std::string digits = std::to_string(number);
  return "11111111-1111-4111-8111-" + std::string(12 - digits.size(), '0') + digits;
}

/// Who may do everything with the secrets of an account that has none but those that a row adds.
struct Administrator {
  static constexpr std::string_view account = "999988887777";

  explicit Administrator(Scene& at)
      : scene(at),
        me(at.inside()->world.iam.add_user(
            {.account = std::string{account}, .name = "admin", .policies = {everything}})) {}

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    return scene.call(request, me);
  }

  Scene& scene;
  api::Identity me;
};

}  // namespace rushhour::fakes::conformance
