/// \file
/// What a sample of CloudTrail is like: when its events were, how often each caller, address, secret and
/// client came, and nothing by which one of them could be told. Texts of records become numbers at once and
/// are not kept; eventNames that synthetic traffic knows are the only words in it.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::profile {

/// How often each of several things came, without saying which they are.
struct Tally {
  std::vector<std::uint64_t> counts{};  ///< most frequent first, each at least 1

  [[nodiscard]] std::uint64_t distinct() const { return counts.size(); }
  [[nodiscard]] std::uint64_t events() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t each : counts) sum += each;
    return sum;
  }
};

/// The events of one role, and under how many names its sessions made them.
struct RoleSessions {
  std::uint64_t events{};
  std::uint64_t names{};

  friend auto operator<=>(const RoleSessions&, const RoleSessions&) = default;
};

struct Sample {
  std::vector<std::int64_t> seconds{};  ///< of each eventTime since 1970, in order
  std::uint64_t behind{};               ///< events that stand behind a later one in their files
  std::array<std::uint64_t, address_class_count> classes{};  ///< events by class of sourceIPAddress
  std::array<Tally, address_class_count> addresses{};        ///< of the classes that have some
  Tally users{};                         ///< roles, whatever their sessions, and all other callers
  std::uint64_t roles{};                 ///< of the users
  std::vector<RoleSessions> sessions{};  ///< of each role, most events first
  Tally secrets{};                       ///< named in the requests of Secrets Manager
  Tally user_agents{};
  std::vector<std::uint64_t> names{};  ///< events by name, in the order of known_event_names()
  std::uint64_t other_names{};         ///< events whose names synthetic traffic does not know
  std::vector<Duration> lateness{};    ///< from event to delivery, in order; of events whose file tells it
  std::int64_t marks{};                ///< seconds that divide the instants of all deliveries; 0 without any

  [[nodiscard]] std::uint64_t events() const { return seconds.size(); }
  /// Of public and private ones together; names of services are none.
  [[nodiscard]] std::uint64_t distinct_addresses() const {
    std::uint64_t sum = 0;
    for (const Tally& each : addresses) sum += each.distinct();
    return sum;
  }
  /// Events with this name, which synthetic traffic knows.
  [[nodiscard]] std::uint64_t events_named(std::string_view name) const {
    const std::vector<std::string_view> known = traffic::SyntheticCloudTrail::known_event_names();
    const auto found = std::ranges::find(known, name);
    return found == known.end() ? 0 : names[static_cast<std::size_t>(found - known.begin())];
  }
  /// In the fullest minute of the clock.
  [[nodiscard]] std::uint64_t peak_minute() const {
    std::uint64_t peak = 0;
    std::uint64_t here = 0;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      here = i > 0 && seconds[i] / 60 == seconds[i - 1] / 60 ? here + 1 : 1;
      peak = std::max(peak, here);
    }
    return peak;
  }
  /// The whole seconds from the first to the last event; at least one.
  [[nodiscard]] Duration span() const {
    return seconds.empty() ? Duration{std::chrono::seconds{1}}
                           : Duration{std::chrono::seconds{seconds.back() - seconds.front() + 1}};
  }
};

/// Makes a sample of events that are shown to it.
class Sampler {
 public:
  /// \param delivered  when the file that the event was in was delivered, where that is known
  void add(const Event& event, std::optional<Instant> delivered = {}) {
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(event.time()).time_since_epoch().count();
    if (!sample_.seconds.empty() && second < newest_) ++sample_.behind;
    newest_ = sample_.seconds.empty() ? second : std::max(newest_, second);
    sample_.seconds.push_back(second);
    if (delivered) {
      sample_.lateness.push_back(std::max(*delivered - event.time(), Duration::zero()));
      sample_.marks = std::gcd(
          sample_.marks, std::chrono::floor<std::chrono::seconds>(*delivered).time_since_epoch().count());
    }
    add_address(event.get("sourceIPAddress").text_or(""));
    add_user(event);
    if (const std::string_view agent = event.get("userAgent").text_or(""); !agent.empty()) {
      ++user_agents_[hash(agent)];
    }
    if (event.get("eventSource").text_or("") == "secretsmanager.amazonaws.com") {
      const std::string_view secret = event.deep_get("requestParameters", "secretId").text_or("");
      if (!secret.empty()) ++secrets_[hash(secret)];
    }
    add_name(event.get("eventName").text_or(""));
  }

