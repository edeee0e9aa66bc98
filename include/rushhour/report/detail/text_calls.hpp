/// \file
/// The rows of a text report about the services: each operation and how close it came to its limits, quotas
/// of days and months, and what VirusTotal was asked about in vain.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/sparkline.hpp>
#include <rushhour/report/detail/table.hpp>

namespace rushhour::report::detail {

using scenario::Pressure;

/// The limit that an operation came closest to.
inline std::optional<Pressure> tightest(const Run& run, const api::Operation& operation) {
  std::optional<Pressure> worst;
  for (const Pressure& pressure : run.metrics->pressures(operation)) {
    const auto headroom = pressure.headroom();
    if (headroom && (!worst || *headroom < *worst->headroom())) worst = pressure;
  }
  return worst;
}

/// From the scenario's start to the run's end, so that the curves of all operations fit above each other.
inline std::string curve(const Run& run, const measure::Meter& meter, std::size_t columns) {
  if (!meter.series) return "-";
  const Instant end = std::max(run.scenario.start + run.scenario.duration, run.result.end);
  return sparkline(*meter.series, run.scenario.start, end, columns);
}

/// The fullest window of the UTC clock, and that of all which slide: `13 / 14`.
inline std::string peak_text(const measure::Meter& meter, std::size_t size) {
  const std::string aligned = grouped(meter.attempts.peak(size).count);
  return meter.sliding ? aligned + " / " + grouped(meter.sliding->peak(size).count) : aligned;
}

/// How near the fullest window came: what it used of the limit, and the limit by what it used.
inline void limit_rows(Table& table, const api::Operation& operation) {
  const auto row = [&](std::string_view label, const std::function<std::string(const Pressure&)>& cell) {
    table.row(label, [&](const Run& run) {
      const auto pressure = tightest(run, operation);
      return pressure ? cell(*pressure) : std::string{"-"};
    });
  };
  row("closest limit", [](const Pressure& pressure) { return limit_text(pressure.limit); });
  row("  used at the peak",
      [](const Pressure& pressure) { return percent(pressure.peak, pressure.limit.limit); });
  row("  headroom (limit/peak)", [](const Pressure& pressure) {
    const Ratio headroom = *pressure.headroom();
    return decimal(headroom, headroom < Ratio{1, 100} ? 4 : 2) + " x";
  });
}

inline void operation_rows(Table& table, const api::Operation& operation) {
  using measure::Meter;
  using Cell = std::function<std::string(const Meter&)>;
  table.heading(std::string{api::to_text(operation.service)} + " " + std::string{operation.name});
  const auto of_meter = [&](const Cell& cell) {
    return [&operation, cell](const Run& run) {
      const Meter* meter = run.metrics->meter(operation);
      return meter == nullptr ? std::string{"-"} : cell(*meter);
    };
  };
  const auto row = [&](std::string_view label, const Cell& cell) { table.row(label, of_meter(cell)); };
  const auto if_any = [&](std::string_view label, const Cell& cell) {
    table.row_if_any(label, of_meter(cell));
  };
  table.row_if_any("attempts over time", [&](const Run& run) {
    const Meter* meter = run.metrics->meter(operation);
    return meter == nullptr ? std::string{"-"} : curve(run, *meter, table.room());
  });
  row("calls", [](const Meter& meter) { return grouped(meter.calls.total()); });
  row("attempts", [](const Meter& meter) { return grouped(meter.attempts.total()); });
  if_any("  beyond the first", [](const Meter& meter) { return grouped(meter.wasted()); });
  if_any("  per call", [](const Meter& meter) {
    return meter.wasted() == 0 || !meter.amplification() ? std::string{"-"}
                                                         : decimal(*meter.amplification(), 2);
  });
  row("accepted", [](const Meter& meter) { return grouped(meter.accepted.total()); });
  if_any("  errors", [](const Meter& meter) { return grouped(meter.errors); });
  row("throttled", [](const Meter& meter) { return grouped(meter.throttled.total()); });
  if_any("  of the attempts",
         [](const Meter& meter) { return percent(meter.throttled.total(), meter.attempts.total()); });
  if_any("  first at", [](const Meter& meter) {
    return meter.first_throttle ? time_of_day(*meter.first_throttle) : std::string{"-"};
  });
  if_any("  last at", [](const Meter& meter) {
    return meter.last_throttle ? time_of_day(*meter.last_throttle) : std::string{"-"};
  });
  if_any("  seconds / without pause", [](const Meter& meter) {
    const measure::Seconds& seconds = meter.seconds_throttled;
    return seconds.count() == 0 ? "-" : grouped(seconds.count()) + " / " + grouped(seconds.longest_run());
  });
  row("peak 1 s by clock / any", [](const Meter& meter) { return peak_text(meter, 0); });
  row("peak 10 s", [](const Meter& meter) { return peak_text(meter, 1); });
  row("peak 1 min", [](const Meter& meter) { return peak_text(meter, 2); });
  limit_rows(table, operation);
}

inline std::string quota_label(const scenario::QuotaUse& use) {
  return std::string{use.account} + ", " + limit_text(use.limit);
}

/// `03-02 16:03`, since a quota of a month outlives the day.
inline std::string date_text(const std::optional<Instant>& instant) {
  return instant ? to_iso8601(*instant).substr(5, 5) + " " + to_iso8601(*instant).substr(11, 5)
                 : std::string{"-"};
}

/// Quotas of a UTC day or month, whichever of the runs charged them: how much of each was used, and when
/// nothing was left, or would be.
inline void quota_rows(Table& table) {
  std::vector<std::string> labels;
  for (const Run* run : table.runs()) {
    for (const scenario::QuotaUse& use : run->metrics->quota_uses()) {
      const std::string label = quota_label(use);
      if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(label);
    }
  }
  table.heading("quotas of a UTC day or month, used");
  for (const std::string& label : labels) {
    const auto row = [&](std::string_view of, std::string (*cell)(const scenario::QuotaUse&)) {
      table.row_if_any(of, [&](const Run& run) {
        for (const scenario::QuotaUse& use : run.metrics->quota_uses()) {
          if (quota_label(use) == label) return cell(use);
        }
        return std::string{"-"};
      });
    };
    row(label, [](const scenario::QuotaUse& use) { return grouped(use.used); });
    row("  nothing left at", [](const scenario::QuotaUse& use) { return date_text(use.exhausted); });
    row("  none left at this rate", [](const scenario::QuotaUse& use) { return date_text(use.projected); });
  }
}

/// Whether VirusTotal knows anything of such an address.
inline bool is_public(AddressClass kind) {
  return kind == AddressClass::public_ipv4 || kind == AddressClass::public_ipv6;
}

inline std::uint64_t looked_up(const Run& run, AddressClass kind) {
  std::uint64_t total = 0;
  for (const measure::Cell* cell : run.meters->cells()) {
    if (run.world->world.ledger.names().text(cell->operation).starts_with("virustotal:")) {
      total += cell->subjects[static_cast<std::size_t>(kind)];
    }
  }
  return total;
}

/// Look-ups that used up quota and could tell nothing, by what was looked up.
inline void wasted_rows(Table& table) {
  table.heading("virustotal look-ups that can tell nothing");
  for (std::size_t i = 0; i < address_class_count; ++i) {
    const auto kind = static_cast<AddressClass>(i);
    if (is_public(kind)) continue;
    std::string label{to_text(kind)};
    std::replace(label.begin(), label.end(), '_', ' ');
    table.row_if_any(label, [kind](const Run& run) { return grouped(looked_up(run, kind)); });
  }
}

}  // namespace rushhour::report::detail
