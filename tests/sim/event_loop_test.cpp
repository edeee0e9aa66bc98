// The order of things: who wakes when, ties, arrivals, idle workers, the end. Run under ASan and TSan too.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <queue>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>
#include <rushhour/sim/event_loop.hpp>

namespace {

/// Allocations of this process so far.
std::uint64_t allocations = 0;

}  // namespace

// Not inline: g++ 12 would see malloc() and free() meet operators new and delete of the standard, and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* const place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t /*bytes*/) noexcept { std::free(place); }

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instant at(Duration since_start) { return Instant{since_start}; }

/// Arrivals at given instants, each running `on_arrival(number)`.
template <class Function>
class Listed final : public Arrivals {
 public:
  Listed(std::vector<Instant> instants, Function on_arrival)
      : instants_(std::move(instants)), on_arrival_(std::move(on_arrival)) {}

  const Instant* next() override { return count_ < instants_.size() ? &instants_[count_] : nullptr; }
  void deliver() override { on_arrival_(count_++); }

 private:
  std::vector<Instant> instants_;
  Function on_arrival_;
  std::size_t count_{};
};

TEST(EventLoop, ResumesWhoeverIsEarliest) {
  std::string order;
  EventLoop loop;
  loop.spawn([&] {
    loop.sleep_for(20ms);
    order += "c";
  });
  loop.spawn([&] {
    loop.sleep_for(10ms);
    order += "a";
    loop.sleep_for(5ms);
    order += "b";
  });
  loop.run();
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(loop.now(), at(20ms));
}

TEST(EventLoop, StartsWhenItIsTold) {
  const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");
  EventLoop loop{{.start = start}};
  EXPECT_EQ(loop.now(), start);
  Instant seen{};
  loop.spawn([&] {
    loop.sleep_for(1h);
    seen = loop.now();
  });
  loop.run();
  EXPECT_EQ(to_iso8601(seen), "2026-03-02T15:00:00Z");
}

TEST(EventLoop, CountsTimeBeforeTheEpochToo) {
  std::string order;
  EventLoop loop{{.start = at(-10ms)}};
  loop.spawn([&] {
    loop.sleep_until(at(1ms));
    order += "b";
  });
  loop.spawn([&] {
    loop.sleep_until(at(-1ms));
    order += "a";
  });
  loop.run();
  EXPECT_EQ(order, "ab");
}

TEST(EventLoop, BreaksTiesInTheOrderOfAsking) {
  std::string order;
  EventLoop loop;
  for (const char* const name : {"a", "b", "c", "d", "e", "f", "g"}) {
    loop.spawn([&, name] {
      if (*name == 'a') loop.sleep_for(1ms);  // a asks last
      loop.sleep_until(at(5ms));
      order += name;
    });
  }
  loop.run();
  EXPECT_EQ(order, "bcdefga");
}

TEST(EventLoop, LetsTheOtherGoFirstWhenBothWakeAtOneInstant) {
  std::string order;
  EventLoop loop;
  loop.spawn([&] {
    loop.sleep_until(at(2ms));
    order += "a";
  });
  loop.spawn([&] {
    loop.sleep_until(at(1ms));
    loop.sleep_until(at(2ms));  // no short cut: a asked first
    order += "b";
  });
  loop.run();
  EXPECT_EQ(order, "ab");
}

TEST(EventLoop, ReturnsAtOnceFromASleepThatIsOver) {
  std::string order;
  EventLoop loop{{.start = at(10ms)}};
  loop.spawn([&] {
    loop.sleep_until(at(5ms));
    loop.sleep_until(loop.now());
    order += "a";
  });
  loop.spawn([&] { order += "b"; });
  loop.run();
  EXPECT_EQ(order, "ab");
  EXPECT_EQ(loop.now(), at(10ms));
}

TEST(EventLoop, StartsAWorkerThatAnotherSpawnsAtTheSameInstantAfterWhatIsDue) {
  std::string order;
  EventLoop loop;
  loop.spawn([&] {
    loop.spawn([&] { order += "c"; });
    order += "a";
    loop.sleep_for(1ms);
    order += "d";
  });
  loop.spawn([&] { order += "b"; });
  loop.run();
  EXPECT_EQ(order, "abcd");
}

