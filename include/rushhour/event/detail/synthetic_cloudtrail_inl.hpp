/// \file
/// The bodies of traffic/synthetic_cloudtrail.hpp: checking its options, and making the fields of an event.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::detail {

[[nodiscard]] RUSHHOUR_INLINE std::size_t kind_named(std::string_view name) {
  const auto found = std::ranges::find(event_kinds, name, &EventKind::name);
  if (found != event_kinds.end()) return static_cast<std::size_t>(found - event_kinds.begin());
  std::string known;
  for (const EventKind& kind : event_kinds) known += (known.empty() ? "" : ", ") + std::string{kind.name};
  throw InputError({.expected = "an eventName of synthetic CloudTrail (" + known + ")",
                    .seen = '"' + std::string{name} + '"'});
}

/// The weights of event_kinds, without the name that an exact share takes out of the mix.
[[nodiscard]] RUSHHOUR_INLINE std::vector<std::uint64_t> kind_weights(
    const traffic::SyntheticCloudTrailOptions& options) {
  std::vector<std::uint64_t> weights(event_kinds.size());
  if (options.event_names.empty()) {
    std::ranges::transform(event_kinds, weights.begin(), &EventKind::weight);
  }
  for (const traffic::EventNameWeight& entry : options.event_names) {
    if (entry.weight > 1'000'000'000) {
      throw InputError(
          {.expected = "weights of event names up to 1000000000", .seen = std::to_string(entry.weight)});
    }
    weights[kind_named(entry.name)] += entry.weight;
  }
  if (!options.exact_name.empty()) {
    weights[kind_named(options.exact_name)] = 0;
    // With a share of 1 no other name is ever drawn, but a table needs a weight.
    const bool all = !(options.exact_share < Ratio{1, 1});
    if (all && std::ranges::count(weights, 0U) == std::ssize(weights)) weights[0] = 1;
  }
  if (std::ranges::count(weights, 0U) == std::ssize(weights)) {
    throw InputError(
        {.expected = "an event name with a weight above 0, besides the one with an exact share"});
  }
  return weights;
}

RUSHHOUR_INLINE void check_options(const traffic::SyntheticCloudTrailOptions& options) {
  const auto count = [](std::string_view name, std::uint32_t value) {
    constexpr std::uint32_t most = 1U << 22;
    if (value == 0 || value > most) {
      throw InputError({.expected = std::string{name} + " from 1 to " + std::to_string(most),
                        .seen = std::to_string(value)});
    }
  };
  const auto ratio = [](std::string_view name, Ratio value, std::uint64_t most) {
    if (value.denominator == 0 || Ratio{most, 1} < value) {
      throw InputError({.expected = std::string{name} + " from 0 to " + std::to_string(most),
                        .seen = std::to_string(value.numerator) + " / " + std::to_string(value.denominator)});
    }
  };
  count("users", options.users);
  count("session names", options.session_names);
  count("addresses", options.addresses);
  count("private addresses", options.private_addresses.value_or(1));
  count("IPv6 addresses", options.ipv6_addresses.value_or(1));
  count("secrets", options.secrets);
  ratio("the exponent of users", options.user_exponent, 4);
  ratio("the exponent of addresses", options.address_exponent, 4);
  ratio("the exponent of secrets", options.secret_exponent, 4);
  ratio("the exponent of user agents", options.user_agent_exponent, 4);
  ratio("the share of roles", options.role_share, 1);
  ratio("the share of private addresses", options.sources.private_ipv4, 1);
  ratio("the share of IPv6 addresses", options.sources.public_ipv6, 1);
  ratio("the share of service names", options.sources.service_name, 1);
  ratio("the share of missing sources", options.sources.missing, 1);
  ratio("the exact share", options.exact_share, 1);
  if (options.ids_after >= std::uint64_t{1} << 62) {
    throw InputError({.expected = "ids after less than 2^62", .seen = std::to_string(options.ids_after)});
  }
  if (options.duration <= Duration::zero() || options.duration >= std::chrono::hours{24 * 365}) {
    throw InputError({.expected = "a duration above 0 and below 365d", .seen = to_text(options.duration)});
  }
}

