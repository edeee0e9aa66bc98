#include <rushhour/event/traffic/burst_arrivals.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

std::vector<Instant> all_of(const ArrivalPlan& plan, const BurstOptions& options) {
  BurstArrivals arrivals{plan, options};
  std::vector<Instant> instants;
  while (arrivals.peek() != nullptr) instants.push_back(arrivals.next());
  return instants;
}

TEST(BurstArrivals, AreEvenlySpacedBeforeInAndAfterTheBurst) {
  // 10 s a side and 2 s that count tenfold: 40 s of weight, one event for each.
  const std::vector<Instant> instants = all_of({.events = 40, .start = start, .duration = 22s},
                                               {.from = 10s, .lasting = 2s, .factor = {10, 1}});
  ASSERT_EQ(instants.size(), 40U);
  for (std::int64_t i = 0; i < 40; ++i) {
    const Duration expected = i < 10 ? i * 1s : i < 30 ? 10s + (i - 10) * 100ms : 12s + (i - 30) * 1s;
    EXPECT_EQ(instants[static_cast<std::size_t>(i)], start + expected) << i;
  }
}

TEST(BurstArrivals, AreWhereTheirFormulaPutsThem) {
  using Wide = rushhour::detail::int128;
  struct Case {
    std::uint64_t events;
    Duration duration;
    BurstOptions options;
  };
  for (const auto& [events, duration, options] :
       {Case{100'003, 1h, {}}, Case{99'991, 1h, {.from = 0s, .lasting = 7s, .factor = {22, 7}}},
        Case{1'009, 1h, {.from = 59min, .lasting = 1min, .factor = {1, 1000}}},
        Case{777, 61s, {.from = 0s, .lasting = 61s, .factor = {3, 2}}},
        Case{50, 11ns, {.from = 3ns, .lasting = 5ns, .factor = {1000, 3}}}}) {
    const std::vector<Instant> instants =
        all_of({.events = events, .start = start, .duration = duration}, options);
    ASSERT_EQ(instants.size(), events);
    const Wide up = static_cast<Wide>(options.factor.numerator);
    const Wide down = static_cast<Wide>(options.factor.denominator);
    const Wide from = options.from.count();
    const Wide lasting = options.lasting.count();
    const auto weight = [&](Wide at) {  // times the denominator
      const Wide in = at < from ? 0 : at < from + lasting ? at - from : lasting;
      return (at - in) * down + in * up;
    };
    // Rounded down: the weight reaches i / N of the whole within this nanosecond and no earlier one.
    for (std::uint64_t i = 0; i < events; ++i) {
      const Wide at = (instants[i] - start).count();
      const Wide wanted = static_cast<Wide>(i) * weight(duration.count());
      ASSERT_LE(weight(at) * static_cast<Wide>(events), wanted) << i << " of " << events;
      ASSERT_GT(weight(at + 1) * static_cast<Wide>(events), wanted) << i << " of " << events;
    }
    EXPECT_LT(instants.back(), start + duration);
  }
}

TEST(BurstArrivals, SayWhatIsWrongWithTheirOptions) {
  const auto mistake = [](const BurstOptions& options) -> std::string {
    try {
      (void)burst_arrivals(options)({.events = 1, .duration = 1h}, Stream{1});
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  const std::string factor = "expected a factor of a burst, in numbers from 1 to 1000, saw ";
  const std::string place = "expected a burst within the duration of 1h, saw one ";
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.factor = {0, 1}}), factor + "0 / 1");
  EXPECT_EQ(mistake({.factor = {1, 0}}), factor + "1 / 0");
  EXPECT_EQ(mistake({.factor = {1001, 1}}), factor + "1001 / 1");
  EXPECT_EQ(mistake({.from = -1s}), place + "from -1s lasting 5m");
  EXPECT_EQ(mistake({.lasting = 0s}), place + "from 20m lasting 0s");
  EXPECT_EQ(mistake({.from = 56min}), place + "from 56m lasting 5m");
  EXPECT_EQ(mistake({.from = Duration::max()}), place + "from " + to_text(Duration::max()) + " lasting 5m");
}

}  // namespace
}  // namespace rushhour::event::traffic
