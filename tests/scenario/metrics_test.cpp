// The numbers of a run by name: each against the calls that it was made of, and the limits that apply.

#include <rushhour/scenario/metrics.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/expression.hpp>

namespace rushhour {

void PrintTo(const Ratio& ratio, std::ostream* out) { *out << ratio.numerator << "/" << ratio.denominator; }

}  // namespace rushhour

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + std::chrono::hours{14}};

const api::Operation& assume_role = api::operation_of<api::sts::AssumeRole>;
const api::Operation& caller_identity = api::operation_of<api::sts::GetCallerIdentity>;
const api::Operation& get_secret = api::operation_of<api::secretsmanager::GetSecretValue>;
const api::Operation& ip_addresses = api::operation_of<api::virustotal::GetIpAddress>;

/// Who made a call, and about what.
struct By {
  std::string account{};  ///< empty: the one that the scenario knows
  std::string rule{"naive"};
  Function function{Function::rule};
  AddressClass subject{AddressClass::public_ipv4};
  std::string site{};
};

class RunMetricsTest : public ::testing::Test {
 protected:
  void call(const api::Operation& operation, Duration at, Outcome outcome = Outcome::ok,
            std::uint8_t attempt = 1, const By& by = {}) {
    const Name known = given.accounts[static_cast<std::size_t>(operation.service)].front();
    meters.on_call({.at = start + at,
                    .operation = names().intern(to_text(operation)),
                    .account = by.account.empty() ? known : names().intern(by.account),
                    .detection = names().intern(by.rule),
                    .site = names().intern(by.site),
                    .outcome = outcome,
                    .attempt = attempt,
                    .function = by.function,
                    .subject = by.subject});
  }
  [[nodiscard]] static Selector selector(const std::string& text) {
    return parse_budget(text + " == 0").term.selector;
  }
  [[nodiscard]] std::optional<Ratio> find(const std::string& text) const {
    return measured.find(selector(text));
  }
  [[nodiscard]] std::optional<Ratio> limit(const std::string& text) const {
    return measured.limit(selector(text));
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
      .detections = {"naive", "thrifty"}};
  RunMetrics measured{given};
};

std::optional<Ratio> whole(std::uint64_t number) { return Ratio{number, 1}; }

TEST_F(RunMetricsTest, ReadEveryMeasureOfAnOperationAndItsService) {
  call(assume_role, 0s);
  call(assume_role, 0s, Outcome::throttled);
  call(assume_role, 5s, Outcome::ok, 2);
  call(assume_role, 61s, Outcome::denied);
  call(caller_identity, 61s);
  EXPECT_EQ(find("sts.AssumeRole.calls"), whole(3));
  EXPECT_EQ(find("sts.AssumeRole.attempts"), whole(4));
  EXPECT_EQ(find("sts.AssumeRole.accepted"), whole(3));
  EXPECT_EQ(find("sts.AssumeRole.throttled"), whole(1));
  EXPECT_EQ(find("sts.AssumeRole.ok"), whole(2));
  EXPECT_EQ(find("sts.AssumeRole.errors"), whole(1));
  EXPECT_EQ(find("sts.AssumeRole.amplification"), (Ratio{4, 3}));
  EXPECT_EQ(find("sts.AssumeRole.attempts.per_second.max"), whole(2));
  EXPECT_EQ(find("sts.AssumeRole.attempts.per_10s.max"), whole(3));
  EXPECT_EQ(find("sts.AssumeRole.attempts.per_minute.max"), whole(3));
  EXPECT_EQ(find("sts.AssumeRole.attempts.per_hour.max"), whole(4));
  EXPECT_EQ(find("sts.AssumeRole.calls.per_second.max"), whole(2));
  EXPECT_EQ(find("sts.attempts"), whole(5));
  EXPECT_EQ(find("sts.attempts.per_second.max"), whole(2));
  EXPECT_EQ(find("sts.amplification"), (Ratio{5, 4}));
}

TEST_F(RunMetricsTest, AreZeroForWhatWasNeverCalled) {
  EXPECT_EQ(find("sts.attempts"), whole(0));
  EXPECT_EQ(find("sts.AssumeRole.throttled.per_minute.max"), whole(0));
  EXPECT_EQ(find("sts.amplification"), std::nullopt) << "of no calls";
  EXPECT_TRUE(measured.never_called(selector("sts.attempts")));
  call(caller_identity, 0s);
  EXPECT_FALSE(measured.never_called(selector("sts.attempts")));
  EXPECT_TRUE(measured.never_called(selector("sts.AssumeRole.attempts")));
  EXPECT_FALSE(measured.never_called(selector("detections.missed"))) << "detections are not called";
}

TEST_F(RunMetricsTest, KnowNoOtherNames) {
  call(assume_role, 0s);
  for (const char* const text :
       {"s3.calls", "sts.AssumeRoll.calls", "sts.GetSecretValue.calls", "sts.retries",
        "sts.amplification.per_minute.max", "sts.ok.per_second.max", "detections.r.missed",
        "detections.missed.per_minute.max", "detections.throttled", "cache.hits", "cache.verdict.hits",
        "recovery.seconds", "delay.p42", "queue.messages.per_minute.max"}) {
    EXPECT_EQ(find(text), std::nullopt) << text;
  }
}

