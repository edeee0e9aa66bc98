/// \file
/// Reads one of a scenario's detections: what it looks at, what it keeps, and whose role it assumes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/event/path.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

inline MatchPlan read_match(Reader match, const Scenario& scenario) {
  MatchPlan plan;
  const auto share = match.find("share");
  const auto names = match.find("event_names");
  match.done();
  require_one(match.value(), "\"share\"", share.has_value(), "\"event_names\"", names.has_value());
  if (share) {
    plan.share = share->ratio();
    if (scenario.recorded) {
      share->fail(
          "\"event_names\" in place of a share: the number of recorded events is not known in advance");
    }
  } else {
    for (const Value& each : names->array({.min = 1})) plan.event_names.push_back(each.text());
  }
  return plan;
}

/// A time to live or the like: above zero, as what lives for no time is not kept.
inline constexpr DurationRange lifetime{.min = Duration{1}, .max = duration_max};
inline constexpr std::size_t cache_entries_max = 4'194'304;
inline constexpr std::uint64_t calls_per_hour_max = 1'000'000'000;

inline detect::CacheHome read_home(Reader& reader) {
  return reader.choice<detect::CacheHome>("home", {{"helper_module", detect::CacheHome::helper_module},
                                                   {"rule_module", detect::CacheHome::rule_module}});
}

inline detect::VerdictCacheOptions read_verdict_cache(Reader reader) {
  detect::VerdictCacheOptions cache{.home = read_home(reader)};
  cache.ttl = reader.duration("ttl", lifetime);
  cache.entries_max = reader.optional_integer<std::size_t>("entries", cache.entries_max,
                                                           {.min = 1, .max = cache_entries_max});
  if (const auto failures = reader.find("failures"))
    cache.failure_ttl = failures->duration({.min = lifetime.min, .max = cache.ttl});
  reader.done();
  return cache;
}

/// `{"credentials": {"home": "helper_module"}, "secret": {...}, "verdicts": {...}}`, at least one of them.
inline void read_caches(Reader reader, detect::EnrichmentOptions& options) {
  if (auto credentials = reader.optional_object("credentials")) {
    options.credentials_cache.emplace(detect::CredentialsCacheOptions{.home = read_home(*credentials)});
    credentials->done();
  }
  if (auto secret = reader.optional_object("secret")) {
    options.secret_cache.emplace(detect::SecretCacheOptions{.home = read_home(*secret)});
    if (const auto ttl = secret->find("ttl")) options.secret_cache->ttl = ttl->duration(lifetime);
    secret->done();
  }
  if (auto verdicts = reader.optional_object("verdicts"))
    options.verdict_cache = read_verdict_cache(std::move(*verdicts));
  reader.done();
  if (!options.credentials_cache && !options.secret_cache && !options.verdict_cache)
    reader.value().fail("at least one of \"credentials\", \"secret\" and \"verdicts\"");
}

/// What a detection may say of its calls; one that looks into a table makes none.
inline void read_calls(Reader& reader, DetectionPlan& plan) {
  const auto cache = reader.find("cache");
  const auto calls_per_hour = reader.find("calls_per_hour");
  const auto data = reader.find("data");
  if (plan.strategy == detect::Strategy::lookup_table) {
    for (const auto& of_calls : {cache, calls_per_hour, data}) {
      if (of_calls)
        of_calls->place().fail("no such key, as \"lookup_table\" makes no calls",
                               in_quotes(of_calls->node().key), "take it out, or choose another strategy");
    }
  }
  if (cache) read_caches(cache->object(), plan.enrichment);
  if (calls_per_hour)
    plan.enrichment.calls_per_hour =
        calls_per_hour->integer<std::uint64_t>({.min = 1, .max = calls_per_hour_max});
  if (data) {
    plan.data = data->choice<detect::DataAccess>(
        {{"deep_get", detect::DataAccess::deep_get}, {"index", detect::DataAccess::index}});
  }
}

