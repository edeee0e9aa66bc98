/// \file
/// The budgets of runs as JUnit XML, which Jenkins, GitLab and GitHub actions show beside the tests of a
/// build. It says which budgets broke and why; what the run measured is in the other reports.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/report/judged.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// One `testsuite` a scenario, one `testcase` a budget: its `classname` is the scenario's name, its `name`
/// the expression. A broken budget is a `failure` with what was measured, the bound, why it matters, who is
/// behind it, and the command that gives the run again; one of level `warn` passes, and says so in
/// `system-out`. A scenario without budgets has one case, `runs`, which passes. There is no `time`, which
/// would differ from run to run, and no `timestamp`: the same scenario and seed give the same bytes.
///
/// Over several seeds there is a case a budget and seed, `EXPRESSION [seed 7]`. They decide where the budget
/// has to hold with all seeds; else the cases of the seeds pass, and one more, `EXPRESSION [p95 of seeds]`,
/// passes or fails as the budget does.
///
/// Two budgets of one scenario with the same expression get ` (2)`, ` (3)` ... behind the name, since readers
/// take classname and name as the identity of a test.
///
/// Form: the JUnit schema that Jenkins' xunit plugin publishes (junit-10.xsd), of which the others read a
/// part.
[[nodiscard]] std::string junit(std::span<const Judged> scenarios);
/// The same of runs with one seed each.
[[nodiscard]] std::string junit(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/junit_inl.hpp>
#endif
