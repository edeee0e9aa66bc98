#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/fakes/gtest.hpp>

namespace rushhour::detect {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

/// How many alerts came out of a number of events, and how.
struct Counts {
  int intact{};
  int degraded{};
  int missed{};  ///< rule errors: nobody knows whether they would have matched
  int quiet{};

  friend bool operator==(const Counts&, const Counts&) = default;
  friend void PrintTo(const Counts& counts, std::ostream* out) {
    *out << counts.intact << " intact, " << counts.degraded << " degraded, " << counts.missed << " missed, "
         << counts.quiet << " quiet";
  }
};

class Enrichment : public fakes::DetectionTest {
 protected:
  using DetectionTest::DetectionTest;

  VirusTotalDetection detection(Strategy strategy) {
    return VirusTotalDetection{{.name = "Test.Enrichment",
                                .strategy = strategy,
                                .match = Match::event_names({"GetSecretValue"}),
                                .enrichment = {.role_arn = panther.customer_role_arn}}};
  }
  event::Event read_from(const std::string& source, const std::string& event_name = "GetSecretValue") {
    return cloudtrail_event(R"({"eventName":")" + event_name + R"(","sourceIPAddress":)" + source + "}");
  }
  /// `matching` events of interest and as many others, a second apart.
  Counts run(VirusTotalDetection detection, int matching) {
    Counts counts;
    for (int i = 0; i < 2 * matching; ++i) {
      const Evaluation evaluation =
          evaluate(detection, read_from(R"("8.8.8.8")", i % 2 == 0 ? "GetSecretValue" : "ListBuckets"));
      if (evaluation.verdict == Verdict::Kind::error) ++counts.missed;
      if (evaluation.verdict == Verdict::Kind::no_match) ++counts.quiet;
      if (evaluation.alert) ++(evaluation.alert->is_degraded() ? counts.degraded : counts.intact);
      advance(1s);
    }
    return counts;
  }
};

TEST_F(Enrichment, PutsVirusTotalsAttributesIntoTheAlert) {
  VirusTotalDetection rule = detection(Strategy::alert_context_only);
  const Evaluation evaluation = evaluate(rule, read_from(R"("35.216.199.51")"));
  ASSERT_THAT(evaluation, Alerts(Intact()));
  const std::string& context = evaluation.alert->context.json();
  EXPECT_THAT(context, HasSubstr(R"("as_owner":"GOOGLE")"));
  EXPECT_THAT(context, HasSubstr(R"("last_analysis_date":1687579849)"));
  EXPECT_THAT(
      context,
      HasSubstr(R"("last_analysis_stats":{"harmless":64,"malicious":1,"suspicious":0,"undetected":23,)"
                R"("timeout":0})"));
  EXPECT_THAT(context, Not(HasSubstr(R"("data")"))) << "the attributes, not the answer";
}

TEST_F(Enrichment, MakesThreeCallsForEachEventThatMatches) {
  for (const Strategy strategy : {Strategy::call_in_rule, Strategy::alert_context_only}) {
    world().reset();
    advance(1min);
    EXPECT_EQ(run(detection(strategy), 2), (Counts{.intact = 2, .quiet = 2}));
    EXPECT_THAT(calls(), AllOf(Called("sts:AssumeRole", 2), Called("secretsmanager:GetSecretValue", 2),
                               Called("virustotal:ip_addresses", 2)));
    EXPECT_EQ(calls().total(), 6U);
  }
}

TEST_F(Enrichment, InTheRuleALookUpThatFailsLosesTheVerdict) {
  EXPECT_EQ(run(detection(Strategy::call_in_rule), 10), (Counts{.intact = 4, .missed = 6, .quiet = 10}));
  EXPECT_THAT(calls(), AllOf(Called("virustotal:ip_addresses", 10), Called("sts:AssumeRole", 10)));
}

TEST_F(Enrichment, InTheAlertContextALookUpThatFailsLosesTheContextOnly) {
  EXPECT_EQ(run(detection(Strategy::alert_context_only), 10),
            (Counts{.intact = 4, .degraded = 6, .quiet = 10}));
  EXPECT_THAT(calls(), AllOf(Called("virustotal:ip_addresses", 10), Called("sts:AssumeRole", 10)));
}

TEST_F(Enrichment, SaysWhyAnAlertIsDegraded) {
  VirusTotalDetection rule = detection(Strategy::alert_context_only);
  for (int i = 0; i < 4; ++i) EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")), Alerts(Intact()));
  EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")).alert->context.json(),
              "{\"_error\":\"alert_context returned None: QuotaExceededError (429): Quota exceeded\"}");
}

