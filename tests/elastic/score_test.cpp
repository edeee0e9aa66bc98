#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/score.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/elastic/truth.hpp>

namespace rushhour::elastic {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant start{days{20'000}};

struct Setting {
  Duration truth_window{days{10}};
  std::string history{"now-10d"};
  std::string from{"now-60m"};
  std::size_t max_signals{100};
  Ties ties{Ties::stable};
};

/// A rule of one field every ten minutes from `start` on, and a truth that may look at something finer.
class Rule {
 public:
  explicit Rule(const Setting& setting = {})
      : truth_(setting.truth_window),
        times_{.from = DateMath::parse(setting.from),
               .interval = minutes{10},
               .history_start = DateMath::parse(setting.history)},
        engine_({.ties = setting.ties, .max_signals = setting.max_signals, .reach = hours{1}}),
        score_(truth_,
               {.since = start, .look_back = hours{1}, .on_time = minutes{11}, .remembered = hours{2}}) {
    engine_.listen([this](const Tuple& tuple, const Judged& judged) { score_.judged(now_, tuple, judged); });
  }

  /// A document happens and, unless told otherwise, arrives at once.
  void happens(Duration at, const std::string& term, const std::string& truth,
               std::optional<Duration> arrival = std::nullopt, Passage passage = Passage::matches) {
    const Instant time = start + at;
    const Truth::Term true_term = Truth::term(truth);
    const bool is_first = truth_.see(true_term, time, ++events_);
    std::vector<std::string> keys;
    if (passage == Passage::matches) append_term(keys.emplace_back(), std::string_view{term});
    const std::uint64_t document = score_.see({.id = events_,
                                               .time = time,
                                               .rule_time = time,
                                               .arrival = start + arrival.value_or(at),
                                               .passage = passage,
                                               .truth = true_term,
                                               .is_first = is_first},
                                              keys);
    if (!keys.empty()) engine_.see(time, document, keys);
  }

  void runs(Duration at) {
    now_ = start + at;
    const RunPlan plan = plan_run(times_, now_, std::exchange(previous_, now_));
    Execution execution{.started = now_, .gap = plan.gap};
    engine_.run(plan.tuples, execution);
    score_.ran(plan, execution);
    for (const RuleAlert& alert : execution.alerts)
      score_.alert(0, {.document = alert.document, .key = alert.terms, .at = now_});
  }

  [[nodiscard]] Scored scored() const { return score_.scored(0, "rule"); }
  /// `missed: gap x2`, ...
  [[nodiscard]] std::vector<std::string> findings() const {
    std::vector<std::string> out;
    for (const Finding& finding : score_.findings()) {
      out.push_back(std::string{to_text(finding.kind)} + ": " + std::string{to_text(finding.cause)} + " x" +
                    std::to_string(finding.count));
    }
    return out;
  }

  [[nodiscard]] const Score& score() const { return score_; }

 private:
  Truth truth_;
  RuleTimes times_;
  NewTerms engine_;
  Score score_;
  Instant now_{};
  std::optional<Instant> previous_{};
  std::uint64_t events_ = 0;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Score, AFirstThatTheNextRunTellsIsFoundInTime) {
  Rule rule;
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{10});
  const Scored scored = rule.scored();
  EXPECT_EQ(scored.firsts, 1U);
  EXPECT_EQ(scored.found, 1U);
  EXPECT_EQ(scored.late, 0U);
  EXPECT_EQ(scored.delay.max(), minutes{5});
  EXPECT_THAT(rule.findings(), IsEmpty());
}

TEST(Score, HistoryDoesNotCount) {
  Rule rule;
  rule.happens(-days{2}, "ada", "ada");
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{10});
  EXPECT_EQ(rule.scored().firsts, 0U);
  EXPECT_THAT(rule.findings(), IsEmpty());
}

TEST(Score, NamesWhatKeptTheDocumentFromTheRule) {
  Rule rule;
  rule.happens(minutes{5}, "", "a", std::nullopt, Passage::filtered);
  rule.happens(minutes{5}, "", "b", std::nullopt, Passage::excepted);
  rule.happens(minutes{5}, "", "c", std::nullopt, Passage::without_terms);
  rule.runs(minutes{10});
  EXPECT_THAT(rule.findings(),
              ElementsAre("missed: filter x1", "missed: exception x1", "missed: missing field x1"));
}

TEST(Score, MissesBeyondMaxSignalsAreTold) {
  Rule rule{{.max_signals = 1}};
  for (const char* const term : {"a", "b", "c", "d", "e", "f", "g", "h"})
    rule.happens(minutes{5}, term, term);
  for (minutes at{10}; at <= minutes{90}; at += minutes{10}) rule.runs(at);
  // Six runs see them, each may tell one; all but the first tell late.
  EXPECT_EQ(rule.scored().found, 6U);
  EXPECT_EQ(rule.scored().late, 5U);
  EXPECT_THAT(rule.findings(), ElementsAre("missed: max_signals x2", "late: max_signals x5"));
}

TEST(Score, AFirstThatNoRunLooksAtIsInTheGap) {
  Rule rule;
  rule.runs(minutes{0});
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(hours{3});
  EXPECT_THAT(rule.findings(), ElementsAre("missed: gap x1"));
}

TEST(Score, CatchingUpFindsItLate) {
  Rule rule;
  rule.runs(minutes{0});
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{100});
  EXPECT_EQ(rule.scored().found, 1U);
  EXPECT_THAT(rule.findings(), ElementsAre("late: gap x1"));
}

