// The simulation against a step machine that shares no code with it: a plain heap of attempts. Only what both
// are about is the same, the token bucket and the draws. Equal means every decision: instant, event, attempt,
// worker, verdict.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <queue>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/api/client.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/legacy.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/fleet.hpp>

#include "listed_source.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr unsigned attempts_max = 4;

/// One run: who arrives when, at what service.
struct Plan {
  std::vector<Instant> arrivals{};
  std::uint32_t workers{400};
  limit::TokenBucketOptions bucket{.limit = 600, .burst = 36};
  api::Latency latency{.low = 120ms};
  /// Between attempts; nothing: botocore's full jitter of 1, 2 and 4 s.
  std::optional<Duration> fixed_delay{};
  std::uint64_t seed{20260302};

  [[nodiscard]] Stream draws(std::uint64_t event) const { return Random{seed}.stream("draws").part(event); }
};

/// What a run comes to.
struct Tally {
  std::uint64_t attempts{};
  std::uint64_t accepted{};
  std::uint64_t throttled{};
  std::uint64_t answered{};  ///< events whose call was accepted in the end
  std::uint64_t given_up{};
  Duration waited{};  ///< of all events, for a worker
  Duration waited_max{};
  std::optional<Instant> first_throttle{};
  Instant end{};
  Digest decisions{};

  void decide(Instant now, std::uint64_t event, unsigned attempt, std::uint32_t worker, bool ok) {
    ++attempts;
    ++(ok ? accepted : throttled);
    if (!ok && !first_throttle) first_throttle = now;
    decisions.add(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    decisions.add(event);
    decisions.add(std::uint64_t{worker} << 32 | attempt << 1 | (ok ? 1U : 0U));
  }
  void begin(Duration wait) {
    waited += wait;
    waited_max = std::max(waited_max, wait);
  }

  friend bool operator==(const Tally& a, const Tally& b) {
    const auto row = [](const Tally& t) {
      return std::tuple{t.attempts, t.accepted,   t.throttled,      t.answered, t.given_up,
                        t.waited,   t.waited_max, t.first_throttle, t.end,      t.decisions.value()};
    };
    return row(a) == row(b);
  }
  friend std::ostream& operator<<(std::ostream& out, const Tally& t) {
    return out << t.attempts << " attempts, " << t.accepted << " accepted, " << t.throttled
               << " throttled (first "
               << (t.first_throttle ? to_iso8601(*t.first_throttle, Precision::nanoseconds) : "never")
               << "), " << t.answered << " events answered, " << t.given_up << " given up, waited "
               << to_text(t.waited) << " in all and at most " << to_text(t.waited_max) << ", ended "
               << to_iso8601(t.end, Precision::nanoseconds) << ", decisions " << t.decisions.text();
  }
};

// ---- The simulation, as detections meet it. ----

/// Answers by the bucket alone, and counts.
class BucketEndpoint final : public api::Endpoint {
 public:
  BucketEndpoint(const EventLoop& loop, limit::TokenBucketOptions bucket, Tally& tally)
      : loop_(loop), bucket_(bucket), tally_(tally) {}

  bool perform(const api::Exchange& exchange, Instant now) override {
    const bool ok = bucket_.try_acquire(now);
    tally_.decide(now, exchange.attribution.event, exchange.attribution.attempt, index(loop_.current()), ok);
    if (!ok) exchange.failure = {.outcome = Outcome::throttled, .status = 400, .code = "Throttling"};
    return ok;
  }

 private:
  const EventLoop& loop_;
  limit::TokenBucket bucket_;
  Tally& tally_;
};

/// As many attempts as legacy, after a delay that is always the same: it makes ties.
class FixedDelay final : public retry::Policy {
 public:
  explicit FixedDelay(Duration delay) : delay_(delay) {}
  [[nodiscard]] std::string_view name() const override { return "fixed"; }
  [[nodiscard]] unsigned max_attempts() const override { return attempts_max; }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure&, unsigned made, Instant,
                                                     std::uint64_t) override {
    return made < attempts_max ? std::optional{delay_} : std::nullopt;
  }

 private:
  Duration delay_;
};

std::unique_ptr<retry::Policy> policy_of(const Plan& plan) {
  if (plan.fixed_delay) return std::make_unique<FixedDelay>(*plan.fixed_delay);
  return std::make_unique<retry::Legacy>(retry::LegacyOptions{.max_attempts = attempts_max});
}

