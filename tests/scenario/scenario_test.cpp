// The scenario format: what each key means, its defaults, and what a mistake is told.

#include <rushhour/scenario/scenario.hpp>

#include <cstddef>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The least that a scenario says, a key a line.
constexpr std::string_view least = R"({
  "seed": 7,
  "start": "2026-03-02T14:00:00Z",
  "duration": "1h",
  "traffic": {"events": 1000},
  "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}],
  "world": {},
  "budgets": []
})";

/// The least, with one part of it written otherwise.
std::string with(std::string_view part, std::string_view instead) {
  std::string text{least};
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), instead);
}
std::string with_world(const std::string& keys) { return with("{},", "{" + keys + "},"); }
std::string with_traffic(const std::string& keys) {
  return with(R"("events": 1000)", R"("events": 1000, )" + keys);
}

Scenario parsed(const std::string& text, const Overrides& overrides = {}) {
  return parse_scenario(text, "folder/x.json", overrides);
}

std::string message_of(const std::string& text, const Overrides& overrides = {}) {
  try {
    static_cast<void>(parsed(text, overrides));
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

// ---- What is read ----

TEST(Scenario, HasDefaultsForAllThatItDoesNotSay) {
  const Scenario scenario = parsed(std::string{least});
  EXPECT_EQ(scenario.name, "x");
  EXPECT_EQ(scenario.file, "folder/x.json");
  EXPECT_EQ(scenario.description, "");
  EXPECT_EQ(scenario.seed, 7U);
  EXPECT_EQ(to_iso8601(scenario.start), "2026-03-02T14:00:00Z");
  EXPECT_EQ(scenario.duration, 1h);
  EXPECT_EQ(scenario.events, 1'000U);
  EXPECT_EQ(scenario.recorded, std::nullopt);
  EXPECT_EQ(scenario.engine.workers, 100U);
  EXPECT_FALSE(scenario.engine.queued);
  EXPECT_THAT(scenario.sts_quota, IsEmpty());
  EXPECT_EQ(scenario.world.world.sts_endpoint, fakes::StsEndpoint::regional);
  EXPECT_FALSE(scenario.batch_counts_secrets);
  EXPECT_THAT(scenario.secretsmanager_quota, IsEmpty());
  EXPECT_THAT(scenario.faults, IsEmpty());
  EXPECT_THAT(scenario.budgets, IsEmpty());
  for (const RetryPlan& retry : scenario.retries) EXPECT_EQ(retry.policy, "none");
  EXPECT_EQ(scenario.latencies.of(api::operation_of<api::sts::AssumeRole>).low, 0s);
  const fakes::PantherWorldOptions published;
  EXPECT_EQ(scenario.world.engine_account, published.engine_account);
  EXPECT_EQ(scenario.world.customer_account, published.customer_account);
  EXPECT_EQ(scenario.world.virustotal_quota.size(), 3U);
  EXPECT_TRUE(scenario.world.registered && scenario.world.trusts_engine &&
              scenario.world.policy_covers_secret);
  EXPECT_EQ(scenario.world.world.journal_capacity, 0U) << "a load run keeps tallies only";
}

TEST(Scenario, PassesWhatItSaysOnToTrafficAndWorld) {
  const Scenario scenario =
      parsed(with_world(R"("region": "eu-central-1", "customer_account": "012345678901")"));
  EXPECT_EQ(scenario.synthetic.events, scenario.events);
  EXPECT_EQ(scenario.synthetic.start, scenario.start);
  EXPECT_EQ(scenario.synthetic.duration, scenario.duration);
  EXPECT_EQ(scenario.synthetic.account, "012345678901");
  EXPECT_EQ(scenario.synthetic.region, "eu-central-1");
  EXPECT_EQ(scenario.world.world.seed, 7U);
  EXPECT_EQ(scenario.world.world.start, scenario.start);
  EXPECT_EQ(scenario.world.world.region, "eu-central-1");
  EXPECT_EQ(scenario.world.customer_account, "012345678901");
}

TEST(Scenario, ReadsTraffic) {
  const Scenario scenario = parsed(with_traffic(
      R"("arrivals": "poisson", "users": 3, "user_exponent": "3/2", "role_share": [1, 4], "session_names": 4,
         "addresses": 5, "address_exponent": 0, "secrets": 6, "secret_exponent": 4, "user_agent_exponent": 0.5,
         "sources": {"private_ipv4": 0.1, "public_ipv6": 0, "service_name": "1/5", "missing": 0.7},
         "event_names": {"GetSecretValue": 2, "AssumeRole": 1})"));
  const auto& traffic = scenario.synthetic;
  EXPECT_EQ(traffic.users, 3U);
  EXPECT_EQ(traffic.user_exponent, (Ratio{3, 2}));
  EXPECT_EQ(traffic.role_share, (Ratio{1, 4}));
  EXPECT_EQ(traffic.session_names, 4U);
  EXPECT_EQ(traffic.addresses, 5U);
  EXPECT_EQ(traffic.address_exponent, (Ratio{0, 1}));
  EXPECT_EQ(traffic.secrets, 6U);
  EXPECT_EQ(traffic.secret_exponent, (Ratio{4, 1}));
  EXPECT_EQ(traffic.user_agent_exponent, (Ratio{1, 2}));
  EXPECT_EQ(traffic.sources.private_ipv4, (Ratio{1, 10}));
  EXPECT_EQ(traffic.sources.public_ipv6, (Ratio{0, 1}));
  EXPECT_EQ(traffic.sources.service_name, (Ratio{1, 5}));
  EXPECT_EQ(traffic.sources.missing, (Ratio{7, 10}));
  ASSERT_THAT(traffic.event_names, SizeIs(2));
  EXPECT_EQ(traffic.event_names[0].name, "GetSecretValue");
  EXPECT_EQ(traffic.event_names[0].weight, 2U);
  const auto arrivals = [](const Scenario& of) {
    return of.synthetic.arrivals({.events = 2, .start = of.start, .duration = of.duration}, Stream{1})
        ->next();
  };
  EXPECT_GT(arrivals(scenario), scenario.start) << "Poisson: a gap before the first";
  EXPECT_EQ(arrivals(parsed(std::string{least})), scenario.start);
}

TEST(Scenario, ReadsRecordedTrafficRelativeToItsFolder) {
  std::string text = with(R"("events": 1000)", R"("recorded": ["../data/a.json", "b"])");
  const std::size_t share = text.find(R"({"share": 0.5})");
  text.replace(share, 14, R"({"event_names": ["GetSecretValue", "A"]})");
  const Scenario scenario = parsed(text);
  ASSERT_TRUE(scenario.recorded.has_value());
  EXPECT_THAT(scenario.recorded->paths, ElementsAre("data/a.json", "folder/b"));
  EXPECT_EQ(scenario.recorded->on_damage, event::OnDamage::count);
  EXPECT_TRUE(scenario.recorded->rebase);
  EXPECT_EQ(scenario.events, 0U);
  EXPECT_THAT(scenario.detections[0].match.event_names, ElementsAre("GetSecretValue", "A"));
}

TEST(Scenario, ReadsDetections) {
  const Scenario scenario =
      parsed(with(R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}])",
                  R"([{"name": "a", "strategy": "call_in_rule", "match": {"share": "1/3"}},
          {"name": "b", "strategy": "alert_context_only", "match": {"event_names": ["GetSecretValue"]}}])"));
  ASSERT_THAT(scenario.detections, SizeIs(2));
  EXPECT_EQ(scenario.detections[0].name, "a");
  EXPECT_EQ(scenario.detections[0].strategy, detect::Strategy::call_in_rule);
  EXPECT_EQ(scenario.detections[0].match.share, (Ratio{1, 3}));
  EXPECT_EQ(scenario.detections[1].strategy, detect::Strategy::alert_context_only);
  EXPECT_EQ(scenario.detections[1].match.share, std::nullopt);
  EXPECT_THAT(scenario.detections[1].match.event_names, ElementsAre("GetSecretValue"));
}

TEST(Scenario, ReadsLatencies) {
  using Kind = api::Latency::Kind;
  const Scenario scenario = parsed(with_world(
      R"("latency": {"sts": {"uniform": ["10ms", "30ms"]}, "sts:GetCallerIdentity": "5ms", "secretsmanager": "1s",
         "virustotal": {"exponential": {"floor": "80ms", "mean": "120ms"}}})"));
  const api::Latency& role = scenario.latencies.of(api::operation_of<api::sts::AssumeRole>);
  EXPECT_EQ(role.kind, Kind::uniform);
  EXPECT_EQ(role.low, 10ms);
  EXPECT_EQ(role.high, 30ms);
  const api::Latency& identity = scenario.latencies.of(api::operation_of<api::sts::GetCallerIdentity>);
  EXPECT_EQ(identity.kind, Kind::fixed) << "an operation's own latency beats its service's";
  EXPECT_EQ(identity.low, 5ms);
  EXPECT_EQ(scenario.latencies.of(api::operation_of<api::secretsmanager::DescribeSecret>).low, 1s);
  const api::Latency& report = scenario.latencies.of(api::operation_of<api::virustotal::GetIpAddress>);
  EXPECT_EQ(report.kind, Kind::exponential);
  EXPECT_EQ(report.low, 80ms);
  EXPECT_EQ(report.high, 120ms);
}

TEST(Scenario, ReadsRetries) {
  const Scenario scenario = parsed(with_world(
      R"("retry": {"sts": "legacy", "secretsmanager": {"policy": "legacy", "max_attempts": 4, "cap": "2s"}})"));
  EXPECT_EQ(scenario.retries[0].policy, "legacy");
  EXPECT_EQ(scenario.retries[0].settings.max_attempts, std::nullopt);
  EXPECT_EQ(scenario.retries[0].settings.service, "sts");
  EXPECT_EQ(scenario.retries[1].settings.max_attempts, 4U);
  EXPECT_EQ(scenario.retries[1].settings.cap, 2s);
  EXPECT_EQ(scenario.retries[2].policy, "none");
}

TEST(Scenario, ReadsQuotas) {
  const Scenario scenario = parsed(with_world(
      R"("sts": {"endpoint": "global", "requests": {"limit_per_second": 100}},
         "secretsmanager": {"batch_counts_secrets": true, "secret-read": {"limit_per_second": 20, "burst": 40}},
         "virustotal": {"key": {"minute": 1000, "month": 30000000}, "minute_window": "aligned", "rejected_count": true})"));
  EXPECT_EQ(scenario.world.world.sts_endpoint, fakes::StsEndpoint::global);
  EXPECT_TRUE(scenario.batch_counts_secrets);
  ASSERT_THAT(scenario.sts_quota, SizeIs(1));
  EXPECT_EQ(scenario.sts_quota[0].limit, 100U);
  EXPECT_EQ(scenario.sts_quota[0].source, "the scenario");
  const auto& secrets = scenario.secretsmanager_quota;
  ASSERT_THAT(secrets, SizeIs(11)) << "one row changed, the others as published";
  EXPECT_EQ(secrets[0].group, "secret-read");
  EXPECT_EQ(secrets[0].limit, 20U);
  EXPECT_EQ(secrets[0].burst, 40U);
  EXPECT_EQ(secrets[1].evidence, limit::Evidence::documented);
  const auto& reports = scenario.world.virustotal_quota;
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[0].limit, 1'000U);
  EXPECT_TRUE(reports[0].rejected_count);
  EXPECT_TRUE(reports[1].calendar_month);
}

TEST(Scenario, ReadsFaults) {
  const Scenario scenario = parsed(with_world(
      R"("faults": [{"service": "sts", "answer": "unavailable"},
                    {"service": "virustotal", "operation": "ip_addresses", "answer": "timeout", "share": 0.25,
                     "from": "10m", "for": "90s"}])"));
  ASSERT_THAT(scenario.faults, SizeIs(2));
  const Fault& first = scenario.faults[0];
  EXPECT_EQ(first.service, "sts");
  EXPECT_EQ(first.operation, "");
  EXPECT_EQ(first.share, (Ratio{1, 1}));
  EXPECT_EQ(first.failure.status, 503);
  EXPECT_EQ(first.from, scenario.start);
  EXPECT_EQ(first.lasting, Duration::max());
  const Fault& second = scenario.faults[1];
  EXPECT_EQ(second.operation, "ip_addresses");
  EXPECT_EQ(second.share, (Ratio{1, 4}));
  EXPECT_EQ(second.failure.outcome, Outcome::timeout);
  EXPECT_EQ(second.from, scenario.start + 10min);
  EXPECT_EQ(second.lasting, 90s);
}

TEST(Scenario, ReadsBudgets) {
  const Scenario scenario = parsed(with(
      R"("budgets": [])",
      R"("budgets": ["sts.throttled == 0", {"expr": "sts.calls <= 5", "why": "cost", "allow_empty": true, "seeds": "p95"}])"));
  ASSERT_THAT(scenario.budgets, SizeIs(2));
  EXPECT_EQ(scenario.budgets[0].budget.text, "sts.throttled == 0");
  EXPECT_EQ(scenario.budgets[0].budget.place.column, 16U);
  EXPECT_FALSE(scenario.budgets[0].budget.allow_empty);
  EXPECT_EQ(scenario.budgets[1].why, "cost");
  EXPECT_TRUE(scenario.budgets[1].budget.allow_empty);
  EXPECT_EQ(scenario.budgets[0].budget.seeds, Seeds::all);
  EXPECT_EQ(scenario.budgets[1].budget.seeds, Seeds::p95);
}

TEST(Scenario, KnowsItsMeaningByADigest) {
  const std::uint64_t digest = parsed(std::string{least}).document_digest;
  EXPECT_EQ(parsed(with("\"seed\": 7", "/* as in the guide */ \"seed\":7.0e0")).document_digest, digest);
  EXPECT_NE(parsed(with("\"seed\": 7", "\"seed\": 8")).document_digest, digest);
}

TEST(Scenario, TakesSeedAndEventsFromTheCommandLine) {
  const Scenario scenario = parsed(std::string{least}, {.seed = 99, .events = 20});
  EXPECT_EQ(scenario.seed, 99U);
  EXPECT_EQ(scenario.world.world.seed, 99U);
  EXPECT_EQ(scenario.events, 20U);
  EXPECT_EQ(scenario.synthetic.events, 20U);
  EXPECT_EQ(scenario.duration, 1h);
}

TEST(Scenario, IsReadEvenWhereTheCommandLineOverridesIt) {
  EXPECT_THAT(message_of(with("\"seed\": 7", "\"seed\": \"x\""), {.seed = 1}),
              ::testing::HasSubstr("at /seed"));
  EXPECT_THAT(message_of(with("1000", "0"), {.events = 1}), ::testing::HasSubstr("at /traffic/events"));
}

TEST(Scenario, IsReadFromAFile) {
  for (const std::string name : {"naive-enrichment", "alert-context-only"}) {
    const Scenario scenario = load_scenario("scenarios/" + name + ".json");
    EXPECT_EQ(scenario.name, name);
    EXPECT_EQ(scenario.events, 1'000'000U);
    EXPECT_EQ(scenario.duration, 1h);
    EXPECT_NE(scenario.description, "");
    EXPECT_THAT(scenario.detections, SizeIs(1));
  }
  EXPECT_THROW(static_cast<void>(load_scenario("scenarios/no-such.json")), InputError);
}

// ---- What is refused, and how it is said ----

struct Slip {
  const char* name;
  std::string text;
  std::string_view message;
  Overrides overrides{};
};
std::ostream& operator<<(std::ostream& out, const Slip& slip) { return out << slip.text; }

constexpr std::string_view detections =
    R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}])";

