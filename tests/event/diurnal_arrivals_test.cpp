#include <rushhour/event/traffic/diurnal_arrivals.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;

/// The rate at an hour of the day, by the one at the trough: written anew, from how far away the peak is.
double shape(double hour, double factor, double peak) {
  const double away = std::abs(std::remainder(hour - peak, 24.0));  // 0 to 12
  return factor - (factor - 1) * away / 12;
}

/// Its integral from hour to hour, by small steps.
double integral(double from, double to, double factor, double peak) {
  constexpr int steps = 6'000;
  double sum = 0;
  for (int i = 0; i < steps; ++i) sum += shape(from + (to - from) * (i + 0.5) / steps, factor, peak);
  return sum * (to - from) / steps;
}

struct Case {
  const char* start;
  int hours;
  double factor;
  double peak;
  DiurnalOptions options;
};

TEST(DiurnalArrivals, ComeInEachWindowAsOftenAsTheIntegratedRateSays) {
  constexpr std::uint64_t seed = 21;
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr std::uint64_t events = 400'000;
  for (const auto& [first, hours, factor, peak, options] :
       {Case{"2026-03-02T00:00:00Z", 24, 2.5, 14, {}}, Case{"2026-03-02T14:00:00Z", 1, 2.5, 14, {}},
        Case{"2026-03-02T09:30:00Z", 60, 3, 20.5, {.peak_to_trough = {3, 1}, .peak = 20h + 30min}},
        Case{"1969-12-30T23:00:00Z", 48, 1000, 1, {.peak_to_trough = {1000, 1}, .peak = 1h}}}) {
    SCOPED_TRACE(first);
    const Instant start = *parse_iso8601(first);
    DiurnalArrivals arrivals{
        {.events = events, .start = start, .duration = hours * 1h}, options, Random{seed}.stream("arrivals")};
    // The last of 48 windows may see the end of the events, so it is left out.
    constexpr int windows = 48;
    const Duration window = Duration{hours * 1h} / windows;
    std::vector<double> counts(windows);
    while (const Instant* const due = arrivals.peek()) {
      const auto at = static_cast<std::size_t>((*due - start) / window);
      if (at < windows) ++counts[at];
      (void)arrivals.next();
    }
    const double first_hour = std::fmod(static_cast<double>((start - Instant{}) / 1s) / 3600, 24.0);
    const double whole = integral(first_hour, first_hour + hours, factor, peak);
    double chi_square = 0;
    for (int i = 0; i < windows - 1; ++i) {
      const double from = first_hour + static_cast<double>(hours) * i / windows;
      const double expected =
          events * integral(from, from + static_cast<double>(hours) / windows, factor, peak) / whole;
      const double count = counts[static_cast<std::size_t>(i)];
      EXPECT_NEAR(count, expected, 4 * std::sqrt(expected)) << "window " << i;
      chi_square += (count - expected) * (count - expected) / expected;
    }
    // The counts are independent and Poisson: chi-square of 47 degrees of freedom.
    EXPECT_NEAR(chi_square, windows - 1, 4 * std::sqrt(2.0 * (windows - 1)));
  }
}

TEST(DiurnalArrivals, HaveExponentialGapsForTheRateOfTheMoment) {
  constexpr std::uint64_t seed = 22;
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr std::uint64_t events = 400'000;
  const Instant start = *parse_iso8601("2026-03-02T00:00:00Z");
  for (const std::uint64_t factor : {1U, 3U, 20U}) {
    SCOPED_TRACE(factor);
    const auto times = static_cast<double>(factor);
    DiurnalArrivals arrivals{{.events = events, .start = start, .duration = 24h},
                             {.peak_to_trough = {factor, 1}},
                             Random{seed}.stream("arrivals")};
    const double rate = events / integral(0, 24, times, 14);  // at the trough, in an hour
    double sum = 0;
    double squares = 0;
    double last = 0;
    while (arrivals.peek() != nullptr) {
      const double next = static_cast<double>((arrivals.next() - start).count()) / 3600e9;
      const double gap = (next - last) * rate * shape((last + next) / 2, times, 14);
      sum += gap;
      squares += gap * gap;
      last = next;
    }
    EXPECT_NEAR(sum / events, 1.0, 4 / std::sqrt(events));
    EXPECT_NEAR(squares / events, 2.0, 4 * std::sqrt(20.0 / events));
  }
}

TEST(DiurnalArrivals, SayWhatIsWrongWithTheirOptions) {
  const auto mistake = [](const DiurnalOptions& options) -> std::string {
    try {
      (void)diurnal_arrivals(options)({.events = 1, .duration = 1h}, Stream{1});
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  const std::string factor =
      "expected a factor from trough to peak of 1 to 1000, in numbers up to 1000, saw ";
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.peak_to_trough = {1, 2}}), factor + "1 / 2");
  EXPECT_EQ(mistake({.peak_to_trough = {2001, 2}}), factor + "2001 / 2");
  EXPECT_EQ(mistake({.peak_to_trough = {1, 0}}), factor + "1 / 0");
  EXPECT_EQ(mistake({.peak = 24h}), "expected a peak at 0s to 24h after midnight, saw 1d");
}

}  // namespace
}  // namespace rushhour::event::traffic
