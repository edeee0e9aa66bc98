#include <rushhour/scenario/setting.hpp>

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr const char* document =
    R"({"seed": 7, "traffic": {"events": 1000}, "rules": [{"share": 0.5}, {"share": 0.25}], "name": "a"})";

/// The document after the setting, as another text that means the same.
void expect_same(std::string_view setting, std::string_view expected) {
  Document changed = parse_document(document, "x.json");
  apply(parse_setting(setting), changed);
  EXPECT_EQ(digest(changed.root), digest(parse_document(expected, "y.json").root)) << setting;
}

TEST(Setting, ReplacesAValue) {
  expect_same(
      "traffic.events=2000",
      R"({"seed": 7, "traffic": {"events": 2000}, "rules": [{"share": 0.5}, {"share": 0.25}], "name": "a"})");
  expect_same(
      "name=b",
      R"({"seed": 7, "traffic": {"events": 1000}, "rules": [{"share": 0.5}, {"share": 0.25}], "name": "b"})");
}

TEST(Setting, ReplacesInOneElementOrInAll) {
  expect_same(
      "rules.1.share=1",
      R"({"seed": 7, "traffic": {"events": 1000}, "rules": [{"share": 0.5}, {"share": 1}], "name": "a"})");
  expect_same(
      "rules.*.share=1",
      R"({"seed": 7, "traffic": {"events": 1000}, "rules": [{"share": 1}, {"share": 1}], "name": "a"})");
}

TEST(Setting, TakesAnyJson) {
  expect_same("rules=[]", R"({"seed": 7, "traffic": {"events": 1000}, "rules": [], "name": "a"})");
  expect_same(
      R"(traffic={"events": 5, "arrivals": "constant"})",
      R"({"seed": 7, "traffic": {"events": 5, "arrivals": "constant"}, "rules": [{"share": 0.5}, {"share": 0.25}],
          "name": "a"})");
  expect_same(
      "seed=true",
      R"({"seed": true, "traffic": {"events": 1000}, "rules": [{"share": 0.5}, {"share": 0.25}], "name": "a"})");
}

TEST(Setting, MakesWhatIsNotThere) {
  expect_same(
      "world.retry.sts=standard",
      R"({"seed": 7, "traffic": {"events": 1000}, "rules": [{"share": 0.5}, {"share": 0.25}], "name": "a",
          "world": {"retry": {"sts": "standard"}}})");
}

TEST(Setting, RefusesAPathThatLeadsNowhere) {
  Document changed = parse_document(document, "x.json");
  const auto apply_to = [&](std::string_view text) {
    return [&changed, text] { apply(parse_setting(text), changed); };
  };
  EXPECT_THAT(apply_to("rules.2.share=1"),
              ThrowsMessage<InputError>(HasSubstr("0 to 1, or *, in place of \"2\"")));
  EXPECT_THAT(apply_to("rules.x=1"), ThrowsMessage<InputError>(HasSubstr("x.json")));
  EXPECT_THAT(apply_to("name.first=1"), ThrowsMessage<InputError>(HasSubstr("\"first\"")));
  EXPECT_THAT(apply_to("traffic..events=1"), ThrowsMessage<InputError>(HasSubstr("dots between")));
  EXPECT_THAT(apply_to("rules=[1,"), ThrowsMessage<InputError>(HasSubstr("--vary rules")));
}

TEST(Setting, NeedsAPathAndAValue) {
  for (const std::string_view text : {"", "seed", "seed=", "=1"}) {
    EXPECT_THAT([text] { static_cast<void>(parse_setting(text)); },
                ThrowsMessage<InputError>(HasSubstr("expected PATH=VALUE")))
        << text;
  }
}

TEST(Variation, HasAValueBetweenEachTwoCommas) {
  EXPECT_THAT(parse_variation("world.retry.sts=legacy,standard"),
              ElementsAre(Setting{"world.retry.sts", "legacy"}, Setting{"world.retry.sts", "standard"}));
  EXPECT_THAT(parse_variation(R"(a=[1,2],{"b": "},"},"x\",y")"),
              ElementsAre(Setting{"a", "[1,2]"}, Setting{"a", R"({"b": "},"})"}, Setting{"a", R"("x\",y")"}));
  EXPECT_THAT([] { static_cast<void>(parse_variation("a=1,,2")); },
              ThrowsMessage<InputError>(HasSubstr("between each two commas")));
  EXPECT_THAT([] { static_cast<void>(parse_variation("a=1,1")); },
              ThrowsMessage<InputError>(HasSubstr("each value once")));
}

/// A mistake in what a setting says is found as one in the file is.
TEST(Setting, IsReadAsTheRestOfTheScenario) {
  const std::string path = "scenarios/alert-context-only.json";
  const Scenario changed =
      load_scenario(path, {.settings = {{"world.retry.sts", "standard"}, {"seed", "9"}}});
  EXPECT_EQ(changed.retries[0].policy, "standard");
  EXPECT_EQ(changed.seed, 9U);
  EXPECT_NE(changed.document_digest, load_scenario(path).document_digest)
      << "a baseline of the one is none of the other";
  EXPECT_THAT(
      [&] {
        static_cast<void>(load_scenario(path, {.settings = {{"trafic.events", "5"}}}));
      },
      ThrowsMessage<InputError>(HasSubstr("did you mean \"traffic\"")));
}

}  // namespace
}  // namespace rushhour::scenario
