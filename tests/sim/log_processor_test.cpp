// Which events share an object, and when it is written.

#include <rushhour/sim/log_processor.hpp>

#include <cstdint>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>

#include "listed_source.hpp"

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Instant at(Duration since_start) { return Instant{since_start}; }

/// An object as it was written.
struct Written {
  Duration at{};
  std::vector<std::uint64_t> events{};
  friend bool operator==(const Written&, const Written&) = default;
};
[[maybe_unused]] void PrintTo(const Written& written, std::ostream* out) {
  *out << rushhour::to_text(written.at) << ": " << ::testing::PrintToString(written.events);
}

std::vector<std::uint64_t> ids(const Message& message) {
  std::vector<std::uint64_t> out;
  out.reserve(message.size());
  for (const event::traffic::EventKey& key : message.keys) out.push_back(key.id);
  for (const event::Event& event : message.events) out.push_back(event.id());
  return out;
}

/// Lets it do what is due, when it is due, from `now` on.
std::vector<Written> written(event::traffic::Source& source, LogProcessorOptions options, Instant now = {}) {
  std::vector<Written> out;
  LogProcessor processor{source, options};
  while (const Instant* const next = processor.next()) {
    now = std::max(now, *next);
    processor.run(now, [&](std::unique_ptr<Message> object) {
      out.push_back({now.time_since_epoch(), ids(*object)});
    });
  }
  return out;
}
std::vector<Written> written(std::vector<Instant> arrivals, LogProcessorOptions options, Instant now = {}) {
  ListedSource source{std::move(arrivals)};
  return written(source, options, now);
}

TEST(LogProcessor, WritesAtTheMarkAfterTheFirstEvent) {
  EXPECT_THAT(written({at(10s), at(59s), at(60s + 1ns), at(200s)}, {}),
              ElementsAre(Written{60s, {1, 2}}, Written{120s, {3}}, Written{240s, {4}}));
}

TEST(LogProcessor, PutsAnEventThatComesAtAMarkIntoTheNextObject) {
  EXPECT_THAT(written({at(0s), at(60s), at(60s), at(120s)}, {}),
              ElementsAre(Written{60s, {1}}, Written{120s, {2, 3}}, Written{180s, {4}}));
}

TEST(LogProcessor, HasItsMarksOnTheUtcClock) {
  const Instant start = parse_iso8601("2026-03-02T14:00:20Z").value();
  const auto objects = written({start}, {.flush_every = 5min});
  ASSERT_THAT(objects, SizeIs(1));
  EXPECT_EQ(Instant{objects[0].at}, parse_iso8601("2026-03-02T14:05:00Z").value());
  EXPECT_THAT(written({at(-90s), at(-60s), at(-1ns)}, {}, at(-90s)),
              ElementsAre(Written{-60s, {1}}, Written{0s, {2, 3}}))
      << "before 1970 too";
}

TEST(LogProcessor, WritesAFullObjectAtOnce) {
  EXPECT_THAT(written({at(1s), at(2s), at(3s), at(4s), at(5s)}, {.object_events_max = 2}),
              ElementsAre(Written{2s, {1, 2}}, Written{4s, {3, 4}}, Written{60s, {5}}));
}

TEST(LogProcessor, KeepsTheMarkWhenAnObjectWasFull) {
  // The second object is opened at 59 s, and its mark is near.
  EXPECT_THAT(written({at(1s), at(2s), at(59s), at(60s)}, {.object_events_max = 2}),
              ElementsAre(Written{2s, {1, 2}}, Written{60s, {3}}, Written{120s, {4}}));
}

TEST(LogProcessor, WritesFullObjectsOfOneInstantSeparately) {
  EXPECT_THAT(written(std::vector<Instant>(5, at(7s)), {.object_events_max = 2}),
              ElementsAre(Written{7s, {1, 2}}, Written{7s, {3, 4}}, Written{60s, {5}}));
}

TEST(LogProcessor, SharesTheEventsAmongSeveralInTurns) {
  EXPECT_THAT(written({at(1s), at(2s), at(3s), at(4s), at(5s), at(61s)}, {.processors = 3}),
              ElementsAre(Written{60s, {1, 4}}, Written{60s, {2, 5}}, Written{60s, {3}}, Written{120s, {6}}));
}