TEST(EventLoop, DeliversArrivalsAfterTheWakeUpsOfTheirInstant) {
  std::string order;
  EventLoop loop;
  WorkerId idler{};
  Listed arrivals{{at(1ms), at(5ms), at(5ms), at(9ms)}, [&](std::size_t number) {
                    order += std::to_string(number);
                    if (number == 1) loop.wake(idler, loop.now());
                  }};
  loop.set_arrivals(&arrivals);
  idler = loop.spawn([&] {
    loop.park_idle();
    order += "w";
  });
  loop.spawn([&] {
    loop.sleep_until(at(5ms));
    order += "a";
    loop.sleep_until(at(9ms));  // as first of all: time alone moves, and still it is before the arrival
    order += "b";
  });
  loop.run();
  EXPECT_EQ(order, "0a1w2b3");
  EXPECT_EQ(loop.now(), at(9ms));
}

TEST(EventLoop, TakesAnArrivalInThePastAsOneOfNow) {
  std::vector<Instant> seen;
  EventLoop loop{{.start = at(10ms)}};
  Listed arrivals{{at(5ms), at(12ms), at(11ms)}, [&](std::size_t) { seen.push_back(loop.now()); }};
  loop.set_arrivals(&arrivals);
  loop.run();
  EXPECT_THAT(seen, ElementsAre(at(10ms), at(12ms), at(12ms)));
}

TEST(EventLoop, SpawnsWorkersForArrivals) {
  std::vector<std::pair<std::size_t, Instant>> ends;
  EventLoop loop;
  Listed arrivals{{at(1ms), at(2ms), at(3ms)}, [&](std::size_t number) {
                    loop.spawn([&, number] {
                      loop.sleep_for(number == 0 ? 10ms : 1ms);
                      ends.emplace_back(number, loop.now());
                    });
                  }};
  loop.set_arrivals(&arrivals);
  loop.run();
  EXPECT_THAT(ends, ElementsAre(std::pair{1U, at(3ms)}, std::pair{2U, at(4ms)}, std::pair{0U, at(11ms)}));
}

TEST(EventLoop, WakesIdleWorkersInTheOrderOfTheCalls) {
  std::string order;
  EventLoop loop;
  std::vector<WorkerId> ids;
  for (const char* const name : {"a", "b", "c"}) {
    ids.push_back(loop.spawn([&, name] {
      loop.park_idle();
      order += name;
    }));
  }
  loop.spawn([&] {
    loop.sleep_for(1ms);
    EXPECT_TRUE(loop.idle(ids[2]));
    loop.wake(ids[2], loop.now());
    EXPECT_FALSE(loop.idle(ids[2]));
    loop.wake(ids[1], loop.now() + 1ms);
    loop.wake(ids[0], loop.now());
    order += "w";
  });
  loop.run();
  EXPECT_EQ(order, "wcab");
}

TEST(EventLoop, KnowsItsRunningWorker) {
  EventLoop loop;
  std::vector<std::uint32_t> seen;
  for (int i = 0; i < 3; ++i) {
    loop.spawn([&] {
      loop.sleep_for(Duration{10 - index(loop.current())});
      seen.push_back(index(loop.current()));
    });
  }
  EXPECT_FALSE(loop.inside_worker());
  loop.run();
  EXPECT_THAT(seen, ElementsAre(2, 1, 0));
  EXPECT_FALSE(loop.inside_worker());
}

TEST(EventLoop, RunsUpToALimitAndGoesOn) {
  std::vector<Instant> seen;
  EventLoop loop;
  loop.spawn([&] {
    for (int i = 0; i < 5; ++i) {
      loop.sleep_for(10ms);
      seen.push_back(loop.now());
    }
  });
  loop.run_until(at(20ms));
  EXPECT_THAT(seen, ElementsAre(at(10ms), at(20ms))) << "what is due at the limit is run";
  loop.run_until(at(25ms));
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_EQ(loop.now(), at(25ms));
  EXPECT_FALSE(loop.stopped());
  loop.run();
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(loop.now(), at(50ms));
}

