// Lambda behind a queue: when batches begin, who runs them, what is killed, refused and delivered again. The
// environments here only take their time.

#include <rushhour/sim/lambda_fleet.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>

#include "lambda_bench.hpp"
#include "listed_source.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Instant at(Duration since_start) { return Instant{since_start}; }

class LambdaFleetTest : public ::testing::Test, protected LambdaBench {};

// ---- Batches ----

TEST_F(LambdaFleetTest, InvokesAFullBatchAtOnce) {
  run(std::vector<Instant>(10, at(1s)));
  EXPECT_THAT(begins(), ElementsAre(1s));
  EXPECT_THAT(batches(), ElementsAre(SizeIs(10)));
  EXPECT_THAT(processed, SizeIs(10));
  EXPECT_EQ(queue.messages, 10U);
  EXPECT_EQ(queue.deleted, 10U);
  EXPECT_EQ(queue.drained_at, at(1s));
}

TEST_F(LambdaFleetTest, LetsABatchThatIsNotFullWaitForItsWindow) {
  run({at(1s), at(5s), at(20s)});
  EXPECT_THAT(begins(), ElementsAre(31s));
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3)));
}

TEST_F(LambdaFleetTest, InvokesAWaitingBatchWhenItBecomesFull) {
  std::vector<Instant> arrivals(9, at(1s));
  arrivals.push_back(at(10s));
  run(arrivals);
  EXPECT_THAT(begins(), ElementsAre(10s));
}

TEST_F(LambdaFleetTest, TakesAMessageThatComesAsTheWindowEnds) {
  run({at(1s), at(31s), at(32s)});
  EXPECT_THAT(begins(), ElementsAre(31s, 62s));
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2), ElementsAre(3)));
}

TEST_F(LambdaFleetTest, SplitsWhatIsMoreThanABatch) {
  run(std::vector<Instant>(25, at(1s)));
  EXPECT_THAT(begins(), ElementsAre(1s, 1s, 31s));
  EXPECT_THAT(batches(), ElementsAre(SizeIs(10), SizeIs(10), SizeIs(5)));
}

TEST_F(LambdaFleetTest, InvokesAtOnceWithoutAWindow) {
  engine.poller.batch_window = 0s;
  run({at(1s), at(2s), at(2s)});
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1), ElementsAre(2, 3)))
      << "what comes together stays together";
}

TEST_F(LambdaFleetTest, LooksAtTheEventsOfABatchOneAfterTheOther) {
  service = [](std::uint64_t) { return 7s; };
  run(std::vector<Instant>(10, at(1s)));
  EXPECT_EQ(loop.now(), at(71s));
  EXPECT_EQ(counts.busy_ns, Duration{70s}.count());
  EXPECT_EQ(counts.billed_ms, 70'000U);
}

TEST_F(LambdaFleetTest, WaitsForAWindowOnceForAllObjectsOfAMark) {
  engine.log_processor = {.flush_every = 1min, .processors = 4};
  std::vector<Instant> arrivals;
  arrivals.reserve(100);
  for (int i = 0; i < 100; ++i) arrivals.push_back(at(i * 100ms));
  run(arrivals);
  EXPECT_THAT(begins(), ElementsAre(90s));
  EXPECT_EQ(queue.messages, 4U);
  EXPECT_EQ(queue.backlog_max, 4U);
  EXPECT_EQ(queue.backlog_max_at, at(60s));
  EXPECT_EQ(queue.backlog_events_max, 100U);
  EXPECT_EQ(queue.age_max, 30s);
}

// ---- Environments ----

TEST_F(LambdaFleetTest, StartsAnEnvironmentColdAndKeepsItWarm) {
  engine.lambda.cold_start = 2s;
  run({at(0s), at(100s)});
  EXPECT_THAT(begins(), ElementsAre(32s, 130s));
  EXPECT_THAT(environments(), ElementsAre(0, 0));
  EXPECT_EQ(counts.cold_starts, 1U);
  EXPECT_EQ(counts.billed_ms, 2'000U) << "the cold start is billed";
}

TEST_F(LambdaFleetTest, GivesABatchToTheEnvironmentThatWasUsedLast) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  service = [](std::uint64_t event) { return event == 1 ? 5s : event == 2 ? 3s : 1s; };
  run({at(0s), at(0s), at(10s), at(20s), at(20s)});
  // 1 ends before 0; so 0 is used first at 10 s, and at 20 s before 1.
  EXPECT_THAT(environments(), ElementsAre(0, 1, 0, 0, 1));
}

TEST_F(LambdaFleetTest, ForgetsAnEnvironmentThatWasIdleForTooLong) {
  one_by_one();
  engine.lambda.idle_lifetime = 10min;
  service = [](std::uint64_t) { return 1s; };
  run({at(0s), at(601s), at(601s + 1s + 10min + 1ns)});
  EXPECT_THAT(environments(), ElementsAre(0, 0, 1)) << "ten minutes to the nanosecond is not too long";
  EXPECT_EQ(counts.reclaimed, 1U);
  EXPECT_EQ(counts.cold_starts, 2U);
  EXPECT_EQ(counts.resets, 0U);
  EXPECT_EQ(alive_max, 1);
}

TEST_F(LambdaFleetTest, ForgetsTheEnvironmentsThatWereIdleLongestFirst) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  engine.lambda.idle_lifetime = 1min;
  service = [](std::uint64_t event) { return event <= 3 ? static_cast<std::int64_t>(event) * 10s : 1s; };
  // 0, 1 and 2 end at 10, 20 and 30 s. At 85 s only 2 has been idle for no more than a minute.
  run({at(0s), at(0s), at(0s), at(85s), at(85s)});
  EXPECT_THAT(environments(), ElementsAre(0, 1, 2, 2, 3));
  EXPECT_EQ(counts.reclaimed, 2U);
}

