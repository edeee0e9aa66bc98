// The conformance table of spec new-terms.md 2: each case with both executors, and the oracle beside them.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>

#include "new_terms_cases.hpp"
#include "rescan.hpp"

namespace rushhour::elastic {
namespace {

struct Case {
  std::size_t index{};
  Executor executor{};
  bool is_oracle{};
  friend std::ostream& operator<<(std::ostream& out, const Case& each) {
    return out << cases()[each.index]["name"];
  }
};

std::vector<Case> all_cases() {
  std::vector<Case> out;
  for (std::size_t i = 0; i < cases().size(); ++i) {
    for (const Executor executor : {Executor::aggregation, Executor::esql}) {
      out.push_back({i, executor, false});
      out.push_back({i, executor, true});
    }
  }
  return out;
}

class NewTermsConformance : public testing::TestWithParam<Case> {};

TEST_P(NewTermsConformance, GivesTheRecordedAlerts) {
  const Json& test = cases()[GetParam().index];
  const Json& rule = test["rule"];
  const RuleTimes times = times_of(rule);
  const NewTermsOptions options = options_of(rule, GetParam().executor);
  NewTerms engine{options};
  Rescan oracle{options};
  const std::vector<CaseDocument> documents = documents_of(test);
  std::vector<bool> is_seen(documents.size());
  std::optional<Instant> previous;
  const Json& expected = expected_runs(test, GetParam().executor);
  for (std::size_t run = 0; run < test["executions"].size(); ++run) {
    const Instant started = at_ms(test["executions"][run]);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (is_seen[i] || at_ms(documents[i].visible_ms) > started) continue;
      is_seen[i] = true;
      engine.see(at_ms(documents[i].ms), i, documents[i].keys);
      oracle.see({.ms = documents[i].ms, .id = i, .keys = documents[i].keys});
    }
    const RunPlan plan = plan_run(times, started, std::exchange(previous, started));
    Execution execution{.started = started, .gap = plan.gap};
    GetParam().is_oracle ? oracle.run(plan.tuples, execution) : engine.run(plan.tuples, execution);
    expect_as_recorded(execution, expected[run], documents);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, NewTermsConformance, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& each) {
                           const std::string name = case_name(cases()[each.param.index], each.param.executor);
                           return name + (each.param.is_oracle ? "_oracle" : "");
                         });

TEST(NewTermsConformance, HasEveryCaseOfTheTable) { EXPECT_EQ(cases().size(), 47U); }

}  // namespace
}  // namespace rushhour::elastic
