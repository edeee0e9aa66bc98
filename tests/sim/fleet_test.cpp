// Queueing: who waits, how long, and in what order events are taken. Where theory has a recursion, it is
// exact.

#include <rushhour/sim/fleet.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/random.hpp>

#include "listed_source.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t seed = 7;

Instant at(Duration since_start) { return Instant{since_start}; }

std::vector<Instant> instants(std::vector<Duration> since_start) {
  std::vector<Instant> out;
  for (const Duration each : since_start) out.push_back(at(each));
  return out;
}

std::vector<Instant> poisson(std::uint64_t events, Duration duration) {
  event::traffic::PoissonArrivals arrivals{{.events = events, .duration = duration},
                                           Random{seed}.stream("arrivals")};
  std::vector<Instant> out;
  while (arrivals.peek() != nullptr) out.push_back(arrivals.next());
  return out;
}

/// How an event fared.
struct Taken {
  std::uint64_t event{};
  std::size_t worker{};
  Instant begun{};
  Duration waited{};
};

/// Lets a fleet work off the arrivals; each event takes as long as `service` says. In the order of beginning.
template <class Service>
std::vector<Taken> work_off(std::vector<Instant> arrivals, std::size_t workers, Service service) {
  std::vector<Taken> taken;
  ListedSource source{std::move(arrivals)};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(workers, [&](std::size_t worker) {
    return [&, worker](const event::Event& event) {
      taken.push_back({event.id(), worker, loop.now(), loop.now() - event.arrival()});
      loop.sleep_for(service(event.id()));
    };
  });
  loop.run();
  return taken;
}

template <class Member>
auto each(const std::vector<Taken>& taken, Member member) {
  std::vector<std::decay_t<decltype(taken.front().*member)>> out;
  for (const Taken& one : taken) out.push_back(one.*member);
  return out;
}

/// Service times from 0 to 200 ms, the same for an event whoever asks.
Duration uniform_service(std::uint64_t event) {
  return Duration{
      static_cast<std::int64_t>(uniform_below(Random{seed}.stream("service").at(event), 200'000'001))};
}

// ---- Who waits, and how long ----

