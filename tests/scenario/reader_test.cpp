#include <rushhour/scenario/reader.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;

/// Reads the text with `load`; the message of its mistake, or nothing.
std::string message_of(std::string_view text, const std::function<void(Reader&)>& load) {
  const Document document = parse_document(text, "x.json");
  try {
    Reader root{document};
    load(root);
    root.done();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

// --- values
// ------------------------------------------------------------------------------------------------------

enum class Order { fifo, lifo };

TEST(Reader, ReadsEveryKindOfValue) {
  const Document document = parse_document(R"({
    "events": 1e6, "offset": -3, "duration": "1h30m", "start": "2026-03-02T14:00:00Z", "share": 0.02,
    "order": "lifo", "name": "naive", "quiet": true, "list": [1, 2], "inner": {"port": 65535}})",
                                           "x.json");
  Reader root{document};
  EXPECT_EQ(root.integer("events", {.min = 1, .max = 1'000'000}), 1'000'000u);
  EXPECT_EQ(root.integer<std::int64_t>("offset"), -3);
  EXPECT_EQ(root.duration("duration"), 90min);
  EXPECT_EQ(root.instant("start"), std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h);
  EXPECT_EQ(root.ratio("share").numerator, 1u);
  EXPECT_EQ(root.ratio("share").denominator, 50u);
  EXPECT_EQ(root.choice<Order>("order", {{"fifo", Order::fifo}, {"lifo", Order::lifo}}), Order::lifo);
  EXPECT_EQ(root.text("order", {"fifo", "lifo"}), "lifo");
  EXPECT_EQ(root.text("name"), "naive");
  EXPECT_TRUE(root.boolean("quiet"));
  std::uint64_t sum = 0;
  for (const Value& each : root.array("list", {.min = 1})) sum += each.integer();
  EXPECT_EQ(sum, 3u);
  Reader inner = root.object("inner");
  EXPECT_EQ(inner.integer<std::uint16_t>("port"), 65535);
  inner.done();
  root.done();
}

TEST(Reader, GivesTheDefaultsOfKeysLeftOut) {
  const Document document = parse_document("{}", "x.json");
  Reader root{document};
  EXPECT_EQ(root.optional_integer("a", 7u), 7u);
  EXPECT_EQ(root.optional_duration("b", 2s), 2s);
  EXPECT_EQ(root.optional_instant("c", Instant{5s}), Instant{5s});
  EXPECT_EQ(root.optional_ratio("d", {1, 3}), (Ratio{1, 3}));
  EXPECT_EQ(root.optional_text("e", "x"), "x");
  EXPECT_EQ(root.optional_text("f", "y", {"y", "z"}), "y");
  EXPECT_EQ(root.optional_choice("g", Order::lifo, {{"fifo", Order::fifo}}), Order::lifo);
  EXPECT_TRUE(root.optional_boolean("h", true));
  EXPECT_FALSE(root.optional_object("i").has_value());
  EXPECT_TRUE(root.optional_array("j").empty());
  EXPECT_FALSE(root.find("k").has_value());
  root.done();
}

TEST(Reader, ReadsOptionalKeysThatAreThere) {
  const Document document = parse_document(R"({"a": 1, "b": {"c": [0]}, "d": false})", "x.json");
  Reader root{document};
  EXPECT_EQ(root.optional_integer<int>("a", 7), 1);
  auto inner = root.optional_object("b");
  ASSERT_TRUE(inner.has_value());
  EXPECT_EQ(inner->optional_array("c").size(), 1u);
  EXPECT_FALSE(root.optional_boolean("d", true));
  inner->done();
  root.done();
}

TEST(Reader, ReadsRatiosExactlyHoweverTheyAreWritten) {
  const Document document =
      parse_document(R"([0.02, "1/50", [1, 50], "2/100", 2e-2, [2e0, 100.0]])", "x.json");
  for (const Value& each : Value{document, document.root, ""}.array()) {
    const Ratio ratio = each.ratio();
    EXPECT_EQ(ratio.numerator, 1u) << each.node().column;
    EXPECT_EQ(ratio.denominator, 50u) << each.node().column;
  }
}

