#include "panther_test_report.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/report/detail/xml.hpp>

#include "json_object.hpp"

namespace rushhour::cli {

namespace {

using panther::FunctionError;
using panther::FunctionOutput;
using panther::TestCalls;
using panther::TestVerdict;

/// An alert context may be long; the JSON has it whole.
std::string shortened(const std::string& text) {
  constexpr std::size_t size_max = 200;
  if (text.size() <= size_max) return text;
  std::size_t end = size_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "... (" + std::to_string(text.size()) + " characters)";
}

std::string_view mark(bool passed) { return passed ? "[PASS]" : "[FAIL]"; }

std::string calls_text(const std::vector<TestCalls>& calls) {
  std::string out;
  for (const TestCalls& each : calls) {
    out += (out.empty() ? "" : ", ") + each.operation + " " + std::to_string(each.attempts);
    if (each.throttled > 0) out += " (" + std::to_string(each.throttled) + " throttled)";
    if (each.errors > 0) out += " (" + std::to_string(each.errors) + " failed)";
  }
  return out.empty() ? "none" : out;
}

void append_functions(std::string& out, const TestVerdict& verdict) {
  for (std::size_t i = 0; i < panther::rule_function_count; ++i) {
    const auto function = static_cast<panther::RuleFunction>(i);
    for (const FunctionOutput& each : verdict.result.outputs) {
      if (each.function != function || verdict.result.error_of(function) != nullptr) continue;
      out += "    [PASS] [" + std::string{to_text(function)} + "] " + shortened(each.json) + "\n";
    }
    if (const FunctionError* const error = verdict.result.error_of(function)) {
      out += "    [FAIL] [" + std::string{to_text(function)} + "] " + error->text + "\n";
    }
  }
}

/// Indented, and without the text's last line end.
void append_indented(std::string& out, std::string_view text, std::string_view indent) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.append(indent).append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void append_json(std::string& out, const FunctionError& error) {
  JsonObject object{out};
  object.text("function", to_text(error.function));
  object.text("type", error.type);
  object.text("message", error.text);
  if (!error.file.empty()) object.text("file", error.file);
  if (error.line > 0) object.number("line", static_cast<std::uint64_t>(error.line));
  if (!error.traceback.empty()) object.text("traceback", error.traceback);
}

void append_json(std::string& out, const TestCalls& calls) {
  JsonObject object{out};
  object.text("operation", calls.operation);
  object.number("attempts", calls.attempts);
  object.number("ok", calls.ok);
  object.number("throttled", calls.throttled);
  object.number("errors", calls.errors);
}

void append_json(std::string& out, const TestVerdict& verdict) {
  JsonObject object{out};
  object.text("name", verdict.test->name);
  object.boolean("passed", verdict.passed);
  object.boolean("expected", verdict.test->expected);
  object.texts("failures", verdict.failures);
  object.name("functions");
  {
    JsonObject functions{out};
    for (const FunctionOutput& each : verdict.result.outputs)
      functions.json(to_text(each.function), each.json);
  }
  object.array("errors", verdict.result.errors, [&](const FunctionError& error) { append_json(out, error); });
  object.array("calls", verdict.calls, [&](const TestCalls& calls) { append_json(out, calls); });
  if (!verdict.printed.empty()) object.text("printed", verdict.printed);
}

void append_json(std::string& out, const TestedRule& tested) {
  out += '\n';
  JsonObject object{out};
  object.text("id", tested.rule->id);
  object.text("file", tested.rule->file);
  object.boolean("passed", tested.passed());
  object.texts("failures", tested.failures);
  object.array("tests", tested.tests, [&](const TestVerdict& verdict) {
    out += "\n ";
    append_json(out, verdict);
  });
}

}  // namespace

bool TestedRule::passed() const {
  return failures.empty() &&
         std::all_of(tests.begin(), tests.end(), [](const auto& test) { return test.passed; });
}

PantherTestReport::Counts PantherTestReport::counts() const {
  Counts out;
  for (const TestedRule& rule : rules) {
    if (!rule.failures.empty()) ++out.failed_rules;
    for (const TestVerdict& test : rule.tests) ++(test.passed ? out.passed : out.failed);
  }
  return out;
}

std::string to_text(const TestedRule& tested) {
  std::string out = tested.rule->id + "\n";
  for (const std::string& failure : tested.failures) out += "  [FAIL] " + failure + "\n";
  for (const TestVerdict& verdict : tested.tests) {
    out += "  " + std::string{mark(verdict.passed)} + " " + verdict.test->name + "\n";
    append_functions(out, verdict);
    for (const std::string& failure : verdict.failures) out += "    why: " + failure + "\n";
    out += "    calls: " + calls_text(verdict.calls) + "\n";
    if (!verdict.printed.empty()) {
      out += "    printed:\n";
      append_indented(out, verdict.printed, "      ");
    }
  }
  return out + "\n";
}

std::string summary_text(const PantherTestReport& report) {
  const panther::RulePack& pack = *report.pack;
  const PantherTestReport::Counts counts = report.counts();
  std::string out = "--------------------------\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    out.append("  ").append(name).append(":").append(10 - name.size(), ' ').append(value).append("\n");
  };
  line("Path", pack.folder);
  line("Rules", std::to_string(report.rules.size()));
  line("Passed", std::to_string(counts.passed));
  line("Failed", std::to_string(counts.failed));
  line("Invalid", std::to_string(pack.broken.size()));
  line("Skipped", std::to_string(pack.skipped.size()));

