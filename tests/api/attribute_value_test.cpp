// DynamoDB's values as JSON: what is written is read again, and what is none is told from what cannot be
// read.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/detail/json_cursor.hpp>

namespace rushhour::api::dynamodb {
namespace {

std::string json_of(const AttributeValue& value) {
  std::string out;
  append_json(out, value);
  return out;
}

struct Read {
  bool ok{};
  AttributeValue value{};
  std::string mistake{};
};
Read read(std::string_view text) {
  rushhour::detail::JsonCursor json{text};
  Read out;
  out.ok = read_json(json, out.value, out.mistake) && json.finish();
  return out;
}

TEST(AttributeValue, IsReadAsItWasWritten) {
  for (const char* text :
       {R"({"S":""})", R"({"S":"é\"\n"})", R"({"N":"-1.5e3"})", R"({"B":"AAH/"})", R"({"BOOL":true})",
        R"({"BOOL":false})", R"({"NULL":true})", R"({"M":{}})", R"({"L":[]})", R"({"SS":["b","a"]})",
        R"({"NS":["1","2"]})", R"({"BS":["AQ==","Ag=="]})",
        R"({"M":{"a":{"L":[{"M":{"b":{"N":"1"}}},{"NULL":true}]},"c":{"S":"x"}}})"}) {
    const Read seen = read(text);
    ASSERT_TRUE(seen.ok) << text;
    EXPECT_EQ(json_of(seen.value), text);
  }
}

TEST(AttributeValue, WithoutATypeIsNone) {
  for (const char* text : {"{}", R"({"X":"y"})", R"({"S":null})", R"({"Q":[1,{"a":2}]})"}) {
    const Read seen = read(text);
    EXPECT_TRUE(seen.ok) << text;
    EXPECT_EQ(seen.value.type(), AttributeType::none) << text;
  }
}

TEST(AttributeValue, OfSeveralTypesOrWithNullsIsUnfit) {
  const std::vector<std::pair<const char*, const char*>> table{
      {R"({"S":"a","N":"1"})",
       "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
       "datatypes"},
      {R"({"SS":["a",null]})",
       "One or more parameter values were invalid: An string set may not have a null string as a member"},
      {R"({"NULL":false})",
       "One or more parameter values were invalid: Null attribute value types must have the value of true"}};
  for (const auto& [text, why] : table) {
    const Read seen = read(text);
    ASSERT_TRUE(seen.ok) << text;
    ASSERT_EQ(seen.value.type(), AttributeType::unfit) << text;
    EXPECT_EQ(seen.value.get<Unfit>()->why, why);
  }
}

TEST(AttributeValue, OfTheWrongKindCannotBeRead) {
  const std::vector<std::pair<const char*, const char*>> table{
      {R"({"S":5})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"N":5})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"BOOL":"true"})", "STRING_VALUE cannot be converted to Boolean"},
      {R"({"S":true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"L":{}})", "Start of structure or map found where not expected."},
      {R"({"SS":"a"})", "STRING_VALUE cannot be converted to List"},
      {R"({"M":[]})", "Start of list found where not expected"},
      {R"({"B":"%%%"})", "Invalid Base64 in a Blob"},
      {R"("a")", "STRING_VALUE cannot be converted to AttributeValue"},
      {R"({"S":"a")", ""},
      {R"({"L":[{"S":"a"},]})", ""}};
  for (const auto& [text, mistake] : table) {
    const Read seen = read(text);
    EXPECT_FALSE(seen.ok) << text;
    EXPECT_EQ(seen.mistake, mistake) << text;
  }
}

TEST(AttributeValue, HasAsManyLevelsAsTheServiceCouldRefuse) {
  const auto nested = [](int levels) {
    std::string text = R"({"S":"leaf"})";
    for (int i = 0; i < levels; ++i) text = R"({"L":[)" + text + "]}";
    return text;
  };
  EXPECT_TRUE(read(nested(attribute_depth_max - 1)).ok);
  EXPECT_FALSE(read(nested(attribute_depth_max)).ok);
  EXPECT_FALSE(read(nested(10'000)).ok);
}

TEST(CapacityUnits, AreWrittenInHalves) {
  using aws::Custom;
  for (const auto& [halves, text] :
       std::vector<std::pair<std::int64_t, std::string>>{{0, "0.0"}, {1, "0.5"}, {7, "3.5"}}) {
    std::string out;
    Custom<CapacityUnits>::append(out, {halves});
    EXPECT_EQ(out, text);
    rushhour::detail::JsonCursor json{out};
    CapacityUnits units;
    std::string mistake;
    EXPECT_TRUE(Custom<CapacityUnits>::read(json, units, mistake));
    EXPECT_EQ(units.halves, halves);
  }
}

TEST(DynamoDbShapes, RequestsAreReadAsTheyAreWritten) {
  const UpdateItem request{.table_name = "seen",
                           .key = {{"key", AttributeValue::string("k")}},
                           .update_expression = "SET #a = :v",
                           .expression_attribute_names = AttributeNames{{"#a", "a"}},
                           .expression_attribute_values = AttributeMap{{":v", AttributeValue::number(5)}}};
  constexpr aws::Members members = operation_of<UpdateItem>.input;
  std::string text;
  aws::append_json(text, members, &request);
  EXPECT_EQ(text, R"({"TableName":"seen","Key":{"key":{"S":"k"}},"UpdateExpression":"SET #a = :v",)"
                  R"("ExpressionAttributeNames":{"#a":"a"},"ExpressionAttributeValues":{":v":{"N":"5"}}})");
  UpdateItem seen;
  EXPECT_FALSE(aws::read_json(text, members, &seen).malformed);
  std::string again;
  aws::append_json(again, members, &seen);
  EXPECT_EQ(again, text);
  EXPECT_EQ(aws::violation(members, &seen), std::nullopt);
  const aws::Read wrong = aws::read_json(R"({"TableName":"t","Key":{"key":{"S":1}}})", members, &seen);
  EXPECT_EQ(wrong.malformed, "NUMBER_VALUE cannot be converted to String");
}

}  // namespace
}  // namespace rushhour::api::dynamodb
