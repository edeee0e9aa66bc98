/// \file
/// Bodies of fix_search.hpp.
#pragma once

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/detail/fix_changes.hpp>
#include <rushhour/scenario/fix_search.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

namespace detail {

/// What a run came to, as far as a search looks at it.
struct Trial {
  std::vector<Verdict> verdicts{};
  std::vector<sim::Outcomes> outcomes{};
  Duration verdict_p99{};  ///< from arrival to the end of the event's last rule
};

[[nodiscard]] RUSHHOUR_INLINE Trial trial_of(const Run& run) {
  Trial out{.outcomes = run.result.detections,
            .verdict_p99 = run.result.arrival_to_verdict.count() == 0
                               ? Duration{}
                               : run.result.arrival_to_verdict.percentile({99, 100})};
  for (const JudgedBudget& budget : run.budgets) out.verdicts.push_back(budget.verdict);
  return out;
}

/// Whether `word` stands in the expression as a whole name.
[[nodiscard]] RUSHHOUR_INLINE bool names(std::string_view expression, std::string_view word) {
  const auto is_of_name = [&](std::size_t at) {
    return at < expression.size() &&
           (std::isalnum(static_cast<unsigned char>(expression[at])) != 0 || expression[at] == '_');
  };
  for (std::size_t at = expression.find(word); at != std::string_view::npos;
       at = expression.find(word, at + 1)) {
    if ((at == 0 || !is_of_name(at - 1)) && !is_of_name(at + word.size())) return true;
  }
  return false;
}

[[nodiscard]] RUSHHOUR_INLINE Trouble trouble_of(const JudgedBudget& budget) {
  const std::string_view text = budget.plan.budget.text;
  Trouble out{.sts = names(text, "sts"),
              .secretsmanager = names(text, "secretsmanager"),
              .virustotal = names(text, "virustotal") || names(text, "cache"),
              .outcomes = names(text, "detections") || names(text, "events")};
  for (const std::string_view word : {"delay", "waiting", "queue", "fleet", "recovery", "events"})
    out.time = out.time || names(text, word);
  for (const Culprit& culprit : budget.culprits) {
    out.sts = out.sts || culprit.operation.starts_with("sts:");
    out.secretsmanager = out.secretsmanager || culprit.operation.starts_with("secretsmanager:");
    out.virustotal = out.virustotal || culprit.operation.starts_with("virustotal:");
  }
  return out;
}

/// A stretch of the scenario that behaves as all of it does; nothing where none does. A budget on what must
/// not be below something may hold in the whole only, once caches are warm.
[[nodiscard]] RUSHHOUR_INLINE std::optional<std::vector<Setting>> a_part_of(const Scenario& scenario,
                                                                            const JudgedBudget& budget) {
  constexpr std::int64_t part = 12;
  constexpr std::uint64_t events_min = 60'000;
  const bool is_alike = !scenario.recorded && !scenario.secret_readers && !scenario.history &&
                        !scenario.trigger && !scenario.feedback && !scenario.documents && !scenario.files &&
                        scenario.faults.empty() && scenario.delays.empty() && scenario.background.empty() &&
                        scenario.arrivals.text == "constant";
  const Duration length = std::chrono::floor<std::chrono::minutes>(scenario.duration / part);
  const bool is_lower_bound = budget.plan.budget.text.find('>') != std::string::npos;
  if (!is_alike || is_lower_bound || length < std::chrono::minutes{1} || scenario.events < events_min)
    return std::nullopt;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length).count();
  const auto all_seconds = std::chrono::ceil<std::chrono::seconds>(scenario.duration).count();
  const std::uint64_t events =
      scenario.events / static_cast<std::uint64_t>(all_seconds) * static_cast<std::uint64_t>(seconds);
  return std::vector<Setting>{{"duration", rushhour::to_text(length)},
                              {"traffic.events", std::to_string(std::max<std::uint64_t>(events, 1))}};
}

