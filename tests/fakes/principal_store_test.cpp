#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/detail/totp.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/input_error.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsNull;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

const std::string account = "123456789012";
const std::string alice = "arn:aws:iam::123456789012:user/alice";
const std::string reader = "arn:aws:iam::123456789012:role/reader";
const std::string admin = "arn:aws:iam::aws:policy/AdministratorAccess";
constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

class PrincipalStoreTest : public testing::Test {
 protected:
  std::string add_role(std::string name = "reader", std::string path = "/") {
    return store.add_role({.account = account,
                           .name = std::move(name),
                           .path = std::move(path),
                           .trust_policy = trusting(account)});
  }
  std::string add_policy(std::string document = allowing("secretsmanager:*")) {
    return store.add_managed_policy({.account = account, .name = "mine", .document = std::move(document)});
  }
  template <class T>
  static std::vector<std::string> names(const std::vector<const T*>& found) {
    std::vector<std::string> out;
    for (const T* each : found) out.push_back(each->name);
    return out;
  }

  Names all;
  Iam store{all, Random{1}, {.start = start}};
};

// ---- Roles and users ----

TEST_F(PrincipalStoreTest, KeepsWhatARoleWasMadeWith) {
  const std::string arn = store.add_role({.account = account,
                                          .name = "reader",
                                          .path = "/teams/soc/",
                                          .trust_policy = trusting(account),
                                          .policies = {allowing("a:b"), allowing("c:d")},
                                          .session_duration_max = std::chrono::hours{2},
                                          .attached_policies = {admin},
                                          .permissions_boundary = admin,
                                          .description = "reads",
                                          .tags = {{"team", "soc"}},
                                          .created = start + std::chrono::seconds{5}});
  EXPECT_EQ(arn, "arn:aws:iam::123456789012:role/teams/soc/reader");
  const Principal& role = *store.find_role(arn);
  EXPECT_EQ(role.path, "/teams/soc/");
  EXPECT_EQ(role.description, "reads");
  EXPECT_EQ(role.trust_document, trusting(account));
  EXPECT_EQ(role.session_duration_max, std::chrono::hours{2});
  EXPECT_EQ(role.created, start + std::chrono::seconds{5});
  EXPECT_EQ(role.boundary_arn, admin);
  EXPECT_THAT(role.tags, ElementsAre(IamTag{"team", "soc"}));
  EXPECT_THAT(role.policies, SizeIs(3));
  EXPECT_EQ(store.find_inline_policy(arn, "policy-2")->text, allowing("c:d"));
  EXPECT_THAT(role.unique_id, MatchesRegex("AROA[A-Z2-7]+"));
  EXPECT_EQ(role.unique_id.size(), 21U);
}

TEST_F(PrincipalStoreTest, FindsByNameWithoutPathAndCase) {
  const std::string arn = add_role("Reader", "/teams/");
  EXPECT_EQ(store.find_named(Principal::Kind::role, account, "rEADER"), store.find(arn));
  EXPECT_THAT(store.find_named(Principal::Kind::user, account, "Reader"), IsNull());
  EXPECT_THAT(store.find_named(Principal::Kind::role, "210987654321", "Reader"), IsNull());
}

TEST_F(PrincipalStoreTest, ListsByNameWithinAnAccount) {
  add_role("b", "/z/");
  add_role("C");
  add_role("a");
  store.add_role({.account = "210987654321", .name = "other", .trust_policy = trusting(account)});
  store.add_user({.account = account, .name = "alice"});
  EXPECT_THAT(names(store.list(Principal::Kind::role, account)), ElementsAre("a", "b", "C"));
  EXPECT_THAT(names(store.list(Principal::Kind::user, account)), ElementsAre("alice"));
  EXPECT_THAT(names(store.list(Principal::Kind::role, "000000000000")), IsEmpty());
}

TEST_F(PrincipalStoreTest, ANameIsTakenOnceWhateverItsPath) {
  const std::string former = add_role("reader", "/old/");
  const std::string id = store.find(former)->unique_id;
  const std::string arn = add_role("Reader");
  EXPECT_THAT(store.find(former), IsNull());
  EXPECT_NE(store.find(arn)->unique_id, id);
  EXPECT_THAT(store.list(Principal::Kind::role, account), SizeIs(1));
}

