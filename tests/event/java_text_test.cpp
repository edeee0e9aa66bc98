#include <rushhour/event/java_text.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/event/event.hpp>
#include <rushhour/event/json.hpp>

namespace rushhour::event {
namespace {

std::string printed(std::string_view json, EmptyParts empty_parts = EmptyParts::keep) {
  Arena arena;
  return std::string{java_text(parse_json(json, arena), arena, empty_parts)};
}

TEST(JavaText, PrintsMapsListsAndScalars) {
  EXPECT_EQ(printed(R"({"a": "b", "c": [1, 2], "d": {"x": "y"}})"), "{a=b, c=[1, 2], d={x=y}}");
  EXPECT_EQ(printed(R"({"yes": true, "no": false, "none": null})"), "{no=false, yes=true, none=null}");
  EXPECT_EQ(printed(R"([null, "", [], {}, -7])"), "[null, , [], {}, -7]");
  EXPECT_EQ(printed(R"({})"), "{}");
  EXPECT_EQ(printed(R"("as it is, without quotes")"), "as it is, without quotes");
  EXPECT_EQ(printed("9223372036854775807"), "9223372036854775807");
}

// What java.util.HashMap of OpenJDK 17 printed for the same keys.
TEST(JavaText, HasTheOrderOfAHashMap) {
  EXPECT_EQ(printed(R"({"MobileVersion": "No", "LoginTo": "here", "MFAUsed": "Yes"})"),
            "{LoginTo=here, MobileVersion=No, MFAUsed=Yes}");
  EXPECT_EQ(printed(R"({"tags": [], "roleArn": 1, "roleSessionName": 2, "durationSeconds": 3600})"),
            "{durationSeconds=3600, roleArn=1, roleSessionName=2, tags=[]}");
  EXPECT_EQ(printed(R"({"zeta": 0, "schlüssel": 1, "日本": 2, "😀key": 3, "a": 4, "Aa": 5, "BB": 6, "C#": 7,
                        "maxResults": 8, "filters": 9, "secretId": 10, "x1": 11, "x2": 12, "x3": 13,
                        "x4": 14})"),
            "{zeta=0, 😀key=3, Aa=5, BB=6, C#=7, a=4, secretId=10, 日本=2, filters=9, schlüssel=1, "
            "maxResults=8, x1=11, x2=12, x3=13, x4=14}")
      << "above 12 keys there are 32 buckets";
}

TEST(JavaText, KeepsKeysOfOneHashInTheOrderOfTheirArrival) {
  EXPECT_EQ(printed(R"({"BB": 1, "Aa": 2, "C#": 3, "b": 4})"), "{BB=1, Aa=2, C#=3, b=4}");
  EXPECT_EQ(printed(R"({"C#": 1, "b": 2, "Aa": 3, "BB": 4})"), "{C#=1, Aa=3, BB=4, b=2}");
}

TEST(JavaText, CountsBucketsBeforeItLeavesKeysOut) {
  // Thirteen keys make 32 buckets, which stay when one is taken out: `q` and `a` then lie 16 apart.
  const std::string twelve =
      R"("q": 1, "a": 2, "k01": 3, "k02": 4, "k03": 5, "k04": 6, "k05": 7, "k06": 8, "k07": 9, "k08": 10,
         "k09": 11, "k10": 12)";
  const std::string kept = printed("{" + twelve + "}");
  const std::string dropped = printed("{" + twelve + R"(, "gone": null})", EmptyParts::drop);
  EXPECT_LT(kept.find("q=1"), kept.find("a=2"));
  EXPECT_GT(dropped.find("q=1"), dropped.find("a=2"));
}

TEST(JavaText, PrintsDoublesAsJavaDoes) {
  const std::vector<std::pair<double, std::string>> rows{{1e10, "1.0E10"},
                                                         {1.0, "1.0"},
                                                         {0.001, "0.001"},
                                                         {0.00099, "9.9E-4"},
                                                         {1e7, "1.0E7"},
                                                         {9999999.0, "9999999.0"},
                                                         {12345678.9, "1.23456789E7"},
                                                         {0.1, "0.1"},
                                                         {123.456, "123.456"},
                                                         {-2.5, "-2.5"},
                                                         {1e-10, "1.0E-10"},
                                                         {1.5e300, "1.5E300"},
                                                         {4.9e-324, "4.9E-324"},
                                                         {100.0, "100.0"},
                                                         {1234567.0, "1234567.0"},
                                                         {0.0, "0.0"},
                                                         {-0.0, "-0.0"},
                                                         {3.0e-5, "3.0E-5"},
                                                         {18446744073709551615.0, "1.8446744073709552E19"}};
  for (const auto& [number, text] : rows) {
    Arena arena;
    EXPECT_EQ(java_text(Value{number}, arena), text);
  }
}

TEST(JavaText, LeavesOutWhatIsEmptyAtEveryDepth) {
  EXPECT_EQ(printed(R"({"a": "", "b": {"c": null, "d": [{}, ""]}, "e": [null, 1, ""], "f": {"g": 0}})",
                    EmptyParts::drop),
            "{e=[1], f={g=0}}");
  EXPECT_EQ(printed(R"({"a": "", "b": {}})", EmptyParts::drop), "{}");
  EXPECT_EQ(printed(R"({"no": false})", EmptyParts::drop), "{no=false}");
}

TEST(JavaText, CallsAPartEmptyWhenNothingIsLeftOfIt) {
  Arena arena;
  const detail::NoRecord record;
  EXPECT_TRUE(is_empty_part(record, parse_json(R"({"instancesSet": {}, "filterSet": {}})", arena)));
  EXPECT_TRUE(is_empty_part(record, parse_json(R"([[], "", null])", arena)));
  EXPECT_FALSE(is_empty_part(record, parse_json(R"({"a": [{"b": 0}]})", arena)));
  EXPECT_FALSE(is_empty_part(record, Value{false}));
}

class Doubler final : public SlotMaker {
 public:
  Value make(const Event& event, std::uint32_t slot, Arena&) const override {
    return static_cast<std::int64_t>(event.id()) * 2 + slot;
  }
};

TEST(JavaText, ReadsSlotsFromTheirEvent) {
  Arena arena;
  const Value root = object(arena, {{"a", Value::slot(0)}, {"c", array(arena, {Value::slot(1), "x"})}});
  const auto layout = Layout::make(std::move(arena), root);
  const Doubler maker;
  Event event;
  event.assign({.id = 4}, *layout, maker);
  Arena scratch;
  EXPECT_EQ(java_text(event, event.root(), scratch), "{a=8, c=[9, x]}");
}

TEST(JavaText, GrowsWithItsText) {
  const std::string large(100'000, 'x');
  Arena arena;
  const Value value = object(arena, {{"a", std::string_view{large}}, {"b", std::string_view{large}}});
  EXPECT_EQ(java_text(value, arena), "{a=" + large + ", b=" + large + "}");
}

TEST(JavaLength, CountsUtf16Units) {
  EXPECT_EQ(detail::java_length("abc"), 3U);
  EXPECT_EQ(detail::java_length("é日"), 2U);
  EXPECT_EQ(detail::java_length("😀"), 2U);
  EXPECT_EQ(detail::java_length("\xff\xfe"), 2U);
}

TEST(JavaHash, IsThatOfJavasStrings) {
  EXPECT_EQ(detail::java_hash(""), 0U);
  EXPECT_EQ(detail::java_hash("Aa"), detail::java_hash("BB"));
  EXPECT_EQ(detail::java_hash("hello"), 99162322U);
}

}  // namespace
}  // namespace rushhour::event
