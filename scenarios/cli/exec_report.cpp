#include "exec_report.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <rushhour/calls.hpp>
#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/report/detail/xml.hpp>

namespace rushhour::cli {

namespace {

using Json = nlohmann::ordered_json;

/// Whether a command that runs for itself, in no simulation, can be held to it: its calls, by no rule, as its
/// meters have counted them.
bool can_be_judged(const scenario::Term& term, const scenario::RunMetrics& metrics) {
  const scenario::Selector& selector = term.selector;
  bool is_service = false;
  for (std::size_t i = 0; i < api::detection_service_count; ++i)
    is_service = is_service || selector.service == api::to_text(static_cast<api::Service>(i));
  const bool by_rule = std::any_of(selector.labels.begin(), selector.labels.end(), [](const auto& label) {
    return label.key == "rule" || label.key == "function";
  });
  return is_service && !by_rule && !term.of_baseline && !metrics.needs_watch(selector);
}
bool can_be_judged(const scenario::Budget& budget, const scenario::RunMetrics& metrics) {
  for (std::size_t i = 0; i < budget.size(); ++i) {
    if (!can_be_judged(budget.at(i), metrics)) return false;
  }
  return true;
}

void judge_budgets(ExecReport& report, const ExecFacts& facts, const scenario::RunMetrics& metrics) {
  for (const scenario::BudgetPlan& plan : facts.scenario->budgets) {
    if (!can_be_judged(plan.budget, metrics)) {
      report.not_judged.push_back(plan.budget.text);
      continue;
    }
    const scenario::Verdict verdict = evaluate(plan.budget, metrics);
    report.demands.push_back({.text = plan.budget.text,
                              .holds = verdict.holds,
                              .warns = plan.budget.level == scenario::Level::warn,
                              .finding = verdict.text + (plan.why.empty() ? "" : "; why: " + plan.why)});
  }
}

/// Names every test that broke it, one a line.
void judge_max_calls(ExecReport& report, const ExecFacts& facts) {
  for (const MaxCalls& limit : facts.max_calls) {
    Demand demand{.text = "--max-calls " + limit.text, .holds = true};
    std::uint64_t most = 0;
    for (const Section& section : facts.sections) {
      if (section.has_own_limits) continue;
      const std::uint64_t count = section.count(limit);
      most = std::max(most, count);
      if (count <= limit.limit) continue;
      if (!demand.holds) demand.finding += "\n";
      demand.holds = false;
      demand.finding += "fails: " + std::to_string(count) + (count == 1 ? " call" : " calls");
      if (!section.test.empty()) demand.finding += " in " + section.test;
    }
    if (demand.holds) demand.finding = "holds: at most " + std::to_string(most);
    report.demands.push_back(std::move(demand));
  }
}

void add_rows(ExecReport& report, const ExecFacts& facts) {
  const Names& names = facts.world.ledger.names();
  std::map<std::pair<std::string_view, std::string_view>, measure::Counts> sums;
  for (const measure::Cell* cell : facts.meters.cells())
    sums[{names.text(cell->operation), names.text(cell->account)}].add(cell->counts);
  for (const auto& [key, counts] : sums) {
    report.rows.push_back(
        {.operation = std::string{key.first}, .account = std::string{key.second}, .counts = counts});
  }
}

void add_pressures(ExecReport& report, const ExecFacts& facts, const scenario::RunMetrics& metrics) {
  const auto is_same = [](const scenario::Pressure& a, const scenario::Pressure& b) {
    return a.limit.service == b.limit.service && a.limit.group == b.limit.group && a.account == b.account &&
           a.limit.window == b.limit.window && a.limit.calendar_month == b.limit.calendar_month;
  };
  for (const api::Operation* operation : scenario::all_operations()) {
    if (facts.meters.find(api::to_text(*operation)) == nullptr) continue;
    for (const scenario::Pressure& pressure : metrics.pressures(*operation)) {
      const bool is_known = std::any_of(report.pressures.begin(), report.pressures.end(),
                                        [&](const auto& known) { return is_same(known, pressure); });
      if (!is_known) report.pressures.push_back(pressure);
    }
  }
}

/// Whose limits `of limit` means: of those who called.
void add_accounts(scenario::RunFacts& out, const ExecFacts& facts) {
  for (const measure::Cell* cell : facts.meters.cells()) {
    const std::string_view operation = facts.world.ledger.names().text(cell->operation);
    for (std::size_t i = 0; i < api::detection_service_count; ++i) {
      std::vector<Name>& known = out.accounts[i];
      const bool is_new = std::find(known.begin(), known.end(), cell->account) == known.end();
      const bool is_of =
          operation.substr(0, operation.find(':')) == api::to_text(static_cast<api::Service>(i));
      if (is_of && is_new && cell->account != Name{}) known.push_back(cell->account);
    }
  }
}

std::string seconds(Duration length) {
  const auto tenths = std::chrono::round<std::chrono::milliseconds>(length).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string command_text(const ExecReport& report) {
  std::string out;
  for (const std::string& word : report.command)
    out += (out.empty() ? "" : " ") + report::detail::shell_word(word);
  return out;
}

std::uint64_t total(const ExecReport& report) {
  std::uint64_t out = 0;
  for (const ExecReport::Row& row : report.rows) out += row.counts.attempts();
  return out;
}

void append_calls(std::string& out, const ExecReport& report) {
  using rushhour::detail::append_column;
  const auto line = [&out](std::string_view operation, std::string_view account, const auto&... numbers) {
    std::string text = "  ";
    append_column(text, operation, 34, false);
    append_column(text, account, 24, false);
    (append_column(text, numbers, 10, true), ...);
    out += text + "\n";
  };
  line("operation", "account or key", "attempts", "ok", "throttled", "errors");
  for (const ExecReport::Row& row : report.rows) {
    const measure::Counts& counts = row.counts;
    line(row.operation, row.account.empty() ? "(unknown)" : row.account, std::to_string(counts.attempts()),
         std::to_string(counts.of(Outcome::ok)), std::to_string(counts.of(Outcome::throttled)),
         std::to_string(counts.errors()));
  }
}

/// Limits that it came to more than half of; the others say nothing.
void append_pressures(std::string& out, const ExecReport& report) {
  for (const scenario::Pressure& pressure : report.pressures) {
    if (pressure.peak * 2 < pressure.limit.limit) continue;
    out += "  limit: " + std::string{pressure.limit.service} + " " +
           report::detail::limit_text(pressure.limit) + " of " + std::string{pressure.account} + ": " +
           std::to_string(pressure.peak) + " attempts in the fullest window" +
           (pressure.peak > pressure.limit.limit ? ", too many" : "") + "\n";
  }
}

void append_tests(std::string& out, const ExecReport& report) {
  constexpr std::size_t shown_max = 20;
  std::size_t shown = 0;
  for (const Section& section : report.sections) {
    if (section.test.empty()) continue;
    if (++shown > shown_max) continue;
    std::string calls;
    for (const auto& [operation, count] : section.attempts)
      calls += (calls.empty() ? "" : ", ") + std::to_string(count) + " " + operation;
    out += "  " + section.test + ": " + calls + "\n";
  }
  if (shown > shown_max) out += "  and " + std::to_string(shown - shown_max) + " more tests with calls\n";
}

void append_demands(std::string& out, const ExecReport& report) {
  for (const Demand& demand : report.demands) {
    std::string_view rest = demand.finding;
    do {  // a line for each finding
      const std::size_t end = rest.find('\n');
      out += std::string{demand.holds   ? "  ok      "
                         : demand.warns ? "  warning "
                                        : "  BROKEN  "} +
             demand.text + ": " + std::string{rest.substr(0, end)} + "\n";
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    } while (!rest.empty());
  }
  for (const std::string& budget : report.not_judged)
    out += "  skipped " + budget + ": only `rushhour run` and `check` measure it\n";
}

Json json_of(const measure::Counts& counts) {
  Json outcomes = Json::object();
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (counts.outcomes[i] > 0) outcomes[std::string{to_text(static_cast<Outcome>(i))}] = counts.outcomes[i];
  }
  return {{"attempts", counts.attempts()},
          {"ok", counts.of(Outcome::ok)},
          {"throttled", counts.of(Outcome::throttled)},
          {"errors", counts.errors()},
          {"outcomes", std::move(outcomes)}};
}

}  // namespace

bool ExecReport::holds() const {
  return std::all_of(demands.begin(), demands.end(),
                     [](const Demand& demand) { return demand.holds || demand.warns; });
}

void measure_and_judge(ExecReport& report, const ExecFacts& facts) {
  const sim::SimulationResult result{
      .first_arrival = facts.begin, .last_arrival = facts.end, .end = facts.end};
  scenario::RunFacts run_facts{.world = facts.world, .meters = facts.meters, .result = result};
  add_accounts(run_facts, facts);
  const scenario::RunMetrics metrics{std::move(run_facts)};
  report.sections = facts.sections;
  add_rows(report, facts);
  if (facts.resets == 0) add_pressures(report, facts, metrics);
  if (facts.scenario != nullptr) judge_budgets(report, facts, metrics);
  judge_max_calls(report, facts);
}

std::string text(const ExecReport& report) {
  std::string out = "rushhour: " + command_text(report) + " ended with " + std::to_string(report.exit_code) +
                    " after " + seconds(report.lasted) + " and " + std::to_string(total(report)) +
                    (total(report) == 1 ? " call\n" : " calls\n");
  if (!report.rows.empty()) append_calls(out, report);
  append_pressures(out, report);
  append_tests(out, report);
  for (const auto& [host, count] : report.refused_hosts) {
    out += "  refused " + host + ", " + std::to_string(count) + (count == 1 ? " time" : " times") +
           ": no host that rushhour serves\n";
  }
  append_demands(out, report);
  return out;
}

std::string json(const ExecReport& report) {
  Json calls = Json::array();
  for (const ExecReport::Row& row : report.rows) {
    Json each{{"operation", row.operation}, {"account", row.account}};
    each.update(json_of(row.counts));
    calls.push_back(std::move(each));
  }
  Json limits = Json::array();
  for (const scenario::Pressure& pressure : report.pressures) {
    limits.push_back({{"service", pressure.limit.service},
                      {"group", pressure.limit.group},
                      {"account", pressure.account},
                      {"limit", pressure.limit.limit},
                      {"window", pressure.limit.calendar_month ? "month" : to_text(pressure.limit.window)},
                      {"fullest_window_attempts", pressure.peak}});
  }
  Json tests = Json::array();
  for (const Section& section : report.sections)
    tests.push_back({{"test", section.test}, {"attempts", section.attempts}});
  Json demands = Json::array();
  for (const Demand& demand : report.demands) {
    demands.push_back({{"demand", demand.text},
                       {"holds", demand.holds},
                       {"level", demand.warns ? "warn" : "error"},
                       {"finding", demand.finding}});
  }
  return Json{{"format", "rushhour.exec/1"},
              {"command", report.command},
              {"exit_code", report.exit_code},
              {"lasted_ms", std::chrono::round<std::chrono::milliseconds>(report.lasted).count()},
              {"scenario", report.scenario.empty() ? Json{} : Json(report.scenario)},
              {"attempts", total(report)},
              {"calls", std::move(calls)},
              {"limits", std::move(limits)},
              {"tests", std::move(tests)},
              {"refused_hosts", report.refused_hosts},
              {"demands", std::move(demands)},
              {"not_judged", report.not_judged},
              {"holds", report.holds()}}
             .dump(2) +
         "\n";
}

std::string junit(const ExecReport& report) {
  using report::detail::xml_text;
  const auto is_failure = [](const Demand& demand) { return !demand.holds && !demand.warns; };
  const auto failures = std::count_if(report.demands.begin(), report.demands.end(), is_failure);
  const std::string counts = " tests=\"" + std::to_string(report.demands.size() + 1) + "\" failures=\"" +
                             std::to_string(failures + (report.exit_code != 0 ? 1 : 0)) + "\" errors=\"0\"";
  const std::string name = xml_text(command_text(report));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rushhour\"" + counts +
                    ">\n  <testsuite name=\"" + name + "\"" + counts + " skipped=\"0\">\n";
  const auto add_case = [&](const std::string& what, const std::string& failure, const std::string& note) {
    out += "    <testcase classname=\"" + name + "\" name=\"" + xml_text(what) + "\"";
    if (!failure.empty()) {
      out += "><failure message=\"" + xml_text(failure.substr(0, failure.find('\n'))) +
             "\" type=\"budget\">" + xml_text(failure) + "</failure></testcase>\n";
    } else if (!note.empty()) {
      out += "><system-out>" + xml_text(note) + "</system-out></testcase>\n";
    } else {
      out += "/>\n";
    }
  };
  add_case("exits with 0", report.exit_code == 0 ? "" : "exit code " + std::to_string(report.exit_code), "");
  for (const Demand& demand : report.demands)
    add_case(demand.text, is_failure(demand) ? demand.finding : "", demand.holds ? "" : demand.finding);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace rushhour::cli
