// What a container keeps and loses behind a queue: timeouts in the middle of an event, resets, reloads,
// limits of rules, calls that are never answered, and contexts once an alert.

#include <rushhour/sim/container.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/sts.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/retry/none.hpp>

#include "bench.hpp"
#include "listed_source.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Panther's engine without cold starts: what arrives before a mark is a message at the mark, and begins 30 s
/// later.
Engine engine() {
  Engine out = panther_oss_1_16();
  out.lambda.cold_start = 0s;
  return out;
}
Engine writing(AlertsWritten written) {
  Engine out = engine();
  out.alerts_written = written;
  return out;
}
/// Events that all are in the first message; it begins at 90 s.
std::vector<Instant> one_message(std::uint64_t events) { return std::vector<Instant>(events, at(0s)); }
constexpr Duration first_begin = 90s;

/// A rule that matches, and outlasts the timeout on one event at the first look at it.
DetectionPlan stuck_once(std::uint64_t stuck_event, Duration usual = 0s) {
  return planned_rule("stuck once", [stuck_event, usual, looks = std::make_shared<int>()](
                                        const event::Event& event, detect::Context& context) {
    const bool stuck = event.id() == stuck_event && ++*looks == 1;
    context.clock().sleep_for(stuck ? Duration{1h} : usual);
    return true;
  });
}

// ---- A timeout in the middle of an event ----

TEST(Container, WritesNothingOfAKilledInvocationWhereThatIsDoneAtItsEnd) {
  Bench bench{writing(AlertsWritten::at_end)};
  const auto result = bench.run({stuck_once(2, 1s)}, one_message(3));
  const Outcomes& outcomes = result.detections[0];
  EXPECT_EQ(outcomes.events, 2U + 3U) << "the first two, and then all again";
  EXPECT_EQ(outcomes.matches, 3U);
  EXPECT_EQ(outcomes.duplicates, 0U);
  EXPECT_EQ(outcomes.alerts, 1U);
  EXPECT_EQ(result.delivery.looks, 5U);
  EXPECT_EQ(result.delivery.processed, 3U);
  EXPECT_EQ(result.queue.redelivered, 1U);
  EXPECT_EQ(result.fleet.timed_out, 1U);
  const Duration end = first_begin + 960s + 30s + 3s;
  EXPECT_EQ(result.end, at(end));
  EXPECT_EQ(result.arrival_to_verdict.max(), end);
  EXPECT_EQ(result.arrival_to_verdict.mean(), end) << "all is written at the end";
}

