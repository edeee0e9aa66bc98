#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/gtest.hpp>

namespace rushhour::api::virustotal {
namespace {

using ::testing::Optional;
using namespace std::chrono_literals;

/// The report of the guide's example.
IpAddressReport example() {
  return {.address = "35.216.199.51",
          .asn = 15169,
          .as_owner = "GOOGLE",
          .country = "CH",
          .continent = "EU",
          .network = "35.216.0.0/15",
          .regional_internet_registry = "RIPE NCC",
          .last_analysis_stats =
              {.harmless = 64, .malicious = 1, .suspicious = 2, .undetected = 23, .timeout = 3},
          .last_analysis_date = Instant{1687579849s},
          .whois_date = Instant{1687579885s},
          .reputation = -1,
          .votes_harmless = 2,
          .votes_malicious = 5,
          .tag = "vpn"};
}

std::string answer_of(const IpAddressReport& report) {
  std::string out;
  append_answer(out, report);
  return out;
}

nlohmann::json parsed(const IpAddressReport& report) { return nlohmann::json::parse(answer_of(report)); }

TEST(VirusTotalJson, ReadsWhatItWrites) {
  EXPECT_THAT(read_answer(answer_of(example())), Optional(example()));
  const IpAddressReport bare{.address = "2607:f8b0::1"};
  EXPECT_THAT(read_answer(answer_of(bare)), Optional(bare));
}

TEST(VirusTotalJson, HasTheShapeOfAnIpAddressObject) {
  const nlohmann::json body = parsed(example());
  EXPECT_EQ(body["data"]["type"], "ip_address");
  EXPECT_EQ(body["data"]["id"], "35.216.199.51");
  EXPECT_EQ(body["data"]["links"]["self"], "https://www.virustotal.com/api/v3/ip_addresses/35.216.199.51");
  const nlohmann::json& attributes = body["data"]["attributes"];
  EXPECT_EQ(attributes["asn"], 15169);
  EXPECT_EQ(attributes["last_analysis_date"], 1687579849) << "an epoch in seconds, as clients insist";
  EXPECT_EQ(attributes["whois_date"], 1687579885);
  EXPECT_EQ(attributes["tags"], nlohmann::json::array({"vpn"}));
  EXPECT_EQ(attributes["total_votes"]["malicious"], 5);
}

TEST(VirusTotalJson, LeavesOutWhatIsAbsent) {
  const nlohmann::json attributes = parsed({.address = "10.0.0.1"})["data"]["attributes"];
  for (const char* name : {"asn", "as_owner", "country", "continent", "network", "whois_date"}) {
    EXPECT_FALSE(attributes.contains(name)) << name;
  }
  EXPECT_EQ(attributes["tags"], nlohmann::json::array());
}

TEST(VirusTotalJson, NamesAsManyEnginesAsTheStatisticsCount) {
  std::map<std::string, std::int64_t> counted;
  const nlohmann::json body = parsed(example());
  for (const auto& [engine, result] : body["data"]["attributes"]["last_analysis_results"].items()) {
    EXPECT_EQ(result["engine_name"], engine);
    EXPECT_EQ(result["method"], "blacklist");
    ++counted[result["category"].get<std::string>()];
  }
  EXPECT_EQ(counted,
            (std::map<std::string, std::int64_t>{
                {"harmless", 64}, {"malicious", 1}, {"suspicious", 2}, {"timeout", 3}, {"undetected", 23}}));
}

TEST(VirusTotalJson, IsTheSameBytesForTheSameReport) {
  EXPECT_EQ(answer_of(example()), answer_of(example()));
}

TEST(VirusTotalJson, ReadsNothingFromWhatIsNoIpAddressObject) {
  for (const char* text : {"", "{", "[]", "null", "17", "{}", R"({"data":null})", R"({"data":[]})",
                           R"({"data":{"type":"ip_address","id":"8.8.8.8"}})",
                           R"({"data":{"type":"domain","id":"a.b","attributes":{}}})",
                           R"({"error":{"code":"QuotaExceededError","message":"Quota exceeded"}})"}) {
    EXPECT_EQ(read_answer(text), std::nullopt) << text;
  }
}

TEST(VirusTotalJson, TakesAMemberOfAnotherKindForAbsent) {
  EXPECT_EQ(read_answer(R"({"data":{"type":7,"id":"8.8.8.8","attributes":{}}})"), std::nullopt);
  EXPECT_EQ(read_answer(R"({"data":{"type":"ip_address","id":"8.8.8.8","attributes":[]}})"), std::nullopt);
  const auto report = read_answer(R"({"data":{"type":"ip_address","id":7,"attributes":{
      "asn":"x","country":1,"last_analysis_date":"2023","last_analysis_stats":[],"total_votes":3,"tags":[1],
      "whois_date":1.5}}})");
  EXPECT_THAT(report, Optional(IpAddressReport{}));
}

TEST(VirusTotalJson, TakesADateThatNoInstantHoldsForAbsent) {
  const auto report = read_answer(R"({"data":{"type":"ip_address","id":"8.8.8.8","attributes":{
      "whois_date":9223372036854775807,"last_analysis_date":-9223372036854775808}}})");
  EXPECT_THAT(report, Optional(IpAddressReport{.address = "8.8.8.8"}));
}

}  // namespace
}  // namespace rushhour::api::virustotal
