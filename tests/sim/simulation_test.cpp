// Runs of detections: what each container keeps, what each event draws, how a run ends.

#include <rushhour/sim/simulation.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// ---- What is counted ----

TEST(Simulation, CountsEventsWaitsAndTheEnd) {
  Bench bench;
  const SimulationResult result = bench.run({sleeper("one second", 1s)}, {at(5s), at(5s), at(5s), at(20s)});
  EXPECT_EQ(result.delivery.delivered, 4U);
  EXPECT_EQ(result.delivery.processed, 4U);
  EXPECT_EQ(result.delivery.looks, 4U);
  EXPECT_EQ(result.first_arrival, at(5s));
  EXPECT_EQ(result.last_arrival, at(20s));
  EXPECT_EQ(result.end, at(21s));
  EXPECT_EQ(result.waiting.events, 4U);
  EXPECT_EQ(result.waiting.mean(), 750ms);
  EXPECT_EQ(result.waiting.max, 2s);
  EXPECT_EQ(result.waiting.max_event, 3U);
}

TEST(Simulation, NamesTheFirstOfTheEventsThatWaitedLongest) {
  Bench bench;
  const auto result = bench.run({sleeper("one second", 1s)}, {at(0s), at(0s), at(10s), at(10s)});
  EXPECT_EQ(result.waiting.max, 1s);
  EXPECT_EQ(result.waiting.max_event, 2U);
}

TEST(Simulation, RunsWithoutEventsAndWithoutDetections) {
  EXPECT_EQ(Bench{}.run({sleeper("x", 1s)}, std::vector<Instant>{}).delivery.delivered, 0U);
  EXPECT_EQ(Bench{}.run({}, every(1s, 3)).delivery.processed, 3U);
}

TEST(Simulation, CountsVerdictsOfEachDetection) {
  struct Degrading {
    [[nodiscard]] std::string_view name() const { return "degrading"; }
    [[nodiscard]] bool rule(const event::Event& event, detect::Context&) { return event.id() % 2 == 0; }
    [[nodiscard]] detect::AlertContext alert_context(const event::Event& event, detect::Context&) {
      if (event.id() % 4 == 0) throw std::runtime_error("no context");
      return detect::AlertContext::mapping("{}");
    }
  };
  const auto failing = planned_rule("failing", [](const event::Event& event, detect::Context&) {
    if (event.id() == 3) throw std::runtime_error("third");
    if (event.id() == 4) throw std::runtime_error("fourth");
    return false;
  });
  Bench bench;
  const auto result = bench.run({planned("degrading", [] { return Degrading{}; }), failing}, every(1s, 10));
  ASSERT_THAT(result.detections, SizeIs(2));
  const sim::Outcomes& first = result.detections[0];
  EXPECT_EQ(first.detection, "degrading");
  EXPECT_EQ(first.events, 10U);
  EXPECT_EQ(first.matches, 5U);
  EXPECT_EQ(first.alerts, 1U) << "the dedup string is the same";
  EXPECT_EQ(first.intact, 3U);
  EXPECT_EQ(first.degraded, 2U);
  EXPECT_EQ(first.missed, 0U);
  const sim::Outcomes& second = result.detections[1];
  EXPECT_EQ(second.missed, 2U);
  EXPECT_EQ(second.matches, 0U);
  EXPECT_EQ(second.alerts, 0U);
  ASSERT_THAT(result.losses.rows(), SizeIs(2));
  const LossRow& missed = result.losses.rows()[0];
  EXPECT_EQ(missed.detection, 1U);
  EXPECT_EQ(missed.kind, LossKind::missed);
  EXPECT_EQ(missed.count, 2U);
  EXPECT_EQ(missed.first_error, "third");
  EXPECT_EQ(missed.first_event, 3U);
  EXPECT_EQ(missed.first_at, at(2s));
  const LossRow& degraded = result.losses.rows()[1];
  EXPECT_EQ(degraded.detection, 0U);
  EXPECT_EQ(degraded.kind, LossKind::degraded);
  EXPECT_EQ(degraded.count, 2U);
  EXPECT_EQ(degraded.first_error, R"({"_error":"no context"})");
  EXPECT_EQ(degraded.first_event, 4U);
}

