#include <rushhour/aws/authorization.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace rushhour::aws {

static void PrintTo(const Verdict& verdict, std::ostream* out) {
  constexpr std::array judges{"identity", "resource", "boundary", "service_control", "session"};
  *out << (verdict.allowed         ? "allowed by "
           : verdict.explicit_deny ? "denied in "
                                   : "not allowed by ")
       << judges[static_cast<std::size_t>(verdict.judge)];
}

namespace {

constexpr std::string_view secret = "arn:aws:secretsmanager:us-east-1:111111111111:secret:s-a1B2c3";
constexpr std::string_view action = "secretsmanager:GetSecretValue";

/// What a policy of a test says of the request: allows or denies it, or is about something else.
enum class Says { nothing, allow, deny };

std::string statement(Says says, std::string_view principal = {}) {
  return R"({"Effect":")" + std::string{says == Says::deny ? "Deny" : "Allow"} + R"(",)" +
         (principal.empty() ? "" : R"("Principal":)" + std::string{principal} + ",") + R"("Action":")" +
         (says == Says::nothing ? "s3:ListBucket" : std::string{action}) + R"(","Resource":"*"})";
}
Policy policy(Says says) {
  const std::string text = R"({"Statement":)" + statement(says) + "}";
  return Policy::compile({.text = text});
}
Policy resource_policy(Says says, std::string_view principal) {
  const std::string text = R"({"Statement":)" + statement(says, principal) + "}";
  return Policy::compile({.kind = PolicyKind::resource, .text = text});
}

constexpr PrincipalIdentity user{.arn = "arn:aws:iam::111111111111:user/alice", .account_id = "111111111111"};
constexpr PrincipalIdentity role{.arn = "arn:aws:sts::111111111111:assumed-role/engine/s-1",
                                 .role_arn = "arn:aws:iam::111111111111:role/engine",
                                 .account_id = "111111111111"};
constexpr PrincipalIdentity federated{.arn = "arn:aws:sts::111111111111:federated-user/bob",
                                      .account_id = "111111111111",
                                      .user_arn = "arn:aws:iam::111111111111:user/alice"};
constexpr PrincipalIdentity root{.arn = "arn:aws:iam::111111111111:root", .account_id = "111111111111"};
constexpr PrincipalIdentity lambda{.service = "lambda.amazonaws.com"};

constexpr const char* everybody = R"("*")";
constexpr const char* the_account = R"({"AWS":"111111111111"})";
constexpr const char* the_root = R"({"AWS":"arn:aws:iam::111111111111:root"})";
constexpr const char* the_user = R"({"AWS":"arn:aws:iam::111111111111:user/alice"})";
constexpr const char* the_role = R"({"AWS":"arn:aws:iam::111111111111:role/engine"})";
constexpr const char* the_session = R"({"AWS":"arn:aws:sts::111111111111:assumed-role/engine/s-1"})";
constexpr const char* the_federated = R"({"AWS":"arn:aws:sts::111111111111:federated-user/bob"})";
constexpr const char* the_service = R"({"Service":"lambda.amazonaws.com"})";

struct Row {
  const char* name;
  const PrincipalIdentity* caller;
  Verdict expected;
  Says identity{};
  std::optional<Says> resource{};
  const char* principal{everybody};  ///< of the resource policy
  std::optional<Says> boundary{};
  std::optional<Says> service_control{};
  std::optional<Says> session{};
  bool is_foreign{};
  bool is_trust{};
  bool needs_session_policy{};
};

constexpr Verdict allowed(Judge judge) { return {.allowed = true, .judge = judge}; }
constexpr Verdict lacking(Judge judge) { return {.judge = judge}; }
constexpr Verdict denied(Judge judge) { return {.explicit_deny = true, .judge = judge}; }

class Authorization : public ::testing::TestWithParam<Row> {};

TEST_P(Authorization, DecidesAsTheFlowChart) {
  const Row& row = GetParam();
  const std::array identity{policy(row.identity)};
  std::vector<Policy> service_control;
  if (row.service_control) service_control.push_back(policy(*row.service_control));
  std::vector<Policy> session;
  if (row.session) session.push_back(policy(*row.session));
  std::optional<Policy> resource;
  if (row.resource) resource = resource_policy(*row.resource, row.principal);
  std::optional<Policy> boundary;
  if (row.boundary) boundary = policy(*row.boundary);
  const PolicySets sets{.identity = identity,
                        .service_control = service_control,
                        .session = session,
                        .boundary = boundary ? &*boundary : nullptr,
                        .resource = resource ? &*resource : nullptr,
                        .same_account = !row.is_foreign,
                        .resource_must_allow = row.is_trust,
                        .is_root = row.caller == &root,
                        .needs_session_policy = row.needs_session_policy};
  EXPECT_EQ(authorize(sets, {.action = action, .resource = secret, .principal = row.caller}), row.expected);
}

