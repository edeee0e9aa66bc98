#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/random.hpp>

#include "bakery.hpp"

namespace rushhour::aws {
namespace {

using bakery::Order;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Members members = Described<Order>::members;

std::string json_of(const Order& order) {
  std::string out;
  append_json(out, members, &order);
  return out;
}

struct Reading {
  Order order{};
  Read read{};
};
Reading reading(std::string_view text) {
  Reading out;
  out.read = read_json(text, members, &out.order);
  return out;
}

TEST(AppendJson, WritesEveryKindAsTheProtocolHasIt) {
  EXPECT_EQ(
      json_of(bakery::birthday()),
      R"({"Cake":"Sacher","Slices":12,"Candles":true,"Due":1772460000.250,)"
      R"("Glaze":{"Name":"chocolate","Grams":200},"Toppings":[{"Name":"cherries"},{"Name":"nuts","Grams":30}],)"
      R"("Notes":["no \"raisins\"","& <sugar>"],"Tables":{"north":["Ada","Bob"],"south":[]},)"
      R"("PassPhrase":"open"})");
}

TEST(AppendJson, LeavesOutWhatIsAbsent) { EXPECT_EQ(json_of({.cake = "Sacher"}), R"({"Cake":"Sacher"})"); }

TEST(AppendJson, WritesTimesBefore1970) {
  EXPECT_EQ(json_of({.cake = "", .due = Instant{std::chrono::milliseconds{-1}}}),
            R"({"Cake":"","Due":-1.999})");
}

TEST(ReadJson, ReadsWhatAppendJsonWrites) {
  const Reading seen = reading(json_of(bakery::birthday()));
  EXPECT_EQ(seen.order, bakery::birthday());
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_THAT(seen.read.absent, IsEmpty());
  EXPECT_THAT(seen.read.unknown, IsEmpty());
}

TEST(ReadJson, TellsWhatIsAbsentAndWhatIsUnknown) {
  const Reading seen = reading(R"({"Slices":3,"Icing":{"Cake":["no",{"Slices":9}]},"Filling":null})");
  EXPECT_EQ(seen.order.slices, 3);
  EXPECT_EQ(seen.order.cake, "");
  EXPECT_THAT(seen.read.absent, ElementsAre("Cake"));
  EXPECT_THAT(seen.read.unknown, ElementsAre("Icing", "Filling"));
}

TEST(ReadJson, SkipsWhatIsUnknownFurtherDown) {
  const Reading seen = reading(R"({"Cake":"ab","Glaze":{"Name":"sugar","Origin":["x"],"Grams":1}})");
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_THAT(seen.read.unknown, IsEmpty());
  EXPECT_EQ(seen.order.glaze, (bakery::Topping{.name = "sugar", .grams = 1}));
}

TEST(ReadJson, TakesNullForAbsent) {
  const Reading seen = reading(R"({"Cake":"ab","Slices":null,"Toppings":null,"Notes":[null,"a"]})");
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_EQ(seen.order, (Order{.cake = "ab", .notes = {"a"}}));
}

TEST(ReadJson, ResolvesEscapes) {
  const Reading seen = reading(R"({"Cake":"a\"\\\/\b\f\n\r\t\u0041\u00fc\u20AC\ud83c\udf70"})");
  EXPECT_EQ(seen.order.cake, "a\"\\/\b\f\n\r\tA\xc3\xbc\xe2\x82\xac\xf0\x9f\x8d\xb0");
}

TEST(ReadJson, TakesWholeNumbersHoweverWritten) {
  EXPECT_EQ(reading(R"({"Slices":12.0})").order.slices, 12);
  EXPECT_EQ(reading(R"({"Slices":1.2e1})").order.slices, 12);
  EXPECT_EQ(reading(R"({"Slices":-9223372036854775808})").order.slices, INT64_MIN);
  EXPECT_EQ(reading(R"({"Due":1772460000})").order.due, Instant{std::chrono::seconds{1772460000}});
}

