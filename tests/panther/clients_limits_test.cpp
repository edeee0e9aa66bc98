#include <rushhour/panther/clients.hpp>

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/event_loop.hpp>

#include "clients_fixture.hpp"

namespace rushhour::panther {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// What is not reached, and what ends a call.
class ClientsLimitsTest : public ::testing::Test {
 protected:
  std::string run(const std::string& source) { return python.run(source); }

  ClientsBench python;
};

TEST_F(ClientsLimitsTest, RefuseOtherHosts) {
  EXPECT_THAT(
      run("import requests\ndef rule():\n    requests.get('https://example.com/')\n"),
      StartsWith("NotSimulated: a request to example.com goes nowhere: the simulation answers boto3's"));
  EXPECT_EQ(run(R"(
import requests
def rule():
    try:
        requests.get("https://example.com/")
    except requests.exceptions.ConnectionError:
        return "as without a network"
)"),
            "'as without a network'");
  EXPECT_EQ(python.clients.counts().refused, 2U);
}

TEST_F(ClientsLimitsTest, RefuseOtherServices) {
  EXPECT_THAT(run("import boto3\ndef rule():\n    boto3.client('s3').list_buckets()\n"),
              StartsWith("NotSimulatedError: s3:ListBuckets goes nowhere"));
}

TEST_F(ClientsLimitsTest, RefuseSocketsAndPrograms) {
  for (const std::string line :
       {"__import__('socket').create_connection(('127.0.0.1', 9))",
        "__import__('socket').create_connection(('example.com', 80))",
        "__import__('_socket').socket(2, 1).connect(('127.0.0.1', 9))",
        "__import__('socket').getaddrinfo('example.com', 443)", "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')", "__import__('os').fork()"}) {
    EXPECT_THAT(run("def rule():\n    " + line + "\n"),
                AllOf(StartsWith("ConnectionRefusedError: "),
                      HasSubstr("is refused: a simulation has no network and starts no programs")))
        << line;
  }
}

TEST_F(ClientsLimitsTest, LetNoRequestOfUrllibOut) {
  EXPECT_THAT(run("import urllib.request\ndef rule():\n    urllib.request.urlopen('http://example.com/')\n"),
              HasSubstr("is refused"));
}

TEST_F(ClientsLimitsTest, CountClientsThatAreMade) {
  static_cast<void>(run("import boto3\ndef rule():\n    for _ in range(10):\n        boto3.client('sts')\n"));
  EXPECT_EQ(python.session().clients_made, 10U);
  EXPECT_EQ(python.clients.counts().clients, 10U);
  EXPECT_EQ(python.clients.counts().real_clients, 1U) << "one lends all others what they have in common";
}

TEST_F(ClientsLimitsTest, KeepClientsApart) {
  EXPECT_EQ(run(R"(
import boto3
def rule():
    first, second = boto3.client("sts"), boto3.client("sts", aws_access_key_id="a" * 20, aws_secret_access_key="b")
    first.mark = 1
    known = first.get_caller_identity()["Account"]
    try:
        second.get_caller_identity()
    except Exception as error:
        return known, error.response["Error"]["Code"], hasattr(second, "mark"), type(first) is type(second)
)"),
            "('111122223333', 'InvalidClientTokenId', False, True)");
}

TEST_F(ClientsLimitsTest, GiveReportsThatCodeMayChange) {
  EXPECT_EQ(run(R"(
import requests
def ask():
    return requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", headers={"x-apikey": KEY}).json()
def rule():
    first = ask()
    first["data"]["attributes"]["last_analysis_results"]["Bkav"]["category"] = "changed"
    second = ask()
    second["data"]["attributes"]["tags"].append("changed")
    third = ask()
    again = ask()
    return [each["data"]["attributes"]["last_analysis_results"]["Bkav"]["category"] for each in (first, second, third)], \
        third["data"]["attributes"]["tags"], third == again, third is again
)"),
            "(['changed', 'undetected', 'undetected'], [], True, False)");
}

TEST_F(ClientsLimitsTest, KnowTheJsonOfAReportThatNobodyHasChanged) {
  const Inside inside{python.thread};
  const Object module = module_of(
      "import json, requests\n"
      "def rule():\n"
      "    answer = requests.get('https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8',\n"
      "                          headers={'x-apikey': '" +
      python.bench.panther.options.api_key +
      "'})\n"
      "    return answer.json()['data']['attributes']\n");
  const Object attributes = call(module, "rule");
  const std::string* const known = python.clients.known_json(attributes.get());
  ASSERT_NE(known, nullptr);
  const Object json = import_module("json");
  EXPECT_EQ(*known,
            utf8(Object::steal(PyObject_CallMethod(json.get(), "dumps", "O", attributes.get())).get()));
  EXPECT_EQ(python.clients.known_json(module.get()), nullptr);
  checked(PyDict_SetItemString(attributes.get(), "asn", Py_None));
  EXPECT_EQ(python.clients.known_json(attributes.get()), nullptr);
}

TEST_F(ClientsLimitsTest, PickleAnAnswer) {
  EXPECT_EQ(run(R"(
import pickle, requests
def rule():
    answer = requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", headers={"x-apikey": KEY})
    copy = pickle.loads(pickle.dumps(answer))
    return type(copy).__name__, copy.status_code, copy.json() == answer.json(), copy.text == answer.text
)"),
            "('Response', 200, True, True)");
}

/// A clock that ends what waits on it.
class EndingClock final : public Clock {
 public:
  explicit EndingClock(Instant now) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void sleep_until(Instant wake) override {
    if (wake > now_) throw sim::InvocationTimedOut{};
  }

 private:
  Instant now_;
};

TEST_F(ClientsLimitsTest, EndWithTheInvocationOnEveryTier) {
  EndingClock clock{python.bench.clock.now()};
  python.bench.latencies.set(api::Service::sts, {.low = 1s});
  for (const ClientTier tier : client_tiers) {
    python.use(tier);
    Clock* const before = std::exchange(python.session().clock, &clock);
    EXPECT_THROW(static_cast<void>(run(R"(
import boto3
def rule():
    try:
        boto3.client("sts").get_caller_identity()
    except Exception:
        return "swallowed"
)")),
                 sim::InvocationTimedOut)
        << to_text(tier);
    python.session().clock = before;
  }
}

TEST(ClientsLifetimeTest, GiveTheLibrariesBackWhatTheyHad) {
  const auto hooked = [] {
    PythonThread thread{test_host()};
    const Inside inside{thread};
    return repr(call(
        module_of("import time\n"
                  "def rule():\n"
                  "    import boto3, botocore.client, requests\n"
                  "    return time.sleep, botocore.client.BaseClient._make_api_call, requests.request\n"),
        "rule"));
  };
  const std::string before = hooked();
  {
    const ClientsBench python;
    EXPECT_NE(hooked(), before);
  }
  EXPECT_EQ(hooked(), before);
}

}  // namespace
}  // namespace rushhour::panther
