// Scenarios from their text to their numbers: exact counts, what never varies, and the same bytes twice.

#include <rushhour/scenario/run.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/report/text.hpp>
#include <rushhour/scenario/assumptions.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::uint64_t events = 20'000;

std::unique_ptr<Run> run_shipped(const std::string& name, Overrides overrides = {.events = events}) {
  return run(load_scenario("scenarios/" + name + ".json", overrides));
}

/// Every event has an address that VirusTotal knows.
constexpr const char* all_public =
    R"({"events": 2000, "sources": {"private_ipv4": 0, "public_ipv6": 0, "service_name": 0, "missing": 0}})";

/// A scenario around some of its keys; the rest is little.
struct Parts {
  std::string traffic{R"({"events": 2000})"};
  std::string detections{R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}])"};
  std::string world{"{}"};
  std::string budgets{"[]"};
  std::string workers{"100"};
};

std::string text_of(const Parts& parts) {
  return R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1m", "traffic": )" + parts.traffic +
         R"(, "fleet": {"workers": )" + parts.workers + R"(}, "detections": )" + parts.detections +
         R"(, "world": )" + parts.world + R"(, "budgets": )" + parts.budgets + "}";
}
std::unique_ptr<Run> run_of(const Parts& parts, const RunOptions& options = {}) {
  return run(parse_scenario(text_of(parts), "x.json"), options);
}

const measure::Meter& meter(const Run& run, const std::string& name) {
  const measure::Meter* const found = run.meters->find(name);
  EXPECT_NE(found, nullptr) << name << " was never called";
  static const measure::Meter none;
  return found == nullptr ? none : *found;
}

/// What holds in every run.
void expect_conservation(const Run& run) {
  std::uint64_t attempts = 0;
  std::uint64_t calls = 0;
  for (const api::Operation* operation : all_operations()) {
    const measure::Meter* const found = run.metrics->meter(*operation);
    if (found == nullptr) continue;
    EXPECT_EQ(found->attempts.total(), found->accepted.total() + found->throttled.total())
        << to_text(*operation);
    EXPECT_EQ(found->attempts.total(), found->ok + found->throttled.total() + found->errors)
        << to_text(*operation);
    attempts += found->attempts.total();
    calls += found->calls.total();
  }
  EXPECT_EQ(attempts, run.world->world.journal().total());
  const sim::Delivery& delivery = run.result.delivery;
  EXPECT_EQ(delivery.delivered, delivery.processed + delivery.dead_lettered + delivery.unserved);
  EXPECT_GE(delivery.looks, delivery.processed);
  EXPECT_EQ(run.result.queue.messages, run.result.queue.deleted + run.result.queue.dead_lettered);
  EXPECT_EQ(run.result.queue.receives, run.result.queue.redelivered + run.result.queue.messages);
  // A killed invocation leaves its last event with some detections unasked, and its last call perhaps unsent.
  const bool killed = run.result.fleet.timed_out > 0;
  std::uint64_t begun = 0;
  for (const sim::Outcomes& outcomes : run.result.detections) {
    EXPECT_LE(outcomes.events, delivery.looks) << outcomes.detection;
    if (!killed) {
      EXPECT_EQ(outcomes.events, delivery.looks) << outcomes.detection;
    }
    EXPECT_EQ(outcomes.matches,
              outcomes.intact + outcomes.degraded + outcomes.skipped + outcomes.without_context)
        << outcomes.detection;
    EXPECT_LE(outcomes.matches + outcomes.missed + outcomes.duplicates, outcomes.events)
        << outcomes.detection;
    EXPECT_LE(outcomes.alerts, outcomes.matches) << outcomes.detection;
    begun += outcomes.logical_calls;
  }
  EXPECT_GE(begun, calls);
  if (!killed) {
    EXPECT_EQ(begun, calls);
  }
  EXPECT_GE(run.result.end, run.result.last_arrival);
}

/// The first event that a detection lost, and in how many ways it lost any.
std::pair<std::uint64_t, std::size_t> first_loss(const Run& run, std::size_t detection) {
  std::pair<std::uint64_t, std::size_t> out{};
  for (const sim::LossRow& row : run.result.losses.rows()) {
    if (row.detection != detection) continue;
    if (out.second++ == 0) out.first = row.first_event;
  }
  return out;
}

std::string json_of(const Run& run) {
  const Run* const shown = &run;
  return report::json({&shown, 1});
}

std::string text_report_of(const Run& run) {
  const Run* const shown = &run;
  return report::text({&shown, 1});
}

