// What Kibana's grammar refuses (new-terms.md 3.1), with the place and the words of the message.

#include <ostream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/elastic/kql.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::elastic {
namespace {

using testing::HasSubstr;

Mistake mistake_in(std::string_view text) {
  try {
    static_cast<void>(parse_kql(text));
  } catch (const InputError& error) {
    return error.mistake();
  }
  return {.expected = "no error"};
}

struct Row {
  std::string_view text;
  std::uint64_t line;
  std::uint64_t column;
  std::string_view expected;
  std::string_view seen;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }
};

class KqlErrors : public testing::TestWithParam<Row> {};

TEST_P(KqlErrors, AreMetWhereNoChoiceGoesOn) {
  const Row& row = GetParam();
  const Mistake mistake = mistake_in(row.text);
  EXPECT_EQ(mistake.line, row.line);
  EXPECT_EQ(mistake.column, row.column);
  EXPECT_EQ(mistake.expected, row.expected);
  EXPECT_EQ(mistake.seen, row.seen);
}

constexpr std::string_view behind_field = R"~(":", "<", "<=", ">", ">=", AND, OR, end of input)~";
constexpr std::string_view behind_field_in_parentheses = R"~(")", ":", "<", "<=", ">", ">=", AND, OR)~";
constexpr std::string_view behind_value = "AND, OR, end of input";
constexpr std::string_view operand = R"~("(", NOT, field name, value)~";
constexpr std::string_view nothing_or_operand = R"~("(", NOT, end of input, field name, value)~";
constexpr std::string_view negated_operand = R"~("(", field name, value)~";
constexpr std::string_view list = R"~("(", "{", value)~";

const Row rows[] = {
    // Those that the specification names.
    {"not(a:b)", 1, 4, behind_field, "\"(\""},
    {"not not x", 1, 5, negated_operand, "\"n\""},
    {"a: not b", 1, 4, list, "\"n\""},
    {"a:b and(c:d)", 1, 8, behind_value, "\"(\""},
    {"x\\-y", 1, 2, behind_field, "\"\\\""},
    {"a:(x)y", 1, 6, behind_value, "\"y\""},
    // Something is missing.
    {"a:", 1, 3, list, "end of input"},
    {"a: ", 1, 4, list, "end of input"},
    {":b", 1, 1, nothing_or_operand, "\":\""},
    {": b", 1, 1, nothing_or_operand, "\":\""},
    {"a >", 1, 4, "value", "end of input"},
    {"a >= ", 1, 6, "value", "end of input"},
    {"a > (1)", 1, 5, "value", "\"(\""},
    {"a > not 1", 1, 5, "value", "\"n\""},
    {"a and ", 1, 7, operand, "end of input"},
    {"a:b or ", 1, 8, operand, "end of input"},
    {"a and not ", 1, 11, negated_operand, "end of input"},
    {"not ", 1, 5, negated_operand, "end of input"},
    {"(a:b or )", 1, 9, operand, "\")\""},
    {"a:(b or )", 1, 9, R"~("(", NOT, value)~", "\")\""},
    {"a:(b or c or )", 1, 14, R"~("(", NOT, value)~", "\")\""},
    {"a:()", 1, 4, R"~("(", NOT, value)~", "\")\""},
    {"()", 1, 2, operand, "\")\""},
    {"n:{}", 1, 4, operand, "\"}\""},
    // Something is left open.
    {"(a", 1, 3, behind_field_in_parentheses, "end of input"},
    {"(a:b", 1, 5, R"~(")", AND, OR)~", "end of input"},
    {"a:(b", 1, 5, R"~(")", AND, OR)~", "end of input"},
    {"a:(b and (c)", 1, 13, R"~(")", AND, OR)~", "end of input"},
    {"n:{a:b", 1, 7, R"~("}", AND, OR)~", "end of input"},
    {"n:{a:b)", 1, 7, R"~("}", AND, OR)~", "\")\""},
    {"a: \"b", 1, 4, "a quote that closes the one here", "end of input"},
    {"a: \"b\\\"", 1, 4, "a quote that closes the one here", "end of input"},
    {"\"", 1, 1, "a quote that closes the one here", "end of input"},
    {"a:(\"b or c)\nand d", 1, 4, "a quote that closes the one here", "end of input"},
    // Something is too much.
    {")", 1, 1, nothing_or_operand, "\")\""},
    {"a)", 1, 2, behind_field, "\")\""},
    {"a:b)", 1, 4, behind_value, "\")\""},
    {"a:b }", 1, 5, behind_value, "\"}\""},
    {"a:b:c", 1, 4, behind_value, "\":\""},
    {"a:arn:aws:iam", 1, 6, behind_value, "\":\""},
    {"a:b > 5", 1, 5, behind_value, "\">\""},
    {"a > 1 < 5", 1, 7, behind_value, "\"<\""},
    {"a: \"b\" \"c\"", 1, 8, behind_value, "\"\"\""},
    {"a: \"b\" c", 1, 8, behind_value, "\"c\""},
    {"a: \"b\"c", 1, 7, behind_value, "\"c\""},
    {"a: b \"c\"", 1, 6, behind_value, "\"\"\""},
    {"\"a\" b", 1, 5, behind_field, "\"b\""},
    {"(a) b", 1, 5, behind_value, "\"b\""},
    {"(a)(b)", 1, 4, behind_value, "\"(\""},
    {"(a)and (b)", 1, 4, behind_value, "\"a\""},
    {"a:(b (c))", 1, 6, R"~(")", AND, OR)~", "\"(\""},
    {"a:(b:c)", 1, 5, R"~(")", AND, OR)~", "\":\""},
    {"a:(b > 1)", 1, 6, R"~(")", AND, OR)~", "\">\""},
    {"n:{a:b} c", 1, 9, behind_value, "\"c\""},
    {"a:{b:c", 1, 7, R"~("}", AND, OR)~", "end of input"},
    {"a > {b}", 1, 5, "value", "\"{\""},
    {"(a:b):c", 1, 6, behind_value, "\":\""},
    // Words.
    {"cannot do", 1, 4, behind_field, "\"n\""},
    {"a:cannot do", 1, 6, behind_value, "\"n\""},
    {"a:b not c", 1, 5, behind_value, "\"n\""},
    {"a:b NOT c:d", 1, 5, behind_value, "\"N\""},
    {"a or not(b)", 1, 9, behind_field, "\"(\""},
    {"(a)or(b)", 1, 4, behind_value, "\"o\""},
    {"a and and(b)", 1, 10, behind_field, "\"(\""},
    // Escapes.
    {"\\", 1, 1, nothing_or_operand, "\"\\\""},
    {"a:\\", 1, 3, list, "\"\\\""},
    {"a:b\\", 1, 4, behind_value, "\"\\\""},
    {"a:C:\\Windows", 1, 4, behind_value, "\":\""},
    {"a:b\\c", 1, 4, behind_value, "\"\\\""},
    {"a:b\\u12", 1, 4, behind_value, "\"\\\""},
    {"a:b\\u12g4", 1, 4, behind_value, "\"\\\""},
    {"a:b\\*\\?", 1, 6, behind_value, "\"\\\""},
    {"a:*{secretId=x*", 1, 4, behind_value, "\"{\""},
    // Places.
    {"a:b\n\n  c:d", 3, 4, behind_value, "\":\""},
    {"a:b and\n(c:d or\n e:f))", 3, 6, behind_value, "\")\""},
    {"a:\u00e9 )", 1, 6, behind_value, "\")\""},
    {"\"a\" \u00e9", 1, 5, behind_field, "\"\u00e9\""},
};
INSTANTIATE_TEST_SUITE_P(Rows, KqlErrors, testing::ValuesIn(rows));

