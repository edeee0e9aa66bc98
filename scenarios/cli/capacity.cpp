#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <rushhour/input_error.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

namespace {

/// Ctrl-C came while a value was tried.
struct Interrupted {};

/// Runs a scenario with one value after the other, and says what each came to.
class Search {
 public:
  explicit Search(const CapacityCommand& command) : command_(command) {}

  /// Whether all budgets hold with this value. Of a value that breaks some, the first is kept.
  bool holds(std::uint64_t value) {
    scenario::Scenario scenario = scenario::load_scenario(
        command_.scenario, {.seed = command_.seed, .settings = {{command_.path, std::to_string(value)}}});
    const std::unique_ptr<scenario::Run> run = run_one(std::move(scenario), {}, packs_);
    if (run->interrupted) throw Interrupted{};
    if (run->budgets.empty()) {
      throw InputError({.file = command_.scenario,
                        .pointer = "/budgets",
                        .expected = "a budget that can break",
                        .seen = "none"});
    }
    const bool all = run->budgets_hold();
    std::printf("  %14s  %s\n", report::detail::grouped(value).c_str(), all ? "all budgets hold" : "broken");
    std::fflush(stdout);
    if (!all) keep(*run);
    return all;
  }
  /// Which budget broke with the least value that broke one.
  [[nodiscard]] const std::string& broken() const { return broken_; }

 private:
  void keep(const scenario::Run& run) {
    for (const scenario::JudgedBudget& budget : run.budgets) {
      if (!budget.fails()) continue;
      broken_ = budget.plan.budget.text + ' ' + budget.verdict.text;
      return;
    }
  }

  const CapacityCommand& command_;
  PythonPacks packs_{};
  std::string broken_{};
};

std::uint64_t upper_end(const CapacityCommand& command) {
  if (command.to != 0) return command.to;
  if (command.path != "traffic.events") return command.from * 10;
  return scenario::load_scenario(command.scenario, {.seed = command.seed}).events * 10;
}

int search(const CapacityCommand& command) {
  std::uint64_t bad = upper_end(command);
  std::uint64_t good = command.from != 0 ? command.from : std::max<std::uint64_t>(1, bad / 100);
  if (good >= bad) {
    throw InputError({.expected = "--from below --to",
                      .seen = std::to_string(good) + " and " + std::to_string(bad),
                      .advice = "name both"});
  }
  std::printf("%s by %s\n", command.scenario.c_str(), command.path.c_str());
  Search trial{command};
  if (!trial.holds(good)) {
    std::printf("no capacity: with %s already %s\n", report::detail::grouped(good).c_str(),
                trial.broken().c_str());
    return exit_budget;
  }
  if (trial.holds(bad)) {
    std::printf("capacity: at least %s; --to names a greater end\n", report::detail::grouped(bad).c_str());
    return exit_ok;
  }
  // To a hundredth of the answer: more digits would be the seed's, not the scenario's.
  while (bad - good > 1 && bad - good > good / 100) {
    const std::uint64_t middle = good + (bad - good) / 2;
    (trial.holds(middle) ? good : bad) = middle;
  }
  std::printf("capacity: %s; with %s the first to break is\n  %s\n", report::detail::grouped(good).c_str(),
              report::detail::grouped(bad).c_str(), trial.broken().c_str());
  return exit_ok;
}

}  // namespace

int capacity(const CapacityCommand& command) {
  try {
    return search(command);
  } catch (const Interrupted&) {
    std::printf("interrupted: no answer yet\n");
    return exit_interrupted;
  }
}

}  // namespace rushhour::cli
