// What each strategy of the first time tells of a few sightings: its window, its warm-up, its late documents.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detect/first_seen/learning.hpp>
#include <rushhour/detect/first_seen/lookup_search.hpp>
#include <rushhour/detect/first_seen/never_forgetting_set.hpp>
#include <rushhour/detect/first_seen/rotating_bloom.hpp>
#include <rushhour/detect/first_seen/string_set.hpp>

#include "first_seen_sightings.hpp"

namespace rushhour::detect {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto days = [](int count) { return std::chrono::days{count}; };

// ---- string_set.hpp ----

TEST(StringSet, AlertsOfAKeyOnceInItsTimeToLive) {
  StringSet set{{.ttl = days(90), .checks_expiry = true}};
  arrive(set, 1, "a", day(0));
  for (std::uint64_t d = 1; d < 90; ++d) arrive(set, 1 + d, "a", day(static_cast<std::int64_t>(d)));
  EXPECT_THAT(told(set), ElementsAre("a 1@0"));
  // Sightings refresh nothing: the key that was seen every day alerts again.
  arrive(set, 100, "a", day(90));
  EXPECT_THAT(told(set), ElementsAre("a 100@2160"));
}

TEST(StringSet, CountsTimeToLiveFromAWholeSecond) {
  StringSet set{{.ttl = 1h, .checks_expiry = true}};
  arrive(set, 1, "a", hour(0) + 900ms);
  arrive(set, 2, "a", hour(1) - 1ns);
  EXPECT_THAT(told(set), ElementsAre("a 1@0"));
  arrive(set, 3, "a", hour(1));
  EXPECT_THAT(told(set), ElementsAre("a 3@1"));
}

TEST(StringSet, FindsWhatHasExpiredUntilTheStoreDeletesIt) {
  StringSet lazy{{.ttl = days(10), .deletion_delay = days(2)}};
  StringSet strict{{.ttl = days(10), .checks_expiry = true, .deletion_delay = days(2)}};
  for (StringSet* const set : {&lazy, &strict}) {
    arrive(*set, 1, "a", day(0));
    arrive(*set, 2, "a", day(12) - 1ns);
  }
  EXPECT_THAT(told(lazy), ElementsAre("a 1@0"));
  EXPECT_THAT(told(strict), ElementsAre("a 1@0", "a 2@287"));
  arrive(lazy, 3, "a", day(12));
  EXPECT_THAT(told(lazy), ElementsAre("a 3@288"));
}

TEST(StringSet, KeepsWhatWasPutAgainUntilItsNewEnd) {
  StringSet set{{.ttl = days(10), .checks_expiry = true, .deletion_delay = days(5)}};
  arrive(set, 1, "a", day(0));
  arrive(set, 2, "a", day(11));
  EXPECT_EQ(set.costs().bytes, StringSet::item_bytes("a"));
  EXPECT_THAT(told(set), ElementsAre("a 1@0", "a 2@264"));
  arrive(set, 3, "a", day(16));  // the first put's item would be deleted by now
  EXPECT_THAT(told(set), IsEmpty());
  set.advance(day(26));
  EXPECT_EQ(set.costs().bytes, 0U);
  EXPECT_EQ(set.costs().bytes_max, StringSet::item_bytes("a"));
}

TEST(StringSet, AlertsTwiceOfWhatTwoContainersGetAtATime) {
  StringSet set{{.race_window = 20ms}};
  arrive(set, 1, "a", hour(0));
  arrive(set, 2, "a", hour(0) + 19ms);
  arrive(set, 3, "a", hour(0) + 20ms);  // the first put is done, the second is not
  arrive(set, 4, "a", hour(1));
  EXPECT_THAT(told(set), ElementsAre("a 1@0", "a 2@0"));
  EXPECT_EQ(set.costs().reads, 4U);
  EXPECT_EQ(set.costs().writes, 2U);
}

TEST(StringSet, RacesAgainOnceAKeyHasExpired) {
  StringSet set{{.ttl = 1h, .checks_expiry = true, .race_window = 20ms}};
  arrive(set, 1, "a", hour(0));
  arrive(set, 2, "a", hour(1));
  arrive(set, 3, "a", hour(1) + 5ms);
  arrive(set, 4, "a", hour(1) + 30ms);
  EXPECT_THAT(told(set), ElementsAre("a 1@0", "a 2@1", "a 3@1"));
}

TEST(StringSet, ForgetsRacersAtOneInstantTogether) {
  StringSet set{{.ttl = 1h, .deletion_delay = 0s, .race_window = 20ms}};
  arrive(set, 1, "a", hour(0));
  arrive(set, 2, "a", hour(0));
  arrive(set, 3, "a", hour(2));
  EXPECT_THAT(told(set), ElementsAre("a 1@0", "a 2@0", "a 3@2"));
  EXPECT_EQ(set.costs().bytes, StringSet::item_bytes("a"));
}

// ---- learning.hpp ----

TEST(Learning, IsSilentWhileItLearnsAndThenTellsEachNewValueOnce) {
  Learning rule{{.learning = days(7)}};
  arrive(rule, 1, "a", day(3));
  arrive(rule, 2, "b", day(10) - 1ns);
  arrive(rule, 3, "c", day(10));
  for (const char* const key : {"a", "b", "c"}) arrive(rule, 4, key, day(11));
  EXPECT_THAT(told(rule), ElementsAre("c 3@240"));
}

TEST(Learning, ForgetsWhatItHasNotSeenForAWhile) {
  Learning rule{{.learning = 0s, .forget_after = days(28)}};
  arrive(rule, 1, "first of all", day(0));
  arrive(rule, 2, "often", day(1));
  arrive(rule, 3, "seldom", day(1));
  arrive(rule, 4, "often", day(20));
  arrive(rule, 5, "seldom", day(29) - 1ns);
  arrive(rule, 6, "often", day(40));
  EXPECT_THAT(told(rule), ElementsAre("often 2@24", "seldom 3@24"));
  arrive(rule, 7, "seldom", day(57));  // while "often", which came before it, is known
  arrive(rule, 8, "often", day(68));
  EXPECT_THAT(told(rule), ElementsAre("seldom 7@1368", "often 8@1632"));
}

TEST(Learning, NeverTellsTheFirstValueOfAGroup) {
  Learning rule{{.learning = 0s}};
  arrive(rule, 1, "a", day(0));
  arrive(rule, 2, "b", day(0));
  EXPECT_THAT(told(rule), ElementsAre("b 2@0"));
}

TEST(Learning, LearnsForEachGroupFromItsOwnFirstSighting) {
  Learning rule{
      {.learning = days(7), .group = [](std::string_view key) { return key.substr(0, key.find('/')); }}};
  arrive(rule, 1, "ada/DE", day(0));
  arrive(rule, 2, "bob/DE", day(5));
  arrive(rule, 3, "ada/FR", day(8));
  arrive(rule, 4, "bob/FR", day(8));
  EXPECT_THAT(told(rule), ElementsAre("ada/FR 3@192"));
}

TEST(Learning, HoldsTheBytesOfWhatItKnows) {
  Learning rule{{.forget_after = days(1)}};
  arrive(rule, 1, "four", day(0));
  EXPECT_EQ(rule.costs().bytes, 8U + 4U + 8U);  // the one group without a name, and the value
  rule.advance(day(1));
  EXPECT_EQ(rule.costs().bytes, 8U);
  EXPECT_EQ(rule.costs().bytes_max, 20U);
}

// ---- never_forgetting_set.hpp ----

TEST(NeverForgettingSet, AlertsOfEachKeyOnce) {
  NeverForgettingSet set;
  arrive(set, 1, "a", day(0));
  arrive(set, 2, "", day(0));
  arrive(set, 3, "a", day(10'000));
  arrive(set, 4, "", day(10'000));
  EXPECT_THAT(told(set), ElementsAre("a 1@0", " 2@0"));
}

TEST(NeverForgettingSet, StartsWithTheDocumentsOfItsWindow) {
  NeverForgettingSet set{{.start = day(40), .window = days(30)}};
  arrive(set, 1, "old", day(10) - 1ns);
  arrive(set, 2, "recent", day(10));
  arrive(set, 3, "late", day(39), days(30));
  arrive(set, 3, "recent", day(39), days(30));
  EXPECT_THAT(told(set), IsEmpty());
  for (const char* const key : {"old", "recent", "late"}) arrive(set, 4, key, day(40));
  EXPECT_THAT(told(set), ElementsAre("old 4@960", "late 4@960"));
  EXPECT_EQ(set.costs().reads, 30U);
}

TEST(NeverForgettingSet, LosesAtARestartWhatIsOlderThanItsWindow) {
  NeverForgettingSet set{{.restarts = {day(50), day(51)}, .window = days(30)}};
  arrive(set, 1, "old", day(0));
  arrive(set, 2, "recent", day(30));
  set.advance(day(60));
  arrive(set, 3, "old", day(60));
  arrive(set, 4, "recent", day(60));
  EXPECT_THAT(told(set), ElementsAre("old 1@0", "recent 2@720", "old 3@1440"));
}

TEST(NeverForgettingSet, KnowsItsBytes) {
  NeverForgettingSet set;
  EXPECT_EQ(set.costs().bytes, 0U);
  for (int i = 0; i < 14; ++i) arrive(set, 1, std::string(10, static_cast<char>('a' + i)), day(0));
  EXPECT_EQ(set.costs().bytes, 14U * 10U + 16U * 16U);
  arrive(set, 1, "one more", day(0));
  EXPECT_EQ(set.costs().bytes, 14U * 10U + 8U + 32U * 16U);
  EXPECT_EQ(set.terms(), 15U);
}

// ---- lookup_search.hpp ----

/// Detections every hour, updates at ten past midnight: ESCU's times.
LookupSearchOptions escu() {
  LookupSearchOptions options;
  options.detection.first = hour(0);
  options.update.first = hour(0) + 10min;
  return options;
}

/// An old value, so that there is enough data, in each run that asks: known values must be found, too.
void arrive_beside_old(LookupSearch& search, std::uint64_t document, std::string_view key, Instant at) {
  arrive(search, 1, "old", at);
  arrive(search, document, key, at);
}

TEST(LookupSearch, AlertsOfWhatTheLookupDoesNotKnow) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "new", hour(30) + 30min);
  search.advance(hour(31));
  EXPECT_THAT(told(search), ElementsAre("new 2@31"));
}

TEST(LookupSearch, LooksAtAnHourThatEndsTenMinutesAgo) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "first of its hour", hour(30) - 10min);
  arrive_beside_old(search, 3, "last of its hour", hour(30) + 50min - 1ns);
  arrive_beside_old(search, 4, "first of the next", hour(30) + 50min);
  search.advance(hour(40));
  EXPECT_THAT(told(search),
              ElementsAre("first of its hour 2@31", "last of its hour 3@31", "first of the next 4@32"));
}

TEST(LookupSearch, TellsOneDocumentOfAValueInARunTheEarliest) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "new", hour(30) + 30min);
  arrive(search, 3, "new", hour(30) + 35min, 10min);
  arrive(search, 4, "new", hour(30) + 40min, 15min);  // no earlier, and not the first of that instant
  arrive(search, 5, "new", hour(30) + 45min);
  search.advance(hour(40));
  EXPECT_THAT(told(search), ElementsAre("new 3@31"));
}