/// Where each class but the last ends, when 64 random bits choose one: the sum of the shares so far, times
/// 2^64.
[[nodiscard]] RUSHHOUR_INLINE std::array<std::uint64_t, 4> source_limits(
    const traffic::SourceShares& shares) {
  using Wide = rushhour::detail::uint128;
  constexpr Wide one = static_cast<Wide>(1) << 64;
  std::array<std::uint64_t, 4> limits{};
  std::size_t at = 0;
  Wide sum = 0;
  for (const Ratio share : {shares.service_name, shares.missing, shares.private_ipv4, shares.public_ipv6}) {
    sum += (static_cast<Wide>(share.numerator) << 64) / share.denominator;
    if (sum > one)
      throw InputError({.expected = "shares of source classes that sum to at most 1", .seen = "more"});
    limits[at++] = sum == one ? ~std::uint64_t{0} : static_cast<std::uint64_t>(sum);
  }
  return limits;
}

[[nodiscard]] RUSHHOUR_INLINE std::vector<std::shared_ptr<const Layout>> all_layouts(
    std::string_view account, std::string_view region) {
  std::vector<std::shared_ptr<const Layout>> layouts;
  for (const EventKind& kind : event_kinds) {
    for (const Caller caller : {Caller::iam_user, Caller::assumed_role}) {
      for (const Origin origin : {Origin::address, Origin::service, Origin::missing}) {
        layouts.push_back(make_layout(kind, caller, origin, account, region));
      }
    }
  }
  return layouts;
}

}  // namespace rushhour::event::detail

