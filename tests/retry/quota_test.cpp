#include <gtest/gtest.h>

#include <rushhour/retry/quota.hpp>

#include "vectors.hpp"

namespace rushhour::retry {
namespace {

TEST(Quota, HasTheCapacityAndTheIncrementOfTheSdks) {
  for (const char* mode : {"standard", "standard-2026"}) {
    const nlohmann::json expected = testing::vectors().at("botocore-1.43.67").at(mode).at("quota");
    EXPECT_EQ(Quota::capacity, expected.at("capacity"));
    EXPECT_EQ(Quota::increment, expected.at("no_retry_increment"));
  }
}

TEST(Quota, StartsFullAndPaysUntilTooLittleIsLeft) {
  Quota quota;
  EXPECT_EQ(quota.available(), Quota::capacity);
  for (int i = 0; i < 35; ++i) ASSERT_TRUE(quota.acquire(14)) << i;
  EXPECT_EQ(quota.available(), 10U);
  EXPECT_FALSE(quota.acquire(14));
  EXPECT_EQ(quota.available(), 10U) << "what is refused takes nothing";
  EXPECT_TRUE(quota.acquire(10)) << "the last token can be spent";
  EXPECT_EQ(quota.available(), 0U);
  EXPECT_FALSE(quota.acquire(1));
}

TEST(Quota, FillsToItsCapacityAndNoFurther) {
  Quota quota;
  quota.release(Quota::increment);
  EXPECT_EQ(quota.available(), Quota::capacity);
  ASSERT_TRUE(quota.acquire(7));
  quota.release(5);
  EXPECT_EQ(quota.available(), Quota::capacity - 2);
  quota.release(5);
  EXPECT_EQ(quota.available(), Quota::capacity);
}

}  // namespace
}  // namespace rushhour::retry
