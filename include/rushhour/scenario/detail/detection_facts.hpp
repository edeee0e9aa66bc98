/// \file
/// What a scenario says of its detections, in words: all of it is the user's, and what it leaves out is what
/// the guide does.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/scenario/detail/assumption_list.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/detection_plan.hpp>

namespace rushhour::scenario::detail {

inline std::string_view strategy_text(detect::Strategy strategy) {
  constexpr std::array<std::string_view, 3> texts{"call_in_rule", "alert_context_only", "lookup_table"};
  return texts[static_cast<std::size_t>(strategy)];
}

inline std::string home_text(detect::CacheHome home) {
  return home == detect::CacheHome::rule_module ? "in the rule's module" : "in a helper module";
}

/// What it keeps, and what it does not ask.
inline void assume_thrift(Assumptions& out, const std::string& name,
                          const detect::EnrichmentOptions& options) {
  if (options.credentials_cache) {
    out.user(name + ".cache.credentials", home_text(options.credentials_cache->home) +
                                              ", until they expire, less " +
                                              rushhour::to_text(detect::credentials_renewal_margin));
  }
  if (options.secret_cache) {
    out.user(name + ".cache.secret",
             home_text(options.secret_cache->home) + ", " +
                 (options.secret_cache->ttl ? "for " + rushhour::to_text(*options.secret_cache->ttl)
                                            : "as long as the credentials"));
  }
  if (options.verdict_cache) {
    const detect::VerdictCacheOptions& cache = *options.verdict_cache;
    out.user(name + ".cache.verdicts",
             home_text(cache.home) + ", for " + rushhour::to_text(cache.ttl) + ", " +
                 std::to_string(cache.entries_max) + " entries" +
                 (cache.failure_ttl ? ", failures for " + rushhour::to_text(*cache.failure_ttl) : ""));
  }
  if (options.skip_private) out.user(name + ".skip_private", "true");
  if (options.calls_per_hour) {
    out.user(name + ".calls_per_hour", std::to_string(*options.calls_per_hour) + " for each container");
  }
}

inline void assume_detection(Assumptions& out, const DetectionPlan& plan) {
  const std::string name = "detections." + plan.name;
  if (plan.panther) {
    out.user(name + ".panther", plan.panther->rule + " of " + plan.panther->pack);
    return;
  }
  out.user(name + ".strategy", std::string{strategy_text(plan.strategy)});
  std::string match;
  for (const std::string& each : plan.match.event_names) match += (match.empty() ? "" : ", ") + each;
  out.user(name + ".match", plan.match.share ? decimal_text(*plan.match.share) + " of the events" : match);
  if (plan.strategy == detect::Strategy::lookup_table) {
    out.user(name + ".lookup_table", decimal_text(plan.lookup_table.coverage) +
                                         " of the addresses, refreshed every " +
                                         rushhour::to_text(plan.lookup_table.refresh));
  }
  assume_thrift(out, name, plan.enrichment);
  out.unless_user(
      name + ".data", plan.data == detect::DataAccess::index ? "index" : "deep_get", "deep_get",
      assumption_tags::documented,
      "Panther docs, Using AWS Secrets Manager with Panther Detections: deep_get(response, \"data\", "
      "\"attributes\")");
  std::string dedup;
  for (const std::string& each : plan.dedup) dedup += (dedup.empty() ? "" : ", ") + each;
  out.unless_user(name + ".dedup", dedup.empty() ? "the title" : dedup, "the title",
                  assumption_tags::documented,
                  "Panther docs, Writing Python detections: the title when there is no dedup()");
  if (!plan.customer.empty()) out.user(name + ".customer", plan.customer);
}

}  // namespace rushhour::scenario::detail