TEST(LogProcessor, GivesEachOfSeveralAnObjectToFill) {
  EXPECT_THAT(written({at(1s), at(2s), at(3s), at(4s), at(5s)}, {.object_events_max = 2, .processors = 2}),
              ElementsAre(Written{3s, {1, 3}}, Written{4s, {2, 4}}, Written{60s, {5}}));
}

TEST(LogProcessor, CatchesUpWithWhatArrivedBeforeItsStart) {
  EXPECT_THAT(written({at(10s), at(70s), at(200s)}, {}, at(150s)),
              ElementsAre(Written{150s, {1}}, Written{150s, {2}}, Written{240s, {3}}));
}

TEST(LogProcessor, HasNothingToDoWithoutEvents) {
  EXPECT_THAT(written(std::vector<Instant>{}, {}), IsEmpty());
}

TEST(LogProcessor, HasNothingToDoOnceTheLastObjectWasFull) {
  ListedSource source{{at(1s), at(2s)}};
  LogProcessor processor{source, {.object_events_max = 2}};
  int objects = 0;
  processor.run(at(2s), [&](std::unique_ptr<Message>) { ++objects; });
  EXPECT_EQ(objects, 1);
  EXPECT_EQ(processor.next(), nullptr) << "no mark is awaited";
}

TEST(LogProcessor, LeavesEventsInTheSourceUntilTheMark) {
  ListedSource source{{at(1s), at(2s), at(3s)}};
  LogProcessor processor{source, {}};
  ASSERT_NE(processor.next(), nullptr);
  EXPECT_EQ(*processor.next(), at(1s));
  processor.run(at(1s), [](std::unique_ptr<Message>) { FAIL() << "nothing is due"; });
  EXPECT_EQ(*processor.next(), at(60s)) << "nothing can be full before";
  EXPECT_EQ(processor.taken(), 1U);
  std::size_t size = 0;
  processor.run(at(60s), [&](std::unique_ptr<Message> object) { size = object->size(); });
  EXPECT_EQ(size, 3U);
  EXPECT_EQ(processor.next(), nullptr);
}

TEST(LogProcessor, HoldsKeysWhereTheSourceCanMakeEventsAgain) {
  const std::vector<Instant> arrivals{at(1s), at(2s), at(2s), at(61s)};
  RecallingSource recalling{arrivals};
  LogProcessor processor{recalling, {}};
  static_cast<void>(processor.next());
  processor.run(at(60s), [](std::unique_ptr<Message> object) {
    EXPECT_THAT(object->keys, SizeIs(3));
    EXPECT_THAT(object->events, IsEmpty());
    EXPECT_EQ(object->keys[1].arrival, at(2s));
  });
  for (const std::uint64_t most : {0U, 2U}) {
    RecallingSource again{arrivals};
    EXPECT_EQ(written(again, {.object_events_max = most, .processors = 2}),
              written(arrivals, {.object_events_max = most, .processors = 2}));
  }
}

TEST(LogProcessor, HandsOverWhatIsStillOpen) {
  ListedSource source{{at(1s), at(2s)}};
  LogProcessor processor{source, {.processors = 2}};
  processor.run(at(2s), [](std::unique_ptr<Message>) { FAIL() << "nothing is due"; });
  std::vector<std::vector<std::uint64_t>> open;
  processor.drain([&](std::unique_ptr<Message> object) { open.push_back(ids(*object)); });
  EXPECT_THAT(open, ElementsAre(ElementsAre(1), ElementsAre(2)));
  EXPECT_EQ(processor.next(), nullptr);
}

void a_log_processor_of(LogProcessorOptions options) {
  ListedSource source{{}};
  const LogProcessor processor{source, options};
}

TEST(LogProcessorDeathTest, IsAtLeastOneAndWritesAtTimes) {
  EXPECT_DEATH(a_log_processor_of({.processors = 0}), "at least one log processor");
  EXPECT_DEATH(a_log_processor_of({.flush_every = 0s}), "writes at times");
}

}  // namespace
}  // namespace rushhour::sim
