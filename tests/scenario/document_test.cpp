#include <rushhour/scenario/document.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <rushhour/scenario/detail/words.hpp>

namespace rushhour::scenario {
namespace {

/// The message of the mistake in the text; empty when it is accepted.
std::string message_of(std::string_view text, DocumentLimits limits = {}) {
  try {
    static_cast<void>(parse_document(text, "x.json", limits));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

std::uint64_t digest_of(std::string_view text) { return digest(parse_document(text, "x.json").root); }

/// `line:column` of the member, and of its key.
std::string places_of(const Node& member) {
  return std::to_string(member.key_line) + ":" + std::to_string(member.key_column) + " " +
         std::to_string(member.line) + ":" + std::to_string(member.column);
}

// --- the tree
// ----------------------------------------------------------------------------------------------------

TEST(Document, KeepsKindsTextsAndOrder) {
  const Document document =
      parse_document(R"({"b": [1, -2.50, true, null], "a": {"text": "x\u0041\n"}, "e": {}})", "x");
  ASSERT_EQ(document.root.kind, Node::Kind::object);
  ASSERT_EQ(document.root.children.size(), 3u);
  const Node& list = document.root.children[0];
  EXPECT_EQ(list.key, "b");
  ASSERT_EQ(list.kind, Node::Kind::array);
  ASSERT_EQ(list.children.size(), 4u);
  EXPECT_EQ(list.children[0].text, "1");
  EXPECT_EQ(list.children[1].text, "-2.50") << "a number keeps its digits";
  EXPECT_EQ(list.children[2].text, "true");
  EXPECT_EQ(list.children[3].kind, Node::Kind::null);
  EXPECT_EQ(document.root.children[1].children[0].text, "xA\n");
  EXPECT_TRUE(document.root.children[2].children.empty());
}

TEST(Document, KeepsNumbersThatNoMachineTypeHolds) {
  const Document document =
      parse_document("[123456789012345678901234567890, 0.1000000000000000000001, 1e3]", "x");
  EXPECT_EQ(document.root.children[0].text, "123456789012345678901234567890");
  EXPECT_EQ(document.root.children[1].text, "0.1000000000000000000001");
  EXPECT_EQ(document.root.children[2].text, "1e3");
}

TEST(Document, KnowsTheLineAndColumnOfKeysAndValues) {
  const Document document = parse_document("{\n  \"seed\": 7,\n  \"list\":\n    [1, \"a\"]\n}", "x");
  EXPECT_EQ(places_of(document.root), "0:0 1:1");
  EXPECT_EQ(places_of(document.root.children[0]), "2:3 2:11");
  EXPECT_EQ(places_of(document.root.children[1]), "3:3 4:5");
  EXPECT_EQ(places_of(document.root.children[1].children[0]), "0:0 4:6");
  EXPECT_EQ(places_of(document.root.children[1].children[1]), "0:0 4:9");
}

TEST(Document, CountsATabAsOneColumn) {
  EXPECT_EQ(places_of(parse_document("{\t\"a\":\t1}", "x").root.children[0]), "1:3 1:8");
}

TEST(Document, CountsCarriageReturnAndLineFeedAsOneLineEnd) {
  EXPECT_EQ(places_of(parse_document("{\r\n\"a\":\r\n 1}\r\n", "x").root.children[0]), "2:1 3:2");
}

TEST(Document, DoesNotCountAByteOrderMark) {
  EXPECT_EQ(places_of(parse_document("\xEF\xBB\xBF{\"a\": 1}", "x").root.children[0]), "1:2 1:7");
  EXPECT_EQ(places_of(parse_document("\xEF\xBB\xBF\xEF\xBB\xBF{\"a\": 1}", "x").root.children[0]), "1:2 1:7");
}

TEST(Document, CountsBytesInTextsOfSeveralBytesAndEscapedQuotes) {
  EXPECT_EQ(places_of(parse_document(R"({"é\"": "\\", "b": 1})", "x").root.children[1]), "1:16 1:21");
}

TEST(Document, SkipsCommentsAndKnowsThePlacesBehindThem) {
  const Document document = parse_document(
      "// \"no\": [\n/* two\n lines, / * ** */ {/**/\"a\"/*:*/:/*,*/1 // end, \"x\"\r\n, // and\n\"b\": 2}//",
      "x");
  EXPECT_EQ(places_of(document.root), "0:0 3:19");
  EXPECT_EQ(places_of(document.root.children[0]), "3:24 3:38");
  EXPECT_EQ(places_of(document.root.children[1]), "5:1 5:6");
}

// --- mistakes of the text
// ----------------------------------------------------------------------------------------

struct Row {
  const char* name;
  std::string_view text;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
class BrokenDocument : public testing::TestWithParam<Row> {};

TEST_P(BrokenDocument, SaysWhereAndWhatInstead) {
  EXPECT_EQ(message_of(GetParam().text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenDocument,
    testing::Values(
        Row{"Empty", "", "x.json:1:1: expected a value, saw the end of the file"},
        Row{"OnlyComments", " // none\n", "x.json:2:1: expected a value, saw the end of the file"},
        Row{"MissingComma", "{\"a\": 1\n  \"b\": 2}",
            R"(x.json:2:3: expected "," or "}", saw "b"; a comma is missing before it)"},
        Row{"MissingCommaInArray", "[1 2]",
            R"(x.json:1:4: at /1: expected "," or "]", saw "2"; a comma is missing before it)"},
        Row{"TrailingComma", "{\"a\": 1,\n}",
            R"(x.json:2:1: expected a key in double quotes, saw "}"; remove the comma before it)"},
        Row{"TrailingCommaInArray", R"({"a": [1, ]})",
            R"(x.json:1:11: at /a/1: expected a value, saw "]"; remove the comma before it)"},
        Row{"TwoCommas", "[1,,2]", R"(x.json:1:4: at /1: expected a value, saw ",")"},
        Row{"MissingColon", R"({"a" 1})", R"(x.json:1:6: at /a: expected ":" after the key "a", saw "1")"},
        Row{"MissingValue", R"({"a": })", R"(x.json:1:7: at /a: expected a value for the key "a", saw "}")"},
        Row{"UnquotedKey", "{seed: 1}",
            R"(x.json:1:2: expected a key in double quotes or "}", saw "seed"; keys and texts stand in double quotes)"},
        Row{"UnquotedText", R"({"start": soon})",
            R"(x.json:1:11: at /start: expected a value for the key "start", saw "soon"; keys and texts stand in double quotes)"},
        Row{"PythonsTrue", "[True]", R"(x.json:1:2: at /0: expected a value or "]", saw "True"; write true)"},
        Row{"NothingButABracket", "]", R"(x.json:1:1: expected a value, saw "]")"},
        Row{"SingleQuotes", "['a']",
            R"(x.json:1:2: at /0: expected a value or "]", saw "'a'"; keys and texts stand in double quotes)"},
        Row{"NumberAsKey", "{1: 2}", R"(x.json:1:2: expected a key in double quotes or "}", saw "1")"},
        Row{"NumberWithoutDigit", "[1.]",
            R"(x.json:1:2: at /0: expected a value or "]", saw "1."; invalid number; expected digit after '.')"},
        Row{"NumberTooLarge", "[1e999]",
            R"(x.json:1:2: at /0: expected a value or "]", saw "1e999"; the number is out of range)"},
        Row{"TextWithoutEnd", "{\"a\": \"b",
            "x.json:1:9: at /a: expected a closing quote, saw the end of the file"},
        Row{"TextOverLines", "{\"a\": \"b\n\"}",
            "x.json:1:9: at /a: expected a closing quote, saw the end of the line"},
        Row{"BadEscape", R"(["a\x"])",
            "x.json:1:5: at /0: expected a well-formed text; invalid string: forbidden character after "
            "backslash"},
        Row{"NotUtf8", "[\"a\xFF\"]",
            "x.json:1:4: at /0: expected a well-formed text; invalid string: ill-formed UTF-8 byte"},
        Row{"CommentWithoutEnd", "{\"a\": 1} /* none",
            R"(x.json:1:10: expected "*/" at the end of this comment)"},
        Row{"Slash", "{} / {}",
            R"(x.json:1:4: expected the end of the file, saw "/"; invalid comment; expecting '/' or '*' after '/')"},
        Row{"TwoDocuments", "{}\n{}", R"(x.json:2:1: expected the end of the file, saw "{")"},
        Row{"Unclosed", R"({"a": [1)",
            R"(x.json:1:9: at /a/1: expected "," or "]", saw the end of the file)"},
        Row{"WrongBracket", R"({"a": [1})", R"(x.json:1:9: at /a/1: expected "," or "]", saw "}")"},
        Row{"Nul", std::string_view{"{}\n \0 {", 7},
            "x.json:2:2: expected UTF-8 text, saw a NUL byte; is it UTF-16? save it as UTF-8"},
        Row{"DuplicateKey", "{\n  \"a\": 1,\n  \"b\": 2,\n    \"a\": 3}",
            R"(x.json:4:5: at /a: expected each key once, saw "a" again; the first is on line 2, column 3)"},
        Row{"DuplicateKeyDeepInside", R"({"l": [0, {"a/b~c": {"k": 1, "\u006b": 2}}]})",
            R"(x.json:1:30: at /l/1/a~1b~0c/k: expected each key once, saw "k" again; the first is on line 1, column 22)"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Document, AllowsOneKeyInTwoObjects) { EXPECT_EQ(message_of(R"([{"a": 1}, {"a": {"a": 2}}])"), ""); }

