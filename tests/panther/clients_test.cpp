#include <rushhour/panther/clients.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/fault.hpp>
#include <rushhour/gtest.hpp>

#include "clients_fixture.hpp"

namespace rushhour::panther {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// On every way that calls can go.
class ClientsTest : public ::testing::TestWithParam<ClientTier> {
 protected:
  ClientsTest() : python(GetParam(), {.retry_policy = "legacy"}) {}

  std::string run(const std::string& source) { return python.run(source); }
  /// For so long, beginning now.
  void fail(std::string service, Failure failure, Duration lasting = Duration::max()) {
    python.bench.world().faults.add({.service = std::move(service),
                                     .failure = std::move(failure),
                                     .from = python.bench.clock.now(),
                                     .lasting = lasting});
  }
  [[nodiscard]] Duration lasted() const { return python.bench.clock.now() - start; }

  ClientsBench python;
  Instant start{python.bench.clock.now()};
};

INSTANTIATE_TEST_SUITE_P(Tiers, ClientsTest, ::testing::ValuesIn(client_tiers),
                         [](const auto& tested) { return std::string{to_text(tested.param)}; });

const Failure rate_exceeded{
    .outcome = Outcome::throttled, .status = 400, .code = "ThrottlingException", .message = "Rate exceeded"};

TEST_P(ClientsTest, MakeTheGuidesThreeCalls) {
  EXPECT_EQ(run(guide + R"(
def rule():
    answer = report("8.8.8.8")
    attributes = answer.json()["data"]["attributes"]
    return answer.status_code, answer.ok, attributes["asn"], len(attributes["last_analysis_results"]) > 50
)"),
            "(200, True, 24940, True)");
  const Calls calls = python.bench.calls();
  EXPECT_EQ(calls.total(), 3U);
  EXPECT_EQ(calls.count("sts:AssumeRole"), 1U);
  EXPECT_EQ(calls.count("secretsmanager:GetSecretValue"), 1U);
  EXPECT_EQ(calls.count("virustotal:ip_addresses"), 1U);
  EXPECT_EQ(python.session().logical_calls, 3U);
  EXPECT_EQ(python.session().clients_made, 3U) << "two clients, and the session of requests.get()";
}

TEST_P(ClientsTest, AnswerWithTheTypesOfBoto3) {
  EXPECT_EQ(run(R"(
import boto3
def rule():
    answer = boto3.client("sts").assume_role(RoleArn=ROLE, RoleSessionName="rule")
    metadata = answer["ResponseMetadata"]
    expires = answer["Credentials"]["Expiration"]
    return (sorted(answer), sorted(answer["Credentials"]), expires.isoformat(), str(expires.tzinfo), sorted(metadata),
            metadata["HTTPStatusCode"], metadata["RetryAttempts"],
            metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"])
)"),
            "(['AssumedRoleUser', 'Credentials', 'ResponseMetadata'], ['AccessKeyId', 'Expiration', "
            "'SecretAccessKey', 'SessionToken'], '2026-03-02T01:00:00+00:00', 'tzlocal()', ['HTTPHeaders', "
            "'HTTPStatusCode', 'RequestId', 'RetryAttempts'], 200, 0, True)");
}

TEST_P(ClientsTest, RaiseTheModelledExceptionOfAService) {
  EXPECT_EQ(
      run(guide + R"(
def rule():
    c = get_aws_credentials()
    client = boto3.client("secretsmanager", aws_access_key_id=c["AccessKeyId"],
                          aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"])
    try:
        client.get_secret_value(SecretId="panther-secrets/virus-total", VersionStage="none")
    except client.exceptions.ResourceNotFoundException as error:
        return type(error).__name__, error.response["Error"], error.response["Message"][:7], str(error)[:87]
)"),
      "('ResourceNotFoundException', {'Message': \"Secrets Manager can't find the specified secret value "
      "for staging label: none\", 'Code': 'ResourceNotFoundException'}, 'Secrets', 'An error occurred "
      "(ResourceNotFoundException) when calling the GetSecretValue operation')");
}

TEST_P(ClientsTest, RaiseAClientErrorForWhatIsDenied) {
  EXPECT_EQ(run(R"(
import boto3
from botocore.exceptions import ClientError
def rule():
    try:
        boto3.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/other", RoleSessionName="rule")
    except ClientError as error:
        return type(error).__name__, sorted(error.response["Error"]), error.response["Error"]["Code"], error.operation_name
)"),
            "('ClientError', ['Code', 'Message', 'Type'], 'AccessDenied', 'AssumeRole')");
}

TEST_P(ClientsTest, RetryAsTheContainersPolicyDoes) {
  fail("sts", rate_exceeded, 1ns);
  EXPECT_EQ(run(R"(
import boto3
def rule():
    answer = boto3.client("sts").get_caller_identity()
    return answer["Account"], answer["ResponseMetadata"]["RetryAttempts"]
)"),
            "('111122223333', 1)");
  EXPECT_THAT(lasted(), AllOf(::testing::Gt(0s), ::testing::Lt(1s))) << "legacy waits random() * 1 s";
  EXPECT_EQ(python.session().logical_calls, 1U);
  EXPECT_EQ(python.bench.calls().count("sts:GetCallerIdentity"), 2U);
}

TEST_P(ClientsTest, GiveUpWhenThePolicyDoes) {
  fail("sts", rate_exceeded);
  EXPECT_EQ(
      run(R"(
import boto3
def rule():
    boto3.client("sts").get_caller_identity()
)"),
      "ClientError: An error occurred (ThrottlingException) when calling the GetCallerIdentity operation "
      "(reached max retries: 4): Rate exceeded");
  EXPECT_EQ(python.bench.calls().count("sts:GetCallerIdentity"), 5U);
}

TEST_P(ClientsTest, TakeTheRetriesOfACodesOwnConfig) {
  fail("sts", rate_exceeded);
  EXPECT_THAT(run(R"(
import boto3
from botocore.config import Config
def rule():
    boto3.client("sts", config=Config(retries={"max_attempts": 1})).get_caller_identity()
)"),
              HasSubstr("(reached max retries: 1)"));
  EXPECT_EQ(python.bench.calls().count("sts:GetCallerIdentity"), 2U);
}

TEST_P(ClientsTest, TimeOutAfterSixtySecondsOfSilence) {
  python.bench.use_retry_policy("none");
  fail("secretsmanager", {.outcome = Outcome::timeout, .status = 0, .message = "silence"});
  EXPECT_EQ(
      run(R"(
import boto3
def rule():
    boto3.client("secretsmanager").get_secret_value(SecretId="panther-secrets/virus-total")
)"),
      "ReadTimeoutError: Read timeout on endpoint URL: \"https://secretsmanager.us-east-1.amazonaws.com/\"");
  EXPECT_EQ(lasted(), 60s);
}

TEST_P(ClientsTest, RaiseForAConnectionThatBreaks) {
  python.bench.use_retry_policy("none");
  fail("sts", {.outcome = Outcome::reset, .status = 0, .message = "broken"});
  EXPECT_EQ(
      run("import boto3\ndef rule():\n    boto3.client('sts').get_caller_identity()\n"),
      "ConnectionClosedError: Connection was closed before we received a valid response from endpoint URL: "
      "\"https://sts.us-east-1.amazonaws.com/\".");
}

TEST_P(ClientsTest, LetBotocoreRefuseArguments) {
  const std::string refused =
      "ParamValidationError: Parameter validation failed:\nInvalid length for parameter RoleSessionName, "
      "value: "
      "1, valid min length: 2";
  const std::string rule = R"(
import boto3
def rule():
    sts = boto3.client("sts")
    sts.assume_role(RoleArn=ROLE, RoleSessionName="good")
    sts.assume_role(RoleArn=ROLE, RoleSessionName="x")
)";
  EXPECT_EQ(run(rule), refused) << "also when a call with the same members went well before";
  EXPECT_EQ(run("import boto3\ndef rule():\n    boto3.client('sts').assume_role(RoleArn=ROLE)\n"),
            "ParamValidationError: Parameter validation failed:\nMissing required parameter in input: "
            "\"RoleSessionName\"");
  EXPECT_THAT(
      run("import boto3\ndef rule():\n    boto3.client('secretsmanager').get_secret_value(SecretId=7)\n"),
      StartsWith("ParamValidationError: Parameter validation failed:\nInvalid type for parameter SecretId"));
  EXPECT_THAT(run("import boto3\ndef rule():\n    boto3.client('sts').get_caller_identity(Extra=1)\n"),
              HasSubstr("Unknown parameter in input: \"Extra\""));
  EXPECT_EQ(python.bench.calls().total(), 1U) << "what is refused goes nowhere";
}

TEST_P(ClientsTest, AnswerRequestsAsRequestsDoes) {
  EXPECT_EQ(run(R"(
import json, requests
def rule():
    answer = requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", headers={"x-apikey": KEY})
    copied = json.loads(answer.text)
    return (isinstance(answer, requests.Response), answer.json() == copied, json.loads(answer.content) == copied,
            answer.headers["content-type"], answer.reason, answer.url, answer.encoding, answer.raise_for_status(),
            answer.request.headers["x-apikey"] == KEY, answer.history, answer.elapsed.total_seconds(), bool(answer))
)"),
            "(True, True, True, 'application/json; charset=utf-8', 'OK', "
            "'https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8', 'utf-8', None, True, [], 0.0, True)");
}

TEST_P(ClientsTest, GiveErrorsOfVirusTotalAsAnswers) {
  EXPECT_EQ(run(R"(
import requests
def rule():
    answer = requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", headers={"x-apikey": "wrong"})
    try:
        answer.raise_for_status()
    except requests.HTTPError as error:
        return answer.status_code, answer.ok, answer.json()["error"]["code"], str(error)
)"),
            "(401, False, 'WrongCredentialsError', '401 Client Error: Unauthorized for url: "
            "https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8')");
  EXPECT_EQ(run("import requests\ndef rule():\n"
                "    return requests.get('https://www.virustotal.com/api/v3/no/such/thing').status_code\n"),
            "404");
}

TEST_P(ClientsTest, HonourTheTimeoutThatCodeNames) {
  fail("virustotal", {.outcome = Outcome::timeout, .status = 0, .message = "silence"});
  EXPECT_EQ(run(R"(
import requests
def rule():
    try:
        requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", timeout=5)
    except requests.exceptions.ReadTimeout as error:
        return type(error).__name__, isinstance(error, requests.Timeout), str(error)
)"),
            "('ReadTimeout', True, \"HTTPSConnectionPool(host='www.virustotal.com', port=443): Read timed "
            "out. (read "
            "timeout=5)\")");
  EXPECT_EQ(lasted(), 5s);
}

TEST_P(ClientsTest, RetryByAnAdapterThatCodeMounts) {
  fail("virustotal", {.outcome = Outcome::throttled, .status = 429, .code = "QuotaExceededError"}, 1s);
  EXPECT_EQ(run(R"(
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry
def rule():
    session = requests.Session()
    session.headers["x-apikey"] = KEY
    session.mount("https://", HTTPAdapter(max_retries=Retry(total=4, backoff_factor=0.5, status_forcelist=[429])))
    return session.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8").status_code
)"),
            "200");
  EXPECT_EQ(lasted(), 1s) << "at once, then after 0.5 * 2 s";
  EXPECT_EQ(python.bench.calls().count("virustotal:ip_addresses"), 3U);
  EXPECT_EQ(python.session().logical_calls, 1U);
}

TEST_P(ClientsTest, SleepInVirtualTime) {
  EXPECT_EQ(run("import time\ndef rule():\n    before = time.time()\n    time.sleep(90)\n"
                "    return time.time() - before\n"),
            "90.0");
  EXPECT_EQ(lasted(), 90s);
}

TEST_P(ClientsTest, WaitAsLongAsAnswersTake) {
  python.bench.latencies.set(api::Service::sts, {.low = 250ms});
  EXPECT_EQ(
      run("import boto3\ndef rule():\n    return boto3.client('sts').get_caller_identity()['Account']\n"),
      "'111122223333'");
  EXPECT_EQ(lasted(), 250ms);
}

TEST_P(ClientsTest, SayWhoseCallsTheyAre) {
  python.session().attribution = {.detection = python.bench.world().ledger.names().intern("my rule"),
                                  .event = 77,
                                  .function = Function::alert_context};
  static_cast<void>(run(guide + "\ndef rule():\n    report('8.8.8.8')\n"));
  const Calls calls = python.bench.calls();
  ASSERT_EQ(calls.size(), 3U);
  for (const JournalEntry& call : calls) {
    EXPECT_EQ(call.detection, "my rule");
    EXPECT_EQ(call.event, 77U);
    EXPECT_EQ(call.attempt, 1U);
  }
  for (const Call& call : python.bench.world().journal().calls())
    EXPECT_EQ(call.function, Function::alert_context);
}

TEST_P(ClientsTest, KeepItemsInADynamoDbTable) {
  EXPECT_EQ(run(R"(
import boto3
from botocore.exceptions import ClientError
def rule():
    table = boto3.resource("dynamodb").Table("panther-kv-store")
    table.put_item(Item={"key": "seen", "intCount": 3, "stringSet": {"b", "a"}, "expiresAt": 2000000000})
    item = table.get_item(Key={"key": "seen"})["Item"]
    counted = table.update_item(
        Key={"key": "seen"},
        UpdateExpression="ADD intCount :one",
        ConditionExpression="expiresAt >= :now",
        ExpressionAttributeValues={":one": 1, ":now": 1},
        ReturnValues="UPDATED_NEW",
    )["Attributes"]
    try:
        table.update_item(Key={"key": "seen"}, UpdateExpression="ADD intCount :one",
                          ConditionExpression="expiresAt >= :now",
                          ExpressionAttributeValues={":one": 1, ":now": 3000000000})
    except ClientError as error:
        return (item["intCount"], sorted(item["stringSet"]), counted, error.response["Error"]["Code"],
                type(error).__name__, table.get_item(Key={"key": "none"}).get("Item"))
)"),
            "(Decimal('3'), ['a', 'b'], {'intCount': Decimal('4')}, 'ConditionalCheckFailedException', "
            "'ConditionalCheckFailedException', None)");
  EXPECT_EQ(python.bench.calls().count("dynamodb:UpdateItem"), 2U);
}

}  // namespace
}  // namespace rushhour::panther
