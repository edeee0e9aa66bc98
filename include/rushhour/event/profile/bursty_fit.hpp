/// \file
/// The process of calm and bursts (traffic/bursty_arrivals.hpp) that most likely made a row of counts: a
/// hidden Markov model of two Poisson states, fitted by Baum and Welch's iteration. Whether it is a good fit
/// is for arrival_fit.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <rushhour/event/profile/counts.hpp>

namespace rushhour::event::profile {

/// Of two states, calm and burst: events a window, and the chance to leave the state with a window's end.
struct TwoStates {
  std::array<double, 2> rate{};
  std::array<double, 2> leave{};
  double bursts{};  ///< how often the row went from calm to burst, on average

  /// The index of dispersion of counts in spans of so many windows: oracle O20 (spec of the simulation, 4.1).
  [[nodiscard]] double dispersion(double windows) const {
    const double change = leave[0] + leave[1];
    const double apart = rate[0] - rate[1];
    const double weight = rate[0] * leave[1] + rate[1] * leave[0];
    if (change <= 0 || weight <= 0) return 1;
    const double span = change * windows;
    return 1 + 2 * leave[0] * leave[1] * apart * apart / (change * change * weight) *
                   (1 + std::expm1(-span) / span);
  }
};

namespace detail {

/// One iteration after the other over the same counts.
class TwoStatesFit {
 public:
  TwoStatesFit(std::span<const std::uint64_t> counts, const TwoStates& first)
      : counts_(counts),
        fit_(first),
        forward_(counts.size()),
        emitted_(counts.size()),
        scale_(counts.size()) {}

  [[nodiscard]] const TwoStates& fit() const { return fit_; }

  /// Whether the states are still apart, and to be told from one.
  [[nodiscard]] bool improve() {
    emit();
    look_forward();
    return look_back();
  }

 private:
  using Pair = std::array<double, 2>;

  /// How likely each state makes each count, by the likelier of the two.
  void emit() {
    for (std::size_t t = 0; t < counts_.size(); ++t) {
      Pair logs{};
      for (std::size_t state = 0; state < 2; ++state) {
        const double rate = std::max(fit_.rate[state], 1e-9);
        logs[state] = static_cast<double>(counts_[t]) * std::log(rate) - rate;
      }
      const double most = std::max(logs[0], logs[1]);
      for (std::size_t state = 0; state < 2; ++state) {
        emitted_[t][state] = std::max(std::exp(logs[state] - most), 1e-200);
      }
    }
  }
  [[nodiscard]] double chance(std::size_t from, std::size_t to) const {
    return from == to ? 1 - fit_.leave[from] : fit_.leave[from];
  }
  void look_forward() {
    const double change = fit_.leave[0] + fit_.leave[1];
    Pair before{fit_.leave[1] / change, fit_.leave[0] / change};
    for (std::size_t t = 0; t < counts_.size(); ++t) {
      Pair here{before[0] * emitted_[t][0], before[1] * emitted_[t][1]};
      scale_[t] = std::max(here[0] + here[1], 1e-300);
      here = {here[0] / scale_[t], here[1] / scale_[t]};
      forward_[t] = here;
      before = {here[0] * chance(0, 0) + here[1] * chance(1, 0),
                here[0] * chance(0, 1) + here[1] * chance(1, 1)};
    }
  }
  [[nodiscard]] bool look_back() {
    Pair behind{1, 1};
    Pair time{};                  // spent in each state, in windows
    Pair weighed{};               // events while there
    std::array<Pair, 2> moves{};  // from, to
    for (std::size_t t = counts_.size(); t-- > 0;) {
      const double sum = forward_[t][0] * behind[0] + forward_[t][1] * behind[1];
      for (std::size_t state = 0; state < 2; ++state) {
        const double here = forward_[t][state] * behind[state] / sum;
        time[state] += here;
        weighed[state] += here * static_cast<double>(counts_[t]);
      }
      if (t == 0) break;
      Pair next{};
      double all = 0;
      std::array<Pair, 2> step{};
      for (std::size_t from = 0; from < 2; ++from) {
        for (std::size_t to = 0; to < 2; ++to) {
          const double likely = chance(from, to) * emitted_[t][to] * behind[to];
          next[from] += likely;
          step[from][to] = forward_[t - 1][from] * likely;
          all += step[from][to];
        }
      }
      for (std::size_t from = 0; from < 2; ++from) {
        for (std::size_t to = 0; to < 2; ++to) moves[from][to] += step[from][to] / all;
      }
      const double largest = std::max(next[0], next[1]);
      behind = {next[0] / largest, next[1] / largest};
    }
    fit_.bursts = moves[0][1];
    for (std::size_t state = 0; state < 2; ++state) {
      if (time[state] < 1) return false;
      fit_.rate[state] = weighed[state] / time[state];
      const double left = moves[state][1 - state] / (moves[state][0] + moves[state][1]);
      fit_.leave[state] = std::clamp(left, 1e-7, 0.999);
    }
    return fit_.rate[0] < fit_.rate[1];
  }

  std::span<const std::uint64_t> counts_;
  TwoStates fit_;
  std::vector<Pair> forward_, emitted_;
  std::vector<double> scale_;
};

}  // namespace detail

/// Of at least two counts. Without two states to be told apart, both have the mean's rate and `bursts` is 0.
[[nodiscard]] inline TwoStates fit_two_states(std::span<const std::uint64_t> counts) {
  const double mean = mean_of(counts);
  std::vector<std::uint64_t> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted);
  const auto high = static_cast<double>(sorted[sorted.size() - 1 - sorted.size() / 20]);
  const TwoStates none{.rate = {mean, mean}, .leave = {0.5, 0.5}};
  if (mean <= 0) return none;
  detail::TwoStatesFit search{counts, {.rate = {mean / 3, std::max(high, 2 * mean)}, .leave = {0.02, 0.1}}};
  constexpr int iterations = 60;
  for (int i = 0; i < iterations; ++i) {
    if (!search.improve()) return none;
  }
  return search.fit();
}

}  // namespace rushhour::event::profile
