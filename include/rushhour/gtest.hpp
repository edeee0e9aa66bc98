/// \file
/// What GoogleTest needs to speak of rushhour: matchers for results, calls and alerts, and printers that say
/// what was there instead. The fixture with a world in it is fakes/gtest.hpp.
///
///     EXPECT_THAT(world.calls(), Called("sts:AssumeRole", Le(1)));
///     EXPECT_THAT(world.calls(), Contains(Throttled()));
///     EXPECT_THAT(sts(AssumeRole{...}), FailsWith("AccessDenied", HasSubstr("is not authorized")));
///     EXPECT_THAT(secrets(GetSecretValue{...}), Succeeds(Field(&GetSecretValue::Output::name, "prod/db")));
///     EXPECT_THAT(evaluation, Alerts(Degraded()));
///
/// They take values or matchers. A failed look at the calls shows their tally, the last of them, the world's
/// seed and the command that runs the test again.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/calls.hpp>
#include <rushhour/detect/alert.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

// ---- Running a failed test again ----

/// The seed of a test's world: RUSHHOUR_SEED, or else the fallback. Throws InputError when the variable is no
/// number.
[[nodiscard]] inline std::uint64_t seed_from_environment(std::uint64_t fallback = 1) {
  const char* const text = std::getenv("RUSHHOUR_SEED");
  if (text == nullptr || *text == '\0') return fallback;
  const std::string_view digits{text};
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
  if (error == std::errc{} && end == digits.data() + digits.size()) return seed;
  throw InputError({.expected = "a number from 0 to 2^64 - 1 in the environment variable RUSHHOUR_SEED",
                    .seen = "\"" + std::string{digits} + "\""});
}

/// `reproduce: RUSHHOUR_SEED=7 build/dev/tests/my_test --gtest_filter=SecretRead.IsEnriched`; empty outside
/// of a test.
[[nodiscard]] inline std::string reproduce_line(std::uint64_t seed) {
  const ::testing::TestInfo* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return {};
  return "reproduce: RUSHHOUR_SEED=" + std::to_string(seed) + " " + ::program_invocation_name +
         " --gtest_filter=" + test->test_suite_name() + "." + test->name();
}

// ---- Printers ----

inline void PrintTo(Outcome outcome, std::ostream* out) { *out << to_text(outcome); }
inline void PrintTo(const Failure& failure, std::ostream* out) {
  *out << to_text(failure) << " (" << to_text(failure.outcome) << ")";
}
inline void PrintTo(const JournalEntry& entry, std::ostream* out) { *out << to_text(entry); }
/// The names stay numbers: a Call alone cannot read them. See calls.hpp.
inline void PrintTo(const Call& call, std::ostream* out) {
  *out << to_iso8601(call.at, Precision::nanoseconds) << " operation #" << index(call.operation) << " "
       << call.status << " (" << to_text(call.outcome) << "), event " << call.event << ", attempt "
       << int{call.attempt};
}
inline void PrintTo(const Calls& calls, std::ostream* out) {
  *out << "\n" << to_text(calls) << "seed: " << calls.seed() << "\n" << reproduce_line(calls.seed()) << "\n";
}
template <class T>
void PrintTo(const Result<T>& result, std::ostream* out) {
  if (!result) {
    PrintTo(result.failure(), out);
    return;
  }
  *out << "ok: ";
  if constexpr (requires { aws::Described<T>::members; }) {
    std::string json;
    aws::append_json(json, aws::Described<T>::members, &*result);
    *out << json;
  } else {
    *out << ::testing::PrintToString(*result);
  }
}

namespace api::virustotal {

inline void PrintTo(const AnalysisStats& stats, std::ostream* out) {
  *out << "{harmless " << stats.harmless << ", malicious " << stats.malicious << ", suspicious "
       << stats.suspicious << ", undetected " << stats.undetected << ", timeout " << stats.timeout << "}";
}
inline void PrintTo(const IpAddressReport& report, std::ostream* out) {
  *out << report.address << " AS" << report.asn.value_or(0) << " " << report.as_owner.value_or("(no owner)")
       << ", " << report.country.value_or("(no country)") << ", " << report.network.value_or("(no network)")
       << ", analysed " << to_iso8601(report.last_analysis_date) << ", ";
  PrintTo(report.last_analysis_stats, out);
}

}  // namespace api::virustotal

