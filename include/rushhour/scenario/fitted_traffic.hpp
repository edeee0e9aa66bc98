/// \file
/// Synthetic traffic as fitted to a sample: plain data. Fitting it is profile.hpp's business.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <rushhour/event/profile/arrival_fit.hpp>
#include <rushhour/event/profile/zipf_fit.hpp>
#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// The synthetic traffic that is like a sample; what is not in here is as the options' defaults have it.
struct FittedTraffic {
  std::uint64_t seed{1};
  std::uint64_t events{};
  Instant start{};
  Duration duration{};
  event::profile::ArrivalFit arrivals{};
  std::uint32_t users{1};
  Ratio user_exponent{};
  Ratio role_share{};
  std::optional<std::uint32_t> session_names{};  ///< nothing: there are no roles
  std::uint32_t addresses{1};
  std::optional<std::uint32_t> private_addresses{};
  std::optional<std::uint32_t> ipv6_addresses{};
  Ratio address_exponent{};
  std::optional<event::profile::ZipfFit> secrets{};  ///< nothing: the sample names none
  Ratio user_agent_exponent{};
  event::traffic::SourceShares sources{};
  std::vector<event::traffic::EventNameWeight> event_names{};
  std::optional<event::traffic::FileDeliveryOptions> files{};
};

}  // namespace rushhour::scenario
