// Which line of a rule's own code a call belongs to, whichever way it takes.

#include <rushhour/panther/clients.hpp>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients_fixture.hpp"

namespace rushhour::panther {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class CallSitesTest : public testing::TestWithParam<ClientTier> {
 protected:
  /// Of the calls so far, oldest first.
  [[nodiscard]] std::vector<std::string> sites() {
    std::vector<std::string> out;
    const Calls calls = clients.bench.world().calls();
    for (const JournalEntry& call : calls) out.emplace_back(call.site);
    return out;
  }

  ClientsBench clients{GetParam()};
};

/// Not botocore's line, which is the same for all of them.
TEST_P(CallSitesTest, AreOfTheRule) {
  EXPECT_EQ(clients.run(R"(import boto3
import requests

def who():
    return boto3.client("sts").get_caller_identity()["Account"]

def rule():
    who()
    who()
    requests.get("https://www.virustotal.com/api/v3/ip_addresses/8.8.8.8", headers={"x-apikey": KEY})
)"),
            "None");
  EXPECT_THAT(sites(), ElementsAre("rules/rule.py:5", "rules/rule.py:5", "rules/rule.py:10"));
}

/// The helper's line, and the line of the rule that leads there: what was edited may be either.
TEST_P(CallSitesTest, AreOfTheHelperAndOfTheRuleThatCallsIt) {
  EXPECT_EQ(clients.run(R"(HELPER = {}
exec(compile('import boto3\n\ndef who():\n    return boto3.client("sts").get_caller_identity()["Account"]\n',
             "global_helpers/aws.py", "exec"), HELPER)

def look_up():
    return HELPER["who"]()

def rule():
    look_up()
    for _ in map(lambda each: each(), [HELPER["who"]]):
        pass
)"),
            "None");
  EXPECT_THAT(sites(), ElementsAre("global_helpers/aws.py:4 from rules/rule.py:6",
                                   "global_helpers/aws.py:4 from rules/rule.py:10"));
}

/// A retry is made by the same line as the first attempt.
TEST_P(CallSitesTest, AreTheSameForEachAttempt) {
  clients.bench.world().faults.add(
      {.service = "sts",
       .failure = {.outcome = Outcome::server_error, .status = 500, .code = "InternalFailure"}});
  static_cast<void>(clients.run(R"(import boto3
from botocore.config import Config

def rule():
    client = boto3.client("sts", config=Config(retries={"mode": "standard", "max_attempts": 2}))
    client.get_caller_identity()
)"));
  EXPECT_THAT(sites(), AllOf(SizeIs(3), Each("rules/rule.py:6")));
}

TEST_P(CallSitesTest, AreToldFromTheScenariosFolder) {
  ClientRoute route = clients.clients.route();
  route.folder = "./rules/";
  clients.clients.set_route(route);
  static_cast<void>(
      clients.run("import boto3\n\ndef rule():\n    boto3.client('sts').get_caller_identity()\n"));
  EXPECT_THAT(sites(), ElementsAre("rule.py:4"));
}

INSTANTIATE_TEST_SUITE_P(Tiers, CallSitesTest,
                         testing::Values(ClientTier::api, ClientTier::http, ClientTier::wire),
                         [](const auto& tier) { return std::string{to_text(tier.param)}; });

}  // namespace
}  // namespace rushhour::panther
