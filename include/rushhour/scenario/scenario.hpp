/// \file
/// A scenario: what arrives, who looks at it, what the services allow, and what it may cost. This header is
/// the plain data and its loader; running it is run.hpp's business. The file format is described in
/// scenarios/schema.json.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/latency.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Recorded events in place of synthetic ones.
struct RecordedTraffic {
  std::vector<std::string> paths{};  ///< files and folders, relative to the scenario's own folder
  event::OnDamage on_damage{event::OnDamage::count};
  bool rebase{true};  ///< shift them so that the first arrives at the scenario's start
};

/// Which events a detection looks at.
struct MatchPlan {
  std::optional<Ratio> share{};            ///< an exact share of all events
  std::vector<std::string> event_names{};  ///< or those with these names
};

struct DetectionPlan {
  std::string name{};
  detect::Strategy strategy{};
  MatchPlan match{};
};

/// How the clients of one service retry.
struct RetryPlan {
  std::string policy{"none"};
  retry::Settings settings{};
};

struct BudgetPlan {
  Budget budget{};
  std::string why{};  ///< shown when it breaks
};

struct Scenario {
  std::string name{};  ///< the file's name without folder and ending
  std::string file{};
  std::string description{};
  std::uint64_t document_digest{};  ///< of the meaning of the file
  std::uint64_t seed{};
  Instant start{};
  Duration duration{};
  std::uint64_t events{};  ///< 0 with recorded events
  event::traffic::SyntheticCloudTrailOptions synthetic{};
  std::optional<RecordedTraffic> recorded{};
  std::size_t workers{100};
  std::vector<DetectionPlan> detections{};
  fakes::PantherWorldOptions world{};
  std::vector<limit::Profile> sts_quota{};             ///< empty: as published
  std::vector<limit::Profile> secretsmanager_quota{};  ///< empty: as published
  api::Latencies latencies{};
  std::array<RetryPlan, api::service_count> retries{};
  std::vector<Fault> faults{};
  std::vector<BudgetPlan> budgets{};
};

/// What the command line may change.
struct Overrides {
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint64_t> events{};  ///< in the same duration; not with recorded events
};

/// Reads a scenario. \throws InputError for every mistake in it, with file, line, column and JSON pointer.
[[nodiscard]] Scenario load_scenario(const std::string& path, const Overrides& overrides = {});

/// The same from text; `file` is what messages call it, and its folder is where recorded paths begin.
[[nodiscard]] Scenario parse_scenario(std::string_view text, const std::string& file,
                                      const Overrides& overrides = {});

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/scenario_inl.hpp>
#endif
