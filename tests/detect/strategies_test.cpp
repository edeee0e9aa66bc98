// What each strategy saves, counted in calls: caches and where they live, skipping, budgets, tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/fakes/gtest.hpp>

namespace rushhour::detect {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

constexpr CacheHome homes[] = {CacheHome::rule_module, CacheHome::helper_module};

class Strategies : public fakes::DetectionTest {
 protected:
  /// VirusTotal without limits, so that only what a test is about refuses.
  Strategies() : DetectionTest({.panther = {.virustotal_quota = {}}}) {}
  explicit Strategies(TestBench::Options options) : DetectionTest(std::move(options)) {}

  VirusTotalDetection::Options options(EnrichmentOptions enrichment,
                                       Strategy strategy = Strategy::alert_context_only) {
    enrichment.role_arn = panther.customer_role_arn;
    return {.name = "Test.Strategies",
            .strategy = strategy,
            .match = Match::event_names({"GetSecretValue"}),
            .enrichment = std::move(enrichment),
            .counts = &counts};
  }
  VirusTotalDetection detection(EnrichmentOptions enrichment,
                                Strategy strategy = Strategy::alert_context_only) {
    return VirusTotalDetection{options(std::move(enrichment), strategy)};
  }
  event::Event read_from(const std::string& source) {
    return cloudtrail_event(R"({"eventName":"GetSecretValue","sourceIPAddress":")" + source + "\"}");
  }
  Evaluation look_at(VirusTotalDetection& rule, const std::string& source = "8.8.8.8") {
    return evaluate(rule, read_from(source));
  }
  /// The same detection as the engine makes it anew when it reloads the rules.
  void reload(VirusTotalDetection& rule, EnrichmentOptions enrichment,
              Strategy strategy = Strategy::alert_context_only) {
    rule = detection(std::move(enrichment), strategy);
  }
  /// Another container: new helper modules.
  void replace_container() { run_as_engine(); }

  void refuse(std::string service, Duration lasting) {
    world().faults.add({.service = std::move(service),
                        .failure = {.outcome = Outcome::throttled, .status = 429, .code = "Throttling"},
                        .from = clock.now(),
                        .lasting = lasting});
  }
  auto made(int sts, int secretsmanager, int virustotal) {
    return AllOf(Called("sts:AssumeRole", sts), Called("secretsmanager:GetSecretValue", secretsmanager),
                 Called("virustotal:ip_addresses", virustotal));
  }

  StrategyCounts counts{};
};

// ---- Credentials ----

TEST_F(Strategies, CachedCredentialsSaveAllButOneAssumeRole) {
  for (const CacheHome home : homes) {
    world().reset();
    replace_container();
    counts = {};
    VirusTotalDetection rule = detection({.credentials_cache = {{.home = home}}});
    for (int i = 0; i < 3; ++i) EXPECT_THAT(look_at(rule), Alerts(Intact()));
    EXPECT_THAT(calls(), made(1, 3, 3));
    EXPECT_EQ(counts.credentials, (CacheCounts{.hits = 2, .reset = 1}));
    EXPECT_EQ(counts.secret, CacheCounts{});
    EXPECT_EQ(counts.verdicts, CacheCounts{});
  }
}

TEST_F(Strategies, CachedCredentialsAreRenewedFiveMinutesBeforeTheyExpire) {
  VirusTotalDetection rule = detection({.credentials_cache = {{.home = CacheHome::helper_module}}});
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  advance(55min - 1ns);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), Called("sts:AssumeRole", 1));
  advance(1ns);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), Called("sts:AssumeRole", 2));
  EXPECT_EQ(counts.credentials, (CacheCounts{.hits = 1, .expired = 1, .reset = 1}));
}

TEST_F(Strategies, RefusedCredentialsAreNotCached) {
  VirusTotalDetection rule = detection({.credentials_cache = {{.home = CacheHome::helper_module}}});
  refuse("sts", 10s);
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  advance(10s);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), Called("sts:AssumeRole", 3));
  EXPECT_EQ(counts.credentials, (CacheCounts{.hits = 1, .reset = 3}));
}

// ---- The secret ----

TEST_F(Strategies, ACachedSecretSavesTheRoleToo) {
  VirusTotalDetection rule = detection({.secret_cache = {{.home = CacheHome::helper_module}}});
  for (int i = 0; i < 3; ++i) EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), made(1, 1, 3));
  EXPECT_EQ(counts.secret, (CacheCounts{.hits = 2, .reset = 1}));
}

