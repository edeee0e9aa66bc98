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

class RunMetricsTest : public ::testing::Test {
 protected:
  void call(const api::Operation& operation, Duration at, Outcome outcome = Outcome::ok,
            std::uint8_t attempt = 1) {
    meters_.on_call({.at = start + at,
                     .operation = names().intern(to_text(operation)),
                     .outcome = outcome,
                     .attempt = attempt});
  }
  [[nodiscard]] static Selector selector(const std::string& text) {
    return parse_budget(text + " == 0").term.selector;
  }
  [[nodiscard]] std::optional<Ratio> find(const std::string& text) const {
    return metrics_.find(selector(text));
  }
  [[nodiscard]] std::optional<Ratio> limit(const std::string& text) const {
    return metrics_.limit(selector(text));
  }
  Names& names() { return panther_.world.ledger.names(); }

  fakes::PantherWorld panther_{{}};
  measure::Meters meters_{panther_.world.ledger.names()};
  std::vector<sim::Outcomes> detections_;
  RunMetrics metrics_{
      panther_.world,
      meters_,
      detections_,
      {names().intern("111122223333"), names().intern("444455556666"), names().intern("virustotal-key")}};
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
  EXPECT_TRUE(metrics_.never_called(selector("sts.attempts")));
  call(caller_identity, 0s);
  EXPECT_FALSE(metrics_.never_called(selector("sts.attempts")));
  EXPECT_TRUE(metrics_.never_called(selector("sts.AssumeRole.attempts")));
  EXPECT_FALSE(metrics_.never_called(selector("detections.missed"))) << "detections are not called";
}

TEST_F(RunMetricsTest, KnowNoOtherNames) {
  call(assume_role, 0s);
  for (const char* const text :
       {"s3.calls", "sts.AssumeRoll.calls", "sts.GetSecretValue.calls", "sts.retries",
        "sts.amplification.per_minute.max", "sts.ok.per_second.max", "detections.r.missed",
        "detections.missed.per_minute.max", "detections.throttled"}) {
    EXPECT_EQ(find(text), std::nullopt) << text;
  }
}

TEST_F(RunMetricsTest, AddDetectionsUp) {
  detections_.push_back(
      {.events = 10, .alerts = 5, .intact = 3, .degraded = 2, .missed = 1, .logical_calls = 7});
  detections_.push_back(
      {.events = 10, .alerts = 1, .intact = 1, .degraded = 0, .missed = 4, .logical_calls = 1});
  EXPECT_EQ(find("detections.events"), whole(20));
  EXPECT_EQ(find("detections.alerts"), whole(6));
  EXPECT_EQ(find("detections.intact"), whole(4));
  EXPECT_EQ(find("detections.degraded"), whole(2));
  EXPECT_EQ(find("detections.missed"), whole(5));
  EXPECT_EQ(find("detections.calls"), whole(8));
}

