/// \file
/// Bodies of metrics.hpp that say who is behind a number.
#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/scenario/detail/metrics_rows.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/site.hpp>

namespace rushhour::scenario {

namespace detail {

/// What a measure of a service counts in a cell. Ratios and times count what makes them worse: amplification
/// what is tried again, throttled seconds what is throttled, pressure on a limit what is attempted.
[[nodiscard]] inline CellCount cell_count(std::string_view measure) {
  struct Instead {
    std::string_view of;
    std::string_view count;
  };
  static constexpr std::array<Instead, 7> instead{{{amplification_name, "wasted"},
                                                   {"seconds_throttled", "throttled"},
                                                   {"longest_throttled_seconds", "throttled"},
                                                   {"headroom", "attempts"},
                                                   {"seconds_over_limit", "attempts"},
                                                   {"days_exhausted", "accepted"},
                                                   {"months_exhausted", "accepted"}}};
  for (const Instead& each : instead) {
    if (each.of == measure) return cell_count(each.count);
  }
  return count_of(api::to_text(api::Service::virustotal), measure);
}

/// The text of the one site whose calls can have failed so; empty where there are several: a loss knows its
/// function, not its line.
[[nodiscard]] inline std::string_view only_site(const RunFacts& facts, const Culprit& of, Outcome outcome) {
  const Names& names = facts.world.ledger.names();
  Name site{};
  for (const measure::Cell* cell : facts.meters.cells()) {
    if (cell->function != of.function || cell->counts.of(outcome) == 0 ||
        names.text(cell->detection) != of.detection || names.text(cell->operation) != of.operation)
      continue;
    if (site != Name{} && cell->site != site) return {};
    site = cell->site;
  }
  return names.text(site);
}

/// Adds up, and takes the greatest.
class Suspects {
 public:
  void add(Culprit suspect) {
    if (suspect.count == 0) return;
    total_ += suspect.count;
    for (Culprit& each : all_) {
      if (each.detection == suspect.detection && each.function == suspect.function &&
          each.operation == suspect.operation && each.site == suspect.site &&
          each.rule_line == suspect.rule_line) {
        each.count += suspect.count;
        return;
      }
    }
    all_.push_back(std::move(suspect));
  }
  [[nodiscard]] std::vector<Culprit> greatest(std::size_t count) && {
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Culprit& a, const Culprit& b) { return a.count > b.count; });
    if (all_.size() > count) all_.resize(count);
    for (Culprit& each : all_) each.share = {each.count, total_};
    return std::move(all_);
  }

 private:
  std::vector<Culprit> all_;
  std::uint64_t total_{};
};

}  // namespace detail

RUSHHOUR_INLINE std::vector<Culprit> RunMetrics::culprits(const Selector& selector, std::size_t count) const {
  const Who whose = who(selector);
  if (!whose.known) return {};
  detail::Suspects suspects;
  for (const detail::LossMeasure& each : detail::loss_measures) {
    if (each.service != selector.service || each.name != selector.measure) continue;
    for (const sim::LossRow& row : facts_.result.losses.rows()) {
      const std::string& detection = facts_.result.detections.at(row.detection).detection;
      if (!each.has(row) || (!whose.rule.empty() && detection != whose.rule)) continue;
      Culprit suspect{
          .detection = detection,
          .function = row.cause.function,
          .operation = row.cause.operation == nullptr ? std::string{} : api::to_text(*row.cause.operation),
          .count = row.count};
      const Site site = read_site(detail::only_site(facts_, suspect, row.cause.outcome));
      suspect.site = site.line;
      suspect.rule_line = site.rule_line;
      suspects.add(std::move(suspect));
    }
  }
  const bool all_calls = selector.service == "detections" &&
                         (selector.measure == "calls" || selector.measure == detail::calls_per_alert_name);
  bool service = false;
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    service = service || selector.service == api::to_text(static_cast<api::Service>(i));
  }
  const detail::CellCount count_of = all_calls ? detail::cell_count("calls")
                                     : service ? detail::cell_count(selector.measure)
                                               : detail::CellCount{};
  const Names& names = facts_.world.ledger.names();
  const std::string name = selector.service + ":" + selector.operation;
  for (const measure::Cell* cell : cells_of(selector)) {
    if (!count_of || !whose.has(*cell)) continue;
    const std::string_view operation = names.text(cell->operation);
    const bool meant = selector.operation.empty() ? operation.starts_with(name) : operation == name;
    if (!meant && !all_calls) continue;
    const Site site = read_site(names.text(cell->site));
    suspects.add({.detection = std::string{names.text(cell->detection)},
                  .function = cell->function,
                  .operation = std::string{operation},
                  .count = count_of(*cell),
                  .site = std::string{site.line},
                  .rule_line = std::string{site.rule_line}});
  }
  return std::move(suspects).greatest(count);
}

}  // namespace rushhour::scenario