namespace detect {

inline void PrintTo(Severity severity, std::ostream* out) { *out << to_text(severity); }
inline void PrintTo(const AlertContext& context, std::ostream* out) {
  constexpr std::size_t shown = 200;
  *out << context.json().substr(0, shown);
  if (context.json().size() > shown) *out << "... (" << context.json().size() << " bytes)";
}
inline void PrintTo(const Alert& alert, std::ostream* out) {
  *out << (alert.is_degraded() ? "degraded" : "intact") << " alert \"" << alert.title << "\" for event "
       << alert.event << ", severity " << to_text(alert.severity) << ", dedup \"" << alert.dedup
       << "\", context ";
  PrintTo(alert.context, out);
}
inline void PrintTo(Verdict::Kind kind, std::ostream* out) {
  *out << (kind == Verdict::Kind::match ? "match" : kind == Verdict::Kind::no_match ? "no match" : "error");
}
inline void PrintTo(const Evaluation& evaluation, std::ostream* out) {
  PrintTo(evaluation.verdict, out);
  if (const std::string error = evaluation.error(); !error.empty()) *out << ": " << error;
  if (!evaluation.alert) return;
  *out << ": ";
  PrintTo(*evaluation.alert, out);
}

}  // namespace detect

// ---- Matchers ----

namespace detail {

inline Outcome outcome_of(const Call& call) { return call.outcome; }
inline Outcome outcome_of(const JournalEntry& entry) { return entry.outcome; }
inline Outcome outcome_of(const Failure& failure) { return failure.outcome; }
template <class T>
Outcome outcome_of(const Result<T>& result) {
  return result.outcome();
}

/// The failure of what has one, or null.
inline const Failure* failure_of(const Failure& failure) { return &failure; }
template <class T>
const Failure* failure_of(const Result<T>& result) {
  return result.ok() ? nullptr : &result.failure();
}

template <class... Ops>
bool names_one_of(std::string_view text, api::Operations<Ops...> /*operations*/) {
  return ((text == to_text(api::operation_of<Ops>)) || ...);
}
/// Whether there is an operation of this name: a mistyped one would be called 0 times, as hoped.
inline bool is_operation(std::string_view text) {
  return [text]<std::size_t... i>(std::index_sequence<i...>) {
    return (names_one_of(text, typename api::OperationsOf<static_cast<api::Service>(i)>::Type{}) || ...);
  }(std::make_index_sequence<api::detection_service_count>{});
}

}  // namespace detail

/// What became of an attempt or a call: matches a Result, Failure, Call or JournalEntry. Takes an Outcome or
/// a matcher.
MATCHER_P(HasOutcome, outcome,
          std::string{"has an outcome that "} + ::testing::DescribeMatcher<Outcome>(outcome, negation)) {
  const Outcome actual = detail::outcome_of(arg);
  *result_listener << "whose outcome is " << to_text(actual);
  return ::testing::Value(actual, outcome);
}

/// A quota or rate limit refused it.
inline auto Throttled() { return HasOutcome(Outcome::throttled); }

/// A JournalEntry of this operation: `Contains(AllOf(CallTo("sts:AssumeRole"), Throttled()))`.
MATCHER_P(CallTo, operation, std::string{negation ? "is no call to " : "is a call to "} + operation) {
  *result_listener << "which is a call to " << arg.operation;
  return arg.operation == operation;
}

/// A Result that holds a value.
MATCHER(Succeeds, negation ? "fails" : "succeeds") {
  *result_listener << "which " << (arg.ok() ? "succeeds" : "fails");
  return arg.ok();
}

namespace detail {

MATCHER_P(SucceedsWith, value,
          std::string{negation ? "fails, or has a value that " : "succeeds with a value that "} +
              ::testing::DescribeMatcher<typename std::decay_t<arg_type>::Value>(value, negation)) {
  if (!arg.ok()) {
    *result_listener << "which fails";
    return false;
  }
  return ::testing::ExplainMatchResult(value, *arg, result_listener);
}

MATCHER_P2(FailsWithCode, code, text,
           std::string{negation ? "does not fail with a code that " : "fails with a code that "} +
               ::testing::DescribeMatcher<std::string>(code) + " and a text that " +
               ::testing::DescribeMatcher<std::string>(text)) {
  const Failure* const failure = failure_of(arg);
  if (failure == nullptr) {
    *result_listener << "which succeeds";
    return false;
  }
  *result_listener << "whose code is \"" << failure->code << "\" and text \"" << failure->message << "\"";
  return ::testing::Value(failure->code, code) && ::testing::Value(failure->message, text);
}

}  // namespace detail

