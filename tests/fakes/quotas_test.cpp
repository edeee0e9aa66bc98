#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/quotas.hpp>

namespace rushhour::fakes {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr const api::Operation& assume_role = api::operation_of<api::sts::AssumeRole>;
constexpr const api::Operation& get_caller_identity = api::operation_of<api::sts::GetCallerIdentity>;
constexpr const api::Operation& look_up = api::operation_of<api::virustotal::GetIpAddress>;
constexpr Name ours{7};
constexpr Name theirs{3};
constexpr Name group{5};
const Instant start = parse_iso8601("2026-03-02T14:00:00Z").value();

/// So many calls a second, of STS.
Quotas::Rows a_second(std::uint64_t calls) {
  Quotas::Rows rows = limit::profiles::of("sts");
  rows[0].limit = calls;
  return rows;
}

int admitted(Quotas& quotas, Name account, Instant now, int calls = 10) {
  int out = 0;
  for (int i = 0; i < calls; ++i) out += quotas.admit(account, assume_role, now) ? 1 : 0;
  return out;
}

TEST(Quotas, AreEachAccountsOwn) {
  Quotas quotas{api::Service::sts, a_second(4)};
  EXPECT_EQ(admitted(quotas, ours, start), 4);
  EXPECT_EQ(admitted(quotas, theirs, start), 4);
  EXPECT_EQ(admitted(quotas, ours, start), 0);
}

TEST(Quotas, AreSharedByTheOperationsOfAGroup) {
  Quotas quotas{api::Service::sts, a_second(4)};
  EXPECT_EQ(quotas.find(ours, assume_role), quotas.find(ours, get_caller_identity));
  EXPECT_NE(quotas.find(ours, assume_role), quotas.find(theirs, assume_role));
}

TEST(Quotas, WithoutRowsLimitNothing) {
  Quotas quotas{api::Service::sts};
  EXPECT_EQ(admitted(quotas, ours, start, 1'000), 1'000);
  EXPECT_EQ(quotas.find(ours, assume_role), nullptr);
  EXPECT_THAT(quotas.rows_for(ours, assume_role), IsEmpty());
}

TEST(Quotas, OfOneAccountCanDifferFromEveryonesBeforeOrAfterItCalled) {
  Quotas quotas{api::Service::sts, a_second(4)};
  EXPECT_EQ(admitted(quotas, ours, start), 4);
  quotas.assign(ours, a_second(6));
  EXPECT_EQ(admitted(quotas, ours, start), 6) << "full again";
  EXPECT_EQ(admitted(quotas, theirs, start), 4);
}

TEST(Quotas, ReplacedForEveryoneKeepWhatOneAccountWasGiven) {
  Quotas quotas{api::Service::sts, a_second(4)};
  quotas.assign(ours, a_second(6));
  EXPECT_EQ(admitted(quotas, ours, start), 6);
  quotas.replace(a_second(2));
  EXPECT_EQ(admitted(quotas, ours, start), 6);
  EXPECT_EQ(admitted(quotas, theirs, start), 2);
}

TEST(Quotas, AreFullAfterAReset) {
  Quotas quotas{api::Service::sts, a_second(4)};
  EXPECT_EQ(admitted(quotas, ours, start), 4);
  quotas.reset();
  EXPECT_EQ(admitted(quotas, ours, start), 4);
}

TEST(Quotas, RefillWithTime) {
  Quotas quotas{api::Service::sts, a_second(4)};
  EXPECT_EQ(admitted(quotas, ours, start), 4);
  EXPECT_EQ(admitted(quotas, ours, start + 999ms), 0);
  EXPECT_EQ(admitted(quotas, ours, start + 1s), 4);
}

// ---- Shared ----

TEST(Quotas, SharedByTwoAccountsAreUsedUpByBoth) {
  Quotas quotas{api::Service::sts, a_second(4)};
  quotas.assign(group, a_second(6));
  quotas.share(ours, group);
  quotas.share(theirs, group);
  EXPECT_EQ(admitted(quotas, ours, start), 4) << "its own limit";
  EXPECT_EQ(admitted(quotas, theirs, start), 2) << "what is left of the group's";
  EXPECT_EQ(admitted(quotas, Name{9}, start), 4) << "who does not belong to it";
}

TEST(Quotas, ChargeNeitherTheAccountNorTheGroupWhenOneRefuses) {
  Quotas quotas{api::Service::sts, a_second(4)};
  quotas.assign(group, a_second(6));
  quotas.share(ours, group);
  quotas.share(theirs, group);
  EXPECT_EQ(admitted(quotas, ours, start, 10), 4);
  limit::Limiter& of_group = *quotas.find(group, assume_role);
  EXPECT_EQ(of_group.remaining(start), 2U) << "six calls that the account's own limit refused";
  EXPECT_EQ(admitted(quotas, theirs, start, 10), 2);
  EXPECT_EQ(quotas.find(theirs, assume_role)->remaining(start), 2U) << "eight calls that the group's refused";
}

TEST(Quotas, SharedWithAnAccountThatHasNoneAreTheGroupsAlone) {
  Quotas quotas{api::Service::sts};
  quotas.assign(group, a_second(6));
  quotas.share(ours, group);
  EXPECT_EQ(admitted(quotas, ours, start), 6);
}

TEST(Quotas, SharedAreFullAfterAResetOrWhenAssignedAnew) {
  Quotas quotas{api::Service::sts, a_second(4)};
  quotas.assign(group, a_second(3));
  quotas.share(ours, group);
  EXPECT_EQ(admitted(quotas, ours, start), 3);
  quotas.reset();
  EXPECT_EQ(admitted(quotas, ours, start), 3);
  quotas.assign(group, a_second(1));
  EXPECT_EQ(admitted(quotas, ours, start), 1) << "one is left of its own four";
  quotas.assign(ours, a_second(2));
  EXPECT_EQ(admitted(quotas, ours, start), 0) << "and the group's stays used";
}

TEST(Quotas, TellTheRowsOfTheGroupAfterTheAccountsOwn) {
  Quotas quotas{api::Service::sts, a_second(4)};
  quotas.assign(group, a_second(6));
  quotas.share(ours, group);
  const auto rows = quotas.rows_for(ours, assume_role);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].limit, 4U);
  EXPECT_EQ(rows[1].limit, 6U);
}

