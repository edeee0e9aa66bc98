#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/retry/legacy.hpp>
#include <rushhour/retry/none.hpp>

namespace rushhour::api {
namespace {

using sts::GetCallerIdentity;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Field;
using ::testing::SizeIs;
using namespace std::chrono_literals;

const Instant start = parse_iso8601("2026-03-02T14:00:00Z").value();
const Failure throttling{
    .outcome = Outcome::throttled, .status = 400, .code = "Throttling", .message = "Rate exceeded"};

/// Fails a number of times, then answers; notes what it was asked.
class Stub final : public Endpoint {
 public:
  struct Asked {
    Instant at{};
    Attribution attribution{};
  };

  explicit Stub(unsigned failures) : failures_(failures) {}

  bool perform(const Exchange& exchange, Instant now) override {
    asked.push_back({now, exchange.attribution});
    if (exchange.delay != nullptr) *exchange.delay += delay;
    if (unanswered > 0) {
      --unanswered;
      exchange.failure = {.outcome = Outcome::timeout};
      return false;
    }
    if (failures_ == 0) {
      static_cast<GetCallerIdentity::Output*>(exchange.output)->account = "123456789012";
      return true;
    }
    --failures_;
    exchange.failure = throttling;
    exchange.failure.message += " " + std::to_string(asked.size());
    return false;
  }

  std::vector<Asked> asked{};
  unsigned unanswered{};  ///< before all else
  Duration delay{};       ///< of each answer, as a fault makes it

 private:
  unsigned failures_;
};

/// Retries after a second, as often as it may, and notes what it is told.
class Patient final : public retry::Policy {
 public:
  explicit Patient(unsigned attempts_max, Duration hold = {}) : attempts_max_(attempts_max), hold_(hold) {}

  std::string_view name() const override { return "patient"; }
  unsigned max_attempts() const override { return attempts_max_; }
  std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made, Instant now,
                                       std::uint64_t bits) override {
    asked_at.push_back(now);
    failures.push_back(failure);
    attempts.push_back(attempts_made);
    drawn.push_back(bits);
    return attempts_made < attempts_max_ ? std::optional{Duration{1s}} : std::nullopt;
  }
  Duration acquire(Instant now) override {
    acquired.push_back(now);
    return hold_;
  }
  void on_success(unsigned attempts_made, const Failure* last_failure, Instant now) override {
    succeeded_at = now;
    succeeded_after = attempts_made;
    success_had_failure = last_failure != nullptr;
  }

  std::vector<Failure> failures{};
  std::vector<unsigned> attempts{};
  std::vector<std::uint64_t> drawn{};
  std::vector<Instant> acquired{};
  std::vector<Instant> asked_at{};
  Instant succeeded_at{};
  unsigned succeeded_after{};
  bool success_had_failure{};

 private:
  unsigned attempts_max_;
  Duration hold_;
};

/// One call through a session whose clock is virtual.
struct Call {
  explicit Call(unsigned failures) : stub(failures) {}

  Result<GetCallerIdentity::Output> with(retry::Policy& policy) {
    Client client{session, Anonymous{}, policy};
    return client(GetCallerIdentity{});
  }

  VirtualClock clock{start};
  Stub stub;
  Latencies latencies{};
  Session session{.endpoint = &stub, .clock = &clock, .latencies = &latencies, .random = Stream{17}};
};

TEST(Client, ReturnsTheOutputOfACallThatSucceeds) {
  Call call{0};
  retry::None none;
  EXPECT_THAT(call.with(none), Succeeds(Field(&GetCallerIdentity::Output::account, "123456789012")));
  EXPECT_THAT(call.stub.asked, SizeIs(1));
  EXPECT_EQ(call.clock.now(), start);
}

TEST(Client, TriesAgainAfterThePolicysDelayAndCountsItsAttempts) {
  Call call{2};
  Patient policy{5};
  EXPECT_THAT(call.with(policy), Succeeds());
  ASSERT_THAT(call.stub.asked, SizeIs(3));
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_EQ(call.stub.asked[i].at, start + i * 1s);
    EXPECT_EQ(call.stub.asked[i].attribution.attempt, i + 1);
  }
  EXPECT_EQ(call.session.logical_calls, 1U);
}

