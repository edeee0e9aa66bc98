#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/gtest.hpp>

namespace rushhour::fakes {
namespace {

using api::virustotal::AnalysisStats;
using api::virustotal::GetIpAddress;
using api::virustotal::IpAddressReport;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

const std::string key = PantherWorldOptions{}.api_key;

class VirusTotalTest : public DetectionTest {
 protected:
  Result<IpAddressReport> look_up(const std::string& address, const std::string& with_key = key) {
    auto client = virustotal(with_key);
    return client(GetIpAddress{.ip = address});
  }
  void give_key(const std::string& text, std::vector<limit::Profile> quota) {
    world().virustotal.add_key({.key = text, .name = "name of " + text, .quota = std::move(quota)});
  }
};

// ---- Keys ----

TEST_F(VirusTotalTest, RefusesCallsWithoutAKeyOrWithAWrongOne) {
  const auto nothing = look_up("8.8.8.8", "");
  EXPECT_THAT(nothing, FailsWith("AuthenticationRequiredError", "X-Apikey header is missing"));
  EXPECT_EQ(nothing.failure().status, 401);
  const auto wrong = look_up("8.8.8.8", "wrong");
  EXPECT_THAT(wrong, FailsWith("WrongCredentialsError", "Wrong API key"));
  EXPECT_EQ(wrong.failure().status, 401);
}

TEST_F(VirusTotalTest, NeverWritesAKeyIntoTheJournal) {
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
  const JournalEntry entry = *calls().begin();
  EXPECT_EQ(entry.principal, "virustotal-key");
  EXPECT_EQ(entry.account, "virustotal-key");
  EXPECT_EQ(to_text(calls()).find(key), std::string::npos);
}

TEST_F(VirusTotalTest, DrawsAKeyThatIsOnlyNamedFromTheSeed) {
  world().virustotal.add_key({.name = "soc"});
  world().virustotal.add_key({.name = "lab"});
  const std::string soc = world().virustotal.find_key("soc")->key;
  EXPECT_EQ(soc.size(), 64U);
  EXPECT_NE(soc, world().virustotal.find_key("lab")->key);
  EXPECT_THAT(look_up("8.8.8.8", soc), Succeeds());
  EXPECT_EQ((*calls().begin()).account, "soc");
  World again{world().options};
  again.virustotal.add_key({.name = "soc"});
  EXPECT_EQ(again.virustotal.find_key("soc")->key, soc);
  EXPECT_EQ(world().virustotal.find_key("ir"), nullptr);
}

TEST_F(VirusTotalTest, TakesANewKeyOfAnOldNameInItsPlace) {
  world().virustotal.add_key({.key = "one", .name = "soc"});
  world().virustotal.add_key({.key = "two", .name = "soc"});
  EXPECT_THAT(look_up("8.8.8.8", "one"), FailsWith("WrongCredentialsError"));
  EXPECT_THAT(look_up("8.8.8.8", "two"), Succeeds());
  EXPECT_EQ(world().virustotal.keys().size(), 2U) << "with the bench's own";
}

TEST_F(VirusTotalTest, TellsTheTermsOfPublicKeysOnly) {
  EXPECT_THAT(std::string{world().virustotal.keys().front().terms()},
              HasSubstr("must not be used in commercial"));
  const VirusTotalKey premium{.name = "soc", .quota = limit::profiles::virustotal_premium({.minute = 60})};
  EXPECT_EQ(premium.terms(), "");
}

// ---- Quotas ----

TEST_F(VirusTotalTest, ChargesAKeyAndItsGroup) {
  world().virustotal.add_group({.name = "corp", .quota = limit::profiles::virustotal_premium({.day = 3})});
  world().virustotal.add_key({.key = "a", .name = "soc", .group = "corp"});
  world().virustotal.add_key({.key = "b", .name = "lab", .group = "corp"});
  for (const char* of : {"a", "b", "a"}) EXPECT_THAT(look_up("8.8.8.8", of), Succeeds());
  for (const char* of : {"a", "b"}) {
    EXPECT_THAT(look_up("8.8.8.8", of), FailsWith("QuotaExceededError", "Quota exceeded"));
  }
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds()) << "the bench's own key has no group";
  advance(24h);
  EXPECT_THAT(look_up("8.8.8.8", "b"), Succeeds());
}

TEST_F(VirusTotalTest, BeginsWithWhatWasUsedAlready) {
  world().virustotal.add_group({.name = "corp", .used = {.day = 499}});
  world().virustotal.add_key({.key = "a", .name = "soc", .used = {.day = 498}});
  world().virustotal.add_key({.key = "b", .name = "lab", .group = "corp"});
  for (int i = 0; i < 2; ++i) EXPECT_THAT(look_up("8.8.8.8", "a"), Succeeds());
  EXPECT_THAT(look_up("8.8.8.8", "a"), FailsWith("QuotaExceededError"));
  EXPECT_THAT(look_up("8.8.8.8", "b"), Succeeds());
  EXPECT_THAT(look_up("8.8.8.8", "b"), FailsWith("QuotaExceededError"));
  advance(24h);
  for (const char* of : {"a", "b"}) EXPECT_THAT(look_up("8.8.8.8", of), Succeeds()) << "on the next UTC day";
}

TEST_F(VirusTotalTest, AdmitsFourCallsInAnySixtySeconds) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
    advance(10s);
  }
  const auto refused = look_up("8.8.8.8");  // 40 s after the first
  EXPECT_THAT(refused, AllOf(FailsWith("QuotaExceededError", "Quota exceeded"), Throttled()));
  EXPECT_EQ(refused.failure().status, 429);
  advance(20s - 1ns);
  EXPECT_THAT(look_up("8.8.8.8"), Throttled());
  advance(1ns);  // 60 s after the first, 50 s after the second
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
  EXPECT_THAT(look_up("8.8.8.8"), Throttled());
}

