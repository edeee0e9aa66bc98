#include <rushhour/event/traffic/file_delivery.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::uint64_t seed = 7;
const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");
const Stream delivery = Random{seed}.stream("traffic.delivery");

struct Moments {
  Instant arrival{};
  Instant time{};
};

/// Events at listed moments, which it cannot make again.
class ListedMoments final : public Source {
 public:
  explicit ListedMoments(std::vector<Moments> moments) : moments_(std::move(moments)) {}
  [[nodiscard]] const Instant* peek() override {
    return given_ == moments_.size() ? nullptr : &moments_[given_].arrival;
  }
  [[nodiscard]] bool next(Event& into) override {
    if (peek() == nullptr) return false;
    const auto [arrival, time] = moments_[given_++];
    into.assign({.id = given_, .arrival = arrival, .time = time, .log_type = "Test"}, Value{}, arena_);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return moments_.size(); }

 private:
  std::vector<Moments> moments_;
  std::uint64_t given_ = 0;
  Arena arena_;
};

/// Another source's events, every one or every second one, without its ability to recall.
class Forgetful final : public Source {
 public:
  explicit Forgetful(Source& base, bool skips = false) : base_(base), skips_(skips) {}
  [[nodiscard]] const Instant* peek() override {
    if (skips_ && !skipped_) skipped_ = base_.next(odd_);
    return base_.peek();
  }
  [[nodiscard]] bool next(Event& into) override {
    if (peek() == nullptr) return false;
    skipped_ = false;
    return base_.next(into);
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return base_.size_hint(); }

 private:
  Source& base_;
  bool skips_;
  bool skipped_ = false;
  Event odd_;
};

struct Delivered {
  std::uint64_t id{};
  Instant arrival{};
  Instant time{};
  std::uint64_t file{};
};

std::vector<Delivered> all_of(FileDelivery& files) {
  std::vector<Delivered> all;
  Event event;
  while (const Instant* const due = files.peek()) {
    const Instant expected = *due;
    EXPECT_TRUE(files.next(event));
    EXPECT_EQ(event.arrival(), expected);
    all.push_back({event.id(), event.arrival(), event.time(), files.file()});
  }
  EXPECT_FALSE(files.next(event));
  EXPECT_EQ(files.held(), 0U);
  return all;
}

std::vector<Delivered> delivered(const SyntheticCloudTrailOptions& traffic,
                                 const FileDeliveryOptions& options = {}) {
  SyntheticCloudTrail base{traffic, Random{seed}};
  FileDelivery files{base, options, delivery};
  return all_of(files);
}

/// How many events were delivered at most so late.
double share_within(const std::vector<Delivered>& events, Duration late) {
  const auto count = std::ranges::count_if(
      events, [&](const Delivered& event) { return event.arrival - event.time <= late; });
  return static_cast<double>(count) / static_cast<double>(events.size());
}
double four_errors(double share, std::size_t events) {
  return 4 * std::sqrt(share * (1 - share) / static_cast<double>(events));
}

struct Quantile {
  double share;
  Duration late;
};
const std::array<Quantile, 5> measured{{{0.1, 96s}, {0.5, 201s}, {0.9, 419s}, {0.99, 505s}, {1.0, 594s}}};

TEST(FileDelivery, HasTheMeasuredQuantilesWhereEventsLieBetweenMarksAsTheMeasuredOnes) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr std::uint64_t events = 100'000;
  // Eight events for each mark, each before it by a lateness from the measured distribution. The delivery is
  // told nothing of the mark it was made for.
  std::vector<Moments> moments;
  const Stream bits = Random{seed}.stream("phase");
  for (std::uint64_t i = 0; i < events; ++i) {
    const double share = static_cast<double>(bits.at(i)) / 18446744073709551616.0;
    Quantile from{0, 0s};
    for (const Quantile& to : measured) {
      if (share < to.share) {
        const double part = (share - from.share) / (to.share - from.share);
        const double late = static_cast<double>(from.late.count()) +
                            part * static_cast<double>((to.late - from.late).count());
        const Instant time = start + (i / 8 + 2) * 5min - Duration{static_cast<std::int64_t>(late)};
        moments.push_back({time, time});
        break;
      }
      from = to;
    }
  }
  std::ranges::sort(moments, {}, &Moments::time);
  ListedMoments base{std::move(moments)};
  FileDelivery files{base, {}, delivery};
  const std::vector<Delivered> all = all_of(files);
  ASSERT_EQ(all.size(), events);
  for (const auto& [share, late] : measured) {
    EXPECT_NEAR(share_within(all, late), share, four_errors(share, events)) << to_text(late);
  }
}

