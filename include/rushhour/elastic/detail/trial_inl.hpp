/// \file
/// Bodies of trial.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

#include <rushhour/elastic/trial.hpp>

namespace rushhour::elastic {

RUSHHOUR_INLINE FirstSeenRuleOptions first_seen_options(const Rule& rule, const TrialOptions& options) {
  return {.new_terms = {.fields = rule.new_terms.fields.size(),
                        .executor = options.executor,
                        .ties = options.ties,
                        .max_signals = rule.max_signals},
          .times = {.from = rule.from,
                    .to = rule.to,
                    .interval = rule.interval,
                    .history_start = rule.new_terms.history_window_start},
          .first_run = options.since,
          .outages = options.outages,
          .refresh = options.refresh,
          .timestamp = RuleTimestamp::ingested};  // RuleReader has chosen
}

namespace detail {

[[nodiscard]] inline ScoreOptions score_options(const Rule& rule, const TrialOptions& options) {
  const Duration look_back = rule.to.at(options.since) - rule.from.at(options.since);
  return {.since = options.since,
          .look_back = look_back,
          .on_time = rule.interval + options.refresh,
          .remembered = look_back + (catch_up_tuples_max + 1) * rule.interval + std::chrono::hours{2}};
}

}  // namespace detail

RUSHHOUR_INLINE Trial::Trial(const Rule& rule, const event::Schema& schema, const Truth& truth,
                             const TrialOptions& options, const ExceptionList& exceptions)
    : rule_(rule),
      look_back_(detail::score_options(rule, options).look_back),
      reader_(rule, schema, exceptions),
      score_(truth, detail::score_options(rule, options)) {
  RUSHHOUR_ASSERT(rule.type == RuleType::new_terms, "a trial is of a new-terms rule");
  auto first_seen = std::make_unique<FirstSeenRule>(first_seen_options(rule, options));
  first_seen->on_judged([this, runs = first_seen.get()](const Tuple& tuple, const Judged& judged) {
    score_.judged(runs->next_run(), tuple, judged);
  });
  first_seen->on_run([this](const RunPlan& plan, const Execution& execution) {
    ++runs_.runs;
    runs_.truncated += execution.truncated;
    runs_.with_gap += plan.gap > Duration::zero();
    runs_.gaps += plan.gap;
    runs_.catch_ups += plan.tuples.size() - 1;
    runs_.searches += execution.searches;
    searches_.emplace_back(execution.started, execution.searches);
    runs_.searches_max = std::max(runs_.searches_max, execution.searches);
    score_.ran(plan, execution);
  });
  add(rule.name, std::move(first_seen));
  if (exceptions.items.empty()) return;
  unexcepted_ = std::make_unique<FirstSeenRule>(first_seen_options(rule, options));
  for (const ExceptionItem& item : reader_.exceptions()) {
    place_of_.emplace(&item, exceptions_.size());
    exceptions_.push_back({.item = item.name.empty() ? item.item_id : item.name});
  }
}

RUSHHOUR_INLINE void Trial::add(std::string name, std::unique_ptr<detect::FirstSeen> detection) {
  names_.push_back(std::move(name));
  detections_.push_back(std::move(detection));
}

RUSHHOUR_INLINE void Trial::see(const event::Event& event, const TruthMark& mark) {
  advance(event.arrival());
  const RuleReader::Reading reading = reader_.read(event);
  ++passages_.events;
  passages_.matched += reading.passage == Passage::matches;
  passages_.excepted += reading.passage == Passage::excepted;
  passages_.without_terms += reading.passage == Passage::without_terms;
  const bool matches = reading.passage == Passage::matches;
  if (!matches && !mark.term && reading.exception == nullptr) return;
  const std::uint64_t document = score_.see({.id = event.id(),
                                             .time = event.time(),
                                             .rule_time = reading.rule_time,
                                             .arrival = event.arrival(),
                                             .passage = reading.passage,
                                             .truth = mark.term,
                                             .is_first = mark.is_first},
                                            matches ? reading.keys : std::span<const std::string>{});
  if (reading.exception != nullptr) {
    const std::size_t item = place_of_.at(reading.exception);
    ++exceptions_[item].documents;
    exceptions_[item].firsts += mark.is_first;
    excepted_by_.emplace(event.id(), item);
  }
  for (const std::string& key : reading.keys) {
    const auto sighting = [&](std::uint64_t number) {
      return detect::Sighting{.document = number,
                              .time = reading.time,
                              .ingested = reading.rule_time,
                              .arrival = event.arrival(),
                              .key = key};
    };
    if (unexcepted_) unexcepted_->see(sighting(event.id()));
    if (!matches) continue;
    for (const auto& detection : detections_) detection->see(sighting(document));
  }
}

RUSHHOUR_INLINE void Trial::advance(Instant now) {
  for (const auto& detection : detections_) detection->advance(now);
  if (unexcepted_) unexcepted_->advance(now);
  take_alerts();
}

RUSHHOUR_INLINE void Trial::take_alerts() {
  for (std::size_t i = 0; i < detections_.size(); ++i) {
    const std::vector<detect::FirstSeenAlert> alerts = detections_[i]->take_alerts();
    for (const detect::FirstSeenAlert& alert : alerts) score_.alert(i, alert);
  }
  if (!unexcepted_) return;
  const std::vector<detect::FirstSeenAlert> alerts = unexcepted_->take_alerts();
  for (const detect::FirstSeenAlert& alert : alerts) {
    const auto item = excepted_by_.find(alert.document);
    if (item != excepted_by_.end()) ++exceptions_[item->second].alerts;
  }
}

RUSHHOUR_INLINE void Trial::finish(Instant end) {
  advance(end + look_back_ + rule_.interval + std::chrono::minutes{1});
}

RUSHHOUR_INLINE std::vector<Scored> Trial::scores() const {
  std::vector<Scored> out;
  for (std::size_t i = 0; i < detections_.size(); ++i) {
    out.push_back(score_.scored(i, names_[i]));
    out.back().costs = detections_[i]->costs();
  }
  return out;
}

}  // namespace rushhour::elastic
