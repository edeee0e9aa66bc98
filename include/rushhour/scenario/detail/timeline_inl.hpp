/// \file
/// Bodies of timeline.hpp: which number of a row is which curve.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detail/wide.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/timeline.hpp>

namespace rushhour::scenario {

namespace detail {

using measure::TimelineRow;

/// A curve of a service: `sts.attempts`.
struct ServiceCurve {
  std::string_view name{};
  std::string_view unit{};
  std::uint64_t (*of)(const TimelineRow::AtService&){};
};
inline constexpr auto service_curves = std::to_array<ServiceCurve>({
    {"calls", "calls", [](const TimelineRow::AtService& row) { return row.calls; }},
    {"attempts", "attempts", [](const TimelineRow::AtService& row) { return row.attempts; }},
    {"accepted", "attempts", [](const TimelineRow::AtService& row) { return row.attempts - row.throttled; }},
    {"throttled", "attempts", [](const TimelineRow::AtService& row) { return row.throttled; }},
    {"ok", "attempts", [](const TimelineRow::AtService& row) { return row.ok; }},
    {"errors", "attempts",
     [](const TimelineRow::AtService& row) { return row.attempts - row.throttled - row.ok; }},
});

/// Any other curve that is a number of each row.
struct RowCurve {
  std::string_view name{};
  std::string_view unit{};
  std::uint64_t (*of)(const TimelineRow&){};
};
template <sim::Tally what>
std::uint64_t tally_of(const TimelineRow& row) {
  return row.tallies[static_cast<std::size_t>(what)];
}
template <sim::Level what>
std::uint64_t level_of(const TimelineRow& row) {
  return row.levels[static_cast<std::size_t>(what)];
}
template <detect::CacheLook what>
std::uint64_t looks_of(const TimelineRow& row) {
  return row.cache_looks[static_cast<std::size_t>(what)];
}
[[nodiscard]] constexpr std::uint64_t whole_ms(Duration duration) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(duration).count());
}
[[nodiscard]] inline std::uint64_t lag_mean_ms(const TimelineRow& row) {
  if (row.arrived == 0) return 0;
  return whole_ms(Duration{static_cast<std::int64_t>(row.lag_sum_ns / row.arrived)});
}
[[nodiscard]] inline std::uint64_t misses_of(const TimelineRow& row) {
  std::uint64_t sum = 0;
  for (const std::uint64_t looks : row.cache_looks) sum += looks;
  return sum - looks_of<detect::CacheLook::hit>(row);
}

inline constexpr auto row_curves = std::to_array<RowCurve>({
    {"events.arrived", "events", [](const TimelineRow& row) { return row.arrived; }},
    {"events.processed", "events", &tally_of<sim::Tally::processed>},
    {"queue.depth", "events", &level_of<sim::Level::queued>},
    {"fleet.busy", "containers", &level_of<sim::Level::busy>},
    {"fleet.containers", "containers", &level_of<sim::Level::containers>},
    {"redeliveries", "messages", &tally_of<sim::Tally::redelivered>},
    {"dead_letters", "messages", &tally_of<sim::Tally::dead_lettered>},
    {"lag.max", "ms", [](const TimelineRow& row) { return whole_ms(row.lag_max); }},
    {"lag.mean", "ms", &lag_mean_ms},
    {"wait.max", "ms", [](const TimelineRow& row) { return whole_ms(row.wait_max); }},
    {"cache.hits", "looks", &looks_of<detect::CacheLook::hit>},
    {"cache.misses", "looks", &misses_of},
    {"cache.misses.cold", "looks", &looks_of<detect::CacheLook::cold>},
    {"cache.misses.expired", "looks", &looks_of<detect::CacheLook::expired>},
    {"cache.misses.evicted", "looks", &looks_of<detect::CacheLook::evicted>},
    {"cache.misses.reload", "looks", &looks_of<detect::CacheLook::reload>},
    {"cache.misses.reset", "looks", &looks_of<detect::CacheLook::reset>},
    {"outcomes.intact", "matches", &tally_of<sim::Tally::intact>},
    {"outcomes.degraded", "matches", &tally_of<sim::Tally::degraded>},
    {"outcomes.skipped", "matches", &tally_of<sim::Tally::skipped>},
    {"outcomes.without_context", "matches", &tally_of<sim::Tally::without_context>},
    {"outcomes.missed", "detections", &tally_of<sim::Tally::missed>},
    {"outcomes.lost", "detections", &tally_of<sim::Tally::lost>},
    {"outcomes.duplicate", "matches", &tally_of<sim::Tally::duplicate>},
    {"new_terms.alerts", "alerts", [](const TimelineRow& row) { return row.new_terms_alerts; }},
    {"new_terms.missed", "terms", [](const TimelineRow& row) { return row.new_terms_missed; }},
});

