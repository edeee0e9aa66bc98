/// \file
/// Kibana's executor of query rules on virtual time: an alert for each document that matches. It reads no
/// events and evaluates no query; the documents are given to it, and its ranges are planned by schedule.hpp.
///
/// Source: search_after_bulk_create_factory.ts and the persistence wrapper of Kibana's rule registry (read
/// 2026): pages of documents, oldest first; those that have an alert are taken out of a page before the rest
/// is written; the first page that does not fit below max_signals ends the search of a tuple. Searches that
/// find nothing still cost one, and so does the empty page at the end.
///
/// Memory: 24 bytes a document of the look-back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <rushhour/elastic/execution.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

struct QueryRuleOptions {
  std::size_t max_signals{100};
  /// How far before a run's start a later run's ranges may begin at most: the longer of look-back and
  /// interval.
  Duration reach{};
  std::size_t page{100};  ///< documents in a page, or max_signals when that is less; Kibana's number
};

class QueryRule {
 public:
  using Options = QueryRuleOptions;

  /// Which field a document's time is from. Elasticsearch sorts by the override first, and documents without
  /// it last.
  enum class TimeOf : bool { timestamp, fallback };

  explicit QueryRule(Options options = {}) : options_(options) {}

  /// A document that matches the rule's query can be found from now on.
  /// \param time      what the rule's ranges look at, cut to milliseconds
  /// \param document  its number; each is given once
  /// \param time_of   `fallback` when the rule has a timestamp override that the document has not
  void see(Instant time, std::uint64_t document, TimeOf time_of = TimeOf::timestamp) {
    const std::int64_t ms = detail::to_ms(time);
    if (ms < kept_since_ms_) return;  // no range will reach it any more
    documents_.push_back({.ms = ms, .number = document, .is_fallback = time_of == TimeOf::fallback});
  }

  /// A run that starts now and searches these tuples, oldest first, each with its own max_signals. Adds to
  /// the alerts, the searches and `truncated` of the execution.
  void run(std::span<const Tuple> tuples, Execution& into) {
    for (const Tuple& tuple : tuples) {
      keep_since(std::min(detail::to_ms(tuple.from), detail::to_ms(tuples.back().to - options_.reach)));
      search(tuple, into);
    }
  }

  /// Documents that a range may still reach.
  [[nodiscard]] std::size_t documents() const { return documents_.size(); }

 private:
  struct Document {
    std::int64_t ms{};
    std::uint64_t number{};
    bool is_fallback{};
    bool is_alerted{};
  };

  void keep_since(std::int64_t ms) {
    if (ms <= kept_since_ms_) return;
    kept_since_ms_ = ms;
    std::erase_if(documents_, [ms](const Document& document) { return document.ms < ms; });
  }

  void search(const Tuple& tuple, Execution& into) {
    const std::vector<Document*> found = sorted(tuple);
    const std::size_t page_size = std::max(std::min(options_.page, options_.max_signals), std::size_t{1});
    std::size_t created = 0;
    for (std::size_t at = 0; created <= options_.max_signals; at += page_size) {
      ++into.searches;
      if (at >= found.size()) return;
      const auto page = std::span{found}.subspan(at, std::min(page_size, found.size() - at));
      ++into.searches;  // for the alerts that are there already
      for (Document* const document : page) {
        if (document->is_alerted) continue;
        if (created == options_.max_signals) {
          into.truncated = true;
          return;
        }
        document->is_alerted = true;
        ++created;
        into.alerts.push_back({.document = document->number});
      }
    }
  }

  /// The documents of a range, oldest first; of several of one time those that were given first.
  [[nodiscard]] std::vector<Document*> sorted(const Tuple& tuple) {
    const std::int64_t from = detail::to_ms(tuple.from);
    const std::int64_t to = detail::to_ms(tuple.to);
    std::vector<Document*> found;
    for (Document& document : documents_) {
      if (document.ms >= from && document.ms <= to) found.push_back(&document);
    }
    std::ranges::stable_sort(found, [](const Document* a, const Document* b) {
      return std::tie(a->is_fallback, a->ms) < std::tie(b->is_fallback, b->ms);
    });
    return found;
  }

  Options options_;
  std::vector<Document> documents_{};  // in the order in which they were given
  std::int64_t kept_since_ms_{INT64_MIN};
};

}  // namespace rushhour::elastic
