/// \file
/// How far the calls of Python code go as the libraries make them: over the wire, as HTTP messages in memory,
/// or only as far as the call itself. It knows no call; clients.hpp makes them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rushhour::panther {

/// One journal, three ways to it. A rule's calls and their outcomes are the same on each (tier_proof.hpp
/// proves it); the CPU time is not: the seed's rule takes 10.9 ms over the wire, 1.5 ms by HTTP in memory,
/// and some 10 us at the API level (spec panther.md 5).
enum class ClientTier : std::uint8_t {
  wire,  ///< T0: boto3 and requests do all that they do, up to a socket of this machine
  http,  ///< T1: up to the complete, signed HTTP request; no socket
  api    ///< T2: up to the call and its arguments
};

inline constexpr std::array client_tiers{ClientTier::wire, ClientTier::http, ClientTier::api};

/// `wire`, `http`, `api`.
[[nodiscard]] constexpr std::string_view to_text(ClientTier tier) {
  constexpr std::array<std::string_view, client_tiers.size()> texts{"wire", "http", "api"};
  return texts[static_cast<std::size_t>(tier)];
}

/// Nothing when there is none of that name.
[[nodiscard]] constexpr std::optional<ClientTier> client_tier(std::string_view text) {
  for (const ClientTier tier : client_tiers) {
    if (to_text(tier) == text) return tier;
  }
  return std::nullopt;
}

}  // namespace rushhour::panther
