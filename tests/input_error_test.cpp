#include <gtest/gtest.h>

#include <stdexcept>

#include <rushhour/input_error.hpp>

namespace rushhour {
namespace {

TEST(InputError, SaysWhereWhatWasExpectedWhatWasSeenAndWhatToDo) {
  const Mistake mistake{.file = "scenarios/x.json",
                        .line = 3,
                        .column = 15,
                        .pointer = "/duration",
                        .expected = "a duration such as \"1h\"",
                        .seen = "\"soon\"",
                        .advice = "write a number and a unit"};
  EXPECT_STREQ(InputError(mistake).what(),
               "scenarios/x.json:3:15: at /duration: expected a duration such as \"1h\", saw \"soon\"; "
               "write a number and a unit");
}

TEST(InputError, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(to_text(Mistake{.expected = "an object"}), "expected an object");
  EXPECT_EQ(to_text(Mistake{.file = "x.json", .expected = "an object"}), "x.json: expected an object");
  EXPECT_EQ(to_text(Mistake{.file = "x.json", .line = 2, .expected = "an object"}),
            "x.json:2: expected an object");
  EXPECT_EQ(to_text(Mistake{.pointer = "/a/0", .expected = "an object", .seen = "3"}),
            "at /a/0: expected an object, saw 3");
}

TEST(InputError, IsARuntimeErrorThatKeepsItsParts) {
  try {
    throw InputError({.line = 7, .expected = "a number"});
  } catch (const std::runtime_error& error) {
    const auto* input_error = dynamic_cast<const InputError*>(&error);
    ASSERT_NE(input_error, nullptr);
    EXPECT_EQ(input_error->mistake().line, 7U);
    EXPECT_EQ(input_error->mistake().expected, "a number");
  }
}

}  // namespace
}  // namespace rushhour
