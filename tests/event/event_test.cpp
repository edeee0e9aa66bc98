#include <rushhour/event/event.hpp>

#include <array>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace rushhour::event {
namespace {

Event sample() {
  Arena arena;
  const Value root = object(
      arena, {{"eventName", "GetSecretValue"},
              {"userIdentity", object(arena, {{"type", "IAMUser"}, {"arn", "arn:aws:iam::1:user/ada"}})},
              {"responseElements", nullptr},
              {"resources", array(arena, {object(arena, {{"ARN", "x"}})})},
              {"readOnly", true}});
  Event event;
  event.assign({.id = 3,
                .arrival = Instant{Duration{20}},
                .time = Instant{Duration{10}},
                .log_type = "AWS.CloudTrail"},
               root, arena);
  return event;
}

TEST(Event, KnowsWhenItHappenedAndWhenItArrived) {
  const Event event = sample();
  EXPECT_EQ(event.id(), 3U);
  EXPECT_EQ(event.time(), Instant{Duration{10}});
  EXPECT_EQ(event.arrival(), Instant{Duration{20}});
  EXPECT_EQ(event.log_type(), "AWS.CloudTrail");
  EXPECT_EQ(event.layout(), nullptr);
}

TEST(Event, GetsAKeyInAnyCase) {
  const Event event = sample();
  EXPECT_EQ(event.get("eventName"), Value{"GetSecretValue"});
  EXPECT_EQ(event.get("EVENTNAME"), Value{"GetSecretValue"});
  EXPECT_TRUE(event.contains("readonly"));
  EXPECT_FALSE(event.contains("nothing"));
}

TEST(Event, FallsBackForAMissingKeyButNotForNull) {
  const Event event = sample();
  EXPECT_EQ(event.get("nothing", "x"), Value{"x"});
  EXPECT_TRUE(event.get("nothing").is_null());
  EXPECT_TRUE(event.get("responseElements", "x").is_null());
}

TEST(Event, DeepGetsThroughObjectsOnly) {
  const Event event = sample();
  EXPECT_EQ(event.deep_get("userIdentity", "arn"), Value{"arn:aws:iam::1:user/ada"});
  EXPECT_EQ(event.deep_get("USERIDENTITY", "ARN"), Value{"arn:aws:iam::1:user/ada"});
  EXPECT_EQ(event.deep_get({"userIdentity", "nothing"}, "x"), Value{"x"});
  EXPECT_EQ(event.deep_get({"responseElements", "a"}, "x"), Value{"x"});
  EXPECT_EQ(event.deep_get({"responseElements"}, "x"), Value{"x"}) << "null counts as missing here";
  EXPECT_EQ(event.deep_get({"eventName", "a"}, "x"), Value{"x"});
  EXPECT_EQ(event.deep_get({"resources", "ARN"}, "x"), Value{"x"}) << "an array is no object";
  EXPECT_EQ(event.deep_get({"readOnly"}, "x"), Value{true});
}

TEST(Event, WritesItsRecordAsJson) {
  EXPECT_EQ(
      sample().to_json(),
      R"({"eventName":"GetSecretValue","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/ada"},)"
      R"("responseElements":null,"resources":[{"ARN":"x"}],"readOnly":true})");
}

TEST(Event, KeepsItsTreeWhenMoved) {
  Event first = sample();
  Event second{std::move(first)};
  Event third;
  third = std::move(second);
  EXPECT_EQ(third.get("eventName"), Value{"GetSecretValue"});
}

class Counting final : public SlotMaker {
 public:
  Value make(const Event& event, std::uint32_t slot, Arena& arena) const override {
    ++made[slot];
    if (slot == 1) return arena.join({event.resolve(Value::slot(0)).text_or("?"), "/session"});
    if (slot == 2) return object(arena, {{"secretId", Value::slot(0)}});
    return arena.copy("event " + std::to_string(event.id()));
  }
  mutable std::array<int, slot_count_max> made{};
};

class EventWithSlots : public testing::Test {
 protected:
  EventWithSlots() {
    Arena arena;
    const Value root = object(arena, {{"constant", 1},
                                      {"zero", Value::slot(0)},
                                      {"nested", object(arena, {{"one", Value::slot(1)}})},
                                      {"list", array(arena, {Value::slot(0), 2})},
                                      {"request", Value::slot(2)}});
    layout_ = Layout::make(std::move(arena), root);
  }
  std::shared_ptr<const Layout> layout_;
  Counting maker_;
  Event event_;
};

TEST_F(EventWithSlots, MakesASlotOnceAndOnlyWhenAsked) {
  event_.assign({.id = 7}, *layout_, maker_);
  EXPECT_EQ(event_.get("constant"), Value{1});
  EXPECT_EQ(maker_.made[0], 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(event_.get("zero"), Value{"event 7"});
  EXPECT_EQ(maker_.made[0], 1);
  EXPECT_EQ(maker_.made[1], 0);
}

TEST_F(EventWithSlots, LetsASlotReadAnother) {
  event_.assign({.id = 7}, *layout_, maker_);
  EXPECT_EQ(event_.deep_get("nested", "one"), Value{"event 7/session"});
  EXPECT_EQ(event_.get("zero"), Value{"event 7"});
  EXPECT_EQ(maker_.made[0], 1);
}

TEST_F(EventWithSlots, ResolvesSlotsInNestedValues) {
  event_.assign({.id = 7}, *layout_, maker_);
  EXPECT_EQ(event_.deep_get("request", "secretId"), Value{"event 7"});
  const Value list = event_.get("list");
  EXPECT_EQ(event_.resolve(list.items()[0]), Value{"event 7"});
  const Value nested = event_.get("nested");
  EXPECT_EQ(event_.get_in(nested, "ONE"), Value{"event 7/session"});
  EXPECT_EQ(event_.to_json(), R"({"constant":1,"zero":"event 7","nested":{"one":"event 7/session"},)"
                              R"("list":["event 7",2],"request":{"secretId":"event 7"}})");
}

TEST_F(EventWithSlots, ForgetsItsSlotsWhenItBecomesTheNextEvent) {
  event_.assign({.id = 7}, *layout_, maker_);
  EXPECT_EQ(event_.get("zero"), Value{"event 7"});
  event_.assign({.id = 8}, *layout_, maker_);
  EXPECT_EQ(event_.get("zero"), Value{"event 8"});
  EXPECT_EQ(maker_.made[0], 2);
}

TEST(EventContract, DiesWhenASlotOfAnotherEventIsResolved) {
  const Event event = sample();
  EXPECT_DEATH((void)event.resolve(Value::slot(3)), "belongs to another event");
}

}  // namespace
}  // namespace rushhour::event