TEST(FileDelivery, ComesToTheDocumentedQuantilesWithEvenlySpreadEvents) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  constexpr std::uint64_t events = 200'000;
  const std::vector<Delivered> all =
      delivered({.events = events, .start = start, .duration = 20h, .arrivals = poisson_arrivals()});
  ASSERT_EQ(all.size(), events);
  // What lies `away` whole seconds before a mark goes there, or into the next file, as the densities are.
  const auto density = [](int late) {
    double from = 0;
    double share = 0;
    for (const Quantile& to : measured) {
      const double end = static_cast<double>(to.late / 1s);
      if (late <= end) return (to.share - share) / (end - from);
      from = end;
      share = to.share;
    }
    return 0.0;
  };
  for (int late = 20; late <= 600; late += 20) {
    double expected = 0;
    for (int away = 1; away <= 300; ++away) {
      const double near = density(away) / (density(away) + density(away + 300));
      expected += ((away <= late ? near : 0) + (away + 300 <= late ? 1 - near : 0)) / 300;
    }
    EXPECT_NEAR(share_within(all, late * 1s), expected, four_errors(expected, events) + 1e-9) << late;
  }
  const std::array<Quantile, 5> documented{{{0.1, 83s}, {0.5, 240s}, {0.9, 401s}, {0.99, 542s}, {1.0, 594s}}};
  for (const auto& [share, late] : documented) {
    // Half a second of rounding, at the highest density of 1 in 300 a second.
    EXPECT_NEAR(share_within(all, late), share, four_errors(share, events) + 0.5 / 300) << to_text(late);
  }
}

