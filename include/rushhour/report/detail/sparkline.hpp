/// \file
/// A curve in one line of characters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/wide.hpp>
#include <rushhour/measure/series.hpp>
#include <rushhour/time.hpp>

namespace rushhour::report::detail {

/// From nothing to the most.
inline constexpr std::string_view spark_levels = " .:-=+*#%@";

/// The attempts of a series over [begin, end), in `columns` characters between brackets, each a like stretch
/// of time and the densest one `@`. Shorter than that when the series has fewer buckets to show. Empty
/// without attempts.
inline std::string sparkline(const measure::Series& series, Instant begin, Instant end, std::size_t columns) {
  using rushhour::detail::int128;
  if (series.buckets().empty() || end <= begin || columns < 3) return {};
  const auto buckets = static_cast<std::size_t>((end - begin) / series.width()) + 1;
  std::vector<std::uint64_t> sums(std::min(columns - 2, buckets));
  for (std::size_t i = 0; i < series.buckets().size(); ++i) {
    const Instant at = series.begin() + static_cast<std::int64_t>(i) * series.width();
    const auto place = static_cast<std::int64_t>(static_cast<int128>((at - begin).count()) *
                                                 static_cast<int128>(sums.size()) / (end - begin).count());
    const auto last = static_cast<std::int64_t>(sums.size()) - 1;
    sums[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, last))] += series.buckets()[i].attempts;
  }
  const std::uint64_t most = *std::max_element(sums.begin(), sums.end());
  if (most == 0) return {};
  const std::uint64_t top = spark_levels.size() - 1;
  std::string out = "[";
  for (const std::uint64_t sum : sums) {
    out += spark_levels[static_cast<std::size_t>((static_cast<int128>(sum) * top + most - 1) / most)];
  }
  return out + "]";
}

}  // namespace rushhour::report::detail
