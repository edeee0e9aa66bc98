#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/detail/page_token.hpp>
#include <rushhour/fakes/secret_store.hpp>

namespace rushhour::fakes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

constexpr std::string_view ours = "123456789012";
constexpr std::string_view theirs = "210987654321";
constexpr SecretStore::Place home{.account = ours, .region = "us-east-1"};
const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

// ---- Labels and versions ----

class VersionsTest : public testing::Test {
 protected:
  SecretVersion& add(std::string id, Instant at = start) {
    return secret.add_version({.id = std::move(id), .created = at}, at);
  }
  [[nodiscard]] const std::vector<std::string>& stages(std::string_view id) {
    return secret.find_version(id)->stages;
  }

  Secret secret{};
};

TEST_F(VersionsTest, ALabelLivesOnOneVersion) {
  add("one");
  SecretVersion& two = add("two");
  SecretVersion& one = *secret.find_version("one");
  EXPECT_EQ(secret.move_stage("BLUE", one), nullptr);
  EXPECT_EQ(secret.move_stage("BLUE", two), &one);
  EXPECT_EQ(secret.move_stage("BLUE", two), nullptr) << "it was there already";
  EXPECT_THAT(one.stages, IsEmpty());
  EXPECT_THAT(two.stages, ElementsAre("BLUE"));
  EXPECT_EQ(secret.find_stage("BLUE"), &two);
  EXPECT_EQ(secret.find_stage("GREEN"), nullptr);
}

TEST_F(VersionsTest, TheCurrentLabelLeavesThePreviousBehindAndCustomOnesAlone) {
  for (const char* id : {"one", "two", "three"}) {
    SecretVersion& added = add(id);
    secret.move_stage(stage_current, added);
    secret.move_stage(std::string{"of-"} + id, added);
  }
  EXPECT_THAT(stages("one"), ElementsAre("of-one"));
  EXPECT_THAT(stages("two"), ElementsAre("AWSPREVIOUS", "of-two"));
  EXPECT_THAT(stages("three"), ElementsAre("AWSCURRENT", "of-three"));
  secret.move_stage(stage_current, *secret.find_version("two"));
  EXPECT_THAT(stages("two"), ElementsAre("AWSCURRENT", "of-two")) << "it is not its own predecessor";
  EXPECT_THAT(stages("three"), ElementsAre("AWSPREVIOUS", "of-three"));
  EXPECT_EQ(secret.stage_count(), 5U);
}

TEST_F(VersionsTest, MovingAnotherLabelLeavesNothingBehind) {
  add("one");
  SecretVersion& two = add("two");
  secret.move_stage(stage_pending, *secret.find_version("one"));
  secret.move_stage(stage_pending, two);
  EXPECT_THAT(stages("one"), IsEmpty());
  EXPECT_THAT(stages("two"), ElementsAre("AWSPENDING"));
}

TEST_F(VersionsTest, AVersionComesWithoutLabels) {
  SecretVersion& added = secret.add_version({.id = "one", .stages = {"AWSCURRENT"}}, start);
  EXPECT_THAT(added.stages, IsEmpty());
}

TEST_F(VersionsTest, ForgetsTheOldestOfAHundredThatHasNoLabelAndIsADayOld) {
  for (std::size_t i = 0; i < versions_max; ++i) add("v" + std::to_string(i));
  secret.move_stage("KEPT", *secret.find_version("v0"));
  add("young", start + 24h - 1ns);
  EXPECT_THAT(secret.versions, SizeIs(versions_max + 1)) << "all are younger than a day";
  add("late", start + 24h);
  EXPECT_THAT(secret.versions, SizeIs(versions_max));
  EXPECT_NE(secret.find_version("v0"), nullptr) << "it has a label";
  EXPECT_EQ(secret.find_version("v1"), nullptr);
  EXPECT_EQ(secret.find_version("v2"), nullptr);
  EXPECT_NE(secret.find_version("v3"), nullptr);
}

// ---- Where secrets are ----

class SecretStoreTest : public testing::Test {
 protected:
  Secret& add(std::string name, std::string_view account = ours, std::string region = "us-east-1") {
    return store.add({.account = std::string{account}, .region = std::move(region), .name = std::move(name)});
  }
  [[nodiscard]] Secret* find(std::string_view id, SecretStore::Place place = home) {
    return store.find(id, place, start);
  }

  SecretStore store{Random{7}.stream("secrets")};
};

TEST_F(SecretStoreTest, FindsByNameAtHomeAndByArn) {
  Secret& secret = add("prod/db");
  EXPECT_EQ(find("prod/db"), &secret);
  EXPECT_EQ(find(secret.arn), &secret);
  EXPECT_EQ(find(secret.partial_arn), &secret);
  EXPECT_EQ(find(secret.arn, {}), &secret) << "without a place: ARNs only";
  EXPECT_EQ(find("prod/db", {}), nullptr);
  EXPECT_EQ(find("prod/db", {.account = theirs, .region = "us-east-1"}), nullptr);
}