std::vector<Slip> slips_at_the_top() {
  return {
      {"NoObject", "[]", R"(folder/x.json:1:1: expected an object, saw an array of 0)"},
      {"NothingButASeed", R"({"seed": 7})",
       R"(folder/x.json:1:1: expected the keys "start", "duration", "traffic", "detections", "world" and "budgets", saw none of them; add for example "start": "2026-03-02T14:00:00Z", "duration": "1h", "traffic": {"events": 1000000}, "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}], "world": {}, "budgets": ["sts.throttled == 0"])"},
      {"MisspeltRequired", with("\"duration\"", "\"duratoin\""),
       R"(folder/x.json:1:1: expected the key "duration", saw no such key; add for example "duration": "1h"; or is "duratoin" on line 4 meant?)"},
      {"UnknownKey", with("\"world\"", "\"fleat\": {}, \"world\""),
       R"(folder/x.json:7:3: at /fleat: expected a known key, saw "fleat"; did you mean "fleet"?)"},
      {"KeyTwice", with("\"world\"", "\"seed\": 8, \"world\""),
       R"(folder/x.json:7:3: at /seed: expected each key once, saw "seed" again; the first is on line 2, column 3)"},
      {"SeedAsText", with("7", "\"7\""),
       R"(folder/x.json:2:11: at /seed: expected a whole number of at least 0, saw "7"; write 7 without quotes)"},
      {"SeedNegative", with("7", "-1"),
       R"(folder/x.json:2:11: at /seed: expected a whole number of at least 0, saw the number -1)"},
      {"SeedTooLarge", with("7", "18446744073709551616"),
       R"(folder/x.json:2:11: at /seed: expected a whole number of at least 0, saw the number 18446744073709551616)"},
      {"StartWithoutZone", with(":00Z", ":00"),
       R"(folder/x.json:3:12: at /start: expected an instant such as "2026-03-02T14:00:00Z", saw "2026-03-02T14:00:00")"},
      {"StartOfAnotherCentury", with("2026", "1926"),
       R"(folder/x.json:3:12: at /start: expected an instant of the years 1970 to 2261, saw "1926-03-02T14:00:00Z")"},
      {"DurationAsNumber", with("\"1h\"", "3600"),
       R"(folder/x.json:4:15: at /duration: expected a duration from 1s to 364d such as "1h", saw the number 3600; write "1h" if it means seconds)"},
      {"DurationTooShort", with("\"1h\"", "\"10ms\""),
       R"(folder/x.json:4:15: at /duration: expected a duration from 1s to 364d, saw "10ms")"},
      {"DurationTooLong", with("\"1h\"", "\"365d\""),
       R"(folder/x.json:4:15: at /duration: expected a duration from 1s to 364d, saw "365d")"},
      {"EndsTooLate", with("2026-03-02", "2261-12-31"),
       R"(folder/x.json:4:15: at /duration: expected a duration that ends before April 2261, saw "1h")"},
      {"DescriptionEmpty", with("\"seed\"", "\"description\": \"\", \"seed\""),
       R"(folder/x.json:2:18: at /description: expected a text that is not empty, saw "")"},
      {"WorkersBesideAQueue", with("\"world\"", "\"fleet\": {\"workers\": 9, \"queue\": {}}, \"world\""),
       R"(folder/x.json:7:36: at /fleet/queue: expected either "workers", or a queue with a Lambda behind it, saw an object)"},
      {"WorkersOfAProfile",
       with("\"world\"", "\"fleet\": {\"profile\": \"panther-oss-1.16\", \"workers\": 9}, \"world\""),
       R"(folder/x.json:7:55: at /fleet/workers: expected no number of workers with a profile that has a queue, saw the number 9; say lambda.concurrency_max)"},
      {"ProfileUnknown", with("\"world\"", "\"fleet\": {\"profile\": \"panther-oss\"}, \"world\""),
       R"(folder/x.json:7:24: at /fleet/profile: expected one of "custom", "panther-oss-1.16", "panther-saas-documented", saw "panther-oss"; did you mean "panther-oss-1.16"?)"},
      {"TooManyWorkers", with("\"world\"", "\"fleet\": {\"workers\": 20001}, \"world\""),
       R"(folder/x.json:7:24: at /fleet/workers: expected a whole number from 1 to 20000, saw the number 20001)"},
      {"WorldNull", with("{},", "null,"), R"(folder/x.json:7:12: at /world: expected an object, saw null)"},
      {"BudgetsNoArray", with("\"budgets\": []", "\"budgets\": \"sts.throttled == 0\""),
       R"(folder/x.json:8:14: at /budgets: expected an array, saw "sts.throttled == 0"; write it between [ and ], even when there is only one)"},
  };
}

