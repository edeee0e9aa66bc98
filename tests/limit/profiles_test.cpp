#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/limit/profiles.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

std::string rates_of(std::string_view service, std::string_view operation) {
  const auto group = profiles::find(service, operation);
  if (!group) return "none";
  std::string out;
  for (const Rate& rate : profiles::make(*group)->rates()) out += (out.empty() ? "" : "; ") + to_text(rate);
  return out;
}

TEST(Profiles, SayWhatTheServicesPublish) {
  EXPECT_EQ(rates_of("sts", "AssumeRole"), "600 per 1s");
  EXPECT_EQ(rates_of("secretsmanager", "GetSecretValue"), "10000 per 1s");
  EXPECT_EQ(rates_of("secretsmanager", "BatchGetSecretValue"), "100 per 1s");
  EXPECT_EQ(rates_of("secretsmanager", "PutSecretValue"), "50 per 1s");
  EXPECT_EQ(rates_of("virustotal", "files"), "4 per 1m; 500 per 1d; 15500 per UTC month");
}

TEST(Profiles, ChargeNothingForCallsThatConsumeNoQuota) {
  EXPECT_EQ(rates_of("sts", "AssumeRoleWithSAML"), "none");
  EXPECT_EQ(rates_of("sts", "AssumeRoleWithWebIdentity"), "none");
  EXPECT_EQ(rates_of("sts", "Assume"), "none") << "a name is matched whole";
  EXPECT_EQ(rates_of("sts", ""), "none");
  EXPECT_EQ(rates_of("s3", "GetObject"), "none");
}

TEST(Profiles, ShareAGroupBetweenOperationsThatAreChargedTogether) {
  EXPECT_EQ(profiles::find("secretsmanager", "DescribeSecret"),
            profiles::find("secretsmanager", "GetSecretValue"));
  EXPECT_EQ(profiles::find("sts", "GetCallerIdentity"), profiles::find("sts", "AssumeRole"));
  EXPECT_NE(profiles::find("secretsmanager", "BatchGetSecretValue"),
            profiles::find("secretsmanager", "GetSecretValue"));
}

TEST(Profiles, CoverEachOperationOfSecretsManagerOnce) {
  constexpr std::string_view operations[] = {"BatchGetSecretValue",
                                             "CancelRotateSecret",
                                             "CreateSecret",
                                             "DeleteResourcePolicy",
                                             "DeleteSecret",
                                             "DescribeSecret",
                                             "GetRandomPassword",
                                             "GetResourcePolicy",
                                             "GetSecretValue",
                                             "ListSecretVersionIds",
                                             "ListSecrets",
                                             "PutResourcePolicy",
                                             "PutSecretValue",
                                             "RestoreSecret",
                                             "RemoveRegionsFromReplication",
                                             "RotateSecret",
                                             "TagResource",
                                             "ReplicateSecretToRegions",
                                             "UntagResource",
                                             "UpdateSecret",
                                             "StopReplicationToReplica",
                                             "ValidateResourcePolicy",
                                             "UpdateSecretVersionStage"};
  static_assert(std::size(operations) == 23);
  for (const std::string_view operation : operations) {
    int rows = 0;
    for (const Profile& row : profiles::of("secretsmanager"))
      rows += profiles::covers(row, operation) ? 1 : 0;
    EXPECT_EQ(rows, 1) << operation;
  }
}

std::string limits_of(std::string_view service, std::string_view group) {
  std::string out;
  for (const Profile& row : profiles::of(service)) {
    if (row.group == group) out += std::string{row.operations} + ": " + std::to_string(row.limit);
  }
  return out;
}

