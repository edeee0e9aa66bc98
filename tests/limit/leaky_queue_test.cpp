#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/limit/leaky_queue.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/random.hpp>

#include "statistics.hpp"

namespace rushhour::limit {
namespace {

using namespace std::chrono_literals;
using testing::at;

const Instant start = at("2026-03-02T14:00:00Z");

TEST(LeakyQueue, ServesOneEachIntervalAndRefusesWhoWouldWaitTooLong) {
  LeakyQueue queue({.limit = 4, .window = 1min, .wait_max = 30s});
  EXPECT_EQ(queue.offer(start), 0s);
  EXPECT_EQ(queue.offer(start), 15s);
  EXPECT_EQ(queue.offer(start), 30s);
  EXPECT_EQ(queue.offer(start), std::nullopt);
  EXPECT_EQ(queue.offer(start + 15s - 1ns), std::nullopt) << "a nanosecond too long";
  EXPECT_EQ(queue.offer(start + 15s), 30s);
  EXPECT_EQ(queue.offer(start + 61s), 0s);
  EXPECT_EQ(queue.offer(start + 62s), 14s);
}

TEST(LeakyQueue, ServesItsBurstAtOnceAfterARest) {
  LeakyQueue queue({.limit = 4, .window = 1min, .burst = 2, .wait_max = 20s});
  for (const Instant now : {start, start + 24h}) {
    EXPECT_EQ(queue.offer(now), 0s);
    EXPECT_EQ(queue.offer(now), 0s);
    EXPECT_EQ(queue.offer(now), 15s);
    EXPECT_EQ(queue.offer(now), std::nullopt);
  }
}

TEST(LeakyQueue, SaysHowManyWait) {
  LeakyQueue queue({.limit = 4, .window = 1min, .burst = 2, .wait_max = 1h});
  EXPECT_EQ(queue.waiting(start), 0U);
  for (int i = 0; i < 5; ++i) (void)queue.offer(start);
  EXPECT_EQ(queue.waiting(start), 3U);
  EXPECT_EQ(queue.waiting(start + 15s - 1ns), 3U);
  EXPECT_EQ(queue.waiting(start + 15s), 2U);
  EXPECT_EQ(queue.waiting(start + 45s - 1ns), 1U);
  EXPECT_EQ(queue.waiting(start + 45s), 0U);
}

TEST(LeakyQueue, RoundsAWaitUpAndNeverTheIntervals) {
  LeakyQueue queue({.limit = 3, .window = 1s, .wait_max = 1000s});  // an interval of 333,333,333 and 1/3 ns
  for (std::int64_t i = 0; i <= 3'000; ++i)
    ASSERT_EQ(queue.offer(start), Duration{(i * 1'000'000'000 + 2) / 3}) << i;
  EXPECT_EQ(queue.offer(start), std::nullopt);
}

TEST(LeakyQueue, SaysItsRate) {
  EXPECT_EQ(to_text(LeakyQueue({.limit = 20, .burst = 100}).rate()), "20 per 1s, burst 100");
}

/// Berger's model, told event by event: a bank of so many tokens, of which one takes `interval` to make, and
/// a queue of so many jobs that wait for one.
class TokenBankAndJobQueue {
 public:
  TokenBankAndJobQueue(Duration interval, std::uint64_t bank, std::uint64_t room)
      : interval_(interval), bank_(interval * static_cast<std::int64_t>(bank)), room_(room), made_(bank_) {}

  /// Whether the job is let in. Its wait is in `waits` once it was served, in order of arrival.
  bool offer(Instant now) {
    advance(now);
    if (jobs_.empty() && made_ >= interval_) {
      made_ -= interval_;
      waits.emplace_back(0);
      return true;
    }
    if (jobs_.size() >= room_) return false;
    jobs_.push_back(now);
    return true;
  }
  void advance(Instant now) {
    for (; !jobs_.empty() && last_ + (interval_ - made_) <= now; jobs_.pop_front()) {
      last_ += interval_ - made_;
      made_ = {};
      waits.push_back(last_ - jobs_.front());
    }
    made_ = std::min(bank_, made_ + (now - last_));
    last_ = now;
  }
  [[nodiscard]] std::uint64_t waiting() const { return jobs_.size(); }

  std::vector<Duration> waits;

 private:
  Duration interval_;
  Duration bank_;  // when full, in time it took to make
  std::uint64_t room_;
  Duration made_;
  std::deque<Instant> jobs_;
  Instant last_ = start;
};

TEST(LeakyQueue, IsATokenBankWithAJobQueueOfWhichOnlyTheSumMatters) {
  constexpr std::uint64_t seed = 12;
  constexpr Duration interval = 100ms;
  constexpr int calls = 100'000;
  for (const Duration mean_gap : {70ms, 100ms, 130ms}) {
    TokenBucket bucket({.limit = 10, .window = 1s, .burst = 8});
    testing::PoissonArrivals of_bucket(seed, mean_gap, start);
    std::vector<bool> expected;
    expected.reserve(calls);
    for (int i = 0; i < calls; ++i) expected.push_back(bucket.try_acquire(of_bucket.next()));
    EXPECT_GT(std::count(expected.begin(), expected.end(), false), 500) << "seed " << seed;

    for (std::uint64_t bank = 1; bank <= 8; ++bank) {
      const std::uint64_t room = 8 - bank;
      SCOPED_TRACE("seed " + std::to_string(seed) + ", bank " + std::to_string(bank));
      LeakyQueue queue(
          {.limit = 10, .window = 1s, .burst = bank, .wait_max = interval * static_cast<std::int64_t>(room)});
      TokenBankAndJobQueue model(interval, bank, room);
      testing::PoissonArrivals arrivals(seed, mean_gap, start);
      std::vector<Duration> waits;
      for (int i = 0; i < calls; ++i) {
        const Instant now = arrivals.next();
        const std::optional<Duration> wait = queue.offer(now);
        ASSERT_EQ(wait.has_value(), expected[static_cast<std::size_t>(i)]) << "call " << i;
        ASSERT_EQ(model.offer(now), wait.has_value()) << "call " << i;
        ASSERT_EQ(queue.waiting(now), model.waiting()) << "call " << i;
        if (wait) waits.push_back(*wait);
      }
      model.advance(start + 24h * 365);
      EXPECT_EQ(waits, model.waits);
    }
  }
}

TEST(LeakyQueue, IsExactAtTheEndsOfItsRange) {
  LeakyQueue queue({.limit = 1, .window = Duration::max(), .wait_max = Duration::max()});
  EXPECT_EQ(queue.offer(Instant::min()), 0s);
  EXPECT_EQ(queue.offer(Instant::min()), Duration::max());
  EXPECT_EQ(queue.offer(Instant::min()), std::nullopt);
  EXPECT_EQ(queue.waiting(Instant::max()), 0U);
}

TEST(LeakyQueueDeathTest, RejectsOptionsThatMeanNothing) {
  EXPECT_DEATH(LeakyQueue({.limit = 0}), "a limit is from 1 to 2\\^32");
  EXPECT_DEATH(LeakyQueue({.limit = 1, .wait_max = -1ns}), "a longest wait is not negative");
  LeakyQueue queue({.limit = 1});
  (void)queue.offer(start);
  EXPECT_DEATH((void)queue.offer(start - 1ns), "a limiter's time does not go back");
}

}  // namespace
}  // namespace rushhour::limit
