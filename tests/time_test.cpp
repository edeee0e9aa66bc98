#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour {
namespace {

using namespace std::chrono_literals;

std::int64_t seconds_of(std::string_view text) {
  const std::optional<Instant> instant = parse_iso8601(text);
  return instant ? instant->time_since_epoch() / 1s : -1;
}

TEST(Iso8601, ReadsTheExtendedAndTheBasicForm) {
  EXPECT_EQ(seconds_of("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(seconds_of("2026-03-02T14:00:00Z"), 1'772'460'000);
  EXPECT_EQ(seconds_of("20260302T140000Z"), 1'772'460'000);
}

TEST(Iso8601, ReadsFractionsOfOneToNineDigits) {
  const Instant second = parse_iso8601("2026-03-02T14:00:00Z").value();
  EXPECT_EQ(parse_iso8601("2026-03-02T14:00:00.5Z"), second + 500ms);
  EXPECT_EQ(parse_iso8601("2026-03-02T14:00:00.123Z"), second + 123ms);
  EXPECT_EQ(parse_iso8601("2026-03-02T14:00:00.000000001Z"), second + 1ns);
  EXPECT_EQ(parse_iso8601("2026-03-02T14:00:00.1234567890Z"), std::nullopt);
  EXPECT_EQ(parse_iso8601("2026-03-02T14:00:00.Z"), std::nullopt);
}

TEST(Iso8601, ReadsOffsets) {
  EXPECT_EQ(seconds_of("2026-03-02T15:30:00+01:30"), 1'772'460'000);
  EXPECT_EQ(seconds_of("2026-03-02T09:00:00-05:00"), 1'772'460'000);
  EXPECT_EQ(seconds_of("20260302T150000+0100"), 1'772'460'000);
  EXPECT_EQ(parse_iso8601("2026-01-01T00:30:00+01:00"), parse_iso8601("2025-12-31T23:30:00Z"));
  EXPECT_EQ(parse_iso8601("2026-01-01T00:30:00.25-00:00"), parse_iso8601("2026-01-01T00:30:00.25Z"));
}

TEST(Iso8601, KnowsLeapYears) {
  EXPECT_EQ(seconds_of("2028-03-01T00:00:00Z") - seconds_of("2028-02-28T00:00:00Z"), 2 * 86'400);
  EXPECT_EQ(seconds_of("2100-03-01T00:00:00Z") - seconds_of("2100-02-28T00:00:00Z"), 86'400);
  EXPECT_TRUE(parse_iso8601("2000-02-29T00:00:00Z").has_value());
  EXPECT_FALSE(parse_iso8601("2026-02-29T00:00:00Z").has_value());
  EXPECT_FALSE(parse_iso8601("1900-02-29T00:00:00Z").has_value());
}

TEST(Iso8601, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "soon",
                           "2026",
                           "2026-03-02",
                           "2026-03-02T14:00:00",
                           "2026-03-02 14:00:00Z",
                           "2026-3-2T14:00:00Z",
                           "2026-03-02t14:00:00z",
                           "2026-03-02T14:00Z",
                           "2026-03-02T14:00:00ZZ",
                           "2026-03-02T14:00:00Z ",
                           " 2026-03-02T14:00:00Z",
                           "2026-00-02T14:00:00Z",
                           "2026-13-02T14:00:00Z",
                           "2026-04-31T14:00:00Z",
                           "2026-03-00T14:00:00Z",
                           "2026-03-02T24:00:00Z",
                           "2026-03-02T14:60:00Z",
                           "2026-03-02T14:00:60Z",
                           "2026-0302T14:00:00Z",
                           "20260302T14:00:00Z",
                           "2026-03-02T140000Z",
                           "2026-03-02T14:00:00+1:00",
                           "2026-03-02T14:00:00+01",
                           "2026-03-02T14:00:00+0100",
                           "2026-03-02T14:00:00+24:00",
                           "2026-03-02T14:00:00+01:60",
                           "-026-03-02T14:00:00Z",
                           "2026-03-02T14:00:0xZ",
                           "+2026-03-02T14:00:00Z"}) {
    EXPECT_EQ(parse_iso8601(text), std::nullopt) << text;
  }
}

TEST(Iso8601, RefusesDatesThatAnInstantCannotHold) {
  EXPECT_EQ(parse_iso8601("9999-12-31T23:59:59Z"), std::nullopt);
  EXPECT_EQ(parse_iso8601("0001-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(parse_iso8601("2262-04-11T23:47:16.854775808Z"), std::nullopt);
  EXPECT_EQ(parse_iso8601("2262-04-11T23:47:16.854775807Z"), Instant::max());
  EXPECT_EQ(parse_iso8601("1677-09-21T00:12:43.145224192Z"), Instant::min());
  EXPECT_EQ(parse_iso8601("1677-09-21T00:12:43.145224191Z"), std::nullopt);
}

TEST(Iso8601, WritesThePrecisionAskedFor) {
  const Instant instant = parse_iso8601("2026-03-02T04:05:06.007008009Z").value();
  EXPECT_EQ(to_iso8601(instant), "2026-03-02T04:05:06Z");
  EXPECT_EQ(to_iso8601(instant, Precision::milliseconds), "2026-03-02T04:05:06.007Z");
  EXPECT_EQ(to_iso8601(instant, Precision::nanoseconds), "2026-03-02T04:05:06.007008009Z");
  EXPECT_EQ(to_iso8601_basic(instant), "20260302T040506Z");
}

TEST(Iso8601, WritesInstantsBeforeTheEpoch) {
  EXPECT_EQ(to_iso8601(Instant{} - 1ns, Precision::nanoseconds), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(to_iso8601(Instant{} - 24h), "1969-12-31T00:00:00Z");
}

TEST(Iso8601, ReadsBackWhatItWrites) {
  constexpr std::uint64_t seed = 1;
  Draws draws(Random{seed}.stream("instants"));
  const auto expect_same = [&](Instant instant) {
    const std::string text = to_iso8601(instant, Precision::nanoseconds);
    EXPECT_EQ(parse_iso8601(text), instant) << "seed " << seed << ", " << text;
  };
  for (int i = 0; i < 20'000; ++i) expect_same(Instant{Duration{static_cast<std::int64_t>(draws.next())}});
  for (const Instant instant : {Instant::min(), Instant::max(), Instant{}, Instant{-1ns}})
    expect_same(instant);
}

TEST(DurationText, IsReadInEachUnit) {
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("10d"), 240h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("1d2h3m4s5ms6us7ns"), 26h + 3min + 4s + 5ms + 6us + 7ns);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
}

TEST(DurationText, IsRefusedWhenItIsAnythingElse) {
  for (const char* text :
       {"",    "1",  "0",  "h",    "1.5h", "-1h",  "+1h",   "1 h",     " 1h",    "1h ",
        "1hh", "1H", "1w", "1min", "1h30", "1h1h", "30m1h", "1s1ms1s", "1h,30m", "one hour"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(DurationText, IsRefusedWhenItOverflows) {
  EXPECT_EQ(parse_duration("9223372036854775807ns"), Duration::max());
  EXPECT_EQ(parse_duration("9223372036854775808ns"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999ns"), std::nullopt);
  EXPECT_EQ(parse_duration("106751d"), 106'751 * 24h);
  EXPECT_EQ(parse_duration("106752d"), std::nullopt);
  EXPECT_EQ(parse_duration("106751d86399s"), std::nullopt) << "each part fits, the sum does not";
  EXPECT_EQ(parse_duration("9223372036854775807s"), std::nullopt);
}

TEST(DurationText, IsTheShortestExactForm) {
  EXPECT_EQ(to_text(0s), "0s");
  EXPECT_EQ(to_text(90s), "1m30s");
  EXPECT_EQ(to_text(1h), "1h");
  EXPECT_EQ(to_text(36h), "1d12h");
  EXPECT_EQ(to_text(1'000'001us), "1s1us");
  EXPECT_EQ(to_text(-90s), "-1m30s");
  EXPECT_EQ(to_text(Duration::max()), "106751d23h47m16s854ms775us807ns");
  EXPECT_EQ(to_text(Duration::min()), "-106751d23h47m16s854ms775us808ns");
}

TEST(DurationText, ReadsBackWhatItWrites) {
  constexpr std::uint64_t seed = 2;
  Draws draws(Random{seed}.stream("durations"));
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = draws.next();
    const Duration length{static_cast<std::int64_t>(bits >> (1 + bits % 63))};
    EXPECT_EQ(parse_duration(to_text(length)), length) << "seed " << seed << ", " << to_text(length);
  }
}

TEST(VirtualClock, MovesOnlyWhenToldAndNeverBack) {
  VirtualClock clock(Instant{10s});
  EXPECT_EQ(clock.now(), Instant{10s});
  clock.advance(5s);
  EXPECT_EQ(clock.now(), Instant{15s});
  clock.sleep_for(1s);
  EXPECT_EQ(clock.now(), Instant{16s});
  clock.sleep_until(Instant{3s});
  EXPECT_EQ(clock.now(), Instant{16s}) << "who wakes in the past wakes at once";
}

TEST(VirtualClockDeathTest, DoesNotGoBack) {
  VirtualClock clock;
  EXPECT_DEATH(clock.advance(-1ns), "a clock does not go back");
}

TEST(RealClock, SkipsAheadWithoutWaiting) {
  RealClock clock;
  const Instant before = clock.now();
  clock.advance(1h);
  EXPECT_GE(clock.now() - before, 1h);
  clock.sleep_until(before + 1h);  // already past
}

}  // namespace
}  // namespace rushhour
