/// \file
/// A new-terms rule as a strategy of first_seen.hpp: Kibana starts its runs on a schedule, and each run finds
/// what is searchable by then. It decides nothing itself: schedule.hpp plans the ranges, new_terms.hpp judges
/// the terms.
///
/// Window: the history window, which slides with every run. Warm-up: none; what is in the index is the
/// history, and where there is none, every term is new. Late documents: by @timestamp they may fall behind
/// the look-back and are missed, by event.ingested they are as new as their arrival. Cap: max_signals a
/// tuple. Cost a document: none; a run costs 1 to 5 searches and more for each page of terms (spec
/// new-terms.md 1.8).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// Which of a document's times the rule's ranges look at.
enum class RuleTimestamp : std::uint8_t {
  ingested,  ///< timestamp_override is event.ingested, as in all of Elastic's own new-terms rules [REC, 4]
  time       ///< @timestamp, Kibana's default
};

/// No run starts while it lasts. One that was due starts at its end, and the next an interval later (Kibana's
/// task manager, get_next_run_at.ts, read 2026: a late task is scheduled from its start).
struct Outage {
  Instant from{};   ///< a run due now does not start
  Instant until{};  ///< it starts now
};

struct FirstSeenRuleOptions {
  /// `reach` may stay 0: it follows from the times.
  NewTermsOptions new_terms{};
  RuleTimes times{};  ///< must have a history_start
  Instant first_run{};
  std::vector<Outage> outages{};  ///< one after the other
  /// After its arrival a document is found by the runs that start this much later or later yet:
  /// Elasticsearch's index.refresh_interval [DOC elastic.co, index modules: 1s]. The whole of it, although
  /// half of it is the average: the stricter assumption.
  Duration refresh{std::chrono::seconds{1}};
  RuleTimestamp timestamp{RuleTimestamp::ingested};
};

class FirstSeenRule final : public detect::FirstSeen {
 public:
  using Options = FirstSeenRuleOptions;
  /// Told of each run after it, with the ranges that it searched. What it made of each term,
  /// NewTerms::Listener hears before.
  using RunListener = std::function<void(const RunPlan& plan, const Execution& execution)>;

  /// \throws InputError when the history window does not start before the look-back, as Kibana does when the
  /// rule is saved (validateHistoryWindowStart).
  explicit FirstSeenRule(Options options);

  /// The key is one of term_key.hpp. The sightings of a document with several combinations follow each other.
  void see(const detect::Sighting& sighting) override;
  /// Starts all runs that are due. Without a refresh interval, a run due right now waits until time has
  /// passed it, because documents of this very instant may follow.
  void advance(Instant now) override;
  [[nodiscard]] std::vector<detect::FirstSeenAlert> take_alerts() override {
    return std::exchange(alerts_, {});
  }
  /// Reads are searches, the look-ups of alerts included; Kibana's few requests for metadata are not. Writes
  /// are runs that wrote alerts, each in one bulk request or more. No bytes: Kibana remembers nothing, it
  /// searches the index again. What is held here for the same answers, new_terms() says.
  [[nodiscard]] detect::FirstSeenCosts costs() const override { return costs_; }

  void on_run(RunListener listener) { run_listener_ = std::move(listener); }
  /// Told of each term that a run judges, in order of terms.
  void on_judged(NewTerms::Listener listener) { new_terms_.listen(std::move(listener)); }

  /// When the next run starts.
  [[nodiscard]] Instant next_run() const { return next_run_; }
  [[nodiscard]] const NewTerms& new_terms() const { return new_terms_; }

 private:
  struct Document {
    Instant searchable{};
    Instant time{};
    std::uint64_t number{};
    std::vector<std::string> keys{};
  };

  [[nodiscard]] static NewTermsOptions with_reach(const Options& options);
  [[nodiscard]] Instant after_outages(Instant due) const;
  void finish_document();
  void take_searchable();
  void start_run();

  Options options_;
  NewTerms new_terms_;
  Instant next_run_;
  std::optional<Instant> previous_run_{};
  Document document_{};             ///< the one whose sightings are coming in
  std::size_t keys_{};              ///< that it has so far; behind them are strings to be used again
  std::deque<Document> waiting_{};  ///< for a refresh that is later than the next run
  std::vector<detect::FirstSeenAlert> alerts_{};
  detect::FirstSeenCosts costs_{};
  RunListener run_listener_{};
};

