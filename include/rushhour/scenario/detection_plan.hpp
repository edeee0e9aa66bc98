/// \file
/// What a scenario says of one detection: its name, what it looks at, where it calls from and what it keeps.
/// Making the detection is detail/make_detection.hpp's business.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Which events a detection looks at.
struct MatchPlan {
  std::optional<Ratio> share{};            ///< an exact share of all events
  std::vector<std::string> event_names{};  ///< or those with these names
};

/// The table of a detection whose strategy is a look-up table.
struct LookupTablePlan {
  Ratio coverage{1, 1};
  Duration refresh{std::chrono::hours{24}};
};

/// One of Panther's rules, in Python. Scenarios only name it; whoever runs Python reads it (RunOptions).
struct PackRulePlan {
  std::string pack{};  ///< a folder, found from where the program runs
  std::string rule{};  ///< its RuleID
  Place place{};       ///< of that in the scenario, for what is wrong with it
};

struct DetectionPlan {
  std::string name{};
  /// The rule that it is; nothing: a native detection, as all below says.
  std::optional<PackRulePlan> panther{};
  detect::Strategy strategy{};
  MatchPlan match{};
  /// What it keeps and what it does not ask. Whose role and which secret, the customer says.
  detect::EnrichmentOptions enrichment{};
  LookupTablePlan lookup_table{};
  detect::DataAccess data{};
  std::vector<std::string> dedup{};

  std::string
      customer{};  ///< whose role it assumes and whose secret it reads, by name; empty: the world's first
};

}  // namespace rushhour::scenario