TEST(LookupSearch, AlertsInEachRunUntilTheLookupHasKnownAValueForADay) {
  LookupSearchOptions throttled = escu();
  throttled.throttle = 24h;
  LookupSearch each_run{escu()};
  LookupSearch once_a_day{throttled};
  for (LookupSearch* const search : {&each_run, &once_a_day}) {
    arrive(*search, 1, "old", day(-30));
    arrive_beside_old(*search, 2, "new", hour(31));
    arrive_beside_old(*search, 3, "new", hour(33) + 30min);  // no update since
    arrive_beside_old(*search, 4, "new", hour(53) + 30min);  // in the lookup, since less than a day
    arrive_beside_old(*search, 5, "new", hour(54) + 30min);  // 55 - 24 = 31 hours: known
    search->advance(hour(60));
  }
  EXPECT_THAT(told(each_run), ElementsAre("new 2@32", "new 3@34", "new 4@54"));
  EXPECT_THAT(told(once_a_day), ElementsAre("new 2@32"));
}

TEST(LookupSearch, TellsTheValuesOfARunInTheirOrderAndThrottlesEach) {
  LookupSearchOptions options = escu();
  options.throttle = 3h;
  LookupSearch search{options};
  arrive(search, 1, "old", day(-30));
  for (std::int64_t h = 30; h < 34; ++h) {
    arrive_beside_old(search, 2, "b", hour(h) + 30min);
    if (h != 31) arrive_beside_old(search, 3, "a", hour(h) + 40min);
  }
  search.advance(hour(40));
  EXPECT_THAT(told(search), ElementsAre("a 3@31", "b 2@31", "a 3@34", "b 2@34"));
}

