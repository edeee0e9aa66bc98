// The guide's detection against the fakes, whose four gates may each be shut; and VirusTotal's answers.

#include <string>
#include <string_view>
#include <vector>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view engine_denied =
    "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not authorized "
    "to perform: "
    "sts:AssumeRole on resource: arn:aws:iam::444455556666:role/panther-secrets-access";
constexpr std::string_view unit_tests_denied =
    "User: arn:aws:sts::111122223333:assumed-role/unit-tests/panther-unit-tests is not authorized to "
    "perform: "
    "sts:AssumeRole on resource: arn:aws:iam::444455556666:role/panther-secrets-access";
constexpr std::string_view bad_signature =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key "
    "and signing method. Consult the service documentation for details.";
constexpr std::string_view bad_token = "The security token included in the request is invalid.";
constexpr std::string_view expired_token = "The security token included in the request is expired";

api::Identity with_wrong_secret(api::Identity identity) {
  std::get<aws::Credentials>(identity).secret_access_key.back() ^= 1;
  return identity;
}
api::Identity without_token(api::Identity identity) {
  std::get<aws::Credentials>(identity).session_token.clear();
  return identity;
}

void allow_any_secret(Scene::Inside inside) {
  inside->world.iam.add_policy(
      inside->customer_role_arn,
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]})");
}

