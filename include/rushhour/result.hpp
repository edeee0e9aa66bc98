/// \file
/// How a call ends: an Outcome, a Failure as a value, and Result<T>. Errors of the simulated world travel
/// this way; mistakes in the user's input are thrown as InputError (input_error.hpp), broken contracts
/// assert.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// What became of one attempt, in classes that detections react to differently.
enum class Outcome : std::uint8_t {
  ok,
  throttled,     ///< a quota or rate limit refused it
  denied,        ///< authentication or authorization failed
  expired,       ///< the credentials were good once
  invalid,       ///< the request breaks a constraint
  not_found,     ///< no such thing
  server_error,  ///< 5xx
  timeout,       ///< no answer in time
  reset,         ///< the connection broke
  cancelled      ///< the simulation ended while it waited
};

inline constexpr std::size_t outcome_count = 10;

[[nodiscard]] constexpr std::string_view to_text(Outcome outcome) {
  constexpr std::array<std::string_view, outcome_count> texts{
      "ok",        "throttled",    "denied",  "expired", "invalid",
      "not_found", "server_error", "timeout", "reset",   "cancelled"};
  return texts[static_cast<std::size_t>(outcome)];
}

/// An error answer of a service, as a client sees it.
struct Failure {
  Outcome outcome{Outcome::server_error};
  int status{};           ///< HTTP status; 0 when no answer came
  std::string code{};     ///< the wire code: `AccessDenied`, `ThrottlingException`, `QuotaExceededError`
  std::string message{};  ///< the text as the service words it
  /// What the header `x-amz-retry-after` asked for; negative when it said anything but a whole number of
  /// milliseconds. Nothing when there was none.
  std::optional<Duration> retry_after{};
  /// What the answer has beside code and text, as a JSON object: `{"Item":{...}}` of DynamoDB's
  /// ConditionalCheckFailedException. Empty: nothing, as nearly always.
  std::string details{};

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// `AccessDenied (403): User: ... is not authorized ...`
[[nodiscard]] inline std::string to_text(const Failure& failure) {
  std::string out = failure.code.empty() ? std::string{to_text(failure.outcome)} : failure.code;
  if (failure.status != 0) out += " (" + std::to_string(failure.status) + ")";
  if (!failure.message.empty()) out += ": " + failure.message;
  return out;
}

namespace api {

/// What Result<T>::value() throws, as an SDK throws its ClientError.
class Error : public std::runtime_error {
 public:
  explicit Error(Failure failure) : std::runtime_error(to_text(failure)), failure_(std::move(failure)) {}
  [[nodiscard]] const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

}  // namespace api

/// A T, or the Failure that came instead.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  // Implicit, so that a function returns a value or a Failure as it stands.
  // NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}
  // NOLINTEND(google-explicit-constructor)
  /// An empty value, for a function that fills in what it returns where it stands.
  explicit Result(std::in_place_t /*value*/) : held_(std::in_place_index<0>) {}

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  [[nodiscard]] explicit operator bool() const { return ok(); }
  [[nodiscard]] Outcome outcome() const { return ok() ? Outcome::ok : failure().outcome; }

  /// The value; throws api::Error when there is none.
  [[nodiscard]] T& value() & { return const_cast<T&>(std::as_const(*this).checked()); }
  [[nodiscard]] const T& value() const& { return checked(); }
  [[nodiscard]] T&& value() && { return std::move(const_cast<T&>(std::as_const(*this).checked())); }

  /// The value, for a caller that has looked at ok().
  [[nodiscard]] T& operator*() { return assumed(); }
  [[nodiscard]] const T& operator*() const { return const_cast<Result*>(this)->assumed(); }
  [[nodiscard]] T* operator->() { return &assumed(); }
  [[nodiscard]] const T* operator->() const { return &const_cast<Result*>(this)->assumed(); }

  [[nodiscard]] const Failure& failure() const& {
    RUSHHOUR_ASSERT(!ok(), "a result that is ok has no failure");
    return std::get<1>(held_);
  }
  [[nodiscard]] Failure&& failure() && { return const_cast<Failure&&>(std::as_const(*this).failure()); }

 private:
  const T& checked() const {
    if (!ok()) throw api::Error(failure());
    return std::get<0>(held_);
  }
  T& assumed() {
    RUSHHOUR_ASSERT(ok(), "the result holds a failure: look at ok(), or use value()");
    return *std::get_if<0>(&held_);
  }

  std::variant<T, Failure> held_;
};

}  // namespace rushhour