TEST(LookupSearch, MissesALateDocumentWhichTheLookupStillLearns) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive(search, 2, "late", hour(31) + 30min, 1h);
  arrive_beside_old(search, 3, "late", hour(54) + 30min);
  search.advance(hour(60));
  EXPECT_THAT(told(search), IsEmpty());
}

TEST(LookupSearch, MissesWhatAnUpdateTakesBeforeTheDetectionUnlessItIsStillNew) {
  LookupSearchOptions options = escu();
  for (const Duration still_new : {0h, 24h}) {
    options.still_new = still_new;
    LookupSearch search{options};
    arrive(search, 1, "old", day(-30));
    arrive_beside_old(search, 2, "new", day(2) - 5min);  // update at 0:10, detection at 1:00
    search.advance(day(3));
    EXPECT_EQ(told(search).size(), still_new == 0h ? 0U : 1U);
  }
}

TEST(LookupSearch, DetectsBeforeItUpdatesWhenBothAreDue) {
  LookupSearchOptions options = escu();
  options.update.first = hour(0);
  options.still_new = 0h;
  LookupSearch search{options};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "new", hour(47) + 30min);
  search.advance(hour(48));
  EXPECT_THAT(told(search), ElementsAre("new 2@48"));
}

TEST(LookupSearch, CutsToTheHourWhatIsStillNew) {
  LookupSearchOptions options = escu();
  options.detection.first = hour(0) + 30min;
  LookupSearch search{options};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "new", hour(31) + 10min);
  arrive_beside_old(search, 3, "new", hour(54) + 50min);  // 55:30 - 24 = 31:30 hours, cut to 31
  arrive_beside_old(search, 4, "new", hour(55) + 50min);
  search.advance(hour(60));
  EXPECT_THAT(told(search), ElementsAre("new 2@31", "new 3@55"));
}