TEST_F(LambdaFleetTest, LetsTheEnvironmentThatEndsTakeTheNextBatch) {
  one_by_one();
  service = [](std::uint64_t) { return 10s; };
  run(std::vector<Instant>(4, at(0s)));
  EXPECT_THAT(begins(), ElementsAre(0s, 10s, 20s, 30s));
  EXPECT_THAT(environments(), Each(0));
  EXPECT_EQ(counts.concurrency_max, 1U);
}

TEST_F(LambdaFleetTest, HasAsManyAtWorkAsThereAreBatches) {
  engine.poller = {.batch_size = 1, .batch_window = 0s, .concurrency_initial = 100};
  service = [](std::uint64_t) { return 10s; };
  run(std::vector<Instant>(40, at(5s)));
  EXPECT_THAT(begins(), Each(5s));
  EXPECT_EQ(counts.concurrency_max, 40U);
  EXPECT_EQ(counts.concurrency_max_at, at(5s));
  EXPECT_EQ(counts.invocations, 40U);
  EXPECT_EQ(loop.now(), at(15s));
}

// ---- Timeouts and redelivery ----

TEST_F(LambdaFleetTest, DeliversTheWholeBatchAgainWhenOneEventOutlastsTheTimeout) {
  int looked = 0;
  service = [&](std::uint64_t event) { return event == 2 && ++looked == 1 ? Duration{1h} : Duration{1s}; };
  run({at(1s), at(1s), at(1s)});
  // Killed at 31 s + 900 s, visible again 960 s after its receive, and then again not full.
  EXPECT_THAT(begins(), ElementsAre(31s, 31s + 960s + 30s));
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2), ElementsAre(1, 2, 3)));
  EXPECT_THAT(environments(), ElementsAre(0, 1));
  EXPECT_THAT(invocations[1].receives, Each(2));
  EXPECT_FALSE(invocations[0].ended);
  EXPECT_TRUE(invocations[1].ended);
  EXPECT_THAT(processed, ElementsAre(1, 2, 3));
  EXPECT_EQ(counts.timed_out, 1U);
  EXPECT_EQ(counts.resets, 1U);
  EXPECT_EQ(counts.last_timeout, at(931s));
  EXPECT_EQ(counts.cold_starts, 2U);
  EXPECT_EQ(counts.billed_ms, 900'000U + 3'000U);
  EXPECT_EQ(queue.receives, 6U);
  EXPECT_EQ(queue.redelivered, 3U);
  EXPECT_EQ(queue.age_max, 31s + 960s + 30s + 3s - 1s);
  EXPECT_EQ(alive_max, 1) << "the killed environment is gone before its successor is made";
}

