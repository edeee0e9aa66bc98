// VirusTotal's answers as HTTP messages: statuses, headers and bodies as recorded, and how they are counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::fakes {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

class VirusTotalMessagesTest : public testing::Test {
 protected:
  explicit VirusTotalMessagesTest(PantherWorldOptions options = {}) : panther(std::move(options)) {}

  http::Response ask(std::string method, std::string target, std::string body = {},
                     http::Headers headers = {}) {
    headers.push_back({"X-Apikey", PantherWorldOptions{}.api_key});
    http::OpenGate gate{now};
    return door.handle({.method = std::move(method),
                        .target = std::move(target),
                        .headers = std::move(headers),
                        .body = std::move(body)},
                       gate);
  }
  static json body(const http::Response& response) { return json::parse(response.body); }

  PantherWorld panther;
  FrontDoor door{panther.world};
  Instant now{panther.world.options.start};
};

TEST_F(VirusTotalMessagesTest, AllSuccessesAre200WithTheRecordedHeaders) {
  const http::Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  for (const http::Response& response :
       {ask("GET", "/api/v3/domains/example.com"), ask("POST", "/api/v3/urls", "url=example.com", form),
        ask("POST", "/api/v3/domains/example.com/votes",
            R"({"data":{"type":"vote","attributes":{"verdict":"harmless"}}})")}) {
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(*response.header("Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(*response.header("Cache-Control"), "no-cache");
    EXPECT_EQ(*response.header("Server"), "Google Frontend");
    EXPECT_EQ(response.headers.size(), 5U) << "with X-Cloud-Trace-Context and Date";
  }
}

TEST_F(VirusTotalMessagesTest, ARefusalIsIndentedByFourAsRecorded) {
  EXPECT_EQ(ask("GET", "/api/v3/domains/xpressco.za").body,
            "{\n    \"error\": {\n        \"code\": \"InvalidArgumentError\",\n        \"message\": \"Domain "
            "\\\"xpressco.za\\\" is not a valid domain pattern\"\n    }\n}");
}

TEST_F(VirusTotalMessagesTest, AnObjectOnTheWireHasAllItsAttributes) {
  const json data = body(ask("GET", "/api/v3/ip_addresses/8.8.8.8"))["data"];
  EXPECT_TRUE(data["attributes"].contains("last_https_certificate"));
  EXPECT_TRUE(data["attributes"].contains("whois"));
  EXPECT_FALSE(data.contains("relationships"));
}

TEST_F(VirusTotalMessagesTest, AnUploadUrlReachesTheServerThatWasAsked) {
  const http::Headers host{{"Host", "127.0.0.1:8080"}};
  const std::string url = body(ask("GET", "/api/v3/files/upload_url", {}, host))["data"];
  ASSERT_TRUE(url.starts_with("http://127.0.0.1:8080/_ah/upload/")) << url;
  const http::Headers parts{{"Host", "127.0.0.1:8080"}, {"Content-Type", "multipart/form-data; boundary=x"}};
  const std::string content =
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\r\n--x--\r\n";
  const http::Response uploaded = ask("POST", url.substr(21), content, parts);
  EXPECT_EQ(uploaded.status, 200) << uploaded.body;
  EXPECT_EQ(body(uploaded)["data"]["type"], "analysis");
}

TEST_F(VirusTotalMessagesTest, AFileMayBeLongerThanOtherBodies) {
  const std::string content = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" +
                              std::string(std::size_t{2} << 20, 'a') + "\r\n--x--\r\n";
  const http::Headers parts{{"Content-Type", "multipart/form-data; boundary=x"}};
  EXPECT_EQ(ask("POST", "/api/v3/files", content, parts).status, 200);
  EXPECT_EQ(ask("POST", "/api/v3/urls", content, parts).status, 400);
}

TEST_F(VirusTotalMessagesTest, ABareObjectIsABadRequest) {
  const http::Response response =
      ask("POST", "/api/v3/domains/example.com/comments", R"({"type":"comment","attributes":{"text":"x"}})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(body(response)["error"]["code"], "BadRequestError");
}

TEST_F(VirusTotalMessagesTest, AnUnknownPathCostsNothing) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask("GET", "/api/v3/nothing/here").status, 404);
  EXPECT_EQ(ask("GET", "/api/v3/ip_addresses/8.8.8.8").status, 200);
}

TEST_F(VirusTotalMessagesTest, AQuotaSaysNotWhenToComeBack) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("GET", "/api/v3/ip_addresses/8.8.8.8").status, 200);
  const http::Response refused = ask("GET", "/api/v3/ip_addresses/8.8.8.8");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body.size(), 98U);
  EXPECT_EQ(refused.header("Retry-After"), nullptr);
}

PantherWorldOptions talkative() {
  PantherWorldOptions options;
  options.world.virustotal = {.takes_bare_objects = true, .retry_after = 60s};
  return options;
}

