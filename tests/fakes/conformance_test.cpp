// Behaviours of the fakes, one row each with its source, asked for on every way in: typed calls, HTTP
// messages in memory, and a socket. All three must give the same answer, the same journal and the same
// digest.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/in_memory.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/signed_http.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/client.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/policies.hpp>

namespace rushhour::fakes {
namespace {

using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using std::chrono::milliseconds;
using std::chrono::seconds;

enum class Way { direct, memory, wire };

constexpr std::string_view to_text(Way way) {
  constexpr std::string_view texts[] = {"direct", "memory", "wire"};
  return texts[static_cast<std::size_t>(way)];
}

void PrintTo(Way way, std::ostream* out) { *out << to_text(way); }

/// A world, a clock, and one way in. What is called is written down, outputs as JSON.
class Scene {
 public:
  Scene(Way way, PantherWorldOptions options)
      : panther_(std::move(options)), clock_(panther_.world.options.start) {
    clock_.advance(std::chrono::hours{1});
    switch (way) {
      case Way::direct:
        break;
      case Way::memory:
        endpoint_ = std::make_unique<api::InMemory>(door_, names_);
        break;
      case Way::wire:
        server_ =
            std::make_unique<http::Server>(door_, http::ServerOptions{.clock = &clock_, .connections = 2});
        endpoint_ = std::make_unique<api::SignedHttp>(server_->port(), names_);
        break;
    }
  }

  template <api::IsOperation Op>
  Result<typename Op::Output> call(const Op& request, const api::Identity& identity) {
    typename Op::Output output{};
    Failure failure;
    // A table of its own: a client knows nothing of the numbers in the world's.
    Names& names = endpoint_ ? names_ : panther_.world.ledger.names();
    const api::Attribution attribution{
        .detection = names.intern("AWS.VirusTotal; Enrichment"),
        .event = ++calls_,
        .attempt = 2,
        .function = calls_ % 2 == 0 ? Function::unknown : Function::alert_context};
    Duration delay{};
    const bool ok = endpoint().perform(
        {api::operation_of<Op>, &request, &output, identity, attribution, failure, &delay}, now());
    if (delay != Duration::zero()) transcript += "after " + rushhour::to_text(delay) + ": ";
    if (!ok) {
      transcript += rushhour::to_text(failure) + "\n";
      return failure;
    }
    if constexpr (Op::service == api::Service::virustotal) {
      api::virustotal::append_answer(transcript, output);
    } else {
      aws::append_json(transcript, api::operation_of<Op>.output, &output);
    }
    transcript += '\n';
    return output;
  }

  /// The world as seen from inside the gate, where a server's threads look at it: `scene.inside()->world`.
  /// Once in an expression, and in none that calls.
  struct Inside {
    std::optional<http::Gate::Entry> entry;
    PantherWorld& panther;
    PantherWorld* operator->() { return &panther; }
  };
  [[nodiscard]] Inside inside() {
    return {server_ ? std::optional{server_->gate().enter()} : std::nullopt, panther_};
  }
  void advance(Duration length) {
    const Inside gate = inside();
    clock_.advance(length);
  }
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] api::Endpoint& endpoint() {
    return endpoint_ ? *endpoint_ : static_cast<api::Endpoint&>(panther_.world);
  }

  [[nodiscard]] api::Identity engine() { return inside()->engine_session(now()).credentials; }
  [[nodiscard]] api::Identity unit_tests() { return inside()->unit_tests_session(now()).credentials; }
  [[nodiscard]] static api::Identity key() { return api::ApiKey{PantherWorldOptions{}.api_key}; }
  [[nodiscard]] AssumeRole assume() const {
    return {.role_arn = panther_.customer_role_arn, .role_session_name = "rule-1"};
  }
  /// The customer's role, assumed by the engine.
  [[nodiscard]] api::Identity customer() {
    const auto answer = call(assume(), engine());
    const api::sts::Credentials& made = answer.value().credentials;
    return aws::Credentials{made.access_key_id, made.secret_access_key, made.session_token};
  }
  [[nodiscard]] const std::string& secret_arn() const { return panther_.secret_arn; }
  [[nodiscard]] GetSecretValue get() const { return {.secret_id = panther_.secret_name}; }

