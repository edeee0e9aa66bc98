#include <rushhour/scenario/timeline.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/report/json.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Not;

constexpr std::uint64_t events = 5'000;

std::unique_ptr<Run> run_shipped(const std::string& name, bool keep_timeline = true) {
  Overrides overrides;
  if (name != "late-delivery") overrides.events = events;  // that one says itself how many there are
  return run(load_scenario("scenarios/" + name + ".json", overrides), {.keep_timeline = keep_timeline});
}
std::unique_ptr<Run> run_text(const std::string& text) {
  return run(parse_scenario(text, "x.json"), {.keep_timeline = true});
}

std::string report_of(const Run& run) {
  const Run* const pointer = &run;
  return report::json({&pointer, 1});
}

/// Of a curve that is left out: none.
std::vector<std::uint64_t> values(const Run& run, std::string_view name) {
  const measure::Curve* const curve = run.timeline->find(name);
  return curve == nullptr ? std::vector<std::uint64_t>{} : curve->values;
}
std::uint64_t sum(const Run& run, std::string_view name) {
  const std::vector<std::uint64_t> all = values(run, name);
  return std::accumulate(all.begin(), all.end(), std::uint64_t{});
}
std::uint64_t most(const Run& run, std::string_view name) {
  const std::vector<std::uint64_t> all = values(run, name);
  return all.empty() ? 0 : *std::max_element(all.begin(), all.end());
}
std::uint64_t whole_ms(Duration duration) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(duration).count());
}

void expect_calls(const Run& run) {
  for (const std::string service : {"sts", "secretsmanager", "virustotal", "dynamodb"}) {
    SCOPED_TRACE(service);
    const measure::Meter* const found = run.meters->find(service);
    const measure::Meter meter = found == nullptr ? measure::Meter{} : *found;
    EXPECT_EQ(sum(run, service + ".calls"), meter.counts.calls);
    EXPECT_EQ(sum(run, service + ".attempts"), meter.attempts.total());
    EXPECT_EQ(sum(run, service + ".accepted"), meter.accepted.total());
    EXPECT_EQ(sum(run, service + ".throttled"), meter.throttled.total());
    EXPECT_EQ(sum(run, service + ".ok"), meter.ok);
    EXPECT_EQ(sum(run, service + ".errors"), meter.errors);
    if (run.timeline->width == 1s) {
      EXPECT_EQ(most(run, service + ".attempts"), meter.attempts.peak(0).count);
      EXPECT_EQ(most(run, service + ".throttled"), meter.throttled.peak(0).count);
    }
    if (found == nullptr) {
      EXPECT_EQ(run.timeline->find(service + ".tokens"), nullptr) << "never called";
    }
  }
}

void expect_engine(const Run& run) {
  const sim::SimulationResult& result = run.result;
  EXPECT_EQ(sum(run, "events.arrived"), result.delivery.delivered);
  EXPECT_EQ(sum(run, "events.processed"), result.delivery.processed);
  EXPECT_EQ(sum(run, "redeliveries"), result.queue.redelivered);
  EXPECT_EQ(sum(run, "dead_letters"), result.queue.dead_lettered);
  EXPECT_EQ(most(run, "fleet.busy"), result.fleet.concurrency_max);
  EXPECT_EQ(most(run, "wait.max"), whole_ms(result.waiting.max));
  EXPECT_LE(most(run, "lag.mean"), most(run, "lag.max"));
  if (run.scenario.engine.queued) {
    EXPECT_EQ(most(run, "queue.depth"), result.queue.backlog_events_max);
    EXPECT_LE(most(run, "fleet.containers"), result.fleet.cold_starts);
  } else if (!run.scenario.detections.empty()) {
    EXPECT_EQ(most(run, "fleet.containers"), run.scenario.engine.workers);
  }
}