std::vector<Behaviour> sts_behaviours() {
  return {
      {"TheEngineAssumesTheRole", "DOC Panther guide", fine,
       [](Scene& scene) { return outcome(scene.call(scene.assume(), scene.engine())); }},
      {"TheUnitTestsAssumeTheRole", "DOC Panther guide", fine,
       [](Scene& scene) { return outcome(scene.call(scene.assume(), scene.unit_tests())); }},
      {"AnUnregisteredRoleIsRefused", "REC 2024 aws.md 2.2",
       failure(Outcome::denied, 403, "AccessDenied", engine_denied),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), scene.engine())); },
       [](PantherWorldOptions& options) { options.registered = false; }},
      {"AnUntrustedEngineIsRefused", "REC 2024 aws.md 2.2",
       failure(Outcome::denied, 403, "AccessDenied", engine_denied),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), scene.engine())); },
       [](PantherWorldOptions& options) { options.trusts_engine = false; }},
      {"UnitTestsLeftOutAreRefused", "REC 2024 aws.md 2.2",
       failure(Outcome::denied, 403, "AccessDenied", unit_tests_denied),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), scene.unit_tests())); },
       [](PantherWorldOptions& options) { options.trusts_unit_tests = false; }},
      {"ARoleThatIsNotThereIsRefusedLikewise", "REC 2024 aws.md 2.2",
       failure(Outcome::denied, 403, "AccessDenied",
               "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not "
               "authorized to "
               "perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/nobody"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.role_arn = "arn:aws:iam::444455556666:role/nobody";
         return outcome(scene.call(request, scene.engine()));
       }},
      {"ChainingCapsAtAnHour", "REC eks-anywhere#9485",
       failure(Outcome::invalid, 400, "ValidationError",
               "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
               "chaining."),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.duration_seconds = 3601;
         return outcome(scene.call(request, scene.engine()));
       }},
      {"AShortDurationIsRefused", "DOC aws.md A",
       failure(Outcome::invalid, 400, "ValidationError",
               "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: "
               "Member must "
               "have value greater than or equal to 900"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.duration_seconds = 899;
         return outcome(scene.call(request, scene.engine()));
       }},
      {"ABadSessionNameIsRefused", "REC aws.md 2.2",
       failure(
           Outcome::invalid, 400, "ValidationError",
           "1 validation error detected: Value 'two words & <more>' at 'roleSessionName' failed to satisfy "
           "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.role_session_name = "two words & <more>";
         return outcome(scene.call(request, scene.engine()));
       }},
      {"AnEmptySessionNameIsRefused", "DOC aws.md A",
       failure(Outcome::invalid, 400, "ValidationError",
               "1 validation error detected: Value '' at 'roleSessionName' failed to satisfy constraint: "
               "Member must "
               "have length greater than or equal to 2"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.role_session_name.clear();
         return outcome(scene.call(request, scene.engine()));
       }},
      {"ARoleArnMustBeAnArn", "REC aws.md 2.2",
       failure(Outcome::invalid, 400, "ValidationError", "not-an-arn-though-long-enough is invalid"),
       [](Scene& scene) {
         AssumeRole request = scene.assume();
         request.role_arn = "not-an-arn-though-long-enough";
         return outcome(scene.call(request, scene.engine()));
       }},
      {"StsThrottles", "DOC re:Post iam-sts-throttling-error",
       failure(Outcome::throttled, 400, "Throttling", "Rate exceeded"),
       [](Scene& scene) {
         limit_to(scene.inside()->world.sts, "sts", 3);
         for (int i = 0; i < 3; ++i) EXPECT_TRUE(scene.call(scene.assume(), scene.engine()).ok());
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"StsWantsAKey", "DOC aws.md 2.3",
       failure(Outcome::denied, 403, "MissingAuthenticationToken", "Missing Authentication Token"),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), api::Anonymous{})); }},
      {"StsWantsTheRightSecret", "DOC aws.md 2.3",
       failure(Outcome::denied, 403, "SignatureDoesNotMatch", bad_signature),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), with_wrong_secret(scene.engine()))); }},
      {"StsWantsTheToken", "REC aws-sdk-go-v2#2567",
       failure(Outcome::denied, 403, "InvalidClientTokenId", bad_token),
       [](Scene& scene) { return outcome(scene.call(scene.assume(), without_token(scene.engine()))); }},
      {"AnExpiredSessionMayNotCallSts", "REC aws-sdk-java-v2#1649",
       failure(Outcome::expired, 403, "ExpiredToken", expired_token),
       [](Scene& scene) {
         const api::Identity engine = scene.engine();
         scene.advance(std::chrono::hours{12});
         return outcome(scene.call(scene.assume(), engine));
       }},
      {"ASessionKnowsWhoItIs", "DOC GetCallerIdentity", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetCallerIdentity{}, scene.customer());
         EXPECT_EQ(answer.value().account, "444455556666");
         EXPECT_EQ(answer.value().arn,
                   "arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1");
         EXPECT_THAT(answer.value().user_id, testing::MatchesRegex("AROA[A-Z0-9]+:rule-1"));
         return outcome(answer);
       }},
      {"AUserKnowsWhoItIs", "DOC GetCallerIdentity", fine,
       [](Scene& scene) {
         const api::Identity user =
             scene.inside()->world.iam.add_user({.account = "444455556666", .name = "me"});
         const auto answer = scene.call(GetCallerIdentity{}, user);
         EXPECT_EQ(answer.value().arn, "arn:aws:iam::444455556666:user/me");
         return outcome(answer);
       }},
      {"AFaultOfTheServiceIsOne", "CHOICE",
       failure(Outcome::server_error, 503, "ServiceUnavailable", "come back later"),
       [](Scene& scene) {
         scene.inside()->world.faults.add(
             {.service = "sts",
              .failure = failure(Outcome::server_error, 503, "ServiceUnavailable", "come back later")});
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"AFaultMayBreakTheConnection", "CHOICE", Failure{.outcome = Outcome::reset, .message = "cut"},
       [](Scene& scene) {
         scene.inside()->world.faults.add({.service = "sts",
                                           .failure = {.outcome = Outcome::reset, .message = "cut"},
                                           .delay = seconds{2}});
         Failure broken = outcome(scene.call(scene.assume(), scene.engine()));
         scene.inside()->world.faults.clear();
         EXPECT_TRUE(scene.call(scene.assume(), scene.engine()).ok()) << "the next call works again";
         return broken;
       }},
      {"AFaultMayDefyTheServicesUsage", "CHOICE",
       failure(Outcome::timeout, 504, "GatewayTimeout", "too late"),
       [](Scene& scene) {
         scene.inside()->world.faults.add(
             {.service = "sts", .failure = failure(Outcome::timeout, 504, "GatewayTimeout", "too late")});
         return outcome(scene.call(scene.assume(), scene.engine()));
       }},
      {"AFaultMayNeverAnswer", "CHOICE", Failure{.outcome = Outcome::timeout, .message = "silence"},
       [](Scene& scene) {
         scene.inside()->world.faults.add(
             {.service = "sts", .failure = {.outcome = Outcome::timeout, .message = "silence"}});
         Failure hung = outcome(scene.call(scene.assume(), scene.engine()));
         scene.inside()->world.faults.clear();
         EXPECT_TRUE(scene.call(scene.assume(), scene.engine()).ok()) << "the next call works again";
         return hung;
       }},
      {"AFaultMayDelayTheAnswer", "CHOICE", fine,
       [](Scene& scene) {
         scene.inside()->world.faults.add({.service = "sts",
                                           .failure = {.outcome = Outcome::ok},
                                           .delay = seconds{5} + std::chrono::nanoseconds{1}});
         const auto late = scene.call(scene.assume(), scene.engine());
         EXPECT_THAT(scene.transcript, testing::StartsWith("after 5s1ns: {"));
         return outcome(late);
       }},
      {"AFaultMayDelayAnError", "CHOICE",
       failure(Outcome::server_error, 503, "ServiceUnavailable", "come back later"),
       [](Scene& scene) {
         scene.inside()->world.faults.add(
             {.service = "sts",
              .failure = failure(Outcome::server_error, 503, "ServiceUnavailable", "come back later"),
              .delay = seconds{3}});
         Failure late = outcome(scene.call(scene.assume(), scene.engine()));
         EXPECT_THAT(scene.transcript, testing::StartsWith("after 3s: ServiceUnavailable (503)"));
         return late;
       }},
  };
}

