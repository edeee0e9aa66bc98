// What becomes of a rule of new user.ids when every task is a new one: section 5.4 of the spec of new terms,
// with the traffic and the executor that scenarios use.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/traffic/secret_readers.hpp>

namespace rushhour::elastic {
namespace {

using namespace std::chrono_literals;
using event::traffic::SecretReader;
using event::traffic::SecretReaders;
using event::traffic::SecretReadersOptions;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// The rule's terms, as the pipeline of the CloudTrail integration fills them (spec, 5.1).
enum class Terms : std::uint8_t { user_id, account_and_user_name };

struct Rule {
  Terms terms{Terms::user_id};
  std::string from{"now-60m"};
  Duration interval{10min};
};

struct Outcome {
  std::uint64_t alerts{};  ///< about documents of the measured hours
  std::uint64_t early{};   ///< about those of the hour before, which the first run looks at, too
  std::uint64_t found{};   ///< of the first reads that it should find
  std::uint64_t wanted{};
  std::uint64_t truncated{};
  std::uint64_t runs{};
};

class Reading {
 public:
  explicit Reading(Terms terms) : terms_(terms) {}
  /// Empty when the document lacks a field.
  std::vector<std::string> keys(const event::Event& event) const {
    std::string key;
    if (terms_ == Terms::user_id) return append(key, principal_(event)) ? std::vector{key} : none_;
    event::Value name = user_name_(event);
    if (name.is_null()) name = issuer_name_(event);
    return append(key, account_(event)) && append(key, name) ? std::vector{key} : none_;
  }