TEST_F(VirusTotalTest, RefusedCallsCountForNothing) {
  for (int i = 0; i < 4; ++i) EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
  for (int i = 0; i < 59; ++i) {
    advance(1s);
    ASSERT_THAT(look_up("8.8.8.8"), Throttled());
  }
  advance(1s);
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
}

TEST_F(VirusTotalTest, AdmitsFiveHundredCallsADayAndStartsAgainAtMidnight) {
  advance(1h);
  for (int i = 0; i < 500; ++i) {
    ASSERT_THAT(look_up("8.8.8.8"), Succeeds()) << i;
    advance(15s);
  }
  EXPECT_THAT(look_up("8.8.8.8"), FailsWith("QuotaExceededError", "Quota exceeded"));
  clock.sleep_until(world().options.start + 24h - 1ns);
  EXPECT_THAT(look_up("8.8.8.8"), Throttled());
  advance(1ns);
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
}

TEST_F(VirusTotalTest, KeepsAQuotaForEachKey) {
  give_key("premium", limit::profiles::virustotal_premium({.minute = 10}));
  for (int i = 0; i < 4; ++i) EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
  EXPECT_THAT(look_up("8.8.8.8"), Throttled());
  for (int i = 0; i < 10; ++i) EXPECT_THAT(look_up("8.8.8.8", "premium"), Succeeds());
  EXPECT_THAT(look_up("8.8.8.8", "premium"), Throttled());
}

TEST_F(VirusTotalTest, CallsOfNobodyKnownAreChargedToNobody) {
  for (int i = 0; i < 10; ++i) EXPECT_THAT(look_up("8.8.8.8", "wrong"), FailsWith("WrongCredentialsError"));
  for (int i = 0; i < 4; ++i) EXPECT_THAT(look_up("8.8.8.8"), Succeeds());
}

TEST_F(VirusTotalTest, WhatIsNoAddressIsRefusedAndStillCharged) {
  const auto none = look_up("None");
  EXPECT_THAT(none, FailsWith("InvalidArgumentError", HasSubstr("\"None\"")));
  EXPECT_EQ(none.failure().status, 400);
  EXPECT_THAT(look_up("cloudtrail.amazonaws.com"), FailsWith("InvalidArgumentError"));
  EXPECT_THAT(look_up("10.0.0.07"), FailsWith("InvalidArgumentError"));
  const auto empty = look_up("");
  EXPECT_THAT(empty, FailsWith("NotFoundError"));
  EXPECT_EQ(empty.failure().status, 404);
  EXPECT_THAT(look_up("8.8.8.8"), Throttled());
}

// ---- Reports ----

TEST_F(VirusTotalTest, AnswersTheGuidesAddressWithTheGuidesExample) {
  const IpAddressReport report = look_up("35.216.199.51").value();
  EXPECT_EQ(report.asn, 15169);
  EXPECT_EQ(report.as_owner, "GOOGLE");
  EXPECT_EQ(report.country, "CH");
  EXPECT_EQ(report.regional_internet_registry, "RIPE NCC");
  EXPECT_EQ(report.network, "35.216.0.0/15");
  EXPECT_EQ(report.last_analysis_stats, (AnalysisStats{.harmless = 64, .malicious = 1, .undetected = 23}));
  EXPECT_EQ(report.last_analysis_date, Instant{1687579849s});
  EXPECT_EQ(report.whois_date, Instant{1687579885s});
  EXPECT_EQ(report.tag, std::nullopt);
}