  [[nodiscard]] std::string journal() {
    const Inside gate = inside();
    const Names& names = panther_.world.ledger.names();
    std::string out;
    for (const Call& call : panther_.world.journal().calls()) {
      out += to_iso8601(call.at, Precision::nanoseconds);
      for (const Name name : {call.operation, call.principal, call.account, call.detection, call.code}) {
        out += " | ";
        out += names.text(name);
      }
      out += " | " + std::to_string(call.event) + " | " + std::to_string(call.attempt) + " | " +
             std::to_string(call.status) + " | " + std::string{rushhour::to_text(call.outcome)} + " | " +
             std::string{rushhour::to_text(call.function)} + " | " +
             std::to_string(static_cast<int>(call.subject)) + "\n";
    }
    return out;
  }

  std::string transcript;

 private:
  PantherWorld panther_;
  VirtualClock clock_;
  Names names_;
  FrontDoor door_{panther_.world};
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<api::Endpoint> endpoint_;
  std::uint64_t calls_ = 0;
};

/// No failure: the last call of a row went well.
const Failure fine{.outcome = Outcome::ok};

template <class T>
Failure outcome(const Result<T>& result) {
  return result.ok() ? fine : result.failure();
}

struct Behaviour {
  std::string_view name;
  std::string_view source;  ///< spec tag and page
  Failure expected;
  Failure (*act)(Scene& scene);
  void (*arrange)(PantherWorldOptions& options) = [](PantherWorldOptions&) {};
};

void PrintTo(const Behaviour& behaviour, std::ostream* out) {
  *out << behaviour.name << " [" << behaviour.source << "]";
}

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

Failure failure(Outcome outcome, int status, std::string_view code, std::string_view message) {
  return {.outcome = outcome, .status = status, .code = std::string{code}, .message = std::string{message}};
}

api::Identity with_wrong_secret(api::Identity identity) {
  std::get<aws::Credentials>(identity).secret_access_key.back() ^= 1;
  return identity;
}
api::Identity without_token(api::Identity identity) {
  std::get<aws::Credentials>(identity).session_token.clear();
  return identity;
}

/// A quota of `limit` a second for what the published rows cover.
template <class Fake>
void limit_to(Fake& fake, std::string_view service, std::uint64_t limit) {
  auto rows = limit::profiles::of(service);
  for (limit::Profile& row : rows) row.limit = limit;
  fake.quotas().replace(std::move(rows));
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
      {"TheGuidesAddressHasTheGuidesReport", "the seed's example", fine,
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
      {"APrivateAddressIsCleanAndCostsQuota", "3P virustotal.md 3",
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
      {"ASecretOfKeysAndValuesIsNoKey", "the seed's code; DOC virustotal.md 1.7",
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
      {"TheWholeGuideWorks", "the seed", fine,
       [](Scene& scene) {
         const auto secret = scene.call(scene.get(), scene.customer());
         return outcome(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{secret.value().secret_string}));
       }},
  };
}

std::vector<Behaviour> behaviours() {
  std::vector<Behaviour> all = sts_behaviours();
  for (auto more : {secrets_manager_behaviours(), virustotal_behaviours()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

/// What a row left behind.
struct Ending {
  Failure last{};
  std::string transcript{};
  std::string journal{};
  std::string digest{};
};

Ending run(const Behaviour& behaviour, Way way) {
  PantherWorldOptions options;
  behaviour.arrange(options);
  Scene scene{way, std::move(options)};
  const Failure last = behaviour.act(scene);
  return {last, scene.transcript, scene.journal(), scene.inside()->world.ledger.digest().text()};
}

class Conformance : public testing::TestWithParam<std::tuple<Behaviour, Way>> {};

TEST_P(Conformance, IsTheSameOnEveryWayIn) {
  const auto& [behaviour, way] = GetParam();
  const Ending seen = run(behaviour, way);
  EXPECT_EQ(seen.last, behaviour.expected)
      << "saw:      " << rushhour::to_text(seen.last)
      << "\nexpected: " << rushhour::to_text(behaviour.expected) << "\nsource: " << behaviour.source;
  if (way == Way::direct) return;
  const Ending direct = run(behaviour, Way::direct);
  EXPECT_EQ(seen.transcript, direct.transcript);
  EXPECT_EQ(seen.journal, direct.journal);
  EXPECT_EQ(seen.digest, direct.digest);
}

INSTANTIATE_TEST_SUITE_P(Fakes, Conformance,
                         testing::Combine(testing::ValuesIn(behaviours()),
                                          testing::Values(Way::direct, Way::memory, Way::wire)),
                         [](const auto& row) {
                           return std::string{std::get<0>(row.param).name} + "_" +
                                  std::string{to_text(std::get<1>(row.param))};
                         });

// ---- Whole clients, which wait and try again, among faults of all kinds ----

/// Moves the scene's clock as a simulation does: from outside the server's threads, inside the gate.
class SceneClock final : public Clock {
 public:
  explicit SceneClock(Scene& scene) : scene_(scene) {}
  [[nodiscard]] Instant now() const override { return scene_.now(); }
  void sleep_until(Instant instant) override {
    if (instant > now()) scene_.advance(instant - now());
  }

 private:
  Scene& scene_;
};

struct Passed {
  Duration time{};
  std::string outcomes{};
  std::string journal{};
  std::string digest{};
};

Passed pass_through_faults(Way way) {
  Scene scene{way, {}};
  {
    const Scene::Inside gate = scene.inside();
    Faults& faults = gate.panther.world.faults;
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::timeout}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::reset}});
    faults.add(
        {.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::ok}, .delay = milliseconds{700}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::ok}, .delay = seconds{9}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = failure(Outcome::server_error, 503, "X", "")});
  }
  SceneClock clock{scene};
  const Instant start = clock.now();
  const api::Timeouts timeouts{seconds{5}, std::nullopt, std::nullopt};
  const auto policy = retry::make("legacy", {.service = "sts"});
  api::Session session{
      .endpoint = &scene.endpoint(), .clock = &clock, .timeouts = &timeouts, .random = Stream{7}};
  api::Client sts{session, scene.engine(), *policy};
  Passed out;
  for (int i = 0; i < 100; ++i) {
    session.attribution = {.event = static_cast<std::uint64_t>(i) + 1, .function = Function::rule};
    out.outcomes += rushhour::to_text(sts(GetCallerIdentity{}).outcome());
    out.outcomes += ' ';
  }
  out.time = clock.now() - start;
  out.journal = scene.journal();
  out.digest = scene.inside()->world.ledger.digest().text();
  return out;
}