TEST(Document, RefusesToNestDeeperThanItsLimit) {
  EXPECT_EQ(message_of("[[[1]]]", {.depth_max = 3}), "");
  EXPECT_EQ(message_of("[[1, {\n\"a\": [2]}]]", {.depth_max = 3}),
            "x.json:2:6: at /0/1/a: expected at most 3 levels of arrays and objects, saw one more");
  EXPECT_EQ(
      message_of(std::string(1'000'000, '[')), "x.json:1:65: at" + [] {
        std::string out;
        for (int i = 0; i < 64; ++i) out += i == 0 ? " /0" : "/0";
        return out;
      }() + ": expected at most 64 levels of arrays and objects, saw one more");
}

TEST(Document, RefusesToGrowBeyondItsLimit) {
  EXPECT_EQ(message_of("[123]", {.bytes_max = 5}), "");
  EXPECT_EQ(message_of("[1234]", {.bytes_max = 5}),
            "x.json: expected a document of at most 5 bytes, saw a longer one");
}

// --- files
// -------------------------------------------------------------------------------------------------------

TEST(Document, ReadsAFile) {
  const std::string path = testing::TempDir() + "rushhour_document_test.json";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  std::fputs("{\"a\": 1,\n \"a\": 2}", file);
  std::fclose(file);
  try {
    static_cast<void>(read_document(path));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(
        error.what(),
        path + ":2:2: at /a: expected each key once, saw \"a\" again; the first is on line 1, column 2");
  }
  EXPECT_THROW(static_cast<void>(read_document(path, {.bytes_max = 10})), InputError);
  std::remove(path.c_str());
}

