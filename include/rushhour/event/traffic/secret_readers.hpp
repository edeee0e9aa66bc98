/// \file
/// A stream of CloudTrail records of reading secrets: functions, people and tasks that do it every day, and
/// in each measured hour a role that nobody used before. It is for rules of new terms, which ask who is new;
/// it makes no other events.
///
/// Who is new to `user.id`, that is to userIdentity.principalId, depends on how sessions are named (spec of
/// new terms, 5.3): a Lambda function's by the function, single sign-on's by the person, so they are the same
/// for ever; an ECS task's by the task, an SDK's by the second of its start, so each is new.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/detail/cloudtrail_kinds.hpp>
#include <rushhour/event/detail/hourly_timetable.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// The defaults are the population of the spec of new terms, 5.4, at 60 sessions an hour.
struct SecretReadersOptions {
  Instant start{};                            ///< of the measured hours; the history ends there
  Duration history{std::chrono::hours{240}};  ///< whole hours, up to a year; 0: none
  std::uint32_t hours{6};                     ///< measured ones, 1 to 8,784
  std::uint32_t functions{50};                ///< Lambda functions; up to 2^20, as all counts here
  /// Mean time between two reads of one: 1 s to 366 days, as all intervals here.
  Duration function_interval{std::chrono::minutes{5}};
  std::uint32_t users{30};  ///< IAM users with access keys
  Duration user_interval{std::chrono::hours{4}};
  std::uint32_t console_users{0};  ///< IAM users who read in the console: their userAgent is a browser
  Duration console_interval{std::chrono::hours{4}};
  std::uint32_t sso_users{0};  ///< people of one role of single sign-on: their sessions are e-mail addresses
  Duration sso_interval{std::chrono::hours{4}};
  std::uint32_t task_roles{10};         ///< of ECS and CI, whose every session has a name of its own
  std::uint32_t sessions_per_hour{60};  ///< of all these roles together
  /// In the hours of history; nothing: as many as in those measured.
  std::optional<std::uint32_t> history_sessions_per_hour{};
  std::uint32_t reads_per_session{1};  ///< a second apart, from the session's start on; 1 to 60
  /// Of the task roles: those of SDKs, `botocore-session-<unix time>`. The others are of ECS, 32 hexadecimal
  /// digits. Two sessions of one role and second have the same name, as they really have.
  Ratio timed_names{0, 1};
  /// Dormant roles abused in each measured hour, each one once, and never used before.
  std::uint32_t intrusions_per_hour{1};
  /// Into the hour, or into each part of it when there are several: the same every hour, and not at a full
  /// ten minutes, when rules run.
  Duration intrusion_after{std::chrono::minutes{25}};
  std::uint32_t reads_per_intrusion{1};  ///< a second apart; 1 to 60
  /// Accounts whose Root reads a secret, once each and spread over the measured hours: the traffic's own
  /// account first, then others of the organization. Such records have no userName.
  std::uint32_t root_accounts{0};
  /// Callers of foreign accounts who read a shared secret, once each: such records have neither userName nor
  /// ARN.
  std::uint32_t other_accounts{0};
  std::uint32_t secrets{200};     ///< of the account
  std::uint32_t secrets_each{3};  ///< that one function, user or role reads, up to `secrets`
  /// Of the reads of functions and users of every sort: those of a secret that this one has not read before.
  /// Exact for each; until it has read every secret of the account.
  Ratio new_secret_share{0, 1};
  /// Of the same reads: BatchGetSecretValue of two secrets, where `secrets_each` is at least 2.
  Ratio batch_share{1, 50};
  std::string account{"111122223333"};
  std::string region{"us-east-1"};
  SourceIp udm_source_ip{SourceIp::as_recorded};
};

enum class SecretReader : std::uint8_t {
  function,
  user,
  console_user,
  sso_user,
  session,  ///< of a task role
  intruder,
  root,
  other_account
};
inline constexpr std::size_t secret_reader_kinds = 8;

/// What is known of a read besides its record: the truth that rules are measured by.
struct SecretRead {
  SecretReader reader{};
  std::uint64_t number{};   ///< which one of its kind, from 0; new ones have new numbers
  std::uint64_t ordinal{};  ///< of this reader's reads, from 0, in no order within an hour
  bool is_history{};
  bool is_new_secret{};  ///< chosen by new_secret_share
};

/// The stream. Its streams of randomness are `secret_readers.<what>`; each event is a function of seed and
/// id. IAM ids of roles begin with AROAE, those of abused roles with AROAX: they sort behind all others, as
/// in the spec, and a rule that is cut off in the order of its terms never comes to them. Readers of one kind
/// take turns, in an order that changes each time; at which instants of the hour is drawn evenly. Numbers of
/// events are exact: floor(h * rate) in h hours of each kind.
///
/// Memory: 8 bytes for each event of up to four hours, and 8 for each hour.
class SecretReaders final : public Source, private SlotMaker {
 public:
  using Options = SecretReadersOptions;

  /// Throws InputError when an option is out of range, or an hour has more than 4,194,303 events.
  SecretReaders(Options options, const Random& random);

  [[nodiscard]] const Instant* peek() override { return given_ == timetable_.events() ? nullptr : &next_; }
  [[nodiscard]] bool next(Event& into) override {
    EventKey key;
    if (!next_key(key)) return false;
    recall(key, into);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return timetable_.events(); }

