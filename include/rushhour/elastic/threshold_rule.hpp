/// \file
/// Kibana's executor of threshold rules on virtual time: an alert for each group of documents that is large
/// enough. It reads no events and evaluates no query; the documents are given to it with the groups that they
/// are in, and its ranges are planned by schedule.hpp.
///
/// Source: rule_types/threshold (find_threshold_signals.ts, get_threshold_bucket_filters.ts, utils.ts, read
/// 2026). A group that has alerted is remembered with the time of its newest document; documents of it up to
/// then count no more. What the group got since has to be large enough again. Two consequences that surprise:
///
/// * A document that turns up late, with a time before that of the alert, counts for nothing.
/// * A run that catches up gives alerts of one group in several of its tuples the same id, so that only the
///   first is written [derived]; so it is with groups of several fields that differ in the order of their
///   values.
///
/// Cardinality is counted exactly, as Elasticsearch does up to some 3,000 values.
///
/// Memory: the documents of the look-back, and each text that they have once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/term_table.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

struct ThresholdRuleOptions {
  std::uint64_t value{1};                      ///< at least so many documents
  std::optional<std::uint64_t> cardinality{};  ///< and at least so many different values of another field
  std::size_t max_signals{100};
  /// How far before a run's start a later run's ranges may begin at most: the longer of look-back and
  /// interval.
  Duration reach{};
  std::size_t page{10'000};  ///< groups in a page; Kibana's number
};

class ThresholdRule {
 public:
  using Options = ThresholdRuleOptions;

  explicit ThresholdRule(Options options = {}) : options_(options) {}

  /// A document that matches the rule's query can be found from now on.
  /// \param time      what the rule's ranges look at, cut to milliseconds
  /// \param document  its number; each is given once
  /// \param groups    distinct, see term_key.hpp: several when fields have several values, none when a field
  ///                  is missing; one empty key for a rule without fields
  /// \param counted   distinct values of the field whose cardinality is asked for
  void see(Instant time, std::uint64_t document, std::span<const std::string> groups,
           std::span<const std::string> counted = {});

  /// A run that starts now and searches these tuples, oldest first, each with its own max_signals. Adds to
  /// the alerts, the searches and `truncated` of the execution. An alert's document is the newest of its
  /// group, of several the one given first; its terms are the group.
  void run(std::span<const Tuple> tuples, Execution& into);

  /// Documents that a range may still reach.
  [[nodiscard]] std::size_t documents() const { return documents_.size(); }
  /// Groups that have alerted and whose documents up to then do not count.
  [[nodiscard]] std::size_t groups_alerted() const { return alerted_ms_.size(); }
  /// Different texts that the documents have.
  [[nodiscard]] std::size_t texts() const { return terms_.size(); }

 private:
  struct Document {
    std::int64_t ms{};
    std::uint64_t number{};
    std::vector<std::uint32_t> groups{};
    std::vector<std::uint32_t> counted{};
  };
  struct Group {
    std::uint64_t documents{};
    std::int64_t newest_ms{std::numeric_limits<std::int64_t>::min()};
    std::uint64_t newest{};
    std::set<std::uint32_t> counted{};
  };
  /// Groups by their keys, as a composite aggregation sorts them.
  using Groups = std::map<std::string_view, Group>;

  void keep_since(std::int64_t ms);
  [[nodiscard]] bool is_alerted(const Document& document) const;
  [[nodiscard]] Groups collect(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] bool is_enough(const Group& group) const {
    return group.documents >= options_.value &&
           (!options_.cardinality || group.counted.size() >= *options_.cardinality);
  }
  void search(const Tuple& tuple, std::set<std::string>& written, Execution& into);

  Options options_;
  detail::TermTable terms_{};
  std::vector<Document> documents_{};  // in the order in which they were given
  std::map<std::string, std::int64_t, std::less<>> alerted_ms_{};
  std::int64_t kept_since_ms_{std::numeric_limits<std::int64_t>::min()};
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/threshold_rule_inl.hpp>
#endif
