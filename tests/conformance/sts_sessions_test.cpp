// Sessions of STS: what comes of AssumeRole, codes of devices, and what users get for themselves and for
// others (spec aws.md 2.2, Appendix A).

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sts_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;

// ---- AssumeRole: what comes of it ----

Failure secret_with(Scene& scene, std::string session_policy) {
  const api::Identity engine = scene.engine();
  AssumeRole request = scene.assume();
  request.policy = std::move(session_policy);
  const auto made = scene.call(request, engine);
  if (!made.ok()) return made.failure();
  return outcome(scene.call(scene.get(), identity(made->credentials)));
}

Failure secret_with_managed(Scene& scene, std::string policy_arn) {
  AssumeRole request = scene.assume();
  request.policy_arns = {{std::move(policy_arn)}};
  const auto made = scene.call(request, scene.engine());
  if (!made.ok()) return made.failure();
  return outcome(scene.call(scene.get(), identity(made->credentials)));
}

std::vector<Behaviour> results() {
  return {
      {"TheAnswer", "REC LocalStack test_sts.snapshot.json 2024-06-05: no PackedPolicySize",
       answer(R"({"AssumedRoleUser":{"AssumedRoleId":"ROLE:work","Arn":)"
              R"("arn:aws:sts::123456789012:assumed-role/reader/work"}})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         auto said = scene.call(assume(), who);
         if (said.ok()) said->assumed_role_user.assumed_role_id.replace(0, 21, "ROLE");
         return facts<AssumeRole>(said);
       }},
      {"TheLooksOfCredentials", "REC aws.md 2.2", answer("ASIA 20 40 IQoJb3JpZ2luX2Vj AROA 21"),
       [](Scene& scene) {
         const auto said = scene.call(scene.assume(), scene.engine());
         if (!said.ok()) return said.failure();
         const Credentials& made = said->credentials;
         const std::string& id = said->assumed_role_user.assumed_role_id;
         return answer(made.access_key_id.substr(0, 4) + " " + std::to_string(made.access_key_id.size()) +
                       " " + std::to_string(made.secret_access_key.size()) + " " +
                       made.session_token.substr(0, 16) + " " + id.substr(0, 4) + " " +
                       std::to_string(id.find(':')));
       }},
      {"ThePathIsNotInTheSessionsArn", "REC aws.md 2.2",
       answer("arn:aws:sts::123456789012:assumed-role/reader/work"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         scene.inside()->world.iam.add_role({.account = std::string{ours},
                                             .name = "reader",
                                             .path = "/team/blue/",
                                             .trust_policy = trust_alice()});
         const auto said = scene.call(assume("arn:aws:iam::123456789012:role/team/blue/reader"), who);
         return said.ok() ? answer(said->assumed_role_user.arn) : said.failure();
       }},
      {"ASessionPolicyLimits", "DOC aws.md 3 rule 2",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized to "
           "perform: secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
           "session policy allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         return secret_with(scene, document(allow(R"("secretsmanager:DescribeSecret")")));
       }},
      {"ASessionPolicyThatAllows", "DOC aws.md 3 rule 2", fine,
       [](Scene& scene) { return secret_with(scene, document(allow(R"("secretsmanager:*")"))); }},
      {"ASessionPolicyThatIsNoJson", "DOC aws.md 1: MalformedPolicyDocument; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument", "This policy contains invalid Json"),
       [](Scene& scene) { return secret_with(scene, "{"); }},
      {"ASessionPolicyThatIsNoPolicy", "DOC aws.md 1: MalformedPolicyDocument; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument", "Syntax errors in policy."),
       [](Scene& scene) { return secret_with(scene, R"({"Version":"2012-10-17"})"); }},
      {"TagsThatTakeTooMuch", "DOC aws.md 1: PackedPolicyTooLarge; text REC session tags 2023",
       failure(Outcome::invalid, 400, "PackedPolicyTooLarge",
               "Packed size of session tags consumes 472% of allotted space."),
       [](Scene& scene) {
         std::vector<Tag> tags;
         for (int i = 0; i < 50; ++i) tags.push_back({"key-" + std::to_string(i), std::string(256, 'v')});
         return with_tags(scene, std::move(tags), {});
       }},
      {"AManagedSessionPolicyLimits", "DOC API_AssumeRole",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized to "
           "perform: secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
           "session policy allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         const std::string arn = scene.inside()->world.iam.add_managed_policy(
             {.account = "444455556666",
              .name = "describe",
              .document = document(allow(R"("secretsmanager:DescribeSecret")"))});
         return secret_with_managed(scene, arn);
       }},
      {"TheTokenIsFilledUp", "DOC client-sts 3.1169", answer("4096 100"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.minimum_session_token_size = 4096;
         const auto said = scene.call(request, scene.engine());
         if (!said.ok()) return said.failure();
         if (*said->session_token_size != static_cast<std::int64_t>(said->credentials.session_token.size())) {
           return answer("another size than it says");
         }
         return answer(std::to_string(*said->session_token_size) + " " +
                       std::to_string(*said->session_token_utilization));
       }},
      {"ADisabledRegion", "DOC aws.md 1: RegionDisabledException; MEM text",
       failure(Outcome::denied, 403, "RegionDisabledException",
               "STS is not activated in this region for account:444455556666. Your account administrator can "
               "activate STS in this region using the IAM Console."),
       [](Scene& scene) {
         scene.inside()->world.sts.disable_region("444455556666", "us-east-1");
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"APolicyAndTagsThatTakeTooMuch", "DOC aws.md 1: PackedPolicyTooLarge; MEM text",
       failure(Outcome::invalid, 400, "PackedPolicyTooLarge",
               "Packed policy consumes 476% of allotted space, please use smaller policy."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it));
         AssumeRole request = assume();
         request.policy = document(allow(R"("secretsmanager:*")"));
         for (int i = 0; i < 50; ++i) {
           request.tags.push_back({"key-" + std::to_string(i), std::string(256, 'v')});
         }
         return outcome(scene.call(request, who));
       }},
      {"AManagedPolicyAndTagsThatTakeTooMuch", "DOC aws.md 1: PackedPolicyTooLarge; MEM text",
       failure(Outcome::invalid, 400, "PackedPolicyTooLarge",
               "Packed policy consumes 474% of allotted space, please use smaller policy."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it));
         AssumeRole request = assume();
         request.policy_arns = {{"arn:aws:iam::aws:policy/SecretsManagerReadWrite"}};
         for (int i = 0; i < 50; ++i) {
           request.tags.push_back({"key-" + std::to_string(i), std::string(256, 'v')});
         }
         return outcome(scene.call(request, who));
       }},
      {"TagsThatJustFit", "DOC aws.md 1: PackedPolicyTooLarge; text REC session tags 2023",
       failure(Outcome::invalid, 400, "PackedPolicyTooLarge",
               "Packed size of session tags consumes 101% of allotted space."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(all_of_it));
         AssumeRole request = assume();
         for (int i = 0; i < 11; ++i)
           request.tags.push_back({"key-" + std::to_string(i), std::string(240, 'v')});
         std::int64_t percent = 0;
         for (Tag& tag : request.tags) {
           while (tag.value.size() < 256) {
             const auto said = scene.call(request, who);
             if (!said.ok()) {
               EXPECT_EQ(percent, 100);
               return said.failure();
             }
             percent = *said->packed_policy_size;
             tag.value += 'v';
           }
         }
         return answer("they all fit");
       }},
      {"AManagedSessionPolicyOfAws", "DOC API_AssumeRole", fine,
       [](Scene& scene) {
         return secret_with_managed(scene, "arn:aws:iam::aws:policy/SecretsManagerReadWrite");
       }},
      {"AManagedSessionPolicyThatIsNotThere", "DOC API_AssumeRole; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument",
               "Policy arn:aws:iam::444455556666:policy/none does not exist or is not attachable."),
       [](Scene& scene) { return secret_with_managed(scene, "arn:aws:iam::444455556666:policy/none"); }},
      {"AManagedSessionPolicyOfAnotherAccount", "DOC API_AssumeRole; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument",
               "Policy arn:aws:iam::123456789012:policy/far does not exist or is not attachable."),
       [](Scene& scene) {
         const std::string arn = scene.inside()->world.iam.add_managed_policy(
             {.account = std::string{ours},
              .name = "far",
              .document = document(allow(R"("secretsmanager:*")"))});
         return secret_with_managed(scene, arn);
       }},
      {"AManagedSessionPolicyThatIsNone", "DOC API_AssumeRole; MEM text",
       invalid("arn:aws:iam::123456789012:role/reader is invalid"),
       [](Scene& scene) { return secret_with_managed(scene, std::string{reader_arn}); }},
  };
}

