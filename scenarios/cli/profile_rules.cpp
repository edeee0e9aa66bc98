// Which events a pack's rules match, for `rushhour profile`.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/panther/rule_detection.hpp>
#include <rushhour/scenario/run.hpp>

#include "commands.hpp"
#include "panther_run.hpp"
#include "profile.hpp"
#include "python_packs.hpp"

namespace rushhour::cli {

std::vector<scenario::MatchedRule> matched_rules(const std::string& folder,
                                                 const std::vector<std::string>& events) {
  const PantherRunCommand command{.folder = folder, .events = events};
  scenario::Scenario plan = scenario_of(command);
  PythonPacks packs;
  const panther::RulePack& pack = packs.rules().load(folder);
  plan.detections.clear();
  for (const panther::RuleSpec* rule : chosen_rules(command, pack)) {
    plan.detections.push_back(
        {.name = rule->id, .panther = scenario::PackRulePlan{.pack = folder, .rule = rule->id}});
  }
  scenario::RunOptions options;
  packs.add_to(options);
  const std::unique_ptr<scenario::Run> run = scenario::run(std::move(plan), options);
  std::vector<scenario::MatchedRule> out;
  for (const sim::Outcomes& each : run->result.detections) out.push_back({each.detection, each.matches});
  return out;
}

}  // namespace rushhour::cli
