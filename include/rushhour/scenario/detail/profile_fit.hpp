/// \file
/// Synthetic traffic from a sample, piece by piece: sources, callers, names, delivery and times. Which
/// arrival process and which seed are profile_inl.hpp's business.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/event/detail/cloudtrail_fiction.hpp>
#include <rushhour/event/profile/sample.hpp>
#include <rushhour/event/profile/zipf_fit.hpp>
#include <rushhour/scenario/fitted_traffic.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

using event::profile::Sample;
using event::profile::Tally;

/// The names whose reads the guide's detection enriches.
inline constexpr std::array<std::string_view, 2> reads_of_secrets{"GetSecretValue", "BatchGetSecretValue"};
/// What stands for events whose names synthetic traffic does not know: it reads, and no rule of the guide
/// looks at it.
inline constexpr std::string_view stand_in = "DescribeInstances";

inline Tally merged(const Sample& sample, std::initializer_list<AddressClass> classes) {
  Tally out;
  for (const AddressClass each : classes) {
    const Tally& some = sample.addresses[static_cast<std::size_t>(each)];
    out.counts.insert(out.counts.end(), some.counts.begin(), some.counts.end());
  }
  std::ranges::sort(out.counts, std::greater{});
  return out;
}

/// One exponent, of the class that shows most of it, and a number for each class.
inline void fit_addresses(const Sample& sample, FittedTraffic& out) {
  const Tally ipv4 = merged(sample, {AddressClass::public_ipv4});
  const Tally ipv6 = merged(sample, {AddressClass::public_ipv6});
  const Tally internal =
      merged(sample, {AddressClass::private_ipv4, AddressClass::reserved_ipv4, AddressClass::reserved_ipv6});
  const Tally* const all[] = {&ipv4, &ipv6, &internal};
  const Tally* const most =
      *std::ranges::max_element(all, {}, [](const Tally* each) { return each->events(); });
  out.address_exponent = event::profile::fit_zipf(*most).exponent;
  const auto count = [&](const Tally& tally) {
    return event::profile::fit_count(tally.events(), tally.distinct(), out.address_exponent);
  };
  out.addresses = count(ipv4);
  if (internal.distinct() > 0) out.private_addresses = count(internal);
  if (ipv6.distinct() > 0) out.ipv6_addresses = count(ipv6);
  const auto share = [&](std::uint64_t events) {
    return Ratio{events, std::max<std::uint64_t>(sample.events(), 1)};
  };
  const auto of = [&](AddressClass kind) { return sample.classes[static_cast<std::size_t>(kind)]; };
  out.sources = {.private_ipv4 = share(internal.events()),
                 .public_ipv6 = share(ipv6.events()),
                 .service_name = share(of(AddressClass::service_name)),
                 .missing = share(of(AddressClass::missing) + of(AddressClass::malformed))};
}

inline void fit_population(const Sample& sample, FittedTraffic& out) {
  const event::profile::ZipfFit users = event::profile::fit_zipf(sample.users);
  out.users = users.count;
  out.user_exponent = users.exponent;
  out.role_share = Ratio{sample.roles, std::max<std::uint64_t>(sample.users.distinct(), 1)};
  if (!sample.sessions.empty()) out.session_names = event::profile::fit_session_names(sample.sessions);
  if (sample.secrets.distinct() > 0) out.secrets = event::profile::fit_zipf(sample.secrets);
  out.user_agent_exponent = event::profile::fit_exponent(
      sample.user_agents, static_cast<std::uint32_t>(event::detail::programs.size()));
}

/// Weights up to a million, as scenarios have them.
inline void fit_names(const Sample& sample, FittedTraffic& out) {
  const std::vector<std::string_view> known = event::traffic::SyntheticCloudTrail::known_event_names();
  std::vector<std::uint64_t> counts = sample.names;
  counts.resize(known.size());
  const auto other = std::ranges::find(known, stand_in) - known.begin();
  counts[static_cast<std::size_t>(other)] += sample.other_names;
  const std::uint64_t most = std::max<std::uint64_t>(*std::ranges::max_element(counts), 1);
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (counts[i] == 0) continue;
    const std::uint64_t weight = most <= 1'000'000 ? counts[i] : Ratio{counts[i], most}.of(1'000'000);
    out.event_names.push_back({std::string{known[i]}, std::max<std::uint64_t>(weight, 1)});
  }
}

/// Only where nearly every event's file tells when it was delivered. The quantiles are made to grow, as they
/// must.
inline void fit_delivery(const Sample& sample, FittedTraffic& out) {
  const std::vector<Duration>& late = sample.lateness;
  if (late.empty() || late.size() < sample.events() / 10 * 9) return;
  event::traffic::FileDeliveryOptions files;
  files.mark = std::chrono::seconds{sample.marks % 300 == 0 ? 300 : 60};
  Duration before{};
  const auto quantile = [&](std::uint64_t percent) {
    const Duration seen = late[(late.size() - 1) * percent / 100];
    before = std::max(seen, before + std::chrono::milliseconds{1});
    return before;
  };
  files.lateness = {.p10 = quantile(10),
                    .p50 = quantile(50),
                    .p90 = quantile(90),
                    .p99 = quantile(99),
                    .max = quantile(100)};
  if (before <= std::chrono::days{1}) out.files = files;
}

/// The span, with the mean gap behind the last event, in whole seconds; and for a shape its stretches.
inline void set_times(const Sample& sample, FittedTraffic& out) {
  using std::chrono::seconds;
  out.start = Instant{seconds{sample.seconds.front()}};
  if (const auto* const shape = std::get_if<event::profile::ShapeFit>(&out.arrivals)) {
    out.start -= out.start.time_since_epoch() % shape->stretch;
    out.duration = shape->stretch * static_cast<std::int64_t>(shape->weights.size());
    return;
  }
  const auto events = static_cast<std::int64_t>(sample.events());
  const Duration between = sample.span() - seconds{1};
  const Duration gap = events > 1 ? between / (events - 1) : Duration{};
  out.duration = std::max<Duration>(sample.span(), std::chrono::ceil<seconds>(between + gap));
}

inline FittedTraffic fit_traffic(const Sample& sample) {
  FittedTraffic out;
  out.events = sample.events();
  fit_addresses(sample, out);
  fit_population(sample, out);
  fit_names(sample, out);
  fit_delivery(sample, out);
  return out;
}

}  // namespace rushhour::scenario::detail
