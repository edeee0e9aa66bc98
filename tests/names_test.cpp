#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/names.hpp>

namespace rushhour {
namespace {

TEST(Names, GiveDenseIdsInOrderOfFirstSight) {
  Names names;
  EXPECT_EQ(index(names.intern("sts:AssumeRole")), 1U);
  EXPECT_EQ(index(names.intern("sts:GetCallerIdentity")), 2U);
  EXPECT_EQ(index(names.intern("sts:AssumeRole")), 1U);
  EXPECT_EQ(names.size(), 3U);
}

TEST(Names, KnowTheEmptyTextFromTheStart) {
  Names names;
  EXPECT_EQ(names.intern(""), Name{});
  EXPECT_EQ(names.text(Name{}), "");
  EXPECT_EQ(names.size(), 1U);
}

TEST(Names, KeepTheirTextsWhereTheyAre) {
  Names names;
  std::vector<std::string_view> views;
  std::vector<Name> ids;
  for (int i = 0; i < 5'000; ++i) {
    ids.push_back(names.intern("name " + std::to_string(i)));  // short enough to lie inside its string
    views.push_back(names.text(ids.back()));
  }
  for (int i = 0; i < 5'000; ++i) {
    const auto at = static_cast<std::size_t>(i);
    ASSERT_EQ(views[at], "name " + std::to_string(i));
    ASSERT_EQ(names.text(ids[at]).data(), views[at].data());
    ASSERT_EQ(names.intern(views[at]), ids[at]);
  }
}

TEST(Names, TellTextsWithZeroBytesApart) {
  using namespace std::string_view_literals;
  Names names;
  EXPECT_NE(names.intern("a"), names.intern("a\0"sv));
  EXPECT_EQ(names.text(names.intern("a\0"sv)).size(), 2U);
}

TEST(NamesDeathTest, RefuseANameOfAnotherTable) {
  Names names;
  EXPECT_DEATH((void)names.text(Name{1}), "the name belongs to another table");
}

}  // namespace
}  // namespace rushhour