TEST(Clients, PassThroughFaultsAlikeOnEveryWayIn) {
  const Passed direct = pass_through_faults(Way::direct);
  EXPECT_GT(direct.time, seconds{300}) << "timeouts and back-off take their time";
  EXPECT_THAT(direct.journal, testing::HasSubstr("| timeout | rule"));
  for (const Way way : {Way::memory, Way::wire}) {
    const Passed other = pass_through_faults(way);
    EXPECT_EQ(other.time, direct.time) << to_text(way);
    EXPECT_EQ(other.outcomes, direct.outcomes) << to_text(way);
    EXPECT_EQ(other.journal, direct.journal) << to_text(way);
    EXPECT_EQ(other.digest, direct.digest) << to_text(way);
  }
}

// Threads of a server verify outside the gate and decide inside it: run under ThreadSanitizer too.
TEST(Wire, LosesNoCallOfManyClients) {
  constexpr int clients = 4;
  constexpr int rounds = 25;
  PantherWorld panther;
  panther.world.sts.quotas().replace({});
  VirtualClock clock{panther.world.options.start};
  FrontDoor door{panther.world};
  http::Server server{door, {.clock = &clock, .connections = clients}};
  const api::Identity engine = panther.engine_session(clock.now()).credentials;
  // One request alone first: Debian's libcpp-httplib is not instrumented, and ThreadSanitizer does not see
  // that the tables which its first request makes are made under a guard.
  static_cast<void>(http::Client{server.port()}.send({}));
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Names names;
      const api::Attribution attribution{.detection = names.intern("rule-" + std::to_string(client))};
      api::SignedHttp endpoint{server.port(), names};
      const auto call = [&]<class Op>(const Op& request, const api::Identity& identity,
                                      typename Op::Output& output) {
        Failure failure;
        if (!endpoint.perform({api::operation_of<Op>, &request, &output, identity, attribution, failure},
                              clock.now()))
          ++failures;
      };
      for (int i = 0; i < rounds; ++i) {
        AssumeRole::Output role;
        call(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "rule"}, engine, role);
        GetSecretValue::Output secret;
        call(GetSecretValue{.secret_id = panther.secret_name},
             aws::Credentials{role.credentials.access_key_id, role.credentials.secret_access_key,
                              role.credentials.session_token},
             secret);
        GetIpAddress::Output report;
        call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{secret.secret_string}, report);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  server.stop();
  EXPECT_EQ(panther.world.journal().total(), static_cast<std::uint64_t>(1 + 3 * clients * rounds));
  EXPECT_EQ(failures, clients * rounds - 4) << "all but the four look-ups that VirusTotal's quota allows";
}