TEST_F(RunMetricsTest, CountWhatWentWrongByOutcome) {
  call(assume_role, 0s, Outcome::denied);
  call(assume_role, 0s, Outcome::expired);
  call(assume_role, 0s, Outcome::server_error);
  call(assume_role, 0s, Outcome::server_error);
  call(assume_role, 0s, Outcome::timeout);
  call(assume_role, 0s, Outcome::throttled);
  EXPECT_EQ(find("sts.errors"), whole(5));
  EXPECT_EQ(find("sts.denied"), whole(1));
  EXPECT_EQ(find("sts.expired"), whole(1));
  EXPECT_EQ(find("sts.server_error"), whole(2));
  EXPECT_EQ(find("sts.AssumeRole.timeout"), whole(1));
  EXPECT_EQ(find("sts.invalid"), whole(0));
}

TEST_F(RunMetricsTest, CountWasteGoodputAndThrottledTime) {
  call(assume_role, 0s, Outcome::throttled);
  call(assume_role, 1s, Outcome::throttled, 2);
  call(assume_role, 2s, Outcome::ok, 3);
  call(assume_role, 2s);
  call(assume_role, 9s, Outcome::throttled);
  result.first_arrival = start;
  result.end = start + 20s;
  EXPECT_EQ(find("sts.wasted"), whole(2));
  EXPECT_EQ(find("sts.goodput"), whole(2));
  EXPECT_EQ(find("sts.goodput.per_second.max"), whole(2));
  EXPECT_EQ(find("sts.goodput.per_second.mean"), (Ratio{2, 20}));
  EXPECT_EQ(find("sts.attempts.per_minute.mean"), (Ratio{15, 1}));
  EXPECT_EQ(find("sts.seconds_throttled"), whole(3));
  EXPECT_EQ(find("sts.AssumeRole.longest_throttled_seconds"), whole(2));
}

TEST_F(RunMetricsTest, HaveNoMeanOfARunOfNoLength) {
  call(assume_role, 0s);
  EXPECT_EQ(find("sts.calls.per_second.mean"), std::nullopt);
  EXPECT_TRUE(measured.knows(selector("sts.calls.per_second.mean")));
}

TEST_F(RunMetricsTest, SlideWindowsOverAttempts) {
  for (const Duration at : {58s, 59s, 61s, 62s, 119s}) call(ip_addresses, at);
  EXPECT_EQ(find("virustotal.attempts.per_minute.max"), whole(3));
  EXPECT_EQ(find("virustotal.attempts.any_60s.max"), whole(4));
  EXPECT_EQ(find("virustotal.attempts.any_10s"), whole(4));
  EXPECT_EQ(find("virustotal.ip_addresses.attempts.any_1s"), whole(1));
  EXPECT_EQ(find("virustotal{key='virustotal-key'}.attempts.any_60s"), whole(4));
  EXPECT_EQ(find("virustotal.attempts.per_day.max"), whole(5));
}

TEST_F(RunMetricsTest, TellRulesAccountsAndFunctionsApart) {
  call(assume_role, 0s, Outcome::ok, 1, {.rule = "naive"});
  call(assume_role, 0s, Outcome::throttled, 1, {.rule = "thrifty", .function = Function::alert_context});
  call(assume_role, 1s, Outcome::ok, 2, {.rule = "thrifty", .function = Function::alert_context});
  call(caller_identity, 1s, Outcome::ok, 1, {.rule = "thrifty", .function = Function::title});
  EXPECT_EQ(find("sts{rule='naive'}.attempts"), whole(1));
  EXPECT_EQ(find("sts{rule='thrifty'}.attempts"), whole(3));
  EXPECT_EQ(find("sts{rule='thrifty'}.AssumeRole.attempts"), whole(2));
  EXPECT_EQ(find("sts{rule='thrifty'}.attempts.per_second.max"), whole(2));
  EXPECT_EQ(find("sts{rule='thrifty'}.AssumeRole.amplification"), (Ratio{2, 1}));
  EXPECT_EQ(find("sts{rule='thrifty'}.seconds_throttled"), whole(1));
  EXPECT_EQ(find("sts{account='111122223333'}.attempts"), whole(4));
  EXPECT_EQ(find("sts{account='111122223333'}.attempts.per_second.max"), whole(2));
  EXPECT_EQ(find("sts{function='alert_context'}.attempts"), whole(2));
  EXPECT_EQ(find("sts{function='title'}.AssumeRole.attempts"), whole(0));
  EXPECT_EQ(find("sts{function='title', rule='thrifty'}.attempts"), whole(1));
  EXPECT_EQ(find("sts{function='title', rule='naive'}.attempts"), whole(0));
  EXPECT_TRUE(measured.never_called(selector("sts{function='title', rule='naive'}.attempts")));
  EXPECT_FALSE(measured.never_called(selector("sts{rule='naive'}.attempts")));
  EXPECT_TRUE(measured.never_called(selector("sts{rule='naive'}.GetCallerIdentity.attempts")));
}

