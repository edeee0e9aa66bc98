#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include <rushhour/fakes/world.hpp>
#include <rushhour/gtest.hpp>

namespace rushhour {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::DescribeMatcher;
using ::testing::Each;
using ::testing::Field;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Not;
using ::testing::PrintToString;
using ::testing::SizeIs;

const Instant start = parse_iso8601("2026-03-02T14:00:00Z").value();
const Failure denied{.outcome = Outcome::denied,
                     .status = 403,
                     .code = "AccessDenied",
                     .message = "User: x is not authorized"};
const Failure throttled{
    .outcome = Outcome::throttled, .status = 400, .code = "Throttling", .message = "Rate exceeded"};

/// Why the value does not match, or does.
template <class Matcher, class Value>
std::string explanation(const Matcher& matcher, const Value& value) {
  ::testing::StringMatchResultListener listener;
  (void)::testing::ExplainMatchResult(matcher, value, &listener);
  return listener.str();
}

/// A journal of three calls.
class CallsTest : public ::testing::Test {
 protected:
  CallsTest() {
    const Name assume_role = names.intern("sts:AssumeRole");
    const Name look_up = names.intern("virustotal:ip_addresses");
    const Name engine = names.intern("arn:aws:iam::111122223333:role/engine");
    journal.append({.at = start,
                    .event = 7,
                    .operation = assume_role,
                    .principal = engine,
                    .status = 200,
                    .attempt = 1});
    journal.append({.at = start,
                    .event = 7,
                    .operation = look_up,
                    .detection = names.intern("SecretRead"),
                    .code = names.intern("QuotaExceededError"),
                    .site = names.intern("rules/read.py:31"),
                    .status = 429,
                    .outcome = Outcome::throttled,
                    .attempt = 2});
    journal.append({.at = start, .operation = look_up, .status = 401, .outcome = Outcome::denied});
  }
  [[nodiscard]] Calls calls() const { return {journal, names, 42}; }

  Names names;
  Journal journal{10};
};

TEST_F(CallsTest, AreAContainerOfEntriesInWords) {
  EXPECT_THAT(calls(), SizeIs(3));
  const JournalEntry second = *(calls().begin() + 1);
  EXPECT_EQ(second.operation, "virustotal:ip_addresses");
  EXPECT_EQ(second.detection, "SecretRead");
  EXPECT_EQ(second.code, "QuotaExceededError");
  EXPECT_EQ(second.site, "rules/read.py:31");
  EXPECT_EQ(second.event, 7U);
  EXPECT_EQ(second.attempt, 2U);
  EXPECT_EQ(second.status, 429);
}

TEST_F(CallsTest, CountWhatTheRingHasDropped) {
  Journal small{1};
  for (const Call& call : journal.calls()) small.append(call);
  const Calls kept{small, names, 42};
  EXPECT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept.total(), 3U);
  EXPECT_EQ(kept.count("virustotal:ip_addresses"), 2U);
  EXPECT_EQ(kept.count("sts:AssumeRole"), 1U);
}

TEST_F(CallsTest, AreTalliedByNameOfTheOperation) {
  const Calls all = calls();
  ASSERT_EQ(all.tallies().size(), 2U);
  const OperationTally& look_ups = all.tallies()[1];
  EXPECT_EQ(look_ups.operation, "virustotal:ip_addresses");
  EXPECT_EQ(look_ups.attempts, 2U);
  EXPECT_EQ(look_ups.ok, 0U);
  EXPECT_EQ(look_ups.throttled, 1U);
  EXPECT_EQ(look_ups.errors, 1U);
}

