#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/shape.hpp>

#include "bakery.hpp"

namespace rushhour::aws {
namespace {

using bakery::Order;

constexpr Members members = Described<Order>::members;

std::optional<std::string> complaint(const Order& order) { return violation(members, &order); }

constexpr std::string_view prefix = "1 validation error detected: Value ";

TEST(Shape, OfATypeIsThatOfWhatItHolds) {
  const Kind expected[] = {Kind::string, Kind::integer, Kind::boolean, Kind::timestamp, Kind::structure,
                           Kind::list,   Kind::list,    Kind::map,     Kind::string};
  ASSERT_EQ(members.size(), std::size(expected));
  for (std::size_t i = 0; i < members.size(); ++i)
    EXPECT_EQ(members[i].shape->kind, expected[i]) << members[i].name;
}

TEST(Shape, IsPresentWhereAnOptionalHoldsOrAListHasElements) {
  const Order empty;
  const Order full = bakery::birthday();
  for (const Member& member : members) {
    EXPECT_EQ(member.shape->present(member.in(&empty)), member.name == "Cake") << member.name;
    EXPECT_TRUE(member.shape->present(member.in(&full))) << member.name;
  }
}

TEST(Member, HoldsWhatItsShapeGetsAndNothingWhereItIsAbsent) {
  const Order empty;
  const Order full = bakery::birthday();
  for (const Member& member : members) {
    EXPECT_EQ(member.held(&empty) != nullptr, member.name == "Cake") << member.name;
    EXPECT_EQ(member.held(&full), member.shape->get(member.in(&full))) << member.name;
  }
}

TEST(Shape, EmplacesADefaultValue) {
  Order order;
  void* const held = members[1].shape->emplace(&order.slices);
  EXPECT_EQ(order.slices, 0);
  *static_cast<std::int64_t*>(held) = 7;
  EXPECT_EQ(order.slices, 7);
}

TEST(Violation, IsNoneForWhatKeepsEveryConstraint) { EXPECT_EQ(complaint(bakery::birthday()), std::nullopt); }

TEST(Violation, NamesTheMemberTheValueAndTheBound) {
  Order order = bakery::birthday();
  order.cake = "S";
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'S' at 'cake' failed to satisfy constraint: Member must have length "
                                  "greater than or equal to 2");
  order.cake = "Schwarzwaelder";
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'Schwarzwaelder' at 'cake' failed to satisfy constraint: Member "
                                  "must have length less than or equal to 12");
  order = bakery::birthday();
  order.slices = 25;
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'25' at 'slices' failed to satisfy constraint: Member must have "
                                  "value less than or equal to 24");
  order.slices = 0;
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'0' at 'slices' failed to satisfy constraint: Member must have "
                                  "value greater than or equal to 1");
}

TEST(Violation, ShowsThePattern) {
  Order order = bakery::birthday();
  order.cake = "a cake";
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'a cake' at 'cake' failed to satisfy constraint: Member must "
                                  "satisfy regular expression pattern: [A-Za-z]*");
}

TEST(Violation, TakesTheBoundsThemselves) {
  Order order = bakery::birthday();
  for (const char* cake : {"ab", "abcdefghijkl"}) {
    order.cake = cake;
    EXPECT_EQ(complaint(order), std::nullopt) << cake;
  }
  for (const std::int64_t slices : {1, 24}) {
    order.slices = slices;
    EXPECT_EQ(complaint(order), std::nullopt) << slices;
  }
}

/// A struct in which a length is all that can be wrong.
struct Note {
  std::string text{};
};

TEST(Violation, CountsCharactersInUnitsOfUtf16) {
  static constexpr auto row = required<&Note::text>("Text", length(3, 4));
  const auto is_refused = [](std::string text) {
    const Note note{std::move(text)};
    return violation(Members{&row, 1}, &note).has_value();
  };
  EXPECT_FALSE(is_refused("abc"));
  EXPECT_TRUE(is_refused("\u00e9\u00e9")) << "four bytes, two units";
  EXPECT_FALSE(is_refused("\u00e9\u00e9\u00e9\u00e9")) << "eight bytes, four units";
  EXPECT_TRUE(is_refused("\U0001f370")) << "four bytes, two units";
  EXPECT_FALSE(is_refused("\U0001f370\U0001f370")) << "eight bytes, four units";
  EXPECT_TRUE(is_refused("\U0001f370\U0001f370.")) << "five units";
}

TEST(Violation, LooksIntoStructuresAndLists) {
  Order order = bakery::birthday();
  order.glaze->grams = 501;
  EXPECT_NE(complaint(order).value_or("").find("'501' at 'glaze.grams'"), std::string::npos);
  order = bakery::birthday();
  order.toppings[1].name = "x";
  EXPECT_NE(complaint(order).value_or("").find("'x' at 'toppings.2.member.name'"), std::string::npos);
}

TEST(Violation, NeverShowsASecret) {
  Order order = bakery::birthday();
  order.passphrase = "far too long";
  EXPECT_EQ(complaint(order), std::string{prefix} +
                                  "'***' at 'passPhrase' failed to satisfy constraint: Member must "
                                  "have length less than or equal to 8");
}

TEST(Violation, OfAnAbsentMemberComesBeforeThatOfItsDefault) {
  const Order order;
  EXPECT_EQ(violation(members, &order, {.absent = {"Cake"}}),
            std::string{prefix} + "null at 'cake' failed to satisfy constraint: Member must not be null");
}

TEST(LowerCamel, LowersTheFirstLetterOnly) {
  EXPECT_EQ(lower_camel("RoleArn"), "roleArn");
  EXPECT_EQ(lower_camel("ARN"), "aRN");
  EXPECT_EQ(lower_camel("already"), "already");
  EXPECT_EQ(lower_camel(""), "");
}

}  // namespace
}  // namespace rushhour::aws