TEST_F(RunMetricsTest, KnowWhichLabelsGoWithWhichNumbers) {
  for (const char* const text :
       {"sts{rule='naive'}.attempts.per_second.max", "sts{rule='naive'}.goodput.per_minute.mean",
        "sts{function='rule'}.amplification", "sts{account='111122223333'}.headroom",
        "virustotal{key='virustotal-key'}.days_exhausted", "virustotal{rule='naive'}.calls_to_private_ipv4",
        "detections{rule='naive'}.missed", "cache{rule='naive'}.secret.hits", "lookup{rule='naive'}.coverage",
        "sts{function='rule'}.attempts.per_second.max", "sts{rule='naive'}.attempts.any_60s.max",
        "sts{account='111122223333'}.attempts.any_60s.max", "sts.throttled.any_60s.max"}) {
    EXPECT_TRUE(measured.knows(selector(text))) << text;
  }
  for (const char* const text :
       {"sts{rule='naive'}.headroom", "sts{function='rule'}.seconds_throttled", "sts{rule='nobody'}.attempts",
        "sts{key='virustotal-key'}.attempts", "virustotal{account='virustotal-key'}.attempts",
        "sts{account='444455556666'}.attempts", "detections{function='rule'}.missed",
        "events{rule='naive'}.delivered", "delay{rule='naive'}.p99", "sts{function='unknown'}.attempts",
        "sts.calls_to_private_ipv4"}) {
    EXPECT_FALSE(measured.knows(selector(text))) << text;
  }
}

TEST_F(RunMetricsTest, CountLookUpsByKindOfAddress) {
  call(ip_addresses, 0s);
  call(ip_addresses, 0s, Outcome::ok, 1, {.subject = AddressClass::private_ipv4});
  call(ip_addresses, 0s, Outcome::invalid, 1, {.rule = "thrifty", .subject = AddressClass::service_name});
  call(ip_addresses, 0s, Outcome::ok, 1, {.subject = AddressClass::public_ipv6});
  call(ip_addresses, 0s, Outcome::throttled, 1, {.subject = AddressClass::missing});
  EXPECT_EQ(find("virustotal.calls_to_public_ipv4"), whole(1));
  EXPECT_EQ(find("virustotal.ip_addresses.calls_to_private_ipv4"), whole(1));
  EXPECT_EQ(find("virustotal{rule='thrifty'}.calls_to_service_name"), whole(1));
  EXPECT_EQ(find("virustotal.calls_to_missing"), whole(0));
  EXPECT_EQ(find("virustotal.wasted_lookups"), whole(2));
}

TEST_F(RunMetricsTest, AddDetectionsUp) {
  result.detections.push_back({.detection = "naive",
                               .events = 10,
                               .matches = 6,
                               .intact = 3,
                               .degraded = 2,
                               .skipped = 1,
                               .missed = 1,
                               .alerts = 4,
                               .duplicates = 9,
                               .lost = 8,
                               .logical_calls = 7,
                               .clients_made = 5});
  result.detections.push_back(
      {.detection = "thrifty", .events = 10, .intact = 1, .missed = 4, .alerts = 1, .logical_calls = 1});
  EXPECT_EQ(find("detections.events"), whole(20));
  EXPECT_EQ(find("detections.matches"), whole(6));
  EXPECT_EQ(find("detections.intact"), whole(4));
  EXPECT_EQ(find("detections.degraded"), whole(2));
  EXPECT_EQ(find("detections.skipped"), whole(1));
  EXPECT_EQ(find("detections.missed"), whole(5));
  EXPECT_EQ(find("detections.alerts"), whole(5));
  EXPECT_EQ(find("detections.duplicates"), whole(9));
  EXPECT_EQ(find("detections.lost"), whole(8));
  EXPECT_EQ(find("detections.calls"), whole(8));
  EXPECT_EQ(find("detections.clients_made"), whole(5));
  EXPECT_EQ(find("detections.calls_per_alert"), (Ratio{8, 5}));
  EXPECT_EQ(find("detections{rule='thrifty'}.missed"), whole(4));
  EXPECT_EQ(find("detections{rule='naive'}.calls_per_alert"), (Ratio{7, 4}));
}

