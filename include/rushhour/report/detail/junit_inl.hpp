#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/budget_names.hpp>
#include <rushhour/report/detail/judged_words.hpp>
#include <rushhour/report/detail/xml.hpp>
#include <rushhour/report/junit.hpp>

namespace rushhour::report {

namespace detail {

RUSHHOUR_INLINE std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string{name} + "=\"" + xml_text(value) + "\"";
}

/// Text between tags, where lines are lines.
RUSHHOUR_INLINE std::string xml_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + xml_text(line);
  return out;
}

/// A case that is there, and what became of it.
struct JunitCase {
  std::string name{};
  const scenario::JudgedBudget* budget{};  ///< null: it passes, and there is nothing to say
  bool fails{};
  std::string passes_with{};            ///< what to say of a broken budget that fails nothing
  std::optional<std::uint64_t> seed{};  ///< of several, when it is about one
};

inline std::string case_text(const Judged& scenario, const JunitCase& of) {
  std::string out =
      "    <testcase" + attribute("classname", scenario.run->scenario.name) + attribute("name", of.name);
  if (of.budget == nullptr || of.budget->verdict.holds) return out + "/>\n";
  const std::string lines = xml_lines(explanation(scenario, *of.budget, of.seed));
  if (!of.fails) {
    return out + ">\n      <system-out>" + of.passes_with + lines + "</system-out>\n    </testcase>\n";
  }
  return out + ">\n      <failure" + attribute("message", of.budget->verdict.text) +
         attribute("type", "budget") + ">" + lines + "</failure>\n    </testcase>\n";
}

/// One case a budget; over several seeds one for each seed, and where a single seed decides nothing one more
/// for what does.
inline void add_cases(const Judged& scenario, std::size_t at, std::vector<JunitCase>& out) {
  constexpr std::string_view warning = "broken, but only a warning: ";
  const scenario::JudgedBudget& budget = scenario.budgets[at];
  const std::string name = unique_name(scenario.budgets, at);
  const bool is_error = budget.plan.budget.level == scenario::Level::error;
  const scenario::Seeds seeds = budget.plan.budget.seeds;
  if (scenario.seeded != nullptr) {
    const bool decides = seeds == scenario::Seeds::all;
    for (const scenario::SeedRun& seed : scenario.seeded->seeds) {
      out.push_back(
          {.name = name + " [seed " + std::to_string(seed.seed) + "]",
           .budget = &seed.budgets[at],
           .fails = is_error && decides,
           .passes_with = decides ? std::string{warning} : "broken with this seed, which does not decide: ",
           .seed = seed.seed});
    }
    if (decides) return;
  }
  const std::string over =
      scenario.seeded == nullptr ? "" : " [" + std::string{to_text(seeds)} + " of seeds]";
  out.push_back(
      {.name = name + over, .budget = &budget, .fails = is_error, .passes_with = std::string{warning}});
}

/// A scenario without budgets still has its one case.
inline std::vector<JunitCase> cases_of(const Judged& scenario) {
  std::vector<JunitCase> out;
  for (std::size_t at = 0; at < scenario.budgets.size(); ++at) add_cases(scenario, at, out);
  if (out.empty()) out.push_back({.name = "runs"});
  return out;
}

inline std::size_t failures_of(const std::vector<JunitCase>& cases) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [](const JunitCase& each) {
    return each.fails && !each.budget->verdict.holds;
  }));
}

RUSHHOUR_INLINE std::string suite_counts(std::size_t tests, std::size_t failures) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
         attribute("errors", "0") + attribute("skipped", "0");
}

RUSHHOUR_INLINE std::string suite_of(const Judged& scenario, const std::vector<JunitCase>& cases) {
  const scenario::Run& run = *scenario.run;
  const auto property = [](std::string_view name, std::string_view value) {
    return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  std::string out = "  <testsuite" + attribute("name", run.scenario.name) +
                    suite_counts(cases.size(), failures_of(cases)) + ">\n    <properties>\n" +
                    property("file", run.scenario.file) + property("seed", std::to_string(run.scenario.seed));
  if (scenario.seeded != nullptr) out += property("seeds", std::to_string(scenario.seeded->seeds.size()));
  out += property("digest", run.digest) + property("transport", run.transport) + "    </properties>\n";
  for (const JunitCase& each : cases) out += case_text(scenario, each);
  return out + "  </testsuite>\n";
}

}  // namespace detail

RUSHHOUR_INLINE std::string junit(std::span<const Judged> scenarios) {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::string suites;
  for (const Judged& scenario : scenarios) {
    const std::vector<detail::JunitCase> cases = detail::cases_of(scenario);
    tests += cases.size();
    failures += detail::failures_of(cases);
    suites += detail::suite_of(scenario, cases);
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + detail::attribute("name", "rushhour") +
         detail::attribute("tests", std::to_string(tests)) +
         detail::attribute("failures", std::to_string(failures)) + detail::attribute("errors", "0") + ">\n" +
         suites + "</testsuites>\n";
}

RUSHHOUR_INLINE std::string junit(std::span<const scenario::Run* const> runs) { return junit(judged(runs)); }

}  // namespace rushhour::report
