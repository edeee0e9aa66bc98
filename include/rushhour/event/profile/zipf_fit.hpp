/// \file
/// How many there must be, and how unevenly they come, so that a sample of them looks as it does: sizes of
/// populations and exponents of Zipf's law. It estimates by two moments, the distinct ones and the chance
/// that two draws meet; it judges no fit.
///
/// Floating point is for estimating alone: what leaves is rounded to whole numbers and to hundredths.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <rushhour/event/profile/sample.hpp>
#include <rushhour/ratio.hpp>

namespace rushhour::event::profile {

/// Of a population, the ranks that are drawn by Zipf's law.
struct ZipfFit {
  std::uint32_t count{1};
  Ratio exponent{0, 100};  ///< in hundredths
};

inline constexpr std::uint32_t population_max = 1U << 22;  ///< as many as synthetic traffic can have

namespace detail {

/// Calls `each(ranks, weight)` for all ranks: singly at first, then in blocks of a hundredth of what is
/// before, whose members weigh as their middle does.
template <class Each>
void for_ranks(std::uint32_t count, double exponent, Each each) {
  constexpr std::uint32_t single = 2'000;
  for (std::uint32_t rank = 1; rank <= std::min(count, single); ++rank) {
    each(1.0, std::pow(static_cast<double>(rank), -exponent));
  }
  for (std::uint32_t first = single + 1; first <= count;) {
    const std::uint32_t block = std::min(first / 100, count - first + 1);
    const double middle = static_cast<double>(first) + (static_cast<double>(block) - 1) / 2;
    each(static_cast<double>(block), std::pow(middle, -exponent));
    first += block;
  }
}

/// The distinct ones among so many draws, on average, and the chance that two draws meet.
struct ZipfMoments {
  double distinct{};
  double meeting{};
};
[[nodiscard]] inline ZipfMoments zipf_moments(std::uint32_t count, double exponent, double draws) {
  double sum = 0;
  for_ranks(count, exponent, [&](double ranks, double weight) { sum += ranks * weight; });
  ZipfMoments out;
  for_ranks(count, exponent, [&](double ranks, double weight) {
    const double share = weight / sum;
    out.distinct += ranks * -std::expm1(draws * std::log1p(-std::min(share, 1 - 1e-12)));
    out.meeting += ranks * share * share;
  });
  return out;
}

/// The least number from 1 to population_max for which `enough` holds, or the most; it holds from some number
/// on.
template <class Enough>
[[nodiscard]] std::uint32_t least(Enough enough) {
  std::uint32_t low = 1;
  std::uint32_t high = population_max;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (enough(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// The chance that two different events of the sample have the same: unbiased for the sum of squared shares.
[[nodiscard]] inline double meeting_of(const Tally& tally) {
  const auto events = static_cast<double>(tally.events());
  if (events < 2) return 1;
  double pairs = 0;
  for (const std::uint64_t count : tally.counts) {
    pairs += static_cast<double>(count) * (static_cast<double>(count) - 1);
  }
  return pairs / (events * (events - 1));
}

}  // namespace detail

/// How many there must be so that so many draws show so many distinct ones on average.
[[nodiscard]] inline std::uint32_t fit_count(std::uint64_t draws, std::uint64_t distinct, Ratio exponent) {
  if (distinct <= 1) return 1;
  return detail::least([&](std::uint32_t count) {
    // Half a one less: the least count that rounds to what was seen.
    return detail::zipf_moments(count, exponent.to_double(), static_cast<double>(draws)).distinct >=
           static_cast<double>(distinct) - 0.5;
  });
}

/// Both from a sample. With the exponent grows the number that is needed for the distinct ones, and the
/// chance that two draws meet; so there is one exponent from 0 to 4 that fits best.
[[nodiscard]] inline ZipfFit fit_zipf(const Tally& tally) {
  const std::uint64_t draws = tally.events();
  if (tally.distinct() <= 1) return {};
  const double meeting = detail::meeting_of(tally);
  std::uint64_t low = 0;
  std::uint64_t high = 400;
  while (low < high) {
    const Ratio middle{(low + high + 1) / 2, 100};
    const std::uint32_t count = fit_count(draws, tally.distinct(), middle);
    if (detail::zipf_moments(count, middle.to_double(), static_cast<double>(draws)).meeting <= meeting) {
      low = middle.numerator;
    } else {
      high = middle.numerator - 1;
    }
  }
  const Ratio exponent{low, 100};
  return {.count = fit_count(draws, tally.distinct(), exponent), .exponent = exponent};
}

/// The exponent alone, from 0 to 4, where there are `count` of them whatever the sample shows.
[[nodiscard]] inline Ratio fit_exponent(const Tally& tally, std::uint32_t count) {
  const double meeting = detail::meeting_of(tally);
  Ratio out{0, 100};
  while (out.numerator < 400 && detail::zipf_moments(count, out.to_double() + 0.005, 2).meeting < meeting) {
    ++out.numerator;
  }
  return out;
}

/// How many names each role's sessions have, if each event draws one of them evenly: so that all roles
/// together show as many as they did.
[[nodiscard]] inline std::uint32_t fit_session_names(std::span<const RoleSessions> roles) {
  double seen = 0;
  for (const RoleSessions& role : roles) seen += static_cast<double>(role.names);
  return detail::least([&](std::uint32_t names) {
    double expected = 0;
    for (const RoleSessions& role : roles) {
      expected += names == 1
                      ? 1
                      : -static_cast<double>(names) * std::expm1(static_cast<double>(role.events) *
                                                                 std::log1p(-1 / static_cast<double>(names)));
    }
    return expected >= seen - 0.5;
  });
}

}  // namespace rushhour::event::profile
