/// \file
/// How reports on a terminal look.
#pragma once

namespace rushhour::report {

struct TextOptions {
  bool colour{};  ///< SGR codes around verdicts, for a terminal
  bool brief{};   ///< only the verdicts, and the budgets that do not hold
};

}  // namespace rushhour::report
