#include <rushhour/event/traffic/arrivals.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/event/traffic/burst_arrivals.hpp>
#include <rushhour/event/traffic/bursty_arrivals.hpp>
#include <rushhour/event/traffic/diurnal_arrivals.hpp>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

std::vector<Instant> all_of(Arrivals& arrivals) {
  std::vector<Instant> instants;
  while (const Instant* due = arrivals.peek()) {
    const Instant expected = *due;
    instants.push_back(arrivals.next());
    EXPECT_EQ(instants.back(), expected);
  }
  return instants;
}

TEST(ConstantArrivals, AreExactlyEvenlySpaced) {
  struct Case {
    std::uint64_t events;
    Duration duration;
  };
  for (const auto& [events, duration] :
       {Case{1, 1h}, Case{3, 10ns}, Case{7, 1h}, Case{10, 3ns}, Case{99'991, 1h}, Case{1'000, 24h * 300}}) {
    ConstantArrivals arrivals{{.events = events, .start = start, .duration = duration}};
    const std::vector<Instant> instants = all_of(arrivals);
    ASSERT_EQ(instants.size(), events);
    for (std::uint64_t i = 0; i < events; ++i) {
      const auto offset = static_cast<rushhour::detail::uint128>(duration.count()) * i / events;
      ASSERT_EQ(instants[i], start + Duration{static_cast<std::int64_t>(offset)}) << i << " of " << events;
    }
  }
}

TEST(PoissonArrivals, HaveTheMeanAndVarianceOfExponentialGaps) {
  constexpr std::uint64_t seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr std::uint64_t events = 1'000'000;
  PoissonArrivals arrivals{{.events = events, .start = start, .duration = 1h},
                           Random{seed}.stream("arrivals")};
  const std::vector<Instant> instants = all_of(arrivals);
  ASSERT_EQ(instants.size(), events);
  const double mean_gap = 3.6e12 / events;
  double sum = 0;
  double squares = 0;
  Instant last = start;
  for (const Instant instant : instants) {
    ASSERT_GE(instant, last);
    const double gap = static_cast<double>((instant - last).count()) / mean_gap;
    sum += gap;
    squares += gap * gap;
    last = instant;
  }
  // Four standard errors: the gap's variance is 1, that of its square 20.
  EXPECT_NEAR(sum / events, 1.0, 4 / std::sqrt(events));
  EXPECT_NEAR(squares / events, 2.0, 4 * std::sqrt(20.0 / events));
}

