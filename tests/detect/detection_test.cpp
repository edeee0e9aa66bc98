#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detect/detection.hpp>
#include <rushhour/fakes/gtest.hpp>

namespace rushhour::detect {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Field;
using ::testing::Not;

/// What a function does in place of its work.
enum class Does { work, throws, end };

struct Ended {};  // no std::exception, as sim::Cancelled is none

template <class T>
T act(Does does, T value) {
  if (does == Does::throws) throw std::runtime_error("it broke");
  if (does == Does::end) throw Ended{};
  return value;
}

/// Has every function, and notes the order of the calls.
struct Complete {
  std::string_view name() const { return "Test.Complete"; }
  Verdict rule(const event::Event& /*event*/, Context& /*context*/) {
    called.emplace_back("rule");
    return act(rule_does, verdict);
  }
  std::string title(const event::Event& /*event*/, Context& /*context*/) {
    called.emplace_back("title");
    return act(title_does, title_text);
  }
  Severity severity(const event::Event& /*event*/, Context& /*context*/) {
    called.emplace_back("severity");
    return act(severity_does, Severity::high);
  }
  std::string dedup(const event::Event& /*event*/, Context& /*context*/) {
    called.emplace_back("dedup");
    return act(dedup_does, dedup_text);
  }
  AlertContext alert_context(const event::Event& /*event*/, Context& /*context*/) {
    called.emplace_back("alert_context");
    return act(alert_context_does, AlertContext::mapping(R"({"a":1})"));
  }

