// Budgets held against what was measured: verdicts, and what cannot be judged.

#include <rushhour/scenario/expression.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "measured_by_hand.hpp"

namespace rushhour::scenario {
namespace {

class Judging : public testing::Test {
 protected:
  Judging() {
    metrics.values = {{"virustotal.attempts.per_minute.max", {83, 1}},
                      {"virustotal.attempts.total", {500, 1}},
                      {"sts.throttled.total", {0, 1}},
                      {"sts.AssumeRole.amplification.total", {21, 20}},
                      {"secretsmanager.calls.total", {0, 1}},
                      {"delay.p99.total", {1'441, 2}},
                      {"sts{rule='AWS.Root'}.throttled.total", {7, 1}}};
    metrics.limits = {{"virustotal.attempts.per_minute.max", {4, 1}},
                      {"virustotal.attempts.total", {500, 3}}};
    metrics.without_value = {"secretsmanager.amplification.total"};
    metrics.idle = {"secretsmanager"};
  }
  [[nodiscard]] Verdict verdict(std::string_view text) const { return evaluate(parse_budget(text), metrics); }
  [[nodiscard]] std::string mistake(std::string_view text) const {
    return message_of([&] { static_cast<void>(verdict(text)); });
  }

  MeasuredByHand metrics{};
};

TEST_F(Judging, ComparesExactly) {
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification <= 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification == 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification <= 1.049999999999999999").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification < 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification > 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification >= 1.05").holds);
  EXPECT_FALSE(verdict("sts.AssumeRole.amplification != 1.05").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification > 1.049999999999999999").holds);
  EXPECT_TRUE(verdict("sts.AssumeRole.amplification < 1.050000000000000001").holds);
}

TEST_F(Judging, SaysWhatItCompared) {
  EXPECT_EQ(verdict("sts.throttled == 0").text, "holds: 0 == 0");
  const Verdict broken = verdict("virustotal.attempts.per_minute.max <= 4");
  EXPECT_EQ(broken.text, "fails: 83 is not <= 4");
  EXPECT_EQ(broken.measured, (Ratio{83, 1}));
  EXPECT_EQ(broken.bound, (Ratio{4, 1}));
  EXPECT_FALSE(broken.never_called);
}

TEST_F(Judging, TakesAShareOfTheLimitExactly) {
  EXPECT_TRUE(verdict("virustotal.attempts.per_minute <= 2075% of limit").holds);
  EXPECT_FALSE(verdict("virustotal.attempts.per_minute <= 2074.99% of limit").holds);
  EXPECT_TRUE(verdict("virustotal.attempts == 3 of limit").holds) << "the limit 500/3 has no exact decimals";
  EXPECT_EQ(verdict("virustotal.attempts.per_minute.max <= 50% of limit").text,
            "fails: 83 is not <= 2 (0.5 of the limit 4)");
}

TEST_F(Judging, FailsWhereNothingWasCalled) {
  const Verdict idle = verdict("secretsmanager.calls == 0");
  EXPECT_FALSE(idle.holds);
  EXPECT_TRUE(idle.never_called);
  EXPECT_EQ(idle.text, "fails: never called");
  EXPECT_EQ(verdict("secretsmanager.amplification <= 1").text, "fails: never called");
}

TEST_F(Judging, ComparesWhatWasNeverCalledWhenThatIsAllowed) {
  const auto allowed = [this](std::string_view text) {
    Budget budget = parse_budget(text);
    budget.allow_empty = true;
    return evaluate(budget, metrics).text;
  };
  EXPECT_EQ(allowed("secretsmanager.calls == 0"), "holds: 0 == 0");
  EXPECT_EQ(allowed("secretsmanager.calls >= 1"), "fails: 0 is not >= 1");
  EXPECT_EQ(allowed("secretsmanager.amplification <= 1"), "holds: nothing was measured");
}

TEST_F(Judging, ComparesDurations) {
  EXPECT_EQ(verdict("delay.p99 <= 12m").text, "fails: 12m500ms is not <= 12m");
  EXPECT_EQ(verdict("delay.p99 <= 0.3h").text, "holds: 12m500ms <= 18m");
  EXPECT_EQ(verdict("delay.p99 <= 721").text, "holds: 720.5 <= 721") << "in seconds";
  metrics.values["delay.p99.total"] = {1, 3};
  EXPECT_EQ(verdict("delay.p99 == 1s").text, "fails: ~0.333333s is not == 1s");
}

TEST_F(Judging, RefusesADurationForWhatIsNoTime) {
  EXPECT_EQ(mistake("sts.throttled <= 10m"),
            "expected a number without a unit: sts.throttled.total is no time, saw \"10m\"\n"
            "    sts.throttled <= 10m\n"
            "                     ^^^");
}

TEST_F(Judging, LooksUpLabels) {
  EXPECT_EQ(verdict("sts{rule='AWS.Root'}.throttled == 0").text, "fails: 7 is not == 0");
}

TEST_F(Judging, RefusesLabelsThatItDoesNotKnow) {
  EXPECT_EQ(
      mistake("sts{rule='AWS.Rot'}.throttled == 0"),
      "expected a known value of the label \"rule\", saw \"{rule='AWS.Rot'}\"; did you mean \"AWS.Root\"?\n"
      "    sts{rule='AWS.Rot'}.throttled == 0\n"
      "       ^^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("sts{rule='x'}.throttled == 0"),
            "expected a known value of the label \"rule\", saw \"{rule='x'}\"; known are \"AWS.Root\" and "
            "\"AWS.Login\"\n"
            "    sts{rule='x'}.throttled == 0\n"
            "       ^^^^^^^^^^");
  EXPECT_EQ(mistake("sts{rul='AWS.Root'}.throttled == 0"),
            "expected one of the labels \"rule\" and \"function\", saw \"{rul='AWS.Root'}\"; did you mean "
            "\"rule\"?\n"
            "    sts{rul='AWS.Root'}.throttled == 0\n"
            "       ^^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("delay{rule='AWS.Root'}.p99 == 0"),
            "expected no labels after \"delay\", saw \"{rule='AWS.Root'}\"\n"
            "    delay{rule='AWS.Root'}.p99 == 0\n"
            "         ^^^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("sts{function='title'}.throttled == 0"),
            "expected a number that is counted apart for such labels, saw \"{function='title'}.throttled\"; "
            "by rule "
            "there are no limits; by function, or by several labels, there are neither limits nor times\n"
            "    sts{function='title'}.throttled == 0\n"
            "       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
}

TEST_F(Judging, PointsAtUnknownNamesBeforeAndBehindLabels) {
  EXPECT_EQ(mistake("sts{rule='AWS.Root'}.throtled == 0"),
            "expected a known selector, saw \"throtled\"; did you mean \"sts.throttled.total\"?\n"
            "    sts{rule='AWS.Root'}.throtled == 0\n"
            "                         ^^^^^^^^");
  EXPECT_EQ(mistake(" stss{rule='AWS.Root'}.throttled == 0"),
            "expected a known selector, saw \"stss\"; did you mean \"sts.throttled.total\"?\n"
            "     stss{rule='AWS.Root'}.throttled == 0\n"
            "     ^^^^");
}

TEST_F(Judging, FailsWhereAKnownSelectorHasNoValue) {
  metrics.idle.clear();
  EXPECT_EQ(verdict("secretsmanager.amplification <= 1").text, "fails: nothing was measured");
}

TEST_F(Judging, RefusesAnUnknownSelectorAndNamesTheNearest) {
  EXPECT_EQ(mistake("virustotal.atempts.per_minute.max <= 4"),
            "expected a known selector, saw \"atempts\"; did you mean "
            "\"virustotal.attempts.per_minute.max\"?\n"
            "    virustotal.atempts.per_minute.max <= 4\n"
            "               ^^^^^^^");
  EXPECT_EQ(mistake("  stss.throttled == 0"),
            "expected a known selector, saw \"stss\"; did you mean \"sts.throttled.total\"?\n"
            "      stss.throttled == 0\n"
            "      ^^^^");
  EXPECT_EQ(mistake("sts.throttled.per_second == 0"),
            "expected a known selector, saw \"per_second\"; known, for example: \"sts.throttled.total\"\n"
            "    sts.throttled.per_second == 0\n"
            "                  ^^^^^^^^^^");
}

TEST_F(Judging, OffersWhatThereIsWhenNothingIsNear) {
  EXPECT_EQ(mistake("sts.cost_in_dollars.per_minute == 0"),
            "expected a known selector, saw \"cost_in_dollars\"; known, for example: "
            "\"sts.AssumeRole.amplification.total\" and \"sts.throttled.total\"\n"
            "    sts.cost_in_dollars.per_minute == 0\n"
            "        ^^^^^^^^^^^^^^^");
  EXPECT_EQ(mistake("dynamodb.reads == 0"),
            "expected a known selector, saw \"dynamodb\"; known before the first dot: \"secretsmanager\", "
            "\"delay\", \"sts\" and \"virustotal\"\n"
            "    dynamodb.reads == 0\n"
            "    ^^^^^^^^");
  EXPECT_EQ(message_of([] { static_cast<void>(evaluate(parse_budget("a.b == 0"), MeasuredByHand{})); }),
            "expected a known selector, saw \"a\"; nothing is measured\n"
            "    a.b == 0\n"
            "    ^");
}

TEST_F(Judging, RefusesAnUnknownSelectorEvenOfAnIdleService) {
  EXPECT_NE(mistake("secretsmanager.cals == 0"), "");
}

TEST_F(Judging, RefusesAShareOfALimitThatDoesNotExist) {
  EXPECT_EQ(mistake("sts.throttled <= 30% of limit"),
            "expected a plain number: no limit applies to sts.throttled.total, saw \"30% of limit\"\n"
            "    sts.throttled <= 30% of limit\n"
            "                     ^^^^^^^^^^^^");
}

TEST_F(Judging, RefusesAProductThatIsNotExact) {
  metrics.limits["sts.throttled.total"] = {18446744073709551615ULL, 1};
  EXPECT_EQ(
      mistake("sts.throttled <= 7 of limit"),
      "expected a share with fewer digits, so that its product with the limit is exact, saw \"7 of limit\"\n"
      "    sts.throttled <= 7 of limit\n"
      "                     ^^^^^^^^^^");
}

}  // namespace
}  // namespace rushhour::scenario