TEST(Simulation, CountsCallsOnceAndNotTheirRetries) {
  Bench bench{1, 2};  // every second attempt is refused
  const auto result = bench.run({caller("a"), caller("b")}, every(10s, 50));
  EXPECT_EQ(result.detections[0].logical_calls, 50U);
  EXPECT_EQ(result.detections[1].logical_calls, 50U);
  EXPECT_GT(bench.endpoint.asked, 100U);
  EXPECT_EQ(result.detections[0].matches + result.detections[1].matches, 100U);
}

TEST(Simulation, SaysWhoseACallIs) {
  Bench bench{1, 3};
  const DetectionPlan a = caller("a");
  const DetectionPlan b = caller("b");
  static_cast<void>(bench.run({a, b}, every(1min, 2)));
  std::vector<std::string> seen;
  for (const api::Attribution& each : bench.endpoint.attributions) {
    seen.push_back(std::string{each.detection == a.name   ? "a"
                               : each.detection == b.name ? "b"
                                                          : "?"} +
                   std::to_string(each.event) + "." + std::to_string(each.attempt));
  }
  EXPECT_THAT(seen, ElementsAre("a1.1", "b1.1", "a2.1", "a2.2", "b2.1"));
}

TEST(Simulation, ReportsProgress) {
  Bench bench{3};
  std::vector<std::uint64_t> seen;
  bench.options.progress = [&](std::uint64_t events) { seen.push_back(events); };
  bench.options.progress_events = 4;
  static_cast<void>(bench.run({}, every(1ms, 10)));
  EXPECT_THAT(seen, ElementsAre(4, 8));
}

// ---- What a container keeps ----

TEST(Simulation, GivesEachWorkerDetectionsAndPoliciesOfItsOwn) {
  Bench bench{3};
  int detections = 0;
  std::vector<api::Service> policies;
  bench.options.make_policy = [&](api::Service service) {
    policies.push_back(service);
    return std::make_unique<retry::None>();
  };
  const auto make = [&detections](const char* name) {
    return planned(name, [&detections] {
      ++detections;
      return RuleOnly{std::string{"rule"}, [](const event::Event&, detect::Context&) { return true; }};
    });
  };
  static_cast<void>(bench.run({make("a"), make("b")}, every(1s, 1)));
  EXPECT_EQ(detections, 6);
  EXPECT_THAT(policies, SizeIs(3 * api::service_count));
}

TEST(Simulation, LetsADetectionRememberWhatItsWorkerHasSeen) {
  struct Remembering {
    std::map<int, std::vector<std::uint64_t>>* seen;
    int container;
    [[nodiscard]] std::string_view name() const { return "remembering"; }
    [[nodiscard]] bool rule(const event::Event& event, detect::Context& context) {
      (*seen)[container].push_back(event.id());
      context.clock().sleep_for(1s);
      return true;
    }
  };
  Bench bench{3};
  std::map<int, std::vector<std::uint64_t>> seen;
  int containers = 0;
  // Two at a time, then one: worker 2 is woken first, then 1; worker 0 only when both are busy.
  static_cast<void>(bench.run({planned("remembering",
                                       [&] {
                                         return Remembering{&seen, containers++};
                                       })},
                              {at(1s), at(1s), at(5s), at(5s), at(9s), at(9s), at(9s)}));
  EXPECT_EQ(containers, 3);
  EXPECT_THAT(seen[2], ElementsAre(1, 4, 5));
  EXPECT_THAT(seen[1], ElementsAre(2, 3, 6));
  EXPECT_THAT(seen[0], ElementsAre(7));
}

// ---- What an event draws ----

using Drawn = std::map<std::uint64_t, std::vector<std::uint64_t>>;

/// Asks for two numbers and makes a call between them, so that latencies and back-off draw too.
DetectionPlan drawing(std::string name, Drawn& drawn) {
  return planned_rule(std::move(name), [&drawn](const event::Event& event, detect::Context& context) {
    drawn[event.id()].push_back(context.random());
    auto sts = context.sts();
    const Instant before = context.clock().now();
    static_cast<void>(sts(api::sts::GetCallerIdentity{}));
    drawn[event.id()].push_back(static_cast<std::uint64_t>((context.clock().now() - before).count()));
    drawn[event.id()].push_back(context.random());
    return true;
  });
}

