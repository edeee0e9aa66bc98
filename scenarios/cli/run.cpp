#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

int run(const RunCommand& command) {
  PythonPacks packs;
  write_reports(run_all(command, packs), command);
  return exit_ok;
}

}  // namespace rushhour::cli
