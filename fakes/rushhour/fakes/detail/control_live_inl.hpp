#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/control_lists.hpp>
#include <rushhour/fakes/detail/page_text.hpp>

namespace rushhour::fakes {

namespace detail {

/// Calls that the page shows one by one.
inline constexpr std::size_t live_calls_max = 25;

RUSHHOUR_INLINE std::string second_json(const Live::Second& second) {
  return JsonObject{}
      .integer("ok", second.ok)
      .integer("throttled", second.throttled)
      .integer("failed", second.failed)
      .json();
}

/// `[ok, throttled, failed]` for each second, short because there are many.
RUSHHOUR_INLINE std::string series_json(const std::array<Live::Second, Live::seconds>& series) {
  std::string out = "[";
  for (const Live::Second& second : series) {
    out += out.size() > 1 ? ",[" : "[";
    out += std::to_string(second.ok) + "," + std::to_string(second.throttled) + "," +
           std::to_string(second.failed) + "]";
  }
  return out + "]";
}

/// The limits that a service's chart is drawn against: those of its usual operation for any account, and for
/// VirusTotal the shortest of each key.
RUSHHOUR_INLINE std::string lines_json(World& world, api::Service service) {
  std::vector<std::string> out;
  const auto add = [&out](const std::vector<limit::Profile>& rows, std::string_view whose) {
    if (rows.empty()) return;
    const auto shortest = std::min_element(rows.begin(), rows.end(),
                                           [](const auto& a, const auto& b) { return a.window < b.window; });
    const auto window_ms = std::chrono::duration_cast<std::chrono::milliseconds>(shortest->window).count();
    out.push_back(JsonObject{}
                      .integer("limit", shortest->limit)
                      .integer("window_ms", static_cast<std::uint64_t>(window_ms))
                      .text("whose", whose)
                      .json());
  };
  switch (service) {
    case api::Service::sts:
      add(world.sts.quotas().rows_for({}, api::operation_of<api::sts::AssumeRole>), "each account");
      break;
    case api::Service::secretsmanager:
      add(world.secretsmanager.quotas().rows_for({}, api::operation_of<api::secretsmanager::GetSecretValue>),
          "each account");
      break;
    case api::Service::virustotal:
      for (const VirusTotalKey& key : world.virustotal.keys()) add(key.quota, key.name);
      break;
    case api::Service::dynamodb:  // its limits are units, which no line of calls shows
    case api::Service::iam:
      break;
  }
  return json_lines(out);
}

RUSHHOUR_INLINE std::string services_json(World& world, const Live& live, Instant now) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const auto service = static_cast<api::Service>(i);
    out.push_back(JsonObject{}
                      .text("service", api::to_text(service))
                      .raw("total", second_json(live.total(service)))
                      .raw("lines", lines_json(world, service))
                      .raw("seconds", series_json(live.series(service, now)))
                      .json());
  }
  return json_lines(out);
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::limits(const http::Request& /*request*/, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  const std::vector<std::string> list = detail::limits_json(world_, entry.now);
  return detail::admin_answer(detail::JsonObject{}
                                  .text("now", to_iso8601(entry.now, Precision::milliseconds))
                                  .integer("count", list.size())
                                  .raw("limits", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::live(const http::Request& /*request*/, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  const Journal& journal = world_.journal();
  std::vector<std::string> calls;
  for (std::size_t i = journal.kept(); i > 0 && calls.size() < detail::live_calls_max; --i)
    calls.push_back(detail::call_json(journal.kept(i - 1), world_.ledger.names()));
  std::vector<std::string> keys;
  for (const VirusTotalKey& key : world_.virustotal.keys())
    keys.push_back(detail::key_json(world_, key, entry.now, false));
  return detail::admin_answer(detail::JsonObject{}
                                  .text("format", "rushhour.live/1")
                                  .text("now", to_iso8601(entry.now, Precision::milliseconds))
                                  .integer("total", journal.total())
                                  .raw("services", detail::services_json(world_, live_, entry.now))
                                  .raw("limits", detail::json_lines(detail::limits_json(world_, entry.now)))
                                  .raw("keys", detail::json_lines(keys))
                                  .raw("faults", detail::json_lines(detail::faults_json(world_.faults)))
                                  .integer("stubs", options_.stubs == nullptr ? 0 : options_.stubs->size())
                                  .raw("calls", detail::json_lines(calls)));
}

RUSHHOUR_INLINE http::Response Admin::page(const http::Request& /*request*/, http::Gate& /*gate*/) {
  return {.status = 200,
          .headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy",
                       "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
                       "connect-src 'self'; img-src data:; frame-ancestors 'none'"}},
          .body = std::string{detail::page_text}};
}

}  // namespace rushhour::fakes