TEST(KqlErrors, SayWhatToDo) {
  EXPECT_THAT(mistake_in("not(a:b)").advice, HasSubstr("a space between not and ("));
  EXPECT_THAT(mistake_in("a:b AND(c:d)").advice, HasSubstr("a space between and and ("));
  EXPECT_THAT(mistake_in("a: not b").advice, HasSubstr("field:(not value)"));
  EXPECT_THAT(mistake_in("not not x").advice, HasSubstr("not (not ...)"));
  EXPECT_THAT(mistake_in("a:cannot do").advice, HasSubstr("in quotes"));
  EXPECT_THAT(mistake_in("a:arn:aws").advice, HasSubstr("in quotes"));
  EXPECT_THAT(mistake_in("a:b\\c").advice, HasSubstr("a backslash stands only before"));
  EXPECT_THAT(mistake_in("a:\"b").advice, HasSubstr("close it"));
}

TEST(KqlErrors, NameTheDeepestParenthesisAllowed) {
  const auto query = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "a:b" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_NO_THROW(static_cast<void>(parse_kql(query(64))));
  const Mistake mistake = mistake_in(query(65));
  EXPECT_THAT(mistake.expected, HasSubstr("at most 64"));
  EXPECT_EQ(mistake.column, 65U);
}

TEST(KqlErrors, AreFoundInLinearTimeInDeepNests) {
  std::string braces;
  for (int i = 0; i < 60; ++i) braces += "n:{ (a and not (";
  EXPECT_THAT(mistake_in(braces).expected, HasSubstr("at most 64"));
  std::string broken;
  for (int i = 0; i < 20; ++i) broken += "n:{ (a and a:(b or (";
  EXPECT_NE(mistake_in(broken).line, 0U);
}

TEST(KqlTree, KnowsWhereItsValuesStand) {
  const KqlNode tree = parse_kql("a: b and\n  c: (d or \"e\") or n:{ f > 1 }");
  const KqlNode& both = tree.children[0];
  EXPECT_EQ(both.children[0].column, 4U);
  EXPECT_EQ(both.children[1].children[0].line, 2U);
  EXPECT_EQ(both.children[1].children[0].column, 7U);
  EXPECT_EQ(both.children[1].children[1].column, 12U);
  EXPECT_EQ(tree.children[1].column, 20U);
  EXPECT_EQ(tree.children[1].children[0].column, 28U);
}

}  // namespace
}  // namespace rushhour::elastic
