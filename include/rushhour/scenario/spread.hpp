/// \file
/// What a number comes to over several seeds: its mean and extremes, and by how much two scenarios differ
/// seed by seed. Exact, in integers; it runs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/detail/exact.hpp>

namespace rushhour::scenario {

/// A ratio with a sign, as a difference has one. There is no negative nothing.
struct Difference {
  bool negative{};
  Ratio size{};

  friend bool operator==(Difference a, Difference b) { return a.negative == b.negative && a.size == b.size; }
  friend bool operator<(Difference a, Difference b) {
    if (a.negative != b.negative) return a.negative;
    return a.negative ? b.size < a.size : a.size < b.size;
  }
};

/// `to` - `from`: exact where 64 bits hold it, else of both cut to billionths.
[[nodiscard]] inline Difference difference_of(Ratio from, Ratio to) {
  const bool negative = to < from;
  const Ratio more = negative ? from : to;
  const Ratio less = negative ? to : from;
  constexpr std::uint64_t fineness = 1'000'000'000;
  return {
      .negative = negative,
      .size =
          detail::difference(more, less).value_or(Ratio{more.of(fineness) - less.of(fineness), fineness})};
}

/// Of the seeds with which there is a number at all; places are those of the seeds, from 0, and of equals the
/// first.
template <class Number>
struct Spread {
  std::size_t count{};  ///< of the seeds that have a number; with 0 the rest says nothing
  Number mean{};        ///< exact where 64 bits hold it (detail::mean_of)
  Number least{};
  Number most{};
  std::size_t least_at{};
  std::size_t most_at{};
};

namespace detail {

/// Without the mean, which is another for each kind of number.
template <class Number>
[[nodiscard]] Spread<Number> extremes_of(std::span<const std::optional<Number>> numbers) {
  Spread<Number> out;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!numbers[i]) continue;
    if (out.count == 0 || *numbers[i] < out.least) {
      out.least = *numbers[i];
      out.least_at = i;
    }
    if (out.count == 0 || out.most < *numbers[i]) {
      out.most = *numbers[i];
      out.most_at = i;
    }
    ++out.count;
  }
  return out;
}

}  // namespace detail

/// Of one number, an entry a seed.
///
/// \code
///   spread_of(std::vector<std::optional<Ratio>>{Ratio{3, 1}, std::nullopt, Ratio{4, 1}});
///   // mean 7/2, least 3 at 0, most 4 at 2, of 2
/// \endcode
[[nodiscard]] inline Spread<Ratio> spread_of(std::span<const std::optional<Ratio>> numbers) {
  Spread<Ratio> out = detail::extremes_of(numbers);
  std::vector<Ratio> there;
  for (const std::optional<Ratio>& number : numbers) {
    if (number) there.push_back(*number);
  }
  if (!there.empty()) out.mean = detail::mean_of(there);
  return out;
}

/// Of the differences `to` - `from`, seed by seed: of the seeds with which both have a number. What both owe
/// to the seed alone cancels out, so that few seeds tell a small difference.
[[nodiscard]] inline Spread<Difference> paired_spread(std::span<const std::optional<Ratio>> from,
                                                      std::span<const std::optional<Ratio>> to) {
  RUSHHOUR_ASSERT(from.size() == to.size(), "pairs are of the same seeds");
  std::vector<std::optional<Difference>> differences(from.size());
  std::vector<Ratio> up;  // of those that have a difference, how far it goes up, and down
  std::vector<Ratio> down;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!from[i] || !to[i]) continue;
    const Difference difference = difference_of(*from[i], *to[i]);
    differences[i] = difference;
    up.push_back(difference.negative ? Ratio{} : difference.size);
    down.push_back(difference.negative ? difference.size : Ratio{});
  }
  Spread<Difference> out = detail::extremes_of<Difference>(differences);
  if (!up.empty()) out.mean = difference_of(detail::mean_of(down), detail::mean_of(up));
  return out;
}

}  // namespace rushhour::scenario
