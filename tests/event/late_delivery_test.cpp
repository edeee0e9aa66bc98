#include <rushhour/event/traffic/late_delivery.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Random random{11};
const Stream lateness = random.stream("traffic.lateness");
const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// Another source's events, without its ability to make them again.
class Forgetful final : public Source {
 public:
  explicit Forgetful(Source& base) : base_(base) {}
  [[nodiscard]] const Instant* peek() override { return base_.peek(); }
  [[nodiscard]] bool next(Event& into) override { return base_.next(into); }
  [[nodiscard]] std::uint64_t size_hint() const override { return base_.size_hint(); }

 private:
  Source& base_;
};

struct Seen {
  std::uint64_t id{};
  Instant arrival{};
  Instant time{};
  std::string record{};

  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> all_of(LateDelivery& traffic, std::size_t* held_most = nullptr) {
  std::vector<Seen> all;
  Event event;
  while (const Instant* const due = traffic.peek()) {
    const Instant expected = *due;
    EXPECT_TRUE(traffic.next(event));
    EXPECT_EQ(event.arrival(), expected);
    EXPECT_TRUE(all.empty() || event.arrival() >= all.back().arrival);
    all.push_back({event.id(), event.arrival(), event.time(), event.to_json()});
    if (held_most != nullptr) *held_most = std::max(*held_most, traffic.held());
  }
  EXPECT_FALSE(traffic.next(event));
  EXPECT_EQ(traffic.held(), 0U);
  return all;
}

std::vector<Seen> delivered(std::vector<Delay> delays, std::uint64_t events = 3'600,
                            std::size_t* held_most = nullptr) {
  SyntheticCloudTrail base{{.events = events, .start = start}, random};
  LateDelivery traffic{base, std::move(delays), lateness};
  return all_of(traffic, held_most);
}

/// When each event would arrive: one a second.
Instant due(std::uint64_t id, std::uint64_t events = 3'600) {
  return start + Duration{1h} * static_cast<std::int64_t>(id - 1) / static_cast<std::int64_t>(events);
}

TEST(LateDelivery, ChangesNothingWithoutDelays) {
  SyntheticCloudTrail base{{.events = 500, .start = start}, random};
  const std::vector<Seen> seen = delivered({}, 500);
  ASSERT_EQ(seen.size(), 500U);
  Event event;
  for (const Seen& each : seen) {
    ASSERT_TRUE(base.next(event));
    EXPECT_EQ(each, (Seen{event.id(), event.arrival(), event.time(), event.to_json()}));
  }
}

TEST(LateDelivery, LosesNoneAndGivesNoneTwice) {
  const std::vector<Seen> seen = delivered({{.share = {1, 3}, .by = 7min}});
  std::set<std::uint64_t> ids;
  for (const Seen& each : seen) ids.insert(each.id);
  EXPECT_EQ(seen.size(), 3'600U);
  EXPECT_EQ(ids.size(), 3'600U);
  EXPECT_EQ(*ids.rbegin(), 3'600U);
}

TEST(LateDelivery, IsLateForAShareOfTheEvents) {
  std::size_t held_most = 0;
  const std::vector<Seen> seen = delivered({{.share = {1, 10}, .by = 5min}}, 36'000, &held_most);
  std::int64_t late = 0;
  for (const Seen& each : seen) {
    const Duration by = each.arrival - due(each.id, 36'000);
    EXPECT_TRUE(by == 0s || by == 5min) << to_text(by);
    late += by == 0s ? 0 : 1;
    EXPECT_EQ(each.time, std::chrono::floor<std::chrono::seconds>(due(each.id, 36'000)));
  }
  EXPECT_NEAR(static_cast<double>(late), 3'600, 4 * std::sqrt(36'000 * 0.09));
  // Of ten events a second one is late by 300 s: what is held is that, however long the traffic.
  EXPECT_NEAR(static_cast<double>(held_most), 300, 5 * std::sqrt(300));
}

TEST(LateDelivery, StandsStillAndDeliversAllTogether) {
  const std::vector<Seen> seen = delivered({{.from = start + 10min, .until = start + 30min}});
  for (const Seen& each : seen) {
    const bool held = due(each.id) >= start + 10min && due(each.id) < start + 30min;
    EXPECT_EQ(each.arrival, held ? start + 30min : due(each.id));
  }
  // Those that were held come in their order, before the one that is due at that very instant.
  EXPECT_TRUE(std::ranges::is_sorted(seen, {}, &Seen::id));
}

TEST(LateDelivery, TakesTimeToCatchUp) {
  const std::vector<Seen> seen =
      delivered({{.from = start + 10min, .until = start + 30min, .catch_up = 5min}});
  for (const Seen& each : seen) {
    const Duration into = due(each.id) - (start + 10min);
    const bool held = into >= 0s && into < 20min;
    EXPECT_EQ(each.arrival, held ? start + 30min + into / 4 : due(each.id)) << each.id;
  }
}

TEST(LateDelivery, HoldsOnlyWhatIsLate) {
  std::size_t held_most = 0;
  (void)delivered({{.from = start + 10min, .until = start + 30min}}, 3'600, &held_most);
  EXPECT_EQ(held_most, 1'199U) << "of the 1,200 events of twenty minutes all but the one just given";
}

TEST(LateDelivery, IsLateForOneRegionAlone) {
  SyntheticCloudTrail far{{.events = 100, .start = start, .region = "eu-west-1"}, random};
  const auto in_region = where("awsRegion", "eu-west-1");
  LateDelivery late{far, {{.by = 2h, .only = in_region}}, lateness};
  EXPECT_EQ(all_of(late).front().arrival, start + 2h);
  SyntheticCloudTrail near{{.events = 100, .start = start}, random};
  LateDelivery punctual{near, {{.by = 2h, .only = in_region}}, lateness};
  EXPECT_EQ(all_of(punctual).front().arrival, start);
  EXPECT_EQ(punctual.delayed(), 0U);
}

TEST(LateDelivery, LooksAtEventsThatCannotBeMadeAgain) {
  const std::vector<Delay> delays{{.share = {1, 2}, .by = 90s, .only = where("eventName", "AssumeRole")},
                                  {.from = start + 1min, .until = start + 2min}};
  const SyntheticCloudTrailOptions options{.events = 2'000, .start = start, .duration = 5min};
  SyntheticCloudTrail base{options, random};
  LateDelivery recalling{base, delays, lateness};
  ASSERT_TRUE(recalling.recalls());
  SyntheticCloudTrail again{options, random};
  Forgetful forgetful{again};
  LateDelivery holding{forgetful, delays, lateness};
  ASSERT_FALSE(holding.recalls());
  const std::vector<Seen> expected = all_of(recalling);
  EXPECT_EQ(all_of(holding), expected);
  EXPECT_EQ(holding.delayed(), recalling.delayed());
  EXPECT_GT(holding.delayed(), 0U);
}

TEST(LateDelivery, LetsTheFirstDelayDecide) {
  const std::vector<Seen> seen = delivered({{.until = start + 1min, .by = 1s}, {.by = 2s}}, 3'600);
  for (const Seen& each : seen) {
    EXPECT_EQ(each.arrival - due(each.id), due(each.id) < start + 1min ? 1s : 2s);
  }
}

TEST(LateDelivery, MakesAnEventAgainFromItsKey) {
  const SyntheticCloudTrailOptions options{.events = 300, .start = start};
  const std::vector<Delay> delays{{.share = {1, 2}, .by = 10min}};
  const std::vector<Seen> expected = delivered(delays, 300);
  SyntheticCloudTrail base{options, random};
  LateDelivery traffic{base, delays, lateness};
  std::vector<EventKey> keys;
  for (EventKey key; traffic.next_key(key);) keys.push_back(key);
  ASSERT_EQ(keys.size(), 300U);
  Event event;
  for (std::size_t i = keys.size(); i-- > 0;) {
    traffic.recall(keys[i], event);
    EXPECT_EQ((Seen{event.id(), event.arrival(), event.time(), event.to_json()}), expected[i]);
  }
}

TEST(LateDelivery, StandsBehindTheDeliveryOfFiles) {
  SyntheticCloudTrail base{{.events = 3'600, .start = start}, random};
  FileDelivery files{base, {}, random.stream("traffic.delivery")};
  LateDelivery traffic{files, {{.from = start + 20min, .until = start + 40min}}, lateness};
  for (const Seen& each : all_of(traffic)) {
    EXPECT_EQ(each.arrival.time_since_epoch() % 5min, 0s);
    EXPECT_FALSE(each.arrival >= start + 20min && each.arrival < start + 40min);
    EXPECT_GE(each.arrival, each.time);
  }
}

TEST(LateDelivery, SaysWhatIsWrongWithADelay) {
  const auto mistake = [](Delay delay) -> std::string {
    SyntheticCloudTrail base{{.events = 1, .start = start}, random};
    try {
      const LateDelivery traffic{base, {std::move(delay)}, lateness};
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(mistake({.by = 1s}), "none");
  EXPECT_EQ(mistake({.from = start, .until = start}),
            "expected a delay that ends after its start, 2026-03-02T14:00:00Z, saw 2026-03-02T14:00:00Z");
  EXPECT_EQ(mistake({.share = {3, 2}, .by = 1s}), "expected a share of late events from 0 to 1, saw 3 / 2");
  EXPECT_EQ(mistake({.by = -1s}), "expected a delay by 0s to 366d, saw -1s");
  EXPECT_THAT(mistake({.from = start}),
              HasSubstr("say from when until when, or by how much events are late"));
  EXPECT_THAT(mistake({}), HasSubstr("stands still for up to 366d"));
  EXPECT_THAT(mistake({.by = 1s, .catch_up = 1s}), HasSubstr("no time to catch up"));
  EXPECT_THAT(mistake({.from = start, .until = start + 1h, .catch_up = 2h}),
              HasSubstr("from 0s to the stretch's 1h, saw 2h"));
}

}  // namespace
}  // namespace rushhour::event::traffic
