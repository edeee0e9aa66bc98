#include <rushhour/sim/losses.hpp>

#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/api/sts.hpp>
#include <rushhour/gtest.hpp>

namespace rushhour::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Instant at(Duration since_start) { return Instant{since_start}; }

const Cause throttled{.operation = &api::operation_of<api::sts::AssumeRole>,
                      .outcome = Outcome::throttled,
                      .function = Function::rule};

/// Adds a loss whose text counts how often it was made.
struct Ledger {
  void add(std::size_t detection, LossKind kind, const Cause& cause, std::uint64_t event,
           Duration when = {}) {
    losses.add(detection, kind, cause, event, at(when), [this, event] {
      ++texts;
      return "error " + std::to_string(event);
    });
  }
  Losses losses{};
  int texts{};
};

TEST(Losses, AreNoneAtFirst) {
  const Losses losses;
  EXPECT_THAT(losses.rows(), IsEmpty());
  EXPECT_THAT(losses.entries(), IsEmpty());
  EXPECT_EQ(losses.count(LossKind::missed), 0U);
  EXPECT_FALSE(losses.knows(0, LossKind::missed, {}));
}

TEST(Losses, KeepTheFirstOfEachRowAndCountTheRest) {
  Ledger ledger;
  ledger.add(0, LossKind::missed, throttled, 7, 1s);
  ledger.add(0, LossKind::missed, throttled, 8, 2s);
  ledger.add(0, LossKind::missed, throttled, 9, 3s);
  ASSERT_THAT(ledger.losses.rows(), SizeIs(1));
  const LossRow& row = ledger.losses.rows()[0];
  EXPECT_EQ(row.count, 3U);
  EXPECT_EQ(row.first_event, 7U);
  EXPECT_EQ(row.first_at, at(1s));
  EXPECT_EQ(row.first_error, "error 7");
  EXPECT_EQ(row.cause, throttled);
  EXPECT_EQ(ledger.texts, 1) << "only the first text is made";
  EXPECT_TRUE(ledger.losses.knows(0, LossKind::missed, throttled));
}

TEST(Losses, HaveARowForEachDetectionKindAndCause) {
  Ledger ledger;
  ledger.add(0, LossKind::missed, throttled, 1);
  ledger.add(1, LossKind::missed, throttled, 2);
  ledger.add(0, LossKind::degraded, throttled, 3);
  Cause other = throttled;
  other.outcome = Outcome::timeout;
  ledger.add(0, LossKind::missed, other, 4);
  other = throttled;
  other.function = Function::title;
  ledger.add(0, LossKind::missed, other, 5);
  other = throttled;
  other.operation = &api::operation_of<api::sts::GetCallerIdentity>;
  ledger.add(0, LossKind::missed, other, 6);
  ledger.add(0, LossKind::missed, {}, 7);
  ASSERT_THAT(ledger.losses.rows(), SizeIs(7));
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(ledger.losses.rows()[i].first_event, i + 1) << "in the order of their first losses";
    EXPECT_EQ(ledger.losses.entries()[i].row, i);
  }
  EXPECT_EQ(ledger.losses.count(LossKind::missed), 6U);
  EXPECT_EQ(ledger.losses.count(LossKind::degraded), 1U);
  EXPECT_EQ(ledger.losses.count(LossKind::missed, Outcome::throttled), 4U);
  EXPECT_EQ(ledger.losses.count(LossKind::missed, Outcome::timeout), 1U);
  EXPECT_EQ(ledger.losses.count(LossKind::missed, Outcome::ok), 1U) << "no call failed";
  EXPECT_EQ(ledger.losses.count(LossKind::dead_lettered), 0U);
}

TEST(Losses, ShowTheFirstThousandAndCountAll) {
  Ledger ledger;
  for (std::uint64_t event = 1; event <= 2'500; ++event) {
    ledger.add(event % 2, LossKind::degraded, throttled, event, Duration{static_cast<std::int64_t>(event)});
  }
  ASSERT_THAT(ledger.losses.entries(), SizeIs(1'000));
  EXPECT_EQ(ledger.losses.entries().back().event, 1'000U);
  EXPECT_EQ(ledger.losses.entries().back().at, at(1'000ns));
  EXPECT_EQ(ledger.losses.entries().back().row, 1U);
  EXPECT_EQ(ledger.losses.count(LossKind::degraded), 2'500U);
}

TEST(LossKind, ReadsAsInReports) {
  EXPECT_EQ(to_text(LossKind::degraded), "degraded");
  EXPECT_EQ(to_text(LossKind::unserved), "unserved");
}

}  // namespace
}  // namespace rushhour::sim