std::string name_of(const ::testing::TestParamInfo<Row>& row) { return row.param.name; }

constexpr auto yes = Says::allow;
constexpr auto no = Says::nothing;
constexpr auto never = Says::deny;

// Rule 1 of the spec: any matching Deny.
INSTANTIATE_TEST_SUITE_P(
    Deny, Authorization,
    ::testing::Values(
        Row{"InTheIdentityPolicy", &user, denied(Judge::identity), never, yes, the_user},
        Row{"InTheResourcePolicy", &user, denied(Judge::resource), yes, never, the_user},
        Row{"InTheResourcePolicyForTheAccount", &role, denied(Judge::resource), yes, never, the_account},
        Row{"InTheResourcePolicyForTheRole", &role, denied(Judge::resource), yes, never, the_role},
        Row{"InTheResourcePolicyForTheUserOfASession",
            &federated,
            denied(Judge::resource),
            yes,
            never,
            the_user,
            {},
            {},
            yes},
        Row{"InTheBoundary", &user, denied(Judge::boundary), yes, yes, the_user, never},
        Row{"InAServiceControlPolicy", &user, denied(Judge::service_control), yes, yes, the_user, {}, never},
        Row{"InASessionPolicy", &role, denied(Judge::session), yes, yes, the_session, {}, {}, never},
        Row{"InAnotherAccountsResourcePolicy",
            &user,
            denied(Judge::resource),
            yes,
            never,
            everybody,
            {},
            {},
            {},
            true},
        Row{"FirstOfTheServiceControlPolicy", &role, denied(Judge::service_control), never, never, everybody,
            never, never, never},
        Row{"ThenOfTheResourcePolicy",
            &role,
            denied(Judge::resource),
            never,
            never,
            everybody,
            never,
            {},
            never},
        Row{"BeforeALackingServiceControlPolicy",
            &role,
            denied(Judge::session),
            yes,
            {},
            everybody,
            {},
            no,
            never},
        Row{"ForTheRootUserInAServiceControlPolicy",
            &root,
            denied(Judge::service_control),
            no,
            {},
            everybody,
            {},
            never},
        Row{"ForTheRootUserInTheResourcePolicy", &root, denied(Judge::resource), no, never, everybody}),
    name_of);

// Rule 2.
INSTANTIATE_TEST_SUITE_P(
    SameAccount, Authorization,
    ::testing::Values(
        Row{"IdentityAllows", &user, allowed(Judge::identity), yes},
        Row{"NobodyAllows", &user, lacking(Judge::identity)},
        Row{"IdentityWithinTheBoundary", &user, allowed(Judge::identity), yes, {}, everybody, yes},
        Row{"BoundaryLacks", &user, lacking(Judge::boundary), yes, {}, everybody, no},
        Row{"ABoundaryGrantsNothing", &user, lacking(Judge::identity), no, {}, everybody, yes},
        Row{"SessionLacks", &role, lacking(Judge::session), yes, {}, everybody, {}, {}, no},
        Row{"ASessionPolicyGrantsNothing", &role, lacking(Judge::identity), no, {}, everybody, {}, {}, yes},
        Row{"ServiceControlLacks", &user, lacking(Judge::service_control), yes, yes, the_user, {}, no},
        Row{"AServiceControlPolicyGrantsNothing",
            &user,
            lacking(Judge::identity),
            no,
            {},
            everybody,
            {},
            yes},
        Row{"ResourceNamesTheUser", &user, allowed(Judge::resource), no, yes, the_user},
        Row{"ResourceNamesTheUserBeyondTheBoundary", &user, allowed(Judge::resource), no, yes, the_user, no},
        Row{"ResourceNamesTheRole", &role, allowed(Judge::resource), no, yes, the_role},
        Row{"ResourceNamesTheRoleWithinTheBoundary", &role, lacking(Judge::boundary), no, yes, the_role, no},
        Row{"ResourceNamesTheRoleWithinTheSession",
            &role,
            lacking(Judge::session),
            no,
            yes,
            the_role,
            {},
            {},
            no},
        Row{"ResourceNamesTheRoleAndAllCapsAllow",
            &role,
            allowed(Judge::resource),
            no,
            yes,
            the_role,
            yes,
            {},
            yes},
        Row{"ResourceNamesTheSession", &role, allowed(Judge::resource), no, yes, the_session},
        Row{"ResourceNamesTheSessionBeyondItsCaps",
            &role,
            allowed(Judge::resource),
            no,
            yes,
            the_session,
            no,
            {},
            no},
        Row{"ResourceNamesTheSessionWithinServiceControl",
            &role,
            lacking(Judge::service_control),
            no,
            yes,
            the_session,
            {},
            no},
        Row{"ResourceNamesEverybody", &role, allowed(Judge::resource), no, yes, everybody},
        Row{"ResourceNamesEverybodyWithinTheBoundary", &role, lacking(Judge::boundary), no, yes, everybody,
            no},
        Row{"ResourceNamesEverybodyWithinTheSession",
            &role,
            lacking(Judge::session),
            no,
            yes,
            everybody,
            {},
            {},
            no},
        Row{"TheAccountOnlyDelegates", &role, lacking(Judge::identity), no, yes, the_account},
        Row{"TheAccountsRootOnlyDelegates", &user, lacking(Judge::identity), no, yes, the_root},
        Row{"TheAccountDelegatesToTheIdentity", &user, allowed(Judge::identity), yes, yes, the_account},
        Row{"AServiceIsGrantedByTheResource", &lambda, allowed(Judge::resource), no, yes, the_service},
        Row{"AResourcePolicyThatSaysNothingTakesNothing", &user, allowed(Judge::identity), yes, no}),
    name_of);

