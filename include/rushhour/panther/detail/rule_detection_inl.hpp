#pragma once

#include <rushhour/panther/rule_detection.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <map>
#include <utility>
#include <vector>

#include <rushhour/event/json.hpp>
#include <rushhour/panther/data_model.hpp>
#include <rushhour/panther/modules.hpp>
#include <rushhour/panther/watchdog.hpp>

namespace rushhour::panther {

namespace detail {

/// A pack with its Python. The second part lives inside Python.
struct LoadedPack {
  explicit LoadedPack(RulePack read) : pack(std::move(read)) {}

  RulePack pack;
  std::optional<PackCode> code{};
};

/// What a container has of one pack.
struct ContainerPack {
  ContainerPack(const PackCode& code, const ModulesOptions& options)
      : modules(code, options), models(modules) {}

  Modules modules;
  DataModels models;
  Object event{};  ///< that the container looks at, once a rule of the pack has asked for it
};

/// The Python of one container: a helper module of its detections, as long-lived as the container.
class ContainerPython final : public detect::EventKeeper {
 public:
  ContainerPython(PythonHost& host, const ModulesOptions& options)
      : thread_(host), options_(options), events_(*options.events) {}
  ContainerPython(const ContainerPython&) = delete;
  ContainerPython& operator=(const ContainerPython&) = delete;
  ~ContainerPython() override {
    const Inside inside{thread_};
    packs_.clear();
  }

  [[nodiscard]] PythonThread& thread() { return thread_; }

  /// Inside Python.
  [[nodiscard]] ContainerPack& pack(const LoadedPack& loaded) {
    std::unique_ptr<ContainerPack>& found = packs_[&loaded];
    if (!found) {
      found = std::make_unique<ContainerPack>(*loaded.code, options_);
    }
    return *found;
  }
  /// The object of the event at hand, which all rules of a pack share: what one has read is there for the
  /// next. Inside Python.
  [[nodiscard]] PyObject* event(ContainerPack& pack, const event::Event& event, std::string_view log_type,
                                PantherFields fields) {
    if (!pack.event) pack.event = events_.make(event, pack.models.of(log_type), fields);
    return pack.event.get();
  }

  void forget_event() override {
    if (std::none_of(packs_.begin(), packs_.end(), [](const auto& pack) { return pack.second->event; }))
      return;
    const Inside inside{thread_};
    for (auto& [loaded, pack] : packs_) {
      if (pack->event) EventType::expire(std::move(pack->event));
      pack->event = {};
    }
  }

 private:
  PythonThread thread_;
  ModulesOptions options_;
  const EventType& events_;
  std::map<const LoadedPack*, std::unique_ptr<ContainerPack>> packs_;  ///< few, and looked up at a reload
};

/// Helper modules are made without arguments.
struct ContainerPythonSlot {
  std::unique_ptr<ContainerPython> made{};
};

[[nodiscard]] RUSHHOUR_INLINE std::string_view log_type_of(const event::Event& event) {
  if (event.layout() != nullptr) return event.log_type();  // a generator's: its source says it
  const event::Value* const own = event.root().find("p_log_type");
  return own == nullptr ? event.log_type() : own->text_or(event.log_type());
}

[[nodiscard]] RUSHHOUR_INLINE bool concerns(const RuleSpec& rule, std::string_view log_type) {
  return rule.log_types.empty() ||
         std::find(rule.log_types.begin(), rule.log_types.end(), log_type) != rule.log_types.end();
}

/// Adds what an evaluation took of virtual time, also when it ends with an exception.
class Stopwatch {
 public:
  Stopwatch(Clock& clock, RuleCounts& counts) : clock_(clock), counts_(counts), begun_(clock.now()) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { counts_.waited_ns += (clock_.now() - begun_).count(); }

 private:
  Clock& clock_;
  RuleCounts& counts_;
  Instant begun_;
};

/// Where nobody says when the container is done with an event, it is now.
class ForgetUnlessKept {
 public:
  ForgetUnlessKept(ContainerPython& container, const detect::Context& context)
      : container_(container), context_(context) {}
  ForgetUnlessKept(const ForgetUnlessKept&) = delete;
  ForgetUnlessKept& operator=(const ForgetUnlessKept&) = delete;
  ~ForgetUnlessKept() {
    if (!context_.is_in_event()) container_.forget_event();
  }

