#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/detect/ttl_cache.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h};

CacheLook look(TtlCache<int>& cache, std::string_view key, Instant now) { return cache.find(key, now).look; }

TEST(TtlCache, KeepsAValueUntilItExpiresAndNotAtThatInstant) {
  TtlCache<int> cache;
  EXPECT_EQ(look(cache, "a", start), CacheLook::cold);
  cache.insert("a", 7, start + 1h);
  const auto found = cache.find("a", start + 1h - 1ns);
  ASSERT_NE(found.value, nullptr);
  EXPECT_EQ(*found.value, 7);
  EXPECT_EQ(found.look, CacheLook::hit);
  EXPECT_EQ(cache.find("a", start + 1h).value, nullptr);
  EXPECT_EQ(look(cache, "a", start + 1h), CacheLook::expired);
}

TEST(TtlCache, DoesNotMakeAnEntryYoungerByUsingIt) {
  TtlCache<int> cache;
  cache.insert("a", 7, start + 10s);
  for (int second = 0; second < 10; ++second)
    EXPECT_EQ(look(cache, "a", start + second * 1s), CacheLook::hit);
  EXPECT_EQ(look(cache, "a", start + 10s), CacheLook::expired);
}

TEST(TtlCache, ReplacesAValueAndItsEnd) {
  TtlCache<int> cache;
  cache.insert("a", 7, start + 10s);
  cache.insert("a", 8, start + 20s);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(*cache.find("a", start + 15s).value, 8);
}

TEST(TtlCache, EvictsWhatWasUsedLeastRecently) {
  TtlCache<int> cache{2};
  cache.insert("a", 1, start + 1h);
  cache.insert("b", 2, start + 1h);
  EXPECT_EQ(look(cache, "a", start), CacheLook::hit) << "now b is the one not used";
  cache.insert("c", 3, start + 1h);
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(look(cache, "a", start), CacheLook::hit);
  EXPECT_EQ(look(cache, "b", start), CacheLook::evicted);
  EXPECT_EQ(look(cache, "c", start), CacheLook::hit);
  cache.insert("a", 4, start + 1h);
  cache.insert("b", 5, start + 1h);
  EXPECT_EQ(look(cache, "c", start), CacheLook::evicted) << "being replaced is being used";
  EXPECT_EQ(look(cache, "b", start), CacheLook::hit) << "and what is put in again is there again";
}

TEST(TtlCache, BlamesTheEvictionOnlyWhileTheEntryWouldStillBeGood) {
  TtlCache<int> cache{1};
  cache.insert("a", 1, start + 1h);
  cache.insert("b", 2, start + 1h);
  EXPECT_EQ(look(cache, "a", start + 1h - 1ns), CacheLook::evicted);
  EXPECT_EQ(look(cache, "a", start + 1h), CacheLook::expired);
}

TEST(TtlCache, KeepsItsEntriesWhenItIsMoved) {
  TtlCache<std::string> cache{2};
  cache.insert("a", "one", start + 1h);
  cache.insert("b", "two", start + 1h);
  TtlCache<std::string> moved{std::move(cache)};
  ASSERT_NE(moved.find("a", start).value, nullptr);
  EXPECT_EQ(*moved.find("a", start).value, "one");
  moved.insert("c", "three", start + 1h);
  EXPECT_EQ(moved.find("b", start).look, CacheLook::evicted);
}

TEST(CacheCounts, AddEachLookToItsOwnNumber) {
  CacheCounts counts;
  for (const CacheLook each : {CacheLook::hit, CacheLook::cold, CacheLook::expired, CacheLook::evicted,
                               CacheLook::reload, CacheLook::reset, CacheLook::reset}) {
    counts.add(each);
  }
  EXPECT_EQ(counts, (CacheCounts{.hits = 1, .cold = 1, .expired = 1, .evicted = 1, .reload = 1, .reset = 2}));
  EXPECT_EQ(counts.misses(), 6U);
  EXPECT_EQ(counts.looks(), 7U);
}

}  // namespace
}  // namespace rushhour::detect
