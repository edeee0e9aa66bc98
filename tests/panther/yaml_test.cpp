#include <rushhour/panther/yaml.hpp>

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::panther {
namespace {

/// What a document means, as JSON.
std::string json(const std::string& text) { return to_json(parse_yaml(text, "x.yml")); }

/// What is said of a document that is none.
std::string mistake(const std::string& text) {
  try {
    return "read as " + json(text);
  } catch (const InputError& error) {
    return error.what();
  }
}

struct Scalar {
  std::string written{};
  std::string json{};
};

class CoreSchema : public testing::TestWithParam<Scalar> {};

// YAML 1.2.2, section 10.3.2, "Tag Resolution" of the core schema.
INSTANTIATE_TEST_SUITE_P(
    Scalars, CoreSchema,
    testing::Values(
        Scalar{"null", "null"}, Scalar{"Null", "null"}, Scalar{"NULL", "null"}, Scalar{"~", "null"},
        Scalar{"", "null"}, Scalar{"nULL", R"("nULL")"}, Scalar{"true", "true"}, Scalar{"True", "true"},
        Scalar{"TRUE", "true"}, Scalar{"false", "false"}, Scalar{"tRUE", R"("tRUE")"},
        Scalar{"yes", R"("yes")"}, Scalar{"No", R"("No")"}, Scalar{"on", R"("on")"},
        Scalar{"off", R"("off")"}, Scalar{"y", R"("y")"}, Scalar{"0", "0"}, Scalar{"-19", "-19"},
        Scalar{"+12", "12"}, Scalar{"012", "12"}, Scalar{"0o14", "12"}, Scalar{"0xC", "12"},
        Scalar{"0b11", R"("0b11")"}, Scalar{"-0o14", R"("-0o14")"}, Scalar{"1_000", R"("1_000")"},
        Scalar{"9223372036854775807", "9223372036854775807"},
        Scalar{"-9223372036854775808", "-9223372036854775808"},
        Scalar{"9223372036854775808", "9223372036854775808.0"},
        Scalar{"123456789012345678901234567890", "1.2345678901234568e+29"}, Scalar{"1.5", "1.5"},
        Scalar{"-2E+05", "-2e+05"}, Scalar{".5", "0.5"}, Scalar{"5.", "5.0"}, Scalar{"1e3", "1000.0"},
        Scalar{".", R"(".")"}, Scalar{"1e", R"("1e")"}, Scalar{"1.2.3.4", R"("1.2.3.4")"},
        Scalar{"12:30:45", R"("12:30:45")"}, Scalar{"2026-03-02", R"("2026-03-02")"},
        Scalar{"2026-03-02 14:00:00.000", R"("2026-03-02 14:00:00.000")"}, Scalar{"'12'", R"("12")"},
        Scalar{"\"true\"", R"("true")"}, Scalar{"'~'", R"("~")"}, Scalar{"!!str 12", R"("12")"},
        Scalar{"!!int 12", "12"}, Scalar{"!!float 3", "3.0"}, Scalar{"|\n  a\n  b\n", R"("a\nb\n")"},
        Scalar{">-\n  a\n  b\n", R"("a b")"}, Scalar{"\"\\u00e9\"", "\"\u00e9\""}));

TEST_P(CoreSchema, DecidesWhatAScalarIs) {
  EXPECT_EQ(json("k: " + GetParam().written), "{\"k\":" + GetParam().json + "}");
}

TEST(Yaml, KnowsInfinitiesAndNoNumber) {
  const YamlValue read = parse_yaml("[.inf, -.Inf, +.INF, .nan, .NaN]", "x.yml");
  EXPECT_EQ(read.children[0].real, INFINITY);
  EXPECT_EQ(read.children[1].real, -INFINITY);
  EXPECT_EQ(read.children[2].real, INFINITY);
  EXPECT_TRUE(std::isnan(read.children[3].real));
  EXPECT_TRUE(std::isnan(read.children[4].real));
}

TEST(Yaml, ReadsSequencesAndMappingsInBothStyles) {
  EXPECT_EQ(json("a: [1, {b: 2}]\nc:\n  - d\n  - e: 1\n    f: 2\n"),
            R"({"a":[1,{"b":2}],"c":["d",{"e":1,"f":2}]})");
  EXPECT_EQ(json(""), "null");
  EXPECT_EQ(json("# nothing\n"), "null");
  EXPECT_EQ(json("{}"), "{}");
}

TEST(Yaml, MakesTextsOfKeys) {
  EXPECT_EQ(json("404: a\ntrue: b\n~: c\n1.5: d"), R"({"404":"a","true":"b","null":"c","1.5":"d"})");
}

TEST(Yaml, KnowsWhereThingsAre) {
  const YamlValue read = parse_yaml("a: 1\nb:\n  c: [x, yy]\n", "x.yml");
  const YamlValue& c = read.children[1].children[0];
  EXPECT_EQ(c.key_line, 3U);
  EXPECT_EQ(c.key_column, 3U);
  EXPECT_EQ(c.children[1].line, 3U);
  EXPECT_EQ(c.children[1].column, 10U);
}

TEST(Yaml, CopiesWhatAnAliasNames) {
  EXPECT_EQ(json("a: &x {p: 1, q: [2]}\nb: *x\nc: &y 5\nd: *y"),
            R"({"a":{"p":1,"q":[2]},"b":{"p":1,"q":[2]},"c":5,"d":5})");
}

TEST(Yaml, MergesAsPyYamlDoes) {
  const std::string base = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\n";
  const auto merged = [&](const std::string& more) {
    const YamlValue read = parse_yaml(base + more, "x.yml");
    return to_json(*read.find("m"));
  };
  EXPECT_EQ(merged("m:\n  <<: *a\n  y: 9\n"), R"({"x":1,"y":9})");
  EXPECT_EQ(merged("m:\n  y: 9\n  <<: *a\n"), R"({"x":1,"y":9})");
  EXPECT_EQ(merged("m:\n  <<: [*a, *b]\n"), R"({"x":1,"y":2,"z":4})");
  EXPECT_EQ(merged("m:\n  \"<<\": 5\n"), R"({"<<":5})");
}

TEST(Yaml, RefusesAKeyThatIsGivenTwice) {
  EXPECT_EQ(mistake("a: 1\nb: 2\na: 3\n"),
            "x.yml:3:1: expected each key once, saw \"a\" again; it stands in line 1, too");
  EXPECT_EQ(mistake("k: {404: a, '404': b}"),
            "x.yml:1:13: expected each key once, saw \"404\" again; it stands in line 1, too");
}

TEST(Yaml, TellsMistakesAtTheirPlace) {
  EXPECT_EQ(mistake("a: [1, 2\nb: 3\n").substr(0, 24), "x.yml:2:2: expected YAML");
  EXPECT_EQ(mistake("a:\n\t- b\n").substr(0, 24), "x.yml:2:2: expected YAML");
  EXPECT_EQ(mistake("a: *nobody").substr(0, 24), "x.yml:1:4: expected YAML");
  EXPECT_EQ(mistake("a: &x [*x]").substr(0, 48), "x.yml:1:8: expected an alias of a value that is ");
  EXPECT_EQ(mistake("a: !mine 3").substr(0, 31), "x.yml:1:4: expected a tag of YA");
  EXPECT_EQ(mistake("a: !!int x").substr(0, 31), "x.yml:1:4: expected a scalar th");
  EXPECT_EQ(mistake("? [a]\n: 3").substr(0, 33), "x.yml:1:3: expected a scalar as k");
  EXPECT_EQ(mistake("<<: 3").substr(0, 35), "x.yml:1:5: expected for << a mappin");
  EXPECT_EQ(mistake("---\na: 1\n---\nb: 2\n").substr(0, 34), "x.yml:4:1: expected one document, ");
}

TEST(Yaml, RefusesWhatWouldFillTheMemory) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 10; ++k) text += ", " + before;
    text += "]\n";
  }
  EXPECT_NE(mistake(text).find("expected a document of at most 1000000 values"), std::string::npos);
  EXPECT_NE(mistake(std::string(300, '[') + std::string(300, ']')).find("expected at most 256 levels"),
            std::string::npos);
  EXPECT_NE(mistake(std::string(100'000, '[')).find("expected"), std::string::npos);
}

TEST(Yaml, BecomesAValueOfEvents) {
  event::Arena arena;
  event::Value value;
  {
    const YamlValue read = parse_yaml("a: {b: [1, 1.5, x, null, true]}", "x.yml");
    value = to_value(read, arena);
  }
  EXPECT_EQ(event::to_json(value), R"({"a":{"b":[1,1.5,"x",null,true]}})");
}

}  // namespace
}  // namespace rushhour::panther