TEST_F(CallsTest, ReadAsATableAndTheLastCalls) {
  EXPECT_EQ(to_text(calls(), 2),
            "  operation                         attempts        ok throttled    errors\n"
            "  sts:AssumeRole                           1         1         0         0\n"
            "  virustotal:ip_addresses                  2         0         1         1\n"
            "the last 2 of 3 calls:\n"
            "  2026-03-02T14:00:00.000Z virustotal:ip_addresses 429 QuotaExceededError (throttled), event 7, "
            "attempt 2, "
            "detection SecretRead, at rules/read.py:31\n"
            "  2026-03-02T14:00:00.000Z virustotal:ip_addresses 401 (denied)\n");
  EXPECT_EQ(to_text(Calls{Journal{}, names, 1}), "no calls\n");
  EXPECT_THAT(to_text(*calls().begin()), HasSubstr("by arn:aws:iam::111122223333:role/engine"));
}

TEST_F(CallsTest, PrintTheSeedAndTheCommandThatRunsTheTestAgain) {
  const std::string text = PrintToString(calls());
  EXPECT_THAT(text, HasSubstr("attempts"));
  EXPECT_THAT(text, HasSubstr("the last 3 of 3 calls"));
  EXPECT_THAT(text, HasSubstr("seed: 42\n"));
  EXPECT_THAT(text, HasSubstr("reproduce: RUSHHOUR_SEED=42 "));
  EXPECT_THAT(text, HasSubstr(" --gtest_filter=CallsTest.PrintTheSeedAndTheCommandThatRunsTheTestAgain\n"));
}

TEST_F(CallsTest, MatchByCountAsNumberOrMatcher) {
  EXPECT_THAT(calls(), Called("sts:AssumeRole"));
  EXPECT_THAT(calls(), Called("sts:AssumeRole", 1));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", AllOf(Ge(1), Le(2))));
  EXPECT_THAT(calls(), Not(Called("virustotal:ip_addresses", 1)));
  EXPECT_THAT(calls(), Called("secretsmanager:GetSecretValue", 0));
  EXPECT_THAT(calls(), Not(Called("secretsmanager:GetSecretValue")));
}

TEST_F(CallsTest, SayHowManyThereWere) {
  EXPECT_EQ(explanation(Called("virustotal:ip_addresses", Le(1)), calls()), "which has 2");
  EXPECT_EQ(DescribeMatcher<Calls>(Called("sts:AssumeRole", Le(1))),
            "has a number of calls to sts:AssumeRole that is <= 1");
}

TEST_F(CallsTest, NeverMatchAnOperationThatDoesNotExist) {
  EXPECT_FALSE(::testing::Value(calls(), Called("sts:AssumeRol", 0)));
  EXPECT_FALSE(::testing::Value(calls(), Called("AssumeRole", Le(1))));
  EXPECT_EQ(explanation(Called("sts:AssumeRol", 0), calls()),
            "but no service has an operation \"sts:AssumeRol\"");
}

TEST_F(CallsTest, MatchEntryByEntry) {
  EXPECT_THAT(calls(), Contains(Throttled()));
  EXPECT_THAT(calls(), Contains(AllOf(CallTo("virustotal:ip_addresses"), Throttled())).Times(1));
  EXPECT_THAT(calls(), Not(Contains(AllOf(CallTo("sts:AssumeRole"), Throttled()))));
  EXPECT_THAT(calls(), Not(Each(HasOutcome(Outcome::ok))));
  EXPECT_THAT((Calls{Journal{}, names, 1}), IsEmpty());
}

TEST(HasOutcome, MatchesWhateverHasOne) {
  EXPECT_THAT(throttled, Throttled());
  EXPECT_THAT(Result<int>{throttled}, Throttled());
  EXPECT_THAT(Result<int>{1}, HasOutcome(Outcome::ok));
  EXPECT_THAT((Call{.outcome = Outcome::expired}), HasOutcome(Outcome::expired));
  EXPECT_THAT(denied, HasOutcome(::testing::AnyOf(Outcome::denied, Outcome::expired)));
  EXPECT_THAT(denied, Not(Throttled()));
  EXPECT_EQ(explanation(Throttled(), denied), "whose outcome is denied");
  EXPECT_EQ(DescribeMatcher<Failure>(Throttled()), "has an outcome that is equal to throttled");
}