TEST(LookupSearch, LearnsTheEarliestOfEventsThatArriveOutOfOrder) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive_beside_old(search, 2, "new", hour(60));
  arrive(search, 3, "new", hour(61) + 10min, 11h);
  arrive_beside_old(search, 4, "new", hour(74) + 30min);  // 75 - 24 = 51 hours
  search.advance(hour(80));
  EXPECT_THAT(told(search), ElementsAre("new 2@61"));
}

TEST(LookupSearch, AsksKnownValuesWhetherThereIsEnoughData) {
  LookupSearchOptions options = escu();
  for (const bool asks : {true, false}) {
    options.asks_known_values = asks;
    LookupSearch search{options};
    arrive(search, 1, "old", day(-30));
    arrive(search, 2, "new, and alone in its hour", hour(30) + 30min);
    search.advance(hour(31));
    EXPECT_EQ(told(search).size(), asks ? 0U : 1U);
  }
}

TEST(LookupSearch, LearnsForAWeek) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(1) + 5min);  // a week later, cut to the day, is day 9
  arrive_beside_old(search, 2, "while learning", day(8) + 30min);
  arrive_beside_old(search, 3, "new", day(9) + 30min);  // after the update of ten past
  search.advance(day(10));
  EXPECT_THAT(told(search), ElementsAre("new 3@217"));
}

TEST(LookupSearch, ForgetsWhatItHasNotSeenForNinetyDays) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  arrive(search, 2, "gone", day(6));
  arrive(search, 3, "kept", day(6) + 1ns);
  arrive(search, 3, "kept, too", day(6) + 1h);
  arrive(search, 3, "kept, too", day(6) + 2h, 2h);
  for (std::int64_t d = 10; d < 100; d += 10) arrive(search, 1, "old", day(d));
  search.advance(day(96) + 10min);
  told(search);
  for (const char* const key : {"gone", "kept", "kept, too"})
    arrive_beside_old(search, 4, key, day(96) + 30min);
  search.advance(day(97));
  EXPECT_THAT(told(search), ElementsAre("gone 4@2305"));
}

TEST(LookupSearch, CountsItsSearchesAndRows) {
  LookupSearch search{escu()};
  arrive(search, 1, "old", day(-30));
  search.advance(hour(0));
  EXPECT_EQ(search.costs().reads, 1U);
  EXPECT_EQ(search.costs().writes, 0U);
  search.advance(hour(1));
  EXPECT_EQ(search.costs().reads, 3U);
  EXPECT_EQ(search.costs().writes, 1U);
  EXPECT_EQ(search.costs().bytes, 3U + 16U);
  search.advance(day(61));
  EXPECT_EQ(search.costs().bytes, 0U);
  EXPECT_EQ(search.costs().bytes_max, 19U);
}

