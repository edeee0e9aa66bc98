/// \file
/// A new-terms rule tried on a stream of events, and other detections of the first time beside it: the same
/// documents, the same truth. The events come from a scenario or from files; whoever has them hands them over
/// in order of arrival.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/first_seen_rule.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/elastic/rule_reader.hpp>
#include <rushhour/elastic/score.hpp>
#include <rushhour/elastic/truth_reader.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

struct TrialOptions {
  Instant since{};  ///< the first run; what comes before is history
  Executor executor{Executor::aggregation};
  Ties ties{Ties::alternating};
  Duration refresh{std::chrono::seconds{1}};
  std::vector<Outage> outages{};
};

/// The rule's schedule and executor, for documents whose Sighting::ingested is what its ranges look at.
[[nodiscard]] FirstSeenRuleOptions first_seen_options(const Rule& rule, const TrialOptions& options);

/// What the runs of a rule came to.
struct RunCounts {
  std::uint64_t runs{};
  std::uint64_t truncated{};     ///< that had more than max_signals
  std::uint64_t with_gap{};      ///< before which something was looked at by no run
  Duration gaps{};               ///< together
  std::uint64_t catch_ups{};     ///< tuples beyond one a run
  std::uint64_t searches{};      ///< requests to Elasticsearch
  std::uint64_t searches_max{};  ///< of one run
};

/// How many documents got how far.
struct PassageCounts {
  std::uint64_t events{};
  std::uint64_t matched{};
  std::uint64_t excepted{};
  std::uint64_t without_terms{};
};

/// What an exception did.
struct ExceptionCounts {
  std::string item{};         ///< its name, else its id
  std::uint64_t documents{};  ///< that it took out
  std::uint64_t firsts{};     ///< of these, truly the first time: what it hides
  std::uint64_t alerts{};     ///< that the rule without any exception writes of these
};

class Trial {
 public:
  /// The rule, the schema and the truth outlive the trial.
  /// \throws InputError as RuleReader and FirstSeenRule do.
  Trial(const Rule& rule, const event::Schema& schema, const Truth& truth, const TrialOptions& options,
        const ExceptionList& exceptions = {});

  /// Another detection on the documents that match the rule. Names are for the report.
  void add(std::string name, std::unique_ptr<detect::FirstSeen> detection);

  /// An event arrives, in order of arrival. What is due before it happens first.
  void see(const event::Event& event, const TruthMark& mark);
  /// Nothing comes any more: runs go on until the look-back lies behind `end`, the last arrival.
  void finish(Instant end);

  [[nodiscard]] const RunCounts& runs() const { return runs_; }
  /// When each run started, and how many searches it took.
  [[nodiscard]] const std::vector<std::pair<Instant, std::uint64_t>>& searches() const { return searches_; }
  [[nodiscard]] const PassageCounts& passages() const { return passages_; }
  [[nodiscard]] const std::vector<ExceptionCounts>& exceptions() const { return exceptions_; }
  /// The rule's own score, and then that of each other detection.
  [[nodiscard]] std::vector<Scored> scores() const;
  [[nodiscard]] std::vector<Finding> findings() const { return score_.findings(); }
  /// When the rule's alerts were written, and when the firsts arrived that it has missed.
  [[nodiscard]] std::vector<Instant> alerted_at() const { return score_.alerted_at(); }
  [[nodiscard]] std::vector<Instant> missed_at() const { return score_.missed_at(); }
  [[nodiscard]] const Rule& rule() const { return rule_; }

 private:
  void advance(Instant now);
  void take_alerts();

  const Rule& rule_;
  Duration look_back_;
  RuleReader reader_;
  Score score_;
  std::vector<std::string> names_{};
  std::vector<std::unique_ptr<detect::FirstSeen>> detections_{};  // the rule first
  RunCounts runs_{};
  std::vector<std::pair<Instant, std::uint64_t>> searches_{};
  PassageCounts passages_{};
  /// The rule without its exceptions, when it has any, and by which of them each event that is taken out is.
  std::unique_ptr<FirstSeenRule> unexcepted_{};
  std::unordered_map<const ExceptionItem*, std::size_t> place_of_{};
  std::unordered_map<std::uint64_t, std::size_t> excepted_by_{};
  std::vector<ExceptionCounts> exceptions_{};
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/trial_inl.hpp>
#endif
