/// \file
/// The numbers of a run by the names that budgets use, the limits that apply to them, and who is behind them.
/// It adds nothing to what measure/ and sim/ have counted.
///
///     sts  secretsmanager  virustotal, and their operations: sts.AssumeRole
///       calls attempts accepted throttled goodput     in total; .per_second .per_10s .per_minute .per_hour
///                                                     .per_day, each as .max or .mean
///       attempts.any_1s .any_10s .any_60s             sliding
///       ok errors denied expired invalid not_found server_error timeout reset cancelled
///       wasted                  attempts beyond the first of their call
///       amplification           attempts for each call
///       seconds_throttled       seconds of the clock in which a limit refused something
///       longest_throttled_seconds                     without a second's pause
///       headroom                limit / fullest window of attempts, at the tightest limit of any account
///       seconds_over_limit      summed length of the windows whose attempts were above the limit with the
///                               shortest window; of the account where that is most
///       days_exhausted months_exhausted               days (months) whose quota was used up, of all keys
///     virustotal.calls_to_public_ipv4 ...             charged look-ups, by kind of address
///     virustotal.wasted_lookups                       of these, all but those of public addresses
///     new_terms.recall  .precision      of the worst rule; .alerts .missed .truncated_runs .searches
///                                     .searches_per_minute .searches_refused of all
///     detections  events  delay  waiting  queue  fleet  cache  lookup  recovery: see
///     detail/metrics_rows.hpp; delay  waiting       have every percentile: delay.p99.9
///
/// Labels: `{rule='name'}`, `{account='111122223333'}` or of VirusTotal `{key='name'}`, and
/// `{function='rule'}`. By rule there are no limits; by function, or by several labels, there are neither
/// limits nor times. `detections`, `cache` and `lookup` know `rule`.
///
/// Known too, but never listed, and measured only when watch() was told before the run: whatever of the above
/// counts calls, in all windows and in those that slide, of any length, with all aggregates and labels; and
/// numbers of services in a range. Percentiles, min, first and last are of the windows from the first
/// arrival's to the last that was over when the run was done and its duration past; empty ones included.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/measure/watch.hpp>
#include <rushhour/names.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/sim/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// A limit that applies to an operation, and how close the run came to it.
struct Pressure {
  limit::Profile limit{};
  std::string_view account{};  ///< whose, or the name of the key, or of a group of keys: `group:corp`
  /// Attempts, of all operations that the account is charged for together, in the fullest window of its size,
  /// aligned to the clock. 0 where nobody was charged.
  std::uint64_t peak{};
  Instant peak_begin{};
  std::uint64_t windows_over{};  ///< how many windows of its size were above the limit

  /// limit / peak: 1 at the edge, below 1 beyond it. Nothing without attempts.
  [[nodiscard]] std::optional<Ratio> headroom() const {
    return peak == 0 ? std::nullopt : std::optional{Ratio{limit.limit, peak}};
  }
};

/// How far an account has used up its quota of a UTC day or month.
struct QuotaUse {
  limit::Profile limit{};
  std::string_view account{};
  std::uint64_t used{};  ///< of the day or month that holds the run's end, before the run included
  std::uint64_t windows_exhausted{};   ///< days or months of which nothing was left
  std::optional<Instant> exhausted{};  ///< when for the first time nothing was left
  /// If that never happened: when it would, at the run's mean rate. Nothing when the day or month ends
  /// before.
  std::optional<Instant> projected{};
};

/// Who is behind a number: one operation, called by one line in one function of one detection.
struct Culprit {
  std::string detection{};
  Function function{};
  std::string operation{};  ///< `sts:AssumeRole`; empty: no call of this detection failed
  std::uint64_t count{};
  Ratio share{};       ///< of all
  std::string site{};  ///< the source line that calls: `rules/guide.py:31`; empty when unknown
  /// Where the call stands in a helper, the line of the rule's own file that leads there; else empty.
  std::string rule_line{};

  friend bool operator==(const Culprit&, const Culprit&) = default;
};

/// A number that is computed elsewhere, with the selector under which budgets find it: `cost.total`.
struct NamedNumber {
  std::string name{};  ///< two or three names with dots between
  std::optional<Ratio> value{};
};

/// What RunMetrics looks at. All of it outlives the metrics; it may be filled later, as a run goes on.
struct RunFacts {
  fakes::World& world;
  const measure::Meters& meters;
  const sim::SimulationResult& result;
  /// Whose quotas each service charges, as far as the scenario says: what labels may name, and whose limits
  /// `of limit` means.
  std::array<std::vector<Name>, api::detection_service_count> accounts{};
  std::vector<std::string> detections{};  ///< in the order of the result's
  std::optional<Instant> trigger_end{};   ///< with it there is a recovery to be measured
  std::uint32_t memory_mb{1'024};         ///< of the engine's Lambda
  Instant start{};                        ///< of the scenario: what offsets of ranges count from
  std::optional<Duration>
      duration{};  ///< of the arrivals, from the start; nothing when it is not known before
};

/// The numbers that the file comment lists. Before the run it knows all their names, and most of them are 0.
class RunMetrics final : public Metrics {
 public:
  explicit RunMetrics(RunFacts facts) : facts_(std::move(facts)) {}
  ~RunMetrics() override;

  [[nodiscard]] std::optional<Ratio> find(const Selector& selector) const override {
    return answer(selector).value;
  }
  [[nodiscard]] bool knows(const Selector& selector) const override { return answer(selector).known; }
  [[nodiscard]] bool in_seconds(const Selector& selector) const override { return answer(selector).seconds; }
  [[nodiscard]] std::vector<LabelChoice> labels(std::string_view service) const override;
  /// The limit of the windows that the selector counts in, for one account: the label's, or else the only one
  /// that the scenario knows. Nothing where there are several to choose from.
  [[nodiscard]] std::optional<Ratio> limit(const Selector& selector) const override;
  [[nodiscard]] std::vector<std::string> known() const override;
  [[nodiscard]] bool never_called(const Selector& selector) const override;
  [[nodiscard]] std::string range_mistake(const Selector& selector) const override;