Tally simulated(const Plan& plan) {
  Tally tally;
  ListedSource source{plan.arrivals};
  EventLoop loop{{.start = start}};
  BucketEndpoint endpoint{loop, plan.bucket, tally};
  api::Latencies latencies;
  latencies.set(api::Service::sts, plan.latency);
  const std::unique_ptr<retry::Policy> policy = policy_of(plan);
  Fleet fleet{loop, source};
  fleet.start(plan.workers, [&](std::size_t) {
    return [&](const event::Event& event) {
      tally.begin(loop.now() - event.arrival());
      api::Session session{.endpoint = &endpoint,
                           .clock = &loop,
                           .latencies = &latencies,
                           .attribution = {.event = event.id()},
                           .random = plan.draws(event.id())};
      api::Client sts{session, api::Anonymous{}, *policy};
      ++(sts(api::sts::GetCallerIdentity{}).ok() ? tally.answered : tally.given_up);
    };
  });
  loop.run();
  tally.end = loop.now();
  return tally;
}

// ---- The step machine. ----

/// Attempts, answers and retries as entries of one heap: by instant, then in the order in which they were put
/// there. What is in it at an instant comes before an arrival of that instant. A worker that has become free
/// takes the event that waits longest; an event that finds several idle takes the one that has been so for
/// the shortest time.
class StepMachine {
 public:
  explicit StepMachine(const Plan& plan) : plan_(plan), bucket_(plan.bucket), workers_(plan.workers) {}

  Tally run() {
    for (std::uint32_t worker = 0; worker < plan_.workers; ++worker) free(worker);
    for (;;) {
      const bool arrival = arrived_ < plan_.arrivals.size() && !idle_.empty();
      if (!heap_.empty() && (!arrival || heap_.top().at <= plan_.arrivals[arrived_])) {
        const Entry entry = heap_.top();
        heap_.pop();
        now_ = entry.at;
        entry.is_answer ? answer(entry.worker) : attempt(entry.worker);
      } else if (arrival) {
        now_ = std::max(now_, plan_.arrivals[arrived_]);
        const std::uint32_t worker = idle_.back();
        idle_.pop_back();
        free(worker);
      } else {
        break;
      }
    }
    tally_.end = now_;
    return tally_;
  }