TEST(Client, ReturnsTheLastFailureOnceThePolicyGivesUp) {
  Call call{10};
  Patient policy{3};
  EXPECT_THAT(call.with(policy), FailsWith("Throttling", "Rate exceeded 3"));
  EXPECT_THAT(policy.attempts, ElementsAre(1U, 2U, 3U));
  EXPECT_THAT(policy.failures, Each(Throttled()));
  EXPECT_THAT(policy.asked_at, ElementsAre(start, start + 1s, start + 2s));
  EXPECT_EQ(call.clock.now(), start + 2s) << "no delay after the last attempt";
}

TEST(Client, MakesOneAttemptWithoutRetries) {
  Call call{1};
  retry::None none;
  EXPECT_THAT(call.with(none), FailsWith("Throttling"));
  EXPECT_THAT(call.stub.asked, SizeIs(1));
}

TEST(Client, WaitsOutEachAnswersLatencyWhateverItSays) {
  Call call{1};
  call.latencies.set(Service::sts, {.low = 120ms});
  Patient policy{5};
  EXPECT_THAT(call.with(policy), Succeeds());
  EXPECT_EQ(call.stub.asked[1].at, start + 120ms + 1s)
      << "sent once the first answer had come and the delay passed";
  EXPECT_EQ(call.clock.now(), start + 120ms + 1s + 120ms);
  EXPECT_THAT(policy.asked_at, ElementsAre(start + 120ms))
      << "the policy hears of it when the answer has come";
  EXPECT_EQ(policy.succeeded_at, start + 120ms + 1s + 120ms);
}

// ---- Patience ----

TEST(Client, GivesUpAnAnswerThatTakesLongerThanItsTimeout) {
  Call call{0};
  call.latencies.set(Service::sts, {.low = 5s + 1ns});
  const Timeouts timeouts{Duration{5s}};
  call.session.timeouts = &timeouts;
  Patient policy{2};
  EXPECT_THAT(call.with(policy), FailsWith(Outcome::timeout));
  EXPECT_THAT(policy.asked_at, ElementsAre(start + 5s, start + 5s + 1s + 5s))
      << "it is tried again, as any failure";
  EXPECT_THAT(policy.failures, Each(Field(&Failure::message, "no answer within 5s")));
}

TEST(Client, TakesAnAnswerThatComesAsItsTimeoutEnds) {
  Call call{0};
  call.latencies.set(Service::sts, {.low = 5s});
  const Timeouts timeouts{Duration{5s}};
  call.session.timeouts = &timeouts;
  retry::None none;
  EXPECT_THAT(call.with(none), Succeeds());
  EXPECT_EQ(call.clock.now(), start + 5s);
}

TEST(Client, DoesNotHearARefusalThatComesTooLate) {
  Call call{1};
  call.latencies.set(Service::sts, {.low = 1min});
  const Timeouts timeouts{Duration{5s}};
  call.session.timeouts = &timeouts;
  retry::None none;
  EXPECT_THAT(call.with(none), FailsWith(Outcome::timeout));
  EXPECT_EQ(call.clock.now(), start + 5s);
}

TEST(Client, HasATimeoutForEachService) {
  Call call{0};
  call.latencies.set(Service::sts, {.low = 1min});
  Timeouts timeouts{};
  timeouts[static_cast<std::size_t>(Service::virustotal)] = 5s;
  call.session.timeouts = &timeouts;
  retry::None none;
  EXPECT_THAT(call.with(none), Succeeds());
  EXPECT_EQ(call.clock.now(), start + 1min);
}

