/// \file
/// Events counted in equal windows, and how unevenly they fall into them. It knows no process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rushhour::event::profile {

/// How many of the seconds, which are in order, fall into each whole window from `first` on; what comes after
/// the last whole window before `first + length` is left out. All in seconds, the width at least 1.
[[nodiscard]] inline std::vector<std::uint64_t> counts_in(std::span<const std::int64_t> seconds,
                                                          std::int64_t first, std::int64_t length,
                                                          std::int64_t width) {
  std::vector<std::uint64_t> out(static_cast<std::size_t>(length / width));
  for (const std::int64_t second : seconds) {
    const auto at = static_cast<std::size_t>((second - first) / width);
    if (second >= first && at < out.size()) ++out[at];
  }
  return out;
}

[[nodiscard]] inline double mean_of(std::span<const std::uint64_t> counts) {
  double sum = 0;
  for (const std::uint64_t each : counts) sum += static_cast<double>(each);
  return counts.empty() ? 0 : sum / static_cast<double>(counts.size());
}

/// The index of dispersion, variance by mean: 1 for a Poisson process, 0 for even spacing, above 1 for
/// bursts. 0 without two windows or without events.
[[nodiscard]] inline double dispersion_of(std::span<const std::uint64_t> counts) {
  const double mean = mean_of(counts);
  if (counts.size() < 2 || mean <= 0) return 0;
  double squares = 0;
  for (const std::uint64_t each : counts) {
    const double off = static_cast<double>(each) - mean;
    squares += off * off;
  }
  return squares / static_cast<double>(counts.size() - 1) / mean;
}

/// As dispersion_of(), but around means of the windows' own, which took so many numbers to fit. Infinite
/// where something fell into a window whose mean is 0.
[[nodiscard]] inline double dispersion_around(std::span<const std::uint64_t> counts,
                                              std::span<const double> means, std::size_t fitted) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double off = static_cast<double>(counts[i]) - means[i];
    if (off != 0) sum += off * off / means[i];
  }
  return counts.size() > fitted ? sum / static_cast<double>(counts.size() - fitted) : 0;
}

}  // namespace rushhour::event::profile
