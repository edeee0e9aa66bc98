/// \file
/// A container with its own copy of every detection and of the helper modules they share: it looks at an
/// event with each, reloads the rules when they are old, and reports what came of it. Which events it gets,
/// and when it dies, is its fleet's business.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/credential_provider.hpp>
#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/sim/alert_groups.hpp>
#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/engine.hpp>
#include <rushhour/sim/environment.hpp>
#include <rushhour/sim/monitor.hpp>
#include <rushhour/sim/result.hpp>

namespace rushhour::sim {

/// A detection of a run: its interned name, and how a container makes one of its own.
struct DetectionPlan {
  Name name{};
  std::string text{};  ///< the name
  std::function<detect::AnyDetection()> make{};
  /// Whether the detection would want to judge the event: what is lost with an event that nobody judges.
  /// Empty: no loss is counted then.
  std::function<bool(const event::Event&)> concerns{};
  Grouping grouping{};
  const detect::StrategyCounts* counts{};  ///< what its objects count into; null: nothing
};

/// What the containers of a run have in common.
struct Shared {
  Clock& clock;
  api::Endpoint& endpoint;
  api::CredentialProvider& provider;
  const Engine& engine;
  const api::Latencies& latencies;
  const api::Timeouts& timeouts;
  const detect::MakePolicy& make_policy;
  bool clients_per_call{};
  const std::vector<DetectionPlan>& plans;
  const CpuMeter* cpu_meter{};           ///< null: nothing is measured
  Monitor* monitor{};                    ///< null: nobody is told
  std::vector<std::uint64_t> streams{};  ///< of each plan, below its event's
  Stream events{0};
  AlertGroups groups;
  SimulationResult result{};
  /// Told the number of events looked at, every so many of them; may be empty.
  std::function<void(std::uint64_t)> progress{};
  std::uint64_t progress_events{100'000};

  /// An event that nobody will judge any more.
  void lose(const event::Event& event, LossKind kind, const Cause& cause) {
    ++(kind == LossKind::dead_lettered ? result.delivery.dead_lettered : result.delivery.unserved);
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (!plans[i].concerns || !plans[i].concerns(event)) continue;
      ++result.detections[i].lost;
      if (monitor != nullptr) monitor->happened(Tally::lost, clock.now());
      result.losses.add(i, kind, cause, event.id(), clock.now(), [kind] {
        return std::string{kind == LossKind::dead_lettered ? "its message was received too often"
                                                           : "nobody finished the event"};
      });
    }
  }
};

class Container final : public Environment, private detect::ContextWanted {
 public:
  /// `shared` outlives the container.
  explicit Container(Shared& shared)
      : shared_(shared),
        clock_(shared.clock, shared.cpu_meter),
        session_{.endpoint = &shared.endpoint,
                 .clock = &clock_,
                 .latencies = &shared.latencies,
                 .timeouts = &shared.timeouts,
                 .waits_for_ever = true},
        policies_(make_policies(shared)),
        context_(session_, shared.provider, pointers(policies_),
                 shared.clients_per_call ? &shared.make_policy : nullptr) {
    load_rules();
  }

  void begin_invocation(Instant deadline) override {
    clock_.begin_invocation(deadline);
    findings_.clear();
    groups_pending_.clear();
    looks_.clear();
  }

  void handle(const event::Event& event, Message* message, std::size_t place) override {
    note_look(event, message, place);
    if (shared_.engine.rules_reload && clock_.now() - loaded_at_ >= *shared_.engine.rules_reload) {
      ++shared_.result.fleet.reloads;
      load_rules();
    }
    if (shared_.engine.event_cost > Duration::zero()) clock_.sleep_for(shared_.engine.event_cost);
    {
      const detect::Context::EventScope scope{context_};
      for (std::size_t i = 0; i < detections_.size(); ++i) judge(i, event, message, place);
    }
    const Times look{event.time(), event.arrival(), clock_.now()};
    if (message == nullptr) {
      keep(look);
    } else {
      looks_.push_back(look);  // kept when the invocation ends well: else all come again
    }
  }

  void end_invocation() override {
    for (const Finding& finding : findings_) write(finding);
    for (Times& look : looks_) {
      if (shared_.engine.alerts_written == AlertsWritten::at_end) look.verdict = clock_.now();
      keep(look);
    }
    findings_.clear();
    looks_.clear();
  }
  [[nodiscard]] Cause waited_for() const override { return session_.last_failure; }

 private:
  using Policies = std::array<std::unique_ptr<retry::Policy>, api::service_count>;
  struct Times {
    Instant event{};
    Instant arrival{};
    Instant verdict{};  ///< when what was found left the engine
  };
  /// What one detection made of one event, when it was not "no match".
  struct Finding {
    std::size_t detection{};
    std::uint64_t event{};
    Instant at{};
    bool missed{};
    detect::AlertContext::State context{};
    AlertGroups::Key group{};
    CountedMatch counted{};
    Cause cause{};
    std::string error{};
    bool duplicate{};
  };

