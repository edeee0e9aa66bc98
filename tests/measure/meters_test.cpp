#include <rushhour/measure/meters.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/gtest.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>

namespace rushhour::measure {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

struct Attempt {
  Duration at{};
  std::uint8_t attempt{1};
  Outcome outcome{Outcome::ok};
  std::string account{};
  std::string detection{};
  Function function{};
  AddressClass subject{AddressClass::missing};
};

class MetersTest : public ::testing::Test {
 protected:
  void add(std::string_view operation, const Attempt& attempt) {
    meters.on_call({.at = start + attempt.at,
                    .operation = names.intern(operation),
                    .account = names.intern(attempt.account),
                    .detection = names.intern(attempt.detection),
                    .outcome = attempt.outcome,
                    .attempt = attempt.attempt,
                    .function = attempt.function,
                    .subject = attempt.subject});
  }

  Names names;
  Meters meters{names};
};

TEST_F(MetersTest, KnowOnlyWhatWasCalled) {
  names.intern("sts:GetCallerIdentity");
  EXPECT_EQ(meters.find("sts"), nullptr);
  add("sts:AssumeRole", {});
  EXPECT_NE(meters.find("sts"), nullptr);
  EXPECT_NE(meters.find("sts:AssumeRole"), nullptr);
  EXPECT_EQ(meters.find("sts:GetCallerIdentity"), nullptr) << "a name that is known, but was not called";
  EXPECT_EQ(meters.find("AssumeRole"), nullptr);
  EXPECT_EQ(meters.find(""), nullptr);
}

TEST_F(MetersTest, CountWhatBecameOfEachAttempt) {
  add("sts:AssumeRole", {.outcome = Outcome::ok});
  add("sts:AssumeRole", {.outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 2, .outcome = Outcome::ok});
  add("sts:AssumeRole", {.outcome = Outcome::denied});
  add("sts:AssumeRole", {.outcome = Outcome::timeout});
  const Meter& meter = *meters.find("sts:AssumeRole");
  EXPECT_EQ(meter.calls.total(), 4U);
  EXPECT_EQ(meter.attempts.total(), 5U);
  EXPECT_EQ(meter.accepted.total(), 4U) << "a limit refused one; what came of the others is another matter";
  EXPECT_EQ(meter.throttled.total(), 1U);
  EXPECT_EQ(meter.ok, 2U);
  EXPECT_EQ(meter.errors, 2U);
}

TEST_F(MetersTest, CountOneCallForAnAttemptOfUnknownNumber) {
  add("virustotal:ip_addresses", {.attempt = 0});
  add("virustotal:ip_addresses", {.attempt = 0});
  EXPECT_EQ(meters.find("virustotal")->calls.total(), 2U);
}

TEST_F(MetersTest, AmplifyAttemptsPerCall) {
  EXPECT_EQ(Meter{}.amplification(), std::nullopt);
  add("sts:AssumeRole", {.outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 2, .outcome = Outcome::throttled});
  add("sts:AssumeRole", {.attempt = 3});
  add("sts:AssumeRole", {});
  EXPECT_EQ(meters.find("sts")->amplification(), (Ratio{2, 1}));
}

TEST_F(MetersTest, RememberTheFirstThrottle) {
  add("sts:AssumeRole", {.at = 1s});
  EXPECT_EQ(meters.find("sts")->first_throttle, std::nullopt);
  add("sts:AssumeRole", {.at = 2'500ms, .outcome = Outcome::throttled});
  add("sts:GetCallerIdentity", {.at = 3s, .outcome = Outcome::throttled});
  EXPECT_EQ(meters.find("sts")->first_throttle, start + 2'500ms);
  EXPECT_EQ(meters.find("sts:AssumeRole")->first_throttle, start + 2'500ms);
  EXPECT_EQ(meters.find("sts:GetCallerIdentity")->first_throttle, start + 3s);
}

TEST_F(MetersTest, AddOperationsUpToTheirService) {
  add("secretsmanager:GetSecretValue", {.at = 0s});
  add("secretsmanager:DescribeSecret", {.at = 0s});
  add("sts:AssumeRole", {.at = 0s});
  add("secretsmanager:GetSecretValue", {.at = 999ms});
  EXPECT_EQ(meters.find("secretsmanager")->attempts.total(), 3U);
  EXPECT_EQ(meters.find("secretsmanager")->attempts.peak(0).count, 3U);
  EXPECT_EQ(meters.find("secretsmanager:GetSecretValue")->attempts.peak(0).count, 2U);
  EXPECT_EQ(meters.find("sts")->attempts.total(), 1U);
}

TEST_F(MetersTest, PeakBySecondsOfTheInstant) {
  add("sts:AssumeRole", {.at = 999'999'999ns});
  add("sts:AssumeRole", {.at = 1s});
  add("sts:AssumeRole", {.at = 1'999'999'999ns});
  const Peak peak = meters.find("sts")->attempts.peak(0);
  EXPECT_EQ(peak.count, 2U);
  EXPECT_EQ(peak.begin, start + 1s);
}

TEST_F(MetersTest, TellAccountsAndDetectionsApart) {
  add("sts:AssumeRole", {.account = "1", .detection = "a"});
  add("sts:AssumeRole", {.at = 1s, .account = "1", .detection = "b"});
  add("sts:GetCallerIdentity", {.at = 1s, .account = "2", .detection = "b"});
  add("sts:AssumeRole", {.at = 2s, .outcome = Outcome::denied});
  const auto attempts = [&](std::string_view name, Part part) -> std::uint64_t {
    const Meter* const meter = meters.find(name, part);
    return meter == nullptr ? 0 : meter->attempts.total();
  };
  EXPECT_EQ(attempts("sts", {}), 4U);
  EXPECT_EQ(attempts("sts", {.account = "1"}), 2U);
  EXPECT_EQ(attempts("sts", {.account = "2"}), 1U);
  EXPECT_EQ(attempts("sts", {.detection = "a"}), 1U);
  EXPECT_EQ(attempts("sts", {.detection = "b"}), 2U);
  EXPECT_EQ(attempts("sts:AssumeRole", {.detection = "b"}), 1U);
  EXPECT_EQ(attempts("sts:AssumeRole", {.account = "2"}), 0U);
  EXPECT_EQ(meters.find("sts", {.account = "a"}), nullptr) << "a name, but no account's";
  EXPECT_EQ(meters.find("sts:AssumeRole", {.account = "2"}), nullptr);
}

TEST_F(MetersTest, KeepACellForEachCaller) {
  add("sts:AssumeRole", {.account = "1", .detection = "a", .function = Function::rule});
  add("sts:AssumeRole", {.account = "1", .detection = "a", .function = Function::alert_context});
  add("sts:AssumeRole", {.attempt = 2, .account = "1", .detection = "a", .function = Function::rule});
  const std::vector<const Cell*> cells = meters.cells();
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0]->function, Function::rule);
  EXPECT_EQ(cells[0]->counts.attempts(), 2U);
  EXPECT_EQ(cells[0]->counts.calls, 1U);
  EXPECT_EQ(cells[0]->counts.wasted(), 1U);
  EXPECT_EQ(cells[1]->function, Function::alert_context);
  EXPECT_EQ(names.text(cells[1]->detection), "a");
}

TEST_F(MetersTest, CountTheSecondsInWhichSomethingWasThrottled) {
  const auto throttle = [&](Duration at) {
    add("sts:AssumeRole", {.at = at, .outcome = Outcome::throttled});
  };
  for (const Duration at : {1s, 1s, 2s}) throttle(at);
  add("sts:AssumeRole", {.at = 3s});
  throttle(5'999ms);
  throttle(6s);
  EXPECT_EQ(meters.find("sts")->seconds_throttled.longest_run(), 2U) << "read before the second is over";
  throttle(7'500ms);
  throttle(3'600s);
  const Meter& meter = *meters.find("sts:AssumeRole");
  EXPECT_EQ(meter.seconds_throttled.count(), 6U);
  EXPECT_EQ(meter.seconds_throttled.longest_run(), 3U);
  EXPECT_EQ(meter.first_throttle, start + 1s);
  EXPECT_EQ(meter.last_throttle, start + 3'600s);
}

TEST_F(MetersTest, SlideOverServicesOperationsAndKeys) {
  add("virustotal:ip_addresses", {.at = 59s, .account = "k1", .detection = "a"});
  add("virustotal:ip_addresses", {.at = 61s, .account = "k1", .detection = "b"});
  add("virustotal:ip_addresses", {.at = 62s, .account = "k2", .detection = "b"});
  add("sts:AssumeRole", {.at = 62s, .account = "1"});
  EXPECT_EQ(meters.find("virustotal")->sliding->peak(2).count, 3U);
  EXPECT_EQ(meters.find("virustotal:ip_addresses")->sliding->peak(2).count, 3U);
  EXPECT_EQ(meters.find("virustotal", {.account = "k1"})->sliding->peak(2).count, 2U);
  EXPECT_EQ(meters.find("virustotal", {.account = "k2"})->sliding->peak(2).count, 1U);
  EXPECT_EQ(meters.find("sts")->sliding->peak(0).count, 1U);
  EXPECT_FALSE(meters.find("virustotal", {.detection = "a"})->sliding.has_value());
}

TEST_F(MetersTest, DrawACurveOfEachOperation) {
  add("sts:AssumeRole", {.at = 1s});
  add("sts:AssumeRole", {.at = 1s, .outcome = Outcome::throttled});
  add("sts:GetCallerIdentity", {.at = 3s});
  const Series& service = *meters.find("sts")->series;
  EXPECT_EQ(service.begin(), start + 1s);
  ASSERT_EQ(service.buckets().size(), 3U);
  EXPECT_EQ(service.buckets()[0], (Bucket{.attempts = 2, .throttled = 1, .calls = 2, .ok = 1}));
  EXPECT_EQ(service.buckets()[2].attempts, 1U);
  EXPECT_EQ(meters.find("sts:AssumeRole")->series->buckets().size(), 1U);
}

TEST_F(MetersTest, CountLookUpsThatAKeyWasChargedForByAddress) {
  const auto look_up = [&](AddressClass subject, Outcome outcome, const char* key) {
    add("virustotal:ip_addresses", {.outcome = outcome, .account = key, .subject = subject});
  };
  look_up(AddressClass::public_ipv4, Outcome::ok, "k");
  look_up(AddressClass::private_ipv4, Outcome::ok, "k");
  look_up(AddressClass::malformed, Outcome::invalid, "k");
  look_up(AddressClass::missing, Outcome::throttled, "k");
  look_up(AddressClass::missing, Outcome::reset, "");
  const Cell& cell = *meters.cells().front();
  const auto count = [&](AddressClass kind) { return cell.subjects[static_cast<std::size_t>(kind)]; };
  EXPECT_EQ(count(AddressClass::public_ipv4), 1U);
  EXPECT_EQ(count(AddressClass::private_ipv4), 1U);
  EXPECT_EQ(count(AddressClass::malformed), 1U);
  EXPECT_EQ(count(AddressClass::missing), 0U) << "refused, so never looked at";
}

// ---- Limits ----

class ChargesTest : public ::testing::Test {
 protected:
  void add(std::string_view operation, std::string_view account, Duration at, Outcome outcome = Outcome::ok) {
    meters.on_call({.at = start + at,
                    .operation = names.intern(operation),
                    .account = names.intern(account),
                    .outcome = outcome,
                    .attempt = 1});
  }
  /// The published ones, those of VirusTotal for a group of all keys as well.
  std::vector<Limits> limits_of(Name operation, Name account) {
    const std::string_view text = names.text(operation);
    const std::string_view service = text.substr(0, text.find(':'));
    const auto group = limit::profiles::find(service, text.substr(text.find(':') + 1));
    if (!group) return {};
    const auto rows = limit::profiles::group(*group);
    std::vector<Limits> out{{.account = account, .rows = {rows.begin(), rows.end()}}};
    if (service == "virustotal") {
      out.push_back({.account = names.intern("group"), .rows = {rows.begin(), rows.end()}});
    }
    return out;
  }

  Names names;
  Meters meters{names, [this](Name operation, Name account) { return limits_of(operation, account); }};
};

TEST_F(ChargesTest, AreOfTheAccountAndTheGroupThatALimitIsFor) {
  add("sts:AssumeRole", "1", 0s);
  add("sts:GetCallerIdentity", "1", 0s);
  add("sts:AssumeRole", "2", 0s);
  add("sts:AssumeRole", "", 0s, Outcome::denied);
  add("sts:AssumeRoleWithWebIdentity", "1", 0s);
  ASSERT_EQ(meters.charges().size(), 2U) << "who was never authenticated is charged to nobody";
  const Charge& first = meters.charges()[0];
  EXPECT_EQ(names.text(first.account), "1");
  EXPECT_EQ(first.rows.at(0).limit, 600U);
  EXPECT_EQ(first.operations.size(), 2U);
  EXPECT_EQ(first.attempts.total(), 2U) << "AssumeRoleWithWebIdentity consumes nothing";
  EXPECT_EQ(meters.charges()[1].attempts.total(), 1U);
}

TEST_F(ChargesTest, CountTheWindowsThatWereAboveTheLimit) {
  for (int i = 0; i < 5; ++i) add("virustotal:ip_addresses", "k", 0s);
  for (int i = 0; i < 4; ++i) add("virustotal:ip_addresses", "k", 1min);
  for (int i = 0; i < 9; ++i) add("virustotal:ip_addresses", "k", 2min, Outcome::throttled);
  const Charge& charge = meters.charges().front();
  EXPECT_EQ(charge.attempts.over(2), 2U) << "demand counts, refused or not";
  EXPECT_EQ(charge.attempts.time_over(2), 2min);
  EXPECT_EQ(charge.attempts.over(0), 0U) << "there is no limit of a second";
  EXPECT_EQ(charge.attempts.over(month_window), 0U);
}

TEST_F(ChargesTest, KnowWhenAKeysDayIsUsedUp) {
  for (int i = 0; i < 125 * 60; ++i) {
    const Duration at = i * 1s;
    add("virustotal:ip_addresses", "k", at, i % 60 < 4 ? Outcome::ok : Outcome::throttled);
  }
  const Charge& charge = meters.charges().front();
  ASSERT_EQ(charge.exhaustions.size(), 2U);
  EXPECT_EQ(charge.exhaustions[0].first(), start + 124min + 3s);
  EXPECT_EQ(charge.exhaustions[1].first(), std::nullopt);
  EXPECT_EQ(charge.exhaustions[1].charged(), 500U) << "what was refused uses nothing up";
}

TEST_F(ChargesTest, AddUpTheKeysOfAGroupInOneOfItsOwn) {
  for (const std::string_view key : {"a", "b"}) {
    for (int i = 0; i < 3; ++i) add("virustotal:ip_addresses", key, 0s);
  }
  for (int day_call = 6; day_call < 500; ++day_call) {
    add("virustotal:ip_addresses", day_call % 2 == 0 ? "a" : "b", day_call * 1min);
  }
  ASSERT_EQ(meters.charges().size(), 3U);
  const Charge& key = meters.charges()[0];
  const Charge& group = meters.charges()[1];
  EXPECT_EQ(names.text(key.account), "a");
  EXPECT_EQ(names.text(group.account), "group");
  EXPECT_EQ(names.text(meters.charges()[2].account), "b");
  EXPECT_EQ(key.attempts.peak(2).count, 3U);
  EXPECT_EQ(key.attempts.over(2), 0U) << "three a minute are within the key's limit";
  EXPECT_EQ(group.attempts.peak(2).count, 6U);
  EXPECT_EQ(group.attempts.over(2), 1U);
  EXPECT_EQ(key.exhaustions[0].first(), std::nullopt) << "its own day has 250 calls";
  EXPECT_EQ(group.exhaustions[0].first(), start + 499min);
}

// ---- Against counting by hand ----

struct Recount {
  std::map<std::int64_t, Counts> seconds{};
  std::vector<Instant> instants{};
};

/// Whatever a call is a part of: names of meters, as find() takes them.
std::vector<std::array<std::string, 3>> parts_of(const std::string& operation, const Attempt& attempt) {
  std::vector<std::array<std::string, 3>> out;
  for (const std::string& name : {operation, operation.substr(0, operation.find(':'))}) {
    out.push_back({name, "", ""});
    if (!attempt.account.empty()) out.push_back({name, attempt.account, ""});
    if (!attempt.detection.empty()) out.push_back({name, "", attempt.detection});
  }
  return out;
}

void expect_equal(const Meter& meter, const Recount& recount, const std::string& name) {
  Windows attempts;
  Windows goodput;
  Counts counts;
  std::uint64_t throttled_seconds = 0;
  std::uint64_t run = 0;
  std::uint64_t longest = 0;
  std::int64_t last = -2;
  for (const auto& [second, each] : recount.seconds) {
    attempts.add(second, each.attempts());
    goodput.add(second, each.of(Outcome::ok));
    counts.add(each);
    if (each.of(Outcome::throttled) == 0) continue;
    ++throttled_seconds;
    run = second == last + 1 ? run + 1 : 1;
    longest = std::max(longest, run);
    last = second;
  }
  ASSERT_EQ(meter.counts, counts) << name;
  EXPECT_EQ(meter.attempts.total(), counts.attempts()) << name;
  EXPECT_EQ(meter.attempts.total(), meter.accepted.total() + meter.throttled.total()) << name;
  EXPECT_EQ(meter.accepted.total(), meter.ok + meter.errors) << name;
  EXPECT_EQ(meter.calls.total() + meter.wasted(), meter.attempts.total()) << name;
  EXPECT_EQ(meter.goodput.total(), meter.ok) << name;
  EXPECT_EQ(meter.seconds_throttled.count(), throttled_seconds) << name;
  EXPECT_EQ(meter.seconds_throttled.longest_run(), longest) << name;
  for (std::size_t size = 0; size <= month_window; ++size) {
    EXPECT_EQ(meter.attempts.peak(size), attempts.peak(size)) << name;
    EXPECT_EQ(meter.goodput.peak(size), goodput.peak(size)) << name;
  }
  if (meter.sliding) {
    Sliding sliding;
    for (const Instant at : recount.instants) sliding.add(at);
    for (std::size_t size = 0; size < sliding_sizes.size(); ++size) {
      EXPECT_EQ(meter.sliding->peak(size), sliding.peak(size)) << name;
    }
  }
  if (meter.series) {
    Bucket sum;
    for (const Bucket& bucket : meter.series->buckets()) sum.add(bucket);
    EXPECT_EQ(sum.attempts, counts.attempts()) << name;
    EXPECT_EQ(sum.ok, counts.of(Outcome::ok)) << name;
  }
}

TEST(Meters, EqualCountingByHand) {
  // Callers come one after the other, so that parts which were the same for a while begin to differ.
  const std::array<std::string, 4> operations{"sts:AssumeRole", "sts:GetCallerIdentity",
                                              "secretsmanager:GetSecretValue", "virustotal:ip_addresses"};
  const std::array<std::string, 4> accounts{"1", "2", "", "3"};
  const std::array<std::string, 5> detections{"a", "b", "", "c", "d"};
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    Draws draws{Random{seed}.stream("attempts")};
    Names names;
    Meters meters{names};
    std::map<std::array<std::string, 3>, Recount> expected;
    Instant at = start;
    const auto one_of = [&](const auto& all, std::uint64_t i) -> const std::string& {
      return all[uniform_below(draws.next(), std::min<std::uint64_t>(all.size(), 1 + i / 60))];
    };
    for (std::uint64_t i = 0; i < 600; ++i) {
      const std::uint64_t gap = uniform_below(draws.next(), 50) == 0 ? 40'000'000'000 : 400'000'000;
      if (uniform_below(draws.next(), 3) > 0)
        at += Duration{static_cast<std::int64_t>(uniform_below(draws.next(), gap))};
      const std::string& operation = one_of(operations, i);
      const Attempt attempt{.attempt = static_cast<std::uint8_t>(uniform_below(draws.next(), 4)),
                            .outcome = static_cast<Outcome>(uniform_below(draws.next(), outcome_count)),
                            .account = one_of(accounts, i),
                            .detection = one_of(detections, i),
                            .function = static_cast<Function>(uniform_below(draws.next(), 3))};
      meters.on_call({.at = at,
                      .operation = names.intern(operation),
                      .account = names.intern(attempt.account),
                      .detection = names.intern(attempt.detection),
                      .outcome = attempt.outcome,
                      .attempt = attempt.attempt,
                      .function = attempt.function});
      for (const auto& part : parts_of(operation, attempt)) {
        Recount& recount = expected[part];
        Counts& counts = recount.seconds[at.time_since_epoch() / 1s];
        ++counts.outcomes[static_cast<std::size_t>(attempt.outcome)];
        counts.calls += attempt.attempt <= 1 ? 1 : 0;
        recount.instants.push_back(at);
      }
      if (i % 97 == 0) static_cast<void>(meters.find("sts"));  // reading in between changes nothing
    }
    for (const auto& [part, recount] : expected) {
      const auto& [name, account, detection] = part;
      std::string text = name;
      text.append("/").append(account).append("/").append(detection);
      text.append(", seed ").append(std::to_string(seed));
      const Meter* const meter = meters.find(name, {.account = account, .detection = detection});
      ASSERT_NE(meter, nullptr) << text;
      expect_equal(*meter, recount, text);
      if (account.empty() && detection.empty()) {
        EXPECT_TRUE(meter->sliding && meter->series) << text;
      }
      if (name.starts_with("virustotal") && !account.empty()) {
        EXPECT_TRUE(meter->sliding) << text;
      }
      if (testing::Test::HasFailure()) return;
    }
    Counts cells;
    for (const Cell* cell : meters.cells()) cells.add(cell->counts);
    EXPECT_EQ(cells.attempts(), 600U);
  }
}

TEST(MetersDeathTest, RefuseToGoBack) {
  Names names;
  Meters meters{names};
  meters.on_call({.at = start + 500ms, .operation = names.intern("sts:AssumeRole")});
  EXPECT_DEATH(meters.on_call({.at = start + 499ms, .operation = names.intern("sts:AssumeRole")}),
               "in order of time");
}

}  // namespace
}  // namespace rushhour::measure
