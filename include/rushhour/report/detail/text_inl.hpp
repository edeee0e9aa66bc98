#pragma once

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/report/text.hpp>

namespace rushhour::report {

namespace detail {

inline constexpr std::size_t width = 80;
inline constexpr std::size_t columns_max = 3;

using scenario::Pressure;
using scenario::Run;

/// `1,500,000`
RUSHHOUR_INLINE std::string grouped(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

/// A ratio with `decimals` digits behind the point, rounded to the nearest.
RUSHHOUR_INLINE std::string decimal(Ratio ratio, unsigned decimals) {
  std::uint64_t scale = 1;
  for (unsigned i = 0; i < decimals; ++i) scale *= 10;
  const std::uint64_t scaled =
      Ratio{ratio.numerator * 2 * scale + ratio.denominator, ratio.denominator * 2}.of(1);
  std::string out = grouped(scaled / scale);
  if (decimals > 0) {
    std::string fraction = std::to_string(scaled % scale);
    out += '.';
    out.append(decimals - fraction.size(), '0');
    out += fraction;
  }
  return out;
}

RUSHHOUR_INLINE std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : decimal({part * 100, whole}, 2) + " %";
}

RUSHHOUR_INLINE std::string time_of_day(Instant instant) {
  return to_iso8601(instant, Precision::milliseconds).substr(11, 12);
}

/// `600 per 1s`
RUSHHOUR_INLINE std::string limit_text(const limit::Profile& profile) {
  return grouped(profile.limit) + " per " +
         (profile.calendar_month                   ? std::string{"UTC month"}
          : profile.window == std::chrono::days{1} ? "UTC day"
                                                   : to_text(profile.window));
}

/// A cell for each run, under one label. An empty label with no cells is a blank line.
class Table {
 public:
  explicit Table(std::span<const Run* const> runs)
      : runs_(runs), cell_(std::min<std::size_t>(26, (width - 28) / runs.size())) {}