TEST_F(Strategies, ACachedSecretLivesAsLongAsTheCredentialsThatFetchedItOrItsOwnTime) {
  VirusTotalDetection like_credentials = detection({.secret_cache = {{.home = CacheHome::rule_module}}});
  VirusTotalDetection short_lived =
      detection({.secret_cache = {{.home = CacheHome::rule_module, .ttl = 1min}}});
  VirusTotalDetection long_lived = detection({.secret_cache = {{.home = CacheHome::rule_module, .ttl = 2h}}});
  const auto reads_by = [&](VirusTotalDetection& rule) {
    const std::uint64_t before = calls().count("secretsmanager:GetSecretValue");
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    return calls().count("secretsmanager:GetSecretValue") - before;
  };
  for (VirusTotalDetection* rule : {&like_credentials, &short_lived, &long_lived})
    EXPECT_EQ(reads_by(*rule), 1U);
  advance(1min - 1ns);
  EXPECT_EQ(reads_by(short_lived), 0U);
  advance(1ns);
  EXPECT_EQ(reads_by(short_lived), 1U);
  advance(54min - 1ns);
  EXPECT_EQ(reads_by(like_credentials), 0U);
  advance(1ns);
  EXPECT_EQ(reads_by(like_credentials), 1U);
  EXPECT_EQ(reads_by(long_lived), 0U);
}

TEST_F(Strategies, ARefusedSecretIsNotCached) {
  VirusTotalDetection rule = detection({.credentials_cache = {{.home = CacheHome::helper_module}},
                                        .secret_cache = {{.home = CacheHome::helper_module}}});
  refuse("secretsmanager", 10s);
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  advance(10s);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), made(1, 2, 2));
  EXPECT_EQ(counts.secret, (CacheCounts{.hits = 1, .reset = 2}));
  EXPECT_EQ(counts.credentials, (CacheCounts{.hits = 1, .reset = 1}));
}

// ---- Verdicts ----

TEST_F(Strategies, ACachedVerdictSavesAllThreeCalls) {
  for (const Strategy strategy : {Strategy::call_in_rule, Strategy::alert_context_only}) {
    world().reset();
    replace_container();
    counts = {};
    VirusTotalDetection rule =
        detection({.verdict_cache = {{.home = CacheHome::helper_module, .ttl = 1h}}}, strategy);
    const std::string fetched = look_at(rule, "35.216.199.51").alert->context.json();
    EXPECT_EQ(look_at(rule, "35.216.199.51").alert->context.json(), fetched);
    EXPECT_THAT(fetched, HasSubstr(R"("as_owner":"GOOGLE")"));
    EXPECT_THAT(look_at(rule, "8.8.8.8"), Alerts(Intact()));
    EXPECT_THAT(calls(), made(2, 2, 2));
    EXPECT_EQ(counts.verdicts, (CacheCounts{.hits = 1, .cold = 1, .reset = 1}));
    advance(1h);
    EXPECT_THAT(look_at(rule, "8.8.8.8"), Alerts(Intact()));
    EXPECT_THAT(calls(), made(3, 3, 3));
    EXPECT_EQ(counts.verdicts.expired, 1U);
  }
}

TEST_F(Strategies, ACachedVerdictIsAsOldAsItsFetch) {
  VirusTotalDetection rule = detection({.verdict_cache = {{.home = CacheHome::helper_module, .ttl = 1h}}});
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  world().virustotal.set_verdict("8.8.8.8", {.malicious = 77});
  EXPECT_THAT(look_at(rule).alert->context.json(), ::testing::Not(HasSubstr(R"("malicious":77)")));
  advance(1h);
  EXPECT_THAT(look_at(rule).alert->context.json(), HasSubstr(R"("malicious":77)"));
}

TEST_F(Strategies, AFullVerdictCacheForgetsTheAddressNotUsed) {
  VirusTotalDetection rule =
      detection({.verdict_cache = {{.home = CacheHome::rule_module, .ttl = 1h, .entries_max = 2}}});
  for (const char* address : {"8.8.8.1", "8.8.8.2", "8.8.8.1", "8.8.8.3", "8.8.8.1", "8.8.8.2"})
    EXPECT_THAT(look_at(rule, address), Alerts(Intact()));
  EXPECT_EQ(counts.verdicts, (CacheCounts{.hits = 2, .cold = 2, .evicted = 1, .reset = 1}));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 4));
}

