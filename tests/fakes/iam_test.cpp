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

TEST_F(IamTest, FindsNobodyByAnUnknownArn) {
  EXPECT_EQ(world().iam.find("arn:aws:iam::123456789012:role/nobody"), nullptr);
}

}  // namespace
}  // namespace rushhour::fakes
