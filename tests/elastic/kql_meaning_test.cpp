// What queries mean (new-terms.md 3.2 and 3.3), row by row: query, document, answer. Types of fields follow
// from their names (kql_types.hpp).

#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/json.hpp>

#include "kql_types.hpp"

namespace rushhour::elastic {
namespace {

struct Row {
  std::string_view query;
  std::string_view document;
  bool matches;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.query << "  on  " << row.document; }
};

class KqlMeaning : public testing::TestWithParam<Row> {};

TEST_P(KqlMeaning, IsElasticsearchs) {
  const Documents documents{type_by_name};
  const Query query{GetParam().query, documents};
  const event::Event event = event::from_json(GetParam().document);
  EXPECT_EQ(query(event), GetParam().matches);
  EXPECT_EQ(query(event), GetParam().matches) << "when asked again";
}

const Row everything[] = {
    {"", "{}", true},
    {"*:*", "{}", true},
    {"*:*", R"({"k": 1})", true},
    {"*", R"({"k": "x"})", true},
    {"not *:*", R"({"k": 1})", false},
};
INSTANTIATE_TEST_SUITE_P(Everything, KqlMeaning, testing::ValuesIn(everything));

const Row existence[] = {
    {"k:*", R"({"k": "x"})", true},
    {"k:*", R"({"k": ""})", true},
    {"k:*", R"({"k": 0})", true},
    {"k:*", R"({"k": false})", true},
    {"k:*", R"({"k": null})", false},
    {"k:*", R"({"k": []})", false},
    {"k:*", R"({"k": [null]})", false},
    {"k:*", R"({"k": [[], [null]]})", false},
    {"k:*", R"({"k": [null, "x"]})", true},
    {"k:*", R"({"k": [[["x"]]]})", true},
    {"k:*", R"({"k": {}})", false},
    {"k:*", "{}", false},
    {"not k:*", "{}", true},
    {"not k:*", R"({"k": null})", true},
    {"i:*", R"({"i": 5})", true},
    {"b:*", R"({"b": false})", true},
    {"ip:*", R"({"ip": "10.0.0.1"})", true},
    {"d:*", R"({"d": "2024-01-01"})", true},
    {"t:*", R"({"t": ""})", true},
    {"k:**", R"({"k": ""})", true},
    {"k:**", R"({"k": "x"})", true},
    {"k:**", "{}", false},
    {"n:*", R"({"n": [{"k": 1}]})", true},
    {"flat:*", R"({"flat": {"a": {"b": 1}}})", true},
    {"k:\"*\"", R"({"k": "x"})", false},
    {"k:\"*\"", R"({"k": "*"})", true},
    {"k:\\*", R"({"k": "x"})", false},
    {"k:\\*", R"({"k": "*"})", true},
};
INSTANTIATE_TEST_SUITE_P(Existence, KqlMeaning, testing::ValuesIn(existence));

const Row keywords[] = {
    {"k:GetSecretValue", R"({"k": "GetSecretValue"})", true},
    {"k:getsecretvalue", R"({"k": "GetSecretValue"})", false},
    {"k:GetSecret", R"({"k": "GetSecretValue"})", false},
    {"k: foo bar", R"({"k": "foo bar"})", true},
    {"k: foo bar", R"({"k": "foo"})", false},
    {"k: \"foo bar\"", R"({"k": "foo bar"})", true},
    {"k: foo", R"({"k": "foo bar"})", false},
    {"k:\"\"", R"({"k": ""})", true},
    {"k:\"\"", "{}", false},
    {"k:b", R"({"k": ["a", "b"]})", true},
    {"k:c", R"({"k": ["a", "b"]})", false},
    {"k:b", R"({"k": ["a", ["c", "b"]]})", true},
    {"k:(a and b)", R"({"k": ["a", "b"]})", true},
    {"k:(a and c)", R"({"k": ["a", "b"]})", false},
    {"k:(a or c)", R"({"k": ["c", "b"]})", true},
    {"k:(not a)", R"({"k": ["a", "b"]})", false},
    {"k:(not c)", R"({"k": ["a", "b"]})", true},
    {"k:a", R"({"K": "a"})", false},
    {"k.x:a", R"({"k": {"x": "a"}})", true},
    {"k.x:a", R"({"k.x": "a"})", true},
    {"k.x:a", R"({"k": [{"x": "b"}, {"x": "a"}]})", true},
    {"k:true", R"({"k": "true"})", true},
    {"k:true", R"({"k": true})", true},
    {"k:false", R"({"k": true})", false},
    {"k:\"true\"", R"({"k": true})", true},
    {"k:5", R"({"k": "5"})", true},
    {"k:5", R"({"k": 5})", true},
    {"k:5", R"({"k": 5.0})", true},
    {"k:5.0", R"({"k": 5})", true},
    {"k:5.0", R"({"k": "5"})", false},
    {"k:x", R"({"k": 5})", false},
    {"k:\u00e9", R"({"k": "\u00e9"})", true},
    {"k:\u00c9", R"({"k": "\u00e9"})", false},
    {"k:\\u00e9", R"({"k": "\u00e9"})", true},
    {"k:\"a\\tb\"", R"({"k": "a\tb"})", true},
    {"k:a", R"({"k": {"a": 1}})", false},
    {"k:nothing", R"({"k": "nothing"})", true},
    {"notes:x", R"({"notes": "x"})", true},
};
INSTANTIATE_TEST_SUITE_P(Keywords, KqlMeaning, testing::ValuesIn(keywords));

const Row wildcards[] = {
    {"k:Get*", R"({"k": "GetSecretValue"})", true},
    {"k:get*", R"({"k": "GetSecretValue"})", false},
    {"k:*Value", R"({"k": "GetSecretValue"})", true},
    {"k:*Secret*", R"({"k": "GetSecretValue"})", true},
    {"k:*secret*", R"({"k": "GetSecretValue"})", false},
    {"k:G*S*V*e", R"({"k": "GetSecretValue"})", true},
    {"k:G*V*S*e", R"({"k": "GetSecretValue"})", false},
    {"k:Get*Get*", R"({"k": "GetSecretValue"})", false},
    {"k:a*a", R"({"k": "a"})", false},
    {"k:a*a", R"({"k": "aa"})", true},
    {"k:ab*bc", R"({"k": "abc"})", false},
    {"k:a**b", R"({"k": "ab"})", true},
    {"k:a*b*b", R"({"k": "ab"})", false},
    {"k:a*b*b", R"({"k": "abb"})", true},
    {"k:a*bc*bd", R"({"k": "a bc b bd"})", true},
    {"k:a?c", R"({"k": "abc"})", false},
    {"k:a?c", R"({"k": "a?c"})", true},
    {"k:a?*", R"({"k": "abc"})", false},
    {"k:a?*", R"({"k": "a?bc"})", true},
    {"k:a\\*b*", R"({"k": "a*bc"})", true},
    {"k:a\\*b*", R"({"k": "axbc"})", false},
    {"k:foo b*", R"({"k": "foo bar"})", true},
    {"k:foo b*", R"({"k": "foo"})", false},
    {"k:* b*", R"({"k": "foo bar"})", true},
    {"k:b*", R"({"k": ["a", "bc"]})", true},
    {"k:b*", R"({"k": ["a", "c"]})", false},
    {"k:b*", R"({"k": null})", false},
    {"k:a*\\{b=*", R"({"k": "a {b=c}"})", true},
    {"k:\"a*\"", R"({"k": "abc"})", false},
    {"k:1*", R"({"k": 123})", true},
    {"k:t*", R"({"k": true})", true},
    {"k:a*b", R"({"k": "a\nb"})", true},
    {"t:qui*", R"({"t": "The Quick fox"})", true},
    {"t:QUI*", R"({"t": "The quick fox"})", true},
    {"t:*ick", R"({"t": "The Quick fox"})", true},
    {"t:the*fox", R"({"t": "The Quick fox"})", false},
    {"t:xyz f*", R"({"t": "The Quick fox"})", true},
    {"t:quick z*", R"({"t": "The Quick fox"})", true},
    {"t:slow z*", R"({"t": "The Quick fox"})", false},
    {"flat.a:Ge*", R"({"flat": {"a": "Get"}})", true},
};
INSTANTIATE_TEST_SUITE_P(Wildcards, KqlMeaning, testing::ValuesIn(wildcards));

const Row texts[] = {
    {"t:quick", R"({"t": "The Quick fox"})", true},
    {"t:QUICK", R"({"t": "The Quick fox"})", true},
    {"t:slow quick", R"({"t": "The Quick fox"})", true},
    {"t:slow", R"({"t": "The Quick fox"})", false},
    {"t:quic", R"({"t": "The Quick fox"})", false},
    {"t:\"quick fox\"", R"({"t": "The Quick fox"})", true},
    {"t:\"Quick-Fox\"", R"({"t": "The quick fox"})", true},
    {"t:\"the fox\"", R"({"t": "The Quick fox"})", false},
    {"t:\"fox quick\"", R"({"t": "The Quick fox"})", false},
    {"t:\"b c\"", R"({"t": "a b b c"})", true},
    {"t:\"b c\"", R"({"t": ["a b", "c"]})", false},
    {"t:c", R"({"t": ["a b", "c"]})", true},
    {"t:\"\"", R"({"t": "a"})", false},
    {"t:!!!", R"({"t": "!!!"})", false},
    {"t:don't", R"({"t": "I don't"})", true},
    {"t:don", R"({"t": "I don't"})", false},
    {"t:1.5", R"({"t": "costs 1.5 or 1,000"})", true},
    {"t:1,000", R"({"t": "costs 1.5 or 1,000"})", true},
    {"t:000", R"({"t": "costs 1.5 or 1,000"})", false},
    {"t:foo_bar", R"({"t": "a foo_bar"})", true},
    {"t:foo", R"({"t": "a foo_bar"})", false},
    {"t:foo", R"({"t": "a foo-bar"})", true},
    {"t:end", R"({"t": "the end."})", true},
    {"t:\u00c9T\u00c9", R"({"t": "un \u00e9t\u00e9"})", true},
    {"t:\u0441\u043b\u043e\u0432\u043e", R"({"t": "\u0421\u041b\u041e\u0412\u041e"})", true},
    {"t:\u672c", R"({"t": "\u65e5\u672c"})", true},
    {"t:true", R"({"t": "is true"})", true},
    {"t:5", R"({"t": 5})", true},
    {"t > m", R"({"t": "a z"})", true},
    {"t > m", R"({"t": "a b"})", false},
};
INSTANTIATE_TEST_SUITE_P(Texts, KqlMeaning, testing::ValuesIn(texts));

const Row numbers[] = {
    {"i:5", R"({"i": 5})", true},
    {"i:\"5\"", R"({"i": 5})", true},
    {"i:5", R"({"i": "5"})", true},
    {"i:5", R"({"i": 5.9})", true},
    {"i:5.0", R"({"i": 5})", true},
    {"i:5.5", R"({"i": 5})", false},
    {"i:+5", R"({"i": 5})", true},
    {"i:5e0", R"({"i": 5})", true},
    {"i:-5", R"({"i": -5})", true},
    {"i:5", R"({"i": [1, 5]})", true},
    {"i:5", R"({"i": "x"})", false},
    {"i:5", R"({"i": true})", false},
    {"i:9007199254740993", R"({"i": 9007199254740993})", true},
    {"i:9007199254740993", R"({"i": 9007199254740992})", false},
    {"i > 5", R"({"i": 6})", true},
    {"i > 5", R"({"i": 5})", false},
    {"i >= 5", R"({"i": 5})", true},
    {"i < 5", R"({"i": 4})", true},
    {"i < 5", R"({"i": 5})", false},
    {"i <= 5", R"({"i": 5})", true},
    {"i > 5.5", R"({"i": 6})", true},
    {"i < 5.5", R"({"i": 5})", true},
    {"i > 10", R"({"i": 9})", false},
    {"i > 5", "{}", false},
    {"not i > 5", "{}", true},
    {"i > 5 and i < 3", R"({"i": [1, 9]})", true},
    {"i > 5 and i < 3", R"({"i": 4})", false},
    {"i > 5 and i < 3", R"({"i": 9})", false},
    {"i > 9223372036854775806", R"({"i": 9223372036854775807})", true},
    {"i < 1e300", R"({"i": 9223372036854775807})", true},
    {"r:0.5", R"({"r": 0.5})", true},
    {"r:.5", R"({"r": 0.5})", true},
    {"r:1", R"({"r": 1.0})", true},
    {"r:1", R"({"r": 1.5})", false},
    {"r > 0.25", R"({"r": 0.5})", true},
    {"r > 0.25", R"({"r": "0.5"})", true},
    {"r >= 9007199254740993", R"({"r": 9007199254740992.0})", false},
    {"k > 5", R"({"k": 10})", true},
    {"k > 5", R"({"k": "10"})", false},
    {"k > x", R"({"k": 10})", false},
};
INSTANTIATE_TEST_SUITE_P(Numbers, KqlMeaning, testing::ValuesIn(numbers));

const Row others[] = {
    {"b:true", R"({"b": true})", true},
    {"b:true", R"({"b": false})", false},
    {"b:\"true\"", R"({"b": true})", true},
    {"b:true", R"({"b": "true"})", true},
    {"b:true", R"({"b": [false, true]})", true},
    {"b:false", "{}", false},
    {"b > false", R"({"b": true})", true},
    {"b >= true", R"({"b": false})", false},
    {"k > b", R"({"k": "c"})", true},
    {"k > b", R"({"k": "b"})", false},
    {"k >= b", R"({"k": "b"})", true},
    {"k < b", R"({"k": "B"})", true},
    {"k < b", R"({"k": "\u00e9"})", false},
    {"k > b and k < a", R"({"k": ["A", "z"]})", true},
    {"k > b*", R"({"k": "b+"})", true},
    {"ip:10.0.0.1", R"({"ip": "10.0.0.1"})", true},
    {"ip:\"10.0.0.1\"", R"({"ip": "10.0.0.2"})", false},
    {"ip:\"10.0.0.0/8\"", R"({"ip": "10.255.0.1"})", true},
    {"ip:10.0.0.0/8", R"({"ip": "11.0.0.1"})", false},
    {"ip:10.1.2.3/8", R"({"ip": "10.9.9.9"})", true},
    {"ip:10.0.0.128/25", R"({"ip": "10.0.0.127"})", false},
    {"ip:10.0.0.128/25", R"({"ip": "10.0.0.129"})", true},
    {"ip:0.0.0.0/0", R"({"ip": "203.0.113.1"})", true},
    {"ip:0.0.0.0/0", R"({"ip": "2001:db8::1"})", false},
    {"ip:10.0.0.1/32", R"({"ip": "10.0.0.1"})", true},
    {"ip:\"2001:db8::/32\"", R"({"ip": "2001:db8:1::1"})", true},
    {"ip:\"2001:db8::/32\"", R"({"ip": "2001:db9::1"})", false},
    {"ip:\"2001:DB8:0::1\"", R"({"ip": "2001:db8::1"})", true},
    {"ip:\"::ffff:10.0.0.1\"", R"({"ip": "10.0.0.1"})", true},
    {"ip:\"::/0\"", R"({"ip": "10.0.0.1"})", true},
    {"ip:(10.0.0.0/8 or 192.168.0.0/16)", R"({"ip": ["203.0.113.1", "192.168.3.4"]})", true},
    {"not ip:(10.0.0.0/8 or 192.168.0.0/16)", R"({"ip": "192.168.3.4"})", false},
    {"ip > 10.0.0.1", R"({"ip": "10.0.0.10"})", true},
    {"ip >= 10.0.0.1 and ip < 10.0.0.3", R"({"ip": "10.0.0.3"})", false},
    {"ip < \"::1\"", R"({"ip": "10.0.0.1"})", false},
    {"ip:10.0.0.1", R"({"ip": "AWS Internal"})", false},
    {"k:10.0.0.0/8", R"({"k": "10.0.0.1"})", false},
    {"flat.a:22", R"({"flat": {"a": 22}})", true},
    {"flat.a:true", R"({"flat": {"a": true}})", true},
    {"flat.a:22.0", R"({"flat": {"a": 22}})", false},
    {"flat.a.b:x", R"({"flat": {"a": {"b": ["y", "x"]}}})", true},
    {"flat.a > 3", R"({"flat": {"a": 22}})", false},
    {"flat.a > 1", R"({"flat": {"a": 22}})", true},
    {"flat:x", R"({"flat": {"a": {"b": "x"}}})", true},
    {"flat:22", R"({"flat": {"a": {"b": 22}}})", true},
    {"flat.a:b", R"({"flat": {"a": {"b": "x"}}})", false},
    {"flat.a:x", R"({"flat": {"a": {"b": "x"}}})", true},
};
INSTANTIATE_TEST_SUITE_P(OtherTypes, KqlMeaning, testing::ValuesIn(others));

const Row logic[] = {
    {"k1:a and k2:b", R"({"k1": "a", "k2": "b"})", true},
    {"k1:a and k2:b", R"({"k1": "a", "k2": "c"})", false},
    {"k1:a or k2:b", R"({"k1": "x", "k2": "b"})", true},
    {"k1:a or k2:b", "{}", false},
    {"not k1:a", R"({"k1": "b"})", true},
    {"not k1:a", R"({"k1": "a"})", false},
    {"not k1:a", "{}", true},
    {"not (k1:a and k2:b)", R"({"k1": "a"})", true},
    {"not (k1:a or k2:b)", R"({"k2": "b"})", false},
    {"not k1:(a or b)", R"({"k1": "c"})", true},
    {"not k1:(a or b)", "{}", true},
    {"k1:a or k2:b and k3:c", R"({"k1": "a"})", true},
    {"(k1:a or k2:b) and k3:c", R"({"k1": "a"})", false},
    {"k1:(a or b*) or k2:c or k1:d", R"({"k1": "d"})", true},
    {"k1:(a or b*) or k2:c or k1:d", R"({"k1": "bb"})", true},
    {"k1:(a or b*) or k2:c or k1:d", R"({"k2": "d"})", false},
    {"not (not k1:a)", R"({"k1": "a"})", true},
    {"k1:a And k2:b", R"({"k1": "a", "k2": "b"})", true},
};
INSTANTIATE_TEST_SUITE_P(Logic, KqlMeaning, testing::ValuesIn(logic));

const Row names[] = {
    {"user.*:alice", R"({"user": {"name": "alice"}})", true},
    {"user.*:alice", R"({"user": {"name": "bob", "id": "alice"}})", true},
    {"user.*:alice", R"({"owner": "alice"})", false},
    {"*.name:alice", R"({"user": {"name": "alice"}})", true},
    {"*.name:alice", R"({"name": "alice"})", false},
    {"*:alice", R"({"a": {"c": ["x", "alice"]}})", true},
    {"*:alice", "{}", false},
    {"not z*:alice", R"({"user": "alice"})", true},
    {"user.*:*", R"({"user": {"name": null}})", false},
    {"user.*:*", R"({"user": {"name": ""}})", true},
    {"user.*:al*", R"({"user": {"name": "alice"}})", true},
    {"x.*:5", R"({"x": {"i": 5}})", true},
    {"x.*:5", R"({"x": {"b": true, "d": "2024-01-01", "ip": "10.0.0.1", "i": 4}})", false},
    {"x.* > 5", R"({"x": {"k": "a", "i": 6}})", true},
    {"x.*:10.0.0.0/8", R"({"x": {"ip": "10.2.3.4"}})", true},
    {"x.*:fox", R"({"x": {"t": "a fox"}})", true},
    {"x.*:fox", R"({"x": {"k": "a fox"}})", false},
    {"U*:alice", R"({"user": "alice"})", false},
    {"alice", R"({"user": {"name": "alice"}})", true},
    {"alice", R"({"user": {"name": "alice b"}})", false},
    {"alice", R"({"t": "Alice B"})", true},
    {"\"alice b\"", R"({"t": "Alice B"})", true},
    {"\"b alice\"", R"({"t": "Alice B"})", false},
    {"5", R"({"i": 5})", true},
    {"10.0.0.0/8", R"({"ip": "10.1.1.1"})", true},
    {"2024-01-02", R"({"d": "2024-01-02T05:00:00Z"})", true},
    {"true", R"({"b": true})", true},
    {"ali*", R"({"user": {"name": "alice"}})", true},
    {"bob ali*", R"({"user": {"name": "alice"}})", true},
    {"bob ali*", R"({"user": {"name": "bob"}})", true},
    {"bob ali*", R"({"user": {"name": "carl"}})", false},
    {"x *", R"({"user": {"name": "carl"}})", true},
    {"**", R"({"k": "x"})", true},
    {"**", "{}", false},
};
INSTANTIATE_TEST_SUITE_P(NamePatternsAndFreeText, KqlMeaning, testing::ValuesIn(names));

constexpr std::string_view two_objects = R"({"n": [{"k": "1", "i": 7}, {"k": "2", "i": 8}]})";
const Row nested[] = {
    {"n:{k:1 and i:7}", two_objects, true},
    {"n:{k:1 and i:8}", two_objects, false},
    {"n.k:1 and n.i:8", two_objects, true},
    {"n:{k:1} and n:{i:8}", two_objects, true},
    {"n:{not k:1}", two_objects, true},
    {"n:{not k:(1 or 2)}", two_objects, false},
    {"not n:{k:3}", two_objects, true},
    {"n:{k:*}", R"({"n": []})", false},
    {"n:{not k:*}", "{}", false},
    {"n:{k:1}", R"({"n": {"k": "1"}})", true},
    {"n:{i > 7}", two_objects, true},
    {"n:{k:1 or k:9}", two_objects, true},
    {"n:{k*:2}", two_objects, true},
    {"n:{x*:2}", two_objects, false},
    {"n:{2}", two_objects, true},
    {"n:{3}", two_objects, false},
    {"n:{*:*}", two_objects, true},
    {"n:{k.x:1}", R"({"n": [{"k": {"x": "1"}}]})", true},
    {"n:{k.x:1}", R"({"n": [{"k.x": ["0", "1"]}]})", true},
    {"a.n:{k:1}", R"({"a": [{"n": [{"k": "1"}]}]})", true},
    {"n:{n2:{k:1 and i:2}}", R"({"n": [{"n2": [{"k": "1", "i": 3}, {"k": "1", "i": 2}]}]})", true},
    {"n:{n2:{k:1 and i:2}}", R"({"n": [{"n2": [{"k": "1", "i": 3}, {"k": "2", "i": 2}]}]})", false},
    {"n:{k:1 and n2:{i:2}}", R"({"n": [{"k": "1", "n2": {"i": 1}}, {"k": "2", "n2": {"i": 2}}]})", false},
    {"k.a:1 and k.c:2", R"({"k": [{"a": "1", "c": "x"}, {"a": "y", "c": "2"}]})", true},
};
INSTANTIATE_TEST_SUITE_P(Nested, KqlMeaning, testing::ValuesIn(nested));

}  // namespace
}  // namespace rushhour::elastic