std::vector<Behaviour> secrets_manager_behaviours() {
  return {
      {"TheRoleReadsTheSecret", "DOC Panther guide", fine,
       [](Scene& scene) {
         const auto answer = scene.call(scene.get(), scene.customer());
         EXPECT_EQ(answer.value().secret_string, PantherWorldOptions{}.api_key);
         EXPECT_EQ(answer.value().created_date, scene.inside()->world.options.start);
         EXPECT_THAT(answer.value().version_stages, testing::ElementsAre("AWSCURRENT"));
         return outcome(answer);
       }},
      {"TheRoleDescribesTheSecret", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         const api::Identity customer = scene.customer();
         EXPECT_TRUE(scene.call(scene.get(), customer).ok());
         const auto answer = scene.call(DescribeSecret{.secret_id = scene.secret_arn()}, customer);
         EXPECT_EQ(answer.value().last_accessed_date, scene.inside()->world.options.start)
             << "midnight of the day";
         EXPECT_EQ(answer.value().version_ids_to_stages.size(), 1U);
         return outcome(answer);
       }},
      {"ASecretsDatesHaveMilliseconds", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         const api::Identity customer = scene.customer();
         scene.advance(Duration{1'234'567});
         {
           Scene::Inside inside = scene.inside();
           inside->world.secretsmanager.put_value(inside->secret_arn, "another", scene.now());
         }
         const auto answer = scene.call(DescribeSecret{.secret_id = scene.secret_arn()}, customer);
         EXPECT_EQ(answer.value().last_changed_date, scene.now() - Duration{234'567});
         return outcome(answer);
       }},
      {"ASecretOutsideThePolicyIsRefused", "REC aws.md 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized "
               "to perform: "
               "secretsmanager:GetSecretValue on resource: panther-secrets/virus-total because no "
               "identity-based policy "
               "allows the secretsmanager:GetSecretValue action"),
       [](Scene& scene) { return outcome(scene.call(scene.get(), scene.customer())); },
       [](PantherWorldOptions& options) { options.policy_covers_secret = false; }},
      {"AnExpiredSessionReadsNoSecret", "MEM aws.md 2.3",
       failure(Outcome::expired, 400, "ExpiredTokenException", expired_token),
       [](Scene& scene) {
         const api::Identity customer = scene.customer();
         EXPECT_TRUE(scene.call(scene.get(), customer).ok());
         scene.advance(std::chrono::hours{1});
         return outcome(scene.call(scene.get(), customer));
       }},
      {"ASecretsNameHasItsCharacters", "REC aws.md 2.1",
       failure(
           Outcome::invalid, 400, "ValidationException",
           "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
           "-/_+=.@!"),
       [](Scene& scene) {
         return outcome(scene.call(GetSecretValue{.secret_id = "a \"b\"\t?"}, scene.customer()));
       }},
      {"AMissingSecretIsNotFound", "REC aws.md 2.1",
       failure(Outcome::not_found, 400, "ResourceNotFoundException",
               "Secrets Manager can't find the specified secret."),
       [](Scene& scene) {
         allow_any_secret(scene.inside());
         return outcome(scene.call(GetSecretValue{.secret_id = "no/such-secret"}, scene.customer()));
       }},
      {"AMissingStageIsNotFound", "REC aws.md 2.1",
       failure(Outcome::not_found, 400, "ResourceNotFoundException",
               "Secrets Manager can't find the specified secret value for staging label: AWSPENDING"),
       [](Scene& scene) {
         GetSecretValue request = scene.get();
         request.version_stage = "AWSPENDING";
         return outcome(scene.call(request, scene.customer()));
       }},
      {"VersionAndStageMustAgree", "REC aws.md 2.1",
       failure(Outcome::invalid, 400, "InvalidRequestException",
               "You provided a VersionStage that is not associated to the provided VersionId."),
       [](Scene& scene) {
         const api::Identity customer = scene.customer();
         const std::string first = scene.call(scene.get(), customer).value().version_id;
         {
           Scene::Inside inside = scene.inside();
           inside->world.secretsmanager.put_value(inside->secret_arn, "another", scene.now());
         }
         EXPECT_EQ(scene.call(scene.get(), customer).value().secret_string, "another");
         GetSecretValue request = scene.get();
         request.version_id = first;
         EXPECT_TRUE(scene.call(request, customer).ok());
         request.version_stage = "AWSCURRENT";
         return outcome(scene.call(request, customer));
       }},
      {"AShortVersionIdIsRefused", "DOC aws.md A",
       failure(Outcome::invalid, 400, "ValidationException",
               "1 validation error detected: Value 'v1' at 'versionId' failed to satisfy constraint: Member "
               "must have "
               "length greater than or equal to 32"),
       [](Scene& scene) {
         GetSecretValue request = scene.get();
         request.version_id = "v1";
         return outcome(scene.call(request, scene.customer()));
       }},
      {"SecretsManagerThrottles", "REC external-secrets#4065",
       failure(Outcome::throttled, 400, "ThrottlingException", "Rate exceeded"),
       [](Scene& scene) {
         limit_to(scene.inside()->world.secretsmanager, "secretsmanager", 2);
         const api::Identity customer = scene.customer();
         for (int i = 0; i < 2; ++i) EXPECT_TRUE(scene.call(scene.get(), customer).ok());
         return outcome(scene.call(scene.get(), customer));
       }},
      {"SecretsManagerWantsAKey", "MEM aws.md 2.3",
       failure(Outcome::denied, 400, "MissingAuthenticationTokenException", "Missing Authentication Token"),
       [](Scene& scene) { return outcome(scene.call(scene.get(), api::Anonymous{})); }},
      {"SecretsManagerTakesNoApiKey", "MEM aws.md 2.3",
       failure(Outcome::denied, 400, "MissingAuthenticationTokenException", "Missing Authentication Token"),
       [](Scene& scene) { return outcome(scene.call(scene.get(), scene.key())); }},
      {"SecretsManagerWantsTheRightSecret", "MEM aws.md 2.3",
       failure(Outcome::denied, 400, "InvalidSignatureException", bad_signature),
       [](Scene& scene) { return outcome(scene.call(scene.get(), with_wrong_secret(scene.customer()))); }},
      {"SecretsManagerKnowsItsKeys", "REC spring-cloud-aws#492",
       failure(Outcome::denied, 400, "UnrecognizedClientException", bad_token),
       [](Scene& scene) {
         return outcome(scene.call(scene.get(), aws::Credentials{"AKIAIOSFODNN7EXAMPLE", "secret", ""}));
       }},
  };
}

