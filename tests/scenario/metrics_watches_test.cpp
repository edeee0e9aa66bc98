// Numbers of a run that nobody measures unless a budget asks: in ranges, in other windows, as percentiles.

#include <rushhour/scenario/metrics.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{14}};

const api::Operation& assume_role = api::operation_of<api::sts::AssumeRole>;
const api::Operation& caller_identity = api::operation_of<api::sts::GetCallerIdentity>;
const api::Operation& ip_addresses = api::operation_of<api::virustotal::GetIpAddress>;

struct By {
  std::string rule{"naive"};
  Function function{Function::rule};
  std::uint8_t attempt{1};
};

/// A run of an hour that ends two seconds after it.
class WatchedMetrics : public ::testing::Test {
 protected:
  WatchedMetrics() {
    panther.world.ledger.listen(meters);
    result.first_arrival = start + 3ms;
    result.end = start + 1h + 2s;
  }
  void call(const api::Operation& operation, Duration at, Outcome outcome = Outcome::ok, const By& by = {}) {
    panther.world.ledger.record(
        {.at = start + at,
         .operation = names().intern(to_text(operation)),
         .account = given.accounts[static_cast<std::size_t>(operation.service)].front(),
         .detection = names().intern(by.rule),
         .outcome = outcome,
         .attempt = by.attempt,
         .function = by.function});
  }
  [[nodiscard]] static Selector selector(const std::string& text) {
    const std::size_t in = text.find(" in ");
    return parse_budget(text.substr(0, in) + " == 0" + (in == std::string::npos ? "" : text.substr(in)))
        .term.selector;
  }
  void watch(const std::string& text) { measured.watch(selector(text)); }
  [[nodiscard]] std::optional<Ratio> find(const std::string& text) const {
    return measured.find(selector(text));
  }
  [[nodiscard]] std::string mistake(const std::string& text) const {
    return measured.range_mistake(selector(text));
  }
  Names& names() { return panther.world.ledger.names(); }

  fakes::PantherWorld panther{{}};
  measure::Meters meters{panther.world.ledger.names(), limits_of(panther.world)};
  sim::SimulationResult result;
  RunFacts given{
      .world = panther.world,
      .meters = meters,
      .result = result,
      .accounts = {std::vector{names().intern("111122223333")}, std::vector{names().intern("444455556666")},
                   std::vector{names().intern("virustotal-key")},
                   std::vector{names().intern("111122223333")}},
      .detections = {"naive", "thrifty"},
      .start = start,
      .duration = 1h};
  RunMetrics measured{given};
};

std::optional<Ratio> whole(std::uint64_t number) { return Ratio{number, 1}; }

TEST_F(WatchedMetrics, AreKnownBeforeAndMeasuredOnlyWhenWatched) {
  const std::string p95 = "sts.attempts.per_minute.p95";
  EXPECT_TRUE(measured.knows(selector(p95)));
  watch("sts.attempts.per_minute.p50");
  call(assume_role, 1s);
  EXPECT_EQ(find(p95), std::nullopt);
  EXPECT_EQ(find("sts.attempts.per_minute.p50"), whole(0)) << "of 60 minutes 59 are empty";
  EXPECT_EQ(find("sts.attempts.per_minute.max"), whole(1)) << "which the meters hold anyway";
  EXPECT_TRUE(measured.needs_watch(selector(p95)));
  EXPECT_TRUE(measured.needs_watch(selector("sts.attempts in +0..+10m")));
  EXPECT_FALSE(measured.needs_watch(selector("sts.attempts.per_minute.max")));
  EXPECT_FALSE(measured.needs_watch(selector("delay.p99.9")));
}

TEST_F(WatchedMetrics, AggregateTheWindowsThatAreOver) {
  for (const char* const each : {"max", "min", "first", "last", "p50", "p95", "sum"}) {
    watch("sts.AssumeRole.attempts.per_minute." + std::string{each});
  }
  for (int minute = 0; minute < 60; ++minute) {
    for (int i = 0; i <= minute; ++i) call(assume_role, minute * 1min + i * 10ms);
    call(caller_identity, minute * 1min + 50s);
  }
  call(assume_role, 1h + 1s);  // in a minute that is not over when the run ends
  const auto of = [this](const std::string& aggregate) {
    return find("sts.AssumeRole.attempts.per_minute." + aggregate);
  };
  EXPECT_EQ(of("first"), whole(1));
  EXPECT_EQ(of("last"), whole(60));
  EXPECT_EQ(of("min"), whole(1));
  EXPECT_EQ(of("max"), whole(60));
  EXPECT_EQ(of("p50"), whole(30));
  EXPECT_EQ(of("p95"), whole(57));
  EXPECT_EQ(of("sum"), whole(60 * 61 / 2 + 1));
}

TEST_F(WatchedMetrics, CountInWindowsThatSlide) {
  watch("sts.attempts.any_5m");
  watch("sts{rule='thrifty'}.throttled.any_30s");
  for (int i = 0; i < 10; ++i) call(assume_role, i * 1min);
  call(assume_role, 20min, Outcome::throttled);
  call(assume_role, 20min + 1s, Outcome::throttled, {.rule = "thrifty"});
  call(assume_role, 20min + 31s - 1ns, Outcome::throttled, {.rule = "thrifty"});
  EXPECT_EQ(find("sts.attempts.any_5m"), whole(5));
  EXPECT_EQ(find("sts{rule='thrifty'}.throttled.any_30s"), whole(2));
}

