// What the shipped scenarios claim in their comments, at a scale at which a test may run them: a tenth of the
// events on a tenth of the limit, or a tenth of the hour. Edits are made in the scenario's own text.

#include <rushhour/scenario/run.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/report/json.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Replaces every occurrence of one text by another; there is at least one.
struct Edit {
  std::string_view from{};
  std::string to{};
};

std::string edited(std::string text, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    std::size_t at = text.find(edit.from);
    EXPECT_NE(at, std::string::npos) << "the scenario no longer says " << edit.from;
    for (; at != std::string::npos; at = text.find(edit.from, at + edit.to.size())) {
      text.replace(at, edit.from.size(), edit.to);
    }
  }
  return text;
}

std::string shipped_text(const std::string& name) {
  std::ifstream file{"scenarios/" + name + ".json"};
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>{file}, {}};
}

Scenario shipped(const std::string& name, const std::vector<Edit>& edits = {},
                 const Overrides& overrides = {}) {
  return parse_scenario(edited(shipped_text(name), edits), "scenarios/" + name + ".json", overrides);
}
std::unique_ptr<Run> run_shipped(const std::string& name, const std::vector<Edit>& edits = {},
                                 const Overrides& overrides = {}) {
  return run(shipped(name, edits, overrides));
}

const measure::Meter& meter(const Run& run, std::string_view name, measure::Part part = {}) {
  const measure::Meter* const found = run.meters->find(name, part);
  EXPECT_NE(found, nullptr) << name << " was never called";
  static const measure::Meter none;
  return found == nullptr ? none : *found;
}

/// How many events concern the detection: all that it could match.
std::uint64_t eligible(const Run& run, std::size_t detection = 0) {
  if (run.feedback) return run.feedback->matching_events;
  return run.scenario.detections.at(detection).match.share->of(run.scenario.events);
}

/// Every event, message and attempt ends once; so does every detection that was due.
void expect_conservation(const Run& run) {
  const sim::Delivery& delivery = run.result.delivery;
  EXPECT_EQ(delivery.delivered, delivery.processed + delivery.dead_lettered + delivery.unserved);
  EXPECT_EQ(run.result.queue.messages, run.result.queue.deleted + run.result.queue.dead_lettered);
  std::uint64_t attempts = 0;
  for (const api::Operation* operation : all_operations()) {
    const measure::Meter* const found = run.metrics->meter(*operation);
    if (found == nullptr) continue;
    EXPECT_EQ(found->attempts.total(), found->ok + found->throttled.total() + found->errors);
    attempts += found->attempts.total();
  }
  EXPECT_EQ(attempts, run.world->world.journal().total());
  for (std::size_t i = 0; i < run.result.detections.size(); ++i) {
    const sim::Outcomes& outcomes = run.result.detections[i];
    EXPECT_EQ(outcomes.matches + outcomes.missed + outcomes.lost, eligible(run, i)) << outcomes.detection;
  }
}

/// `dead_lettered virustotal:ip_addresses timeout 42`, one for each row of the ledger.
std::vector<std::string> losses_of(const Run& run) {
  std::vector<std::string> out;
  for (const sim::LossRow& row : run.result.losses.rows()) {
    const std::string operation = row.cause.operation == nullptr ? "-" : api::to_text(*row.cause.operation);
    out.push_back(std::string{to_text(row.kind)} + " " + operation + " " +
                  std::string{to_text(row.cause.outcome)} + " " + std::to_string(row.count));
  }
  return out;
}

std::vector<bool> budgets_of(const Run& run) {
  std::vector<bool> hold;
  for (const JudgedBudget& budget : run.budgets) hold.push_back(budget.verdict.holds);
  return hold;
}

std::string json_of(const Run& run) {
  const Run* const shown = &run;
  return report::json({&shown, 1});
}

// ---- retry-storm ----

