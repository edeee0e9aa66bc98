#pragma once

#include <algorithm>
#include <filesystem>
#include <span>
#include <tuple>
#include <utility>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/aws/arn.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/scenario/reader.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {

namespace detail {

inline constexpr std::uint64_t events_max = 1'000'000'000;

/// A name and what it means; a list of them is a vocabulary.
template <class T>
using Words = std::initializer_list<Choice<T>>;

template <class... Ops>
std::vector<const api::Operation*> rows_of(api::Operations<Ops...> /*operations*/) {
  return {&api::operation_of<Ops>...};
}

RUSHHOUR_INLINE std::vector<const api::Operation*> operations_of(api::Service service) {
  using api::OperationsOf;
  switch (service) {
    case api::Service::sts: return rows_of(OperationsOf<api::Service::sts>::Type{});
    case api::Service::secretsmanager: return rows_of(OperationsOf<api::Service::secretsmanager>::Type{});
    case api::Service::virustotal: return rows_of(OperationsOf<api::Service::virustotal>::Type{});
  }
  return {};
}

RUSHHOUR_INLINE event::traffic::SourceShares read_sources(Reader reader) {
  event::traffic::SourceShares shares;
  shares.private_ipv4 = reader.optional_ratio("private_ipv4", shares.private_ipv4);
  shares.public_ipv6 = reader.optional_ratio("public_ipv6", shares.public_ipv6);
  shares.service_name = reader.optional_ratio("service_name", shares.service_name);
  shares.missing = reader.optional_ratio("missing", shares.missing);
  reader.done();
  return shares;
}

RUSHHOUR_INLINE void read_synthetic(Reader& traffic, Scenario& scenario) {
  using event::traffic::ArrivalProcess;
  event::traffic::SyntheticCloudTrailOptions& options = scenario.synthetic;
  scenario.events = traffic.integer("events", {.min = 1, .max = events_max});
  options.arrivals = traffic.optional_choice<ArrivalProcess>(
      "arrivals", event::traffic::constant_arrivals(),
      {{"constant", event::traffic::constant_arrivals()}, {"poisson", event::traffic::poisson_arrivals()}});
  constexpr IntegerRange<std::uint32_t> counts{.min = 1, .max = 1U << 22};
  constexpr RatioRange exponents{.min = {0, 1}, .max = {4, 1}};
  options.users = traffic.optional_integer<std::uint32_t>("users", options.users, counts);
  options.user_exponent = traffic.optional_ratio("user_exponent", options.user_exponent, exponents);
  options.role_share = traffic.optional_ratio("role_share", options.role_share);
  options.session_names = traffic.optional_integer<std::uint32_t>("session_names", options.session_names, counts);
  options.addresses = traffic.optional_integer<std::uint32_t>("addresses", options.addresses, counts);
  options.address_exponent = traffic.optional_ratio("address_exponent", options.address_exponent, exponents);
  options.secrets = traffic.optional_integer<std::uint32_t>("secrets", options.secrets, counts);
  options.secret_exponent = traffic.optional_ratio("secret_exponent", options.secret_exponent, exponents);
  options.user_agent_exponent = traffic.optional_ratio("user_agent_exponent", options.user_agent_exponent, exponents);
  if (auto sources = traffic.optional_object("sources")) options.sources = read_sources(std::move(*sources));
  if (auto names = traffic.optional_object("event_names")) {
    for (const auto& [name, weight] : names->members()) {
      options.event_names.push_back({name, weight.integer({.min = 1, .max = 1'000'000})});
    }
    names->done();
  }
}

RUSHHOUR_INLINE RecordedTraffic read_recorded(Reader& traffic, const std::filesystem::path& folder) {
  RecordedTraffic recorded;
  for (const Value& path : traffic.array("recorded", {.min = 1})) {
    recorded.paths.push_back((folder / path.text()).lexically_normal().string());
  }
  recorded.on_damage = traffic.optional_choice<event::OnDamage>(
      "on_damage", event::OnDamage::count, {{"count", event::OnDamage::count}, {"fatal", event::OnDamage::fatal}});
  recorded.rebase = traffic.optional_boolean("rebase", true);
  return recorded;
}

RUSHHOUR_INLINE void read_traffic(Reader traffic, Scenario& scenario) {
  if (traffic.find("recorded")) {
    scenario.recorded = read_recorded(traffic, std::filesystem::path{scenario.file}.parent_path());
  } else {
    read_synthetic(traffic, scenario);
  }
  traffic.done();
}

RUSHHOUR_INLINE DetectionPlan read_detection(Reader reader) {
  DetectionPlan plan;
  plan.name = reader.text("name");
  plan.strategy = reader.choice<detect::Strategy>("strategy", {{"call_in_rule", detect::Strategy::call_in_rule},
                                                              {"alert_context_only", detect::Strategy::alert_context_only}});
  Reader match = reader.object("match");
  if (match.find("share")) plan.match.share = match.ratio("share");
  for (const Value& name : match.optional_array("event_names", {.min = 1})) {
    plan.match.event_names.push_back(name.text());
  }
  if (plan.match.share.has_value() == !plan.match.event_names.empty()) {
    match.value().fail("either \"share\" or \"event_names\"");
  }
  match.done();
  reader.done();
  return plan;
}

/// `"50ms"`, `{"uniform": ["10ms", "30ms"]}` or `{"exponential": {"floor": "80ms", "mean": "120ms"}}`.
RUSHHOUR_INLINE api::Latency read_latency(const Value& value) {
  using Kind = api::Latency::Kind;
  if (!value.is(Node::Kind::object)) return {.kind = Kind::fixed, .low = value.duration()};
  Reader reader = value.object();
  api::Latency latency;
  if (const auto uniform = reader.find("uniform")) {
    const std::vector<Value> ends = uniform->array({.min = 2, .max = 2});
    latency = {.kind = Kind::uniform, .low = ends[0].duration(), .high = ends[1].duration({.min = ends[0].duration()})};
  } else {
    Reader exponential = reader.object("exponential");
    latency = {.kind = Kind::exponential,
               .low = exponential.optional_duration("floor", Duration::zero()),
               .high = exponential.duration("mean")};
    exponential.done();
  }
  reader.done();
  return latency;
}

RUSHHOUR_INLINE void read_latencies(Reader reader, api::Latencies& latencies) {
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (const auto value = reader.find(api::to_text(service))) latencies.set(service, read_latency(*value));
    for (const api::Operation* operation : operations_of(service)) {
      if (const auto value = reader.find(to_text(*operation))) latencies.set(*operation, read_latency(*value));
    }
  }
  reader.done();
}