void expect_detections(const Run& run) {
  sim::Outcomes all;
  for (const sim::Outcomes& each : run.result.detections) {
    all.intact += each.intact;
    all.degraded += each.degraded;
    all.skipped += each.skipped;
    all.without_context += each.without_context;
    all.missed += each.missed;
    all.duplicates += each.duplicates;
    all.lost += each.lost;
    all.strategy.add(each.strategy);
  }
  EXPECT_EQ(sum(run, "outcomes.intact"), all.intact);
  EXPECT_EQ(sum(run, "outcomes.degraded"), all.degraded);
  EXPECT_EQ(sum(run, "outcomes.skipped"), all.skipped);
  EXPECT_EQ(sum(run, "outcomes.without_context"), all.without_context);
  EXPECT_EQ(sum(run, "outcomes.missed"), all.missed);
  EXPECT_EQ(sum(run, "outcomes.duplicate"), all.duplicates);
  EXPECT_EQ(sum(run, "outcomes.lost"), all.lost);
  detect::CacheCounts looks = all.strategy.credentials;
  looks.add(all.strategy.secret);
  looks.add(all.strategy.verdicts);
  EXPECT_EQ(sum(run, "cache.hits"), looks.hits);
  EXPECT_EQ(sum(run, "cache.misses"), looks.misses());
  EXPECT_EQ(sum(run, "cache.misses.cold"), looks.cold);
  EXPECT_EQ(sum(run, "cache.misses.expired"), looks.expired);
  EXPECT_EQ(sum(run, "cache.misses.evicted"), looks.evicted);
  EXPECT_EQ(sum(run, "cache.misses.reload"), looks.reload);
  EXPECT_EQ(sum(run, "cache.misses.reset"), looks.reset);
  std::uint64_t alerts = 0;
  std::uint64_t missed = 0;
  for (const RuleResult& rule : run.rules) {
    alerts += rule.score.alerts;
    missed += rule.score.missed();
  }
  EXPECT_EQ(sum(run, "new_terms.alerts"), alerts);
  EXPECT_EQ(sum(run, "new_terms.missed"), missed);
}

// ---- What holds for every scenario. ----

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, SumsOfTheCurvesAreTheTotalsOfTheReport) {
  const auto done = run_shipped(GetParam());
  ASSERT_TRUE(done->timeline);
  expect_calls(*done);
  expect_engine(*done);
  expect_detections(*done);
}

TEST_P(Shipped, CurvesAreOfOneLength) {
  const auto done = run_shipped(GetParam());
  const measure::Timeline& timeline = *done->timeline;
  EXPECT_EQ(timeline.begin, done->scenario.start);
  const Duration length =
      std::max(done->scenario.duration, timeline.width * static_cast<std::int64_t>(timeline.stretches));
  EXPECT_EQ(timeline.width, measure::stretch_width(length));
  EXPECT_LE(timeline.stretches, measure::stretches_max);
  EXPECT_GE(timeline.begin + timeline.width * static_cast<std::int64_t>(timeline.stretches),
            done->result.end);
  for (const measure::Curve& curve : timeline.curves) {
    EXPECT_EQ(curve.values.size(), timeline.stretches) << curve.name;
    EXPECT_FALSE(curve.unit.empty()) << curve.name;
    EXPECT_EQ(timeline.find(curve.name), &curve) << "the only one of this name";
  }
}

TEST_P(Shipped, ATimelineIsTheSameTwiceAndChangesNothingOfTheRun) {
  const auto without = run_shipped(GetParam(), false);
  const auto with = run_shipped(GetParam());
  const auto again = run_shipped(GetParam());
  EXPECT_FALSE(without->timeline);
  EXPECT_EQ(with->timeline, again->timeline);
  EXPECT_EQ(with->digest, without->digest);
  EXPECT_EQ(report_of(*with), report_of(*without));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Shipped,
                         testing::Values("naive-enrichment", "cached-verdicts", "retry-storm",
                                         "late-delivery", "self-inflicted-hour", "virustotal-hangs",
                                         "virustotal-hangs-saas", "first-seen-secret"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// ---- By hand. ----

/// One worker, an event a second, each of which takes 1.2 s.
const std::string one_worker = R"({
  "seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "10s",
  "traffic": {"events": 10,
              "sources": {"private_ipv4": 0, "public_ipv6": 0, "service_name": 0, "missing": 0}},
  "fleet": {"workers": 1},
  "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 1}}],
  "world": {"sts": {"requests": {"limit_per_second": 4}}, "virustotal": {"key": {"premium": {"minute": 60, "day": 100}}},
            "latency": {"sts": "400ms", "secretsmanager": "400ms", "virustotal": "400ms"}},
  "budgets": []})";