TEST_F(LambdaFleetTest, UsesAnEnvironmentThatWasKilledNoMore) {
  one_by_one();
  engine.lambda.timeout = 10s;
  service = [](std::uint64_t event) { return event == 2 ? Duration{1h} : Duration{1s}; };
  engine.queue.receives_max = 1;
  run({at(0s), at(1s), at(5s), at(20s)});
  EXPECT_THAT(begins(), ElementsAre(0s, 1s, 11s, 20s));
  EXPECT_THAT(environments(), ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(counts.cold_starts, 2U);
}

TEST_F(LambdaFleetTest, CountsTheTimeoutFromTheEndOfTheColdStart) {
  engine.lambda.cold_start = 5s;
  engine.lambda.timeout = 10s;
  service = [](std::uint64_t event) { return event == 1 ? 10s : 1h; };
  run({at(0s)});
  EXPECT_EQ(counts.timed_out, 0U) << "ten seconds to the nanosecond are within the timeout";
  EXPECT_EQ(loop.now(), at(45s));
}

TEST_F(LambdaFleetTest, HidesABatchForTheQueuesOwnTimeWithoutAWindow) {
  one_by_one();
  service = [looked = 0](std::uint64_t) mutable { return ++looked == 1 ? Duration{1h} : Duration{}; };
  engine.lambda.timeout = 60s;
  engine.queue.visibility_timeout = 100s;
  run({at(0s)});
  EXPECT_THAT(begins(), ElementsAre(0s, 100s));
}

TEST_F(LambdaFleetTest, HidesABatchForAsLongAsTheQueueSaysWhereThatIsLonger) {
  service = [looked = 0](std::uint64_t) mutable { return ++looked == 1 ? Duration{1h} : Duration{}; };
  engine.queue.visibility_timeout = 2h;
  run({at(0s)});
  EXPECT_THAT(begins(), ElementsAre(30s, 30s + 2h + 30s));
}

TEST(EffectiveVisibility, IsWindowAndTimeoutAndHalfAMinuteOnlyWhereTheQueueIsShorter) {
  Engine engine = panther_oss_1_16();
  engine.poller.batch_window = 30s;
  engine.lambda.timeout = 900s;
  engine.queue.visibility_timeout = 929s;
  EXPECT_EQ(effective_visibility(engine), 960s);
  engine.queue.visibility_timeout = 930s;
  EXPECT_EQ(effective_visibility(engine), 930s) << "as long as both: the queue's own holds";
  engine.queue.visibility_timeout = 940s;
  EXPECT_EQ(effective_visibility(engine), 940s);
}

TEST_F(LambdaFleetTest, GivesAMessageUpAfterTenReceives) {
  service = [](std::uint64_t event) { return event == 1 ? Duration{1h} : Duration{}; };
  run({at(1s), at(1s)});
  EXPECT_THAT(invocations, SizeIs(10));
  EXPECT_THAT(invocations, Each(Field(&Invocation::events, ElementsAre(1))));
  EXPECT_THAT(dead_lettered, ElementsAre(1, 2)) << "the second never had its turn";
  const Instant last_receive = at(31s + 9 * 990s);
  EXPECT_THAT(dead_lettered_at, Each(last_receive + 960s));
  EXPECT_THAT(causes, Each(Field(&Cause::outcome, Outcome::timeout)));
  EXPECT_EQ(queue.dead_lettered, 2U);
  EXPECT_EQ(queue.receives, 20U);
  EXPECT_EQ(queue.redelivered, 18U);
  EXPECT_EQ(counts.timed_out, 10U);
  EXPECT_EQ(counts.cold_starts, 10U);
  EXPECT_THAT(processed, IsEmpty());
}

TEST_F(LambdaFleetTest, BringsBackAMessageBeforeWhatArrivesAtThatInstant) {
  one_by_one();
  service = [looked = 0](std::uint64_t) mutable { return ++looked == 1 ? Duration{1h} : Duration{}; };
  run({at(0s), at(900s)});
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1), ElementsAre(1), ElementsAre(2)));
}

// ---- Limits ----

TEST_F(LambdaFleetTest, RefusesABatchAtTheConcurrencyLimitAndTakesItLater) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  engine.lambda.concurrency_max = 2;
  service = [](std::uint64_t) { return 100s; };
  run({at(0s), at(0s), at(1s)});
  EXPECT_EQ(counts.throttled, 1U);
  EXPECT_EQ(counts.invocations, 3U);
  EXPECT_THAT(begins(), ElementsAre(0s, 0s, 901s));
  EXPECT_THAT(invocations[2].receives, ElementsAre(2)) << "the refused receive counts";
  EXPECT_EQ(counts.concurrency_max, 2U);
  EXPECT_THAT(processed, SizeIs(3));
}

