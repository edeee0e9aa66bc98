#include <rushhour/elastic/exceptions.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <rushhour/event/json.hpp>

#include "raw_schema.hpp"

namespace rushhour::elastic {
namespace {

using event::FieldType;
using testing::ElementsAre;
using testing::HasSubstr;

const Instant now = *parse_iso8601("2026-03-02T14:00:00Z");

const RawSchema schema{{{"source.ip", FieldType::ip},
                        {"source.port", FieldType::integer},
                        {"ratio", FieldType::real},
                        {"mfa", FieldType::boolean},
                        {"created", FieldType::date},
                        {"message", FieldType::text},
                        {"files", FieldType::nested},
                        {"files.size", FieldType::integer}}};

/// The name of the item that excepts the event; empty when none does.
std::string which(std::string_view list, std::string_view event, Instant at = now) {
  const Exceptions exceptions{parse_exceptions(list, "e.json"), schema};
  event::Arena scratch;
  const event::Event document = event::from_json(event);
  const ExceptionItem* const item = exceptions.which(document, scratch, at);
  return item == nullptr ? std::string{} : item->name;
}

std::string item(std::string_view entries, std::string_view name = "it") {
  return "{\"name\": \"" + std::string{name} + "\", \"entries\": [" + std::string{entries} + "]}";
}

/// Whether one entry on field `f` with these keys excepts an event.
bool excepts(std::string_view entry, std::string_view event, std::string_view field = "f") {
  return !which("[" + item("{\"field\": \"" + std::string{field} + "\", " + std::string{entry} + "}") + "]",
                event)
              .empty();
}

std::string mistake(std::string_view text) {
  try {
    const Exceptions exceptions{parse_exceptions(text, "e.json"), schema};
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

constexpr std::string_view is_a = R"("type": "match", "operator": "included", "value": "a")";
constexpr std::string_view is_not_a = R"("type": "match", "operator": "excluded", "value": "a")";

TEST(Exceptions, MatchTheExactTextOfAKeyword) {
  EXPECT_TRUE(excepts(is_a, R"({"f": "a"})"));
  EXPECT_FALSE(excepts(is_a, R"({"f": "A"})"));
  EXPECT_FALSE(excepts(is_a, R"({"f": "ab"})"));
  EXPECT_FALSE(excepts(is_a, R"({"g": "a"})"));
  EXPECT_TRUE(excepts(is_a, R"({"f": ["b", "a"]})")) << "any of several values";
  EXPECT_TRUE(excepts(R"("type": "match", "operator": "included", "value": "true")", R"({"f": true})"));
  EXPECT_TRUE(excepts(R"("type": "match", "operator": "included", "value": "5")", R"({"f": 5})"));
}

TEST(Exceptions, MatchWhatIsNotThereWhenExcluded) {
  EXPECT_FALSE(excepts(is_not_a, R"({"f": "a"})"));
  EXPECT_FALSE(excepts(is_not_a, R"({"f": ["b", "a"]})"));
  EXPECT_TRUE(excepts(is_not_a, R"({"f": "b"})"));
  EXPECT_TRUE(excepts(is_not_a, R"({"g": "a"})"));
}

TEST(Exceptions, MatchAnyOfSeveralValues) {
  constexpr std::string_view any = R"("type": "match_any", "operator": "included", "value": ["a", "b"])";
  EXPECT_TRUE(excepts(any, R"({"f": "b"})"));
  EXPECT_FALSE(excepts(any, R"({"f": "c"})"));
  constexpr std::string_view none = R"("type": "match_any", "operator": "excluded", "value": ["a", "b"])";
  EXPECT_FALSE(excepts(none, R"({"f": "b"})"));
  EXPECT_TRUE(excepts(none, R"({"f": "c"})"));
}

TEST(Exceptions, AskWhetherAFieldExists) {
  constexpr std::string_view exists = R"("type": "exists", "operator": "included")";
  EXPECT_TRUE(excepts(exists, R"({"f": ""})"));
  EXPECT_FALSE(excepts(exists, R"({"f": null})"));
  EXPECT_FALSE(excepts(exists, R"({"f": []})"));
  EXPECT_FALSE(excepts(exists, R"({})"));
  constexpr std::string_view missing = R"("type": "exists", "operator": "excluded")";
  EXPECT_TRUE(excepts(missing, R"({})"));
  EXPECT_FALSE(excepts(missing, R"({"f": 0})"));
}

TEST(Exceptions, MatchWildcards) {
  const auto matches = [](std::string_view pattern, std::string_view text) {
    return excepts(
        "\"type\": \"wildcard\", \"operator\": \"included\", \"value\": \"" + std::string{pattern} + "\"",
        "{\"f\": \"" + std::string{text} + "\"}");
  };
  EXPECT_TRUE(matches("aws-cli/*", "aws-cli/2.17"));
  EXPECT_FALSE(matches("aws-cli/*", "AWS-cli/2.17"));
  EXPECT_FALSE(matches("aws-cli/*", "x aws-cli/2.17"));
  EXPECT_TRUE(matches("*boto*3", "a boto boto 3"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_TRUE(matches("a?c",
                      "a\xc3\xa9"
                      "c"))
      << "a character, not a byte";
  EXPECT_FALSE(matches("a?c", "ac"));
  EXPECT_TRUE(matches(R"(a\\*c)", "a*c"));
  EXPECT_FALSE(matches(R"(a\\*c)", "abc"));
  EXPECT_TRUE(matches("*ab", "aab"));
  EXPECT_FALSE(matches("", "a"));
  constexpr std::string_view word = R"("type": "wildcard", "operator": "included", "value": "Den?ed")";
  EXPECT_TRUE(excepts(word, R"({"message": "Access DENIED to it"})", "message")) << "a word, in any case";
  EXPECT_FALSE(excepts(word, R"({"message": "Access denie d"})", "message"));
}

TEST(Exceptions, CompareAsTheMappingDoes) {
  const auto is = [](std::string_view field, std::string_view value, std::string_view event) {
    return excepts(
        "\"type\": \"match\", \"operator\": \"included\", \"value\": \"" + std::string{value} + "\"", event,
        field);
  };
  EXPECT_TRUE(is("source.ip", "10.0.0.0/8", R"({"source": {"ip": "10.1.2.3"}})"));
  EXPECT_FALSE(is("source.ip", "10.0.0.0/8", R"({"source": {"ip": "11.1.2.3"}})"));
  EXPECT_TRUE(is("source.ip", "2001:db8::1", R"({"source": {"ip": "2001:db8:0::1"}})"));
  EXPECT_FALSE(is("source.ip", "10.0.0.0/8", R"({"source": {"ip": "cloudtrail.amazonaws.com"}})"));
  EXPECT_TRUE(is("source.port", "443", R"({"source": {"port": 443}})"));
  EXPECT_TRUE(is("source.port", "443.0", R"({"source": {"port": "443"}})"));
  EXPECT_TRUE(is("ratio", "0.5", R"({"ratio": 0.5})"));
  EXPECT_TRUE(is("mfa", "false", R"({"mfa": "false"})"));
  EXPECT_FALSE(is("mfa", "false", R"({"mfa": true})"));
  EXPECT_TRUE(is("created", "2026-03-02", R"({"created": "2026-03-02T23:59:59.999Z"})"));
  EXPECT_FALSE(is("created", "2026-03-02", R"({"created": "2026-03-03T00:00:00Z"})"));
  EXPECT_TRUE(is("created", "2026-03-02T14:00", R"({"created": 1772460059000})"));
  EXPECT_TRUE(is("message", "Access DENIED", R"({"message": "user's access denied."})"));
  EXPECT_FALSE(is("message", "denied access", R"({"message": "user's access denied."})"));
  EXPECT_FALSE(is("message", "deni", R"({"message": "user's access denied."})"));
}

TEST(Exceptions, JoinEntriesByAndAndItemsByOr) {
  const std::string both = item(R"({"field": "a", "type": "match", "operator": "included", "value": "1"},
                                   {"field": "b", "type": "match", "operator": "included", "value": "2"})",
                                "both");
  const std::string one = item(R"({"field": "c", "type": "exists", "operator": "included"})", "one");
  const std::string list = "[" + both + "," + one + "]";
  EXPECT_EQ(which(list, R"({"a": "1", "b": "2", "c": 1})"), "both") << "the first that matches";
  EXPECT_EQ(which(list, R"({"a": "1"})"), "");
  EXPECT_EQ(which(list, R"({"a": "1", "c": 1})"), "one");
}

TEST(Exceptions, AskValueLists) {
  const auto in_list = [](std::string_view field, std::string_view type, std::string_view op,
                          std::string_view values, std::string_view event) {
    return which("{\"items\": [" +
                     item("{\"field\": \"" + std::string{field} + "\", \"type\": \"list\", \"operator\": \"" +
                          std::string{op} + "\", \"list\": {\"id\": \"l\", \"type\": \"" + std::string{type} +
                          "\"}}") +
                     "], \"lists\": {\"l\": " + std::string{values} + "}}",
                 event) == "it";
  };
  EXPECT_TRUE(in_list("f", "keyword", "included", R"(["a", "b"])", R"({"f": "b"})"));
  EXPECT_FALSE(in_list("f", "keyword", "included", R"(["a", "b"])", R"({"f": "c"})"));
  EXPECT_TRUE(in_list("f", "keyword", "excluded", R"(["a", "b"])", R"({"f": "c"})"));
  EXPECT_FALSE(in_list("f", "keyword", "included", "[]", R"({"f": "c"})"));
  EXPECT_TRUE(in_list("f", "keyword", "included", R"(["a", "5"])", R"({"f": 5.0})"));
  EXPECT_TRUE(in_list("f", "keyword", "included", R"(["true", "5"])", R"({"f": true})"));
  EXPECT_TRUE(in_list("source.port", "long", "included", R"([80, "443"])", R"({"source.port": 443})"));
  constexpr std::string_view office = R"(["192.0.2.0/24", "198.51.100.7", "203.0.113.5-203.0.113.9"])";
  const auto from = [&](std::string_view address) {
    return in_list("source.ip", "ip_range", "included", office,
                   "{\"source.ip\": \"" + std::string{address} + "\"}");
  };
  EXPECT_TRUE(from("192.0.2.255"));
  EXPECT_TRUE(from("198.51.100.7"));
  EXPECT_TRUE(from("203.0.113.5"));
  EXPECT_TRUE(from("203.0.113.9"));
  EXPECT_FALSE(from("203.0.113.10"));
  EXPECT_FALSE(from("198.51.100.8"));
  EXPECT_FALSE(from("::cb00:7107"));
  EXPECT_TRUE(in_list("source.ip", "ip_range", "included",
                      R"(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "10.255.255.0-11.0.0.9"])",
                      R"({"source.ip": "11.0.0.9"})"))
      << "ranges may overlap";
  EXPECT_TRUE(in_list("source.ip", "ip_range", "included", R"(["10.0.0.0/8", "10.1.0.0/16"])",
                      R"({"source.ip": "10.2.0.1"})"));
  EXPECT_TRUE(
      in_list("message", "text", "included", R"(["denied access"])", R"({"message": "access was denied"})"))
      << "all words, in any order";
}

TEST(Exceptions, MatchOneObjectOfANestedField) {
  const std::string list = "[" + item(R"({"field": "files", "type": "nested", "entries": [
      {"field": "name", "type": "match", "operator": "included", "value": "a"},
      {"field": "size", "type": "match", "operator": "included", "value": "5"}]})") +
                           "]";
  EXPECT_EQ(which(list, R"({"files": [{"name": "b", "size": 5}, {"name": "a", "size": 5}]})"), "it");
  EXPECT_EQ(which(list, R"({"files": [{"name": "a", "size": 4}, {"name": "b", "size": 5}]})"), "")
      << "not two halves of different objects";
  EXPECT_EQ(which(list, R"({"files": [{"name": "a", "size": "5.9"}]})"), "it")
      << "as a field of integers has it";
  const std::string other = "[" + item(R"({"field": "files", "type": "nested", "entries": [
      {"field": "hash.sha256", "type": "exists", "operator": "excluded"}]})") +
                            "]";
  EXPECT_EQ(which(other, R"({"files": [{"hash": {"sha256": "x"}}, {"hash": {"md5": "y"}}]})"), "it");
  EXPECT_EQ(which(other, R"({"files": [{"hash": {"sha256": "x"}}]})"), "");
  EXPECT_EQ(which(other, R"({})"), "") << "no object, nothing to match";
}

TEST(Exceptions, ExpireAtTheirInstant) {
  const std::string list =
      "[{\"name\": \"it\", \"expire_time\": \"2026-03-02T14:00:00.000Z\", \"entries\": [{\"field\": \"f\", " +
      std::string{is_a} + "}]}]";
  EXPECT_EQ(which(list, R"({"f": "a"})", now - Duration{1}), "it");
  EXPECT_EQ(which(list, R"({"f": "a"})", now), "");
}

TEST(ExceptionFile, IsWhatTheApiOrTheExportGives) {
  const std::string first =
      R"({"item_id": "i1", "list_id": "l", "type": "simple", "name": "one", "os_types": [], "entries": [{"field": "f", )" +
      std::string{is_a} + "}]}";
  EXPECT_EQ(parse_exceptions("[" + first + "," + first + "]").items.size(), 2U);
  EXPECT_EQ(parse_exceptions(R"({"items": [)" + first + "]}").items.size(), 1U);
  EXPECT_EQ(parse_exceptions(R"({"data": [)" + first + R"(], "page": 1, "total": 1})").items.size(), 1U);
  EXPECT_EQ(parse_exceptions(first).items.size(), 1U);
  EXPECT_TRUE(parse_exceptions("").items.empty());
  EXPECT_TRUE(parse_exceptions("[]").items.empty());

  const ExceptionList list = parse_exceptions(R"({"list_id": "l", "type": "detection", "name": "header"})"
                                              "\n" +
                                                  first + "\n" +
                                                  R"({"list_id": "v", "value": "a"})"
                                                  "\n"
                                                  R"({"list_id": "v", "value": "b", "type": "keyword"})"
                                                  "\n"
                                                  R"({"exported_exception_list_count": 1})"
                                                  "\n",
                                              "e.ndjson");
  ASSERT_EQ(list.items.size(), 1U);
  EXPECT_EQ(list.items[0].item_id, "i1");
  EXPECT_EQ(list.items[0].list_id, "l");
  EXPECT_EQ(list.items[0].place.line, 2U);
  EXPECT_THAT(list.lists.at("v"), ElementsAre("a", "b"));
}

TEST(ExceptionFile, SaysWhereItIsWrong) {
  EXPECT_EQ(mistake("[\n  {\"name\": \"x\"}]"),
            "e.json:2:3: at /0: expected a key \"entries\": the conditions of an exception item, saw none; a "
            "file has "
            "items, {\"items\": [...], \"lists\": {...}} or Kibana's export");
  EXPECT_THAT(mistake("[" + item("") + "]"),
              HasSubstr("e.json:1:28: at /0/entries: expected at least one condition"));
  EXPECT_THAT(
      mistake("[" + item(R"({"field": "f", "type": "is", "operator": "included"})") + "]"),
      HasSubstr("e.json:1:52: at /0/entries/0/type: expected match, match_any, exists, wildcard, list or "
                "nested, saw \"is\""));
  EXPECT_THAT(mistake("[" + item(R"({"field": "f", "type": "match", "value": "a"})") + "]"),
              HasSubstr("at /0/entries/0: expected a key \"operator\": included or excluded"));
  EXPECT_THAT(mistake("[" + item(R"({"field": "f", "type": "match", "operator": "included"})") + "]"),
              HasSubstr("expected a key \"value\""));
  EXPECT_THAT(mistake("[{\"entries\": [}]"), HasSubstr("e.json:1:15: expected JSON, saw \"}]\""));
  EXPECT_THAT(
      mistake(
          "[" +
          item(
              R"({"field": "f", "type": "list", "operator": "included", "list": {"id": "l", "type": "keyword"}})") +
          "]"),
      HasSubstr("at /0/entries/0: expected the values of list \"l\", saw none; give them in the same file"));
  EXPECT_THAT(
      mistake(
          R"([{"entries": [{"field": "f", "type": "exists", "operator": "included"}], "expire_time": "soon"}])"),
      HasSubstr("at /0/expire_time: expected an instant"));
}

TEST(ExceptionFile, RefusesWhatElasticsearchWouldFailFor) {
  const auto with = [](std::string_view field, std::string_view type, std::string_view value) {
    return mistake("[" +
                   item("{\"field\": \"" + std::string{field} + "\", \"type\": \"" + std::string{type} +
                        "\", \"operator\": \"included\", \"value\": \"" + std::string{value} + "\"}") +
                   "]");
  };
  EXPECT_THAT(with("source.port", "match", "https"),
              HasSubstr("expected a number, for a field of numbers, saw \"https\""));
  EXPECT_THAT(with("source.ip", "match", "office"), HasSubstr("expected an address or a network"));
  EXPECT_THAT(with("source.ip", "wildcard", "10.*"), HasSubstr("expected a field of texts"));
  EXPECT_THAT(with("mfa", "match", "yes"), HasSubstr("expected true or false"));
  EXPECT_THAT(with("created", "match", "today"), HasSubstr("expected a date"));
  EXPECT_THAT(
      mistake(
          "[" +
          item(
              R"({"field": "g", "type": "nested", "entries": [{"field": "x", "type": "exists", "operator": "included"}]})") +
          "]"),
      HasSubstr("expected a nested field"));
  EXPECT_THAT(
      mistake(
          R"({"items": [)" +
          item(
              R"({"field": "f", "type": "list", "operator": "included", "list": {"id": "l", "type": "ip_range"}})") +
          R"(], "lists": {"l": ["10.0.0.0/8"]}})"),
      HasSubstr("expected a field of addresses for a list of ranges"));
}

}  // namespace
}  // namespace rushhour::elastic