TEST(Reader, ReadsSharesThatNoDoubleHolds) {
  const Document document = parse_document("[0.1234567890123456789]", "x.json");
  EXPECT_EQ(Value(document, document.root.children[0], "").ratio(),
            (Ratio{1'234'567'890'123'456'789, 10'000'000'000'000'000'000ULL}));
}

TEST(Reader, HandsOutAllMembersOfAnObjectOfNames) {
  const Document document = parse_document(R"({"sts": 1, "a/b": "x"})", "x.json");
  Reader root{document};
  const auto members = root.members();
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].first, "sts");
  EXPECT_EQ(members[0].second.integer(), 1u);
  EXPECT_EQ(members[1].second.place().pointer, "/a~1b");
  root.done();
}

// --- mistakes
// ----------------------------------------------------------------------------------------------------

struct Row {
  const char* name;
  std::string_view value;  ///< of the key "v", at line 1, column 7
  std::function<void(Reader&)> load;
  std::string_view message;  ///< behind the place
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
class WrongValue : public testing::TestWithParam<Row> {};

TEST_P(WrongValue, SaysWhatIsExpectedAndSeen) {
  const std::string text = "{\"v\": " + std::string{GetParam().value} + "}";
  EXPECT_EQ(message_of(text, GetParam().load), "x.json:1:7: at /v: " + std::string{GetParam().message});
}

template <class Read>
std::function<void(Reader&)> reading(Read read) {
  return [read](Reader& root) { static_cast<void>(read(root)); };
}
const auto integer = reading([](Reader& root) { return root.integer("v"); });
const auto digit = reading([](Reader& root) { return root.integer("v", {.min = 1, .max = 9}); });
const auto byte = reading([](Reader& root) { return root.integer<std::int8_t>("v", {.max = 100}); });
const auto duration = reading([](Reader& root) { return root.duration("v"); });
const auto some_time = reading([](Reader& root) { return root.duration("v", {.min = 1ms, .max = 1h}); });
const auto instant = reading([](Reader& root) { return root.instant("v"); });
const auto share = reading([](Reader& root) { return root.ratio("v"); });
const auto factor = reading([](Reader& root) { return root.ratio("v", {.min = {1, 2}, .max = {3, 1}}); });
const auto text = reading([](Reader& root) { return root.text("v"); });
const auto word = reading([](Reader& root) { return root.text("v", {"constant", "poisson"}); });
const auto order = reading([](Reader& root) { return root.choice<Order>("v", {{"fifo", Order::fifo}}); });
const auto boolean = reading([](Reader& root) { return root.boolean("v"); });
const auto object = [](Reader& root) { root.object("v").done(); };
const auto array = reading([](Reader& root) { return root.array("v", {.min = 1}); });
const auto pair = reading([](Reader& root) { return root.array("v", {.min = 2, .max = 2}); });

INSTANTIATE_TEST_SUITE_P(
    All, WrongValue,
    testing::Values(
        Row{"IntegerFromText", R"("5")", integer,
            R"(expected a whole number of at least 0, saw "5"; write 5 without quotes)"},
        Row{"IntegerFromFraction", "1.5", integer,
            "expected a whole number of at least 0, saw the number 1.5"},
        Row{"IntegerNegative", "-1", integer, "expected a whole number of at least 0, saw the number -1"},
        Row{"IntegerTooLarge", "18446744073709551616", integer,
            "expected a whole number of at least 0, saw the number 18446744073709551616"},
        Row{"IntegerBelow", "0", digit, "expected a whole number from 1 to 9, saw the number 0"},
        Row{"IntegerAbove", "10", digit, "expected a whole number from 1 to 9, saw the number 10"},
        Row{"SignedInteger", "101", byte, "expected a whole number of at most 100, saw the number 101"},
        Row{"IntegerFromNull", "null", integer, "expected a whole number of at least 0, saw null"},
        Row{"DurationFromNumber", "3600", duration,
            R"(expected a duration such as "1h", saw the number 3600; write "1h" if it means seconds)"},
        Row{"DurationFromWord", R"("soon")", duration,
            R"(expected a duration such as "1h", saw "soon"; the units are ns, us, ms, s, m, h and d)"},
        Row{"DurationFromHugeNumber", "1e19", duration,
            R"(expected a duration such as "1h", saw the number 1e19)"},
        Row{"DurationBelow", R"("0s")", some_time, R"(expected a duration from 1ms to 1h, saw "0s")"},
        Row{"DurationAbove", R"("61m")", some_time, R"(expected a duration from 1ms to 1h, saw "61m")"},
        Row{"DurationFromNumberInRange", "90", some_time,
            R"(expected a duration from 1ms to 1h such as "1h", saw the number 90; write "1m30s" if it means seconds)"},
        Row{"InstantFromWord", R"("2026-02-30T00:00:00Z")", instant,
            R"(expected an instant such as "2026-03-02T14:00:00Z", saw "2026-02-30T00:00:00Z")"},
        Row{"InstantFromNumber", "1772460000", instant,
            R"(expected an instant such as "2026-03-02T14:00:00Z", saw the number 1772460000)"},
        Row{"InstantOutOfReach", R"("2262-05-01T00:00:00Z")", instant,
            R"(expected an instant of the years 1970 to 2261, saw "2262-05-01T00:00:00Z")"},
        Row{"InstantEmpty", R"("")", instant,
            R"(expected an instant such as "2026-03-02T14:00:00Z", saw "")"},
        Row{"ShareAbove", "1.01", share, "expected a share from 0 to 1, saw the number 1.01"},
        Row{"ShareNegative", "-0.1", share,
            R"(expected a share from 0 to 1 such as 0.02, "1/50" or [1, 50], saw the number -0.1)"},
        Row{"ShareByZero", "[1, 0]", share,
            R"(expected a share from 0 to 1 such as 0.02, "1/50" or [1, 50], saw [1, 0])"},
        Row{"ShareFromText", R"("0.5")", share,
            R"(expected a share from 0 to 1 such as 0.02, "1/50" or [1, 50], saw "0.5"; write 0.5 without quotes)"},
        Row{"ShareFromBrokenText", R"("1/")", share,
            R"(expected a share from 0 to 1 such as 0.02, "1/50" or [1, 50], saw "1/")"},
        Row{"ShareOfThree", "[1, 2, 3]", share,
            R"(expected a share from 0 to 1 such as 0.02, "1/50" or [1, 50], saw [1, 2, 3])"},
        Row{"FactorBelow", "0.49", factor, "expected a ratio from 0.5 to 3, saw the number 0.49"},
        Row{"FactorFromTrue", "true", factor,
            R"(expected a ratio from 0.5 to 3 such as 1.5, "3/2" or [3, 2], saw true)"},
        Row{"TextFromNumber", "5", text, R"(expected a text, saw the number 5; write "5")"},
        Row{"TextEmpty", R"("")", text, R"(expected a text that is not empty, saw "")"},
        Row{"TextFromObject", "{}", text, "expected a text, saw an object"},
        Row{"WordMisspelt", R"("poison")", word,
            R"(expected one of "constant", "poisson", saw "poison"; did you mean "poisson"?)"},
        Row{"WordUnknown", R"("bursty")", word, R"(expected one of "constant", "poisson", saw "bursty")"},
        Row{"WordFromTrue", "true", word, R"(expected one of "constant", "poisson", saw true)"},
        Row{"OnlyChoice", R"("fifa")", order, R"(expected "fifo", saw "fifa"; did you mean "fifo"?)"},
        Row{"BooleanFromText", R"("true")", boolean,
            R"(expected true or false, saw "true"; write true without quotes)"},
        Row{"BooleanFromNumber", "1", boolean, "expected true or false, saw the number 1"},
        Row{"ObjectFromArray", "[{}]", object, "expected an object, saw an array of 1"},
        Row{"ArrayFromText", R"("x")", array,
            R"(expected an array, saw "x"; write it between [ and ], even when there is only one)"},
        Row{"ArrayTooShort", "[]", array, "expected an array of at least 1, saw an array of 0"},
        Row{"ArrayTooLong", "[1, 2, 3, 4, 5]", pair, "expected an array of exactly 2, saw an array of 5"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Reader, NamesThePlaceDeepInside) {
  const auto load = [](Reader& root) {
    for (const Value& each : root.array("list")) {
      Reader inner = each.object();
      static_cast<void>(inner.duration("a/b"));
      inner.done();
    }
  };
  EXPECT_EQ(
      message_of("// x\r\n{\"list\": [{\"a/b\": \"1h\"},\r\n\t{\"a/b\": /* here */ \"soon\"}]}", load),
      R"(x.json:3:21: at /list/1/a~1b: expected a duration such as "1h", saw "soon"; the units are ns, us, ms, s, m, h and d)");
}

TEST(Reader, LetsTheLoaderFailAtAValue) {
  EXPECT_EQ(message_of(R"({"until": "2026"})",
                       [](Reader& root) {
                         root.at("until").fail("an instant after the start", "the start is 2027");
                       }),
            R"(x.json:1:11: at /until: expected an instant after the start, saw "2026"; the start is 2027)");
}

TEST(Reader, RefusesADocumentThatIsNoObject) {
  EXPECT_EQ(message_of(" []", [](Reader&) {}), "x.json:1:2: expected an object, saw an array of 0");
}

// --- keys
// --------------------------------------------------------------------------------------------------------

TEST(Reader, RefusesAnUnknownKeyAndNamesTheNearest) {
  const auto load = [](Reader& root) {
    static_cast<void>(root.optional_integer("events", 1u));
    static_cast<void>(root.optional_duration("duration", 1h));
  };
  EXPECT_EQ(message_of("{\"events\": 1,\n  \"duratoin\": \"1h\"}", load),
            R"(x.json:2:3: at /duratoin: expected a known key, saw "duratoin"; did you mean "duration"?)");
  EXPECT_EQ(
      message_of(R"({"colour": 1})", load),
      R"(x.json:1:2: at /colour: expected a known key, saw "colour"; known are "events" and "duration")");
}

TEST(Reader, RefusesAnyKeyWhereNoneIsKnown) {
  EXPECT_EQ(message_of(R"({"a": 1})", [](Reader&) {}),
            R"(x.json:1:2: at /a: expected a known key, saw "a"; no key is known here)");
}

TEST(Reader, SaysWhichKeyIsMissingWithAnExample) {
  EXPECT_EQ(
      message_of(R"({"traffic": {}})",
                 [](Reader& root) {
                   Reader traffic = root.object("traffic");
                   static_cast<void>(traffic.duration("duration"));
                 }),
      R"(x.json:1:13: at /traffic: expected the key "duration", saw no such key; add for example "duration": "1h")");
}

TEST(Reader, GivesAnExampleOfEachKind) {
  const auto example = [](const std::function<void(Reader&)>& load) {
    const std::string message = message_of("{}", load);
    return message.substr(message.find("\"v\": ") + 5);
  };
  EXPECT_EQ(example(integer), "1");
  EXPECT_EQ(example(reading([](Reader& root) { return root.integer("v", {.min = 100}); })), "100");
  EXPECT_EQ(example(duration), R"("1h")");
  EXPECT_EQ(example(instant), R"("2026-03-02T14:00:00Z")");
  EXPECT_EQ(example(share), "0.02");
  EXPECT_EQ(example(text), R"("...")");
  EXPECT_EQ(example(word), R"("constant")");
  EXPECT_EQ(example(order), R"("fifo")");
  EXPECT_EQ(example(boolean), "true");
  EXPECT_EQ(example(object), "{...}");
  EXPECT_EQ(example(array), "[...]");
}

TEST(Reader, ListsAllMissingKeysAtOnceAndTheMisspeltOnes) {
  const auto load = [](Reader& root) {
    root.require({{"seed", "7"}, {"start", R"("2026-03-02T14:00:00Z")"}, {"duration", R"("1h")"}});
  };
  EXPECT_EQ(
      message_of("{\n\"duratoin\": \"1h\", \"seed\": 7}", load),
      R"(x.json:1:1: expected the keys "start" and "duration", saw none of them; )"
      R"(add for example "start": "2026-03-02T14:00:00Z", "duration": "1h"; or is "duratoin" on line 2 meant?)");
}

TEST(ReaderDeathTest, BreaksItsContractWhenItIsNotDone) {
  const Document document = parse_document(R"({"typo": 1})", "x.json");
  EXPECT_DEATH({ Reader root{document}; }, "call done\\(\\) on every Reader");
}

TEST(Reader, NeedsNoDoneWhenAMistakeEndsIt) {
  const Document document = parse_document("{}", "x.json");
  EXPECT_THROW(
      {
        Reader root{document};
        static_cast<void>(root.integer("a"));
      },
      InputError);
}

}  // namespace
}  // namespace rushhour::scenario
