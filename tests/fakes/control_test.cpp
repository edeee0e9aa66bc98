#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/scenario/control.hpp>

namespace rushhour::fakes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

/// The gate of a clock that moves.
class ClockGate final : public http::Gate {
 public:
  explicit ClockGate(const Clock& clock) : clock_(clock) {}
  Entry enter() override { return {.lock = {}, .now = clock_.now()}; }
  [[nodiscard]] Instant wall_time() const override { return clock_.now(); }

 private:
  const Clock& clock_;
};

/// What `rushhour serve` serves, without the socket.
class Control : public testing::Test {
 protected:
  struct Answer {
    int status{};
    Json body{};
  };
  Answer ask(std::string method, std::string path, std::string body = {}) {
    const http::Response response = send(std::move(method), "/_rushhour/" + path, std::move(body));
    EXPECT_EQ(*response.header("Content-Type"), "application/json");
    return {response.status, Json::parse(response.body)};
  }
  Answer get(std::string path) { return ask("GET", std::move(path)); }
  http::Response send(std::string method, std::string target, std::string body = {},
                      http::Headers headers = {}) {
    return admin.handle({.method = std::move(method),
                         .target = std::move(target),
                         .headers = std::move(headers),
                         .body = std::move(body)},
                        gate);
  }
  http::Response look_up(std::string_view address, const std::string& key = PantherWorldOptions{}.api_key) {
    return send("GET", "/api/v3/ip_addresses/" + std::string{address}, {}, {{"x-apikey", key}});
  }
  /// A mistake says what was expected and seen, and the place of it, all in the answer.
  void expect_mistake(const Answer& answer, std::string_view where, std::string_view expected) {
    EXPECT_EQ(answer.status, 400) << answer.body;
    const Json& error = answer.body["error"];
    EXPECT_THAT(error.value("where", ""), StartsWith(std::string{where})) << answer.body;
    EXPECT_THAT(error.value("expected", ""), HasSubstr(expected));
    EXPECT_NE(error.value("message", ""), "");
  }

  PantherWorld panther;
  VirtualClock clock{panther.world.options.start};
  ClockGate gate{clock};
  Stubs stub_list;
  FrontDoor door{panther.world, {.stubs = &stub_list}};
  Admin admin{panther.world, door, {.stubs = &stub_list, .read = scenario::control_readers()}};
};

// ---- Stubs. ----

TEST_F(Control, AddsListsAndRemovesStubs) {
  const Answer added = ask("POST", "stubs", R"({"name":"down","match":{"service":"virustotal","method":"GET",
      "path":{"prefix":"/api/v3/"},"query":{"limit":"1"},"headers":{"x-tool":{"present":false}},
      "body":{"contains":"a"},"json":{"b":[1,null]}},
      "answers":[{"status":503},{"headers":{"A":"b"},"body":"c","delay":"1s500ms"}],"times":7})");
  EXPECT_EQ(added.status, 200) << added.body;
  EXPECT_EQ(added.body["added"], Json::array({1}));
  const Json listed = get("stubs").body["stubs"][0];
  EXPECT_EQ(listed, Json::parse(R"({"id":1,"name":"down","match":{"service":"virustotal","method":"GET",
      "path":{"prefix":"/api/v3/"},"query":{"limit":"1"},"headers":{"x-tool":{"present":false}},
      "body":{"contains":"a"},"json":{"b":[1,null]}},
      "answers":[{"status":503},{"status":200,"headers":{"A":"b"},"body":"c","delay":"1s500ms"}],"times":7,
      "answered":0,"spent":false})"));
  EXPECT_EQ(ask("POST", "stubs", R"([{"answer":{}},{"answer":{}}])").body["added"], Json::array({2, 3}));
  EXPECT_EQ(ask("POST", "stubs", R"({"stubs":[{"answer":{}}]})").body["added"], Json::array({4}));
  EXPECT_EQ(ask("DELETE", "stubs/3").body["removed"], 1);
  EXPECT_EQ(ask("DELETE", "stubs/3").status, 404);
  EXPECT_EQ(ask("DELETE", "stubs/x").status, 404);
  EXPECT_EQ(get("stubs").body["count"], 3);
  EXPECT_EQ(ask("DELETE", "stubs").body["removed"], 3);
  EXPECT_EQ(get("stubs").body["stubs"], Json::array());
}

