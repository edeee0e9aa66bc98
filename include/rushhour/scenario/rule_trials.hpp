/// \file
/// The rules of a scenario on its events: each record as the document that Elastic makes of it, held against
/// one truth. It takes what is delivered and gives what came of it; runs and reports do the rest.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/elastic/score.hpp>
#include <rushhour/elastic/trial.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/scenario/rule_plan.hpp>
#include <rushhour/scenario/search_load.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Other ways to tell the first time, as scenarios name them.
[[nodiscard]] const std::vector<std::string_view>& detection_kinds();

/// What came of one rule.
struct RuleResult {
  std::string name{};
  std::string fields{};  ///< `user.id, user_agent.name`
  elastic::RunCounts runs{};
  elastic::PassageCounts passages{};
  std::vector<elastic::ExceptionCounts> exceptions{};
  elastic::Scored score{};
  std::vector<elastic::Scored> beside{};
  std::vector<elastic::Finding> findings{};
};

class RuleTrials {
 public:
  /// The plan outlives the trials. What arrives before `start` is history; runs begin then.
  /// \throws InputError for a mistake in a rule's query, its history window or its exceptions.
  RuleTrials(const DocumentsPlan& plan, Instant start);
  RuleTrials(const RuleTrials&) = delete;
  RuleTrials& operator=(const RuleTrials&) = delete;
  ~RuleTrials();

  /// In order of arrival.
  void see(const event::Event& event);
  /// Nothing comes any more; `end` is the last arrival.
  void finish(Instant end);

  [[nodiscard]] std::vector<RuleResult> results() const;
  /// Of all rules together.
  [[nodiscard]] SearchLoad searches() const;
  /// Likewise: when alerts were written, and when the firsts arrived that were missed.
  [[nodiscard]] std::vector<Instant> alerted_at() const;
  [[nodiscard]] std::vector<Instant> missed_at() const;
  /// Takes in what every rule has decided, as a number to compare runs by.
  void add_to(Digest& digest) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/rule_trials_inl.hpp>
#endif
