/// \file
/// The ledger of losses in a text report: which detections judged nothing or alerted without their context,
/// and because of which call.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/table.hpp>
#include <rushhour/sim/losses.hpp>

namespace rushhour::report::detail {

/// Worst first: what was missed or never judged before what went out degraded, then by number.
inline std::vector<sim::LossRow> worst_first(const sim::Losses& losses) {
  std::vector<sim::LossRow> rows = losses.rows();
  std::stable_sort(rows.begin(), rows.end(), [](const sim::LossRow& a, const sim::LossRow& b) {
    const bool a_degraded = a.kind == sim::LossKind::degraded;
    const bool b_degraded = b.kind == sim::LossKind::degraded;
    return a_degraded != b_degraded ? b_degraded : a.count > b.count;
  });
  return rows;
}

/// `AWS.Root, in rule(): virustotal:ip_addresses throttled`
inline std::string cause_text(const Run& run, const sim::LossRow& row) {
  std::string out = row.detection < run.result.detections.size()
                        ? run.result.detections[row.detection].detection
                        : std::string{"?"};
  if (row.cause.function != Function::unknown)
    out += ", in " + std::string{to_text(row.cause.function)} + "()";
  if (row.cause.operation != nullptr) {
    out += ": " + api::to_text(*row.cause.operation) + " " + std::string{to_text(row.cause.outcome)};
  }
  return out;
}

/// Empty when nothing was lost.
inline std::string losses_of(const Run& run) {
  constexpr std::size_t rows_max = 10;
  constexpr std::size_t error_size_max = 200;
  constexpr std::string_view indent = "                        ";
  const std::vector<sim::LossRow> rows = worst_first(run.result.losses);
  if (rows.empty()) return {};
  std::string out = "\n" + run.scenario.name + ": lost, worst first\n";
  for (std::size_t i = 0; i < std::min(rows.size(), rows_max); ++i) {
    const sim::LossRow& row = rows[i];
    std::string kind{to_text(row.kind)};
    std::replace(kind.begin(), kind.end(), '_', '-');
    std::string head = grouped(row.count);
    head.insert(0, 9 - std::min<std::size_t>(head.size(), 9), ' ');
    head += " " + kind;
    head.resize(std::max(head.size() + 1, indent.size()), ' ');
    std::string lines = wrapped(cause_text(run, row), indent);
    out += lines.replace(0, indent.size(), head);
    out += wrapped("first: event " + std::to_string(row.first_event) + " at " + time_of_day(row.first_at) +
                       (row.first_error.empty()
                            ? ""
                            : ": " + row.first_error.substr(0, break_in(row.first_error, error_size_max))),
                   indent);
  }
  if (rows.size() > rows_max) out += "           +" + std::to_string(rows.size() - rows_max) + " more\n";
  return out;
}

}  // namespace rushhour::report::detail