std::vector<Behaviour> virustotal_behaviours() {
  return {
      {"TheGuidesAddressHasTheGuidesReport", "DOC the guide's example", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetIpAddress{.ip = "35.216.199.51"}, scene.key());
         const api::virustotal::IpAddressReport& report = answer.value();
         EXPECT_EQ(report.asn, 15169);
         EXPECT_EQ(report.as_owner, "GOOGLE");
         EXPECT_EQ(report.country, "CH");
         EXPECT_EQ(report.regional_internet_registry, "RIPE NCC");
         EXPECT_EQ(report.network, "35.216.0.0/15");
         EXPECT_EQ(report.last_analysis_stats,
                   (api::virustotal::AnalysisStats{.harmless = 64, .malicious = 1, .undetected = 23}));
         EXPECT_EQ(report.last_analysis_date, Instant{std::chrono::seconds{1687579849}});
         return outcome(answer);
       }},
      {"AnIpv6AddressHasAReport", "DOC ip-object", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetIpAddress{.ip = "2A00:1450:4001:0:0::200E"}, scene.key());
         EXPECT_EQ(answer.value().address, "2a00:1450:4001::200e");
         return outcome(answer);
       }},
      {"AVerdictCanBeSet", "CHOICE", fine,
       [](Scene& scene) {
         scene.inside()->world.virustotal.set_verdict("203.0.113.7", {.harmless = 1, .malicious = 60});
         const auto answer = scene.call(GetIpAddress{.ip = "203.0.113.7"}, scene.key());
         EXPECT_EQ(answer.value().last_analysis_stats.malicious, 60);
         scene.inside()->world.virustotal.set_verdict("203.0.113.7", {.harmless = 1, .malicious = 61});
         const auto again = scene.call(GetIpAddress{.ip = "203.0.113.7"}, scene.key());
         EXPECT_EQ(again.value().last_analysis_stats.malicious, 61);
         return outcome(again);
       }},
      {"APrivateAddressIsCleanAndCostsQuota", "DOC virustotal.md 3, third parties",
       failure(Outcome::throttled, 429, "QuotaExceededError", "Quota exceeded"),
       [](Scene& scene) {
         for (int i = 0; i < 4; ++i) {
           const auto answer = scene.call(GetIpAddress{.ip = "10.0.0.2"}, scene.key());
           EXPECT_EQ(answer.value().last_analysis_stats,
                     (api::virustotal::AnalysisStats{.harmless = 55, .undetected = 36}));
           EXPECT_FALSE(answer.value().as_owner.has_value());
         }
         return outcome(scene.call(GetIpAddress{.ip = "10.0.0.2"}, scene.key()));
       }},
      {"AMinuteLaterThereIsQuotaAgain", "DOC public-vs-premium-api", fine,
       [](Scene& scene) {
         for (int i = 0; i < 5; ++i) {
           const auto answer = scene.call(GetIpAddress{.ip = "8.8.8.8"}, scene.key());
           EXPECT_EQ(answer.ok(), i < 4);
         }
         scene.advance(std::chrono::minutes{1});
         return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, scene.key()));
       }},
      {"AMalformedAddressIsRefused", "CHOICE virustotal.md 3",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "\"999.1.2.3\" is not a valid IP address"),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "999.1.2.3"}, scene.key())); }},
      {"APythonNoneIsRefused", "CHOICE virustotal.md 3",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "\"None\" is not a valid IP address"),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "None"}, scene.key())); }},
      {"AnythingMayStandInTheAddress", "CHOICE virustotal.md 3",
       failure(Outcome::invalid, 400, "InvalidArgumentError",
               "\"../a b?c=d&e#f%2F\\\"\xc3\xbc;+\" is not a valid IP address"),
       [](Scene& scene) {
         return outcome(scene.call(GetIpAddress{.ip = "../a b?c=d&e#f%2F\\\"\xc3\xbc;+"}, scene.key()));
       }},
      {"AnEmptyAddressIsNotFound", "REC VirusTotalCore",
       failure(Outcome::not_found, 404, "NotFoundError", "Resource not found."),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{}, scene.key())); }},
      {"VirusTotalWantsAKey", "DOC virustotal.md 1.7",
       failure(Outcome::denied, 401, "AuthenticationRequiredError", "X-Apikey header is missing"),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::Anonymous{})); }},
      {"VirusTotalTakesNoCredentials", "DOC virustotal.md 1.7",
       failure(Outcome::denied, 401, "AuthenticationRequiredError", "X-Apikey header is missing"),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, scene.engine())); }},
      {"VirusTotalKnowsItsKeys", "DOC virustotal.md 1.7",
       failure(Outcome::denied, 401, "WrongCredentialsError", "Wrong API key"),
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{"0123"})); }},
      {"ASecretOfKeysAndValuesIsNoKey", "DOC the guide's code; virustotal.md 1.7",
       failure(Outcome::denied, 401, "WrongCredentialsError", "Wrong API key"),
       [](Scene& scene) {
         const auto secret = scene.call(scene.get(), scene.customer());
         return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{secret.value().secret_string}));
       },
       [](PantherWorldOptions& options) { options.secret_format = SecretFormat::key_value; }},
      {"AGroupsQuotaIsUsedUpByAllOfItsKeys", "DOC consumption-quotas-handled",
       failure(Outcome::throttled, 429, "QuotaExceededError", "Quota exceeded"),
       [](Scene& scene) {
         for (const char* key : {"a", "b"}) {
           EXPECT_TRUE(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{key}).ok());
         }
         return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{"a"}));
       },
       [](PantherWorldOptions& options) {
         options.virustotal_groups = {{.name = "corp", .used = {.day = 498}}};
         options.virustotal_keys = {{.key = "a", .name = "soc", .group = "corp"},
                                    {.key = "b", .name = "lab", .group = "corp"}};
       }},
      {"TheWholeGuideWorks", "DOC the guide", fine,
       [](Scene& scene) {
         const auto secret = scene.call(scene.get(), scene.customer());
         return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{secret.value().secret_string}));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(Sts, Conformance, on_every_way(sts_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretsManager, Conformance, on_every_way(secrets_manager_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotal, Conformance, on_every_way(virustotal_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