INSTANTIATE_TEST_SUITE_P(FederatedUser, Authorization,
                         ::testing::Values(Row{"HasNothingWithoutASessionPolicy",
                                               &federated,
                                               lacking(Judge::session),
                                               yes,
                                               {},
                                               everybody,
                                               {},
                                               {},
                                               {},
                                               false,
                                               false,
                                               true},
                                           Row{"HasWhatUserAndSessionAllow",
                                               &federated,
                                               allowed(Judge::identity),
                                               yes,
                                               {},
                                               everybody,
                                               {},
                                               {},
                                               yes,
                                               false,
                                               false,
                                               true},
                                           Row{"HasNoMoreThanTheUser",
                                               &federated,
                                               lacking(Judge::identity),
                                               no,
                                               {},
                                               everybody,
                                               {},
                                               {},
                                               yes,
                                               false,
                                               false,
                                               true},
                                           Row{"IsGrantedByItsOwnArn",
                                               &federated,
                                               allowed(Judge::resource),
                                               no,
                                               yes,
                                               the_federated,
                                               {},
                                               {},
                                               {},
                                               false,
                                               false,
                                               true},
                                           Row{"IsGrantedByItsUsersArnWithinTheSession",
                                               &federated,
                                               lacking(Judge::session),
                                               no,
                                               yes,
                                               the_user,
                                               {},
                                               {},
                                               {},
                                               false,
                                               false,
                                               true},
                                           Row{"IsGrantedByItsUsersArnWithASession",
                                               &federated,
                                               allowed(Judge::resource),
                                               no,
                                               yes,
                                               the_user,
                                               {},
                                               {},
                                               yes,
                                               false,
                                               false,
                                               true}),
                         name_of);

