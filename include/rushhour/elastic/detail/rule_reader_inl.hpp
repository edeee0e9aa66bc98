/// \file
/// Bodies of rule_reader.hpp.
#pragma once

#include <utility>

#include <rushhour/elastic/rule_reader.hpp>

namespace rushhour::elastic {

namespace detail {

[[nodiscard]] inline Query compile_query(const Rule& rule, const event::Schema& schema) {
  try {
    return Query{rule.query, schema};
  } catch (const InputError& error) {
    throw InputError{in_file(rule, error.mistake())};
  }
}

}  // namespace detail

RUSHHOUR_INLINE RuleReader::RuleReader(const Rule& rule, const event::Schema& schema,
                                       ExceptionList exceptions)
    : has_fallback_(!rule.timestamp_override_fallback_disabled),
      has_terms_(rule.type == RuleType::new_terms),
      query_(detail::compile_query(rule, schema)),
      exceptions_(std::move(exceptions), schema),
      timestamp_(schema.field("@timestamp")),
      terms_(rule.new_terms.fields, schema) {
  if (!rule.timestamp_override.empty() && rule.timestamp_override != "@timestamp")
    override_ = schema.field(rule.timestamp_override);
}

RUSHHOUR_INLINE std::optional<Instant> RuleReader::rule_time(const event::Event& event, Reading& reading) {
  if (override_ == nullptr) return reading.time;
  if (const auto date = as_date(override_->read(event, scratch_))) return date;
  reading.is_fallback = true;
  return has_fallback_ ? std::optional{reading.time} : std::nullopt;
}

RUSHHOUR_INLINE RuleReader::Reading RuleReader::read(const event::Event& event) {
  scratch_.reset();
  Reading reading{.time = event.time()};
  if (!query_(event)) {
    reading.passage = Passage::filtered;
    return reading;
  }
  reading.time = as_date(timestamp_->read(event, scratch_)).value_or(event.time());
  const auto rule_time = this->rule_time(event, reading);
  if (has_terms_) reading.keys = terms_.read(event, scratch_);
  reading.exception = exceptions_.which(event, scratch_, event.arrival());
  if (!rule_time || (has_terms_ && reading.keys.empty())) {
    reading.keys = {};
    reading.passage = reading.exception != nullptr ? Passage::excepted : Passage::without_terms;
    return reading;
  }
  reading.rule_time = *rule_time;
  reading.passage = reading.exception != nullptr ? Passage::excepted : Passage::matches;
  return reading;
}

}  // namespace rushhour::elastic
