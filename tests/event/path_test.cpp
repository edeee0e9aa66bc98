#include <rushhour/event/path.hpp>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/event/event.hpp>

namespace rushhour::event {
namespace {

/// Slot n of event e holds "<e>.<n>", but slot 9 an object.
class Numbers final : public SlotMaker {
 public:
  Value make(const Event& event, std::uint32_t slot, Arena& arena) const override {
    if (slot == 9) return object(arena, {{"inner", object(arena, {{"Leaf", 5}})}});
    return arena.copy(std::to_string(event.id()) + "." + std::to_string(slot));
  }
};

std::shared_ptr<const Layout> make_layout(std::string_view constant) {
  Arena arena;
  const Value root =
      object(arena, {{"name", arena.copy(constant)},
                     {"who", object(arena, {{"arn", Value::slot(2)}, {"type", "Role"}, {"dotted.key", 1}})},
                     {"request", Value::slot(9)}});
  return Layout::make(std::move(arena), root);
}

class PathInLayout : public testing::Test {
 protected:
  Event event_of(std::uint64_t id, const Layout& layout) {
    Event event;
    event.assign({.id = id}, layout, maker_);
    return event;
  }
  Numbers maker_;
};

TEST_F(PathInLayout, CompilesToAConstantOrASlotAndTheKeysBehindIt) {
  const auto layout = make_layout("x");
  EXPECT_EQ(Path{"who.type"}.compile(*layout).node, Value{"Role"});
  EXPECT_EQ(Path{"who.arn"}.compile(*layout).node, Value::slot(2));
  const Path::Place behind = Path{"request.inner.Leaf"}.compile(*layout);
  EXPECT_EQ(behind.node, Value::slot(9));
  EXPECT_EQ(behind.keys_walked, 1U);
  EXPECT_TRUE(Path{"who.nothing.more"}.compile(*layout).node.is_null());
  EXPECT_TRUE(Path{"name.more"}.compile(*layout).node.is_null());
}

TEST_F(PathInLayout, ReadsEachEventOfEachLayout) {
  const Path name{"name"};
  const Path arn{"who.arn"};
  const Path leaf{"request.inner.Leaf"};
  std::vector<std::shared_ptr<const Layout>> layouts;
  for (int i = 0; i < 100; ++i) layouts.push_back(make_layout("layout " + std::to_string(i)));
  for (std::uint64_t id = 1; id <= 1000; ++id) {
    const std::size_t which = id * 7 % 100;
    const Event event = event_of(id, *layouts[which]);
    ASSERT_EQ(name(event), Value{"layout " + std::to_string(which)}) << id;
    ASSERT_EQ(arn(event), Value{std::to_string(id) + ".2"});
    ASSERT_EQ(leaf(event), Value{5});
  }
}

TEST_F(PathInLayout, IsNotFooledByALayoutAtTheAddressOfADeadOne) {
  const Path name{"name"};
  for (int i = 0; i < 2000; ++i) {
    const auto layout = make_layout("layout " + std::to_string(i));
    ASSERT_EQ(name(event_of(1, *layout)), Value{"layout " + std::to_string(i)});
  }
}

TEST_F(PathInLayout, ComparesKeysExactlyUnlessToldToIgnoreCase) {
  const auto layout = make_layout("x");
  const Event event = event_of(4, *layout);
  EXPECT_TRUE(Path{"WHO.ARN"}(event).is_null());
  EXPECT_EQ((Path{"WHO.ARN", Case::ignore}(event)), Value{"4.2"});
  EXPECT_EQ((Path{"Request.INNER.leaf", Case::ignore}(event)), Value{5});
  EXPECT_TRUE((Path{"request.inner.leaf"}(event)).is_null());
}

TEST_F(PathInLayout, TakesKeysWithDotsAsTheyAre) {
  const auto layout = make_layout("x");
  const Path path = Path::of_keys({"who", "dotted.key"});
  EXPECT_EQ(path(event_of(1, *layout)), Value{1});
  EXPECT_EQ(path.text(), "who.dotted.key");
  EXPECT_EQ(path.keys().size(), 2U);
}

TEST(Path, WalksAnEventThatHasItsOwnTree) {
  Arena arena;
  const Value root = object(arena, {{"a", object(arena, {{"b", array(arena, {1})}})}, {"n", nullptr}});
  Event event;
  event.assign({}, root, arena);
  EXPECT_EQ(Path{"a.b"}(event).items().size(), 1U);
  EXPECT_TRUE(Path{"a.b.c"}(event).is_null());
  EXPECT_TRUE(Path{"n.x"}(event).is_null());
  EXPECT_TRUE(Path{"x"}(event).is_null());
}

TEST(Path, NamesTheMistakeInItsText) {
  for (const std::string text : {"", ".", "a.", ".a", "a..b"}) {
    try {
      const Path path{text};
      FAIL() << text;
    } catch (const InputError& error) {
      EXPECT_EQ(std::string{error.what()},
                "expected keys joined by dots, such as \"userIdentity.arn\", saw \"" + text + '"');
    }
  }
}

}  // namespace
}  // namespace rushhour::event