TEST(Document, SaysWhyAFileCannotBeRead) {
  try {
    static_cast<void>(read_document("no/such.json"));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "no/such.json: expected a file that can be read, saw No such file or directory");
  }
  try {
    static_cast<void>(read_document(testing::TempDir()));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), testing::TempDir() + ": expected a file that can be read, saw Is a directory");
  }
}

// --- the digest
// --------------------------------------------------------------------------------------------------

TEST(DocumentDigest, IgnoresCommentsWhitespaceEscapesAndTheOrderOfKeys) {
  EXPECT_EQ(digest_of(R"({"a": [1, 2], "b": {"c": "A"}})"),
            digest_of("{ // x\n\"b\":{\"\\u0063\":\"\\u0041\"},\"a\":[1,2]}"));
}

TEST(DocumentDigest, IgnoresHowANumberIsWritten) {
  EXPECT_EQ(digest_of("[0.02, 1000, 0]"), digest_of("[2.0e-2, 1e3, -0.0]"));
  EXPECT_EQ(digest_of("[1e40]"), digest_of("[1e40]"));
}

TEST(DocumentDigest, SeesEveryDifferenceInMeaning) {
  const char* const texts[] = {R"({"a": 1})",   R"({"a": -1})",   R"({"a": 2})",      R"({"b": 1})",
                               R"({"a": "1"})", R"({"a": [1]})",  R"([1])",           R"([1, 2])",
                               R"([2, 1])",     R"([[1], 2])",    R"([[1, 2]])",      R"({})",
                               R"([])",         R"({"a": {}})",   R"({"a": []})",     R"({"a": null})",
                               R"({"a": ""})",  R"({"a": true})", R"({"a": "true"})", R"({"a": false})"};
  for (const char* a : texts) {
    for (const char* b : texts) {
      if (a == b) continue;
      EXPECT_NE(digest_of(a), digest_of(b)) << a << " and " << b;
    }
  }
}