TEST_F(LambdaFleetTest, UsesAnIdleEnvironmentAtTheConcurrencyLimit) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  engine.lambda.concurrency_max = 2;
  service = [](std::uint64_t) { return 10s; };
  run({at(0s), at(0s), at(10s), at(10s)});
  EXPECT_EQ(counts.throttled, 0U)
      << "who frees capacity at an instant does so before the batch that needs it";
  EXPECT_EQ(alive_max, 2);
}

TEST_F(LambdaFleetTest, MakesNoMoreEnvironmentsThanTheRateAllows) {
  engine.poller = {.batch_size = 1, .batch_window = 0s, .concurrency_initial = 100};
  engine.lambda.environments_per_10s = 2;
  service = [](std::uint64_t) { return 100s; };
  run({at(0s), at(0s), at(0s), at(4s), at(5s)});
  // Two at once, and then one each five seconds.
  EXPECT_THAT(begins(), ElementsAre(0s, 0s, 5s, 900s, 904s));
  EXPECT_EQ(counts.throttled, 2U);
}

TEST_F(LambdaFleetTest, GivesUpWhatIsRefusedTooOften) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  engine.lambda.concurrency_max = 1;
  engine.lambda.timeout = 24h;
  engine.queue.receives_max = 3;
  service = [](std::uint64_t) { return 10h; };
  run({at(0s), at(1s)});
  EXPECT_EQ(counts.throttled, 3U);
  EXPECT_THAT(dead_lettered, ElementsAre(2));
  EXPECT_THAT(dead_lettered_at, ElementsAre(at(1s + 3 * 900s)));
  EXPECT_THAT(causes, ElementsAre(Field(&Cause::operation, nullptr))) << "no call is to blame";
}

// ---- The poller ----

