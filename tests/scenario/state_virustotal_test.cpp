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