TEST_F(RunMetricsTest, ListExactlyWhatTheyFind) {
  for (const api::Operation* operation : all_operations()) call(*operation, 0s);
  const std::vector<std::string> known = metrics_.known();
  for (const std::string& text : known) {
    EXPECT_TRUE(find(text).has_value()) << text;
    EXPECT_EQ(to_text(selector(text)), text) << "in full";
  }
  // Per service and operation: 4 measures in 5 windows, and 3 totals; 6 of the detections.
  EXPECT_EQ(known.size(), (api::service_count + all_operations().size()) * (4 * 5 + 3) + 6);
  EXPECT_THAT(known, Contains("virustotal.ip_addresses.attempts.per_minute.max"));
  std::vector<std::string> sorted = known;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end()) << "one is listed twice";
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
  panther_.world.secretsmanager.quotas().replace(rows);
  EXPECT_EQ(limit("secretsmanager.attempts.per_second.max"), std::nullopt);
  call(get_secret, 0s);
  EXPECT_EQ(limit("secretsmanager.attempts.per_second.max"), std::nullopt);
  EXPECT_EQ(limit("secretsmanager.GetSecretValue.attempts.per_second.max"), whole(10'000));
  EXPECT_EQ(limit("secretsmanager.DescribeSecret.attempts.per_second.max"), whole(100));
}

TEST_F(RunMetricsTest, SayHowCloseARunCameToEachLimit) {
  for (int i = 0; i < 6; ++i) call(ip_addresses, i * 10s);
  call(ip_addresses, 10min);
  const std::vector<Pressure> pressures = metrics_.pressures(ip_addresses);
  ASSERT_THAT(pressures, SizeIs(3));
  EXPECT_EQ(pressures[0].limit.limit, 4U);
  EXPECT_EQ(pressures[0].peak, 6U);
  EXPECT_EQ(pressures[0].peak_begin, start);
  EXPECT_EQ(pressures[0].headroom(), (Ratio{2, 3}));
  EXPECT_EQ(pressures[1].limit.limit, 500U);
  EXPECT_EQ(pressures[1].peak, 7U) << "in the UTC day";
  EXPECT_EQ(pressures[2].limit.limit, 15'500U);
  EXPECT_EQ(pressures[2].peak, 7U) << "in all: there is no window of a month";
}

TEST_F(RunMetricsTest, HaveNoHeadroomWithoutAttempts) {
  ASSERT_THAT(metrics_.pressures(assume_role), SizeIs(1));
  EXPECT_EQ(metrics_.pressures(assume_role)[0].peak, 0U);
  EXPECT_EQ(metrics_.pressures(assume_role)[0].headroom(), std::nullopt);
}

TEST_F(RunMetricsTest, CountAllThatShareALimit) {
  // 600 a second are for AssumeRole and GetCallerIdentity together.
  for (int i = 0; i < 300; ++i) call(assume_role, 0s);
  for (int i = 0; i < 200; ++i) call(caller_identity, 0s);
  EXPECT_EQ(metrics_.pressures(assume_role)[0].peak, 500U);
  EXPECT_EQ(metrics_.pressures(caller_identity)[0].peak, 500U);
  EXPECT_EQ(metrics_.pressures(assume_role)[0].headroom(), (Ratio{6, 5}));
}

TEST_F(RunMetricsTest, CountOnlyWhatALimitIsFor) {
  std::vector<limit::Profile> rows = limit::profiles::of("sts");
  rows[0].operations = "AssumeRole";
  panther_.world.sts.quotas().replace(rows);
  call(assume_role, 0s);
  call(caller_identity, 0s);
  EXPECT_EQ(metrics_.pressures(assume_role)[0].peak, 1U);
  EXPECT_THAT(metrics_.pressures(caller_identity), IsEmpty());
}

TEST_F(RunMetricsTest, JudgeBudgets) {
  for (int i = 0; i < 5; ++i) call(ip_addresses, i * 1s, i < 4 ? Outcome::ok : Outcome::throttled);
  const auto judge = [&](const std::string& text) { return evaluate(parse_budget(text), metrics_).text; };
  EXPECT_EQ(judge("virustotal.throttled == 0"), "fails: 1 is not == 0");
  EXPECT_EQ(judge("virustotal.attempts.per_minute.max <= 100% of limit"),
            "fails: 5 is not <= 4 (1 of the limit 4)");
  EXPECT_EQ(judge("virustotal.ip_addresses.amplification <= 1"), "holds: 1 <= 1");
  EXPECT_EQ(judge("sts.throttled == 0"), "fails: never called");
}

TEST_F(RunMetricsTest, OfferTheNearestOfTheirNames) {
  const auto message = [&](const std::string& text) -> std::string {
    try {
      require_known(parse_budget(text), metrics_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message("sts.AssumeRole.throttled == 0"), "");
  EXPECT_THAT(message("sts.AssumeRole.throtled == 0"),
              HasSubstr(R"(did you mean "sts.AssumeRole.throttled.total")"));
  EXPECT_THAT(
      message("elasticsearch.calls == 0"),
      HasSubstr(R"(known before the first dot: "detections", "sts", "secretsmanager" and "virustotal")"));
  EXPECT_THAT(message("sts.throttled <= 5% of limit"), HasSubstr("no limit applies to sts.throttled.total"));
}

TEST(AllOperations, AreThoseOfTheFakes) {
  std::vector<std::string> names;
  for (const api::Operation* operation : all_operations()) names.push_back(to_text(*operation));
  EXPECT_THAT(names, ElementsAre("sts:AssumeRole", "sts:GetCallerIdentity", "secretsmanager:GetSecretValue",
                                 "secretsmanager:DescribeSecret", "virustotal:ip_addresses"));
}

}  // namespace
}  // namespace rushhour::scenario