// ---- The two scenarios of the README, scaled down ----

TEST(NaiveEnrichment, MakesThreeCallsForExactlyHalfOfTheEvents) {
  const auto done = run_shipped("naive-enrichment");
  EXPECT_EQ(done->result.delivery.delivered, events);
  EXPECT_EQ(meter(*done, "sts:AssumeRole").calls.total(), events / 2);
  EXPECT_EQ(meter(*done, "secretsmanager:GetSecretValue").calls.total(), events / 2);
  EXPECT_EQ(meter(*done, "virustotal:ip_addresses").calls.total(), events / 2);
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  EXPECT_EQ(outcomes.logical_calls, events * 3 / 2);
  // Whoever got no answer from VirusTotal judged nothing; the others alert, with their context.
  const measure::Meter& virustotal = meter(*done, "virustotal");
  EXPECT_EQ(outcomes.missed, virustotal.throttled.total() + virustotal.errors);
  EXPECT_EQ(outcomes.intact, virustotal.ok);
  EXPECT_EQ(outcomes.degraded, 0U);
  EXPECT_EQ(outcomes.matches + outcomes.missed, events / 2);
  EXPECT_EQ(virustotal.amplification(), (Ratio{1, 1})) << "requests does not retry";
  // 4 in any 60 s of an hour: 240, and 4 more where the hour's last answers come after it.
  EXPECT_GE(virustotal.accepted.total(), 236U);
  EXPECT_LE(virustotal.accepted.total(), 244U);
  expect_conservation(*done);
}

TEST(NaiveEnrichment, BreaksItsBudgets) {
  const auto done = run_shipped("naive-enrichment");
  EXPECT_FALSE(done->budgets_hold());
  std::vector<bool> hold;
  for (const JudgedBudget& budget : done->budgets) hold.push_back(budget.verdict.holds);
  // Scaled down fiftyfold, STS and Secrets Manager are within theirs; the public key is not.
  EXPECT_THAT(hold, ElementsAre(true, true, false, false));
}

TEST(AlertContextOnly, MakesThreeCallsForExactlyTwoPercentOfTheEvents) {
  const auto done = run_shipped("alert-context-only");
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  EXPECT_EQ(outcomes.events, events);
  EXPECT_EQ(outcomes.matches, events / 50);
  EXPECT_EQ(outcomes.missed, 0U);
  EXPECT_EQ(outcomes.logical_calls, events / 50 * 3);
  EXPECT_EQ(meter(*done, "sts:AssumeRole").calls.total(), events / 50);
  EXPECT_EQ(meter(*done, "secretsmanager:GetSecretValue").calls.total(), events / 50);
  const measure::Meter& virustotal = meter(*done, "virustotal:ip_addresses");
  EXPECT_EQ(virustotal.calls.total(), events / 50);
  EXPECT_EQ(outcomes.intact, virustotal.ok);
  EXPECT_EQ(outcomes.degraded, virustotal.throttled.total() + virustotal.errors);
  EXPECT_TRUE(done->budgets_hold());
  expect_conservation(*done);
}

class Shipped : public ::testing::TestWithParam<const char*> {};

TEST_P(Shipped, GiveTheSameBytesTwice) {
  const auto first = run_shipped(GetParam());
  const auto second = run_shipped(GetParam());
  EXPECT_EQ(first->digest, second->digest);
  EXPECT_EQ(json_of(*first), json_of(*second));
  EXPECT_EQ(text_report_of(*first), text_report_of(*second));
}

TEST_P(Shipped, HangOnTheSeed) {
  const auto first = run_shipped(GetParam());
  const auto second = run_shipped(GetParam(), {.seed = 8, .events = events});
  EXPECT_NE(first->digest, second->digest);
  EXPECT_EQ(first->result.detections[0].logical_calls, second->result.detections[0].logical_calls)
      << "who is eligible changes, how many does not";
}