  static Policies make_policies(const Shared& shared) {
    Policies out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = shared.make_policy(static_cast<api::Service>(i));
    return out;
  }
  static detect::RetryPolicies pointers(const Policies& policies) {
    detect::RetryPolicies out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = policies[i].get();
    return out;
  }

  /// The rules as new modules: what they kept is gone, what the helper modules keep is not.
  void load_rules() {
    detections_.clear();
    for (const DetectionPlan& plan : shared_.plans) detections_.push_back(plan.make());
    loaded_at_ = clock_.now();
  }

  void note_look(const event::Event& event, Message* message, std::size_t place) {
    SimulationResult& result = shared_.result;
    if (result.delivery.looks++ == 0) result.first_arrival = result.last_arrival = event.arrival();
    result.first_arrival = std::min(result.first_arrival, event.arrival());
    result.last_arrival = std::max(result.last_arrival, event.arrival());
    // Not by the message's receives: an invocation that is refused looks at no event, one that is killed not
    // at all of them.
    if (message == nullptr || place >= message->looked_at) {
      if (message != nullptr) message->looked_at = place + 1;
      const Duration waited = clock_.now() - event.arrival();
      result.waiting.add(waited, event.id());
      if (shared_.monitor != nullptr) shared_.monitor->looked_at(clock_.now(), waited);
    }
    if (shared_.progress && result.delivery.looks % shared_.progress_events == 0) {
      shared_.progress(result.delivery.looks);
    }
  }

  void judge(std::size_t detection, const event::Event& event, Message* message, std::size_t place) {
    session_.attribution = {.detection = shared_.plans[detection].name, .event = event.id()};
    session_.random = shared_.events.part(event.id()).part(shared_.streams[detection]);
    session_.draws = 0;
    session_.logical_calls = 0;
    session_.clients_made = 0;
    session_.last_failure = {};
    judging_ = detection;
    if (shared_.monitor != nullptr) shared_.monitor->judging(clock_.now());
    const CountCalls count_calls{session_, shared_.result.detections[detection]};
    const CountCpu count_cpu{*this, shared_.result.detections[detection]};
    if (shared_.engine.rule_timeout) clock_.begin_rule(*shared_.engine.rule_timeout);
    detect::Evaluation evaluation = detections_[detection].evaluate(
        event, context_, shared_.engine.alert_context == AlertContextCalls::per_alert ? this : nullptr);
    if (shared_.engine.rule_timeout) clock_.end_rule();
    if (clock_.is_killed()) throw InvocationTimedOut{};  // a rule has swallowed it
    if (evaluation.verdict == detect::Verdict::Kind::no_match) return;

    Finding finding{
        .detection = detection, .event = event.id(), .at = clock_.now(), .cause = session_.last_failure};
    if (evaluation.verdict == detect::Verdict::Kind::error) {
      finding.missed = true;
      finding.group = AlertGroups::error_key(shared_.streams[detection], evaluation.exception_class);
    } else {
      finding.context = evaluation.alert->context.state();
      finding.group = AlertGroups::key(shared_.streams[detection], evaluation.alert->dedup);
      finding.counted.by_value = evaluation.alert->counts_unique;
      if (evaluation.alert->unique) finding.counted.value = hash(*evaluation.alert->unique);
    }
    const bool lost = finding.missed || finding.context == detect::AlertContext::State::error;
    if (lost && is_new_row(finding)) {
      finding.error = finding.missed ? evaluation.error() : evaluation.alert->context.json();
    }
    file(std::move(finding), message, place);
  }
  /// Also when the invocation is killed in the middle of a rule.
  struct CountCalls {
    CountCalls(const api::Session& session, Outcomes& outcomes) : from(session), into(outcomes) {}
    CountCalls(const CountCalls&) = delete;
    CountCalls& operator=(const CountCalls&) = delete;
    ~CountCalls() {
      ++into.events;
      into.logical_calls += from.logical_calls;
      into.clients_made += from.clients_made;
    }
    const api::Session& from;
    Outcomes& into;
  };
  /// What the detection itself has used, where that is measured.
  struct CountCpu {
    CountCpu(const Container& owner, Outcomes& outcomes) : container(owner), into(outcomes) { add(-1); }
    CountCpu(const CountCpu&) = delete;
    CountCpu& operator=(const CountCpu&) = delete;
    ~CountCpu() { add(+1); }
    void add(int sign) const {
      if (container.shared_.cpu_meter == nullptr) [[likely]]
        return;
      const std::uint64_t own = (*container.shared_.cpu_meter)() - container.clock_.cpu_of_others_ns();
      into.cpu_ns += sign > 0 ? own : -own;
    }
    const Container& container;
    Outcomes& into;
  };
  /// Whether the error's text would be the first of its row; all others are only counted.
  [[nodiscard]] bool is_new_row(const Finding& finding) const {
    return !shared_.result.losses.knows(finding.detection, kind_of(finding), finding.cause);
  }
  static LossKind kind_of(const Finding& finding) {
    return finding.missed ? LossKind::missed : LossKind::degraded;
  }

