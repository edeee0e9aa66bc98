/// \file
/// What `rushhour check --stability` does beside checking.
#pragma once

#include "commands.hpp"
#include "running.hpp"

namespace rushhour::cli {

/// Runs each scenario under the alternatives to what nobody has published, and says which of them turns its
/// verdict; writes the same as JSON where the command says. The exit code stays the check's own.
void report_stability(const Runs& runs, const CheckCommand& command, PythonPacks& packs);

}  // namespace rushhour::cli
