#include <rushhour/site.hpp>

#include <source_location>
#include <string>

#include <gtest/gtest.h>

#include <rushhour/names.hpp>

namespace rushhour {
namespace {

/// Reports are compared between machines: nothing of where a checkout lies may be in them.
TEST(ShownFile, IsWhereverTheSourcesLie) {
  EXPECT_EQ(shown_file("/home/me/rushhour/include/rushhour/detect/guide_enrichment.hpp"),
            "include/rushhour/detect/guide_enrichment.hpp");
  EXPECT_EQ(shown_file("/usr/include/rushhour/detect/guide_enrichment.hpp"),
            "include/rushhour/detect/guide_enrichment.hpp");
  EXPECT_EQ(shown_file("/opt/include/x/include/y.hpp"), "include/y.hpp");
  EXPECT_EQ(shown_file("/home/me/detections/src/guide.cpp"), "detections/src/guide.cpp");
  EXPECT_EQ(shown_file("/guide.cpp"), "guide.cpp");
}

TEST(ShownFile, StaysWhenACompilerTellsItRelatively) {
  EXPECT_EQ(shown_file("src/a/b/c/guide.cpp"), "src/a/b/c/guide.cpp");
  EXPECT_EQ(shown_file("./src/guide.cpp"), "src/guide.cpp");
  EXPECT_EQ(shown_file("../../src/guide.cpp"), "src/guide.cpp");
  EXPECT_EQ(shown_file(""), "");
}

TEST(Site, IsOneTextOfTwoLines) {
  const Site in_rule{.line = "rules/guide.py:31"};
  const Site in_helper{.line = "global_helpers/aws.py:12", .rule_line = "rules/guide.py:31"};
  EXPECT_EQ(to_text(in_rule), "rules/guide.py:31");
  EXPECT_EQ(to_text(in_helper), "global_helpers/aws.py:12 from rules/guide.py:31");
  EXPECT_EQ(read_site(to_text(in_rule)), in_rule);
  const std::string text = to_text(in_helper);
  EXPECT_EQ(read_site(text), in_helper);
  EXPECT_EQ(read_site(""), Site{});
}

std::source_location here(std::source_location where = std::source_location::current()) { return where; }

TEST(Sites, NameALineOnce) {
  Names names;
  Sites sites{names};
  Name first{};
  for (int i = 0; i < 3; ++i) {
    const Name again = sites.of(here());
    if (i == 0) first = again;
    EXPECT_EQ(again, first);
  }
  EXPECT_EQ(names.text(first), site_text(shown_file(__FILE__), __LINE__ - 4));
  EXPECT_EQ(names.size(), 2U);
  EXPECT_NE(sites.of(here()), first);
}

TEST(Sites, KnowNoLineForNowhere) {
  Names names;
  Sites sites{names};
  EXPECT_EQ(sites.of(std::source_location{}), Name{});
}

/// Whatever lines share a place of the short memory, here 64 apart.
TEST(Sites, TellApartLinesThatTakeTurns) {
  Names names;
  Sites sites{names};
  // clang-format off
#line 1000 "/w/x/rules.cpp"
  const std::source_location one = here();
#line 1064 "/w/x/rules.cpp"
  const std::source_location other = here();
#line 1000 "/w/x/more.cpp"
  const std::source_location elsewhere = here();
  // clang-format on
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(names.text(sites.of(one)), "w/x/rules.cpp:1000");
    EXPECT_EQ(names.text(sites.of(other)), "w/x/rules.cpp:1064");
    EXPECT_EQ(names.text(sites.of(elsewhere)), "w/x/more.cpp:1000");
  }
  EXPECT_EQ(names.size(), 4U);
}

}  // namespace
}  // namespace rushhour
