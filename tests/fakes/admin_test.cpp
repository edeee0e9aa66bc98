#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes {
namespace {

using testing::HasSubstr;

/// The gate of a clock that moves.
class ClockGate final : public http::Gate {
 public:
  explicit ClockGate(const Clock& clock) : clock_(clock) {}
  Entry enter() override { return {.lock = {}, .now = clock_.now()}; }
  [[nodiscard]] Instant wall_time() const override { return clock_.now(); }

 private:
  const Clock& clock_;
};

class AdminTest : public testing::Test {
 protected:
  struct Answer {
    int status{};
    nlohmann::json body{};
  };
  Answer ask(std::string method, std::string target, std::string body = {}) {
    const http::Response response = admin.handle(
        {.method = std::move(method), .target = std::move(target), .headers = {}, .body = std::move(body)},
        gate);
    EXPECT_EQ(*response.header("Content-Type"), "application/json");
    return {response.status, nlohmann::json::parse(response.body)};
  }
  void look_up(std::string_view address) {
    static_cast<void>(admin.handle({.target = "/api/v3/ip_addresses/" + std::string{address},
                                    .headers = {{"x-apikey", PantherWorldOptions{}.api_key}}},
                                   gate));
  }

  PantherWorld panther;
  VirtualClock clock{panther.world.options.start};
  ClockGate gate{clock};
  FrontDoor door{panther.world};
  Admin admin{panther.world, door, {.advance = [this](Duration length) { clock.advance(length); }}};
};

TEST_F(AdminTest, PassesOnWhatIsNotItsOwn) {
  EXPECT_EQ(admin.handle({.target = "/api/v3/ip_addresses/8.8.8.8", .headers = {}}, gate).status, 401);
  EXPECT_EQ(admin.handle({.target = "/_rushhour", .headers = {}}, gate).status, 404);
}

TEST_F(AdminTest, LetsTheServiceBehindItWordRefusals) {
  const http::Request request{.method = "POST",
                              .target = "/",
                              .headers = {{"Host", "secretsmanager.us-east-1.amazonaws.com"},
                                          {"X-Amz-Target", "secretsmanager.GetSecretValue"}}};
  const http::Response refused = admin.refuse(request, gate, http::Unfit::body_too_long);
  EXPECT_EQ(refused.status, door.refuse(request, gate, http::Unfit::body_too_long).status);
  EXPECT_THAT(refused.body, HasSubstr("__type")) << "in the service's own form";
}

TEST_F(AdminTest, TellsAndMovesTheClock) {
  EXPECT_EQ(ask("GET", "/_rushhour/clock").body["now"], "2026-03-02T00:00:00.000Z");
  const Answer moved = ask("POST", "/_rushhour/clock", R"({"advance": "1h30m"})");
  EXPECT_EQ(moved.status, 200);
  EXPECT_EQ(moved.body["now"], "2026-03-02T01:30:00.000Z");
  EXPECT_EQ(clock.now(), panther.world.options.start + std::chrono::minutes{90});
}

TEST_F(AdminTest, TellsThePrincipalsAsOfNow) {
  const auto tell = [](Instant now) { return R"({"engine":")" + to_iso8601(now) + "\"}"; };
  Admin telling{panther.world, door, {.principals = tell}};
  clock.advance(std::chrono::hours{13});
  const http::Response answer = telling.handle({.target = "/_rushhour/principals"}, gate);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(nlohmann::json::parse(answer.body)["principals"]["engine"], "2026-03-02T13:00:00Z");
}

TEST_F(AdminTest, SaysThatAWorldDoesNotTellItsPrincipals) {
  const Answer answer = ask("GET", "/_rushhour/principals");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body["error"]["expected"].get<std::string>(), HasSubstr("rushhour serve"));
}

