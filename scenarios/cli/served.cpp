#include "served.hpp"

#include <stdexcept>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/control.hpp>

namespace rushhour::cli {

namespace {

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

/// `ID:SECRET`; a secret may have colons itself.
aws::Credentials read_admin_key(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string id = text.substr(0, colon);
  const bool is_id = aws::is_word(id) && id.size() >= 16 && id.size() <= 128;
  if (colon == std::string::npos || !is_id || colon + 1 == text.size()) {
    throw InputError({.expected = "--admin-key ID:SECRET, where ID has 16 to 128 letters and digits",
                      .seen = colon == std::string::npos ? "no colon" : "\"" + id + ":...\"",
                      .advice = "such as AKIARUSHHOUR00000001:any-secret"});
  }
  return {.access_key_id = id, .secret_access_key = text.substr(colon + 1), .session_token = {}};
}

/// Adds the administrator whom the command line asks for; its ARN.
std::string add_administrator(fakes::World& world, const std::string& account, const aws::Credentials& key) {
  if (!aws::is_account_id(account)) {
    throw InputError({.expected = "--admin-account to have 12 digits", .seen = "\"" + account + "\""});
  }
  if (world.iam.find_access_key(key.access_key_id) != nullptr) {
    throw InputError({.expected = "--admin-key to have an id that no key of --state has",
                      .seen = "\"" + key.access_key_id + "\""});
  }
  std::string arn =
      world.iam.add_user_without_key({.account = account,
                                      .name = "rushhour-administrator",
                                      .attached_policies = {"arn:aws:iam::aws:policy/AdministratorAccess"}});
  world.iam.put_access_key(arn, key);
  return arn;
}

/// The command line's say goes before the options'.
fakes::PantherWorldOptions with(fakes::PantherWorldOptions options, const ServeCommand& command,
                                Instant now) {
  options.world.start = now;
  // A scenario's world keeps no calls, for a simulation has a million of them; whoever is served asks for
  // them.
  options.world.journal_capacity = fakes::WorldOptions{}.journal_capacity;
  if (command.seed) options.world.seed = *command.seed;
  if (!command.region.empty()) options.world.region = command.region;
  return options;
}

}  // namespace

Served::Served(const ServeCommand& command, Instant now, fakes::PantherWorldOptions options)
    : panther(with(std::move(options), command, now)), command_(command), begin_(now) {
  if (!command.state.empty()) state_file_ = scenario::read_document(command.state);
  add_to_guide();
  if (!command.cloudtrail.empty()) {
    files.emplace(trail, fakes::CloudTrailFilesOptions{.folder = command.cloudtrail},
                  panther.world.random.stream("cloudtrail_files"));
  }
}

void Served::add_to_guide() {
  stranger_arn = add_stranger(panther);
  if (state_file_) state = scenario::load_state(*state_file_, panther.world, begin_);
  if (command_.admin_key.empty()) return;
  const std::string account = !command_.admin_account.empty() ? command_.admin_account
                              : !state.accounts.empty()       ? state.accounts.front()
                                                              : panther.customers.front().account;
  admin_key = read_admin_key(command_.admin_key);
  admin_arn = add_administrator(panther.world, account, admin_key);
}

void Served::begin_anew() {
  panther.begin_anew([this] { add_to_guide(); });
}

Json Served::principals(Instant now) {
  const fakes::Session stranger =
      panther.world.iam.issue(*panther.world.iam.find(stranger_arn), "stranger", now, std::chrono::hours{12});
  Json out{{"detections-engine", credentials_json(panther.engine_session(now))},
           {"unit-tests", credentials_json(panther.unit_tests_session(now))},
           {"stranger", credentials_json(stranger)}};
  for (const scenario::StateKey& key : state.keys) {
    if (out.contains(key.principal_arn)) continue;  // its first key
    out[key.principal_arn] = {{"access_key_id", key.credentials.access_key_id},
                              {"secret_access_key", key.credentials.secret_access_key},
                              {"session_token", nullptr},
                              {"expiration", nullptr}};
  }
  return out;
}

fakes::AdminOptions Served::admin_options(ServiceClock& clock) {
  return {.advance = [&clock](Duration length) { clock.advance(length); },
          .principals = [this](Instant at) { return principals(at).dump(); },
          .begin_anew = [this] { begin_anew(); },
          .trail = &trail,
          .stubs = &stubs,
          .read = scenario::control_readers()};
}

Json Served::announcement(std::uint16_t port, Json first_principals) const {
  const std::string url = "http://127.0.0.1:" + std::to_string(port);
  Json administrator = nullptr;
  if (!admin_arn.empty()) {
    administrator = {{"arn", admin_arn},
                     {"access_key_id", admin_key.access_key_id},
                     {"secret_access_key", admin_key.secret_access_key}};
  }
  return {{"format", "rushhour.serve/1"},
          {"sts", url},
          {"secretsmanager", url},
          {"dynamodb", url},
          {"iam", url},
          {"virustotal", url + "/api/v3"},
          {"admin", url + "/_rushhour"},
          {"region", panther.world.options.region},
          {"role_arn", panther.customer_role_arn},
          {"secret_id", panther.secret_name},
          {"secret_arn", panther.secret_arn},
          {"rotation_functions", state.rotation_functions},
          {"admin_key", std::move(administrator)},
          {"principals", std::move(first_principals)}};
}

std::unique_ptr<http::Server> listen(http::Service& service, const ServiceClock& clock, std::uint16_t port) {
  try {
    return std::make_unique<http::Server>(service, http::ServerOptions{.port = port,
                                                                       .clock = &clock.get(),
                                                                       .wall_time_for_signatures = true,
                                                                       .body_size_max = body_size_max});
  } catch (const std::runtime_error& error) {
    throw InputError({.expected = "--port to name a free port",
                      .seen = error.what(),
                      .advice = "leave --port out and any free one is taken"});
  }
}

}  // namespace rushhour::cli
