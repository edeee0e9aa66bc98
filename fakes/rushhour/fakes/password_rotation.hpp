/// \file
/// A rotation function that needs no code: it puts a random password in place of the whole secret or of one
/// member of its JSON, and fails where a test wants it to. Functions of other kinds are rotation.hpp's.
///
/// Source: AWS's rotation function templates (Secrets Manager User Guide, "AWS Secrets Manager rotation
/// function templates", spec tag DOC): the password is GetRandomPassword's, of 32 characters and none of
/// `/@"'\\`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/rotation.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes {

struct PasswordRotation {
  std::string json_key{};  ///< whose value becomes the password; empty: the secret is the password
  std::int64_t length{32};
  std::string exclude_characters{"/@\"'\\"};
  std::string fails_at{};                      ///< the step that fails; empty: none
  std::optional<std::uint64_t> fails_times{};  ///< how often it does, then all is well; nothing: for ever
  std::string reason{"the function was told to fail"};  ///< as RotationFailed tells it
};

namespace detail {

/// The JSON object with a text in place of the value of a key, all else as it was; nothing when it is no
/// object or has no such key. Of a key that is there twice the last counts.
[[nodiscard]] inline std::optional<std::string> with_json_text(std::string_view object, std::string_view key,
                                                               std::string_view value) {
  using rushhour::detail::JsonCursor;
  JsonCursor json{object};
  if (json.next() != JsonCursor::Kind::object) return std::nullopt;
  std::string name;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (json.open_object(); json.member(name);) {
    static_cast<void>(json.next());  // over the blanks
    const std::size_t at = json.position();
    json.skip();
    if (name != key) continue;
    begin = at;
    end = json.position();
  }
  if (!json.finish() || end == 0) return std::nullopt;
  std::string out{object.substr(0, begin)};
  rushhour::detail::append_json_string(out, value);
  out += object.substr(end);
  return out;
}

/// The secret's next value: a new password in the place that the plan names.
[[nodiscard]] inline Result<std::string> next_password(const PasswordRotation& plan, std::string_view current,
                                                       RotationClient& client) {
  auto made = client(api::secretsmanager::GetRandomPassword{.password_length = plan.length,
                                                            .exclude_characters = plan.exclude_characters});
  if (!made.ok()) return made.failure();
  if (plan.json_key.empty()) return std::move(made->random_password);
  auto changed = with_json_text(current, plan.json_key, made->random_password);
  if (changed) return std::move(*changed);
  return Failure{.outcome = Outcome::invalid,
                 .status = 400,
                 .code = "KeyError",
                 .message = "the secret is no JSON object with the key '" + plan.json_key + "'"};
}

}  // namespace detail

/// \code
///   secretsmanager.add_rotation_function(lambda_arn, rotation_to_password({.json_key = "password"}));
///   secretsmanager.add_rotation_function(other_arn, rotation_to_password({.fails_at = "testSecret"}));
/// \endcode
[[nodiscard]] inline RotationFunction rotation_to_password(PasswordRotation plan = {}) {
  // Shared by the copies of the function, which count as one.
  return [plan = std::move(plan), failed = std::make_shared<std::uint64_t>(0)](
             const RotationEvent& event, RotationClient& client) -> std::optional<std::string> {
    const bool fails = event.step == plan.fails_at && (!plan.fails_times || *failed < *plan.fails_times);
    if (fails) {
      ++*failed;
      return plan.reason;
    }
    return detail::take_rotation_step(event, client,
                                      [&plan](std::string_view current, RotationClient& as_role) {
                                        return detail::next_password(plan, current, as_role);
                                      });
  };
}

}  // namespace rushhour::fakes
