/// \file
/// Budgets: one line that says what a run may cost, read from text and judged against what was measured. It
/// measures nothing: the numbers come from whoever implements Metrics.
///
///     virustotal.attempts.per_minute.max <= 4
///     virustotal{key='soc'}.attempts.any_60s <= 100% of limit
///     sts{rule='AWS.Root'}.AssumeRole.amplification <= 1.05
///     detections.missed == 0
///     delay.p99 <= 10m
///
/// The grammar, a part of the one in simulation.md 6.2:
///
///     expression := term
///     term       := selector op (number ["% of limit" | "of limit"] | number unit)
///     selector   := service [labels] ["." operation] "." measure ["." window] ["." aggregate]
///     labels     := "{" label {"," label} "}"
///     label      := key "=" ("'" value "'" | '"' value '"')
///     window     := per_second | per_10s | per_minute | per_hour | per_day
///                 | any_1s | any_10s | any_60s | total
///     aggregate  := max | mean
///     unit       := ms | s | m | h | d
///     op         := == | != | < | <= | > | >=
///
/// Windows `per_...` are aligned to the UTC clock, windows `any_...` slide. Without a window the whole run
/// counts (total); without an aggregate a window means its max. A number with a unit is a duration, and may
/// be compared with what is measured in seconds only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

// The overloads below would hide those of durations and failures, which are not found by their arguments'
// namespace.
using rushhour::to_text;

/// Over which stretches of time a measure is taken: the whole run, aligned to the clock, or sliding.
enum class Window : std::uint8_t {
  total,
  per_second,
  per_10s,
  per_minute,
  per_hour,
  per_day,
  any_1s,
  any_10s,
  any_60s
};
inline constexpr std::size_t window_count = 9;

/// How the windows of a run become one number.
enum class Aggregate : std::uint8_t { none, max, mean };

/// Whether a broken budget fails the run, or is only shown.
enum class Level : std::uint8_t { error, warn };

enum class Op : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

