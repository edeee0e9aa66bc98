/// \file
/// Reads a scenario's world: accounts, quotas, latencies, retries, timeouts and faults.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/http_endpoint.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/scenario/detail/read_customers.hpp>
#include <rushhour/scenario/detail/read_tables.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

/// `"50ms"`, `{"uniform": ["10ms", "30ms"]}` or `{"exponential": {"floor": "80ms", "mean": "120ms"}}`.
inline api::Latency read_latency(const Value& value) {
  using Kind = api::Latency::Kind;
  constexpr DurationRange range{.max = latency_max};
  if (!value.is(Node::Kind::object)) return {.kind = Kind::fixed, .low = value.duration(range)};
  Reader reader = value.object();
  const auto uniform = reader.find("uniform");
  const auto exponential = reader.find("exponential");
  reader.done();
  require_one(value, "\"uniform\"", uniform.has_value(), "\"exponential\"", exponential.has_value());
  if (uniform) {
    const std::vector<Value> ends = uniform->array({.min = 2, .max = 2});
    const Duration low = ends[0].duration(range);
    return {.kind = Kind::uniform, .low = low, .high = ends[1].duration({.min = low, .max = latency_max})};
  }
  Reader shape = exponential->object();
  const api::Latency latency{.kind = Kind::exponential,
                             .low = shape.optional_duration("floor", Duration::zero(), range),
                             .high = shape.at("mean", "\"120ms\"").duration(range)};
  shape.done();
  return latency;
}

inline void read_latencies(Reader reader, api::Latencies& latencies) {
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (const auto value = reader.find(api::to_text(service))) latencies.set(service, read_latency(*value));
    for (const api::Operation* operation : operations_of(api::to_text(service))) {
      if (const auto value = reader.find(to_text(*operation)))
        latencies.set(*operation, read_latency(*value));
    }
  }
  reader.done();
}

/// `"legacy"`, or `{"policy": "legacy", "max_attempts": 4, "cap": "4s"}`.
inline RetryPlan read_retry(const Value& value, api::Service service) {
  RetryPlan plan{.settings = {.service = std::string{api::to_text(service)}}};
  const auto check = [&](const Value& where) {
    try {
      static_cast<void>(retry::make(plan.policy, plan.settings));
    } catch (const InputError& error) {
      where.fail(error.mistake().expected, error.mistake().advice);
    }
  };
  if (!value.is(Node::Kind::object)) {
    plan.policy = value.text();
    check(value);
    return plan;
  }
  Reader reader = value.object();
  plan.policy = reader.text("policy");
  if (const auto attempts = reader.find("max_attempts")) {
    plan.settings.max_attempts = attempts->integer<unsigned>({.min = 1, .max = attempts_max});
  }
  if (const auto cap = reader.find("cap")) plan.settings.cap = cap->duration();
  reader.done();
  check(reader.at("policy"));
  return plan;
}

inline void read_retries(Reader reader, Scenario& scenario) {
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (const auto value = reader.find(api::to_text(service)))
      scenario.retries[i] = read_retry(*value, service);
  }
  reader.done();
}

/// `{"limit_per_second": 600, "burst": 600}` for every group of the service's published rows, or one named
/// group.
inline std::vector<limit::Profile> read_aws_quota(Reader& reader, std::string_view service) {
  std::vector<limit::Profile> rows = limit::profiles::of(service);
  for (limit::Profile& row : rows) {
    auto group = reader.optional_object(row.group);
    if (!group) continue;
    row.limit = group->optional_integer("limit_per_second", row.limit, {.min = 1, .max = 10'000'000});
    row.burst = group->optional_integer("burst", row.burst, {.min = 1, .max = 100'000'000});
    row.make =
        group->optional_choice<decltype(row.make)>("refill", row.make,
                                                   {{"every_second", &limit::profiles::discrete_token_bucket},
                                                    {"continuous", &limit::profiles::token_bucket}});
    row.source = "the scenario";
    row.evidence = limit::Evidence::choice;
    group->done();
  }
  return rows;
}

inline void read_sts(Reader reader, Scenario& scenario) {
  using fakes::StsEndpoint;
  StsEndpoint& endpoint = scenario.world.world.sts_endpoint;
  endpoint = reader.optional_choice<StsEndpoint>(
      "endpoint", endpoint, {{"regional", StsEndpoint::regional}, {"global", StsEndpoint::global}});
  scenario.sts_quota = read_aws_quota(reader, "sts");
  reader.done();
}

inline void read_secretsmanager(Reader reader, Scenario& scenario) {
  scenario.batch_counts_secrets = reader.optional_boolean("batch_counts_secrets", false);
  scenario.secretsmanager_quota = read_aws_quota(reader, "secretsmanager");
  reader.done();
}

/// `"60s"` or `"none"` for each service.
inline void read_timeouts(Reader reader, api::Timeouts& timeouts) {
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    const auto value = reader.find(api::to_text(static_cast<api::Service>(i)));
    if (value) timeouts[i] = read_timeout(*value);
  }
  reader.done();
}

