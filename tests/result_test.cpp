#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/result.hpp>

namespace rushhour {
namespace {

const Failure denied{
    .outcome = Outcome::denied, .status = 403, .code = "AccessDenied", .message = "no such luck"};

TEST(Outcome, HasATextForEachValue) {
  std::set<std::string_view> texts;
  for (std::size_t i = 0; i < outcome_count; ++i) texts.insert(to_text(static_cast<Outcome>(i)));
  EXPECT_EQ(texts.size(), outcome_count);
  EXPECT_EQ(to_text(Outcome::ok), "ok");
  EXPECT_EQ(to_text(Outcome::server_error), "server_error");
  EXPECT_EQ(to_text(Outcome::cancelled), "cancelled");
  EXPECT_EQ(static_cast<std::size_t>(Outcome::cancelled), outcome_count - 1);
}

TEST(Failure, ReadsAsCodeStatusAndMessage) {
  EXPECT_EQ(to_text(denied), "AccessDenied (403): no such luck");
  EXPECT_EQ(to_text(Failure{.outcome = Outcome::reset}), "reset");
  EXPECT_EQ(to_text(Failure{.outcome = Outcome::timeout, .message = "after 5s"}), "timeout: after 5s");
  EXPECT_EQ(to_text(Failure{.outcome = Outcome::server_error, .status = 503}), "server_error (503)");
}

TEST(Result, HoldsAValue) {
  Result<std::string> result = std::string{"secret"};
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.outcome(), Outcome::ok);
  EXPECT_EQ(result.value(), "secret");
  EXPECT_EQ(*result, "secret");
  EXPECT_EQ(result->size(), 6U);
  result.value() = "other";
  EXPECT_EQ(std::as_const(result).value(), "other");
  EXPECT_EQ(*std::as_const(result), "other");
  EXPECT_EQ(std::as_const(result)->size(), 5U);
}

TEST(Result, HoldsAFailureInstead) {
  const Result<std::string> result = denied;
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.outcome(), Outcome::denied);
  EXPECT_EQ(result.failure(), denied);
}

TEST(Result, ThrowsTheFailureWhenAskedForItsValue) {
  Result<int> result = denied;
  try {
    (void)result.value();
    FAIL() << "value() returned";
  } catch (const api::Error& error) {
    EXPECT_EQ(error.failure(), denied);
    EXPECT_STREQ(error.what(), "AccessDenied (403): no such luck");
  }
  EXPECT_THROW((void)std::as_const(result).value(), api::Error);
  EXPECT_THROW((void)Result<int>(denied).value(), std::runtime_error);
}

TEST(Result, GivesItsValueAway) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultDeathTest, IsLookedAtBeforeUse) {
  const Result<int> failed = denied;
  const Result<int> good = 1;
  EXPECT_DEATH((void)*failed, "look at ok\\(\\)");
  EXPECT_DEATH((void)good.failure(), "a result that is ok has no failure");
}

}  // namespace
}  // namespace rushhour