TEST(EventLoop, HandsOnWhatLeavesAWorkerAndCanGoOn) {
  std::string order;
  EventLoop loop;
  loop.spawn([&] {
    loop.sleep_for(1ms);
    throw std::runtime_error("a detection threw");
  });
  loop.spawn([&] {
    loop.sleep_for(2ms);
    order += "b";
  });
  EXPECT_THROW(loop.run(), std::runtime_error);
  EXPECT_FALSE(loop.inside_worker());
  EXPECT_EQ(loop.now(), at(1ms));
  loop.run();
  EXPECT_EQ(order, "b");
}

TEST(EventLoopEnd, CancelsParkedWorkersInTheOrderOfIds) {
  std::string order;
  EventLoop loop;
  struct Says {
    std::string& order;
    const char* name;
    ~Says() { order += name; }
  };
  const auto spawn = [&](const char* name, Duration sleep) {
    loop.spawn([&, name, sleep] {
      const Says says{order, name};
      if (sleep == 0ms) loop.park_idle();
      loop.sleep_for(sleep);
      order += "!";
    });
  };
  spawn("a", 30ms);
  spawn("b", 0ms);
  spawn("c", 20ms);
  loop.run_until(at(10ms));
  EXPECT_EQ(order, "") << "run_until leaves them parked";
  loop.stop();
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(loop.now(), at(10ms));
}

TEST(EventLoopEnd, CancelsIdleWorkersWhenNothingIsLeftToDo) {
  const auto held = std::make_shared<int>(1);
  EventLoop loop;
  loop.spawn([&] {
    const auto local = held;
    loop.park_idle();
    ADD_FAILURE() << "nobody woke it";
  });
  loop.run();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_TRUE(loop.stopped());
}

TEST(EventLoopEnd, ComesAsSoonAsTheWorkerThatAsksForItParks) {
  std::string order;
  EventLoop loop;
  loop.spawn([&] {
    loop.sleep_for(1ms);
    loop.stop();
    order += "a";  // it runs on to its next park
    loop.sleep_for(1ms);
    order += "!";
  });
  loop.spawn([&] {
    loop.sleep_for(1ms);
    order += "!";
  });
  loop.run();
  EXPECT_EQ(order, "a");
  EXPECT_EQ(loop.now(), at(1ms));
}

TEST(EventLoopEnd, TakesNoShortCutAroundIt) {
  EventLoop loop;
  loop.spawn([&] {
    loop.sleep_for(1ms);
    loop.stop();
    loop.sleep_for(1ms);
    ADD_FAILURE() << "the simulation had been stopped";
  });
  loop.run();
  EXPECT_EQ(loop.now(), at(1ms));
}

TEST(EventLoopEnd, ComesAfterTheArrivalThatAsksForIt) {
  std::string order;
  EventLoop loop;
  Listed arrivals{{at(1ms), at(2ms), at(3ms)}, [&](std::size_t number) {
                    order += std::to_string(number);
                    if (number == 1) loop.stop();
                  }};
  loop.set_arrivals(&arrivals);
  loop.spawn([&] {
    loop.sleep_for(10ms);
    order += "!";
  });
  loop.run_until(at(20ms));
  EXPECT_EQ(order, "01");
  EXPECT_EQ(loop.now(), at(2ms));
}

TEST(EventLoopEnd, LetsCleanUpCallsReturnWithoutWaiting) {
  std::string order;
  EventLoop loop;
  const WorkerId other = loop.spawn([&] { loop.park_idle(); });
  struct Closes {
    EventLoop& loop;
    std::string& order;
    WorkerId other;
    ~Closes() {
      loop.sleep_for(1ms);  // a call that closes a session
      loop.wake(other, loop.now());
      order += loop.cancelled() ? "cancelled" : "slept";
    }
  };
  loop.spawn([&] {
    const Closes closes{loop, order, other};
    loop.sleep_for(1h);
  });
  loop.run_until(at(1s));
  loop.stop();
  EXPECT_EQ(order, "cancelled");
  EXPECT_EQ(loop.now(), at(1s));
}