TEST_F(WatchedMetrics, CountApartByFunctionAndSeveralLabels) {
  watch("sts{function='title'}.attempts.per_minute");
  watch("sts{rule='naive', function='title'}.calls.per_hour.sum");
  watch("sts.wasted.per_second");
  call(assume_role, 0s, Outcome::throttled, {.function = Function::title});
  call(assume_role, 1s, Outcome::ok, {.function = Function::title, .attempt = 2});
  call(assume_role, 2s, Outcome::ok, {.rule = "thrifty", .function = Function::title});
  call(assume_role, 3s);
  EXPECT_EQ(find("sts{function='title'}.attempts.per_minute"), whole(3));
  EXPECT_EQ(find("sts{rule='naive', function='title'}.calls.per_hour.sum"), whole(1));
  EXPECT_EQ(find("sts.wasted.per_second"), whole(1));
}

TEST_F(WatchedMetrics, CountInARange) {
  const std::string range = " in 14:10..14:20";
  for (const char* const each :
       {"sts.attempts", "sts.amplification", "sts.headroom", "sts.seconds_throttled",
        "sts.attempts.per_minute.max", "sts.attempts.per_minute.mean", "sts.attempts.per_minute.min",
        "sts{function='title'}.attempts", "sts.attempts.any_60s", "virustotal.attempts"}) {
    watch(each + range);
  }
  call(assume_role, 9min + 59s, Outcome::throttled);
  call(assume_role, 10min, Outcome::throttled);
  call(assume_role, 10min + 1s, Outcome::ok, {.attempt = 2});
  call(assume_role, 15min, Outcome::ok, {.function = Function::title});
  call(assume_role, 20min);
  call(ip_addresses, 30min);
  EXPECT_EQ(find("sts.attempts" + range), whole(3));
  EXPECT_EQ(find("sts.amplification" + range), (Ratio{3, 2}));
  EXPECT_EQ(find("sts.headroom" + range), (Ratio{600, 1}));
  EXPECT_EQ(find("sts.seconds_throttled" + range), whole(1));
  EXPECT_EQ(find("sts.attempts.per_minute.max" + range), whole(2));
  EXPECT_EQ(find("sts.attempts.per_minute.mean" + range), (Ratio{3, 10}));
  EXPECT_EQ(find("sts.attempts.per_minute.min" + range), whole(0));
  EXPECT_EQ(find("sts{function='title'}.attempts" + range), whole(1));
  EXPECT_EQ(find("sts.attempts.any_60s" + range), whole(2));
  EXPECT_EQ(find("sts.attempts"), whole(5)) << "of the whole run";
  EXPECT_FALSE(measured.never_called(selector("sts.attempts" + range)));
  EXPECT_TRUE(measured.never_called(selector("virustotal.attempts" + range)));
  EXPECT_FALSE(measured.never_called(selector("virustotal.attempts")));
}

TEST_F(WatchedMetrics, NameTheCulpritsOfTheRangeOnly) {
  watch("sts.attempts in +10m..+20m");
  for (int i = 0; i < 9; ++i) call(assume_role, i * 1s);
  call(assume_role, 12min, Outcome::ok, {.rule = "thrifty", .function = Function::title});
  const std::vector<Culprit> culprits = measured.culprits(selector("sts.attempts in +10m..+20m"));
  ASSERT_EQ(culprits.size(), 1U);
  EXPECT_EQ(culprits[0].detection, "thrifty");
  EXPECT_EQ(culprits[0].share, (Ratio{1, 1}));
}

TEST_F(WatchedMetrics, SayWhatNoRangeCanBeTakenOf) {
  EXPECT_EQ(mistake("sts.attempts.per_minute in 14:10..14:20"), "");
  EXPECT_EQ(mistake("delay.p99 in 14:10..14:20"), "no range: only calls of services are counted in one");
  EXPECT_EQ(mistake("virustotal.days_exhausted in 14:10..14:20"),
            "no range: quotas of days and months are known of whole runs only");
  EXPECT_EQ(mistake("sts.attempts in 12:00..12:20"),
            "a range that meets the run's arrivals, from 2026-03-02T14:00:00Z to 2026-03-02T15:00:00Z");
  EXPECT_NE(mistake("sts.attempts in +1h..+2h"), "");
  EXPECT_EQ(mistake("sts.attempts.per_hour in 14:10..14:20"),
            "a range that begins and ends with windows of per_hour");
  EXPECT_EQ(mistake("sts.attempts.per_minute in +90s..+3m"),
            "a range that begins and ends with windows of per_minute");
  EXPECT_EQ(mistake("sts.attempts.any_5m in +90s..+3m"), "a range of at least 5m, as the window is");
}

TEST_F(WatchedMetrics, KnowNoWindowsOfRatiosAndTimes) {
  for (const char* const text :
       {"sts.amplification.per_minute.p95", "sts.headroom.per_minute.sum", "sts.seconds_throttled.any_30s",
        "delay.p99.per_minute.max", "sts.calls_to_public_ipv4.per_minute", "detections.missed.any_30s"}) {
    EXPECT_FALSE(measured.knows(selector(text))) << text;
  }
  EXPECT_TRUE(measured.knows(selector("virustotal.wasted_lookups.per_minute.p95")));
}

TEST_F(WatchedMetrics, HaveEveryPercentileOfDelays) {
  for (int ms = 1; ms <= 1'000; ++ms) result.event_to_verdict.add(ms * 1ms);
  EXPECT_TRUE(measured.in_seconds(selector("delay.p99.9")));
  EXPECT_EQ(find("delay.p95"), find("delay.p95.total"));
  EXPECT_LT(*find("delay.p90"), *find("delay.p95"));
  EXPECT_FALSE(*find("delay.p99.9") < *find("delay.p99"));
  EXPECT_FALSE(measured.knows(selector("delay.p100")));
  EXPECT_FALSE(measured.knows(selector("queue.p95")));
}

}  // namespace
}  // namespace rushhour::scenario