TEST(Quotas, ShowTheLimitersThatCallsHaveReached) {
  Quotas quotas{api::Service::sts, a_second(4)};
  const auto count = [&quotas] {
    int out = 0;
    quotas.for_each([&](Name account, const limit::Profile& row, const limit::Limiter& limiter) {
      EXPECT_EQ(account, ours);
      EXPECT_EQ(row.limit, 4U);
      EXPECT_EQ(limiter.remaining(start), 3U);
      ++out;
    });
    return out;
  };
  EXPECT_EQ(count(), 0);
  EXPECT_TRUE(quotas.admit(ours, assume_role, start));
  EXPECT_EQ(count(), 1);
  quotas.reset();
  EXPECT_EQ(count(), 0);
}

TEST(Quotas, TellWhichRowsApply) {
  Quotas quotas{api::Service::virustotal};
  quotas.assign(ours, limit::profiles::virustotal_public());
  EXPECT_THAT(quotas.rows_for(ours, look_up), SizeIs(3));
  EXPECT_THAT(quotas.rows_for(theirs, look_up), IsEmpty());
  EXPECT_EQ(quotas.rows_for(ours, look_up)[0].limit, 4U);
  Quotas secrets{api::Service::secretsmanager, limit::profiles::of("secretsmanager")};
  const auto rows = secrets.rows_for(ours, api::operation_of<api::secretsmanager::DescribeSecret>);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].limit, 10'000U);
}

}  // namespace
}  // namespace rushhour::fakes
