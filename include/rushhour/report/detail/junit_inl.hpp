#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/budget_words.hpp>
#include <rushhour/report/detail/reproduce.hpp>
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

/// What a reader of a broken budget needs to know.
RUSHHOUR_INLINE std::vector<std::string> explanation(const scenario::Run& run,
                                                     const scenario::JudgedBudget& budget) {
  std::vector<std::string> lines{budget.verdict.text};
  if (!budget.plan.why.empty()) lines.push_back("why: " + budget.plan.why);
  const std::string behind = culprits_text(budget);
  if (!behind.empty()) lines.push_back("behind it: " + behind);
  std::string again = "again:";
  for (const std::string& word : reproduce(run)) again += " " + word;
  lines.push_back(again);
  return lines;
}

/// Behind what the name has been seen before as, so that no two cases of a suite are the same test.
RUSHHOUR_INLINE std::string unique_name(const scenario::Run& run, std::size_t at) {
  const std::string& text = run.budgets[at].plan.budget.text;
  std::size_t number = 1;
  for (std::size_t i = 0; i < at; ++i) number += run.budgets[i].plan.budget.text == text ? 1U : 0U;
  return number == 1 ? text : text + " (" + std::to_string(number) + ")";
}

RUSHHOUR_INLINE std::string case_of(const scenario::Run& run, std::size_t at) {
  const scenario::JudgedBudget& budget = run.budgets[at];
  std::string out =
      "    <testcase" + attribute("classname", run.scenario.name) + attribute("name", unique_name(run, at));
  if (budget.verdict.holds) return out + "/>\n";
  const std::string lines = xml_lines(explanation(run, budget));
  if (warns(budget)) {
    return out + ">\n      <system-out>broken, but only a warning: " + lines +
           "</system-out>\n    </testcase>\n";
  }
  return out + ">\n      <failure" + attribute("message", budget.verdict.text) + attribute("type", "budget") +
         ">" + lines + "</failure>\n    </testcase>\n";
}

RUSHHOUR_INLINE std::size_t failures_of(const scenario::Run& run) {
  std::size_t failures = 0;
  for (const scenario::JudgedBudget& budget : run.budgets) {
    failures += budget.fails() ? 1U : 0U;
  }
  return failures;
}

/// A scenario without budgets still has its one case.
RUSHHOUR_INLINE std::size_t cases_of(const scenario::Run& run) {
  return run.budgets.empty() ? 1 : run.budgets.size();
}

RUSHHOUR_INLINE std::string suite_counts(std::size_t tests, std::size_t failures) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
         attribute("errors", "0") + attribute("skipped", "0");
}

RUSHHOUR_INLINE std::string suite_of(const scenario::Run& run) {
  const auto property = [](std::string_view name, std::string_view value) {
    return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  std::string out = "  <testsuite" + attribute("name", run.scenario.name) +
                    suite_counts(cases_of(run), failures_of(run)) + ">\n    <properties>\n" +
                    property("file", run.scenario.file) +
                    property("seed", std::to_string(run.scenario.seed)) + property("digest", run.digest) +
                    property("transport", run.transport) + "    </properties>\n";
  for (std::size_t i = 0; i < run.budgets.size(); ++i) out += case_of(run, i);
  if (run.budgets.empty()) {
    out += "    <testcase" + attribute("classname", run.scenario.name) + attribute("name", "runs") + "/>\n";
  }
  return out + "  </testsuite>\n";
}

}  // namespace detail

RUSHHOUR_INLINE std::string junit(std::span<const scenario::Run* const> runs) {
  std::size_t tests = 0;
  std::size_t failures = 0;
  for (const scenario::Run* run : runs) {
    tests += detail::cases_of(*run);
    failures += detail::failures_of(*run);
  }
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + detail::attribute("name", "rushhour") +
      detail::attribute("tests", std::to_string(tests)) +
      detail::attribute("failures", std::to_string(failures)) + detail::attribute("errors", "0") + ">\n";
  for (const scenario::Run* run : runs) out += detail::suite_of(*run);
  return out + "</testsuites>\n";
}

}  // namespace rushhour::report
