/// \file
/// Keeps the timeline of a run: listens to the ledger and to the simulation, and makes the curves of what it
/// heard. It changes nothing of the run.
#pragma once

#include <rushhour/config.hpp>
#include <rushhour/measure/call_curves.hpp>
#include <rushhour/measure/run_curves.hpp>
#include <rushhour/measure/timeline.hpp>
#include <rushhour/measure/timeline_rows.hpp>
#include <rushhour/scenario/rule_trials.hpp>
#include <rushhour/sim/monitor.hpp>

namespace rushhour::scenario {

struct Run;  // run.hpp, whose bodies use this

/// Listens from when it is made to the end of the run, and then makes these curves. Each number is of one
/// stretch; a curve without anything in it is left out.
///
/// For each service S, which is `sts`, `secretsmanager`, `virustotal` or `dynamodb`, in attempts:
/// * `S.calls`, in calls: first attempts. `S.attempts` = `S.accepted` + `S.throttled`, where accepted is what
///   no limit refused; `S.accepted` = `S.ok` + `S.errors`
/// * `S.limit`: what the tightest limit per second or minute leaves one account or key, rounded down; the
///   same in every stretch. DynamoDB, which limits units and not attempts, has none
/// * `S.tokens`, in thousandths: how full the emptiest bucket was at least, asked at each call. A stretch
///   without a call goes on where the last call has left it (measure/call_curves.hpp)
/// * `virustotal.quota_day.left`, `virustotal.quota_month.left`: at the end of the stretch, of the key or the
///   group that has least
///
/// Of the engine:
/// * `events.arrived`, `events.processed`, in events
/// * `queue.depth`, in events: that waited in the queue or, without one, for a worker; at most
/// * `fleet.busy`, `fleet.containers`, in containers, or workers: at most. An idle container is gone when the
///   fleet next invokes one and finds it so
/// * `redeliveries`, `dead_letters`, in messages
/// * `lag.max`, `lag.mean`, in ms: from the time that an event tells of to its arrival, of those that arrived
/// * `wait.max`, in ms: from an event's arrival to the first look at it, of those first looked at
///
/// Of the detections:
/// * `cache.hits`, `cache.misses`, in looks, of all caches; misses also by cause: `cache.misses.cold`,
///   `.expired`, `.evicted`, `.reload`, `.reset` (detect/strategy_counts.hpp)
/// * `outcomes.intact`, `.degraded`, `.skipped`, `.without_context`, `.duplicate`, in matches: when they were
///   written
/// * `outcomes.missed`, `.lost`, in detections: when a rule failed; when an event was given up
/// * `new_terms.alerts`, in alerts, of all rules: when they were written; `new_terms.missed`, in terms: when
///   the first of them arrived
class TimelineKeeper {
 public:
  /// The run has its world, with its limits; it outlives the keeper.
  explicit TimelineKeeper(Run& run);
  TimelineKeeper(const TimelineKeeper&) = delete;
  TimelineKeeper& operator=(const TimelineKeeper&) = delete;
  ~TimelineKeeper();

  /// To be told of what the simulation does.
  [[nodiscard]] sim::Monitor& monitor() { return run_curves_; }
  /// Takes in what came of the rules, which have finished.
  void add(const RuleTrials& rules);
  /// The run has ended, and has its result.
  [[nodiscard]] measure::Timeline finish();

 private:
  Run& run_;
  measure::TimelineRows rows_;
  measure::CallCurves call_curves_;
  measure::RunCurves run_curves_;
};

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/timeline_inl.hpp>
#endif
