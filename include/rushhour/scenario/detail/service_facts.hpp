/// \file
/// Where the numbers of clients and services come from: retries, timeouts, latencies and limits. Whether they
/// are used at all is read off what was called.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/limit/profiles.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/detail/assumption_list.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::scenario::detail {

// ---- Clients. ----

struct RetryFact {
  std::string_view policy{};
  std::string_view tag{};
  std::string_view source{};
};
inline constexpr auto retry_facts = std::to_array<RetryFact>({
    {"adaptive", assumption_tags::documented, "botocore 1.43.11, retries/adaptive.py"},
    {"legacy", assumption_tags::recorded,
     "botocore data/_retry.json; delays seen with the real client of botocore 1.43.67"},
    {"none", assumption_tags::documented, "requests: HTTPAdapter's Retry(0, read=False) makes one attempt"},
    {"standard", assumption_tags::recorded,
     "botocore retries/standard.py; delays seen with the real client of botocore 1.43.67"},
    {"standard-2026", assumption_tags::recorded,
     "AWS Developer Tools Blog, Announcing updated retry behavior for AWS SDKs and Tools; delays seen with "
     "the real "
     "client of botocore 1.43.67"},
    {"urllib3", assumption_tags::documented, "urllib3, util.Retry"},
});

inline void assume_retries(Assumptions& out, const Scenario& scenario, api::Service service) {
  const RetryPlan& plan = scenario.retries[static_cast<std::size_t>(service)];
  const std::string name = "world.retry." + std::string{api::to_text(service)};
  out.unless_user(name, plan.policy, RetryPlan{}.policy, assumption_tags::choice,
                  "the scenario names none: one attempt");
  const auto fact = std::find_if(retry_facts.begin(), retry_facts.end(),
                                 [&](const RetryFact& row) { return row.policy == plan.policy; });
  const std::string_view tag = fact == retry_facts.end() ? assumption_tags::choice : fact->tag;
  const std::string_view source = fact == retry_facts.end() ? "the policy's own" : fact->source;
  const std::string attempts = std::to_string(retry::make(plan.policy, plan.settings)->max_attempts());
  if (plan.settings.max_attempts) {
    out.user(name + ".max_attempts", attempts);
  } else {
    out.add(name + ".max_attempts", attempts, tag, source);
  }
  if (plan.settings.cap) {
    out.user(name + ".cap", rushhour::to_text(*plan.settings.cap));
  } else {
    out.add(name + ".cap", "the policy's own", tag, source);
  }
}

inline std::string timeout_text(const std::optional<Duration>& timeout) {
  return timeout ? rushhour::to_text(*timeout) : "none";
}

inline void assume_clients(Assumptions& out, const Scenario& scenario, api::Service service) {
  const auto at = static_cast<std::size_t>(service);
  const Scenario otherwise;
  out.unless_user("world.timeouts." + std::string{api::to_text(service)}, timeout_text(scenario.timeouts[at]),
                  timeout_text(otherwise.timeouts[at]), assumption_tags::documented,
                  service == api::Service::virustotal
                      ? "Requests, Advanced Usage: \"By default, requests do not time out\""
                      : "botocore Config reference: read_timeout, 60 seconds by default");
  assume_retries(out, scenario, service);
}

// ---- Services. ----

inline std::string latency_text(const api::Latency& latency) {
  switch (latency.kind) {
    case api::Latency::Kind::fixed:
      return rushhour::to_text(latency.low);
    case api::Latency::Kind::uniform:
      return "uniform from " + rushhour::to_text(latency.low) + " to " + rushhour::to_text(latency.high);
    case api::Latency::Kind::exponential:
      return rushhour::to_text(latency.low) + " plus exponential of mean " + rushhour::to_text(latency.high);
  }
  return {};
}

