// `rushhour panther test`: the tests in rules' YAML files, run as Panther runs them.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/panther/python_host.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/panther/rule_test.hpp>
#include <rushhour/time.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "max_calls.hpp"
#include "panther_libraries.hpp"
#include "panther_test_report.hpp"

namespace rushhour::cli {

namespace {

using panther::RuleSpec;
using panther::TestVerdict;

/// `KEY=VALUE,...` or `KEY!=VALUE,...`.
struct Filter {
  std::string key{};
  std::vector<std::string> values{};
  bool excludes{};
};

std::vector<std::string> values_of(const RuleSpec& rule, const std::string& key) {
  if (key == "RuleID") return {rule.id};
  if (key == "AnalysisType") return {std::string{to_text(rule.kind)}};
  if (key == "Severity") return {std::string{to_text(rule.severity)}};
  if (key == "Enabled") return {rule.enabled ? "true" : "false"};
  if (key == "LogTypes") return rule.log_types;
  if (key == "Tags") return rule.tags;
  throw InputError({.expected = "--filter by RuleID, AnalysisType, Severity, Enabled, LogTypes or Tags",
                    .seen = '"' + key + '"',
                    .advice = "such as --filter Severity=High,Critical"});
}

Filter read_filter(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw InputError({.expected = "--filter KEY=VALUE or KEY!=VALUE",
                      .seen = '"' + text + '"',
                      .advice = "such as --filter Severity=High,Critical"});
  }
  Filter out{.key = text.substr(0, equals)};
  if (out.key.ends_with('!')) {
    out.excludes = true;
    out.key.pop_back();
  }
  static_cast<void>(values_of(RuleSpec{}, out.key));
  std::string_view rest = std::string_view{text}.substr(equals + 1);
  for (;;) {
    const std::size_t comma = rest.find(',');
    out.values.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    rest.remove_prefix(comma + 1);
  }
}

bool same_word(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

bool passes(const RuleSpec& rule, const Filter& filter) {
  const std::vector<std::string> has = values_of(rule, filter.key);
  const bool has_one = std::any_of(has.begin(), has.end(), [&](const std::string& value) {
    return std::any_of(filter.values.begin(), filter.values.end(),
                       [&](const std::string& wanted) { return same_word(value, wanted); });
  });
  return has_one != filter.excludes;
}

/// Keeps the rules that pass all filters, so that only their code is compiled.
void keep_wanted(panther::RulePack& pack, const std::vector<std::string>& texts) {
  std::vector<Filter> filters;
  filters.reserve(texts.size());
  for (const std::string& text : texts) filters.push_back(read_filter(text));
  std::erase_if(pack.rules, [&](const RuleSpec& rule) {
    return !std::all_of(filters.begin(), filters.end(),
                        [&](const Filter& filter) { return passes(rule, filter); });
  });
}

Instant instant_of(const std::string& text) {
  if (text.empty()) return RealClock{}.now();
  const std::optional<Instant> instant = parse_iso8601(text);
  if (!instant) {
    throw InputError({.expected = "for --now a time such as 2026-03-02T14:00:00Z", .seen = '"' + text + '"'});
  }
  return *instant;
}

void check_number_of_tests(TestedRule& tested, std::uint64_t minimum) {
  const std::vector<panther::TestSpec>& tests = tested.rule->tests;
  if (tests.size() < minimum) {
    tested.failures.push_back("it has " + std::to_string(tests.size()) +
                              " tests, and --minimum-tests asks for " + std::to_string(minimum));
  }
  const auto expecting = [&](bool match) {
    return std::any_of(tests.begin(), tests.end(), [&](const auto& test) { return test.expected == match; });
  };
  if (minimum > 1 && !(expecting(true) && expecting(false))) {
    tested.failures.emplace_back(
        "--minimum-tests asks for a test that expects a match and for one that expects none");
  }
}

void check_calls(TestVerdict& verdict, const std::vector<MaxCalls>& limits) {
  Section section;
  for (const panther::TestCalls& calls : verdict.calls) section.attempts[calls.operation] = calls.attempts;
  for (const MaxCalls& limit : limits) {
    const std::uint64_t count = section.count(limit);
    if (count <= limit.limit) continue;
    verdict.passed = false;
    verdict.failures.push_back("--max-calls " + limit.text + ": " + std::to_string(count) +
                               (count == 1 ? " call" : " calls"));
  }
}

TestedRule tested(panther::RuleTester& tester, const panther::RulePack& pack, std::size_t index,
                  const PantherTestCommand& command, const std::vector<MaxCalls>& limits) {
  TestedRule out{.rule = &pack.rules[index]};
  check_number_of_tests(out, command.minimum_tests);
  for (std::size_t i = 0; i < out.rule->tests.size(); ++i) {
    const std::vector<std::string>& names = command.test_names;
    const bool is_wanted =
        names.empty() || std::find(names.begin(), names.end(), out.rule->tests[i].name) != names.end();
    if (!is_wanted) continue;
    out.tests.push_back(tester.run(index, i));
    check_calls(out.tests.back(), limits);
  }
  if (!out.rule->tests.empty()) return out;
  if (const auto error = tester.load_error(index)) out.failures.push_back("it does not load: " + error->text);
  return out;
}

}  // namespace

int panther_test(const PantherTestCommand& command) {
  std::vector<MaxCalls> limits;
  limits.reserve(command.max_calls.size());
  for (const std::string& text : command.max_calls) limits.push_back(read_max_calls(text));
  const Instant now = instant_of(command.now);
  panther::RulePack pack = panther::load_pack(command.folder);
  keep_wanted(pack, command.filters);
  add_panther_libraries(pack);

  const bool prints = command.json != "-";
  PantherTestReport report{.pack = &pack};
  panther::PythonHost host;
  panther::PythonThread thread{host};
  {
    panther::RuleTester tester{thread, pack, {.now = now, .seed = command.seed}};
    for (std::size_t i = 0; i < pack.rules.size(); ++i) {
      report.rules.push_back(tested(tester, pack, i, command, limits));
      const TestedRule& done = report.rules.back();
      const bool has_nothing = done.tests.empty() && done.passed();
      if (prints && !has_nothing && !(command.failures_only && done.passed())) {
        std::fputs(to_text(done).c_str(), stdout);
      }
    }
  }
  std::fputs((prints ? summary_text(report) : to_json(report)).c_str(), stdout);
  if (prints && !command.json.empty()) write_file(command.json, to_json(report));
  if (!command.junit.empty()) write_file(command.junit, to_junit(report));

  if (!pack.broken.empty()) return exit_usage;
  const bool all_passed = std::all_of(report.rules.begin(), report.rules.end(),
                                      [](const TestedRule& rule) { return rule.passed(); });
  return all_passed ? exit_ok : exit_failed_tests;
}

}  // namespace rushhour::cli