/// `"legacy"`, or `{"policy": "legacy", "max_attempts": 4, "cap": "4s"}`.
RUSHHOUR_INLINE RetryPlan read_retry(const Value& value, api::Service service) {
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
    plan.settings.max_attempts = attempts->integer<unsigned>({.min = 1, .max = 100});
  }
  if (const auto cap = reader.find("cap")) plan.settings.cap = cap->duration();
  reader.done();
  check(reader.at("policy"));
  return plan;
}

RUSHHOUR_INLINE void read_retries(Reader reader, Scenario& scenario) {
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (const auto value = reader.find(api::to_text(service))) scenario.retries[i] = read_retry(*value, service);
  }
  reader.done();
}

/// `{"limit_per_second": 600, "burst": 600}` for every group of the service's published rows, or one named group.
RUSHHOUR_INLINE std::vector<limit::Profile> read_aws_quota(Reader reader, std::string_view service) {
  std::vector<limit::Profile> rows = limit::profiles::of(service);
  for (limit::Profile& row : rows) {
    auto group = reader.optional_object(row.group);
    if (!group) continue;
    row.limit = group->optional_integer("limit_per_second", row.limit, {.min = 1, .max = 10'000'000});
    row.burst = group->optional_integer("burst", row.burst, {.min = 1, .max = 100'000'000});
    row.source = "the scenario";
    row.evidence = limit::Evidence::choice;
    group->done();
  }
  reader.done();
  return rows;
}

RUSHHOUR_INLINE std::vector<limit::Profile> read_virustotal_quota(Reader reader) {
  limit::profiles::VirusTotalOptions options;
  options.minute_aligned =
      reader.optional_choice<bool>("minute_window", false, {{"sliding", false}, {"aligned", true}});
  options.rejected_count = reader.optional_boolean("rejected_count", false);
  const Value key = reader.at("key", "\"public\"");
  std::vector<limit::Profile> rows;
  if (key.is(Node::Kind::object)) {
    Reader premium = key.object();
    constexpr IntegerRange<std::uint64_t> range{.min = 1, .max = events_max};
    limit::profiles::VirusTotalLimits limits;
    limits.minute = premium.optional_integer("minute", limits.minute, range);
    limits.day = premium.optional_integer("day", limits.day, range);
    limits.month = premium.optional_integer("month", limits.month, range);
    if (limits.minute + limits.day + limits.month == 0) key.fail("at least one of \"minute\", \"day\" and \"month\"");
    premium.done();
    rows = limit::profiles::virustotal_premium(limits, options);
  } else {
    static_cast<void>(key.text({"public"}));
    rows = limit::profiles::virustotal_public(options);
  }
  reader.done();
  return rows;
}

RUSHHOUR_INLINE Fault read_fault(Reader reader, Instant start) {
  struct Style {
    Outcome outcome;
    int status;
    const char* code;
    const char* message;
  };
  const auto style = reader.choice<Style>(
      "answer", {{"server_error", {Outcome::server_error, 500, "InternalFailure", "injected by the scenario"}},
                 {"unavailable", {Outcome::server_error, 503, "ServiceUnavailable", "injected by the scenario"}},
                 {"reset", {Outcome::reset, 0, "", "connection reset, injected by the scenario"}},
                 {"timeout", {Outcome::timeout, 0, "", "no answer, injected by the scenario"}}});
  Fault fault{.service = reader.text("service", {"sts", "secretsmanager", "virustotal"}),
              .operation = reader.optional_text("operation", ""),
              .share = reader.optional_ratio("share", {1, 1}),
              .failure = {.outcome = style.outcome, .status = style.status, .code = style.code, .message = style.message}};
  fault.from = start + reader.optional_duration("from", Duration::zero());
  fault.lasting = reader.optional_duration("for", Duration::max());
  reader.done();
  return fault;
}