TEST(Succeeds, MatchesAResultWithAValue) {
  EXPECT_THAT(Result<int>{5}, Succeeds());
  EXPECT_THAT(Result<int>{denied}, Not(Succeeds()));
  EXPECT_EQ(explanation(Succeeds(), Result<int>{denied}), "which fails");
}

TEST(Succeeds, TakesAValueOrAMatcher) {
  EXPECT_THAT(Result<int>{5}, Succeeds(5));
  EXPECT_THAT(Result<int>{5}, Succeeds(Ge(4)));
  EXPECT_THAT(Result<int>{5}, Not(Succeeds(6)));
  EXPECT_THAT(Result<int>{denied}, Not(Succeeds(_)));
  EXPECT_THAT(Result<std::string>{"abc"}, Succeeds("abc"));
  using Identity = api::sts::GetCallerIdentity::Output;
  EXPECT_THAT(Result<Identity>{Identity{.account = "1"}}, Succeeds(Field(&Identity::account, "1")));
  EXPECT_EQ(DescribeMatcher<Result<int>>(Succeeds(Ge(4))), "succeeds with a value that is >= 4");
  EXPECT_EQ(explanation(Succeeds(5), Result<int>{denied}), "which fails");
}

TEST(FailsWith, TakesACodeAndPerhapsAText) {
  const Result<int> result{denied};
  EXPECT_THAT(result, FailsWith("AccessDenied"));
  EXPECT_THAT(result, FailsWith("AccessDenied", HasSubstr("not authorized")));
  EXPECT_THAT(result, FailsWith(HasSubstr("Denied"), "User: x is not authorized"));
  EXPECT_THAT(denied, FailsWith("AccessDenied"));
  EXPECT_THAT(result, Not(FailsWith("AccessDeniedException")));
  EXPECT_THAT(result, Not(FailsWith("AccessDenied", HasSubstr("explicit deny"))));
  EXPECT_THAT(Result<int>{1}, Not(FailsWith(_)));
}

TEST(FailsWith, TakesAnOutcome) {
  EXPECT_THAT(Result<int>{throttled}, FailsWith(Outcome::throttled));
  EXPECT_THAT(Result<int>{1}, Not(FailsWith(Outcome::throttled)));
}

TEST(FailsWith, SaysWhatThereWas) {
  EXPECT_EQ(explanation(FailsWith("Throttling"), Result<int>{denied}),
            "whose code is \"AccessDenied\" and text \"User: x is not authorized\"");
  EXPECT_EQ(explanation(FailsWith("Throttling"), Result<int>{1}), "which succeeds");
  EXPECT_EQ(DescribeMatcher<Result<int>>(FailsWith("Throttling", HasSubstr("Rate"))),
            "fails with a code that is equal to \"Throttling\" and a text that has substring \"Rate\"");
}

detect::Evaluation alerted(detect::AlertContext context) {
  return {.verdict = detect::Verdict::Kind::match,
          .alert =
              detect::Alert{.event = 3, .title = "Secret read", .dedup = "x", .context = std::move(context)}};
}

TEST(Alerts, TellsIntactFromDegraded) {
  const detect::Evaluation intact = alerted(detect::AlertContext::mapping("{}"));
  const detect::Evaluation degraded = alerted(detect::AlertContext::error("no data"));
  const detect::Evaluation none;
  EXPECT_THAT(intact, Alerts());
  EXPECT_THAT(intact, Alerts(Intact()));
  EXPECT_THAT(intact, Not(Alerts(Degraded())));
  EXPECT_THAT(degraded, Alerts(Degraded()));
  EXPECT_THAT(degraded, Alerts(Field(&detect::Alert::title, "Secret read")));
  EXPECT_THAT(none, Not(Alerts()));
  EXPECT_EQ(explanation(Alerts(), none), "which raises none");
  EXPECT_EQ(explanation(Alerts(Intact()), degraded), "which is degraded");
  EXPECT_EQ(DescribeMatcher<detect::Evaluation>(Alerts(Intact())), "raises an alert that is intact");
}