  std::map<std::pair<std::string, std::string>, std::uint64_t> skipped;
  for (const panther::SkippedItem& each : pack.skipped) {
    ++skipped[{std::string{to_text(each.kind)}, each.why}];
  }
  for (const auto& [what, number] : skipped) {
    out += "    " + std::to_string(number) + " " + what.first + ": " + what.second + "\n";
  }
  for (const std::string& warning : pack.warnings) out += "warning: " + warning + "\n";
  for (const panther::BrokenItem& broken : pack.broken) out += "invalid: " + broken.mistake + "\n";
  for (const TestedRule& rule : report.rules) {
    if (rule.passed()) continue;
    out += "failed: " + rule.rule->id + " (" + rule.rule->file + ")\n";
    for (const std::string& failure : rule.failures) out += "  " + failure + "\n";
    for (const TestVerdict& test : rule.tests) {
      for (const std::string& failure : test.failures)
        out += "  \"" + test.test->name + "\": " + failure + "\n";
    }
  }
  return out;
}

std::string to_json(const PantherTestReport& report) {
  const panther::RulePack& pack = *report.pack;
  const PantherTestReport::Counts counts = report.counts();
  std::string out;
  {
    JsonObject object{out};
    object.text("format", "rushhour.panther-test/1");
    object.text("path", pack.folder);
    object.number("passed", counts.passed);
    object.number("failed", counts.failed);
    object.array("rules", report.rules, [&](const TestedRule& rule) { append_json(out, rule); });
    object.array("invalid", pack.broken, [&](const panther::BrokenItem& broken) {
      JsonObject item{out};
      item.text("file", broken.file);
      item.text("mistake", broken.mistake);
    });
    object.array("skipped", pack.skipped, [&](const panther::SkippedItem& skipped) {
      JsonObject item{out};
      item.text("file", skipped.file);
      item.text("type", to_text(skipped.kind));
      if (!skipped.id.empty()) item.text("id", skipped.id);
      item.text("reason", skipped.why);
    });
    object.texts("warnings", pack.warnings);
  }
  return out + "\n";
}

std::string to_junit(const PantherTestReport& report) {
  using rushhour::report::detail::xml_text;
  std::string suites;
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  for (const TestedRule& rule : report.rules) {
    std::string cases;
    std::uint64_t rule_tests = 0;
    std::uint64_t rule_failures = 0;
    const auto add = [&](const std::string& name, const std::vector<std::string>& why,
                         const std::string& printed) {
      ++rule_tests;
      cases += "    <testcase classname=\"" + xml_text(rule.rule->id) + "\" name=\"" + xml_text(name) + "\"";
      if (why.empty() && printed.empty()) {
        cases += "/>\n";
        return;
      }
      cases += ">\n";
      if (!why.empty()) {
        ++rule_failures;
        std::string all;
        for (const std::string& each : why) all += each + "\n";
        cases += "      <failure message=\"" + xml_text(why.front()) + "\">" + xml_text(all) + "</failure>\n";
      }
      if (!printed.empty()) cases += "      <system-out>" + xml_text(printed) + "</system-out>\n";
      cases += "    </testcase>\n";
    };
    if (!rule.failures.empty()) add("the rule", rule.failures, {});
    for (const TestVerdict& test : rule.tests) add(test.test->name, test.failures, test.printed);
    if (rule_tests == 0) continue;
    suites += "  <testsuite name=\"" + xml_text(rule.rule->id) + "\" tests=\"" + std::to_string(rule_tests) +
              "\" failures=\"" + std::to_string(rule_failures) + "\" errors=\"0\">\n" + cases +
              "  </testsuite>\n";
    tests += rule_tests;
    failures += rule_failures;
  }
  const std::size_t broken = report.pack->broken.size();
  if (broken > 0) {
    const std::string number = std::to_string(broken);
    suites +=
        "  <testsuite name=\"files\" tests=\"" + number + "\" failures=\"0\" errors=\"" + number + "\">\n";
    for (const panther::BrokenItem& each : report.pack->broken) {
      suites += "    <testcase classname=\"files\" name=\"" + xml_text(each.file) + "\"><error message=\"" +
                xml_text(each.mistake) + "\"/></testcase>\n";
    }
    suites += "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rushhour panther test\" tests=\"" +
         std::to_string(tests + broken) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
         std::to_string(broken) + "\">\n" + suites + "</testsuites>\n";
}

}  // namespace rushhour::cli