/// What a row's `make` does, in words.
struct AlgorithmText {
  std::unique_ptr<limit::Limiter> (*make)(const limit::Profile&);
  std::string_view text;
};
inline constexpr auto algorithm_texts = std::to_array<AlgorithmText>({
    {&limit::profiles::token_bucket, "token bucket, refilled continuously"},
    {&limit::profiles::discrete_token_bucket, "token bucket, refilled every second"},
    {&limit::profiles::gcra, "GCRA"},
    {&limit::profiles::overdraft_bucket, "token bucket that may be overdrawn"},
    {&limit::profiles::fixed_window, "window of the UTC clock"},
    {&limit::profiles::sliding_log, "sliding window"},
    {&limit::profiles::sliding_counter, "sliding window, weighted"},
});
inline std::string algorithm_text(const limit::Profile& row) {
  for (const AlgorithmText& each : algorithm_texts) {
    if (each.make == row.make) return std::string{each.text};
  }
  return "of the caller's own";
}

/// `per_1s`, `per_utc_day`, `per_utc_month`.
inline std::string window_name(const limit::Profile& row) {
  if (row.calendar_month) return "per_utc_month";
  if (row.window == std::chrono::days{1}) return "per_utc_day";
  return "per_" + rushhour::to_text(row.window);
}

/// The published row that this one is, or was before the user changed it; null when there is none.
inline const limit::Profile* published_row(const limit::Profile& row) {
  const auto found = std::find_if(
      limit::profiles::published.begin(), limit::profiles::published.end(), [&](const limit::Profile& each) {
        return each.service == row.service && each.group == row.group && each.window == row.window &&
               each.calendar_month == row.calendar_month;
      });
  return found == limit::profiles::published.end() ? nullptr : &*found;
}

inline void assume_algorithm(Assumptions& out, const std::string& name, const limit::Profile& row,
                             const limit::Profile* published) {
  if (published != nullptr && published->make != row.make) return out.user(name, algorithm_text(row));
  const bool windows_reset = row.make == &limit::profiles::fixed_window && row.service == "virustotal";
  if (row.service == "sts") {
    out.add(name, algorithm_text(row), assumption_tags::documented,
            "AWS Security Blog, How to monitor and query IAM resources at scale, part 2");
  } else if (windows_reset) {
    out.add(name, algorithm_text(row), assumption_tags::documented,
            "VirusTotal, Consumption quotas: resets at 00:00 UTC");
  } else {
    out.add(name, algorithm_text(row), assumption_tags::choice,
            row.service == "secretsmanager" ? "unpublished: as STS" : "unpublished: the stricter reading");
  }
}

/// The window's own number, and what the algorithm makes of it.
inline void assume_limit(Assumptions& out, const limit::Profile& row, std::string_view account) {
  std::string name =
      "limit." + std::string{row.service} + "." + std::string{row.group} + "." + window_name(row);
  const std::string value = amount_text({row.limit, 1}) + " for " + std::string{row.scope};
  if (const Assumption* const known = out.find(name)) {
    if (known->value == value) return;  // another account's, and the same
    name += "@" + std::string{account};
    if (out.find(name) != nullptr) return;
  }
  const limit::Profile* const published = published_row(row);
  const bool as_published =
      published != nullptr && published->limit == row.limit && published->source == row.source;
  out.add(name, value, as_published ? to_text(row.evidence) : assumption_tags::user, row.source);
  assume_algorithm(out, name + ".algorithm", row, published);
  const bool is_window = row.make == &limit::profiles::fixed_window ||
                         row.make == &limit::profiles::sliding_log ||
                         row.make == &limit::profiles::sliding_counter;
  if (is_window) {
    out.unless_user(name + ".rejected_count", row.rejected_count ? "true" : "false", "false",
                    assumption_tags::choice, "whether refused calls use the quota up is unpublished");
  } else {
    out.unless_user(name + ".burst", amount_text({row.burst == 0 ? row.limit : row.burst, 1}),
                    amount_text({row.limit, 1}), assumption_tags::choice,
                    "unpublished: as many as the limit");
  }
  if (row.make == &limit::profiles::overdraft_bucket) out.user(name + ".lag", rushhour::to_text(row.lag));
  if (row.used > 0) out.user(name + ".used", amount_text({row.used, 1}) + " at " + to_iso8601(row.used_at));
}