  /// Whether the run's meters do not hold it, and find() answers only after watch().
  [[nodiscard]] bool needs_watch(const Selector& selector) const;
  /// From now on find() answers the selector, if it is known, also where the run's meters do not.
  void watch(const Selector& selector);

  /// Adds a number that is computed elsewhere, or gives the one of this name another value.
  void add_number(NamedNumber number);

  /// The limits of an operation, each with its pressure: for every account that was charged, or when it was
  /// never called for those that the scenario knows.
  [[nodiscard]] std::vector<Pressure> pressures(const api::Operation& operation) const;
  /// Every quota of a day or month that was charged.
  [[nodiscard]] std::vector<QuotaUse> quota_uses() const;
  /// The meter of an operation; null when it was never called.
  [[nodiscard]] const measure::Meter* meter(const api::Operation& operation) const {
    return facts_.meters.find(api::to_text(operation));
  }

  /// When the run last showed that it had not recovered from its trigger: the last attempt that a limit
  /// refused, or the last invocation that was killed, after the trigger's end. Nothing when there was none.
  [[nodiscard]] std::optional<Instant> last_trouble() const;
  /// The run went on without trouble: there was none after the trigger, or it ended before the last arrival;
  /// and no event of the run was dead-lettered or left unserved.
  [[nodiscard]] bool recovered() const;

  /// Who is behind a number, greatest share first, of equals who came first: at most `count`. Empty for
  /// numbers that nobody in particular causes, such as delays.
  [[nodiscard]] std::vector<Culprit> culprits(const Selector& selector, std::size_t count = 3) const;

 private:
  struct Answer {
    bool known{};
    bool seconds{};
    std::optional<Ratio> value{};
  };
  /// The labels of a selector, looked up. An empty Name: everybody's.
  struct Who {
    bool known{true};
    Name account{};
    Name detection{};
    std::string_view rule{};
    Function function{};
    std::size_t labels{};

    [[nodiscard]] bool has(const measure::Cell& cell) const {
      return (account == Name{} || cell.account == account) &&
             (detection == Name{} || cell.detection == detection) &&
             (function == Function{} || cell.function == function);
    }
  };

  [[nodiscard]] Answer answer(const Selector& selector) const;
  [[nodiscard]] Who who(const Selector& selector) const;

  // Services: metrics_services_inl.hpp.
  [[nodiscard]] static bool is_of_service(const Selector& selector);
  [[nodiscard]] Answer of_service(const Selector& selector) const;
  [[nodiscard]] Answer of_totals(const Selector& selector, const Who& who) const;
  [[nodiscard]] Answer of_windows(const Selector& selector, const Who& who) const;
  [[nodiscard]] Answer of_charges(const Selector& selector, const Who& who) const;
  [[nodiscard]] const measure::Meter* part(const Selector& selector, const Who& who) const;
  [[nodiscard]] measure::Cell sum(const Selector& selector, const Who& who) const;
  [[nodiscard]] std::optional<Ratio> mean(std::uint64_t total, Duration window) const;
  void list_services(std::vector<Selector>& out) const;

  // What only those hear who are asked to: metrics_watches_inl.hpp.
  struct Watched {
    Selector selector{};
    std::unique_ptr<measure::Watch> watch{};
  };
  struct WatchedRange {
    Range range{};
    std::unique_ptr<measure::RangeMeters> meters{};
  };
  [[nodiscard]] Answer of_watches(const Selector& selector) const;
  [[nodiscard]] std::optional<Ratio> value_of(const Watched& watched) const;
  [[nodiscard]] measure::Stretches stretches_of(const Range& range) const;
  /// The run's meters, or those of the selector's range; null when nobody listens in it.
  [[nodiscard]] const measure::Meters* meters_of(const Selector& selector) const;
  [[nodiscard]] std::vector<const measure::Cell*> cells_of(const Selector& selector) const;

  // All the rest of the run: metrics_run_inl.hpp.
  [[nodiscard]] Answer of_detections(const Selector& selector) const;
  [[nodiscard]] Answer of_run(const Selector& selector) const;
  [[nodiscard]] Answer of_delays(const Selector& selector) const;
  [[nodiscard]] Answer of_recovery(const Selector& selector) const;
  [[nodiscard]] Answer of_numbers(const Selector& selector) const;
  void list_run(std::vector<Selector>& out) const;

  RunFacts facts_;
  std::vector<NamedNumber> numbers_{};
  std::vector<Watched> watched_{};
  std::vector<WatchedRange> ranges_{};
};

/// For Meters: the limits that an account of this world has for an operation, and those of its group.
[[nodiscard]] measure::Meters::LimitsOf limits_of(fakes::World& world);

/// Every operation that detections can call, service by service.
[[nodiscard]] std::vector<const api::Operation*> all_operations();
/// Those that they do call as a rule: what the limit of a service means where no operation is named.
[[nodiscard]] std::vector<const api::Operation*> usual_operations();

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/metrics_culprits_inl.hpp>
#include <rushhour/scenario/detail/metrics_inl.hpp>
#include <rushhour/scenario/detail/metrics_run_inl.hpp>
#include <rushhour/scenario/detail/metrics_services_inl.hpp>
#include <rushhour/scenario/detail/metrics_watches_inl.hpp>
#endif
