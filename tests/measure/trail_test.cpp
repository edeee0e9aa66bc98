#include <rushhour/measure/trail.hpp>

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

const Instant start{std::chrono::seconds{20'514 * 86'400}};  // 2026-03-02

class TrailTest : public testing::Test {
 protected:
  void call(Instant at, std::uint64_t event, Name operation, Outcome outcome = Outcome::ok) {
    trail.on_call({.at = at,
                   .event = event,
                   .operation = operation,
                   .status = static_cast<std::uint16_t>(outcome == Outcome::ok ? 200 : 429),
                   .outcome = outcome,
                   .attempt = 1});
  }

  Names names{};
  const Name assume_role = names.intern("sts:AssumeRole");
  const Name get_value = names.intern("secretsmanager:GetSecretValue");
  Trail trail{names, start, 1min};
};

TEST_F(TrailTest, CountsEachStretchByItself) {
  call(start, 7, assume_role);
  call(start + 59s, 8, get_value);
  call(start + 59s, 9, get_value, Outcome::throttled);
  call(start + 60s, 10, get_value);
  ASSERT_EQ(trail.stretches().size(), 2U);
  EXPECT_EQ(trail.stretches()[0].begin, start);
  EXPECT_EQ(trail.stretches()[1].begin, start + 1min);
  EXPECT_EQ(to_text(trail.stretches()[0], names).substr(17),
            "from event 7: secretsmanager:GetSecretValue ok 1, secretsmanager:GetSecretValue throttled 1, "
            "sts:AssumeRole ok 1");
  EXPECT_EQ(to_text(trail.stretches()[1], names).substr(17),
            "from event 10: secretsmanager:GetSecretValue ok 1");
}

TEST_F(TrailTest, KeepsNoStretchInWhichNothingWasDecided) {
  call(start + 30s, 1, assume_role);
  call(start + 1h, 2, assume_role);
  ASSERT_EQ(trail.stretches().size(), 2U);
  EXPECT_EQ(trail.stretches()[1].begin, start + 1h);
}

TEST_F(TrailTest, GivesWhatComesBeforeTheStartToTheFirstStretch) {
  call(start - 5s, 1, assume_role);
  call(start + 5s, 2, assume_role);
  ASSERT_EQ(trail.stretches().size(), 1U);
  EXPECT_EQ(trail.stretches()[0].begin, start);
}

/// Two trails of one call each are equal only when the calls are.
TEST_F(TrailTest, TellsApartWhatCountsCannot) {
  const auto digest_of = [&](Instant at, std::uint64_t event, Name operation, Outcome outcome,
                             Name code = {}) {
    Trail other{names, start, 1min};
    other.on_call(
        {.at = at, .event = event, .operation = operation, .code = code, .outcome = outcome, .attempt = 1});
    return other.stretches()[0].digest.text();
  };
  const std::string digest = digest_of(start + 1s, 7, assume_role, Outcome::ok);
  EXPECT_EQ(digest_of(start + 1s, 7, assume_role, Outcome::ok), digest);
  EXPECT_NE(digest_of(start + 2s, 7, assume_role, Outcome::ok), digest);
  EXPECT_NE(digest_of(start + 1s, 8, assume_role, Outcome::ok), digest);
  EXPECT_NE(digest_of(start + 1s, 7, get_value, Outcome::ok), digest);
  EXPECT_NE(digest_of(start + 1s, 7, assume_role, Outcome::throttled), digest);
  EXPECT_NE(digest_of(start + 1s, 7, assume_role, Outcome::denied, names.intern("AccessDenied")),
            digest_of(start + 1s, 7, assume_role, Outcome::denied, names.intern("ExpiredToken")))
      << "refusals that differ may share a status";
}

/// A stretch's digest says nothing of what came before: one that is equal in both runs shows so.
TEST_F(TrailTest, DigestsAStretchByItself) {
  call(start + 1s, 1, assume_role);
  call(start + 61s, 2, assume_role);
  Trail other{names, start, 1min};
  other.on_call({.at = start + 61s, .event = 2, .operation = assume_role, .status = 200, .attempt = 1});
  EXPECT_EQ(other.stretches()[0].digest.text(), trail.stretches()[1].digest.text());
}

}  // namespace
}  // namespace rushhour::measure
