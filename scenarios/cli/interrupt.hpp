/// \file
/// Ctrl-C: what a run has come to so far is worth a report.
#pragma once

#include <atomic>

namespace rushhour::cli {

/// Becomes true at the first SIGINT; the second ends the program at once, as if nobody listened. Listening
/// begins with the first call.
[[nodiscard]] const std::atomic<bool>& interrupt_flag();

}  // namespace rushhour::cli
