/// \file
/// Which of the arrival processes in traffic/ a sample's times may come from, with its numbers: each
/// candidate has passed a test, the simplest comes first, and last the sample's own shape, which always fits
/// and explains nothing. Which of them is taken, and with which seed, is scenario/profile.hpp's business.
///
/// Floating point is for estimating alone: what leaves is rounded.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/event/profile/bursty_fit.hpp>
#include <rushhour/event/profile/counts.hpp>
#include <rushhour/event/profile/sample.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/event/traffic/burst_arrivals.hpp>
#include <rushhour/event/traffic/bursty_arrivals.hpp>
#include <rushhour/event/traffic/diurnal_arrivals.hpp>
#include <rushhour/event/traffic/shaped_arrivals.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::profile {

struct ConstantFit {};
struct PoissonFit {};
struct ShapeFit {
  std::vector<std::uint64_t> weights{};
  Duration stretch{};  ///< that each of them stands for
};
using ArrivalFit = std::variant<ConstantFit, PoissonFit, traffic::BurstOptions, traffic::DiurnalOptions,
                                traffic::MmppOptions, ShapeFit>;

/// As scenarios name it: `constant`, `burst`, `shape`.
[[nodiscard]] inline std::string_view name_of(const ArrivalFit& fit) {
  constexpr std::array<std::string_view, 6> names{"constant", "poisson", "burst",
                                                  "diurnal",  "bursty",  "shape"};
  return names[fit.index()];
}

/// Whether its times hang on the seed.
[[nodiscard]] inline bool is_random(const ArrivalFit& fit) {
  return std::holds_alternative<PoissonFit>(fit) || std::holds_alternative<traffic::DiurnalOptions>(fit) ||
         std::holds_alternative<traffic::MmppOptions>(fit);
}

[[nodiscard]] inline traffic::ArrivalProcess process_of(const ArrivalFit& fit) {
  struct Make {
    traffic::ArrivalProcess operator()(const ConstantFit&) const { return traffic::constant_arrivals(); }
    traffic::ArrivalProcess operator()(const PoissonFit&) const { return traffic::poisson_arrivals(); }
    traffic::ArrivalProcess operator()(const traffic::BurstOptions& options) const {
      return traffic::burst_arrivals(options);
    }
    traffic::ArrivalProcess operator()(const traffic::DiurnalOptions& options) const {
      return traffic::diurnal_arrivals(options);
    }
    traffic::ArrivalProcess operator()(const traffic::MmppOptions& options) const {
      return traffic::bursty_arrivals(options);
    }
    traffic::ArrivalProcess operator()(const ShapeFit& shape) const {
      return traffic::shaped_arrivals(shape.weights);
    }
  };
  return std::visit(Make{}, fit);
}

