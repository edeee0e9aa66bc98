// Whole clients on every way in: they wait and try again, among faults of all kinds, and must see the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/signed_http.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/client.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/policies.hpp>

#include "../conformance/scene.hpp"

namespace rushhour::fakes {
namespace {

using conformance::failure;
using conformance::Scene;
using conformance::Way;

using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::sts::GetCallerIdentity;
using api::virustotal::GetIpAddress;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Moves the scene's clock as a simulation does: from outside the server's threads, inside the gate.
class SceneClock final : public Clock {
 public:
  explicit SceneClock(Scene& scene) : scene_(scene) {}
  [[nodiscard]] Instant now() const override { return scene_.now(); }
  void sleep_until(Instant instant) override {
    if (instant > now()) scene_.advance(instant - now());
  }

 private:
  Scene& scene_;
};

struct Passed {
  Duration time{};
  std::string outcomes{};
  std::string journal{};
  std::string digest{};
};

Passed pass_through_faults(Way way) {
  Scene scene{way, {}};
  {
    const Scene::Inside gate = scene.inside();
    Faults& faults = gate.panther.world.faults;
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::timeout}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::reset}});
    faults.add(
        {.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::ok}, .delay = milliseconds{700}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = {.outcome = Outcome::ok}, .delay = seconds{9}});
    faults.add({.service = "sts", .share = {1, 5}, .failure = failure(Outcome::server_error, 503, "X", "")});
  }
  SceneClock clock{scene};
  const Instant start = clock.now();
  const api::Timeouts timeouts{seconds{5}, std::nullopt, std::nullopt};
  const auto policy = retry::make("legacy", {.service = "sts"});
  api::Session session{
      .endpoint = &scene.endpoint(), .clock = &clock, .timeouts = &timeouts, .random = Stream{7}};
  api::Client sts{session, scene.engine(), *policy};
  Passed out;
  for (int i = 0; i < 100; ++i) {
    session.attribution = {.event = static_cast<std::uint64_t>(i) + 1, .function = Function::rule};
    out.outcomes += rushhour::to_text(sts(GetCallerIdentity{}).outcome());
    out.outcomes += ' ';
  }
  out.time = clock.now() - start;
  out.journal = scene.journal();
  out.digest = scene.inside()->world.ledger.digest().text();
  return out;
}

TEST(Clients, PassThroughFaultsAlikeOnEveryWayIn) {
  const Passed direct = pass_through_faults(Way::direct);
  EXPECT_GT(direct.time, seconds{300}) << "timeouts and back-off take their time";
  EXPECT_THAT(direct.journal, testing::HasSubstr("| timeout | rule"));
  for (const Way way : {Way::memory, Way::wire}) {
    const Passed other = pass_through_faults(way);
    EXPECT_EQ(other.time, direct.time) << to_text(way);
    EXPECT_EQ(other.outcomes, direct.outcomes) << to_text(way);
    EXPECT_EQ(other.journal, direct.journal) << to_text(way);
    EXPECT_EQ(other.digest, direct.digest) << to_text(way);
  }
}

// Threads of a server verify outside the gate and decide inside it: run under ThreadSanitizer too.
TEST(Wire, LosesNoCallOfManyClients) {
  constexpr int clients = 4;
  constexpr int rounds = 25;
  PantherWorld panther;
  panther.world.sts.quotas().replace({});
  VirtualClock clock{panther.world.options.start};
  FrontDoor door{panther.world};
  http::Server server{door, {.clock = &clock, .connections = clients}};
  const api::Identity engine = panther.engine_session(clock.now()).credentials;
  // One request alone first: Debian's libcpp-httplib is not instrumented, and ThreadSanitizer does not see
  // that the tables which its first request makes are made under a guard.
  static_cast<void>(http::Client{server.port()}.send({}));
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (int client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Names names;
      const api::Attribution attribution{.detection = names.intern("rule-" + std::to_string(client))};
      api::SignedHttp endpoint{server.port(), names};
      const auto call = [&]<class Op>(const Op& request, const api::Identity& identity,
                                      typename Op::Output& output) {
        Failure failure;
        if (!endpoint.perform({api::operation_of<Op>, &request, &output, identity, attribution, failure},
                              clock.now()))
          ++failures;
      };
      for (int i = 0; i < rounds; ++i) {
        AssumeRole::Output role;
        call(AssumeRole{.role_arn = panther.customer_role_arn, .role_session_name = "rule"}, engine, role);
        GetSecretValue::Output secret;
        call(GetSecretValue{.secret_id = panther.secret_name},
             aws::Credentials{role.credentials.access_key_id, role.credentials.secret_access_key,
                              role.credentials.session_token},
             secret);
        GetIpAddress::Output report;
        call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{secret.secret_string}, report);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  server.stop();
  EXPECT_EQ(panther.world.journal().total(), static_cast<std::uint64_t>(1 + 3 * clients * rounds));
  EXPECT_EQ(failures, clients * rounds - 4) << "all but the four look-ups that VirusTotal's quota allows";
}

// ---- To a client that is no simulation, a fault is done, not told ----

class RealClients : public testing::Test {
 protected:
  /// A look-up of an address, as curl sends it.
  [[nodiscard]] http::Request look_up() const {
    return {.target = "/api/v3/ip_addresses/8.8.8.8",
            .headers = {{"x-apikey", PantherWorldOptions{}.api_key}}};
  }
  void fail_once(Fault fault) {
    const http::Gate::Entry gate = server->gate().enter();
    fault.service = "virustotal";
    fault.from = clock.now();
    fault.lasting = seconds{1};
    panther.world.faults.add(std::move(fault));
  }
  /// After the fault's time.
  void go_on() {
    const http::Gate::Entry gate = server->gate().enter();
    clock.advance(seconds{1});
  }

  PantherWorld panther;
  VirtualClock clock{panther.world.options.start};
  FrontDoor door{panther.world};
  std::unique_ptr<http::Server> server =
      std::make_unique<http::Server>(door, http::ServerOptions{.clock = &clock, .connections = 2});
};

TEST_F(RealClients, WaitForAnAnswerThatNeverComes) {
  fail_once({.failure = {.outcome = Outcome::timeout, .message = "silence"}});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(http::Client(server->port(), {.answer_max = milliseconds{200}}).send(look_up()).status, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{200}) << "the connection stayed open";
  go_on();
  EXPECT_EQ(http::Client(server->port()).send(look_up()).status, 200);
  const http::Gate::Entry gate = server->gate().enter();
  EXPECT_EQ(panther.world.journal().calls().front().outcome, Outcome::timeout);
}

TEST_F(RealClients, WaitForAnAnswerThatComesLater) {
  fail_once({.failure = {.outcome = Outcome::ok}, .delay = milliseconds{100}});
  const auto begin = std::chrono::steady_clock::now();
  const http::Response response = http::Client(server->port()).send(look_up());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds{100});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header(api::delay_header), nullptr) << "it is done, not told";
}

TEST_F(RealClients, AreServedWhileAnotherWaits) {
  fail_once({.failure = {.outcome = Outcome::timeout}});
  std::thread waits{
      [this, port = server->port()] { EXPECT_EQ(http::Client(port).send(look_up()).status, 0); }};
  const auto calls = [this] {
    const http::Gate::Entry gate = server->gate().enter();
    return panther.world.journal().total();
  };
  while (calls() == 0) std::this_thread::yield();
  go_on();
  EXPECT_EQ(http::Client(server->port()).send(look_up()).status, 200);
  server->stop();  // ends the other's wait
  waits.join();
}

}  // namespace
}  // namespace rushhour::fakes