std::vector<Slip> slips_in_traffic() {
  return {
      {"Empty", with(R"("events": 1000)", ""),
       R"(folder/x.json:5:14: at /traffic: expected the key "events", saw no such key; add for example "events": 1)"},
      {"NoEvents", with("1000", "0"),
       R"(folder/x.json:5:25: at /traffic/events: expected a whole number from 1 to 1000000000, saw the number 0)"},
      {"FractionOfEvents", with("1000", "1.5"),
       R"(folder/x.json:5:25: at /traffic/events: expected a whole number from 1 to 1000000000, saw the number 1.5)"},
      {"TooManyEvents", with("1000", "1000000001"),
       R"(folder/x.json:5:25: at /traffic/events: expected a whole number from 1 to 1000000000, saw the number 1000000001)"},
      {"UnknownArrivals", with_traffic(R"("arrivals": "poison")"),
       R"(folder/x.json:5:43: at /traffic/arrivals: expected one of "constant", "poisson", "diurnal", "bursty", saw "poison"; did you mean "poisson"?)"},
      {"UnknownKey", with_traffic(R"("user_exponents": 1)"),
       R"(folder/x.json:5:31: at /traffic/user_exponents: expected a known key, saw "user_exponents"; did you mean "user_exponent"?)"},
      {"ExponentTooLarge", with_traffic(R"("user_exponent": 4.1)"),
       R"(folder/x.json:5:48: at /traffic/user_exponent: expected a ratio from 0 to 4, saw the number 4.1)"},
      {"ShareAboveOne", with_traffic(R"("role_share": 1.1)"),
       R"(folder/x.json:5:45: at /traffic/role_share: expected a share from 0 to 1, saw the number 1.1)"},
      {"SharesOfSourcesAboveOne", with_traffic(R"("sources": {"private_ipv4": 0.6, "public_ipv6": 0.4})"),
       R"(folder/x.json:5:42: at /traffic/sources: expected shares that sum to at most 1, with the defaults of those left out, saw an object)"},
      {"UnknownEventName", with_traffic(R"("event_names": {"GetSecretValues": 1})"),
       R"(folder/x.json:5:47: at /traffic/event_names/GetSecretValues: expected one of "AssumeRole", "DescribeInstances", "GetCallerIdentity", "DescribeVolumes", "ListBuckets", "DescribeAlarms", "ListRoles", "GetSecretValue", "DescribeSecret", "ListSecrets", "BatchGetSecretValue", "ConsoleLogin", saw "GetSecretValues"; did you mean "GetSecretValue"?)"},
      {"NoEventNames", with_traffic(R"("event_names": {})"),
       R"(folder/x.json:5:46: at /traffic/event_names: expected at least one event name with its weight, saw an object)"},
      {"EventNameWithoutWeight", with_traffic(R"("event_names": {"GetSecretValue": 0})"),
       R"(folder/x.json:5:65: at /traffic/event_names/GetSecretValue: expected a whole number from 1 to 1000000, saw the number 0)"},
      {"RecordedAndEvents", with_traffic(R"("recorded": ["a.json"])"),
       R"(folder/x.json:5:15: at /traffic/events: expected a known key, saw "events"; known are "recorded", "on_damage", "rebase", "delivery" and "late")"},
      {"RecordedNowhere", with(R"("events": 1000)", R"("recorded": [])"),
       R"(folder/x.json:5:27: at /traffic/recorded: expected an array of at least 1, saw an array of 0)"},
      {"RecordedButNoList", with(R"("events": 1000)", R"("recorded": "a.json")"),
       R"(folder/x.json:5:27: at /traffic/recorded: expected an array, saw "a.json"; write it between [ and ], even when there is only one)"},
      {"RecordedDamage", with(R"("events": 1000)", R"("recorded": ["a.json"], "on_damage": "skip")"),
       R"(folder/x.json:5:52: at /traffic/on_damage: expected one of "count", "fatal", saw "skip")"},
      {"RecordedAndShare", with(R"("events": 1000)", R"("recorded": ["a.json"])"),
       R"(folder/x.json:6:79: at /detections/0/match/share: expected "event_names" in place of a share: the number of recorded events is not known in advance, saw the number 0.5)"},
      {"RecordedWithEventsOfTheCommandLine",
       with(R"("events": 1000)", R"("recorded": ["a.json"])"),
       R"(folder/x.json:5:27: at /traffic/recorded: expected synthetic events, whose number can be given, saw an array of 1; leave --events away)",
       {.events = 5}},
  };
}