/// What got worse for those who depend on the detections.
[[nodiscard]] RUSHHOUR_INLINE std::vector<std::string> costs_of(const Trial& before, const Trial& after) {
  struct Row {
    std::string_view text;
    std::uint64_t sim::Outcomes::*of;
  };
  static constexpr std::array<Row, 4> worse{{{"missed", &sim::Outcomes::missed},
                                             {"lost", &sim::Outcomes::lost},
                                             {"without their context", &sim::Outcomes::degraded},
                                             {"not enriched", &sim::Outcomes::skipped}}};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(before.outcomes.size(), after.outcomes.size()); ++i) {
    const sim::Outcomes& old = before.outcomes[i];
    const sim::Outcomes& now = after.outcomes[i];
    for (const Row& row : worse) {
      if (now.*row.of > old.*row.of) {
        out.push_back(now.detection + ": " + std::to_string(now.*row.of - old.*row.of) + " more events " +
                      std::string{row.text});
      }
    }
    if (now.matches != old.matches) {
      out.push_back(now.detection + ": " + std::to_string(old.matches) + " matches become " +
                    std::to_string(now.matches));
    }
  }
  const Duration longer = after.verdict_p99 - before.verdict_p99;
  if (longer >= std::chrono::milliseconds{1} && longer > before.verdict_p99 / 50) {
    out.push_back("99 % of verdicts come within " +
                  rushhour::to_text(std::chrono::ceil<std::chrono::milliseconds>(after.verdict_p99)) +
                  " in place of " +
                  rushhour::to_text(std::chrono::ceil<std::chrono::milliseconds>(before.verdict_p99)));
  }
  return out;
}

/// The search for one run's budgets.
class FixSearch {
 public:
  FixSearch(Run& run, const TryScenario& try_scenario, const FixSearchOptions& options)
      : run_(run), try_(try_scenario), options_(options), unchanged_(trial_of(run)) {}

  [[nodiscard]] std::size_t runs() const { return runs_; }

  /// For the budget at this place of the run's list.
  void search(std::size_t place) {
    place_ = place;
    left_ = options_.runs_max;
    part_ = a_part_of(run_.scenario, budget());
    // Where the unchanged scenario holds in a part, a part says nothing.
    if (part_) {
      const Trial* const trial = trial_with({}, *part_);
      if (trial == nullptr || verdict(*trial).holds) part_.reset();
    }
    std::vector<Step> tried;
    for (const Ladder& ladder : ladders()) {
      if (const std::optional<Step> found = least(ladder)) return keep({*found});
      tried.push_back(ladder.back());
    }
    if (const std::optional<std::vector<Step>> found = together(std::move(tried))) keep(*found);
  }

 private:
  [[nodiscard]] JudgedBudget& budget() const { return run_.budgets[place_]; }
  [[nodiscard]] const Verdict& verdict(const Trial& trial) const { return trial.verdicts[place_]; }

  /// Of the knobs that may help. Those with steps in no order are ladders of one step each.
  [[nodiscard]] std::vector<Ladder> ladders() const {
    const Trouble trouble = trouble_of(budget());
    const std::vector<std::size_t> whose = detections();
    std::vector<Ladder> out;
    for (const Knob& knob : knobs) {
      if (!knob.helps.overlaps(trouble)) continue;
      Ladder ladder = knob.ladder(run_.scenario, whose);
      if (ladder.empty()) continue;
      if (!is_unordered(knob)) {
        out.push_back(std::move(ladder));
        continue;
      }
      for (Step& step : ladder) out.push_back({std::move(step)});
    }
    return out;
  }