TEST(RuleFails, MatchesTheErrorOfARuleThatCouldNotDecide) {
  const detect::Evaluation failed{.verdict = detect::Verdict::Kind::error, .exception = "AccessDenied (403)"};
  EXPECT_THAT(failed, RuleFails(HasSubstr("AccessDenied")));
  EXPECT_THAT(failed, Not(RuleFails("Throttling")));
  EXPECT_THAT(detect::Evaluation{}, Not(RuleFails(_)));
}

TEST(Printers, SayWhatAValueIs) {
  EXPECT_EQ(PrintToString(Outcome::not_found), "not_found");
  EXPECT_EQ(PrintToString(denied), "AccessDenied (403): User: x is not authorized (denied)");
  EXPECT_EQ(PrintToString(start), "2026-03-02T14:00:00.000000000Z");
  EXPECT_EQ(PrintToString(Duration{std::chrono::seconds{90}}), "1m30s");
  EXPECT_EQ(PrintToString(std::optional{start}), "(2026-03-02T14:00:00.000000000Z)");
  EXPECT_EQ(PrintToString(Result<int>{5}), "ok: 5");
  EXPECT_EQ(PrintToString(Result<int>{throttled}), "Throttling (400): Rate exceeded (throttled)");
  EXPECT_EQ(PrintToString(Result<api::sts::GetCallerIdentity::Output>{{.user_id = "AIDAX", .account = "1"}}),
            R"(ok: {"UserId":"AIDAX","Account":"1"})");
  EXPECT_THAT(
      PrintToString(Call{.at = start, .operation = Name{4}, .status = 429, .outcome = Outcome::throttled}),
      HasSubstr("operation #4 429 (throttled)"));
  EXPECT_EQ(PrintToString(alerted(detect::AlertContext::error("no data"))),
            "match: degraded alert \"Secret read\" for event 3, severity INFO, dedup \"x\", context "
            "{\"_error\":\"no data\"}");
  EXPECT_EQ(PrintToString(
                api::virustotal::IpAddressReport{.address = "8.8.8.8", .asn = 15169, .as_owner = "GOOGLE"}),
            "8.8.8.8 AS15169 GOOGLE, (no country), (no network), analysed 1970-01-01T00:00:00Z, "
            "{harmless 0, malicious 0, suspicious 0, undetected 0, timeout 0}");
}

/// Sets a variable of the environment for one test.
class SeedVariable {
 public:
  explicit SeedVariable(const char* value) {
    if (const char* old = std::getenv(name)) before_ = old;
    ::setenv(name, value, 1);
  }
  SeedVariable(const SeedVariable&) = delete;
  SeedVariable& operator=(const SeedVariable&) = delete;
  ~SeedVariable() {
    if (before_) {
      ::setenv(name, before_->c_str(), 1);
    } else {
      ::unsetenv(name);
    }
  }

 private:
  static constexpr const char* name = "RUSHHOUR_SEED";
  std::optional<std::string> before_{};
};

TEST(SeedFromEnvironment, ReadsTheVariableOrFallsBack) {
  {
    const SeedVariable none{""};
    EXPECT_EQ(seed_from_environment(), 1U);
    EXPECT_EQ(seed_from_environment(5), 5U);
  }
  const SeedVariable set{"18446744073709551615"};
  EXPECT_EQ(seed_from_environment(5), UINT64_MAX);
}

TEST(SeedFromEnvironment, RefusesWhatIsNoNumber) {
  for (const char* text : {"soon", "-1", "1x", "18446744073709551616"}) {
    const SeedVariable set{text};
    EXPECT_THROW((void)seed_from_environment(), InputError) << text;
  }
}

TEST(World, ShowsItsCallsAndSeed) {
  fakes::World world{{.seed = 9}};
  EXPECT_EQ(world.calls().seed(), 9U);
  EXPECT_THAT(world.calls(), IsEmpty());
}

}  // namespace
}  // namespace rushhour