TEST(DocumentDigest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(digest_of(R"({"seed": 7, "share": 0.02, "list": ["a", null, true]})"), 10108414903331103972ULL);
}

// --- words
// -------------------------------------------------------------------------------------------------------

std::string decimal_of(std::string_view text) {
  const auto decimal = detail::parse_decimal(text);
  if (!decimal) return "none";
  return (decimal->negative ? "-" : "") + std::to_string(decimal->magnitude.numerator) + "/" +
         std::to_string(decimal->magnitude.denominator);
}

TEST(Decimal, IsReadExactly) {
  EXPECT_EQ(decimal_of("0.02"), "1/50");
  EXPECT_EQ(decimal_of("0.1"), "1/10");
  EXPECT_EQ(decimal_of("-1.05"), "-21/20");
  EXPECT_EQ(decimal_of("-0.0"), "0/1");
  EXPECT_EQ(decimal_of("2.5e3"), "2500/1");
  EXPECT_EQ(decimal_of("25E-4"), "1/400");
  EXPECT_EQ(decimal_of("1e+2"), "100/1");
  EXPECT_EQ(decimal_of("1.50000000000000000000000000000"), "3/2");
  EXPECT_EQ(decimal_of("100000000000000000000e-19"), "10/1");
  EXPECT_EQ(decimal_of("18446744073709551615"), "18446744073709551615/1");
  EXPECT_EQ(decimal_of("0e999999999999999999999"), "0/1");
}

TEST(Decimal, IsRefusedRatherThanRounded) {
  for (const char* text :
       {"18446744073709551616", "1e20", "1e-20", "0.12345678901234567890123", "1e99999999999999999999"}) {
    EXPECT_EQ(decimal_of(text), "none") << text;
  }
}

TEST(Decimal, IsNothingElse) {
  for (const char* text :
       {"", "-", ".", ".5", "5.", "1e", "1e+", "1.2.3", "0x10", " 1", "1 ", "+1", "--1", "nan"}) {
    EXPECT_EQ(decimal_of(text), "none") << text;
  }
}

TEST(Decimal, IsWrittenShortAndSaysWhenItIsRounded) {
  EXPECT_EQ(detail::decimal_text({4, 1}), "4");
  EXPECT_EQ(detail::decimal_text({0, 7}), "0");
  EXPECT_EQ(detail::decimal_text({1, 50}), "0.02");
  EXPECT_EQ(detail::decimal_text({21, 20}), "1.05");
  EXPECT_EQ(detail::decimal_text({4, 3}), "~1.333333");
  EXPECT_EQ(detail::decimal_text({2, 3}), "~0.666667");
  EXPECT_EQ(detail::decimal_text({9'999'999, 10'000'000}), "~1");
  EXPECT_EQ(detail::decimal_text({18446744073709551615ULL, 18446744073709551614ULL}), "~1");
}

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(detail::edit_distance("duration", "duration"), 0u);
  EXPECT_EQ(detail::edit_distance("duratoin", "duration"), 1u);
  EXPECT_EQ(detail::edit_distance("event", "events"), 1u);
  EXPECT_EQ(detail::edit_distance("sead", "seed"), 1u);
  EXPECT_EQ(detail::edit_distance("Match-Share", "match_share"), 0u);
  EXPECT_EQ(detail::edit_distance("", "abc"), 3u);
  EXPECT_EQ(detail::edit_distance("kitten", "sitting"), 3u);
}

TEST(Quotes, KeepMessagesOnOneLineAndShort) {
  EXPECT_EQ(detail::in_quotes("a\"b\\\n\t\x01"), R"("a\"b\\\n\t\u0001")");
  EXPECT_EQ(detail::in_quotes(std::string(60, 'a')), "\"" + std::string(60, 'a') + "\"");
  EXPECT_EQ(detail::in_quotes(std::string(59, 'a') + "é"), "\"" + std::string(59, 'a') + "...\"");
}

}  // namespace
}  // namespace rushhour::scenario
