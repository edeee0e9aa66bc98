#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

const std::string ours = "123456789012";
const std::string theirs = "210987654321";
const std::string alice_arn = "arn:aws:iam::123456789012:user/alice";

/// A user of one account, and roles that she may or may not assume.
class IamTest : public DetectionTest {
 protected:
  aws::Credentials alice(std::vector<std::string> policies = {}) {
    return world().iam.add_user({.account = ours, .name = "alice", .policies = std::move(policies)});
  }
  std::string role(const std::string& account, std::string trust, std::vector<std::string> policies = {}) {
    return world().iam.add_role({.account = account,
                                 .name = "reader",
                                 .trust_policy = std::move(trust),
                                 .policies = std::move(policies)});
  }
  Result<AssumeRole::Output> assume(const aws::Credentials& who, const std::string& role_arn,
                                    std::optional<std::string> external_id = {},
                                    std::string session = "test") {
    auto client = sts(who);
    return client(AssumeRole{.role_arn = role_arn,
                             .role_session_name = std::move(session),
                             .external_id = std::move(external_id)});
  }
  Result<GetCallerIdentity::Output> identity_of(const api::Identity& who) {
    auto client = sts(who);
    return client(GetCallerIdentity{});
  }
  /// Whom the fakes see behind these credentials.
  Caller caller(const api::Identity& identity) {
    const api::Attribution attribution;
    Failure failure;
    Caller seen;
    EXPECT_TRUE(world().iam.authenticate({.operation = api::operation_of<GetCallerIdentity>,
                                          .identity = identity,
                                          .attribution = attribution,
                                          .input = nullptr,
                                          .output = nullptr,
                                          .failure = failure},
                                         clock.now(), seen, Iam::query_errors()))
        << to_text(failure);
    return seen;
  }
  std::vector<std::string> keys_of(const Caller& seen, Instant now) {
    aws::ContextValues values;
    world().iam.add_caller_keys(seen, now, values);
    std::vector<std::string> out;
    for (const aws::ContextValue& each : values.view()) {
      out.push_back(std::string{each.key} + "=" + std::string{each.value});
    }
    return out;
  }
  api::Identity session_of(std::string_view arn, NewSession wanted) {
    wanted.now = clock.now();
    return world().iam.issue(*world().iam.find(arn), wanted).credentials;
  }
  static aws::Credentials usable(const api::sts::Credentials& assumed) {
    return {assumed.access_key_id, assumed.secret_access_key, assumed.session_token};
  }
};

// ---- Who may assume a role ----

TEST_F(IamTest, AcrossAccountsBothSidesMustAllow) {
  const std::string trusted = role(theirs, trusting(alice_arn));
  const aws::Credentials key = alice();
  EXPECT_THAT(assume(key, trusted), FailsWith("AccessDenied"));
  world().iam.add_policy(alice_arn, allowing("sts:AssumeRole", trusted));
  EXPECT_THAT(assume(key, trusted), Succeeds());
  world().iam.set_trust_policy(trusted, trusting("arn:aws:iam::123456789012:user/bob"));
  EXPECT_THAT(assume(key, trusted), FailsWith("AccessDenied"));
}

TEST_F(IamTest, AcrossAccountsATrustedAccountStillNeedsItsUsersPolicy) {
  const std::string trusted = role(theirs, trusting(ours));
  const aws::Credentials key = alice();
  EXPECT_THAT(assume(key, trusted), FailsWith("AccessDenied"));
  world().iam.add_policy(alice_arn, allowing("sts:AssumeRole"));
  EXPECT_THAT(assume(key, trusted), Succeeds());
}

TEST_F(IamTest, WithinAnAccountATrustPolicyThatNamesTheUserIsEnough) {
  const std::string trusted = role(ours, trusting(alice_arn));
  EXPECT_THAT(assume(alice(), trusted), Succeeds());
}

TEST_F(IamTest, WithinAnAccountTrustInTheRootOnlyDelegates) {
  const std::string trusted = role(ours, trusting("arn:aws:iam::123456789012:root"));
  const aws::Credentials key = alice();
  EXPECT_THAT(assume(key, trusted), FailsWith("AccessDenied"));
  world().iam.add_policy(alice_arn, allowing("sts:AssumeRole", trusted));
  EXPECT_THAT(assume(key, trusted), Succeeds());
}