  /// All that was added.
  [[nodiscard]] Sample sample() const {
    Sample out = sample_;
    std::ranges::sort(out.seconds);
    std::ranges::sort(out.lateness);
    for (std::size_t i = 0; i < addresses_.size(); ++i) out.addresses[i] = tally(addresses_[i]);
    out.secrets = tally(secrets_);
    out.user_agents = tally(user_agents_);
    for (const auto& [key, user] : users_) {
      out.users.counts.push_back(user.events);
      if (!user.is_role) continue;
      ++out.roles;
      out.sessions.push_back({user.events, user.sessions.size()});
    }
    // Sorted: the order of the tables must not show.
    std::ranges::sort(out.users.counts, std::greater{});
    std::ranges::sort(out.sessions, std::greater{});
    return out;
  }

 private:
  using Counts = std::unordered_map<std::uint64_t, std::uint64_t>;
  struct User {
    std::uint64_t events{};
    bool is_role{};
    Counts sessions{};
  };

  [[nodiscard]] static Tally tally(const Counts& counts) {
    Tally out;
    out.counts.reserve(counts.size());
    for (const auto& [key, count] : counts) out.counts.push_back(count);
    std::ranges::sort(out.counts, std::greater{});
    return out;
  }

  void add_address(std::string_view text) {
    const AddressClass kind = classify_address(text);
    const auto at = static_cast<std::size_t>(kind);
    ++sample_.classes[at];
    if (kind == AddressClass::service_name || kind == AddressClass::missing ||
        kind == AddressClass::malformed) {
      return;
    }
    ++addresses_[at][hash(text)];
  }
  /// A role is who issued its sessions, and without that the ARN up to the session's name.
  void add_user(const Event& event) {
    const std::string_view arn = event.deep_get("userIdentity", "arn").text_or("");
    const std::string_view principal = event.deep_get("userIdentity", "principalId").text_or("");
    const bool is_role = event.deep_get("userIdentity", "type").text_or("") == "AssumedRole";
    if (!is_role) {
      std::string_view who = arn.empty() ? principal : arn;
      if (who.empty()) who = event.deep_get("userIdentity", "invokedBy").text_or("");
      if (who.empty()) who = event.deep_get("userIdentity", "accountId").text_or("");
      ++users_[hash(who)].events;
      return;
    }
    std::string_view role =
        event.deep_get("userIdentity", "sessionContext", "sessionIssuer", "arn").text_or("");
    if (role.empty()) role = arn.substr(0, arn.rfind('/'));
    User& user = users_[hash(role)];
    ++user.events;
    user.is_role = true;
    ++user.sessions[hash(principal.substr(std::min(principal.find(':'), principal.size())))];
  }
  void add_name(std::string_view name) {
    if (sample_.names.empty()) sample_.names.resize(known_.size());
    const auto found = std::ranges::find(known_, name);
    if (found == known_.end()) {
      ++sample_.other_names;
    } else {
      ++sample_.names[static_cast<std::size_t>(found - known_.begin())];
    }
  }

  Sample sample_{};  // without what the tables below become
  std::int64_t newest_ = 0;
  std::array<Counts, address_class_count> addresses_{};
  Counts secrets_{}, user_agents_{};
  std::unordered_map<std::uint64_t, User> users_{};
  std::vector<std::string_view> known_ = traffic::SyntheticCloudTrail::known_event_names();
};

}  // namespace rushhour::event::profile
