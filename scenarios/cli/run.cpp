#include "commands.hpp"
#include "html_page.hpp"
#include "running.hpp"

namespace rushhour::cli {

int run(const RunCommand& command) {
  PythonPacks packs;
  expect_chart_library(command);
  const Results results = run_as_asked(command, packs);
  write_reports(results, command);
  write_page(results.whole(), command, {}, packs);
  return results.interrupted() ? exit_interrupted : exit_ok;
}

}  // namespace rushhour::cli