TEST(ReadJson, RefusesAValueOfAnotherKindInTheWordsOfAws) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {R"({"Cake":7})", "NUMBER_VALUE can not be converted to a String"},
      {R"({"Slices":"7"})", "STRING_VALUE can not be converted to an Integer"},
      {R"({"Slices":7.5})", "NUMBER_VALUE can not be converted to an Integer"},
      {R"({"Slices":1e300})", "NUMBER_VALUE can not be converted to an Integer"},
      {R"({"Slices":9223372036854775808})", "NUMBER_VALUE can not be converted to an Integer"},
      {R"({"Candles":"true"})", "STRING_VALUE can not be converted to a Boolean"},
      {R"({"Cake":true})", "TRUE_VALUE can not be converted to a String"},
      {R"({"Cake":false})", "FALSE_VALUE can not be converted to a String"},
      {R"({"Due":"2026-03-02"})", "STRING_VALUE can not be converted to a Timestamp"},
      {R"({"Due":1e300})", "NUMBER_VALUE can not be converted to a Timestamp"},
      {R"({"Glaze":[]})", "Start of list found where not expected"},
      {R"({"Toppings":{}})", "Start of structure or map found where not expected."},
      {R"({"Tables":[]})", "Start of list found where not expected"},
      {R"({"Cake":{}})", "Start of structure or map found where not expected."},
      {R"({"Toppings":"nuts"})", "STRING_VALUE can not be converted to a List"},
      {R"({"Notes":[1]})", "NUMBER_VALUE can not be converted to a String"},
      {R"([])", ""},
      {R"("Cake")", ""}};
  for (const auto& [text, message] : wrong) {
    const std::optional<std::string> malformed = reading(text).read.malformed;
    ASSERT_TRUE(malformed.has_value()) << text;
    EXPECT_EQ(*malformed, message) << text;
  }
}

TEST(ReadJson, RefusesWhatIsNoJson) {
  const std::string_view wrong[] = {R"({"Cake":"ab")",
                                    R"({"Cake":"ab"},)",
                                    R"({"Cake":"ab",})",
                                    R"({"Cake" "ab"})",
                                    R"({Cake:"ab"})",
                                    R"({"Cake":"a\x"})",
                                    R"({"Cake":"a\ud800"})",
                                    R"({"Cake":"a\u12"})",
                                    "{\"Cake\":\"a\nb\"}",
                                    R"({"Icing":[1,]})",
                                    R"({"Icing":01})",
                                    R"({"Icing":tru})",
                                    R"({"Icing":[}})",
                                    R"({"Icing":1.})",
                                    R"({"Icing":-})",
                                    R"({"Cake":})",
                                    R"({"Notes":[}]})",
                                    R"({"Slices":+1})",
                                    "",
                                    "{",
                                    R"({"Cake":"ab"} x)"};
  for (const std::string_view text : wrong) EXPECT_TRUE(reading(text).read.malformed.has_value()) << text;
}

TEST(ReadJson, DoesNotFollowEndlessNesting) {
  EXPECT_TRUE(reading(R"({"Icing":)" + std::string(100'000, '[')).read.malformed.has_value());
}

// The reader and nlohmann's must agree on what is JSON: damage a text in every place and compare.
TEST(ReadJson, TakesWhatNlohmannTakesAndNothingElse) {
  const std::string whole = R"({"Icing":{"a":[1,-2.5e3,true,null,"x\n\u00e9"],"b":{}},"Notes":["y"]})";
  const std::string_view letters = R"({}[]",:\0e-tnul )";
  constexpr std::uint64_t seed = 20260302;
  const Stream draws = Random{seed}.stream("json_1_1_test");
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    std::string text = whole;
    const std::size_t at = uniform_below(draws.at(2 * i), text.size());
    text[at] = letters[uniform_below(draws.at(2 * i + 1), letters.size())];
    // Of the wrong kind, and so malformed though JSON: not what is compared here.
    const std::optional<std::string> malformed = reading(text).read.malformed;
    if (malformed && !malformed->empty() && nlohmann::json::accept(text)) continue;
    ASSERT_EQ(!malformed.has_value(), nlohmann::json::accept(text))
        << text << "  (seed " << seed << ", draw " << i << ")";
  }
}

TEST(ReadJsonError, FindsCodeAndMessageInAllTheirForms) {
  const ErrorText modelled =
      read_json_error(R"({"Message":"no such thing","__type":"ResourceNotFoundException"})");
  EXPECT_EQ(modelled.code, "ResourceNotFoundException");
  EXPECT_EQ(modelled.message, "no such thing");
  const ErrorText namespaced =
      read_json_error(R"({"__type":"com.amazon.coral#Throttling","message":"slow","n":[1]})");
  EXPECT_EQ(namespaced.code, "Throttling");
  EXPECT_EQ(namespaced.message, "slow");
  EXPECT_EQ(read_json_error(R"({"code":"Old"})").code, "Old");
  EXPECT_EQ(read_json_error(R"({"code":"Old","__type":"New"})").code, "New");
  EXPECT_EQ(read_json_error("<html>").code, "");
  EXPECT_EQ(read_json_error("").message, "");
}

}  // namespace
}  // namespace rushhour::aws
