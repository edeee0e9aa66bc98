#include <rushhour/sim/message_queue.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Instant at(Duration since_start) { return Instant{since_start}; }

/// A message of events with these ids.
MessageQueue::Held message(const std::vector<std::uint64_t>& ids) {
  auto out = std::make_unique<Message>();
  for (const std::uint64_t id : ids) out->keys.push_back({.id = id});
  return out;
}
std::uint64_t first_id(const MessageQueue::Held& held) { return held->keys.front().id; }

/// Brings back what is due; what was given up.
std::vector<std::uint64_t> bring_back(MessageQueue& queue, Instant now) {
  std::vector<std::uint64_t> given_up;
  queue.bring_back(now, [&](MessageQueue::Held held) { given_up.push_back(first_id(held)); });
  return given_up;
}
std::vector<std::uint64_t> receive_all(MessageQueue& queue) {
  std::vector<std::uint64_t> out;
  while (queue.visible() > 0) out.push_back(first_id(queue.receive()));
  return out;
}

TEST(MessageQueue, GivesMessagesInTheOrderInWhichTheyWereSent) {
  MessageQueue queue{{}};
  EXPECT_EQ(queue.visible(), 0U);
  EXPECT_EQ(queue.next_return(), nullptr);
  for (const std::uint64_t id : {1U, 2U, 3U}) queue.send(message({id}), at(id * 1s));
  EXPECT_EQ(queue.visible(), 3U);
  EXPECT_EQ(queue.oldest_visible_since(), at(1s));
  EXPECT_THAT(receive_all(queue), ElementsAre(1, 2, 3));
  EXPECT_EQ(queue.counts().messages, 3U);
  EXPECT_EQ(queue.counts().receives, 3U);
  EXPECT_EQ(queue.counts().redelivered, 0U);
}

TEST(MessageQueue, HidesAMessageUntilItsTimeHasCome) {
  MessageQueue queue{{}};
  queue.send(message({1}), at(0s));
  queue.give_back(queue.receive(), at(900s));
  ASSERT_NE(queue.next_return(), nullptr);
  EXPECT_EQ(*queue.next_return(), at(900s));
  EXPECT_THAT(bring_back(queue, at(900s - 1ns)), IsEmpty());
  EXPECT_EQ(queue.visible(), 0U);
  EXPECT_THAT(bring_back(queue, at(900s)), IsEmpty());
  EXPECT_EQ(queue.visible(), 1U);
  EXPECT_EQ(queue.oldest_visible_since(), at(900s));
  EXPECT_EQ(queue.next_return(), nullptr);
  const MessageQueue::Held again = queue.receive();
  EXPECT_EQ(again->receives, 2U);
  EXPECT_EQ(again->sent, at(0s));
  EXPECT_EQ(queue.counts().redelivered, 1U);
}

TEST(MessageQueue, BringsMessagesBackInTheOrderOfTheirTimesAndThenOfTheirComing) {
  MessageQueue queue{{}};
  for (const std::uint64_t id : {1U, 2U, 3U, 4U, 5U}) queue.send(message({id}), at(0s));
  std::vector<MessageQueue::Held> held;
  while (queue.visible() > 0) held.push_back(queue.receive());
  const Duration times[] = {50s, 20s, 20s, 10s, 20s};
  for (std::size_t i = 0; i < 5; ++i) queue.give_back(std::move(held[i]), at(times[i]));
  EXPECT_EQ(*queue.next_return(), at(10s));
  EXPECT_THAT(bring_back(queue, at(30s)), IsEmpty());
  EXPECT_EQ(*queue.next_return(), at(50s));
  EXPECT_THAT(receive_all(queue), ElementsAre(4, 2, 3, 5));
}

TEST(MessageQueue, QueuesWhatComesBackBehindWhatIsThere) {
  MessageQueue queue{{}};
  queue.send(message({1}), at(0s));
  queue.give_back(queue.receive(), at(10s));
  queue.send(message({2}), at(5s));
  EXPECT_THAT(bring_back(queue, at(10s)), IsEmpty());
  queue.send(message({3}), at(10s));
  EXPECT_EQ(queue.oldest_visible_since(), at(5s));
  EXPECT_THAT(receive_all(queue), ElementsAre(2, 1, 3));
}