TEST(Fleet, LetsNobodyWaitWhileItIsLargeEnough) {
  // One event each 10 ms, 100 ms each: ten are busy, and the first is free again when the eleventh event
  // comes.
  std::vector<Instant> arrivals;
  for (int i = 0; i < 1'000; ++i) arrivals.push_back(at(i * 10ms));
  const auto taken = work_off(arrivals, 10, [](std::uint64_t) { return 100ms; });
  ASSERT_EQ(taken.size(), 1'000U);
  EXPECT_THAT(each(taken, &Taken::waited), Each(Duration::zero()));
}

TEST(Fleet, LetsEveryoneWaitLongerOnceItIsTooSmall) {
  // Nine workers finish 90 a second of 100 that arrive: every ninth takes one event later than it came.
  std::vector<Instant> arrivals;
  for (int i = 0; i < 1'000; ++i) arrivals.push_back(at(i * 10ms));
  const auto taken = work_off(arrivals, 9, [](std::uint64_t) { return 100ms; });
  for (std::uint64_t i = 0; i < taken.size(); ++i) {
    ASSERT_EQ(taken[i].waited, static_cast<std::int64_t>(i / 9) * 10ms) << "event " << i + 1;
  }
}

TEST(Fleet, OfOneWaitsAsLindleysRecursionSays) {
  // W(n+1) = max(0, W(n) + S(n) - A(n)), exactly. Lindley, 1952.
  const std::vector<Instant> arrivals = poisson(20'000, 2'100s);  // utilisation 0.95
  const auto taken = work_off(arrivals, 1, uniform_service);
  ASSERT_EQ(taken.size(), arrivals.size());
  Duration wait{};
  for (std::size_t i = 0; i < taken.size(); ++i) {
    ASSERT_EQ(taken[i].event, i + 1) << "seed " << seed;
    ASSERT_EQ(taken[i].waited, wait) << "event " << i + 1 << ", seed " << seed;
    if (i + 1 < arrivals.size()) {
      wait = std::max(Duration::zero(), wait + uniform_service(i + 1) - (arrivals[i + 1] - arrivals[i]));
    }
  }
}

TEST(Fleet, OfManyWaitsAsKieferAndWolfowitzSay) {
  // The event takes the worker that is free first: W(n) from the sorted vector of remaining work. 1955.
  for (const std::size_t workers : {2U, 5U, 40U}) {
    const auto duration = Duration{2'100s} / static_cast<std::int64_t>(workers);
    const std::vector<Instant> arrivals = poisson(20'000, duration);
    const auto taken = work_off(arrivals, workers, uniform_service);
    ASSERT_EQ(taken.size(), arrivals.size());
    std::vector<Instant> free_at(workers);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const auto first = std::min_element(free_at.begin(), free_at.end());
      const Instant begun = std::max(*first, arrivals[i]);
      ASSERT_EQ(taken[i].event, i + 1) << workers << " workers, seed " << seed;
      ASSERT_EQ(taken[i].begun, begun) << workers << " workers, event " << i + 1 << ", seed " << seed;
      *first = begun + uniform_service(i + 1);
    }
  }
}

TEST(Fleet, WaitsOnAverageAsPollaczekAndKhinchinSay) {
  // M/D/1 at utilisation 0.8: rho / (2 (1 - rho)) = 2 service times. The standard error at this length is
  // about 0.05.
  const std::vector<Instant> arrivals = poisson(200'000, 25'000s);
  const auto taken = work_off(arrivals, 1, [](std::uint64_t) { return 100ms; });
  Duration sum{};
  for (const Taken& one : taken) sum += one.waited;
  const double mean = static_cast<double>(sum.count()) / static_cast<double>(taken.size()) / 1e8;
  EXPECT_NEAR(mean, 2.0, 0.2) << "in service times; seed " << seed;
}

// ---- In what order, and by whom ----

TEST(Fleet, WorksOffABacklogInOrderOfArrival) {
  // Everything is there at once, for one worker.
  const auto taken = work_off(std::vector<Instant>(1'000, at(0s)), 1, [](std::uint64_t) { return 1s; });
  ASSERT_EQ(taken.size(), 1'000U);
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    ASSERT_EQ(taken[i].event, i + 1);
    ASSERT_EQ(taken[i].waited, static_cast<std::int64_t>(i) * 1s);
  }
}

TEST(Fleet, LeavesABacklogInTheSourceAndNotInMemory) {
  struct Watched final : ListedSource {
    using ListedSource::ListedSource;
    bool next(event::Event& into) override {
      ++given;
      return ListedSource::next(into);
    }
    std::uint64_t given{};
  };
  Watched source{std::vector<Instant>(500, at(0s))};
  EventLoop loop;
  Fleet fleet{loop, source};
  std::uint64_t begun = 0;
  fleet.start(3, [&](std::size_t) {
    return [&](const event::Event& event) {
      EXPECT_EQ(++begun, event.id());
      EXPECT_EQ(source.given, begun) << "an event has been taken from the source before its worker was free";
      loop.sleep_for(1s);
      EXPECT_LE(source.given, begun);
    };
  });
  loop.run();
  EXPECT_EQ(source.given, 500U);
  EXPECT_EQ(loop.now(), at(167s));
}

TEST(Fleet, WakesWhoHasBeenIdleForTheShortestTime) {
  // All three are idle from the start, in the order 0, 1, 2. Then 2 finishes before 1, and 1 after it.
  const auto taken = work_off(instants({10ms, 11ms, 100ms, 200ms, 201ms, 202ms}), 3, [](std::uint64_t event) {
    return event == 1 ? Duration{5ms} : event == 2 ? Duration{50ms} : Duration{1ms};
  });
  // 1 is done at 61 ms and takes the third and fourth event; its 201 ms is free again just then; so it takes
  // all.
  EXPECT_THAT(each(taken, &Taken::worker), ElementsAre(2, 1, 1, 1, 1, 1));
}

TEST(Fleet, GivesAnEventToWhoBecomesFreeAtItsInstant) {
  // Worker 1 ends at 10 ms, when the second event comes; worker 0 is idle, but has been so for longer.
  const auto taken = work_off(instants({5ms, 10ms}), 2, [](std::uint64_t) { return 5ms; });
  EXPECT_THAT(each(taken, &Taken::worker), ElementsAre(1, 1));
  EXPECT_THAT(each(taken, &Taken::waited), Each(Duration::zero()));
}

TEST(Fleet, StartsWithTheFirstWorkerWhenEventsAreAlreadyThere) {
  const auto taken = work_off(instants({0ms, 0ms, 0ms}), 2, [](std::uint64_t) { return 1ms; });
  EXPECT_THAT(each(taken, &Taken::worker), ElementsAre(0, 1, 0));
  EXPECT_THAT(each(taken, &Taken::waited), ElementsAre(0ms, 0ms, 1ms));
}

TEST(Fleet, TakesEventsOfBeforeTheStartAtOnce) {
  std::vector<Duration> waits;
  ListedSource source{instants({1s, 2s})};
  EventLoop loop{{.start = at(10s)}};
  Fleet fleet{loop, source};
  fleet.start(2, [&](std::size_t) {
    return [&](const event::Event& event) { waits.push_back(loop.now() - event.arrival()); };
  });
  loop.run();
  EXPECT_THAT(waits, ElementsAre(9s, 8s));
  EXPECT_EQ(loop.now(), at(10s));
}

TEST(Fleet, EndsWhenTheLastEventIsDone) {
  ListedSource source{instants({1s})};
  EventLoop loop;
  Fleet fleet{loop, source};
  bool done = false;
  fleet.start(5, [&](std::size_t) {
    return [&](const event::Event&) {
      loop.sleep_for(3s);
      done = true;
    };
  });
  loop.run();
  EXPECT_TRUE(done);
  EXPECT_EQ(loop.now(), at(4s));
}

TEST(Fleet, HasNothingToDoWithoutEvents) {
  EXPECT_THAT(work_off({}, 3, [](std::uint64_t) { return 1s; }), IsEmpty());
}

void start_a_fleet_of_nobody() {
  ListedSource source{{}};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(0, [](std::size_t) { return [](const event::Event&) {}; });
}

TEST(FleetDeathTest, HasAtLeastOneWorker) { EXPECT_DEATH(start_a_fleet_of_nobody(), "at least one worker"); }

// ---- When something goes wrong ----

/// Throws when it is asked for the event after the last.
class FailingSource final : public ListedSource {
 public:
  using ListedSource::ListedSource;
  const Instant* peek() override {
    const Instant* const arrival = ListedSource::peek();
    if (arrival == nullptr) throw std::runtime_error("damaged");
    return arrival;
  }
};

/// Counts those alive.
struct Counted {
  explicit Counted(int& alive_count) : alive(&alive_count) { ++*alive; }
  Counted(Counted&& other) noexcept : alive(std::exchange(other.alive, nullptr)) {}
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (alive != nullptr) --*alive;
  }
  int* alive;
};

TEST(Fleet, ThrowsWhatTheSourceThrewOutOfTheRunAndNotThroughAHandler) {
  // Worker 1 takes the only event and sleeps, while 0 is idle: the loop then asks when the next event comes.
  int alive = 0;
  bool swallowed = false;
  bool slept = false;
  FailingSource source{instants({1s})};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(2, [&](std::size_t) {
    return [&, counted = Counted{alive}](const event::Event&) {
      try {
        loop.sleep_for(1s);
        slept = true;
      } catch (const std::exception&) {
        swallowed = true;  // as a detection's rule() would be made to fail
      }
    };
  });
  EXPECT_EQ(alive, 2);
  EXPECT_THAT([&] { loop.run(); }, ::testing::ThrowsMessage<std::runtime_error>("damaged"));
  EXPECT_FALSE(swallowed);
  loop.stop();
  EXPECT_FALSE(slept) << "who was asleep is cancelled";
  EXPECT_EQ(alive, 0) << "handlers are destroyed";
}

TEST(Fleet, ThrowsWhatTheSourceThrewAtAWorkerThatAsks) {
  FailingSource source{instants({1s})};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(1, [&](std::size_t) { return [&](const event::Event&) { loop.sleep_for(1s); }; });
  EXPECT_THAT([&] { loop.run(); }, ::testing::ThrowsMessage<std::runtime_error>("damaged"));
  EXPECT_EQ(loop.now(), at(2s)) << "the event before was seen to its end";
}

TEST(Fleet, ThrowsWhatLeavesAHandler) {
  ListedSource source{instants({1s, 2s})};
  EventLoop loop;
  Fleet fleet{loop, source};
  fleet.start(2, [&](std::size_t) {
    return [&](const event::Event& event) {
      if (event.id() == 2) throw std::out_of_range("from the handler");
      loop.sleep_for(1h);
    };
  });
  EXPECT_THAT([&] { loop.run(); }, ::testing::ThrowsMessage<std::out_of_range>("from the handler"));
  EXPECT_EQ(loop.now(), at(2s));
}

}  // namespace
}  // namespace rushhour::sim