TEST(Simulation, DrawsTheSameForAnEventWhateverTheNumberOfWorkers) {
  std::vector<Drawn> drawn(3);
  std::size_t run = 0;
  for (const std::size_t workers : {1U, 7U, 100U}) {
    Bench bench{workers};
    static_cast<void>(bench.run({drawing("x", drawn[run++])}, poisson(500, 5s)));
  }
  EXPECT_THAT(drawn[0], SizeIs(500));
  EXPECT_EQ(drawn[0], drawn[1]);
  EXPECT_EQ(drawn[0], drawn[2]);
}

TEST(Simulation, DrawsTheSameForAnEventWhateverOtherDetectionsThereAre) {
  std::vector<Drawn> drawn(4);
  Drawn others;
  const std::vector<Instant> arrivals = poisson(500, 5s);
  static_cast<void>(Bench{10}.run({drawing("x", drawn[0])}, arrivals));
  static_cast<void>(Bench{10}.run({drawing("x", drawn[1]), drawing("behind", others)}, arrivals));
  static_cast<void>(Bench{10}.run({drawing("before", others), drawing("x", drawn[2])}, arrivals));
  static_cast<void>(Bench{10}.run({caller("before"), drawing("x", drawn[3]), caller("behind")}, arrivals));
  EXPECT_EQ(drawn[0], drawn[1]);
  EXPECT_EQ(drawn[0], drawn[2]);
  EXPECT_EQ(drawn[0], drawn[3]);
}

TEST(Simulation, DrawsDifferentlyForEachEventDetectionAndSeed) {
  std::set<std::uint64_t> distinct;
  const auto draw = [&distinct](std::string name) {
    return planned_rule(std::move(name), [&distinct](const event::Event&, detect::Context& context) {
      distinct.insert(context.random());
      distinct.insert(context.random());
      return true;
    });
  };
  for (const std::uint64_t each : {1U, 2U}) {
    Bench bench;
    bench.options.random = Random{each};
    static_cast<void>(bench.run({draw("a"), draw("b")}, every(1s, 100)));
  }
  EXPECT_THAT(distinct, SizeIs(2 * 2 * 2 * 100));
}