TEST(MessageQueue, GivesAMessageUpWhenItWouldBeReceivedOnceTooOften) {
  MessageQueue queue{{.receives_max = 3}};
  queue.send(message({7}), at(0s));
  for (int receive = 1; receive <= 2; ++receive) {
    queue.give_back(queue.receive(), at(receive * 100s));
    EXPECT_THAT(bring_back(queue, at(receive * 100s)), IsEmpty());
    EXPECT_EQ(queue.visible(), 1U);
  }
  queue.give_back(queue.receive(), at(300s));
  EXPECT_EQ(queue.counts().dead_lettered, 0U) << "it is given up when it would be seen again";
  EXPECT_THAT(bring_back(queue, at(300s)), ElementsAre(7));
  EXPECT_EQ(queue.visible(), 0U);
  EXPECT_EQ(queue.counts().dead_lettered, 1U);
  EXPECT_EQ(queue.counts().receives, 3U);
  EXPECT_EQ(queue.counts().redelivered, 2U);
  EXPECT_EQ(queue.counts().age_max, 300s);
  EXPECT_EQ(queue.counts().drained_at, at(300s));
  EXPECT_EQ(queue.counts().deleted, 0U);
}

TEST(MessageQueue, ReceivesAMessageOnceWhereThatIsTheMost) {
  MessageQueue queue{{.receives_max = 1}};
  queue.send(message({7}), at(0s));
  queue.give_back(queue.receive(), at(900s));
  EXPECT_THAT(bring_back(queue, at(900s)), ElementsAre(7));
}

TEST(MessageQueue, KnowsItsLongestBacklogAndWhenItWas) {
  MessageQueue queue{{}};
  queue.send(message({1, 2, 3}), at(1s));
  queue.send(message({4}), at(2s));
  static_cast<void>(queue.receive());
  queue.send(message({5, 6}), at(3s));
  EXPECT_EQ(queue.counts().backlog_max, 2U);
  EXPECT_EQ(queue.counts().backlog_max_at, at(2s)) << "the first time that it was so long";
  EXPECT_EQ(queue.counts().backlog_events_max, 4U);
  queue.send(message({7, 8, 9}), at(4s));
  EXPECT_EQ(queue.counts().backlog_max, 3U);
  EXPECT_EQ(queue.counts().backlog_max_at, at(4s));
  EXPECT_EQ(queue.counts().backlog_events_max, 6U);
}

TEST(MessageQueue, KnowsTheGreatestAgeAtWhichAMessageLeft) {
  MessageQueue queue{{}};
  queue.send(message({1}), at(0s));
  queue.send(message({2}), at(10s));
  const MessageQueue::Held first = queue.receive();
  const MessageQueue::Held second = queue.receive();
  queue.remove(first, at(40s));
  queue.remove(second, at(45s));
  EXPECT_EQ(queue.counts().deleted, 2U);
  EXPECT_EQ(queue.counts().age_max, 40s);
  EXPECT_EQ(queue.counts().drained_at, at(45s));
}

TEST(MessageQueue, HandsOverWhatIsLeft) {
  MessageQueue queue{{}};
  for (const std::uint64_t id : {1U, 2U, 3U}) queue.send(message({id}), at(0s));
  queue.give_back(queue.receive(), at(900s));
  std::vector<std::uint64_t> left;
  queue.drain([&](MessageQueue::Held held) { left.push_back(first_id(held)); });
  EXPECT_THAT(left, UnorderedElementsAre(1, 2, 3));
  EXPECT_EQ(queue.visible(), 0U);
  EXPECT_EQ(queue.next_return(), nullptr);
}

TEST(MessageQueueDeathTest, HasNothingToReceiveWhenItIsEmpty) {
  MessageQueue queue{{}};
  EXPECT_DEATH(static_cast<void>(queue.receive()), "nothing to receive");
}

}  // namespace
}  // namespace rushhour::sim
