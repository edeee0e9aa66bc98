/// \file
/// `--html`: the page of a run or several, with runs of other values when --sweeps asks for them.
#pragma once

#include <optional>
#include <vector>

#include <rushhour/report/html.hpp>

#include "commands.hpp"
#include "python_packs.hpp"
#include "running.hpp"

namespace rushhour::cli {

/// \throws InputError when a page is asked for and this build has nothing to draw its charts with: before any
/// waiting.
void expect_chart_library(const RunCommand& command);

/// Writes the page where the command says, if it does. `comparisons` is empty or has one for each run.
/// \throws InputError when the file cannot be written.
void write_page(const std::vector<const scenario::Run*>& runs, const RunCommand& command,
                std::vector<std::optional<report::PageComparison>> comparisons, PythonPacks& packs);

}  // namespace rushhour::cli