TEST_F(PrincipalStoreTest, WhoIsRemovedIsFoundNowhere) {
  const aws::Credentials key = store.add_user({.account = account, .name = "alice"});
  store.add_mfa_device(alice, {.serial = "mfa", .secret = "s"});
  EXPECT_TRUE(store.remove_principal(alice));
  EXPECT_THAT(store.find(alice), IsNull());
  EXPECT_THAT(store.find_named(Principal::Kind::user, account, "alice"), IsNull());
  EXPECT_THAT(store.find_access_key(key.access_key_id), IsNull());
  EXPECT_FALSE(store.mfa_code("mfa", start));
  EXPECT_FALSE(store.remove_principal(alice));
}

TEST_F(PrincipalStoreTest, TheRootUserOfAnAccountIsThereWhenAskedFor) {
  const Principal& root = store.root_of(account);
  EXPECT_EQ(root.arn, "arn:aws:iam::123456789012:root");
  EXPECT_EQ(root.unique_id, account);
  EXPECT_EQ(&store.root_of(account), &root);
  EXPECT_FALSE(store.remove_principal(root.arn));
  EXPECT_THAT(names(store.list(Principal::Kind::user, account)), IsEmpty());
}

TEST_F(PrincipalStoreTest, ChangesOfARole) {
  add_role();
  EXPECT_TRUE(store.set_description(reader, "new"));
  EXPECT_TRUE(store.set_session_duration_max(reader, std::chrono::hours{12}));
  EXPECT_TRUE(store.set_trust_policy(reader, trusting("210987654321")));
  EXPECT_EQ(store.find(reader)->description, "new");
  EXPECT_EQ(store.find(reader)->session_duration_max, std::chrono::hours{12});
  EXPECT_EQ(store.find(reader)->trust_document, trusting("210987654321"));
  EXPECT_FALSE(store.set_trust_policy(alice, trusting(account)));
  EXPECT_THROW(store.set_trust_policy(reader, "{}"), InputError);
  EXPECT_EQ(store.find(reader)->trust_document, trusting("210987654321"));
}

// ---- Policies ----

TEST_F(PrincipalStoreTest, InlinePoliciesHaveNames) {
  add_role();
  EXPECT_TRUE(store.put_inline_policy(reader, "b", allowing("x:y")));
  EXPECT_TRUE(store.put_inline_policy(reader, "a", allowing("x:y")));
  EXPECT_TRUE(store.put_inline_policy(reader, "b", allowing("x:z")));
  ASSERT_THAT(store.find(reader)->own.inline_policies, SizeIs(2));
  EXPECT_EQ(store.find(reader)->own.inline_policies[0].name, "a");
  EXPECT_EQ(store.find_inline_policy(reader, "b")->text, allowing("x:z"));
  EXPECT_THAT(store.find(reader)->policies, SizeIs(2));
  EXPECT_TRUE(store.remove_inline_policy(reader, "b"));
  EXPECT_FALSE(store.remove_inline_policy(reader, "b"));
  EXPECT_THAT(store.find(reader)->policies, SizeIs(1));
  EXPECT_THROW(store.put_inline_policy(reader, "a", "no"), InputError);
  EXPECT_FALSE(store.put_inline_policy(alice, "a", allowing("x:y")));
  EXPECT_THAT(store.find_inline_policy(reader, "none"), IsNull());
}

TEST_F(PrincipalStoreTest, AManagedPolicyAppliesWhereItIsAttached) {
  add_role();
  const std::string arn = add_policy();
  EXPECT_EQ(arn, "arn:aws:iam::123456789012:policy/mine");
  EXPECT_THAT(store.managed_policy(arn)->unique_id, MatchesRegex("ANPA[A-Z2-7]+"));
  EXPECT_EQ(*store.find_managed_policy(arn), allowing("secretsmanager:*"));
  EXPECT_TRUE(store.attach_policy(reader, arn));
  EXPECT_TRUE(store.attach_policy(reader, arn));
  EXPECT_THAT(store.find(reader)->policies, SizeIs(1));
  EXPECT_EQ(store.attachments(arn), 1U);
  EXPECT_FALSE(store.remove_managed_policy(arn));
  EXPECT_TRUE(store.detach_policy(reader, arn));
  EXPECT_FALSE(store.detach_policy(reader, arn));
  EXPECT_THAT(store.find(reader)->policies, IsEmpty());
  EXPECT_TRUE(store.remove_managed_policy(arn));
  EXPECT_THAT(store.find_managed_policy(arn), IsNull());
  EXPECT_FALSE(store.attach_policy(reader, arn));
}