TEST_F(Control, AnswersByAStubAndTellsTheNearestMiss) {
  ask("POST", "stubs",
      R"({"match":{"path":"/api/v3/ip_addresses/8.8.8.8"},"answer":{"json":{"made":"up"}}})");
  EXPECT_EQ(look_up("8.8.8.8").body, R"({"made":"up"})");
  EXPECT_EQ(look_up("8.8.4.4").status, 200);
  const Json misses = get("stubs/misses").body;
  EXPECT_EQ(misses["count"], 1);
  EXPECT_EQ(misses["misses"][0]["target"], "/api/v3/ip_addresses/8.8.4.4");
  EXPECT_EQ(misses["misses"][0]["nearest"]["id"], 1);
  EXPECT_EQ(misses["misses"][0]["nearest"]["failed"][0]["what"], "path");
  EXPECT_EQ(get("stubs/misses?limit=0").body["count"], 0);
  EXPECT_EQ(get("stubs/misses?last=1").status, 400);
  EXPECT_EQ(get("journal").body["calls"][0]["stubbed"], true);
  EXPECT_EQ(get("journal").body["calls"][1]["stubbed"], false);
}

TEST_F(Control, SaysWhatIsWrongWithAStub) {
  const auto post = [this](std::string body) { return ask("POST", "stubs", std::move(body)); };
  expect_mistake(post(""), "", "");
  expect_mistake(post("[]"), "", "1");
  expect_mistake(post(R"({"match":{}})"), "line 1", R"(either "answer" or "answers")");
  expect_mistake(post(R"({"answer":{},"answers":[{}]})"), "line 1", R"(either "answer" or "answers")");
  expect_mistake(post(R"({"answers":[]})"), "/answers", "1");
  expect_mistake(post(R"({"answer":{"status":99}})"), "/answer/status", "200");
  expect_mistake(post(R"({"answer":{"body":"a","json":1}})"), "/answer", "at most one");
  expect_mistake(post(R"({"answer":{"error":{"code":"X"}}})"), "/answer", "400");
  expect_mistake(post(R"({"answer":{"delay":"soon"}})"), "/answer/delay", "duration");
  expect_mistake(post(R"({"answer":{"headers":{"A":"b\r\nC: d"}}})"), "/answer/headers/A", "one line");
  expect_mistake(post(R"({"answer":{},"times":"twice"})"), "/times", "always");
  expect_mistake(post(R"({"answer":{},"times":0})"), "/times", "1");
  expect_mistake(post(R"({"match":{"path":"api"},"answer":{}})"), "/match/path", "\"/\"");
  expect_mistake(post(R"({"match":{"path":"/a?b=c"},"answer":{}})"), "/match/path", "without a query");
  expect_mistake(post(R"({"match":{"path":{"prefix":"/a","exact":"/b"}},"answer":{}})"), "/match/path",
                 "one of");
  expect_mistake(post(R"({"match":{"service":"s3"},"answer":{}})"), "/match/service", "virustotal");
  expect_mistake(post(R"({"match":{"service":"sts","operation":"AsumeRole"},"answer":{}})"),
                 "/match/operation", "AssumeRole");
  expect_mistake(post(R"({"match":{"pfad":"/"},"answer":{}})"), "/match/pfad", "known key");
  EXPECT_THAT(post(R"({"anwser":{}})").body["error"].dump(), HasSubstr("did you mean"));
  EXPECT_TRUE(stub_list.empty()) << "nothing of a list with a mistake is added";
}

// ---- Faults. ----

