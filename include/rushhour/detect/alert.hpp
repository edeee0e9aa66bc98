/// \file
/// What a detection delivers: an alert with its context, and how much of it is there. Grouping alerts by
/// their dedup string into windows is the engine's business, not the detection's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/result.hpp>

namespace rushhour::detect {

/// The most that an alert context may hold, in characters of JSON (Panther: 200 x 1024).
inline constexpr std::size_t alert_context_size_max = 204'800;
/// The most characters that a title, dedup string, description, reference or runbook may hold.
inline constexpr std::size_t generated_text_size_max = 1'000;

/// What alert_context() returns: a mapping as JSON text, or the error that the engine stores in its place.
/// Panther swallows exceptions and wrong types there: the alert goes out with `{"_error": ...}` (spec
/// panther.md 1.2).
class AlertContext {
 public:
  /// How much of the context is there.
  enum class State : std::uint8_t {
    intact,     ///< what the detection had to say
    skipped,    ///< the detection chose not to ask, and says why: a private address, its own budget of calls
    error,      ///< it asked in vain
    not_wanted  ///< the engine did not call alert_context() for this match
  };

  AlertContext() = default;

  [[nodiscard]] static AlertContext mapping(std::string json) {
    if (json.size() > alert_context_size_max) {
      return error("alert_context size is [" + std::to_string(json.size()) +
                   "] characters, bigger than maximum of [" + std::to_string(alert_context_size_max) +
                   "] characters");
    }
    AlertContext context;
    context.json_ = std::move(json);
    return context;
  }
  [[nodiscard]] static AlertContext error(std::string_view what) {
    AlertContext context;
    context.state_ = State::error;
    context.json_ = R"({"_error":)";
    rushhour::detail::append_json_string(context.json_, what);
    context.json_ += '}';
    return context;
  }
  /// `{"skipped": why}`: an alert that its detection did not enrich, on purpose.
  [[nodiscard]] static AlertContext skipped(std::string_view why) {
    AlertContext context;
    context.state_ = State::skipped;
    context.json_ = R"({"skipped":)";
    rushhour::detail::append_json_string(context.json_, why);
    context.json_ += '}';
    return context;
  }

  /// Empty, because the engine did not call alert_context() for this match.
  [[nodiscard]] static AlertContext not_wanted() {
    AlertContext context;
    context.state_ = State::not_wanted;
    return context;
  }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is_error() const { return state_ == State::error; }
  [[nodiscard]] const std::string& json() const { return json_; }

 private:
  std::string json_ = "{}";
  State state_ = State::intact;
};

[[nodiscard]] constexpr std::string_view to_text(AlertContext::State state) {
  constexpr std::string_view texts[] = {"intact", "skipped", "error", "not_wanted"};
  return texts[static_cast<std::size_t>(state)];
}

enum class Severity : std::uint8_t { info, low, medium, high, critical };

[[nodiscard]] constexpr std::string_view to_text(Severity severity) {
  constexpr std::string_view texts[] = {"INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"};
  return texts[static_cast<std::size_t>(severity)];
}

/// What rule() says. A bool is a verdict; so is a Failure: the rule could not decide, which an engine reports
/// as a rule error, and the event goes unjudged. Returning it costs less than throwing, and says the same.
class Verdict {
 public:
  enum class Kind : std::uint8_t { no_match, match, error };

  Verdict(bool matches) : kind_(matches ? Kind::match : Kind::no_match) {}        // NOLINT(*-explicit-*)
  Verdict(Failure failure) : kind_(Kind::error), failure_(std::move(failure)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Why the rule could not decide.
  [[nodiscard]] const Failure& failure() const& { return failure_; }
  [[nodiscard]] Failure failure() && { return std::move(failure_); }

 private:
  Kind kind_;
  Failure failure_{};
};

/// An alert as it goes out.
struct Alert {
  std::uint64_t event{};  ///< id of the event that matched
  std::string title{};
  std::string dedup{};
  Severity severity{Severity::info};
  AlertContext context{};
  /// The detection has unique(): a threshold counts its distinct values in place of matches.
  bool counts_unique{};
  std::optional<std::string> unique{};  ///< what it returned; nothing: None, which counts no value

  /// An alert without the enrichment that it should carry. One whose detection skipped it is as its author
  /// wanted it, and counts as skipped: a budget of calls is kept by leaving contexts out, and whoever judges
  /// that needs both numbers.
  [[nodiscard]] bool is_degraded() const { return context.is_error(); }
};

}  // namespace rushhour::detect
