// Records that come back as events: when, in which order, and how many lead to how many.

#include <rushhour/fakes/feedback.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/detect/match.hpp>
#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/gtest.hpp>
#include <rushhour/sim/fleet.hpp>

namespace rushhour::fakes {
namespace {

using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using event::traffic::EventKey;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::chrono_literals;

/// What an event tells of; nobody prints an Event.
struct Seen {
  std::uint64_t id{};
  Duration arrival{};  ///< since the start
  std::string name{};
  friend bool operator==(const Seen&, const Seen&) = default;
  friend void PrintTo(const Seen& seen, std::ostream* out) {
    *out << seen.id << " at " << to_text(seen.arrival) << ": " << seen.name;
  }
};

/// Events at listed instants, which it cannot make again, and whose number it may not know.
class Listed final : public event::traffic::Source {
 public:
  Listed(Instant start, const std::vector<Duration>& arrivals, bool knows_size = true)
      : knows_size_(knows_size) {
    arrivals_.reserve(arrivals.size());
    for (const Duration each : arrivals) arrivals_.push_back(start + each);
  }
  [[nodiscard]] const Instant* peek() override {
    return given_ == arrivals_.size() ? nullptr : &arrivals_[given_];
  }
  [[nodiscard]] bool next(event::Event& into) override {
    if (peek() == nullptr) return false;
    const Instant arrival = arrivals_[given_++];
    into.assign({.id = given_, .arrival = arrival, .time = arrival}, event::Value{}, arena_);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return knows_size_ ? arrivals_.size() : 0; }

 private:
  std::vector<Instant> arrivals_;
  bool knows_size_;
  std::uint64_t given_ = 0;
  event::Arena arena_;
};

/// A world, its trail, and somebody who calls.
class Feedback : public ::testing::Test {
 protected:
  TestBench bench;
  CloudTrail trail{bench.panther};
  const Instant start = bench.clock.now();

  [[nodiscard]] Instant after(Duration since_start) const { return start + since_start; }
  [[nodiscard]] Listed listed(const std::vector<Duration>& arrivals, bool knows_size = true) const {
    return Listed{start, arrivals, knows_size};
  }
  /// Evenly over a minute, in the world's account of the customer.
  [[nodiscard]] event::traffic::SyntheticCloudTrail minute_of(std::uint64_t events) const {
    return {
        {.events = events, .start = start, .duration = 1min, .account = bench.panther.customers[0].account},
        bench.panther.world.random};
  }