TEST_F(RunMetricsTest, SayWhatAThrottleCost) {
  result.detections = {{.detection = "naive"}, {.detection = "thrifty"}};
  const sim::Cause throttle{&ip_addresses, Outcome::throttled, Function::rule};
  const sim::Cause denial{&assume_role, Outcome::denied, Function::rule};
  const auto lose = [&](std::size_t detection, sim::LossKind kind, const sim::Cause& cause, int count) {
    for (int i = 0; i < count; ++i) {
      result.losses.add(detection, kind, cause, 1, start, [] { return std::string{}; });
    }
  };
  lose(0, sim::LossKind::missed, throttle, 3);
  lose(1, sim::LossKind::missed, throttle, 1);
  lose(1, sim::LossKind::missed, denial, 5);
  lose(1, sim::LossKind::degraded, throttle, 2);
  EXPECT_EQ(find("detections.missed_by_throttle"), whole(4));
  EXPECT_EQ(find("detections{rule='naive'}.missed_by_throttle"), whole(3));
  EXPECT_EQ(find("detections.degraded_by_throttle"), whole(2));
  EXPECT_THAT(measured.culprits(selector("detections.missed")),
              ElementsAre(Culprit{"thrifty", Function::rule, "sts:AssumeRole", 5, {5, 9}},
                          Culprit{"naive", Function::rule, "virustotal:ip_addresses", 3, {3, 9}},
                          Culprit{"thrifty", Function::rule, "virustotal:ip_addresses", 1, {1, 9}}));
  EXPECT_THAT(measured.culprits(selector("detections{rule='naive'}.missed_by_throttle")),
              ElementsAre(Culprit{"naive", Function::rule, "virustotal:ip_addresses", 3, {3, 3}}));
}

TEST_F(RunMetricsTest, MeasureDelaysInSeconds) {
  EXPECT_EQ(find("delay.p99"), std::nullopt) << "of no events";
  EXPECT_TRUE(measured.knows(selector("delay.p99")));
  for (int i = 1; i <= 100; ++i) {
    result.event_to_verdict.add(i * 1s);
    result.arrival_to_verdict.add(i * 1ms);
  }
  result.waiting.add(2s, 1);
  result.waiting.add(4s, 2);
  EXPECT_EQ(find("delay.max"), whole(100));
  EXPECT_EQ(find("delay.mean"), (Ratio{101, 2}));
  EXPECT_EQ(find("waiting.max"), (Ratio{1, 10}));
  EXPECT_EQ(find("waiting.for_worker_max"), whole(4));
  EXPECT_EQ(find("waiting.for_worker_mean"), whole(3));
  for (const auto& [name, exact] : {std::pair{"p50", 50}, std::pair{"p90", 90}, std::pair{"p99", 99}}) {
    const Ratio value = *find("delay." + std::string{name});
    EXPECT_FALSE(value < (Ratio{static_cast<std::uint64_t>(exact), 1})) << name;
    EXPECT_FALSE((Ratio{static_cast<std::uint64_t>(exact) * 65, 64}) < value) << name;
  }
  const auto judge = [&](const std::string& text) { return evaluate(parse_budget(text), measured).text; };
  EXPECT_EQ(judge("delay.max <= 10m"), "holds: 1m40s <= 10m");
  EXPECT_EQ(judge("delay.max <= 1.5m"), "fails: 1m40s is not <= 1m30s");
  EXPECT_EQ(judge("delay.max <= 99"), "fails: 100 is not <= 99");
}

TEST_F(RunMetricsTest, CountEventsQueueAndFleet) {
  result.last_arrival = start + 1h;
  result.delivery = {.delivered = 10, .processed = 7, .dead_lettered = 2, .unserved = 1, .looks = 12};
  result.queue = {.messages = 5,
                  .receives = 8,
                  .redelivered = 3,
                  .dead_lettered = 1,
                  .backlog_max = 4,
                  .age_max = 90s,
                  .drained_at = start + 1h + 5min};
  result.fleet = {.invocations = 6, .timed_out = 2, .throttled = 9, .cold_starts = 4, .resets = 2};
  result.fleet.concurrency_max = 3;
  result.fleet.reloads = 11;
  result.fleet.billed_ms = 2'500;
  EXPECT_EQ(find("events.delivered"), whole(10));
  EXPECT_EQ(find("events.processed"), whole(7));
  EXPECT_EQ(find("events.dead_lettered"), whole(2));
  EXPECT_EQ(find("events.unserved"), whole(1));
  EXPECT_EQ(find("queue.messages"), whole(5));
  EXPECT_EQ(find("queue.receives"), whole(8));
  EXPECT_EQ(find("queue.redelivered"), whole(3));
  EXPECT_EQ(find("queue.dead_lettered"), whole(1));
  EXPECT_EQ(find("queue.backlog_max"), whole(4));
  EXPECT_EQ(find("queue.age_max"), whole(90));
  EXPECT_EQ(find("queue.drain"), whole(300));
  EXPECT_EQ(find("fleet.invocations"), whole(6));
  EXPECT_EQ(find("fleet.timed_out"), whole(2));
  EXPECT_EQ(find("fleet.throttled"), whole(9));
  EXPECT_EQ(find("fleet.cold_starts"), whole(4));
  EXPECT_EQ(find("fleet.resets"), whole(2));
  EXPECT_EQ(find("fleet.concurrency_max"), whole(3));
  EXPECT_EQ(find("fleet.reloads"), whole(11));
  EXPECT_EQ(find("fleet.gb_seconds"), (Ratio{5, 2}));
}