TEST_F(Control, AddsListsAndRemovesFaultsInAScenariosWords) {
  clock.advance(std::chrono::hours{1});
  const Answer added = ask("POST", "faults", R"({"faults":[
      {"service":"virustotal","answer":"unavailable","share":"1/2","from":"1m","for":"5m"},
      {"service":"sts","operation":"AssumeRole","answer":{"delay":"5s"}},
      {"service":"sts","answer":{"status":400,"code":"Throttling","message":"Rate exceeded"}},
      {"service":"virustotal","answer":"reset"},{"service":"virustotal","answer":"hang"}]})");
  EXPECT_EQ(added.body["added"], Json::array({1, 2, 3, 4, 5})) << added.body;
  const Json listed = get("faults").body;
  EXPECT_EQ(listed["count"], 5);
  EXPECT_EQ(listed["faults"][0], Json::parse(R"({"id":1,"service":"virustotal","share":"1/2",
      "answer":{"status":503,"code":"ServiceUnavailable","message":"injected by the scenario"},
      "from":"2026-03-02T01:01:00.000Z","until":"2026-03-02T01:06:00.000Z"})"));
  EXPECT_EQ(listed["faults"][1]["answer"], Json::parse(R"({"delay":"5s"})"));
  EXPECT_EQ(listed["faults"][1]["operation"], "AssumeRole");
  EXPECT_FALSE(listed["faults"][1].contains("until"));
  EXPECT_EQ(listed["faults"][2]["answer"]["code"], "Throttling");
  EXPECT_EQ(listed["faults"][3]["answer"], "reset");
  EXPECT_EQ(listed["faults"][4]["answer"], "hang");
  EXPECT_EQ(look_up("8.8.8.8").status, 0) << "reset";
  EXPECT_EQ(ask("DELETE", "faults/4").body["removed"], 1);
  EXPECT_EQ(ask("DELETE", "faults/4").status, 404);
  EXPECT_EQ(ask("DELETE", "faults").body["removed"], 4);
  EXPECT_EQ(look_up("8.8.8.8").status, 200);
}

TEST_F(Control, AFaultCountsItsTimeFromWhenItIsPosted) {
  clock.advance(std::chrono::hours{1});
  ask("POST", "faults", R"({"service":"virustotal","answer":"unavailable","from":"1m","for":"1m"})");
  EXPECT_EQ(look_up("8.8.8.8").status, 200);
  clock.advance(std::chrono::minutes{1});
  EXPECT_EQ(look_up("8.8.8.8").status, 503);
  clock.advance(std::chrono::minutes{1});
  EXPECT_EQ(look_up("8.8.8.8").status, 200);
}

TEST_F(Control, SaysWhatIsWrongWithAFault) {
  const auto post = [this](std::string body) { return ask("POST", "faults", std::move(body)); };
  expect_mistake(post(R"({"answer":"reset"})"), "line 1", "service");
  expect_mistake(post(R"({"service":"s3","answer":"reset"})"), "/service", "sts");
  expect_mistake(post(R"({"service":"sts","answer":"explode"})"), "/answer", "server_error");
  expect_mistake(post(R"({"service":"sts","answer":{"status":200}})"), "/answer/status", "400");
  expect_mistake(post(R"([{"service":"sts","answer":"reset"},{"service":"sts","answer":"reset","share":2}])"),
                 "/1/share", "");
  EXPECT_TRUE(panther.world.faults.empty());
}

// ---- Journal. ----

TEST_F(Control, FiltersAndCountsTheJournal) {
  for (const char* address : {"8.8.8.8", "nonsense", "1.1.1.1", "8.8.4.4", "9.9.9.9"})
    static_cast<void>(look_up(address));
  clock.advance(std::chrono::seconds{10});
  static_cast<void>(look_up("8.8.8.8", "wrong"));
  const auto count = [this](const std::string& query) { return get("journal/count?" + query).body["count"]; };
  EXPECT_EQ(get("journal/count").body, Json::parse(R"({"count":6,"kept":6,"total":6})"));
  EXPECT_EQ(count("outcome=ok"), 3);
  EXPECT_EQ(count("outcome=throttled"), 1);
  EXPECT_EQ(count("status=400"), 1);
  EXPECT_EQ(count("code=WrongCredentialsError"), 1);
  EXPECT_EQ(count("service=virustotal&operation=ip_addresses"), 6);
  EXPECT_EQ(count("operation=virustotal:ip_addresses"), 6);
  EXPECT_EQ(count("operation=addresses"), 0);
  EXPECT_EQ(count("service=sts"), 0);
  EXPECT_EQ(count("key=virustotal-key"), 5);
  EXPECT_EQ(count("account=nobody"), 0);
  EXPECT_EQ(count("detection=Some%20Rule"), 0);
  EXPECT_EQ(count("stubbed=true"), 0);
  EXPECT_EQ(count("since=5s"), 1);
  EXPECT_EQ(count("since=2026-03-02T00:00:10Z"), 1);
  EXPECT_EQ(count("since=1000000h"), 6) << "before time began";
  const Json last = get("journal?outcome=ok&limit=2").body;
  EXPECT_EQ(last["count"], 2);
  EXPECT_EQ(last["calls"][1]["at"], "2026-03-02T00:00:00.000000000Z");
  EXPECT_EQ(last["total"], 6);
}