TEST(Container, CountsAsDuplicatesWhatItWroteAtOnceBeforeItWasKilled) {
  Bench bench{writing(AlertsWritten::at_once)};
  const auto result = bench.run({stuck_once(3, 1s)}, one_message(4));
  const Outcomes& outcomes = result.detections[0];
  EXPECT_EQ(outcomes.events, 3U + 4U);
  EXPECT_EQ(outcomes.matches, 4U);
  EXPECT_EQ(outcomes.intact, 4U);
  EXPECT_EQ(outcomes.duplicates, 2U) << "the first two were written before";
  EXPECT_EQ(result.delivery.processed, 4U) << "an event is processed once, however often it was judged";
  EXPECT_EQ(result.delivery.looks, 7U);
  const Duration again = first_begin + 960s + 30s;
  EXPECT_EQ(result.arrival_to_verdict.max(), again + 4s);
  EXPECT_EQ(result.arrival_to_verdict.mean(), again + 2'500ms) << "each is written when it is judged";
}

TEST(Container, CountsAMatchAfterAnErrorThatItWroteAtOnce) {
  // In the first receive the rule fails on both events and is then killed; in the second both match.
  Bench bench{writing(AlertsWritten::at_once)};
  const auto result = bench.run(
      {planned_rule("fails first",
                    [looks = std::make_shared<int>()](const event::Event& event, detect::Context& context) {
                      const int look = ++*looks;
                      if (event.id() == 3 && look == 3) context.clock().sleep_for(1h);
                      if (look <= 2) throw std::runtime_error("no answer");
                      return true;
                    })},
      one_message(3));
  const Outcomes& outcomes = result.detections[0];
  EXPECT_EQ(outcomes.missed, 2U);
  EXPECT_EQ(outcomes.matches, 3U);
  EXPECT_EQ(outcomes.duplicates, 0U);
}

TEST(Container, CountsDuplicatesOfEachDetectionOfAnEvent) {
  // The second of three rules is killed: the first has written its match of the event, the third has not.
  const auto matching = [](std::string name) {
    return planned_rule(std::move(name), [](const event::Event&, detect::Context&) { return true; });
  };
  Bench bench{writing(AlertsWritten::at_once)};
  const auto result = bench.run({matching("a"), stuck_once(2), matching("c")}, one_message(2));
  EXPECT_EQ(result.detections[0].duplicates, 2U);
  EXPECT_EQ(result.detections[1].duplicates, 1U);
  EXPECT_EQ(result.detections[2].duplicates, 1U);
  for (const Outcomes& each : result.detections) EXPECT_EQ(each.matches, 2U) << each.detection;
}

TEST(Container, CountsAFirstLookAtEachEventWhateverHappens) {
  // Killed at the second of three events: the third is first looked at in the second receive.
  for (const AlertsWritten written : {AlertsWritten::at_end, AlertsWritten::at_once}) {
    Bench bench{writing(written)};
    const auto result = bench.run({stuck_once(2)}, one_message(3));
    EXPECT_EQ(result.waiting.events, 3U);
    EXPECT_EQ(result.waiting.max, first_begin + 960s + 30s);
    EXPECT_EQ(result.waiting.max_event, 3U);
  }
}

TEST(Container, CountsTheFirstLookAtAnEventWhoseInvocationWasRefused) {
  Bench bench{engine()};
  bench.options.engine.lambda.concurrency_max = 1;
  bench.options.engine.log_processor.object_events_max = 1;
  bench.options.engine.poller.batch_size = 1;
  bench.options.engine.poller.batch_window = 0s;
  const auto result = bench.run({sleeper("x", 10s)}, one_message(2));
  EXPECT_EQ(result.fleet.throttled, 1U);
  EXPECT_EQ(result.waiting.events, 2U);
  EXPECT_EQ(result.waiting.max, 900s);
}

// ---- What lives how long ----

/// What a rule module and a helper module remember, at each event.
struct Memory {
  Instant at{};
  std::uint64_t event{};
  int in_rule{};
  int in_helper{};
};
struct Remembering {
  struct Helper {
    int seen{};
  };
  [[nodiscard]] std::string_view name() const { return "remembering"; }
  [[nodiscard]] bool rule(const event::Event& event, detect::Context& context) {
    memories->push_back(
        {context.clock().now(), event.id(), ++seen, ++context.helpers().module<Helper>("h").seen});
    context.clock().sleep_for(length(event));
    return true;
  }
  std::vector<Memory>* memories{};
  std::function<Duration(const event::Event&)> length{};
  int seen{};
};
DetectionPlan remembering(std::vector<Memory>& memories,
                          const std::function<Duration(const event::Event&)>& length) {
  return planned("remembering", [&memories, length] { return Remembering{&memories, length}; });
}
template <class Member>
auto each(const std::vector<Memory>& memories, Member member) {
  std::vector<std::decay_t<decltype(memories.front().*member)>> out;
  out.reserve(memories.size());
  for (const Memory& memory : memories) out.push_back(memory.*member);
  return out;
}

TEST(Container, LosesHelperAndRuleModulesWhenItIsReset) {
  std::vector<Memory> memories;
  int looks = 0;
  const auto stuck_at_the_third = [&looks](const event::Event& event) {
    return event.id() == 3 && ++looks == 1 ? Duration{1h} : Duration{};
  };
  Bench bench{engine()};
  const auto result = bench.run({remembering(memories, stuck_at_the_third)}, one_message(4));
  EXPECT_THAT(each(memories, &Memory::event), ElementsAre(1, 2, 3, 1, 2, 3, 4));
  EXPECT_THAT(each(memories, &Memory::in_rule), ElementsAre(1, 2, 3, 1, 2, 3, 4));
  EXPECT_THAT(each(memories, &Memory::in_helper), ElementsAre(1, 2, 3, 1, 2, 3, 4));
  EXPECT_EQ(result.fleet.resets, 1U);
}

TEST(Container, KeepsBothFromInvocationToInvocation) {
  std::vector<Memory> memories;
  Bench bench{engine()};
  static_cast<void>(bench.run({remembering(memories, [](const event::Event&) { return 0s; })},
                              {at(0s), at(60s), at(120s)}));
  EXPECT_THAT(each(memories, &Memory::in_rule), ElementsAre(1, 2, 3));
  EXPECT_THAT(each(memories, &Memory::in_helper), ElementsAre(1, 2, 3));
}

TEST(Container, EmptiesRuleModulesOnlyWhenRulesAreReloadedInTheMiddleOfABatch) {
  std::vector<Memory> memories;
  Bench bench{engine()};
  const auto result =
      bench.run({remembering(memories, [](const event::Event&) { return 100s; })}, one_message(8));
  EXPECT_THAT(memories, Each(Field(&Memory::at, ::testing::Lt(at(first_begin + 900s)))));
  EXPECT_THAT(each(memories, &Memory::in_rule), ElementsAre(1, 2, 3, 1, 2, 3, 1, 2))
      << "five minutes, to the second";
  EXPECT_THAT(each(memories, &Memory::in_helper), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(result.fleet.reloads, 2U);
  EXPECT_EQ(result.fleet.cold_starts, 1U);
}

TEST(Container, ReloadsBetweenInvocationsToo) {
  std::vector<Memory> memories;
  Bench bench{engine()};
  const auto result = bench.run({remembering(memories, [](const event::Event&) { return 0s; })},
                                {at(0s), at(60s), at(299s), at(300s), at(359s), at(560s)});
  // Loaded at 90 s; used again at 150 and 330 s and, five minutes after, twice at 390 s; then at 630 s.
  EXPECT_THAT(each(memories, &Memory::in_rule), ElementsAre(1, 2, 3, 1, 2, 3));
  EXPECT_EQ(result.fleet.reloads, 1U);
}

TEST(Container, ReloadsNeverWhereTheEngineDoesNot) {
  std::vector<Memory> memories;
  Bench bench{engine()};
  bench.options.engine.rules_reload = std::nullopt;
  const auto result =
      bench.run({remembering(memories, [](const event::Event&) { return 100s; })}, one_message(8));
  EXPECT_THAT(memories.back().in_rule, 8);
  EXPECT_EQ(result.fleet.reloads, 0U);
}

TEST(Container, ReloadsInAWorkerWithoutAQueueToo) {
  std::vector<Memory> memories;
  Bench bench;
  const auto result =
      bench.run({remembering(memories, [](const event::Event&) { return 100s; })}, one_message(8));
  EXPECT_THAT(each(memories, &Memory::in_rule), ElementsAre(1, 2, 3, 1, 2, 3, 1, 2));
  EXPECT_THAT(memories.back().in_helper, 8);
  EXPECT_EQ(result.fleet.reloads, 2U);
}

TEST(Container, MakesPoliciesOfItsOwnForEachEnvironment) {
  std::vector<api::Service> made;
  Bench bench{engine()};
  bench.options.make_policy = [&](api::Service service) {
    made.push_back(service);
    return std::make_unique<retry::None>();
  };
  const auto result = bench.run({stuck_once(1)}, one_message(1));
  EXPECT_EQ(result.fleet.cold_starts, 2U);
  EXPECT_THAT(made, SizeIs(2 * api::service_count));
}

TEST(Container, SpendsTheComputeTimeOfEachEvent) {
  Bench bench{engine()};
  bench.options.engine.event_cost = 2ms;
  const auto result = bench.run({sleeper("a", 1ms), sleeper("b", 3ms)}, one_message(10));
  EXPECT_EQ(result.end, at(first_begin + 60ms));
  EXPECT_EQ(result.fleet.billed_ms, 60U);
}

// ---- Rules that run for too long ----

Engine with_rule_timeout() {
  Engine out = engine();
  out.rule_timeout = 15s;
  return out;
}

TEST(Container, MissesWhatARuleDidNotDecideInTime) {
  Bench bench{with_rule_timeout()};
  const auto result = bench.run({sleeper("slow", 16s), sleeper("in time", 15s)}, one_message(2));
  EXPECT_EQ(result.detections[0].missed, 2U);
  EXPECT_EQ(result.detections[0].matches, 0U);
  EXPECT_EQ(result.detections[1].missed, 0U);
  EXPECT_EQ(result.detections[1].matches, 2U) << "each rule has a limit of its own";
  EXPECT_EQ(result.end, at(first_begin + 60s));
  ASSERT_THAT(result.losses.rows(), SizeIs(1));
  EXPECT_EQ(result.losses.rows()[0].first_error, "the rule ran longer than 15s");
  EXPECT_EQ(result.losses.rows()[0].kind, LossKind::missed);
  EXPECT_EQ(result.losses.rows()[0].cause, Cause{}) << "no call is to blame";
  EXPECT_EQ(result.fleet.timed_out, 0U);
}

TEST(Container, LimitsRulesAndNotTheComputeTimeBetweenThem) {
  Bench bench{with_rule_timeout()};
  bench.options.engine.event_cost = 20s;
  const auto result = bench.run({sleeper("slow", 16s)}, one_message(2));
  EXPECT_EQ(result.detections[0].missed, 2U);
  EXPECT_EQ(result.end, at(first_begin + 2 * (20s + 15s)));
}

struct SlowContext {
  [[nodiscard]] std::string_view name() const { return "slow context"; }
  [[nodiscard]] bool rule(const event::Event&, detect::Context& context) {
    context.clock().sleep_for(10s);
    return true;
  }
  [[nodiscard]] detect::AlertContext alert_context(const event::Event&, detect::Context& context) {
    context.clock().sleep_for(10s);
    return detect::AlertContext::mapping("{}");
  }
};

TEST(Container, DegradesAnAlertWhoseContextDidNotComeInTime) {
  Bench bench{with_rule_timeout()};
  const auto result = bench.run({planned("slow context", [] { return SlowContext{}; })}, one_message(1));
  EXPECT_EQ(result.detections[0].matches, 1U);
  EXPECT_EQ(result.detections[0].degraded, 1U);
  EXPECT_EQ(result.detections[0].missed, 0U);
  EXPECT_EQ(result.end, at(first_begin + 15s)) << "the limit is on all functions of a rule together";
  ASSERT_THAT(result.losses.rows(), SizeIs(1));
  EXPECT_EQ(result.losses.rows()[0].first_error, R"({"_error":"the rule ran longer than 15s"})");
}

/// Waits five times, and goes on whatever it meets.
DetectionPlan swallowing(int& swallowed, Duration wait = 1h) {
  return planned_rule("swallowing", [&swallowed, wait](const event::Event&, detect::Context& context) {
    for (int i = 0; i < 5; ++i) {
      try {
        context.clock().sleep_for(wait);
      } catch (const std::exception&) {
        ++swallowed;
      }
    }
    return true;
  });
}
DetectionPlan swallowing_all(int& swallowed, int waits) {
  return planned_rule("swallowing all", [&swallowed, waits](const event::Event&, detect::Context& context) {
    for (int i = 0; i < waits; ++i) {
      try {
        context.clock().sleep_for(1h);
      } catch (...) {
        ++swallowed;
      }
    }
    return true;
  });
}

TEST(Container, EndsARuleThatSwallowsExceptions) {
  int swallowed = 0;
  Bench bench{with_rule_timeout()};
  const auto result = bench.run({swallowing(swallowed), sleeper("next", 1s)}, one_message(1));
  EXPECT_EQ(swallowed, 5) << "at every wait";
  EXPECT_EQ(result.end, at(first_begin + 15s + 1s));
  EXPECT_EQ(result.detections[1].matches, 1U) << "the next rule is none the worse";
  EXPECT_EQ(result.fleet.timed_out, 0U);
}

TEST(Container, KillsAnInvocationThroughARuleThatSwallowsExceptions) {
  int swallowed = 0;
  Bench bench{engine()};
  bench.options.engine.queue.receives_max = 2;
  const auto result = bench.run({swallowing(swallowed)}, one_message(1));
  EXPECT_EQ(swallowed, 0) << "it is no std::exception";
  EXPECT_EQ(result.fleet.timed_out, 2U);
  EXPECT_EQ(result.delivery.dead_lettered, 1U);
  EXPECT_EQ(result.detections[0].lost, 1U);
  EXPECT_EQ(result.detections[0].matches, 0U);
}

TEST(Container, KillsAnInvocationWhoseRuleSwallowsEverything) {
  // With one wait the rule returns a verdict, as if nothing had happened.
  for (const AlertsWritten written : {AlertsWritten::at_end, AlertsWritten::at_once}) {
    for (const int waits : {1, 3}) {
      int swallowed = 0;
      Bench bench{writing(written)};
      bench.options.engine.queue.receives_max = 2;
      const auto result = bench.run({swallowing_all(swallowed, waits)}, one_message(1));
      EXPECT_EQ(swallowed, 2 * waits);
      EXPECT_EQ(result.fleet.timed_out, 2U);
      EXPECT_EQ(result.detections[0].matches, 0U) << "who is killed says nothing";
      EXPECT_EQ(result.delivery.dead_lettered, 1U);
      EXPECT_EQ(result.end, at(first_begin + 960s + 30s + 960s));
    }
  }
}

TEST(Container, KillsAnInvocationBetweenRules) {
  // The compute time of an event outlasts the timeout.
  Bench bench{engine()};
  bench.options.engine.event_cost = 500s;
  bench.options.engine.queue.receives_max = 1;
  const auto result = bench.run({sleeper("x", 0s)}, one_message(2));
  EXPECT_EQ(result.delivery.dead_lettered, 2U);
  EXPECT_EQ(result.detections[0].events, 1U);
  EXPECT_EQ(result.detections[0].lost, 2U);
}

// ---- Calls that are never answered ----

TEST(Container, HangsUntilTheInvocationDiesWhereNothingElseEndsACall) {
  Bench bench{panther_oss_1_16()};
  bench.endpoint.unanswered = 1'000;
  const auto result = bench.run({caller("enrich"), sleeper("beside", 0s)}, one_message(3));
  EXPECT_EQ(result.fleet.invocations, 10U);
  EXPECT_EQ(result.fleet.timed_out, 10U);
  EXPECT_EQ(result.delivery.dead_lettered, 3U);
  EXPECT_EQ(result.delivery.processed, 0U);
  EXPECT_EQ(result.queue.dead_lettered, 1U);
  EXPECT_EQ(result.detections[0].lost, 3U);
  EXPECT_EQ(result.detections[1].lost, 3U) << "the other rule's verdicts are lost with it";
  EXPECT_EQ(bench.endpoint.asked, 10U) << "no further event had its turn";
  ASSERT_THAT(result.losses.rows(), SizeIs(2));
  const LossRow& row = result.losses.rows()[0];
  EXPECT_EQ(row.kind, LossKind::dead_lettered);
  EXPECT_EQ(row.count, 3U);
  EXPECT_EQ(row.cause, (Cause{.operation = &api::operation_of<api::sts::GetCallerIdentity>,
                              .outcome = Outcome::timeout,
                              .function = Function::rule}));
  EXPECT_EQ(result.losses.count(LossKind::dead_lettered, Outcome::timeout), 6U);
}

TEST(Container, FailsTheRuleAfterFifteenSecondsWhereTheEngineLimitsRules) {
  Bench bench{panther_saas_documented()};
  bench.endpoint.unanswered = 1'000;
  const auto result = bench.run({caller("enrich"), sleeper("beside", 0s)}, one_message(3));
  EXPECT_EQ(result.fleet.timed_out, 0U);
  EXPECT_EQ(result.delivery.processed, 3U);
  EXPECT_EQ(result.delivery.dead_lettered, 0U);
  EXPECT_EQ(result.detections[0].missed, 3U);
  EXPECT_EQ(result.detections[1].matches, 3U);
  EXPECT_EQ(result.losses.count(LossKind::missed, Outcome::timeout), 3U);
  EXPECT_EQ(result.end, at(first_begin + 2s + 3 * 15s)) << "the cold start, and three rules";
}

TEST(Container, FailsTheCallWhereTheClientHasATimeout) {
  Bench bench{panther_oss_1_16()};
  bench.endpoint.unanswered = 1'000;
  bench.options.make_policy = [](api::Service) { return std::make_unique<retry::None>(); };
  bench.options.timeouts[static_cast<std::size_t>(api::Service::sts)] = 5s;
  const auto result = bench.run({caller("enrich")}, one_message(3));
  EXPECT_EQ(result.detections[0].missed, 3U);
  EXPECT_EQ(result.losses.count(LossKind::missed, Outcome::timeout), 3U);
  EXPECT_EQ(result.end, at(first_begin + 2s + 15s));
  ASSERT_THAT(result.losses.rows(), SizeIs(1));
  EXPECT_THAT(result.losses.rows()[0].first_error, HasSubstr("no answer within 5s"));
}

TEST(Container, GoesOnOnceCallsAreAnsweredAgain) {
  Bench bench{panther_oss_1_16()};
  bench.endpoint.unanswered = 2;
  const auto result = bench.run({caller("enrich")}, one_message(3));
  EXPECT_EQ(result.fleet.timed_out, 2U);
  EXPECT_EQ(result.delivery.processed, 3U);
  EXPECT_EQ(result.detections[0].matches, 3U);
  EXPECT_EQ(result.detections[0].logical_calls, 5U);
  EXPECT_THAT(result.losses.rows(), IsEmpty()) << "late, but nothing was lost";
}

TEST(Container, LeavesUnservedWhatFixedWorkersHangIn) {
  Bench bench{2};
  bench.endpoint.unanswered = 2;
  const auto result = bench.run({caller("enrich")}, every(1s, 5));
  EXPECT_EQ(result.delivery.delivered, 5U);
  EXPECT_EQ(result.delivery.unserved, 5U) << "two in hand, and nobody for the rest";
  EXPECT_EQ(result.detections[0].lost, 5U);
  EXPECT_EQ(result.end, at(1s));
  Bench larger{3};
  larger.endpoint.unanswered = 2;
  const auto rest = larger.run({caller("enrich")}, every(1s, 5));
  EXPECT_EQ(rest.delivery.unserved, 2U);
  EXPECT_EQ(rest.delivery.processed, 3U);
  EXPECT_EQ(rest.fleet.concurrency_max, 3U);
}

// ---- Contexts once a match, or once an alert ----

/// Makes a call in alert_context(); groups by what `dedup_of` says.
struct Enriching {
  [[nodiscard]] std::string_view name() const { return "enriching"; }
  [[nodiscard]] bool rule(const event::Event&, detect::Context&) { return true; }
  [[nodiscard]] std::string dedup(const event::Event& event, detect::Context&) {
    return dedup_of(event.id());
  }
  [[nodiscard]] detect::AlertContext alert_context(const event::Event&, detect::Context& context) {
    auto sts = context.sts();
    static_cast<void>(sts(api::sts::GetCallerIdentity{}).value());
    return detect::AlertContext::mapping("{}");
  }
  std::function<std::string(std::uint64_t)> dedup_of{};
};
DetectionPlan enriching(const std::function<std::string(std::uint64_t)>& dedup_of) {
  return planned("enriching", [dedup_of] { return Enriching{dedup_of}; });
}
std::string odd_or_even(std::uint64_t event) { return event % 2 == 0 ? "even" : "odd"; }

Engine asking(AlertContextCalls calls, AlertsWritten written) {
  Engine out = writing(written);
  out.alert_context = calls;
  return out;
}

class Contexts : public ::testing::TestWithParam<AlertsWritten> {};

TEST_P(Contexts, AreAskedForAtEachMatch) {
  Bench bench{asking(AlertContextCalls::per_match, GetParam())};
  const auto result = bench.run({enriching(odd_or_even)}, one_message(10));
  EXPECT_EQ(result.detections[0].logical_calls, 10U);
  EXPECT_EQ(result.detections[0].intact, 10U);
  EXPECT_EQ(result.detections[0].alerts, 2U) << "grouping saves no call";
}

TEST_P(Contexts, AreAskedForOnceAnAlert) {
  Bench bench{asking(AlertContextCalls::per_alert, GetParam())};
  const auto result = bench.run({enriching(odd_or_even)}, one_message(10));
  EXPECT_EQ(result.detections[0].logical_calls, 2U);
  EXPECT_EQ(result.detections[0].matches, 10U);
  EXPECT_EQ(result.detections[0].intact, 2U);
  EXPECT_EQ(result.detections[0].without_context, 8U);
  EXPECT_EQ(result.detections[0].alerts, 2U);
}

TEST_P(Contexts, AreAskedForAgainWhenTheWindowHasEnded) {
  // One match a minute over three hours, windows of one: three alerts.
  Bench bench{asking(AlertContextCalls::per_alert, GetParam())};
  const auto result = bench.run({enriching([](std::uint64_t) { return "x"; })}, every(1min, 180));
  EXPECT_EQ(result.detections[0].alerts, 3U);
  EXPECT_EQ(result.detections[0].logical_calls, 3U);
  EXPECT_EQ(result.detections[0].without_context, 177U);
}

TEST_P(Contexts, AreAskedForAgainAfterAnInvocationWasKilled) {
  Bench bench{asking(AlertContextCalls::per_alert, GetParam())};
  const auto result = bench.run({enriching(odd_or_even), stuck_once(4)}, one_message(4));
  // What was written at once has opened its windows; what was not is found again.
  const bool at_once = GetParam() == AlertsWritten::at_once;
  EXPECT_EQ(result.detections[0].logical_calls, at_once ? 2U : 4U);
  EXPECT_EQ(result.detections[0].alerts, 2U);
  EXPECT_EQ(result.detections[0].matches, 4U);
  EXPECT_EQ(result.detections[0].intact, 2U);
  EXPECT_EQ(result.detections[0].duplicates, at_once ? 4U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Written, Contexts, ::testing::Values(AlertsWritten::at_end, AlertsWritten::at_once),
                         [](const auto& test) { return std::string{to_text(test.param)}; });

TEST(Container, OpensAWindowByTheTimeOfProcessing) {
  // An hour between the events, but both are written in one invocation.
  Bench bench{engine()};
  bench.options.engine.log_processor.flush_every = 2h;
  const auto result = bench.run({sleeper("x", 0s)}, {at(0s), at(1h + 59min)});
  EXPECT_EQ(result.detections[0].matches, 2U);
  EXPECT_EQ(result.detections[0].alerts, 1U);
}

// ---- What holds for all ----

/// Calls, and counts how its calls end.
struct Ends {
  std::uint64_t ok{};
  std::uint64_t failed{};
};
DetectionPlan counted_caller(Ends& ends) {
  return planned_rule("counted", [&ends](const event::Event&, detect::Context& context) -> detect::Verdict {
    auto sts = context.sts();
    auto identity = sts(api::sts::GetCallerIdentity{});
    ++(identity.ok() ? ends.ok : ends.failed);
    if (!identity) return identity.failure();
    return true;
  });
}

TEST(Container, LosesNoCallOnTheWay) {
  for (const std::uint64_t refused_each : {0U, 2U, 1U}) {
    Ends ends;
    Bench bench{engine()};
    bench.endpoint.refused_each = refused_each;
    bench.options.engine.log_processor.object_events_max = 5;
    const auto result = bench.run({counted_caller(ends)}, poisson(500, 600s));
    const std::uint64_t accepted = bench.endpoint.journal.count({}, Outcome::ok);
    const std::uint64_t throttled = bench.endpoint.journal.count({}, Outcome::throttled);
    EXPECT_EQ(accepted + throttled, bench.endpoint.journal.total());
    EXPECT_EQ(result.detections[0].logical_calls, ends.ok + ends.failed);
    EXPECT_EQ(accepted, ends.ok);
    EXPECT_EQ(result.detections[0].missed, ends.failed);
    EXPECT_EQ(result.delivery.processed, 500U);
  }
}

/// Much at once: refused calls, hanging ones, kills, refused invocations, several log processors.
template <class Kind>
std::pair<std::string, std::string> eventful_run(std::uint64_t seed, AlertsWritten written) {
  Bench bench{asking(AlertContextCalls::per_alert, written)};
  bench.options.random = Random{seed};
  bench.options.engine.log_processor = {.object_events_max = 20, .processors = 3};
  bench.options.engine.poller.batch_size = 2;
  bench.options.engine.lambda.concurrency_max = 3;
  bench.options.engine.lambda.cold_start = 2s;
  bench.options.engine.lambda.timeout = 100s;
  bench.options.engine.queue.receives_max = 2;
  bench.endpoint.refused_each = 3;
  bench.endpoint.unanswered = 30;
  Kind source{poisson(3'000, 600s)};
  const auto result = bench.run({enriching(odd_or_even), caller("a"), sleeper("b", 30ms)}, source);
  EXPECT_EQ(result.delivery.delivered, 3'000U);
  EXPECT_GT(result.delivery.dead_lettered, 0U);
  EXPECT_GT(result.fleet.throttled, 0U);
  EXPECT_GT(result.fleet.timed_out, 0U);
  return {bench.endpoint.digest.text(), fingerprint(result)};
}

class Eventful : public ::testing::TestWithParam<AlertsWritten> {};

TEST_P(Eventful, RunsGiveTheSameTwice) {
  EXPECT_EQ(eventful_run<ListedSource>(1, GetParam()), eventful_run<ListedSource>(1, GetParam()));
  EXPECT_NE(eventful_run<ListedSource>(1, GetParam()), eventful_run<ListedSource>(2, GetParam()));
}

TEST_P(Eventful, RunsGiveTheSameWithEventsThatAreKeptAndThatAreMadeAgain) {
  EXPECT_EQ(eventful_run<ListedSource>(1, GetParam()), eventful_run<RecallingSource>(1, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Written, Eventful, ::testing::Values(AlertsWritten::at_end, AlertsWritten::at_once),
                         [](const auto& test) { return std::string{to_text(test.param)}; });

TEST(Container, LeavesNothingUncountedWhenARunIsStopped) {
  for (const AlertsWritten written : {AlertsWritten::at_end, AlertsWritten::at_once}) {
    Bench bench{writing(written)};
    bench.options.engine.log_processor.object_events_max = 7;
    const auto stopping = planned_rule("stopping", [&](const event::Event& event, detect::Context& context) {
      if (event.id() == 60) bench.loop.stop();
      context.clock().sleep_for(1s);
      return true;
    });
    const auto result = bench.run({stopping}, every(1s, 200));
    EXPECT_EQ(result.delivery.delivered, 200U);
    EXPECT_GT(result.delivery.processed, 0U);
    EXPECT_GT(result.delivery.unserved, 0U);
  }
}

}  // namespace
}  // namespace rushhour::sim
