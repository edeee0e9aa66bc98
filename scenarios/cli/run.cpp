#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

int run(const RunCommand& command) {
  PythonPacks packs;
  const Runs runs = run_all(command, packs);
  write_reports(runs, command);
  return interrupted(runs) ? exit_interrupted : exit_ok;
}

}  // namespace rushhour::cli