TEST_F(Control, TellsTheJournalALineACall) {
  for (const char* address : {"8.8.8.8", "nonsense"}) static_cast<void>(look_up(address));
  const http::Response asked = send("GET", "/_rushhour/journal?format=ndjson");
  EXPECT_EQ(*asked.header("Content-Type"), "application/x-ndjson");
  const std::size_t end = asked.body.find('\n');
  EXPECT_EQ(Json::parse(asked.body.substr(0, end))["outcome"], "ok");
  EXPECT_EQ(Json::parse(asked.body.substr(end + 1))["outcome"], "invalid");
  EXPECT_EQ(send("GET", "/_rushhour/journal", {}, {{"Accept", "application/x-ndjson"}}).body, asked.body);
}

TEST_F(Control, RefusesAJournalQueryThatMeansNothing) {
  for (const char* query : {"outcome=fine", "service=s3", "status=ok", "since=yesterday", "limit=-1",
                            "operation=", "stubbed=1", "format=xml", "top=1"}) {
    const Answer answer = get(std::string{"journal?"} + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.body["error"]["saw"], query);
    EXPECT_THAT(answer.body["error"]["expected"].get<std::string>(), HasSubstr("outcome=throttled"));
  }
}

// ---- Keys, verdicts and limits. ----

TEST_F(Control, ListsKeysWithTheirQuotasAndKeepsThemToItself) {
  static_cast<void>(look_up("8.8.8.8"));
  const Json key = get("keys").body["keys"][0];
  EXPECT_EQ(key["name"], "virustotal-key");
  EXPECT_EQ(key["key"], "4f2c...5f1a");
  EXPECT_EQ(key["kind"], "public");
  EXPECT_EQ(key["quota"][0], Json::parse(R"({"window":"minute","rate":"4 per 1m","limit":4,"burst":4,
      "remaining":3,"used":1})"));
  EXPECT_EQ(key["quota"][1]["window"], "day");
  EXPECT_EQ(key["quota"][1]["resets_at"], "2026-03-03T00:00:00Z");
  EXPECT_EQ(key["quota"][2]["resets_at"], "2026-04-01T00:00:00Z");
  EXPECT_EQ(get("keys?reveal=virustotal-key").body["keys"][0]["key"], PantherWorldOptions{}.api_key);
  EXPECT_EQ(get("keys?reveal=all").body["keys"][0]["key"], PantherWorldOptions{}.api_key);
  EXPECT_EQ(get("keys?reveal=other").body["keys"][0]["key"], "4f2c...5f1a");
  EXPECT_EQ(get("keys?show=all").status, 400);
}

TEST_F(Control, AddsChangesAndRemovesKeys) {
  const Answer added = ask("POST", "keys", R"({"name":"team b","quota":{"minute":2}})");
  EXPECT_EQ(added.status, 200) << added.body;
  const std::string key = added.body["key"]["key"];
  EXPECT_EQ(key.size(), 64U) << "told whole, because it was drawn";
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 429);
  const Answer changed = ask("PUT", "keys/team%20b", R"({"quota":{"minute":5,"day":9}})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.body["key"]["quota"][1]["limit"], 9);
  EXPECT_THAT(changed.body["key"]["key"].get<std::string>(), Not(key));
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200) << "full again";
  EXPECT_EQ(ask("DELETE", "keys/team%20b").status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 401);
  EXPECT_EQ(get("limits").body["count"], 0) << "and its limiters are gone";
  EXPECT_EQ(ask("DELETE", "keys/team%20b").status, 404);
  EXPECT_EQ(ask("PUT", "keys/team%20b", R"({"quota":"public"})").status, 404);
}

TEST_F(Control, KeysBelongToGroupsAndHaveUsedSomething) {
  panther.world.virustotal.add_group(
      {.name = "company", .quota = limit::profiles::virustotal_premium({.minute = 3})});
  clock.advance(std::chrono::days{40});  // `used` is of the day and month in which it is said
  const Answer added =
      ask("POST", "keys", R"({"name":"b","used":{"day":498,"month":600},"group":"company"})");
  ASSERT_EQ(added.status, 200) << added.body;
  EXPECT_EQ(added.body["key"]["group"], "company");
  EXPECT_EQ(added.body["key"]["quota"][1]["used"], 498);
  EXPECT_EQ(added.body["key"]["quota"][2]["used"], 600);
  const std::string key = added.body["key"]["key"];
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 429) << "the day";
  EXPECT_EQ(ask("PUT", "keys/b", R"({"used":{"day":0}})").body["key"]["quota"][1]["used"], 0);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200);
  EXPECT_EQ(look_up("8.8.8.8", key).status, 429) << "the group's minute, which counted all three";
  const Answer left = ask("PUT", "keys/b", R"({"group":""})");
  EXPECT_FALSE(left.body["key"].contains("group")) << left.body;
  EXPECT_EQ(look_up("8.8.8.8", key).status, 200) << "and no longer the group's";
}