namespace detail {

/// By how much the length of a date math expression differs from instant to instant, at most: by a unit that
/// it rounds to, and by the days that months and years have more or less.
[[nodiscard]] inline Duration length_spread(const DateMath& expression) {
  const std::string& text = expression.text();
  std::chrono::days spread{};
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool is_rounded = text[i - 1] == '/';
    if (text[i] == 'M')
      spread += std::chrono::days{is_rounded ? 31 : 4};
    else if (text[i] == 'y')
      spread += std::chrono::days{is_rounded ? 366 : 4};
    else if (is_rounded)
      spread += std::chrono::days{text[i] == 'w' ? 7 : 1};
  }
  return spread;
}

}  // namespace detail

inline FirstSeenRule::FirstSeenRule(Options options)
    : options_(std::move(options)),
      new_terms_(with_reach(options_)),
      next_run_(after_outages(options_.first_run)) {}

/// Catching up begins at most an interval before the end of the run before.
inline NewTermsOptions FirstSeenRule::with_reach(const Options& options) {
  const RuleTimes& times = options.times;
  RUSHHOUR_ASSERT(times.interval > Duration::zero(), "a rule runs every so often");
  RUSHHOUR_ASSERT(options.refresh >= Duration::zero(), "documents cannot be found before they arrive");
  const Instant from = times.from.at(options.first_run);
  const Instant to = times.to.at(options.first_run);
  if (!times.history_start || times.history_start->at(to) >= from) {
    throw InputError({.expected = "a history window that starts before the look-back, " + times.from.text(),
                      .seen = times.history_start ? times.history_start->text() : "none",
                      .advice = "Kibana saves no such rule; history_window_start is like now-10d"});
  }
  NewTermsOptions out = options.new_terms;
  const Duration spread = std::max(detail::length_spread(times.from), detail::length_spread(times.to)) +
                          detail::length_spread(*times.history_start);
  out.reach = std::max({out.reach, to - from + spread, times.interval + spread});
  return out;
}

inline Instant FirstSeenRule::after_outages(Instant due) const {
  for (const Outage& outage : options_.outages) {
    if (due >= outage.from && due < outage.until) due = outage.until;
  }
  return due;
}

inline void FirstSeenRule::see(const detect::Sighting& sighting) {
  if (keys_ != 0 && sighting.document != document_.number) finish_document();
  if (keys_ == 0) {
    document_.searchable = sighting.arrival + options_.refresh;
    document_.time = options_.timestamp == RuleTimestamp::time ? sighting.time : sighting.ingested;
    document_.number = sighting.document;
  }
  if (keys_ == document_.keys.size()) document_.keys.emplace_back();
  document_.keys[keys_++].assign(sighting.key);
}

/// All of a document's terms are there. No run starts between now and the next, so what that will find can be
/// handed on at once.
inline void FirstSeenRule::finish_document() {
  if (keys_ == 0) return;
  take_searchable();
  if (document_.searchable <= next_run_) {
    new_terms_.see(document_.time, document_.number, std::span{document_.keys}.first(keys_));
  } else {
    document_.keys.resize(keys_);
    waiting_.push_back(std::move(document_));
    document_ = {};
  }
  keys_ = 0;
}

inline void FirstSeenRule::take_searchable() {
  for (; !waiting_.empty() && waiting_.front().searchable <= next_run_; waiting_.pop_front()) {
    const Document& document = waiting_.front();
    new_terms_.see(document.time, document.number, document.keys);
  }
}

inline void FirstSeenRule::advance(Instant now) {
  const bool may_follow = options_.refresh == Duration::zero();
  while (may_follow ? next_run_ < now : next_run_ <= now) start_run();
}

inline void FirstSeenRule::start_run() {
  finish_document();
  take_searchable();
  const RunPlan plan = plan_run(options_.times, next_run_, previous_run_);
  Execution execution{.started = next_run_, .gap = plan.gap};
  new_terms_.run(plan.tuples, execution);
  costs_.reads += execution.searches;
  if (!execution.alerts.empty()) ++costs_.writes;
  if (execution.truncated) ++costs_.truncated;
  for (const RuleAlert& alert : execution.alerts)
    alerts_.push_back({.document = alert.document, .key = alert.terms, .at = next_run_});
  if (run_listener_) run_listener_(plan, execution);
  previous_run_ = next_run_;
  next_run_ = after_outages(next_run_ + options_.times.interval);
}

}  // namespace rushhour::elastic