// ---- MFA ----

constexpr std::string_view device = "arn:aws:iam::123456789012:mfa/alice";
constexpr std::string_view root_arn = "arn:aws:iam::123456789012:root";

/// Alice, or another owner, with a device, and what it shows; or another code.
template <class Op>
Op with_code(Scene& scene, Op request, bool is_right = true, std::string_view owner = alice_arn) {
  auto inside = scene.inside();
  Iam& iam = inside->world.iam;
  if (!iam.mfa_code(device, scene.now())) {
    static_cast<void>(
        iam.add_mfa_device(owner, {.serial = std::string{device}, .secret = "12345678901234567890"}));
  }
  std::string code = *iam.mfa_code(device, scene.now());
  if (!is_right) code[5] = code[5] == '0' ? '1' : '0';
  request.serial_number = device;
  request.token_code = std::move(code);
  return request;
}

constexpr std::string_view multi_factor_wanted =
    R"(,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}})";

std::vector<Behaviour> multi_factor() {
  return {
      {"WithoutACode", "DOC aws.md 3 keys", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) { return by_alice(scene, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted)); }},
      {"WithTheCode", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         return outcome(scene.call(with_code(scene, assume()), who));
       }},
      {"WithAWrongCode", "REC public logs",
       denied("MultiFactorAuthentication failed with invalid MFA one time pass code."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         return outcome(scene.call(with_code(scene, assume(), false), who));
       }},
      {"WithAnotherDevice", "REC public logs",
       denied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial "
              "number is valid and associated with this user."),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         GetSessionToken request = with_code(scene, GetSessionToken{});
         request.serial_number = "arn:aws:iam::123456789012:mfa/bob";
         return outcome(scene.call(request, who));
       }},
      {"ASessionOfAUserWithMfa", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         const api::Identity mine = session(scene, with_code(scene, GetSessionToken{}), who);
         return outcome(scene.call(assume(), mine));
       }},
      {"ASessionOfAUserWithoutMfa", "DOC aws.md 3 keys", refused("sts:AssumeRole", reader_arn),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice(R"("sts:AssumeRole")", multi_factor_wanted));
         return outcome(scene.call(assume(), session(scene, GetSessionToken{}, who)));
       }},
      {"ASessionOfARoleAssumedWithACode", "DOC aws:MultiFactorAuthPresent",
       refused("sts:AssumeRole", writer_arn, reader_session),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         add_role(scene, writer_arn,
                  trust(aws_principal(reader_arn), R"("sts:AssumeRole")", multi_factor_wanted),
                  {document(allow(R"("sts:AssumeRole")"))});
         const api::Identity with = session(scene, with_code(scene, assume()), who);
         EXPECT_EQ(outcome(scene.call(assume(writer_arn), with)), fine);
         return outcome(scene.call(assume(writer_arn), session(scene, assume(), who)));
       }},
      {"ASessionOfARootUser", "DOC aws:MultiFactorAuthPresent", fine,
       [](Scene& scene) {
         using api::secretsmanager::GetSecretValue;
         const api::Identity who = root(scene);
         const std::string secret = scene.inside()->world.secretsmanager.add_secret(
             {.account = std::string{ours}, .name = "vault", .value = "x"}, scene.now());
         EXPECT_EQ(outcome(scene.call(
                       api::secretsmanager::PutResourcePolicy{
                           .secret_id = secret,
                           .resource_policy = document(
                               R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:GetSecretValue",)"
                               R"("Resource":"*","Condition":)"
                               R"({"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}})")},
                       who)),
                   fine);
         const GetSecretValue get{.secret_id = secret};
         EXPECT_EQ(outcome(scene.call(get, who)).code, "AccessDeniedException");
         EXPECT_EQ(outcome(scene.call(get, session(scene, GetSessionToken{}, who))).code,
                   "AccessDeniedException");
         const GetSessionToken request = with_code(scene, GetSessionToken{}, true, root_arn);
         return outcome(scene.call(get, session(scene, request, who)));
       }},
      {"TheAgeOfACode", "DOC aws.md 3 keys", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn,
                  trust_alice(R"("sts:AssumeRole")",
                              R"(,"Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"1"}})"));
         return outcome(scene.call(with_code(scene, assume()), who));
       }},
      {"ADeviceAndItsCodeGoTogether", "MEM", invalid("Both SerialNumber and TokenCode are required"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         AssumeRole without_code = with_code(scene, assume());
         without_code.token_code.reset();
         AssumeRole without_device = with_code(scene, assume());
         without_device.serial_number.reset();
         EXPECT_EQ(outcome(scene.call(without_code, who)), outcome(scene.call(without_device, who)));
         return outcome(scene.call(without_code, who));
       }},
      {"ASessionOfARoleHasNoDevice", "MEM", denied("Cannot use MFA with session credentials"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         return outcome(scene.call(with_code(scene, assume()), session(scene, assume(), who)));
       }},
  };
}

