/// \file
/// A command that runs in place of this process: it has the terminal and the standard streams, and gets the
/// signals that are sent to this one. POSIX.
#pragma once

#include <string>
#include <vector>

namespace rushhour::cli {

/// Blocks what run_child() waits for. Before any thread starts, so that all inherit it.
void block_signals_for_child();

/// Runs the command, found by PATH, in this environment (`NAME=value`), and waits for its end. Its exit code
/// as a shell tells it: 127 when there is no such command, 126 when it cannot be run, 128 and the number of
/// the signal that ended it.
[[nodiscard]] int run_child(const std::vector<std::string>& command,
                            const std::vector<std::string>& environment);

}  // namespace rushhour::cli