// Row by row what spec aws.md 4 has.
TEST(Profiles, HaveTheGroupsOfThePages) {
  EXPECT_EQ(limits_of("secretsmanager", "secret-read"), "DescribeSecret GetSecretValue: 10000");
  EXPECT_EQ(limits_of("secretsmanager", "batch-read"), "BatchGetSecretValue: 100");
  EXPECT_EQ(limits_of("secretsmanager", "resource-policy"),
            "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy ValidateResourcePolicy: 50");
  EXPECT_EQ(limits_of("secretsmanager", "secret-write"),
            "PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions StopReplicationToReplica "
            "UpdateSecret UpdateSecretVersionStage: 50");
  EXPECT_EQ(limits_of("secretsmanager", "restore"), "RestoreSecret: 50");
  EXPECT_EQ(limits_of("secretsmanager", "rotation"), "CancelRotateSecret RotateSecret: 50");
  EXPECT_EQ(limits_of("secretsmanager", "tags"), "TagResource UntagResource: 50");
  EXPECT_EQ(limits_of("secretsmanager", "create"), "CreateSecret: 50");
  EXPECT_EQ(limits_of("secretsmanager", "delete"), "DeleteSecret: 50");
  EXPECT_EQ(limits_of("secretsmanager", "random-password"), "GetRandomPassword: 50");
  EXPECT_EQ(limits_of("secretsmanager", "lists"), "ListSecretVersionIds ListSecrets: 50");
  EXPECT_EQ(profiles::of("secretsmanager").size(), 11U);
  EXPECT_EQ(profiles::of("sts").size(), 1U);
  EXPECT_TRUE(profiles::of("iam").empty()) << "AWS publishes no rate for it";
}

TEST(Profiles, SayWhichRowsComeFromAnOlderPage) {
  for (const Profile& row : profiles::of("secretsmanager")) {
    const bool is_old = row.source.find("2022-08-03") != std::string_view::npos;
    EXPECT_EQ(is_old, row.group == "create" || row.group == "delete" || row.group == "random-password" ||
                          row.group == "lists")
        << row.group;
  }
}

TEST(Profiles, MayTellTheListsApart) {
  const auto rows = profiles::secretsmanager({.lists_apart = true});
  const auto secrets = profiles::find("secretsmanager", "ListSecrets", rows);
  const auto versions = profiles::find("secretsmanager", "ListSecretVersionIds", rows);
  ASSERT_TRUE(secrets && versions);
  EXPECT_NE(secrets, versions);
  EXPECT_EQ(rows[*secrets].limit, 100U);
  EXPECT_EQ(rows[*versions].limit, 50U);
  EXPECT_EQ(rows[*secrets].evidence, Evidence::from_memory);
  EXPECT_EQ(profiles::find("secretsmanager", "ListSecrets", profiles::secretsmanager()),
            profiles::find("secretsmanager", "ListSecretVersionIds", profiles::secretsmanager()));
}

TEST(Profiles, AreWellFormed) {
  std::set<std::string> seen;
  std::string last;
  for (const Profile& row : profiles::published) {
    const std::string group = std::string{row.service} + "." + std::string{row.group};
    EXPECT_TRUE(group == last || seen.insert(group).second) << group << " is torn apart";
    last = group;
    EXPECT_FALSE(row.operations.empty() || row.scope.empty() || row.source.empty()) << group;
    ASSERT_NE(row.make, nullptr) << group;
    const Rate rate = row.make(row)->rates().front();
    EXPECT_EQ(rate.limit, row.limit) << group;
    EXPECT_EQ(rate.window, row.window) << group;
    EXPECT_EQ(rate.calendar_month, row.calendar_month) << group;
  }
}

TEST(Profiles, CanBeChanged) {
  auto rows = profiles::of("sts");
  rows.front().limit = 100;
  rows.front().burst = 300;
  const auto group = profiles::find("sts", "AssumeRole", rows);
  ASSERT_EQ(group, 0U);
  EXPECT_EQ(to_text(profiles::make(*group, rows)->rates().front()), "100 per 1s, burst 300");
  rows.front().make = profiles::token_bucket;
  EXPECT_EQ(profiles::make(*group, rows)->remaining({}), 300U);
  rows.front().make = profiles::gcra;
  EXPECT_EQ(profiles::make(*group, rows)->remaining({}), 300U);
  rows.front().make = profiles::sliding_counter;
  EXPECT_EQ(profiles::make(*group, rows)->remaining({}), 100U);
  rows.front().make = profiles::overdraft_bucket;
  EXPECT_EQ(profiles::make(*group, rows)->remaining({}), 300U);
  rows.front().lag = 1s;
  EXPECT_EQ(profiles::make(*group, rows)->remaining({}), UINT64_MAX);
}