namespace rushhour::event::traffic {

RUSHHOUR_INLINE SyntheticCloudTrail::SyntheticCloudTrail(Options options, const Random& random)
    : options_((detail::check_options(options), std::move(options))),
      user_(random.stream("traffic.user")),
      identity_(random.stream("traffic.identity")),
      session_(random.stream("traffic.session")),
      event_name_(random.stream("traffic.event_name")),
      source_class_(random.stream("traffic.source_class")),
      address_(random.stream("traffic.source_ip")),
      service_(random.stream("traffic.service_name")),
      user_agent_(random.stream("traffic.user_agent")),
      secret_(random.stream("traffic.secret")),
      target_role_(random.stream("traffic.target_role")),
      event_id_(random.stream("traffic.event_id")),
      request_id_(random.stream("traffic.request_id")),
      users_(AliasTable::of_zipf(options_.users, options_.user_exponent)),
      addresses_(AliasTable::of_zipf(options_.addresses, options_.address_exponent)),
      private_addresses_(AliasTable::of_zipf(options_.private_addresses.value_or(options_.addresses),
                                             options_.address_exponent)),
      ipv6_addresses_(AliasTable::of_zipf(options_.ipv6_addresses.value_or(options_.addresses),
                                          options_.address_exponent)),
      secrets_(AliasTable::of_zipf(options_.secrets, options_.secret_exponent)),
      programs_(AliasTable::of_zipf(detail::programs.size(), options_.user_agent_exponent)),
      browsers_(AliasTable::of_zipf(detail::browsers.size(), options_.user_agent_exponent)),
      kinds_(detail::kind_weights(options_)),
      public_ipv4_(address_.part(4), std::uint64_t{1} << 32),
      private_ipv4_(address_.part(10), std::uint64_t{1} << 24),
      exact_order_(random.stream("traffic.exact_share"), std::max<std::uint64_t>(options_.events, 1)),
      exact_count_(options_.exact_name.empty() ? 0 : options_.exact_share.of(options_.events)),
      exact_kind_(options_.exact_name.empty() ? 0 : detail::kind_named(options_.exact_name)),
      source_limits_(detail::source_limits(options_.sources)),
      layouts_(detail::all_layouts(options_.account, options_.region)),
      model_(cloudtrail_data_model(options_.udm_source_ip)) {
  RUSHHOUR_ASSERT(options_.arrivals != nullptr, "traffic needs an arrival process");
  // The gaps of a stream that follows another are its own.
  const Stream gaps = random.stream("traffic.arrivals");
  arrivals_ =
      options_.arrivals({.events = options_.events, .start = options_.start, .duration = options_.duration},
                        options_.ids_after == 0 ? gaps : gaps.part(options_.ids_after));
}

RUSHHOUR_INLINE Value SyntheticCloudTrail::make(const Event& event, std::uint32_t number,
                                                Arena& arena) const {
  const std::uint64_t id = event.id();
  const auto slot = static_cast<Slot>(number);
  switch (slot) {
    case Slot::event_time:
      return arena.copy(to_iso8601(event.time()));
    case Slot::event_id:
      return detail::uuid(arena, event_id_.at(id * 2), event_id_.at(id * 2 + 1));
    case Slot::request_id:
      return detail::uuid(arena, request_id_.at(id * 2), request_id_.at(id * 2 + 1));
    case Slot::source_ip:
      return source_ip(id, arena);
    case Slot::user_agent:
      return user_agent(id, arena);
    case Slot::secret_id:
      return secret_arn(secret_.at(id), arena);
    case Slot::other_secret_id:
      return secret_arn(secret_.part(1).at(id), arena);
    case Slot::principal_id:
    case Slot::arn:
    case Slot::access_key_id:
    case Slot::user_name:
    case Slot::issuer_id:
    case Slot::issuer_arn:
    case Slot::creation_date:
      return caller(event, slot, arena);
    default:
      return assumption(event, slot, arena);
  }
}

/// Addresses of a class are numbered by rank, and different ranks have different addresses.
RUSHHOUR_INLINE std::string_view SyntheticCloudTrail::source_ip(std::uint64_t id, Arena& arena) const {
  const AddressClass kind = source_of(id);
  if (kind == AddressClass::service_name) {
    return detail::services[uniform_below(service_.at(id), detail::services.size())];
  }
  const std::uint64_t bits = address_.at(id);
  if (kind == AddressClass::private_ipv4) {
    return arena.copy(address_text(0x0a000000U | static_cast<Ipv4>(private_ipv4_(private_addresses_(bits)))));
  }
  if (kind == AddressClass::public_ipv6) {
    // One Amazon prefix; the host part is a bijection of the rank.
    Ipv6 address{0x26, 0x00, 0x1f, 0x18, 0x4b, 0x2c, 0x9a, 0x00};
    std::uint64_t host = address_.part(6).at(ipv6_addresses_(bits));
    for (std::size_t i = 16; i-- > 8; host >>= 8) address[i] = static_cast<std::uint8_t>(host);
    return arena.copy(address_text(address));
  }
  // The permutation of all addresses, walked on until it meets a public one: still a bijection,
  // as 1.0.0.0/8, where the ranks start, is public itself.
  std::uint64_t address = 0x01000000ULL + addresses_(bits);
  do {
    address = public_ipv4_(address);
  } while (classify_ipv4(static_cast<Ipv4>(address)) != AddressClass::public_ipv4);
  return arena.copy(address_text(static_cast<Ipv4>(address)));
}

RUSHHOUR_INLINE std::string_view SyntheticCloudTrail::user_agent(std::uint64_t id, Arena& arena) const {
  if (source_of(id) == AddressClass::service_name) return source_ip(id, arena);
  if (detail::event_kinds[kind_of(id)].sign_in) return detail::browsers[browsers_(user_agent_.at(id))];
  return detail::programs[programs_(user_agent_.at(id))];
}

RUSHHOUR_INLINE Value SyntheticCloudTrail::caller(const Event& event, Slot slot, Arena& arena) const {
  const std::uint32_t user = user_of(event.id());
  const Stream own = identity_.part(user);
  const std::string_view account = options_.account;
  if (!is_role(user)) {
    const std::string_view name = detail::person(arena, user);
    switch (slot) {
      case Slot::principal_id:
        return detail::iam_id(arena, "AIDA", 17, own.part(0));
      case Slot::arn:
        return arena.join({"arn:aws:iam::", account, ":user/", name});
      case Slot::access_key_id:
        return detail::iam_id(arena, "AKIA", 16, own.part(1));
      default:
        return name;
    }
  }
  const std::string_view name = detail::role(arena, user);
  const auto session =
      static_cast<std::uint32_t>(uniform_below(session_.at(event.id()), options_.session_names));
  // A session is made anew each hour, at a second of the hour before that is its own.
  const auto hour = std::chrono::floor<std::chrono::hours>(event.time());
  const Stream renewal = own.part(session).part(static_cast<std::uint64_t>(hour.time_since_epoch().count()));
  switch (slot) {
    case Slot::principal_id:
      return arena.join(
          {detail::iam_id(arena, "AROA", 17, own.part(0)), ":", session_name(user, session, arena)});
    case Slot::arn:
      return arena.join(
          {"arn:aws:sts::", account, ":assumed-role/", name, "/", session_name(user, session, arena)});
    case Slot::access_key_id:
      return detail::iam_id(arena, "ASIA", 16, renewal);
    case Slot::issuer_id:
      return detail::iam_id(arena, "AROA", 17, own.part(0));
    case Slot::issuer_arn:
      return arena.join({"arn:aws:iam::", account, ":role/", name});
    case Slot::creation_date:
      return arena.copy(to_iso8601(hour - std::chrono::seconds{1 + uniform_below(renewal.at(100), 3599)}));
    default:
      return name;
  }
}

RUSHHOUR_INLINE Value SyntheticCloudTrail::assumption(const Event& event, Slot slot, Arena& arena) const {
  const std::uint64_t bits = target_role_.at(event.id());
  const auto role = static_cast<std::uint32_t>(uniform_below(bits, options_.users));
  const auto session = static_cast<std::uint32_t>(uniform_below(mix(bits), options_.session_names));
  const std::string_view name = detail::role(arena, role);
  const std::string_view account = options_.account;
  switch (slot) {
    case Slot::role_arn:
      return arena.join({"arn:aws:iam::", account, ":role/", name});
    case Slot::role_session_name:
      return session_name(role, session, arena);
    case Slot::assumed_role_id:
      return arena.join({detail::iam_id(arena, "AROA", 17, identity_.part(role).part(0)), ":",
                         session_name(role, session, arena)});
    case Slot::assumed_role_arn:
      return arena.join(
          {"arn:aws:sts::", account, ":assumed-role/", name, "/", session_name(role, session, arena)});
    case Slot::issued_access_key_id:
      return detail::iam_id(arena, "ASIA", 16, target_role_.part(event.id()));
    case Slot::session_token: {
      const std::span<char> token = arena.make<char>(356);
      std::string_view{"IQoJb3JpZ2luX2Vj"}.copy(token.data(), 16);
      detail::scatter(token.subspan(16), target_role_.part(event.id()).part(1),
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
      return std::string_view{token.data(), token.size()};
    }
    case Slot::expiration:
      return detail::expiration_text(arena, event.time() + std::chrono::hours{1});
    default:
      RUSHHOUR_ASSERT(false, "no such slot");
      return {};
  }
}

/// The four habits of naming sessions: by the person (single sign-on), by the instance (EC2), by the function
/// (Lambda), and by the second at which botocore fetched credentials. A role keeps to one.
RUSHHOUR_INLINE std::string_view SyntheticCloudTrail::session_name(std::uint32_t role, std::uint32_t session,
                                                                   Arena& arena) const {
  const Stream own = identity_.part(role).part(7);
  switch (own.at(0) % 4) {
    case 0:
      return arena.join({detail::person(arena, role * 31 + session), "@example.com"});
    case 1: {
      const std::span<char> name = arena.make<char>(19);
      std::string_view{"i-0"}.copy(name.data(), 3);
      detail::scatter(name.subspan(3), own.part(session), "0123456789abcdef");
      return {name.data(), name.size()};
    }
    case 2:
      return arena.join({detail::systems[(role + session) % detail::systems.size()], "-handler-",
                         detail::Decimal{session + 1ULL}.text()});
    default: {
      const Instant since = options_.sessions_since.value_or(options_.start);
      const auto start = std::chrono::floor<std::chrono::seconds>(since).time_since_epoch().count();
      const std::int64_t fetched =
          std::max<std::int64_t>(start, 0) - static_cast<std::int64_t>(session) * 900;
      return arena.join({"botocore-session-",
                         detail::Decimal{static_cast<std::uint64_t>(std::max<std::int64_t>(fetched, 0)) +
                                         uniform_below(own.at(session + 1ULL), 900)}
                             .text()});
    }
  }
}

RUSHHOUR_INLINE std::string_view SyntheticCloudTrail::secret_arn(std::uint64_t bits, Arena& arena) const {
  const std::uint32_t number = secrets_(bits);
  std::array<char, 6> suffix{};  // Secrets Manager adds six characters to every name
  detail::scatter(suffix, secret_.part(number).part(2),
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  return arena.join({"arn:aws:secretsmanager:", options_.region, ":", options_.account, ":secret:",
                     detail::secret(arena, number), "-", std::string_view{suffix.data(), suffix.size()}});
}

}  // namespace rushhour::event::traffic
