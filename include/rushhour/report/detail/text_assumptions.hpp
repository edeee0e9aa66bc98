/// \file
/// The beginning of a text report: what the runs took for granted, as far as it decides most. The whole list,
/// with every source, is in the JSON report.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/table.hpp>
#include <rushhour/scenario/assumptions.hpp>

namespace rushhour::report::detail {

using scenario::Assumption;

/// The page without what it says: up to the first colon, semicolon or full stop that a space follows.
inline std::string page_of(std::string_view source) {
  std::size_t end = source.size();
  for (const std::string_view mark : std::array<std::string_view, 3>{": ", "; ", ". "}) {
    end = std::min(end, source.find(mark));
  }
  return std::string{source.substr(0, end)};
}

/// Every limit that was charged, as `sts 600 per 1s [DOC] IAM User Guide, STS request quotas`.
inline std::vector<std::string> limit_lines(const Run& run, std::span<const Assumption> all) {
  std::vector<std::string> out;
  for (const measure::Charge& charge : run.meters->charges()) {
    for (const limit::Profile& row : charge.rows) {
      std::string tag{to_text(row.evidence)};
      for (const Assumption& each : all) {
        if (each.source == row.source && each.name.starts_with("limit.")) tag = each.tag;
      }
      std::string line = std::string{row.service} + " " + limit_text(row) + " for " + std::string{row.scope} +
                         " [" + tag + "] " + page_of(row.source);
      if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
    }
  }
  return out;
}

/// `panther-oss-1.16: batches of 10 files ...` or `4 workers: ...`.
inline std::string engine_line(const sim::Engine& engine) {
  std::string out = engine.profile + ": ";
  if (engine.queued) {
    out += "files every " + to_text(engine.log_processor.flush_every) + ", batches of " +
           std::to_string(engine.poller.batch_size) + " within " + to_text(engine.poller.batch_window) +
           ", up to " + grouped(engine.lambda.concurrency_max) + " environments of " +
           grouped(engine.lambda.memory_mb) + " MB, timeout " + to_text(engine.lambda.timeout) + ", " +
           std::to_string(engine.queue.receives_max) + " receives";
  } else {
    out += grouped(engine.workers) + (engine.workers == 1 ? " worker" : " workers");
  }
  out +=
      std::string{", alert context "} +
      (engine.alert_context == sim::AlertContextCalls::per_match ? "for each match" : "once for each alert");
  out += engine.rules_reload ? ", rules reloaded every " + to_text(*engine.rules_reload)
                             : ", rules never reloaded";
  if (engine.rule_timeout) out += ", " + to_text(*engine.rule_timeout) + " for a rule";
  return out;
}

/// The names and values of an engine that have this tag.
inline std::string engine_values(const sim::Engine& engine, std::string_view tag) {
  std::string out;
  for (const Assumption& each : scenario::assumptions(engine)) {
    if (each.tag != tag || each.name == "fleet.profile") continue;
    out += (out.empty() ? "" : ", ") + each.name.substr(std::string_view{"fleet."}.size()) + " " + each.value;
  }
  return out;
}

inline std::size_t tagged(std::span<const Assumption> all, std::string_view tag) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Assumption& each) { return each.tag == tag; }));
}

/// What VirusTotal's terms say of the keys that were used; empty when they allow it.
inline std::vector<std::string> terms_lines(const Run& run) {
  std::vector<std::string> out;
  for (const measure::Charge& charge : run.meters->charges()) {
    const fakes::VirusTotalKey* const key =
        run.world->world.virustotal.find_key(run.world->world.ledger.names().text(charge.account));
    if (charge.rows.front().service != "virustotal" || key == nullptr || key->terms().empty()) continue;
    std::string line{key->terms()};
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
  }
  return out;
}

/// `77 and 73 assumptions, 42 and 42 of them chosen ...`
inline std::string count_line(std::span<const std::vector<Assumption>> all) {
  std::string counts;
  std::string chosen;
  for (const std::vector<Assumption>& each : all) {
    counts += (counts.empty() ? "" : ", ") + std::to_string(each.size());
    chosen += (chosen.empty() ? "" : ", ") + std::to_string(tagged(each, scenario::assumption_tags::choice));
  }
  return "in all " + counts + " assumptions, " + chosen +
         " of them chosen where nothing is published: --json lists them with their sources";
}

/// Which endpoint of STS was called, because each has quotas of its own, and what else the scenario says of
/// how a service counts: `sts.endpoint global [user]`.
inline std::vector<std::string> service_lines(std::span<const Assumption> all) {
  std::vector<std::string> out;
  for (const Assumption& each : all) {
    const bool is_said =
        each.tag == scenario::assumption_tags::user && each.name.starts_with("world.secretsmanager.");
    if (each.name == "sts.endpoint" || is_said)
      out.push_back(each.name + " " + each.value + " [" + each.tag + "]");
  }
  return out;
}

/// Limits, services, engines and terms of all runs, each once.
inline std::string assumptions_of(std::span<const Run* const> runs) {
  std::vector<std::vector<Assumption>> all;
  for (const Run* run : runs) all.push_back(scenario::assumptions(*run));
  std::vector<std::string> lines;
  const auto add = [&](std::string line) {
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
  };
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::string& line : limit_lines(*runs[i], all[i])) add(std::move(line));
  }
  for (const std::vector<Assumption>& each : all) {
    for (std::string& line : service_lines(each)) add(std::move(line));
  }
  for (const Run* run : runs) {
    const sim::Engine& engine = run->scenario.engine;
    add("engine " + engine_line(engine));
    const std::string changed = engine_values(engine, scenario::assumption_tags::user);
    if (engine.queued && !changed.empty()) add(engine.profile + ", by the scenario: " + changed);
    if (engine.queued)
      add(engine.profile + ", by choice: " + engine_values(engine, scenario::assumption_tags::choice));
  }
  for (const Run* run : runs) {
    for (std::string& line : terms_lines(*run)) add(std::move(line));
  }
  add(count_line(all));
  std::string out = "assumed\n";
  for (const std::string& line : lines) out += wrapped(line, "  ");
  return out + "\n";
}

}  // namespace rushhour::report::detail
