/// \file
/// Faults, limits and keys as JSON, for the lists of admin.hpp and for the page, which shows them all. Used
/// by admin.hpp only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/stub_conditions.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/limit/limiter.hpp>

namespace rushhour::fakes::detail {

/// The last segment of the path as a number; nothing when it is none.
[[nodiscard]] inline std::optional<std::uint64_t> number_in(const http::Request& request) {
  std::uint64_t out = 0;
  const std::string_view path = request.path();
  if (!read_number(path.substr(path.rfind('/') + 1), out)) return std::nullopt;
  return out;
}
[[nodiscard]] inline http::Response removed(std::uint64_t count) {
  return admin_answer(JsonObject{}.integer("removed", count));
}
[[nodiscard]] inline http::Response added(const std::vector<std::uint64_t>& ids) {
  std::string list = "[";
  for (const std::uint64_t id : ids) {
    if (list.size() > 1) list += ',';
    list += std::to_string(id);
  }
  return admin_answer(JsonObject{}.raw("added", list + "]"));
}

/// What a fault answers, in a scenario's words.
[[nodiscard]] inline std::string fault_answer_json(const Fault& fault) {
  switch (fault.failure.outcome) {
    case Outcome::reset:
      return json_text("reset");
    case Outcome::timeout:
      return json_text("hang");
    case Outcome::ok:
      return JsonObject{}.text("delay", to_text(fault.delay)).json();
    default:
      break;
  }
  JsonObject out;
  out.integer("status", static_cast<std::uint64_t>(fault.failure.status));
  if (!fault.failure.code.empty()) out.text("code", fault.failure.code);
  return out.text("message", fault.failure.message).json();
}

[[nodiscard]] inline std::vector<std::string> faults_json(const Faults& faults) {
  std::vector<std::string> out;
  faults.for_each([&out](std::uint64_t id, const Fault& fault) {
    JsonObject object;
    object.integer("id", id).text("service", fault.service);
    if (!fault.operation.empty()) object.text("operation", fault.operation);
    object.raw("answer", fault_answer_json(fault));
    object.text("share",
                std::to_string(fault.share.numerator) + "/" + std::to_string(fault.share.denominator));
    object.text("from", to_iso8601(fault.from, Precision::milliseconds));
    if (fault.lasting < Instant::max() - fault.from)
      object.text("until", to_iso8601(fault.from + fault.lasting, Precision::milliseconds));
    out.push_back(object.json());
  });
  return out;
}

/// `minute`, `day` and `month` for the windows that VirusTotal has; of others their length.
[[nodiscard]] inline std::string window_name(const limit::Rate& rate) {
  if (rate.calendar_month) return "month";
  if (rate.window == std::chrono::minutes{1}) return "minute";
  if (rate.window == std::chrono::days{1}) return "day";
  return to_text(rate.window);
}

/// When a window of the UTC calendar is over; nothing for those that slide or refill.
[[nodiscard]] inline std::optional<Instant> window_end(const limit::Rate& rate, Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (rate.calendar_month) {
    const std::chrono::year_month_day date{today};
    return Instant{std::chrono::sys_days{(date.year() / date.month() + std::chrono::months{1}) / 1}};
  }
  if (rate.window == std::chrono::days{1}) return Instant{today + std::chrono::days{1}};
  return std::nullopt;
}

/// One limit and what is left of it. `remaining` is null where any number of calls would pass.
[[nodiscard]] inline std::string level_json(const limit::Level& level, Instant now) {
  JsonObject out;
  out.text("window", window_name(level.rate)).text("rate", limit::to_text(level.rate));
  out.integer("limit", level.rate.limit).integer("burst", level.rate.burst);
  out.raw("remaining", level.remaining == UINT64_MAX ? "null" : std::to_string(level.remaining));
  const std::uint64_t most = std::max(level.rate.limit, level.rate.burst);
  if (level.remaining != UINT64_MAX) out.integer("used", most - std::min(level.remaining, most));
  if (const auto end = window_end(level.rate, now))
    out.text("resets_at", to_iso8601(*end, Precision::seconds));
  return out.json();
}
[[nodiscard]] inline std::string levels_json(const limit::Limiter* limiter, Instant now) {
  std::vector<std::string> out;
  if (limiter != nullptr) {
    for (const auto levels = limiter->levels(now); const limit::Level& level : levels)
      out.push_back(level_json(level, now));
  }
  return json_lines(out);
}

/// Every limiter that a call has reached.
[[nodiscard]] inline std::vector<std::string> limits_json(World& world, Instant now) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    world.service(service).quotas().for_each(
        [&](Name account, const limit::Profile& row, const limit::Limiter& limiter) {
          const Instant next = limiter.next_admission(now);
          JsonObject object;
          object.text("service", api::to_text(service)).text("group", row.group);
          object.text("account", world.ledger.names().text(account)).text("scope", row.scope);
          object.text("operations", row.operations).raw("levels", levels_json(&limiter, now));
          object.boolean("admits", next <= now);
          if (next > now && next < Instant::max())
            object.text("next_admission", to_iso8601(next, Precision::nanoseconds));
          out.push_back(object.json());
        });
  }
  return out;
}

/// The limiter that a key's calls are charged to; null: it has no limits.
[[nodiscard]] inline const limit::Limiter* limiter_of(World& world, const VirusTotalKey& key) {
  return world.virustotal.quotas().find(world.ledger.names().intern(key.name),
                                        api::operation_of<api::virustotal::GetIpAddress>);
}

/// \param is_revealed  the key is told whole, and not only its ends
[[nodiscard]] inline std::string key_json(World& world, const VirusTotalKey& key, Instant now,
                                          bool is_revealed) {
  JsonObject out;
  out.text("name", key.name).text("key", is_revealed ? key.key : masked(key.key));
  out.text("kind", key.is_public() ? "public" : "premium");
  if (!key.group.empty()) out.text("group", key.group);
  return out.raw("quota", levels_json(limiter_of(world, key), now)).json();
}

}  // namespace rushhour::fakes::detail
