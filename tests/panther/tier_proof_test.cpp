#include <rushhour/panther/tier_proof.hpp>

#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/fault.hpp>
#include <rushhour/limit/profiles.hpp>

#include "clients_fixture.hpp"

namespace rushhour::panther {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class HttpServed final : public ServedPort {
 public:
  HttpServed(http::Service& service, const Clock& clock) : server_(service, {.clock = &clock}) {}
  [[nodiscard]] std::uint16_t port() const override { return server_.port(); }

 private:
  http::Server server_;
};

class TierProofTest : public ::testing::Test {
 protected:
  TierProofTest() : thread(test_host()), clients(thread) {
    options.serve = [](http::Service& service, const Clock& clock) {
      return std::make_unique<HttpServed>(service, clock);
    };
    options.make_policy = [](api::Service service) {
      return retry::make("legacy", {.service = std::string{to_text(service)}});
    };
    options.make_world = [this] {
      auto world = std::make_unique<fakes::PantherWorld>();
      role = world->customer_role_arn;
      if (set_up) set_up(*world);
      return world;
    };
    for (const api::Service service :
         {api::Service::sts, api::Service::secretsmanager, api::Service::virustotal}) {
      options.latencies.set(service, {.kind = api::Latency::Kind::exponential, .low = 5ms, .high = 40ms});
    }
    options.timeouts = {60s, 60s, std::nullopt};
  }

  TierComparison compare(const std::string& rule, const std::string& each_tier = {}) {
    TierProof proof{clients, options};
    const Instant at = fakes::WorldOptions{}.start + 5h;
    return proof.compare(test_host(), at, 12, [&](ClientTier tier) {
      std::string source = guide + rule + (tier == ClientTier::http ? each_tier : "");
      for (std::size_t found = source.find("ROLE"); found != std::string::npos; found = source.find("ROLE"))
        source.replace(found, 4, "'" + role + "'");
      return call(module_of(source), "rule");
    });
  }

  std::string role;
  std::function<void(fakes::PantherWorld&)> set_up;
  PythonThread thread;
  Clients clients;
  TierProofOptions options;
};

const std::string naive = "\ndef rule():\n    return report('8.8.8.8').json()['data']['attributes']\n";

TEST_F(TierProofTest, FindsTheThreeTiersEqual) {
  const TierComparison comparison = compare(naive);
  EXPECT_THAT(comparison.differences, IsEmpty());
  ASSERT_THAT(comparison.tiers, SizeIs(3));
  EXPECT_THAT(comparison.tiers[0].calls,
              ElementsAre("sts:AssumeRole ok, attempt 1", "secretsmanager:GetSecretValue ok, attempt 1",
                          "virustotal:ip_addresses ok, attempt 1"));
  EXPECT_THAT(comparison.tiers[0].result, HasSubstr("'last_analysis_stats'"));
  EXPECT_GT(comparison.tiers[0].lasted, 15ms);
}

TEST_F(TierProofTest, FindsThemEqualWhereEveryServiceFails) {
  const Failure throttled{.outcome = Outcome::throttled,
                          .status = 400,
                          .code = "ThrottlingException",
                          .message = "Rate exceeded"};
  const Failure silence{.outcome = Outcome::timeout, .status = 0, .message = "silence"};
  const Failure broken{.outcome = Outcome::reset, .status = 0, .message = "broken"};
  const Failure unavailable{.outcome = Outcome::server_error, .status = 503, .code = "ServiceUnavailable"};
  for (const std::string service : {"sts", "secretsmanager", "virustotal"}) {
    for (const Failure& failure : {throttled, silence, broken, unavailable}) {
      if (service == "virustotal" && failure == silence) continue;  // requests would wait for ever
      set_up = [&](fakes::PantherWorld& world) {
        world.world.faults.add({.service = service, .share = {2, 3}, .failure = failure});
      };
      EXPECT_THAT(compare(naive).differences, IsEmpty()) << service << " " << to_text(failure);
    }
  }
}

TEST_F(TierProofTest, FindsThemEqualOnceQuotasAreUsedUp) {
  const TierComparison comparison = compare(R"(
def rule():
    key = get_stored_secret(get_aws_credentials(), "panther-secrets/virus-total")["SecretString"]
    url = "https://www.virustotal.com/api/v3/ip_addresses/8.8.8."
    return [requests.get(url + str(i), headers={"x-apikey": key}).status_code for i in range(8)]
)");
  EXPECT_THAT(comparison.differences, IsEmpty());
  EXPECT_EQ(comparison.tiers[0].result, "[200, 200, 200, 200, 429, 429, 429, 429]");
}

TEST_F(TierProofTest, SaysWhatDiffers) {
  const TierComparison comparison = compare(naive, R"(
def rule():
    get_aws_credentials()
    return report("9.9.9.9").status_code
)");
  EXPECT_THAT(
      comparison.differences,
      ElementsAre(::testing::StartsWith("http: it comes to 200; at the API level to {"),
                  "http: call 2 is sts:AssumeRole ok, attempt 1; at the API level it is "
                  "secretsmanager:GetSecretValue ok, attempt 1",
                  "http: 4 calls in all, retries included; at the API level 3",
                  "http: 4 calls, retries not counted; at the API level 3",
                  "http: 4 clients made; at the API level 3", ::testing::StartsWith("http: it takes ")));
}

TEST_F(TierProofTest, LeavesTheRouteAsItWas) {
  fakes::PantherWorld world;
  clients.set_route({.tier = ClientTier::http, .world = &world.world});
  static_cast<void>(compare(naive));
  EXPECT_EQ(clients.route().world, &world.world);
  EXPECT_EQ(clients.route().tier, ClientTier::http);
}

}  // namespace
}  // namespace rushhour::panther