TEST_F(Strategies, ARefusalOfVirusTotalIsNotKept) {
  VirusTotalDetection rule = detection({.verdict_cache = {{.home = CacheHome::helper_module}}});
  refuse("virustotal", 10s);
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 2));
  advance(10s);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
}

TEST_F(Strategies, ARefusalOfVirusTotalIsKeptForAShorterTimeWhereTheAuthorSaysSo) {
  VirusTotalDetection rule =
      detection({.verdict_cache = {{.home = CacheHome::helper_module, .ttl = 1h, .failure_ttl = 1min}}},
                Strategy::call_in_rule);
  refuse("virustotal", 10s);
  EXPECT_THAT(look_at(rule), RuleFails(HasSubstr("Throttling (429)")));
  advance(1min - 1ns);
  EXPECT_THAT(look_at(rule), RuleFails(HasSubstr("Throttling (429)"))) << "VirusTotal would answer again";
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 1));
  advance(1ns);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  advance(59min);
  EXPECT_THAT(look_at(rule), Alerts(Intact()));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 2));
}

// ---- Where caches live ----

TEST_F(Strategies, AReloadOfTheRulesEmptiesTheRulesOwnCachesOnly) {
  for (const CacheHome home : homes) {
    const EnrichmentOptions cached{.credentials_cache = {{.home = home}},
                                   .secret_cache = {{.home = home}},
                                   .verdict_cache = {{.home = home, .ttl = 1h}}};
    world().reset();
    replace_container();
    counts = {};
    VirusTotalDetection rule = detection(cached);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    advance(5min);
    reload(rule, cached);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    if (home == CacheHome::helper_module) {
      EXPECT_THAT(calls(), made(1, 1, 1));
      EXPECT_EQ(counts.verdicts, (CacheCounts{.hits = 1, .reset = 1}));
    } else {
      EXPECT_THAT(calls(), made(2, 2, 2));
      for (const CacheCounts& each : {counts.credentials, counts.secret, counts.verdicts})
        EXPECT_EQ(each, (CacheCounts{.reload = 1, .reset = 1}));
    }
  }
}

TEST_F(Strategies, AReloadIsBlamedForNothingThatWasNotThereOrNotGoodAnyLonger) {
  const EnrichmentOptions cached{.verdict_cache = {{.home = CacheHome::rule_module, .ttl = 1min}}};
  VirusTotalDetection rule = detection(cached);
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact()));
  advance(1min);
  reload(rule, cached);
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact()));
  EXPECT_THAT(look_at(rule, "8.8.8.2"), Alerts(Intact()));
  EXPECT_EQ(counts.verdicts, (CacheCounts{.cold = 1, .expired = 1, .reset = 1}));
}

TEST_F(Strategies, ANewContainerStartsWithNothing) {
  for (const CacheHome home : homes) {
    const EnrichmentOptions cached{.credentials_cache = {{.home = home}}};
    world().reset();
    replace_container();
    counts = {};
    VirusTotalDetection rule = detection(cached);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    replace_container();
    reload(rule, cached);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    EXPECT_THAT(calls(), Called("sts:AssumeRole", 2));
    EXPECT_EQ(counts.credentials, (CacheCounts{.reset = 2}));
  }
}

TEST_F(Strategies, DetectionsOfAContainerShareTheCachesOfTheirHelperModules) {
  for (const CacheHome home : homes) {
    world().reset();
    replace_container();
    const EnrichmentOptions cached{.credentials_cache = {{.home = home}},
                                   .secret_cache = {{.home = home}},
                                   .verdict_cache = {{.home = home, .ttl = 1h}}};
    StrategyCounts of_second;
    auto second_options = options(cached);
    second_options.name = "Test.Second";
    second_options.counts = &of_second;
    VirusTotalDetection first = detection(cached);
    VirusTotalDetection second{std::move(second_options)};
    EXPECT_THAT(look_at(first), Alerts(Intact()));
    EXPECT_THAT(look_at(second), Alerts(Intact()));
    if (home == CacheHome::helper_module) {
      EXPECT_THAT(calls(), made(1, 1, 1));
      EXPECT_EQ(of_second.verdicts, CacheCounts{.hits = 1});
      EXPECT_EQ(of_second.secret, CacheCounts{}) << "not asked for, as the verdict was there";
    } else {
      EXPECT_THAT(calls(), made(2, 2, 2));
      EXPECT_EQ(of_second.verdicts, CacheCounts{.reset = 1});
    }
  }
}

