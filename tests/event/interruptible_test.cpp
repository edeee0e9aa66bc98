#include <rushhour/event/traffic/interruptible.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::traffic {
namespace {

class InterruptibleTest : public testing::Test {
 protected:
  std::vector<std::uint64_t> rest() {
    std::vector<std::uint64_t> out;
    while (source.next(event)) out.push_back(event.id());
    return out;
  }

  std::atomic<bool> stop{false};
  SyntheticCloudTrail whole{{.events = 5}, Random{7}};
  Interruptible source{whole, stop};
  Event event;
};

TEST_F(InterruptibleTest, PassesEverythingOnUnlessItIsStopped) {
  EXPECT_EQ(source.size_hint(), 5U);
  EXPECT_EQ(rest(), (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
  stop = true;
  EXPECT_EQ(source.peek(), nullptr);
  EXPECT_FALSE(source.interrupted()) << "it had ended before";
}

TEST_F(InterruptibleTest, EndsWhenItIsStopped) {
  ASSERT_TRUE(source.next(event));
  ASSERT_TRUE(source.next(event));
  stop = true;
  EXPECT_EQ(source.peek(), nullptr);
  EXPECT_TRUE(rest().empty());
  EXPECT_TRUE(source.interrupted());
}

TEST_F(InterruptibleTest, KeepsItsWordAboutTheNextEvent) {
  ASSERT_NE(source.peek(), nullptr);
  stop = true;
  EXPECT_TRUE(source.next(event)) << "peek() has announced it";
  EXPECT_FALSE(source.next(event));
  EXPECT_TRUE(source.interrupted());
}

TEST_F(InterruptibleTest, MakesEventsAgainThatCameBefore) {
  ASSERT_TRUE(source.recalls());
  EventKey key;
  ASSERT_TRUE(source.next_key(key));
  stop = true;
  EventKey none;
  EXPECT_FALSE(source.next_key(none));
  source.recall(key, event);
  EXPECT_EQ(event.id(), 1U);
}

}  // namespace
}  // namespace rushhour::event::traffic