 private:
  ContainerPython& container_;
  const detect::Context& context_;
};

[[nodiscard]] RUSHHOUR_INLINE detect::Evaluation evaluation_of(RuleResult result, std::uint64_t event,
                                                               bool counts_unique, RuleCounts& counts) {
  detect::Evaluation out;
  out.verdict = result.verdict;
  if (result.verdict == detect::Verdict::Kind::error) {
    ++counts.rule_errors;
    out.exception = std::move(result.errors.front().text);
    out.exception_class = std::move(result.errors.front().type);
  } else if (result.verdict == detect::Verdict::Kind::match) {
    ++counts.matches;
    RuleAlert& alert = *result.alert;
    if (alert.context.is_error()) ++counts.context_errors;
    out.alert.emplace(detect::Alert{.event = event,
                                    .title = std::move(alert.title),
                                    .dedup = std::move(alert.dedup),
                                    .severity = alert.severity,
                                    .context = std::move(alert.context),
                                    .counts_unique = counts_unique,
                                    .unique = std::move(alert.unique)});
  }
  return out;
}

}  // namespace detail

struct PlannedRule {
  const detail::LoadedPack* pack{};
  std::size_t rule{};
  RuleCounts counts{};
  std::vector<SampledEvent> samples{};

  void sample(const event::Event& event, std::string_view log_type) {
    samples.push_back({.id = event.id(),
                       .arrival = event.arrival(),
                       .time = event.time(),
                       .log_type = std::string{log_type},
                       .json = event.to_json()});
  }
  [[nodiscard]] const RuleSpec& spec() const { return pack->pack.rules[rule]; }
};

struct PythonRules::State {
  State(PythonThread& compiling, Options chosen) : thread(compiling), options(std::move(chosen)) {
    const Inside inside{thread};
    watchdog.emplace(options.rule_timeout);
    events.emplace();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    const Inside inside{thread};
    packs.clear();
    events.reset();
    watchdog.reset();
  }

  [[nodiscard]] detail::ContainerPython& container(detect::Context& context) {
    auto& slot = context.helpers().module<detail::ContainerPythonSlot>("rushhour::panther");
    if (!slot.made) {
      slot.made = std::make_unique<detail::ContainerPython>(thread.host(), modules());
      context.set_event_keeper(slot.made.get());
    }
    return *slot.made;
  }

  [[nodiscard]] ModulesOptions modules() {
    return {.watchdog = &*watchdog, .clients = options.clients, .events = &*events};
  }

