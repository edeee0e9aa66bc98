/// \file
/// Reads a scenario's traffic of secret readers, the history before synthetic traffic, and what makes events
/// late.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/event/traffic/late_delivery.hpp>
#include <rushhour/event/traffic/secret_readers.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

/// Numbers of readers of each kind, and how often they read.
inline void read_populations(Reader& reader, event::traffic::SecretReadersOptions& options) {
  constexpr IntegerRange<std::uint32_t> counts{.max = 1U << 20};
  constexpr DurationRange intervals{.min = std::chrono::seconds{1}, .max = duration_max};
  const auto count = [&](std::string_view key, std::uint32_t& value) {
    value = reader.optional_integer<std::uint32_t>(key, value, counts);
  };
  const auto interval = [&](std::string_view key, Duration& value) {
    value = reader.optional_duration(key, value, intervals);
  };
  count("functions", options.functions);
  interval("function_interval", options.function_interval);
  count("users", options.users);
  interval("user_interval", options.user_interval);
  count("console_users", options.console_users);
  interval("console_interval", options.console_interval);
  count("sso_users", options.sso_users);
  interval("sso_interval", options.sso_interval);
  count("task_roles", options.task_roles);
  count("sessions_per_hour", options.sessions_per_hour);
  count("intrusions_per_hour", options.intrusions_per_hour);
  interval("intrusion_after", options.intrusion_after);
  count("root_accounts", options.root_accounts);
  count("other_accounts", options.other_accounts);
  count("secrets", options.secrets);
  count("secrets_each", options.secrets_each);
}

/// `{"sessions_per_hour": 600, "history": "10d"}`; the measured hours are the scenario's duration.
inline event::traffic::SecretReadersOptions read_secret_readers(Reader reader, const Scenario& scenario) {
  event::traffic::SecretReadersOptions options{.start = scenario.start};
  const auto hours = std::chrono::floor<std::chrono::hours>(scenario.duration);
  if (hours != scenario.duration) reader.value().fail("a scenario of whole hours, for these readers");
  options.hours = static_cast<std::uint32_t>(hours.count());
  if (const auto history = reader.find("history")) {
    options.history = history->duration({.max = std::chrono::days{365}});
    if (std::chrono::floor<std::chrono::hours>(options.history) != options.history)
      history->fail("whole hours");
  }
  read_populations(reader, options);
  constexpr IntegerRange<std::uint32_t> few{.min = 1, .max = 60};
  options.reads_per_session =
      reader.optional_integer<std::uint32_t>("reads_per_session", options.reads_per_session, few);
  options.reads_per_intrusion =
      reader.optional_integer<std::uint32_t>("reads_per_intrusion", options.reads_per_intrusion, few);
  if (const auto sessions = reader.find("history_sessions_per_hour"))
    options.history_sessions_per_hour = sessions->integer<std::uint32_t>({.max = 1U << 20});
  options.timed_names = reader.optional_ratio("timed_names", options.timed_names);
  options.new_secret_share = reader.optional_ratio("new_secret_share", options.new_secret_share);
  options.batch_share = reader.optional_ratio("batch_share", options.batch_share);
  reader.done();
  return options;
}

/// `{"duration": "10d", "events": 240000, "users": 1000, "event_name": "GetSecretValue"}`: synthetic events
/// of the run's users before it, so far as they are no newcomers.
inline HistoryPlan read_history(Reader reader, const event::traffic::SyntheticCloudTrailOptions& measured) {
  HistoryPlan history{
      .duration = reader.duration("duration", {.min = std::chrono::seconds{1}, .max = duration_max}),
      .events = reader.integer("events", {.min = 1, .max = events_max})};
  history.users =
      reader.optional_integer<std::uint32_t>("users", measured.users, {.min = 1, .max = measured.users});
  history.user_exponent =
      reader.optional_ratio("user_exponent", measured.user_exponent, {.min = {0, 1}, .max = {4, 1}});
  if (const auto name = reader.find("event_name")) {
    history.event_name = name->text();
    require_word(*name, history.event_name, event::traffic::SyntheticCloudTrail::known_event_names());
  }
  reader.done();
  return history;
}

/// `{"from": "20m", "for": "30m", "share": 0.1, "by": "3h", "where": {"awsRegion": "eu-west-1"}}`. Without
/// `by` the delivery stands still for that time.
inline event::traffic::Delay read_delay(Reader reader, const Scenario& scenario) {
  event::traffic::Delay delay{.from = scenario.start + reader.duration("from", {.max = scenario.duration}),
                              .share = {1, 1}};
  delay.until = delay.from + reader.duration("for", {.min = std::chrono::seconds{1}, .max = duration_max});
  delay.share = reader.optional_ratio("share", delay.share);
  if (const auto by = reader.find("by")) delay.by = by->duration({.max = std::chrono::days{30}});
  delay.catch_up = reader.optional_duration("catch_up", delay.catch_up, {.max = delay.until - delay.from});
  if (auto where = reader.optional_object("where")) {
    const auto members = where->members();
    if (members.size() != 1) where->value().fail("one path of the record and its text");
    delay.only = event::traffic::where(members.front().first, members.front().second.text());
    where->done();
  }
  reader.done();
  return delay;
}

}  // namespace rushhour::scenario::detail