TEST_F(Enrichment, ARefusalOfAwsIsAnExceptionAsInBoto3) {
  world().iam.set_trust_policy(panther.customer_role_arn, R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"999999999999"}}]})");
  VirusTotalDetection in_rule = detection(Strategy::call_in_rule);
  EXPECT_THAT(evaluate(in_rule, read_from(R"("8.8.8.8")")), RuleFails(HasSubstr("AccessDenied (403)")));
  VirusTotalDetection in_context = detection(Strategy::alert_context_only);
  const Evaluation evaluation = evaluate(in_context, read_from(R"("8.8.8.8")"));
  ASSERT_THAT(evaluation, Alerts(Degraded()));
  EXPECT_THAT(evaluation.alert->context.json(), HasSubstr("AccessDenied (403)"));
  EXPECT_THAT(calls(), AllOf(Called("sts:AssumeRole", 2), Called("secretsmanager:GetSecretValue", 0)));
}

TEST_F(Enrichment, ASecretThatIsMissingDegradesToo) {
  VirusTotalDetection rule{{.name = "Test.Enrichment",
                            .strategy = Strategy::alert_context_only,
                            .match = Match::event_names({"GetSecretValue"}),
                            .enrichment = {.role_arn = panther.customer_role_arn, .secret_id = "another"}}};
  EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")), Alerts(Degraded()));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 0));
}

TEST_F(Enrichment, AsksForNoneWhereTheAddressIsMissing) {
  VirusTotalDetection rule = detection(Strategy::alert_context_only);
  for (const event::Event& event :
       {read_from("null"), cloudtrail_event(R"({"eventName":"GetSecretValue"})")}) {
    const Evaluation evaluation = evaluate(rule, event);
    ASSERT_THAT(evaluation, Alerts(Degraded()));
    EXPECT_THAT(evaluation.alert->context.json(),
                HasSubstr(R"(InvalidArgumentError (400): \"None\" is not)"));
  }
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 2));
}

TEST_F(Enrichment, ReportsOfOneEventNeverReachTheNext) {
  world().virustotal.set_verdict("8.8.8.8", {.malicious = 77});
  VirusTotalDetection rule = detection(Strategy::call_in_rule);
  EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")).alert->context.json(),
              HasSubstr(R"("malicious":77)"));
  EXPECT_THAT(evaluate(rule, read_from(R"("35.216.199.51")")).alert->context.json(),
              HasSubstr(R"("malicious":1,)"));
}

TEST_F(Enrichment, UnderTheUnitTestsRoleNeedsThatRoleToBeTrusted) {
  run_as_unit_tests();
  VirusTotalDetection rule = detection(Strategy::alert_context_only);
  EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")), Alerts(Intact()));
}

class EnrichmentWithRetries : public Enrichment {
 protected:
  EnrichmentWithRetries() : Enrichment(fakes::TestBench::Options{.retry_policy = "legacy"}) {}
};

TEST_F(EnrichmentWithRetries, RetriesAreTheClientsAndWaitOnTheClock) {
  const Instant before = clock.now();
  world().faults.add({.service = "sts",
                      .failure = {.outcome = Outcome::throttled, .status = 400, .code = "Throttling"},
                      .from = before,
                      .lasting = 1ns});
  VirusTotalDetection rule = detection(Strategy::alert_context_only);
  EXPECT_THAT(evaluate(rule, read_from(R"("8.8.8.8")")), Alerts(Intact()));
  EXPECT_THAT(calls(), AllOf(Called("sts:AssumeRole", 2), Contains(Throttled())));
  EXPECT_GT(clock.now(), before);
  EXPECT_LT(clock.now(), before + 1s);
}

}  // namespace
}  // namespace rushhour::detect
