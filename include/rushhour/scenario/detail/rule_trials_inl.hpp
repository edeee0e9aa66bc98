/// \file
/// Bodies of rule_trials.hpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detect/first_seen/learning.hpp>
#include <rushhour/detect/first_seen/lookup_search.hpp>
#include <rushhour/detect/first_seen/never_forgetting_set.hpp>
#include <rushhour/detect/first_seen/rotating_bloom.hpp>
#include <rushhour/detect/first_seen/string_set.hpp>
#include <rushhour/elastic/truth_reader.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/scenario/rule_trials.hpp>

namespace rushhour::scenario {

namespace detail {

inline elastic::TrialOptions trial_options(const RulePlan& plan, Instant start) {
  elastic::TrialOptions options{
      .since = start, .executor = plan.executor, .ties = plan.ties, .refresh = plan.refresh};
  for (const OutagePlan& outage : plan.outages)
    options.outages.push_back({.from = start + outage.from, .until = start + outage.from + outage.lasting});
  return options;
}

/// One of detection_kinds(), for the documents of a rule that begins at `start`.
inline std::unique_ptr<detect::FirstSeen> make_first_seen(std::string_view kind, const RulePlan& plan,
                                                          Instant start) {
  if (kind == "kibana-aggregation" || kind == "kibana-esql") {
    elastic::TrialOptions options = trial_options(plan, start);
    options.executor = kind == "kibana-esql" ? elastic::Executor::esql : elastic::Executor::aggregation;
    return std::make_unique<elastic::FirstSeenRule>(elastic::first_seen_options(plan.rule, options));
  }
  if (kind == "string-set") return std::make_unique<detect::StringSet>();
  if (kind == "learning") return std::make_unique<detect::Learning>();
  if (kind == "lookup-search") return std::make_unique<detect::LookupSearch>();
  if (kind == "never-forgetting-set") return std::make_unique<detect::NeverForgettingSet>();
  RUSHHOUR_ASSERT(kind == "rotating-bloom", "detection_kinds() lists them all");
  const Duration history = start - plan.rule.new_terms.history_window_start.at(start);
  return std::make_unique<detect::RotatingBloom>(
      detect::RotatingBloomOptions{.generation = history, .first = start});
}

}  // namespace detail

RUSHHOUR_INLINE const std::vector<std::string_view>& detection_kinds() {
  static const std::vector<std::string_view> kinds{
      "kibana-aggregation", "kibana-esql",          "string-set",     "learning",
      "lookup-search",      "never-forgetting-set", "rotating-bloom",
  };
  return kinds;
}

struct RuleTrials::Parts {
  Parts(const DocumentsPlan& documents, Instant start)
      : plan(documents),
        schema(documents.ecs),
        truth(documents.truth.match, documents.truth.terms, documents.truth.window, schema) {
    for (const RulePlan& rule : documents.rules) {
      trials.push_back(std::make_unique<elastic::Trial>(rule.rule, schema, truth.truth(),
                                                        detail::trial_options(rule, start), rule.exceptions));
      for (const std::string& kind : rule.beside)
        trials.back()->add(kind, detail::make_first_seen(kind, rule, start));
    }
  }

  const DocumentsPlan& plan;
  event::EcsCloudTrail schema;
  elastic::TruthReader truth;
  std::vector<std::unique_ptr<elastic::Trial>> trials{};
};

RUSHHOUR_INLINE RuleTrials::RuleTrials(const DocumentsPlan& plan, Instant start)
    : parts_(std::make_unique<Parts>(plan, start)) {}

RUSHHOUR_INLINE RuleTrials::~RuleTrials() = default;

RUSHHOUR_INLINE void RuleTrials::see(const event::Event& event) {
  const elastic::TruthMark mark = parts_->truth.see(event);
  for (const auto& trial : parts_->trials) trial->see(event, mark);
}

RUSHHOUR_INLINE void RuleTrials::finish(Instant end) {
  for (const auto& trial : parts_->trials) trial->finish(end);
}

RUSHHOUR_INLINE std::vector<RuleResult> RuleTrials::results() const {
  std::vector<RuleResult> out;
  for (std::size_t i = 0; i < parts_->trials.size(); ++i) {
    const elastic::Trial& trial = *parts_->trials[i];
    RuleResult result{.name = parts_->plan.rules[i].name,
                      .runs = trial.runs(),
                      .passages = trial.passages(),
                      .exceptions = trial.exceptions(),
                      .beside = trial.scores(),
                      .findings = trial.findings()};
    for (const std::string& field : trial.rule().new_terms.fields)
      result.fields += (result.fields.empty() ? "" : ", ") + field;
    result.score = std::move(result.beside.front());
    result.score.detection = result.name;
    result.beside.erase(result.beside.begin());
    out.push_back(std::move(result));
  }
  return out;
}

RUSHHOUR_INLINE SearchLoad RuleTrials::searches() const {
  std::vector<RunSearches> runs;
  for (const auto& trial : parts_->trials) {
    for (const auto& [started, searches] : trial->searches()) runs.push_back({started, searches});
  }
  return search_load(std::move(runs), parts_->plan.searches_per_minute);
}

RUSHHOUR_INLINE std::vector<Instant> RuleTrials::alerted_at() const {
  std::vector<Instant> out;
  for (const auto& trial : parts_->trials) {
    const std::vector<Instant> of_rule = trial->alerted_at();
    out.insert(out.end(), of_rule.begin(), of_rule.end());
  }
  return out;
}

RUSHHOUR_INLINE std::vector<Instant> RuleTrials::missed_at() const {
  std::vector<Instant> out;
  for (const auto& trial : parts_->trials) {
    const std::vector<Instant> of_rule = trial->missed_at();
    out.insert(out.end(), of_rule.begin(), of_rule.end());
  }
  return out;
}

RUSHHOUR_INLINE void RuleTrials::add_to(Digest& digest) const {
  const std::vector<RuleResult> all = results();
  const auto add = [&](const elastic::Scored& score) {
    for (const std::uint64_t number : {score.firsts, score.found, score.late, score.alerts, score.duplicates,
                                       score.not_truly_new, score.costs.reads, score.costs.writes})
      digest.add(number);
    digest.add(static_cast<std::uint64_t>(score.delay.mean().count()));
  };
  for (const RuleResult& result : all) {
    digest.add(result.passages.matched);
    digest.add(result.runs.truncated);
    add(result.score);
    for (const elastic::Scored& score : result.beside) add(score);
    for (const elastic::Finding& finding : result.findings) {
      digest.add(static_cast<std::uint64_t>(finding.kind) << 8 | static_cast<std::uint64_t>(finding.cause));
      for (const elastic::Finding::Example& example : finding.examples) digest.add(example.document);
    }
  }
}

}  // namespace rushhour::scenario