std::vector<Slip> slips_in_detections() {
  return {
      {"None", with(detections, "[]"),
       R"(folder/x.json:6:17: at /detections: expected an array of at least 1, saw an array of 0)"},
      {"NoName", with("\"name\": \"r\", ", ""),
       R"(folder/x.json:6:18: at /detections/0: expected the key "name", saw no such key; add for example "name": "...")"},
      {"UnknownStrategy", with("call_in_rule", "call_in_rules"),
       R"(folder/x.json:6:44: at /detections/0/strategy: expected one of "call_in_rule", "alert_context_only", "lookup_table", saw "call_in_rules"; did you mean "call_in_rule"?)"},
      {"NeitherShareNorNames", with("\"share\": 0.5", ""),
       R"(folder/x.json:6:69: at /detections/0/match: expected either "share" or "event_names", saw neither)"},
      {"ShareAndNames", with("\"share\": 0.5", R"("share": 0.5, "event_names": ["A"])"),
       R"(folder/x.json:6:69: at /detections/0/match: expected either "share" or "event_names", saw both)"},
      {"NoNames", with("\"share\": 0.5", R"("event_names": [])"),
       R"(folder/x.json:6:85: at /detections/0/match/event_names: expected an array of at least 1, saw an array of 0)"},
      {"ShareAsPercentage", with("0.5", "50"),
       R"(folder/x.json:6:79: at /detections/0/match/share: expected a share from 0 to 1, saw the number 50)"},
      {"UnknownKeyOfMatch", with("\"share\": 0.5", R"("shard": 0.5)"),
       R"(folder/x.json:6:70: at /detections/0/match/shard: expected a known key, saw "shard"; did you mean "share"?)"},
      {"NameTwice", with(detections, R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}},
          {"name": "r", "strategy": "alert_context_only", "match": {"share": 0.1}}])"),
       R"(folder/x.json:7:20: at /detections/1/name: expected a name that no other detection has, saw "r")"},
  };
}

