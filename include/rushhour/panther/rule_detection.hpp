/// \file
/// Rules in Python as detections of a simulation: each container runs them in a thread of Python of its own,
/// with its own copy of their helpers, and imports them anew when it reloads its rules. What a rule's
/// functions mean is rule.hpp's business, where its calls go clients.hpp's.
#pragma once

#include <rushhour/panther/object.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/panther/event_object.hpp>
#include <rushhour/panther/python_thread.hpp>
#include <rushhour/panther/rule_counts.hpp>
#include <rushhour/panther/rule_pack.hpp>
#include <rushhour/sim/container.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

class Clients;

struct PythonRulesOptions {
  /// Panther gives each record its p_ fields before rules see it.
  PantherFields fields{PantherFields::added};
  /// Of a rule on one event, in real time: what never returns is ended (watchdog.hpp).
  Duration rule_timeout{Rule::runtime_max};
  /// Knows the JSON of answers that rules hand on as they are, and outlives this; null: Python writes it.
  Clients* clients{};
  /// Modules that the rules of every pack may import (RulePack::libraries).
  std::vector<LibraryModule> libraries{};
  std::size_t samples_max{3};  ///< events that are kept of each rule, to look at them again
};

/// An event that a rule had something to say of, by itself.
struct SampledEvent {
  std::uint64_t id{};
  Instant arrival{};
  Instant time{};
  std::string log_type{};
  std::string json{};
};

/// The rules of one run or several: reads and compiles their packs once, plans detections, and counts what
/// each does.
///
/// \code
///   PythonHost host;
///   PythonThread thread{host};
///   PythonRules rules{thread};
///   const RulePack& pack = rules.load("scenarios/panther");
///   simulation.add(rules.plan(pack, *find_rule(pack, "Rushhour.VirusTotal.InRule"), "enriched", name));
/// \endcode
class PythonRules {
 public:
  using Options = PythonRulesOptions;

  /// Outside Python, as all here.
  /// \param thread  to compile in; it outlives this, and runs no rule
  explicit PythonRules(PythonThread& thread, Options options = {});
  PythonRules(const PythonRules&) = delete;
  PythonRules& operator=(const PythonRules&) = delete;
  /// After the containers of its rules.
  ~PythonRules();

  /// The pack of a folder, read when first asked for. Mistakes in its Python are told by the rules that need
  /// it. \throws InputError as load_pack()
  [[nodiscard]] const RulePack& load(const std::string& folder);

  /// A detection that is the rule at this place of a pack from load(), grouped as its YAML file says, once
  /// its `name` is that of the run. Its counts() begin here.
  [[nodiscard]] sim::DetectionPlan plan(const RulePack& pack, std::size_t rule, const std::string& detection);

  /// Of each plan, in the order of planning.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const RuleCounts& counts(std::size_t plan) const;

  /// The first events that matched, or for which rule() could not decide.
  [[nodiscard]] const std::vector<SampledEvent>& samples(std::size_t plan) const;
  /// Looks at one of them again, with modules that have seen nothing yet, and says in words what came of it:
  /// for whoever compares ways to do so (tier_proof.hpp). Inside any PythonThread.
  [[nodiscard]] std::string look_again(std::size_t plan, const SampledEvent& sample) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

/// The place of a rule in its pack; nothing when there is none with this RuleID.
[[nodiscard]] std::optional<std::size_t> find_rule(const RulePack& pack, std::string_view rule_id);

/// Where a rule is planned, and what it counts into.
struct PlannedRule;

/// One rule in one container. Its module is executed when it first looks at an event, within that event's
/// time.
class RuleDetection {
 public:
  /// `rules` and `planned` outlive it.
  RuleDetection(PythonRules::State& rules, PlannedRule& planned);
  RuleDetection(RuleDetection&&) noexcept;
  RuleDetection& operator=(RuleDetection&&) = delete;
  /// Outside Python.
  ~RuleDetection();

  [[nodiscard]] std::string_view name() const;
  /// Nothing but "no match" for an event of another log type. An event's log type is its `p_log_type`, or
  /// that of its source when it has none.
  [[nodiscard]] detect::Evaluation evaluate(const event::Event& event, detect::Context& context,
                                            detect::ContextWanted* wanted);

 private:
  struct Loaded;

  PythonRules::State* rules_;
  PlannedRule* planned_;
  std::unique_ptr<Loaded> loaded_;
};
static_assert(detect::EvaluatesItself<RuleDetection>);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/rule_detection_inl.hpp>
#endif