// ---- GetCallerIdentity, GetSessionToken, GetFederationToken ----

GetFederationToken federate(std::optional<std::string> policy = {}) {
  return {.name = "bob", .policy = std::move(policy)};
}

std::vector<std::string> may_federate() {
  return {document(allow(R"(["sts:GetFederationToken","sts:TagSession","secretsmanager:*"])"))};
}

constexpr std::string_view bob_arn = "arn:aws:sts::123456789012:federated-user/bob";

/// What a federated user of Alice's, who may read every secret, gets from one.
Failure read_as_bob(Scene& scene, std::optional<std::string> session_policy) {
  {
    auto inside = scene.inside();
    static_cast<void>(inside->world.secretsmanager.add_secret(
        {.account = std::string{ours}, .name = "db", .value = "s3cr3t"}, scene.now()));
  }
  const api::Identity bob = session(scene, federate(std::move(session_policy)), alice(scene, may_federate()));
  return outcome(scene.call(api::secretsmanager::GetSecretValue{.secret_id = "db"}, bob));
}

std::vector<Behaviour> own_sessions() {
  return {
      {"WhoAUserIs", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       answer(R"({"UserId":"AIDA","Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/alice"})"),
       [](Scene& scene) {
         auto said = scene.call(GetCallerIdentity{}, alice(scene));
         if (said.ok()) said->user_id.resize(4);
         return facts<GetCallerIdentity>(said);
       }},
      {"WhoASessionIs", "REC LocalStack test_sts.snapshot.json 2026-02-09",
       answer(R"({"UserId":"AROA:work","Account":"123456789012",)"
              R"("Arn":"arn:aws:sts::123456789012:assumed-role/reader/work"})"),
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         auto said = scene.call(GetCallerIdentity{}, session(scene, assume(), who));
         if (said.ok()) said->user_id.erase(4, 17);
         return facts<GetCallerIdentity>(said);
       }},
      {"WhoTheRootUserIs", "DOC API_GetCallerIdentity",
       answer(R"({"UserId":"123456789012","Account":"123456789012","Arn":"arn:aws:iam::123456789012:root"})"),
       [](Scene& scene) { return facts<GetCallerIdentity>(scene.call(GetCallerIdentity{}, root(scene))); }},
      {"WhoAFederatedUserIs", "DOC aws.md 2.2",
       answer(R"({"UserId":"123456789012:bob","Account":"123456789012",)"
              R"("Arn":"arn:aws:sts::123456789012:federated-user/bob"})"),
       [](Scene& scene) {
         const api::Identity bob = session(scene, federate(), alice(scene, may_federate()));
         return facts<GetCallerIdentity>(scene.call(GetCallerIdentity{}, bob));
       }},
      {"NoDenyForbidsToAskWhoOneIs", "DOC aws.md 2.2", answer(std::string{alice_arn}),
       [](Scene& scene) {
         return who_am_i(scene, alice(scene, {document(R"({"Effect":"Deny","Action":"*","Resource":"*"})")}));
       }},

      {"ASessionTokenIsTheUsers", "DOC aws.md 2.2", answer(std::string{alice_arn}),
       [](Scene& scene) { return who_am_i(scene, session(scene, GetSessionToken{}, alice(scene))); }},
      {"ASessionTokenLastsTwelveHours", "DOC aws.md 2.2", answer("43200"),
       [](Scene& scene) { return length_of(scene, scene.call(GetSessionToken{}, alice(scene))); }},
      {"ASessionTokenLastsThirtySixHoursAtMost", "DOC aws.md 2.2",
       invalid(
           "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: "
           "Member must have value less than or equal to 129600"),
       [](Scene& scene) {
         return outcome(scene.call(GetSessionToken{.duration_seconds = 129'601}, alice(scene)));
       }},
      {"ASessionTokenOfRootLastsAnHour", "DOC API_GetSessionToken", answer("3600"),
       [](Scene& scene) {
         return length_of(scene, scene.call(GetSessionToken{.duration_seconds = 129'600}, root(scene)));
       }},
      {"ASessionTokenNeedsNoPermission", "DOC API_GetSessionToken", fine,
       [](Scene& scene) {
         return outcome(
             scene.call(GetSessionToken{},
                        alice(scene, {document(R"({"Effect":"Deny","Action":"sts:*","Resource":"*"})")})));
       }},
      {"NoSessionTokenForASession", "REC public logs",
       denied("Cannot call GetSessionToken with session credentials"),
       [](Scene& scene) { return outcome(scene.call(GetSessionToken{}, scene.engine())); }},
      {"ASessionTokenMayAssumeARole", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         const api::Identity who = alice(scene);
         add_role(scene, reader_arn, trust_alice());
         return outcome(scene.call(assume(), session(scene, GetSessionToken{}, who)));
       }},
      {"ASessionTokenMayCallNothingElseOfSts", "DOC aws.md 2.2; MEM text",
       denied("Cannot call GetAccessKeyInfo with session credentials"),
       [](Scene& scene) {
         const api::Identity who = alice(scene, {document(allow(R"("sts:*")"))});
         return outcome(scene.call(GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"},
                                   session(scene, GetSessionToken{}, who)));
       }},

      {"AFederatedUser", "REC LocalStack test_sts.snapshot.json 2024-06-05",
       answer(R"({"FederatedUser":{"FederatedUserId":"123456789012:bob",)"
              R"("Arn":"arn:aws:sts::123456789012:federated-user/bob"},"PackedPolicySize":0})"),
       [](Scene& scene) {
         return facts<GetFederationToken>(scene.call(federate(), alice(scene, may_federate())));
       }},
      {"AFederatedUserForTwelveHours", "DOC aws.md 2.2", answer("43200"),
       [](Scene& scene) { return length_of(scene, scene.call(federate(), alice(scene, may_federate()))); }},
      {"AFederatedUserOfRootForAnHour", "DOC API_GetFederationToken", answer("3600"),
       [](Scene& scene) {
         GetFederationToken request = federate();
         request.duration_seconds = 7200;
         return length_of(scene, scene.call(request, root(scene)));
       }},
      {"FederatingNeedsPermission", "DOC API_GetFederationToken",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/bob because no "
              "identity-based policy allows the sts:GetFederationToken action"),
       [](Scene& scene) { return outcome(scene.call(federate(), alice(scene))); }},
      {"NoFederationBySessions", "REC jenkinsci pipeline-cloudwatch-logs-plugin",
       denied("Cannot call GetFederationToken with session credentials"),
       [](Scene& scene) { return outcome(scene.call(federate(), scene.engine())); }},
      {"AFederatedUserWithoutPolicyMayNothing", "DOC aws.md 2.2",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:sts::123456789012:federated-user/bob is not authorized to perform: "
               "secretsmanager:GetSecretValue on resource: db because no session policy allows the "
               "secretsmanager:GetSecretValue action"),
       [](Scene& scene) { return read_as_bob(scene, {}); }},
      {"AFederatedUserWithAPolicy", "DOC aws.md 2.2", fine,
       [](Scene& scene) {
         return read_as_bob(scene, document(allow(R"("secretsmanager:GetSecretValue")")));
       }},
      {"AFederatedUserMayCallNothingElseOfSts", "DOC Compare AWS STS credentials; MEM text",
       denied("Cannot call AssumeRole with session credentials"),
       [](Scene& scene) {
         const api::Identity bob =
             session(scene, federate(document(allow(R"("*")"))), alice(scene, may_federate()));
         add_role(scene, reader_arn, trust(aws_principal(bob_arn)));
         return outcome(scene.call(assume(), bob));
       }},
      {"AFederatedUsersNameOf33", "DOC aws.md A",
       invalid("1 validation error detected: Value 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' at 'name' failed to "
               "satisfy constraint: Member must have length less than or equal to 32"),
       [](Scene& scene) {
         GetFederationToken request = federate();
         request.name.assign(33, 'b');
         return outcome(scene.call(request, alice(scene, may_federate())));
       }},
      {"TagsOfAFederatedUserNeedTagSession", "DOC API_GetFederationToken",
       denied(
           "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:TagSession on "
           "resource: arn:aws:sts::123456789012:federated-user/bob because no identity-based policy allows "
           "the sts:TagSession action"),
       [](Scene& scene) {
         const api::Identity who = alice(
             scene, {document(allow(R"("sts:GetFederationToken")", R"(,"Condition":{"StringEqualsIfExists":{)"
                                                                   R"("aws:RequestTag/team":"blue"}})"))});
         EXPECT_EQ(outcome(scene.call(federate(), who)), fine) << "none without tags";
         GetFederationToken request = federate();
         request.tags = {{"team", "red"}};
         EXPECT_THAT(outcome(scene.call(request, who)).message, testing::HasSubstr("sts:GetFederationToken"));
         request.tags = {{"team", "blue"}};
         return outcome(scene.call(request, who));
       }},
      {"AFederatedUserWithAPolicyThatIsNone", "DOC API_GetFederationToken; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument", "This policy contains invalid Json"),
       [](Scene& scene) { return outcome(scene.call(federate("{"), alice(scene, may_federate()))); }},
      {"AFederatedUserWithAManagedPolicyThatIsNotThere", "DOC API_GetFederationToken; MEM text",
       failure(Outcome::invalid, 400, "MalformedPolicyDocument",
               "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable."),
       [](Scene& scene) {
         GetFederationToken request = federate();
         request.policy_arns = {{"arn:aws:iam::123456789012:policy/none"}};
         return outcome(scene.call(request, alice(scene, may_federate())));
       }},
      {"TheTokensOfUsersTellTheirSizes", "DOC client-sts 3.1169", answer("4096 100, 4096 100"),
       [](Scene& scene) {
         const api::Identity who = alice(scene, may_federate());
         GetFederationToken for_bob = federate();
         for_bob.minimum_session_token_size = 4096;
         const auto own = scene.call(GetSessionToken{.minimum_session_token_size = 4096}, who);
         const auto bobs = scene.call(for_bob, who);
         const auto sizes = [](const auto& output) {
           return std::to_string(*output.session_token_size) + " " +
                  std::to_string(*output.session_token_utilization);
         };
         return answer(sizes(own.value()) + ", " + sizes(bobs.value()));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(AssumeRoleResult, Conformance, on_every_way(results()), row_name);
INSTANTIATE_TEST_SUITE_P(MultiFactor, Conformance, on_every_way(multi_factor()), row_name);
INSTANTIATE_TEST_SUITE_P(OwnSessions, Conformance, on_every_way(own_sessions()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