TEST(Profiles, HandTheirOptionsOn) {
  Profile row{.limit = 2, .window = 1min, .rejected_count = true, .make = profiles::sliding_counter};
  const auto counter = row.make(row);
  counter->refused({});
  EXPECT_EQ(counter->remaining({}), 1U);
  row.make = profiles::fixed_window;
  row.used = 1;
  row.used_at = Instant{59s};
  EXPECT_EQ(row.make(row)->remaining({}), 1U);
  row.used_at = Instant{60s};
  EXPECT_EQ(row.make(row)->remaining({}), 2U);
}

TEST(Profiles, AreConstantsWithAllTheirOptions) {
  static constexpr Profile row{.limit = 3,
                               .window = 1s,
                               .burst = 8,
                               .lag = 1s,
                               .used = 1,
                               .used_at = Instant{1h},
                               .make = profiles::overdraft_bucket};
  static_assert(row.lag == 1s && row.used == 1 && row.used_at == Instant{1h});
  EXPECT_EQ(to_text(row.make(row)->rates().front()), "3 per 1s, burst 8");
}

TEST(Profiles, OfStsRefillEachWholeSecond) {
  const auto sts = profiles::make(profiles::find("sts", "AssumeRole").value());
  int admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += sts->try_acquire(at("2026-03-02T14:00:00.2Z")) ? 1 : 0;
  EXPECT_EQ(admitted, 600);
  EXPECT_FALSE(sts->try_acquire(at("2026-03-02T14:00:00.999999999Z")));
  EXPECT_TRUE(sts->try_acquire(at("2026-03-02T14:00:01Z")));
}

std::uint64_t remaining_of_day(const Limiter& limiter, Instant now) {
  return limiter.levels(now)[1].remaining;
}

