#include <rushhour/sim/outcomes.hpp>

#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using detect::AlertContext;
using detect::Evaluation;
using detect::Verdict;

Evaluation no_match() { return {.verdict = Verdict::Kind::no_match}; }
Evaluation rule_error(std::string what) {
  return {.verdict = Verdict::Kind::error, .exception = std::move(what)};
}
Evaluation alert(AlertContext context) {
  return {.verdict = Verdict::Kind::match, .alert = detect::Alert{.context = std::move(context)}};
}

TEST(Outcomes, AreIntactDegradedOrMissed) {
  Outcomes outcomes;
  outcomes.add(no_match(), 1);
  outcomes.add(alert(AlertContext::mapping(R"({"asn":15169})")), 2);
  outcomes.add(alert(AlertContext::error("None")), 3);
  outcomes.add(alert({}), 4);
  outcomes.add(rule_error("429"), 5);
  EXPECT_EQ(outcomes.events, 5U);
  EXPECT_EQ(outcomes.alerts, 3U);
  EXPECT_EQ(outcomes.intact, 2U);
  EXPECT_EQ(outcomes.degraded, 1U);
  EXPECT_EQ(outcomes.missed, 1U);
  EXPECT_EQ(outcomes.alerts, outcomes.intact + outcomes.degraded);
}

TEST(Outcomes, KeepTheFirstErrorOfEitherKind) {
  Outcomes outcomes;
  outcomes.add(no_match(), 7);
  EXPECT_EQ(outcomes.first_error, "");
  outcomes.add(alert(AlertContext::error("None")), 8);
  outcomes.add(rule_error("429"), 9);
  EXPECT_EQ(outcomes.first_error, R"({"_error":"None"})");
  EXPECT_EQ(outcomes.first_error_event, 8U);
}

TEST(Waiting, KeepsTheFirstOfTheLongest) {
  Waiting waiting;
  waiting.add(0s, 1);
  EXPECT_EQ(waiting.max, 0s);
  EXPECT_EQ(waiting.max_event, 0U);
  waiting.add(2s, 2);
  waiting.add(5s, 3);
  waiting.add(5s, 4);
  EXPECT_EQ(waiting.events, 4U);
  EXPECT_EQ(waiting.max, 5s);
  EXPECT_EQ(waiting.max_event, 3U);
}

TEST(Waiting, HasAMean) {
  Waiting waiting;
  EXPECT_EQ(waiting.mean(), 0s);
  waiting.add(1s, 1);
  waiting.add(2s, 2);
  EXPECT_EQ(waiting.mean(), 1'500ms);
  waiting.add(0s, 3);
  EXPECT_EQ(waiting.mean(), 1s);
}

TEST(Waiting, AddsUpBeyondTwoHundredYears) {
  Waiting waiting;
  constexpr Duration century{std::chrono::days{36'525}};
  for (std::uint64_t event = 1; event <= 10; ++event) waiting.add(century, event);
  EXPECT_EQ(waiting.mean(), century);
}

}  // namespace
}  // namespace rushhour::sim
