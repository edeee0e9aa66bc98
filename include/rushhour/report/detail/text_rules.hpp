/// \file
/// Elastic's rules in a text report: how far the documents got, what the runs did, the rule's score beside
/// that of other detections of the first time, and what went wrong and why.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

/// Cells to the right of a name; a name that is too long is cut.
inline std::string score_line(std::string_view name, const std::array<std::string, 7>& cells) {
  constexpr std::array<std::size_t, 7> widths{9, 10, 12, 7, 7, 9, 9};
  constexpr std::size_t name_width = 16;
  std::string out = " ";
  out += name.substr(0, break_in(name, name_width - 1));
  out.resize(name_width + 1, ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].size() < widths[i]) out.append(widths[i] - cells[i].size(), ' ');
    out += cells[i];
  }
  return out + "\n";
}

/// `12.3 KB`
inline std::string short_bytes(std::size_t bytes) {
  if (bytes < 10'000) return grouped(bytes) + " B";
  if (bytes < 10'000'000) return decimal({bytes, 1'000}, 1) + " KB";
  return decimal({bytes, 1'000'000}, 1) + " MB";
}

/// In seconds, from an hour on in minutes.
inline std::string rough(Duration delay) {
  if (delay < std::chrono::hours{1}) return to_text(std::chrono::round<std::chrono::seconds>(delay));
  return to_text(std::chrono::round<std::chrono::minutes>(delay));
}

inline std::string score_line(std::string_view name, const elastic::Scored& score) {
  const bool any = score.delay.count() > 0;
  return score_line(name, {percent(score.found, score.firsts), percent(score.found, score.alerts),
                           grouped(score.found) + "/" + grouped(score.firsts), grouped(score.alerts),
                           any ? rough(score.delay.percentile({50, 100})) : "-",
                           grouped(score.costs.reads + score.costs.writes),
                           score.costs.bytes_max == 0 ? "-" : short_bytes(score.costs.bytes_max)});
}

inline std::string finding_lines(const elastic::Finding& finding) {
  constexpr std::string_view indent = "           ";
  std::string head = grouped(finding.count);
  head.insert(0, 9 - std::min<std::size_t>(head.size(), 9), ' ');
  std::string lines =
      wrapped(std::string{to_text(finding.kind)} + ": " + std::string{to_text(finding.cause)} + " (" +
                  std::string{advice(finding.cause)} + ")",
              indent);
  lines.replace(0, head.size() + 1, head + " ");
  for (const elastic::Finding::Example& example : finding.examples) {
    lines += wrapped("event " + std::to_string(example.document) + " at " + to_iso8601(example.time) +
                         (example.terms.empty() ? "" : ": " + example.terms),
                     indent);
    break;
  }
  return lines;
}

inline std::string exception_lines(const elastic::ExceptionCounts& exception) {
  constexpr std::string_view indent = "           ";
  return wrapped("exception \"" + exception.item + "\": documents " + grouped(exception.documents) +
                     ", alerts removed " + grouped(exception.alerts) + ", truly new hidden " +
                     grouped(exception.firsts),
                 indent);
}

inline std::string rule_text(const scenario::Run& run, const scenario::RuleResult& rule) {
  std::string out =
      "\n" + wrapped(run.scenario.name + ": rule \"" + rule.name + "\", new " + rule.fields, "");
  out += " events " + grouped(rule.passages.events) + " (history " + grouped(run.history) + "), matched " +
         grouped(rule.passages.matched) + ", excepted " + grouped(rule.passages.excepted) +
         ", without terms " + grouped(rule.passages.without_terms) + "\n";
  out += " runs " + grouped(rule.runs.runs) + ", truncated " + grouped(rule.runs.truncated) +
         ", behind a gap " + grouped(rule.runs.with_gap) + " (" + to_text(rule.runs.gaps) + "), searches " +
         grouped(rule.runs.searches) + " (" + grouped(rule.runs.searches_max) + " in one run)\n\n";
  out += score_line("", {"recall", "precision", "found", "alerts", "delay", "requests", "state"});
  out += score_line("the rule", rule.score);
  for (const elastic::Scored& other : rule.beside) out += score_line(other.detection, other);
  for (const elastic::ExceptionCounts& exception : rule.exceptions) out += exception_lines(exception);
  if (!rule.findings.empty()) out += "\n findings\n";
  for (const elastic::Finding& finding : rule.findings) out += finding_lines(finding);
  return out;
}

inline std::string searches_text(const scenario::SearchLoad& load) {
  std::string text = "searches of all rules " + grouped(load.searches) + ", at most " +
                     grouped(load.peak_per_minute) + " in a minute, from " +
                     time_of_day(load.peak_begin).substr(0, 5);
  if (load.limit_per_minute) {
    text += "; the limit of " + grouped(*load.limit_per_minute) + " refuses " + grouped(load.refused);
  }
  return "\n" + wrapped(text, " ");
}

inline std::string rules_of(const scenario::Run& run) {
  std::string out;
  for (const scenario::RuleResult& rule : run.rules) out += rule_text(run, rule);
  if (run.searches) out += searches_text(*run.searches);
  return out;
}

}  // namespace rushhour::report::detail