[[nodiscard]] constexpr std::string_view to_text(Window window) {
  constexpr std::array<std::string_view, window_count> texts{
      "total", "per_second", "per_10s", "per_minute", "per_hour", "per_day", "any_1s", "any_10s", "any_60s"};
  return texts[static_cast<std::size_t>(window)];
}
[[nodiscard]] constexpr std::string_view to_text(Aggregate aggregate) {
  constexpr std::array<std::string_view, 3> texts{"", "max", "mean"};
  return texts[static_cast<std::size_t>(aggregate)];
}
[[nodiscard]] constexpr std::string_view to_text(Level level) {
  constexpr std::array<std::string_view, 2> texts{"error", "warn"};
  return texts[static_cast<std::size_t>(level)];
}
[[nodiscard]] constexpr std::string_view to_text(Op op) {
  constexpr std::array<std::string_view, 6> texts{"==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(op)];
}
/// `a op b`, exactly.
[[nodiscard]] bool compare(Ratio a, Op op, Ratio b);

/// Whose part of a number is meant: `rule='AWS.Root'`.
struct Label {
  std::string key{};
  std::string value{};

  friend bool operator==(const Label&, const Label&) = default;
};

/// Which number of a run is meant.
struct Selector {
  std::string service{};        ///< `virustotal`, or a part of the run such as `detections`
  std::vector<Label> labels{};  ///< in the order of their keys, each at most once; empty: of everybody
  std::string operation{};      ///< `AssumeRole`; empty for the whole service
  std::string measure{};        ///< `attempts`
  Window window{Window::total};
  Aggregate aggregate{Aggregate::none};  ///< none exactly when the window is total

  friend bool operator==(const Selector&, const Selector&) = default;
};

/// The one way to write the selector in full: `virustotal.attempts.per_minute.max`, `sts.throttled.total`,
/// `sts{rule='AWS.Root'}.calls.total`.
[[nodiscard]] std::string to_text(const Selector& selector);

/// One comparison. Where it stands in the expression is kept for messages about it.
struct Term {
  Selector selector{};
  Op op{Op::equal};
  Ratio value{};               ///< 30% is 3/10; of a duration its seconds
  bool duration{};             ///< it was written with a unit
  bool of_limit{};             ///< the bound is `value` times the limit that applies to the selector
  std::size_t begin{};         ///< of the selector in the text
  std::size_t end{};           ///< of the selector: one past it
  std::size_t labels_begin{};  ///< of the braces; as labels_end without labels
  std::size_t labels_end{};
  std::size_t op_end{};  ///< what the selector is compared with is text[op_end, size)
};

/// A budget as read; what surrounds the expression in the scenario (`allow_empty`, `level`) is set by its
/// loader.
struct Budget {
  std::string text{};
  Place place{};  ///< of the text's first byte
  Term term{};
  bool allow_empty{};  ///< a service that was never called is then no failure by itself
  Level level{Level::error};
};

/// Reads an expression. `place` is where its first byte stands (Value::place_inside()); columns in messages
/// are exact unless the document writes an earlier part of the expression with escapes.
///
/// \throws InputError with the expression and a caret under what is wrong.
[[nodiscard]] Budget parse_budget(std::string_view text, Place place = {});

/// Reads a selector alone: `sts.attempts.per_minute.max`.
/// \throws InputError as parse_budget() does.
[[nodiscard]] Selector parse_selector(std::string_view text);

/// A label that a service's selectors may have, and what it may be.
struct LabelChoice {
  std::string key{};
  std::vector<std::string> values{};
};

/// What a run has measured, looked up by selector. All answers are exact.
class Metrics {
 public:
  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  virtual ~Metrics() = default;

  /// Nothing when the selector names nothing that is measured, and also where a known selector has no value,
  /// such as the amplification of no calls.
  [[nodiscard]] virtual std::optional<Ratio> find(const Selector& selector) const = 0;
  /// Whether the selector names something that is measured, labels included. Unless said otherwise: whether
  /// known() lists it.
  [[nodiscard]] virtual bool knows(const Selector& selector) const;
  /// Whether what it names is a time, in seconds.
  [[nodiscard]] virtual bool in_seconds(const Selector& /*selector*/) const { return false; }
  /// The labels that the service's selectors may have.
  [[nodiscard]] virtual std::vector<LabelChoice> labels(std::string_view /*service*/) const { return {}; }
  /// The limit in the unit of the selector's measure: 4 for VirusTotal's attempts per minute. Nothing where
  /// no limit applies.
  [[nodiscard]] virtual std::optional<Ratio> limit(const Selector& selector) const = 0;
  /// Every selector without labels that find() knows, in full (to_text(Selector)), in the order in which
  /// messages should offer them.
  [[nodiscard]] virtual std::vector<std::string> known() const = 0;
  /// Whether the service (its operation, where the selector names one) took no call in the whole run.
  [[nodiscard]] virtual bool never_called(const Selector& selector) const = 0;
};

struct Verdict {
  bool holds{};
  bool never_called{};
  std::optional<Ratio> measured{};
  std::optional<Ratio> bound{};  ///< what it was compared with: the value, or its share of the limit
  std::string text{};            ///< `fails: 83 is not <= 4`, `fails: never called`
};

/// Judges the budget. A budget on what was never called fails unless it allows that; with nothing measured it
/// then holds.
///
/// \throws InputError as require_known() does.
[[nodiscard]] Verdict evaluate(const Budget& budget, const Metrics& metrics);

/// For asking before the run starts whether the budget can be judged after it.
/// \throws InputError when its selector is unknown, when it says `of limit` where no limit applies, or
/// compares with a duration what is no time.
void require_known(const Budget& budget, const Metrics& metrics);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/expression_inl.hpp>
#include <rushhour/scenario/detail/expression_judging_inl.hpp>
#endif
