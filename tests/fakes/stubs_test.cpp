#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/in_memory.hpp>
#include <rushhour/fakes/stubs.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/scenario/control.hpp>

namespace rushhour::fakes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Whether a stub with this match, in the words in which it is posted, answers the request.
bool fits(const std::string& match, const http::Request& request,
          api::Service service = api::Service::virustotal, std::string_view operation = {}) {
  Stubs stubs;
  for (Stub& stub : scenario::read_stubs(R"({"match":)" + match + R"(,"answer":{}})"))
    stubs.add(std::move(stub));
  return stubs.answer({.request = request, .service = service, .operation = operation}, Instant{}) != nullptr;
}

TEST(StubMatch, ComparesPathsExactlyByPrefixAndByPattern) {
  const http::Request request{.target = "/api/v3/ip_addresses/8.8.8.8?relationships=comments"};
  EXPECT_TRUE(fits(R"({"path":"/api/v3/ip_addresses/8.8.8.8"})", request));
  EXPECT_FALSE(fits(R"({"path":"/api/v3/ip_addresses/8.8.8"})", request));
  EXPECT_TRUE(fits(R"({"path":{"prefix":"/api/v3/"}})", request));
  EXPECT_FALSE(fits(R"({"path":{"prefix":"/api/v2/"}})", request));
  EXPECT_TRUE(fits(R"({"path":{"contains":"addresses"}})", request));
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/api/v3/*/8.8.*"}})", request));
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/**/8.8.8.?"}})", request));
  EXPECT_FALSE(fits(R"({"path":{"pattern":"/api/*"}})", request)) << "a star stays within a segment";
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/api/**"}})", request));
  EXPECT_TRUE(fits(R"({"path":"/a b"})", {.target = "/a%20b"})) << "paths are compared decoded";
  EXPECT_TRUE(fits(R"({"path":"/a%20b"})", {.target = "/a%20b"}));
}

TEST(StubMatch, GoesBackToTheRightStarOfAPattern) {
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/**/b*c"}})", {.target = "/x/bb/b/bbc"}));
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/*a*a"}})", {.target = "/baaba"}));
  EXPECT_FALSE(fits(R"({"path":{"pattern":"/*a*a"}})", {.target = "/ba/a"}));
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/**a*b/c"}})", {.target = "/a/ab/b/aab/c"}));
  EXPECT_TRUE(fits(R"({"path":{"pattern":"/**"}})", {.target = "/"}));
  EXPECT_FALSE(fits(R"({"path":{"pattern":"/?"}})", {.target = "//"}));
}

TEST(StubMatch, LooksAtServiceOperationHostAndMethod) {
  const http::Request request{
      .method = "POST", .target = "/", .headers = {{"Host", "STS.amazonaws.com:443"}}};
  EXPECT_TRUE(fits(R"({"service":"sts"})", request, api::Service::sts));
  EXPECT_FALSE(fits(R"({"service":"iam"})", request, api::Service::sts));
  EXPECT_TRUE(fits(R"({"operation":"AssumeRole"})", request, api::Service::sts, "AssumeRole"));
  EXPECT_FALSE(fits(R"({"operation":"AssumeRole"})", request, api::Service::sts, "GetCallerIdentity"));
  EXPECT_TRUE(fits(R"({"host":"sts.amazonaws.com"})", request));
  EXPECT_FALSE(fits(R"({"host":"iam.amazonaws.com"})", request));
  EXPECT_TRUE(fits(R"({"method":"post"})", request));
  EXPECT_FALSE(fits(R"({"method":"GET"})", request));
}

TEST(StubMatch, LooksAtQueryHeadersAndFormFields) {
  const http::Request request{.method = "POST",
                              .target = "/x?limit=10&tag=a&tag=b%20c",
                              .headers = {{"X-Tool", "wtfis"}},
                              .body = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam"};
  EXPECT_TRUE(fits(R"({"query":{"limit":"10","tag":"b c"}})", request)) << "one of several will do";
  EXPECT_FALSE(fits(R"({"query":{"limit":"1"}})", request));
  EXPECT_TRUE(fits(R"({"query":{"cursor":{"present":false},"limit":{"present":true}}})", request));
  EXPECT_FALSE(fits(R"({"query":{"limit":{"present":false}}})", request));
  EXPECT_TRUE(fits(R"({"headers":{"x-tool":{"prefix":"wt"}}})", request));
  EXPECT_FALSE(fits(R"({"headers":{"x-tool":"other"}})", request));
  EXPECT_TRUE(fits(R"({"form":{"RoleArn":"arn:aws:iam"}})", request));
  EXPECT_FALSE(fits(R"({"form":{"RoleArn":"arn:aws:sts"}})", request));
}

TEST(StubMatch, LooksAtABodyAsTextAndAsJsonThatMayHoldMore) {
  const http::Request request{.method = "POST",
                              .body = R"({"SecretId":"a","n":[1,{"b":2.0,"c":3}],"more":null})"};
  EXPECT_TRUE(fits(R"({"body":{"contains":"SecretId"}})", request));
  EXPECT_FALSE(fits(R"({"body":""})", request));
  EXPECT_TRUE(fits(R"({"json":{"SecretId":"a"}})", request));
  EXPECT_TRUE(fits(R"({"json":{"n":[1,{"b":2}]}})", request));
  EXPECT_FALSE(fits(R"({"json":{"n":[1]}})", request)) << "arrays have as many elements";
  EXPECT_FALSE(fits(R"({"json":{"SecretId":"b"}})", request));
  EXPECT_FALSE(fits(R"({"json":{}})", {.body = "no JSON"}));
}

class StubsTest : public testing::Test {
 protected:
  /// The status of the stub that answers; 0: none.
  int ask(std::string target, std::string body = {}) {
    const http::Request request{.target = std::move(target), .headers = {}, .body = std::move(body)};
    const StubAnswer* answer = stubs.answer({.request = request, .service = api::Service::virustotal}, now);
    return answer == nullptr ? 0 : answer->status;
  }
  std::uint64_t add(std::string_view json) {
    std::uint64_t id = 0;
    for (Stub& stub : scenario::read_stubs(json)) id = stubs.add(std::move(stub));
    return id;
  }

  Stubs stubs;
  Instant now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
};

TEST_F(StubsTest, TheLatestThatFitsAnswersWhereverItIsKept) {
  add(R"({"match":{"path":"/a"},"answer":{"status":201}})");
  EXPECT_EQ(ask("/a"), 201);
  const auto general = add(R"({"match":{"path":{"prefix":"/"}},"answer":{"status":202}})");
  EXPECT_EQ(ask("/a"), 202);
  add(R"({"match":{"path":"/a"},"answer":{"status":203}})");
  EXPECT_EQ(ask("/a"), 203);
  EXPECT_EQ(ask("/b"), 202);
  EXPECT_TRUE(stubs.remove(general));
  EXPECT_FALSE(stubs.remove(general));
  EXPECT_EQ(ask("/b"), 0);
  EXPECT_EQ(ask("/a"), 203);
}

TEST_F(StubsTest, AnswersInOrderAndStaysWithTheLast) {
  add(R"({"answers":[{"status":503},{"status":429},{"status":200}]})");
  EXPECT_EQ(ask("/"), 503);
  EXPECT_EQ(ask("/"), 429);
  EXPECT_EQ(ask("/"), 200);
  EXPECT_EQ(ask("/"), 200);
}

TEST_F(StubsTest, IsSpentAfterItsTimesAndTheNextOneFollows) {
  add(R"({"answer":{"status":200}})");
  add(R"({"answer":{"status":503},"times":2})");
  add(R"({"answers":[{"status":500},{"status":502}],"times":"once"})");
  std::vector<int> statuses;
  for (int i = 0; i < 6; ++i) statuses.push_back(ask("/"));
  EXPECT_THAT(statuses, ElementsAre(500, 502, 503, 503, 200, 200));
  const auto list = stubs.list();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[2].answered, 2U);
  EXPECT_TRUE(list[2].is_spent());
  EXPECT_FALSE(list[0].is_spent());
}

TEST_F(StubsTest, ExplainsTheNearestMiss) {
  add(R"({"name":"eight","match":{"method":"GET","path":"/api/v3/ip_addresses/8.8.8.8"},"answer":{}})");
  add(R"({"name":"secret","match":{"method":"POST","path":"/","json":{"SecretId":"a"}},"answer":{}})");
  EXPECT_EQ(ask("/api/v3/ip_addresses/8.8.4.4"), 0);
  const auto misses = stubs.misses();
  ASSERT_EQ(misses.size(), 1U);
  EXPECT_EQ(misses[0].at, now);
  EXPECT_EQ(misses[0].target, "/api/v3/ip_addresses/8.8.4.4");
  EXPECT_EQ(misses[0].name, "eight");
  EXPECT_THAT(misses[0].failed, ElementsAre(FailedCondition{"path", "\"/api/v3/ip_addresses/8.8.8.8\"",
                                                            "\"/api/v3/ip_addresses/8.8.4.4\""}));
}

TEST_F(StubsTest, ExplainsWhereJsonDiffersAndKeepsKeysToItself) {
  add(R"({"match":{"json":{"a":{"b":[1,2]}},"headers":{"x-apikey":"0123456789abcdef0123456789abcdef"}},"answer":{}})");
  const http::Request request{.headers = {{"x-apikey", "fedcba9876543210fedcba9876543210"}},
                              .body = R"({"a":{"b":[1,3],"c":0}})"};
  EXPECT_EQ(stubs.answer({.request = request}, now), nullptr);
  const auto misses = stubs.misses();
  ASSERT_EQ(misses.size(), 1U);
  EXPECT_THAT(misses[0].failed,
              ElementsAre(FailedCondition{"header x-apikey", "\"0123...cdef\"", "\"fedc...3210\""},
                          FailedCondition{"json /a/b/1", "2", "3"}));
}

TEST_F(StubsTest, ComparesJsonNoDeeperThanItsOwn) {
  add(R"({"match":{"json":{"a":[1]}},"answer":{}})");
  const std::string deep = std::string(400'000, '[') + std::string(400'000, ']');
  EXPECT_EQ(ask("/", R"({"a":)" + deep + "}"), 0);
  EXPECT_EQ(ask("/", deep), 0);
  EXPECT_EQ(ask("/", R"({"a":[[[[]]]]})"), 0);
  const auto misses = stubs.misses();
  ASSERT_EQ(misses.size(), 3U);
  EXPECT_THAT(misses[2].failed, ElementsAre(FailedCondition{"json /a/0", "1", "an array of 1"}));
}

TEST_F(StubsTest, ExplainsThatAStubWasSpent) {
  add(R"({"match":{"path":"/a"},"answer":{},"times":"once"})");
  EXPECT_EQ(ask("/a"), 200);
  EXPECT_EQ(ask("/a"), 0);
  const auto misses = stubs.misses();
  ASSERT_EQ(misses.size(), 1U);
  EXPECT_THAT(misses[0].failed,
              ElementsAre(FailedCondition{"times", "at most 1 requests", "1 before this one"}));
}

TEST_F(StubsTest, KeepsTheLastMissesOnly) {
  add(R"({"match":{"path":"/never"},"answer":{}})");
  for (int i = 0; i < 250; ++i) EXPECT_EQ(ask("/" + std::to_string(i), std::string(100'000, 'x')), 0);
  EXPECT_EQ(stubs.misses(1'000).size(), Stubs::misses_max);
  EXPECT_EQ(stubs.misses(2)[1].target, "/249");
  stubs.clear();
  EXPECT_THAT(stubs.misses(), IsEmpty());
  EXPECT_TRUE(stubs.empty());
}

TEST_F(StubsTest, FindsOneOfManyByItsPath) {
  for (int i = 0; i < 20'000; ++i) {
    stubs.add({.match = {.path = TextMatch{.text = "/ip_addresses/" + std::to_string(i)}},
               .answers = {{.status = 200 + i % 100}}});
  }
  // A walk over all of them for each of these would be 400 million conditions.
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(ask("/ip_addresses/" + std::to_string(i)), 200 + i % 100);
}

// ---- At the front door. ----

class StubbedDoor : public testing::Test {
 protected:
  void add(std::string_view json) {
    for (Stub& stub : scenario::read_stubs(json)) stubs.add(std::move(stub));
  }
  http::Response look_up(std::string_view address, std::string_view key = PantherWorldOptions{}.api_key) {
    http::OpenGate gate{panther.world.options.start};
    return door.handle({.target = "/api/v3/ip_addresses/" + std::string{address},
                        .headers = {{"Host", "www.virustotal.com"}, {"x-apikey", std::string{key}}}},
                       gate);
  }
  [[nodiscard]] std::uint64_t left() {
    World& world = panther.world;
    return world.virustotal.quotas()
        .find(*world.ledger.names().find("virustotal-key"), api::operation_of<api::virustotal::GetIpAddress>)
        ->remaining(world.options.start);
  }

  PantherWorld panther;
  Stubs stubs;
  FrontDoor door{panther.world, {.stubs = &stubs}};
};

TEST_F(StubbedDoor, AnswersInTheServicesPlace) {
  add(R"({"match":{"service":"virustotal","path":"/api/v3/ip_addresses/8.8.8.8"},
          "answer":{"status":202,"headers":{"X-Made":"up"},"json":{"data":[1, 2.50]},"delay":"2s"}})");
  const http::Response answer = look_up("8.8.8.8");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"data":[1,2.50]})");
  EXPECT_EQ(*answer.header("Content-Type"), "application/json");
  EXPECT_EQ(*answer.header("X-Made"), "up");
  EXPECT_EQ(answer.held_back, std::chrono::seconds{2});
  EXPECT_EQ(look_up("8.8.4.4").status, 200);
}

TEST_F(StubbedDoor, WordsAnErrorAsTheServiceDoes) {
  add(R"({"match":{"operation":"ip_addresses"},"answer":{"status":429,"error":{"code":"QuotaExceededError","message":"Quota exceeded"}}})");
  const http::Response stubbed = look_up("8.8.8.8");
  stubs.clear();
  for (int i = 0; i < 4; ++i) static_cast<void>(look_up("8.8.8.8"));
  const http::Response own = look_up("8.8.8.8");
  EXPECT_EQ(own.status, 429);
  EXPECT_EQ(stubbed.body, own.body);
  EXPECT_EQ(*stubbed.header("Server"), *own.header("Server"));
  EXPECT_EQ(panther.world.journal().calls().front().outcome, Outcome::throttled);
}

TEST_F(StubbedDoor, IsJournaledAndChargedAsTheRequestWouldHaveBeen) {
  add(R"({"match":{"path":{"prefix":"/api/v3/ip_addresses/"}},"answer":{"status":503}})");
  EXPECT_EQ(look_up("8.8.8.8").status, 503);
  const Calls calls = panther.world.calls();
  const Call call = panther.world.journal().calls().front();
  const Names& names = panther.world.ledger.names();
  EXPECT_EQ(names.text(call.operation), "virustotal:ip_addresses");
  EXPECT_EQ(names.text(call.account), "virustotal-key");
  EXPECT_EQ(call.status, 503);
  EXPECT_EQ(call.outcome, Outcome::server_error);
  EXPECT_TRUE(call.stubbed);
  EXPECT_EQ(left(), 3U);
}

TEST_F(StubbedDoor, AnswersBeyondTheQuotaAndWithoutAKey) {
  add(R"({"answer":{"status":200}})");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(look_up("8.8.8.8").status, 200);
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(look_up("8.8.8.8", "wrong").status, 200);
  const Call call = panther.world.journal().calls().back();
  EXPECT_EQ(call.account, Name{}) << "whose it is cannot be told";
  EXPECT_EQ(call.outcome, Outcome::ok);
  stubs.clear();
  EXPECT_EQ(look_up("8.8.8.8").status, 429) << "the stubbed calls count";
}

TEST_F(StubbedDoor, AnswersPathsThatTheServiceDoesNotHave) {
  add(R"({"match":{"path":"/api/v3/feeds/files/1"},"answer":{"body":"x"}})");
  http::OpenGate gate{panther.world.options.start};
  const http::Response answer = door.handle({.target = "/api/v3/feeds/files/1"}, gate);
  EXPECT_EQ(answer.body, "x");
  const Call call = panther.world.journal().calls().front();
  EXPECT_EQ(panther.world.ledger.names().text(call.operation), "virustotal:unknown");
  EXPECT_EQ(call.outcome, Outcome::ok);
  EXPECT_TRUE(call.stubbed);
}

TEST_F(StubbedDoor, ComesBeforeFaultsAndLeavesNoMissForItsOwn) {
  panther.world.faults.add({.service = "virustotal", .failure = {.outcome = Outcome::reset}});
  add(R"({"match":{"path":"/api/v3/ip_addresses/8.8.8.8"},"answer":{}})");
  EXPECT_EQ(look_up("8.8.8.8").status, 200);
  EXPECT_EQ(look_up("8.8.4.4").status, 0);
  EXPECT_EQ(stubs.misses().size(), 1U);
}

}  // namespace
}  // namespace rushhour::fakes