  /// Those behind the number; all, where nobody in particular is.
  [[nodiscard]] std::vector<std::size_t> detections() const {
    const std::vector<DetectionPlan>& all = run_.scenario.detections;
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool is_behind =
          std::any_of(budget().culprits.begin(), budget().culprits.end(),
                      [&](const Culprit& culprit) { return culprit.detection == all[i].name; });
      if (is_behind || budget().culprits.empty()) out.push_back(i);
    }
    return out;
  }

  /// Null: the scenario does not take the settings, or no runs are left.
  const Trial* trial_with(const std::vector<Setting>& change, const std::vector<Setting>& part) {
    std::vector<Setting> settings = part;
    settings.insert(settings.end(), change.begin(), change.end());
    if (settings.empty()) return &unchanged_;
    std::string key;
    for (const Setting& each : settings) key += each.path + '=' + each.value + '\n';
    if (const auto known = trials_.find(key); known != trials_.end())
      return known->second ? &*known->second : nullptr;
    if (left_ == 0) return nullptr;
    std::optional<Trial>& trial = trials_[key];
    try {
      --left_;
      ++runs_;
      const std::unique_ptr<Run> run = try_(settings);
      if (run->interrupted) {
        left_ = 0;
        return nullptr;
      }
      trial = trial_of(*run);
    } catch (const InputError&) {
      ++left_;  // it did not run
      --runs_;
    }
    return trial ? &*trial : nullptr;
  }
  /// Of the part, where there is one, else of the whole.
  const Trial* cheapest_trial(const std::vector<Setting>& change) {
    return trial_with(change, part_ ? *part_ : std::vector<Setting>{});
  }
  bool holds(const std::vector<Setting>& change) {
    const Trial* trial = cheapest_trial(change);
    if (trial == nullptr || !verdict(*trial).holds) return false;
    trial = trial_with(change, {});
    return trial != nullptr && verdict(*trial).holds;
  }

  /// The first step of the ladder that helps, by halving; nothing when the last does not.
  std::optional<Step> least(const Ladder& ladder) {
    if (!holds(ladder.back().settings)) return std::nullopt;
    std::size_t good = ladder.size() - 1;
    std::size_t begin = 0;
    while (begin < good) {
      const std::size_t middle = begin + (good - begin) / 2;
      if (holds(ladder[middle].settings)) {
        good = middle;
      } else {
        begin = middle + 1;
      }
    }
    return ladder[good];
  }

  /// How far what was measured is from its bound.
  [[nodiscard]] double distance(const Trial* trial) const {
    if (trial == nullptr || !verdict(*trial).measured || !verdict(*trial).bound)
      return std::numeric_limits<double>::infinity();
    const auto number = [](Ratio of) {
      return static_cast<double>(of.numerator) / static_cast<double>(of.denominator);
    };
    const double difference = number(*verdict(*trial).measured) - number(*verdict(*trial).bound);
    return difference < 0 ? -difference : difference;
  }

  [[nodiscard]] static std::vector<Setting> settings_of(const std::vector<Step>& steps) {
    std::vector<Setting> out;
    for (const Step& step : steps) out.insert(out.end(), step.settings.begin(), step.settings.end());
    return out;
  }

  /// Changes none of which is enough: the one that comes nearest, with the next one, and so on. Then whatever
  /// it can do without is left out.
  std::optional<std::vector<Step>> together(std::vector<Step> steps) {
    const double unchanged = distance(cheapest_trial({}));
    std::erase_if(steps,
                  [&](const Step& step) { return distance(cheapest_trial(step.settings)) >= unchanged; });
    std::stable_sort(steps.begin(), steps.end(), [&](const Step& a, const Step& b) {
      return distance(cheapest_trial(a.settings)) < distance(cheapest_trial(b.settings));
    });
    std::vector<Step> chosen;
    bool is_enough = false;
    for (Step& step : steps) {
      chosen.push_back(std::move(step));
      if (chosen.size() > 1 && (is_enough = holds(settings_of(chosen)))) break;
    }
    if (!is_enough) return std::nullopt;
    for (std::size_t i = chosen.size() - 1; i-- > 0 && chosen.size() > 2;) {
      std::vector<Step> fewer = chosen;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (holds(settings_of(fewer))) chosen = std::move(fewer);
    }
    return chosen;
  }

  void keep(const std::vector<Step>& steps) {
    const Trial& after = *trial_with(settings_of(steps), {});
    Fix fix{.settings = settings_of(steps)};
    for (const Step& step : steps) {
      fix.text += (fix.text.empty() ? "" : ", and ") + step.words;
      if (!step.cost.empty()) fix.costs.push_back(step.cost);
    }
    std::string_view result = verdict(after).text;
    constexpr std::string_view holds_mark = "holds: ";
    if (result.starts_with(holds_mark)) result.remove_prefix(holds_mark.size());
    fix.text.append(": ").append(result);
    for (std::string& cost : costs_of(unchanged_, after)) fix.costs.push_back(std::move(cost));
    budget().fix = std::move(fix);
  }

  Run& run_;
  const TryScenario& try_;
  FixSearchOptions options_;
  Trial unchanged_;
  std::size_t place_{};
  std::size_t left_{};
  std::size_t runs_{};
  std::optional<std::vector<Setting>> part_{};
  std::map<std::string, std::optional<Trial>> trials_{};
};

}  // namespace detail

RUSHHOUR_INLINE std::size_t find_fixes(Run& run, const TryScenario& try_scenario,
                                       const FixSearchOptions& options) {
  detail::FixSearch search{run, try_scenario, options};
  for (std::size_t place = 0; place < run.budgets.size(); ++place) {
    if (run.budgets[place].fails()) search.search(place);
  }
  return search.runs();
}

}  // namespace rushhour::scenario