TEST_F(Strategies, DetectionsWithDifferentRolesOrSecretsShareNothing) {
  const EnrichmentOptions cached{.credentials_cache = {{.home = CacheHome::helper_module}},
                                 .secret_cache = {{.home = CacheHome::helper_module}},
                                 .verdict_cache = {{.home = CacheHome::helper_module}}};
  VirusTotalDetection first = detection(cached);
  EXPECT_THAT(look_at(first), Alerts(Intact()));

  EnrichmentOptions other_session = cached;
  other_session.role_session_name = "Another";
  VirusTotalDetection second = detection(other_session);
  EXPECT_THAT(look_at(second), Alerts(Intact()));
  EXPECT_THAT(calls(), made(2, 2, 2));

  EnrichmentOptions other_secret = cached;
  other_secret.secret_id = "no-such-secret";
  VirusTotalDetection third = detection(other_secret);
  EXPECT_THAT(look_at(third), Alerts(Degraded())) << "not with the key of the first";
  EXPECT_THAT(calls(), made(2, 3, 2)) << "with the credentials of the first";
}

// ---- Skipping and budgets ----

TEST_F(Strategies, AsksNobodyAboutAddressesThatAreNotPublic) {
  for (const Strategy strategy : {Strategy::call_in_rule, Strategy::alert_context_only}) {
    VirusTotalDetection rule = detection({.skip_private = true}, strategy);
    counts = {};
    const std::pair<const char*, const char*> skipped[] = {{"10.1.2.3", "private_ipv4"},
                                                           {"127.0.0.1", "reserved_ipv4"},
                                                           {"fd00::1", "reserved_ipv6"},
                                                           {"ecs.amazonaws.com", "service_name"},
                                                           {"999.1.1.1", "malformed"}};
    for (const auto& [address, kind] : skipped) {
      const Evaluation evaluation = look_at(rule, address);
      ASSERT_TRUE(evaluation.alert) << address;
      EXPECT_EQ(evaluation.alert->context.state(), AlertContext::State::skipped) << address;
      EXPECT_EQ(evaluation.alert->context.json(), R"({"skipped":")" + std::string{kind} + "\"}");
      EXPECT_FALSE(evaluation.alert->is_degraded());
    }
    const Evaluation missing = evaluate(rule, cloudtrail_event(R"({"eventName":"GetSecretValue"})"));
    EXPECT_EQ(missing.alert.value().context.json(), R"({"skipped":"missing"})");
    EXPECT_EQ(counts.skipped_private, 6U);
    EXPECT_EQ(calls().total(), 0U);
  }
  VirusTotalDetection rule = detection({.skip_private = true});
  EXPECT_THAT(look_at(rule, "8.8.8.8"), Alerts(Intact()));
  EXPECT_THAT(look_at(rule, "2606:4700::1"), Alerts(Intact()));
  EXPECT_THAT(calls(), made(2, 2, 2));
}

TEST_F(Strategies, KeepsToItsBudgetOfCallsInAnyHour) {
  for (const Strategy strategy : {Strategy::call_in_rule, Strategy::alert_context_only}) {
    world().reset();
    replace_container();
    counts = {};
    VirusTotalDetection rule = detection({.calls_per_hour = 2}, strategy);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    advance(30min);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    advance(30min - 1ns);
    const Evaluation over = look_at(rule);
    ASSERT_TRUE(over.alert) << "the alert goes out";
    EXPECT_EQ(over.alert->context.state(), AlertContext::State::skipped);
    EXPECT_EQ(over.alert->context.json(), R"({"skipped":"call budget"})");
    EXPECT_THAT(calls(), made(2, 2, 2)) << "without a look-up there is no need for a key";
    advance(1ns);
    EXPECT_THAT(look_at(rule), Alerts(Intact()));
    EXPECT_EQ(look_at(rule).alert->context.state(), AlertContext::State::skipped);
    EXPECT_EQ(counts.over_budget, 2U);
  }
}