inline constexpr const char* injected = "injected by the scenario";

/// `{"status": 503, "code": "SlowDown", "message": "..."}` or `{"delay": "5s"}`.
inline void read_answer(Reader reader, api::Service service, Fault& fault) {
  const auto status = reader.find("status");
  const auto delay = reader.find("delay");
  const auto code = reader.find("code");
  const auto message = reader.find("message");
  reader.done();
  require_one(reader.value(), "\"status\"", status.has_value(), "\"delay\"", delay.has_value());
  if (delay) {
    if (code) code->fail("\"delay\" alone: what is delayed is the answer that the service would give");
    if (message) message->fail("\"delay\" alone: what is delayed is the answer that the service would give");
    fault.failure = {.outcome = Outcome::ok};
    fault.delay = delay->duration({.min = Duration{1}, .max = duration_max});
    return;
  }
  fault.failure = {.status = status->integer<int>({.min = 400, .max = 599}),
                   .code = code ? code->text() : std::string{},
                   .message = message ? message->text() : std::string{injected}};
  fault.failure.outcome = api::outcome_of(service, fault.failure.status, fault.failure.code);
}

/// One of the words, or an object. `timeout` is what `hang` was called first.
inline void read_answer(const Value& value, api::Service service, Fault& fault) {
  if (value.is(Node::Kind::object)) return read_answer(value.object(), service, fault);
  struct Style {
    Outcome outcome;
    int status;
    const char* code;
    const char* message;
  };
  constexpr Style hang{Outcome::timeout, 0, "", "no answer, injected by the scenario"};
  const auto style =
      value.choice<Style>({{"server_error", {Outcome::server_error, 500, "InternalFailure", injected}},
                           {"unavailable", {Outcome::server_error, 503, "ServiceUnavailable", injected}},
                           {"reset", {Outcome::reset, 0, "", "connection reset, injected by the scenario"}},
                           {"hang", hang},
                           {"timeout", hang}});
  fault.failure = {
      .outcome = style.outcome, .status = style.status, .code = style.code, .message = style.message};
}

inline Fault read_fault(Reader reader, Instant start) {
  const auto service =
      reader.choice<api::Service>("service", {{"sts", api::Service::sts},
                                              {"secretsmanager", api::Service::secretsmanager},
                                              {"virustotal", api::Service::virustotal},
                                              {"dynamodb", api::Service::dynamodb}});
  Fault fault{.service = std::string{api::to_text(service)},
              .operation = reader.optional_text("operation", ""),
              .share = reader.optional_ratio("share", {1, 1})};
  read_answer(reader.at("answer", "\"server_error\""), service, fault);
  if (!fault.operation.empty()) {
    std::vector<std::string_view> known;
    for (const api::Operation* operation : operations_of(fault.service)) known.push_back(operation->name);
    require_word(reader.at("operation"), fault.operation, known);
  }
  fault.from = start + reader.optional_duration("from", Duration::zero(), {.max = duration_max});
  fault.lasting = reader.optional_duration("for", Duration::max());
  reader.done();
  return fault;
}

inline void read_world(Reader world, Scenario& scenario) {
  fakes::PantherWorldOptions& options = scenario.world;
  options.world.seed = scenario.seed;
  options.world.start = scenario.start;
  options.world.journal_capacity = 0;
  options.world.region = world.optional_text("region", options.world.region);
  options.engine_account = read_account(world, "engine_account", options.engine_account);
  options.customer_account = read_account(world, "customer_account", options.customer_account);
  options.registered = world.optional_boolean("registered", true);
  options.trusts_engine = world.optional_boolean("trusts_engine", true);
  options.policy_covers_secret = world.optional_boolean("policy_covers_secret", true);
  if (auto sts = world.optional_object("sts")) read_sts(std::move(*sts), scenario);
  if (auto secrets = world.optional_object("secretsmanager")) {
    read_secretsmanager(std::move(*secrets), scenario);
  }
  if (auto virustotal = world.optional_object("virustotal"))
    read_virustotal(std::move(*virustotal), scenario);
  if (auto dynamodb = world.optional_object("dynamodb")) read_dynamodb(std::move(*dynamodb), options);
  read_customers(world, options);
  if (auto latency = world.optional_object("latency"))
    read_latencies(std::move(*latency), scenario.latencies);
  if (auto timeouts = world.optional_object("timeouts"))
    read_timeouts(std::move(*timeouts), scenario.timeouts);
  scenario.clients_per_call =
      world.optional_choice<bool>("clients", true, {{"memoised", false}, {"per_call", true}});
  if (auto retry = world.optional_object("retry")) read_retries(std::move(*retry), scenario);
  for (const Value& fault : world.optional_array("faults")) {
    scenario.faults.push_back(read_fault(fault.object(), scenario.start));
  }
  world.done();
}

}  // namespace rushhour::scenario::detail