TEST_F(SecretStoreTest, FindsAnotherAccountsSecretByItsWholeArnOnly) {
  Secret& secret = add("prod/db", theirs);
  EXPECT_EQ(find(secret.arn), &secret);
  EXPECT_EQ(find(secret.partial_arn), nullptr);
  EXPECT_EQ(find(secret.partial_arn, {.account = theirs, .region = "us-east-1"}), &secret);
}

TEST_F(SecretStoreTest, FindsAnotherRegionsSecretOnlyWhenItMay) {
  Secret& secret = add("prod/db", ours, "eu-central-1");
  EXPECT_EQ(find(secret.arn), nullptr);
  SecretStore::Place both = home;
  both.sees_other_regions = true;
  EXPECT_EQ(find(secret.arn, both), &secret);
  EXPECT_EQ(find(secret.arn), nullptr) << "what was found last is not found again by others";
  EXPECT_EQ(find("prod/db", both), nullptr) << "names are looked for at home";
}

TEST_F(SecretStoreTest, APartialArnThatEndsLikeAWholeOneMisses) {
  Secret& secret = add("Invalid/_+=.@-Name-a1b2c3");
  EXPECT_EQ(find(secret.partial_arn), nullptr);
  Secret& underscore = add("name-a1b2_3");
  EXPECT_EQ(find(underscore.partial_arn), &underscore) << "no suffix has an underscore";
}

TEST_F(SecretStoreTest, ASecretThatIsMadeAgainHasAnotherArn) {
  const std::string before = add("prod/db").arn;
  EXPECT_NE(find("prod/db"), nullptr);
  const Secret& after = add("prod/db");
  EXPECT_NE(after.arn, before);
  EXPECT_EQ(find(before), nullptr);
  EXPECT_EQ(find("prod/db"), &after);
  EXPECT_THAT(store.all(home, start), ElementsAre(&after));
}

TEST_F(SecretStoreTest, WhatIsGoneIsFoundUntilThen) {
  Secret& secret = add("prod/db");
  secret.gone = start + 1h;
  const std::string arn = secret.arn;
  EXPECT_EQ(store.find(arn, home, start + 1h - 1ns), &secret);
  EXPECT_EQ(store.find(arn, home, start + 1h), nullptr);
  EXPECT_EQ(find("prod/db"), nullptr) << "it does not come back";
  EXPECT_THAT(store.all(home, start), IsEmpty());
}

TEST_F(SecretStoreTest, ListsTheSecretsOfAPlaceByAge) {
  const Secret& first = add("z");
  add("elsewhere", ours, "eu-central-1");
  add("theirs", theirs);
  const Secret& second = add("a");
  add("gone").gone = start;
  EXPECT_THAT(store.all(home, start), ElementsAre(&first, &second));
}

TEST_F(SecretStoreTest, AReplicaHasItsPrimarysSuffix) {
  const Secret& primary = add("prod/db");
  Secret& replica = store.add_replica({.region = "eu-central-1", .primary_region = "us-east-1"}, primary);
  EXPECT_EQ(replica.arn.substr(replica.arn.size() - 6), primary.arn.substr(primary.arn.size() - 6));
  EXPECT_TRUE(replica.is_replica());
  EXPECT_FALSE(primary.is_replica());
  EXPECT_EQ(find("prod/db", {.account = ours, .region = "eu-central-1"}), &replica);
  store.remove(replica);
  EXPECT_EQ(find("prod/db", {.account = ours, .region = "eu-central-1"}), nullptr);
  EXPECT_EQ(find("prod/db"), &primary);
}

// ---- Page tokens ----

TEST(PageTokens, GiveBackThePositionForTheSameQuestion) {
  const detail::PageTokens tokens{Random{7}.stream("pages")};
  for (const std::string& position : {std::string{}, std::string{"prod/db"}, std::string(512, '\xff')}) {
    const std::string token = tokens.issue("scope", position);
    EXPECT_EQ(tokens.read("scope", token), position);
    EXPECT_EQ(tokens.read("scope2", token), std::nullopt);
    EXPECT_LE(token.size(), 4096U) << "the longest that requests may have";
  }
}

TEST(PageTokens, RefuseWhatTheyDidNotIssue) {
  const detail::PageTokens tokens{Random{7}.stream("pages")};
  const std::string token = tokens.issue("scope", "position");
  EXPECT_EQ(detail::PageTokens{Random{8}.stream("pages")}.read("scope", token), std::nullopt);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(tokens.read("scope", changed), std::nullopt) << i;
    EXPECT_EQ(tokens.read("scope", token.substr(0, i)), std::nullopt) << i;
  }
  EXPECT_EQ(tokens.read("scope", "made up"), std::nullopt);
}

TEST(PageTokens, ScopesDifferWhereTheirPartsDo) {
  EXPECT_NE(detail::page_scope({"a", "bc"}), detail::page_scope({"ab", "c"}));
  EXPECT_NE(detail::page_scope({"a"}), detail::page_scope({"a", ""}));
}

}  // namespace
}  // namespace rushhour::fakes
