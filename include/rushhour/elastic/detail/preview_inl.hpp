/// \file
/// Bodies of preview.hpp.
#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/elastic/preview.hpp>

namespace rushhour::elastic {

namespace detail {

[[nodiscard]] inline RuleTimes times_of(const Rule& rule) {
  RuleTimes times{.from = rule.from, .to = rule.to, .interval = rule.interval};
  if (rule.type == RuleType::new_terms) times.history_start = rule.new_terms.history_window_start;
  return times;
}

/// How far before a run ranges of later runs begin at most, months of different lengths included.
[[nodiscard]] inline Duration reach_of(const Rule& rule) {
  const Duration look_back = rule.to.at(Instant{}) - rule.from.at(Instant{});
  return std::max(look_back, rule.interval) + std::chrono::days{35};
}

using AnyExecutor = std::variant<NewTerms, QueryRule, ThresholdRule>;

[[nodiscard]] inline AnyExecutor executor_of(const Rule& rule, const PreviewOptions& options) {
  if (rule.type == RuleType::query)
    return QueryRule{{.max_signals = rule.max_signals, .reach = reach_of(rule)}};
  if (rule.type == RuleType::new_terms) {
    return NewTerms{{.fields = rule.new_terms.fields.size(),
                     .executor = options.executor,
                     .ties = options.ties,
                     .max_signals = rule.max_signals,
                     .reach = reach_of(rule)}};
  }
  ThresholdRuleOptions threshold{
      .value = rule.threshold.value, .max_signals = rule.max_signals, .reach = reach_of(rule)};
  if (rule.threshold.cardinality) threshold.cardinality = rule.threshold.cardinality->value;
  return ThresholdRule{threshold};
}

[[nodiscard]] inline std::vector<std::string> counted_field(const Rule& rule) {
  if (!rule.threshold.cardinality) return {};
  return {rule.threshold.cardinality->field};
}

}  // namespace detail

RUSHHOUR_INLINE Preview::Preview(const Rule& rule, const event::Schema& schema, const Options& options,
                                 const ExceptionList& exceptions)
    : rule_(rule),
      reader_(rule, schema, exceptions),
      groups_(rule.threshold.fields, schema),
      counted_(detail::counted_field(rule), schema),
      times_(detail::times_of(rule)),
      executor_(detail::executor_of(rule, options)) {}

RUSHHOUR_INLINE Passage Preview::see(const event::Event& document) {
  const RuleReader::Reading reading = reader_.read(document);
  if (reading.passage != Passage::matches) return reading.passage;
  Document kept{.arrival = document.arrival(),
                .rule_time = reading.rule_time,
                .number = document.id(),
                .is_fallback = reading.is_fallback,
                .keys = {reading.keys.begin(), reading.keys.end()}};
  scratch_.reset();
  if (rule_.type == RuleType::threshold) {
    const auto groups = groups_.read(document, scratch_);
    kept.keys.assign(groups.begin(), groups.end());
    if (rule_.threshold.cardinality) {
      const auto counted = counted_.read(document, scratch_);
      kept.counted.assign(counted.begin(), counted.end());
    }
  }
  RUSHHOUR_ASSERT(!is_sorted_, "all documents are there before the first run");
  documents_.push_back(std::move(kept));
  return Passage::matches;
}

RUSHHOUR_INLINE void Preview::hand_over(const Document& document) {
  if (auto* const new_terms = std::get_if<NewTerms>(&executor_)) {
    new_terms->see(document.rule_time, document.number, document.keys);
  } else if (auto* const threshold = std::get_if<ThresholdRule>(&executor_)) {
    threshold->see(document.rule_time, document.number, document.keys, document.counted);
  } else {
    std::get<QueryRule>(executor_).see(
        document.rule_time, document.number,
        document.is_fallback ? QueryRule::TimeOf::fallback : QueryRule::TimeOf::timestamp);
  }
}

RUSHHOUR_INLINE Execution Preview::run(Instant started) {
  if (!is_sorted_) std::ranges::stable_sort(documents_, {}, &Document::arrival);
  is_sorted_ = true;
  for (; found_ < documents_.size() && documents_[found_].arrival <= started; ++found_)
    hand_over(documents_[found_]);
  const RunPlan plan = plan_run(times_, started, std::exchange(previous_, started));
  for (const Tuple& tuple : plan.tuples) {
    if (rule_.type == RuleType::new_terms)
      static_cast<void>(history_start(rule_, {.from = tuple.from, .to = tuple.to}));
  }
  Execution execution{.started = started, .gap = plan.gap};
  std::visit([&](auto& executor) { executor.run(plan.tuples, execution); }, executor_);
  return execution;
}

RUSHHOUR_INLINE std::optional<Tuple> Preview::span() const {
  if (documents_.empty()) return std::nullopt;
  const auto [first, last] = std::ranges::minmax_element(documents_, {}, &Document::rule_time);
  return Tuple{.from = first->rule_time, .to = last->rule_time};
}

}  // namespace rushhour::elastic