TEST_F(PrincipalStoreTest, ABoundaryThatIsInUseStays) {
  add_role();
  const std::string arn = add_policy();
  EXPECT_TRUE(store.set_boundary(reader, arn));
  EXPECT_EQ(store.boundary_uses(arn), 1U);
  EXPECT_TRUE(store.find(reader)->boundary);
  EXPECT_FALSE(store.remove_managed_policy(arn));
  EXPECT_TRUE(store.set_boundary(reader, ""));
  EXPECT_FALSE(store.find(reader)->boundary);
  EXPECT_TRUE(store.remove_managed_policy(arn));
  EXPECT_FALSE(store.set_boundary(reader, arn));
}

TEST_F(PrincipalStoreTest, KnowsAFewPoliciesOfAwsAndLosesNone) {
  EXPECT_THAT(store.managed_policy(admin)->path, "/");
  EXPECT_TRUE(store.find_managed_policy("arn:aws:iam::aws:policy/SecretsManagerReadWrite"));
  EXPECT_TRUE(store.find_managed_policy("arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"));
  EXPECT_THAT(store.managed_policies("aws"), SizeIs(7));
  EXPECT_THAT(store.managed_policies(account), IsEmpty());
  EXPECT_FALSE(store.remove_managed_policy(admin));
}

// ---- Groups ----

TEST_F(PrincipalStoreTest, AGroupsPoliciesApplyToItsMembers) {
  const std::string group =
      store.add_group({.account = account, .name = "soc", .policies = {allowing("a:b")}});
  EXPECT_EQ(group, "arn:aws:iam::123456789012:group/soc");
  store.add_user({.account = account, .name = "alice"});
  EXPECT_TRUE(store.add_to_group(alice, "SOC"));
  EXPECT_TRUE(store.add_to_group(alice, "soc"));
  EXPECT_THAT(store.find(alice)->policies, SizeIs(1));
  EXPECT_TRUE(store.attach_policy(group, admin));
  EXPECT_TRUE(store.put_inline_policy(group, "more", allowing("c:d")));
  EXPECT_THAT(store.find(alice)->policies, SizeIs(3));
  EXPECT_THAT(names(store.members_of(*store.find_group(account, "soc"))), ElementsAre("alice"));
  EXPECT_TRUE(store.remove_from_group(alice, "soc"));
  EXPECT_FALSE(store.remove_from_group(alice, "soc"));
  EXPECT_THAT(store.find(alice)->policies, IsEmpty());
  EXPECT_FALSE(store.add_to_group(alice, "nobody"));
}

TEST_F(PrincipalStoreTest, AGroupThatGoesLeavesItsMembers) {
  store.add_group({.account = account, .name = "soc", .policies = {allowing("a:b")}});
  store.add_user({.account = account, .name = "alice", .groups = {"soc"}});
  EXPECT_THAT(store.find(alice)->policies, SizeIs(1));
  EXPECT_THAT(store.find_group(account, "soc")->unique_id, MatchesRegex("AGPA[A-Z2-7]+"));
  EXPECT_THAT(names(store.groups_of(account)), ElementsAre("soc"));
  EXPECT_TRUE(store.remove_group(account, "soc"));
  EXPECT_FALSE(store.remove_group(account, "soc"));
  EXPECT_THAT(store.find(alice)->policies, IsEmpty());
  EXPECT_THAT(store.find(alice)->groups, IsEmpty());
  EXPECT_THAT(store.groups_of(account), IsEmpty());
}

// ---- Access keys, tags, devices ----

TEST_F(PrincipalStoreTest, AUserHasSeveralKeys) {
  const aws::Credentials first = store.add_user({.account = account, .name = "alice"});
  const auto second = store.add_access_key(alice, start + std::chrono::hours{1});
  ASSERT_TRUE(second);
  EXPECT_THAT(store.find(alice)->access_keys, ElementsAre(first.access_key_id, second->access_key_id));
  EXPECT_EQ(store.find_access_key(second->access_key_id)->created, start + std::chrono::hours{1});
  EXPECT_EQ(store.secret_of(first.access_key_id, ""), first.secret_access_key);
  EXPECT_TRUE(store.set_access_key_active(first.access_key_id, false));
  EXPECT_EQ(store.secret_of(first.access_key_id, ""), std::nullopt);
  EXPECT_TRUE(store.set_access_key_active(first.access_key_id, true));
  EXPECT_EQ(store.secret_of(first.access_key_id, ""), first.secret_access_key);
  EXPECT_TRUE(store.remove_access_key(first.access_key_id));
  EXPECT_FALSE(store.remove_access_key(first.access_key_id));
  EXPECT_FALSE(store.set_access_key_active(first.access_key_id, true));
  EXPECT_THAT(store.find(alice)->access_keys, ElementsAre(second->access_key_id));
}