/// A Result whose value equals, or matches: `Succeeds(Field(&GetSecretValue::Output::name, "prod/db"))`.
template <class Value>
auto Succeeds(Value value) {
  return detail::SucceedsWith(std::move(value));
}

/// A Result or Failure with this error code and text, each a value or matcher: `FailsWith("AccessDenied")`,
/// `FailsWith("AccessDenied", HasSubstr("sts:AssumeRole"))`.
template <class Code, class Text>
auto FailsWith(Code code, Text text) {
  return detail::FailsWithCode(std::move(code), std::move(text));
}
template <class Code>
auto FailsWith(Code code) {
  return detail::FailsWithCode(std::move(code), ::testing::_);
}
/// A Result or Failure of this class: `FailsWith(Outcome::throttled)`.
inline auto FailsWith(Outcome outcome) { return HasOutcome(outcome); }

/// How often an operation was attempted, retries included and whatever came of it: a number or a matcher, so
/// `Called("sts:AssumeRole", 1)`, `Called("virustotal:ip_addresses", Le(500))`. Fails for an operation that
/// no service has. Matches Calls, which `world.calls()` gives: a Journal alone has numbers for names.
MATCHER_P2(Called, operation, times,
           std::string{"has a number of calls to "} + operation + " that " +
               ::testing::DescribeMatcher<std::int64_t>(times, negation)) {
  static_assert(std::is_same_v<std::decay_t<arg_type>, Calls>,
                "Called() looks at world.calls(): a Journal cannot tell the names of its operations");
  const auto actual = static_cast<std::int64_t>(arg.count(operation));
  if (actual == 0 && !detail::is_operation(operation)) {
    *result_listener << "but no service has an operation \"" << operation << "\"";
    return false;
  }
  *result_listener << "which has " << actual;
  return ::testing::Value(actual, times);
}
/// At least once.
template <class Operation>
auto Called(Operation operation) {
  return Called(std::move(operation), ::testing::Ge(1));
}

/// An Alert that carries all it should.
MATCHER(Intact, negation ? "is degraded" : "is intact") {
  *result_listener << "which is " << (arg.is_degraded() ? "degraded" : "intact");
  return !arg.is_degraded();
}
/// An Alert whose enrichment failed.
MATCHER(Degraded, negation ? "is intact" : "is degraded") {
  *result_listener << "which is " << (arg.is_degraded() ? "degraded" : "intact");
  return arg.is_degraded();
}

namespace detail {

MATCHER_P(AlertsWith, alert,
          std::string{negation ? "raises no alert that " : "raises an alert that "} +
              ::testing::DescribeMatcher<detect::Alert>(alert)) {
  if (!arg.alert) {
    *result_listener << "which raises none";
    return false;
  }
  return ::testing::ExplainMatchResult(alert, *arg.alert, result_listener);
}

}  // namespace detail

/// A detect::Evaluation that raised an alert: `Alerts()`, `Not(Alerts())`, `Alerts(Degraded())`.
template <class AlertMatcher>
auto Alerts(AlertMatcher alert) {
  return detail::AlertsWith(std::move(alert));
}
inline auto Alerts() { return Alerts(::testing::_); }

/// A detect::Evaluation whose rule could not decide, so that the event went unjudged. Takes a text or a
/// matcher.
MATCHER_P(RuleFails, error,
          std::string{negation ? "has no rule error that " : "has a rule error that "} +
              ::testing::DescribeMatcher<std::string>(error)) {
  if (arg.verdict != detect::Verdict::Kind::error) {
    *result_listener << "whose rule decided";
    return false;
  }
  return ::testing::ExplainMatchResult(error, arg.error(), result_listener);
}

}  // namespace rushhour

// GoogleTest finds printers of a type in the type's namespace. The times are std::chrono's, to which nobody
// else may add, so they are taught where GoogleTest itself looks.
namespace testing::internal {

// NOLINTBEGIN(readability-identifier-naming): GoogleTest's names.
template <>
class UniversalPrinter<rushhour::Instant> {
 public:
  static void Print(const rushhour::Instant& instant, std::ostream* out) {
    *out << rushhour::to_iso8601(instant, rushhour::Precision::nanoseconds);
  }
};

template <>
class UniversalPrinter<rushhour::Duration> {
 public:
  static void Print(const rushhour::Duration& length, std::ostream* out) {
    *out << rushhour::to_text(length);
  }
};
// NOLINTEND(readability-identifier-naming)

}  // namespace testing::internal
