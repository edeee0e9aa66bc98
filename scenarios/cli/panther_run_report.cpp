#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/report/detail/words.hpp>
#include <rushhour/result.hpp>
#include <rushhour/site.hpp>

#include "panther_run.hpp"

namespace rushhour::cli {

namespace {

using Json = nlohmann::ordered_json;
using report::detail::grouped;

constexpr std::size_t name_width = 42;

std::string_view name_of(const RuleRun& rule) { return rule.counts->rule; }

std::string padded(std::string_view text, std::size_t width) {
  std::string out{text};
  if (out.size() < width) out.append(width - out.size(), ' ');
  return out;
}
std::string right(std::string_view text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + std::string{text} : std::string{text};
}

/// Seconds, minutes or hours, with one decimal.
std::string rough(Duration length) {
  struct Unit {
    Duration size;
    const char* name;
  };
  constexpr std::array<Unit, 5> units{{{std::chrono::hours{1}, "h"},
                                       {std::chrono::minutes{1}, "min"},
                                       {std::chrono::seconds{1}, "s"},
                                       {std::chrono::milliseconds{1}, "ms"},
                                       {std::chrono::microseconds{1}, "us"}}};
  for (const Unit& unit : units) {
    if (length < unit.size) continue;
    const std::int64_t tenths = length / (unit.size / 10);
    return grouped(static_cast<std::uint64_t>(tenths / 10)) + "." + std::to_string(tenths % 10) + " " +
           unit.name;
  }
  return "0";
}

Duration each(Duration total, std::uint64_t events) {
  return events == 0 ? Duration{} : total / static_cast<std::int64_t>(events);
}

std::string outcomes_text(const measure::Counts& counts) {
  std::string out;
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (counts.of(outcome) == 0) continue;
    out += (out.empty() ? "" : ", ") + grouped(counts.of(outcome)) + " " + std::string{to_text(outcome)};
  }
  return out;
}

std::string overview(const PantherRun& run) {
  std::string out = padded("", name_width) +
                    "   events  matches  alerts  errors  _error    calls       KV  an event   an hour\n";
  for (const RuleRun& rule : run.rules) {
    out += padded(name_of(rule), name_width) + right(grouped(rule.counts->events), 9) +
           right(grouped(rule.counts->matches), 9) + right(grouped(rule.outcomes->alerts), 8) +
           right(grouped(rule.counts->rule_errors), 8) + right(grouped(rule.counts->context_errors), 8) +
           right(grouped(rule.attempts()), 9) + right(grouped(rule.kv_operations()), 9) +
           right(rough(each(rule.hour.cpu, rule.hour.events)), 10) + right(rough(rule.hour.total()), 10) +
           "  " + std::string{verdict_of(rule.hour)} + "\n";
  }
  return out;
}

std::string errors_text(const panther::RuleCounts& counts) {
  std::string out;
  for (const panther::RuleErrorRow& row : counts.error_rows) {
    out +=
        "  " + std::string{to_text(row.function)} + "() failed " + grouped(row.count) + " times: " + row.text;
    if (!row.file.empty())
      out += " (" + row.file + (row.line > 0 ? ":" + std::to_string(row.line) : "") + ")";
    out += ", first for event " + std::to_string(row.first_event) + "\n";
  }
  return out;
}

/// What the rows above leave out; empty when there is nothing.
std::string details(const RuleRun& rule) {
  std::string out;
  for (const RuleCalls& calls : rule.calls) {
    out += "  " + padded(calls.operation, 34) + outcomes_text(calls.counts) + "\n";
    for (const SiteCalls& line : calls.sites) {
      if (!line.site.empty()) out += "    " + grouped(line.attempts) + " at " + line.site + "\n";
    }
  }
  if (rule.outcomes->clients_made > 0) {
    out += "  " + grouped(rule.outcomes->clients_made) + " clients made, in Panther's runtime up to " +
           rough(client_cost) + " each\n";
  }
  if (rule.hour.waiting > Duration::zero()) {
    out += "  an hour of " + grouped(rule.hour.events) + " events: " + rough(rule.hour.cpu) + " of CPU, " +
           rough(rule.hour.clients) + " of making clients, " + rough(rule.hour.waiting) + " of waiting\n";
  }
  if (rule.outcomes->windows > rule.outcomes->alerts) {
    out += "  " + grouped(rule.outcomes->windows - rule.outcomes->alerts) + " of " +
           grouped(rule.outcomes->windows) + " windows stayed below the Threshold of " +
           grouped(rule.spec->threshold) + ": no alert\n";
  }
  if (rule.outcomes->error_alerts > 0)
    out += "  " + grouped(rule.outcomes->error_alerts) + " alerts of the rule's own errors\n";
  return out + errors_text(*rule.counts);
}

Json calls_json(const std::vector<RuleCalls>& all) {
  Json out = Json::array();
  for (const RuleCalls& calls : all) {
    const std::size_t colon = calls.operation.find(':');
    Json outcomes = Json::object();
    for (std::size_t i = 0; i < outcome_count; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      if (calls.counts.of(outcome) > 0) outcomes[std::string{to_text(outcome)}] = calls.counts.of(outcome);
    }
    Json sites = Json::array();
    for (const SiteCalls& line : calls.sites) {
      const Site site = read_site(line.site);
      sites.push_back({{"site", site.line}, {"rule_line", site.rule_line}, {"attempts", line.attempts}});
    }
    out.push_back({{"service", calls.operation.substr(0, colon)},
                   {"operation", calls.operation.substr(colon + 1)},
                   {"calls", calls.counts.calls},
                   {"attempts", calls.counts.attempts()},
                   {"outcomes", std::move(outcomes)},
                   {"sites", std::move(sites)}});
  }
  return out;
}

Json errors_json(const panther::RuleCounts& counts) {
  Json by_function = Json::object();
  for (std::size_t i = 0; i < panther::rule_function_count; ++i) {
    if (counts.errors[i] > 0)
      by_function[std::string{to_text(static_cast<panther::RuleFunction>(i))}] = counts.errors[i];
  }
  Json rows = Json::array();
  for (const panther::RuleErrorRow& row : counts.error_rows) {
    rows.push_back({{"function", to_text(row.function)},
                    {"type", row.type},
                    {"error", row.text},
                    {"file", row.file},
                    {"line", row.line},
                    {"count", row.count},
                    {"first_event", row.first_event}});
  }
  return {{"by_function", std::move(by_function)}, {"rows", std::move(rows)}};
}

Json rule_json(const RuleRun& rule) {
  const sim::Outcomes& outcomes = *rule.outcomes;
  const ProjectedHour& hour = rule.hour;
  return {{"rule", rule.counts->rule},
          {"file", rule.spec->file},
          {"events", rule.counts->events},
          {"matches", rule.counts->matches},
          {"alerts", outcomes.alerts},
          {"windows", outcomes.windows},
          {"threshold", rule.spec->threshold},
          {"rule_errors", rule.counts->rule_errors},
          {"error_alerts", outcomes.error_alerts},
          {"context_errors", rule.counts->context_errors},
          {"calls", calls_json(rule.calls)},
          {"kv_operations", rule.kv_operations()},
          {"clients_made", outcomes.clients_made},
          {"module_loads", rule.counts->loads},
          {"waiting_nanoseconds", static_cast<std::int64_t>(rule.counts->waited_ns)},
          {"errors", errors_json(*rule.counts)},
          {"cpu_nanoseconds_per_event", each(hour.cpu, hour.events).count()},
          {"projected_hour",
           {{"events", hour.events},
            {"cpu_nanoseconds", hour.cpu.count()},
            {"clients_nanoseconds_max", hour.clients.count()},
            {"waiting_nanoseconds", hour.waiting.count()},
            {"verdict", verdict_of(hour)}}}};
}

}  // namespace

