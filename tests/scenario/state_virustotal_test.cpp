// What a state file fixes of VirusTotal's objects, and what a mistake in it is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/state.hpp>

namespace rushhour::scenario {
namespace {

using testing::HasSubstr;

class VirusTotalStateTest : public testing::Test {
 protected:
  void load(const std::string& virustotal) {
    const Document document = parse_document(R"({"virustotal": )" + virustotal + "}", "x.json");
    static_cast<void>(load_state(document, world, world.options.start));
  }
  std::string mistake(const std::string& virustotal) {
    try {
      load(virustotal);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no mistake";
  }
  template <class Op>
  Result<typename Op::Output> call(const Op& request) {
    typename Op::Output output{};
    Failure failure;
    const api::Identity identity = api::ApiKey{"k"};
    if (!world.perform({api::operation_of<Op>, &request, &output, identity, {}, failure},
                       world.options.start))
      return failure;
    return output;
  }
  void SetUp() override { world.virustotal.add_key({.key = "k", .name = "soc"}); }

  fakes::World world;
};

TEST_F(VirusTotalStateTest, FixesVerdictsOfAllFourTypes) {
  load(R"({"addresses": [{"address": "203.0.113.7", "malicious": 12, "tags": ["tor"], "reputation": -5}],
           "domains": [{"name": "Example.com", "malicious": 3, "suspicious": 1}],
           "urls": [{"url": "http://example.com", "malicious": 0}],
           "files": [{"hash": "00000000000000000000000000000001", "malicious": 40}]})");
  const auto address = call(api::virustotal::GetIpAddress{.ip = "203.0.113.7"}).value();
  EXPECT_EQ(address.last_analysis_stats.malicious, 12);
  EXPECT_EQ(address.reputation, -5);
  EXPECT_EQ(address.tag, "tor");
  const auto domain = call(api::virustotal::GetDomain{.domain = "example.com"}).value();
  EXPECT_EQ(domain.last_analysis_stats.malicious, 3);
  EXPECT_EQ(domain.last_analysis_stats.suspicious, 1);
  const auto file = call(api::virustotal::GetFile{.hash = "00000000000000000000000000000001"}).value();
  EXPECT_EQ(file.last_analysis_stats.malicious, 40);
}

TEST_F(VirusTotalStateTest, FixesWhatIsUnknown) {
  load(R"({"domains": [{"name": "example.com", "unknown": true}]})");
  EXPECT_EQ(call(api::virustotal::GetDomain{.domain = "example.com"}).outcome(), Outcome::not_found);
}

TEST_F(VirusTotalStateTest, SwitchesCompressionOn) {
  load(R"({"addresses": []})");
  EXPECT_EQ(world.virustotal.options().compression, fakes::VirusTotalCompression::none);
  load(R"({"compression": "gzip_agents", "compresses_quota_errors": true})");
  EXPECT_EQ(world.virustotal.options().compression, fakes::VirusTotalCompression::gzip_agents);
  EXPECT_TRUE(world.virustotal.options().compresses_quota_errors);
  load(R"({"compression": "any_agent"})");
  EXPECT_EQ(world.virustotal.options().compression, fakes::VirusTotalCompression::any_agent);
  EXPECT_THAT(mistake(R"({"compression": "gzip"})"), HasSubstr("at /virustotal/compression"));
}

TEST_F(VirusTotalStateTest, KeysShareAGroupsQuotaAndHaveUsedSomething) {
  const Document document = parse_document(R"({
    "virustotal_groups": [{"name": "company", "quota": {"minute": 3, "day": 10}, "used": {"day": 8}}],
    "virustotal_keys": [{"name": "a", "key": "a", "group": "company", "used": {"day": 499}},
                        {"name": "b", "key": "b", "group": "company"}]})",
                                           "x.json");
  const Instant later = world.options.start + std::chrono::days{3};  // of that day
  static_cast<void>(load_state(document, world, later));
  const auto outcome = [&](const char* key) {
    const api::virustotal::GetIpAddress request{.ip = "8.8.8.8"};
    api::virustotal::GetIpAddress::Output output{};
    Failure failure{.outcome = Outcome::ok};
    const api::Identity identity = api::ApiKey{key};
    const auto& operation = api::operation_of<api::virustotal::GetIpAddress>;
    static_cast<void>(world.perform({operation, &request, &output, identity, {}, failure}, later));
    return failure.outcome;
  };
  EXPECT_EQ(outcome("a"), Outcome::ok);
  EXPECT_EQ(outcome("a"), Outcome::throttled) << "its own day";
  EXPECT_EQ(outcome("b"), Outcome::ok);
  EXPECT_EQ(outcome("b"), Outcome::throttled) << "the group's day";
}

TEST_F(VirusTotalStateTest, SaysWhichGroupsThereAre) {
  const auto say = [&](const char* text) {
    try {
      static_cast<void>(load_state(parse_document(text, "x.json"), world, world.options.start));
    } catch (const InputError& error) {
      return std::string{error.what()};
    }
    return std::string{"no mistake"};
  };
  EXPECT_THAT(say(R"({"virustotal_keys": [{"name": "a", "group": "company"}]})"),
              HasSubstr("at /virustotal_keys/0/group: expected no group, for there are no "
                        "\"virustotal_groups\""));
  EXPECT_THAT(say(R"({"virustotal_groups": [{"name": "company"}],
                      "virustotal_keys": [{"name": "a", "group": "companny"}]})"),
              HasSubstr("did you mean \"company\"?"));
  EXPECT_THAT(say(R"({"virustotal_groups": [{"name": "company"}]})"),
              HasSubstr("at /virustotal_groups/0/name: expected a name that no other group has"));
}

TEST_F(VirusTotalStateTest, SaysWhatIsNoSuchObject) {
  EXPECT_THAT(mistake(R"({"addresses": [{"address": "999.1.2.3"}]})"),
              HasSubstr("at /virustotal/addresses/0/address: expected an IPv4 or IPv6 address"));
  EXPECT_THAT(mistake(R"({"domains": [{"name": "localhost"}]})"), HasSubstr("at /virustotal/domains/0/name"));
  EXPECT_THAT(mistake(R"({"urls": [{"url": "junk"}]})"), HasSubstr("at /virustotal/urls/0/url"));
  EXPECT_THAT(mistake(R"({"files": [{"hash": "0123"}]})"), HasSubstr("at /virustotal/files/0/hash"));
  EXPECT_THAT(mistake(R"({"files": [{"hash": "00000000000000000000000000000001", "malicious": 101}]})"),
              HasSubstr("at /virustotal/files/0/malicious"));
  EXPECT_THAT(mistake(R"({"adresses": []})"), HasSubstr("did you mean \"addresses\"?"));
}

}  // namespace
}  // namespace rushhour::scenario