TEST(PollerRamp, GrowsEvenlyFromWhenMessagesWaitInVain) {
  PollerRamp ramp{{}};
  EXPECT_EQ(ramp.allowed(at(0s)), 5U);
  EXPECT_EQ(ramp.allowed(at(1h)), 5U);
  EXPECT_EQ(ramp.next_step(at(1h)), Instant::max());
  ramp.saturated(at(1h));
  ramp.saturated(at(1h + 1s));
  EXPECT_EQ(ramp.allowed(at(1h + 200ms - 1ns)), 5U);
  EXPECT_EQ(ramp.next_step(at(1h)), at(1h + 200ms));
  EXPECT_EQ(ramp.allowed(at(1h + 200ms)), 6U);
  EXPECT_EQ(ramp.next_step(at(1h + 200ms)), at(1h + 400ms));
  EXPECT_EQ(ramp.allowed(at(1h + 1min)), 305U);
  EXPECT_EQ(ramp.allowed(at(1h + 249s - 1ns)), 1'249U);
  EXPECT_EQ(ramp.next_step(at(1h + 249s - 1ns)), at(1h + 249s));
  EXPECT_EQ(ramp.allowed(at(1h + 249s)), 1'250U);
  EXPECT_EQ(ramp.next_step(at(1h + 249s)), Instant::max());
  EXPECT_EQ(ramp.allowed(at(100h)), 1'250U);
  ramp.relaxed();
  EXPECT_EQ(ramp.allowed(at(100h)), 5U);
}

TEST(PollerRamp, StepsUpAtTheVeryInstantItNames) {
  // 7 a minute do not divide it: the instant is rounded up, to when the growth is whole.
  PollerRamp ramp{{.concurrency_initial = 1, .concurrency_per_minute = 7, .concurrency_max = 100}};
  ramp.saturated(at(3s));
  Instant now = at(3s);
  for (std::uint32_t allowed = 1; allowed < 100; ++allowed) {
    ASSERT_EQ(ramp.allowed(now), allowed);
    const Instant step = ramp.next_step(now);
    ASSERT_EQ(ramp.allowed(step - 1ns), allowed);
    now = step;
  }
  EXPECT_EQ(ramp.next_step(now), Instant::max());
}

TEST(PollerRamp, StaysWhereItIsWithoutGrowthOrRoom) {
  PollerRamp without_growth{{.concurrency_per_minute = 0}};
  without_growth.saturated(at(0s));
  EXPECT_EQ(without_growth.allowed(at(1h)), 5U);
  EXPECT_EQ(without_growth.next_step(at(1h)), Instant::max());
  PollerRamp narrow{{.concurrency_max = 2}};
  EXPECT_EQ(narrow.allowed(at(0s)), 2U);
  narrow.saturated(at(0s));
  EXPECT_EQ(narrow.allowed(at(1h)), 2U);
  EXPECT_EQ(narrow.next_step(at(1h)), Instant::max());
}

TEST_F(LambdaFleetTest, BeginsWithFiveBatchesAndThenThreeHundredMoreAMinute) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  service = [](std::uint64_t) { return 600s; };
  run(std::vector<Instant>(10, at(7s)));
  EXPECT_THAT(begins(), ElementsAre(7s, 7s, 7s, 7s, 7s, 7s + 200ms, 7s + 400ms, 7s + 600ms, 7s + 800ms, 8s));
}

TEST_F(LambdaFleetTest, NeverHasMoreBatchesInFlightThanThePollerMay) {
  engine.poller = {.batch_size = 1, .batch_window = 0s, .concurrency_max = 7};
  service = [](std::uint64_t) { return 600s; };
  run(std::vector<Instant>(20, at(0s)));
  EXPECT_EQ(counts.concurrency_max, 7U);
  EXPECT_THAT(processed, SizeIs(20));
  EXPECT_EQ(counts.throttled, 0U);
}

TEST_F(LambdaFleetTest, BeginsWithFiveAgainOnceTheQueueWasEmpty) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  service = [](std::uint64_t) { return 60s; };
  std::vector<Instant> arrivals(7, at(0s));
  arrivals.insert(arrivals.end(), 7, at(1'000s));
  run(arrivals);
  EXPECT_THAT(begins(), ElementsAre(0s, 0s, 0s, 0s, 0s, 200ms, 400ms,  //
                                    1'000s, 1'000s, 1'000s, 1'000s, 1'000s, 1'000s + 200ms, 1'000s + 400ms));
}

TEST_F(LambdaFleetTest, GrowsForABatchThatIsNotFullOnceItsWindowIsOver) {
  engine.poller = {.batch_size = 2, .concurrency_initial = 1, .concurrency_per_minute = 60};
  service = [](std::uint64_t) { return 400s; };
  run({at(0s), at(0s), at(10s)});
  EXPECT_THAT(begins(), ElementsAre(0s, 41s))
      << "it waits in vain from 40 s on, and a second later there is room";
}

TEST_F(LambdaFleetTest, GrowsForABatchWhoseWindowEndsWhileAWorkerGoesOn) {
  // A worker wakes, and sleeps again, at the instant at which the window ends.
  engine.poller = {.batch_size = 2, .concurrency_initial = 1, .concurrency_per_minute = 60};
  service = [](std::uint64_t event) { return event == 1 ? 40s : 400s; };
  run({at(0s), at(0s), at(10s)});
  EXPECT_THAT(begins(), ElementsAre(0s, 41s));
}

TEST_F(LambdaFleetTest, TakesTheOldestMessagesFirst) {
  one_by_one();
  service = [](std::uint64_t) { return 1s; };
  run({at(0s), at(0s), at(0s), at(0s)});
  EXPECT_THAT(processed, ElementsAre(1, 2, 3, 4));
}

// ---- Sources ----

/// What a run of a hundred events comes to, some of which outlast the timeout at first.
template <class Kind>
auto run_of_a_hundred() {
  std::vector<Instant> arrivals;
  arrivals.reserve(100);
  for (int i = 0; i < 100; ++i) arrivals.push_back(at(i * 2s));
  Kind source{arrivals};
  LambdaBench bench;
  bench.engine.log_processor = {.flush_every = 1min, .processors = 2};
  bench.service = [looked = 0](std::uint64_t event) mutable {
    return event % 7 == 0 && ++looked < 4 ? Duration{1h} : Duration{3s};
  };
  bench.run(source);
  EXPECT_EQ(bench.counts.timed_out, 3U);
  EXPECT_THAT(bench.processed, SizeIs(100));
  return std::tuple{bench.begins(),           bench.batches(),      bench.environments(),
                    bench.processed,          bench.queue.age_max,  bench.counts.busy_ns,
                    bench.counts.cold_starts, bench.queue.receives, bench.queue.drained_at};
}

TEST(LambdaFleet, DoesTheSameWithEventsThatAreMadeAgain) {
  EXPECT_EQ(run_of_a_hundred<ListedSource>(), run_of_a_hundred<RecallingSource>());
}

TEST(LambdaFleet, DoesTheSameTwice) {
  EXPECT_EQ(run_of_a_hundred<ListedSource>(), run_of_a_hundred<ListedSource>());
}

// ---- When something goes wrong ----

/// Throws when it is asked for the event after the last, or from when it is told to.
class FailingSource final : public ListedSource {
 public:
  using ListedSource::ListedSource;
  const Instant* peek() override {
    const Instant* const arrival = ListedSource::peek();
    if (arrival == nullptr || damaged) throw std::runtime_error("damaged");
    return arrival;
  }
  bool damaged{};
};

TEST_F(LambdaFleetTest, EndsWithWhatTheSourceThrew) {
  one_by_one();
  FailingSource source{{at(1s)}};
  EXPECT_THAT([&] { run(source); }, ::testing::ThrowsMessage<std::runtime_error>("damaged"));
  EXPECT_EQ(loop.now(), at(1s));
}

TEST_F(LambdaFleetTest, EndsWithWhatTheSourceThrewAtASleepingEnvironmentAndNotThroughIt) {
  one_by_one();
  FailingSource source{{at(1s), at(1h)}};
  bool swallowed = false;
  service = [&](std::uint64_t) {
    source.damaged = true;
    try {
      loop.sleep_for(1min);  // asks when the next event comes
    } catch (const std::exception&) {
      swallowed = true;
    }
    return Duration{};
  };
  EXPECT_THAT([&] { run(source); }, ::testing::ThrowsMessage<std::runtime_error>("damaged"));
  EXPECT_FALSE(swallowed);
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(loop.now(), at(1s));
}

TEST_F(LambdaFleetTest, EndsWithWhatAnEnvironmentThrew) {
  engine.poller = {.batch_size = 1, .batch_window = 0s};
  service = [](std::uint64_t event) {
    if (event == 2) throw std::out_of_range("of the environment");
    return Duration{1h};
  };
  EXPECT_THAT(
      [&] {
        run({at(1s), at(2s)});
      },
      ::testing::ThrowsMessage<std::out_of_range>("of the environment"));
  EXPECT_EQ(alive, 0);
}

// ---- What is left when a run is stopped ----

TEST_F(LambdaFleetTest, HandsOverAllThatItTookWhenARunIsStopped) {
  // One message comes back later, one is in hand, and one event is in an open object.
  one_by_one();
  engine.log_processor = {.flush_every = 1min};
  engine.lambda.timeout = 10s;
  service = [](std::uint64_t) { return Duration{1h}; };
  ListedSource source{{at(0s), at(60s), at(64s), at(119s), at(120s), at(125s), at(200s)}};
  loop.spawn([this] {
    loop.sleep_for(126s);
    loop.stop();
  });
  run(source);
  // 1 is sent at 60 s, killed at 70 s and returns at 960 s; 2 to 4 are one message, sent at 120 s.
  EXPECT_EQ(counts.timed_out, 1U);
  EXPECT_EQ(taken, 5U) << "until the mark, the sixth waits in the source";
  EXPECT_THAT(left, ::testing::UnorderedElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(processed, IsEmpty());
}

TEST_F(LambdaFleetTest, BeginsNothingOnceARunIsStopped) {
  one_by_one();
  engine.poller.concurrency_initial = 5;
  engine.poller.concurrency_max = 5;
  service = [this](std::uint64_t event) {
    if (event == 2) loop.stop();
    return event == 2 ? 0s : 1s;
  };
  run(std::vector<Instant>(20, at(0s)));
  EXPECT_EQ(taken, 20U);
  EXPECT_THAT(processed, ElementsAre(2)) << "it needed no time";
  EXPECT_THAT(batches(), ElementsAre(ElementsAre(1), ElementsAre(2)));
  EXPECT_THAT(left, SizeIs(19));
}

}  // namespace
}  // namespace rushhour::sim