TEST_F(Control, RefusesGroupsThatAreNotThereAndMoreUsedThanThereIs) {
  const Json nowhere = ask("POST", "keys", R"({"name":"b","group":"company"})").body["error"];
  EXPECT_EQ(nowhere["message"], "there is no such group");
  EXPECT_THAT(nowhere["expected"].get<std::string>(), HasSubstr("state file"));
  panther.world.virustotal.add_group({.name = "company"});
  EXPECT_EQ(ask("PUT", "keys/virustotal-key", R"({"group":"other"})").body["error"]["expected"],
            "one of company");
  EXPECT_EQ(panther.world.virustotal.keys().size(), 1U);
  expect_mistake(ask("POST", "keys", R"({"name":"b","used":{"day":501}})"), "/used", "500");
  expect_mistake(ask("POST", "keys", R"({"name":"b","used":{"minute":1}})"), "/used/minute", "known key");
  expect_mistake(ask("PUT", "keys/virustotal-key", "{}"), "line 1", "used");
}

TEST_F(Control, RefusesKeysThatAreThereOrCannotBeRead) {
  EXPECT_EQ(ask("POST", "keys", R"({"name":"virustotal-key"})").status, 409);
  EXPECT_EQ(ask("POST", "keys", R"({"name":"x","key":")" + PantherWorldOptions{}.api_key + "\"}").status,
            409);
  expect_mistake(ask("POST", "keys", "{}"), "line 1", "name");
  expect_mistake(ask("POST", "keys", R"({"name":"group:a"})"), "/name", "group:");
  expect_mistake(ask("POST", "keys", R"({"name":"a","quota":{"minute":0}})"), "/quota/minute", "1");
  expect_mistake(ask("POST", "keys", R"({"name":"a","quota":{"minute":1000000000}})"), "/quota/minute",
                 "16777216");
  expect_mistake(ask("POST", "keys", R"({"name":"a","qouta":"public"})"), "/qouta", "known key");
  expect_mistake(ask("PUT", "keys/virustotal-key", R"({"quota":"private"})"), "/quota", "public");
  EXPECT_EQ(panther.world.virustotal.keys().size(), 1U);
}

TEST_F(Control, RefusesMoreFaultsAndKeysThanAnybodyMeans) {
  std::string faults = "[";
  for (int i = 0; i < 1'000; ++i) faults += R"({"service":"sts","answer":"reset"},)";
  faults.back() = ']';
  EXPECT_EQ(ask("POST", "faults", faults).status, 200);
  EXPECT_EQ(ask("POST", "faults", R"({"service":"sts","answer":"reset"})").status, 409);
  for (int i = 1; i < 1'000; ++i) {
    ASSERT_EQ(ask("POST", "keys", R"({"name":")" + std::to_string(i) + "\"}").status, 200);
  }
  EXPECT_EQ(ask("POST", "keys", R"({"name":"one more"})").status, 409);
}

TEST_F(Control, SetsVerdicts) {
  EXPECT_EQ(ask("POST", "verdicts", R"({"address":"203.0.113.7","malicious":12,"harmless":60})").status, 200);
  const Json stats = Json::parse(look_up("203.0.113.7").body)["data"]["attributes"]["last_analysis_stats"];
  EXPECT_EQ(stats["malicious"], 12);
  EXPECT_EQ(stats["harmless"], 60);
  EXPECT_EQ(stats["suspicious"], 0);
  expect_mistake(ask("POST", "verdicts", R"({"address":"host"})"), "/address", "IPv4");
  expect_mistake(ask("POST", "verdicts", R"({"address":"8.8.8.8","malicious":-1})"), "/malicious", "0");
}