std::vector<Slip> slips_in_the_world() {
  return {
      {"AccountAsNumber", with_world(R"("engine_account": 111122223333)"),
       R"(folder/x.json:7:31: at /world/engine_account: expected a text, saw the number 111122223333; write "111122223333")"},
      {"AccountTooShort", with_world(R"("customer_account": "1234")"),
       R"(folder/x.json:7:33: at /world/customer_account: expected an account id: a text of 12 digits, saw "1234")"},
      {"SwitchAsText", with_world(R"("registered": "false")"),
       R"(folder/x.json:7:27: at /world/registered: expected true or false, saw "false"; write false without quotes)"},
      {"UnknownGroup", with_world(R"("sts": {"request": {"burst": 1}})"),
       R"(folder/x.json:7:21: at /world/sts/request: expected a known key, saw "request"; did you mean "requests"?)"},
      {"UnknownQuotaKey", with_world(R"("sts": {"requests": {"limit": 1}})"),
       R"(folder/x.json:7:34: at /world/sts/requests/limit: expected a known key, saw "limit"; known are "limit_per_second", "burst" and "refill")"},
      {"LimitOfZero", with_world(R"("sts": {"requests": {"limit_per_second": 0}})"),
       R"(folder/x.json:7:54: at /world/sts/requests/limit_per_second: expected a whole number from 1 to 10000000, saw the number 0)"},
      {"KeyMissing", with_world(R"("virustotal": {})"),
       R"(folder/x.json:7:27: at /world/virustotal: expected the key "key", saw no such key; add for example "key": "public")"},
      {"KeyUnknown", with_world(R"("virustotal": {"key": "premium"})"),
       R"(folder/x.json:7:35: at /world/virustotal/key: expected "public", saw "premium")"},
      {"KeyWithoutLimits", with_world(R"("virustotal": {"key": {}})"),
       R"(folder/x.json:7:35: at /world/virustotal/key: expected at least one of "minute", "day" and "month", saw an object)"},
      {"MinuteWindowUnknown", with_world(R"("virustotal": {"key": "public", "minute_window": "slide"})"),
       R"(folder/x.json:7:62: at /world/virustotal/minute_window: expected one of "sliding", "aligned", saw "slide")"},
      {"LatencyAsNumber", with_world(R"("latency": {"sts": 50})"),
       R"(folder/x.json:7:32: at /world/latency/sts: expected a duration of at most 1d such as "1h", saw the number 50; write "50s" if it means seconds)"},
      {"LatencyOfUnknownService", with_world(R"("latency": {"stss": "50ms"})"),
       R"(folder/x.json:7:25: at /world/latency/stss: expected a known key, saw "stss"; did you mean "sts"?)"},
      {"LatencyOfUnknownOperation", with_world(R"("latency": {"sts:AssumeRoll": "50ms"})"),
       R"(folder/x.json:7:25: at /world/latency/sts:AssumeRoll: expected a known key, saw "sts:AssumeRoll"; did you mean "sts:AssumeRole"?)"},
      {"LatencyBackwards", with_world(R"("latency": {"sts": {"uniform": ["60ms", "40ms"]}})"),
       R"(folder/x.json:7:53: at /world/latency/sts/uniform/1: expected a duration from 60ms to 1d, saw "40ms")"},
      {"LatencyWithOneEnd", with_world(R"("latency": {"sts": {"uniform": ["60ms"]}})"),
       R"(folder/x.json:7:44: at /world/latency/sts/uniform: expected an array of exactly 2, saw an array of 1)"},
      {"LatencyWithoutMean", with_world(R"("latency": {"sts": {"exponential": {"floor": "1ms"}}})"),
       R"(folder/x.json:7:48: at /world/latency/sts/exponential: expected the key "mean", saw no such key; add for example "mean": "120ms")"},
      {"LatencyOfTwoKinds",
       with_world(R"("latency": {"sts": {"uniform": ["1ms", "2ms"], "exponential": {"mean": "1ms"}}})"),
       R"(folder/x.json:7:32: at /world/latency/sts: expected either "uniform" or "exponential", saw both)"},
      {"LatencyOfNoKind", with_world(R"("latency": {"sts": {"normal": "1ms"}})"),
       R"(folder/x.json:7:33: at /world/latency/sts/normal: expected a known key, saw "normal"; known are "uniform" and "exponential")"},
      {"LatencyTooLong", with_world(R"("latency": {"sts": "25h"})"),
       R"(folder/x.json:7:32: at /world/latency/sts: expected a duration of at most 1d, saw "25h")"},
      {"RetryUnknown", with_world(R"("retry": {"sts": "legacie"})"),
       R"(folder/x.json:7:30: at /world/retry/sts: expected a retry policy: one of "adaptive", "legacy", "none", "standard", "standard-2026", "urllib3", saw "legacie")"},
      {"RetryOfUnknownService", with_world(R"("retry": {"s3": "legacy"})"),
       R"(folder/x.json:7:23: at /world/retry/s3: expected a known key, saw "s3"; known are "sts", "secretsmanager", "virustotal" and "dynamodb")"},
      {"RetryNoneWithAttempts", with_world(R"("retry": {"sts": {"policy": "none", "max_attempts": 2}})"),
       R"(folder/x.json:7:41: at /world/retry/sts/policy: expected no max_attempts and no cap with the retry policy "none", saw "none"; it makes one attempt)"},
      {"RetryWithoutAttempts", with_world(R"("retry": {"sts": {"policy": "legacy", "max_attempts": 0}})"),
       R"(folder/x.json:7:67: at /world/retry/sts/max_attempts: expected a whole number from 1 to 20, saw the number 0)"},
      {"RetryTooOften", with_world(R"("retry": {"sts": {"policy": "legacy", "max_attempts": 21}})"),
       R"(folder/x.json:7:67: at /world/retry/sts/max_attempts: expected a whole number from 1 to 20, saw the number 21)"},
      {"RetryWithoutPolicy", with_world(R"("retry": {"sts": {"max_attempts": 3}})"),
       R"(folder/x.json:7:30: at /world/retry/sts: expected the key "policy", saw no such key; add for example "policy": "...")"},
      {"FaultOfUnknownService", with_world(R"("faults": [{"service": "s3", "answer": "reset"}])"),
       R"(folder/x.json:7:36: at /world/faults/0/service: expected one of "sts", "secretsmanager", "virustotal", "dynamodb", saw "s3")"},
      {"FaultOfUnknownOperation",
       with_world(R"("faults": [{"service": "sts", "operation": "GetSecretValue", "answer": "reset"}])"),
       R"(folder/x.json:7:56: at /world/faults/0/operation: expected one of "AssumeRole", "AssumeRoleWithSAML", )"
       R"("AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage", "GetAccessKeyInfo", )"
       R"("GetCallerIdentity", "GetDelegatedAccessToken", "GetFederationToken", "GetSessionToken", )"
       R"("GetWebIdentityToken", saw "GetSecretValue")"},
      {"FaultUnknown", with_world(R"("faults": [{"service": "sts", "answer": "resets"}])"),
       R"(folder/x.json:7:53: at /world/faults/0/answer: expected one of "server_error", "unavailable", "reset", "hang", "timeout", saw "resets"; did you mean "reset"?)"},
      {"FaultWithoutAnswer", with_world(R"("faults": [{"service": "sts"}])"),
       R"(folder/x.json:7:24: at /world/faults/0: expected the key "answer", saw no such key; add for example "answer": "server_error")"},
      {"FaultTooLate", with_world(R"("faults": [{"service": "sts", "answer": "reset", "from": "100000d"}])"),
       R"(folder/x.json:7:70: at /world/faults/0/from: expected a duration of at most 364d, saw "100000d")"},
  };
}