TEST_F(RunMetricsTest, AddCachesAndLookUpsUp) {
  detect::StrategyCounts first;
  first.secret = {.hits = 6, .cold = 1, .reload = 1};
  first.lookups = 10;
  first.lookups_covered = 5;
  first.staleness_max = 2h;
  detect::StrategyCounts second;
  second.secret = {.hits = 0, .reset = 2};
  result.detections = {{.detection = "naive", .strategy = first},
                       {.detection = "thrifty", .strategy = second}};
  EXPECT_EQ(find("cache.secret.hits"), whole(6));
  EXPECT_EQ(find("cache.secret.misses"), whole(4));
  EXPECT_EQ(find("cache.secret.hit_ratio"), (Ratio{6, 10}));
  EXPECT_EQ(find("cache{rule='thrifty'}.secret.hit_ratio"), whole(0));
  EXPECT_EQ(find("cache.verdicts.hit_ratio"), std::nullopt) << "of no looks";
  EXPECT_EQ(find("lookup.coverage"), (Ratio{1, 2}));
  EXPECT_EQ(find("lookup.staleness_max"), whole(7'200));
}

TEST_F(RunMetricsTest, MeasureTheRecoveryFromATrigger) {
  EXPECT_FALSE(measured.knows(selector("recovery.seconds"))) << "without a trigger";
  RunFacts facts = given;
  facts.trigger_end = start + 5min;
  const RunMetrics metrics{facts};
  const auto value = [&](const char* text) { return metrics.find(selector(text)); };
  result.last_arrival = start + 1h;
  call(assume_role, 4min, Outcome::throttled);
  EXPECT_EQ(metrics.last_trouble(), std::nullopt) << "the trigger itself";
  EXPECT_EQ(value("recovery.seconds"), whole(0));
  EXPECT_EQ(value("recovery.recovered"), whole(1));
  call(assume_role, 20min, Outcome::throttled);
  EXPECT_EQ(value("recovery.seconds"), whole(900));
  result.fleet.timed_out = 1;
  result.fleet.last_timeout = start + 35min;
  EXPECT_EQ(value("recovery.seconds"), whole(1'800));
  EXPECT_EQ(value("recovery.recovered"), whole(1));
  result.delivery.unserved = 1;
  EXPECT_EQ(value("recovery.recovered"), whole(0));
  result.delivery.unserved = 0;
  result.fleet.last_timeout = start + 1h;
  EXPECT_EQ(value("recovery.recovered"), whole(0)) << "trouble lasted as long as the traffic";
  EXPECT_EQ(evaluate(parse_budget("recovery.seconds <= 15m"), metrics).text, "fails: 55m is not <= 15m");
}

TEST_F(RunMetricsTest, TakeNumbersFromElsewhere) {
  EXPECT_FALSE(measured.knows(selector("cost.total")));
  measured.add_number({.name = "cost.total"});
  measured.add_number({.name = "cost.secretsmanager.calls"});
  EXPECT_TRUE(measured.knows(selector("cost.total")));
  EXPECT_EQ(find("cost.total"), std::nullopt) << "not yet";
  measured.add_number({.name = "cost.total", .value = Ratio{5, 2}});
  EXPECT_EQ(find("cost.total"), (Ratio{5, 2}));
  EXPECT_EQ(find("cost.total.total"), (Ratio{5, 2}));
  EXPECT_TRUE(measured.knows(selector("cost.secretsmanager.calls")));
  EXPECT_THAT(measured.known(), Contains("cost.total.total"));
}

TEST_F(RunMetricsTest, NameTheLineThatIsBehindANumber) {
  const std::string helper = "helpers/aws.py:12 from rules/a.py:9";
  for (int i = 0; i < 3; ++i) call(assume_role, 0s, Outcome::ok, 1, {.site = "rules/a.py:7"});
  for (int i = 0; i < 5; ++i) call(assume_role, 0s, Outcome::ok, 1, {.site = helper});
  call(assume_role, 0s, Outcome::ok, 1, {.account = "elsewhere", .site = helper});
  EXPECT_THAT(
      measured.culprits(selector("sts.calls")),
      ElementsAre(
          Culprit{"naive", Function::rule, "sts:AssumeRole", 6, {6, 9}, "helpers/aws.py:12", "rules/a.py:9"},
          Culprit{"naive", Function::rule, "sts:AssumeRole", 3, {3, 9}, "rules/a.py:7"}));
}

TEST_F(RunMetricsTest, NameWhoIsBehindANumber) {
  for (int i = 0; i < 6; ++i) call(assume_role, 0s, Outcome::throttled, 1, {.rule = "thrifty"});
  for (int i = 0; i < 3; ++i) call(assume_role, 0s, Outcome::throttled, 2, {.function = Function::title});
  for (int i = 0; i < 2; ++i) call(caller_identity, 0s, Outcome::throttled, 1, {.rule = "thrifty"});
  call(caller_identity, 0s, Outcome::throttled, 1, {.account = "elsewhere", .rule = "thrifty"});
  call(assume_role, 0s, Outcome::throttled);
  call(get_secret, 0s);
  EXPECT_THAT(measured.culprits(selector("sts.throttled.per_second.max")),
              ElementsAre(Culprit{"thrifty", Function::rule, "sts:AssumeRole", 6, {6, 13}},
                          Culprit{"naive", Function::title, "sts:AssumeRole", 3, {3, 13}},
                          Culprit{"thrifty", Function::rule, "sts:GetCallerIdentity", 3, {3, 13}}));
  EXPECT_THAT(measured.culprits(selector("sts.amplification"), 1),
              ElementsAre(Culprit{"naive", Function::title, "sts:AssumeRole", 3, {3, 3}}));
  EXPECT_THAT(measured.culprits(selector("sts{rule='naive'}.GetCallerIdentity.attempts")), IsEmpty());
  EXPECT_THAT(measured.culprits(selector("detections.calls_per_alert")), SizeIs(3));
  EXPECT_THAT(measured.culprits(selector("delay.p99")), IsEmpty());
  EXPECT_THAT(measured.culprits(selector("sts.server_error")), IsEmpty());
}

TEST_F(RunMetricsTest, ListExactlyWhatTheyFind) {
  RunFacts facts = given;
  facts.trigger_end = start;
  RunMetrics metrics{facts};
  metrics.add_number({.name = "feedback.gain", .value = Ratio{1, 2}});
  for (const api::Operation* operation : all_operations()) call(*operation, 0s);
  result.first_arrival = start;
  result.end = start + 1h;
  result.event_to_verdict.add(1s);
  result.arrival_to_verdict.add(1s);
  result.waiting.add(1s, 1);
  result.queue.messages = 1;
  detect::StrategyCounts strategy{.credentials = {.hits = 1}, .secret = {.hits = 1}, .verdicts = {.hits = 1}};
  strategy.lookups = strategy.lookups_covered = 1;
  result.detections = {{.detection = "naive", .alerts = 1, .strategy = strategy}};
  const std::vector<std::string> known = metrics.known();
  for (const std::string& text : known) {
    EXPECT_TRUE(metrics.knows(selector(text))) << text;
    EXPECT_TRUE(metrics.find(selector(text)).has_value()) << text;
    EXPECT_EQ(to_text(selector(text)), text) << "in full";
  }
  for (const char* const text :
       {"virustotal.ip_addresses.attempts.per_minute.max", "virustotal.attempts.any_60s.max",
        "secretsmanager.GetSecretValue.goodput.per_second.mean", "detections.missed_by_throttle.total",
        "fleet.gb_seconds.total", "recovery.recovered.total", "feedback.gain.total", "delay.max.total",
        "cache.credentials.hit_ratio.total", "lookup.staleness_max.total",
        "virustotal.calls_to_malformed.total"}) {
    EXPECT_THAT(known, Contains(text));
  }
  std::vector<std::string> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end()) << "one is listed twice";
}

TEST_F(RunMetricsTest, KnowBeforeTheRunWhatTheyWillKnowAfterIt) {
  const std::vector<std::string> known = measured.known();
  for (const std::string& text : known) EXPECT_TRUE(measured.knows(selector(text))) << text;
  for (const api::Operation* operation : all_operations()) call(*operation, 0s);
  EXPECT_EQ(measured.known(), known);
}

TEST_F(RunMetricsTest, KnowTheLimitOfAWindow) {
  EXPECT_EQ(limit("sts.attempts.per_second.max"), whole(600));
  EXPECT_EQ(limit("sts.AssumeRole.attempts.per_second.max"), whole(600));
  EXPECT_EQ(limit("secretsmanager.attempts.per_second.max"), whole(10'000));
  EXPECT_EQ(limit("virustotal.attempts.per_minute.max"), whole(4));
  for (const char* const text :
       {"sts.attempts", "sts.attempts.per_minute.max", "virustotal.attempts.per_hour.max",
        "virustotal.attempts", "detections.missed"}) {
    EXPECT_EQ(limit(text), std::nullopt) << text;
  }
}

TEST_F(RunMetricsTest, KnowNoLimitOfAServiceWhoseOperationsHaveSeveral) {
  // Whatever was called: a budget that can be judged before the run can be judged after it.
  std::vector<limit::Profile> rows = limit::profiles::of("secretsmanager");
  rows[0].operations = "GetSecretValue";
  rows[1].operations = "DescribeSecret";
  panther.world.secretsmanager.quotas().replace(rows);
  EXPECT_EQ(limit("secretsmanager.attempts.per_second.max"), std::nullopt);
  call(get_secret, 0s);
  EXPECT_EQ(limit("secretsmanager.attempts.per_second.max"), std::nullopt);
  EXPECT_EQ(limit("secretsmanager.GetSecretValue.attempts.per_second.max"), whole(10'000));
  EXPECT_EQ(limit("secretsmanager.DescribeSecret.attempts.per_second.max"), whole(100));
}

TEST_F(RunMetricsTest, KnowTheLimitOfAnAccountWhereThereAreSeveral) {
  RunFacts facts = given;
  facts.accounts[2].push_back(names().intern("soc"));
  panther.world.virustotal.quotas().assign(names().intern("soc"),
                                           limit::profiles::virustotal_premium({.minute = 1'000}));
  const RunMetrics metrics{facts};
  EXPECT_EQ(metrics.limit(selector("virustotal.attempts.per_minute.max")), std::nullopt) << "whose?";
  EXPECT_EQ(metrics.limit(selector("virustotal{key='soc'}.attempts.any_60s")), whole(1'000));
  EXPECT_EQ(metrics.limit(selector("virustotal{key='virustotal-key'}.attempts.per_minute")), whole(4));
  EXPECT_EQ(metrics.limit(selector("virustotal{key='soc'}.attempts.per_day")), std::nullopt);
}

TEST_F(RunMetricsTest, MeasureTheQuotaThatKeysShareOnAllOfThem) {
  fakes::Quotas& quotas = panther.world.virustotal.quotas();
  const Name group = names().intern("group:corp");
  quotas.assign(group, limit::profiles::virustotal_premium({.minute = 6, .day = 8}));
  for (const std::string_view key : {"soc", "virustotal-key"}) {
    quotas.assign(names().intern(key), limit::profiles::virustotal_premium({.minute = 5}));
    quotas.share(names().intern(key), group);
  }
  for (int i = 0; i < 4; ++i) call(ip_addresses, 0s, Outcome::ok, 1, {.account = "soc"});
  for (int i = 0; i < 4; ++i) call(ip_addresses, 0s);
  const std::vector<Pressure> pressures = measured.pressures(ip_addresses);
  ASSERT_THAT(pressures, SizeIs(4));
  EXPECT_EQ(pressures[0].account, "soc");
  EXPECT_EQ(pressures[0].headroom(), (Ratio{5, 4}));
  EXPECT_EQ(pressures[0].windows_over, 0U);
  EXPECT_EQ(pressures[1].account, "group:corp");
  EXPECT_EQ(pressures[1].headroom(), (Ratio{6, 8}));
  EXPECT_EQ(pressures[1].windows_over, 1U);
  EXPECT_EQ(find("virustotal.headroom"), (Ratio{6, 8})) << "the tightest";
  EXPECT_EQ(find("virustotal.days_exhausted"), whole(1)) << "the group's, which no key has used up alone";
}

TEST_F(RunMetricsTest, MeasurePressureOnWhoeverIsCharged) {
  panther.world.virustotal.quotas().assign(names().intern("soc"),
                                           limit::profiles::virustotal_premium({.minute = 100}));
  for (int i = 0; i < 20; ++i) call(ip_addresses, 0s, Outcome::ok, 1, {.account = "soc"});
  for (int i = 0; i < 8; ++i) call(ip_addresses, 0s);
  call(ip_addresses, 1min);
  for (int i = 0; i < 5; ++i) call(ip_addresses, 3min);
  const std::vector<Pressure> pressures = measured.pressures(ip_addresses);
  ASSERT_THAT(pressures, SizeIs(4));
  EXPECT_EQ(pressures[0].account, "soc");
  EXPECT_EQ(pressures[0].headroom(), (Ratio{5, 1}));
  EXPECT_EQ(pressures[1].account, "virustotal-key");
  EXPECT_EQ(pressures[1].headroom(), (Ratio{1, 2}));
  EXPECT_EQ(pressures[1].windows_over, 2U);
  EXPECT_EQ(find("virustotal.headroom"), (Ratio{1, 2})) << "the tightest";
  EXPECT_EQ(find("virustotal.ip_addresses.headroom"), (Ratio{1, 2}));
  EXPECT_EQ(find("virustotal.seconds_over_limit"), whole(120));
  EXPECT_EQ(find("virustotal{key='virustotal-key'}.seconds_over_limit"), whole(120));
  RunFacts facts = given;
  facts.accounts[2].push_back(names().intern("soc"));
  const RunMetrics both{facts};
  EXPECT_EQ(both.find(selector("virustotal{key='soc'}.headroom")), (Ratio{5, 1}));
  EXPECT_EQ(both.find(selector("virustotal{key='soc'}.seconds_over_limit")), whole(0));
  EXPECT_EQ(find("sts.headroom"), std::nullopt);
  EXPECT_EQ(find("sts.seconds_over_limit"), whole(0));
}

TEST_F(RunMetricsTest, SayWhenAKeysDayIsUsedUp) {
  result.first_arrival = start;
  for (int i = 0; i < 240; ++i) call(ip_addresses, i * 15s);
  result.end = start + 1h;
  EXPECT_EQ(find("virustotal.days_exhausted"), whole(0));
  std::vector<QuotaUse> uses = measured.quota_uses();
  ASSERT_THAT(uses, SizeIs(2));
  EXPECT_EQ(uses[0].account, "virustotal-key");
  EXPECT_EQ(uses[0].used, 240U);
  EXPECT_EQ(uses[0].exhausted, std::nullopt);
  EXPECT_EQ(uses[0].projected, start + 125min);
  EXPECT_EQ(uses[1].projected, start + 1h + Duration{(15'500 - 240) * 15s}) << "of the month";
  for (int i = 240; i < 500; ++i) call(ip_addresses, i * 15s);
  result.end = start + 3h;
  uses = measured.quota_uses();
  EXPECT_EQ(uses[0].exhausted, start + 125min - 15s);
  EXPECT_EQ(uses[0].windows_exhausted, 1U);
  EXPECT_EQ(find("virustotal.days_exhausted"), whole(1));
  EXPECT_EQ(find("virustotal.months_exhausted"), whole(0));
}

TEST_F(RunMetricsTest, SayHowCloseARunCameToEachLimit) {
  for (int i = 0; i < 6; ++i) call(ip_addresses, i * 10s);
  call(ip_addresses, 10min);
  const std::vector<Pressure> pressures = measured.pressures(ip_addresses);
  ASSERT_THAT(pressures, SizeIs(3));
  EXPECT_EQ(pressures[0].limit.limit, 4U);
  EXPECT_EQ(pressures[0].peak, 6U);
  EXPECT_EQ(pressures[0].peak_begin, start);
  EXPECT_EQ(pressures[0].headroom(), (Ratio{2, 3}));
  EXPECT_EQ(pressures[1].limit.limit, 500U);
  EXPECT_EQ(pressures[1].peak, 7U) << "in the UTC day";
  EXPECT_EQ(pressures[2].limit.limit, 15'500U);
  EXPECT_EQ(pressures[2].peak, 7U) << "in the UTC month";
}

TEST_F(RunMetricsTest, HaveNoHeadroomWithoutAttempts) {
  ASSERT_THAT(measured.pressures(assume_role), SizeIs(1));
  EXPECT_EQ(measured.pressures(assume_role)[0].peak, 0U);
  EXPECT_EQ(measured.pressures(assume_role)[0].headroom(), std::nullopt);
}

TEST_F(RunMetricsTest, CountAllThatShareALimit) {
  // 600 a second are for AssumeRole and GetCallerIdentity together.
  for (int i = 0; i < 300; ++i) call(assume_role, 0s);
  for (int i = 0; i < 200; ++i) call(caller_identity, 0s);
  EXPECT_EQ(measured.pressures(assume_role)[0].peak, 500U);
  EXPECT_EQ(measured.pressures(caller_identity)[0].peak, 500U);
  EXPECT_EQ(measured.pressures(assume_role)[0].headroom(), (Ratio{6, 5}));
}

TEST_F(RunMetricsTest, CountOnlyWhatALimitIsFor) {
  std::vector<limit::Profile> rows = limit::profiles::of("sts");
  rows[0].operations = "AssumeRole";
  panther.world.sts.quotas().replace(rows);
  call(assume_role, 0s);
  call(caller_identity, 0s);
  EXPECT_EQ(measured.pressures(assume_role)[0].peak, 1U);
  EXPECT_THAT(measured.pressures(caller_identity), IsEmpty());
}

TEST_F(RunMetricsTest, JudgeBudgets) {
  for (int i = 0; i < 5; ++i) call(ip_addresses, i * 1s, i < 4 ? Outcome::ok : Outcome::throttled);
  const auto judge = [&](const std::string& text) { return evaluate(parse_budget(text), measured).text; };
  EXPECT_EQ(judge("virustotal.throttled == 0"), "fails: 1 is not == 0");
  EXPECT_EQ(judge("virustotal.attempts.per_minute.max <= 100% of limit"),
            "fails: 5 is not <= 4 (1 of the limit 4)");
  EXPECT_EQ(judge("virustotal.ip_addresses.amplification <= 1"), "holds: 1 <= 1");
  EXPECT_EQ(judge("sts.throttled == 0"), "fails: never called");
}

TEST_F(RunMetricsTest, OfferTheNearestOfTheirNames) {
  const auto message = [&](const std::string& text) -> std::string {
    try {
      require_known(parse_budget(text), measured);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("sts.AssumeRole.throttled == 0"), "");
  EXPECT_THAT(message("sts.AssumeRole.throtled == 0"),
              HasSubstr(R"(did you mean "sts.AssumeRole.throttled.total")"));
  EXPECT_THAT(
      message("inspector_findings.calls == 0"),
      HasSubstr(
          R"(known before the first dot: "sts", "secretsmanager", "virustotal", "dynamodb", "detections", )"));
  EXPECT_THAT(message("sts.throttled <= 5% of limit"), HasSubstr("no limit applies to sts.throttled.total"));
}

TEST(AllOperations, AreThoseOfTheFakes) {
  std::vector<std::string> names;
  for (const api::Operation* operation : all_operations()) names.push_back(to_text(*operation));
  EXPECT_EQ(names.size(), 11U + 23U + 32U + 3U);
  for (const api::Operation* operation : usual_operations()) {
    EXPECT_THAT(names, Contains(to_text(*operation)));
  }
}

}  // namespace
}  // namespace rushhour::scenario