/// A retry storm among so many events, of the shipped million: the limit shrinks with them, so that all that
/// differs is how many invocations there are.
struct Storm {
  const char* retry{"\"legacy\""};  ///< of the AWS clients, as JSON
  const char* clients{"memoised"};
  std::uint64_t events{100'000};
};
std::unique_ptr<Run> run_storm(const Storm& storm) {
  const std::string limit = std::to_string(storm.events * 150 / 1'000'000);
  return run_shipped("retry-storm",
                     {{"\"sts\": \"legacy\"", "\"sts\": " + std::string{storm.retry}},
                      {"\"secretsmanager\": \"legacy\"", "\"secretsmanager\": " + std::string{storm.retry}},
                      {"\"memoised\"", "\"" + std::string{storm.clients} + "\""},
                      {"\"limit_per_second\": 150, \"burst\": 150",
                       "\"limit_per_second\": " + limit + ", \"burst\": " + limit}},
                     {.events = storm.events});
}

/// From the end of the trigger to the last trouble.
Duration recovery_of(const Run& run) {
  const Instant end = run.scenario.trigger->from + run.scenario.trigger->lasting;
  return run.metrics->last_trouble().value_or(end) - end;
}

struct StormRow {
  const char* name;
  Storm storm;
  bool recovers;
  std::int64_t recovery_ns;
  std::uint64_t dead_lettered;  ///< events
  std::uint64_t missed;         ///< detections, of the 50,000 that are due
  std::uint64_t lost;           ///< likewise, with the dead letters
  std::uint64_t timed_out;      ///< invocations
};
void PrintTo(const StormRow& row, std::ostream* out) { *out << row.name; }

// No policy gets all of them judged. Those that go on trying lose three quarters of the events: their
// invocations die, and what 10 receives have not processed is given up, which is how the storm ends. Those
// that give up early miss half of the detections, and are out of it in minutes. The two standards differ
// only after what is no throttling, so here they do not.
constexpr StormRow storm_rows[] = {
    {"None", {"\"none\""}, true, 271'974'725'993, 0, 26'797, 0, 0},
    {"Legacy", {"\"legacy\""}, false, 9'695'989'583'202, 71'524, 155, 35'832, 159},
    {"Standard", {"\"standard\""}, true, 472'970'849'520, 0, 24'567, 0, 0},
    {"Standard2026", {"\"standard-2026\""}, true, 472'970'849'520, 0, 24'567, 0, 0},
    {"Adaptive", {"\"adaptive\""}, false, 9'695'908'975'705, 71'524, 671, 35'832, 159},
    {"StandardPerCall", {"\"standard\"", "per_call"}, false, 9'676'964'944'728, 71'524, 1'574, 35'832, 159},
};

class RetryStorm : public ::testing::TestWithParam<StormRow> {};

TEST_P(RetryStorm, EndsAsTheTableSays) {
  const StormRow& row = GetParam();
  const auto done = run_storm(row.storm);
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  EXPECT_EQ(done->metrics->recovered(), row.recovers);
  EXPECT_EQ(recovery_of(*done).count(), row.recovery_ns);
  EXPECT_EQ(done->result.delivery.dead_lettered, row.dead_lettered);
  EXPECT_EQ(outcomes.missed, row.missed);
  EXPECT_EQ(outcomes.lost, row.lost);
  EXPECT_EQ(done->result.fleet.timed_out, row.timed_out);
  // The scenario's own budgets say the same: recovered in 15 minutes, nothing given up, and (a warning)
  // missed.
  EXPECT_THAT(budgets_of(*done), ElementsAre(row.recovers, row.recovers, false));
  EXPECT_EQ(meter(*done, "sts").accepted.peak(0).count, 15U) << "the limit is reached, and kept";
  expect_conservation(*done);
}

TEST_P(RetryStorm, IsTheSameOnASecondRun) {
  Storm storm = GetParam().storm;
  storm.events = 40'000;
  const auto first = run_storm(storm);
  const auto second = run_storm(storm);
  EXPECT_EQ(recovery_of(*first), recovery_of(*second));
  EXPECT_EQ(json_of(*first), json_of(*second));
  EXPECT_GT(meter(*first, "sts").throttled.total(), 0U) << "a storm all the same";
}

INSTANTIATE_TEST_SUITE_P(Policies, RetryStorm, ::testing::ValuesIn(storm_rows),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(RetryStormLegacy, KillsInvocationsWhoseBatchesComeBackWholeAndAskAgain) {
  const auto done = run_storm({});
  const sim::FleetCounts& fleet = done->result.fleet;
  const sim::QueueCounts& queue = done->result.queue;
  EXPECT_EQ(fleet.resets, fleet.timed_out) << "each takes its environment with it";
  EXPECT_GT(fleet.timed_out, 0U);
  EXPECT_GE(fleet.cold_starts, fleet.resets) << "whoever comes after it begins anew";
  // A message is given up after 10 receives, and each of its invocations was killed.
  EXPECT_GE(queue.redelivered, 9 * queue.dead_lettered);
  EXPECT_GT(done->result.delivery.looks, 3 * done->result.delivery.delivered);
  EXPECT_GT(meter(*done, "sts").ok, 2 * eligible(*done)) << "what STS granted would have done twice over";
}

TEST(RetryStormStandard, HasAQuotaThatFailsFastWhileItsClientIsKept) {
  const auto kept = run_storm({.retry = "\"standard\""});
  const measure::Meter& sts = meter(*kept, "sts");
  EXPECT_EQ(kept->result.fleet.timed_out, 0U);
  EXPECT_EQ(kept->result.queue.redelivered, 0U);
  // 500 tokens in a container, 5 a retry, 1 back for a call that needs none (spec simulation.md 2).
  EXPECT_LT(sts.wasted(), sts.throttled.total() / 4) << "most refusals are not tried again";
  EXPECT_EQ(kept->result.detections[0].missed, sts.throttled.total() - sts.wasted());
}

TEST(RetryStormStandard, IsLegacyWithThreeAttemptsWhenEachCallMakesItsClient) {
  constexpr std::uint64_t events = 40'000;
  const auto per_call = run_storm({.retry = "\"standard\"", .clients = "per_call", .events = events});
  const auto legacy = run_storm({.retry = R"({"policy": "legacy", "max_attempts": 3})", .events = events});
  const auto kept = run_storm({.retry = "\"standard\"", .events = events});
  EXPECT_EQ(per_call->digest, legacy->digest);
  EXPECT_EQ(recovery_of(*per_call), recovery_of(*legacy));
  EXPECT_FALSE(per_call->metrics->recovered());
  EXPECT_NE(kept->digest, legacy->digest);
  EXPECT_TRUE(kept->metrics->recovered());
}

TEST(RetryStorms, DifferInTheirPoliciesOnly) {
  const auto without_comment = [](const std::string& text) { return text.substr(text.find("{\n")); };
  const std::string legacy = without_comment(shipped_text("retry-storm"));
  for (const char* policy : {"standard", "standard-2026", "adaptive"}) {
    const std::string name = std::string{"retry-storm-"} + policy;
    EXPECT_EQ(edited(legacy, {{"\"legacy\"", "\"" + std::string{policy} + "\""},
                              {"policy legacy", "policy " + std::string{policy}}}),
              without_comment(shipped_text(name)));
  }
}

// ---- virustotal-hangs, virustotal-hangs-saas ----

TEST(VirusTotalHangs, DeadLettersWholeBatchesOfTheOpenEngine) {
  const auto done = run_shipped("virustotal-hangs");
  const sim::FleetCounts& fleet = done->result.fleet;
  const sim::QueueCounts& queue = done->result.queue;
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  EXPECT_THAT(losses_of(*done),
              ElementsAre("dead_lettered virustotal:ip_addresses timeout " + std::to_string(outcomes.lost)));
  EXPECT_EQ(outcomes.missed, 0U) << "nothing ends a rule there";
  EXPECT_GT(outcomes.lost, eligible(*done) / 2);
  // A batch is 10 messages, and each is received 10 times: so many invocations die for it.
  EXPECT_EQ(queue.dead_lettered % 10, 0U);
  EXPECT_EQ(fleet.timed_out, queue.dead_lettered);
  EXPECT_EQ(queue.redelivered, 9 * queue.dead_lettered) << "what was processed was so at once";
  EXPECT_EQ(meter(*done, "virustotal").counts.of(Outcome::timeout), fleet.timed_out)
      << "one call that hangs is enough";
  expect_conservation(*done);
}

TEST(VirusTotalHangs, DiesAfterFifteenMinutesAndComesBackToDieAgain) {
  const auto done = run_shipped("virustotal-hangs");
  const sim::FleetCounts& fleet = done->result.fleet;
  // Each dead invocation is billed for its 900 s; all others together are not two hours.
  EXPECT_GT(fleet.billed_ms, fleet.timed_out * 900'000);
  EXPECT_LT(fleet.billed_ms, fleet.timed_out * 902'000 + 7'200'000);
  // 10 receives, 960 s apart: window, timeout and 30 s.
  EXPECT_GE(done->result.queue.age_max, 9 * 960s + 930s);
}

TEST(VirusTotalHangsSaas, EndsEachRuleAfterFifteenSeconds) {
  Scenario scenario = shipped("virustotal-hangs-saas", {}, {.events = 100'000});
  scenario.world.world.journal_capacity = 1'000'000;
  const auto done = run(std::move(scenario));
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  EXPECT_THAT(losses_of(*done),
              ElementsAre("missed virustotal:ip_addresses timeout " + std::to_string(outcomes.missed)));
  EXPECT_THAT(done->result.losses.rows().at(0).first_error, HasSubstr("longer than 15s"));
  EXPECT_EQ(meter(*done, "virustotal").counts.of(Outcome::timeout), outcomes.missed);
  EXPECT_EQ(done->result.delivery.dead_lettered, 0U);
  // From the rule's first call to its end.
  std::map<std::uint64_t, Instant> begin;
  const Name assume_role = *done->world->world.ledger.names().find("sts:AssumeRole");
  for (const Call& call : done->world->world.journal().calls()) {
    if (call.operation == assume_role) begin[call.event] = call.at;
  }
  std::vector<Duration> lasted;
  for (const sim::LossEntry& loss : done->result.losses.entries()) {
    lasted.push_back(loss.at - begin.at(loss.event));
  }
  EXPECT_THAT(lasted, SizeIs(std::min<std::size_t>(outcomes.missed, sim::Losses::entries_max)));
  EXPECT_THAT(lasted, Each(Duration{15s}));
  expect_conservation(*done);
}

TEST(VirusTotalHangsSaas, StillLosesABatchInWhichSixtyRulesWait) {
  const auto done = run_shipped("virustotal-hangs-saas");
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  // 60 times 15 s are the 900 s of an invocation: at a million events an hour some batches hold so many.
  EXPECT_THAT(losses_of(*done),
              ElementsAre("missed virustotal:ip_addresses timeout " + std::to_string(outcomes.missed),
                          "dead_lettered virustotal:ip_addresses timeout " + std::to_string(outcomes.lost)));
  EXPECT_GT(outcomes.missed, 4 * outcomes.lost);
  EXPECT_EQ(done->result.queue.dead_lettered % 10, 0U);
  EXPECT_EQ(done->result.fleet.timed_out, done->result.queue.dead_lettered);
  expect_conservation(*done);
}

// ---- self-inflicted-hour ----

/// All events of the scenario within the first 10 of its 60 minutes, so that the records of one round, a
/// quarter of an hour later, are not mixed with the next, and only whole rounds are delivered.
constexpr std::string_view constant = R"("arrivals": "constant")";
constexpr const char* in_rounds = R"("arrivals": {"burst": {"from": "0s", "for": "10m", "factor": 1000}})";

TEST(SelfInflictedHour, HasAGainOfOneAndSustainsItself) {
  constexpr std::uint64_t events = 200;
  const auto done = run_shipped("self-inflicted-hour", {{constant, in_rounds}}, {.events = events});
  ASSERT_TRUE(done->feedback);
  const fakes::FeedbackCounts& counts = *done->feedback;
  EXPECT_EQ(counts.records_delivered, 3 * events) << "at 15, 30 and 45 minutes, as many as there were";
  EXPECT_EQ(counts.records_matching, 3 * events / 2) << "half of them match";
  EXPECT_EQ(counts.records_of_matching, 2 * counts.matching_events) << "two records for a match";
  EXPECT_EQ(counts.records_not_delivered, events) << "and it would go on";
  const auto gain = done->metrics->find({.service = "feedback", .measure = "gain"});
  ASSERT_TRUE(gain);
  EXPECT_EQ(gain->numerator, 1U);
  EXPECT_EQ(gain->denominator, 1U);
  EXPECT_THAT(budgets_of(*done), ElementsAre(false, true));
  EXPECT_EQ(done->result.delivery.delivered, 4 * events);
  expect_conservation(*done);
}

TEST(SelfInflictedHour, DiesOutWhenOnlyTheEnginesOwnTrailIsSeen) {
  constexpr std::uint64_t events = 4'000;
  const auto done = run_shipped("self-inflicted-hour",
                                {{constant, in_rounds}, {R"(["444455556666"])", R"(["111122223333"])"}},
                                {.events = events});
  const auto gain = done->metrics->find({.service = "feedback", .measure = "gain"});
  ASSERT_TRUE(gain);
  // One record for a match, AssumeRole in the caller's account: half, then a quarter, then an eighth.
  EXPECT_EQ(done->feedback->records_of_matching, done->feedback->matching_events);
  EXPECT_NEAR(gain->to_double(), 0.5, 0.02);
  EXPECT_NEAR(static_cast<double>(done->feedback->records_delivered), events * 0.875, events * 0.03);
  EXPECT_THAT(budgets_of(*done), ElementsAre(true, true));
}

TEST(SelfInflictedHour, IsWithinHalfAPercentOfThatWhenRoundsAreNotWhole) {
  constexpr std::uint64_t events = 100'000;
  const auto done = run_shipped("self-inflicted-hour", {}, {.events = events});
  const auto gain = done->metrics->find({.service = "feedback", .measure = "gain"});
  ASSERT_TRUE(gain);
  EXPECT_NEAR(gain->to_double(), 1.0, 0.005);
  // Each quarter of an hour brings a quarter of them, and what the one before has called: 1, 2, 3 and 4.
  EXPECT_NEAR(static_cast<double>(done->result.delivery.delivered), events * 2.5, events * 0.05);
  expect_conservation(*done);
}

// ---- file-delivery ----

constexpr std::string_view in_files = R"(, "delivery": {"files": {"every": "5m"}})";
/// A tenth of the quota, for a tenth of the events.
std::vector<Edit> a_tenth() {
  return {
      {R"("virustotal": {"key")", R"("sts": {"requests": {"limit_per_second": 60}}, "virustotal": {"key")"}};
}

TEST(FileDelivery, ThrottlesWhatIsNotThrottledWithoutIt) {
  std::vector<Edit> edits = a_tenth();
  const auto files = run_shipped("file-delivery", edits, {.events = 100'000});
  edits.push_back({in_files, ""});
  const auto at_once = run_shipped("file-delivery", edits, {.events = 100'000});
  EXPECT_GT(meter(*files, "sts").throttled.total(), 0U);
  EXPECT_GT(meter(*files, "sts").attempts.peak(0).count, 60U);
  EXPECT_EQ(meter(*at_once, "sts").throttled.total(), 0U);
  EXPECT_LT(meter(*at_once, "sts").attempts.peak(0).count, 60U);
  EXPECT_EQ(meter(*files, "sts").calls.total(), meter(*at_once, "sts").calls.total());
  EXPECT_THAT(budgets_of(*files), ElementsAre(false, true));
  EXPECT_THAT(budgets_of(*at_once), ElementsAre(true, true));
  expect_conservation(*files);
  expect_conservation(*at_once);
}

TEST(FileDelivery, ArrivesOnFiveMinuteMarksMinutesAfterItHappened) {
  const auto done = run_shipped("file-delivery", a_tenth(), {.events = 100'000});
  const Scenario& plan = done->scenario;
  ASSERT_TRUE(plan.files);
  event::traffic::SyntheticCloudTrail base{plan.synthetic, done->world->world.random};
  event::traffic::FileDelivery files{base, *plan.files, done->world->world.random.stream("traffic.files")};
  std::map<Instant, std::uint64_t> waves;
  Duration late_max{};
  for (event::traffic::EventKey key{}; files.next_key(key);) {
    ++waves[key.arrival];
    EXPECT_GE(key.arrival, key.time);
    late_max = std::max(late_max, key.arrival - key.time);
  }
  for (const auto& [mark, count] : waves) {
    EXPECT_EQ(mark.time_since_epoch() % 5min, 0s) << to_iso8601(mark) << ", " << count << " events";
  }
  EXPECT_EQ(waves.begin()->first, done->result.first_arrival);
  EXPECT_EQ(waves.rbegin()->first, done->result.last_arrival);
  EXPECT_GT(late_max, 5min);
  EXPECT_LE(late_max, 10min);
}

TEST(FileDelivery, AsksForMoreThanTheQuotaOfASecondInEachFullWave) {
  Scenario scenario = shipped("file-delivery", a_tenth(), {.events = 100'000});
  scenario.world.world.journal_capacity = 1'000'000;
  const auto done = run(std::move(scenario));
  const Name assume_role = *done->world->world.ledger.names().find("sts:AssumeRole");
  std::map<Instant, std::map<std::int64_t, std::uint64_t>> waves;  // attempts by second
  for (const Call& call : done->world->world.journal().calls()) {
    if (call.operation != assume_role) continue;
    ++waves[call.at - call.at.time_since_epoch() % 5min][call.at.time_since_epoch() / 1s];
  }
  // Lateness spreads the twelve times five minutes over thirteen marks: the first and the last are not full.
  ASSERT_THAT(waves, SizeIs(13));
  for (auto wave = std::next(waves.begin()); wave != std::prev(waves.end()); ++wave) {
    std::uint64_t peak = 0;
    for (const auto& [second, attempts] : wave->second) peak = std::max(peak, attempts);
    EXPECT_GT(peak, 60U) << to_iso8601(wave->first);
  }
}

// ---- cached-credentials, cached-verdicts ----

TEST(CachedCredentials, AsksOnceForEachContainerAndOnceMoreWhenTheyExpire) {
  const auto done = run_shipped("cached-credentials", {}, {.events = 100'000});
  const auto naive = run_shipped("naive-enrichment", {}, {.events = 100'000});
  const detect::CacheCounts& cache = done->result.detections.at(0).strategy.credentials;
  EXPECT_LE(cache.reset, done->result.fleet.concurrency_max) << "the containers that met a match";
  EXPECT_LE(cache.expired, cache.reset) << "the credentials of an hour, renewed 5 minutes before its end";
  EXPECT_EQ(cache.looks(), cache.reset + cache.expired);
  for (const char* service : {"sts", "secretsmanager"}) {
    EXPECT_EQ(meter(*done, service).calls.total(), cache.reset + cache.expired) << service;
    EXPECT_EQ(meter(*naive, service).calls.total(), eligible(*naive)) << service;
  }
  EXPECT_EQ(meter(*done, "virustotal").calls.total(), meter(*naive, "virustotal").calls.total());
  EXPECT_EQ(meter(*done, "virustotal").throttled.total(), meter(*naive, "virustotal").throttled.total());
  EXPECT_THAT(budgets_of(*done), ElementsAre(true, true, false, false));
  expect_conservation(*done);
}

TEST(CachedCredentials, AreAskedForOnceAContainerInHalfAnHour) {
  const auto done = run_shipped("cached-credentials", {{"\"duration\": \"1h\"", "\"duration\": \"30m\""}},
                                {.events = 50'000});
  const detect::CacheCounts& cache = done->result.detections.at(0).strategy.credentials;
  EXPECT_EQ(meter(*done, "sts").calls.total(), cache.reset);
  EXPECT_EQ(cache.expired, 0U);
  EXPECT_GT(cache.reset, 1U);
}

TEST(CachedVerdicts, HoldsAllItsBudgetsAtFullSize) {
  const auto done = run_shipped("cached-verdicts");
  EXPECT_EQ(done->result.delivery.processed, 1'000'000U);
  EXPECT_THAT(budgets_of(*done), Each(true));
  EXPECT_THAT(done->budgets, SizeIs(6));
  const sim::Outcomes& outcomes = done->result.detections.at(0);
  const detect::CacheCounts& verdicts = outcomes.strategy.verdicts;
  EXPECT_EQ(meter(*done, "virustotal").calls.total(), verdicts.misses())
      << "it asks for what it does not know";
  EXPECT_EQ(verdicts.looks(), outcomes.matches - outcomes.skipped) << "it looks for all that is public";
  EXPECT_EQ(outcomes.intact, verdicts.looks());
  const auto ratio =
      done->metrics->find({.service = "cache", .operation = "verdicts", .measure = "hit_ratio"});
  ASSERT_TRUE(ratio);
  EXPECT_EQ(*ratio, (Ratio{verdicts.hits, verdicts.looks()}));
  EXPECT_EQ(verdicts.looks() - ratio->of(verdicts.looks()), meter(*done, "virustotal").calls.total());
  EXPECT_THAT(losses_of(*done), IsEmpty());
  expect_conservation(*done);
}

// ---- naive-enrichment, alert-context-only, and what they become elsewhere ----

TEST(NaiveEnrichment, UnderTheOpenEngineEveryEventIsDeadLettered) {
  // As many events a minute as in the hour, since a minute's events are an object: six minutes of it.
  const auto done = run_shipped("naive-enrichment",
                                {{R"({"workers": 100})", R"({"profile": "panther-oss-1.16"})"},
                                 {"\"duration\": \"1h\"", "\"duration\": \"6m\""}},
                                {.events = 100'000});
  EXPECT_EQ(done->scenario.engine.log_processor.processors, 1U);
  const sim::Delivery& delivery = done->result.delivery;
  EXPECT_EQ(delivery.processed, 0U);
  EXPECT_EQ(delivery.dead_lettered, 100'000U);
  EXPECT_EQ(done->result.fleet.timed_out, done->result.fleet.invocations);
  EXPECT_EQ(done->result.queue.messages, 6U);
  EXPECT_EQ(done->result.queue.receives, 60U);
  EXPECT_EQ(done->result.detections.at(0).alerts, 0U);
  EXPECT_EQ(done->result.detections.at(0).lost, 50'000U);
  expect_conservation(*done);
}

TEST(NaiveEnrichment, ASecretStoredAsKeyAndValueIsRefusedAtEachLookUp) {
  const auto done = run_shipped("naive-enrichment",
                                {{R"("virustotal": {"key": "public"},)",
                                  R"("virustotal": {"key": {"premium": {"minute": 100000}}},
           "customers": [{"name": "a", "account": "444455556666", "secret_format": "key_value"}],)"}},
                                {.events = 20'000});
  EXPECT_THAT(losses_of(*done), ElementsAre("missed virustotal:ip_addresses denied 10000"));
  EXPECT_THAT(done->result.losses.rows().at(0).first_error, HasSubstr("WrongCredentialsError (401)"));
  EXPECT_EQ(meter(*done, "virustotal").counts.of(Outcome::denied), 10'000U);
  EXPECT_EQ(meter(*done, "secretsmanager").ok, 10'000U) << "it is read, and it is no key";
  for (const Call& call : done->world->world.journal().calls()) {
    if (call.outcome == Outcome::denied) {
      EXPECT_EQ(call.status, 401);
    }
  }
  expect_conservation(*done);
}

/// Two detections, each of another customer.
constexpr std::string_view one_detection =
    R"({"name": "secret-read-enriched", "strategy": "call_in_rule", "match": {"share": 0.5}})";
constexpr const char* two_detections =
    R"({"name": "one", "strategy": "call_in_rule", "match": {"share": 0.5}, "customer": "a"},
       {"name": "two", "strategy": "call_in_rule", "match": {"share": 0.5}, "customer": "b"})";
std::unique_ptr<Run> run_two(const std::string& key_of_b) {
  return run_shipped("naive-enrichment",
                     {{one_detection, two_detections},
                      {R"("virustotal": {"key": "public"},)",
                       R"("virustotal": {"keys": [{"name": "k1"}, {"name": "k2"}]},
                          "customers": [{"name": "a", "account": "444455556666", "key": "k1"},
                                        {"name": "b", "account": "777788889999", "key": ")" +
                           key_of_b + R"("}],)"},
                      {"virustotal.attempts", "virustotal{key='k1'}.attempts"}},
                     {.events = 20'000});
}

TEST(NaiveEnrichment, DetectionsThatShareAKeyShareItsQuota) {
  const auto shared = run_two("k1");
  const measure::Meter& key = meter(*shared, "virustotal", {.account = "k1"});
  const measure::Meter& one = meter(*shared, "virustotal", {.detection = "one"});
  const measure::Meter& two = meter(*shared, "virustotal", {.detection = "two"});
  EXPECT_EQ(key.attempts.total(), 20'000U);
  EXPECT_EQ(key.accepted.total(), one.accepted.total() + two.accepted.total());
  EXPECT_GT(one.accepted.total(), 0U);
  EXPECT_GT(two.accepted.total(), 0U);
  EXPECT_EQ(key.accepted.total(), 240U) << "4 in any minute of the hour";
  EXPECT_EQ(shared->meters->find("virustotal", {.account = "k2"}), nullptr);
  expect_conservation(*shared);

  const auto apart = run_two("k2");
  EXPECT_EQ(meter(*apart, "virustotal", {.account = "k1"}).accepted.total(), 240U);
  EXPECT_EQ(meter(*apart, "virustotal", {.account = "k2"}).accepted.total(), 240U);
  expect_conservation(*apart);
}

std::unique_ptr<Run> run_with_key(const std::string& virustotal) {
  return run_shipped("naive-enrichment",
                     {{R"("virustotal": {"key": "public"},)", "\"virustotal\": " + virustotal + ","}},
                     {.events = 20'000});
}

TEST(NaiveEnrichment, OtherUsersOfTheKeyEatIntoItsQuota) {
  const auto alone = run_with_key(R"({"keys": [{"name": "k"}]})");
  const auto beside =
      run_with_key(R"({"keys": [{"name": "k"}], "background": [{"name": "soc", "calls_per_hour": 120}]})");
  const measure::Meter& soc = meter(*beside, "virustotal", {.detection = "background:soc"});
  const measure::Meter& rule = meter(*beside, "virustotal", {.detection = "secret-read-enriched"});
  EXPECT_EQ(soc.attempts.total(), 120U);
  EXPECT_EQ(meter(*alone, "virustotal").accepted.total(), 240U);
  EXPECT_EQ(soc.accepted.total() + rule.accepted.total(), 240U) << "the key has no more for two";
  EXPECT_GT(soc.accepted.total(), 0U);
  EXPECT_LT(beside->result.detections.at(0).intact, alone->result.detections.at(0).intact);
  expect_conservation(*beside);
}

/// Of the day, by the only key.
QuotaUse day_of(const Run& run) {
  for (const QuotaUse& use : run.metrics->quota_uses()) {
    if (!use.limit.calendar_month && use.limit.window == 24h) return use;
  }
  ADD_FAILURE() << "the key has no quota of a day";
  return {};
}

TEST(NaiveEnrichment, ADayThatIsPartlyUsedIsExhaustedEarlier) {
  const auto fresh = run_with_key(R"({"keys": [{"name": "k"}]})");
  const auto used = run_with_key(R"({"keys": [{"name": "k", "used": {"day": 400}}]})");
  EXPECT_FALSE(day_of(*fresh).exhausted) << "240 of 500";
  EXPECT_EQ(day_of(*fresh).used, 240U);
  ASSERT_TRUE(day_of(*used).exhausted);
  EXPECT_EQ(day_of(*used).used, 500U);
  EXPECT_EQ(day_of(*used).windows_exhausted, 1U);
  EXPECT_EQ(meter(*used, "virustotal").accepted.total(), 100U);
  // 4 a minute: the 100th is the last of the 25th.
  const Duration after = *day_of(*used).exhausted - used->scenario.start;
  EXPECT_GT(after, 24min);
  EXPECT_LT(after, 25min);
}

TEST(AlertContextOnly, MakesAsManyContextsAsAlertsWhenAskedForOnceAnAlert) {
  const std::vector<Edit> dedup{
      {R"("match": {"share": 0.02})", R"("match": {"share": 0.02}, "dedup": ["source_ip"])"}};
  std::vector<Edit> once = dedup;
  once.push_back({R"({"workers": 100})", R"({"workers": 100, "alert_context": "per_alert"})"});
  const auto per_match = run_shipped("alert-context-only", dedup, {.events = 100'000});
  const auto per_alert = run_shipped("alert-context-only", once, {.events = 100'000});
  const sim::Outcomes& matched = per_match->result.detections.at(0);
  const sim::Outcomes& alerted = per_alert->result.detections.at(0);
  EXPECT_EQ(alerted.intact + alerted.degraded, alerted.alerts);
  EXPECT_EQ(alerted.without_context, alerted.matches - alerted.alerts);
  EXPECT_EQ(meter(*per_alert, "sts").calls.total(), alerted.alerts);
  EXPECT_EQ(matched.intact + matched.degraded, matched.matches);
  EXPECT_EQ(meter(*per_match, "sts").calls.total(), matched.matches);
  EXPECT_EQ(alerted.matches, matched.matches);
  EXPECT_GT(alerted.alerts, 1U);
  EXPECT_LT(alerted.alerts, alerted.matches);
  expect_conservation(*per_alert);
}

}  // namespace
}  // namespace rushhour::scenario