TEST(FileDelivery, GivesEveryEventOnceAtAMarkAndInOrder) {
  const SyntheticCloudTrailOptions traffic{.events = 20'000, .start = start, .duration = 3h};
  std::vector<Moments> made(traffic.events + 1);
  SyntheticCloudTrail base{traffic, Random{seed}};
  Event event;
  while (base.next(event)) made[event.id()] = {event.arrival(), event.time()};
  for (const FileDeliveryOptions& options :
       {FileDeliveryOptions{}, FileDeliveryOptions{.mark = 1min}, FileDeliveryOptions{.mark = 24h},
        FileDeliveryOptions{.mark = 7s, .lateness = {1s, 2s, 1min, 1h, 2h}},
        FileDeliveryOptions{.fixed_lateness = 0s}}) {
    SCOPED_TRACE(to_text(options.mark));
    const std::vector<Delivered> all = delivered(traffic, options);
    ASSERT_EQ(all.size(), traffic.events);
    std::set<std::uint64_t> ids;
    Instant last{};
    for (const auto& [id, arrival, time, file] : all) {
      EXPECT_TRUE(ids.insert(id).second) << id;
      ASSERT_LT(id, made.size());
      EXPECT_EQ(time, made[id].time);
      EXPECT_GE(arrival, made[id].arrival);
      EXPECT_EQ(arrival.time_since_epoch() % options.mark, 0s);
      EXPECT_GE(arrival, last);
      last = arrival;
      const Duration longest = options.fixed_lateness.value_or(options.lateness.max);
      EXPECT_LE(arrival, made[id].arrival + longest + options.mark);
    }
  }
}

TEST(FileDelivery, BringsNineEventsInTenBehindTheNewestSeen) {
  // As many in as long a time as the measured ones, of which 2,596 of 2,900 did.
  const std::vector<Delivered> all = delivered({.events = 2'900, .start = start, .duration = 56min});
  Instant newest{};
  std::size_t behind = 0;
  for (const Delivered& event : all) {
    if (event.time < newest) ++behind;
    newest = std::max(newest, event.time);
  }
  EXPECT_GT(behind, 2'596U);
}

TEST(FileDelivery, FillsFilesOfTheMeasuredSizes) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  const std::vector<Delivered> all = delivered({.events = 400'000, .start = start, .duration = 4h});
  std::map<std::uint64_t, std::uint64_t> sizes;
  std::map<std::uint64_t, Instant> marks;
  std::uint64_t last = 1;
  for (const Delivered& event : all) {
    EXPECT_TRUE(event.file == last || event.file == last + 1);
    last = event.file;
    ++sizes[event.file];
    // A file is delivered whole.
    EXPECT_EQ(marks.try_emplace(event.file, event.arrival).first->second, event.arrival);
  }
  // The last file of a mark has what was left, one in a hundred files.
  const auto share_up_to = [&](std::uint64_t size) {
    return static_cast<double>(
               std::ranges::count_if(sizes, [&](const auto& file) { return file.second <= size; })) /
           static_cast<double>(sizes.size());
  };
  ASSERT_GT(sizes.size(), 5'000U);
  EXPECT_NEAR(share_up_to(20), 0.5, four_errors(0.5, sizes.size()) + 0.015);
  EXPECT_NEAR(share_up_to(156), 0.9, four_errors(0.9, sizes.size()) + 0.01);
  EXPECT_EQ(share_up_to(394), 1.0);
  EXPECT_LT(share_up_to(390), 1.0);
}

TEST(FileDelivery, DoesNotSortWithinAFile) {
  const std::vector<Delivered> all =
      delivered({.events = 20'000, .start = start}, {.sizes = {50, 50, 50, 50}});
  std::map<std::uint64_t, std::vector<Instant>> files;
  for (const Delivered& event : all) files[event.file].push_back(event.time);
  for (const auto& [file, times] : files) {
    EXPECT_TRUE(times.size() < 10 || !std::ranges::is_sorted(times)) << file;
  }
}

TEST(FileDelivery, MakesAgainTheVeryEventsItGives) {
  const SyntheticCloudTrailOptions traffic{.events = 3'000, .start = start};
  SyntheticCloudTrail base{traffic, Random{seed}};
  FileDelivery files{base, {}, delivery};
  ASSERT_TRUE(files.recalls());
  std::vector<EventKey> keys;
  std::vector<std::uint64_t> in_file;
  EventKey key;
  while (files.next_key(key)) {
    keys.push_back(key);
    in_file.push_back(files.file());
  }
  ASSERT_EQ(keys.size(), traffic.events);
  const EventKey before = key;
  EXPECT_FALSE(files.next_key(key));
  EXPECT_EQ(key.id, before.id);

  SyntheticCloudTrail twin_base{traffic, Random{seed}};
  FileDelivery twin{twin_base, {}, delivery};
  std::vector<std::string> records;
  Event event;
  for (std::size_t i = 0; twin.next(event); ++i) {
    EXPECT_EQ(event.id(), keys[i].id);
    EXPECT_EQ(event.arrival(), keys[i].arrival);
    EXPECT_EQ(event.time(), keys[i].time);
    EXPECT_EQ(twin.file(), in_file[i]);
    EXPECT_EQ(event.get("eventTime").text_or("-"), to_iso8601(event.time()));
    records.push_back(event.to_json());
  }
  // Backwards, and twice, from the source that never made them.
  for (std::size_t i = keys.size(); i-- > 0;) {
    for (int time = 0; time < 2; ++time) {
      files.recall(keys[i], event);
      ASSERT_EQ(event.to_json(), records[i]);
      ASSERT_EQ(event.id(), keys[i].id);
      ASSERT_EQ(event.arrival(), keys[i].arrival);
      ASSERT_EQ(event.time(), keys[i].time);
    }
  }
}

TEST(FileDelivery, DeliversTheSameOfASourceThatCannotRecall) {
  const SyntheticCloudTrailOptions traffic{.events = 3'000, .start = start};
  SyntheticCloudTrail base{traffic, Random{seed}};
  FileDelivery files{base, {}, delivery};
  SyntheticCloudTrail twin_base{traffic, Random{seed}};
  Forgetful forgetful{twin_base};
  FileDelivery copies{forgetful, {}, delivery};
  EXPECT_FALSE(copies.recalls());
  EventKey key;
  EXPECT_FALSE(copies.next_key(key));
  EXPECT_EQ(copies.size_hint(), traffic.events);
  Event event;
  Event copy;
  while (files.next(event)) {
    ASSERT_TRUE(copies.next(copy));
    EXPECT_EQ(copy.id(), event.id());
    EXPECT_EQ(copy.arrival(), event.arrival());
    EXPECT_EQ(copy.time(), event.time());
    EXPECT_EQ(copy.log_type(), event.log_type());
    EXPECT_EQ(copies.file(), files.file());
    ASSERT_EQ(copy.to_json(), event.to_json());
    EXPECT_EQ(copy.udm("source_ip"), event.udm("source_ip"));
    EXPECT_EQ(copy.udm("actor_user"), event.udm("actor_user"));
  }
  EXPECT_FALSE(copies.next(copy));
}

TEST(FileDelivery, DeliversAnEventAtTheSameMarkWhateverElseThereIs) {
  const SyntheticCloudTrailOptions traffic{.events = 4'000, .start = start};
  std::map<std::uint64_t, Instant> marks;
  for (const Delivered& event : delivered(traffic)) marks[event.id] = event.arrival;
  SyntheticCloudTrail base{traffic, Random{seed}};
  Forgetful half{base, true};
  FileDelivery files{half, {}, delivery};
  const std::vector<Delivered> all = all_of(files);
  EXPECT_EQ(all.size(), 2'000U);
  for (const Delivered& event : all) EXPECT_EQ(event.arrival, marks.at(event.id));
}

TEST(FileDelivery, DeliversAfterAFixedLatenessAtTheNextMark) {
  const auto arrivals = [](const std::vector<Moments>& moments, const FileDeliveryOptions& options) {
    ListedMoments base{moments};
    FileDelivery files{base, options, delivery};
    std::vector<Duration> out;
    for (const Delivered& event : all_of(files)) out.push_back(event.arrival - start);
    return out;
  };
  const std::vector<Moments> moments{
      {start, start}, {start + 1ns, start + 1ns}, {start + 4min, start + 4min}};
  EXPECT_THAT(arrivals(moments, {.fixed_lateness = 0s}), ElementsAre(0s, 5min, 5min));
  EXPECT_THAT(arrivals(moments, {.fixed_lateness = 60s}), ElementsAre(5min, 5min, 5min));
  EXPECT_THAT(arrivals(moments, {.fixed_lateness = 60s + 1ns}), ElementsAre(5min, 5min, 10min));
  EXPECT_THAT(arrivals(moments, {.mark = 30s, .fixed_lateness = 10s}), ElementsAre(30s, 30s, 270s));
  // Never before it arrived in the source it comes from, as one that a recorded file tells of late.
  EXPECT_THAT(arrivals({{start + 11min, start}}, {.fixed_lateness = 60s}), ElementsAre(15min));
  EXPECT_THAT(arrivals({{start + 11min, start}}, {}), ElementsAre(15min));
}

TEST(FileDelivery, KnowsTheMarksBefore1970) {
  ListedMoments base{{{Instant{} - 7min, Instant{} - 7min}, {Instant{} - 5min, Instant{} - 5min}}};
  FileDelivery files{base, {.fixed_lateness = 0s}, delivery};
  for (const Delivered& event : all_of(files)) EXPECT_EQ(event.arrival, Instant{} - 5min);
}

TEST(FileDelivery, HoldsTheEventsOfTenMinutesAtMost) {
  SyntheticCloudTrail base{{.events = 60'000, .start = start}, Random{seed}};
  FileDelivery files{base, {}, delivery};
  std::uint64_t most = 0;
  Event event;
  while (files.peek() != nullptr) {
    most = std::max(most, files.held());
    (void)files.next(event);
  }
  EXPECT_GT(most, 5'000U);
  EXPECT_LE(most, 10'000U);
}

TEST(FileDelivery, MayHaveNoEvents) {
  SyntheticCloudTrail base{{.events = 0}, Random{seed}};
  FileDelivery files{base, {}, delivery};
  EXPECT_EQ(files.peek(), nullptr);
  Event event;
  EXPECT_FALSE(files.next(event));
  EXPECT_EQ(files.file(), 0U);
}

TEST(FileDelivery, SaysWhatIsWrongWithItsOptions) {
  const auto mistake = [](const FileDeliveryOptions& options) -> std::string {
    try {
      ListedMoments base{{}};
      const FileDelivery files{base, options, delivery};
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.mark = 0s}), "expected marks of delivery from 1s to 1d apart, saw 0s");
  EXPECT_EQ(mistake({.fixed_lateness = -1s}), "expected a fixed lateness from 0s to 1d, saw -1s");
  const std::string quantiles =
      "expected quantiles of lateness up to 1d, each at least 1ms above the one before, saw ";
  EXPECT_EQ(mistake({.lateness = {.p10 = 0s}}), quantiles + "0s after 0s");
  EXPECT_EQ(mistake({.lateness = {.p50 = 96s}}), quantiles + "1m36s after 1m36s");
  EXPECT_EQ(mistake({.lateness = {.max = 25h}}), quantiles + "1d1h after 8m25s");
  EXPECT_EQ(mistake({.lateness = {.p10 = 0s}, .fixed_lateness = 1s}), "none");
  EXPECT_EQ(mistake({.sizes = {.min = 0}}),
            "expected rising file sizes from 1 to 1000000000, saw 0, 20, 156, 394");
  EXPECT_EQ(mistake({.sizes = {.p90 = 19}}),
            "expected rising file sizes from 1 to 1000000000, saw 1, 20, 19, 394");
}

TEST(SourceContract, DiesWhenASourceThatCannotIsToldToRecall) {
  ListedMoments base{{{start, start}}};
  EventKey key;
  EXPECT_FALSE(base.recalls());
  EXPECT_FALSE(base.next_key(key));
  Event event;
  EXPECT_DEATH(base.recall(key, event), "cannot make an event again");
}

}  // namespace
}  // namespace rushhour::event::traffic
