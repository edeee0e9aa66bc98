// GetAccessKeyInfo, DecodeAuthorizationMessage, AssumeRoot and GetDelegatedAccessToken (spec aws.md 1, 2.2).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/iam.hpp>
#include <rushhour/fakes/detail/base64url.hpp>

#include "sts_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::sts;
using std::chrono::minutes;

constexpr std::string_view theirs = "210987654321";

// ---- GetAccessKeyInfo, DecodeAuthorizationMessage, AssumeRoot, GetDelegatedAccessToken ----

std::vector<std::string> may_anything_of_sts() { return {document(allow(R"("sts:*")"))}; }

Failure assume_root(Scene& scene, std::string target, std::string task, std::vector<std::string> policies) {
  scene.inside()->world.sts.set_organization(
      {.management_account = std::string{ours}, .members = {std::string{theirs}}});
  const auto said =
      scene.call(AssumeRoot{.target_principal = std::move(target),
                            .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/" + std::move(task)}},
                 alice(scene, std::move(policies)));
  if (!said.ok()) return said.failure();
  const Failure who = who_am_i(scene, identity(said->credentials));
  return answer(who.message + " for " + length_of(scene, said).message);
}

AssumeRoot audit_root() {
  return {.target_principal = std::string{theirs},
          .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"}};
}

std::string denied_stop() {
  return R"({"allowed":false,"explicitDeny":true,"matchedStatements":{"items":[]},"failures":{"items":[]},)"
         R"("context":{"principal":{"id":"AIDACKCEVSQ6C2EXAMPLE","name":"Bob",)"
         R"("arn":"arn:aws:iam::123456789012:user/Bob"},"action":"ec2:StopInstances",)"
         R"("resource":"arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd","conditions":{"items":[)"
         R"({"key":"ec2:Tenancy","values":{"items":[{"value":"default"}]}}]}}})";
}

Failure decode(Scene& scene, bool is_damaged, std::vector<std::string> policies) {
  std::string encoded =
      scene.inside()->world.sts.encode({.is_explicit_deny = true,
                                        .principal_id = "AIDACKCEVSQ6C2EXAMPLE",
                                        .principal_name = "Bob",
                                        .principal_arn = "arn:aws:iam::123456789012:user/Bob",
                                        .action = "ec2:StopInstances",
                                        .resource = "arn:aws:ec2:us-east-1:123456789012:instance/i-dd01c9bd",
                                        .conditions = {{"ec2:Tenancy", "default"}}});
  if (is_damaged) encoded[20] = encoded[20] == 'A' ? 'B' : 'A';
  const auto said =
      scene.call(DecodeAuthorizationMessage{.encoded_message = encoded}, alice(scene, std::move(policies)));
  return said.ok() ? answer(said->decoded_message) : said.failure();
}

Failure trade_in(Scene& scene, std::string token, Duration valid_for,
                 std::string principal_arn = std::string{reader_arn}) {
  const api::Identity who = alice(scene, may_anything_of_sts());
  add_role(scene, reader_arn, trust_alice());
  scene.inside()->world.sts.add_trade_in_token(
      {.token = "traded", .principal_arn = std::move(principal_arn), .expires = scene.now() + valid_for});
  const auto said = scene.call(GetDelegatedAccessToken{.trade_in_token = std::move(token)}, who);
  if (!said.ok()) return said.failure();
  return answer(said->assumed_principal + " " + who_am_i(scene, identity(said->credentials)).message);
}

std::vector<Behaviour> other_operations() {
  return {
      {"TheAccountOfAKey", "DOC API_GetAccessKeyInfo", answer("111122223333"),
       [](Scene& scene) {
         const auto key = std::get<aws::Credentials>(scene.engine()).access_key_id;
         const auto said =
             scene.call(GetAccessKeyInfo{.access_key_id = key}, alice(scene, may_anything_of_sts()));
         return said.ok() ? answer(said->account) : said.failure();
       }},
      {"TheAccountOfAKeyNeedsPermission", "REC Hacky Easter 2023",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:GetAccessKeyInfo "
              "because no identity-based policy allows the sts:GetAccessKeyInfo action"),
       [](Scene& scene) {
         return outcome(scene.call(GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7EXAMPLE"}, alice(scene)));
       }},
      {"AMessageIsDecoded", "DOC decode-authorization-message", answer(denied_stop()),
       [](Scene& scene) { return decode(scene, false, may_anything_of_sts()); }},
      {"DecodingNeedsPermission", "REC public logs 2022-2023",
       denied("User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
              "sts:DecodeAuthorizationMessage because no identity-based policy allows the "
              "sts:DecodeAuthorizationMessage action"),
       [](Scene& scene) { return decode(scene, false, {}); }},
      {"AMessageOfNobodyIsRefused", "DOC aws.md 1: InvalidAuthorizationMessageException; MEM text",
       failure(Outcome::invalid, 400, "InvalidAuthorizationMessageException", "Message is not valid"),
       [](Scene& scene) { return decode(scene, true, may_anything_of_sts()); }},

      {"RootOfAMember", "DOC aws.md 2.2: 900 s", answer("arn:aws:iam::210987654321:root for 900"),
       [](Scene& scene) {
         return assume_root(scene, std::string{theirs}, "IAMAuditRootUserCredentials", may_anything_of_sts());
       }},
      {"RootOfAMemberByArn", "DOC API_AssumeRoot", answer("arn:aws:iam::210987654321:root for 900"),
       [](Scene& scene) {
         return assume_root(scene, "arn:aws:iam::210987654321:root", "S3UnlockBucketPolicy",
                            may_anything_of_sts());
       }},
      {"RootForNoOtherTask", "DOC API_AssumeRoot; MEM text",
       invalid("arn:aws:iam::aws:policy/root-task/AdministratorAccess is not a valid task policy"),
       [](Scene& scene) {
         return assume_root(scene, std::string{theirs}, "AdministratorAccess", may_anything_of_sts());
       }},
      {"RootNeedsPermission", "REC cloudposse/atmos",
       refused("sts:AssumeRoot", "arn:aws:iam::210987654321:root"),
       [](Scene& scene) { return assume_root(scene, std::string{theirs}, "SQSUnlockQueuePolicy", {}); }},
      {"RootOfNoMember", "DOC API_AssumeRoot", refused("sts:AssumeRoot", "arn:aws:iam::444455556666:root"),
       [](Scene& scene) {
         return assume_root(scene, "444455556666", "SQSUnlockQueuePolicy", may_anything_of_sts());
       }},
      {"RootFor901Seconds", "DOC aws.md 2.2",
       invalid("1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy constraint: "
               "Member must have value less than or equal to 900"),
       [](Scene& scene) {
         AssumeRoot request{.target_principal = std::string{theirs},
                            .task_policy_arn = {"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"},
                            .duration_seconds = 901};
         return outcome(scene.call(request, alice(scene)));
       }},

      {"ATokenIsTradedIn", "DOC API_GetDelegatedAccessToken",
       answer("arn:aws:sts::123456789012:assumed-role/reader/delegated "
              "arn:aws:sts::123456789012:assumed-role/reader/delegated"),
       [](Scene& scene) { return trade_in(scene, "traded", minutes{5}); }},
      {"AnExpiredTradeInToken", "DOC aws.md 1: ExpiredTradeInTokenException; MEM text",
       failure(Outcome::expired, 400, "ExpiredTradeInTokenException",
               "The provided trade-in token has expired"),
       [](Scene& scene) { return trade_in(scene, "traded", Duration{}); }},
      {"ATradeInTokenOfNobody", "MEM",
       failure(Outcome::invalid, 400, "InvalidParameterValue", "The provided trade-in token is invalid"),
       [](Scene& scene) { return trade_in(scene, "other", minutes{5}); }},
      {"AnUnknownKeyHasNoAccount", "DOC API_GetAccessKeyInfo; MEM code and text",
       invalid("The access key ID does not exist."),
       [](Scene& scene) {
         return outcome(scene.call(GetAccessKeyInfo{.access_key_id = "AKIAIOSFODNN7UNKNOWN"},
                                   alice(scene, may_anything_of_sts())));
       }},
      {"AMessageShowsNothingUndecoded", "DOC decode-authorization-message", answer("no text"),
       [](Scene& scene) {
         const std::string encoded = scene.inside()->world.sts.encode({.action = "ec2:StopInstances"});
         const auto bytes = detail::from_base64url(encoded);
         return answer(bytes.value().find("allowed") == std::string::npos ? "no text" : *bytes);
       }},
      {"RootOfWhatIsNoAccount", "DOC API_AssumeRoot; MEM text",
       invalid("arn:aws:iam::210987654321:user/root is invalid"),
       [](Scene& scene) {
         const auto of = [&](std::string target) {
           return assume_root(scene, std::move(target), "S3UnlockBucketPolicy", may_anything_of_sts());
         };
         for (const char* target : {"somebody else", "arn:aws:sts::210987654321:root"}) {
           EXPECT_EQ(of(target), invalid(std::string{target} + " is invalid"));
         }
         return of("arn:aws:iam::210987654321:user/root");
       }},
      {"RootFromTheManagementAccountOnly", "DOC API_AssumeRoot",
       refused("sts:AssumeRoot", "arn:aws:iam::210987654321:root"),
       [](Scene& scene) {
         scene.inside()->world.sts.set_organization(
             {.management_account = "111122223333", .members = {std::string{theirs}}});
         return outcome(scene.call(audit_root(), alice(scene, may_anything_of_sts())));
       }},
      {"TheTaskAsCondition", "DOC aws.md 3 keys", refused("sts:AssumeRoot", "arn:aws:iam::210987654321:root"),
       [](Scene& scene) {
         const std::string audits = document(allow(
             R"("sts:AssumeRoot")", R"(,"Condition":{"StringLike":{"sts:TaskPolicyArn":"*IAMAudit*"}})"));
         EXPECT_EQ(assume_root(scene, std::string{theirs}, "IAMAuditRootUserCredentials", {audits}),
                   answer("arn:aws:iam::210987654321:root for 900"));
         return assume_root(scene, std::string{theirs}, "S3UnlockBucketPolicy", {audits});
       }},
      {"RootDoesNothingButItsTask", "DOC API_AssumeRoot",
       failure(Outcome::denied, 403, "AccessDenied",
               "User: arn:aws:iam::210987654321:root is not authorized to perform: iam:GetUser on resource: "
               "user bob because no session policy allows the iam:GetUser action"),
       [](Scene& scene) {
         scene.inside()->world.iam.add_user({.account = std::string{theirs}, .name = "bob"});
         scene.inside()->world.sts.set_organization(
             {.management_account = std::string{ours}, .members = {std::string{theirs}}});
         const api::Identity who = alice(scene, may_anything_of_sts());
         const auto bob = [&](std::string task) {
           AssumeRoot request = audit_root();
           request.task_policy_arn.arn = "arn:aws:iam::aws:policy/root-task/" + std::move(task);
           return outcome(scene.call(api::iam::GetUser{.user_name = "bob"}, session(scene, request, who)));
         };
         EXPECT_EQ(bob("IAMAuditRootUserCredentials"), fine);
         return bob("SQSUnlockQueuePolicy");
       }},
      {"RootInADisabledRegion", "DOC aws.md 1: RegionDisabledException; MEM text",
       failure(Outcome::denied, 403, "RegionDisabledException",
               "STS is not activated in this region for account:210987654321. Your account administrator can "
               "activate STS in this region using the IAM Console."),
       [](Scene& scene) {
         scene.inside()->world.sts.disable_region(theirs, "us-east-1");
         return assume_root(scene, std::string{theirs}, "S3UnlockBucketPolicy", may_anything_of_sts());
       }},
      {"TheTokenOfRootTellsItsSize", "DOC client-sts 3.1169", answer("4096 100"),
       [](Scene& scene) {
         scene.inside()->world.sts.set_organization(
             {.management_account = std::string{ours}, .members = {std::string{theirs}}});
         AssumeRoot request = audit_root();
         request.minimum_session_token_size = 4096;
         const auto said = scene.call(request, alice(scene, may_anything_of_sts()));
         return answer(std::to_string(*said.value().session_token_size) + " " +
                       std::to_string(*said.value().session_token_utilization));
       }},
      {"ATokenOfAUserIsTradedIn", "DOC API_GetDelegatedAccessToken",
       answer("arn:aws:iam::123456789012:user/alice arn:aws:iam::123456789012:user/alice"),
       [](Scene& scene) { return trade_in(scene, "traded", minutes{5}, std::string{alice_arn}); }},
      {"ATokenOfARootUserIsTradedIn", "DOC API_GetDelegatedAccessToken",
       answer("arn:aws:iam::123456789012:root arn:aws:iam::123456789012:root"),
       [](Scene& scene) {
         root(scene);
         return trade_in(scene, "traded", minutes{5}, "arn:aws:iam::123456789012:root");
       }},
      {"ATradedTokenInADisabledRegion", "DOC aws.md 1: RegionDisabledException; MEM text",
       failure(Outcome::denied, 403, "RegionDisabledException",
               "STS is not activated in this region for account:123456789012. Your account administrator can "
               "activate STS in this region using the IAM Console."),
       [](Scene& scene) {
         scene.inside()->world.sts.disable_region(ours, "us-east-1");
         return trade_in(scene, "traded", minutes{5});
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(OtherOperations, Conformance, on_every_way(other_operations()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
