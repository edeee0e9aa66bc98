/// \file
/// What a scenario says of Elastic's rules and of the truth that they are held against. Trying them on the
/// run's events is rule_trials.hpp's business.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Runs of a rule that do not start: from an instant of the scenario on, for a while.
struct OutagePlan {
  Duration from{};
  Duration lasting{};
};

/// A rule on the run's events.
struct RulePlan {
  std::string name{};  ///< in the report; the rule's own unless the scenario says otherwise
  elastic::Rule rule{};
  elastic::ExceptionList exceptions{};
  elastic::Executor executor{elastic::Executor::aggregation};
  elastic::Ties ties{elastic::Ties::alternating};
  Duration refresh{std::chrono::seconds{1}};
  std::vector<OutagePlan> outages{};
  std::vector<std::string> beside{};  ///< other ways to tell the first time, by name
};

/// What is truly the first time.
struct TruthPlan {
  std::string match{};  ///< KQL
  std::vector<std::string> terms{};
  Duration window{};
};

/// How records become documents.
struct DocumentsPlan {
  event::EcsOptions ecs{};
  /// What Elasticsearch answers of the searches of all rules; nothing: as many as there are.
  std::optional<std::uint64_t> searches_per_minute{};
  std::vector<RulePlan> rules{};
  TruthPlan truth{};
};

}  // namespace rushhour::scenario
