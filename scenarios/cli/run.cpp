#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

int run(const RunCommand& command) {
  write_reports(run_all(command), command);
  return exit_ok;
}

}  // namespace rushhour::cli