TEST_F(IamTest, IdentityPoliciesAloneNeverOpenARole) {
  const std::string untrusting = role(ours, trusting("arn:aws:iam::123456789012:user/bob"));
  EXPECT_THAT(assume(alice({allowing("*")}), untrusting), FailsWith("AccessDenied"));
}

TEST_F(IamTest, AnExplicitDenyOfTheCallerWins) {
  const std::string trusted = role(ours, trusting(alice_arn));
  EXPECT_THAT(assume(alice({allowing("*"), denying("sts:AssumeRole", trusted)}), trusted),
              FailsWith("AccessDenied"));
}

TEST_F(IamTest, AnExplicitDenyInTheTrustPolicyWins) {
  const std::string trusted = role(ours, R"({"Version":"2012-10-17","Statement":[
      {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"123456789012"}},
      {"Effect":"Deny","Action":"sts:AssumeRole","Principal":{"AWS":")" +
                                             alice_arn + R"("}}]})");
  EXPECT_THAT(assume(alice({allowing("*")}), trusted), FailsWith("AccessDenied"));
}

TEST_F(IamTest, ARequiredExternalIdMustBeThereAndRight) {
  const std::string guarded =
      role(theirs, trusting(alice_arn, R"(,"Condition":{"StringEquals":{"sts:ExternalId":"tenant-7"}})"));
  const aws::Credentials key = alice({allowing("sts:AssumeRole")});
  EXPECT_THAT(assume(key, guarded), FailsWith("AccessDenied"));
  EXPECT_THAT(assume(key, guarded, "tenant-8"), FailsWith("AccessDenied"));
  EXPECT_THAT(assume(key, guarded, "tenant-7"), Succeeds());
}

TEST_F(IamTest, AnExternalIdThatNobodyAskedForDoesNoHarm) {
  EXPECT_THAT(assume(alice(), role(ours, trusting(alice_arn)), "tenant-7"), Succeeds());
}

