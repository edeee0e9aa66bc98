/// \file
/// A stream of CloudTrail records that nobody recorded: users, addresses, clients and secrets by Zipf's law,
/// sources of every class by shares. Each field is a function of seed and event id; none depends on what was
/// asked before.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/config.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/detail/cloudtrail_fiction.hpp>
#include <rushhour/event/detail/cloudtrail_kinds.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::traffic {

/// Which share of the events has which class of sourceIPAddress, each event drawn for itself; the rest is
/// public IPv4.
struct SourceShares {
  Ratio private_ipv4{2, 100};  ///< 10/8: calls through VPC endpoints
  Ratio public_ipv6{3, 100};
  Ratio service_name{
      5, 100};  ///< AWS on the caller's behalf: userAgent and userIdentity.invokedBy say the same name
  Ratio missing{1, 1'000};  ///< no sourceIPAddress at all
};

/// A name's share of the events: weight / sum of weights.
struct EventNameWeight {
  std::string name{};
  std::uint64_t weight{};
};

struct SyntheticCloudTrailOptions {
  std::uint64_t events{1'000'000};
  Instant start{};
  Duration duration{std::chrono::hours{1}};
  ArrivalProcess arrivals = constant_arrivals();
  std::uint32_t users{1'000};       ///< IAM users and roles together; 1 to 2^22, as all counts here
  Ratio user_exponent{11, 10};      ///< of Zipf's law, 0 to 4, as all exponents here
  Ratio role_share{7, 10};          ///< of the users: roles, whose calls come from sessions
  std::uint32_t session_names{20};  ///< for each role
  std::uint32_t addresses{10'000};  ///< distinct ones of each class that has no number of its own
  std::optional<std::uint32_t> private_addresses{};  ///< distinct private IPv4 ones
  std::optional<std::uint32_t> ipv6_addresses{};     ///< distinct public IPv6 ones
  Ratio address_exponent{11, 10};
  std::uint32_t secrets{100};
  Ratio secret_exponent{1, 1};
  Ratio user_agent_exponent{1, 1};
  SourceShares sources{};
  std::vector<EventNameWeight> event_names{};  ///< empty: a mix in which GetSecretValue is 4 percent
  /// With a name here, exactly floor(exact_share * events) events have it, chosen by a seeded permutation;
  /// the other events have the other names of the mix.
  std::string exact_name{};
  Ratio exact_share{0, 1};
  std::string account{"111122223333"};
  std::string region{"us-east-1"};
  SourceIp udm_source_ip{SourceIp::as_recorded};
  /// Ids go on from here. Of two streams with the same seed and population, one the history of the other
  /// (with_history.hpp), the second is given the events of the first: then the same users and secrets have
  /// other events. With 0 in both, the second would repeat the first event by event.
  std::uint64_t ids_after{0};
  /// What names of sessions by their time are counted from; nothing: `start`. The same instant in both
  /// streams gives them the same sessions.
  std::optional<Instant> sessions_since{};
};

/// The stream. Its streams of randomness are `traffic.<what>`.
class SyntheticCloudTrail final : public Source, private SlotMaker {
 public:
  using Options = SyntheticCloudTrailOptions;

  /// Throws InputError when an option is out of range or names an unknown event.
  SyntheticCloudTrail(Options options, const Random& random);

  [[nodiscard]] const Instant* peek() override { return arrivals_->peek(); }
  [[nodiscard]] bool next(Event& into) override {
    EventKey key;
    if (!next_key(key)) return false;
    recall(key, into);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return options_.events; }

  [[nodiscard]] bool recalls() const override { return true; }
  [[nodiscard]] bool next_key(EventKey& into) override {
    if (peek() == nullptr) return false;
    const Instant arrival = arrivals_->next();
    into = {.id = options_.ids_after + ++given_,
            .arrival = arrival,
            .time = std::chrono::floor<std::chrono::seconds>(arrival)};
    return true;
  }
  void recall(const EventKey& key, Event& into) override {
    RUSHHOUR_ASSERT(key.id > options_.ids_after && key.id - options_.ids_after <= options_.events,
                    "the key is of another source");
    into.assign({.id = key.id,
                 .arrival = key.arrival,
                 .time = key.time,
                 .log_type = cloudtrail::log_type,
                 .model = &model_},
                layout_of(key.id), *this);
  }
  /// Back to the first event.
  void restart() {
    arrivals_->restart();
    given_ = 0;
  }

  /// The eventNames that can be had.
  [[nodiscard]] static std::vector<std::string_view> known_event_names() {
    std::vector<std::string_view> names;
    names.reserve(detail::event_kinds.size());
    for (const detail::EventKind& kind : detail::event_kinds) names.push_back(kind.name);
    return names;
  }

 private:
  using Slot = detail::CloudTrailSlot;
  static constexpr std::size_t callers = 2;
  static constexpr std::size_t origins = 3;
  /// In the order of source_limits_: each class takes what lies below its limit and not below the one before.
  static constexpr std::array source_classes{AddressClass::service_name, AddressClass::missing,
                                             AddressClass::private_ipv4, AddressClass::public_ipv6,
                                             AddressClass::public_ipv4};

  // What an event is, from its id alone.
  [[nodiscard]] std::uint32_t user_of(std::uint64_t id) const { return users_(user_.at(id)); }
  [[nodiscard]] bool is_role(std::uint32_t user) const {
    return chance(identity_.at(user), options_.role_share);
  }
  [[nodiscard]] std::size_t kind_of(std::uint64_t id) const {
    if (exact_count_ > 0 && exact_order_(id - 1 - options_.ids_after) < exact_count_) return exact_kind_;
    return kinds_(event_name_.at(id));
  }
  [[nodiscard]] AddressClass source_of(std::uint64_t id) const {
    const std::uint64_t bits = source_class_.at(id);
    std::size_t at = 0;
    while (at < source_limits_.size() && bits >= source_limits_[at]) ++at;
    return source_classes[at];
  }
  [[nodiscard]] const Layout& layout_of(std::uint64_t id) const {
    const AddressClass source = source_of(id);
    const std::size_t origin = source == AddressClass::service_name ? 1
                               : source == AddressClass::missing    ? 2
                                                                    : 0;
    const std::size_t caller = is_role(user_of(id)) ? 1 : 0;
    return *layouts_[(kind_of(id) * callers + caller) * origins + origin];
  }

  // What its slots hold.
  [[nodiscard]] Value make(const Event& event, std::uint32_t slot, Arena& arena) const override;
  [[nodiscard]] std::string_view source_ip(std::uint64_t id, Arena& arena) const;
  [[nodiscard]] std::string_view user_agent(std::uint64_t id, Arena& arena) const;
  [[nodiscard]] Value caller(const Event& event, Slot slot, Arena& arena) const;
  [[nodiscard]] Value assumption(const Event& event, Slot slot, Arena& arena) const;
  [[nodiscard]] std::string_view session_name(std::uint32_t role, std::uint32_t session, Arena& arena) const;
  [[nodiscard]] std::string_view secret_arn(std::uint64_t bits, Arena& arena) const;

  Options options_;
  Stream user_, identity_, session_, event_name_, source_class_, address_, service_, user_agent_, secret_;
  Stream target_role_, event_id_, request_id_;
  AliasTable users_, addresses_, private_addresses_, ipv6_addresses_, secrets_, programs_, browsers_, kinds_;
  Permutation public_ipv4_, private_ipv4_, exact_order_;
  std::uint64_t exact_count_;
  std::size_t exact_kind_;
  std::array<std::uint64_t, 4> source_limits_;
  std::vector<std::shared_ptr<const Layout>> layouts_;
  DataModel model_;
  std::unique_ptr<Arrivals> arrivals_;
  std::uint64_t given_ = 0;
};

}  // namespace rushhour::event::traffic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/synthetic_cloudtrail_inl.hpp>
#endif