class TalkativeVirusTotalTest : public VirusTotalMessagesTest {
 protected:
  TalkativeVirusTotalTest() : VirusTotalMessagesTest(talkative()) {}
};

TEST_F(TalkativeVirusTotalTest, AQuotaMaySayWhenToComeBack) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("GET", "/api/v3/ip_addresses/8.8.8.8").status, 200);
  EXPECT_EQ(*ask("GET", "/api/v3/ip_addresses/8.8.8.8").header("Retry-After"), "60");
}

TEST_F(TalkativeVirusTotalTest, BareObjectsMayBeTaken) {
  EXPECT_EQ(
      ask("POST", "/api/v3/domains/example.com/comments", R"({"type":"comment","attributes":{"text":"x"}})")
          .status,
      200);
}

class CompressingVirusTotalTest : public VirusTotalMessagesTest {
 protected:
  bool is_compressed(const char* codings, const char* agent,
                     const char* target = "/api/v3/users/virustotal-key") {
    const http::Response response =
        ask("GET", target, {}, {{"Accept-Encoding", codings}, {"User-Agent", agent}});
    EXPECT_TRUE(json::accept(response.body)) << "in memory it is plain";
    EXPECT_EQ(response.header("Content-Encoding"), nullptr);
    return response.is_sent_as_gzip;
  }
};

TEST_F(CompressingVirusTotalTest, NobodyGetsGzipUnlessItIsSwitchedOn) {
  EXPECT_FALSE(is_compressed("gzip", "vtpy; gzip"));
}

TEST_F(CompressingVirusTotalTest, AgentsThatNameGzipAndTakeItGetIt) {
  panther.world.virustotal.set_compression(VirusTotalCompression::gzip_agents, false);
  EXPECT_TRUE(is_compressed("gzip", "vtpy; gzip"));
  EXPECT_FALSE(is_compressed("gzip", "python-requests/2.28.1"));
  EXPECT_FALSE(is_compressed("identity", "vtpy; gzip"));
}

TEST_F(CompressingVirusTotalTest, AnyAgentThatTakesItMayGetIt) {
  panther.world.virustotal.set_compression(VirusTotalCompression::any_agent, false);
  EXPECT_TRUE(is_compressed("gzip, deflate", "python-requests/2.28.1"));
  EXPECT_TRUE(is_compressed("gzip", "", "/api/v3/ip_addresses/999.1.2.3")) << "a refusal";
  EXPECT_TRUE(is_compressed("gzip", "", "/api/v3/nothing"));
  EXPECT_FALSE(is_compressed("", "vtpy; gzip"));
}

TEST_F(CompressingVirusTotalTest, QuotaErrorsComePlainUnlessThatIsSwitchedOnToo) {
  panther.world.virustotal.set_compression(VirusTotalCompression::any_agent, false);
  constexpr const char* address = "/api/v3/ip_addresses/8.8.8.8";
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(is_compressed("gzip", "", address));
  EXPECT_FALSE(is_compressed("gzip", "", address)) << "429";
  panther.world.virustotal.set_compression(VirusTotalCompression::any_agent, true);
  EXPECT_TRUE(is_compressed("gzip", "", address)) << "429";
}

TEST_F(CompressingVirusTotalTest, OtherServicesNeverCompress) {
  panther.world.virustotal.set_compression(VirusTotalCompression::any_agent, true);
  const http::Response sts = ask("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15",
                                 {{"Host", "sts.amazonaws.com"},
                                  {"Content-Type", "application/x-www-form-urlencoded"},
                                  {"Accept-Encoding", "gzip"}});
  EXPECT_EQ(sts.status, 403);
  EXPECT_FALSE(sts.is_sent_as_gzip);
}

TEST_F(VirusTotalMessagesTest, AnswersOf200AreTheUsageThatItTells) {
  std::uint64_t answered = 0;
  const char* const targets[] = {"/api/v3/ip_addresses/8.8.8.8", "/api/v3/ip_addresses/None",
                                 "/api/v3/domains/example.com",  "/api/v3/files/0",
                                 "/api/v3/users/virustotal-key", "/api/v3/files/upload_url"};
  for (int i = 0; i < 3'000; ++i) {
    now += 7s;
    const std::size_t kind = static_cast<std::size_t>(i) % std::size(targets);
    const bool is_ok = ask("GET", targets[kind]).status == 200;
    if (is_ok && kind != 4) ++answered;  // users are in no endpoint of api_usage
  }
  const json total = body(ask("GET", "/api/v3/users/virustotal-key/api_usage"))["data"]["total"];
  std::uint64_t told = 0;
  for (const auto& [name, count] : total.items()) told += count.get<std::uint64_t>();
  EXPECT_EQ(told, answered);
  EXPECT_EQ(total["file_upload_url"], 500);
}

}  // namespace
}  // namespace rushhour::fakes
