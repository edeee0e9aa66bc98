// The oracle of new-terms rules: the phases of spec new-terms.md 1.3 and 1.7 word for word, over all
// documents again in each phase. Nothing is remembered between runs but the alerts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <ostream>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/term_key.hpp>

namespace rushhour::elastic {

inline void PrintTo(const RuleAlert& alert, std::ostream* out) {
  *out << alert.document << " (" << terms_text(alert.terms) << ')';
}

/// A document that matches the query. Documents are given in the order in which they can be found.
struct RescanDocument {
  std::int64_t ms{};
  std::uint64_t id{};
  std::vector<std::string> keys{};
};

class Rescan {
 public:
  explicit Rescan(NewTermsOptions options) : options_(options) {}

  void see(RescanDocument document) { documents_.push_back(std::move(document)); }

  void run(std::span<const Tuple> tuples, Execution& into) {
    ++runs_;
    for (const Tuple& tuple : tuples) {
      from_ = ms(tuple.from);
      to_ = ms(tuple.to);
      history_ = ms(tuple.history_start);
      created_ = 0;
      options_.executor == Executor::esql ? esql(into) : aggregation(into);
    }
  }

 private:
  /// The bucket of one key, among the documents of a search.
  struct Bucket {
    std::uint64_t count{};
    std::int64_t first_seen{std::numeric_limits<std::int64_t>::max()};
    std::vector<const RescanDocument*> documents{};
  };
  using Buckets = std::map<std::string, Bucket>;

  static std::int64_t ms(Instant at) {
    return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
  }

  template <class Filter>
  [[nodiscard]] Buckets search(std::int64_t begin, const Filter& filter) const {
    Buckets buckets;
    for (const RescanDocument& document : documents_) {
      if (document.ms < begin || document.ms > to_ || !filter(document)) continue;
      for (const std::string& key : document.keys) {
        Bucket& bucket = buckets[key];
        ++bucket.count;
        bucket.first_seen = std::min(bucket.first_seen, document.ms);
        bucket.documents.push_back(&document);
      }
    }
    return buckets;
  }
  [[nodiscard]] Buckets search(std::int64_t begin) const {
    return search(begin, [](const RescanDocument&) { return true; });
  }

  /// top_hits of size 1, oldest first; of several oldest, the tie decides.
  [[nodiscard]] const RescanDocument* top_hit(const Bucket& bucket) const {
    const RescanDocument* best = nullptr;
    for (const RescanDocument* const document : bucket.documents) {
      const bool takes_last = options_.ties == Ties::alternating && runs_ % 2 == 1;
      if (best == nullptr || document->ms < best->ms || (takes_last && document->ms == best->ms))
        best = document;
    }
    return best;
  }

  using Candidate = std::pair<const RescanDocument*, std::string>;

  bool create(const std::vector<Candidate>& candidates, Execution& into) {
    const std::size_t chunk = 5 * options_.max_signals;
    for (std::size_t at = 0; at < candidates.size(); at += chunk) {
      ++into.searches;
      std::vector<Candidate> fresh;
      for (std::size_t i = at; i < std::min(candidates.size(), at + chunk); ++i) {
        if (!alerts_.contains({candidates[i].first->id, candidates[i].second}))
          fresh.push_back(candidates[i]);
      }
      const std::size_t room = options_.max_signals - created_;
      for (std::size_t i = 0; i < std::min(room, fresh.size()); ++i) {
        alerts_.insert({fresh[i].first->id, fresh[i].second});
        into.alerts.push_back({.document = fresh[i].first->id, .terms = fresh[i].second});
        ++created_;
      }
      if (fresh.size() > room) {
        into.truncated = true;
        return false;
      }
    }
    return true;
  }

  void aggregation(Execution& into) {
    const Buckets all = search(from_);
    std::vector<std::string> keys;
    for (const auto& [key, bucket] : all) keys.push_back(key);
    std::string after;
    std::size_t at = 0;
    while (created_ <= options_.max_signals) {
      ++into.searches;
      const std::vector<std::string> page(
          keys.begin() + static_cast<std::ptrdiff_t>(at),
          keys.begin() + static_cast<std::ptrdiff_t>(std::min(at + options_.page, keys.size())));
      if (page.empty()) return;
      if (!(options_.fields == 1 ? one_field(page, into) : several_fields(page, after, into))) return;
      after = page.back();
      at += page.size();
    }
  }

  bool one_field(const std::vector<std::string>& page, Execution& into) {
    ++into.searches;
    const Buckets history = search(history_);
    std::vector<std::string> fresh;
    for (const std::string& key : page) {
      if (history.at(key).first_seen > from_) fresh.push_back(key);
    }
    if (fresh.empty()) return true;
    ++into.searches;
    const Buckets range = search(from_);
    std::stable_sort(fresh.begin(), fresh.end(), [&](const std::string& a, const std::string& b) {
      return range.at(a).count > range.at(b).count;
    });
    std::vector<Candidate> candidates;
    for (const std::string& key : fresh) candidates.emplace_back(top_hit(range.at(key)), key);
    return create(candidates, into);
  }

  bool several_fields(const std::vector<std::string>& page, std::string after, Execution& into) {
    for (std::size_t at = 0; at < page.size(); at += options_.batch) {
      const std::set<std::string> batch(
          page.begin() + static_cast<std::ptrdiff_t>(at),
          page.begin() + static_cast<std::ptrdiff_t>(std::min(at + options_.batch, page.size())));
      ++into.searches;
      const Buckets buckets = search(history_, [&](const RescanDocument& document) {
        return std::ranges::any_of(document.keys,
                                   [&](const std::string& key) { return batch.contains(key); });
      });
      std::vector<Candidate> candidates;
      std::size_t place = 0;
      for (const auto& [key, bucket] : buckets) {
        if (!after.empty() && key <= after) continue;
        if (place++ == options_.batch) break;
        if (bucket.first_seen > from_) candidates.emplace_back(top_hit(bucket), key);
      }
      if (!candidates.empty()) {
        ++into.searches;
        if (!create(candidates, into)) return false;
      }
      after = *batch.rbegin();
    }
    return true;
  }

  void esql(Execution& into) {
    ++into.searches;
    std::vector<std::string> rows;
    const Buckets history = search(history_);
    for (const auto& [key, bucket] : history) {
      if (bucket.first_seen > from_) rows.push_back(key);
    }
    if (rows.size() > options_.rows_max) {
      rows.resize(options_.rows_max);
      into.truncated = true;
    }
    const Buckets range = search(from_);
    for (std::size_t at = 0; at < rows.size(); at += options_.batch) {
      if (created_ >= options_.max_signals) {
        into.truncated = true;
        return;
      }
      ++into.searches;
      std::vector<Candidate> candidates;
      for (std::size_t i = at; i < std::min(rows.size(), at + options_.batch); ++i)
        candidates.emplace_back(top_hit(range.at(rows[i])), rows[i]);
      if (!create(candidates, into)) return;
    }
  }

  NewTermsOptions options_;
  std::vector<RescanDocument> documents_;
  std::set<std::pair<std::uint64_t, std::string>> alerts_;
  std::uint64_t runs_ = 0;
  std::int64_t from_ = 0, to_ = 0, history_ = 0;
  std::size_t created_ = 0;
};

}  // namespace rushhour::elastic
