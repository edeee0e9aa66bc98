// Budgets against the baseline: what the bound then is, and what is said when there is none.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

class AgainstBaseline : public testing::Test {
 protected:
  AgainstBaseline() {
    metrics.values = {{"sts.calls.total", {63, 1}},
                      {"sts.throttled.total", {2, 1}},
                      {"sts{rule='AWS.Root'}.calls.total", {5, 1}},
                      {"sts.calls.per_minute.mean", {5, 1}},
                      {"delay.p99.total", {3, 2}}};
  }
  [[nodiscard]] Verdict verdict(std::string_view text) const {
    return evaluate(parse_budget(text), metrics, [this](const Selector& selector) -> std::optional<Ratio> {
      const auto found = baseline.find(to_text(selector));
      if (found == baseline.end()) return std::nullopt;
      return found->second;
    });
  }
  [[nodiscard]] std::string mistake(std::string_view text) const {
    return message_of([&] { static_cast<void>(verdict(text)); });
  }

  MeasuredByHand metrics{};
  std::map<std::string, Ratio> baseline{{"sts.calls.total", {60, 1}}, {"delay.p99.total", {1, 1}}};
};

TEST_F(AgainstBaseline, ComparesWithItsNumber) {
  EXPECT_EQ(verdict("sts.calls <= baseline").text, "fails: 63 is not <= 60 (the baseline)");
  EXPECT_EQ(verdict("sts.calls > baseline").text, "holds: 63 > 60 (the baseline)");
  EXPECT_EQ(verdict("sts.calls <= baseline").bound, (Ratio{60, 1}));
}

TEST_F(AgainstBaseline, ShiftsItByANumberOrAShare) {
  EXPECT_EQ(verdict("sts.calls <= baseline + 3").text, "holds: 63 <= 63 (the baseline 60 + 3)");
  EXPECT_EQ(verdict("sts.calls <= baseline+2.5").text, "fails: 63 is not <= 62.5 (the baseline 60 + 2.5)");
  EXPECT_EQ(verdict("sts.calls <= baseline + 5%").text, "holds: 63 <= 63 (the baseline 60 + 5%)");
  EXPECT_EQ(verdict("sts.calls <= baseline + 4.9 %").text,
            "fails: 63 is not <= 62.94 (the baseline 60 + 4.9%)");
  EXPECT_EQ(verdict("sts.calls >= baseline - 5%").bound, (Ratio{57, 1}));
  EXPECT_EQ(verdict("sts.calls >= baseline-61").bound, (Ratio{0, 1})) << "never below 0";
}

TEST_F(AgainstBaseline, TakesBothSides) {
  EXPECT_TRUE(verdict("sts.calls == baseline +/- 5%").holds);
  EXPECT_TRUE(verdict("sts.calls == baseline +- 3").holds);
  EXPECT_TRUE(verdict("sts.calls == baseline \u00b1 3").holds);
  EXPECT_EQ(verdict("sts.calls == baseline +/- 4%").text, "fails: 63 is not <= 62.4 (the baseline 60 + 4%)");
  metrics.values["sts.calls.total"] = {50, 1};
  EXPECT_EQ(verdict("sts.calls == baseline +/- 4%").text, "fails: 50 is not >= 57.6 (the baseline 60 - 4%)");
  EXPECT_EQ(mistake("sts.calls <= baseline +/- 4%"),
            "expected \"==\" before a bound with \"+/-\", saw \"<=\"\n"
            "    sts.calls <= baseline +/- 4%\n"
            "              ^^");
}

TEST_F(AgainstBaseline, SpeaksOfTimes) {
  EXPECT_EQ(verdict("delay.p99 <= baseline + 250ms").text,
            "fails: 1s500ms is not <= 1s250ms (the baseline 1s + 250ms)");
  EXPECT_EQ(verdict("delay.p99 <= baseline + 60%").text, "holds: 1s500ms <= 1s600ms (the baseline 1s + 60%)");
  EXPECT_EQ(mistake("sts.calls <= baseline + 250ms"),
            "expected a number without a unit: sts.calls.total is no time, saw \"baseline + 250ms\"\n"
            "    sts.calls <= baseline + 250ms\n"
            "                 ^^^^^^^^^^^^^^^^");
}

TEST_F(AgainstBaseline, TakesWhatItLeavesOutForZero) {
  EXPECT_EQ(verdict("sts.throttled <= baseline").text, "fails: 2 is not <= 0 (the baseline)");
  EXPECT_EQ(verdict("sts.throttled <= baseline + 5%").text, "fails: 2 is not <= 0 (the baseline 0 + 5%)");
}

TEST_F(AgainstBaseline, RefusesWhatItCannotHold) {
  EXPECT_EQ(mistake("sts{rule='AWS.Root'}.calls <= baseline"),
            "expected a number that the baseline holds: it has no sts{rule='AWS.Root'}.calls.total, saw "
            "\"baseline\"; if it is older than this budget, make it with: rushhour check SCENARIO --accept\n"
            "    sts{rule='AWS.Root'}.calls <= baseline\n"
            "                                  ^^^^^^^^");
  EXPECT_NE(mistake("sts.calls.per_minute.mean <= baseline"), "") << "its means are not kept";
  baseline["sts.calls.per_minute.mean"] = {4, 1};
  EXPECT_TRUE(verdict("sts.calls.per_minute.mean <= baseline + 1").holds) << "unless a budget asks for them";
}

TEST_F(AgainstBaseline, AsksForOneThatThereIsNot) {
  const Budget budget =
      parse_budget("sts.calls <= baseline + 5%", {.file = "x.json", .line = 3, .column = 9});
  EXPECT_EQ(message_of([&] { require_known(budget, metrics); }),
            "x.json:3:22: expected a number: there is no baseline yet, saw \"baseline + 5%\"; make it with: "
            "rushhour check x.json --accept\n"
            "    sts.calls <= baseline + 5%\n"
            "                 ^^^^^^^^^^^^^");
}

TEST_F(AgainstBaseline, PointsAtWhatItDoesNotUnderstand) {
  EXPECT_EQ(mistake("sts.calls <= baselines"),
            "expected \"+\", \"-\" or \"+/-\" behind \"baseline\", saw \"s\"\n"
            "    sts.calls <= baselines\n"
            "                         ^");
  EXPECT_EQ(mistake("sts.calls <= baseline +"),
            "expected a number, saw the end of the expression\n"
            "    sts.calls <= baseline +\n"
            "                           ^");
  EXPECT_EQ(mistake("sts.calls <= 110% of baseline"),
            "expected \"limit\", saw \"baseline\"; for 110% of the baseline write \"baseline + 10%\"\n"
            "    sts.calls <= 110% of baseline\n"
            "                         ^^^^^^^^");
}

}  // namespace
}  // namespace rushhour::scenario