TEST_F(IamTest, ConditionsAreReadAnewForEachCall) {
  const std::string trusted = role(ours, trusting(ours));
  const aws::Credentials key = alice({policy(R"("Effect":"Allow","Action":"sts:AssumeRole","Resource":"*",
                       "Condition":{"StringEquals":{"sts:RoleSessionName":"nightly"}})")});
  EXPECT_THAT(assume(key, trusted, {}, "nightly"), Succeeds());
  EXPECT_THAT(assume(key, trusted, {}, "daily"), FailsWith("AccessDenied"));
  EXPECT_THAT(assume(key, trusted, {}, "nightly"), Succeeds());
}

TEST_F(IamTest, ADecisionIsNotRememberedBeyondAChangeOfPolicies) {
  const std::string trusted = role(theirs, trusting(alice_arn));
  const aws::Credentials key = alice({allowing("sts:AssumeRole")});
  EXPECT_THAT(assume(key, trusted), Succeeds());
  world().iam.add_policy(alice_arn, denying("sts:AssumeRole"));
  EXPECT_THAT(assume(key, trusted), FailsWith("AccessDenied"));
}

TEST_F(IamTest, ADecisionIsRememberedForNobodyElse) {
  Iam& iam = world().iam;
  const auto may = [&](const api::Identity& identity) {
    return iam.authorize(caller(identity), {.action = "a:b", .resource = "*"}).allowed;
  };
  const api::Identity allowed = alice({allowing("a:b")});
  for (int i = 0; i < 300; ++i) {  // one of them meets alice's slot
    const api::Identity other = iam.add_user({.account = ours, .name = "user-" + std::to_string(i)});
    ASSERT_TRUE(may(allowed));
    ASSERT_FALSE(may(other)) << i;
  }
}

TEST_F(IamTest, TrustInARoleOrInOneOfItsSessionsOpensTheNext) {
  const std::string first = role(ours, trusting(alice_arn), {allowing("sts:AssumeRole")});
  const auto next = [&](const std::string& name, const std::string& trusted) {
    return world().iam.add_role({.account = theirs, .name = name, .trust_policy = trusting(trusted)});
  };
  const std::string by_role = next("by-role", first);
  const std::string by_session = next("by-session", "arn:aws:sts::123456789012:assumed-role/reader/nightly");
  const aws::Credentials key = alice();
  const aws::Credentials nightly = usable(assume(key, first, {}, "nightly").value().credentials);
  const aws::Credentials daily = usable(assume(key, first, {}, "daily").value().credentials);
  EXPECT_THAT(assume(nightly, by_role), Succeeds());
  EXPECT_THAT(assume(daily, by_role), Succeeds());
  EXPECT_THAT(assume(nightly, by_session), Succeeds());
  EXPECT_THAT(assume(daily, by_session), FailsWith("AccessDenied"));
}

TEST_F(IamTest, APolicyWithAMistakeIsRefusedWithItsOwner) {
  try {
    alice({R"({"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]})"});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.mistake().file, HasSubstr(alice_arn));
  }
}

// ---- Who the caller is ----

TEST_F(IamTest, IdentifiersHaveTheFormOfTheRealOnes) {
  const aws::Credentials key = alice();
  EXPECT_THAT(key.access_key_id, MatchesRegex("AKIA[A-Z2-7]+"));
  EXPECT_EQ(key.access_key_id.size(), 20U);
  EXPECT_EQ(key.secret_access_key.size(), 40U);
  EXPECT_THAT(world().iam.find(alice_arn)->unique_id, MatchesRegex("AIDA[A-Z2-7]+"));

  const std::string arn = role(ours, trusting(alice_arn));
  EXPECT_THAT(world().iam.find(arn)->unique_id, MatchesRegex("AROA[A-Z2-7]+"));
  const aws::Credentials session = usable(assume(key, arn).value().credentials);
  EXPECT_THAT(session.access_key_id, MatchesRegex("ASIA[A-Z2-7]+"));
  EXPECT_EQ(session.access_key_id.size(), 20U);
  EXPECT_EQ(session.secret_access_key.size(), 40U);
  EXPECT_THAT(session.session_token, StartsWith("IQoJb3JpZ2luX2Vj"));
}

TEST_F(IamTest, RefusesWhoDoesNotSignOrIsUnknown) {
  EXPECT_THAT(identity_of(api::Anonymous{}), FailsWith("MissingAuthenticationToken"));
  EXPECT_THAT(identity_of(api::ApiKey{"x"}), FailsWith("MissingAuthenticationToken"));
  EXPECT_THAT(identity_of(aws::Credentials{"AKIAAAAAAAAAAAAAAAAA", "secret", ""}),
              FailsWith("InvalidClientTokenId", "The security token included in the request is invalid."));
}

TEST_F(IamTest, RefusesAWrongSecretKey) {
  aws::Credentials key = alice();
  key.secret_access_key.back() = key.secret_access_key.back() == 'A' ? 'B' : 'A';
  EXPECT_THAT(identity_of(key),
              FailsWith("SignatureDoesNotMatch", HasSubstr("does not match the signature you provided")));
  aws::Credentials session = engine_credentials();
  session.secret_access_key = key.secret_access_key;
  EXPECT_THAT(identity_of(session), FailsWith("SignatureDoesNotMatch"));
}

TEST_F(IamTest, RefusesASessionWithoutItsTokenOrWithADamagedOne) {
  const aws::Credentials good = engine_credentials();
  EXPECT_THAT(identity_of(good), Succeeds());
  aws::Credentials bad = good;
  bad.session_token.clear();
  EXPECT_THAT(identity_of(bad), FailsWith("InvalidClientTokenId"));
  for (std::size_t at = 0; at < good.session_token.size(); ++at) {
    bad.session_token = good.session_token;
    bad.session_token[at] = bad.session_token[at] == 'x' ? 'y' : 'x';
    EXPECT_THAT(identity_of(bad), FailsWith("InvalidClientTokenId")) << "damaged at " << at;
    bad.session_token.resize(at);
    EXPECT_THAT(identity_of(bad), FailsWith("InvalidClientTokenId")) << "cut at " << at;
  }
  bad.session_token = good.session_token + good.session_token;
  EXPECT_THAT(identity_of(bad), FailsWith("InvalidClientTokenId"));
}

TEST_F(IamTest, RefusesATokenUnderTheAccessKeyOfAnotherSession) {
  aws::Credentials mixed = engine_credentials();
  mixed.session_token = unit_tests_credentials().session_token;
  EXPECT_THAT(identity_of(mixed), FailsWith("InvalidClientTokenId"));
}

TEST_F(IamTest, RefusesATokenOfAnotherWorld) {
  PantherWorld other{{.world = {.seed = panther.world.options.seed + 1}}};
  EXPECT_THAT(identity_of(other.engine_session(clock.now()).credentials), FailsWith("InvalidClientTokenId"));
}

TEST_F(IamTest, SessionsOfManySerialsStayValidWithoutBeingKept) {
  world().sts.quotas().replace({});
  const std::string arn = role(ours, trusting(alice_arn));
  const aws::Credentials key = alice();
  const aws::Credentials first = usable(assume(key, arn).value().credentials);
  aws::Credentials last;
  const std::size_t names = world().ledger.names().size();
  for (int i = 0; i < 100'000; ++i) last = usable(assume(key, arn).value().credentials);
  EXPECT_EQ(world().ledger.names().size(), names);
  EXPECT_NE(first.session_token, last.session_token);
  EXPECT_THAT(identity_of(first), Succeeds());
  EXPECT_THAT(identity_of(last), Succeeds());
}

TEST_F(IamTest, KnowsWhichSecretASignatureMustHaveBeenMadeWith) {
  const aws::Credentials session = engine_credentials();
  EXPECT_EQ(world().iam.secret_of(session.access_key_id, session.session_token), session.secret_access_key);
  EXPECT_EQ(world().iam.secret_of(session.access_key_id, ""), std::nullopt);
  const aws::Credentials key = alice();
  EXPECT_EQ(world().iam.secret_of(key.access_key_id, ""), key.secret_access_key);
}

TEST_F(IamTest, ARoleThatIsMadeAgainIsAnotherRole) {
  const std::string arn = role(ours, trusting(alice_arn));
  const std::string before = world().iam.find(arn)->unique_id;
  EXPECT_EQ(role(ours, trusting(alice_arn)), arn);
  EXPECT_NE(world().iam.find(arn)->unique_id, before);
}

TEST_F(IamTest, ATrustPolicyMayNameWhoIsYetToComeAndThenMeansThemOnly) {
  const std::string trusted = role(ours, trusting(alice_arn));
  const aws::Credentials first = alice();
  EXPECT_THAT(assume(first, trusted), Succeeds());
  const aws::Credentials second = alice();
  EXPECT_THAT(assume(first, trusted), FailsWith("InvalidClientTokenId"));
  EXPECT_THAT(assume(second, trusted), FailsWith("AccessDenied"));
  world().iam.set_trust_policy(trusted, trusting(alice_arn));
  EXPECT_THAT(assume(second, trusted), Succeeds());
}

TEST_F(IamTest, ATrustPolicyThatIsPutAfterADeletionMeansTheNext) {
  alice();
  world().iam.remove_principal(alice_arn);
  const std::string trusted = role(ours, trusting(alice_arn));
  EXPECT_THAT(assume(alice(), trusted), Succeeds());
}

TEST_F(IamTest, ChecksThatWhoIsNamedExists) {
  const auto check = [&] { world().iam.check_policy(aws::PolicyKind::trust, trusting(alice_arn)); };
  EXPECT_THROW(check(), InputError);
  alice();
  EXPECT_NO_THROW(check());
  EXPECT_EQ(world().iam.directory().unique_id_of(alice_arn), world().iam.find(alice_arn)->unique_id);
  world().iam.remove_principal(alice_arn);
  EXPECT_EQ(world().iam.directory().unique_id_of(alice_arn), std::nullopt);
  EXPECT_THROW(check(), InputError);
}

// ---- What a session carries ----

TEST_F(IamTest, ASessionCarriesItsFacts) {
  alice();
  const api::Identity made = session_of(
      alice_arn, {.kind = CallerKind::user,
                  .policies = {allowing("a:b")},
                  .tags = {{.key = "team", .value = "soc", .is_transitive = true}, {.key = "e", .value = ""}},
                  .source_identity = "dave",
                  .is_multi_factor = true,
                  .policy_arns = {"arn:aws:iam::aws:policy/AdministratorAccess"}});
  for (int i = 0; i < 1'000; ++i) {  // those of others push its facts out of what is remembered
    const Caller other = caller(session_of(alice_arn, {.kind = CallerKind::user, .source_identity = "eve"}));
    ASSERT_EQ(other.facts->source_identity, "eve");
    ASSERT_FALSE(other.facts->is_confined);
  }
  const Caller seen = caller(made);
  EXPECT_EQ(seen.kind, CallerKind::user);
  EXPECT_TRUE(seen.is_session);
  EXPECT_EQ(seen.session_start, clock.now());
  ASSERT_NE(seen.facts, nullptr);
  EXPECT_EQ(seen.facts->policies.size(), 2U);
  EXPECT_THAT(seen.facts->tags, ElementsAre(SessionTag{.key = "team", .value = "soc", .is_transitive = true},
                                            SessionTag{.key = "e", .value = ""}));
  EXPECT_EQ(seen.facts->source_identity, "dave");
  EXPECT_TRUE(seen.facts->is_multi_factor);
  EXPECT_TRUE(seen.facts->is_confined);
}

TEST_F(IamTest, APlainSessionHasNoFacts) {
  const api::Identity made = engine_credentials();
  EXPECT_EQ(caller(made).facts, nullptr);
  EXPECT_EQ(caller(made).kind, CallerKind::role);
}

TEST_F(IamTest, ASessionPolicyWithAMistakeIsRefusedWhenTheSessionIsMade) {
  alice();
  EXPECT_THROW(
      static_cast<void>(session_of(alice_arn, {.kind = CallerKind::user, .policies = {R"({"Statement":[)"}})),
      InputError);
}

TEST_F(IamTest, PackedPoliciesAreCountedInPercentAndRoundedUp) {
  const auto size = [&](const NewSession& wanted) { return world().iam.packed_policy_size(wanted); };
  EXPECT_EQ(size({}), std::nullopt);
  EXPECT_EQ(size({.is_multi_factor = true, .token_size_min = 4'096}), std::nullopt);
  EXPECT_EQ(size({.source_identity = "dave"}), std::nullopt);
  const auto tag_of = [&](std::size_t bytes) {  // its record has five more
    return size({.tags = {{.key = "k", .value = std::string(bytes - 5, 'x')}}});
  };
  EXPECT_EQ(tag_of(6), 1);
  EXPECT_EQ(tag_of(28), 1);
  EXPECT_EQ(tag_of(29), 2);
  EXPECT_EQ(tag_of(2'816), 100);
  EXPECT_EQ(tag_of(2'817), 101);
  EXPECT_EQ(size({.policies = {allowing("a:b")}}), size({.policies = {allowing("a:b") + "  \n"}}));
  EXPECT_NE(size({.policy_arns = {"arn:aws:iam::aws:policy/AdministratorAccess"}}), std::nullopt);
}

TEST_F(IamTest, AFullTokenIsNotLargerThanOneMayBeAskedFor) {
  alice();
  const api::Identity made =
      session_of(alice_arn, {.kind = CallerKind::federated_user,
                             .name = std::string_view{"12345678901234567890123456789012"},
                             .tags = {{.key = "k", .value = std::string(2'811, 'x')}},
                             .source_identity = std::string(64, 'y'),
                             .token_size_min = 4'096});
  EXPECT_EQ(std::get<aws::Credentials>(made).session_token.size(), 4'096U);
  EXPECT_EQ(caller(made).facts->tags.front().value.size(), 2'811U);
  EXPECT_EQ(caller(made).facts->source_identity.size(), 64U);
}

TEST_F(IamTest, TellsWhoEachKindOfCallerIs) {
  alice();
  Iam& iam = world().iam;
  const std::string alice_id = iam.find(alice_arn)->unique_id;
  const std::string reader = role(ours, trusting(alice_arn));
  const std::string reader_id = iam.find(reader)->unique_id;
  struct Row {
    std::string subject;
    NewSession wanted;
    std::string arn;
    std::string user_id;
    std::string_view role_arn;
    std::string_view user_arn;
    std::string unique_id;
  };
  const std::string root_arn = iam.root_of(ours).arn;
  const Row rows[] = {
      {alice_arn, {.kind = CallerKind::user}, alice_arn, alice_id, "", "", alice_id},
      {alice_arn,
       {.kind = CallerKind::federated_user, .name = "carol"},
       "arn:aws:sts::123456789012:federated-user/carol",
       "123456789012:carol",
       "",
       alice_arn,
       alice_id},
      {reader,
       {.kind = CallerKind::role, .name = "nightly"},
       "arn:aws:sts::123456789012:assumed-role/reader/nightly",
       reader_id + ":nightly",
       reader,
       "",
       reader_id},
      {root_arn, {.kind = CallerKind::root}, root_arn, ours, "", "", ours},
      {root_arn,
       {.kind = CallerKind::federated_user, .name = "carol"},
       "arn:aws:sts::123456789012:federated-user/carol",
       "123456789012:carol",
       "",
       "",
       ours},
  };
  for (const Row& row : rows) {
    const api::Identity made = session_of(row.subject, row.wanted);
    const Caller seen = caller(made);
    EXPECT_EQ(iam.arn_of(seen), row.arn);
    EXPECT_EQ(iam.user_id_of(seen), row.user_id);
    const aws::PrincipalIdentity identity = iam.identity_of(seen);
    EXPECT_EQ(identity.arn, row.arn);
    EXPECT_EQ(identity.role_arn, row.role_arn);
    EXPECT_EQ(identity.user_arn, row.user_arn);
    EXPECT_EQ(identity.unique_id, row.unique_id);
    EXPECT_EQ(identity.account_id, ours);
    EXPECT_EQ(Iam::is_session_of_role(seen), row.wanted.kind == CallerKind::role);
  }
  const api::Identity root_key = iam.add_root_key(ours);
  EXPECT_EQ(caller(root_key).kind, CallerKind::root);
  EXPECT_FALSE(caller(root_key).is_session);
}

// ---- Condition keys ----

TEST_F(IamTest, AUsersKeysAreTheseAndNoOthers) {
  const aws::Credentials key = alice();
  world().iam.tag(alice_arn, {"team", "soc"});
  const api::Identity identity = key;
  EXPECT_THAT(keys_of(caller(identity), Instant{std::chrono::seconds{1'700'000'000}}),
              ElementsAre("aws:PrincipalArn=" + alice_arn, "aws:PrincipalAccount=" + ours,
                          "aws:PrincipalType=User", "aws:PrincipalIsAWSService=false",
                          "aws:ViaAWSService=false", "aws:userid=" + world().iam.find(alice_arn)->unique_id,
                          "aws:username=alice", "aws:PrincipalTag/team=soc",
                          "aws:CurrentTime=2023-11-14T22:13:20Z", "aws:EpochTime=1700000000"));
}

TEST_F(IamTest, AMessageTellsWhereItCameFrom) {
  const aws::Credentials key = alice();
  const api::Identity identity = key;
  Caller seen = caller(identity);
  const Origin origin{.source_ip = "198.51.100.7", .user_agent = "Boto3/1.26", .is_secure = true};
  seen.origin = &origin;
  seen.region = world().ledger.region_name("eu-west-1");
  const auto keys = keys_of(seen, clock.now());
  EXPECT_THAT(keys, Contains("aws:SourceIp=198.51.100.7"));
  EXPECT_THAT(keys, Contains("aws:UserAgent=Boto3/1.26"));
  EXPECT_THAT(keys, Contains("aws:SecureTransport=true"));
  EXPECT_THAT(keys, Contains("aws:RequestedRegion=eu-west-1"));
}

TEST_F(IamTest, OnlyATaskOfTheRootUserIsAnAssumedRoot) {
  const std::string root = world().iam.root_of(ours).arn;
  const api::Identity task = session_of(root, {.kind = CallerKind::root, .policies = {allowing("*")}});
  const api::Identity whole = session_of(root, {.kind = CallerKind::root});
  EXPECT_THAT(keys_of(caller(task), clock.now()), Contains("aws:AssumedRoot=true"));
  EXPECT_THAT(keys_of(caller(task), clock.now()), Contains("aws:PrincipalType=Account"));
  EXPECT_THAT(keys_of(caller(whole), clock.now()), Not(Contains(StartsWith("aws:AssumedRoot"))));
}

TEST_F(IamTest, FindsNobodyByAnUnknownArn) {
  EXPECT_EQ(world().iam.find("arn:aws:iam::123456789012:role/nobody"), nullptr);
}

}  // namespace
}  // namespace rushhour::fakes
