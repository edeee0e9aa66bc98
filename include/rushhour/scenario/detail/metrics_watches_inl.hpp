/// \file
/// Bodies of metrics.hpp that are about what only those hear who are asked to: numbers in a range, and
/// windows that the run's meters do not keep.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/detail/metrics_rows.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {

namespace detail {

/// Whether a meter's name is that of the call's operation or service. Asked of few names, again and again.
class NamedCalls {
 public:
  NamedCalls(const Names& names, std::string name, bool whole_service)
      : names_(&names), name_(std::move(name)), whole_service_(whole_service) {}

  [[nodiscard]] bool has(Name operation) {
    const std::size_t at = index(operation);
    if (at >= known_.size()) known_.resize(at + 1, Known::unasked);
    if (known_[at] == Known::unasked) {
      const std::string_view text = names_->text(operation);
      const std::string_view part = whole_service_ ? text.substr(0, text.find(':')) : text;
      known_[at] = part == name_ ? Known::meant : Known::other;
    }
    return known_[at] == Known::meant;
  }

 private:
  enum class Known : std::uint8_t { unasked, meant, other };

  const Names* names_;
  std::string name_;
  bool whole_service_;
  std::vector<Known> known_{};
};

}  // namespace detail

RUSHHOUR_INLINE RunMetrics::~RunMetrics() {
  for (const Watched& each : watched_) facts_.world.ledger.unlisten(*each.watch);
  for (const WatchedRange& each : ranges_) facts_.world.ledger.unlisten(*each.meters);
}

RUSHHOUR_INLINE measure::Stretches RunMetrics::stretches_of(const Range& range) const {
  if (range.from_start) return {.begin = facts_.start + range.from, .length = range.to - range.from};
  constexpr Duration day = std::chrono::days{1};
  const Duration length = range.to > range.from ? range.to - range.from : range.to + day - range.from;
  // From the day before on, as its range may reach into the first day.
  const Instant first = std::chrono::floor<std::chrono::days>(facts_.start) - day;
  return {.begin = first + range.from, .length = length, .period = day};
}

RUSHHOUR_INLINE const measure::Meters* RunMetrics::meters_of(const Selector& selector) const {
  if (!selector.range) return &facts_.meters;
  for (const WatchedRange& each : ranges_) {
    if (each.range == *selector.range) return &each.meters->meters();
  }
  return nullptr;
}

RUSHHOUR_INLINE std::vector<const measure::Cell*> RunMetrics::cells_of(const Selector& selector) const {
  const measure::Meters* const meters = meters_of(selector);
  return meters == nullptr ? std::vector<const measure::Cell*>{} : meters->cells();
}

RUSHHOUR_INLINE std::string RunMetrics::range_mistake(const Selector& selector) const {
  if (!selector.range) return {};
  if (!is_of_service(selector)) return "no range: only calls of services are counted in one";
  if (selector.measure == "days_exhausted" || selector.measure == "months_exhausted") {
    return "no range: quotas of days and months are known of whole runs only";
  }
  const measure::Stretches within = stretches_of(*selector.range);
  if (facts_.duration && !within.meets(facts_.start, facts_.start + *facts_.duration)) {
    return "a range that meets the run's arrivals, from " + to_iso8601(facts_.start) + " to " +
           to_iso8601(facts_.start + *facts_.duration);
  }
  const auto length = detail::length_of(selector);
  if (!length) return {};
  if (slides(selector.window)) {
    return within.length < *length ? "a range of at least " + to_text(*length) + ", as the window is" : "";
  }
  const bool fits = within.begin.time_since_epoch() % *length == Duration::zero() &&
                    within.length % *length == Duration::zero();
  return fits ? "" : "a range that begins and ends with windows of " + std::string{to_text(selector.window)};
}

RUSHHOUR_INLINE bool RunMetrics::needs_watch(const Selector& selector) const {
  if (!is_of_service(selector) || !knows(selector)) return false;
  if (selector.range) return true;
  return selector.window != Window::total && !of_windows(selector, who(selector)).known;
}

RUSHHOUR_INLINE void RunMetrics::watch(const Selector& selector) {
  if (!is_of_service(selector) || !knows(selector) || !range_mistake(selector).empty()) return;
  fakes::Ledger& ledger = facts_.world.ledger;
  if (meters_of(selector) == nullptr) {
    auto meters = std::make_unique<measure::RangeMeters>(ledger.names(), limits_of(facts_.world),
                                                         stretches_of(*selector.range));
    ledger.listen(*meters);
    ranges_.push_back({.range = *selector.range, .meters = std::move(meters)});
  }
  Who whose = who(selector);
  const bool held = selector.window == Window::total || of_windows(selector, whose).known;
  whose.rule = {};  // a part of the selector's text, which the watch outlives
  const auto same = [&selector](const Watched& each) { return each.selector == selector; };
  if (held || std::any_of(watched_.begin(), watched_.end(), same)) return;
  auto counts =
      [named = detail::NamedCalls{ledger.names(), detail::meter_name(selector), selector.operation.empty()},
       whose, count = detail::count_of(selector.service, selector.measure)](const Call& call) mutable {
        if (!named.has(call.operation)) return false;
        const measure::Cell cell = measure::cell_of(call);
        return whose.has(cell) && count(cell) != 0;
      };
  auto watch = std::make_unique<measure::Watch>(measure::Watch::Plan{
      .counts = std::move(counts),
      .window = *detail::length_of(selector),
      .slides = slides(selector.window),
      .within = selector.range ? std::optional{stretches_of(*selector.range)} : std::nullopt});
  ledger.listen(*watch);
  watched_.push_back({.selector = selector, .watch = std::move(watch)});
}

/// Counts in windows that the meters do not keep: known, and with a value when watch() was told.
RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_watches(const Selector& selector) const {
  if (selector.window == Window::total) return {};
  if (!detail::count_of(selector.service, selector.measure)) return {};
  for (const Watched& each : watched_) {
    if (each.selector == selector) return {.known = true, .value = value_of(each)};
  }
  return {.known = true};
}

RUSHHOUR_INLINE std::optional<Ratio> RunMetrics::value_of(const Watched& watched) const {
  const Selector& selector = watched.selector;
  if (slides(selector.window)) return detail::whole(watched.watch->sliding_peak());
  const measure::WindowCounts& windows = watched.watch->windows();
  // A run may be done with its last event a moment before its last window is over.
  Instant end = facts_.result.end;
  if (facts_.duration) end = std::max(end, facts_.start + *facts_.duration);
  const measure::WindowSpan span = watched.watch->span(facts_.result.first_arrival, end);
  if (span.count == 0) return std::nullopt;
  switch (selector.aggregate) {
    case Aggregate::max:
      return detail::whole(windows.max());
    case Aggregate::min:
      return detail::whole(windows.percentile({0, 1}, span));
    case Aggregate::mean:
      if (!selector.range) return mean(windows.total(), *detail::length_of(selector));
      return Ratio{windows.total(), span.count};
    case Aggregate::sum:
      return detail::whole(windows.total());
    case Aggregate::first:
      return detail::whole(windows.count_of(span.first));
    case Aggregate::last:
      return detail::whole(windows.count_of(span.last));
    case Aggregate::percentile:
      return detail::whole(windows.percentile(selector.percentile, span));
    case Aggregate::none:
      break;
  }
  RUSHHOUR_ASSERT(false, "windows have an aggregate");
  return std::nullopt;
}

}  // namespace rushhour::scenario