inline void assume_endpoint(Assumptions& out, const Scenario& scenario) {
  const bool is_global = scenario.world.world.sts_endpoint == fakes::StsEndpoint::global;
  out.unless_user("sts.endpoint", is_global ? "global" : "regional", "regional", assumption_tags::choice,
                  "as AWS recommends; the global endpoint has a quota of its own, charged to "
                  "ACCOUNT/aws-global (AWS Security Blog 2025)");
}

/// Where there are batches, or would be.
inline void assume_batches(Assumptions& out, const Run& run) {
  const bool counts = run.scenario.batch_counts_secrets;
  if (!counts && run.meters->find("secretsmanager:BatchGetSecretValue") == nullptr) return;
  out.unless_user("world.secretsmanager.batch_counts_secrets", counts ? "true" : "false", "false",
                  assumption_tags::choice, "whether a batch's secrets are reads too is not stated");
}

inline std::string capacity_text(const fakes::TableCapacity& capacity) {
  const bool is_provisioned = capacity.billing == fakes::BillingMode::provisioned;
  std::string out = is_provisioned ? "provisioned" : "on demand";
  out += ", " + amount_text({capacity.read_units, 1}) + " read and " +
         amount_text({capacity.write_units, 1}) + " write units a second, a partition " +
         amount_text({capacity.partition_read_units, 1}) + " and " +
         amount_text({capacity.partition_write_units, 1});
  if (is_provisioned) out += ", a burst of " + rushhour::to_text(Duration{capacity.provisioned_burst});
  return out;
}

inline void assume_tables(Assumptions& out, const Scenario& scenario) {
  const fakes::DynamoDbOptions defaults;
  out.unless_user("world.dynamodb.ttl_lag", rushhour::to_text(scenario.world.world.dynamodb.ttl_lag),
                  rushhour::to_text(defaults.ttl_lag), assumption_tags::recorded,
                  "panther-analysis, pull request 725: half an hour in practice; Amazon DynamoDB Developer "
                  "Guide: within two days");
  for (const fakes::NewTable& table : scenario.world.tables) {
    out.unless_user("world.dynamodb." + table.name + ".capacity", capacity_text(table.capacity),
                    capacity_text({}), assumption_tags::documented,
                    "Amazon DynamoDB Developer Guide, On-demand capacity mode: what a new table sustains; "
                    "Designing partition keys");
  }
}

inline void assume_service(Assumptions& out, const Run& run, api::Service service) {
  assume_clients(out, run.scenario, service);
  for (const api::Operation* operation : all_operations()) {
    if (operation->service != service || run.meters->find(api::to_text(*operation)) == nullptr) continue;
    out.unless_user("world.latency." + api::to_text(*operation),
                    latency_text(run.scenario.latencies.of(*operation)), latency_text({}),
                    assumption_tags::choice, "the scenario gives none: answers take no time");
  }
  for (const measure::Charge& charge : run.meters->charges()) {
    const std::string_view account = run.world->world.ledger.names().text(charge.account);
    for (const limit::Profile& row : charge.rows) {
      if (row.service == api::to_text(service)) assume_limit(out, row, account);
    }
  }
  if (service == api::Service::sts) assume_endpoint(out, run.scenario);
  if (service == api::Service::secretsmanager) assume_batches(out, run);
  if (service == api::Service::dynamodb) assume_tables(out, run.scenario);
}

/// Of the services that were called, and of all clients where any was.
inline void assume_services(Assumptions& out, const Run& run) {
  bool any = false;
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    if (run.meters->find(api::to_text(service)) == nullptr) continue;
    any = true;
    assume_service(out, run, service);
  }
  if (!any) return;
  out.unless_user(
      "world.clients", run.scenario.clients_per_call ? "per_call" : "memoised", "per_call",
      assumption_tags::documented,
      "Panther docs, Using AWS Secrets Manager with Panther Detections: its helper makes a client for "
      "each call");
}

}  // namespace rushhour::scenario::detail