  /// One call that leaves one record, in the engine's account.
  void call(Duration since_start) {
    if (after(since_start) > bench.clock.now()) bench.advance(after(since_start) - bench.clock.now());
    auto sts = bench.sts();
    ASSERT_THAT(sts(GetCallerIdentity{}), Succeeds());
  }
  [[nodiscard]] Seen seen(const event::Event& event) const {
    return {event.id(), event.arrival() - start, std::string{event.get("eventName").text_or("")}};
  }
  /// The next event; nothing at the end.
  [[nodiscard]] std::optional<Seen> next(event::traffic::Source& source) const {
    event::Event event;
    const Instant* const arrival = source.peek();
    const std::optional<Instant> announced = arrival == nullptr ? std::nullopt : std::optional{*arrival};
    if (!source.next(event)) {
      EXPECT_EQ(announced, std::nullopt);
      return std::nullopt;
    }
    EXPECT_EQ(announced, event.arrival());
    return seen(event);
  }
  [[nodiscard]] std::vector<Seen> rest(event::traffic::Source& source) const {
    std::vector<Seen> out;
    while (auto event = next(source)) out.push_back(std::move(*event));
    return out;
  }
};

/// Where records are numbered from when the base knows of no event.
constexpr std::uint64_t far = std::uint64_t{1} << 40;

Seen base(std::uint64_t id, Duration arrival) { return {id, arrival, ""}; }
Seen identity(std::uint64_t id, Duration arrival) { return {id, arrival, "GetCallerIdentity"}; }

// ---- The stream ----

TEST_F(Feedback, GivesRecordsTheirDelayAfterTheCallAndTheBaseFirstAtEqualInstants) {
  Listed events = listed({0s, 60s, 90s});
  FeedbackSource source{events, trail, {.delay = 1min}};
  EXPECT_EQ(next(source), base(1, 0s));
  call(0s);
  call(10s);
  EXPECT_EQ(next(source), base(2, 60s));
  call(60s);
  EXPECT_THAT(rest(source), ElementsAre(identity(4, 60s), identity(5, 70s), base(3, 90s), identity(6, 120s)));
}

TEST_F(Feedback, AnnouncesAnEarlierEventOnceACallHasMadeIt) {
  Listed events = listed({10min});
  FeedbackSource source{events, trail, {.delay = 1min}};
  EXPECT_EQ(*source.peek(), after(10min));
  call(30s);
  EXPECT_EQ(*source.peek(), after(90s));
  EXPECT_EQ(next(source), identity(2, 90s));
  EXPECT_EQ(*source.peek(), after(10min));
}

TEST_F(Feedback, GoesOnAfterAnEndThatACallHasMovedAway) {
  Listed events = listed({});
  FeedbackSource source{events, trail, {.delay = 1min}};
  EXPECT_EQ(source.peek(), nullptr);
  call(0s);
  EXPECT_THAT(rest(source), SizeIs(1));
  EXPECT_EQ(source.peek(), nullptr);
  call(2min);
  EXPECT_THAT(rest(source), SizeIs(1));
}

TEST_F(Feedback, NumbersRecordsFromFarAwayWhenTheBaseDoesNotKnowItsSize) {
  Listed events = listed({0s, 60s}, false);
  FeedbackSource source{events, trail, {.delay = 1s}};
  call(0s);
  EXPECT_THAT(rest(source), ElementsAre(base(1, 0s), identity(far + 1, 1s), base(2, 60s)));
  EXPECT_EQ(source.size_hint(), 0U) << "nobody knows what will be called";
}

TEST_F(Feedback, DeliversNothingAfterItsEndButCountsIt) {
  Listed events = listed({});
  FeedbackSource source{events, trail, {.delay = 1min, .until = after(2min)}};
  call(59s);
  call(60s);
  call(60s + 1ns);
  call(90s);
  EXPECT_THAT(rest(source), ElementsAre(identity(far + 1, 119s), identity(far + 2, 2min)));
  EXPECT_EQ(source.counts().records_written, 4U);
  EXPECT_EQ(source.counts().records_delivered, 2U);
  EXPECT_EQ(source.counts().records_not_delivered, 2U);
}

TEST_F(Feedback, ShowsDetectionsOnlyTheTrailsThatTheySee) {
  Listed events = listed({});
  FeedbackSource source{events, trail, {.delay = 1min, .trails = {bench.panther.customers[0].account}}};
  auto sts = bench.sts();
  const auto credentials =
      sts(AssumeRole{.role_arn = bench.panther.customer_role_arn, .role_session_name = "s1"})
          .value()
          .credentials;
  call(0s);
  auto secrets = bench.secretsmanager(credentials);
  ASSERT_THAT(secrets(GetSecretValue{.secret_id = bench.panther.secret_name}), Succeeds());
  EXPECT_THAT(rest(source),
              ElementsAre(Seen{far + 1, 1min, "AssumeRole"}, Seen{far + 2, 1min, "GetSecretValue"}));
  EXPECT_EQ(source.counts().records_unseen, 2U);
  EXPECT_EQ(source.counts().records_written, 2U);
}

TEST_F(Feedback, HoldsRecordsBackToTheMarksOfFiles) {
  Listed events = listed({});
  FeedbackSource source{events, trail, {.delay = 3min, .mark = 5min, .until = after(10min)}};
  call(1s);
  call(2min);
  call(2min + 1ns);
  call(7min);
  call(8min);
  EXPECT_THAT(rest(source), ElementsAre(identity(far + 1, 5min), identity(far + 2, 5min),
                                        identity(far + 3, 10min), identity(far + 4, 10min)));
  EXPECT_EQ(source.counts().records_not_delivered, 1U);
}

TEST_F(Feedback, MakesEventsOfTheLogTypeThatRulesKnowWithTheTimeOfTheCall) {
  Listed events = listed({});
  FeedbackSource source{events, trail, {.delay = 1min}};
  call(1500ms);
  event::Event event;
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(event.log_type(), "AWS.CloudTrail");
  EXPECT_EQ(event.time(), after(1s)) << "CloudTrail writes whole seconds";
  EXPECT_EQ(event.get("eventTime").text_or(""), to_iso8601(after(1s)));
  EXPECT_EQ(event.udm("source_ip").text_or(""), "3.80.0.17");
  EXPECT_TRUE(source.is_record(event));
  EXPECT_EQ(source.record(event.id()).at, after(1500ms));
}

TEST_F(Feedback, RefusesADelayThatWouldTurnTheLoopAtOneInstant) {
  Listed events = listed({});
  const auto make = [&](FeedbackOptions options) { FeedbackSource{events, trail, std::move(options)}; };
  EXPECT_THROW(make({.delay = 0s}), InputError);
  EXPECT_THROW(make({.mark = -1s}), InputError);
  call(0s);
  SUCCEED() << "and none of them listens any more";
}

// ---- Keys ----

TEST_F(Feedback, MakesEventsAgainFromTheirKeysWhenTheBaseDoes) {
  event::traffic::SyntheticCloudTrail events = minute_of(3);
  FeedbackSource source{events, trail, {.delay = 30s}};
  ASSERT_TRUE(source.recalls());
  call(0s);
  std::vector<EventKey> keys;
  for (EventKey key; source.next_key(key);) keys.push_back(key);
  ASSERT_THAT(keys, SizeIs(4));
  EXPECT_EQ(keys[2].id, 4U);
  EXPECT_EQ(keys[2].arrival, after(30s));
  event::Event event;
  for (int time = 0; time < 2; ++time) {
    source.recall(keys[2], event);
    EXPECT_EQ(seen(event), identity(4, 30s));
    source.recall(keys[0], event);
    EXPECT_EQ(event.id(), 1U);
    EXPECT_FALSE(source.is_record(event));
  }
  keys[2].arrival += 1s;
  source.recall(keys[2], event);
  EXPECT_EQ(event.arrival(), after(31s)) << "the same event, arriving later";
  EXPECT_EQ(source.counts().records_delivered, 1U) << "recalled is not delivered again";
}

TEST_F(Feedback, RecallsNothingWhenTheBaseDoesNot) {
  Listed events = listed({0s});
  FeedbackSource source{events, trail, {}};
  EventKey key{.id = 77};
  EXPECT_FALSE(source.recalls());
  EXPECT_FALSE(source.next_key(key));
  EXPECT_EQ(key.id, 77U);
  EXPECT_THAT(rest(source), SizeIs(1));
}

TEST_F(Feedback, StandsAroundADeliveryByFiles) {
  event::traffic::SyntheticCloudTrail synthetic = minute_of(100);
  event::traffic::FileDelivery files{
      synthetic, {.fixed_lateness = 2min}, bench.panther.world.random.stream("traffic.delivery")};
  FeedbackSource source{files, trail, {.delay = 1min}};
  call(0s);
  const std::vector<Seen> all = rest(source);
  ASSERT_THAT(all, SizeIs(101));
  EXPECT_EQ(all.front(), identity(101, 1min));
  EXPECT_EQ(all.back().arrival, 5min);
}

// ---- The loop ----

/// What the guide's enrichment calls in AWS: two records in the customer's trail, one in the engine's.
struct ReadsTheSecret {
  const detect::Match& match;
  const PantherWorld& world;