  PythonThread& thread;
  Options options;
  std::optional<Watchdog> watchdog{};
  std::optional<EventType> events{};
  std::map<std::string, std::unique_ptr<detail::LoadedPack>, std::less<>> packs{};
  std::deque<PlannedRule> planned{};
};

RUSHHOUR_INLINE PythonRules::PythonRules(PythonThread& thread, Options options)
    : state_(std::make_unique<State>(thread, std::move(options))) {}
RUSHHOUR_INLINE PythonRules::~PythonRules() = default;

RUSHHOUR_INLINE const RulePack& PythonRules::load(const std::string& folder) {
  std::unique_ptr<detail::LoadedPack>& found = state_->packs[folder];
  if (!found) {
    auto loaded = std::make_unique<detail::LoadedPack>(load_pack(folder));
    std::vector<LibraryModule>& libraries = loaded->pack.libraries;
    libraries.insert(libraries.end(), state_->options.libraries.begin(), state_->options.libraries.end());
    const Inside inside{state_->thread};
    loaded->code.emplace(loaded->pack);
    found = std::move(loaded);
  }
  return found->pack;
}

RUSHHOUR_INLINE sim::DetectionPlan PythonRules::plan(const RulePack& pack, std::size_t rule,
                                                     const std::string& detection) {
  const auto loaded = std::find_if(state_->packs.begin(), state_->packs.end(), [&](const auto& each) {
    return each.second && &each.second->pack == &pack;
  });
  RUSHHOUR_ASSERT(loaded != state_->packs.end(), "a pack is planned that load() has not returned");
  PlannedRule& planned = state_->planned.emplace_back();
  planned.pack = loaded->second.get();
  planned.rule = rule;
  const RuleSpec& spec = planned.spec();
  planned.counts.rule = spec.id;
  planned.counts.detection = detection;
  return {.text = detection,
          .make =
              [state = state_.get(), &planned] {
                return detect::AnyDetection{RuleDetection{*state, planned}};
              },
          .grouping = {
              .window = spec.dedup_period, .threshold = spec.threshold, .creates_alerts = spec.create_alert}};
}

RUSHHOUR_INLINE std::size_t PythonRules::size() const { return state_->planned.size(); }
RUSHHOUR_INLINE const RuleCounts& PythonRules::counts(std::size_t plan) const {
  return state_->planned[plan].counts;
}

RUSHHOUR_INLINE const std::vector<SampledEvent>& PythonRules::samples(std::size_t plan) const {
  return state_->planned[plan].samples;
}

RUSHHOUR_INLINE std::string PythonRules::look_again(std::size_t plan, const SampledEvent& sample) const {
  const PlannedRule& planned = state_->planned[plan];
  Modules modules{*planned.pack->code, state_->modules()};
  DataModels models{modules};
  Rule rule{modules, planned.rule};
  const event::Event event = event::from_json(
      sample.json,
      {.id = sample.id, .arrival = sample.arrival, .time = sample.time, .log_type = sample.log_type});
  Object object = state_->events->make(event, models.of(sample.log_type), state_->options.fields);
  const RuleResult result = rule.run(object.get());
  EventType::expire(std::move(object));
  std::string out{result.verdict == detect::Verdict::Kind::match      ? "match"
                  : result.verdict == detect::Verdict::Kind::no_match ? "no match"
                                                                      : "error"};
  if (result.alert) {
    const RuleAlert& alert = *result.alert;
    out += ", title " + alert.title + ", dedup " + alert.dedup + ", severity " +
           std::string{to_text(alert.severity)} + ", context " + alert.context.json();
  }
  for (const FunctionError& error : result.errors)
    out += ", " + std::string{to_text(error.function)} + "() " + error.text;
  return out;
}

RUSHHOUR_INLINE std::optional<std::size_t> find_rule(const RulePack& pack, std::string_view rule_id) {
  const auto found = std::find_if(pack.rules.begin(), pack.rules.end(),
                                  [&](const RuleSpec& rule) { return rule.id == rule_id; });
  if (found == pack.rules.end()) return std::nullopt;
  return static_cast<std::size_t>(found - pack.rules.begin());
}

/// The rule's module in its container. It dies inside Python.
struct RuleDetection::Loaded {
  Loaded(detail::ContainerPython& in, detail::ContainerPack& of, std::size_t rule_index)
      : container(in), pack(of), rule(std::in_place, of.modules, rule_index) {}
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() {
    const Inside inside{container.thread()};
    rule.reset();
  }

  detail::ContainerPython& container;
  detail::ContainerPack& pack;
  std::optional<Rule> rule;
};

RUSHHOUR_INLINE RuleDetection::RuleDetection(PythonRules::State& rules, PlannedRule& planned)
    : rules_(&rules), planned_(&planned) {}
RUSHHOUR_INLINE RuleDetection::RuleDetection(RuleDetection&&) noexcept = default;
RUSHHOUR_INLINE RuleDetection::~RuleDetection() = default;

RUSHHOUR_INLINE std::string_view RuleDetection::name() const { return planned_->counts.detection; }

RUSHHOUR_INLINE detect::Evaluation RuleDetection::evaluate(const event::Event& event,
                                                           detect::Context& context,
                                                           detect::ContextWanted* wanted) {
  const std::string_view log_type = detail::log_type_of(event);
  if (!detail::concerns(planned_->spec(), log_type)) return {};
  RuleCounts& counts = planned_->counts;
  const detail::Stopwatch stopwatch{context.clock(), counts};
  ++counts.events;
  context.enter(Function::rule);
  detail::ContainerPython& container = loaded_ ? loaded_->container : rules_->container(context);
  container.thread().set_context(&context);
  const Inside inside{container.thread()};
  if (!loaded_) {
    ++counts.loads;
    loaded_ = std::make_unique<Loaded>(container, container.pack(*planned_->pack), planned_->rule);
  }
  const detail::ForgetUnlessKept forget{container, context};
  PyObject* const object = container.event(loaded_->pack, event, log_type, rules_->options.fields);
  RuleResult result = loaded_->rule->run(object, Mode::production, wanted);
  for (const FunctionError& error : result.errors) counts.add(error, event.id());
  const bool is_of_interest = result.verdict != detect::Verdict::Kind::no_match;
  if (is_of_interest && planned_->samples.size() < rules_->options.samples_max) [[unlikely]]
    planned_->sample(event, log_type);
  const bool counts_unique = loaded_->rule->defines(RuleFunction::unique);
  return detail::evaluation_of(std::move(result), event.id(), counts_unique, counts);
}

}  // namespace rushhour::panther