TEST(Timeline, OfOneWorkerIsAsItIsByHand) {
  const auto done = run_text(one_worker);
  // The k-th event arrives at k s and is begun at 1.2 k s; the last one ends at 12 s.
  ASSERT_EQ(done->result.end, done->scenario.start + 12s);
  EXPECT_EQ(done->timeline->stretches, 13U) << "one holds the instant of the end";
  EXPECT_THAT(values(*done, "events.arrived"), ElementsAre(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0));
  EXPECT_THAT(values(*done, "queue.depth"), ElementsAre(0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 0, 0));
  EXPECT_THAT(values(*done, "wait.max"),
              ElementsAre(0, 200, 400, 600, 800, 0, 1'000, 1'200, 1'400, 1'600, 1'800, 0, 0));
  EXPECT_THAT(values(*done, "fleet.busy"), ElementsAre(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0));
  EXPECT_THAT(values(*done, "fleet.containers"), ElementsAre(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0));
  EXPECT_THAT(values(*done, "events.processed"), ElementsAre(0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1));
}

TEST(Timeline, SaysWhatLimitsLeave) {
  const auto done = run_text(one_worker);
  EXPECT_THAT(values(*done, "sts.limit"), Each(4));
  EXPECT_THAT(values(*done, "sts.tokens"), Contains(750)) << "one of four taken";
  EXPECT_THAT(values(*done, "sts.tokens"), Not(Contains(500)));
  EXPECT_THAT(values(*done, "virustotal.limit"), Each(1)) << "60 a minute";
  EXPECT_EQ(values(*done, "virustotal.tokens").back(), 833U) << "ten of the minute's sixty are gone";
  EXPECT_EQ(values(*done, "virustotal.quota_day.left").back(), 90U);
  EXPECT_EQ(done->timeline->find("virustotal.quota_month.left"), nullptr) << "there is none";
  EXPECT_EQ(done->timeline->find("sts.throttled"), nullptr) << "there was none";
}

TEST(Timeline, ShowsABucketThatIsEmpty) {
  const auto done = run_text(R"({
    "seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "10s", "traffic": {"events": 100},
    "fleet": {"workers": 10},
    "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 1}}],
    "world": {"sts": {"requests": {"limit_per_second": 4}}}, "budgets": []})");
  EXPECT_THAT(values(*done, "sts.accepted"), Each(4));
  EXPECT_THAT(values(*done, "sts.throttled"), Each(6));
  EXPECT_THAT(values(*done, "sts.tokens"), Each(0)) << "a level of 0 is something: the curve is there";
}

TEST(Timeline, OfAQueueShowsMessagesThatComeBack) {
  const auto done = run(load_scenario("tests/report/queued.json"), {.keep_timeline = true});
  expect_calls(*done);
  expect_engine(*done);
  expect_detections(*done);
  EXPECT_GT(most(*done, "queue.depth"), 0U);
  const std::vector<std::uint64_t> depth = values(*done, "queue.depth");
  EXPECT_THAT(std::vector(depth.begin(), depth.begin() + 10), Each(0))
      << "the first object is written at 10 s";
}

TEST(Timeline, OfALongRunHasWiderStretches) {
  const auto done = run_text(R"({
    "seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "24h", "traffic": {"events": 2000},
    "fleet": {"workers": 10},
    "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 1}}], "world": {}, "budgets": []})");
  EXPECT_EQ(done->timeline->width, 30s);
  EXPECT_EQ(done->timeline->stretches, 2'880U);
  expect_calls(*done);
  EXPECT_THAT(values(*done, "sts.limit"), Each(600 * 30));
  EXPECT_THAT(values(*done, "virustotal.limit"), Each(2)) << "4 a minute";
  const std::vector<std::uint64_t> left = values(*done, "virustotal.quota_day.left");
  EXPECT_EQ(*std::min_element(left.begin(), left.end()), 0U);
  EXPECT_GT(left[1'200], 450U) << "a new day begins after ten hours";
}

}  // namespace
}  // namespace rushhour::scenario
