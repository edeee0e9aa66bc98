#include "python_packs.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/world.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/python_host.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/rule_detection.hpp>
#include <rushhour/panther/virtual_time.hpp>
#include <rushhour/scenario/detail/words.hpp>

#include "panther_libraries.hpp"

namespace rushhour::cli {

namespace {

std::vector<panther::LibraryModule> libraries_of_panther() {
  panther::RulePack pack;
  add_panther_libraries(pack);
  return std::move(pack.libraries);
}

/// Why the pack has no such rule, as far as its files tell.
[[noreturn]] void fail_without_rule(const scenario::PackRulePlan& plan, const panther::RulePack& pack) {
  std::vector<std::string_view> known;
  for (const panther::RuleSpec& rule : pack.rules) known.push_back(rule.id);
  std::string advice = scenario::detail::did_you_mean(plan.rule, known);
  for (const panther::SkippedItem& skipped : pack.skipped) {
    if (skipped.id == plan.rule) advice = skipped.file + ": " + skipped.why;
  }
  if (advice.empty() && !pack.broken.empty()) {
    advice = "of its files " + std::to_string(pack.broken.size()) +
             " cannot be read, the first: " + pack.broken.front().mistake;
  }
  plan.place.fail("a rule of " + plan.pack + ", which has " + std::to_string(pack.rules.size()),
                  '"' + plan.rule + '"', advice);
}

}  // namespace

struct PythonPacks::State {
  State() {
    const panther::Inside inside{thread};
    host.freeze();
  }

  sim::DetectionPlan make(const scenario::DetectionPlan& plan, fakes::PantherWorld& world) {
    clients.set_route({.tier = panther::ClientTier::api,
                       .world = &world.world,
                       .folder = std::filesystem::path{plan.panther->place.file}.parent_path().string()});
    const panther::RulePack& pack = rules.load(plan.panther->pack);
    const std::optional<std::size_t> rule = panther::find_rule(pack, plan.panther->rule);
    if (!rule) fail_without_rule(*plan.panther, pack);
    return rules.plan(pack, *rule, plan.name);
  }

  panther::PythonHost host{};
  panther::PythonThread thread{host};
  panther::Clients clients{thread};
  panther::PythonRules rules{thread, {.clients = &clients, .libraries = libraries_of_panther()}};
};

PythonPacks::PythonPacks() = default;
PythonPacks::~PythonPacks() = default;

PythonPacks::State& PythonPacks::started() {
  if (!state_) state_ = std::make_unique<State>();
  return *state_;
}

panther::PythonRules& PythonPacks::rules() { return started().rules; }
panther::PythonHost& PythonPacks::host() { return started().host; }
panther::Clients& PythonPacks::clients() { return started().clients; }

void PythonPacks::add_to(scenario::RunOptions& options) {
  options.make_pack_detection = [this](const scenario::DetectionPlan& plan, fakes::PantherWorld& world) {
    return started().make(plan, world);
  };
  options.while_running = [](sim::EventLoop& loop) -> std::shared_ptr<void> {
    return std::make_shared<panther::VirtualTime>(loop);
  };
  options.pack_stack_bytes = panther::PythonThread::stack_bytes;
}

}  // namespace rushhour::cli
