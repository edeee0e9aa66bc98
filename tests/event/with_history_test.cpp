#include <rushhour/event/traffic/with_history.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::IsSubsetOf;

const Random random{5};
const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// Ten days of few events before an hour of many, of the same users.
SyntheticCloudTrailOptions days() {
  return {.events = 3'000,
          .start = start - 240h,
          .duration = 240h,
          .users = 40,
          .session_names = 5,
          .sessions_since = start};
}
SyntheticCloudTrailOptions hour() {
  return {.events = 2'000,
          .start = start,
          .duration = 1h,
          .users = 40,
          .session_names = 5,
          .ids_after = 3'000,
          .sessions_since = start};
}

TEST(WithHistory, GivesTheHistoryFirstAndIdsThatContinue) {
  SyntheticCloudTrail history{days(), random};
  SyntheticCloudTrail measured{hour(), random};
  WithHistory traffic{history, 3'000, measured};
  EXPECT_EQ(traffic.size_hint(), 5'000U);
  Event event;
  Instant last = start - 240h;
  for (std::uint64_t id = 1; id <= 5'000; ++id) {
    const Instant due = *traffic.peek();
    ASSERT_TRUE(traffic.next(event));
    ASSERT_EQ(event.id(), id);
    EXPECT_EQ(event.arrival(), due);
    EXPECT_GE(due, last);
    EXPECT_EQ(traffic.is_history(id), id <= 3'000);
    EXPECT_EQ(traffic.is_history(id), due < start);
    last = due;
  }
  EXPECT_EQ(traffic.peek(), nullptr);
  EXPECT_FALSE(traffic.next(event));
}

TEST(WithHistory, KeepsTheOrderWhereTheHistoryOverruns) {
  SyntheticCloudTrailOptions early = days();
  early.duration = 241h;
  SyntheticCloudTrail history{early, random};
  SyntheticCloudTrail measured{hour(), random};
  WithHistory traffic{history, 3'000, measured};
  Event event;
  Instant last = start - 240h;
  std::uint64_t late = 0;
  std::set<std::uint64_t> ids;
  while (traffic.next(event)) {
    EXPECT_GE(event.arrival(), last);
    last = event.arrival();
    ids.insert(event.id());
    late += traffic.is_history(event.id()) && last > start ? 1U : 0U;
  }
  EXPECT_EQ(ids.size(), 5'000U);
  EXPECT_GT(late, 0U);
}

TEST(WithHistory, MakesAnEventAgainFromItsKey) {
  SyntheticCloudTrail history{days(), random};
  SyntheticCloudTrail measured{hour(), random};
  WithHistory traffic{history, 3'000, measured};
  ASSERT_TRUE(traffic.recalls());
  // Files deliver the end of the history with the beginning of the hour.
  FileDelivery files{traffic, {}, random.stream("traffic.delivery")};
  Event event;
  std::map<std::uint64_t, std::string> delivered;
  while (files.next(event)) {
    delivered[event.id()] = event.to_json();
    EXPECT_EQ(traffic.is_history(event.id()), event.time() < start);
  }
  ASSERT_EQ(delivered.size(), 5'000U);
  SyntheticCloudTrail days_again{days(), random};
  SyntheticCloudTrail hour_again{hour(), random};
  while (days_again.next(event)) EXPECT_EQ(delivered[event.id()], event.to_json());
  while (hour_again.next(event)) EXPECT_EQ(delivered[event.id()], event.to_json());
}

TEST(WithHistory, DiesOfIdsOnTheWrongSide) {
  SyntheticCloudTrail history{days(), random};
  SyntheticCloudTrailOptions from_one = hour();
  from_one.ids_after = 0;
  SyntheticCloudTrail measured{from_one, random};
  WithHistory traffic{history, 3'000, measured};
  const auto take_all = [&] {
    Event event;
    while (traffic.next(event)) static_cast<void>(traffic.peek());
  };
  EXPECT_DEATH(take_all(), "the two sides of a number");
}

/// Names and what belongs to them, in the events of one source.
struct Population {
  std::map<std::string, std::set<std::string>> principals{};  // of users, and of roles without the session
  std::set<std::string> sessions{};
  std::set<std::string> secrets{};
  std::set<std::string> events{};
};

Population population_of(const SyntheticCloudTrailOptions& options) {
  SyntheticCloudTrail traffic{options, random};
  Population out;
  Event event;
  while (traffic.next(event)) {
    const std::string principal{event.deep_get("userIdentity", "principalId").text_or("")};
    const std::string name{event.udm("actor_user").text_or("")};
    out.principals[name].insert(principal.substr(0, principal.find(':')));
    out.sessions.insert(principal);
    out.events.emplace(event.get("eventID").text_or(""));
    const Value secret = event.deep_get("requestParameters", "secretId");
    if (secret.is_text()) out.secrets.emplace(secret.text_or(""));
  }
  return out;
}

TEST(SyntheticHistory, HasTheUsersSessionsAndSecretsOfTheHour) {
  SyntheticCloudTrailOptions all = days();
  all.events = 60'000;
  SyntheticCloudTrailOptions after = hour();
  after.ids_after = 60'000;
  const Population before = population_of(all);
  const Population now = population_of(after);
  EXPECT_EQ(before.principals.size(), 40U);
  for (const auto& [name, principals] : now.principals) {
    EXPECT_EQ(principals.size(), 1U) << name;
    EXPECT_EQ(principals, before.principals.at(name)) << name;
  }
  EXPECT_THAT(now.sessions, IsSubsetOf(before.sessions));
  EXPECT_THAT(now.secrets, IsSubsetOf(before.secrets));
}

TEST(SyntheticHistory, HasOtherEventsThanTheHour) {
  const Population before = population_of(days());
  const Population now = population_of(hour());
  std::vector<std::string> both;
  std::ranges::set_intersection(before.events, now.events, std::back_inserter(both));
  EXPECT_THAT(both, IsEmpty());
  EXPECT_EQ(now.events.size(), 2'000U);
}

TEST(SyntheticHistory, HasOtherTimedSessionsThanTheHourUnlessTheyAreCountedFromOneInstant) {
  SyntheticCloudTrailOptions all = days();
  all.events = 60'000;
  all.sessions_since.reset();
  SyntheticCloudTrailOptions after = hour();
  after.sessions_since.reset();
  const std::set<std::string> before = population_of(all).sessions;
  int unknown = 0;
  for (const std::string& session : population_of(after).sessions) {
    if (before.contains(session)) continue;
    EXPECT_THAT(session, testing::HasSubstr(":botocore-session-"));
    ++unknown;
  }
  EXPECT_GT(unknown, 0);
}

TEST(SyntheticHistory, KnowsEverybodyButNewcomersWhenAllAreAsFrequentInIt) {
  SyntheticCloudTrailOptions all = days();
  all.events = 8'000;
  all.user_exponent = {0, 1};
  all.exact_name = "GetSecretValue";
  all.exact_share = {1, 1};
  SyntheticCloudTrailOptions after = hour();
  after.events = 20'000;
  after.ids_after = 8'000;
  after.users = 43;
  const Population before = population_of(all);
  const Population now = population_of(after);
  std::set<std::string> newcomers;
  for (const auto& [name, principals] : now.principals) {
    if (!before.principals.contains(name)) newcomers.insert(principals.begin(), principals.end());
  }
  EXPECT_EQ(newcomers.size(), 3U);
  for (const std::string& session : now.sessions) {
    EXPECT_NE(before.sessions.contains(session), newcomers.contains(session.substr(0, session.find(':'))));
  }
}

TEST(SyntheticHistory, KeepsExactSharesAndKeysBehindOtherIds) {
  SyntheticCloudTrailOptions options = hour();
  options.exact_name = "GetSecretValue";
  options.exact_share = {1, 4};
  SyntheticCloudTrail traffic{options, random};
  Event event;
  int reads = 0;
  std::uint64_t id = 3'000;
  while (traffic.next(event)) {
    EXPECT_EQ(event.id(), ++id);
    reads += event.get("eventName") == Value{"GetSecretValue"} ? 1 : 0;
  }
  EXPECT_EQ(reads, 500);
}

}  // namespace
}  // namespace rushhour::event::traffic
