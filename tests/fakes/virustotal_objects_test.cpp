// What the fake of VirusTotal derives, and what tests change of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {
namespace {

using api::virustotal::AnalysisStats;
using nlohmann::json;

std::int64_t sum(const AnalysisStats& stats) {
  return stats.harmless + stats.malicious + stats.suspicious + stats.undetected + stats.timeout;
}

class VirusTotalObjectsTest : public testing::Test {
 protected:
  template <class Report>
  json attributes(const Report& report) {
    std::string text;
    const std::string beside = objects.beside(report);
    api::virustotal::append_attributes(text, report, beside);
    return json::parse(text);
  }
  static VirusTotalOptions options() { return {.report_date = WorldOptions{}.start}; }
  VirusTotalObjects objects{Random{7}, options()};
};

/// vt-py reads every attribute whose name ends in `date` as an epoch.
void expect_whole_dates(const json& attributes) {
  for (const auto& [name, value] : attributes.items()) {
    EXPECT_TRUE(!name.ends_with("date") || value.is_number_integer()) << name << ": " << value;
  }
}

void expect_results_as_counted(const json& attributes) {
  std::map<std::string, int> counted;
  for (const auto& [engine, result] : attributes["last_analysis_results"].items()) {
    EXPECT_EQ(result["engine_name"], engine);
    ++counted[result["category"].get<std::string>()];
  }
  for (const auto& [category, count] : attributes["last_analysis_stats"].items()) {
    EXPECT_EQ(counted[category], count.get<int>()) << category;
  }
}

TEST_F(VirusTotalObjectsTest, DerivesWholeObjectsOfAllFourTypes) {
  for (int i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i);
    const json address = attributes(*objects.address("93.184.216." + number));
    const json domain = attributes(*objects.domain("host" + number + ".example.com"));
    const json url = attributes(*objects.url(api::virustotal::url_id("http://a.com/" + number)));
    const json file = attributes(*objects.file(api::virustotal::md5_text(number)));
    for (const json* each : {&address, &domain, &url, &file}) {
      expect_whole_dates(*each);
      expect_results_as_counted(*each);
    }
    for (const char* name : {"jarm", "last_https_certificate", "whois", "network"})
      EXPECT_TRUE(address.contains(name));
    for (const char* name : {"categories", "last_dns_records", "popularity_ranks"})
      EXPECT_TRUE(domain.contains(name));
    for (const char* name : {"html_meta", "redirection_chain", "outgoing_links"})
      EXPECT_TRUE(url.contains(name));
    for (const char* name : {"ssdeep", "tlsh", "trid", "magic", "vhash"}) EXPECT_TRUE(file.contains(name));
    EXPECT_EQ(file.contains("popular_threat_classification"),
              file["last_analysis_stats"]["malicious"].get<int>() > 0);
  }
}

TEST_F(VirusTotalObjectsTest, APrivateAddressHasHardlyAnyAttributes) {
  const json address = attributes(*objects.address("10.0.0.2"));
  for (const char* name : {"jarm", "last_https_certificate", "whois", "network", "asn", "country"})
    EXPECT_FALSE(address.contains(name)) << name;
  EXPECT_EQ(address["tags"], json{"private"});
}

TEST_F(VirusTotalObjectsTest, IsTheSameForTheSameSeedInWhateverOrder) {
  VirusTotalObjects again{Random{7}, options()};
  const std::string md5 = api::virustotal::md5_text("x");
  const auto file = objects.file(md5);
  EXPECT_EQ(again.domain("b.com"), objects.domain("b.com"));
  EXPECT_EQ(again.file(md5), file);
  VirusTotalObjects other{Random{8}, options()};
  EXPECT_NE(other.file(md5)->sha256, file->sha256);
}

TEST_F(VirusTotalObjectsTest, KnowsTheTestFileOfAllScanners) {
  const auto eicar = objects.file("3395856ce81f2b7382dee72602f798b642f14140");
  ASSERT_TRUE(eicar);
  EXPECT_EQ(eicar->md5, "44d88612fea8a8f36de82e1278abb02f");
  EXPECT_EQ(eicar->sha256, "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f");
  EXPECT_EQ(eicar->size, 68);
  EXPECT_GE(eicar->last_analysis_stats.malicious, 20);
}

TEST_F(VirusTotalObjectsTest, AnOverrideKeepsTheNumberOfEngines) {
  const AnalysisStats before = objects.address("203.0.113.7")->last_analysis_stats;
  objects.change_address("203.0.113.7").malicious(12).suspicious(2);
  const AnalysisStats after = objects.address("203.0.113.7")->last_analysis_stats;
  EXPECT_EQ(after.malicious, 12);
  EXPECT_EQ(after.suspicious, 2);
  EXPECT_EQ(sum(after), sum(before));
  objects.change_address("203.0.113.7").clean();
  EXPECT_EQ(objects.address("203.0.113.7")->last_analysis_stats.malicious, 0);
  EXPECT_EQ(sum(objects.address("203.0.113.7")->last_analysis_stats), sum(before));
}

TEST_F(VirusTotalObjectsTest, MoreEnginesThanThereAreLeaveNoneToOthers) {
  objects.change_domain("example.com").malicious(500);
  const AnalysisStats stats = objects.domain("example.com")->last_analysis_stats;
  EXPECT_EQ(stats.harmless, 0);
  EXPECT_EQ(stats.undetected, 0);
}

TEST_F(VirusTotalObjectsTest, AnythingOfAReportCanBeChanged) {
  objects.change_file("44d88612fea8a8f36de82e1278abb02f").change([](auto& file) { file.size = 69; });
  EXPECT_EQ(objects.file("275A021BBFB6489E54D471899F7DB9D1663FC695EC2FE2A2C4538AABF651FD0F")->size, 69);
}

TEST_F(VirusTotalObjectsTest, WhatIsUnknownIsKnownOnceItWasSubmitted) {
  objects.change_url("http://example.com/").unknown();
  EXPECT_EQ(objects.url(api::virustotal::url_id("http://example.com/")), std::nullopt);
  EXPECT_EQ(objects.submit_url("http://example.com/").report().times_submitted, 0);
  EXPECT_NE(objects.url(api::virustotal::url_id("http://example.com/")), std::nullopt);
}

TEST_F(VirusTotalObjectsTest, AShareOfAllIsKnown) {
  VirusTotalOptions half = options();
  half.known_domains = {1, 2};
  VirusTotalObjects some{Random{7}, half};
  int known = 0;
  for (int i = 0; i < 1'000; ++i) known += some.domain("d" + std::to_string(i) + ".com") ? 1 : 0;
  EXPECT_NEAR(known, 500, 64);  // 4 standard errors
}

TEST_F(VirusTotalObjectsTest, RemembersNoMoreThanItMay) {
  VirusTotalOptions few = options();
  few.identities_max = 1;
  VirusTotalObjects some{Random{7}, few};
  const auto first = some.url(api::virustotal::url_id("http://a.com/"));
  const auto second = some.url(api::virustotal::url_id("http://b.com/"));
  EXPECT_NE(some.url(first->id), std::nullopt);
  EXPECT_EQ(some.url(second->id), std::nullopt);
}

}  // namespace
}  // namespace rushhour::fakes