TEST(Client, WaitsOutWhatAFaultAddsToAnAnswer) {
  Call call{0};
  call.stub.delay = 2s;
  call.latencies.set(Service::sts, {.low = 1s});
  retry::None none;
  EXPECT_THAT(call.with(none), Succeeds());
  EXPECT_EQ(call.clock.now(), start + 3s);
  const Timeouts timeouts{Duration{2'500ms}};
  call.session.timeouts = &timeouts;
  EXPECT_THAT(call.with(none), FailsWith(Outcome::timeout));
  call.session.latencies = nullptr;
  EXPECT_THAT(call.with(none), Succeeds());
}

TEST(Client, FailsAfterItsTimeoutWhenNoAnswerComes) {
  Call call{0};
  call.stub.unanswered = 1;
  const Timeouts timeouts{Duration{5s}};
  call.session.timeouts = &timeouts;
  Patient policy{5};
  EXPECT_THAT(call.with(policy), Succeeds());
  EXPECT_THAT(policy.asked_at, ElementsAre(start + 5s));
  EXPECT_THAT(policy.failures, ElementsAre(Field(&Failure::outcome, Outcome::timeout)));
}

TEST(Client, SaysThatItWouldWaitForEverWhenNoAnswerComes) {
  Call call{0};
  call.stub.unanswered = 1;
  retry::None none;
  EXPECT_THAT(call.with(none), FailsWith(Outcome::timeout));
  EXPECT_EQ(call.clock.now(), start) << "so that a test sees it";
  EXPECT_EQ(call.session.last_failure.outcome, Outcome::timeout);
}

TEST(Client, WaitsForEverOnAClockOnWhichSomethingElseEndsTheWait) {
  Call call{0};
  call.stub.unanswered = 1;
  call.session.waits_for_ever = true;
  retry::None none;
  EXPECT_THAT(call.with(none), FailsWith(Outcome::timeout));
  EXPECT_EQ(call.clock.now(), Instant::max());
}

// ---- The last failure ----

TEST(Client, RemembersTheLastCallThatFailed) {
  Call call{1};
  call.session.attribution.function = Function::dedup;
  retry::None none;
  EXPECT_EQ(call.session.last_failure, FailedCall{});
  EXPECT_THAT(call.with(none), FailsWith("Throttling"));
  const FailedCall failed{&operation_of<GetCallerIdentity>, Outcome::throttled, Function::dedup};
  EXPECT_EQ(call.session.last_failure, failed);
  call.session.attribution.function = Function::alert_context;
  EXPECT_THAT(call.with(none), Succeeds());
  EXPECT_EQ(call.session.last_failure, failed) << "a call that succeeds does not excuse the one before";
}

TEST(Client, ForgetsAFailureThatWasTriedAgainWithSuccess) {
  Call call{2};
  Patient policy{5};
  EXPECT_THAT(call.with(policy), Succeeds());
  EXPECT_EQ(call.session.last_failure, FailedCall{});
}

/// Notes what the session says has failed, whenever someone sleeps.
class NotingClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void sleep_until(Instant wake) override {
    now_ = std::max(now_, wake);
    noted.push_back(of->last_failure.outcome);
  }
  const Session* of{};
  std::vector<Outcome> noted{};

 private:
  Instant now_{start};
};

TEST(Client, SaysDuringAWaitWhatItsPresentAttemptHasCome) {
  // So whoever kills it in the middle knows what it waited for.
  NotingClock clock;
  Stub stub{1};
  Session session{.endpoint = &stub, .clock = &clock};
  clock.of = &session;
  Patient policy{5};
  Client client{session, Anonymous{}, policy};
  EXPECT_THAT(client(GetCallerIdentity{}), Succeeds());
  // The refusal's way, the back-off, the answer's way.
  EXPECT_THAT(clock.noted, ElementsAre(Outcome::throttled, Outcome::throttled, Outcome::throttled));
  EXPECT_EQ(session.last_failure, FailedCall{});
}

// ---- Whose policy ----

TEST(Client, KeepsAPolicyOfItsOwn) {
  Call call{1};
  auto own = std::make_unique<Patient>(5);
  const Patient& policy = *own;
  Client client{call.session, Anonymous{}, std::move(own)};
  EXPECT_THAT(client(GetCallerIdentity{}), Succeeds());
  EXPECT_EQ(policy.succeeded_after, 2U);
  const Identity kept{ApiKey{"key"}};
  Client other{call.session, std::cref(kept), std::make_unique<Patient>(1)};
  EXPECT_EQ(&other.identity(), &kept);
  EXPECT_THAT(other(GetCallerIdentity{}), Succeeds());
}

TEST(Client, TakesNoTimeWithoutLatencies) {
  Call call{0};
  call.session.latencies = nullptr;
  retry::None none;
  EXPECT_THAT(call.with(none), Succeeds());
  EXPECT_EQ(call.clock.now(), start);
}

TEST(Client, TellsThePolicyOfASuccessAndOfTheFailureBeforeIt) {
  Patient after_failures{5};
  EXPECT_THAT(Call{2}.with(after_failures), Succeeds());
  EXPECT_EQ(after_failures.succeeded_after, 3U);
  EXPECT_TRUE(after_failures.success_had_failure);
  Patient at_once{5};
  EXPECT_THAT(Call{0}.with(at_once), Succeeds());
  EXPECT_EQ(at_once.succeeded_after, 1U);
  EXPECT_FALSE(at_once.success_had_failure);
  Patient never{1};
  EXPECT_THAT(Call{1}.with(never), FailsWith("Throttling"));
  EXPECT_EQ(never.succeeded_after, 0U);
}

TEST(Client, LetsThePolicyHoldEachAttemptBack) {
  Call call{1};
  Patient policy{5, 300ms};
  EXPECT_THAT(call.with(policy), Succeeds());
  EXPECT_THAT(policy.acquired, ElementsAre(start, start + 1300ms));
  EXPECT_EQ(call.stub.asked[0].at, start + 300ms);
  EXPECT_EQ(call.stub.asked[1].at, start + 1600ms);
}

TEST(Client, AttributesEachAttemptToTheSessionAndTheLineThatCalled) {
  Call call{0};
  call.session.attribution = {.detection = Name{4}, .event = 77};
  retry::None none;
  Client client{call.session, Anonymous{}, none};
  const unsigned line = __LINE__ + 1;
  EXPECT_THAT(client(GetCallerIdentity{}), Succeeds());
  const Attribution& attribution = call.stub.asked.at(0).attribution;
  EXPECT_EQ(attribution.detection, Name{4});
  EXPECT_EQ(attribution.event, 77U);
  EXPECT_EQ(attribution.where.line(), line);
  EXPECT_THAT(attribution.where.file_name(), EndsWith("client_test.cpp"));
  EXPECT_EQ(call.session.attribution.attempt, 0) << "the session's own is left alone";
}

TEST(Client, CountsAttemptsInTheJournalUpTo255) {
  Call call{300};
  Patient policy{400};
  EXPECT_THAT(call.with(policy), Succeeds());
  EXPECT_EQ(call.stub.asked[254].attribution.attempt, 255);
  EXPECT_EQ(call.stub.asked[299].attribution.attempt, 255);
}

TEST(Client, DrawsTheSameForTheSameEventWhateverOtherEventsDrew) {
  Patient first{4};
  (void)Call{10}.with(first);
  Patient second{4};
  Call other{10};
  (void)other.with(second);
  EXPECT_EQ(first.drawn, second.drawn);
  EXPECT_NE(first.drawn[0], first.drawn[1]);

  other.session.random = Stream{18};
  other.session.draws = 0;
  Patient third{4};
  (void)other.with(third);
  EXPECT_NE(first.drawn, third.drawn);
}

/// Says that whoever sleeps on it must end.
class EndingClock final : public Clock {
 public:
  Instant now() const override { return start; }
  void sleep_until(Instant /*wake*/) override {}
  bool cancelled() const override { return true; }
};

TEST(Client, EndsACallAsCancelledWhenItsClockDoes) {
  EndingClock clock;
  Stub stub{5};
  Session session{.endpoint = &stub, .clock = &clock};
  Patient policy{5};
  Client client{session, Anonymous{}, policy};
  EXPECT_THAT(client(GetCallerIdentity{}), FailsWith(Outcome::cancelled));
  EXPECT_THAT(stub.asked, SizeIs(0)) << "nobody hears of a call that begins after the end";
  EXPECT_THAT(policy.failures, SizeIs(0));
}

struct Ended {};

/// Ends whoever sleeps on it, as a simulated worker's clock does.
class ThrowingClock final : public Clock {
 public:
  Instant now() const override { return start; }
  void sleep_until(Instant /*wake*/) override { throw Ended{}; }
};

TEST(Client, LetsTheClocksExceptionThrough) {
  ThrowingClock clock;
  Stub stub{0};
  const Latencies latencies;
  Session session{.endpoint = &stub, .clock = &clock, .latencies = &latencies};
  retry::None none;
  Client client{session, Anonymous{}, none};
  EXPECT_THROW((void)client(GetCallerIdentity{}), Ended);
}

TEST(Client, WithTheLegacyPolicyMakesFiveAttempts) {
  Call call{10};
  retry::Legacy legacy;
  EXPECT_THAT(call.with(legacy), FailsWith("Throttling"));
  EXPECT_THAT(call.stub.asked, SizeIs(5));
  EXPECT_LE(call.clock.now(), start + 15s);
}

}  // namespace
}  // namespace rushhour::api