  /// Written at once, or kept until the invocation ends.
  void file(Finding finding, Message* message, std::size_t place) {
    if (message == nullptr) {
      write(finding);
      return;
    }
    if (shared_.engine.alerts_written == AlertsWritten::at_end) {
      if (!finding.missed && shared_.engine.alert_context == AlertContextCalls::per_alert) {
        groups_pending_.insert(finding.group);
      }
      findings_.push_back(std::move(finding));
      return;
    }
    // An error that an earlier receive has written does not make the match of this one a duplicate.
    const std::uint64_t mark =
        (place * detections_.size() + finding.detection) * 2 + (finding.missed ? 1 : 0);
    const auto at = std::lower_bound(message->written.begin(), message->written.end(), mark);
    finding.duplicate = at != message->written.end() && *at == mark;
    if (!finding.duplicate) message->written.insert(at, mark);
    write(finding);
  }

  void write(const Finding& finding) {
    Outcomes& outcomes = shared_.result.detections[finding.detection];
    if (finding.duplicate) {
      if (finding.missed) return;
      ++outcomes.duplicates;
      tell(Tally::duplicate);
      return;
    }
    if (finding.missed) {
      ++outcomes.missed;
      tell(Tally::missed);
      group_error(finding, outcomes);
    } else {
      ++outcomes.matches;
      group_match(finding, outcomes);
      using State = detect::AlertContext::State;
      switch (finding.context) {
        case State::intact:
          ++outcomes.intact;
          tell(Tally::intact);
          break;
        case State::skipped:
          ++outcomes.skipped;
          tell(Tally::skipped);
          break;
        case State::error:
          ++outcomes.degraded;
          tell(Tally::degraded);
          break;
        case State::not_wanted:
          ++outcomes.without_context;
          tell(Tally::without_context);
          break;
      }
      if (finding.context != State::error) return;
    }
    shared_.result.losses.add(finding.detection, kind_of(finding), finding.cause, finding.event, finding.at,
                              [&] { return finding.error; });
  }

  void tell(Tally what) const {
    if (shared_.monitor != nullptr) shared_.monitor->happened(what, clock_.now());
  }

  void group_match(const Finding& finding, Outcomes& outcomes) {
    const Grouping& grouping = shared_.plans[finding.detection].grouping;
    if (!grouping.creates_alerts) return;
    const AlertGroups::Joined joined =
        shared_.groups.add(finding.group, clock_.now(), grouping, finding.counted);
    if (joined.opened) ++outcomes.windows;
    if (joined.alerted) ++outcomes.alerts;
  }
  /// An alert of its own, in the rule's window and without its threshold; also of a rule that makes no other.
  void group_error(const Finding& finding, Outcomes& outcomes) {
    const Grouping grouping{.window = shared_.plans[finding.detection].grouping.window};
    if (shared_.groups.add(finding.group, clock_.now(), grouping).alerted) ++outcomes.error_alerts;
  }

  void keep(const Times& look) {
    ++shared_.result.delivery.processed;
    tell(Tally::processed);
    shared_.result.event_to_verdict.add(look.verdict - look.event);
    shared_.result.arrival_to_verdict.add(look.verdict - look.arrival);
  }

  /// The first match of an alert carries its context, also when it takes more of them to reach the threshold;
  /// the others are only counted. A signal, which no alert stands for, has its own.
  bool wants(const detect::Alert& alert) override {
    const Grouping& grouping = shared_.plans[judging_].grouping;
    const AlertGroups::Key group = AlertGroups::key(shared_.streams[judging_], alert.dedup);
    return !grouping.creates_alerts ||
           (!shared_.groups.is_open(group, clock_.now(), grouping) && !groups_pending_.contains(group));
  }

  Shared& shared_;
  ContainerClock clock_;
  api::Session session_;
  Policies policies_;
  detect::Context context_;
  std::vector<detect::AnyDetection> detections_;
  Instant loaded_at_{};
  std::size_t judging_{};
  std::vector<Finding> findings_;  ///< of the invocation, not yet written
  /// The groups of those, when contexts are asked for once an alert.
  std::unordered_set<AlertGroups::Key> groups_pending_;
  std::vector<Times> looks_;
};

}  // namespace rushhour::sim