RUSHHOUR_INLINE std::string read_account(Reader& reader, std::string_view key, const std::string& otherwise) {
  const auto value = reader.find(key);
  if (!value) return otherwise;
  std::string account = value->text();
  if (!aws::is_account_id(account)) value->fail("an account id: a text of 12 digits");
  return account;
}

RUSHHOUR_INLINE void read_world(Reader world, Scenario& scenario) {
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
  if (auto sts = world.optional_object("sts")) scenario.sts_quota = read_aws_quota(std::move(*sts), "sts");
  if (auto secrets = world.optional_object("secretsmanager")) {
    scenario.secretsmanager_quota = read_aws_quota(std::move(*secrets), "secretsmanager");
  }
  if (auto virustotal = world.optional_object("virustotal")) {
    options.virustotal_quota = read_virustotal_quota(std::move(*virustotal));
  }
  if (auto latency = world.optional_object("latency")) read_latencies(std::move(*latency), scenario.latencies);
  if (auto retry = world.optional_object("retry")) read_retries(std::move(*retry), scenario);
  for (const Value& fault : world.optional_array("faults")) {
    scenario.faults.push_back(read_fault(fault.object(), scenario.start));
  }
  world.done();
}

RUSHHOUR_INLINE BudgetPlan read_budget(const Value& value) {
  if (!value.is(Node::Kind::object)) return {.budget = parse_budget(value.text(), value.place_inside())};
  Reader reader = value.object();
  const Value expression = reader.at("expr", "\"sts.throttled == 0\"");
  BudgetPlan plan{.budget = parse_budget(expression.text(), expression.place_inside())};
  plan.why = reader.optional_text("why", "");
  plan.budget.allow_empty = reader.optional_boolean("allow_empty", false);
  reader.done();
  return plan;
}

RUSHHOUR_INLINE Scenario read_scenario(const Document& document, const Overrides& overrides) {
  Scenario scenario;
  scenario.file = document.file;
  scenario.name = std::filesystem::path{document.file}.stem().string();
  scenario.document_digest = digest(document.root);
  Reader root{document};
  root.require({{"seed", "7"},
                {"start", "\"2026-03-02T14:00:00Z\""},
                {"duration", "\"1h\""},
                {"traffic", R"({"events": 1000000})"},
                {"detections", R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}])"},
                {"world", "{}"},
                {"budgets", R"(["sts.throttled == 0"])"}});
  scenario.description = root.optional_text("description", "");
  static_cast<void>(root.optional_text("$schema", ""));
  scenario.seed = overrides.seed.value_or(root.integer("seed"));
  scenario.start = root.instant("start");
  scenario.duration = root.duration("duration", {.min = std::chrono::seconds{1}, .max = std::chrono::days{366}});
  read_traffic(root.object("traffic"), scenario);
  if (overrides.events) scenario.events = *overrides.events;
  if (auto fleet = root.optional_object("fleet")) {
    scenario.workers = fleet->integer<std::size_t>("workers", {.min = 1, .max = 20'000});
    fleet->done();
  }
  for (const Value& detection : root.array("detections", {.min = 1})) {
    scenario.detections.push_back(read_detection(detection.object()));
    const auto& added = scenario.detections.back();
    const auto same = [&](const DetectionPlan& plan) { return plan.name == added.name; };
    if (std::count_if(scenario.detections.begin(), scenario.detections.end(), same) > 1) {
      detection.fail("a detection name that no other detection has");
    }
    if (scenario.recorded && added.match.share) {
      detection.fail("\"event_names\" to match by: the number of recorded events is not known in advance");
    }
  }
  read_world(root.object("world"), scenario);
  for (const Value& budget : root.array("budgets")) scenario.budgets.push_back(read_budget(budget));
  root.done();
  scenario.synthetic.events = scenario.events;
  scenario.synthetic.start = scenario.start;
  scenario.synthetic.duration = scenario.duration;
  scenario.synthetic.account = scenario.world.customer_account;
  scenario.synthetic.region = scenario.world.world.region;
  return scenario;
}

}  // namespace detail

RUSHHOUR_INLINE Scenario load_scenario(const std::string& path, const Overrides& overrides) {
  return detail::read_scenario(read_document(path), overrides);
}

RUSHHOUR_INLINE Scenario parse_scenario(std::string_view text, const std::string& file, const Overrides& overrides) {
  return detail::read_scenario(parse_document(text, file), overrides);
}

}  // namespace rushhour::scenario