 private:
  struct Entry {
    Instant at{};
    std::uint64_t order{};
    std::uint32_t worker{};
    bool is_answer{};
    friend bool operator>(const Entry& a, const Entry& b) {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  struct Invocation {
    std::uint64_t event{};
    unsigned attempt{};
    bool accepted{};
  };

  void free(std::uint32_t worker) {
    if (arrived_ == plan_.arrivals.size()) return;  // it has gone home
    if (plan_.arrivals[arrived_] > now_) {
      idle_.push_back(worker);
      return;
    }
    tally_.begin(now_ - plan_.arrivals[arrived_]);
    workers_[worker] = {.event = ++arrived_};
    attempt(worker);
  }
  void attempt(std::uint32_t worker) {
    Invocation& at = workers_[worker];
    ++at.attempt;
    at.accepted = bucket_.try_acquire(now_);
    tally_.decide(now_, at.event, at.attempt, worker, at.accepted);
    const Duration latency = plan_.latency.sample(plan_.draws(at.event).at(2 * (at.attempt - 1)));
    if (latency == 0ns) return answer(worker);
    heap_.push({.at = now_ + latency, .order = pushed_++, .worker = worker, .is_answer = true});
  }
  void answer(std::uint32_t worker) {
    const Invocation& at = workers_[worker];
    if (at.accepted || at.attempt == attempts_max) {
      ++(at.accepted ? tally_.answered : tally_.given_up);
      return free(worker);
    }
    const std::uint64_t bits = plan_.draws(at.event).at(2 * (at.attempt - 1) + 1);
    const std::uint64_t bound_ns = 1'000'000'000ULL << (at.attempt - 1);
    const Duration delay =
        plan_.fixed_delay.value_or(Duration{static_cast<std::int64_t>(uniform_below(bits, bound_ns))});
    if (delay == 0ns) return attempt(worker);
    heap_.push({.at = now_ + delay, .order = pushed_++, .worker = worker});
  }

  const Plan& plan_;
  limit::TokenBucket bucket_;
  std::vector<Invocation> workers_;
  std::vector<std::uint32_t> idle_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
  std::uint64_t pushed_ = 0;
  std::size_t arrived_ = 0;
  Instant now_ = start;
  Tally tally_;
};

// ---- What it would be to run each invocation to its end at once, on its worker's own clock. ----

/// A token bucket that bears time going back, as such a simulation must have it: then nothing has flowed in.
class BackwardsBucket {
 public:
  explicit BackwardsBucket(limit::TokenBucketOptions options)
      : rate_(static_cast<std::int64_t>(options.limit)),
        full_(static_cast<std::int64_t>(options.burst) * 1'000'000'000),
        level_(full_) {}

  bool try_acquire(Instant now) {
    if (now > last_) {
      // In 10^-9 tokens. A full bucket's worth of time is enough, and keeps the product small.
      const std::int64_t elapsed = std::min((now - last_).count(), full_ / rate_ + 1);
      level_ = std::min(full_, level_ + elapsed * rate_);
      last_ = now;
    }
    if (level_ < 1'000'000'000) return false;
    level_ -= 1'000'000'000;
    return true;
  }

 private:
  std::int64_t rate_;
  std::int64_t full_;
  std::int64_t level_;
  Instant last_ = start;
};

Tally whole_invocations_at_once(const Plan& plan) {
  Tally tally;
  BackwardsBucket bucket{plan.bucket};
  using Free = std::pair<Instant, std::uint32_t>;
  std::priority_queue<Free, std::vector<Free>, std::greater<>> workers;
  for (std::uint32_t worker = 0; worker < plan.workers; ++worker) workers.emplace(start, worker);
  for (std::uint64_t event = 1; event <= plan.arrivals.size(); ++event) {
    const auto [free_at, worker] = workers.top();
    workers.pop();
    const Instant arrival = plan.arrivals[event - 1];
    Instant now = std::max(free_at, arrival);
    tally.begin(now - arrival);
    bool ok = false;
    for (unsigned attempt = 1; attempt <= attempts_max && !ok; ++attempt) {
      ok = bucket.try_acquire(now);
      tally.decide(now, event, attempt, worker, ok);
      now += plan.latency.sample(plan.draws(event).at(2 * (attempt - 1)));
      if (ok || attempt == attempts_max) break;
      now += Duration{static_cast<std::int64_t>(
          uniform_below(plan.draws(event).at(2 * (attempt - 1) + 1), 1'000'000'000ULL << (attempt - 1)))};
    }
    ++(ok ? tally.answered : tally.given_up);
    workers.emplace(now, worker);
    tally.end = std::max(tally.end, now);
  }
  return tally;
}

// ---- The tests. ----

std::vector<Instant> poisson(std::uint64_t events, Duration duration, std::uint64_t seed) {
  event::traffic::PoissonArrivals arrivals{{.events = events, .start = start, .duration = duration},
                                           Random{seed}.stream("arrivals")};
  std::vector<Instant> out;
  while (arrivals.peek() != nullptr) out.push_back(arrivals.next());
  return out;
}

/// Events at the load's share of the bucket's rate.
Plan poisson_plan(std::uint64_t load_percent, std::uint64_t events = 200'000) {
  Plan plan;
  const std::uint64_t per_second_times_100 = plan.bucket.limit * load_percent;
  plan.arrivals = poisson(events, Duration{events * 100'000'000'000ULL / per_second_times_100}, plan.seed);
  return plan;
}

/// What a failure needs to be understood and run again.
std::string described(const Plan& plan) {
  return "seed " + std::to_string(plan.seed) + ": " + std::to_string(plan.arrivals.size()) + " events, " +
         std::to_string(plan.workers) + " workers, " + std::to_string(plan.bucket.limit) +
         " a second, burst " + std::to_string(plan.bucket.burst) + ", retry " +
         (plan.fixed_delay ? "after " + to_text(*plan.fixed_delay) : "with full jitter");
}

/// By load, in percent of the bucket's rate.
class PoissonLoad : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(PoissonLoad, EqualsTheStepMachineDecisionForDecision) {
  const Plan plan = poisson_plan(GetParam());

  const Tally simulation = simulated(plan);
  const Tally machine = StepMachine{plan}.run();

  EXPECT_EQ(simulation, machine) << described(plan);
  EXPECT_EQ(simulation.attempts, simulation.accepted + simulation.throttled);
  EXPECT_EQ(simulation.accepted, simulation.answered);
  EXPECT_EQ(simulation.answered + simulation.given_up, plan.arrivals.size());
  const auto seconds =
      static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(simulation.end - start).count());
  EXPECT_LE(simulation.accepted, plan.bucket.burst + plan.bucket.limit * seconds);
  // 400 workers hold 3,333 calls of 120 ms a second, but only some hundred events that back off up to three
  // times.
  if (GetParam() <= 100) {
    EXPECT_EQ(simulation.waited_max, 0ns) << "the fleet is no bottleneck";
  } else {
    EXPECT_GT(simulation.waited_max, 10s) << "workers that back off are busy: events wait";
  }
}

TEST_P(PoissonLoad, IsNotWhatWholeInvocationsAtOnceWouldReport) {
  const Plan plan = poisson_plan(GetParam());

  const Tally exact = simulated(plan);
  const Tally at_once = whole_invocations_at_once(plan);

  RecordProperty("throttled_exactly", std::to_string(exact.throttled));
  RecordProperty("throttled_by_whole_invocations", std::to_string(at_once.throttled));
  const std::string both = (::testing::Message() << described(plan) << "\n  exactly:           " << exact
                                                 << "\n  whole invocations: " << at_once)
                               .GetString();
  // One back-off takes the limiter's time seconds ahead; until the others have come up to it, nothing flows
  // in.
  EXPECT_GT(at_once.throttled, 2 * exact.throttled) << both;
  EXPECT_LT(at_once.accepted, exact.accepted) << both;
  if (GetParam() == 90) {
    EXPECT_EQ(exact.throttled, 7) << both;
    EXPECT_EQ(at_once.throttled, 141'849) << both;
  }
}

INSTANTIATE_TEST_SUITE_P(Percent, PoissonLoad, ::testing::Values(90, 100, 120, 200));

/// Groups of events at one instant, on a grid of milliseconds on which answers and retries fall too.
Plan tied_plan(std::uint64_t events, std::uint64_t group, Duration between) {
  Plan plan{.fixed_delay = 120ms};
  for (std::uint64_t i = 0; i < events; ++i) {
    plan.arrivals.push_back(start + static_cast<std::int64_t>(i / group) * between);
  }
  return plan;
}

struct TieCase {
  const char* name;
  Plan plan;
};

std::vector<TieCase> tie_cases() {
  std::vector<TieCase> cases{{"OneByOne", tied_plan(50'000, 1, 1ms)},
                             {"InGroups", tied_plan(50'000, 40, 40ms)},
                             {"InGroupsLargerThanTheFleet", tied_plan(50'000, 500, 600ms)},
                             {"AllAtOnce", tied_plan(20'000, 20'000, 1ms)},
                             {"RetriesAtOnce", tied_plan(50'000, 40, 40ms)},
                             {"AnswersAtOnce", tied_plan(50'000, 40, 40ms)},
                             {"NothingTakesTime", tied_plan(50'000, 40, 40ms)},
                             {"OneWorker", tied_plan(5'000, 4, 120ms)},
                             {"AnswersMeetArrivals", tied_plan(50'000, 3, 120ms)}};
  cases[4].plan.fixed_delay = 0ms;
  cases[5].plan.latency = {};
  cases[6].plan.latency = {};
  cases[6].plan.fixed_delay = 0ms;
  cases[7].plan.workers = 1;
  cases[8].plan.workers = 3;
  cases[8].plan.bucket = {.limit = 20, .burst = 1};
  return cases;
}

std::ostream& operator<<(std::ostream& out, const TieCase& tie) { return out << tie.name; }

class Ties : public ::testing::TestWithParam<TieCase> {};

TEST_P(Ties, AreOrderedAsInTheStepMachine) {
  const Plan& plan = GetParam().plan;
  EXPECT_EQ(simulated(plan), StepMachine{plan}.run()) << described(plan);
}

INSTANTIATE_TEST_SUITE_P(Of, Ties, ::testing::ValuesIn(tie_cases()),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Exactness, HoldsForPlansDrawnAtRandom) {
  constexpr std::uint64_t plans = 200;
  for (std::uint64_t seed = 1; seed <= plans; ++seed) {
    Draws draws{Random{seed}.stream("plan")};
    const auto below = [&](std::uint64_t bound) { return uniform_below(draws.next(), bound); };
    const auto milliseconds = [&](std::uint64_t bound) {
      return Duration{std::chrono::milliseconds{static_cast<std::int64_t>(below(bound))}};
    };
    Plan plan{.workers = static_cast<std::uint32_t>(1 + below(30)), .seed = seed};
    plan.bucket = {.limit = 1 + below(200), .burst = 1 + below(20)};
    plan.latency = {.kind = api::Latency::Kind::uniform, .low = milliseconds(30)};
    plan.latency.high = plan.latency.low + milliseconds(100);
    if (below(2) == 0) plan.latency.high = plan.latency.low;
    if (below(2) == 0) plan.fixed_delay = milliseconds(50);
    plan.arrivals =
        poisson(1'000, std::chrono::milliseconds{1 + static_cast<std::int64_t>(below(20'000))}, seed);
    if (below(2) == 0) {  // ties
      for (Instant& arrival : plan.arrivals) arrival = std::chrono::floor<std::chrono::milliseconds>(arrival);
    }
    ASSERT_EQ(simulated(plan), StepMachine{plan}.run()) << described(plan);
  }
}

TEST(Exactness, GivesTheSameDecisionsTwice) {
  const Plan plan = poisson_plan(120, 20'000);
  EXPECT_EQ(simulated(plan), simulated(plan)) << described(plan);
}

}  // namespace
}  // namespace rushhour::sim
