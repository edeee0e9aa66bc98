#include <rushhour/scenario/callers.hpp>

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rushhour::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Caller reads(const std::string& site, std::uint64_t calls) {
  return {"reads", "rule", "secretsmanager:GetSecretValue", site, calls};
}

TEST(Callers, AreSummedAndSorted) {
  Names names;
  measure::Meters meters{names};
  const Name assume_role = names.intern("sts:AssumeRole");
  const Name late = names.intern("z");
  const Name early = names.intern("a");
  const Name line = names.intern("rules/x.py:9");
  for (const Name account : {names.intern("1"), names.intern("2")}) {
    for (const Name detection : {late, early}) {
      meters.on_call({.operation = assume_role,
                      .account = account,
                      .detection = detection,
                      .site = line,
                      .attempt = 1,
                      .function = Function::rule});
    }
  }
  meters.on_call({.operation = assume_role, .detection = early, .site = line, .attempt = 2});
  EXPECT_THAT(callers_of(meters, names),
              ElementsAre(Caller{"a", "", "sts:AssumeRole", "rules/x.py:9", 0},
                          Caller{"a", "rule", "sts:AssumeRole", "rules/x.py:9", 2},
                          Caller{"z", "rule", "sts:AssumeRole", "rules/x.py:9", 2}));
}

TEST(ChangedCallers, AreNoneWhenOnlyALineHasMoved) {
  EXPECT_THAT(changed_callers({reads("rules/x.py:9", 60)}, {reads("rules/x.py:12", 60)}), IsEmpty());
}

TEST(ChangedCallers, NameTheLineThatIsNew) {
  const auto found =
      changed_callers({reads("rules/x.py:9", 60)}, {reads("rules/x.py:9", 60), reads("rules/x.py:12", 60)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].detection, "reads");
  EXPECT_EQ(found[0].function, "rule");
  EXPECT_EQ(found[0].operation, "secretsmanager:GetSecretValue");
  EXPECT_EQ(found[0].before, 60U);
  EXPECT_EQ(found[0].after, 120U);
  EXPECT_THAT(found[0].sites, ElementsAre(SiteChange{"rules/x.py:12", 0, 60}));
}

/// A line above was added, too: what stood at 9 stands at 10, and with as many calls it is the same line.
TEST(ChangedCallers, TakeALineThatMovedForWhatItWas) {
  const auto found =
      changed_callers({reads("rules/x.py:9", 60)}, {reads("rules/x.py:10", 60), reads("rules/x.py:13", 20)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].sites, ElementsAre(SiteChange{"rules/x.py:13", 0, 20}));
}

TEST(ChangedCallers, NameALineThatCallsMoreAndOneThatIsGone) {
  const auto found =
      changed_callers({reads("rules/x.py:9", 60), reads("rules/y.py:1", 7)}, {reads("rules/x.py:9", 90)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].sites,
              ElementsAre(SiteChange{"rules/x.py:9", 60, 90}, SiteChange{"rules/y.py:1", 7, 0}));
}

TEST(ChangedCallers, PutTheGreatestIncreaseFirst) {
  Caller fewer{"reads", "title", "sts:AssumeRole", "", 50};
  Caller more{"reads", "rule", "sts:AssumeRole", "", 1};
  const std::vector<Caller> before{fewer, more};
  fewer.calls = 0;
  more.calls = 4;
  const auto found = changed_callers(before, {fewer, more, {"new", "rule", "sts:AssumeRole", "", 9}});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].detection, "new");
  EXPECT_EQ(found[1].function, "rule");
  EXPECT_EQ(found[2].function, "title");
}

}  // namespace
}  // namespace rushhour::scenario