namespace detail {

/// A ratio of numbers up to 1000 that is at least 1, or (below 1) at most 1.
[[nodiscard]] inline Ratio factor_of(double value) {
  const bool below = value < 1;
  const double large = std::clamp(below ? 1 / value : value, 1.0, 1'000.0);
  const std::uint64_t unit = large < 10 ? 100 : large < 100 ? 10 : 1;
  const Ratio rounded{static_cast<std::uint64_t>(std::llround(large * static_cast<double>(unit))), unit};
  return (below ? Ratio{rounded.denominator, rounded.numerator} : rounded).reduced();
}

/// The sample's times, counted in several widths.
class ArrivalSearch {
 public:
  explicit ArrivalSearch(const Sample& sample)
      : seconds_(sample.seconds),
        first_(sample.seconds.empty() ? 0 : sample.seconds.front()),
        length_(std::chrono::floor<std::chrono::seconds>(sample.span()).count()) {}

  [[nodiscard]] std::vector<std::uint64_t> counts(std::int64_t width) const {
    return counts_in(seconds_, first_, length_, width);
  }
  /// As the dispersion of so many Poisson counts may be by chance: within four standard deviations of 1.
  [[nodiscard]] static bool is_poisson(double dispersion, std::size_t windows, double mean) {
    return windows < 10 || mean <= 0 ||
           std::abs(dispersion - 1) <= 4 * std::sqrt((2 + 1 / mean) / static_cast<double>(windows - 1));
  }

  /// Every minute has what its share is, to a fiftieth or to one.
  [[nodiscard]] std::optional<ArrivalFit> constant() const {
    const std::vector<std::uint64_t> minutes = counts(std::clamp<std::int64_t>(length_ / 3, 1, 60));
    const auto [least, most] = std::ranges::minmax_element(minutes);
    if (minutes.size() < 3 || *most < 2) return std::nullopt;
    const bool even = *most - *least <= std::max<std::uint64_t>(1, *most / 50);
    return even ? std::optional<ArrivalFit>{ConstantFit{}} : std::nullopt;
  }
  [[nodiscard]] std::optional<ArrivalFit> poisson() const {
    for (const std::int64_t width : {1, 10, 60, 600}) {
      const std::vector<std::uint64_t> windows = counts(width);
      if (!is_poisson(dispersion_of(windows), windows.size(), mean_of(windows))) return std::nullopt;
    }
    return length_ >= 60 && seconds_.size() >= 50 ? std::optional<ArrivalFit>{PoissonFit{}} : std::nullopt;
  }
  [[nodiscard]] std::optional<ArrivalFit> burst() const;
  [[nodiscard]] std::optional<ArrivalFit> diurnal() const;
  [[nodiscard]] std::optional<ArrivalFit> bursty() const;
  /// In seconds for an hour, in tens of them for ten hours, in minutes for two weeks, and so on: as fine as a
  /// file still reads. Stretches begin where the clock has a multiple of their length.
  [[nodiscard]] ArrivalFit shape() const {
    std::int64_t width = 1;
    std::int64_t most = 3'600;  // seconds that may be counted so
    for (const auto& [next, seconds] : {std::pair{10, 36'000}, std::pair{60, 14 * 86'400},
                                        std::pair{600, 140 * 86'400}, std::pair{3'600, 366 * 86'400}}) {
      if (length_ <= most) break;
      width = next;
      most = seconds;
    }
    const std::int64_t begin = first_ - first_ % width;
    const std::int64_t stretches = (first_ + length_ - begin + width - 1) / width;
    return ShapeFit{.weights = counts_in(seconds_, begin, stretches * width, width),
                    .stretch = std::chrono::seconds{width}};
  }

 private:
  /// How much likelier two rates are than one, for the windows from `a` to `b` and for all others.
  [[nodiscard]] static double gain(double inside, double windows_inside, double all, double windows) {
    const auto term = [](double events, double length) {
      return events > 0 && length > 0 ? events * std::log(events / length) : 0;
    };
    return term(inside, windows_inside) + term(all - inside, windows - windows_inside) - term(all, windows);
  }

  std::span<const std::int64_t> seconds_;
  std::int64_t first_;
  std::int64_t length_;
};

/// The stretch that differs most from all around it, tried from each to each of 240 places and then to the
/// second.
inline std::optional<ArrivalFit> ArrivalSearch::burst() const {
  const std::vector<std::uint64_t> counted = counts(1);
  if (counted.size() < 60 || counted.size() > 8 * 86'400) return std::nullopt;
  std::vector<double> until(counted.size() + 1);
  for (std::size_t i = 0; i < counted.size(); ++i) until[i + 1] = until[i] + static_cast<double>(counted[i]);
  const auto size = static_cast<std::int64_t>(counted.size());
  std::pair<std::int64_t, std::int64_t> best{};
  double most = 0;
  const auto try_all = [&](std::int64_t a0, std::int64_t a1, std::int64_t b0, std::int64_t b1,
                           std::int64_t step) {
    for (std::int64_t a = std::max<std::int64_t>(a0, 0); a <= std::min(a1, size - 1); a += step) {
      for (std::int64_t b = std::max(b0, a + 1); b <= std::min(b1, size); b += step) {
        if (b - a == size) continue;
        const double here = gain(until[static_cast<std::size_t>(b)] - until[static_cast<std::size_t>(a)],
                                 static_cast<double>(b - a), until.back(), static_cast<double>(size));
        if (here > most) {
          most = here;
          best = {a, b};
        }
      }
    }
  };
  for (std::int64_t step = std::max<std::int64_t>(size / 240, 1), reach = size; step >= 1;) {
    const auto [a, b] = best;
    try_all(reach == size ? 0 : a - reach, reach == size ? size : a + reach, reach == size ? 1 : b - reach,
            reach == size ? size : b + reach, step);
    if (step == 1) break;
    reach = step * 2;
    step = std::max<std::int64_t>(step / 8, 1);
  }
  const auto [a, b] = best;
  const double inside = until[static_cast<std::size_t>(b)] - until[static_cast<std::size_t>(a)];
  const double in = inside / static_cast<double>(b - a);
  const double out = (until.back() - inside) / static_cast<double>(size - (b - a));
  if (most < 10 || out <= 0 || in <= out || in / out > 1'000) return std::nullopt;
  // Nothing of note is left once each window has its rate, in seconds, tens and minutes.
  for (const std::int64_t width : {std::int64_t{1}, std::int64_t{10}, std::int64_t{60}}) {
    const std::vector<std::uint64_t> windows = counts(width);
    std::vector<double> means(windows.size());
    for (std::size_t i = 0; i < means.size(); ++i) {
      const std::int64_t begin = static_cast<std::int64_t>(i) * width;
      const std::int64_t shared = std::max<std::int64_t>(std::min(begin + width, b) - std::max(begin, a), 0);
      means[i] = static_cast<double>(shared) * in + static_cast<double>(width - shared) * out;
    }
    const double limit = 1 + 4 * std::sqrt((2 + 1 / std::max(mean_of(windows), 1e-9)) /
                                           static_cast<double>(std::max<std::size_t>(windows.size(), 5) - 4));
    if (dispersion_around(windows, means, 4) > limit) return std::nullopt;
  }
  return traffic::BurstOptions{
      .from = std::chrono::seconds{a}, .lasting = std::chrono::seconds{b - a}, .factor = factor_of(in / out)};
}

/// For each quarter of an hour at which the peak could be, the straight line through rate and closeness to
/// the peak that fits best; of all, the one that leaves least. Less than half a day shows no day.
inline std::optional<ArrivalFit> ArrivalSearch::diurnal() const {
  constexpr std::int64_t day = 86'400;
  constexpr std::int64_t width = 600;
  if (length_ < day / 2) return std::nullopt;
  const std::vector<std::uint64_t> windows = counts(width);
  std::vector<double> rise(windows.size());
  std::vector<double> means(windows.size());
  std::optional<traffic::DiurnalOptions> best;
  double least = 1 + 4 * std::sqrt(2.0 / static_cast<double>(windows.size()));
  for (std::int64_t peak = 0; peak < day; peak += 900) {
    double sum_rise = 0, sum_count = 0, sum_square = 0, sum_product = 0;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::int64_t at = first_ + static_cast<std::int64_t>(i) * width + width / 2;
      const std::int64_t since = (((at - peak) % day) + day) % day;
      rise[i] = std::abs(static_cast<double>(since) - day / 2.0) / (day / 2.0);
      const auto count = static_cast<double>(windows[i]);
      sum_rise += rise[i];
      sum_count += count;
      sum_square += rise[i] * rise[i];
      sum_product += rise[i] * count;
    }
    const auto size = static_cast<double>(windows.size());
    const double slope =
        (size * sum_product - sum_rise * sum_count) / (size * sum_square - sum_rise * sum_rise);
    const double trough = (sum_count - slope * sum_rise) / size;
    if (slope <= 0 || trough <= 0) continue;
    for (std::size_t i = 0; i < windows.size(); ++i) means[i] = trough + slope * rise[i];
    const double left = dispersion_around(windows, means, 3);
    if (left >= least) continue;
    least = left;
    best = traffic::DiurnalOptions{.peak_to_trough = factor_of(1 + slope / trough),
                                   .peak = std::chrono::seconds{peak}};
  }
  return best ? std::optional<ArrivalFit>{*best} : std::nullopt;
}

/// Four bursts at least: fewer say nothing of how often they come. The dispersion that follows is within a
/// factor of two of the sample's, in ten seconds and in a minute.
inline std::optional<ArrivalFit> ArrivalSearch::bursty() const {
  constexpr std::int64_t windows_max = 100'000;
  const std::int64_t width = std::max<std::int64_t>(1, (length_ + windows_max - 1) / windows_max);
  const std::vector<std::uint64_t> windows = counts(width);
  if (windows.size() < 60) return std::nullopt;
  const TwoStates fit = fit_two_states(windows);
  if (fit.bursts < 4 || fit.rate[0] > 0.8 * fit.rate[1]) return std::nullopt;
  for (const std::int64_t span : {std::int64_t{10}, std::int64_t{60}}) {
    if (span < width || length_ / span < 20) continue;
    const double seen = dispersion_of(counts(span));
    const double follows = fit.dispersion(static_cast<double>(span) / static_cast<double>(width));
    if (follows > 2 * seen || seen > 2 * follows) return std::nullopt;
  }
  const auto length = [&](double leave) {
    const double tenths = std::clamp(10 * static_cast<double>(width) / leave, 1.0, 432'000.0);
    return Duration{std::chrono::milliseconds{100 * std::llround(tenths)}};
  };
  const auto thousandths = static_cast<std::uint64_t>(std::llround(1'000 * fit.rate[0] / fit.rate[1]));
  return traffic::MmppOptions{.calm_to_burst = Ratio{thousandths, 1'000}.reduced(),
                              .calm = length(fit.leave[0]),
                              .burst = length(fit.leave[1])};
}

}  // namespace detail

/// What the times may come from, the simplest first; the last is their shape. At least one.
[[nodiscard]] inline std::vector<ArrivalFit> arrival_fits(const Sample& sample) {
  const detail::ArrivalSearch search{sample};
  std::vector<ArrivalFit> out;
  const auto add = [&](std::optional<ArrivalFit> fit) {
    if (fit) out.push_back(std::move(*fit));
  };
  add(search.constant());
  add(search.poisson());
  add(search.burst());
  add(search.diurnal());
  add(search.bursty());
  out.push_back(search.shape());
  return out;
}

/// The index of dispersion of the sample's counts in windows of so many seconds.
[[nodiscard]] inline double dispersion_in(const Sample& sample, std::int64_t seconds) {
  return dispersion_of(detail::ArrivalSearch{sample}.counts(seconds));
}

}  // namespace rushhour::event::profile