  void heading(std::string_view text) {
    out_ += '\n';
    out_ += text;
    out_ += '\n';
  }
  void row(std::string_view label, const std::function<std::string(const Run&)>& cell) {
    std::string line = " ";
    line += label;
    line.resize(std::max(line.size(), width - cell_ * runs_.size()), ' ');
    for (const Run* run : runs_) {
      std::string text = cell(*run);
      if (text.size() >= cell_) {
        text.resize(cell_ - 2);
        text += '~';
      }
      line.append(cell_ - text.size(), ' ');
      line += text;
    }
    out_ += line + "\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::span<const Run* const> runs_;
  std::size_t cell_;
  std::string out_;
};

/// The limit that an operation came closest to.
RUSHHOUR_INLINE std::optional<Pressure> tightest(const Run& run, const api::Operation& operation) {
  std::optional<Pressure> worst;
  for (const Pressure& pressure : run.metrics->pressures(operation)) {
    const auto headroom = pressure.headroom();
    if (headroom && (!worst || *headroom < *worst->headroom())) worst = pressure;
  }
  return worst;
}

RUSHHOUR_INLINE void operation_rows(Table& table, const api::Operation& operation) {
  using measure::Meter;
  table.heading(std::string{api::to_text(operation.service)} + " " + std::string{operation.name});
  const auto row = [&](std::string_view label,
                       const std::function<std::string(const Run&, const Meter&)>& cell) {
    table.row(label, [&](const Run& run) {
      const Meter* meter = run.metrics->meter(operation);
      return meter == nullptr ? std::string{"-"} : cell(run, *meter);
    });
  };
  row("calls", [](const Run&, const Meter& meter) { return grouped(meter.calls.total()); });
  row("attempts", [](const Run&, const Meter& meter) { return grouped(meter.attempts.total()); });
  row("accepted", [](const Run&, const Meter& meter) { return grouped(meter.accepted.total()); });
  row("throttled", [](const Run&, const Meter& meter) { return grouped(meter.throttled.total()); });
  row("  of the attempts", [](const Run&, const Meter& meter) {
    return percent(meter.throttled.total(), meter.attempts.total());
  });
  row("errors", [](const Run&, const Meter& meter) { return grouped(meter.errors); });
  row("amplification", [](const Run&, const Meter& meter) { return decimal(*meter.amplification(), 2); });
  row("peak 1 s", [](const Run&, const Meter& meter) { return grouped(meter.attempts.peak(0).count); });
  row("peak 10 s", [](const Run&, const Meter& meter) { return grouped(meter.attempts.peak(1).count); });
  row("peak 1 min", [](const Run&, const Meter& meter) { return grouped(meter.attempts.peak(2).count); });
  row("closest limit", [&](const Run& run, const Meter&) {
    const auto pressure = tightest(run, operation);
    return pressure ? limit_text(pressure->limit) : std::string{"none"};
  });
  row("headroom (limit/peak)", [&](const Run& run, const Meter&) {
    const auto pressure = tightest(run, operation);
    return pressure ? decimal(*pressure->headroom(), *pressure->headroom() < Ratio{1, 100} ? 4 : 2) + " x"
                    : "-";
  });
  row("first throttle", [](const Run&, const Meter& meter) {
    return meter.first_throttle ? time_of_day(*meter.first_throttle) : std::string{"never"};
  });
}

RUSHHOUR_INLINE std::uint64_t sum(const Run& run, std::uint64_t sim::Outcomes::*member) {
  std::uint64_t total = 0;
  for (const sim::Outcomes& outcomes : run.result.detections) total += outcomes.*member;
  return total;
}

RUSHHOUR_INLINE void detection_rows(Table& table) {
  using sim::Outcomes;
  table.heading("detections");
  const auto row = [&](std::string_view label, std::uint64_t Outcomes::*member) {
    table.row(label, [member](const Run& run) { return grouped(sum(run, member)); });
  };
  row("API calls begun", &Outcomes::logical_calls);
  row("alerts", &Outcomes::alerts);
  row("  intact", &Outcomes::intact);
  row("  degraded (_error)", &Outcomes::degraded);
  row("missed (rule error)", &Outcomes::missed);
  table.row("longest wait for a worker", [](const Run& run) {
    return to_text(std::chrono::floor<std::chrono::milliseconds>(run.result.waiting.max));
  });
}

/// How much of a word longer than a line goes on this one: no UTF-8 sequence is torn.
RUSHHOUR_INLINE std::size_t break_in(std::string_view word, std::size_t room) {
  std::size_t end = std::min(room, word.size());
  while (end > 1 && end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

/// The text in lines of at most the report's width, each after `indent`. Words that are longer than that are
/// broken.
RUSHHOUR_INLINE std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  std::string line{indent};
  const auto end_line = [&] {
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    line = indent;
  };
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (line.size() > indent.size() && line.size() + word.size() > width) end_line();
    while (word.size() > width - indent.size()) {
      const std::size_t end = break_in(word, width - indent.size());
      line += word.substr(0, end);
      word.remove_prefix(end);
      end_line();
    }
    line += std::string{word} + " ";
  }
  end_line();
  return out;
}

/// A command to be typed again: too long for a line, it goes on below after a backslash, as a shell reads it.
RUSHHOUR_INLINE std::string command(const std::vector<std::string>& words, std::string_view label) {
  std::string out;
  std::string line{label};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t backslash = i + 1 < words.size() ? 2 : 0;
    if (line.size() > label.size() && line.size() + 1 + words[i].size() + backslash > width) {
      out += line + " \\\n";
      line = std::string(label.size(), ' ');
    }
    line += (line.size() > label.size() ? " " : "") + words[i];
  }
  return out + line + "\n";
}

RUSHHOUR_INLINE std::string budgets_of(const Run& run) {
  std::string out = "\n";
  out += run.scenario.name + ": ";
  std::size_t broken = 0;
  for (const auto& budget : run.budgets) broken += budget.verdict.holds ? 0U : 1U;
  if (run.budgets.empty()) return out + "no budgets\n";
  out += broken == 0
             ? "all " + std::to_string(run.budgets.size()) + " budgets hold\n"
             : std::to_string(broken) + " of " + std::to_string(run.budgets.size()) + " budgets broken\n";
  for (const auto& budget : run.budgets) {
    constexpr std::string_view indent = "          ";
    std::string lines = wrapped(budget.plan.budget.text, indent);
    out += lines.replace(0, indent.size(), budget.verdict.holds ? "  ok      " : "  BROKEN  ");
    if (budget.verdict.holds) continue;
    out += wrapped(budget.verdict.text + (budget.plan.why.empty() ? "" : " - " + budget.plan.why), indent);
  }
  return out;
}

RUSHHOUR_INLINE std::string notes_of(const Run& run) {
  std::string out;
  for (const sim::Outcomes& outcomes : run.result.detections) {
    if (outcomes.first_error.empty()) continue;
    out += wrapped("first error of " + outcomes.detection + ", event " +
                       std::to_string(outcomes.first_error_event) + ": " +
                       outcomes.first_error.substr(0, break_in(outcomes.first_error, 300)),
                   "  ");
  }
  if (run.damaged_records > 0) {
    const event::Damage& first = run.damages.front();
    out += wrapped(grouped(run.damaged_records) + " damaged records passed over; the first: " + first.file +
                       ", byte " + std::to_string(first.offset) + ": " + first.what +
                       (first.forfeits_rest ? " (the rest of that file was not read)" : ""),
                   "  ");
  }
  out += "  seed " + std::to_string(run.scenario.seed) + ", digest " + run.digest + ", transport " +
         run.transport + "\n";
  std::vector<std::string> again{"rushhour run", run.scenario.file,
                                 "--seed " + std::to_string(run.scenario.seed)};
  if (!run.scenario.recorded) again.push_back("--events " + std::to_string(run.scenario.events));
  return out + command(again, "  again: ");
}

/// Where the limits come from, once for all runs.
RUSHHOUR_INLINE std::string assumptions_of(std::span<const Run* const> runs) {
  std::vector<std::string> lines;
  for (const Run* run : runs) {
    for (const api::Operation* operation : scenario::all_operations()) {
      if (run->metrics->meter(*operation) == nullptr) continue;
      for (const Pressure& pressure : run->metrics->pressures(*operation)) {
        std::string line = std::string{api::to_text(operation->service)} + " " + limit_text(pressure.limit) +
                           " for " + std::string{pressure.limit.scope} + " [" +
                           std::string{to_text(pressure.limit.evidence)} + "] " +
                           std::string{pressure.limit.source};
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
      }
    }
  }
  std::string out = "limits assumed\n";
  for (const std::string& line : lines) out += wrapped(line, "  ");
  return out + "\n";
}

RUSHHOUR_INLINE std::string table_of(std::span<const Run* const> runs) {
  Table table{runs};
  table.row("", [](const Run& run) { return run.scenario.name; });
  table.row("events", [](const Run& run) { return grouped(run.result.events); });
  table.row("first to last arrival", [](const Run& run) {
    return to_text(
        std::chrono::round<std::chrono::seconds>(run.result.last_arrival - run.result.first_arrival));
  });
  for (const api::Operation* operation : scenario::all_operations()) {
    const bool called = std::any_of(
        runs.begin(), runs.end(), [&](const Run* run) { return run->metrics->meter(*operation) != nullptr; });
    if (called) operation_rows(table, *operation);
  }
  detection_rows(table);
  return table.take();
}

}  // namespace detail

RUSHHOUR_INLINE std::string text(std::span<const scenario::Run* const> runs) {
  std::string out;
  if (!runs.empty()) out += detail::assumptions_of(runs);
  for (std::size_t at = 0; at < runs.size(); at += detail::columns_max) {
    out += detail::table_of(runs.subspan(at, std::min(detail::columns_max, runs.size() - at)));
  }
  for (const scenario::Run* run : runs) out += detail::budgets_of(*run) + detail::notes_of(*run);
  return out;
}

}  // namespace rushhour::report
