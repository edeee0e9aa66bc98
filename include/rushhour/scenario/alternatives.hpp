/// \file
/// For each thing that a run may take for granted without anybody having published it: what it might be
/// instead, as settings of the scenario, or why it has no switch. Adding one is a row. It runs nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/assumption.hpp>
#include <rushhour/scenario/setting.hpp>

namespace rushhour::scenario {

/// One assumption or several that one switch decides, and one alternative.
struct Flip {
  std::vector<Assumption> assumptions{};
  Setting setting{};
  std::string words{};  ///< what is otherwise: `refused calls use the quota up`

  friend bool operator==(const Flip&, const Flip&) = default;
};

/// An assumption that no setting changes.
struct NoSwitch {
  Assumption assumption{};
  std::string reason{};
};

struct Flips {
  std::vector<Flip> flips{};
  std::vector<NoSwitch> fixed{};
};

namespace detail {

struct Alternative {
  std::string_view name{};    ///< of the assumption; `*` is any text, and `$1` below is that text
  std::string_view path{};    ///< of the setting; empty: there is no switch
  std::string_view values{};  ///< with `|` between; `/10 /2 *2 *10`: of the number that is assumed
  std::string_view words{};   ///< what is otherwise, `$v` is the value; or why there is no switch
};

// The first row that fits counts. Where a page gives an alternative it is taken; where none does, half and
// twice, or a tenth and ten times of what could be anything.
inline constexpr auto alternatives = std::to_array<Alternative>({
    {"traffic.arrivals", "traffic.arrivals", "poisson|bursty|diurnal", "arrivals are $v"},
    {"traffic.users", "traffic.users", "/10|*10", "there are $v users"},
    {"traffic.user_exponent", "traffic.user_exponent", "1.0|1.2", "users act by an exponent of $v"},
    {"traffic.role_share", "traffic.role_share", "0.3|0.95", "$v of the users are roles"},
    {"traffic.session_names", "traffic.session_names", "1|*10", "a role has $v names of sessions"},
    {"traffic.addresses", "traffic.addresses", "/10|*10", "there are $v addresses of a class"},
    {"traffic.address_exponent", "traffic.address_exponent", "1.0|1.2",
     "addresses come by an exponent of $v"},
    {"traffic.secrets", "traffic.secrets", "/10|*10", "there are $v secrets"},
    {"traffic.secret_exponent", "traffic.secret_exponent", "0|1.2", "secrets are read by an exponent of $v"},
    {"traffic.user_agent_exponent", "traffic.user_agent_exponent", "1.2",
     "clients come by an exponent of $v"},
    {"traffic.sources.private_ipv4", "traffic.sources.private_ipv4", "0|0.2",
     "$v of the addresses are private"},
    {"traffic.sources.public_ipv6", "traffic.sources.public_ipv6", "0|0.2", "$v of the addresses are IPv6"},
    {"traffic.sources.service_name", "traffic.sources.service_name", "0|0.2",
     "$v of the calls are by AWS itself"},
    {"traffic.sources.missing", "traffic.sources.missing", "0|0.01", "$v of the events have no address"},
    {"traffic.event_names", "", "", "no published mix: `rushhour profile` reads yours"},
    {"traffic.on_damage", "traffic.on_damage", "fatal", "a damaged record ends the run"},
    {"traffic.rebase", "traffic.rebase", "false", "recorded events arrive when they were recorded"},
    {"traffic.delivery", "traffic.delivery", "{\"files\": {}}", "CloudTrail delivers files, minutes late"},
    {"traffic.secret_readers.*", "", "",
     "who reads is what the scenario is about: vary it by `rushhour matrix`"},
    {"documents.shape", "documents.shape", "filebeat", "Filebeat ships the documents"},
    {"documents.ingest_delay", "documents.ingest_delay", "30s", "documents are ingested $v later"},
    {"rules.*.ties", "rules.*.ties", "stable", "of several oldest documents always the same is found"},
    {"fleet.profile", "fleet", "{\"profile\": \"panther-oss-1.16\"}", "the engine is Panther's open one"},
    {"fleet.workers", "fleet.workers", "/2|*2", "there are $v workers"},
    {"fleet.workers.order", "", "", "the model has one order: the last idle first"},
    {"fleet.rule_timeout", "fleet.rule_timeout", "15s", "a rule is ended after $v"},
    {"fleet.rules_reload", "fleet.rules_reload", "none", "rules are imported once"},
    {"fleet.alert_context", "fleet.alert_context", "per_alert", "alert_context() is called once an alert"},
    {"fleet.alerts_written", "fleet.alerts_written", "at_once", "alerts leave at once"},
    {"fleet.dedup_window", "fleet.dedup_window", "15m|1d", "alerts are merged for $v"},
    {"fleet.dedup_window.anchor", "", "", "the model has one anchor: the first match"},
    {"fleet.event_cost", "fleet.event_cost", "1ms", "an event takes $v of compute time"},
    {"fleet.log_processor.flush_every", "fleet.log_processor.flush_every", "30s|5m",
     "objects are written every $v"},
    {"fleet.log_processor.object_events_max", "fleet.log_processor.object_events_max", "500",
     "objects are cut at $v events"},
    {"fleet.log_processor.processors", "fleet.log_processor.processors", "4",
     "$v log processors run side by side"},
    {"fleet.queue.visibility_timeout", "fleet.queue.visibility_timeout", "6h",
     "messages stay invisible for $v"},
    {"fleet.queue.receives_max", "fleet.queue.receives_max", "4", "messages are given up after $v receives"},
    {"fleet.queue.order", "", "", "the model has one order; a standard queue promises none"},
    {"fleet.poller.batch_size", "fleet.poller.batch_size", "1", "an invocation takes $v message"},
    {"fleet.poller.batch_window", "fleet.poller.batch_window", "0s", "a batch waits for $v"},
    {"fleet.poller.growth", "", "", "Lambda says how much a minute at most, not how"},
    {"fleet.lambda.timeout", "fleet.lambda.timeout", "5m", "an invocation ends after $v"},
    {"fleet.lambda.cold_start", "fleet.lambda.cold_start", "500ms|10s", "a cold start takes $v"},
    {"fleet.lambda.idle_lifetime", "fleet.lambda.idle_lifetime", "5m|45m",
     "an idle environment lives for $v"},
    {"fleet.lambda.reuse", "", "", "the model has one order: the last used first"},
    {"fleet.lambda.memory_mb", "fleet.lambda.memory_mb", "512|2048", "an environment has $v MB"},
    {"fleet.lambda.billing.cold_start", "", "", "it changes the bill alone"},
    {"world.region", "world.region", "eu-west-1", "the Region is $v"},
    {"world.engine_account", "world.engine_account", "\"555566667777\"", "the engine has another account"},
    {"world.customer_account", "world.customer_account", "\"888899990000\"",
     "the customer has another account"},
    {"world.registered", "world.registered", "false", "the role is not registered with the engine"},
    {"world.trusts_engine", "world.trusts_engine", "false", "the role does not trust the engine"},
    {"world.policy_covers_secret", "world.policy_covers_secret", "false", "the role may not read the secret"},
    {"world.latency.*", "world.latency.$1", "50ms|500ms", "an answer takes $v"},
    {"world.retry.virustotal", "world.retry.virustotal", "urllib3|standard",
     "calls to VirusTotal retry by $v"},
    {"world.retry.*.max_attempts", "", "", "the policy's own, of a policy without a source"},
    {"world.retry.*.cap", "", "", "the policy's own, of a policy without a source"},
    {"world.retry.*", "world.retry.$1", "legacy|standard|standard-2026", "clients retry by $v"},
    {"sts.endpoint", "world.sts.endpoint", "global", "calls go to STS's global endpoint"},
    {"world.secretsmanager.batch_counts_secrets", "world.secretsmanager.batch_counts_secrets", "true",
     "each secret of a batch counts as a read"},
    {"limit.virustotal.*.rejected_count", "world.virustotal.rejected_count", "true",
     "refused calls use VirusTotal's quota up"},
    {"limit.virustotal.*.algorithm", "world.virustotal.minute_window", "aligned",
     "VirusTotal counts minutes of the clock"},
    {"limit.secretsmanager.*.per_1s.algorithm", "world.secretsmanager.$1.refill", "continuous",
     "Secrets Manager's bucket fills steadily"},
    {"limit.secretsmanager.*.per_1s.burst", "world.secretsmanager.$1.burst", "/2|*2",
     "Secrets Manager takes $v calls at once"},
    {"limit.secretsmanager.*.per_1s", "world.secretsmanager.$1.limit_per_second", "/2|*2",
     "Secrets Manager takes $v calls a second"},
    {"limit.sts.*.per_1s.burst", "world.sts.$1.burst", "/2|*2", "STS takes $v calls at once"},
    {"limit.sts.*.per_1s", "world.sts.$1.limit_per_second", "/2|*2", "STS takes $v calls a second"},
    {"prices.month", "", "", "it changes the bill alone"},
});

/// What `*` stands for; nothing when the name does not fit. At most one `*`.
[[nodiscard]] inline std::optional<std::string> fitted_by(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name ? std::optional<std::string>{""} : std::nullopt;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  if (name.size() <= head.size() + tail.size() || !name.starts_with(head) || !name.ends_with(tail)) {
    return std::nullopt;
  }
  return std::string{name.substr(head.size(), name.size() - head.size() - tail.size())};
}

/// `/2` of `10,000 for the account` is 5000; at least 1. Other values are as they are.
[[nodiscard]] inline std::string value_from(std::string_view value, std::string_view assumed) {
  if (value.front() != '/' && value.front() != '*') return std::string{value};
  std::uint64_t number = 0;
  for (const char c : assumed) {
    if (c == ',') continue;
    if (c < '0' || c > '9') break;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  std::uint64_t factor = 0;
  for (const char c : value.substr(1)) factor = factor * 10 + static_cast<std::uint64_t>(c - '0');
  number = value.front() == '*' ? number * factor : number / factor;
  return std::to_string(number == 0 ? 1 : number);
}

/// Adds a flip, or the assumption to the one that has the same setting.
inline void add_flip(std::vector<Flip>& flips, const Assumption& assumption, Setting setting,
                     std::string words) {
  for (Flip& each : flips) {
    if (each.setting != setting) continue;
    each.assumptions.push_back(assumption);
    return;
  }
  flips.push_back({{assumption}, std::move(setting), std::move(words)});
}

}  // namespace detail

/// Whether nobody has published it: only such are flipped.
[[nodiscard]] inline bool is_doubtful(const Assumption& assumption) {
  return assumption.tag == assumption_tags::from_memory || assumption.tag == assumption_tags::choice;
}

/// Of those that are tagged MEM or CHOICE, in their order.
[[nodiscard]] inline Flips flips_of(const std::vector<Assumption>& assumptions) {
  Flips out;
  for (const Assumption& assumption : assumptions) {
    if (!is_doubtful(assumption)) continue;
    // `...@111122223333` is of one account among several; the switch is the same.
    const std::string_view name = std::string_view{assumption.name}.substr(0, assumption.name.find('@'));
    const detail::Alternative* row = nullptr;
    std::string star;
    for (const detail::Alternative& each : detail::alternatives) {
      if (const auto fitted = detail::fitted_by(each.name, name)) {
        row = &each;
        star = *fitted;
        break;
      }
    }
    if (row == nullptr || row->path.empty()) {
      out.fixed.push_back({assumption, row == nullptr ? "no alternative is known" : std::string{row->words}});
      continue;
    }
    std::string path{row->path};
    if (const std::size_t at = path.find("$1"); at != std::string::npos) path.replace(at, 2, star);
    for (std::string_view left = row->values; !left.empty();) {
      const std::size_t bar = std::min(left.find('|'), left.size());
      const std::string value = detail::value_from(left.substr(0, bar), assumption.value);
      left.remove_prefix(std::min(bar + 1, left.size()));
      if (value == assumption.value) continue;
      std::string words{row->words};
      if (const std::size_t at = words.find("$v"); at != std::string::npos) words.replace(at, 2, value);
      detail::add_flip(out.flips, assumption, {path, value}, std::move(words));
    }
  }
  return out;
}

}  // namespace rushhour::scenario
