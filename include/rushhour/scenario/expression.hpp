/// \file
/// Budgets: one line that says what a run may cost, read from text and judged against what was measured. It
/// measures nothing: the numbers come from whoever implements Metrics.
///
///     virustotal.attempts.per_minute.max <= 4
///     virustotal{key='soc'}.attempts.any_60s <= 100% of limit
///     sts{rule='AWS.Root'}.AssumeRole.amplification <= 1.05 in 12:00..12:20
///     detections.missed == 0 and (sts.throttled == 0 or delay.p99 <= 10m)
///     secretsmanager.calls <= baseline + 5%
///
/// The grammar (simulation.md 6.2):
///
///     expression  := conjunction {"or" conjunction}
///     conjunction := part {"and" part}
///     part        := term | "(" expression ")"
///     term        := selector op bound ["in" range]
///     selector    := service [labels] ["." operation] "." measure ["." window] ["." aggregate]
///     labels      := "{" label {"," label} "}"
///     label       := key "=" ("'" value "'" | '"' value '"')
///     window      := per_second | per_10s | per_minute | per_hour | per_day | any_DURATION | total
///     aggregate   := max | min | mean | sum | first | last | pNUMBER
///     op          := == | != | < | <= | > | >=
///     bound       := amount | NUMBER ["%"] "of" "limit"
///                  | "baseline" [("+" | "-" | "+/-") (amount | NUMBER "%")]
///     amount      := NUMBER [unit] | DURATION
///     unit        := ms | s | m | h | d
///     range       := TIME ".." TIME | "+" DURATION ".." "+" DURATION
///
/// A NUMBER is `1.05` or `5e2`, a DURATION `30s` or `1h30m`, a TIME `12:00` or `12:00:30`. Windows `per_...`
/// are aligned to the UTC clock, windows `any_...` slide and have their max only. Without a window the whole
/// run counts (total); without an aggregate a window means its max. An amount with a unit is a time, and may
/// be compared with what is measured in seconds only. `baseline` is the same number of the scenario's
/// baseline; `== baseline +/- 5%` means both sides of it. A range is of every day, or after the scenario's
/// start; its end does not belong to it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/budget.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/selector.hpp>

namespace rushhour::scenario {

/// `a op b`, exactly.
[[nodiscard]] bool compare(Ratio a, Op op, Ratio b);

/// Reads an expression. `place` is where its first byte stands (Value::place_inside()); columns in messages
/// are exact unless the document writes an earlier part of the expression with escapes.
///
/// \throws InputError with the expression and a caret under what is wrong.
[[nodiscard]] Budget parse_budget(std::string_view text, Place place = {});

/// Reads a selector alone, without a range: `sts.attempts.per_minute.max`.
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
  /// Why what it names is not measured in its range: what is expected in its place. Empty when it is.
  [[nodiscard]] virtual std::string range_mistake(const Selector& selector) const {
    return selector.range ? "no range: what is measured here is known of whole runs only" : "";
  }
  /// Whether the service (its operation, where the selector names one) took no call, in the selector's range.
  [[nodiscard]] virtual bool never_called(const Selector& selector) const = 0;
};

/// What the scenario's baseline holds of a number; nothing where it does not hold it. An empty function:
/// there is no baseline.
using BaselineLookup = std::function<std::optional<Ratio>(const Selector&)>;

/// Judges the budget. A term on what was never called fails unless the budget allows that; with nothing
/// measured it then holds.
///
/// \throws InputError as require_known() does.
[[nodiscard]] Verdict evaluate(const Budget& budget, const Metrics& metrics,
                               const BaselineLookup& baseline = {});

/// Judges the budget of a scenario that was run with several seeds, as Budget::seeds says, from the verdicts
/// of the seeds: at least one, in the order of the seeds. Of one seed it is that one's. `measured` and
/// `bound` are the mean or the percentile; of all seeds the ones of the worst, of any those of the best.
[[nodiscard]] Verdict evaluate_seeds(const Budget& budget, std::span<const Verdict> of_seeds);

/// For asking before the run starts whether the budget can be judged after it.
/// \throws InputError when a selector is unknown or not measured in its range, when a term says `of limit`
/// where no limit applies or `baseline` where there is none, or compares with a duration what is no time.
void require_known(const Budget& budget, const Metrics& metrics, const BaselineLookup& baseline = {});

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/expression_inl.hpp>
#include <rushhour/scenario/detail/expression_judging_inl.hpp>
#include <rushhour/scenario/detail/expression_seeds_inl.hpp>
#include <rushhour/scenario/detail/expression_values_inl.hpp>
#endif
