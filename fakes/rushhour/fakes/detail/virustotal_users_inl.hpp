/// \file
/// Bodies of virustotal.hpp: users, what is left of their quotas, and what they called.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_elements.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal.hpp>

namespace rushhour::fakes {

namespace detail {

/// An allowance that no limit bounds. [CHOICE]
inline constexpr std::uint64_t unlimited_calls = 1'000'000'000;

struct Allowance {
  std::uint64_t allowed{unlimited_calls};
  std::uint64_t used{};
};

/// What the limits of a key or group allow in an hour, a day and a month, and what is used of it.
struct Allowances {
  Allowance hourly{};
  Allowance daily{};
  Allowance monthly{};
};

/// There is no counter for the minute: `api_requests_hourly` is the minute's limit times 60 [REC]. Days and
/// months are told by their limiters, which know what was used before the world began.
[[nodiscard]] inline Allowances allowances_of(limit::Limiter* limiter, VirusTotalUsage::Charged charged,
                                              Instant now) {
  Allowances out{
      .hourly = {.used = charged.hour}, .daily = {.used = charged.day}, .monthly = {.used = charged.month}};
  if (limiter == nullptr) return out;
  for (const limit::Level& level : limiter->levels(now)) {
    if (level.rate.calendar_month) {
      out.monthly = {level.rate.limit, level.rate.limit - level.remaining};
    } else if (level.rate.window == std::chrono::days{1}) {
      out.daily = {level.rate.limit, level.rate.limit - level.remaining};
    } else if (level.rate.window == std::chrono::minutes{1}) {
      out.hourly.allowed = level.rate.limit * 60;
    }
  }
  return out;
}

[[nodiscard]] inline std::string allowance_json(const Allowance& of) {
  return JsonObject{}.integer("allowed", of.allowed).integer("used", of.used).json();
}

/// `20260302`; nothing when it is no date.
[[nodiscard]] inline std::optional<std::chrono::sys_days> read_date(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  std::string iso{text.substr(0, 4)};
  iso += '-';
  iso += text.substr(4, 2);
  iso += '-';
  iso += text.substr(6, 2);
  const auto instant = parse_iso8601(iso + "T00:00:00Z");
  if (!instant) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*instant);
}

/// Calls by the endpoint's name in api_usage; users and their quotas are in none.
using CallsByName = std::map<std::string, std::uint64_t, std::less<>>;

template <class... Ops>
void add_calls(CallsByName& out, const VirusTotalUsage::Day& day, api::Operations<Ops...> /*operations*/) {
  constexpr std::array<std::string_view, 4> untold{"users", "overall_quotas", "api_usage", "groups"};
  const auto add = [&](const api::Operation& operation) {
    const std::uint64_t count = day.answers[operation.index];
    const bool is_told = std::ranges::find(untold, operation.name) == untold.end();
    if (count > 0 && is_told) out[std::string{operation.name}] += count;
  };
  (add(api::operation_of<Ops>), ...);
}

[[nodiscard]] inline std::string calls_json(const CallsByName& calls) {
  JsonObject out;
  for (const auto& [name, count] : calls) out.integer(name, count);
  return out.json();
}

}  // namespace detail

RUSHHOUR_INLINE Result<const VirusTotalKey*> VirusTotal::own_key(std::string_view id,
                                                                 const Caller& caller) const {
  for (const VirusTotalKey& key : known_keys_) {
    if (key.name != id && key.key != id) continue;
    if (keys_.contains(key.key) && keys_.find(key.key)->second == caller.account) return &key;
    return detail::forbidden();
  }
  return detail::object_not_found("User", id);
}