TEST(PoissonArrivals, CountsPerSecondVaryAsMuchAsTheirMean) {
  constexpr std::uint64_t seed = 12;
  SCOPED_TRACE("seed " + std::to_string(seed));
  PoissonArrivals arrivals{{.events = 360'000, .start = start, .duration = 1h},
                           Random{seed}.stream("arrivals")};
  std::vector<double> counts(3700);
  for (const Instant instant : all_of(arrivals)) ++counts[static_cast<std::size_t>((instant - start) / 1s)];
  double squares = 0;
  for (std::size_t second = 0; second < 3500; ++second)
    squares += (counts[second] - 100) * (counts[second] - 100);
  EXPECT_NEAR(squares / 3500 / 100, 1.0, 4 * std::sqrt(2.0 / 3500));  // the index of dispersion
}

TEST(PoissonArrivals, KeepTheirRateWhenAGapIsLessThanANanosecondOrMuchMoreThanAnHour) {
  constexpr std::uint64_t seed = 13;
  SCOPED_TRACE("seed " + std::to_string(seed));
  PoissonArrivals dense{{.events = 1'000'000, .start = start, .duration = 300us},
                        Random{seed}.stream("arrivals")};
  EXPECT_NEAR(static_cast<double>((all_of(dense).back() - start).count()), 300e3, 4 * 300e3 / 1000);
  PoissonArrivals sparse{{.events = 10'000, .start = start, .duration = 24h * 300},
                         Random{seed}.stream("arrivals")};
  EXPECT_NEAR(static_cast<double>((all_of(sparse).back() - start) / 1s), 300 * 86400.0,
              4 * 300 * 86400.0 / 100);
}

struct NamedProcess {
  const char* name;
  ArrivalProcess process;
  bool random;
};

std::vector<NamedProcess> all_processes() {
  return {{"constant", constant_arrivals(), false},
          {"poisson", poisson_arrivals(), true},
          {"diurnal", diurnal_arrivals(), true},
          {"bursty", bursty_arrivals(), true},
          {"burst", burst_arrivals(), false}};
}

TEST(Arrivals, AreExactlyAsManyAsPlannedAndInOrder) {
  for (const auto& [name, process, random] : all_processes()) {
    SCOPED_TRACE(name);
    for (const std::uint64_t events : {1U, 2U, 997U, 20'000U}) {
      const auto arrivals =
          process({.events = events, .start = start, .duration = 1h}, Random{5}.stream("a"));
      const std::vector<Instant> instants = all_of(*arrivals);
      ASSERT_EQ(instants.size(), events);
      EXPECT_TRUE(std::ranges::is_sorted(instants));
      EXPECT_GE(instants.front(), start);
    }
  }
}

TEST(Arrivals, AreAFunctionOfPlanAndStream) {
  const ArrivalPlan plan{.events = 500, .start = start, .duration = 1h};
  for (const auto& [name, process, random] : all_processes()) {
    SCOPED_TRACE(name);
    const std::vector<Instant> once = all_of(*process(plan, Random{1}.stream("a")));
    EXPECT_EQ(all_of(*process(plan, Random{1}.stream("a"))), once);
    EXPECT_EQ(all_of(*process(plan, Random{2}.stream("a"))) == once, !random);
    EXPECT_EQ(all_of(*process(plan, Random{1}.stream("b"))) == once, !random);
  }
}

TEST(Arrivals, ComeAgainAfterRestart) {
  for (const auto& [name, process, random] : all_processes()) {
    SCOPED_TRACE(name);
    const std::unique_ptr<Arrivals> arrivals =
        process({.events = 100, .start = start, .duration = 30min}, Random{1}.stream("a"));
    const std::vector<Instant> once = all_of(*arrivals);
    EXPECT_TRUE(arrivals->at_end());
    arrivals->restart();
    EXPECT_EQ(*arrivals->peek(), once.front());
    (void)arrivals->next();
    arrivals->restart();
    EXPECT_EQ(all_of(*arrivals), once);
  }
}

TEST(Arrivals, MayBeNone) {
  for (const auto& [name, process, random] : all_processes()) {
    SCOPED_TRACE(name);
    const auto arrivals = process({.events = 0, .start = start, .duration = 1h}, Random{1}.stream("a"));
    EXPECT_EQ(arrivals->peek(), nullptr);
    EXPECT_TRUE(arrivals->at_end());
  }
}

TEST(Arrivals, OfAYearHaveRoomInTheirNumbers) {
  constexpr Duration year = 24h * 365 - 1ns;
  for (const ArrivalProcess& process :
       {diurnal_arrivals({.peak_to_trough = {1000, 1}}),
        bursty_arrivals({.calm_to_burst = {1, 1000}, .calm = 1min, .burst = 12h}),
        bursty_arrivals({.calm_to_burst = {999, 1000}, .calm = 12h, .burst = 12h}),
        burst_arrivals({.from = 1h, .lasting = year - 2h, .factor = {1000, 999}})}) {
    const auto few = process({.events = 400, .start = start, .duration = year}, Random{3}.stream("a"));
    const double days = static_cast<double>((all_of(*few).back() - start) / 1s) / 86'400;
    EXPECT_NEAR(days, 365, 4 * 365 / 20.0);
  }
}

TEST(ArrivalsContract, DiesWhenAskedBehindTheEnd) {
  ConstantArrivals arrivals{{.events = 1, .start = start, .duration = 1h}};
  (void)arrivals.next();
  EXPECT_DEATH((void)arrivals.next(), "no more arrivals");
}

}  // namespace
}  // namespace rushhour::event::traffic
