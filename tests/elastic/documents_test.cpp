#include <rushhour/elastic/documents.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include <rushhour/event/json.hpp>

#include "kql_types.hpp"

namespace rushhour::elastic {
namespace {

/// The field's value as JSON.
std::string read(std::string_view name, std::string_view document) {
  const Documents documents{type_by_name};
  const event::Event event = event::from_json(document);
  event::Arena scratch;
  return event::to_json(documents.field(name)->read(event, scratch));
}

TEST(Documents, ReadFlatNestedAndMixedKeys) {
  for (const std::string_view document :
       {R"({"a.b.c": 1})", R"({"a": {"b": {"c": 1}}})", R"({"a.b": {"c": 1}})", R"({"a": {"b.c": 1}})"}) {
    EXPECT_EQ(read("a.b.c", document), "1") << document;
    EXPECT_EQ(read("a.b", document), "null") << document;
    EXPECT_EQ(read("a.b.c.d", document), "null") << document;
    EXPECT_EQ(read("A.b.c", document), "null") << document;
    EXPECT_EQ(read("a.b.", document), "null") << document;
    EXPECT_EQ(read("", document), "null") << document;
  }
  EXPECT_EQ(read("a.b", R"({"a.b": 1, "a": {"b": 2}})"), "[1,2]");
}

TEST(Documents, FlattenArraysOfObjectsAndTakeNullsOut) {
  EXPECT_EQ(read("resources.arn", R"({"resources": [{"arn": "a"}, {"arn": "b"}]})"), R"(["a","b"])");
  EXPECT_EQ(read("resources.arn", R"({"resources": [{"arn": "a"}, {}, {"arn": null}, "x"]})"), R"("a")");
  EXPECT_EQ(read("a", R"({"a": [1, null, [2, [3, null]], []]})"), "[1,2,3]");
  EXPECT_EQ(read("a", R"({"a": [null, [null]]})"), "null");
  EXPECT_EQ(read("a", R"({"a": []})"), "null");
  EXPECT_EQ(read("a", R"({"a": ["x"]})"), R"("x")");
  EXPECT_EQ(read("a.b", R"({"a": [{"b": [1, 2]}, {"b": [3, 4, 5, 6, 7, 8, 9, 10]}, {"b": 11}]})"),
            "[1,2,3,4,5,6,7,8,9,10,11]");
}

TEST(Documents, KeepJsonsTypes) {
  EXPECT_EQ(read("k", R"({"k": [1, 1.5, true, "x", ""]})"), R"([1,1.5,true,"x",""])");
}

TEST(Documents, GiveNestedFieldsWholeAndFlattenedOnesAsTexts) {
  EXPECT_EQ(read("n", R"({"n": [{"k": 1}, [{"k": 2}], 5]})"), R"([{"k":1},{"k":2}])");
  EXPECT_EQ(read("n", R"({"n": {"k": 1}})"), R"({"k":1})");
  EXPECT_EQ(read("k", R"({"k": {"a": 1}})"), "null");
  EXPECT_EQ(read("flat.a", R"({"flat": {"a": 22}})"), R"("22")");
  EXPECT_EQ(read("flat.a", R"({"flat": {"a": [true, "x", {"b": 1.5}]}})"), R"(["true","x","1.5"])");
  EXPECT_EQ(read("flat", R"({"flat": {"a": {"b": 1}, "c": ["x", null]}})"), R"(["1","x"])");
}

TEST(Documents, TellTypesByNameAndKnowKeywordsOtherwise) {
  EXPECT_EQ(Documents{type_by_name}.type("ip"), event::FieldType::ip);
  EXPECT_EQ(Documents{}.type("anything"), event::FieldType::keyword);
}

TEST(Documents, VisitEveryFieldWithAValueInOrderOfNames) {
  const Documents documents{type_by_name};
  const event::Event event = event::from_json(
      R"({"z": 1, "a": {"c": [1, null], "b": [{"x": 1}, {"x": [2, 3]}]}, "a.c": "q", "e": {}, "f": null,
          "flat": {"y": 5}, "k.v": ""})");
  event::Arena scratch;
  std::string seen;
  documents.for_each(event, scratch, [&](std::string_view name, const event::Value& value) {
    seen += std::string{name} + '=' + event::to_json(value) + ' ';
  });
  EXPECT_EQ(seen, R"(a.b.x=[1,2,3] a.c=[1,"q"] flat.y="5" k.v="" z=1 )");
}

/// Slot 0 is an object, slot 1 a text.
class TwoSlots final : public event::SlotMaker {
 public:
  event::Value make(const event::Event&, std::uint32_t slot, event::Arena& arena) const override {
    if (slot == 0) return object(arena, {{"b", "from the slot"}});
    return "text";
  }
};

TEST(Documents, SayWhatIsTheSameInEveryEventOfALayout) {
  event::Arena arena;
  const event::Value root = object(arena, {{"constant", "x"},
                                           {"slot", event::Value::slot(1)},
                                           {"object", event::Value::slot(0)},
                                           {"list", array(arena, {"a", "b"})},
                                           {"mixed", array(arena, {"a", event::Value::slot(1)})},
                                           {"deep", object(arena, {{"k", 5}})}});
  const auto layout = event::Layout::make(std::move(arena), root);
  const Documents documents;
  const auto constant = [&](std::string_view name) { return documents.field(name)->constant(*layout); };
  EXPECT_EQ(constant("constant"), event::Value{"x"});
  EXPECT_EQ(constant("deep.k"), event::Value{5});
  EXPECT_EQ(constant("missing"), event::Value{});
  EXPECT_EQ(constant("constant.more"), event::Value{});
  EXPECT_EQ(constant("deep"), event::Value{});
  EXPECT_EQ(constant("slot"), std::nullopt);
  EXPECT_EQ(constant("slot.more"), std::nullopt);
  EXPECT_EQ(constant("object.b"), std::nullopt);
  EXPECT_EQ(constant("mixed"), std::nullopt);
  EXPECT_EQ(constant("list"), std::nullopt);

  const TwoSlots maker;
  event::Event event;
  event.assign({}, *layout, maker);
  event::Arena scratch;
  const auto value = [&](std::string_view name) {
    return event::to_json(documents.field(name)->read(event, scratch));
  };
  EXPECT_EQ(value("object.b"), R"("from the slot")");
  EXPECT_EQ(value("slot"), R"("text")");
  EXPECT_EQ(value("mixed"), R"(["a","text"])");
  EXPECT_EQ(value("list"), R"(["a","b"])");
}

}  // namespace
}  // namespace rushhour::elastic
