#include <rushhour/event/traffic/bursty_arrivals.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../limit/statistics.hpp"

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;
using limit::testing::estimate;
using limit::testing::Estimate;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// Events per second; the last seconds, which the end of the events may cut, are left out.
std::vector<double> counts_per_second(const ArrivalPlan& plan, const MmppOptions& options,
                                      std::uint64_t seed) {
  MmppArrivals arrivals{plan, options, Random{seed}.stream("arrivals")};
  std::vector<double> counts(static_cast<std::size_t>(plan.duration / 1s * 4 / 5));
  Instant last = start;
  while (arrivals.peek() != nullptr) {
    last = arrivals.next();
    const auto second = static_cast<std::size_t>((last - start) / 1s);
    if (second < counts.size()) ++counts[second];
  }
  EXPECT_GE(last - start, counts.size() * 1s) << "choose a seed or a share of seconds";
  return counts;
}

/// Of counts over windows, around their known mean: the index of dispersion with its standard error.
Estimate dispersion(const std::vector<double>& per_second, std::size_t window, double mean_per_second) {
  constexpr std::size_t batch = 1'800;  // two hundred times the 8.6 s in which the process forgets
  std::vector<double> batches;
  for (std::size_t first = 0; first + batch <= per_second.size(); first += batch) {
    double squares = 0;
    for (std::size_t at = first; at < first + batch; at += window) {
      double off = -mean_per_second * static_cast<double>(window);
      for (std::size_t second = at; second < at + window; ++second) off += per_second[second];
      squares += off * off;
    }
    batches.push_back(squares / (mean_per_second * batch));
  }
  return estimate(batches);
}

TEST(MmppArrivals, HaveTheDispersionOfTheClosedForm) {
  constexpr std::uint64_t seed = 20;
  SCOPED_TRACE("seed " + std::to_string(seed));
  // Oracle O20: rates 50 and 1000 a second, so 1300/7 on average.
  const ArrivalPlan plan{.events = 18'200'000, .start = start, .duration = 98'000s};
  const std::vector<double> counts = counts_per_second(plan, {}, seed);
  struct Case {
    std::size_t window;
    double expected;
  };
  for (const auto& [window, expected] : {Case{1, 573.57}, Case{10, 4181.08}, Case{60, 8745.99}}) {
    const auto [found, error] = dispersion(counts, window, 1300.0 / 7);
    EXPECT_NEAR(found, expected, 4 * error) << window << " s";
    EXPECT_LT(error, 0.1 * expected) << window << " s: the test says nothing";
  }
}

TEST(MmppArrivals, KeepTheirMeanRateFromTheFirstSecondOn) {
  constexpr std::uint64_t seeds = 2'000;
  const ArrivalPlan plan{.events = 4'000, .start = start, .duration = 40s};
  // Were the process to begin calm, or in a burst, the first seconds would have fewer, or more.
  std::vector<double> counts;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    MmppArrivals arrivals{plan, {}, Random{seed}.stream("arrivals")};
    double count = 0;
    while (*arrivals.peek() < start + 2s) {
      (void)arrivals.next();
      ++count;
    }
    counts.push_back(count);
  }
  const auto [mean, error] = estimate(counts);
  EXPECT_NEAR(mean, 200, 4 * error);
  EXPECT_LT(error, 10);
}

TEST(MmppArrivals, AreSilentBetweenBurstsWhenTold) {
  constexpr std::uint64_t seed = 23;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const ArrivalPlan plan{.events = 1'000'000, .start = start, .duration = 40'000s};
  const MmppOptions options{.calm_to_burst = {0, 1}, .calm = 3s, .burst = 1s};
  const std::vector<double> counts = counts_per_second(plan, options, seed);
  std::vector<double> busy;  // per batch of 100 s: windows with an event in them
  for (std::size_t first = 0; first + 100 <= counts.size(); first += 100) {
    double sum = 0;
    for (std::size_t at = first; at < first + 100; ++at) sum += counts[at] > 0 ? 1 : 0;
    busy.push_back(sum / 100);
  }
  // A second is silent when the process is calm at its begin and for a second more, apart from bursts that
  // end or begin within 10 ms of its edges, too short for 100 events a second to show.
  const auto [share, error] = estimate(busy);
  EXPECT_NEAR(share, 1 - 0.75 * std::exp(-1.0 / 3), 4 * error + 0.01);
}

TEST(MmppArrivals, ForgetNothingWhereTheStateChanges) {
  constexpr std::uint64_t seed = 24;
  SCOPED_TRACE("seed " + std::to_string(seed));
  // With one rate for both states a Poisson process is left, though the state changes ten times in a gap.
  constexpr std::uint64_t events = 100'000;
  const MmppOptions options{.calm_to_burst = {1, 1}, .calm = 1s, .burst = 1s};
  MmppArrivals arrivals{
      {.events = events, .start = start, .duration = events * 10s}, options, Random{seed}.stream("arrivals")};
  double sum = 0;
  double squares = 0;
  Instant last = start;
  while (arrivals.peek() != nullptr) {
    const Instant next = arrivals.next();
    const double gap = static_cast<double>((next - last).count()) / 10e9;
    sum += gap;
    squares += gap * gap;
    last = next;
  }
  EXPECT_NEAR(sum / events, 1.0, 4 / std::sqrt(events));
  EXPECT_NEAR(squares / events, 2.0, 4 * std::sqrt(20.0 / events));
}

TEST(MmppArrivals, SayWhatIsWrongWithTheirOptions) {
  const auto mistake = [](const MmppOptions& options) -> std::string {
    try {
      (void)bursty_arrivals(options)({.events = 1, .duration = 1h}, Stream{1});
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  const std::string ratio = "expected a ratio of calm to burst rate from 0 to 1, in numbers up to 1000, saw ";
  const std::string length = "expected a mean length of calms and bursts from 1ms to 12h, saw ";
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.calm_to_burst = {20, 1}}), ratio + "20 / 1");
  EXPECT_EQ(mistake({.calm_to_burst = {1, 1001}}), ratio + "1 / 1001");
  EXPECT_EQ(mistake({.calm_to_burst = {0, 0}}), ratio + "0 / 0");
  EXPECT_EQ(mistake({.calm = 0s}), length + "0s");
  EXPECT_EQ(mistake({.burst = 13h}), length + "13h");
}

}  // namespace
}  // namespace rushhour::event::traffic
