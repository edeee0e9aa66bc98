#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/address.hpp>
#include <rushhour/scenario/run.hpp>

// Records that real calls left in CloudTrail (account ids and addresses pseudonymised), replayed through a
// rule that looks for reads of secrets. They are no part of the project: RUSHHOUR_REAL_CLOUDTRAIL names their
// folder.

namespace {

using namespace rushhour;
using nlohmann::json;

/// What the rule should match, counted without any of the code under test but the classes' names.
struct Expected {
  std::uint64_t records{};
  std::map<std::string, std::uint64_t> matches_by_name{};
  std::map<AddressClass, std::uint64_t> matches_by_class{};
};

Expected count(const std::filesystem::path& folder) {
  Expected expected;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file{entry.path()};
    for (const json& record : json::parse(file)) {
      ++expected.records;
      const std::string name = record.at("eventName");
      if (name != "GetSecretValue" && name != "BatchGetSecretValue") continue;
      ++expected.matches_by_name[name];
      ++expected.matches_by_class[classify_address(record.value("sourceIPAddress", ""))];
    }
  }
  return expected;
}

std::unique_ptr<scenario::Run> replay(const std::string& folder) {
  const json scenario{{"seed", 1},
                      {"start", "2026-03-02T14:00:00Z"},
                      {"duration", "1h"},
                      {"traffic", {{"recorded", {folder}}, {"on_damage", "fatal"}}},
                      {"detections",
                       {{{"name", "secret-read"},
                         {"strategy", "alert_context_only"},
                         {"match", {{"event_names", {"GetSecretValue", "BatchGetSecretValue"}}}}}}},
                      {"world", {{"virustotal", {{"key", {{"minute", 1000}}}}}}},
                      {"budgets", {"detections.intact == 25", "detections.alerts == 1"}}};
  return scenario::run(scenario::parse_scenario(scenario.dump(), "real.json"));
}

TEST(RealCloudTrail, EverySecretReadAlertsAndEachAddressClassAnswersInItsWay) {
  const char* folder = std::getenv("RUSHHOUR_REAL_CLOUDTRAIL");
  if (folder == nullptr)
    GTEST_SKIP() << "set RUSHHOUR_REAL_CLOUDTRAIL to the folder of real records to run this";
  const Expected expected = count(folder);
  ASSERT_EQ(expected.records, 310u);
  ASSERT_EQ(expected.matches_by_name.at("GetSecretValue"), 20u);
  ASSERT_EQ(expected.matches_by_name.at("BatchGetSecretValue"), 5u);

  const auto run = replay(std::filesystem::absolute(folder).string());

  const sim::Outcomes& outcomes = run->result.detections.at(0);
  EXPECT_EQ(outcomes.events, expected.records);
  EXPECT_EQ(outcomes.matches, 25u);
  EXPECT_EQ(outcomes.alerts, 1u) << "all have one title, and come within the hour";
  EXPECT_TRUE(run->budgets_hold());

  // Pseudonymisation put most addresses into 240/4, which is reserved: VirusTotal answers 200 for these too,
  // with a clean report that costs quota. Public addresses get a real report; a malformed one would get 400
  // InvalidArgumentError, and its alert go out degraded, but none of the 25 has one.
  const std::map<AddressClass, std::uint64_t> by_class{{AddressClass::public_ipv4, 5},
                                                       {AddressClass::reserved_ipv4, 20}};
  EXPECT_EQ(expected.matches_by_class, by_class);
  EXPECT_EQ(outcomes.intact, 25u);
  EXPECT_EQ(outcomes.degraded, 0u);
  const measure::Meter* look_ups = run->meters->find("virustotal:ip_addresses");
  ASSERT_NE(look_ups, nullptr);
  EXPECT_EQ(look_ups->ok, 25u);
  EXPECT_EQ(look_ups->errors, 0u);
  const fakes::VirusTotal& virustotal = run->world->world.virustotal;
  EXPECT_EQ(virustotal.report("253.201.144.253")->tag, "reserved");
  EXPECT_FALSE(virustotal.report("88.223.251.255")->tag.has_value());
  EXPECT_FALSE(virustotal.report("1012.22.1.1").has_value());
  EXPECT_EQ(run->meters->find("sts:AssumeRole")->ok, 25u);
}

}  // namespace
