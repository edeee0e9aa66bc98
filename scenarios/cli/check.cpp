#include <cstdio>

#include <rushhour/report/json.hpp>

#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

namespace {

/// Whether a second run gives the same bytes; says which scenario does not.
bool repeats(const Runs& first, const RunCommand& command) {
  const Runs second = run_all(command);
  bool same = true;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const scenario::Run* const a = first[i].get();
    const scenario::Run* const b = second[i].get();
    if (report::json({&a, 1}) == report::json({&b, 1})) continue;
    std::fprintf(stderr, "rushhour: %s: two runs with seed %llu differ (digests %s and %s)\n",
                 a->scenario.file.c_str(), static_cast<unsigned long long>(a->scenario.seed),
                 a->digest.c_str(), b->digest.c_str());
    same = false;
  }
  return same;
}

}  // namespace

int check(const CheckCommand& command) {
  const Runs runs = run_all(command.run);
  write_reports(runs, command.run);
  if (!command.once && !repeats(runs, command.run)) return exit_nondeterminism;
  for (const auto& run : runs) {
    if (!run->budgets_hold()) return exit_budget;
  }
  return exit_ok;
}

}  // namespace rushhour::cli