  static std::string_view name() { return "reads_the_secret"; }
  [[nodiscard]] detect::Verdict rule(const event::Event& event, detect::Context& context) const {
    if (!match(event)) return false;
    auto sts = context.sts();
    auto secrets = context.secretsmanager(
        sts(AssumeRole{.role_arn = world.customer_role_arn, .role_session_name = "AssumeRoleSession1"})
            .value()
            .credentials);
    static_cast<void>(secrets(GetSecretValue{.secret_id = world.secret_name}).value());
    return false;
  }
};

class FeedbackGain : public Feedback {
 protected:
  [[nodiscard]] detect::Match share(Ratio of, std::uint64_t events) const {
    return detect::Match::share(of, events, bench.panther.world.random.stream("match"));
  }
  /// Lets the detection look at each event as it arrives. Records taken as events in each minute.
  std::map<std::int64_t, std::uint64_t> run(FeedbackSource& source, const detect::Match& match) {
    ReadsTheSecret detection{.match = match, .world = bench.panther};
    std::map<std::int64_t, std::uint64_t> of_minute;
    for (event::Event event; source.next(event);) {
      if (event.arrival() > bench.clock.now()) bench.advance(event.arrival() - bench.clock.now());
      if (source.is_record(event)) ++of_minute[(event.arrival() - start) / 1min];
      EXPECT_FALSE(bench.evaluate(detection, event).failure.has_value());
    }
    return of_minute;
  }
  [[nodiscard]] FeedbackOptions options(const detect::Match& match, Duration lasting) const {
    return {.delay = 1min,
            .until = after(lasting),
            .trails = {bench.panther.customers[0].account},
            .concerns = [&match](const event::Event& event) { return match(event); }};
  }
};

TEST_F(FeedbackGain, OfHalfTheEventsAndTwoRecordsEachIsExactlyOneAndSustainsTheLoad) {
  constexpr std::uint64_t a_minute = 600;
  event::traffic::SyntheticCloudTrail events = minute_of(a_minute);  // and none after the first minute
  const detect::Match match = share({1, 2}, a_minute);
  FeedbackSource source{events, trail, options(match, 10min - 1ns)};
  const std::map<std::int64_t, std::uint64_t> of_minute = run(source, match);

  // Of the events of minute k exactly half match, and each writes two records, which are the events of minute
  // k + 1.
  ASSERT_THAT(of_minute, SizeIs(9));
  for (std::int64_t minute = 1; minute < 10; ++minute) EXPECT_EQ(of_minute.at(minute), a_minute) << minute;
  EXPECT_EQ(source.gain(), (Ratio{1, 1}));
  EXPECT_EQ(source.gain()->denominator, 1U) << "reduced";

  const FeedbackCounts& counts = source.counts();
  EXPECT_EQ(counts.matching_events, 10 * a_minute / 2);
  EXPECT_EQ(counts.records_written, 10 * a_minute);
  EXPECT_EQ(counts.records_of_matching, 10 * a_minute);
  EXPECT_EQ(counts.records_delivered, 9 * a_minute);
  EXPECT_EQ(counts.records_not_delivered, a_minute);
  EXPECT_EQ(counts.records_matching, 9 * a_minute / 2);
  EXPECT_EQ(counts.records_unseen, 10 * a_minute / 2) << "AssumeRole in the engine's account";
}

TEST_F(FeedbackGain, BelowOneLetsTheLoopDieOut) {
  constexpr std::uint64_t a_minute = 512;
  event::traffic::SyntheticCloudTrail events = minute_of(a_minute);
  const detect::Match match = share({1, 4}, 4);  // one of each four
  FeedbackSource source{events, trail, options(match, 5min - 1ns)};
  EXPECT_THAT(run(source, match),
              ElementsAre(std::pair{1, 256U}, std::pair{2, 128U}, std::pair{3, 64U}, std::pair{4, 32U}));
  EXPECT_EQ(source.gain(), (Ratio{1, 2}));
}

TEST_F(FeedbackGain, CountsTheRecordsOfAllTrailsThatAreSeen) {
  constexpr std::uint64_t a_minute = 60;
  event::traffic::SyntheticCloudTrail events = minute_of(a_minute);
  const detect::Match match = share({1, 2}, 2);  // one of each two
  FeedbackOptions all = options(match, 2min - 1ns);
  all.trails.clear();
  FeedbackSource source{events, trail, all};
  EXPECT_THAT(run(source, match), ElementsAre(std::pair{1, 90U})) << "three for each of 30 events";
  EXPECT_EQ(source.counts().records_unseen, 0U);
  EXPECT_EQ(source.counts().records_not_delivered, 135U) << "three for each of 45 records";
  EXPECT_EQ(source.gain(), (Ratio{3, 2}));
}

TEST_F(FeedbackGain, DoesNotCountWhatOtherEventsMadeSomebodyCall) {
  Listed events = listed({0s, 60s});
  const detect::Match second = share({1, 1}, 1);
  FeedbackOptions told = options(second, 1h);
  told.trails.clear();
  told.concerns = [](const event::Event& event) { return event.id() == 2; };
  FeedbackSource source{events, trail, told};
  ReadsTheSecret detection{.match = second, .world = bench.panther};
  event::Event event;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(source.next(event));
    static_cast<void>(bench.evaluate(detection, event));
  }
  call(2min);  // of no event at all
  EXPECT_EQ(source.counts().records_written, 7U);
  EXPECT_EQ(source.counts().records_of_matching, 3U);
  EXPECT_EQ(source.counts().matching_events, 1U);
}

TEST_F(FeedbackGain, IsNothingWithoutWhatItIsMadeOf) {
  Listed events = listed({0s, 0s});
  event::Event event;
  {
    FeedbackSource source{events, trail, {}};
    ASSERT_TRUE(source.next(event));
    EXPECT_EQ(source.gain(), std::nullopt) << "nobody says what matches";
  }
  const detect::Match all = share({1, 1}, 1);
  FeedbackSource source{events, trail, options(all, 1h)};
  EXPECT_EQ(source.gain(), std::nullopt) << "no event yet";
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(source.gain(), (Ratio{0, 1})) << "an event that nobody made a call for";
  ReadsTheSecret detection{.match = all, .world = bench.panther};
  static_cast<void>(bench.evaluate(detection, event));
  EXPECT_EQ(source.gain(), std::nullopt) << "records, of which nobody knows yet whether they match";
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(source.gain(), (Ratio{2, 2})) << "two records for two events, and the one delivered matches";
}

TEST_F(FeedbackGain, IsTheSameWhenEventsAreTakenAsKeys) {
  constexpr std::uint64_t a_minute = 60;
  const detect::Match match = share({1, 2}, a_minute);
  event::traffic::SyntheticCloudTrail events = minute_of(a_minute);
  FeedbackSource source{events, trail, options(match, 5min - 1ns)};
  ReadsTheSecret detection{.match = match, .world = bench.panther};
  event::Event event;
  for (EventKey key; source.next_key(key);) {
    if (key.arrival > bench.clock.now()) bench.advance(key.arrival - bench.clock.now());
    source.recall(key, event);
    static_cast<void>(bench.evaluate(detection, event));
  }
  EXPECT_EQ(source.counts().records_delivered, 4 * a_minute);
  EXPECT_EQ(source.gain(), (Ratio{1, 1}));
}

TEST_F(FeedbackGain, ReachesAFleetThatWaitsForALaterEvent) {
  sim::EventLoop loop{{.start = start}};
  Listed events = listed({0s, 10min});
  FeedbackSource source{events, trail, {.delay = 1min, .until = after(5min)}};
  std::vector<Seen> taken;
  const aws::Credentials engine = bench.engine_credentials();
  sim::Fleet fleet{loop, source};
  fleet.start(3, [&](std::size_t) {
    return [&](const event::Event& event) {
      taken.push_back(seen(event));
      loop.sleep_for(1s);
      api::sts::GetCallerIdentity request;
      api::sts::GetCallerIdentity::Output output;
      const api::Identity identity{engine};
      const api::Attribution attribution{.event = event.id()};
      Failure failure;
      EXPECT_TRUE(bench.world().perform(
          {api::operation_of<GetCallerIdentity>, &request, &output, identity, attribution, failure},
          loop.now()));
    };
  });
  loop.run();
  EXPECT_THAT(taken, ElementsAre(base(1, 0s), identity(3, 61s), identity(4, 122s), identity(5, 183s),
                                 identity(6, 244s), base(2, 10min)))
      << "records come before the event that the loop was waiting for";
  EXPECT_EQ(source.counts().records_not_delivered, 2U);
}

}  // namespace
}  // namespace rushhour::fakes
