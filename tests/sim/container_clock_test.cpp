#include <rushhour/sim/container_clock.hpp>

#include <exception>
#include <string>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/sim/event_loop.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

Instant at(Duration since_start) { return Instant{since_start}; }

static_assert(!std::is_base_of_v<std::exception, InvocationTimedOut>,
              "a rule's catch (const std::exception&) lets it through");
static_assert(std::is_base_of_v<std::exception, RuleTimedOut>, "a rule's timeout is an error of the rule");

struct ContainerClockTest : ::testing::Test {
  VirtualClock base{at(100s)};
  ContainerClock clock{base};
};

TEST_F(ContainerClockTest, SleepsAsTheBaseDoesWhileNothingEndsIt) {
  clock.sleep_for(5s);
  EXPECT_EQ(clock.now(), at(105s));
  EXPECT_EQ(base.now(), at(105s));
  clock.sleep_until(at(1s));
  EXPECT_EQ(base.now(), at(105s)) << "at once";
  EXPECT_FALSE(clock.cancelled());
}

TEST_F(ContainerClockTest, KillsAnInvocationAtItsEnd) {
  clock.begin_invocation(at(110s));
  clock.sleep_until(at(110s));
  EXPECT_FALSE(clock.cancelled()) << "what ends at the deadline is in time";
  EXPECT_THROW(clock.sleep_for(1ns), InvocationTimedOut);
  EXPECT_EQ(base.now(), at(110s)) << "killed then and not later";
  EXPECT_TRUE(clock.cancelled());
}

TEST_F(ContainerClockTest, KillsInTheMiddleOfAWait) {
  clock.begin_invocation(at(110s));
  EXPECT_THROW(clock.sleep_until(Instant::max()), InvocationTimedOut);
  EXPECT_EQ(base.now(), at(110s));
}

TEST_F(ContainerClockTest, MeetsWhoeverSwallowedItAtEveryFurtherWait) {
  clock.begin_invocation(at(110s));
  for (int i = 0; i < 3; ++i) EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut);
  EXPECT_THROW(clock.sleep_for(0s), InvocationTimedOut) << "even without a wait";
  EXPECT_EQ(base.now(), at(110s));
}

TEST_F(ContainerClockTest, BeginsAnewWithTheNextInvocation) {
  clock.begin_invocation(at(110s));
  EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut);
  clock.begin_invocation(at(200s));
  EXPECT_FALSE(clock.cancelled());
  clock.sleep_for(50s);
  EXPECT_EQ(base.now(), at(160s));
}

TEST_F(ContainerClockTest, ReturnsWhileAnExceptionUnwindsAndSaysThatItIsOver) {
  clock.begin_invocation(at(110s));
  bool returned = false;
  struct WaitsAtTheEnd {
    Clock& of;
    bool& done;
    ~WaitsAtTheEnd() {
      of.sleep_for(1h);
      done = of.cancelled();
    }
  };
  try {
    const WaitsAtTheEnd waits{clock, returned};
    throw std::string{"of a rule"};
  } catch (const std::string&) {
  }
  EXPECT_TRUE(returned);
  EXPECT_EQ(base.now(), at(110s));
  EXPECT_THROW(clock.sleep_for(1s), InvocationTimedOut);
}

TEST_F(ContainerClockTest, EndsARuleThatOutlastsItsLimit) {
  clock.begin_invocation(at(1'000s));
  clock.begin_rule(15s);
  clock.sleep_for(15s);
  EXPECT_THAT([&] { clock.sleep_for(1s); },
              ::testing::ThrowsMessage<RuleTimedOut>("the rule ran longer than 15s"));
  EXPECT_EQ(base.now(), at(115s));
  EXPECT_THROW(clock.sleep_for(1s), RuleTimedOut) << "again";
  EXPECT_TRUE(clock.cancelled());
  clock.end_rule();
  EXPECT_FALSE(clock.cancelled());
  clock.sleep_for(100s);
  EXPECT_EQ(base.now(), at(215s));
}

TEST_F(ContainerClockTest, CountsALimitForEachRuleAnew) {
  clock.begin_rule(15s);
  clock.sleep_for(10s);
  clock.end_rule();
  clock.begin_rule(15s);
  clock.sleep_for(15s);
  EXPECT_EQ(base.now(), at(125s));
}

TEST_F(ContainerClockTest, KillsTheInvocationWhereThatEndsBeforeTheRule) {
  clock.begin_invocation(at(110s));
  clock.begin_rule(15s);
  EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut);
  EXPECT_EQ(base.now(), at(110s));
  clock.end_rule();
  EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut) << "it stays killed";
}

TEST_F(ContainerClockTest, KillsTheInvocationWhereBothEndTogether) {
  clock.begin_invocation(at(115s));
  clock.begin_rule(15s);
  EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut);
}

TEST_F(ContainerClockTest, StaysKilledInTheRulesThatFollow) {
  clock.begin_invocation(at(110s));
  clock.begin_rule(15s);
  EXPECT_THROW(clock.sleep_for(1h), InvocationTimedOut);
  clock.end_rule();
  EXPECT_TRUE(clock.is_killed());
  clock.begin_rule(15s);
  EXPECT_TRUE(clock.is_killed());
  EXPECT_TRUE(clock.cancelled());
  EXPECT_THROW(clock.sleep_for(1ns), InvocationTimedOut);
}

TEST_F(ContainerClockTest, KnowsNoEndOfTimes) {
  clock.begin_rule(Duration::max());
  clock.sleep_for(1h);
  EXPECT_EQ(base.now(), at(3'700s));
}

TEST(ContainerClock, LetsTheEndOfTheSimulationThrough) {
  EventLoop loop;
  ContainerClock clock{loop};
  bool cancelled = false;
  bool timed_out = false;
  loop.spawn([&] {
    clock.begin_invocation(at(2h));
    try {
      clock.sleep_until(Instant::max());
    } catch (const Cancelled&) {
      cancelled = true;
      throw;
    } catch (const InvocationTimedOut&) {
      timed_out = true;
    }
  });
  loop.spawn([&] {
    loop.sleep_for(1h);
    loop.stop();
  });
  loop.run();
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(timed_out);
}

/// Has been told to end, and lets nobody sleep.
class EndedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return at(100s); }
  void sleep_until(Instant /*wake*/) override {}
  [[nodiscard]] bool cancelled() const override { return true; }
};

TEST(ContainerClock, ReturnsWhereTheBaseDoesBecauseAllHasEnded) {
  EndedClock base;
  ContainerClock clock{base};
  clock.begin_invocation(at(110s));
  clock.sleep_for(1h);
  EXPECT_TRUE(clock.cancelled());
  EXPECT_FALSE(clock.is_killed()) << "it did not come to that";
}

TEST(ContainerClock, WakesAWorkerAtItsEndWhileOthersGoOn) {
  EventLoop loop;
  ContainerClock clock{loop};
  std::string order;
  loop.spawn([&] {
    clock.begin_invocation(at(10s));
    try {
      clock.sleep_for(1h);
    } catch (const InvocationTimedOut&) {
      order += 'k';
    }
  });
  loop.spawn([&] {
    loop.sleep_for(9s);
    order += 'a';
    loop.sleep_for(2s);
    order += 'b';
  });
  loop.run();
  EXPECT_EQ(order, "akb");
}

}  // namespace
}  // namespace rushhour::sim
