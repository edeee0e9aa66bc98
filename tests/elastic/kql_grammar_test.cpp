// The grammar of new-terms.md 3.1, row by row: what a query parses to (kql_shown.hpp), and that it prints to
// text which parses to the same.

#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <rushhour/elastic/kql.hpp>

#include "kql_shown.hpp"

namespace rushhour::elastic {
namespace {

struct Row {
  std::string_view text;
  std::string_view tree;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }
};

class KqlGrammar : public testing::TestWithParam<Row> {};

TEST_P(KqlGrammar, ReadsTheTree) { EXPECT_EQ(shown(parse_kql(GetParam().text)), GetParam().tree); }

TEST_P(KqlGrammar, PrintsTextThatReadsAsTheSameTree) {
  const KqlNode tree = parse_kql(GetParam().text);
  const std::string printed = to_text(tree);
  EXPECT_EQ(parse_kql(printed), tree) << printed;
  EXPECT_EQ(to_text(parse_kql(printed)), printed);
}

const Row whole_queries[] = {
    {"", "everything"},
    {" ", "everything"},
    {" \t\r\n\u00a0 ", "everything"},
    {"a", "[a]"},
    {"  a  ", "[a]"},
    {"\"a\"", "[\"a\"]"},
    {"*", "[~]"},
    {"*:*", "[~ : ~]"},
    {"a:b", "[a : b]"},
    {"a: b", "[a : b]"},
    {"a :b", "[a : b]"},
    {" a : b ", "[a : b]"},
    {"a\n:\n\tb\r\n", "[a : b]"},
    {"a\u00a0:\u00a0b", "[a : b]"},
    {"a.b_c-d@e:x", "[a.b_c-d@e : x]"},
    {"@timestamp:x", "[@timestamp : x]"},
    {"\"a b\":c", "[\"a b\" : c]"},
    {"\"a:b\" : \"c:d\"", "[\"a:b\" : \"c:d\"]"},
    {"a b:c", "[a b : c]"},
    {"a*:b", "[a~ : b]"},
    {"*.b : c", "[~.b : c]"},
    {"\"a*\":b", "[\"a*\" : b]"},
    {"a\\*:b", "[a* : b]"},
    {"a\\:b:c", "[a:b : c]"},
    {"true:false", "[<true> : <false>]"},
};
INSTANTIATE_TEST_SUITE_P(Comparisons, KqlGrammar, testing::ValuesIn(whole_queries));

const Row ranges[] = {
    {"a>1", "[a > 1]"},
    {"a>=1", "[a >= 1]"},
    {"a<1", "[a < 1]"},
    {"a<=1", "[a <= 1]"},
    {"a > 1", "[a > 1]"},
    {"a\n>=\n1", "[a >= 1]"},
    {"a >= \"2024-01-02T00:00:00Z\"", "[a >= \"2024-01-02T00:00:00Z\"]"},
    {"a < now-1d/d", "[a < now-1d/d]"},
    {"a >= 2024-01-02||/M", "[a >= 2024-01-02||/M]"},
    {"a >=  foo bar", "[a >= foo bar]"},
    {"a > b*", "[a > b~]"},
    {"a > null", "[a > <null>]"},
    {"a > = 1", "[a > = 1]"},  // no operator: a value that begins with =
    {"a >== 1", "[a >= = 1]"},
    {"a = 1", "[a = 1]"},  // KQL has no =: one literal with spaces
    {"a != b", "[a != b]"},
    {"a == b", "[a == b]"},
    {"a > 1 and a < 5", "(and [a > 1] [a < 5])"},
    {"a* > 1", "[a~ > 1]"},
    {"not a > 1", "(not [a > 1])"},
};
INSTANTIATE_TEST_SUITE_P(Ranges, KqlGrammar, testing::ValuesIn(ranges));

const Row logic[] = {
    {"a:b and c:d", "(and [a : b] [c : d])"},
    {"a:b or c:d", "(or [a : b] [c : d])"},
    {"a:b AND c:d", "(and [a : b] [c : d])"},
    {"a:b And c:d", "(and [a : b] [c : d])"},
    {"a:b aND c:d", "(and [a : b] [c : d])"},
    {"a:b Or c:d", "(or [a : b] [c : d])"},
    {"a:b OR c:d", "(or [a : b] [c : d])"},
    {"NOT a:b", "(not [a : b])"},
    {"Not a:b", "(not [a : b])"},
    {"nOt a:b", "(not [a : b])"},
    {"not\ta:b", "(not [a : b])"},
    {"not\u00a0a:b", "(not [a : b])"},
    {"not \n a:b", "(not [a : b])"},
    {"a:b\nand\nc:d", "(and [a : b] [c : d])"},
    {"a:b \t or \r\n c:d", "(or [a : b] [c : d])"},
    {"a:b\u00a0or\u00a0c:d", "(or [a : b] [c : d])"},
    {"a and b and c", "(and [a] [b] [c])"},
    {"a or b or c", "(or [a] [b] [c])"},
    {"a and b or c", "(or (and [a] [b]) [c])"},
    {"a or b and c", "(or [a] (and [b] [c]))"},
    {"a or b and c or d", "(or [a] (and [b] [c]) [d])"},
    {"a and b or c and d", "(or (and [a] [b]) (and [c] [d]))"},
    {"(a or b) and c", "(and (or [a] [b]) [c])"},
    {"a and (b or c)", "(and [a] (or [b] [c]))"},
    {"(a)", "[a]"},
    {"((a))", "[a]"},
    {"( a )", "[a]"},
    {"(\n\"a\"\n)", "[\"a\"]"},
    {"(a:b)", "[a : b]"},
    {"( \"a\" : \"b\" )", "[\"a\" : \"b\"]"},
    {"a or (b or c)", "(or [a] (or [b] [c]))"},
    {"(a or b) or c", "(or (or [a] [b]) [c])"},
    {"(a and b) and c", "(and (and [a] [b]) [c])"},
    {"not a and b", "(and (not [a]) [b])"},
    {"not a or not b", "(or (not [a]) (not [b]))"},
    {"a and not b", "(and [a] (not [b]))"},
    {"not (a and b)", "(not (and [a] [b]))"},
    {"not (not a)", "(not (not [a]))"},
    {"not (not (not a:b))", "(not (not (not [a : b])))"},
    {"(not a)", "(not [a])"},
    {"(a) and (b)", "(and [a] [b])"},
    {"not \"a\"", "(not [\"a\"])"},
    {"\"a\" or \"b\"", "(or [\"a\"] [\"b\"])"},
    {"\"a\":\"b\" and \"c\"", "(and [\"a\" : \"b\"] [\"c\"])"},
};
INSTANTIATE_TEST_SUITE_P(Logic, KqlGrammar, testing::ValuesIn(logic));

const Row unquoted[] = {
    {"a: foo bar", "[a : foo bar]"},
    {"foo bar", "[foo bar]"},
    {"a: foo   bar  ", "[a : foo   bar]"},
    {"a: foo\nbar", "[a : foo\nbar]"},
    {"a:b or", "[a : b or]"},
    {"a:b and", "[a : b and]"},
    {"a:b not", "[a : b not]"},
    {"or", "[or]"},
    {"and", "[and]"},
    {"not", "[not]"},
    {"a and not", "(and [a] [not])"},
    {"a or or b", "(or [a] [or b])"},
    {"a or and b", "(or [a] [and b])"},
    {"or b", "[or b]"},
    {"and b", "[and b]"},
    {"a: b or c", "(or [a : b] [c])"},
    {"a:nothing", "[a : nothing]"},
    {"notes:x", "[notes : x]"},
    {"a:order", "[a : order]"},
    {"a:b order c", "[a : b order c]"},
    {"a:b andes", "[a : b andes]"},
    {"order:android", "[order : android]"},
    {"oracle and android", "(and [oracle] [android])"},
    {"nota:b", "[nota : b]"},
    {"a:orand", "[a : orand]"},
    {"a: null", "[a : <null>]"},
    {"a: true", "[a : <true>]"},
    {"a: false", "[a : <false>]"},
    {"null", "[<null>]"},
    {"true", "[<true>]"},
    {"a: Null", "[a : Null]"},
    {"a: TRUE", "[a : TRUE]"},
    {"a: True", "[a : True]"},
    {"a: nulls", "[a : nulls]"},
    {"a: true false", "[a : true false]"},
    {"a: \"null\"", "[a : \"null\"]"},
    {"a: \"true\"", "[a : \"true\"]"},
    {"a: \\u0074rue", "[a : <true>]"},
    {"a: 5", "[a : 5]"},
    {"a: -5.5e3", "[a : -5.5e3]"},
    {"a: 10.0.0.0/8", "[a : 10.0.0.0/8]"},
    {"a: user@example.com", "[a : user@example.com]"},
    {"a: [b]", "[a : [b]]"},
    {"a: b?c", "[a : b?c]"},
    {"a: x=y;z,w!#$%&'+-./^_`|~", "[a : x=y;z,w!#$%&'+-./^_`|~]"},
    {"a: \u00e9t\u00e9 \u65e5\u672c", "[a : \u00e9t\u00e9 \u65e5\u672c]"},
    {"a: b\u00a0c\u00a0", "[a : b\u00a0c]"},
    {"a: \u2003b\u3000", "[a : b]"},  // trimmed as JavaScript does
    {"a: b\ufeff\u2029\u2028\u205f", "[a : b]"},
};
INSTANTIATE_TEST_SUITE_P(Unquoted, KqlGrammar, testing::ValuesIn(unquoted));

const Row wildcards[] = {
    {"a:*", "[a : ~]"},
    {"a: * ", "[a : ~]"},
    {"a:**", "[a : ~~]"},
    {"a:b*", "[a : b~]"},
    {"a:*b", "[a : ~b]"},
    {"a:*b*", "[a : ~b~]"},
    {"a:b*c", "[a : b~c]"},
    {"a:b**c", "[a : b~~c]"},
    {"a: b c* d", "[a : b c~ d]"},
    {"a: * b", "[a : ~ b]"},
    {"a: b *", "[a : b ~]"},
    {"a:\\*", "[a : *]"},
    {"a:b\\*c", "[a : b*c]"},
    {"a:b\\*c*", "[a : b*c~]"},
    {"a:\"*\"", "[a : \"*\"]"},
    {"a:\"b*c\"", "[a : \"b*c\"]"},
    {"a:\\u002a", "[a : *]"},
    {"a:null*", "[a : null~]"},
    {"a:*true", "[a : ~true]"},
    {"a*b", "[a~b]"},
    {"*a: b*", "[~a : b~]"},
    {"a.*:*", "[a.~ : ~]"},
    {"a:(b* or *c)", "(or [a : b~] [a : ~c])"},
    {"a:*\\{secretId=x*\\}", "[a : ~{secretId=x~}]"},
};
INSTANTIATE_TEST_SUITE_P(Wildcards, KqlGrammar, testing::ValuesIn(wildcards));

const Row escapes[] = {
    {"a:\\\\", "[a : \\]"},
    {"a:\\(\\)", "[a : ()]"},
    {"a:\\:\\<\\>\\\"", "[a : :<>\"]"},
    {"a:\\{\\}", "[a : {}]"},
    {"a:b\\tc", "[a : b\tc]"},
    {"a:b\\rc\\nd", "[a : b\rc\nd]"},
    {"a:\\tb\\n", "[a : b]"},  // trimmed, however it was written
    {"a:\\t", "[a : ]"},
    {"a:\\u0041", "[a : A]"},
    {"a:\\u00e9", "[a : \u00e9]"},
    {"a:\\u20AC", "[a : \u20ac]"},
    {"a:\\ud83d\\ude00", "[a : \U0001F600]"},
    {"a:\\ud83dx", "[a : \ufffdx]"},
    {"a:\\ude00", "[a : \ufffd]"},
    {"a:\\ud83d\\ud83d\\ude00", "[a : \ufffd\U0001F600]"},
    {"a:\\u0028b\\u0029", "[a : (b)]"},
    {"a:b\\u0020", "[a : b]"},
    {"a:\\u00411", "[a : A1]"},
    {"a: b \\or c", "[a : b or c]"},
    {"a: b \\and c", "[a : b and c]"},
    {"a: b \\AND c", "[a : b AND c]"},
    {"a: b \\Or c", "[a : b Or c]"},
    {"\\or", "[or]"},
    {"\\NOT a", "[NOT a]"},
    {"a: \\Not b", "[a : Not b]"},
    {"a: \\not b", "[a : ot b]"},  // \n comes first, and is trimmed
    {"a: x\\not b", "[a : x\not b]"},
    {"a: x\\u006eot b", "[a : xnot b]"},
    {"a: b \\or or c", "(or [a : b or] [c])"},
    {"a: x\\nand y", "[a : x\nand y]"},  // an escaped space makes no keyword
    {"a: \"b\\\"c\"", "[a : \"b\"c\"]"},
    {"a: \"b\\\\\"", "[a : \"b\\\"]"},
    {"a: \"b\\tc\"", "[a : \"b\tc\"]"},
    {"a: \"b\\n\\r\"", "[a : \"b\n\r\"]"},
    {"a: \"\\u0041\\u20ac\"", "[a : \"A\u20ac\"]"},
    {"a: \"\\ud83d\\ude00\"", "[a : \"\U0001F600\"]"},
    {"a: \"\\x\\*\\(\"", "[a : \"\\x\\*\\(\"]"},  // other backslashes are themselves
    {"a: \"\\u00g0\"", "[a : \"\\u00g0\"]"},
    {"a: \"C:\\\\Windows\\\\System32\"", "[a : \"C:\\Windows\\System32\"]"},
    {"a: \"\"", "[a : \"\"]"},
    {"a: \"  b  \"", "[a : \"  b  \"]"},
    {"a: \"b\nc\"", "[a : \"b\nc\"]"},
    {"a: \"or and not\"", "[a : \"or and not\"]"},
    {"a: \"(){}:<>*\"", "[a : \"(){}:<>*\"]"},
};
INSTANTIATE_TEST_SUITE_P(Escapes, KqlGrammar, testing::ValuesIn(escapes));

const Row lists[] = {
    {"a:(b)", "[a : b]"},
    {"a: ( b )", "[a : b]"},
    {"a:(b or c)", "(or [a : b] [a : c])"},
    {"a:(\"b\" or \"c\")", "(or [a : \"b\"] [a : \"c\"])"},
    {"a:( \"b\"\n  or \"c\"\n)", "(or [a : \"b\"] [a : \"c\"])"},
    {"a:(b and c)", "(and [a : b] [a : c])"},
    {"a:(b or c and d)", "(or [a : b] (and [a : c] [a : d]))"},
    {"a:((b or c) and d)", "(and (or [a : b] [a : c]) [a : d])"},
    {"a:(not b)", "(not [a : b])"},
    {"a:(not b and not c)", "(and (not [a : b]) (not [a : c]))"},
    {"a:(b or not (c and d))", "(or [a : b] (not (and [a : c] [a : d])))"},
    {"a:(not (not b))", "(not (not [a : b]))"},
    {"a:((b))", "[a : b]"},
    {"a:(foo bar or baz)", "(or [a : foo bar] [a : baz])"},
    {"a:(b OR c)", "(or [a : b] [a : c])"},
    {"a:(b or)", "[a : b or]"},
    {"a:(null or true)", "(or [a : <null>] [a : <true>])"},
    {"a*:(b or c*)", "(or [a~ : b] [a~ : c~])"},
    {"not a:(b or c)", "(not (or [a : b] [a : c]))"},
    {"a:(b or c) and d:(e or f)", "(and (or [a : b] [a : c]) (or [d : e] [d : f]))"},
    {"a:(10.0.0.0/8 or \"::1\")", "(or [a : 10.0.0.0/8] [a : \"::1\"])"},
};
INSTANTIATE_TEST_SUITE_P(Lists, KqlGrammar, testing::ValuesIn(lists));

const Row nested[] = {
    {"n:{a:b}", "(in n [a : b])"},
    {"n: { a : b }", "(in n [a : b])"},
    {"n :{\na:b\n}", "(in n [a : b])"},
    {"n:{a:b and c:d}", "(in n (and [a : b] [c : d]))"},
    {"n:{a:b or not c > 1}", "(in n (or [a : b] (not [c > 1])))"},
    {"n:{m:{a:b}}", "(in n (in m [a : b]))"},
    {"n:{a:b and m:{c:d}}", "(in n (and [a : b] (in m [c : d])))"},
    {"n:{a:(b or c)}", "(in n (or [a : b] [a : c]))"},
    {"n:{(a:b)}", "(in n [a : b])"},
    {"n:{a}", "(in n [a])"},
    {"n:{*:b}", "(in n [~ : b])"},
    {"n.m:{a:b}", "(in n.m [a : b])"},
    {"\"n\":{a:b}", "(in \"n\" [a : b])"},
    {"not n:{a:b}", "(not (in n [a : b]))"},
    {"n:{a:b} and c:d", "(and (in n [a : b]) [c : d])"},
    {"n:{\"a\":\"b\"} or n:{c:d}", "(or (in n [\"a\" : \"b\"]) (in n [c : d]))"},
};
INSTANTIATE_TEST_SUITE_P(Nested, KqlGrammar, testing::ValuesIn(nested));

}  // namespace
}  // namespace rushhour::elastic