// ---- To a client that is no simulation, a fault is done, not told ----

class RealClients : public testing::Test {
 protected:
  /// A look-up of an address, as curl sends it.
  [[nodiscard]] http::Request look_up() const {
    return {.target = "/api/v3/ip_addresses/8.8.8.8",
            .headers = {{"x-apikey", PantherWorldOptions{}.api_key}}};
  }
  void fail_once(Fault fault) {
    const http::Gate::Entry gate = server->gate().enter();
    fault.service = "virustotal";
    fault.from = clock.now();
    fault.lasting = seconds{1};
    panther.world.faults.add(std::move(fault));
  }
  /// After the fault's time.
  void go_on() {
    const http::Gate::Entry gate = server->gate().enter();
    clock.advance(seconds{1});
  }

  PantherWorld panther;
  VirtualClock clock{panther.world.options.start};
  FrontDoor door{panther.world};
  std::unique_ptr<http::Server> server =
      std::make_unique<http::Server>(door, http::ServerOptions{.clock = &clock, .connections = 2});
};

TEST_F(RealClients, WaitForAnAnswerThatNeverComes) {
  fail_once({.failure = {.outcome = Outcome::timeout, .message = "silence"}});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(http::Client(server->port(), {.answer_max = milliseconds{200}}).send(look_up()).status, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{200}) << "the connection stayed open";
  go_on();
  EXPECT_EQ(http::Client(server->port()).send(look_up()).status, 200);
  const http::Gate::Entry gate = server->gate().enter();
  EXPECT_EQ(panther.world.journal().calls().front().outcome, Outcome::timeout);
}

TEST_F(RealClients, WaitForAnAnswerThatComesLater) {
  fail_once({.failure = {.outcome = Outcome::ok}, .delay = milliseconds{100}});
  const auto begin = std::chrono::steady_clock::now();
  const http::Response response = http::Client(server->port()).send(look_up());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{100});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header(api::delay_header), nullptr) << "it is done, not told";
}

TEST_F(RealClients, AreServedWhileAnotherWaits) {
  fail_once({.failure = {.outcome = Outcome::timeout}});
  std::thread waits{
      [this, port = server->port()] { EXPECT_EQ(http::Client(port).send(look_up()).status, 0); }};
  const auto calls = [this] {
    const http::Gate::Entry gate = server->gate().enter();
    return panther.world.journal().total();
  };
  while (calls() == 0) std::this_thread::yield();
  go_on();
  EXPECT_EQ(http::Client(server->port()).send(look_up()).status, 200);
  server->stop();  // ends the other's wait
  waits.join();
}

}  // namespace
}  // namespace rushhour::fakes
