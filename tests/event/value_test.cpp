#include <rushhour/event/value.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/random.hpp>

namespace rushhour::event {
namespace {

TEST(Value, IsNullUnlessMadeOtherwise) {
  EXPECT_TRUE(Value{}.is_null());
  EXPECT_TRUE(Value{nullptr}.is_null());
  EXPECT_EQ(to_json({}), "null");
}

TEST(Value, GivesWhatItHoldsAndNothingElse) {
  EXPECT_EQ(Value{true}.as_bool(), true);
  EXPECT_EQ(Value{true}.as_integer(), std::nullopt);
  EXPECT_EQ(Value{-7}.as_integer(), -7);
  EXPECT_EQ(Value{-7}.as_real(), -7.0);
  EXPECT_EQ(Value{2.5}.as_real(), 2.5);
  EXPECT_EQ(Value{2.5}.as_integer(), std::nullopt);
  EXPECT_EQ(Value{"x"}.as_text(), "x");
  EXPECT_EQ(Value{"x"}.as_bool(), std::nullopt);
  EXPECT_EQ(Value{1}.as_text(), std::nullopt);
  EXPECT_EQ(Value{1}.text_or("none"), "none");
  EXPECT_EQ(Value{""}.text_or("none"), "");
  EXPECT_TRUE(Value{"x"}.items().empty());
  EXPECT_TRUE(Value{"x"}.members().empty());
  EXPECT_EQ(Value{"x"}.find("x"), nullptr);
  EXPECT_EQ(Value::slot(63).slot_number(), 63U);
}

TEST(Value, KeepsMembersInDocumentOrder) {
  Arena arena;
  const Value value =
      object(arena, {{"z", 1}, {"a", array(arena, {nullptr, true, "x"})}, {"m", object(arena, {})}});
  EXPECT_EQ(to_json(value), R"({"z":1,"a":[null,true,"x"],"m":{}})");
}

TEST(Value, FindsTheExactKeyBeforeOneInAnotherCase) {
  Arena arena;
  const Value value = object(arena, {{"EVENTNAME", 1}, {"eventname", 2}, {"eventName", 3}, {"Ünder", 4}});
  EXPECT_EQ(*value.find("eventName"), Value{3});
  EXPECT_EQ(value.find("EventName"), nullptr);
  EXPECT_EQ(*value.find_ignoring_case("eventname"), Value{2});
  EXPECT_EQ(*value.find_ignoring_case("EventName"), Value{1});
  EXPECT_EQ(*value.find_ignoring_case("ÜNDER"), Value{4});
  EXPECT_EQ(value.find_ignoring_case("eventNames"), nullptr);
}

TEST(Value, IsTrueAsInPython) {
  Arena arena;
  for (const Value& value :
       {Value{}, Value{false}, Value{0}, Value{0.0}, Value{""}, array(arena, {}), object(arena, {})}) {
    EXPECT_FALSE(value.truthy()) << to_json(value);
  }
  for (const Value& value : {Value{true}, Value{-1}, Value{0.1}, Value{"0"}, array(arena, {nullptr}),
                             object(arena, {{"a", nullptr}})}) {
    EXPECT_TRUE(value.truthy()) << to_json(value);
  }
}

TEST(Value, EqualsAsJsonDoes) {
  Arena arena;
  EXPECT_EQ(object(arena, {{"a", 1}, {"b", "x"}}), object(arena, {{"b", "x"}, {"a", 1.0}}));
  EXPECT_FALSE(object(arena, {{"a", 1}}) == object(arena, {{"a", 1}, {"b", 2}}));
  EXPECT_FALSE(object(arena, {{"a", 1}}) == object(arena, {{"b", 1}}));
  EXPECT_EQ(array(arena, {1, 2}), array(arena, {1, 2}));
  EXPECT_FALSE(array(arena, {1, 2}) == array(arena, {2, 1}));
  EXPECT_FALSE(array(arena, {1, 2}) == array(arena, {1}));
  EXPECT_FALSE(Value{1} == Value{true});
  EXPECT_FALSE(Value{""} == Value{});
  EXPECT_FALSE(array(arena, {}) == object(arena, {}));
  EXPECT_FALSE(Value::slot(1) == Value{1});
  constexpr std::int64_t odd = (std::int64_t{1} << 53) + 1;
  EXPECT_FALSE(Value{odd} == Value{static_cast<double>(odd)}) << "the double is its even neighbour";
  EXPECT_FALSE(Value{std::numeric_limits<std::int64_t>::max()} == Value{9223372036854775808.0});
  EXPECT_FALSE(Value{0} == Value{std::numeric_limits<double>::quiet_NaN()});
}

TEST(ValueJson, EscapesWhatJsonDemandsAndLeavesUtf8) {
  EXPECT_EQ(to_json("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f"), "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(to_json("Zürich 東京 🔑"), "\"Zürich 東京 🔑\"");
  Arena arena;
  EXPECT_EQ(to_json(object(arena, {{"k\"\n", std::string_view{"\0", 1}}})), R"({"k\"\n":"\u0000"})");
}

TEST(ValueJson, WritesNumbersThatReadBackTheSame) {
  EXPECT_EQ(to_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(to_json(3.0), "3.0");
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(to_json(1e300), "1e+300");
  EXPECT_EQ(to_json(-0.0), "-0.0");
  EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
  constexpr std::uint64_t seed = 754;
  SCOPED_TRACE("seed " + std::to_string(seed));
  const Stream stream = Random{seed}.stream("value_test");
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const double number = std::bit_cast<double>(stream.at(i));
    if (!std::isfinite(number)) continue;
    EXPECT_EQ(nlohmann::json::parse(to_json(number)).get<double>(), number);
  }
}

TEST(Arena, HandsOutDistinctAlignedMemory) {
  Arena arena{64};
  std::vector<std::span<std::uint64_t>> spans;
  for (std::size_t i = 1; i < 200; ++i) {
    (void)arena.make<char>(i % 7 + 1);
    spans.push_back(arena.make<std::uint64_t>(i % 23));
    for (std::uint64_t& word : spans.back()) word = i;
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(spans.back().data()) % alignof(std::uint64_t), 0U);
  }
  for (std::size_t i = 1; i < 200; ++i) EXPECT_THAT(spans[i - 1], testing::Each(i));
}