TEST_F(PrincipalStoreTest, OnlyUsersHaveKeys) {
  add_role();
  EXPECT_FALSE(store.add_access_key(reader));
  EXPECT_FALSE(store.add_access_key("arn:aws:iam::123456789012:user/nobody"));
  EXPECT_FALSE(store.put_access_key(reader, {"AKIAIOSFODNN7EXAMPLE", "secret", ""}));
  store.add_root_key(account);
  EXPECT_THAT(store.root_of(account).access_keys, SizeIs(1));
}

TEST_F(PrincipalStoreTest, AKeyTellsItsAccount) {
  const aws::Credentials key = store.add_user({.account = account, .name = "alice"});
  EXPECT_EQ(store.account_of_key(key.access_key_id), account);
  store.put_access_key(alice, {"AKIAIOSFODNN7EXAMPLE", "secret", ""});
  EXPECT_EQ(store.account_of_key("AKIAIOSFODNN7EXAMPLE"), account);
  add_role();
  const Session session = store.issue(*store.find(reader), "s", start, std::chrono::hours{1});
  EXPECT_EQ(store.account_of_key(session.credentials.access_key_id), account);
  EXPECT_EQ(store.account_of_key("AKIAAAAAAAAAAAAAAAAA"), std::nullopt);
  EXPECT_EQ(store.account_of_key("AKIA"), std::nullopt);
}

TEST_F(PrincipalStoreTest, TagKeysAreComparedWithoutCase) {
  add_role();
  EXPECT_TRUE(store.tag(reader, {"Team", "soc"}));
  EXPECT_TRUE(store.tag(reader, {"team", "noc"}));
  EXPECT_THAT(store.find(reader)->tags, ElementsAre(IamTag{"team", "noc"}));
  EXPECT_TRUE(store.untag(reader, "TEAM"));
  EXPECT_TRUE(store.untag(reader, "TEAM"));
  EXPECT_THAT(store.find(reader)->tags, IsEmpty());
  EXPECT_FALSE(store.tag(alice, {"a", "b"}));
  const std::string policy = add_policy();
  EXPECT_TRUE(store.tag(policy, {"a", "b"}));
  EXPECT_THAT(store.managed_policy(policy)->tags, SizeIs(1));
}

TEST_F(PrincipalStoreTest, OneTimePasswordsAreThoseOfRfc6238) {
  const auto at = [](std::int64_t seconds) {
    return detail::one_time_password("12345678901234567890", Instant{std::chrono::seconds{seconds}});
  };
  EXPECT_EQ(at(59), "287082");
  EXPECT_EQ(at(1'111'111'109), "081804");
  EXPECT_EQ(at(1'111'111'111), "050471");
  EXPECT_EQ(at(1'234'567'890), "005924");
  EXPECT_EQ(at(2'000'000'000), "279037");
}

TEST_F(PrincipalStoreTest, AnMfaCodeIsGoodForItsOwnerAndItsTime) {
  store.add_user({.account = account, .name = "alice"});
  store.add_user({.account = account, .name = "bob"});
  const std::string serial = "arn:aws:iam::123456789012:mfa/alice";
  EXPECT_TRUE(store.add_mfa_device(alice, {.serial = serial, .secret = "12345678901234567890"}));
  const std::string code = store.mfa_code(serial, start).value();
  EXPECT_TRUE(store.is_mfa_code(*store.find(alice), serial, code, start));
  EXPECT_FALSE(store.is_mfa_code(*store.find(alice), serial, code, start + std::chrono::seconds{30}));
  EXPECT_FALSE(store.is_mfa_code(*store.find(alice), "arn:aws:iam::123456789012:mfa/bob", code, start));
  EXPECT_FALSE(store.is_mfa_code(*store.find("arn:aws:iam::123456789012:user/bob"), serial, code, start));
  EXPECT_TRUE(store.remove_mfa_device(serial));
  EXPECT_FALSE(store.is_mfa_code(*store.find(alice), serial, code, start));
}

}  // namespace
}  // namespace rushhour::fakes
