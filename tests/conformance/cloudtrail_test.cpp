// What AWS CloudTrail records of each call: members, values, and which calls leave no record.

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/cloudtrail_log.hpp>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using Json = nlohmann::ordered_json;
using api::secretsmanager::BatchGetSecretValue;
using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::PutSecretValue;
using api::secretsmanager::TagResource;
using api::sts::AssumeRole;
using api::sts::AssumeRoleWithSAML;
using api::sts::AssumeRoleWithWebIdentity;
using api::sts::GetCallerIdentity;
using api::sts::GetFederationToken;

constexpr std::string_view token = "a0b1c2d3-0000-4000-8000-000000000001";

/// A log of a scene's world, read inside the gate.
class Trail {
 public:
  explicit Trail(Scene& scene, CloudTrailLogOptions options = {}) : scene_(scene) {
    const Scene::Inside gate = scene_.inside();
    log_.emplace(gate.panther.world, std::move(options));
  }
  Trail(const Trail&) = delete;
  Trail& operator=(const Trail&) = delete;
  ~Trail() {
    const Scene::Inside gate = scene_.inside();
    log_.reset();
  }

  [[nodiscard]] std::size_t size() {
    const Scene::Inside gate = scene_.inside();
    return log_->records().size();
  }
  /// From the newest, which is 0.
  [[nodiscard]] Json record(std::size_t back = 0) {
    const Scene::Inside gate = scene_.inside();
    const auto& records = log_->records();
    return back < records.size() ? Json::parse(records[records.size() - 1 - back].json) : Json{};
  }
  /// These members of a record, in their order there, as a row's answer. Ids that the seed draws are masked.
  [[nodiscard]] Failure members(std::initializer_list<std::string_view> names, std::size_t back = 0) {
    Json out = Json::object();
    const Json whole = record(back);
    for (const auto& [name, value] : whole.items()) {
      if (std::find(names.begin(), names.end(), name) != names.end()) out[name] = masked(value);
    }
    return answer(out.dump());
  }

  /// Tells the log of a call as if a service had decided it: for operations whose own rows are elsewhere.
  template <class Op>
  void tell(const Op& request, typename Op::Output output, Caller caller) {
    const Scene::Inside gate = scene_.inside();
    const api::Identity nobody{};
    const api::Attribution nothing{};
    Failure failure = fine;
    Op input = request;
    caller.region = gate.panther.world.ledger.home_region();
    log_->on_request({.operation = api::operation_of<Op>,
                      .identity = nobody,
                      .attribution = nothing,
                      .input = &input,
                      .output = &output,
                      .failure = failure},
                     caller, {.at = scene_.now(), .outcome = Outcome::ok});
  }

 private:
  static Json masked(Json value) {
    if (value.is_structured()) {
      for (Json& each : value) each = masked(each);
      return value;
    }
    if (!value.is_string()) return value;
    const auto text = value.get<std::string>();
    for (const std::string_view prefix : {"AROA", "AIDA", "ASIA", "AKIA"}) {
      if (text.starts_with(prefix)) {
        const std::size_t end = text.find(':');
        return std::string{prefix} + (end == std::string::npos ? "" : text.substr(end));
      }
    }
    return text.starts_with("IQoJb3JpZ2luX2Vj") ? "IQoJb3JpZ2luX2Vj" : text;
  }

  Scene& scene_;
  std::optional<CloudTrailLog> log_{};
};