TEST(Arena, UsesItsBlocksAgainAfterReset) {
  Arena arena{128};
  std::size_t after_first = 0;
  for (int round = 0; round < 100; ++round) {
    arena.reset();
    for (int i = 0; i < 50; ++i) (void)arena.copy("a text of some length, again and again");
    if (round == 0) after_first = arena.capacity();
  }
  EXPECT_EQ(arena.capacity(), after_first);
}

TEST(Arena, MakesRoomForWhatIsLargerThanABlock) {
  Arena arena{16};
  const std::string large(100'000, 'x');
  EXPECT_EQ(arena.copy(large), large);
  EXPECT_EQ(arena.join({"a", "", "b"}), "ab");
  EXPECT_EQ(arena.join({}), "");
}

TEST(Arena, PassesOverBlocksThatAreTooSmallWhenUsedAgain) {
  Arena arena{32};
  const std::string large(1'000'000, 'x');
  for (int round = 0; round < 3; ++round) {
    arena.reset();
    if (round == 0) {
      EXPECT_EQ(arena.copy("small"), "small");
    }
    EXPECT_EQ(arena.copy(large), large);
  }
}

TEST(Arena, KeepsItsContentWhenMoved) {
  Arena first;
  const std::string_view text = first.copy("kept");
  Arena second{std::move(first)};
  Arena third;
  third = std::move(second);
  EXPECT_EQ(text, "kept");
  EXPECT_EQ(third.capacity(), 4096U);
}

}  // namespace
}  // namespace rushhour::event