  Verdict verdict{true};
  std::string title_text{"A title"};
  std::string dedup_text{"a-key"};
  Does rule_does{};
  Does title_does{};
  Does severity_does{};
  Does dedup_does{};
  Does alert_context_does{};
  std::vector<std::string> called{};
};
static_assert(IsDetection<Complete>);

/// Has a rule and nothing else.
struct Bare {
  std::string_view name() const { return "Test.Bare"; }
  bool rule(const event::Event& event, Context& /*context*/) { return event.get("match").truthy(); }
};
static_assert(IsDetection<Bare>);
static_assert(!IsDetection<std::string>);

struct Titled : Bare {
  std::string title(const event::Event& /*event*/, Context& /*context*/) { return "Titled"; }
};

class DetectionContract : public fakes::DetectionTest {
 protected:
  template <class D>
  Evaluation run(D& detection) {
    return evaluate(detection, cloudtrail_event(R"({"match":true})"));
  }
  Alert alert_of(Complete detection) { return run(detection).alert.value(); }
};

// ---- Order ----

TEST_F(DetectionContract, CallsTheFunctionsInTheEnginesOrder) {
  Complete detection;
  const Evaluation evaluation = run(detection);
  EXPECT_THAT(detection.called, ElementsAre("rule", "title", "severity", "dedup", "alert_context"));
  ASSERT_TRUE(evaluation.alert);
  const Alert& alert = *evaluation.alert;
  EXPECT_EQ(alert.event, 1U);
  EXPECT_EQ(alert.title, "A title");
  EXPECT_EQ(alert.severity, Severity::high);
  EXPECT_EQ(alert.dedup, "a-key");
  EXPECT_EQ(alert.context.json(), R"({"a":1})");
}

TEST_F(DetectionContract, CallsNothingButTheRuleForAnEventThatDoesNotMatch) {
  Complete detection{.verdict = false};
  EXPECT_THAT(run(detection), Not(Alerts()));
  EXPECT_THAT(detection.called, ElementsAre("rule"));
}

TEST_F(DetectionContract, CallsThemForEachMatchingEvent) {
  Complete detection;
  for (int i = 0; i < 3; ++i) EXPECT_THAT(run(detection), Alerts());
  EXPECT_EQ(detection.called.size(), 15U);
}

/// Says which function runs now, by the context.
struct Attributed {
  std::string_view name() const { return "Test.Attributed"; }
  bool rule(const event::Event& /*event*/, Context& context) { return note(context), true; }
  std::string title(const event::Event& /*event*/, Context& context) { return note(context), "title"; }
  Severity severity(const event::Event& /*event*/, Context& context) { return note(context), Severity::low; }
  std::string dedup(const event::Event& /*event*/, Context& context) { return note(context), "dedup"; }
  AlertContext alert_context(const event::Event& /*event*/, Context& context) {
    return note(context), AlertContext{};
  }
  void note(const Context& context) { functions.push_back(context.function()); }
  std::vector<Function> functions{};
};

TEST_F(DetectionContract, SaysWhichFunctionRuns) {
  Attributed detection;
  for (int i = 0; i < 2; ++i) (void)run(detection);
  EXPECT_THAT(detection.functions,
              ElementsAre(Function::rule, Function::title, Function::severity, Function::dedup,
                          Function::alert_context, Function::rule, Function::title, Function::severity,
                          Function::dedup, Function::alert_context));
}

// ---- Contexts that are not wanted ----

/// Wants the context of the first alert of each dedup string.
class FirstOnly final : public ContextWanted {
 public:
  bool wants(const Alert& alert) override {
    asked.push_back(alert.dedup);
    return std::count(asked.begin(), asked.end(), alert.dedup) == 1;
  }
  std::vector<std::string> asked{};
};

TEST_F(DetectionContract, CallsNoAlertContextThatIsNotWanted) {
  FirstOnly wanted;
  Complete detection;
  const event::Event event = cloudtrail_event("{}");
  const Evaluation first = detect::evaluate(detection, event, context(), &wanted);
  EXPECT_EQ(first.alert->context.state(), AlertContext::State::intact);
  const Evaluation second = detect::evaluate(detection, event, context(), &wanted);
  EXPECT_EQ(second.alert->context.state(), AlertContext::State::not_wanted);
  EXPECT_EQ(second.alert->context.json(), "{}");
  EXPECT_EQ(second.alert->title, "A title");
  EXPECT_THAT(detection.called, ElementsAre("rule", "title", "severity", "dedup", "alert_context",  //
                                            "rule", "title", "severity", "dedup"));
  EXPECT_THAT(wanted.asked, ElementsAre("a-key", "a-key")) << "it is asked with the dedup string";
}

TEST_F(DetectionContract, AsksNobodyWhetherItWantsTheContextOfNoMatch) {
  FirstOnly wanted;
  Complete detection{.verdict = false};
  (void)detect::evaluate(detection, cloudtrail_event("{}"), context(), &wanted);
  Bare bare;
  EXPECT_EQ(detect::evaluate(bare, cloudtrail_event(R"({"match":true})"), context(), &wanted)
                .alert->context.state(),
            AlertContext::State::intact)
      << "who has no alert_context() leaves nothing out";
  EXPECT_THAT(wanted.asked, ::testing::IsEmpty());
}

// ---- A rule that cannot decide ----

TEST_F(DetectionContract, ARuleThatThrowsIsARuleErrorWithoutAnAlert) {
  Complete detection{.rule_does = Does::throws};
  EXPECT_THAT(run(detection), RuleFails("it broke"));
  EXPECT_THAT(run(detection), Not(Alerts()));
  EXPECT_THAT(detection.called, ElementsAre("rule", "rule"));
}

TEST_F(DetectionContract, ARuleThatReturnsAFailureIsARuleErrorToo) {
  Complete detection{.verdict =
                         Failure{.outcome = Outcome::throttled, .status = 429, .code = "QuotaExceededError"}};
  EXPECT_THAT(run(detection), RuleFails("QuotaExceededError (429)"));
  EXPECT_THAT(run(detection), Not(Alerts()));
}

// ---- Exceptions elsewhere ----

TEST_F(DetectionContract, ATitleThatThrowsFallsBackToTheName) {
  EXPECT_EQ(alert_of({.title_does = Does::throws}).title, "Test.Complete");
}

TEST_F(DetectionContract, ASeverityThatThrowsFallsBackToInfo) {
  EXPECT_EQ(alert_of({.severity_does = Does::throws}).severity, Severity::info);
}

TEST_F(DetectionContract, ADedupThatThrowsOrIsEmptyFallsBackToTheDefault) {
  EXPECT_EQ(alert_of({.dedup_does = Does::throws}).dedup, "defaultDedupString:Test.Complete");
  EXPECT_EQ(alert_of({.dedup_text = ""}).dedup, "defaultDedupString:Test.Complete");
}

TEST_F(DetectionContract, AnAlertContextThatThrowsDegradesTheAlertAndNothingElse) {
  const Alert alert = alert_of({.alert_context_does = Does::throws});
  EXPECT_THAT(alert, Degraded());
  EXPECT_EQ(alert.context.json(), R"({"_error":"it broke"})");
  EXPECT_EQ(alert.title, "A title");
  EXPECT_THAT(alert_of({.title_does = Does::throws, .dedup_does = Does::throws}), Intact());
}

TEST_F(DetectionContract, WhatIsNoStdExceptionGoesThroughEveryFunction) {
  for (Does Complete::*function : {&Complete::rule_does, &Complete::title_does, &Complete::severity_does,
                                   &Complete::dedup_does, &Complete::alert_context_does}) {
    Complete detection;
    detection.*function = Does::end;
    EXPECT_THROW((void)run(detection), Ended);
  }
}

// ---- Functions that are not there ----

TEST_F(DetectionContract, ADetectionNeedsARuleOnly) {
  Bare detection;
  const Evaluation evaluation = run(detection);
  EXPECT_THAT(evaluation, Alerts(Intact()));
  EXPECT_EQ(evaluation.alert->title, "Test.Bare");
  EXPECT_EQ(evaluation.alert->dedup, "defaultDedupString:Test.Bare");
  EXPECT_EQ(evaluation.alert->severity, Severity::info);
  EXPECT_EQ(evaluation.alert->context.json(), "{}");
  EXPECT_THAT(evaluate(detection, cloudtrail_event("{}")), Not(Alerts()));
}

TEST_F(DetectionContract, WithoutADedupTheTitleGroups) {
  Titled detection;
  EXPECT_EQ(run(detection).alert->dedup, "Titled");
}

// ---- Limits ----

TEST_F(DetectionContract, CutsTitlesAndDedupsToAThousandCharacters) {
  EXPECT_EQ(alert_of({.title_text = std::string(1'000, 'x')}).title, std::string(1'000, 'x'));
  const Alert alert =
      alert_of({.title_text = std::string(1'001, 'x'), .dedup_text = std::string(5'000, 'y')});
  EXPECT_EQ(alert.title, std::string(985, 'x') + "... (truncated)");
  EXPECT_EQ(alert.dedup, std::string(985, 'y') + "... (truncated)");
  EXPECT_EQ(alert.title.size(), 1'000U);
}

/// `text`, so many times.
std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST_F(DetectionContract, CountsCharactersAndNotBytes) {
  for (const std::string_view character : {"e", "é", "€", "🔑"}) {
    const auto title_of = [&](int characters) {
      return alert_of({.title_text = repeated(character, characters)}).title;
    };
    EXPECT_TRUE(title_of(1'000) == repeated(character, 1'000)) << character;
    EXPECT_TRUE(title_of(1'001) == repeated(character, 985) + "... (truncated)") << character;
  }
}

TEST(AlertContext, IsAnEmptyMappingUnlessSaidOtherwise) {
  EXPECT_EQ(AlertContext{}.json(), "{}");
  EXPECT_FALSE(AlertContext{}.is_error());
}

TEST(AlertContext, OverTheLimitBecomesTheEnginesError) {
  const AlertContext fits = AlertContext::mapping(std::string(204'800, 'x'));
  EXPECT_FALSE(fits.is_error());
  const AlertContext over = AlertContext::mapping(std::string(204'801, 'x'));
  EXPECT_TRUE(over.is_error());
  EXPECT_EQ(over.json(),
            R"({"_error":"alert_context size is [204801] characters, bigger than maximum of [204800] )"
            R"(characters"})");
}

TEST(AlertContext, QuotesWhatAnErrorSays) {
  EXPECT_EQ(AlertContext::error("no \"data\"\n").json(), R"({"_error":"no \"data\"\n"})");
}

TEST(Verdict, IsMadeFromABoolOrAFailure) {
  EXPECT_EQ(Verdict{true}.kind(), Verdict::Kind::match);
  EXPECT_EQ(Verdict{false}.kind(), Verdict::Kind::no_match);
  const Verdict failed{Failure{.outcome = Outcome::timeout}};
  EXPECT_EQ(failed.kind(), Verdict::Kind::error);
  EXPECT_EQ(failed.failure().outcome, Outcome::timeout);
}

TEST(Severity, ReadsAsPantherWritesIt) {
  EXPECT_EQ(to_text(Severity::info), "INFO");
  EXPECT_EQ(to_text(Severity::critical), "CRITICAL");
}

TEST_F(DetectionContract, AnyDetectionBehavesAsTheOneItHolds) {
  AnyDetection any{Complete{}};
  EXPECT_EQ(any.name(), "Test.Complete");
  const Evaluation evaluation = any.evaluate(cloudtrail_event("{}"), context());
  EXPECT_THAT(evaluation, Alerts(Field(&Alert::title, "A title")));
  std::vector<AnyDetection> several;
  several.emplace_back(Bare{});
  several.emplace_back(Complete{.rule_does = Does::throws});
  EXPECT_THAT(several[1].evaluate(cloudtrail_event("{}"), context()), RuleFails("it broke"));
}

/// Says what is unique of it, last of all.
struct Counted : Complete {
  std::optional<std::string> unique(const event::Event& event, Context& context) {
    called.emplace_back(to_text(context.function()));
    return act(unique_does, std::optional{std::string{event.get("user").text_or("")}});
  }
  Does unique_does{};
};

TEST_F(DetectionContract, HandsOnWhatIsUniqueAndSwallowsWhatItThrows) {
  Counted detection;
  const Evaluation evaluation = evaluate(detection, cloudtrail_event(R"({"user":"ana"})"));
  EXPECT_EQ(evaluation.alert.value().unique, "ana");
  EXPECT_EQ(detection.called.back(), "unique");
  EXPECT_EQ(alert_of(Complete{}).unique, std::nullopt);
  detection.unique_does = Does::throws;
  EXPECT_EQ(run(detection).alert.value().unique, std::nullopt);
}

/// Looks at an event in its own way.
struct Opaque {
  [[nodiscard]] static std::string_view name() { return "Test.Opaque"; }
  [[nodiscard]] static Evaluation evaluate(const event::Event& event, Context& /*context*/,
                                           ContextWanted* /*wanted*/) {
    Evaluation out;
    out.verdict = Verdict::Kind::match;
    out.alert = Alert{.event = event.id(), .title = "opaque"};
    return out;
  }
};
static_assert(EvaluatesItself<Opaque> && !IsDetection<Opaque>);

TEST_F(DetectionContract, AnyDetectionHoldsOneThatEvaluatesItself) {
  AnyDetection any{Opaque{}};
  EXPECT_EQ(any.name(), "Test.Opaque");
  EXPECT_THAT(any.evaluate(cloudtrail_event("{}"), context()), Alerts(Field(&Alert::title, "opaque")));
}

// ---- Context ----

/// Calls STS and draws a random number.
struct Caller {
  std::string_view name() const { return "Test.Caller"; }
  bool rule(const event::Event& /*event*/, Context& context) {
    auto sts = context.sts();
    identity = sts(api::sts::GetCallerIdentity{}).value().arn;
    drawn = {context.random(), context.random()};
    at = context.clock().now();
    return false;
  }
  std::string identity{};
  std::vector<std::uint64_t> drawn{};
  Instant at{};
};

TEST_F(DetectionContract, CallsAreMadeAsTheEngineAndJournalledUnderTheDetectionsName) {
  Caller detection;
  advance(std::chrono::seconds{3});
  (void)run(detection);
  EXPECT_EQ(detection.identity,
            "arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine");
  EXPECT_EQ(detection.at, clock.now());
  EXPECT_THAT(calls(), ElementsAre(::testing::AllOf(Field(&JournalEntry::detection, "Test.Caller"),
                                                    Field(&JournalEntry::event, 1U),
                                                    Field(&JournalEntry::attempt, 1U))));
  run_as_unit_tests();
  (void)run(detection);
  EXPECT_THAT(detection.identity, EndsWith("unit-tests/panther-unit-tests"));
  run_as_engine();
  (void)run(detection);
  EXPECT_THAT(detection.identity, EndsWith("panther-rules-engine"));
}

TEST_F(DetectionContract, RandomNumbersBelongToTheEvent) {
  Caller detection;
  const event::Event event = cloudtrail_event("{}");
  (void)evaluate(detection, event);
  const auto first = detection.drawn;
  EXPECT_NE(first[0], first[1]);
  (void)run(detection);
  EXPECT_NE(detection.drawn, first);
  (void)evaluate(detection, event);
  EXPECT_EQ(detection.drawn, first);
}

}  // namespace
}  // namespace rushhour::detect