TEST(EventLoopEnd, ReachesAWorkerThatIsParkedInADestructorWhileItUnwinds) {
  std::string order;
  EventLoop loop;
  struct Closes {
    EventLoop& loop;
    std::string& order;
    ~Closes() {
      loop.sleep_for(1h);
      order += "closed ";
    }
  };
  loop.spawn([&] {
    try {
      const Closes closes{loop, order};
      throw std::runtime_error("from a detection");
    } catch (const std::runtime_error&) {
      order += "caught ";
    }
    loop.sleep_for(1h);
    order += "!";
  });
  loop.run_until(at(1s));
  loop.stop();
  EXPECT_EQ(order, "closed caught ");
}

TEST(EventLoopEnd, ReportsTheFirstErrorWhenAllHaveEnded) {
  int ended = 0;
  EventLoop loop;
  for (int i = 0; i < 3; ++i) {
    loop.spawn([&, i] {
      try {
        loop.sleep_for(1h);
      } catch (...) {
        ++ended;
        throw std::runtime_error("worker " + std::to_string(i));
      }
    });
  }
  loop.run_until(at(1s));
  try {
    loop.stop();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "worker 0");
  }
  EXPECT_EQ(ended, 3);
}

TEST(EventLoopEnd, ComesWithTheLoopsDestructor) {
  const auto held = std::make_shared<int>(1);
  {
    EventLoop loop;
    loop.spawn([&loop, held] { loop.sleep_for(1h); });
    loop.spawn([held] { ADD_FAILURE() << "it never ran"; });
    EXPECT_EQ(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
}

/// Another kind of worker: steps of a function instead of a stack. It also counts how often it is resumed.
class Counted final : public Worker {
 public:
  template <class Function>
  Counted(Function function, int& resumes)
      : inner_(std::move(function), Fiber::default_stack_bytes), resumes_(resumes) {}
  bool resume() override {
    ++resumes_;
    return inner_.resume();
  }
  void park() override { inner_.park(); }
  void cancel() override { inner_.cancel(); }

 private:
  FiberWorker inner_;
  int& resumes_;
};

TEST(EventLoop, OnlyMovesTheTimeWhenNothingElseComesFirst) {
  int resumes = 0;
  int other = 0;
  EventLoop loop;
  loop.add(std::make_unique<Counted>(
      [&] {
        for (int i = 0; i < 100; ++i) loop.sleep_for(1ms);
      },
      resumes));
  loop.add(std::make_unique<Counted>([&] { loop.sleep_until(at(50ms) + 1ns); }, other));
  loop.run();
  EXPECT_EQ(resumes, 3) << "the start; after the other has started; after the other at 50 ms";
  EXPECT_EQ(other, 2);
}

TEST(EventLoop, AllocatesNothingForASleep) {
  EventLoop loop;
  for (std::uint64_t worker = 0; worker < 50; ++worker) {
    loop.spawn([&loop, stream = Stream{worker}] {
      for (std::uint64_t i = 0;; ++i) loop.sleep_for(Duration{1 + static_cast<int>(stream.at(i) % 1000)});
    });
  }
  loop.run_until(at(1us));
  const std::uint64_t before = allocations;
  loop.run_until(at(1ms));
  EXPECT_EQ(allocations, before);
}

struct Step {
  Instant instant;
  std::uint32_t worker;
  friend bool operator==(const Step&, const Step&) = default;
};

/// The length of a worker's sleep number `i`: short and coarse, so that ties abound.
Duration sleep_length(Random random, std::uint32_t worker, std::uint64_t i) {
  return Duration{1 + static_cast<int>(random.stream("sleep").part(worker).at(i) % 6)};
}

/// What the loop ought to do, by std::priority_queue, without fibers or a short cut.
std::vector<Step> reference(Random random, std::uint32_t workers, std::uint64_t sleeps,
                            const std::vector<Instant>& arrivals) {
  using Entry = std::tuple<Instant, std::uint64_t, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  std::uint64_t sequence = 0;
  std::vector<std::uint64_t> done(workers);
  for (std::uint32_t i = 0; i < workers; ++i) queue.emplace(Instant{}, sequence++, i);
  std::vector<Step> steps;
  std::size_t arrived = 0;
  while (!queue.empty() || arrived < arrivals.size()) {
    if (queue.empty() || (arrived < arrivals.size() && arrivals[arrived] < std::get<0>(queue.top()))) {
      steps.push_back({arrivals[arrived++], workers});
      continue;
    }
    const auto [instant, ignored, worker] = queue.top();
    queue.pop();
    steps.push_back({instant, worker});
    if (done[worker] == sleeps) continue;
    queue.emplace(instant + sleep_length(random, worker, done[worker]), sequence++, worker);
    ++done[worker];
  }
  return steps;
}

std::vector<Step> simulated(Random random, std::uint32_t workers, std::uint64_t sleeps,
                            const std::vector<Instant>& instants) {
  std::vector<Step> steps;
  EventLoop loop;
  Listed arrivals{instants, [&](std::size_t) { steps.push_back({loop.now(), workers}); }};
  loop.set_arrivals(&arrivals);
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    loop.spawn([&, worker] {
      for (std::uint64_t i = 0; i < sleeps; ++i) {
        steps.push_back({loop.now(), worker});
        loop.sleep_for(sleep_length(random, worker, i));
      }
      steps.push_back({loop.now(), worker});
    });
  }
  loop.run();
  return steps;
}

std::vector<Instant> random_arrivals(Random random, std::uint64_t count) {
  std::vector<Instant> instants;
  Instant instant{};
  for (std::uint64_t i = 0; i < count; ++i) {
    instant += Duration{static_cast<int>(random.stream("arrival").at(i) % 3)};
    instants.push_back(instant);
  }
  return instants;
}

class EventLoopOrder : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(EventLoopOrder, IsThatOfAPlainPriorityQueue) {
  const std::uint32_t workers = GetParam();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Random random{seed};
    const std::vector<Instant> arrivals = random_arrivals(random, 100);
    const std::uint64_t sleeps = 2'000 / workers + 3;
    const std::vector<Step> expected = reference(random, workers, sleeps, arrivals);
    const std::vector<Step> seen = simulated(random, workers, sleeps, arrivals);
    ASSERT_EQ(seen.size(), expected.size()) << "seed " << seed;
    const auto [a, b] = std::mismatch(seen.begin(), seen.end(), expected.begin());
    ASSERT_EQ(a, seen.end()) << "seed " << seed << ": step " << a - seen.begin() << " is worker " << a->worker
                             << ", should be " << b->worker;
  }
}

