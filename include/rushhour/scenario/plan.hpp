/// \file
/// A scenario as plain data: what arrives, who looks at it, what the services allow, and what it may cost.
/// Reading one from a file is scenario.hpp's business, running it run.hpp's.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/event/traffic/arrivals.hpp>
#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/late_delivery.hpp>
#include <rushhour/event/traffic/secret_readers.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/fakes/background.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/scenario/cost.hpp>
#include <rushhour/scenario/detection_plan.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/expression.hpp>
#include <rushhour/scenario/rule_plan.hpp>
#include <rushhour/scenario/setting.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Recorded events in place of synthetic ones.
struct RecordedTraffic {
  std::vector<std::string> paths{};  ///< files and folders, relative to the scenario's own folder
  event::OnDamage on_damage{event::OnDamage::count};
  bool rebase{true};  ///< shift them so that the first arrives at the scenario's start
};

/// Synthetic events of the same users before the run. Only rules see them.
struct HistoryPlan {
  Duration duration{};
  std::uint64_t events{};
  std::uint32_t users{};     ///< the first of the run's; whoever comes after them is new
  Ratio user_exponent{};     ///< 0: each of them acts as often as the others
  std::string event_name{};  ///< all of them have this name; empty: the run's mix
};

/// When synthetic events arrive, and that in words.
struct ArrivalsPlan {
  std::string text{"constant"};
  event::traffic::ArrivalProcess process = event::traffic::constant_arrivals();
};

/// The stretch in which the scenario does something out of the ordinary, from which the run then has to
/// recover.
struct Trigger {
  Instant from{};
  Duration lasting{};
};

/// CloudTrail's records of the fakes' own calls come back as events.
struct FeedbackPlan {
  Duration delay{};                   ///< from the call to the record's delivery
  std::vector<std::string> trails{};  ///< accounts whose trails the detections see; empty: all
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
  std::uint64_t document_digest{};  ///< of the meaning of the file, with the settings
  std::vector<Setting> settings{};  ///< that have changed it
  std::uint64_t seed{};
  Instant start{};
  Duration duration{};
  std::uint64_t events{};  ///< 0 with recorded events and secret readers
  event::traffic::SyntheticCloudTrailOptions synthetic{};
  ArrivalsPlan arrivals{};               ///< of synthetic events; `synthetic` holds the process too
  std::optional<HistoryPlan> history{};  ///< before synthetic events
  std::optional<RecordedTraffic> recorded{};
  std::optional<event::traffic::SecretReadersOptions> secret_readers{};  ///< in place of synthetic events
  std::vector<event::traffic::Delay> delays{};                           ///< of some of the events
  std::optional<event::traffic::FileDeliveryOptions>
      files{};  ///< events arrive in files as CloudTrail delivers them
  sim::Engine engine{};
  std::optional<Trigger> trigger{};
  std::optional<FeedbackPlan> feedback{};
  std::vector<DetectionPlan> detections{};   ///< may be empty when there are rules
  std::optional<DocumentsPlan> documents{};  ///< Elastic's rules, and the truth
  fakes::PantherWorldOptions world{};
  std::vector<fakes::BackgroundConsumer> background{};  ///< of VirusTotal keys, from the start on
  std::vector<limit::Profile> sts_quota{};              ///< empty: as published
  std::vector<limit::Profile> secretsmanager_quota{};   ///< empty: as published
  /// Each secret of a BatchGetSecretValue uses the quota of reads up (fakes/secrets_manager.hpp).
  bool batch_counts_secrets{};
  api::Latencies latencies{};
  std::array<RetryPlan, api::detection_service_count> retries{};
  /// What the clients of each service wait for an answer. Defaults: botocore's read timeout of 60 s (spec
  /// simulation.md 2); requests, which calls VirusTotal, has none.
  api::Timeouts timeouts{std::chrono::seconds{60}, std::chrono::seconds{60}, std::nullopt,
                         std::chrono::seconds{60}};
  /// Each call makes its client anew, as the guide's helper does; otherwise clients, and what their retry
  /// policies remember, are kept.
  bool clients_per_call{true};
  std::vector<Fault> faults{};
  std::vector<BudgetPlan> budgets{};
  std::optional<Prices> prices{};  ///< without them nothing is told in money
};

/// What the command line may change.
struct Overrides {
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint64_t> events{};  ///< in the same duration; not with recorded events
  std::vector<Setting> settings{};        ///< values in place of the document's, in this order
};

}  // namespace rushhour::scenario