TEST(Score, ADocumentThatArrivesAfterItsLookBackIsLate) {
  Rule rule;
  for (minutes at{10}; at <= minutes{70}; at += minutes{10}) rule.runs(at);
  rule.happens(minutes{5}, "ada", "ada", minutes{75});
  rule.runs(minutes{80});
  EXPECT_THAT(rule.findings(), ElementsAre("missed: late arrival x1"));
}

TEST(Score, ARuleThatRemembersLongerThanTheTruthMisses) {
  Rule rule{{.truth_window = days{5}}};
  rule.happens(-days{7}, "ada", "ada");
  rule.happens(minutes{5}, "ada", "ada");
  for (minutes at{10}; at <= minutes{70}; at += minutes{10}) rule.runs(at);
  EXPECT_THAT(rule.findings(), ElementsAre("missed: history window x1"));
}

TEST(Score, ARuleThatForgetsTellsOfNothingNew) {
  Rule rule{{.truth_window = days{15}}};
  rule.happens(-days{12}, "ada", "ada");
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{10});
  EXPECT_EQ(rule.scored().firsts, 0U);
  EXPECT_EQ(rule.scored().precision(), Ratio(0, 1));
  EXPECT_THAT(rule.findings(), ElementsAre("not truly new: window shorter than the truth x1"));
}

TEST(Score, CoarserTermsMissWhatTheTruthTellsApart) {
  Rule rule;
  rule.happens(-days{1}, "ada", "ada, old secret");
  rule.happens(minutes{5}, "ada", "ada, new secret");
  rule.runs(minutes{10});
  EXPECT_THAT(rule.findings(), ElementsAre("missed: coarser terms than the truth x1"));
}

TEST(Score, CoarserTermsMissTheSecondOfTwoAtATime) {
  Rule rule;
  rule.happens(minutes{5}, "ada", "ada, one secret");
  rule.happens(minutes{6}, "ada", "ada, another");
  rule.runs(minutes{10});
  EXPECT_EQ(rule.scored().found, 1U);
  EXPECT_THAT(rule.findings(), ElementsAre("missed: coarser terms than the truth x1"));
}

TEST(Score, FinerTermsTellOfNewNames) {
  Rule rule;
  rule.happens(-days{1}, "role:session1", "role");
  rule.happens(minutes{5}, "role:session2", "role");
  rule.happens(minutes{6}, "role:session3", "role");
  rule.runs(minutes{10});
  EXPECT_THAT(rule.findings(), ElementsAre("not truly new: finer terms than the truth x2"));
}

TEST(Score, TiesAlertTwice) {
  Rule rule{{.ties = Ties::alternating}};
  rule.happens(minutes{5}, "ada", "ada");
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{10});
  rule.runs(minutes{20});
  EXPECT_EQ(rule.scored().found, 1U);
  EXPECT_EQ(rule.scored().duplicates, 1U);
  EXPECT_THAT(rule.findings(), ElementsAre("duplicate: tie x1"));
}

TEST(Score, ALateDocumentThatIsOlderAlertsAgain) {
  Rule rule;
  rule.happens(minutes{5}, "ada", "ada");
  rule.runs(minutes{10});
  rule.happens(minutes{2}, "ada", "ada", minutes{12});
  rule.runs(minutes{20});
  EXPECT_EQ(rule.scored().firsts, 1U);
  EXPECT_THAT(rule.findings(), ElementsAre("duplicate: late arrival x1"));
}

TEST(Score, ExactlyAtTheStartOfALookBackIsATie) {
  Rule rule{{.from = "now-10m"}};
  rule.runs(minutes{10});
  rule.happens(minutes{10}, "ada", "ada", minutes{11});
  rule.runs(minutes{20});
  EXPECT_THAT(rule.findings(), ElementsAre("missed: tie x1"));
}

TEST(Score, AFirstThatALongerHistoryHidesForAWhileIsToldLate) {
  Rule rule{{.truth_window = days{9}}};
  rule.happens(-days{10} + minutes{30}, "ada", "ada");
  rule.happens(minutes{5}, "ada", "ada");
  for (minutes at{10}; at <= minutes{70}; at += minutes{10}) rule.runs(at);
  EXPECT_THAT(rule.findings(), ElementsAre("late: history window x1"));
}

TEST(Score, CountsOtherDetectionsOnTheSameDocuments) {
  Rule rule;
  rule.happens(minutes{5}, "ada", "ada");
  Score score = rule.score();
  std::string key;
  append_term(key, "ada");
  score.alert(1, {.document = 1, .key = key, .at = start + minutes{5}});
  const Scored scored = score.scored(1, "set");
  EXPECT_EQ(scored.found, 1U);
  EXPECT_EQ(scored.delay.max(), Duration::zero());
  EXPECT_EQ(score.scored(0, "rule").found, 0U);
}

TEST(Score, EveryCauseHasAWordAndAnAdvice) {
  for (int cause = 0; cause <= static_cast<int>(Cause::outside_the_truth); ++cause) {
    EXPECT_FALSE(to_text(static_cast<Cause>(cause)).empty());
    EXPECT_FALSE(advice(static_cast<Cause>(cause)).empty());
  }
}

}  // namespace
}  // namespace rushhour::elastic