TEST_F(VirusTotalTest, DerivesAReportFromAddressAndSeedAlone) {
  World same{{.seed = world().options.seed}};
  World other{{.seed = world().options.seed + 1}};
  int different = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const std::string address = address_text(Ipv4{0x08080000U + i});
    const auto report = world().virustotal.report(address);
    ASSERT_TRUE(report);
    EXPECT_EQ(report, world().virustotal.report(address)) << address;
    EXPECT_EQ(report, same.virustotal.report(address)) << address;
    if (report != other.virustotal.report(address)) ++different;
  }
  EXPECT_GT(different, 190) << "of 200, with another seed";
  // Asked in the opposite order, and after calls, the reports are the same.
  World backwards{{.seed = world().options.seed}};
  for (std::uint32_t i = 200; i-- > 0;) {
    const std::string address = address_text(Ipv4{0x08080000U + i});
    EXPECT_EQ(backwards.virustotal.report(address), world().virustotal.report(address));
  }
}

TEST_F(VirusTotalTest, OneAddressHasOneReportHoweverItIsWritten) {
  const auto canonical = world().virustotal.report("2607:f8b0:4004:800::200e");
  ASSERT_TRUE(canonical);
  EXPECT_EQ(canonical->address, "2607:f8b0:4004:800::200e");
  EXPECT_EQ(canonical->network, "2607:f8b0::/32");
  EXPECT_EQ(world().virustotal.report("2607:F8B0:4004:0800:0000:0000:0000:200E"), canonical);
  EXPECT_NE(world().virustotal.report("2607:f8b0:4004:800::200f"), canonical);
}

TEST_F(VirusTotalTest, CallsAPrivateAddressCleanAndChargesForIt) {
  for (const char* address : {"10.1.2.3", "192.168.0.1", "fe80::1", "127.0.0.1"}) {
    const IpAddressReport report = look_up(address).value();
    EXPECT_EQ(report.last_analysis_stats.malicious, 0) << address;
    EXPECT_EQ(report.asn, std::nullopt) << address;
    EXPECT_EQ(report.country, std::nullopt) << address;
    EXPECT_EQ(report.network, std::nullopt) << address;
    EXPECT_NE(report.tag, std::nullopt) << address;
  }
  EXPECT_EQ(world().virustotal.report("10.1.2.3")->tag, "private");
  EXPECT_THAT(look_up("10.1.2.3"), Throttled());
}

TEST_F(VirusTotalTest, AsksAsManyEnginesForEachAddressAndFindsOneInTenSuspect) {
  constexpr int addresses = 20'000;
  int malicious = 0;
  for (std::uint32_t i = 0; i < addresses; ++i) {
    const IpAddressReport report = *world().virustotal.report(address_text(Ipv4{0x2d000000U + i}));
    const AnalysisStats& stats = report.last_analysis_stats;
    ASSERT_EQ(stats.harmless + stats.malicious + stats.suspicious + stats.undetected + stats.timeout, 91);
    ASSERT_GE(stats.harmless, 0);
    ASSERT_LE(report.last_analysis_date, world().options.start);
    ASSERT_GT(report.last_analysis_date, world().options.start - 31 * 24h);
    if (stats.malicious > 0) ++malicious;
  }
  // 4 standard errors of a share of 1 in 10: sqrt(20,000 * 0.1 * 0.9) is 42.4.
  EXPECT_NEAR(malicious, addresses * 0.1, 170);
}

TEST_F(VirusTotalTest, AVerdictOfTheTestReplacesTheStatisticsOnly) {
  const IpAddressReport before = *world().virustotal.report("2607:f8b0::1");
  world().virustotal.set_verdict("2607:F8B0:0::1", {.malicious = 12});
  const IpAddressReport after = *world().virustotal.report("2607:f8b0::1");
  EXPECT_EQ(after.last_analysis_stats, (AnalysisStats{.malicious = 12}));
  EXPECT_EQ(after.as_owner, before.as_owner);
  world().virustotal.set_verdict("35.216.199.51", {.malicious = 90});
  EXPECT_THAT(look_up("35.216.199.51"),
              Succeeds(AllOf(Field(&IpAddressReport::last_analysis_stats, AnalysisStats{.malicious = 90}),
                             Field(&IpAddressReport::country, "CH"))));
}

TEST_F(VirusTotalTest, AReportOfTheTestReplacesEverything) {
  const IpAddressReport mine{.address = "8.8.8.8", .asn = 64496, .reputation = -50};
  world().virustotal.set_report(mine);
  EXPECT_THAT(look_up("8.8.8.8"), Succeeds(mine));
}

}  // namespace
}  // namespace rushhour::fakes
