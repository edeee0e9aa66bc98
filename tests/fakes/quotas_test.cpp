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
