/// \file
/// Reads a scenario's traffic: synthetic or recorded events, when they happen, and how they are delivered.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include <rushhour/event/traffic/burst_arrivals.hpp>
#include <rushhour/event/traffic/bursty_arrivals.hpp>
#include <rushhour/event/traffic/diurnal_arrivals.hpp>
#include <rushhour/event/traffic/shaped_arrivals.hpp>
#include <rushhour/scenario/detail/read_readers.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

inline event::traffic::SourceShares read_sources(Reader reader) {
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

/// Of rates: numbers up to 1000, as the arrival processes take them.
inline Ratio read_factor(Reader& reader, std::string_view key, Ratio otherwise, RatioRange range) {
  const auto value = reader.find(key);
  if (!value) return otherwise;
  const Ratio factor = value->ratio(range).reduced();
  if (factor.numerator > 1'000 || factor.denominator > 1'000) value->fail("a ratio of numbers up to 1000");
  return factor;
}

inline ArrivalsPlan read_diurnal(Reader reader) {
  event::traffic::DiurnalOptions options;
  options.peak_to_trough =
      read_factor(reader, "peak_to_trough", options.peak_to_trough, {.min = {1, 1}, .max = {1'000, 1}});
  options.peak = reader.optional_duration("peak", options.peak, {.max = std::chrono::days{1} - Duration{1}});
  reader.done();
  return {.text = "diurnal: " + decimal_text(options.peak_to_trough) +
                  " times the trough's rate at the peak, " + to_text(options.peak) + " after midnight UTC",
          .process = event::traffic::diurnal_arrivals(options)};
}

inline ArrivalsPlan read_bursty(Reader reader) {
  event::traffic::MmppOptions options;
  constexpr DurationRange lengths{.min = std::chrono::milliseconds{1}, .max = std::chrono::hours{12}};
  options.calm_to_burst =
      read_factor(reader, "calm_to_burst", options.calm_to_burst, {.min = {0, 1}, .max = {1, 1}});
  options.calm = reader.optional_duration("calm", options.calm, lengths);
  options.burst = reader.optional_duration("burst", options.burst, lengths);
  reader.done();
  return {.text = "bursty (MMPP2): calm " + to_text(options.calm) + " and bursts of " +
                  to_text(options.burst) + " on average, the calm rate " +
                  decimal_text(options.calm_to_burst) + " of a burst's",
          .process = event::traffic::bursty_arrivals(options)};
}

inline ArrivalsPlan read_burst(Reader reader, Duration duration) {
  event::traffic::BurstOptions options;
  const Value from = reader.at("from", "\"20m\"");
  options.from = from.duration({.max = duration - std::chrono::seconds{1}});
  options.lasting =
      reader.duration("for", {.min = std::chrono::milliseconds{1}, .max = duration - options.from});
  options.factor = read_factor(reader, "factor", options.factor, {.min = {1, 1'000}, .max = {1'000, 1}});
  reader.done();
  return {.text = "constant, but " + decimal_text(options.factor) + " times the rate from " +
                  to_text(options.from) + " on for " + to_text(options.lasting),
          .process = event::traffic::burst_arrivals(options)};
}

inline ArrivalsPlan read_shape(const std::vector<Value>& values) {
  std::vector<std::uint64_t> weights;
  bool any = false;
  for (const Value& value : values) {
    weights.push_back(value.integer({.max = event::traffic::ShapedArrivals::weight_max}));
    any |= weights.back() > 0;
  }
  if (!any) values.front().fail("a weight above 0 somewhere in the shape");
  return {.text = "shaped by " + std::to_string(weights.size()) + " weights over the duration",
          .process = event::traffic::shaped_arrivals(std::move(weights))};
}

/// A word, or `{"burst": {"from": "20m", "for": "5m", "factor": 10}}` and the like.
inline ArrivalsPlan read_arrivals(const Value& value, Duration duration) {
  if (!value.is(Node::Kind::object)) {
    return value.choice<ArrivalsPlan>(
        {{"constant", {}},
         {"poisson", {.text = "Poisson", .process = event::traffic::poisson_arrivals()}},
         {"diurnal", {.text = "diurnal", .process = event::traffic::diurnal_arrivals()}},
         {"bursty", {.text = "bursty (MMPP2)", .process = event::traffic::bursty_arrivals()}}});
  }
  Reader reader = value.object();
  auto diurnal = reader.optional_object("diurnal");
  auto bursty = reader.optional_object("bursty");
  auto burst = reader.optional_object("burst");
  const std::vector<Value> shape =
      reader.optional_array("shape", {.min = 1, .max = event::traffic::ShapedArrivals::weights_max});
  reader.done();
  if ((diurnal ? 1 : 0) + (bursty ? 1 : 0) + (burst ? 1 : 0) + (shape.empty() ? 0 : 1) != 1) {
    value.fail("one of \"diurnal\", \"bursty\", \"burst\" and \"shape\"");
  }
  if (!shape.empty()) return read_shape(shape);
  if (diurnal) return read_diurnal(std::move(*diurnal));
  if (bursty) return read_bursty(std::move(*bursty));
  return read_burst(std::move(*burst), duration);
}

/// How long after its events a CloudTrail file is delivered: one duration, or quantiles.
inline void read_lateness(const Value& value, event::traffic::FileDeliveryOptions& options) {
  constexpr DurationRange range{.max = std::chrono::days{1}};
  if (!value.is(Node::Kind::object)) {
    options.fixed_lateness = value.duration(range);
    return;
  }
  Reader reader = value.object();
  event::traffic::LatenessQuantiles& late = options.lateness;
  Duration before{};
  const auto read = [&](std::string_view key, Duration& quantile) {
    quantile = reader.optional_duration(
        key, quantile, {.min = before + std::chrono::milliseconds{1}, .max = std::chrono::days{1}});
    if (quantile <= before) value.fail("quantiles that grow, with the defaults of those left out");
    before = quantile;
  };
  read("p10", late.p10);
  read("p50", late.p50);
  read("p90", late.p90);
  read("p99", late.p99);
  read("max", late.max);
  reader.done();
}

/// `"immediate"`, or `{"files": {"every": "5m", "lateness": "2m"}}`.
inline std::optional<event::traffic::FileDeliveryOptions> read_delivery(const Value& value) {
  if (!value.is(Node::Kind::object)) {
    static_cast<void>(value.text({"immediate"}));
    return std::nullopt;
  }
  Reader reader = value.object();
  Reader files = reader.object("files");
  reader.done();
  event::traffic::FileDeliveryOptions options;
  options.mark = files.optional_duration("every", options.mark,
                                         {.min = std::chrono::seconds{1}, .max = std::chrono::days{1}});
  if (const auto lateness = files.find("lateness")) read_lateness(*lateness, options);
  files.done();
  return options;
}

inline void read_synthetic(Reader& traffic, Scenario& scenario) {
  event::traffic::SyntheticCloudTrailOptions& options = scenario.synthetic;
  scenario.events = traffic.integer("events", {.min = 1, .max = events_max});
  if (const auto arrivals = traffic.find("arrivals")) {
    scenario.arrivals = read_arrivals(*arrivals, scenario.duration);
  }
  options.arrivals = scenario.arrivals.process;
  constexpr IntegerRange<std::uint32_t> counts{.min = 1, .max = 1U << 22};
  constexpr RatioRange exponents{.min = {0, 1}, .max = {4, 1}};
  options.users = traffic.optional_integer<std::uint32_t>("users", options.users, counts);
  options.user_exponent = traffic.optional_ratio("user_exponent", options.user_exponent, exponents);
  options.role_share = traffic.optional_ratio("role_share", options.role_share);
  options.session_names =
      traffic.optional_integer<std::uint32_t>("session_names", options.session_names, counts);
  options.addresses = traffic.optional_integer<std::uint32_t>("addresses", options.addresses, counts);
  for (const auto& [key, number] : {std::pair{"private_addresses", &options.private_addresses},
                                    std::pair{"ipv6_addresses", &options.ipv6_addresses}}) {
    if (const auto value = traffic.find(key)) *number = value->integer(counts);
  }
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

inline RecordedTraffic read_recorded(Reader& traffic, const std::filesystem::path& folder) {
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

inline void read_traffic(Reader traffic, const Overrides& overrides, Scenario& scenario) {
  if (const auto recorded = traffic.find("recorded")) {
    if (overrides.events)
      recorded->fail("synthetic events, whose number can be given", "leave --events away");
    scenario.recorded = read_recorded(traffic, std::filesystem::path{scenario.file}.parent_path());
  } else if (auto readers = traffic.optional_object("secret_readers")) {
    if (overrides.events)
      readers->value().fail("synthetic events, whose number can be given", "leave --events away");
    scenario.secret_readers = read_secret_readers(std::move(*readers), scenario);
  } else {
    read_synthetic(traffic, scenario);
    scenario.events = overrides.events.value_or(scenario.events);
    if (auto history = traffic.optional_object("history"))
      scenario.history = read_history(std::move(*history), scenario.synthetic);
  }
  if (const auto delivery = traffic.find("delivery")) scenario.files = read_delivery(*delivery);
  for (const Value& delay : traffic.optional_array("late"))
    scenario.delays.push_back(read_delay(delay.object(), scenario));
  traffic.done();
}

}  // namespace rushhour::scenario::detail
