/// \file
/// Runs to report on.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// Finished runs, and pointers to them as reports take them.
class Runs {
 public:
  Runs& add(scenario::Scenario scenario) {
    owned_.push_back(scenario::run(std::move(scenario)));
    pointers_.push_back(owned_.back().get());
    return *this;
  }
  Runs& add(const std::string& path, scenario::Overrides overrides = {}) {
    return add(scenario::load_scenario(path, overrides));
  }
  /// A finished run once more.
  Runs& again(std::size_t at) {
    pointers_.push_back(pointers_[at]);
    return *this;
  }
  [[nodiscard]] scenario::Run& operator[](std::size_t at) { return *owned_[at]; }
  [[nodiscard]] const std::vector<const scenario::Run*>& all() const { return pointers_; }

 private:
  std::vector<std::unique_ptr<scenario::Run>> owned_;
  std::vector<const scenario::Run*> pointers_;
};

inline const std::string tiny = "tests/report/tiny.json";
/// With a queue, a trigger, feedback, caches and prices.
/// With Elastic's rules.
inline const std::string rules = "tests/report/rules.json";
inline const std::string queued = "tests/report/queued.json";
inline const std::string naive = "scenarios/naive-enrichment.json";
inline const std::string alert_context_only = "scenarios/alert-context-only.json";

}  // namespace rushhour::report