TEST_F(Strategies, ABudgetIsTheContainersAndOutlivesReloads) {
  const EnrichmentOptions budget{.calls_per_hour = 2};
  VirusTotalDetection first = detection(budget);
  auto second_options = options(budget);
  second_options.name = "Test.Second";
  VirusTotalDetection second{std::move(second_options)};
  EXPECT_THAT(look_at(first), Alerts(Intact()));
  EXPECT_THAT(look_at(second), Alerts(Intact()));
  EXPECT_EQ(look_at(first).alert->context.state(), AlertContext::State::skipped);
  reload(first, budget);
  EXPECT_EQ(look_at(first).alert->context.state(), AlertContext::State::skipped);
  replace_container();
  EXPECT_EQ(look_at(first).alert->context.state(), AlertContext::State::intact);
}

TEST_F(Strategies, ABudgetIsForCallsThatWereMade) {
  VirusTotalDetection rule = detection(
      {.verdict_cache = {{.home = CacheHome::helper_module}}, .skip_private = true, .calls_per_hour = 2});
  refuse("sts", 1s);
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
  advance(1s);
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact())) << "refused by STS, no call was made before";
  for (int i = 0; i < 5; ++i) EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact())) << "out of the cache";
  EXPECT_EQ(look_at(rule, "10.0.0.1").alert->context.json(), R"({"skipped":"private_ipv4"})");
  EXPECT_THAT(look_at(rule, "8.8.8.2"), Alerts(Intact()));
  EXPECT_EQ(look_at(rule, "8.8.8.3").alert->context.json(), R"({"skipped":"call budget"})");
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact()));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 2));
  EXPECT_EQ(counts.skipped_private, 1U);
  EXPECT_EQ(counts.over_budget, 1U);
}

// ---- A table in place of calls ----

TEST_F(Strategies, ALookupTableCallsNobodyAndSaysHowOldItIs) {
  auto table = options({}, Strategy::lookup_table);
  table.table = {.refresh = 24h,
                 .report = [&](std::string_view address) { return world().virustotal.report(address); }};
  VirusTotalDetection rule{std::move(table)};
  advance(14h);
  const Instant midnight = LookupTable{{.refresh = 24h}}.refreshed(clock.now());
  const Duration age = clock.now() - midnight;
  ASSERT_GT(age.count(), 0);
  const Evaluation known = look_at(rule, "35.216.199.51");
  ASSERT_THAT(known, Alerts(Intact()));
  EXPECT_THAT(known.alert->context.json(),
              AllOf(StartsWith(R"({"as_of":")" + to_iso8601(midnight) + R"(","attributes":{)"),
                    HasSubstr(R"("as_owner":"GOOGLE")")));
  advance(1h);
  EXPECT_THAT(look_at(rule, "8.8.8.8"), Alerts(Intact()));
  const Evaluation unknown = look_at(rule, "ecs.amazonaws.com");
  EXPECT_EQ(unknown.alert.value().context.json(), R"({"skipped":"not in the lookup table"})");
  EXPECT_EQ(calls().total(), 0U);
  EXPECT_EQ(counts.lookups, 3U);
  EXPECT_EQ(counts.lookups_covered, 2U);
  EXPECT_EQ(counts.staleness_max, age + 1h);
  EXPECT_EQ(counts.staleness_mean(), age + 30min);
}

TEST_F(Strategies, ALookupTableKnowsOnlyTheAddressesThatItCovers) {
  auto table = options({.skip_private = true}, Strategy::lookup_table);
  table.table = {.coverage = {1, 2}, .stream = Random{7}.stream("lookup_table")};
  VirusTotalDetection rule{table};
  const LookupTable same{table.table};
  std::uint64_t covered = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string address = "8.8.8." + std::to_string(i);
    const AlertContext context = look_at(rule, address).alert.value().context;
    EXPECT_EQ(context.state() == AlertContext::State::intact, same.covers(address)) << address;
    covered += same.covers(address) ? 1U : 0U;
  }
  EXPECT_EQ(look_at(rule, "10.0.0.1").alert.value().context.json(), R"({"skipped":"private_ipv4"})");
  EXPECT_GT(covered, 0U);
  EXPECT_LT(covered, 100U);
  EXPECT_EQ(counts.lookups, 100U) << "private addresses are not looked up";
  EXPECT_EQ(counts.lookups_covered, covered);
}

