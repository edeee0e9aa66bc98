/// \file
/// Kibana's new-terms executors on virtual time, incrementally: each document is taken in once, and a run
/// costs what is in the look-back, not what is in the history. It reads no events and evaluates no query:
/// monitor.hpp hands it the documents that match.
///
/// A term is new when the history window up to the look-back's start holds no document with it and the
/// look-back holds one (spec new-terms.md 1.3). So per term one number is enough for the history, its last
/// sighting before the look-back. Equal to the full search as long as ranges start ever later, which those
/// that schedule.hpp plans do but for a rule whose look-back is shorter than its interval; `reach` covers it.
///
/// Memory: at most 55 bytes a term of the history window, and what the look-back holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/term_history.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// Which of Kibana's two ways to search.
enum class Executor : std::uint8_t {
  aggregation,  ///< three phases of aggregations, as released
  esql          ///< ES|QL and `_msearch`, behind a feature flag in 2026
};

/// Which document stands for a term of which several are oldest, as they are in whole seconds of
/// event.ingested. Elasticsearch does not say.
enum class Ties : std::uint8_t {
  /// Every other run takes another one, as when searches go to different copies of the index. Each such term
  /// may then alert twice (kibana issue 174148, open in 2026): the stricter assumption.
  alternating,
  stable  ///< always the one that arrived first
};

struct NewTermsOptions {
  std::size_t fields{1};  ///< of the rule, 1 to 3
  Executor executor{Executor::aggregation};
  Ties ties{Ties::alternating};
  std::size_t max_signals{100};
  /// How far before a run's start a later run's ranges may begin at most: the longer of look-back and
  /// interval.
  Duration reach{};
  // Numbers of Kibana's, to be changed by tests only.
  std::size_t page{10'000};      ///< terms in a page of the first phase
  std::size_t batch{500};        ///< combinations looked up at a time
  std::size_t rows_max{10'000};  ///< of an ES|QL query
};

/// What became of a term that a run found in its look-back.
enum class Verdict : std::uint8_t {
  known,      ///< seen in the history window before, or exactly at the look-back's start
  created,    ///< an alert
  duplicate,  ///< an alert of an earlier run, written no second time
  cut         ///< new, but beyond max_signals
};

struct Judged {
  std::string_view terms{};  ///< a key of term_key.hpp
  Verdict verdict{};
  std::uint64_t document{};  ///< the one that stands for the term; 0 when it is known
};

class NewTerms {
 public:
  using Options = NewTermsOptions;
  /// Told of each term that a tuple judges. Of those that are cut, not all are judged: the search ends.
  using Listener = std::function<void(const Tuple& tuple, const Judged& judged)>;

  explicit NewTerms(Options options = {}) : options_(options) {}

  /// A document that matches the rule's query can be found from now on.
  /// \param time      what the rule's ranges look at, cut to milliseconds
  /// \param document  its number; each is given once
  /// \param keys      distinct, see term_key.hpp; several when fields have several values, none when a field
  ///                  is missing
  void see(Instant time, std::uint64_t document, std::span<const std::string> keys);

  /// A run that starts now and searches these tuples, oldest first, each with its own max_signals. Adds to
  /// the alerts, the searches and `truncated` of the execution.
  void run(std::span<const Tuple> tuples, Execution& into);

  void listen(Listener listener) { listener_ = std::move(listener); }

  /// Terms with their time of last sighting before the look-back.
  [[nodiscard]] std::size_t terms_in_history() const { return history_.size(); }
  /// Documents and terms in the look-back: one for each combination of values of each document.
  [[nodiscard]] std::size_t sightings() const { return sightings_.size(); }
  /// Held for the history, in bytes.
  [[nodiscard]] std::size_t history_bytes() const { return history_.bytes(); }

 private:
  /// One term of one document, not older than the oldest range that may come.
  struct Sighting {
    std::int64_t ms{};
    std::uint64_t document{};
    std::uint32_t term{};
    bool is_alerted{};
  };
  /// A term of which there are sightings.
  struct Term {
    std::string key{};
    detail::Fingerprint fingerprint{};
    std::int64_t last_ms{detail::TermHistory::never};  ///< before all sightings that are kept
    std::uint32_t sightings{};
    // Of the tuple at hand:
    std::uint64_t tuple{};
    std::uint32_t count{};  ///< documents in the range
    std::uint32_t first{};  ///< place of the oldest sighting in the range
    bool is_known{};
  };
  /// A document with several combinations. In rules of several fields, the aggregations count all of them.
  struct WideDocument {
    std::int64_t ms{};
    std::uint64_t document{};
    std::vector<std::string> keys{};  ///< sorted
  };
  struct Range {
    std::int64_t from{};
    std::int64_t to{};
    std::int64_t history_start{};
  };
  /// A term that may become an alert.
  struct Candidate {
    std::string_view key{};
    std::uint32_t sighting{};
  };
  struct Page;

  std::uint32_t intern(const std::string& key);
  void keep_since(std::int64_t ms);
  std::vector<std::uint32_t> collect();
  [[nodiscard]] bool stands_before(std::int64_t later_given_ms, std::int64_t ms) const;
  [[nodiscard]] bool is_new(const Term& term) const;
  void search_aggregations(std::vector<std::uint32_t> found);
  bool search_page(std::span<const std::uint32_t> page);
  bool search_batches(std::span<const std::uint32_t> page, std::string_view after);
  [[nodiscard]] std::vector<Candidate> bucket_candidates(std::span<const std::uint32_t> batch,
                                                         std::string_view after);
  void search_esql(std::vector<std::uint32_t> found);
  bool create(std::span<const Candidate> candidates);
  void sort_by_key(std::vector<std::uint32_t>& terms) const;
  void tell(std::string_view key, Verdict verdict, std::uint64_t document) const;

  Options options_;
  Listener listener_{};
  detail::TermHistory history_{};
  std::vector<Sighting> sightings_{};
  std::vector<Term> terms_{};
  std::vector<std::uint32_t> free_terms_{};
  std::unordered_map<detail::Fingerprint, std::uint32_t, detail::FingerprintHash> term_of_{};
  std::vector<WideDocument> wide_{};
  std::int64_t kept_since_ms_{detail::TermHistory::never};
  std::int64_t forgotten_ms_{detail::TermHistory::never};  ///< nobody asks for what was last seen before
  std::uint64_t runs_{};
  std::uint64_t tuples_{};

  // While a tuple is searched:
  const Tuple* tuple_{};
  Range range_{};
  Execution* execution_{};
  std::size_t created_{};
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/new_terms_inl.hpp>
#endif