  [[nodiscard]] bool recalls() const override { return true; }
  [[nodiscard]] bool next_key(EventKey& into) override {
    if (peek() == nullptr) return false;
    const Instant arrival = next_;
    into = {.id = ++given_, .arrival = arrival, .time = std::chrono::floor<std::chrono::seconds>(arrival)};
    find_next();
    return true;
  }
  void recall(const EventKey& key, Event& into) override {
    into.assign({.id = key.id,
                 .arrival = key.arrival,
                 .time = key.time,
                 .log_type = cloudtrail::log_type,
                 .model = &model_},
                layout_of(place_of(key.id)), *this);
  }
  /// Back to the first event.
  void restart() {
    given_ = 0;
    find_next();
  }

  /// What event `id` is, from 1 to size_hint().
  [[nodiscard]] SecretRead read(std::uint64_t id) const;
  /// Events of the history: they have the ids up to this one.
  [[nodiscard]] std::uint64_t history_events() const { return timetable_.events_before(history_hours()); }
  [[nodiscard]] bool is_history(std::uint64_t id) const { return id <= history_events(); }
  /// The events in which readers of a kind read for the first time, as far as that is in the measured hours;
  /// in order. Of intruders, the abuses that a rule should find.
  [[nodiscard]] std::vector<std::uint64_t> first_reads(SecretReader kind) const;
  /// Held for the hours at hand, in bytes.
  [[nodiscard]] std::size_t table_bytes() const { return timetable_.bytes(); }

 private:
  using Slot = detail::CloudTrailSlot;
  using Place = detail::HourlyTimetable::Place;

  /// Who reads, as far as its fields need it.
  struct Reader {
    SecretReader kind{};
    std::uint64_t number{};
    std::uint64_t ordinal{};
    std::uint64_t role{};  ///< of a session: the number of its role
    Stream own;            ///< of the reader; of a session: of its role
    Instant since{};       ///< the start of its credentials
  };

  [[nodiscard]] std::uint64_t history_hours() const {
    return static_cast<std::uint64_t>(options_.history / detail::HourlyTimetable::hour_length);
  }
  [[nodiscard]] Place place_of(std::uint64_t id) const { return timetable_.at(id - 1); }
  [[nodiscard]] static SecretReader kind_of(const Place& place) {
    return static_cast<SecretReader>(place.group);
  }
  [[nodiscard]] Instant arrival_of(const Place& place) const {
    return options_.start - options_.history +
           static_cast<std::int64_t>(place.hour) * detail::HourlyTimetable::hour_length + place.offset;
  }
  void find_next() {
    if (given_ < timetable_.events()) next_ = arrival_of(place_of(given_ + 1));
  }
  /// How many functions or users of a kind there are; 0 for kinds whose readers come and go.
  [[nodiscard]] std::uint32_t count_of(SecretReader kind) const;
  /// Reads of one reader of those other kinds.
  [[nodiscard]] std::uint32_t reads_of(SecretReader kind) const;
  [[nodiscard]] std::vector<detail::HourlyGroup> groups() const;
  [[nodiscard]] Duration offset_of(std::uint64_t hour, std::size_t group, std::uint64_t index) const;
  [[nodiscard]] bool is_batch(const Place& place) const;
  [[nodiscard]] const Layout& layout_of(const Place& place) const {
    return *layouts_[place.group * 2 + (is_batch(place) ? 1 : 0)];
  }
  [[nodiscard]] Reader reader_of(const Place& place) const;
  /// Which secret of the account, and whether it is read for the first time by this one of the lasting
  /// readers.
  struct Choice {
    std::uint64_t secret{};
    std::uint64_t other{};  ///< of a batch: another one that it always reads
    bool is_new{};
  };
  [[nodiscard]] Choice choose(const Reader& reader) const;

  // What slots hold.
  [[nodiscard]] Value make(const Event& event, std::uint32_t slot, Arena& arena) const override;
  [[nodiscard]] Value identity(const Reader& reader, Slot slot, Arena& arena) const;
  [[nodiscard]] Value session_of_role(const Reader& reader, Slot slot, Arena& arena) const;
  [[nodiscard]] std::string_view role_name(const Reader& reader, Arena& arena) const;
  [[nodiscard]] std::string_view session_name(const Reader& reader, Arena& arena) const;
  [[nodiscard]] std::string_view account_of(const Reader& reader, Arena& arena) const;
  [[nodiscard]] std::string_view source_ip(const Reader& reader, Arena& arena) const;
  [[nodiscard]] std::string_view user_agent(const Reader& reader) const;
  [[nodiscard]] std::string_view secret_arn(const Reader& reader, bool is_other, Arena& arena) const;

  Options options_;
  Stream time_, turn_, identity_, session_, role_of_session_, secret_, new_secret_, batch_, address_, client_;
  Stream event_id_, request_id_, account_;
  Permutation public_ipv4_, accounts_;
  detail::HourlyTimetable timetable_;
  std::vector<std::shared_ptr<const Layout>> layouts_;
  DataModel model_;
  std::uint64_t given_ = 0;
  Instant next_{};
};

}  // namespace rushhour::event::traffic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/secret_reader_records_inl.hpp>
#include <rushhour/event/detail/secret_readers_inl.hpp>
#endif
