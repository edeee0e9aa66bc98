#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/assumptions.hpp>
#include <rushhour/scenario/detail/assumption_list.hpp>
#include <rushhour/scenario/detail/detection_facts.hpp>
#include <rushhour/scenario/detail/engine_facts.hpp>
#include <rushhour/scenario/detail/rule_facts.hpp>
#include <rushhour/scenario/detail/service_facts.hpp>
#include <rushhour/scenario/detail/words.hpp>

namespace rushhour::scenario {

namespace detail {

RUSHHOUR_INLINE void assume_synthetic(Assumptions& out, const Scenario& scenario) {
  using Options = event::traffic::SyntheticCloudTrailOptions;
  const Options& used = scenario.synthetic;
  const Options otherwise;
  constexpr std::string_view shape =
      "no published mix: Zipf's law with exponents of 1 to 1.2, as in public CloudTrail sets";
  const auto number = [&](std::string_view name, std::uint32_t Options::*field) {
    out.unless_user("traffic." + std::string{name}, text_of(std::uint64_t{used.*field}),
                    text_of(std::uint64_t{otherwise.*field}), assumption_tags::choice, shape);
  };
  const auto ratio = [&](std::string_view name, Ratio value, Ratio standard) {
    out.unless_user("traffic." + std::string{name}, decimal_text(value), decimal_text(standard),
                    assumption_tags::choice, shape);
  };
  out.user("traffic.events", text_of(scenario.events));
  out.unless_user("traffic.arrivals", scenario.arrivals.text, ArrivalsPlan{}.text, assumption_tags::choice,
                  "evenly spaced: the mildest traffic there is");
  number("users", &Options::users);
  ratio("user_exponent", used.user_exponent, otherwise.user_exponent);
  ratio("role_share", used.role_share, otherwise.role_share);
  number("session_names", &Options::session_names);
  number("addresses", &Options::addresses);
  if (used.private_addresses) {
    out.user("traffic.private_addresses", text_of(std::uint64_t{*used.private_addresses}));
  }
  if (used.ipv6_addresses) out.user("traffic.ipv6_addresses", text_of(std::uint64_t{*used.ipv6_addresses}));
  ratio("address_exponent", used.address_exponent, otherwise.address_exponent);
  number("secrets", &Options::secrets);
  ratio("secret_exponent", used.secret_exponent, otherwise.secret_exponent);
  ratio("user_agent_exponent", used.user_agent_exponent, otherwise.user_agent_exponent);
  ratio("sources.private_ipv4", used.sources.private_ipv4, otherwise.sources.private_ipv4);
  ratio("sources.public_ipv6", used.sources.public_ipv6, otherwise.sources.public_ipv6);
  ratio("sources.service_name", used.sources.service_name, otherwise.sources.service_name);
  ratio("sources.missing", used.sources.missing, otherwise.sources.missing);
  std::string names;
  for (const event::traffic::EventNameWeight& each : used.event_names) {
    names += (names.empty() ? "" : ", ") + each.name + " " + std::to_string(each.weight);
  }
  out.unless_user("traffic.event_names", names.empty() ? "GetSecretValue 4 %, and others" : names,
                  "GetSecretValue 4 %, and others", assumption_tags::choice, shape);
}

RUSHHOUR_INLINE std::string joined(const std::vector<std::string>& texts, std::string_view none) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out.empty() ? std::string{none} : out;
}

RUSHHOUR_INLINE void assume_recorded(Assumptions& out, const RecordedTraffic& recorded) {
  out.user("traffic.recorded", joined(recorded.paths, "none"));
  out.unless_user("traffic.on_damage", recorded.on_damage == event::OnDamage::count ? "count" : "fatal",
                  "count", assumption_tags::choice, "damaged records are passed over and counted");
  out.unless_user("traffic.rebase", recorded.rebase ? "true" : "false", "true", assumption_tags::choice,
                  "the first event arrives at the start");
}

RUSHHOUR_INLINE std::string quantiles_text(const event::traffic::FileDeliveryOptions& options) {
  using rushhour::to_text;
  const event::traffic::LatenessQuantiles& late = options.lateness;
  if (options.fixed_lateness) return to_text(*options.fixed_lateness);
  return "p10 " + to_text(late.p10) + ", p50 " + to_text(late.p50) + ", p90 " + to_text(late.p90) + ", p99 " +
         to_text(late.p99) + ", max " + to_text(late.max);
}

RUSHHOUR_INLINE std::string sizes_text(const event::traffic::FileSizes& sizes) {
  return "min " + text_of(sizes.min) + ", p50 " + text_of(sizes.p50) + ", p90 " + text_of(sizes.p90) +
         ", max " + text_of(sizes.max) + " events";
}

/// When events reach the engine's doorstep.
RUSHHOUR_INLINE void assume_delivery(Assumptions& out, const Scenario& scenario) {
  const std::string name = "traffic.delivery";
  if (!scenario.files) {
    out.add(name, "immediate", assumption_tags::choice,
            "each event arrives when it happens: no file holds it back");
    return;
  }
  constexpr std::string_view measured = "2,900 real CloudTrail events in 55 files of a public set";
  const event::traffic::FileDeliveryOptions otherwise;
  out.unless_user(
      name + ".files.every", rushhour::to_text(scenario.files->mark), rushhour::to_text(otherwise.mark),
      assumption_tags::documented,
      "CloudTrail User Guide: about every 5 minutes, not guaranteed; the 55 files of a public set were "
      "all stamped so");
  out.unless_user(name + ".files.lateness", quantiles_text(*scenario.files), quantiles_text(otherwise),
                  assumption_tags::recorded, measured);
  out.unless_user(name + ".files.sizes", sizes_text(scenario.files->sizes), sizes_text(otherwise.sizes),
                  assumption_tags::recorded, measured);
}

RUSHHOUR_INLINE void assume_traffic(Assumptions& out, const Scenario& scenario) {
  out.user("start", to_iso8601(scenario.start));
  out.user("duration", rushhour::to_text(scenario.duration));
  if (scenario.recorded) {
    assume_recorded(out, *scenario.recorded);
  } else if (scenario.secret_readers) {
    assume_secret_readers(out, *scenario.secret_readers);
  } else {
    assume_synthetic(out, scenario);
  }
  if (scenario.history) {
    out.user("traffic.history", text_of(scenario.history->events) + " events in " +
                                    rushhour::to_text(scenario.history->duration));
  }
  if (scenario.documents) assume_documents(out, *scenario.documents);
  assume_delivery(out, scenario);
  if (scenario.trigger) {
    out.user("trigger", "from " + to_iso8601(scenario.trigger->from) + " for " +
                            rushhour::to_text(scenario.trigger->lasting));
  }
  if (!scenario.feedback) return;
  out.user("feedback.delay", rushhour::to_text(scenario.feedback->delay));
  out.user("feedback.trails", joined(scenario.feedback->trails, "all accounts"));
}

/// Accounts, keys and gates.
RUSHHOUR_INLINE void assume_world(Assumptions& out, const Scenario& scenario) {
  const fakes::PantherWorldOptions& used = scenario.world;
  const fakes::PantherWorldOptions otherwise;
  const auto text = [&](std::string_view name, const std::string& value, const std::string& standard,
                        std::string_view source) {
    out.unless_user("world." + std::string{name}, value, standard, assumption_tags::choice, source);
  };
  const auto gate = [&](std::string_view name, bool value) {
    text(name, value ? "true" : "false", "true", "the set-up of Panther's guide is complete");
  };
  text("region", used.world.region, otherwise.world.region, "any: quotas are alike");
  text("engine_account", used.engine_account, otherwise.engine_account, "any: an example account");
  if (used.customers.empty()) {
    text("customer_account", used.customer_account, otherwise.customer_account, "any: an example account");
  }
  for (const fakes::CustomerOptions& customer : used.customers) {
    out.user("world.customers." + customer.name,
             "account " + customer.account + ", role " + customer.role + ", secret " + customer.secret_name +
                 (customer.key.empty() ? "" : ", key " + customer.key) +
                 (customer.secret_format == fakes::SecretFormat::plain ? "" : ", as key and value"));
  }
  for (const fakes::VirusTotalKey& key : used.virustotal_keys) {
    if (!key.group.empty()) out.user("world.virustotal.keys." + key.name + ".group", key.group);
  }
  for (const fakes::BackgroundConsumer& consumer : scenario.background) {
    out.user("world.virustotal.background." + consumer.name,
             std::to_string(consumer.calls_per_hour) + " calls an hour with key " + consumer.key +
                 (consumer.poisson ? ", Poisson" : ", evenly spaced"));
  }
  gate("registered", used.registered);
  gate("trusts_engine", used.trusts_engine);
  gate("policy_covers_secret", used.policy_covers_secret);
}

RUSHHOUR_INLINE void assume_faults(Assumptions& out, const Scenario& scenario) {
  std::size_t number = 0;
  for (const Fault& fault : scenario.faults) {
    std::string value = fault.service + (fault.operation.empty() ? "" : ":" + fault.operation) + ", " +
                        decimal_text(fault.share) +
                        " of the calls: " + std::string{to_text(fault.failure.outcome)};
    if (fault.failure.status != 0) value += " " + std::to_string(fault.failure.status);
    if (fault.delay > Duration::zero()) value += ", " + rushhour::to_text(fault.delay) + " later";
    value += ", from " + to_iso8601(fault.from);
    if (fault.lasting != Duration::max()) value += " for " + rushhour::to_text(fault.lasting);
    out.user("world.faults." + std::to_string(number++), value);
  }
}

RUSHHOUR_INLINE void assume_prices(Assumptions& out, const std::optional<Prices>& prices) {
  if (!prices) return;
  const auto price = [&](std::string_view name, const std::optional<Ratio>& value) {
    if (value) out.user("prices." + std::string{name}, amount_text(*value) + " " + prices->currency);
  };
  price("secretsmanager_10k_calls", prices->secretsmanager_10k_calls);
  price("secret_month", prices->secret_month);
  price("lambda_gb_second", prices->lambda_gb_second);
  price("lambda_million_requests", prices->lambda_million_requests);
  price("virustotal_month", prices->virustotal_month);
  price("dynamodb_million_reads", prices->dynamodb_million_reads);
  price("dynamodb_million_writes", prices->dynamodb_million_writes);
  out.add("prices.month", "30d", assumption_tags::choice, "charged for the length of the run");
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<Assumption> assumptions(const sim::Engine& engine) {
  const bool custom = engine.profile == sim::Engine{}.profile;
  std::vector<Assumption> out;
  out.push_back({"fleet.profile", engine.profile,
                 std::string{custom ? assumption_tags::choice : assumption_tags::user},
                 custom ? "no engine is named: only what its parts say" : "the scenario"});
  const sim::Engine profile = detail::unchanged_profile(engine.profile);
  for (const detail::EngineFact& fact : detail::engine_facts) {
    const bool applies = fact.applies == detail::Applies::always ||
                         (fact.applies == detail::Applies::with_queue) == engine.queued;
    if (applies) out.push_back(detail::assume(fact, engine, profile));
  }
  return out;
}

RUSHHOUR_INLINE std::vector<Assumption> assumptions(const Run& run) {
  const Scenario& scenario = run.scenario;
  detail::Assumptions out;
  out.user("seed", std::to_string(scenario.seed));
  detail::assume_traffic(out, scenario);
  for (const DetectionPlan& plan : scenario.detections) detail::assume_detection(out, plan);
  out.append(assumptions(scenario.engine));
  detail::assume_world(out, scenario);
  detail::assume_services(out, run);
  detail::assume_faults(out, scenario);
  detail::assume_prices(out, scenario.prices);
  return out.take();
}

}  // namespace rushhour::scenario