TEST_F(AdminTest, SaysWhatIsWrongWithAnAdvance) {
  for (const char* body :
       {"", "1h", "{}", R"({"advance":3600})", R"({"advance":"an hour"})", R"({"advance":"-1h"})",
        R"({"advance":"1h"}})", R"({"advanced":"1h"})", R"({"advance":""})"}) {
    const Answer answer = ask("POST", "/_rushhour/clock", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_THAT(answer.body["error"]["expected"].get<std::string>(), HasSubstr(R"({"advance":"1h"})"));
    EXPECT_EQ(answer.body["error"]["saw"], body);
  }
  EXPECT_EQ(ask("POST", "/_rushhour/clock", R"({"advance":"100000d"})").status, 400)
      << "beyond the last instant";
  EXPECT_EQ(clock.now(), panther.world.options.start);
}

TEST_F(AdminTest, LeavesAClockAloneThatIsNotItsOwn) {
  Admin guest{panther.world, door};
  const http::Response response = guest.handle(
      {.method = "POST", .target = "/_rushhour/clock", .headers = {}, .body = R"({"advance":"1h"})"}, gate);
  EXPECT_EQ(response.status, 409);
}

TEST_F(AdminTest, ListsTheJournalNewestLast) {
  for (const char* address : {"8.8.8.8", "1.1.1.1", "nonsense"}) look_up(address);
  const Answer answer = ask("GET", "/_rushhour/journal");
  EXPECT_EQ(answer.body["format"], "rushhour.journal/1");
  EXPECT_EQ(answer.body["total"], 3);
  EXPECT_EQ(answer.body["count"], 3);
  EXPECT_EQ(answer.body["digest"], panther.world.ledger.digest().text());
  EXPECT_EQ(answer.body["calls"][2], nlohmann::json::parse(R"({"at":"2026-03-02T00:00:00.000000000Z",
      "operation":"virustotal:ip_addresses","principal":"virustotal-key","account":"virustotal-key","detection":"",
      "function":"","event":0,"attempt":0,"status":400,"outcome":"invalid","code":"InvalidArgumentError","stubbed":false})"));
}

TEST_F(AdminTest, LimitsTheJournal) {
  for (const char* address : {"8.8.8.8", "nonsense"}) look_up(address);
  const Answer one = ask("GET", "/_rushhour/journal?limit=1");
  EXPECT_EQ(one.body["total"], 2);
  EXPECT_EQ(one.body["count"], 1);
  EXPECT_EQ(one.body["calls"][0]["outcome"], "invalid");
  EXPECT_EQ(ask("GET", "/_rushhour/journal?limit=0").body["calls"], nlohmann::json::array());
  EXPECT_EQ(ask("GET", "/_rushhour/journal?limit=9").body["count"], 2);
  for (const char* query : {"limit=", "limit=-1", "limit=x", "limit=1x", "top=1"}) {
    const Answer answer = ask("GET", std::string{"/_rushhour/journal?"} + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.body["error"]["saw"], query);
  }
}

TEST_F(AdminTest, ResetsJournalQuotasAndFaults) {
  panther.world.faults.add({.service = "sts", .failure = {.outcome = Outcome::reset}});
  for (int i = 0; i < 5; ++i) look_up("8.8.8.8");
  EXPECT_EQ(panther.world.journal().calls().back().outcome, Outcome::throttled);
  EXPECT_EQ(ask("POST", "/_rushhour/reset").status, 200);
  EXPECT_EQ(panther.world.journal().total(), 0U);
  EXPECT_TRUE(panther.world.faults.empty());
  look_up("8.8.8.8");
  EXPECT_EQ(panther.world.journal().calls().back().outcome, Outcome::ok);
}

TEST_F(AdminTest, AWorldBeginsAnewOnlyWhereItCan) {
  EXPECT_EQ(ask("POST", "/_rushhour/reset?state=initial").status, 404);
  EXPECT_EQ(ask("POST", "/_rushhour/reset?state=final").body["error"]["expected"],
            "state=initial, or nothing");
  panther.world.virustotal.address("8.8.8.8").malicious(40);
  Admin able{panther.world, door, {.begin_anew = [this] { panther.begin_anew(); }}};
  const auto reset = [&](std::string query) {
    return able.handle({.method = "POST", .target = "/_rushhour/reset" + std::move(query)}, gate).status;
  };
  look_up("8.8.8.8");
  EXPECT_EQ(reset(""), 200);
  EXPECT_EQ(panther.world.virustotal.report("8.8.8.8")->last_analysis_stats.malicious, 40) << "it stays";
  look_up("8.8.8.8");
  EXPECT_EQ(reset("?state=initial"), 200);
  EXPECT_NE(panther.world.virustotal.report("8.8.8.8")->last_analysis_stats.malicious, 40);
  EXPECT_EQ(panther.world.journal().total(), 0U);
}

TEST_F(AdminTest, ListsCloudTrailNewestLastAndByAccount) {
  CloudTrailLog trail{panther.world};
  Admin telling{panther.world, door, {.trail = &trail}};
  const auto tell = [&](std::string target) {
    return nlohmann::json::parse(telling.handle({.target = std::move(target)}, gate).body);
  };
  for (const char* account : {"111122223333", "444455556666", "111122223333"}) {
    trail.on_service_event({.name = "RotationStarted", .at = clock.now(), .account = account});
  }
  const nlohmann::json all = tell("/_rushhour/cloudtrail");
  EXPECT_EQ(all["format"], "rushhour.cloudtrail/1");
  EXPECT_EQ(all["total"], 3);
  EXPECT_EQ(all["count"], 3);
  EXPECT_EQ(all["Records"][1]["recipientAccountId"], "444455556666");
  const nlohmann::json one = tell("/_rushhour/cloudtrail?account=111122223333&limit=1");
  EXPECT_EQ(one["count"], 1);
  EXPECT_EQ(one["Records"][0], all["Records"][2]);
  for (const char* query : {"limit=x", "account=1", "accounts=111122223333"}) {
    const http::Response answer =
        telling.handle({.target = std::string{"/_rushhour/cloudtrail?"} + query}, gate);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(answer.body, HasSubstr("account=ID"));
  }
  EXPECT_EQ(telling.handle({.method = "POST", .target = "/_rushhour/reset"}, gate).status, 200);
  EXPECT_EQ(tell("/_rushhour/cloudtrail")["Records"], nlohmann::json::array());
  EXPECT_EQ(tell("/_rushhour/cloudtrail")["total"], 3) << "numbers go on";
}

TEST_F(AdminTest, SaysThatAWorldWritesNoCloudTrail) {
  const Answer answer = ask("GET", "/_rushhour/cloudtrail");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body["error"]["expected"].get<std::string>(), HasSubstr("rushhour serve"));
}

TEST_F(AdminTest, NamesItsPathsAndMethods) {
  const Answer nowhere = ask("GET", "/_rushhour/time");
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_THAT(nowhere.body["error"]["expected"].get<std::string>(), HasSubstr("/_rushhour/clock"));
  EXPECT_EQ(nowhere.body["error"]["saw"], "/_rushhour/time");
  const Answer wrong = ask("DELETE", "/_rushhour/clock");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.body["error"]["expected"], "GET, POST");
}

}  // namespace
}  // namespace rushhour::fakes