/// Lets the customer's role do everything with secrets.
void allow_all(Scene& scene) {
  scene.inside()->world.iam.add_policy(
      "arn:aws:iam::444455556666:role/panther-secrets-access",
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]})");
}
/// A user of the customer's account who may do everything.
api::Identity administrator(Scene& scene) {
  return scene.inside()->world.iam.add_user(
      {.account = "444455556666",
       .name = "christophe",
       .policies = {
           R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"}});
}
/// The same user as the caller of a call that is told.
Caller teller(Scene& scene, CallerKind kind = CallerKind::user) {
  static_cast<void>(administrator(scene));
  const Scene::Inside gate = scene.inside();
  const Principal& user = *gate.panther.world.iam.find("arn:aws:iam::444455556666:user/christophe");
  return {.kind = kind, .subject = user.index, .principal = user.arn_name, .account = user.account};
}

api::sts::Credentials credentials() {
  return {.access_key_id = "ASIAIOSFODNN7EXAMPLE",
          .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          .session_token = "IQoJb3JpZ2luX2VjEXAMPLE",
          .expiration = Instant{std::chrono::seconds{1'722'375'975}}};
}

std::vector<Behaviour> every_record() {
  return {
      {"ARecordHasItsMembersInOrder", "REC aws.md 5",
       answer("eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent "
              "requestParameters responseElements requestID eventID readOnly eventType managementEvent "
              "recipientAccountId eventCategory tlsDetails"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(scene.get(), scene.customer()).ok());
         std::string names;
         const Json record = trail.record();
         for (const auto& [name, value] : record.items()) names += names.empty() ? name : " " + name;
         return answer(names);
       }},
      {"ARecordOfSecretsManagerSaysWhatItIs", "REC aws.md 5",
       answer(R"({"eventVersion":"1.09","eventTime":"2026-03-02T01:00:00Z",)"
              R"("eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue",)"
              R"("awsRegion":"us-east-1","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,)"
              R"("recipientAccountId":"444455556666","eventCategory":"Management"})"),
       [](Scene& scene) {
         Trail trail{scene};
         scene.advance(std::chrono::milliseconds{999});
         EXPECT_TRUE(scene.call(scene.get(), scene.customer()).ok());
         return trail.members({"eventVersion", "eventTime", "eventSource", "eventName", "awsRegion",
                               "readOnly", "eventType", "managementEvent", "recipientAccountId",
                               "eventCategory", "errorCode"});
       }},
      {"ARecordOfStsHasAnotherVersion", "REC aws.md 5",
       answer(R"({"eventVersion":"1.08","eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity"})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, scene.engine()).ok());
         return trail.members({"eventVersion", "eventSource", "eventName"});
       }},
      {"ARecordSaysHowTheConnectionWasMade", "REC aws.md 5", answer("TLSv1.3 TLS_AES_128_GCM_SHA256 true"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, scene.engine()).ok());
         const Json tls = trail.record()["tlsDetails"];
         return answer(tls["tlsVersion"].get<std::string>() + " " + tls["cipherSuite"].get<std::string>() +
                       (tls.contains("clientProvidedHostHeader") ? " true" : " false"));
       }},
      {"ARecordOfStsSaysWhichEndpointItWas", "REC 2026, DOC AWS Security Blog 2025",
       answer(R"({"awsRegion":"us-east-1","additionalEventData":{"RequestDetails":)"
              R"({"endpointType":"regional","awsServingRegion":"us-east-1"}}})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, scene.engine()).ok());
         return trail.members({"awsRegion", "additionalEventData"});
       }},
      {"TheGlobalEndpointsRecordsAreInVirginia", "DOC AWS Security Blog 2025",
       answer(R"({"awsRegion":"us-east-1","additionalEventData":{"RequestDetails":)"
              R"({"endpointType":"global","awsServingRegion":"eu-west-1"}}})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call_at(aws::global_endpoint, GetCallerIdentity{}, scene.engine()).ok());
         return trail.members({"awsRegion", "additionalEventData"});
       },
       [](PantherWorldOptions& options) { options.world.region = "eu-west-1"; }},
      {"AFailureHasACodeAndAText", "REC aws.md 5",
       answer(R"({"errorCode":"ResourceNotFoundException",)"
              R"("errorMessage":"Secrets Manager can't find the specified secret."})"),
       [](Scene& scene) {
         allow_all(scene);
         Trail trail{scene};
         EXPECT_FALSE(scene.call(GetSecretValue{.secret_id = "no/such"}, scene.customer()).ok());
         return trail.members({"errorCode", "errorMessage"});
       }},
      {"WhatFailsAuthenticationLeavesNoRecord", "DOC IAM User Guide: all authenticated API requests",
       answer("0"),
       [](Scene& scene) {
         api::Identity wrong = scene.engine();
         std::get<aws::Credentials>(wrong).secret_access_key.back() ^= 1;
         const api::Identity expired = scene.engine();
         scene.advance(std::chrono::hours{13});
         Trail trail{scene};
         for (const api::Identity& identity :
              {wrong, expired, api::Identity{},
               api::Identity{aws::Credentials{"AKIAIOSFODNN7EXAMPLE", "x", ""}}}) {
           EXPECT_FALSE(scene.call(GetCallerIdentity{}, identity).ok());
           EXPECT_FALSE(scene.call(scene.get(), identity).ok());
         }
         return answer(std::to_string(trail.size()));
       }},
      {"AThrottledCallIsRecorded", "MEM aws.md 4",
       answer(R"({"errorCode":"ThrottlingException","errorMessage":"Rate exceeded",)"
              R"("requestParameters":null,"responseElements":null})"),
       [](Scene& scene) {
         limit_to(scene.inside()->world.sts, "sts", 1);
         Trail trail{scene};
         const api::Identity engine = scene.engine();
         EXPECT_TRUE(scene.call(scene.assume(), engine).ok());
         EXPECT_FALSE(scene.call(scene.assume(), engine).ok());
         return trail.members({"errorCode", "errorMessage", "requestParameters", "responseElements"});
       }},
  };
}

std::vector<Behaviour> sts_records() {
  return {
      {"AnAssumedRoleIsRecorded", "REC aws.md 5",
       answer(
           R"({"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/panther-secrets-access",)"
           R"("roleSessionName":"rule-1"},"responseElements":{"credentials":{"accessKeyId":"ASIA",)"
           R"("sessionToken":"IQoJb3JpZ2luX2Vj","expiration":"Mar 2, 2026, 2:00:00 AM"},)"
           R"("assumedRoleUser":{"assumedRoleId":"AROA:rule-1",)"
           R"("arn":"arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1"}},"readOnly":true,)"
           R"("resources":[{"accountId":"444455556666","type":"AWS::IAM::Role",)"
           R"("ARN":"arn:aws:iam::444455556666:role/panther-secrets-access"}]})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(scene.assume(), scene.engine()).ok());
         return trail.members({"requestParameters", "responseElements", "readOnly", "resources"});
       }},
      {"AnAssumedRoleHasOnlyWhatWasSent", "REC aws.md 5",
       answer(R"({"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/panther-secrets-access",)"
              R"("roleSessionName":"rule-1","durationSeconds":900,"externalId":"acme"}})"),
       [](Scene& scene) {
         Trail trail{scene};
         AssumeRole request = scene.assume();
         request.duration_seconds = 900;
         request.external_id = "acme";
         EXPECT_TRUE(scene.call(request, scene.engine()).ok());
         return trail.members({"requestParameters"});
       }},
      {"TagsOfASessionAreRecorded", "DOC aws.md 5",
       answer(R"({"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/r","roleSessionName":"s",)"
              R"("tags":[{"key":"team","value":"blue"}],"transitiveTagKeys":["team"],)"
              R"("sourceIdentity":"ada","incomingTransitiveTags":{"cost":"7"}}})"),
       [](Scene& scene) {
         Trail trail{scene};
         Caller caller = teller(scene);
         const SessionFacts facts{.tags = {{"cost", "7", true}, {"own", "8", false}}};
         caller.facts = &facts;
         trail.tell(AssumeRole{.role_arn = "arn:aws:iam::444455556666:role/r",
                               .role_session_name = "s",
                               .tags = {{"team", "blue"}},
                               .transitive_tag_keys = {"team"},
                               .source_identity = "ada"},
                    {.credentials = credentials()}, caller);
         return trail.members({"requestParameters"});
       }},
      {"ARefusedRoleHasNoParameters", "REC aws.md 5",
       answer(
           R"({"errorCode":"AccessDenied","errorMessage":"User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine )"
           R"(is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/panther-secrets-access",)"
           R"("requestParameters":null,"responseElements":null})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_FALSE(scene.call(scene.assume(), scene.engine()).ok());
         EXPECT_EQ(trail.size(), 1U) << "in the caller's account only";
         return trail.members(
             {"errorCode", "errorMessage", "requestParameters", "responseElements", "resources"});
       },
       [](PantherWorldOptions& options) { options.trusts_engine = false; }},
      {"BothAccountsOfARoleHaveARecord", "REC aws.md 5",
       answer(R"({"userIdentity":{"type":"AWSAccount","principalId":"AROA:panther-rules-engine",)"
              R"("accountId":"111122223333"},"recipientAccountId":"444455556666"})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(scene.assume(), scene.engine()).ok());
         EXPECT_EQ(trail.size(), 2U);
         const Json callers = trail.record(1);
         const Json roles = trail.record(0);
         EXPECT_EQ(callers["recipientAccountId"], "111122223333");
         EXPECT_TRUE(callers.contains("sharedEventID"));
         EXPECT_EQ(callers.value("sharedEventID", "none"), roles.value("sharedEventID", "neither"));
         EXPECT_NE(callers["eventID"], roles["eventID"]);
         return trail.members({"userIdentity", "recipientAccountId"});
       }},
      {"GetCallerIdentityHasNeitherParametersNorAnswer", "REC aws.md 5",
       answer(R"({"requestParameters":null,"responseElements":null,"readOnly":true})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, scene.engine()).ok());
         return trail.members({"requestParameters", "responseElements", "readOnly", "resources"});
       }},
      {"AFederationTokenIsAWrite", "REC aws.md 5",
       answer(
           R"({"requestParameters":{"name":"me","policy":"{}"},"responseElements":{"credentials":)"
           R"({"accessKeyId":"ASIA","sessionToken":"IQoJb3JpZ2luX2Vj",)"
           R"("expiration":"Jul 30, 2024, 9:46:15 PM"},"federatedUser":{"federatedUserId":"444455556666:me",)"
           R"("arn":"arn:aws:sts::444455556666:federated-user/me"},"packedPolicySize":4},"readOnly":false})"),
       [](Scene& scene) {
         Trail trail{scene};
         trail.tell(GetFederationToken{.name = "me", .policy = "{}"},
                    {.credentials = credentials(),
                     .federated_user = {.federated_user_id = "444455556666:me",
                                        .arn = "arn:aws:sts::444455556666:federated-user/me"},
                     .packed_policy_size = 4},
                    teller(scene));
         return trail.members({"requestParameters", "responseElements", "readOnly"});
       }},
  };
}

std::vector<Behaviour> identities() {
  return {
      {"AUserIsShownByName", "REC aws.md 5",
       answer(R"({"userIdentity":{"type":"IAMUser","principalId":"AIDA",)"
              R"("arn":"arn:aws:iam::444455556666:user/christophe","accountId":"444455556666",)"
              R"("accessKeyId":"AKIA","userName":"christophe"}})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, administrator(scene)).ok());
         return trail.members({"userIdentity"});
       }},
      {"ASessionIsShownWithItsRole", "REC aws.md 5",
       answer(
           R"({"userIdentity":{"type":"AssumedRole","principalId":"AROA:rule-1",)"
           R"("arn":"arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1",)"
           R"("accountId":"444455556666","accessKeyId":"ASIA","sessionContext":{"sessionIssuer":)"
           R"({"type":"Role","principalId":"AROA","arn":"arn:aws:iam::444455556666:role/panther-secrets-access",)"
           R"("accountId":"444455556666","userName":"panther-secrets-access"},"webIdFederationData":{},)"
           R"("attributes":{"creationDate":"2026-03-02T01:00:00Z","mfaAuthenticated":"false"}}}})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene.call(scene.get(), scene.customer()).ok());
         return trail.members({"userIdentity"});
       }},
      {"AFederatedUserIsShownWithItsIssuer", "REC aws.md 5",
       answer(
           R"({"userIdentity":{"type":"FederatedUser","principalId":"444455556666:me",)"
           R"("arn":"arn:aws:sts::444455556666:federated-user/me","accountId":"444455556666",)"
           R"("accessKeyId":"ASIA","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDA",)"
           R"("arn":"arn:aws:iam::444455556666:user/christophe","accountId":"444455556666",)"
           R"("userName":"christophe"},"webIdFederationData":{},"attributes":)"
           R"({"creationDate":"2026-03-02T01:00:00Z","mfaAuthenticated":"false"}}}})"),
       [](Scene& scene) {
         Trail trail{scene};
         Caller caller = teller(scene, CallerKind::federated_user);
         caller.is_session = true;
         caller.session = SessionName{"me"};
         caller.session_start = scene.now();
         caller.access_key_id = "ASIAIOSFODNN7EXAMPLE";
         trail.tell(GetCallerIdentity{}, {}, caller);
         return trail.members({"userIdentity"});
       }},
      {"TheRootUserIsShownByItsAccount", "DOC CloudTrail userIdentity element",
       answer(R"({"userIdentity":{"type":"Root","principalId":"444455556666",)"
              R"("arn":"arn:aws:iam::444455556666:root","accountId":"444455556666","accessKeyId":"AKIA"}})"),
       [](Scene& scene) {
         Trail trail{scene};
         const api::Identity root = scene.inside()->world.iam.add_root_key("444455556666");
         EXPECT_TRUE(scene.call(GetCallerIdentity{}, root).ok());
         return trail.members({"userIdentity"});
       }},
      {"AWebIdentityIsShownByItsSubject", "DOC aws.md 5",
       answer(R"({"userIdentity":{"type":"WebIdentityUser","principalId":"accounts.google.com:app:user",)"
              R"("userName":"user","identityProvider":"accounts.google.com"},"requestParameters":)"
              R"({"roleArn":"arn:aws:iam::444455556666:role/r","roleSessionName":"s"},)"
              R"("recipientAccountId":"444455556666"})"),
       [](Scene& scene) {
         Trail trail{scene};
         trail.tell(AssumeRoleWithWebIdentity{.role_arn = "arn:aws:iam::444455556666:role/r",
                                              .role_session_name = "s",
                                              .web_identity_token = "eyJ"},
                    {.credentials = credentials(),
                     .subject_from_web_identity_token = "user",
                     .provider = "accounts.google.com",
                     .audience = "app"},
                    {});
         return trail.members({"userIdentity", "requestParameters", "recipientAccountId"});
       }},
      {"ASamlUserIsShownByItsSubject", "DOC aws.md 5",
       answer(
           R"({"userIdentity":{"type":"SAMLUser","principalId":"bdGOn=:ada","userName":"ada",)"
           R"("identityProvider":"bdGOn="},"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/r",)"
           R"("principalArn":"arn:aws:iam::444455556666:saml-provider/idp"}})"),
       [](Scene& scene) {
         Trail trail{scene};
         trail.tell(AssumeRoleWithSAML{.role_arn = "arn:aws:iam::444455556666:role/r",
                                       .principal_arn = "arn:aws:iam::444455556666:saml-provider/idp",
                                       .saml_assertion = "PHNhbWw+"},
                    {.credentials = credentials(), .subject = "ada", .name_qualifier = "bdGOn="}, {});
         return trail.members({"userIdentity", "requestParameters"});
       }},
      {"TheServiceIsShownByWhoInvokedIt", "REC AWS Database Blog 2021",
       answer(R"({"userIdentity":{"accountId":"123456789012","invokedBy":"secretsmanager.amazonaws.com"},)"
              R"("eventName":"RotationSucceeded","sourceIPAddress":"secretsmanager.amazonaws.com",)"
              R"("requestParameters":null,"responseElements":null,"additionalEventData":)"
              R"({"SecretId":"arn:aws:secretsmanager:us-west-2:123456789012:secret:db-WoDpmU"},)"
              R"("eventType":"AwsServiceEvent"})"),
       [](Scene& scene) {
         CloudTrailLog log{scene.inside()->world};
         log.on_service_event({.name = "RotationSucceeded",
                               .secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-WoDpmU",
                               .version_id = token,
                               .at = scene.now(),
                               .account = "123456789012",
                               .region = "us-west-2"});
         Json record = Json::parse(log.records().back().json);
         for (const char* name :
              {"eventVersion", "eventTime", "eventSource", "awsRegion", "userAgent", "requestID", "eventID",
               "readOnly", "managementEvent", "recipientAccountId", "eventCategory"}) {
           EXPECT_TRUE(record.contains(name)) << name;
           record.erase(name);
         }
         return answer(record.dump());
       }},
  };
}

std::vector<Behaviour> secrets_manager_records() {
  return {
      {"AReadSecretGoesAsItWasSent", "REC aws.md 5",
       answer(R"({"requestParameters":{"secretId":"panther-secrets/virus-total",)"
              R"("versionStage":"AWSCURRENT"},"responseElements":null,"readOnly":true})"),
       [](Scene& scene) {
         Trail trail{scene};
         GetSecretValue request = scene.get();
         request.version_stage = "AWSCURRENT";
         EXPECT_TRUE(scene.call(request, scene.customer()).ok());
         return trail.members({"requestParameters", "responseElements", "readOnly", "resources"});
       }},
      {"ARefusedReadKeepsItsParameters", "REC Panther's sample, unverified; aws.md 5",
       answer(
           R"({"errorCode":"AccessDenied","requestParameters":{"secretId":"panther-secrets/virus-total"}})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_FALSE(scene.call(scene.get(), scene.customer()).ok());
         return trail.members({"errorCode", "requestParameters"});
       },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"AThrottledReadWasNeverRead", "MEM aws.md 4",
       answer(
           R"({"errorCode":"ThrottlingException","errorMessage":"Rate exceeded","requestParameters":null})"),
       [](Scene& scene) {
         limit_to(scene.inside()->world.secretsmanager, "secretsmanager", 1);
         Trail trail{scene};
         const api::Identity customer = scene.customer();
         EXPECT_TRUE(scene.call(scene.get(), customer).ok());
         EXPECT_FALSE(scene.call(scene.get(), customer).ok());
         return trail.members({"errorCode", "errorMessage", "requestParameters"});
       }},
      {"AListHasItsFilters", "REC aws.md 5",
       answer(R"({"eventName":"ListSecrets","requestParameters":{"maxResults":100,"filters":)"
              R"([{"key":"tag-key","values":["StratusRedTeam"]}]},"responseElements":null,"readOnly":true})"),
       [](Scene& scene) {
         Trail trail{scene};
         trail.tell(
             ListSecrets{.max_results = 100, .filters = {{.key = "tag-key", .values = {"StratusRedTeam"}}}},
             {}, teller(scene));
         return trail.members({"eventName", "requestParameters", "responseElements", "readOnly"});
       }},
      {"ABatchHasItsList", "REC aws.md 5",
       answer(R"({"eventName":"BatchGetSecretValue","requestParameters":)"
              R"({"secretIdList":["panther-secrets/virus-total"]},"responseElements":null,"readOnly":true})"),
       [](Scene& scene) {
         allow_all(scene);
         Trail trail{scene, {.records_each_of_batch = false}};
         EXPECT_TRUE(
             scene.call(BatchGetSecretValue{.secret_id_list = {scene.get().secret_id}}, scene.customer())
                 .ok());
         return trail.members({"eventName", "requestParameters", "responseElements", "readOnly"});
       }},
      {"EachSecretOfABatchHasARecord", "DOC retrieve-ct-entries",
       answer(R"({"eventName":"GetSecretValue","errorCode":"ResourceNotFoundException",)"
              R"("requestParameters":{"secretId":"no/such"}})"),
       [](Scene& scene) {
         allow_all(scene);
         Trail trail{scene};
         EXPECT_TRUE(scene
                         .call(BatchGetSecretValue{.secret_id_list = {scene.get().secret_id, "no/such"}},
                               scene.customer())
                         .ok());
         EXPECT_EQ(trail.record(1)["requestParameters"]["secretId"], scene.secret_arn());
         EXPECT_EQ(trail.record(2)["eventName"], "BatchGetSecretValue");
         EXPECT_EQ(trail.record(0)["errorMessage"], "Secrets Manager can't find the specified secret.");
         return trail.members({"eventName", "errorCode", "requestParameters"});
       }},
      {"AMadeSecretShowsNoValue", "DOC cloudtrail-integration, example of CreateSecret",
       answer(R"({"requestParameters":{"name":"new","clientRequestToken":)"
              R"("a0b1c2d3-0000-4000-8000-000000000001"},"responseElements":null,"readOnly":false})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene
                         .call(CreateSecret{.name = "new",
                                            .client_request_token = std::string{token},
                                            .secret_string = "the value"},
                               administrator(scene))
                         .ok());
         return trail.members({"requestParameters", "responseElements", "readOnly"});
       }},
      {"ADeletedSecretShowsWhen", "DOC cloudtrail_log_entries: no longer aRN",
       answer(R"({"requestParameters":{"secretId":"panther-secrets/virus-total","recoveryWindowInDays":30},)"
              R"("responseElements":{"arn":"ARN","name":"panther-secrets/virus-total",)"
              R"("deletionDate":"Apr 1, 2026 1:00:00 AM"},"readOnly":false})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(
             scene
                 .call(DeleteSecret{.secret_id = scene.get().secret_id, .recovery_window_in_days = 30},
                       administrator(scene))
                 .ok());
         Failure out = trail.members({"requestParameters", "responseElements", "readOnly"});
         const std::size_t at = out.message.find(scene.secret_arn());
         if (at != std::string::npos) out.message.replace(at, scene.secret_arn().size(), "ARN");
         return out;
       }},
      {"DeletionsAreToldOfEachVersion", "DOC cloudtrail_log_entries; when MEM",
       answer("StartSecretVersionDelete CancelSecretVersionDelete StartSecretVersionDelete "
              "EndSecretVersionDelete"),
       [](Scene& scene) {
         Trail trail{scene};
         const api::Identity me = administrator(scene);
         const std::string id = scene.get().secret_id;
         EXPECT_TRUE(scene.call(DeleteSecret{.secret_id = id}, me).ok());
         EXPECT_TRUE(scene.call(api::secretsmanager::RestoreSecret{.secret_id = id}, me).ok());
         EXPECT_TRUE(
             scene.call(DeleteSecret{.secret_id = id, .force_delete_without_recovery = true}, me).ok());
         scene.advance(std::chrono::seconds{10});
         EXPECT_FALSE(scene.call(GetSecretValue{.secret_id = id}, me).ok());
         std::string names;
         for (std::size_t back = trail.size(); back-- > 0;) {
           const Json record = trail.record(back);
           if (record["eventType"] != "AwsServiceEvent") continue;
           names += (names.empty() ? "" : " ") + record["eventName"].get<std::string>();
           EXPECT_EQ(record["additionalEventData"]["SecretId"], scene.secret_arn());
           EXPECT_TRUE(record["additionalEventData"].contains("SecretVersionId"));
         }
         return answer(names);
       }},
      {"AWrittenValueIsNotShown", "DOC aws.md 5",
       answer(R"({"requestParameters":{"secretId":"panther-secrets/virus-total","clientRequestToken":)"
              R"("a0b1c2d3-0000-4000-8000-000000000001"}})"),
       [](Scene& scene) {
         scene.inside()->world.secretsmanager.options.checks_rotation_tokens = false;  // none is running
         Trail trail{scene};
         EXPECT_TRUE(scene
                         .call(PutSecretValue{.secret_id = scene.get().secret_id,
                                              .client_request_token = std::string{token},
                                              .secret_binary = aws::Blob{"the value"},
                                              .rotation_token = "12345678-0000-4000-8000-000000000001"},
                               administrator(scene))
                         .ok());
         return trail.members({"requestParameters"});
       }},
      {"ATagIsAWrite", "MEM aws.md 5",
       answer(R"({"requestParameters":{"secretId":"panther-secrets/virus-total",)"
              R"("tags":[{"key":"env","value":"prod"}]},"responseElements":null,"readOnly":false})"),
       [](Scene& scene) {
         Trail trail{scene};
         EXPECT_TRUE(scene
                         .call(TagResource{.secret_id = scene.get().secret_id, .tags = {{"env", "prod"}}},
                               administrator(scene))
                         .ok());
         return trail.members({"requestParameters", "responseElements", "readOnly"});
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(Every, Conformance, on_every_way(every_record()), row_name);
INSTANTIATE_TEST_SUITE_P(Sts, Conformance, on_every_way(sts_records()), row_name);
INSTANTIATE_TEST_SUITE_P(Identity, Conformance, on_every_way(identities()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretsManager, Conformance, on_every_way(secrets_manager_records()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