 private:
  static bool append(std::string& key, const event::Value& value) {
    if (!value.is_null()) append_term(key, value);
    return !value.is_null();
  }
  Terms terms_;
  std::vector<std::string> none_{};
  event::Path principal_{event::cloudtrail::user_principal_id};
  event::Path account_{event::cloudtrail::user_account_id};
  event::Path user_name_{event::cloudtrail::user_name};
  event::Path issuer_name_{event::cloudtrail::session_issuer_user_name};
};

/// Runs from the start of the measured hours until an hour after their end, on documents that can be found as
/// soon as they arrive and whose event.ingested has whole seconds.
Outcome detect(const SecretReadersOptions& population, const Rule& rule,
               SecretReader kind = SecretReader::intruder, std::uint64_t seed = 42) {
  SecretReaders traffic{population, Random{seed}};
  const std::vector<std::uint64_t> firsts = traffic.first_reads(kind);
  const std::set<std::uint64_t> wanted{firsts.begin(), firsts.end()};
  const RuleTimes times{.from = DateMath::parse(rule.from),
                        .interval = rule.interval,
                        .history_start = DateMath::parse("now-10d")};
  NewTerms rules{{.fields = rule.terms == Terms::user_id ? 1U : 2U, .reach = 60min}};
  const Reading reading{rule.terms};
  Outcome outcome{.wanted = wanted.size()};
  std::set<std::uint64_t> found;
  event::Event event;
  std::optional<Instant> previous;
  const Instant end = start + population.hours * 1h + 60min;
  for (Instant now = start; now <= end; now += rule.interval) {
    for (const Instant* due = traffic.peek(); due != nullptr && *due <= now; due = traffic.peek()) {
      EXPECT_TRUE(traffic.next(event));
      rules.see(std::chrono::floor<std::chrono::seconds>(event.arrival()), event.id(), reading.keys(event));
    }
    Execution execution{.started = now};
    const RunPlan plan = plan_run(times, now, previous);
    rules.run(plan.tuples, execution);
    previous = now;
    ++outcome.runs;
    outcome.truncated += execution.truncated ? 1 : 0;
    for (const RuleAlert& alert : execution.alerts) {
      ++(traffic.is_history(alert.document) ? outcome.early : outcome.alerts);
      if (wanted.contains(alert.document)) found.insert(alert.document);
    }
  }
  outcome.found = found.size();
  return outcome;
}

/// The storm begins with the measured hours: before, there was a task an hour, so the roles are known.
SecretReadersOptions storm(std::uint32_t sessions_per_hour) {
  return {.start = start, .sessions_per_hour = sessions_per_hour, .history_sessions_per_hour = 1};
}

/// A row of the spec's table for one rule, and what is seen here.
void report(std::uint32_t sessions_per_hour, const char* expected, const Outcome& seen) {
  const std::string text = std::to_string(seen.alerts) + " (" + std::to_string(seen.found) + "/" +
                           std::to_string(seen.wanted) + ", " + std::to_string(seen.truncated) + "/" +
                           std::to_string(seen.runs) + ")";
  std::printf("  %5u sessions/h  spec %-22s here %s\n", sessions_per_hour, expected, text.c_str());
}

TEST(SessionStorm, FindsEveryAbuseWhileNewSessionsFitIntoTheRuns) {
  for (const auto& [sessions, alerts, spec] :
       {std::tuple{60U, 366U, "366 (6/6, 0/43)"}, {240U, 1'446U, "1,446 (6/6)"}}) {
    const Outcome seen = detect(storm(sessions), {});
    report(sessions, spec, seen);
    EXPECT_EQ(seen.runs, 43U);
    EXPECT_EQ(seen.alerts, alerts) << "every new session and every abuse";
    EXPECT_EQ(seen.early, 1U);
    EXPECT_EQ(seen.found, 6U);
    EXPECT_EQ(seen.wanted, 6U);
    EXPECT_EQ(seen.truncated, 0U);
  }
}

TEST(SessionStorm, MissesSomeWhenNewSessionsFillTheRuns) {
  const Outcome seen = detect(storm(600), {});
  report(600, "3,579 (5/6, 30/43)", seen);
  EXPECT_LT(seen.found, 6U);
  EXPECT_GT(seen.found, 0U);
  EXPECT_NEAR(static_cast<double>(seen.alerts), 3'579, 36);
  EXPECT_NEAR(static_cast<double>(seen.truncated), 30, 4);
}

TEST(SessionStorm, StarvesAboveThat) {
  for (const auto& [sessions, alerts, truncated, spec] :
       {std::tuple{1'200U, 3'947.0, 39U, "3,947 (0/6, 39/43)"},
        {3'000U, 4'101.0, 41U, "4,101 (0/6, 41/43)"}}) {
    const Outcome seen = detect(storm(sessions), {});
    report(sessions, spec, seen);
    EXPECT_EQ(seen.found, 0U) << "noise became false negatives";
    EXPECT_EQ(seen.truncated, truncated);
    EXPECT_NEAR(static_cast<double>(seen.alerts), alerts, 0.01 * alerts);
  }
}

TEST(SessionStorm, IsNothingToARuleOfAccountsAndNames) {
  for (const std::uint32_t sessions : {60U, 240U, 600U, 1'200U, 3'000U}) {
    const Outcome seen = detect(storm(sessions), {.terms = Terms::account_and_user_name});
    report(sessions, "6 (6/6)", seen);
    EXPECT_EQ(seen.found, 6U);
    EXPECT_EQ(seen.alerts, 6U);
    EXPECT_EQ(seen.truncated, 0U);
  }
}

TEST(SessionStorm, IsHeldOffLongerByShorterRuns) {
  const Rule rule{.from = "now-6m", .interval = 5min};
  for (const auto& [sessions, alerts, spec] :
       {std::tuple{60U, 366U, "366 (6/6)"}, {600U, 3'606U, "3,606 (6/6)"}}) {
    const Outcome seen = detect(storm(sessions), rule);
    report(sessions, spec, seen);
    EXPECT_EQ(seen.found, 6U);
    EXPECT_EQ(seen.alerts, alerts);
  }
  const Outcome seen = detect(storm(3'000), rule);
  report(3'000, "7,233 (0/6)", seen);
  EXPECT_EQ(seen.found, 0U);
  EXPECT_NEAR(static_cast<double>(seen.alerts), 7'233, 0.01 * 7'233);
}

// A storm that has been going on for ever leaves an hour of sessions to the first runs. Nothing else changes.
TEST(SessionStorm, IsTheSameWhenItHasAlwaysBeen) {
  SecretReadersOptions population = storm(1'200);
  population.history_sessions_per_hour.reset();
  population.history = 24h;
  const Outcome seen = detect(population, {});
  EXPECT_EQ(seen.found, 0U);
  EXPECT_GE(seen.early, 100U);
  EXPECT_EQ(seen.truncated, 40U);
}

TEST(SessionStorm, SparesWhoReadsMoreOftenThanTheTasks) {
  SecretReadersOptions population = storm(3'000);
  population.reads_per_intrusion = 2;  // buckets with more documents come first
  EXPECT_EQ(detect(population, {}).found, 6U);
}

// Section 4.2: who has no user.name is seen by the rule as it was, and by the present one never.
TEST(RootBlindSpot, HidesWhoHasNoUserName) {
  const SecretReadersOptions population{.start = start,
                                        .sessions_per_hour = 0,
                                        .intrusions_per_hour = 0,
                                        .root_accounts = 3,
                                        .other_accounts = 4};
  for (const auto& [kind, count] : {std::pair{SecretReader::root, 3U}, {SecretReader::other_account, 4U}}) {
    const Outcome by_id = detect(population, {.terms = Terms::user_id}, kind);
    EXPECT_EQ(by_id.found, count);
    EXPECT_EQ(by_id.wanted, count);
    EXPECT_EQ(by_id.alerts, 7U);
    const Outcome by_name = detect(population, {.terms = Terms::account_and_user_name}, kind);
    EXPECT_EQ(by_name.found, 0U);
    EXPECT_EQ(by_name.alerts, 0U);
  }
}

}  // namespace
}  // namespace rushhour::elastic
