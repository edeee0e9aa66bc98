#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/http/server.hpp>

#include "commands.hpp"
#include "interception.hpp"
#include "served.hpp"

namespace rushhour::cli {

namespace {

/// Until SIGTERM or SIGINT; meanwhile CloudTrail's files are written at their marks.
void wait_for_end(const sigset_t& signals, Served& served, http::Server& server) {
  constexpr timespec second{.tv_sec = 1, .tv_nsec = 0};
  if (!served.files) {
    int received = 0;
    sigwait(&signals, &received);
    return;
  }
  while (sigtimedwait(&signals, nullptr, &second) < 0) {
    const http::Gate::Entry entry = server.gate().enter();
    served.files->deliver(entry.now);
  }
}

/// One line of JSON for programs; and where it intercepts, lines for a shell in which such programs start.
void announce(const Served& served, const http::Server& server, const Interception* interception,
              Json principals) {
  const Json& engine = principals.at("detections-engine");
  const aws::Credentials credentials{.access_key_id = engine.at("access_key_id"),
                                     .secret_access_key = engine.at("secret_access_key"),
                                     .session_token = engine.at("session_token")};
  Json line = served.announcement(server.port(), std::move(principals));
  std::vector<http::Variable> variables;
  if (interception != nullptr) {
    variables = interception->environment(served.panther.world.options.region, credentials, false);
    Json environment = Json::object();
    for (const http::Variable& each : variables)
      environment[each.name] = each.value ? Json(*each.value) : Json{};
    line["intercept"] = {{"proxy", "http://127.0.0.1:" + std::to_string(interception->interceptor().port())},
                         {"ca", interception->ca_file()},
                         {"environment", std::move(environment)}};
  }
  std::printf("%s\n%s", line.dump().c_str(), http::shell_text(variables).c_str());
  std::fflush(stdout);
}

}  // namespace

int serve(const ServeCommand& command) {
  // Blocked before any thread starts, so that all inherit it and wait_for_end() is who hears them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  ServiceClock clock{command.clock == "virtual"};
  const Instant now = clock.get().now();
  Served served{command, now};
  fakes::Admin admin{served.panther.world, served.door, served.admin_options(clock)};
  Json first_principals = served.principals(now);  // before anybody else can call
  const std::unique_ptr<http::Server> server = listen(admin, clock, command.port);
  std::optional<Interception> interception;
  if (command.intercept) interception.emplace(admin, *server, command.ca);
  announce(served, *server, interception ? &*interception : nullptr, std::move(first_principals));

  wait_for_end(signals, served, *server);
  if (interception) interception->stop();
  server->stop();
  if (served.files) served.files->finish();
  return exit_ok;
}

}  // namespace rushhour::cli