std::string_view verdict_of(const ProjectedHour& hour) {
  if (hour.total() < std::chrono::minutes{1}) return "highly performant";
  if (hour.total() < std::chrono::minutes{10}) return "less performant";
  return "at risk of timing out";
}

std::uint64_t RuleRun::attempts() const {
  std::uint64_t sum = 0;
  for (const RuleCalls& each : calls) sum += each.counts.attempts();
  return sum;
}

std::uint64_t RuleRun::kv_operations() const {
  std::uint64_t sum = 0;
  for (const RuleCalls& each : calls) {
    if (each.operation.starts_with("dynamodb:")) sum += each.counts.attempts();
  }
  return sum;
}

std::string text_of(const PantherRun& run) {
  std::string out = std::to_string(run.rules.size()) + " rules of " + run.pack->folder + " over " +
                    grouped(run.events) + " events in " + rough(run.span) + " of " + run.source + ", seed " +
                    std::to_string(run.seed) + "\n\n" + overview(run);
  for (const RuleRun& rule : run.rules) {
    if (const std::string more = details(rule); !more.empty())
      out += "\n" + std::string{name_of(rule)} + "\n" + more;
  }
  for (const panther::BrokenItem& broken : run.pack->broken)
    out += (&broken == &run.pack->broken.front() ? "\nbroken files\n  " : "  ") + broken.mistake + "\n";
  if (run.proven_events > 0) {
    out += "\n" + std::to_string(run.proven_events) + " events looked at again with boto3's own requests: " +
           (run.tier_differences.empty() ? std::string{"nothing differs"}
                                         : std::to_string(run.tier_differences.size()) + " differences") +
           "\n";
    for (const std::string& difference : run.tier_differences) out += "  " + difference + "\n";
  }
  for (const std::string& finding : run.findings)
    out += (&finding == &run.findings.front() ? "\nfindings\n  " : "  ") + finding + "\n";
  return out;
}

std::string json_of(const PantherRun& run) {
  Json rules = Json::array();
  for (const RuleRun& rule : run.rules) rules.push_back(rule_json(rule));
  Json broken = Json::array();
  for (const panther::BrokenItem& item : run.pack->broken)
    broken.push_back({{"file", item.file}, {"mistake", item.mistake}});
  const Json out{{"format", "rushhour.panther_run/1"},
                 {"pack", run.pack->folder},
                 {"source", run.source},
                 {"seed", run.seed},
                 {"events", run.events},
                 {"span_nanoseconds", run.span.count()},
                 {"tier", run.tier},
                 {"digest", run.digest},
                 {"rules", std::move(rules)},
                 {"broken", std::move(broken)},
                 {"tier_proof", {{"events", run.proven_events}, {"differences", run.tier_differences}}},
                 {"findings", run.findings}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rushhour::cli
