/// \file
/// Bodies of new_terms.hpp. The phases and their numbers are those of spec new-terms.md 1.3 (aggregations)
/// and 1.7 (ES|QL), searches those of 1.8.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <rushhour/elastic/new_terms.hpp>

namespace rushhour::elastic {

namespace detail {

inline constexpr std::size_t alert_chunk = 5;  ///< times max_signals: alerts looked up at a time

}  // namespace detail

RUSHHOUR_INLINE std::uint32_t NewTerms::intern(const std::string& key) {
  const detail::Fingerprint fingerprint = detail::fingerprint(key);
  const auto [place, is_first] = term_of_.try_emplace(fingerprint, 0);
  if (!is_first) return place->second;
  if (free_terms_.empty()) {
    free_terms_.push_back(static_cast<std::uint32_t>(terms_.size()));
    terms_.emplace_back();
  }
  place->second = free_terms_.back();
  free_terms_.pop_back();
  terms_[place->second] = {.key = key, .fingerprint = fingerprint, .last_ms = history_.last(fingerprint)};
  return place->second;
}

RUSHHOUR_INLINE void NewTerms::see(Instant time, std::uint64_t document, std::span<const std::string> keys) {
  const std::int64_t ms = detail::to_ms(time);
  for (const std::string& key : keys) {
    if (ms < kept_since_ms_) {
      const detail::Fingerprint fingerprint = detail::fingerprint(key);
      const auto term = term_of_.find(fingerprint);
      if (term == term_of_.end()) {
        history_.see(fingerprint, ms, forgotten_ms_);
      } else {
        terms_[term->second].last_ms = std::max(terms_[term->second].last_ms, ms);
      }
      continue;
    }
    const std::uint32_t term = intern(key);
    ++terms_[term].sightings;
    sightings_.push_back({.ms = ms, .document = document, .term = term});
  }
  if (options_.fields > 1 && keys.size() > 1) {
    wide_.push_back({.ms = ms, .document = document, .keys = {keys.begin(), keys.end()}});
    std::ranges::sort(wide_.back().keys);
  }
}

/// Moves what no range will reach any more into the history.
RUSHHOUR_INLINE void NewTerms::keep_since(std::int64_t ms) {
  if (ms <= kept_since_ms_) return;
  kept_since_ms_ = ms;
  std::erase_if(sightings_, [&](const Sighting& sighting) {
    if (sighting.ms >= ms) return false;
    Term& term = terms_[sighting.term];
    term.last_ms = std::max(term.last_ms, sighting.ms);
    if (--term.sightings == 0) {
      history_.see(term.fingerprint, term.last_ms, forgotten_ms_);
      term_of_.erase(term.fingerprint);
      term = {};
      free_terms_.push_back(sighting.term);
    }
    return true;
  });
  std::erase_if(wide_, [&](const WideDocument& document) { return document.ms < forgotten_ms_; });
}

RUSHHOUR_INLINE void NewTerms::run(std::span<const Tuple> tuples, Execution& into) {
  execution_ = &into;
  ++runs_;
  for (const Tuple& tuple : tuples) {
    tuple_ = &tuple;
    range_ = {.from = detail::to_ms(tuple.from),
              .to = detail::to_ms(tuple.to),
              .history_start = detail::to_ms(tuple.history_start)};
    created_ = 0;
    forgotten_ms_ = std::max(forgotten_ms_, detail::to_ms(tuple.history_start - options_.reach));
    keep_since(std::min(range_.from, detail::to_ms(tuples.back().to - options_.reach)));
    std::vector<std::uint32_t> found = collect();
    if (options_.executor == Executor::esql) {
      search_esql(std::move(found));
    } else {
      search_aggregations(std::move(found));
    }
  }
}

/// The terms of the documents in the range, with what the range says of them.
RUSHHOUR_INLINE std::vector<std::uint32_t> NewTerms::collect() {
  std::vector<std::uint32_t> found;
  ++tuples_;
  for (std::uint32_t i = 0; i < sightings_.size(); ++i) {
    const Sighting& sighting = sightings_[i];
    if (sighting.ms > range_.to) continue;
    Term& term = terms_[sighting.term];
    if (term.tuple != tuples_) {
      term.tuple = tuples_;
      term.count = 0;
      term.is_known = false;
    }
    if (sighting.ms <= range_.from && sighting.ms >= range_.history_start) term.is_known = true;
    if (sighting.ms < range_.from) continue;
    if (term.count++ == 0) {
      term.first = i;
      found.push_back(sighting.term);
      continue;
    }
    if (stands_before(sighting.ms, sightings_[term.first].ms)) term.first = i;
  }
  return found;
}

/// Whether a document, given later than another, is the one that stands for their term.
RUSHHOUR_INLINE bool NewTerms::stands_before(std::int64_t later_given_ms, std::int64_t ms) const {
  const bool takes_last = options_.ties == Ties::alternating && runs_ % 2 == 1;
  return later_given_ms < ms || (takes_last && later_given_ms == ms);
}

RUSHHOUR_INLINE bool NewTerms::is_new(const Term& term) const {
  return !term.is_known && term.last_ms < range_.history_start;
}

RUSHHOUR_INLINE void NewTerms::sort_by_key(std::vector<std::uint32_t>& terms) const {
  std::ranges::sort(terms, {}, [this](std::uint32_t term) { return std::string_view{terms_[term].key}; });
}

RUSHHOUR_INLINE void NewTerms::tell(std::string_view key, Verdict verdict, std::uint64_t document) const {
  if (listener_) listener_(*tuple_, {.terms = key, .verdict = verdict, .document = document});
}

/// Pages of the terms in the range. The one after the last is asked for, too, and is empty.
RUSHHOUR_INLINE void NewTerms::search_aggregations(std::vector<std::uint32_t> found) {
  const bool has_pages = found.size() > options_.page;
  if (has_pages || options_.fields > 1 || listener_) sort_by_key(found);
  std::string_view after;
  for (std::size_t at = 0; created_ <= options_.max_signals;) {
    ++execution_->searches;
    const std::span page = std::span{found}.subspan(at, std::min(options_.page, found.size() - at));
    if (page.empty()) return;
    const bool goes_on = options_.fields == 1 ? search_page(page) : search_batches(page, after);
    if (!goes_on) return;
    after = terms_[page.back()].key;
    at += page.size();
  }
}

/// Rules of one field: which terms of the page are new, the most frequent first. False when it was cut.
RUSHHOUR_INLINE bool NewTerms::search_page(std::span<const std::uint32_t> page) {
  ++execution_->searches;
  std::vector<std::uint32_t> fresh;
  for (const std::uint32_t term : page) {
    if (is_new(terms_[term])) {
      fresh.push_back(term);
    } else {
      tell(terms_[term].key, Verdict::known, 0);
    }
  }
  if (fresh.empty()) return true;
  ++execution_->searches;
  std::ranges::sort(fresh, [this](std::uint32_t a, std::uint32_t b) {
    if (terms_[a].count != terms_[b].count) return terms_[a].count > terms_[b].count;
    return terms_[a].key < terms_[b].key;
  });
  std::vector<Candidate> candidates;
  candidates.reserve(fresh.size());
  for (const std::uint32_t term : fresh)
    candidates.push_back({.key = terms_[term].key, .sighting = terms_[term].first});
  return create(candidates);
}

/// Rules of several fields: the page in batches, each asked for by its combinations. `after` is where the
/// page before it ended. False when it was cut.
RUSHHOUR_INLINE bool NewTerms::search_batches(std::span<const std::uint32_t> page, std::string_view after) {
  for (std::size_t at = 0; at < page.size(); at += options_.batch) {
    const std::span batch = page.subspan(at, std::min(options_.batch, page.size() - at));
    ++execution_->searches;
    const std::vector<Candidate> candidates = bucket_candidates(batch, after);
    if (!candidates.empty()) {
      ++execution_->searches;
      if (!create(candidates)) return false;
    }
    after = terms_[batch.back()].key;
  }
  return true;
}

/// The new ones among the first combinations (as many as a batch has), in order, behind `after`, of the
/// documents that have one of the batch. Documents with several combinations bring all of theirs along and
/// take up places: that is how a new one can be missed [derived, case 26].
RUSHHOUR_INLINE std::vector<NewTerms::Candidate> NewTerms::bucket_candidates(
    std::span<const std::uint32_t> batch, std::string_view after) {
  struct Bucket {
    const Term* term{};            // in the batch
    const WideDocument* oldest{};  // else
  };
  std::map<std::string_view, Bucket> buckets;
  for (const std::uint32_t term : batch) buckets[terms_[term].key].term = &terms_[term];
  std::vector<const WideDocument*> matching;
  for (const WideDocument& document : wide_) {
    if (document.ms < range_.history_start || document.ms > range_.to) continue;
    const auto is_in_batch = [&](const std::string& key) {
      const auto bucket = buckets.find(key);
      return bucket != buckets.end() && bucket->second.term != nullptr;
    };
    if (std::ranges::any_of(document.keys, is_in_batch)) matching.push_back(&document);
  }
  for (const WideDocument* const document : matching) {
    for (const std::string& key : document->keys) {
      if (key <= after) continue;
      const WideDocument*& oldest = buckets[key].oldest;
      if (oldest == nullptr || stands_before(document->ms, oldest->ms)) oldest = document;
    }
  }

  std::vector<Candidate> candidates;
  std::size_t place = 0;
  for (const auto& [key, bucket] : buckets) {
    if (place++ == options_.batch) break;
    if (bucket.term != nullptr) {
      if (is_new(*bucket.term)) {
        candidates.push_back({.key = bucket.term->key, .sighting = bucket.term->first});
      } else {
        tell(key, Verdict::known, 0);
      }
    } else if (bucket.oldest->ms > range_.from) {
      const auto term = term_of_.find(detail::fingerprint(key));
      const auto sighting = std::ranges::find_if(sightings_, [&](const Sighting& each) {
        return each.document == bucket.oldest->document && each.term == term->second;
      });
      candidates.push_back(
          {.key = terms_[term->second].key,
           .sighting = static_cast<std::uint32_t>(std::distance(sightings_.begin(), sighting))});
    }
  }
  return candidates;
}

RUSHHOUR_INLINE void NewTerms::search_esql(std::vector<std::uint32_t> found) {
  ++execution_->searches;
  if (listener_) {
    for (const std::uint32_t term : found) {
      if (!is_new(terms_[term])) tell(terms_[term].key, Verdict::known, 0);
    }
  }
  std::erase_if(found, [this](std::uint32_t term) { return !is_new(terms_[term]); });
  sort_by_key(found);  // ES|QL promises no order
  if (found.size() > options_.rows_max) {
    execution_->truncated = true;
    found.resize(options_.rows_max);
  }
  for (std::size_t at = 0; at < found.size(); at += options_.batch) {
    if (created_ >= options_.max_signals) {
      execution_->truncated = true;
      return;
    }
    ++execution_->searches;
    std::vector<Candidate> candidates;
    for (std::size_t i = at; i < std::min(found.size(), at + options_.batch); ++i)
      candidates.push_back({.key = terms_[found[i]].key, .sighting = terms_[found[i]].first});
    if (!create(candidates)) return;
  }
}

/// Writes the alerts that are not there yet, as far as max_signals reaches. False when it did not reach: the
/// search of this tuple is over.
RUSHHOUR_INLINE bool NewTerms::create(std::span<const Candidate> candidates) {
  const std::size_t chunk_size = detail::alert_chunk * std::max(options_.max_signals, std::size_t{1});
  for (std::size_t at = 0; at < candidates.size(); at += chunk_size) {
    ++execution_->searches;
    bool is_cut = false;
    const std::size_t end = std::min(candidates.size(), at + chunk_size);
    for (std::size_t i = at; i < end; ++i) {
      Sighting& sighting = sightings_[candidates[i].sighting];
      const bool has_room = created_ < options_.max_signals;
      const Verdict verdict = sighting.is_alerted ? Verdict::duplicate
                              : has_room          ? Verdict::created
                                                  : Verdict::cut;
      is_cut = is_cut || verdict == Verdict::cut;
      if (verdict == Verdict::created) {
        sighting.is_alerted = true;
        ++created_;
        execution_->alerts.push_back(
            {.document = sighting.document, .terms = std::string{candidates[i].key}});
      }
      tell(candidates[i].key, verdict, sighting.document);
    }
    if (is_cut) {
      execution_->truncated = true;
      return false;
    }
  }
  return true;
}

}  // namespace rushhour::elastic