TEST(VirusTotalProfile, IsExhaustedForTheDayAfter125MinutesOfSaturatedDemand) {
  const auto key = profiles::make(0, profiles::virustotal_public());
  const Instant midnight = at("2026-03-02T00:00:00Z");
  for (Instant now = midnight; now < midnight + 125min; now += 1s) {
    EXPECT_EQ(remaining_of_day(*key, now) > 0, now < midnight + 124min + 4s);
    (void)key->try_acquire(now);
  }
  const Instant end = midnight + 125min;
  EXPECT_GT(key->levels(end)[0].remaining, 0U) << "the minute would admit";
  EXPECT_FALSE(key->try_acquire(end));
  EXPECT_EQ(key->next_admission(end), midnight + 24h);
  EXPECT_EQ(key->levels(end)[2].remaining, 15'000U);
}

TEST(VirusTotalProfile, IsExhaustedAfter500CallsOfAnyOutcomeWhenRefusedCallsCount) {
  const auto key = profiles::make(0, profiles::virustotal_public({.rejected_count = true}));
  const Instant midnight = at("2026-03-02T00:00:00Z");
  int admitted = 0;
  for (int second = 0; second < 500; ++second) {
    EXPECT_GT(remaining_of_day(*key, midnight + std::chrono::seconds{second}), 0U);
    admitted += key->try_acquire(midnight + std::chrono::seconds{second}) ? 1 : 0;
  }
  EXPECT_EQ(remaining_of_day(*key, midnight + 500s), 0U);
  EXPECT_EQ(admitted, 4) << "who asks each second keeps the sliding minute full";
}

TEST(VirusTotalProfile, AdmitsEightAcrossAMinuteOnlyWhenAligned) {
  for (const bool aligned : {false, true}) {
    const auto key = profiles::make(0, profiles::virustotal_public({.minute_aligned = aligned}));
    int admitted = 0;
    for (Instant now = at("2026-03-02T14:00:50Z"); now < at("2026-03-02T14:01:49Z"); now += 1s) {
      admitted += key->try_acquire(now) ? 1 : 0;
    }
    EXPECT_EQ(admitted, aligned ? 8 : 4);
  }
}

TEST(VirusTotalProfile, AdmitsAMonthsQuotaInA31DayMonthAndResetsOnTheFirst) {
  // The day's limit binds on each of the 31 days of January, and the month's is just not reached before the
  // end.
  const auto key = profiles::make(0, profiles::virustotal_public());
  int admitted = 0;
  for (Instant now = at("2026-01-01T00:00:00Z"); now < at("2026-02-01T00:00:00Z"); now += 15s) {
    admitted += key->try_acquire(now) ? 1 : 0;
  }
  EXPECT_EQ(admitted, 15'500);
  EXPECT_EQ(key->levels(at("2026-01-31T23:59:59Z"))[2].remaining, 0U);
  EXPECT_EQ(key->levels(at("2026-02-01T00:00:00Z"))[2].remaining, 15'500U);
}

TEST(VirusTotalProfile, OfAPremiumKeyHasTheLimitsOfItsContract) {
  const auto rows = profiles::virustotal_premium({.minute = 1'000, .day = 20'000});
  EXPECT_EQ(rows.front().evidence, Evidence::choice);
  EXPECT_EQ(rows.front().group, "premium");
  std::string text;
  for (const Rate& rate : profiles::make(0, rows)->rates()) text += to_text(rate) + "; ";
  EXPECT_EQ(text, "1000 per 1m; 20000 per 1d; ");
}

std::string remaining_each(const std::vector<Profile>& rows, Instant now) {
  std::string out;
  for (const Level& level : profiles::make(0, rows)->levels(now))
    out += std::to_string(level.remaining) + " ";
  return out;
}

TEST(VirusTotalProfile, BeginsWithWhatIsAlreadyUsed) {
  const Instant start = at("2026-03-02T14:00:00Z");
  auto rows = profiles::virustotal_public({.minute_aligned = true});
  profiles::already_used(rows, {.day = 120, .month = 3'000}, start);
  EXPECT_EQ(remaining_each(rows, start), "4 380 12500 ");
  EXPECT_EQ(remaining_each(rows, at("2026-03-03T00:00:00Z")), "4 500 12500 ");
  EXPECT_EQ(remaining_each(rows, at("2026-04-01T00:00:00Z")), "4 500 15500 ");
  profiles::already_used(rows, {.day = 120}, start);
  EXPECT_EQ(remaining_each(rows, start), "4 380 15380 ") << "the day's calls are the month's too";
  profiles::already_used(rows, {}, start);
  EXPECT_EQ(remaining_each(rows, start), "4 500 15500 ");
}

TEST(VirusTotalProfile, UsesUpOnlyTheLimitsThatThereAre) {
  const Instant start = at("2026-03-02T14:00:00Z");
  auto rows = profiles::virustotal_premium({.minute = 1'000, .month = 20'000});
  profiles::already_used(rows, {.day = 7, .month = 5'000}, start);
  EXPECT_EQ(remaining_each(rows, start), "1000 15000 ");
  auto sts = profiles::of("sts");
  sts.front().window = 24h;
  sts.front().make = profiles::fixed_window;
  profiles::already_used(sts, {.day = 7, .month = 7}, start);
  EXPECT_EQ(remaining_each(sts, start), "600 ");
}

TEST(VirusTotalProfileDeathTest, OfAPremiumKeyHasALimit) {
  EXPECT_DEATH((void)profiles::virustotal_premium({}), "a premium key has at least one limit");
}

TEST(Profiles, NameTheirEvidence) {
  EXPECT_EQ(to_text(Evidence::recorded), "REC");
  EXPECT_EQ(to_text(Evidence::documented), "DOC");
  EXPECT_EQ(to_text(Evidence::from_memory), "MEM");
  EXPECT_EQ(to_text(Evidence::choice), "CHOICE");
}

}  // namespace
}  // namespace rushhour::limit