/// `{"coverage": 0.9, "refresh": "24h"}`, with that strategy and only with it.
inline LookupTablePlan read_lookup_table(Reader& reader, detect::Strategy strategy) {
  LookupTablePlan plan;
  if (strategy != detect::Strategy::lookup_table) {
    if (const auto table = reader.find("lookup_table")) {
      table->place().fail("no such key without the strategy \"lookup_table\"", "\"lookup_table\"",
                          "write \"strategy\": \"lookup_table\", or take it out");
    }
    return plan;
  }
  Reader table{reader.at("lookup_table", R"({"coverage": 0.9, "refresh": "24h"})")};
  plan.coverage = table.ratio("coverage");
  plan.refresh = table.duration("refresh", lifetime);
  table.done();
  return plan;
}

/// Names of values, each once checked as the detection will read it.
inline std::vector<std::string> read_dedup(const Value& names) {
  std::vector<std::string> out;
  for (const Value& name : names.array({.min = 1})) {
    out.push_back(name.text());
    try {
      static_cast<void>(event::Path{out.back()});
    } catch (const InputError& error) {
      name.fail(error.mistake().expected);
    }
  }
  return out;
}

inline std::vector<std::string_view> customer_names(const fakes::PantherWorldOptions& world) {
  if (world.customers.empty()) return {fakes::only_customer_name};
  return names_of(world.customers);
}

/// `{"pack": "panther", "rule": "RuleID"}`. Whether the pack has the rule is seen when the run begins.
inline PackRulePlan read_pack_rule(Reader reader, const Scenario& scenario) {
  reader.require({{"pack", "\"panther\""}, {"rule", "\"Company.EnrichedSecretRead\""}});
  const Value pack = reader.at("pack");
  const Value rule = reader.at("rule");
  reader.done();
  PackRulePlan plan{.pack = beside(scenario.file, pack.text()), .rule = rule.text(), .place = rule.place()};
  if (!std::filesystem::is_directory(plan.pack)) {
    pack.place().fail("a folder of Panther rules", in_quotes(plan.pack) + ", which is none",
                      "paths begin in the scenario's own folder");
  }
  return plan;
}

/// A rule in Python says itself what it looks at and what it keeps.
inline void refuse_native_keys(Reader& reader) {
  for (const std::string_view key : {"strategy", "match", "cache", "calls_per_hour", "data", "skip_private",
                                     "lookup_table", "dedup", "customer"}) {
    if (const auto found = reader.find(key)) {
      found->place().fail("no such key beside \"panther\"", in_quotes(key),
                          "the rule's own code decides it: take it out");
    }
  }
}

/// \param scenario  with its traffic, its world and the detections before this one
inline DetectionPlan read_detection(Reader reader, const Scenario& scenario) {
  DetectionPlan plan;
  const Value name = reader.at("name", "\"...\"");
  plan.name = name.text();
  for (const DetectionPlan& other : scenario.detections) {
    if (other.name == plan.name) name.fail("a name that no other detection has");
  }
  if (const auto pack = reader.find("panther")) {
    refuse_native_keys(reader);
    plan.panther = read_pack_rule(pack->object(), scenario);
    reader.done();
    return plan;
  }
  plan.strategy = reader.choice<detect::Strategy>(
      "strategy", {{"call_in_rule", detect::Strategy::call_in_rule},
                   {"alert_context_only", detect::Strategy::alert_context_only},
                   {"lookup_table", detect::Strategy::lookup_table}});
  plan.match = read_match(reader.object("match"), scenario);
  read_calls(reader, plan);
  plan.lookup_table = read_lookup_table(reader, plan.strategy);
  plan.enrichment.skip_private = reader.optional_boolean("skip_private", false);
  if (const auto dedup = reader.find("dedup")) plan.dedup = read_dedup(*dedup);
  if (const auto customer = reader.find("customer")) {
    plan.customer = customer->text();
    require_word(*customer, plan.customer, customer_names(scenario.world));
  }
  reader.done();
  return plan;
}

}  // namespace rushhour::scenario::detail