std::vector<Slip> slips_in_budgets() {
  const auto with_budget = [](std::string_view budget) {
    return with("\"budgets\": []", "\"budgets\": [" + std::string{budget} + "]");
  };
  return {
      {"NoExpression", with_budget(R"("sts.throttled")"),
       R"(folder/x.json:8:29: at /budgets/0: expected one of == != < <= > >=, saw the end of the expression
    sts.throttled
                 ^)"},
      {"WrongOperator", with_budget(R"({"expr": "sts.throttled = 0"})"),
       R"(folder/x.json:8:39: at /budgets/0/expr: expected one of == != < <= > >=, saw "="; did you mean "=="?
    sts.throttled = 0
                  ^)"},
      {"NoExpr", with_budget(R"({"why": "x"})"),
       R"(folder/x.json:8:15: at /budgets/0: expected the key "expr", saw no such key; add for example "expr": "sts.throttled == 0")"},
      {"UnknownKey", with_budget(R"({"expr": "sts.throttled == 0", "because": "x"})"),
       R"(folder/x.json:8:46: at /budgets/0/because: expected a known key, saw "because"; known are "expr", "why", "allow_empty", "level" and "seeds")"},
      {"Number", with_budget("0"),
       R"(folder/x.json:8:15: at /budgets/0: expected a text, saw the number 0; write "0")"},
  };
}

class Slips : public ::testing::TestWithParam<Slip> {};

TEST_P(Slips, AreNamedWithPlaceExpectationAndAdvice) {
  EXPECT_EQ(message_of(GetParam().text, GetParam().overrides), GetParam().message) << GetParam().text;
}

const auto name_of = [](const ::testing::TestParamInfo<Slip>& test) { return std::string{test.param.name}; };
INSTANTIATE_TEST_SUITE_P(Top, Slips, ::testing::ValuesIn(slips_at_the_top()), name_of);
INSTANTIATE_TEST_SUITE_P(Traffic, Slips, ::testing::ValuesIn(slips_in_traffic()), name_of);
INSTANTIATE_TEST_SUITE_P(Detections, Slips, ::testing::ValuesIn(slips_in_detections()), name_of);
INSTANTIATE_TEST_SUITE_P(World, Slips, ::testing::ValuesIn(slips_in_the_world()), name_of);
INSTANTIATE_TEST_SUITE_P(Budgets, Slips, ::testing::ValuesIn(slips_in_budgets()), name_of);

// ---- The same as in scenarios/schema.json: schema_test.py holds the schema against these files ----

using Json = nlohmann::ordered_json;

constexpr const char* data_folder = "tests/scenario/data/";

