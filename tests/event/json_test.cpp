#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include <rushhour/event/json.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::event {
namespace {

using ::testing::HasSubstr;

TEST(ParseJson, ReadsEveryKindOfValueAndKeepsTheOrderOfMembers) {
  Arena arena;
  const std::string text = R"({"z":1,"a":[null,true,-2.5,"\u00e9\n"],"o":{}})";
  EXPECT_EQ(to_json(parse_json(text, arena)), "{\"z\":1,\"a\":[null,true,-2.5,\"é\\n\"],\"o\":{}}");
}

TEST(ParseJson, KeepsIntegersExactUpTo64BitsWithSign) {
  Arena arena;
  EXPECT_EQ(parse_json("9223372036854775807", arena).as_integer(), INT64_MAX);
  EXPECT_EQ(parse_json("-9223372036854775808", arena).as_integer(), INT64_MIN);
  const Value beyond = parse_json("9223372036854775808", arena);
  EXPECT_EQ(beyond.kind(), Value::Kind::real);
  EXPECT_EQ(beyond.as_real(), 9223372036854775808.0);
}

TEST(ParseJson, CopiesTheTextsSoThatTheSourceMayGo) {
  Arena arena;
  std::string text = R"({"key":"a value that is too long for a small string"})";
  const Value value = parse_json(text, arena);
  text.assign(text.size(), 'x');
  EXPECT_EQ(value.find("key")->text_or(""), "a value that is too long for a small string");
}

TEST(ParseJson, NamesThePlaceOfAMistake) {
  Arena arena;
  const auto mistake_in = [&arena](const std::string& text) {
    try {
      (void)parse_json(text, arena);
    } catch (const InputError& error) {
      return error.mistake();
    }
    return Mistake{.expected = "no mistake"};
  };
  const Mistake middle = mistake_in("{\"a\": 1,\n \"b\" 2}");
  EXPECT_EQ(middle.line, 2U);
  EXPECT_EQ(middle.column, 6U);
  EXPECT_EQ(middle.seen, "'2'");
  const Mistake end = mistake_in("{\"a\": [1,");
  EXPECT_EQ(end.line, 1U);
  EXPECT_EQ(end.seen, "the end of the text");
  EXPECT_EQ(mistake_in("").seen, "the end of the text");
}

TEST(FromJson, MakesAnEventOfARecord) {
  const Event event =
      from_json(R"({"eventName":"GetSecretValue","n":{"m":2}})", {.id = 7, .log_type = "Custom.Log"});
  EXPECT_EQ(event.id(), 7U);
  EXPECT_EQ(event.log_type(), "Custom.Log");
  EXPECT_EQ(event.get("EVENTNAME").text_or(""), "GetSecretValue");
  EXPECT_EQ(event.deep_get("n", "m").as_integer(), 2);
  EXPECT_EQ(event.to_json(), R"({"eventName":"GetSecretValue","n":{"m":2}})");
}

TEST(FromJson, RefusesWhatIsNoObject) {
  for (const char* text : {"[1]", "\"x\"", "null"}) {
    try {
      (void)from_json(text);
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("expected a JSON object"));
      EXPECT_EQ(error.mistake().seen, text);
    }
  }
}

}  // namespace
}  // namespace rushhour::event
