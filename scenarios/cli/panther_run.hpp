/// \file
/// What an hour of a pack's rules came to, rule by rule: in words and as JSON. Running it is
/// panther_run.cpp's business.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <rushhour/measure/meter.hpp>
#include <rushhour/panther/rule_counts.hpp>
#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/sim/outcomes.hpp>
#include <rushhour/time.hpp>

#include "commands.hpp"

namespace rushhour::cli {

/// What boto3 takes to make a client again in the default session, a cost that this program does not have:
/// 1.6 ms, measured with Debian's botocore 1.29 on one core (spec panther.md 5, REC). What requests makes for
/// a call takes less, so that all clients together take at most this.
inline constexpr Duration client_cost = std::chrono::microseconds{1'600};

/// The attempts of one line.
struct SiteCalls {
  std::string site{};  ///< as site.hpp words it; empty when unknown
  std::uint64_t attempts{};
};

/// The attempts of one rule at one operation.
struct RuleCalls {
  std::string operation{};  ///< `sts:AssumeRole`
  measure::Counts counts{};
  std::vector<SiteCalls> sites{};  ///< in the order of their first calls
};

/// What a rule takes for an hour of events, one after the other, as `pat benchmark` measures it.
struct ProjectedHour {
  std::uint64_t events{};  ///< of that hour
  Duration cpu{};          ///< of the rule's own code
  Duration clients{};      ///< making clients, at `client_cost` each
  Duration waiting{};      ///< for answers, and in time.sleep()

  [[nodiscard]] Duration total() const { return cpu + clients + waiting; }
};

/// The verdict of `pat benchmark` (spec panther.md 1.4): below a minute, below ten, and beyond.
[[nodiscard]] std::string_view verdict_of(const ProjectedHour& hour);

struct RuleRun {
  const panther::RuleSpec* spec{};
  const panther::RuleCounts* counts{};
  const sim::Outcomes* outcomes{};
  std::vector<RuleCalls> calls{};  ///< in the order of the first
  ProjectedHour hour{};

  [[nodiscard]] std::uint64_t attempts() const;
  /// Those of the key-value store.
  [[nodiscard]] std::uint64_t kv_operations() const;
};

struct PantherRun {
  const panther::RulePack* pack{};
  std::string source{};  ///< the scenario's name, or `recorded events`
  std::uint64_t seed{};
  std::uint64_t events{};  ///< that the engine got
  Duration span{};         ///< of their arrivals
  std::string tier{};      ///< how far boto3 and requests went by themselves
  std::string digest{};
  std::vector<RuleRun> rules{};
  /// Events of rules that were looked at again as the libraries make the calls, and what then differed.
  std::uint64_t proven_events{};
  std::vector<std::string> tier_differences{};
  std::vector<std::string> findings{};
};

/// The command's scenario, or recorded events in the guide's world, which arrive when they were recorded.
/// \throws InputError when the command has both or neither.
[[nodiscard]] scenario::Scenario scenario_of(const PantherRunCommand& command);
/// The enabled rules, or those that the command names, whether they are enabled or not.
/// \throws InputError when there are none.
[[nodiscard]] std::vector<const panther::RuleSpec*> chosen_rules(const PantherRunCommand& command,
                                                                 const panther::RulePack& pack);

[[nodiscard]] std::string text_of(const PantherRun& run);
/// Format `rushhour.panther_run/1`. All is the same in every run with this seed but what is called
/// `cpu_nanoseconds_...` and what hangs on it: the projected hour and its verdict.
[[nodiscard]] std::string json_of(const PantherRun& run);

}  // namespace rushhour::cli
