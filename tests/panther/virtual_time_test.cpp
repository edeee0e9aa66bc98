#include <rushhour/panther/virtual_time.hpp>

#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/event_loop.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using namespace std::chrono_literals;

/// 2026-03-02T14:00:00.25Z, which no test machine's clock shows.
constexpr Instant start{1'772'460'000'250ms};

bool is_virtual(std::time_t now) { return now >= 1'772'460'000 && now < 1'772'470'000; }

TEST(VirtualTime, IsTheWallClockOfItsThread) {
  const VirtualClock clock{start};
  const VirtualTime scope{const_cast<VirtualClock&>(clock)};
  EXPECT_EQ(std::time(nullptr), 1'772'460'000);
  timespec fine{};
  ASSERT_EQ(clock_gettime(CLOCK_REALTIME, &fine), 0);
  EXPECT_EQ(fine.tv_nsec, 250'000'000);
  timeval coarse{};
  ASSERT_EQ(gettimeofday(&coarse, nullptr), 0);
  EXPECT_EQ(coarse.tv_usec, 250'000);
  EXPECT_EQ(std::chrono::system_clock::now(), std::chrono::time_point_cast<std::chrono::nanoseconds>(start));
}

TEST(VirtualTime, IsTheSystemsOutsideTheScope) {
  VirtualClock clock{start};
  {
    const VirtualTime scope{clock};
    EXPECT_TRUE(is_virtual(std::time(nullptr)));
  }
  EXPECT_FALSE(is_virtual(std::time(nullptr)));
  timeval now{};
  ASSERT_EQ(gettimeofday(&now, nullptr), 0);
  EXPECT_FALSE(is_virtual(now.tv_sec));
}

TEST(VirtualTime, ConcernsNoOtherThread) {
  VirtualClock clock{start};
  const VirtualTime scope{clock};
  std::time_t other = 0;
  std::thread{[&] { other = std::time(nullptr); }}.join();
  EXPECT_FALSE(is_virtual(other));
}

TEST(VirtualTime, LeavesTheMonotonicClock) {
  VirtualClock clock{start};
  timespec before{};
  clock_gettime(CLOCK_MONOTONIC, &before);
  const VirtualTime scope{clock};
  timespec after{};
  clock_gettime(CLOCK_MONOTONIC, &after);
  EXPECT_GE(after.tv_sec, before.tv_sec);
  EXPECT_LT(after.tv_sec, before.tv_sec + 60);
}

TEST(VirtualTime, Nests) {
  VirtualClock outer{start};
  VirtualClock inner{start + 100s};
  const VirtualTime scope{outer};
  {
    const VirtualTime nested{inner};
    EXPECT_EQ(std::time(nullptr), 1'772'460'100);
  }
  EXPECT_EQ(std::time(nullptr), 1'772'460'000);
}

TEST(VirtualTime, TakesSleepsOfEveryKind) {
  VirtualClock clock{start};
  const VirtualTime scope{clock};
  std::this_thread::sleep_for(1h);
  EXPECT_EQ(clock.now(), start + 1h);
  const timespec length{.tv_sec = 10, .tv_nsec = 500'000'000};
  EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &length, nullptr), 0);
  EXPECT_EQ(clock.now(), start + 1h + 10500ms);
  const timespec wake{.tv_sec = 1'772'470'000, .tv_nsec = 0};
  EXPECT_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wake, nullptr), 0);
  EXPECT_EQ(std::time(nullptr), 1'772'470'000);
  timespec monotonic{};
  clock_gettime(CLOCK_MONOTONIC, &monotonic);
  monotonic.tv_sec += 100;
  EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &monotonic, nullptr), 0);
  EXPECT_GT(std::time(nullptr), 1'772'470'090);
  EXPECT_LE(std::time(nullptr), 1'772'470'100);
}

TEST(VirtualTime, RefusesWhatTheSystemRefuses) {
  VirtualClock clock{start};
  const VirtualTime scope{clock};
  const timespec bad{.tv_sec = 0, .tv_nsec = 1'000'000'000};
  EXPECT_EQ(clock_nanosleep(CLOCK_REALTIME, 0, &bad, nullptr), EINVAL);
  EXPECT_EQ(nanosleep(&bad, nullptr), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(clock.now(), start);
}

TEST(VirtualTime, SleepsToTheEndOfTimeAndNoFurther) {
  VirtualClock clock{start};
  const VirtualTime scope{clock};
  const timespec ages{.tv_sec = std::numeric_limits<time_t>::max(), .tv_nsec = 0};
  EXPECT_EQ(nanosleep(&ages, nullptr), 0);
  EXPECT_GT(clock.now(), start);
}

TEST(VirtualTime, EndsASleepEarlyWhoseClockThrows) {
  VirtualClock base{start};
  sim::ContainerClock clock{base};
  clock.begin_invocation(start + 5s);
  const VirtualTime scope{clock};
  std::this_thread::sleep_for(10s);
  EXPECT_EQ(base.now(), start + 5s);
  EXPECT_THROW(clock.sleep_for(1s), sim::InvocationTimedOut) << "it is met at the next wait";
}

TEST(VirtualTimeInALoop, ParksWorkersAndNobodyElse) {
  sim::EventLoop loop{{.start = start}};
  const VirtualTime scope{loop};
  std::string order;
  for (const int tenths : {3, 1, 2}) {
    loop.spawn([&order, tenths] {
      std::this_thread::sleep_for(tenths * 100ms);
      order += std::to_string(tenths);
    });
  }
  loop.run();
  EXPECT_EQ(order, "123");
  EXPECT_EQ(loop.now(), start + 300ms);
  std::this_thread::sleep_for(1ns);
  EXPECT_EQ(loop.now(), start + 300ms) << "outside a worker it is the system that waits";
}

/// repr() of what a function of this source returns, on a worker of a loop on virtual time.
std::string answer_of(const std::string& source) {
  sim::EventLoop loop{{.start = start, .stack_bytes = PythonThread::stack_bytes}};
  const VirtualTime scope{loop};
  PythonThread thread{test_host()};
  std::string answer;
  loop.spawn([&] {
    const Inside inside{thread};
    answer = repr(call(module_of("import time, datetime\ndef rule():\n" + source), "rule"));
  });
  loop.run();
  return answer;
}

TEST(VirtualTimeInPython, IsWhatEveryFunctionTells) {
  EXPECT_EQ(answer_of("    return round(time.time(), 3), time.time_ns()\n"),
            "(1772460000.25, 1772460000250000000)");
  EXPECT_EQ(answer_of("    return datetime.datetime.utcnow()\n"),
            "datetime.datetime(2026, 3, 2, 14, 0, 0, 250000)");
  EXPECT_EQ(answer_of("    return datetime.datetime.now(datetime.timezone.utc).isoformat()\n"),
            "'2026-03-02T14:00:00.250000+00:00'");
  EXPECT_EQ(answer_of("    return datetime.datetime.now().timestamp(), datetime.date.today().year\n"),
            "(1772460000.25, 2026)");
  EXPECT_EQ(answer_of("    return time.gmtime()[:6], time.strftime('%Y', time.gmtime())\n"),
            "((2026, 3, 2, 14, 0, 0), '2026')");
}

TEST(VirtualTimeInPython, IsRealTimeWithoutAScope) {
  PythonThread thread{test_host()};
  const Inside inside{thread};
  const Object now = call(module_of("import time\ndef rule():\n    return int(time.time())\n"), "rule");
  EXPECT_FALSE(is_virtual(PyLong_AsLong(now.get())));
}

// Python's own sleep counts from the monotonic clock, so that only the whole second is sure.
TEST(VirtualTimeInPython, PassesWhileARuleSleeps) {
  EXPECT_EQ(answer_of("    before = time.time()\n"
                      "    time.sleep(5)\n"
                      "    return round(time.time() - before)\n"),
            "5");
}

TEST(VirtualTimeInPython, LetsOthersRunWhileARuleSleeps) {
  sim::EventLoop loop{{.start = start, .stack_bytes = PythonThread::stack_bytes}};
  const VirtualTime scope{loop};
  std::string order;
  PythonThread first{test_host()};
  PythonThread second{test_host()};
  int seconds = 20;
  for (PythonThread* const thread : {&first, &second}) {
    loop.spawn([&order, thread, seconds] {
      const Inside inside{*thread};
      const Object rule = module_of("import time\ndef rule(n):\n    time.sleep(n)\n    return n\n");
      order += repr(call(rule, "rule", integer(seconds))) + " ";
    });
    seconds -= 10;
  }
  loop.run();
  EXPECT_EQ(order, "10 20 ");
}

}  // namespace
}  // namespace rushhour::panther
