#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/input_error.hpp>

#include "commands.hpp"

namespace rushhour::cli {

namespace {

using Json = nlohmann::ordered_json;

/// The wall clock or a still one, either of which can be advanced. Both begin at wall time.
class ServiceClock {
 public:
  explicit ServiceClock(bool is_virtual) : still_(real_.now()), is_virtual_(is_virtual) {}
  [[nodiscard]] const Clock& get() const {
    if (is_virtual_) return still_;
    return real_;
  }
  void advance(Duration length) { is_virtual_ ? still_.advance(length) : real_.advance(length); }

 private:
  RealClock real_;
  VirtualClock still_;
  bool is_virtual_;
};

Json credentials_json(const fakes::Session& session) {
  return {{"access_key_id", session.credentials.access_key_id},
          {"secret_access_key", session.credentials.secret_access_key},
          {"session_token", session.credentials.session_token},
          {"expiration", to_iso8601(session.expires)}};
}

/// Adds a role of the engine's account that may ask for the customer's role, which does not trust it.
std::string add_stranger(fakes::PantherWorld& panther) {
  return panther.world.iam.add_role(
      {.account = panther.world.iam.find(panther.engine_role_arn)->account_id,
       .name = "stranger",
       .trust_policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
                       R"({"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})",
       .policies = {R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",)"
                    R"("Resource":")" +
                    panther.customer_role_arn + R"("}]})"}});
}

/// Who can call, with credentials that are valid for 12 hours from `now`.
Json principals_json(fakes::PantherWorld& panther, const std::string& stranger_arn, Instant now) {
  const fakes::Session stranger =
      panther.world.iam.issue(*panther.world.iam.find(stranger_arn), "stranger", now, std::chrono::hours{12});
  return {{"detections-engine", credentials_json(panther.engine_session(now))},
          {"unit-tests", credentials_json(panther.unit_tests_session(now))},
          {"stranger", credentials_json(stranger)}};
}

Json announcement(const fakes::PantherWorld& panther, Json principals, std::uint16_t port) {
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  return {{"format", "rushhour.serve/1"},
          {"sts", url},
          {"secretsmanager", url},
          {"virustotal", url + "/api/v3"},
          {"admin", url + "/_rushhour"},
          {"region", panther.world.options.region},
          {"role_arn", panther.customer_role_arn},
          {"secret_id", panther.secret_name},
          {"secret_arn", panther.secret_arn},
          {"principals", std::move(principals)}};
}

std::unique_ptr<http::Server> listen(http::Service& service, const ServiceClock& clock, std::uint16_t port) {
  try {
    return std::make_unique<http::Server>(
        service, http::ServerOptions{.port = port, .clock = &clock.get(), .wall_time_for_signatures = true});
  } catch (const std::runtime_error& error) {
    throw InputError({.expected = "--port to name a free port",
                      .seen = error.what(),
                      .advice = "leave --port out and any free one is taken"});
  }
}

}  // namespace

int serve(const ServeCommand& command) {
  // Blocked before any thread starts, so that all inherit it and sigwait() below is who hears them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ServiceClock clock{command.clock == "virtual"};
  const Instant now = clock.get().now();
  fakes::PantherWorld panther{{.world = {.seed = command.seed, .start = now}}};
  fakes::FrontDoor door{panther.world};
  const std::string stranger_arn = add_stranger(panther);
  const auto principals = [&](Instant at) { return principals_json(panther, stranger_arn, at); };
  fakes::Admin admin{panther.world,
                     door,
                     {.advance = [&clock](Duration length) { clock.advance(length); },
                      .principals = [&](Instant at) { return principals(at).dump(); }}};
  const Json first_principals = principals(now);  // before anybody else can call
  const std::unique_ptr<http::Server> server = listen(admin, clock, command.port);
  std::printf("%s\n", announcement(panther, first_principals, server->port()).dump().c_str());
  std::fflush(stdout);

  int received = 0;
  sigwait(&signals, &received);
  server->stop();
  return exit_ok;
}

}  // namespace rushhour::cli