// ---- How the code reads an answer ----

TEST_F(Strategies, IndexingAnErrorAnswerRaisesKeyError) {
  for (const bool cached : {false, true}) {
    EnrichmentOptions enrichment;
    if (cached) enrichment.credentials_cache = {.home = CacheHome::helper_module};
    auto in_context = options(enrichment);
    in_context.data = DataAccess::index;
    auto in_rule = options(enrichment, Strategy::call_in_rule);
    in_rule.data = DataAccess::index;
    VirusTotalDetection context_rule{std::move(in_context)};
    VirusTotalDetection rule{std::move(in_rule)};
    EXPECT_THAT(look_at(context_rule), Alerts(Intact()));
    refuse("virustotal", 1ns);
    const Evaluation evaluation = look_at(context_rule);
    ASSERT_THAT(evaluation, Alerts(Degraded()));
    EXPECT_EQ(evaluation.alert->context.json(), "{\"_error\":\"KeyError('data')\"}");
    const Evaluation failed = look_at(rule);
    EXPECT_EQ(failed.error(), "KeyError('data')");
    EXPECT_EQ(failed.failure.value().outcome, Outcome::throttled) << "what it was is not lost on the report";
    advance(1s);
  }
}

TEST_F(Strategies, WithoutAnAnswerThereIsNothingToIndex) {
  auto in_context = options({});
  in_context.data = DataAccess::index;
  VirusTotalDetection rule{std::move(in_context)};
  world().faults.add({.service = "virustotal", .failure = {.outcome = Outcome::reset}});
  EXPECT_THAT(look_at(rule).alert.value().context.json(), HasSubstr("reset"));
  EXPECT_THAT(look_at(rule), Alerts(Degraded()));
}

TEST_F(Strategies, ARefusalOfAwsRaisesBeforeThereIsAnythingToIndex) {
  auto in_context = options({});
  in_context.data = DataAccess::index;
  VirusTotalDetection rule{std::move(in_context)};
  refuse("sts", 1s);
  EXPECT_THAT(look_at(rule).alert.value().context.json(), HasSubstr("Throttling (429)"));
}

// ---- Titles and dedup strings ----

TEST_F(Strategies, GroupsByTheEnginesDefaultUnlessToldOtherwise) {
  VirusTotalDetection plain = detection({});
  const Alert alert = look_at(plain).alert.value();
  EXPECT_EQ(alert.title, "Test.Strategies");
  EXPECT_EQ(alert.dedup, "defaultDedupString:Test.Strategies");

  auto titled = options({});
  titled.title = "A secret was read";
  VirusTotalDetection by_title{titled};
  EXPECT_EQ(look_at(by_title).alert.value().title, "A secret was read");
  EXPECT_EQ(look_at(by_title).alert.value().dedup, "A secret was read");

  titled.dedup = {"source_ip"};
  VirusTotalDetection by_address{std::move(titled)};
  EXPECT_EQ(look_at(by_address, "8.8.4.4").alert.value().dedup, "8.8.4.4");
  EXPECT_EQ(evaluate(by_address, cloudtrail_event(R"({"eventName":"GetSecretValue"})")).alert.value().dedup,
            "defaultDedupString:Test.Strategies");
}

// ---- All at once ----

TEST_F(Strategies, WorkTogetherAndWithoutCounts) {
  auto all = options({.credentials_cache = {{.home = CacheHome::helper_module}},
                      .secret_cache = {{.home = CacheHome::rule_module, .ttl = 1h}},
                      .verdict_cache = {{.home = CacheHome::helper_module, .ttl = 1h}},
                      .skip_private = true,
                      .calls_per_hour = 1},
                     Strategy::call_in_rule);
  all.counts = nullptr;
  VirusTotalDetection rule{std::move(all)};
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact()));
  EXPECT_THAT(look_at(rule, "8.8.8.1"), Alerts(Intact()));
  EXPECT_EQ(look_at(rule, "8.8.8.2").alert.value().context.json(), R"({"skipped":"call budget"})");
  EXPECT_EQ(look_at(rule, "10.0.0.1").alert.value().context.json(), R"({"skipped":"private_ipv4"})");
  EXPECT_THAT(calls(), made(1, 1, 1));
}

}  // namespace
}  // namespace rushhour::detect
