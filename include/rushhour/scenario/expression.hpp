/// \file
/// Budgets: one line that says what a run may cost, read from text and judged against what was measured. It
/// measures nothing: the numbers come from whoever implements Metrics.
///
///     virustotal.attempts.per_minute.max <= 4
///     sts.AssumeRole.amplification <= 1.05
///     secretsmanager.calls.per_second.max <= 30% of limit
///     detections.missed == 0
///
/// The grammar, a part of the one in simulation.md 6.2:
///
///     expression := term
///     term       := selector op number ["% of limit" | "of limit"]
///     selector   := service ["." operation] "." measure ["." window] ["." aggregate]
///     window     := per_second | per_10s | per_minute | per_hour | total
///     aggregate  := max
///     op         := == | != | < | <= | > | >=
///
/// Without a window the whole run counts (total); without an aggregate a window means its max.
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

/// Over which stretches of time a measure is taken: aligned to the clock, or the whole run.
enum class Window : std::uint8_t { total, per_second, per_10s, per_minute, per_hour };

/// How the windows of a run become one number.
enum class Aggregate : std::uint8_t { none, max };

enum class Op : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

[[nodiscard]] constexpr std::string_view to_text(Window window) {
  constexpr std::array<std::string_view, 5> texts{"total", "per_second", "per_10s", "per_minute", "per_hour"};
  return texts[static_cast<std::size_t>(window)];
}
[[nodiscard]] constexpr std::string_view to_text(Aggregate aggregate) {
  constexpr std::array<std::string_view, 2> texts{"", "max"};
  return texts[static_cast<std::size_t>(aggregate)];
}
[[nodiscard]] constexpr std::string_view to_text(Op op) {
  constexpr std::array<std::string_view, 6> texts{"==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(op)];
}
/// `a op b`, exactly.
[[nodiscard]] bool compare(Ratio a, Op op, Ratio b);

/// Which number of a run is meant.
struct Selector {
  std::string service{};    ///< `virustotal`, or a part of the run such as `detections`
  std::string operation{};  ///< `AssumeRole`; empty for the whole service
  std::string measure{};    ///< `attempts`
  Window window{Window::total};
  Aggregate aggregate{Aggregate::none};  ///< none exactly when the window is total

  friend bool operator==(const Selector&, const Selector&) = default;
};

/// The one way to write the selector in full: `virustotal.attempts.per_minute.max`, `sts.throttled.total`.
[[nodiscard]] std::string to_text(const Selector& selector);

/// One comparison. Where it stands in the expression is kept for messages about it.
struct Term {
  Selector selector{};
  Op op{Op::equal};
  Ratio value{};         ///< 30% is 3/10
  bool of_limit{};       ///< the bound is `value` times the limit that applies to the selector
  std::size_t begin{};   ///< of the selector in the text
  std::size_t end{};     ///< of the selector: one past it
  std::size_t op_end{};  ///< what the selector is compared with is text[op_end, size)
};

/// A budget as read; what surrounds the expression in the scenario (`allow_empty`) is set by its loader.
struct Budget {
  std::string text{};
  Place place{};  ///< of the text's first byte
  Term term{};
  bool allow_empty{};  ///< a service that was never called is then no failure by itself
};

/// Reads an expression. `place` is where its first byte stands (Value::place_inside()); columns in messages
/// are exact unless the document writes an earlier part of the expression with escapes.
///
/// \throws InputError with the expression and a caret under what is wrong.
[[nodiscard]] Budget parse_budget(std::string_view text, Place place = {});

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
  /// The limit in the unit of the selector's measure: 4 for VirusTotal's attempts per minute. Nothing where
  /// no limit applies.
  [[nodiscard]] virtual std::optional<Ratio> limit(const Selector& selector) const = 0;
  /// Every selector that find() knows, in full (to_text(Selector)), in the order in which messages should
  /// offer them.
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
/// \throws InputError when its selector is unknown, or when it says `of limit` where no limit applies.
void require_known(const Budget& budget, const Metrics& metrics);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/expression_inl.hpp>
#endif