TEST(Simulation, GivesADetectionTheSameOutcomesBesideOthers) {
  // Verdicts that hang on draws alone: what others do takes time, but no luck.
  const auto picky = [](std::string name) {
    return planned_rule(std::move(name),
                        [](const event::Event&, detect::Context& context) -> detect::Verdict {
                          const std::uint64_t bits = context.random();
                          if (chance(bits, {1, 10}))
                            return Failure{.outcome = Outcome::throttled, .code = "bad luck"};
                          return chance(context.random(), {1, 3});
                        });
  };
  const std::vector<Instant> arrivals = poisson(2'000, 20s);
  const auto alone = Bench{20}.run({picky("x")}, arrivals).detections[0];
  const auto beside =
      Bench{20}.run({caller("a"), picky("b"), picky("x"), sleeper("c", 1s)}, arrivals).detections[2];
  EXPECT_GT(alone.missed, 0U);
  EXPECT_EQ(alone.detection, beside.detection);
  EXPECT_EQ(alone.events, beside.events);
  EXPECT_EQ(alone.matches, beside.matches);
  EXPECT_EQ(alone.missed, beside.missed);
}

TEST(Simulation, MakesTheSameDecisionsTwice) {
  const auto run = [](std::uint64_t run_seed) {
    Bench bench{20, 3};
    bench.options.random = Random{run_seed};
    static_cast<void>(bench.run({caller("a"), caller("b")}, poisson(5'000, 30s)));
    return bench.endpoint.digest.text();
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

// ---- What happens beside the events ----

/// Acts so often, and notes when.
class Ticking final : public Agenda {
 public:
  Ticking(Duration gap, std::size_t times) : gap_(gap), times_(times), next_(Instant{gap}) {}
  const Instant* next() override { return acted.size() < times_ ? &next_ : nullptr; }
  void act(Instant now) override {
    acted.push_back(now.time_since_epoch());
    next_ = now + gap_;
  }
  std::vector<Duration> acted{};

 private:
  Duration gap_;
  std::size_t times_;
  Instant next_;
};

TEST(Simulation, LetsAgendasActAtTheirInstants) {
  Ticking often{40s, 4};
  Ticking once{100s, 1};
  Ticking never{1s, 0};
  Bench bench;
  bench.options.agendas = {&often, &once, &never};
  const auto result = bench.run({sleeper("x", 5s)}, {at(0s), at(170s)});
  EXPECT_THAT(often.acted, ElementsAre(40s, 80s, 120s, 160s));
  EXPECT_THAT(once.acted, ElementsAre(100s));
  EXPECT_THAT(never.acted, IsEmpty());
  EXPECT_EQ(result.end, at(175s));
  EXPECT_EQ(result.delivery.processed, 2U);
}

// ---- How a run ends ----

TEST(Simulation, EndsWithWhatTheSourceThrew) {
  struct Failing final : ListedSource {
    using ListedSource::ListedSource;
    const Instant* peek() override {
      const Instant* const arrival = ListedSource::peek();
      if (arrival == nullptr) throw InputError({.file = "x.json.gz", .expected = "recorded events"});
      return arrival;
    }
  };
  for (const std::size_t workers : {1U, 2U, 50U}) {
    Bench bench{workers};
    Failing source{every(1ms, 20)};
    EXPECT_THROW(static_cast<void>(bench.run({caller("a")}, source)), InputError) << workers << " workers";
    EXPECT_TRUE(bench.loop.stopped());
  }
}

TEST(Simulation, EndsWithWhatIsNoStdExceptionAndCancelsTheOthers) {
  int unwound = 0;
  int went_on = 0;
  const auto rule = planned_rule("x", [&](const event::Event& event, detect::Context& context) {
    struct Guard {
      int& count;
      ~Guard() { ++count; }
    } const guard{unwound};
    if (event.id() == 3) throw 42;
    context.clock().sleep_for(1h);
    ++went_on;
    return true;
  });
  Bench bench{5};
  EXPECT_THROW(static_cast<void>(bench.run({rule}, every(1s, 5))), int);
  EXPECT_EQ(unwound, 3);
  EXPECT_EQ(went_on, 0);
}

TEST(Simulation, CountsNothingForWhoeverIsCancelled) {
  Bench bench{5};
  const auto stopping =
      planned_rule("x", [&](const event::Event& event, detect::Context& context) -> detect::Verdict {
        if (event.id() == 3) bench.loop.stop();
        auto sts = context.sts();
        auto identity = sts(api::sts::GetCallerIdentity{});
        if (!identity) return identity.failure();
        return true;
      });
  const auto result = bench.run({stopping}, every(1ms, 5));
  EXPECT_EQ(result.delivery.looks, 3U);
  EXPECT_EQ(result.delivery.delivered, 5U);
  EXPECT_EQ(result.delivery.processed, 0U);
  EXPECT_EQ(result.delivery.unserved, 5U);
  EXPECT_EQ(result.detections[0].events, 3U) << "rule() was asked, and never answered";
  EXPECT_EQ(result.detections[0].matches, 0U) << "Cancelled was taken for a verdict";
  EXPECT_EQ(result.detections[0].missed, 0U);
  EXPECT_EQ(result.end, at(2ms));
}

// ---- Cancelled and the contract of detections ----

/// Throws at one of the functions of the contract.
struct ThrowsAt {
  std::string_view where;
  [[nodiscard]] std::string_view name() const { return "throws"; }
  void reach(std::string_view here) const {
    if (here == where) throw Cancelled{};
  }
  [[nodiscard]] bool rule(const event::Event&, detect::Context&) { return reach("rule"), true; }
  [[nodiscard]] std::string title(const event::Event&, detect::Context&) { return reach("title"), "t"; }
  [[nodiscard]] detect::Severity severity(const event::Event&, detect::Context&) {
    return reach("severity"), detect::Severity::low;
  }
  [[nodiscard]] std::string dedup(const event::Event&, detect::Context&) { return reach("dedup"), "d"; }
  [[nodiscard]] detect::AlertContext alert_context(const event::Event&, detect::Context&) {
    return reach("alert_context"), detect::AlertContext{};
  }
};

class CancelledAt : public ::testing::TestWithParam<const char*> {};

TEST_P(CancelledAt, IsNotSwallowedByEvaluate) {
  api::Session session;
  NoCredentials credentials;
  detect::Context context{session, credentials, {}};
  ThrowsAt detection{GetParam()};
  EXPECT_THROW(static_cast<void>(detect::evaluate(detection, event::Event{}, context)), Cancelled);
}

INSTANTIATE_TEST_SUITE_P(Function, CancelledAt,
                         ::testing::Values("rule", "title", "severity", "dedup", "alert_context"));

}  // namespace
}  // namespace rushhour::sim