/// Adds the curve, unless there is nothing in it. `of` gives measure::unsaid where nobody knows; a curve that
/// is known is there even if it is 0 throughout, when `levels` is set.
template <class Of>
void add_curve(measure::Timeline& timeline, const std::vector<TimelineRow>& rows, std::string name,
               std::string_view unit, Of of, bool levels = false) {
  measure::Curve curve{.name = std::move(name), .unit = std::string{unit}};
  curve.values.reserve(rows.size());
  bool any = false;
  for (const TimelineRow& row : rows) {
    const std::uint64_t value = of(row);
    any = any || (levels ? value != measure::unsaid : value != 0);
    curve.values.push_back(value == measure::unsaid ? 0 : value);
  }
  if (any) timeline.curves.push_back(std::move(curve));
}

/// What the tightest limit on a rate that was charged leaves one account or key in a stretch; 0: there is
/// none, or it is less than one. The limits of days and months have curves of their own.
[[nodiscard]] inline std::uint64_t limit_in(const measure::Meters& meters, std::string_view service,
                                            Duration width) {
  std::uint64_t least = measure::unsaid;
  for (const measure::Charge& charge : meters.charges()) {
    for (const limit::Profile& row : charge.rows) {
      if (row.service != service || measure::Exhaustion::applies(row)) continue;
      const auto allowed =
          static_cast<rushhour::detail::int128>(row.limit) * width.count() / row.window.count();
      least = std::min(least, static_cast<std::uint64_t>(allowed));
    }
  }
  return least == measure::unsaid ? 0 : least;
}

inline void add_service(measure::Timeline& timeline, const std::vector<TimelineRow>& rows,
                        const measure::Meters& meters, std::size_t service) {
  const std::string name{api::to_text(static_cast<api::Service>(service))};
  for (const ServiceCurve& each : service_curves) {
    add_curve(timeline, rows, name + "." + std::string{each.name}, each.unit,
              [&](const TimelineRow& row) { return each.of(row.services[service]); });
  }
  if (meters.find(name) == nullptr) return;
  const std::uint64_t limit = limit_in(meters, name, timeline.width);
  add_curve(timeline, rows, name + ".limit", "attempts", [limit](const TimelineRow&) { return limit; });
  add_curve(
      timeline, rows, name + ".tokens", "thousandths",
      [service](const TimelineRow& row) { return row.services[service].tokens; }, true);
}

/// The limiters of the world's services, as calls are charged to them.
[[nodiscard]] inline measure::CallCurves::ChargedTo charged_to(fakes::World& world) {
  return [&world](Name name, Name account) -> std::vector<measure::Charged> {
    std::vector<measure::Charged> out;
    const std::string_view text = world.ledger.names().text(name);
    for (const api::Operation* operation : all_operations()) {
      if (api::to_text(*operation) != text) continue;
      fakes::Quotas& quotas = world.service(operation->service).quotas();
      const auto add = [&](Name whose) {
        if (const limit::Limiter* limiter = quotas.find(whose, *operation))
          out.push_back({limiter, quotas.own_rows_for(whose, *operation)});
      };
      add(account);
      if (const auto group = quotas.group_of(account)) add(*group);
    }
    return out;
  };
}

}  // namespace detail

RUSHHOUR_INLINE TimelineKeeper::TimelineKeeper(Run& run)
    : run_(run),
      rows_(run.scenario.start),
      call_curves_(rows_, run.world->world.ledger.names(), detail::charged_to(run.world->world)),
      run_curves_(rows_, run.strategies) {
  run_.world->world.ledger.listen(call_curves_);
}

RUSHHOUR_INLINE TimelineKeeper::~TimelineKeeper() { run_.world->world.ledger.unlisten(call_curves_); }

RUSHHOUR_INLINE void TimelineKeeper::add(const RuleTrials& rules) {
  const std::vector<Instant> alerted = rules.alerted_at();
  for (const Instant at : alerted) ++rows_.past(at).new_terms_alerts;
  const std::vector<Instant> missed = rules.missed_at();
  for (const Instant at : missed) ++rows_.past(at).new_terms_missed;
}

RUSHHOUR_INLINE measure::Timeline TimelineKeeper::finish() {
  const Scenario& plan = run_.scenario;
  if (plan.duration > Duration::zero()) rows_.place_of(plan.start + plan.duration - Duration{1});
  run_curves_.finish(std::max(run_.result.end, plan.start));
  call_curves_.finish();
  const auto [width, rows] = rows_.finish(plan.duration);
  measure::Timeline out{.begin = plan.start, .width = width, .stretches = rows.size()};
  for (std::size_t service = 0; service < api::detection_service_count; ++service)
    detail::add_service(out, rows, *run_.meters, service);
  const auto add_level = [&](std::string name, std::uint64_t measure::TimelineRow::*member) {
    detail::add_curve(
        out, rows, std::move(name), "attempts",
        [member](const measure::TimelineRow& row) { return row.*member; }, true);
  };
  add_level("virustotal.quota_day.left", &measure::TimelineRow::quota_day_left);
  add_level("virustotal.quota_month.left", &measure::TimelineRow::quota_month_left);
  for (const detail::RowCurve& each : detail::row_curves)
    detail::add_curve(out, rows, std::string{each.name}, each.unit, each.of);
  return out;
}

}  // namespace rushhour::scenario