Json read_json(const std::string& path) {
  std::ifstream file{path};
  EXPECT_TRUE(file) << path;
  return Json::parse(file, nullptr, true, true);
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(ScenarioSchema, NamesAllThatTheEngineHas) {
  const Json schema = read_json("scenarios/schema.json");
  const Json& defined = schema["$defs"];
  const auto names = event::traffic::SyntheticCloudTrail::known_event_names();
  EXPECT_EQ(defined["event_name"]["enum"].get<std::vector<std::string>>(),
            (std::vector<std::string>{names.begin(), names.end()}));

  std::vector<std::string> timed;
  std::string service;
  for (const api::Operation* operation : all_operations()) {
    if (service != api::to_text(operation->service))
      timed.push_back(service = api::to_text(operation->service));
    timed.push_back(to_text(*operation));
  }
  const Json& world = defined["world"]["properties"];
  EXPECT_EQ(keys_of(world["latency"]["properties"]), timed);

  const std::pair<std::string, std::string> services[] = {{"sts", "endpoint"},
                                                          {"secretsmanager", "batch_counts_secrets"}};
  for (const auto& [quotas_of, option] : services) {
    std::vector<std::string> groups{option};
    for (const limit::Profile& row : limit::profiles::of(quotas_of)) groups.emplace_back(row.group);
    EXPECT_EQ(keys_of(world[quotas_of]["properties"]), groups);
  }

  std::vector<std::string> policies;
  policies.reserve(retry::policies.size());
  for (const retry::PolicyRow& row : retry::policies) policies.emplace_back(row.name);
  EXPECT_EQ(defined["policy"]["enum"].get<std::vector<std::string>>(), policies);
}

TEST(ScenarioSchema, DescribesScenariosThatLoad) {
  for (const std::string name :
       {"everything", "recorded", "burst", "diurnal", "shape", "rules", "history", "panther"}) {
    EXPECT_NO_THROW(static_cast<void>(load_scenario(data_folder + name + ".json"))) << name;
  }
}

TEST(ScenarioSchema, RefusesWhatTheLoaderRefuses) {
  const Json changes = read_json(std::string{data_folder} + "refused.json");
  EXPECT_GE(changes.size(), 60U);
  for (const Json& change : changes) {
    Json document = read_json(data_folder + change["to"].get<std::string>() + ".json");
    const Json::json_pointer at{change["at"].get<std::string>()};
    if (change.contains("value")) {
      document[at] = change["value"];
    } else {
      document = document.patch({{{"op", "remove"}, {"path", at.to_string()}}});
    }
    try {
      static_cast<void>(parse_scenario(document.dump(), std::string{data_folder} + "x.json"));
      ADD_FAILURE() << "the loader accepts " << change;
    } catch (const InputError& error) {
      EXPECT_EQ(error.mistake().pointer, change["loader"].get<std::string>()) << change << "\n"
                                                                              << error.what();
    }
  }
}

// ---- What detections keep, leave out and look up ----

std::string with_detection(const std::string& keys, const std::string& strategy = "call_in_rule") {
  return with(R"("strategy": "call_in_rule")", R"("strategy": ")" + strategy + R"(", )" + keys);
}

TEST(ScenarioDetections, CallWithoutSavingUnlessTheySayOtherwise) {
  const DetectionPlan plan = parsed(std::string{least}).detections.at(0);
  EXPECT_TRUE(plan.enrichment.calls_always());
  EXPECT_EQ(plan.data, detect::DataAccess::deep_get);
  EXPECT_THAT(plan.dedup, IsEmpty());
  EXPECT_EQ(plan.customer, "");
}

TEST(ScenarioDetections, SayWhatTheyKeep) {
  using detect::CacheHome;
  const detect::EnrichmentOptions options =
      parsed(with_detection(R"("cache": {"credentials": {"home": "rule_module"},
                                         "secret": {"home": "helper_module", "ttl": "1h"},
                                         "verdicts": {"home": "helper_module", "ttl": "30m", "entries": 5,
                                                      "failures": "1m"}},
                               "skip_private": true, "calls_per_hour": 200)"))
          .detections.at(0)
          .enrichment;
  EXPECT_EQ(options.credentials_cache.value().home, CacheHome::rule_module);
  EXPECT_EQ(options.secret_cache.value().home, CacheHome::helper_module);
  EXPECT_EQ(options.secret_cache->ttl, 1h);
  EXPECT_EQ(options.verdict_cache.value().home, CacheHome::helper_module);
  EXPECT_EQ(options.verdict_cache->ttl, 30min);
  EXPECT_EQ(options.verdict_cache->entries_max, 5U);
  EXPECT_EQ(options.verdict_cache->failure_ttl, 1min);
  EXPECT_TRUE(options.skip_private);
  EXPECT_EQ(options.calls_per_hour, 200U);

  const detect::EnrichmentOptions one =
      parsed(with_detection(R"("cache": {"secret": {"home": "rule_module"}})")).detections.at(0).enrichment;
  EXPECT_FALSE(one.credentials_cache || one.verdict_cache || one.skip_private || one.calls_per_hour);
  EXPECT_EQ(one.secret_cache.value().ttl, std::nullopt) << "as long as the credentials";
  const detect::EnrichmentOptions verdicts =
      parsed(with_detection(R"("cache": {"verdicts": {"home": "rule_module", "ttl": "1h"}})"))
          .detections.at(0)
          .enrichment;
  EXPECT_EQ(verdicts.verdict_cache.value().entries_max, 10'000U);
  EXPECT_EQ(verdicts.verdict_cache->failure_ttl, std::nullopt);
}

TEST(ScenarioDetections, SayHowTheyReadGroupAndWhoTheyAre) {
  const DetectionPlan plan =
      parsed(with_detection(R"("data": "index", "dedup": ["source_ip", "userIdentity.arn"],
                               "customer": "customer")"))
          .detections.at(0);
  EXPECT_EQ(plan.data, detect::DataAccess::index);
  EXPECT_THAT(plan.dedup, ElementsAre("source_ip", "userIdentity.arn"));
  EXPECT_EQ(plan.customer, "customer");
}

TEST(ScenarioDetections, LookIntoATable) {
  const DetectionPlan plan =
      parsed(with_detection(R"("lookup_table": {"coverage": 0.9, "refresh": "24h"}, "skip_private": true)",
                            "lookup_table"))
          .detections.at(0);
  EXPECT_EQ(plan.strategy, detect::Strategy::lookup_table);
  EXPECT_EQ(plan.lookup_table.coverage, (Ratio{9, 10}));
  EXPECT_EQ(plan.lookup_table.refresh, 24h);
  EXPECT_TRUE(plan.enrichment.skip_private);
}

std::vector<Slip> slips_in_strategies() {
  const auto with_cache = [](const std::string& cache) {
    return with_detection("\"cache\": {" + cache + "}");
  };
  const auto with_table = [](const std::string& keys) { return with_detection(keys, "lookup_table"); };
  return {
      {"UnknownKey", with_detection(R"("caches": {})"),
       R"(folder/x.json:6:60: at /detections/0/caches: expected a known key, saw "caches"; did you mean "cache"?)"},
      {"CacheOfNothing", with_cache(""),
       R"(folder/x.json:6:69: at /detections/0/cache: expected at least one of "credentials", "secret" and "verdicts", saw an object)"},
      {"UnknownCache", with_cache(R"("verdict": {"home": "rule_module", "ttl": "1h"})"),
       R"(folder/x.json:6:70: at /detections/0/cache/verdict: expected a known key, saw "verdict"; did you mean "verdicts"?)"},
      {"CacheWithoutHome", with_cache(R"("credentials": {})"),
       R"(folder/x.json:6:85: at /detections/0/cache/credentials: expected the key "home", saw no such key; add for example "home": "helper_module")"},
      {"UnknownHome", with_cache(R"("credentials": {"home": "helper"})"),
       R"(folder/x.json:6:94: at /detections/0/cache/credentials/home: expected one of "helper_module", "rule_module", saw "helper")"},
      {"CredentialsWithTtl", with_cache(R"("credentials": {"home": "rule_module", "ttl": "1h"})"),
       R"(folder/x.json:6:109: at /detections/0/cache/credentials/ttl: expected a known key, saw "ttl"; known are "home")"},
      {"SecretForNoTime", with_cache(R"("secret": {"home": "rule_module", "ttl": "0s"})"),
       R"(folder/x.json:6:111: at /detections/0/cache/secret/ttl: expected a duration from 1ns to 364d, saw "0s")"},
      {"VerdictsWithoutTtl", with_cache(R"("verdicts": {"home": "rule_module"})"),
       R"(folder/x.json:6:82: at /detections/0/cache/verdicts: expected the key "ttl", saw no such key; add for example "ttl": "1h")"},
      {"NoEntries", with_cache(R"("verdicts": {"home": "rule_module", "ttl": "1h", "entries": 0})"),
       R"(folder/x.json:6:130: at /detections/0/cache/verdicts/entries: expected a whole number from 1 to 4194304, saw the number 0)"},
      {"FailuresLongerThanReports",
       with_cache(R"("verdicts": {"home": "rule_module", "ttl": "1h", "failures": "2h"})"),
       R"(folder/x.json:6:131: at /detections/0/cache/verdicts/failures: expected a duration from 1ns to 1h, saw "2h")"},
      {"SkipAsText", with_detection(R"("skip_private": "yes")"),
       R"(folder/x.json:6:76: at /detections/0/skip_private: expected true or false, saw "yes")"},
      {"BudgetOfZero", with_detection(R"("calls_per_hour": 0)"),
       R"(folder/x.json:6:78: at /detections/0/calls_per_hour: expected a whole number from 1 to 1000000000, saw the number 0)"},
      {"UnknownData", with_detection(R"("data": "get")"),
       R"(folder/x.json:6:68: at /detections/0/data: expected one of "deep_get", "index", saw "get")"},
      {"DedupByNothing", with_detection(R"("dedup": [])"),
       R"(folder/x.json:6:69: at /detections/0/dedup: expected an array of at least 1, saw an array of 0)"},
      {"DedupByEmptyKey", with_detection(R"("dedup": ["userIdentity..arn"])"),
       R"(folder/x.json:6:70: at /detections/0/dedup/0: expected keys joined by dots, such as "userIdentity.arn", saw "userIdentity..arn")"},
      {"CustomerUnknown", with_detection(R"("customer": "customers")"),
       R"(folder/x.json:6:72: at /detections/0/customer: expected one of "customer", saw "customers"; did you mean "customer"?)"},
      {"TableWithoutStrategy", with_detection(R"("lookup_table": {"coverage": 1, "refresh": "1h"})"),
       R"(folder/x.json:6:76: at /detections/0/lookup_table: expected no such key without the strategy "lookup_table", saw "lookup_table"; write "strategy": "lookup_table", or take it out)"},
      {"StrategyWithoutTable", with_table(R"("skip_private": true)"),
       R"(folder/x.json:6:18: at /detections/0: expected the key "lookup_table", saw no such key; add for example "lookup_table": {"coverage": 0.9, "refresh": "24h"})"},
      {"TableWithoutCoverage", with_table(R"("lookup_table": {"refresh": "1h"})"),
       R"(folder/x.json:6:76: at /detections/0/lookup_table: expected the key "coverage", saw no such key; add for example "coverage": 0.02)"},
      {"CoverageAsPercentage", with_table(R"("lookup_table": {"coverage": 90, "refresh": "1h"})"),
       R"(folder/x.json:6:89: at /detections/0/lookup_table/coverage: expected a share from 0 to 1, saw the number 90)"},
      {"TableThatIsNeverOld", with_table(R"("lookup_table": {"coverage": 1, "refresh": "0s"})"),
       R"(folder/x.json:6:103: at /detections/0/lookup_table/refresh: expected a duration from 1ns to 364d, saw "0s")"},
      {"TableWithCache",
       with_table(
           R"("lookup_table": {"coverage": 1, "refresh": "1h"}, "cache": {"secret": {"home": "rule_module"}})"),
       R"(folder/x.json:6:119: at /detections/0/cache: expected no such key, as "lookup_table" makes no calls, saw "cache"; take it out, or choose another strategy)"},
      {"TableWithBudget",
       with_table(R"("lookup_table": {"coverage": 1, "refresh": "1h"}, "calls_per_hour": 1)"),
       R"(folder/x.json:6:128: at /detections/0/calls_per_hour: expected no such key, as "lookup_table" makes no calls, saw "calls_per_hour"; take it out, or choose another strategy)"},
  };
}

INSTANTIATE_TEST_SUITE_P(Strategies, Slips, ::testing::ValuesIn(slips_in_strategies()), name_of);

// ---- Feedback ----

std::string with_feedback(const std::string& keys, const std::string& world = "") {
  return with(R"("world": {},)", R"("world": {)" + world + R"(}, "feedback": {)" + keys + "},");
}

TEST(Scenario, ReadsFeedback) {
  EXPECT_EQ(parsed(std::string{least}).feedback, std::nullopt) << "no record comes back unless asked for";
  const Scenario scenario = parsed(with_feedback(R"("delay": "5m", "trails": ["444455556666"])"));
  ASSERT_TRUE(scenario.feedback);
  EXPECT_EQ(scenario.feedback->delay, 5min);
  EXPECT_THAT(scenario.feedback->trails, ElementsAre("444455556666"));
  EXPECT_THAT(parsed(with_feedback(R"("delay": "1s")")).feedback->trails, IsEmpty()) << "all";
}

TEST(Scenario, ReadsTheTrailsOfTheAccountsThatTheWorldHas) {
  const std::string customers =
      R"("customers": [{"name": "a", "account": "222233334444"}, {"name": "b", "account": "555566667777"}])";
  const Scenario scenario =
      parsed(with_feedback(R"("delay": "5m", "trails": ["555566667777", "111122223333"])", customers));
  EXPECT_THAT(scenario.feedback->trails, ElementsAre("555566667777", "111122223333"));
}

std::vector<Slip> slips_in_feedback() {
  return {
      {"FeedbackWithoutDelay", with_feedback(""),
       R"(folder/x.json:7:28: at /feedback: expected the key "delay", saw no such key; add for example "delay": "5m")"},
      {"FeedbackAtOnce", with_feedback(R"("delay": "0s")"),
       R"(folder/x.json:7:38: at /feedback/delay: expected a duration from 1s to 364d, saw "0s")"},
      {"UnknownKeyOfFeedback", with_feedback(R"("delay": "5m", "trail": ["444455556666"])"),
       R"(folder/x.json:7:44: at /feedback/trail: expected a known key, saw "trail"; did you mean "trails"?)"},
      {"FeedbackOfNoTrail", with_feedback(R"("delay": "5m", "trails": [])"),
       R"(folder/x.json:7:54: at /feedback/trails: expected an array of at least 1, saw an array of 0)"},
      {"TrailOfNobody", with_feedback(R"("delay": "5m", "trails": ["444455556667"])"),
       R"(folder/x.json:7:55: at /feedback/trails/0: expected one of "111122223333", "444455556666", saw "444455556667"; did you mean "444455556666"?)"},
      {"TrailTwice", with_feedback(R"("delay": "5m", "trails": ["444455556666", "444455556666"])"),
       R"(folder/x.json:7:71: at /feedback/trails/1: expected each account once, saw "444455556666")"},
  };
}

INSTANTIATE_TEST_SUITE_P(Feedback, Slips, ::testing::ValuesIn(slips_in_feedback()), name_of);

}  // namespace
}  // namespace rushhour::scenario
