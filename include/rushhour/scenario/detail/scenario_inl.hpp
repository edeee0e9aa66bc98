#pragma once

#include <algorithm>
#include <filesystem>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/reader.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {

namespace detail {

inline constexpr std::uint64_t events_max = 1'000'000'000;
/// Below the 365 days of synthetic traffic, and so that sums of instants and durations stay within 64 bits.
inline constexpr Duration duration_max = std::chrono::days{364};
inline constexpr Duration latency_max = std::chrono::days{1};
/// Back-off without a cap doubles: the 20th attempt waits up to 73 hours, the 34th would wait up to 136
/// years.
inline constexpr unsigned attempts_max = 20;

RUSHHOUR_INLINE std::vector<const api::Operation*> operations_of(std::string_view service) {
  std::vector<const api::Operation*> out = all_operations();
  std::erase_if(out,
                [service](const api::Operation* each) { return api::to_text(each->service) != service; });
  return out;
}

/// Refuses a word that is none of the known: a text, or the key of a member whose value is `value`.
RUSHHOUR_INLINE void require_word(const Value& value, std::string_view word,
                                  const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  Place where = value.place();
  if (value.node().key == word) {
    where.line = value.node().key_line;
    where.column = value.node().key_column;
  }
  where.fail("one of " + list_in_quotes(known, ", "), in_quotes(word), did_you_mean(word, known));
}

/// Refuses an object that has both of two keys, or neither.
RUSHHOUR_INLINE void require_one(const Value& object, const std::string& a, bool has_a, const std::string& b,
                                 bool has_b) {
  if (has_a != has_b) return;
  object.place().fail("either " + a + " or " + b, has_a ? "both" : "neither");
}

RUSHHOUR_INLINE event::traffic::SourceShares read_sources(Reader reader) {
  event::traffic::SourceShares shares;
  shares.private_ipv4 = reader.optional_ratio("private_ipv4", shares.private_ipv4);
  shares.public_ipv6 = reader.optional_ratio("public_ipv6", shares.public_ipv6);
  shares.service_name = reader.optional_ratio("service_name", shares.service_name);
  shares.missing = reader.optional_ratio("missing", shares.missing);
  rushhour::detail::uint128 sum = 0;  // times 2^64
  for (const Ratio share : {shares.private_ipv4, shares.public_ipv6, shares.service_name, shares.missing}) {
    sum += (static_cast<rushhour::detail::uint128>(share.numerator) << 64) / share.denominator;
  }
  if (sum >> 64 > 0 && sum != static_cast<rushhour::detail::uint128>(1) << 64) {
    reader.value().fail("shares that sum to at most 1, with the defaults of those left out");
  }
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
  options.session_names =
      traffic.optional_integer<std::uint32_t>("session_names", options.session_names, counts);
  options.addresses = traffic.optional_integer<std::uint32_t>("addresses", options.addresses, counts);
  options.address_exponent = traffic.optional_ratio("address_exponent", options.address_exponent, exponents);
  options.secrets = traffic.optional_integer<std::uint32_t>("secrets", options.secrets, counts);
  options.secret_exponent = traffic.optional_ratio("secret_exponent", options.secret_exponent, exponents);
  options.user_agent_exponent =
      traffic.optional_ratio("user_agent_exponent", options.user_agent_exponent, exponents);
  if (auto sources = traffic.optional_object("sources")) options.sources = read_sources(std::move(*sources));
  if (auto names = traffic.optional_object("event_names")) {
    const std::vector<std::string_view> known = event::traffic::SyntheticCloudTrail::known_event_names();
    for (const auto& [name, weight] : names->members()) {
      require_word(weight, name, known);
      options.event_names.push_back({name, weight.integer({.min = 1, .max = 1'000'000})});
    }
    if (options.event_names.empty()) names->value().fail("at least one event name with its weight");
    names->done();
  }
}

RUSHHOUR_INLINE RecordedTraffic read_recorded(Reader& traffic, const std::filesystem::path& folder) {
  RecordedTraffic recorded;
  for (const Value& path : traffic.array("recorded", {.min = 1})) {
    recorded.paths.push_back((folder / path.text()).lexically_normal().string());
  }
  recorded.on_damage = traffic.optional_choice<event::OnDamage>(
      "on_damage", event::OnDamage::count,
      {{"count", event::OnDamage::count}, {"fatal", event::OnDamage::fatal}});
  recorded.rebase = traffic.optional_boolean("rebase", true);
  return recorded;
}

RUSHHOUR_INLINE void read_traffic(Reader traffic, const Overrides& overrides, Scenario& scenario) {
  if (const auto recorded = traffic.find("recorded")) {
    if (overrides.events)
      recorded->fail("synthetic events, whose number can be given", "leave --events away");
    scenario.recorded = read_recorded(traffic, std::filesystem::path{scenario.file}.parent_path());
  } else {
    read_synthetic(traffic, scenario);
    scenario.events = overrides.events.value_or(scenario.events);
  }
  traffic.done();
}

/// \param scenario  with its traffic and the detections before this one
RUSHHOUR_INLINE DetectionPlan read_detection(Reader reader, const Scenario& scenario) {
  DetectionPlan plan;
  const Value name = reader.at("name", "\"...\"");
  plan.name = name.text();
  for (const DetectionPlan& other : scenario.detections) {
    if (other.name == plan.name) name.fail("a name that no other detection has");
  }
  plan.strategy = reader.choice<detect::Strategy>(
      "strategy", {{"call_in_rule", detect::Strategy::call_in_rule},
                   {"alert_context_only", detect::Strategy::alert_context_only}});
  Reader match = reader.object("match");
  const auto share = match.find("share");
  const auto names = match.find("event_names");
  match.done();
  require_one(match.value(), "\"share\"", share.has_value(), "\"event_names\"", names.has_value());
  if (share) {
    plan.match.share = share->ratio();
    if (scenario.recorded) {
      share->fail(
          "\"event_names\" in place of a share: the number of recorded events is not known in advance");
    }
  } else {
    for (const Value& each : names->array({.min = 1})) plan.match.event_names.push_back(each.text());
  }
  reader.done();
  return plan;
}

/// `"50ms"`, `{"uniform": ["10ms", "30ms"]}` or `{"exponential": {"floor": "80ms", "mean": "120ms"}}`.
RUSHHOUR_INLINE api::Latency read_latency(const Value& value) {
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

RUSHHOUR_INLINE void read_latencies(Reader reader, api::Latencies& latencies) {
  for (std::size_t i = 0; i < api::service_count; ++i) {
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
    plan.settings.max_attempts = attempts->integer<unsigned>({.min = 1, .max = attempts_max});
  }
  if (const auto cap = reader.find("cap")) plan.settings.cap = cap->duration();
  reader.done();
  check(reader.at("policy"));
  return plan;
}

RUSHHOUR_INLINE void read_retries(Reader reader, Scenario& scenario) {
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (const auto value = reader.find(api::to_text(service)))
      scenario.retries[i] = read_retry(*value, service);
  }
  reader.done();
}

/// `{"limit_per_second": 600, "burst": 600}` for every group of the service's published rows, or one named
/// group.
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
    if (limits.minute + limits.day + limits.month == 0)
      key.fail("at least one of \"minute\", \"day\" and \"month\"");
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
      "answer",
      {{"server_error", {Outcome::server_error, 500, "InternalFailure", "injected by the scenario"}},
       {"unavailable", {Outcome::server_error, 503, "ServiceUnavailable", "injected by the scenario"}},
       {"reset", {Outcome::reset, 0, "", "connection reset, injected by the scenario"}},
       {"timeout", {Outcome::timeout, 0, "", "no answer, injected by the scenario"}}});
  Fault fault{
      .service = reader.text("service", {"sts", "secretsmanager", "virustotal"}),
      .operation = reader.optional_text("operation", ""),
      .share = reader.optional_ratio("share", {1, 1}),
      .failure = {
          .outcome = style.outcome, .status = style.status, .code = style.code, .message = style.message}};
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
  if (auto latency = world.optional_object("latency"))
    read_latencies(std::move(*latency), scenario.latencies);
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
  const Value duration = root.at("duration");
  scenario.duration = duration.duration({.min = std::chrono::seconds{1}, .max = duration_max});
  if (scenario.start > Instant::max() - duration_max - scenario.duration) {
    duration.fail("a duration that ends before April 2261");
  }
  read_traffic(root.object("traffic"), overrides, scenario);
  if (auto fleet = root.optional_object("fleet")) {
    scenario.workers = fleet->integer<std::size_t>("workers", {.min = 1, .max = 20'000});
    fleet->done();
  }
  for (const Value& detection : root.array("detections", {.min = 1})) {
    scenario.detections.push_back(read_detection(detection.object(), scenario));
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

RUSHHOUR_INLINE Scenario parse_scenario(std::string_view text, const std::string& file,
                                        const Overrides& overrides) {
  return detail::read_scenario(parse_document(text, file), overrides);
}

}  // namespace rushhour::scenario
