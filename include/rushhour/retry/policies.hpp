/// \file
/// Retry policies by the names that scenarios use: one row each. What they do is in their own headers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/input_error.hpp>
#include <rushhour/retry/adaptive.hpp>
#include <rushhour/retry/legacy.hpp>
#include <rushhour/retry/none.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/retry/standard.hpp>
#include <rushhour/retry/standard_2026.hpp>
#include <rushhour/retry/urllib3.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry {

/// What a scenario may say beside the name; what it leaves out is as the policy's own default.
struct Settings {
  std::optional<unsigned> max_attempts{};  ///< in all, the first included
  std::optional<Duration> cap{};           ///< of a single delay
  std::string service{};                   ///< `sts`, `dynamodb`: some services have rows of their own
};

/// A name and how to make the policy.
struct PolicyRow {
  std::string_view name{};
  std::unique_ptr<Policy> (*make)(const Settings& settings){};
};

namespace detail {

inline std::unique_ptr<Policy> make_none(const Settings& settings) {
  if (settings.cap || settings.max_attempts.value_or(1) != 1) {
    throw InputError({.expected = "no max_attempts and no cap with the retry policy \"none\"",
                      .advice = "it makes one attempt"});
  }
  return std::make_unique<None>();
}

inline std::unique_ptr<Policy> make_legacy(const Settings& settings) {
  Legacy::Options options{.cap = settings.cap, .service = settings.service};
  options.max_attempts = settings.max_attempts;
  return std::make_unique<Legacy>(options);
}

/// Standard, Standard2026, Adaptive: they take the same three options.
template <class Kind>
std::unique_ptr<Policy> make_standard(const Settings& settings) {
  typename Kind::Options options{.service = settings.service};
  if (settings.max_attempts) options.max_attempts = *settings.max_attempts;
  if (settings.cap) options.cap = *settings.cap;
  return std::make_unique<Kind>(std::move(options));
}

inline std::unique_ptr<Policy> make_urllib3(const Settings& settings) {
  Urllib3::Options options{};
  if (settings.max_attempts) options.max_attempts = *settings.max_attempts;
  if (settings.cap) options.cap = *settings.cap;
  return std::make_unique<Urllib3>(std::move(options));
}

}  // namespace detail

/// In alphabetical order.
inline constexpr std::array policies{
    PolicyRow{Adaptive::policy_name, &detail::make_standard<Adaptive>},
    PolicyRow{Legacy::policy_name, &detail::make_legacy},
    PolicyRow{None::policy_name, &detail::make_none},
    PolicyRow{Standard::policy_name, &detail::make_standard<Standard>},
    PolicyRow{Standard2026::policy_name, &detail::make_standard<Standard2026>},
    PolicyRow{Urllib3::policy_name, &detail::make_urllib3}};

/// `make("legacy")`. Throws InputError when no policy has the name, and names those there are; also when a
/// setting makes no sense.
[[nodiscard]] inline std::unique_ptr<Policy> make(std::string_view name, const Settings& settings = {}) {
  if (settings.max_attempts.value_or(1) == 0) {
    throw InputError({.expected = "max_attempts of at least 1, the first attempt included", .seen = "0"});
  }
  if (settings.cap.value_or(Duration::zero()) < Duration::zero()) {
    throw InputError({.expected = "a cap of at least 0s", .seen = to_text(*settings.cap)});
  }
  std::string known;
  for (const PolicyRow& row : policies) {
    if (row.name == name) return row.make(settings);
    known += (known.empty() ? "\"" : ", \"") + std::string{row.name} + "\"";
  }
  throw InputError({.expected = "a retry policy: one of " + known, .seen = "\"" + std::string{name} + "\""});
}

}  // namespace rushhour::retry