/// \param is_flat  as in the attribute of a user: `{"api_requests_daily":{"allowed":500,"used":1}}`
RUSHHOUR_INLINE std::string VirusTotal::quotas_text(const VirusTotalKey& key, Instant now, bool is_flat) {
  const api::Operation& charged = api::operation_of<api::virustotal::GetIpAddress>;
  const Name account = ledger().names().intern(key.name);
  const detail::Allowances own =
      detail::allowances_of(quotas().find(account, charged), usage_.charged(account, now), now);
  std::optional<detail::Allowances> group;
  if (!key.group.empty()) {
    VirusTotalUsage::Charged sum;
    for (const VirusTotalKey& member : known_keys_) {
      if (member.group != key.group) continue;
      const auto part = usage_.charged(ledger().names().intern(member.name), now);
      sum = {sum.hour + part.hour, sum.day + part.day, sum.month + part.month};
    }
    group = detail::allowances_of(quotas().find(account_of_group(key.group), charged), sum, now);
  }
  detail::JsonObject out;
  const auto add = [&](std::string_view name, const detail::Allowance& user,
                       const detail::Allowance* shared) {
    if (is_flat) {
      out.raw(name, detail::allowance_json(user));
      return;
    }
    detail::JsonObject both;
    both.raw("user", detail::allowance_json(user));
    if (shared != nullptr) {
      both.raw("group", detail::JsonObject{}
                            .integer("allowed", shared->allowed)
                            .text("inherited_from", key.group)
                            .integer("used", shared->used)
                            .json());
    }
    out.raw(name, both.json());
  };
  add("api_requests_hourly", own.hourly, group ? &group->hourly : nullptr);
  add("api_requests_daily", own.daily, group ? &group->daily : nullptr);
  add("api_requests_monthly", own.monthly, group ? &group->monthly : nullptr);
  // What the fake counts none of: a public key has none, a premium one as many as it likes. [CHOICE]
  const detail::Allowance premium{.allowed = key.is_public() ? 0 : detail::unlimited_calls};
  for (const std::string_view name :
       {"intelligence_searches_monthly", "intelligence_downloads_monthly", "private_scans_per_minute"}) {
    add(name, premium, nullptr);
  }
  return out.json();
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetUser& request,
                                                                 const Caller& caller, Instant now) {
  const auto key = own_key(request.id, caller);
  if (!key.ok()) return key.failure();
  const VirusTotalKey& user = **key;
  const std::string since =
      std::to_string(detail::epoch_seconds(options_.report_date) - std::int64_t{365} * 86'400);
  const auto privilege = [](bool is_granted) {
    return detail::JsonObject{}
        .raw("expiration_date", "null")
        .boolean("granted", is_granted)
        .raw("inherited_from", "null")
        .raw("inherited_via", "null")
        .json();
  };
  const std::string attributes = detail::JsonObject{}
                                     .text("apikey", user.key)
                                     .text("email", "user@example.com")
                                     .text("first_name", user.name)
                                     .boolean("has_2fa", false)
                                     .raw("last_login", std::to_string(detail::epoch_seconds(now)))
                                     .text("last_name", "")
                                     .raw("preferences", "{}")
                                     .raw("privileges", detail::JsonObject{}
                                                            .raw("intelligence", privilege(!user.is_public()))
                                                            .raw("private", privilege(!user.is_public()))
                                                            .json())
                                     .text("profile_phrase", "")
                                     .raw("quotas", quotas_text(user, now, true))
                                     .raw("reputation", "1")
                                     .text("status", "active")
                                     .raw("user_since", since)
                                     .json();
  return Document{detail::data_json(detail::object_json("user", user.name, "users", attributes))};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::GetOverallQuotas& request, const Caller& caller, Instant now) {
  const auto key = own_key(request.id, caller);
  if (!key.ok()) return key.failure();
  return Document{detail::data_json(quotas_text(**key, now, false))};
}

/// The last 30 days unless said; 60 are kept; more than 30 at a time are refused [DOC]. Days on which nothing
/// was answered are there, and empty [CHOICE], as are the texts of refusals.
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetApiUsage& request,
                                                                 const Caller& caller, Instant now) {
  using std::chrono::days;
  const auto key = own_key(request.id, caller);
  if (!key.ok()) return key.failure();
  const auto today = std::chrono::floor<days>(now);
  const auto end = request.end_date.empty() ? std::optional{today} : detail::read_date(request.end_date);
  if (!end) return detail::invalid_argument("end_date should be YYYYMMDD");
  const auto start =
      request.start_date.empty() ? std::optional{*end - days{29}} : detail::read_date(request.start_date);
  if (!start) return detail::invalid_argument("start_date should be YYYYMMDD");
  if (*start > *end) return detail::invalid_argument("start_date should not be after end_date");
  if (*end - *start > days{30}) return detail::invalid_argument("The range should not exceed 30 days");
  const auto kept = usage_.days(caller.account, now);
  detail::CallsByName total;
  detail::JsonObject daily;
  for (auto date = *start; date <= *end; date += days{1}) {
    detail::CallsByName calls;
    for (const VirusTotalUsage::Day& day : kept) {
      if (day.date != date) continue;
      detail::add_calls(calls, day, api::OperationsOf<api::Service::virustotal>::Type{});
    }
    daily.raw(to_iso8601(date).substr(0, 10), detail::calls_json(calls));
    for (const auto& [name, count] : calls) total[name] += count;
  }
  const std::string data =
      detail::JsonObject{}.raw("daily", daily.json()).raw("total", detail::calls_json(total)).json();
  return Document{detail::data_json(data)};
}

/// Its members only; others are refused [CHOICE].
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetGroup& request,
                                                                 const Caller& caller, Instant now) {
  const VirusTotalKey* const key = find_key(user_of(caller));
  const auto group = std::ranges::find(groups_, request.id, &VirusTotalGroup::name);
  if (group == groups_.end()) return detail::object_not_found("Group", request.id);
  if (key == nullptr || key->group != request.id) return detail::forbidden();
  const detail::Allowances all = detail::allowances_of(
      quotas().find(account_of_group(group->name), api::operation_of<api::virustotal::GetIpAddress>), {},
      now);
  const std::string quotas = detail::JsonObject{}
                                 .raw("api_requests_hourly", detail::allowance_json(all.hourly))
                                 .raw("api_requests_daily", detail::allowance_json(all.daily))
                                 .raw("api_requests_monthly", detail::allowance_json(all.monthly))
                                 .json();
  const std::string attributes = detail::JsonObject{}.text("name", group->name).raw("quotas", quotas).json();
  return Document{detail::data_json(detail::object_json("group", group->name, "groups", attributes))};
}

}  // namespace rushhour::fakes