TEST(LookupSearch, RunsFromItsFirstSightingOn) {
  LookupSearch search;
  arrive(search, 1, "a", day(20'000) + 11min);
  EXPECT_EQ(search.costs().reads, 0U);
  search.advance(day(20'000) + 59min);
  EXPECT_EQ(search.costs().reads, 0U);
  search.advance(day(20'001) + 9min);  // 24 detections
  EXPECT_EQ(search.costs().reads, 24U);
  search.advance(day(20'001) + 10min);
  EXPECT_EQ(search.costs().writes, 1U);
  LookupSearch on_the_hour;
  on_the_hour.advance(day(20'000));
  EXPECT_EQ(on_the_hour.costs().reads, 1U);
}

// ---- rotating_bloom.hpp ----

TEST(RotatingBloom, ForgetsWithTheGenerationThatSawItLast) {
  RotatingBloom filter{{.generations = 2, .generation = days(10)}};
  arrive(filter, 1, "early", day(1));
  arrive(filter, 2, "late", day(9));
  arrive(filter, 3, "refreshed", day(9));
  arrive(filter, 4, "refreshed", day(15));
  arrive(filter, 5, "early", day(20) - 1ns);
  told(filter);
  for (const char* const key : {"early", "late", "refreshed"}) arrive(filter, 6, key, day(20));
  EXPECT_THAT(told(filter), ElementsAre("late 6@480"));
  for (const char* const key : {"early", "late", "refreshed"}) arrive(filter, 7, key, day(40));
  EXPECT_THAT(told(filter), ElementsAre("early 7@960", "late 7@960", "refreshed 7@960"));
}

TEST(RotatingBloom, IsEmptyAfterALongSilence) {
  RotatingBloom filter{{.generations = 3, .generation = days(1), .first = day(100)}};
  arrive(filter, 1, "a", day(5));
  arrive(filter, 2, "a", day(103) - 1ns);  // before the first generation's end, and two more
  arrive(filter, 3, "a", day(1000));
  EXPECT_THAT(told(filter), ElementsAre("a 1@120", "a 3@24000"));
}

TEST(RotatingBloom, TakesTheBitsThatItsErrorAsksFor) {
  const RotatingBloom one{{.generations = 1, .capacity = 1000, .error = {1, 1000}}};
  EXPECT_EQ(one.hashes(), 10U);                   // 2^-10 < 1/1000
  EXPECT_EQ(one.bits_per_generation(), 14'464U);  // 14,427 in whole words
  EXPECT_EQ(one.costs().bytes, 14'464U / 8U);
  const RotatingBloom four{{.generations = 4, .capacity = 1000, .error = {1, 1024}}};
  EXPECT_EQ(four.hashes(), 12U);
  EXPECT_EQ(four.costs().bytes, 4 * four.bits_per_generation() / 8);
}

TEST(RotatingBloom, MissesNoLargerShareOfFirstsThanPromised) {
  constexpr std::uint64_t capacity = 20'000;
  std::vector<std::vector<std::uint64_t>> missed(3);
  for (std::uint64_t seed = 0; seed < missed.size(); ++seed) {
    RotatingBloom filter{
        {.generations = 3, .generation = days(1), .capacity = capacity, .error = {1, 64}, .seed = seed}};
    // Two generations are full, and the third is but for the terms that are asked for.
    constexpr std::uint64_t asked = 4000;
    std::uint64_t document = 0;
    for (std::int64_t d = 0; d < 3; ++d) {
      const std::uint64_t terms = d < 2 ? capacity : capacity - asked;
      for (std::uint64_t i = 0; i < terms; ++i, ++document)
        arrive(filter, document, "user-" + std::to_string(document), day(d));
    }
    told(filter);
    std::vector<bool> is_told(asked);
    for (std::uint64_t i = 0; i < asked; ++i) arrive(filter, i, "new-" + std::to_string(i), day(2));
    for (const FirstSeenAlert& alert : filter.take_alerts()) is_told[alert.document] = true;
    for (std::uint64_t i = 0; i < asked; ++i) {
      if (!is_told[i]) missed[seed].push_back(i);
    }
    // At most 1 in 64 of 4,000, or 62.5; three standard deviations are 24. Each generation sets 8 bits a term
    // and errs once in 256 when it is full: two are to miss 31, and three standard deviations are 17.
    EXPECT_LE(missed[seed].size(), 86U) << "seed " << seed;
    EXPECT_GE(missed[seed].size(), 14U) << "seed " << seed;
  }
  EXPECT_NE(missed[0], missed[1]);
  EXPECT_NE(missed[1], missed[2]);
}

TEST(RotatingBloom, NeverTellsATermTwiceInItsWindow) {
  RotatingBloom filter{{.generations = 2, .generation = days(10), .capacity = 100, .error = {1, 4}}};
  std::vector<std::string> keys;
  for (std::uint64_t i = 0; i < 5000; ++i)
    arrive(filter, i, "user-" + std::to_string(i % 500), hour(static_cast<std::int64_t>(i / 100)));
  for (const FirstSeenAlert& alert : filter.take_alerts()) keys.push_back(alert.key);
  std::ranges::sort(keys);
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

}  // namespace
}  // namespace rushhour::detect