INSTANTIATE_TEST_SUITE_P(Workers, EventLoopOrder, ::testing::Values(1, 2, 3, 5, 17, 100));

TEST(EventLoop, DoesTheSameTwiceWithManyWorkers) {
  constexpr std::uint32_t workers = std::min<std::uint32_t>(10'000, Fiber::max_count);
  const auto run = [&](std::uint64_t seed) {
    Digest digest;
    for (const Step& step : simulated(Random{seed}, workers, 10, {})) {
      digest.add(static_cast<std::uint64_t>(step.instant.time_since_epoch().count()));
      digest.add(step.worker);
    }
    return digest.text();
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(EventLoopDeathTest, RefusesToSleepOutsideAWorker) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EventLoop loop;
  EXPECT_DEATH(loop.sleep_for(1ms), "only a worker can wait");
  EXPECT_DEATH(loop.park_idle(), "only a worker can wait");
  Listed arrivals{{at(1ms)}, [&](std::size_t) { loop.sleep_for(1ms); }};
  loop.set_arrivals(&arrivals);
  EXPECT_DEATH(loop.run(), "only a worker can wait");
}

TEST(EventLoopDeathTest, RefusesToWakeWhoIsNotIdle) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EventLoop loop;
  const WorkerId sleeping = loop.spawn([&] { loop.sleep_for(1ms); });
  const WorkerId idle = loop.spawn([&] { loop.park_idle(); });
  loop.run_until(at(1us));
  EXPECT_DEATH(loop.wake(sleeping, at(1ms)), "only an idle worker");
  EXPECT_DEATH(loop.wake(WorkerId{7}, at(1ms)), "only an idle worker");
  EXPECT_DEATH(loop.wake(idle, at(1ns)), "in the past");
}

TEST(EventLoopDeathTest, RefusesToRunInsideItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EventLoop loop;
  loop.spawn([&] { loop.run(); });
  EXPECT_DEATH(loop.run(), "already running");
  loop.stop();
  EXPECT_DEATH(loop.spawn([] {}), "has been stopped");
}

}  // namespace
}  // namespace rushhour::sim