TEST_P(Shipped, AreExactForAnyNumberOfEvents) {
  for (const std::uint64_t number : {1ULL, 2ULL, 49ULL, 50ULL, 51ULL, 999ULL}) {
    const Scenario scenario =
        load_scenario("scenarios/" + std::string{GetParam()} + ".json", {.events = number});
    const std::uint64_t eligible = scenario.detections[0].match.share->of(number);
    const auto done = run(scenario);
    EXPECT_EQ(done->result.delivery.delivered, number);
    EXPECT_EQ(done->result.detections[0].logical_calls, 3 * eligible) << number << " events";
    expect_conservation(*done);
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Shipped, ::testing::Values("naive-enrichment", "alert-context-only"));

// ---- Every scenario that is shipped ----

/// What has rules in Python is run by tests/panther.
bool is_native(const std::filesystem::path& file) {
  const Scenario scenario = load_scenario(file.string());
  return std::none_of(scenario.detections.begin(), scenario.detections.end(),
                      [](const DetectionPlan& detection) { return detection.panther.has_value(); });
}

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{"scenarios"}) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() == ".json" && path.stem().extension() != ".schema" && path.stem() != "schema" &&
        is_native(path)) {
      names.push_back(path.stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// With so many events where they are synthetic, with a short history where they are not.
Scenario short_scenario(const std::string& name, std::uint64_t number) {
  const std::string file = "scenarios/" + name + ".json";
  Scenario scenario = load_scenario(file);
  if (!scenario.secret_readers) return load_scenario(file, {.events = number});
  scenario.secret_readers->history = 24h;
  return scenario;
}

class EveryScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryScenario, ConservesEventsMessagesCallsAndMatches) {
  const auto done = run(short_scenario(GetParam(), 40'000));
  expect_conservation(*done);
  EXPECT_GE(done->result.delivery.delivered, done->scenario.events);
  EXPECT_GT(done->result.delivery.delivered, 0U);
}

TEST_P(EveryScenario, RepeatsToTheByte) {
  const auto first = run(short_scenario(GetParam(), 5'000));
  const auto second = run(short_scenario(GetParam(), 5'000));
  EXPECT_EQ(json_of(*first), json_of(*second));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EveryScenario, ::testing::ValuesIn(shipped_names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

// ---- Overload, faults and shut gates ----

TEST(ScenarioRun, RetriesWhatIsThrottledAndConservesEveryAttempt) {
  const auto done = run_of({.traffic = all_public, .world = R"({"sts": {"requests": {"limit_per_second": 10}},
      "virustotal": {"key": {"minute": 1000000}}, "latency": {"sts": "50ms"}, "retry": {"sts": "legacy"}})"});
  const measure::Meter& sts = meter(*done, "sts");
  EXPECT_EQ(sts.calls.total(), 1'000U);
  EXPECT_GT(sts.throttled.total(), 0U);
  EXPECT_GT(sts.attempts.total(), sts.calls.total());
  EXPECT_LE(sts.attempts.total(), 5 * sts.calls.total()) << "legacy makes five attempts at most";
  EXPECT_LE(sts.accepted.peak(0).count, 10U);
  EXPECT_EQ(sts.ok, meter(*done, "secretsmanager").calls.total())
      << "who was refused in the end went no further";
  EXPECT_EQ(done->metrics->pressures(api::operation_of<api::sts::AssumeRole>)[0].peak,
            sts.attempts.peak(0).count);
  EXPECT_THAT(done->result.losses.rows().at(0).first_error, HasSubstr("Throttling"));
  expect_conservation(*done);
}

TEST(ScenarioRun, MakesEventsWaitForASmallFleet) {
  const auto done = run_of({.world = R"({"latency": {"sts": "1s"}})", .workers = "2"});
  // 1,000 of 2,000 events take a second each of two workers, the first some of the 30 ms between events after
  // the start.
  EXPECT_GE(done->result.end - done->scenario.start, 500s);
  EXPECT_LT(done->result.end - done->scenario.start, 501s);
  EXPECT_GT(done->result.waiting.max, 400s);
  EXPECT_EQ(done->result.waiting.events, 2'000U);
  expect_conservation(*done);
}

TEST(ScenarioRun, InjectsFaults) {
  const auto done = run_of({.traffic = all_public, .world = R"({"virustotal": {"key": {"minute": 100000}},
      "faults": [{"service": "virustotal", "answer": "unavailable", "from": "30s", "for": "15s"}]})"});
  // Direct and without latencies, an event's calls are at its arrival: 2,000 constant in 60 s, half of them
  // eligible.
  const measure::Meter& virustotal = meter(*done, "virustotal");
  EXPECT_EQ(virustotal.throttled.total(), 0U);
  EXPECT_NEAR(static_cast<double>(virustotal.errors), 250.0, 40.0);
  EXPECT_EQ(done->result.detections[0].missed, virustotal.errors);
  expect_conservation(*done);
}

struct Gate {
  const char* name;
  const char* world;
  const char* refused;
};

class Gates : public ::testing::TestWithParam<Gate> {};

TEST_P(Gates, EachRefusesEveryEvent) {
  const auto done = run_of({.world = GetParam().world});
  EXPECT_EQ(done->result.detections[0].missed, 1'000U);
  EXPECT_EQ(meter(*done, GetParam().refused).errors, 1'000U);
  EXPECT_EQ(meter(*done, GetParam().refused).ok, 0U);
  EXPECT_EQ(done->meters->find("virustotal"), nullptr);
  EXPECT_THAT(done->result.losses.rows().at(0).first_error, HasSubstr("AccessDenied"));
  expect_conservation(*done);
}

INSTANTIATE_TEST_SUITE_P(Shut, Gates,
                         ::testing::Values(Gate{"Registration", R"({"registered": false})", "sts"},
                                           Gate{"Trust", R"({"trusts_engine": false})", "sts"},
                                           Gate{"Policy", R"({"policy_covers_secret": false})",
                                                "secretsmanager"}),
                         [](const auto& test) { return std::string{test.param.name}; });

// ---- Several detections ----

TEST(ScenarioRun, GivesADetectionTheSameEventsBesideOthers) {
  const std::string world =
      R"({"virustotal": {"key": {"minute": 1000000}}, "latency": {"virustotal": "100ms"}})";
  const std::string one = R"({"name": "one", "strategy": "alert_context_only", "match": {"share": 0.1}})";
  const std::string two = R"({"name": "two", "strategy": "call_in_rule", "match": {"share": 0.3}})";
  const auto alone = run_of({.traffic = all_public, .detections = "[" + one + "]", .world = world});
  const auto beside =
      run_of({.traffic = all_public, .detections = "[" + two + ", " + one + "]", .world = world});
  EXPECT_EQ(alone->result.detections[0].matches, 200U);
  EXPECT_EQ(beside->result.detections[1].detection, "one");
  EXPECT_EQ(beside->result.detections[1].matches, 200U);
  EXPECT_EQ(beside->result.detections[0].matches, 600U);
  EXPECT_EQ(beside->result.detections[1].intact, alone->result.detections[0].intact);
  EXPECT_EQ(first_loss(*beside, 1), first_loss(*alone, 0));
  expect_conservation(*beside);
}

TEST(ScenarioRun, MatchesEventNames) {
  const auto done =
      run_of({.traffic = R"({"events": 2000, "event_names": {"GetSecretValue": 1, "AssumeRole": 3}})",
              .detections = R"([{"name": "r", "strategy": "alert_context_only",
                                               "match": {"event_names": ["GetSecretValue"]}}])"});
  EXPECT_NEAR(static_cast<double>(done->result.detections[0].matches), 500.0, 80.0);
  expect_conservation(*done);
}

// ---- Budgets ----

std::string refusal_of(const Parts& parts) {
  try {
    static_cast<void>(run_of(parts));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ScenarioRun, RefusesABudgetThatItCannotJudgeBeforeItRuns) {
  EXPECT_THAT(
      refusal_of({.budgets = R"(["sts.AssumeRoll.throttled == 0"])"}),
      HasSubstr(
          R"(at /budgets/0: expected a known selector, saw "AssumeRoll"; did you mean "sts.AssumeRole.throttled.total")"));
  EXPECT_THAT(
      refusal_of({.budgets = R"([{"expr": "sts.attempts.per_minute.max <= 50% of limit"}])"}),
      HasSubstr(
          "at /budgets/0/expr: expected a plain number: no limit applies to sts.attempts.per_minute.max"));
  EXPECT_THAT(refusal_of({.budgets = R"(["detections.missed <= 1% of limit"])"}),
              HasSubstr("no limit applies to detections.missed.total"));

  bool begun = false;
  const RunOptions options{.progress = [&](std::uint64_t) { begun = true; }, .progress_events = 1};
  EXPECT_THROW(static_cast<void>(run_of({.budgets = R"(["s3.calls == 0"])"}, options)), InputError);
  EXPECT_FALSE(begun);
}

TEST(ScenarioRun, JudgesBudgetsByWhatItMeasured) {
  const auto done =
      run_of({.budgets = R"(["detections.events == 2000", "sts.calls == 1000", "sts.calls < 1000",
      "virustotal.attempts.per_minute.max <= 100% of limit", "secretsmanager.DescribeSecret.calls == 0",
      {"expr": "secretsmanager.DescribeSecret.calls == 0", "allow_empty": true}])"});
  std::vector<bool> hold;
  for (const JudgedBudget& budget : done->budgets) hold.push_back(budget.verdict.holds);
  EXPECT_THAT(hold, ElementsAre(true, true, false, false, false, true));
  EXPECT_TRUE(done->budgets[4].verdict.never_called);
  EXPECT_FALSE(done->budgets_hold());
}

// ---- The way to the fakes, and progress ----

TEST(ScenarioRun, GoesThroughTheEndpointItIsGiven) {
  struct Counting final : api::Endpoint {
    Counting(fakes::World& to, const Clock& time, std::uint64_t& counter)
        : world(to), clock(time), count(counter) {}
    bool perform(const api::Exchange& exchange, Instant now) override {
      ++count;
      EXPECT_EQ(now, clock.now());
      return world.perform(exchange, now);
    }
    fakes::World& world;
    const Clock& clock;
    std::uint64_t& count;
  };
  std::uint64_t count = 0;
  const RunOptions options{
      .make_endpoint = [&](fakes::World& world, Clock& clock) -> std::unique_ptr<api::Endpoint> {
        return std::make_unique<Counting>(world, clock, count);
      },
      .transport = "counting"};
  const auto through = run_of({}, options);
  const auto direct = run_of({});
  EXPECT_EQ(through->transport, "counting");
  EXPECT_EQ(count, through->world->world.journal().total());
  EXPECT_EQ(through->digest, direct->digest);
  EXPECT_EQ(json_of(*through), json_of(*direct)) << "what a report says does not hang on the transport";
}

TEST(ScenarioRun, ChargesEachRegionOfAnAccountApart) {
  // Two customers in one account, 60 reads a second for both, and their secrets in two Regions.
  const auto first =
      run_of({.detections =
                  R"([{"name": "home", "strategy": "call_in_rule", "match": {"share": 1}, "customer": "home"},
                         {"name": "away", "strategy": "call_in_rule", "match": {"share": 1}, "customer": "away"}])",
              .world = R"({"secretsmanager": {"secret-read": {"limit_per_second": 60}},
                    "customers": [{"name": "home", "account": "444455556666"},
                                  {"name": "away", "account": "444455556666", "region": "eu-west-1",
                                   "role": "away", "secret": "away"}]})"});
  const Names& names = first->world->world.ledger.names();
  std::vector<std::string> charged;
  for (const measure::Charge& charge : first->meters->charges()) {
    if (charge.rows.front().service != "secretsmanager") continue;
    charged.emplace_back(names.text(charge.account));
    EXPECT_GT(charge.attempts.total(), 500U) << charged.back();
  }
  EXPECT_THAT(charged, ::testing::UnorderedElementsAre("444455556666", "444455556666/eu-west-1"));
  // 33 reads a second of each on average, which one bucket for both would refuse in part.
  const measure::Meter& reads = meter(*first, "secretsmanager:GetSecretValue");
  EXPECT_EQ(reads.throttled.total(), 0U);
}

TEST(ScenarioRun, ReportsProgress) {
  std::vector<std::uint64_t> seen;
  static_cast<void>(
      run_of({}, {.progress = [&](std::uint64_t done) { seen.push_back(done); }, .progress_events = 500}));
  EXPECT_THAT(seen, ElementsAre(500, 1'000, 1'500, 2'000));
}

// ---- Recorded events ----

class RecordedRun : public ::testing::Test {
 protected:
  RecordedRun() { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  /// A scenario beside a file with these lines.
  std::unique_ptr<scenario::Run> replay(const std::string& lines, const std::string& more = "") {
    std::ofstream{folder / "events.ndjson"} << lines;
    const std::string text = text_of(
        {.traffic = R"({"recorded": ["events.ndjson"])" + more + "}",
         .detections =
             R"([{"name": "r", "strategy": "call_in_rule", "match": {"event_names": ["GetSecretValue"]}}])",
         .world = R"({"latency": {"sts": "5s"}})"});
    return run(parse_scenario(text, (folder / "x.json").string()));
  }
  static std::string record(std::string_view time, std::string_view name) {
    return R"({"eventTime": ")" + std::string{time} + R"(", "eventName": ")" + std::string{name} +
           R"(", "sourceIPAddress": "8.8.8.8"})" + "\n";
  }

  std::filesystem::path folder =
      std::filesystem::path{::testing::TempDir()} /
      ("rushhour_run_" + std::string{::testing::UnitTest::GetInstance()->current_test_info()->name()});
};

TEST_F(RecordedRun, ReplaysFromTheStart) {
  const auto done = replay(record("2023-07-10T11:00:00Z", "GetSecretValue") +
                           record("2023-07-10T11:00:30Z", "ListBuckets") +
                           record("2023-07-10T12:00:00Z", "GetSecretValue"));
  EXPECT_EQ(done->result.delivery.delivered, 3U);
  EXPECT_EQ(done->result.first_arrival, done->scenario.start);
  EXPECT_EQ(done->result.last_arrival, done->scenario.start + 1h);
  EXPECT_EQ(done->result.detections[0].intact, 2U);
  EXPECT_EQ(meter(*done, "virustotal:ip_addresses").ok, 2U);
  EXPECT_EQ(done->damaged_records, 0U);
  expect_conservation(*done);
}

TEST_F(RecordedRun, CountsDamage) {
  const auto done = replay(record("2023-07-10T11:00:00Z", "GetSecretValue") + "{\"eventTime\": \"soon\"}\n" +
                           record("2023-07-10T11:00:01Z", "GetSecretValue"));
  EXPECT_EQ(done->result.delivery.delivered, 2U);
  EXPECT_EQ(done->damaged_records, 1U);
  ASSERT_THAT(done->damages, SizeIs(1));
  EXPECT_THAT(done->damages[0].file, HasSubstr("events.ndjson"));
}

TEST_F(RecordedRun, EndsAtDamageThatIsFatalAndDoesNotTakeItForARuleError) {
  // At the second event every other worker is idle, so the damage is met while its detection waits for STS.
  try {
    static_cast<void>(replay(
        record("2023-07-10T11:00:00Z", "ListBuckets") + record("2023-07-10T11:00:01Z", "GetSecretValue") +
            "{\"eventTime\": \"soon\"}\n" + record("2023-07-10T11:00:02Z", "GetSecretValue"),
        R"(, "on_damage": "fatal")"));
    FAIL() << "the damage passed unseen";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("events.ndjson"));
    EXPECT_THAT(error.what(), HasSubstr("soon"));
  }
}

// ---- STS's endpoints ----

/// Whom STS charged in a run: `111122223333`.
std::vector<std::string> charged_by_sts(const Run& run) {
  std::vector<std::string> out;
  for (const measure::Charge& charge : run.meters->charges()) {
    const bool is_sts = std::any_of(charge.rows.begin(), charge.rows.end(),
                                    [](const limit::Profile& row) { return row.service == "sts"; });
    if (is_sts) out.emplace_back(run.world->world.ledger.names().text(charge.account));
  }
  return out;
}
std::string endpoint_assumed(const Run& run) {
  for (const Assumption& each : assumptions(run)) {
    if (each.name == "sts.endpoint") return each.value + " " + each.tag;
  }
  return "none";
}

TEST(StsEndpoints, HaveQuotasOfTheirOwn) {
  const auto regional = run_of({.world = R"({"sts": {"requests": {"limit_per_second": 5}}})"});
  EXPECT_THAT(charged_by_sts(*regional), ElementsAre("111122223333"));
  EXPECT_EQ(endpoint_assumed(*regional), "regional CHOICE");
  const auto global =
      run_of({.world = R"({"sts": {"endpoint": "global", "requests": {"limit_per_second": 5}}})"});
  EXPECT_THAT(charged_by_sts(*global), ElementsAre("111122223333/aws-global"));
  EXPECT_EQ(endpoint_assumed(*global), "global user");
  expect_conservation(*global);
  // One client knows one endpoint, and both quotas are alike.
  EXPECT_EQ(meter(*global, "sts:AssumeRole").throttled.total(),
            meter(*regional, "sts:AssumeRole").throttled.total());
  EXPECT_GT(meter(*global, "sts:AssumeRole").throttled.total(), 0U);
}

TEST(BatchedReads, AreToldOfWhereTheyCount) {
  const auto plain = run_of({});
  const auto counted = run_of({.world = R"({"secretsmanager": {"batch_counts_secrets": true}})"});
  const auto told = [](const scenario::Run& made) {
    const auto all = assumptions(made);
    return std::any_of(all.begin(), all.end(), [](const Assumption& each) {
      return each.name == "world.secretsmanager.batch_counts_secrets" && each.value == "true" &&
             each.tag == "user";
    });
  };
  EXPECT_FALSE(told(*plain)) << "nothing is batched";
  EXPECT_TRUE(told(*counted));
  EXPECT_TRUE(counted->world->world.secretsmanager.options.batch_counts_secrets);
}

}  // namespace
}  // namespace rushhour::scenario