// Rule 3.
INSTANTIATE_TEST_SUITE_P(
    OtherAccount, Authorization,
    ::testing::Values(
        Row{"BothAllow", &user, allowed(Judge::identity), yes, yes, the_user, {}, {}, {}, true},
        Row{"BothAllowByTheAccount",
            &user,
            allowed(Judge::identity),
            yes,
            yes,
            the_account,
            {},
            {},
            {},
            true},
        Row{"OnlyTheIdentityAllows", &user, lacking(Judge::resource), yes, no, everybody, {}, {}, {}, true},
        Row{"ThereIsNoResourcePolicy", &user, lacking(Judge::resource), yes, {}, everybody, {}, {}, {}, true},
        Row{"OnlyTheResourceAllows", &user, lacking(Judge::identity), no, yes, the_user, {}, {}, {}, true},
        Row{"OnlyTheResourceAllowsTheSession",
            &role,
            lacking(Judge::identity),
            no,
            yes,
            the_session,
            {},
            {},
            {},
            true},
        Row{"TheBoundaryLacks", &user, lacking(Judge::boundary), yes, yes, the_user, no, {}, {}, true},
        Row{"TheSessionLacksThoughItIsNamed",
            &role,
            lacking(Judge::session),
            yes,
            yes,
            the_session,
            {},
            {},
            no,
            true},
        Row{"ServiceControlLacks",
            &role,
            lacking(Judge::service_control),
            yes,
            yes,
            the_role,
            {},
            no,
            {},
            true}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Trust, Authorization,
    ::testing::Values(
        Row{"IdentityAloneIsNotEnough",
            &user,
            lacking(Judge::resource),
            yes,
            no,
            everybody,
            {},
            {},
            {},
            false,
            true},
        Row{"ThePrincipalItselfNeedsNoIdentityPolicy",
            &user,
            allowed(Judge::resource),
            no,
            yes,
            the_user,
            {},
            {},
            {},
            false,
            true},
        Row{"ARoleNeedsNoIdentityPolicy",
            &role,
            allowed(Judge::resource),
            no,
            yes,
            the_role,
            {},
            {},
            {},
            false,
            true},
        Row{"TheAccountDelegates",
            &user,
            lacking(Judge::identity),
            no,
            yes,
            the_account,
            {},
            {},
            {},
            false,
            true},
        Row{"TheAccountDelegatesToTheIdentity",
            &user,
            allowed(Judge::identity),
            yes,
            yes,
            the_account,
            {},
            {},
            {},
            false,
            true},
        Row{"DenyWins", &user, denied(Judge::resource), yes, never, the_user, {}, {}, {}, false, true},
        Row{"AcrossAccountsBothMustAllow",
            &role,
            lacking(Judge::identity),
            no,
            yes,
            the_role,
            {},
            {},
            {},
            true,
            true}),
    name_of);

// Rule 4.
INSTANTIATE_TEST_SUITE_P(
    RootUser, Authorization,
    ::testing::Values(
        Row{"NeedsNoPolicy", &root, allowed(Judge::identity)},
        Row{"IsNotKeptOutByAResourcePolicyThatSaysNothing", &root, allowed(Judge::identity), no, no},
        Row{"IsCappedByServiceControl", &root, lacking(Judge::service_control), no, {}, everybody, {}, no},
        Row{"NeedsAnotherAccountsAllow",
            &root,
            lacking(Judge::resource),
            no,
            {},
            everybody,
            {},
            {},
            {},
            true},
        Row{"HasAnotherAccountsAllow", &root, allowed(Judge::identity), no, yes, the_root, {}, {}, {}, true},
        Row{"HasNoMoreThanItsSessionPolicy", &root, lacking(Judge::session), no, {}, everybody, {}, {}, no},
        Row{"HasWhatItsSessionPolicyAllows", &root, allowed(Judge::identity), no, {}, everybody, {}, {}, yes},
        Row{"NeedsTheTrustPolicy",
            &root,
            lacking(Judge::resource),
            no,
            no,
            everybody,
            {},
            {},
            {},
            false,
            true}),
    name_of);

TEST(AuthorizationOfSeveralPolicies, WantsOneAllowOfAKindAndNoDeny) {
  const RequestContext request{.action = action, .resource = secret, .principal = &role};
  const std::array some{policy(no), policy(yes), policy(no)};
  const std::array one_denies{policy(yes), policy(never)};
  EXPECT_EQ(authorize({.identity = some, .service_control = some, .session = some}, request),
            allowed(Judge::identity));
  EXPECT_EQ(authorize({.identity = one_denies}, request), denied(Judge::identity));
  EXPECT_EQ(authorize({.identity = some, .session = one_denies}, request), denied(Judge::session));
  EXPECT_EQ(authorize({}, request), lacking(Judge::identity)) << "no policy at all";
}

TEST(RefusalReason, IsWordedAsAwsDoes) {
  const auto because = [](Judge judge) { return refusal_reason(lacking(judge), action); };
  const auto explicitly = [](Judge judge) { return refusal_reason(denied(judge), action); };
  const std::string allows = " allows the secretsmanager:GetSecretValue action";
  EXPECT_EQ(because(Judge::identity), "because no identity-based policy" + allows);
  EXPECT_EQ(because(Judge::resource), "because no resource-based policy" + allows);
  EXPECT_EQ(because(Judge::boundary), "because no permissions boundary" + allows);
  EXPECT_EQ(because(Judge::service_control), "because no service control policy" + allows);
  EXPECT_EQ(because(Judge::session), "because no session policy" + allows);
  EXPECT_EQ(explicitly(Judge::identity), "with an explicit deny in an identity-based policy");
  EXPECT_EQ(explicitly(Judge::resource), "with an explicit deny in a resource-based policy");
  EXPECT_EQ(explicitly(Judge::boundary), "with an explicit deny in a permissions boundary");
  EXPECT_EQ(explicitly(Judge::service_control), "with an explicit deny in a service control policy");
  EXPECT_EQ(explicitly(Judge::session), "with an explicit deny in a sessions policy");
}

}  // namespace
}  // namespace rushhour::aws