TEST_F(Control, ShowsTheLimitersThatCallsHaveReached) {
  EXPECT_EQ(get("limits").body["limits"], Json::array());
  for (int i = 0; i < 5; ++i) static_cast<void>(look_up("8.8.8.8"));
  const Json limit = get("limits").body["limits"][0];
  EXPECT_EQ(limit["service"], "virustotal");
  EXPECT_EQ(limit["account"], "virustotal-key");
  EXPECT_EQ(limit["levels"][0]["remaining"], 0);
  EXPECT_EQ(limit["levels"][1]["remaining"], 496);
  EXPECT_EQ(limit["admits"], false);
  EXPECT_EQ(limit["next_admission"], "2026-03-02T00:01:00.000000000Z");
  clock.advance(std::chrono::minutes{1});
  EXPECT_EQ(get("limits").body["limits"][0]["admits"], true);
}

// ---- The page, and what it draws. ----

TEST_F(Control, CountsTheCallsOfTheLastSeconds) {
  for (int i = 0; i < 5; ++i) static_cast<void>(look_up("8.8.8.8"));
  clock.advance(std::chrono::seconds{3});
  static_cast<void>(look_up("8.8.8.8", "wrong"));
  const Json live = get("live").body;
  EXPECT_EQ(live["format"], "rushhour.live/1");
  EXPECT_EQ(live["total"], 6);
  const Json& virustotal = live["services"][2];
  EXPECT_EQ(virustotal["service"], "virustotal");
  EXPECT_EQ(virustotal["seconds"].size(), 120U);
  EXPECT_EQ(virustotal["seconds"][119], Json::array({0, 0, 1}));
  EXPECT_EQ(virustotal["seconds"][116], Json::array({4, 1, 0}));
  EXPECT_EQ(virustotal["seconds"][117], Json::array({0, 0, 0}));
  EXPECT_EQ(virustotal["total"], Json::parse(R"({"ok":4,"throttled":1,"failed":1})"));
  EXPECT_EQ(virustotal["lines"][0], Json::parse(R"({"limit":4,"window_ms":60000,"whose":"virustotal-key"})"));
  EXPECT_EQ(live["services"][0]["lines"][0]["limit"], 600);
  EXPECT_EQ(live["services"][1]["lines"][0]["limit"], 10'000);
  EXPECT_EQ(live["calls"][0]["outcome"], "denied") << "newest first";
  EXPECT_EQ(live["keys"][0]["quota"][0]["remaining"], 0);
  clock.advance(std::chrono::hours{1});
  EXPECT_EQ(get("live").body["services"][2]["seconds"][119], Json::array({0, 0, 0}));
  ask("POST", "reset");
  EXPECT_EQ(get("live").body["services"][2]["total"], Json::parse(R"({"ok":0,"throttled":0,"failed":0})"));
}

TEST_F(Control, AResetRemovesStubsToo) {
  ask("POST", "stubs", R"({"answer":{}})");
  ask("POST", "reset");
  EXPECT_TRUE(stub_list.empty());
}

TEST_F(Control, GivesBrowsersThePageAndNobodyElse) {
  const http::Header wants{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"};
  const http::Response page = send("GET", "/", {}, {wants});
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(*page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, StartsWith("<!doctype html>"));
  EXPECT_EQ(send("GET", "/_rushhour/").body, page.body);
  EXPECT_EQ(panther.world.journal().total(), 0U);
  const auto is_page = [](const http::Response& response) { return response.body.starts_with("<!doctype"); };
  EXPECT_FALSE(is_page(send("GET", "/")));
  EXPECT_FALSE(is_page(send("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", {}, {wants})));
  EXPECT_FALSE(is_page(send("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", {wants})));
  EXPECT_FALSE(is_page(send("GET", "/", {}, {wants, {"Authorization", "AWS4-HMAC-SHA256 x"}})));
  EXPECT_EQ(panther.world.journal().total(), 4U) << "all of them reached a service";
}

TEST_F(Control, SaysWhatAWorldLacksThatIsNotServedWhole) {
  Admin bare{panther.world, door};
  for (const auto& [method, path] : {std::pair{"GET", "stubs"},
                                     {"POST", "stubs"},
                                     {"DELETE", "stubs"},
                                     {"DELETE", "stubs/1"},
                                     {"GET", "stubs/misses"},
                                     {"POST", "faults"},
                                     {"POST", "keys"},
                                     {"PUT", "keys/a"},
                                     {"POST", "verdicts"}}) {
    const http::Response answer =
        bare.handle({.method = method, .target = std::string{"/_rushhour/"} + path, .body = "{}"}, gate);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_THAT(answer.body, HasSubstr("rushhour serve"));
  }
}

}  // namespace
}  // namespace rushhour::fakes
