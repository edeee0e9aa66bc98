/// \file
/// Bodies of traffic/secret_readers.hpp: the fields of an event's record. Who reads what and when is in
/// secret_readers_inl.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/address.hpp>
#include <rushhour/event/detail/cloudtrail_fiction.hpp>
#include <rushhour/event/traffic/secret_readers.hpp>

namespace rushhour::event::detail {

/// `billing-handler`, and from the 25th on `billing-handler-2`.
[[nodiscard]] RUSHHOUR_INLINE std::string_view system_name(Arena& arena, std::uint64_t number,
                                                           std::string_view what) {
  const std::uint64_t round = number / systems.size();
  const Decimal suffix{round + 1};
  return arena.join(
      {systems[number % systems.size()], "-", what, round == 0 ? "" : "-", round == 0 ? "" : suffix.text()});
}

[[nodiscard]] RUSHHOUR_INLINE std::string_view hexadecimal(Arena& arena, std::size_t digits, Stream stream) {
  const std::span<char> out = arena.make<char>(digits);
  scatter(out, stream, "0123456789abcdef");
  return {out.data(), out.size()};
}

}  // namespace rushhour::event::detail

namespace rushhour::event::traffic {

RUSHHOUR_INLINE Value SecretReaders::make(const Event& event, std::uint32_t number, Arena& arena) const {
  const std::uint64_t id = event.id();
  const auto slot = static_cast<Slot>(number);
  switch (slot) {
    case Slot::event_time:
      return arena.copy(to_iso8601(event.time()));
    case Slot::event_id:
      return detail::uuid(arena, event_id_.at(id * 2), event_id_.at(id * 2 + 1));
    case Slot::request_id:
      return detail::uuid(arena, request_id_.at(id * 2), request_id_.at(id * 2 + 1));
    case Slot::shared_event_id:
      return detail::uuid(arena, event_id_.part(1).at(id * 2), event_id_.part(1).at(id * 2 + 1));
    default:
      break;
  }
  const Reader reader = reader_of(place_of(id));
  switch (slot) {
    case Slot::source_ip:
      return source_ip(reader, arena);
    case Slot::user_agent:
      return user_agent(reader);
    case Slot::secret_id:
      return secret_arn(reader, false, arena);
    case Slot::other_secret_id:
      return secret_arn(reader, true, arena);
    case Slot::account_id:
      return account_of(reader, arena);
    case Slot::creation_date:
      return arena.copy(to_iso8601(std::chrono::floor<std::chrono::seconds>(reader.since)));
    default:
      return identity(reader, slot, arena);
  }
}

/// Of userIdentity: what tells users, Root and strangers from another. Roles are below.
RUSHHOUR_INLINE Value SecretReaders::identity(const Reader& reader, Slot slot, Arena& arena) const {
  const bool is_user = reader.kind == SecretReader::user || reader.kind == SecretReader::console_user;
  if (slot == Slot::access_key_id) {
    if (reader.kind == SecretReader::user) return detail::iam_id(arena, "AKIA", 16, reader.own.part(1));
    const auto since = static_cast<std::uint64_t>(reader.since.time_since_epoch().count());
    return detail::iam_id(arena, "ASIA", 16, reader.own.part(1).part(reader.number).part(since));
  }
  if (is_user) {
    // Those of the console are other people than those with keys.
    const std::uint64_t first = reader.kind == SecretReader::user ? 0 : options_.users;
    const std::string_view name = detail::person(arena, static_cast<std::uint32_t>(first + reader.number));
    if (slot == Slot::principal_id) return detail::iam_id(arena, "AIDA", 17, reader.own.part(0));
    if (slot == Slot::arn) return arena.join({"arn:aws:iam::", options_.account, ":user/", name});
    return name;
  }
  if (reader.kind == SecretReader::root) {
    const std::string_view account = account_of(reader, arena);
    return slot == Slot::arn ? arena.join({"arn:aws:iam::", account, ":root"}) : account;
  }
  if (reader.kind == SecretReader::other_account) {
    return arena.join({detail::iam_id(arena, "AROAE", 16, reader.own.part(0)), ":",
                       detail::hexadecimal(arena, 32, reader.own.part(2))});
  }
  return session_of_role(reader, slot, arena);
}

RUSHHOUR_INLINE Value SecretReaders::session_of_role(const Reader& reader, Slot slot, Arena& arena) const {
  // People who sign on have one role between them.
  const Stream role = reader.kind == SecretReader::sso_user ? identity_.part(~std::uint64_t{0}) : reader.own;
  const std::string_view id =
      detail::iam_id(arena, reader.kind == SecretReader::intruder ? "AROAX" : "AROAE", 16, role.part(0));
  const std::string_view path =
      reader.kind == SecretReader::sso_user ? "aws-reserved/sso.amazonaws.com/" : "";
  const std::string_view name = role_name(reader, arena);
  switch (slot) {
    case Slot::principal_id:
      return arena.join({id, ":", session_name(reader, arena)});
    case Slot::arn:
      return arena.join(
          {"arn:aws:sts::", options_.account, ":assumed-role/", name, "/", session_name(reader, arena)});
    case Slot::issuer_id:
      return id;
    case Slot::issuer_arn:
      return arena.join({"arn:aws:iam::", options_.account, ":role/", path, name});
    default:
      RUSHHOUR_ASSERT(slot == Slot::user_name, "no such slot");
      return name;
  }
}

RUSHHOUR_INLINE std::string_view SecretReaders::role_name(const Reader& reader, Arena& arena) const {
  switch (reader.kind) {
    case SecretReader::function:
      return detail::system_name(arena, reader.number, "handler-role");
    case SecretReader::sso_user:
      return arena.join({"AWSReservedSSO_DeveloperAccess_",
                         detail::hexadecimal(arena, 16, identity_.part(~std::uint64_t{0}).part(2))});
    case SecretReader::session:
      return detail::system_name(arena, reader.role, "task-role");
    default:
      return detail::system_name(arena, reader.role, "migration-role");
  }
}

RUSHHOUR_INLINE std::string_view SecretReaders::session_name(const Reader& reader, Arena& arena) const {
  switch (reader.kind) {
    case SecretReader::function:
      return detail::system_name(arena, reader.number, "handler");
    case SecretReader::sso_user: {
      const std::uint64_t first = std::uint64_t{options_.users} + options_.console_users;
      return arena.join(
          {detail::person(arena, static_cast<std::uint32_t>(first + reader.number)), "@example.com"});
    }
    default: {
      const bool is_timed =
          reader.kind == SecretReader::intruder || chance(reader.own.part(2).at(0), options_.timed_names);
      if (!is_timed) return detail::hexadecimal(arena, 32, session_.part(reader.number));
      // The name that botocore, and so the AWS CLI, gives when it is told none [MEM].
      const auto second = std::chrono::floor<std::chrono::seconds>(reader.since).time_since_epoch().count();
      return arena.join(
          {"botocore-session-",
           detail::Decimal{static_cast<std::uint64_t>(std::max<std::int64_t>(second, 0))}.text()});
    }
  }
}

RUSHHOUR_INLINE std::string_view SecretReaders::account_of(const Reader& reader, Arena& arena) const {
  if (reader.kind == SecretReader::root && reader.number == 0) return options_.account;
  if (reader.kind != SecretReader::root && reader.kind != SecretReader::other_account)
    return options_.account;
  // Accounts of Roots and of strangers are different ones.
  const std::uint64_t place = reader.number * 2 + (reader.kind == SecretReader::root ? 0 : 1);
  return arena.copy(detail::Decimal{100'000'000'000 + accounts_(place)}.text());
}

RUSHHOUR_INLINE std::string_view SecretReaders::source_ip(const Reader& reader, Arena& arena) const {
  // Functions and tasks leave by gateways that they share; everyone else has an address of his own.
  constexpr std::uint64_t gateways = 8;
  const bool shares = reader.kind == SecretReader::function || reader.kind == SecretReader::session;
  const auto kind = static_cast<std::uint64_t>(reader.kind);
  const std::uint64_t rank =
      shares ? (reader.kind == SecretReader::function ? reader.number : reader.role) % gateways
             : (kind << 21) + reader.number;
  // Started among public addresses and walked on until it meets one, the permutation stays a bijection.
  std::uint64_t address = 0x01000000ULL + rank;
  do {
    address = public_ipv4_(address);
  } while (classify_ipv4(static_cast<Ipv4>(address)) != AddressClass::public_ipv4);
  return arena.copy(address_text(static_cast<Ipv4>(address)));
}

RUSHHOUR_INLINE std::string_view SecretReaders::user_agent(const Reader& reader) const {
  const std::uint64_t bits = client_.part(static_cast<std::uint64_t>(reader.kind))
                                 .at(reader.kind == SecretReader::session ? reader.role : reader.number);
  if (reader.kind == SecretReader::console_user || reader.kind == SecretReader::root) {
    return detail::browsers[0];  // Chrome on Windows
  }
  if (reader.kind == SecretReader::intruder) {
    return *std::ranges::find_if(detail::programs,
                                 [](std::string_view program) { return program.starts_with("aws-cli/"); });
  }
  return detail::programs[uniform_below(bits, detail::programs.size())];
}

RUSHHOUR_INLINE std::string_view SecretReaders::secret_arn(const Reader& reader, bool is_other,
                                                           Arena& arena) const {
  const Choice choice = choose(reader);
  const std::uint64_t number = is_other ? choice.other : choice.secret;
  std::array<char, 6> suffix{};  // Secrets Manager adds six characters to every name
  detail::scatter(suffix, secret_.part(~number),
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  // Strangers read what this account shares with them, Root what its own has.
  const std::string_view account =
      reader.kind == SecretReader::root ? account_of(reader, arena) : std::string_view{options_.account};
  return arena.join({"arn:aws:secretsmanager:", options_.region, ":", account,
                     ":secret:", detail::secret(arena, static_cast<std::uint32_t>(number)), "-",
                     std::string_view{suffix.data(), suffix.size()}});
}

}  // namespace rushhour::event::traffic
