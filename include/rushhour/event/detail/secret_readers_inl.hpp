/// \file
/// The bodies of traffic/secret_readers.hpp: checking its options, who reads when, and the fields of an
/// event.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <rushhour/event/traffic/secret_readers.hpp>

namespace rushhour::event::detail {

RUSHHOUR_INLINE void check_options(const traffic::SecretReadersOptions& options) {
  const auto expect = [](bool holds, std::string expected, std::string seen) {
    if (!holds) throw InputError({.expected = std::move(expected), .seen = std::move(seen)});
  };
  const auto count = [&](std::string_view name, std::uint32_t value, std::uint32_t least,
                         std::uint32_t most = 1U << 20) {
    expect(value >= least && value <= most,
           std::string{name} + " from " + std::to_string(least) + " to " + std::to_string(most),
           std::to_string(value));
  };
  const auto interval = [&](std::string_view name, Duration value) {
    expect(value >= std::chrono::seconds{1} && value <= std::chrono::hours{8'784},
           std::string{name} + " from 1s to 366d", to_text(value));
  };
  const auto share = [&](std::string_view name, Ratio value) {
    expect(value.denominator > 0 && value.denominator <= 1'000'000'000 && !(Ratio{1, 1} < value),
           std::string{name} + " from 0 to 1, its denominator up to 1000000000",
           std::to_string(value.numerator) + " / " + std::to_string(value.denominator));
  };
  expect(options.history >= Duration::zero() && options.history <= std::chrono::hours{8'784} &&
             options.history % HourlyTimetable::hour_length == Duration::zero(),
         "a history of whole hours up to 366d", to_text(options.history));
  count("hours", options.hours, 1, 8'784);
  count("functions", options.functions, 0);
  count("users", options.users, 0);
  count("console users", options.console_users, 0);
  count("users of single sign-on", options.sso_users, 0);
  count("task roles", options.task_roles, 1);
  count("sessions an hour", options.sessions_per_hour, 0);
  count("sessions an hour of history", options.history_sessions_per_hour.value_or(0), 0);
  count("reads of a session", options.reads_per_session, 1, 60);
  count("intrusions an hour", options.intrusions_per_hour, 0, 60);
  count("reads of an intrusion", options.reads_per_intrusion, 1, 60);
  count("accounts with a reading Root", options.root_accounts, 0);
  count("callers of other accounts", options.other_accounts, 0);
  count("secrets", options.secrets, 1);
  count("secrets of each reader", options.secrets_each, 1, options.secrets);
  interval("the interval of functions", options.function_interval);
  interval("the interval of users", options.user_interval);
  interval("the interval of console users", options.console_interval);
  interval("the interval of users of single sign-on", options.sso_interval);
  share("the share of timed names", options.timed_names);
  share("the share of new secrets", options.new_secret_share);
  share("the share of batches", options.batch_share);
  if (options.intrusions_per_hour == 0) return;
  const Duration part = HourlyTimetable::hour_length / options.intrusions_per_hour;
  const Duration last = part - std::chrono::seconds{options.reads_per_intrusion};
  expect(options.intrusion_after >= Duration::zero() && options.intrusion_after <= last,
         "intrusions at least 0s and at most " + to_text(last) + " into their part of the hour",
         to_text(options.intrusion_after));
}

/// For each kind of reader: its records of GetSecretValue and of BatchGetSecretValue.
[[nodiscard]] RUSHHOUR_INLINE std::vector<std::shared_ptr<const Layout>> secret_reader_layouts(
    std::string_view account, std::string_view region) {
  struct Shape {
    Caller caller;
    Origin origin;
  };
  static constexpr std::array<Shape, traffic::secret_reader_kinds> shapes{{
      {Caller::assumed_role, Origin::address},   // function
      {Caller::iam_user, Origin::address},       // user
      {Caller::iam_user, Origin::console},       // console_user
      {Caller::assumed_role, Origin::address},   // sso_user
      {Caller::assumed_role, Origin::address},   // session
      {Caller::assumed_role, Origin::address},   // intruder
      {Caller::root, Origin::console},           // root
      {Caller::other_account, Origin::address},  // other_account
  }};
  std::vector<std::shared_ptr<const Layout>> layouts;
  for (const auto& [caller, origin] : shapes) {
    for (const std::string_view name : {"GetSecretValue", "BatchGetSecretValue"}) {
      const auto kind = std::ranges::find(event_kinds, name, &EventKind::name);
      layouts.push_back(make_layout(*kind, caller, origin, account, region));
    }
  }
  return layouts;
}

}  // namespace rushhour::event::detail

namespace rushhour::event::traffic {

RUSHHOUR_INLINE SecretReaders::SecretReaders(Options options, const Random& random)
    : options_((detail::check_options(options), std::move(options))),
      time_(random.stream("secret_readers.time")),
      turn_(random.stream("secret_readers.turn")),
      identity_(random.stream("secret_readers.identity")),
      session_(random.stream("secret_readers.session")),
      role_of_session_(random.stream("secret_readers.role_of_session")),
      secret_(random.stream("secret_readers.secret")),
      new_secret_(random.stream("secret_readers.new_secret")),
      batch_(random.stream("secret_readers.batch")),
      address_(random.stream("secret_readers.source_ip")),
      client_(random.stream("secret_readers.user_agent")),
      event_id_(random.stream("secret_readers.event_id")),
      request_id_(random.stream("secret_readers.request_id")),
      account_(random.stream("secret_readers.account")),
      public_ipv4_(address_, std::uint64_t{1} << 32),
      accounts_(account_, 900'000'000'000),
      timetable_(groups(), history_hours(), options_.hours,
                 [this](std::uint64_t hour, std::size_t group, std::uint64_t index) {
                   return offset_of(hour, group, index);
                 }),
      layouts_(detail::secret_reader_layouts(options_.account, options_.region)),
      model_(cloudtrail_data_model(options_.udm_source_ip)) {
  if (timetable_.fullest() > detail::HourlyTimetable::events_in_hour_max) {
    throw InputError({.expected = "at most " + std::to_string(detail::HourlyTimetable::events_in_hour_max) +
                                  " events an hour",
                      .seen = std::to_string(timetable_.fullest()),
                      .advice = "have fewer readers or sessions, or longer intervals"});
  }
  find_next();
}

RUSHHOUR_INLINE std::uint32_t SecretReaders::count_of(SecretReader kind) const {
  switch (kind) {
    case SecretReader::function:
      return options_.functions;
    case SecretReader::user:
      return options_.users;
    case SecretReader::console_user:
      return options_.console_users;
    case SecretReader::sso_user:
      return options_.sso_users;
    default:
      return 0;
  }
}

RUSHHOUR_INLINE std::uint32_t SecretReaders::reads_of(SecretReader kind) const {
  if (kind == SecretReader::session) return options_.reads_per_session;
  return kind == SecretReader::intruder ? options_.reads_per_intrusion : 1;
}

RUSHHOUR_INLINE std::vector<detail::HourlyGroup> SecretReaders::groups() const {
  const auto lasting = [](std::uint32_t count, Duration interval) {
    const auto hour = static_cast<std::uint64_t>(detail::HourlyTimetable::hour_length.count());
    const Ratio rate = Ratio{count * hour, static_cast<std::uint64_t>(interval.count())}.reduced();
    return detail::HourlyGroup{.history = rate, .measured = rate};
  };
  const auto times = [](std::uint32_t readers, std::uint32_t reads) {
    return Ratio{static_cast<std::uint64_t>(readers) * reads, 1};
  };
  const std::uint32_t earlier = options_.history_sessions_per_hour.value_or(options_.sessions_per_hour);
  return {
      lasting(options_.functions, options_.function_interval),
      lasting(options_.users, options_.user_interval),
      lasting(options_.console_users, options_.console_interval),
      lasting(options_.sso_users, options_.sso_interval),
      {.history = times(earlier, options_.reads_per_session),
       .measured = times(options_.sessions_per_hour, options_.reads_per_session)},
      {.measured = times(options_.intrusions_per_hour, options_.reads_per_intrusion)},
      {.measured = {options_.root_accounts, options_.hours}, .from_the_middle = true},
      {.measured = {options_.other_accounts, options_.hours}, .from_the_middle = true},
  };
}

RUSHHOUR_INLINE Duration SecretReaders::offset_of(std::uint64_t hour, std::size_t group,
                                                  std::uint64_t index) const {
  const auto kind = static_cast<SecretReader>(group);
  const std::uint64_t reads = reads_of(kind);
  const std::uint64_t which = index / reads;
  const Duration later = std::chrono::seconds{index % reads};
  if (kind == SecretReader::intruder) {
    const Duration part = detail::HourlyTimetable::hour_length / options_.intrusions_per_hour;
    return options_.intrusion_after + static_cast<std::int64_t>(which) * part + later;
  }
  // Whoever reads several times starts early enough to end within the hour.
  const Duration room = detail::HourlyTimetable::hour_length - std::chrono::seconds{reads - 1};
  const std::uint64_t bits = time_.part(group).part(hour).at(which);
  return Duration{static_cast<std::int64_t>(uniform_below(bits, static_cast<std::uint64_t>(room.count())))} +
         later;
}

RUSHHOUR_INLINE bool SecretReaders::is_batch(const Place& place) const {
  return count_of(kind_of(place)) > 0 && options_.secrets_each > 1 &&
         chance(batch_.part(place.group).at(place.ordinal), options_.batch_share);
}

RUSHHOUR_INLINE SecretReaders::Reader SecretReaders::reader_of(const Place& place) const {
  const SecretReader kind = kind_of(place);
  const Stream kinds_own = identity_.part(place.group);
  if (const std::uint32_t count = count_of(kind)) {
    const std::uint64_t round = place.ordinal / count;
    const Permutation turns{turn_.part(place.group).part(round), count};
    const std::uint64_t number = turns(place.ordinal % count);
    // Credentials of functions and people are made anew each hour, at a second before it that is their own.
    const Stream own = kinds_own.part(number);
    const Instant hour = arrival_of(place) - place.offset;
    return {
        .kind = kind,
        .number = number,
        .ordinal = round,
        .own = own,
        .since = hour - std::chrono::seconds{1 + uniform_below(own.part(3).part(place.hour).at(0), 3599)}};
  }
  const std::uint64_t reads = reads_of(kind);
  const std::uint64_t number = place.ordinal / reads;
  const std::uint64_t ordinal = place.ordinal % reads;
  // The intruder abuses another role each time: the role's number is the intrusion's.
  const std::uint64_t role = kind == SecretReader::session
                                 ? uniform_below(role_of_session_.at(number), options_.task_roles)
                                 : number;
  return {.kind = kind,
          .number = number,
          .ordinal = ordinal,
          .role = role,
          .own = kinds_own.part(role),
          .since = arrival_of(place) - std::chrono::seconds{ordinal}};
}

RUSHHOUR_INLINE SecretReaders::Choice SecretReaders::choose(const Reader& reader) const {
  // Its secrets are the first of an order of all that is the reader's own; new ones are taken from behind.
  const std::uint64_t each = options_.secrets_each;
  const Stream own = secret_.part(static_cast<std::uint64_t>(reader.kind))
                         .part(reader.kind == SecretReader::session ? reader.role : reader.number);
  const Permutation order{own, options_.secrets};
  if (count_of(reader.kind) == 0) return {.secret = order(reader.ordinal % each)};
  const Ratio share = options_.new_secret_share;
  const std::uint64_t ahead = uniform_below(own.part(1).at(0), share.denominator);
  const auto new_ones = [&](std::uint64_t reads) {
    const auto sum = static_cast<rushhour::detail::uint128>(reads) * share.numerator + ahead;
    return static_cast<std::uint64_t>(sum / share.denominator);
  };
  const std::uint64_t before = new_ones(reader.ordinal);
  const std::uint64_t usual = uniform_below(own.part(2).at(reader.ordinal), each);
  const bool is_new = new_ones(reader.ordinal + 1) > before && each + before < options_.secrets;
  return {
      .secret = order(is_new ? each + before : usual), .other = order((usual + 1) % each), .is_new = is_new};
}

RUSHHOUR_INLINE SecretRead SecretReaders::read(std::uint64_t id) const {
  RUSHHOUR_ASSERT(id > 0 && id <= timetable_.events(), "the event is of another source");
  const Reader reader = reader_of(place_of(id));
  return {.reader = reader.kind,
          .number = reader.number,
          .ordinal = reader.ordinal,
          .is_history = is_history(id),
          .is_new_secret = choose(reader).is_new};
}

RUSHHOUR_INLINE std::vector<std::uint64_t> SecretReaders::first_reads(SecretReader kind) const {
  std::vector<std::uint64_t> ids;
  for (std::uint64_t id = history_events() + 1; id <= timetable_.events(); ++id) {
    const Place place = place_of(id);
    if (kind_of(place) == kind && reader_of(place).ordinal == 0) ids.push_back(id);
  }
  return ids;
}

}  // namespace rushhour::event::traffic
