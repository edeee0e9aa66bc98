#include <rushhour/report/junit.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/report/detail/xml.hpp>

#include "golden.hpp"
#include "runs.hpp"

namespace rushhour::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Why the text is no well-formed document of elements, attributes and references; empty when it is. Enough
/// for what the report writes: junit_test.py reads the same file with a real parser.
std::string fault_of(std::string_view text) {
  const auto references_are_known = [](std::string_view part) {
    for (std::size_t at = part.find('&'); at != std::string_view::npos; at = part.find('&', at + 1)) {
      const std::string_view name = part.substr(at, part.find(';', at) - at);
      if (name != "&amp" && name != "&lt" && name != "&gt" && name != "&quot" && !name.starts_with("&#"))
        return false;
    }
    return true;
  };
  std::vector<std::string> open;
  text.remove_prefix(text.find("?>") + 2);
  while (text.find('<') != std::string_view::npos) {
    const std::size_t at = text.find('<');
    if (!references_are_known(text.substr(0, at)))
      return "an unknown reference before " + std::string{text.substr(at, 20)};
    const std::size_t end = text.find('>', at);
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    if (end == std::string_view::npos || tag.find('<') != std::string_view::npos) return "a tag without end";
    if (!references_are_known(tag)) return "an unknown reference in " + std::string{tag};
    text.remove_prefix(end + 1);
    const std::string name{tag.substr(0, tag.find_first_of(" /"))};
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "an end without a begin: " + std::string{tag};
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : "an element without end: " + open.back();
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t out = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++out;
  return out;
}

class JunitReport : public ::testing::Test {
 protected:
  JunitReport() { runs.add(queued); }
  [[nodiscard]] std::string report() const { return junit(runs.all()); }

  Runs runs;
};

TEST_F(JunitReport, IsAsCheckedIn) { expect_golden(report(), "tests/report/queued.junit.xml"); }

TEST_F(JunitReport, HasATestCaseForEachBudget) {
  const std::string xml = report();
  EXPECT_EQ(fault_of(xml), "");
  EXPECT_EQ(count(xml, "<testcase "), 4U);
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"rushhour\" tests=\"4\" failures=\"1\" errors=\"0\">"));
  EXPECT_THAT(xml,
              HasSubstr("<testsuite name=\"queued\" tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"0\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"queued\" name=\"recovery.seconds &lt;= 1m\"/>"));
}

TEST_F(JunitReport, SaysOfAFailureWhatWhyWhoAndHowToHaveItAgain) {
  const std::string xml = report();
  EXPECT_EQ(count(xml, "<failure "), 1U);
  EXPECT_THAT(xml, HasSubstr("is not &lt;= 10\" type=\"budget\">fails: "));
  EXPECT_THAT(xml, HasSubstr("\nwhy: &lt;&amp;&quot;'&gt;\n"));
  EXPECT_THAT(xml, HasSubstr("\nbehind it: cached in alert_context() by virustotal:ip_addresses at "
                             "include/rushhour/detect/thrifty_enrichment.hpp:"));
  EXPECT_THAT(xml,
              HasSubstr("\nagain: rushhour run tests/report/queued.json --seed 7 --events 120</failure>"));
}

TEST_F(JunitReport, ShowsAWarningWithoutFailing) {
  const std::string xml = report();
  EXPECT_EQ(count(xml, "<system-out>"), 1U);
  EXPECT_THAT(xml, HasSubstr("<system-out>broken, but only a warning: fails: "));
  EXPECT_THAT(xml, Not(HasSubstr("<failure message=\"fails: 57")));
}

TEST_F(JunitReport, HasOneCaseForAScenarioWithoutBudgets) {
  runs[0].budgets.clear();
  const std::string xml = report();
  EXPECT_EQ(fault_of(xml), "");
  EXPECT_THAT(xml, HasSubstr("tests=\"1\" failures=\"0\""));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"queued\" name=\"runs\"/>"));
}

TEST_F(JunitReport, TellsTheSameBudgetTwiceApart) {
  runs[0].budgets.push_back(runs[0].budgets[0]);
  runs[0].budgets.push_back(runs[0].budgets[0]);
  const std::string xml = report();
  EXPECT_THAT(xml, HasSubstr("name=\"recovery.seconds &lt;= 1m\""));
  EXPECT_THAT(xml, HasSubstr("name=\"recovery.seconds &lt;= 1m (2)\""));
  EXPECT_THAT(xml, HasSubstr("name=\"recovery.seconds &lt;= 1m (3)\""));
}

TEST_F(JunitReport, HasASuiteForEachRun) {
  runs.add(tiny);
  const std::string xml = report();
  EXPECT_EQ(fault_of(xml), "");
  EXPECT_EQ(count(xml, "<testsuite "), 2U);
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"rushhour\" tests=\"7\" failures=\"3\" errors=\"0\">"));
}

TEST_F(JunitReport, KnowsNoTimeThatPasses) {
  EXPECT_THAT(report(), Not(HasSubstr(" time=")));
  EXPECT_THAT(report(), Not(HasSubstr("timestamp")));
}

TEST_F(JunitReport, IsWellFormedWhateverNamesSay) {
  runs[0].scenario.name = "a<b>&\"c\"\n\x01\xFF";
  runs[0].budgets[2].plan.why = "</failure>\x1B[31m";
  const std::string xml = report();
  EXPECT_EQ(fault_of(xml), "");
  EXPECT_THAT(xml, HasSubstr("name=\"a&lt;b&gt;&amp;&quot;c&quot;&#10;\xEF\xBF\xBD\xEF\xBF\xBD\""));
  EXPECT_THAT(xml, HasSubstr("why: &lt;/failure&gt;\xEF\xBF\xBD[31m"));
}

TEST_F(JunitReport, OfNothingIsAnEmptySuite) {
  EXPECT_EQ(junit(std::span<const Judged>{}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"rushhour\" tests=\"0\" failures=\"0\" errors=\"0\">\n</testsuites>\n");
}

TEST(XmlText, KeepsWhatXmlCanHold) {
  EXPECT_EQ(detail::xml_text("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  EXPECT_EQ(detail::xml_text("a\tb\r\n"), "a&#9;b&#13;&#10;");
}

TEST(XmlText, ReplacesWhatItCannot) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(detail::xml_text("\xC0\x80"), mark + mark) << "overlong";
  EXPECT_EQ(detail::xml_text("\xE0\x80\x80"), mark + mark + mark) << "overlong";
  EXPECT_EQ(detail::xml_text("\xED\xA0\x80"), mark + mark + mark) << "a surrogate";
  EXPECT_EQ(detail::xml_text("\xEF\xBF\xBE"), mark + mark + mark) << "U+FFFE";
  EXPECT_EQ(detail::xml_text("\xF4\x90\x80\x80"), mark + mark + mark + mark) << "beyond U+10FFFF";
  EXPECT_EQ(detail::xml_text("\xE2\x82"), mark + mark) << "cut off";
  EXPECT_EQ(detail::xml_text(std::string_view{"\0", 1}), mark);
}

}  // namespace
}  // namespace rushhour::report
