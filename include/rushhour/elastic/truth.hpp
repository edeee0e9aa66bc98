/// \file
/// What is truly the first time, whatever a rule makes of it: a document with a term that nobody has seen for
/// the length of a window before. It looks at when things happened, not at when they were told, so documents
/// may come in any order. Holding rules against it is score.hpp's business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/term_history.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// A term in use, from its true first time on: sightings none of which is more than the window after the one
/// before.
struct TrueFirst {
  std::uint64_t document{};
  Instant time{};
  Instant last{};  ///< of its sightings so far

  friend bool operator==(const TrueFirst&, const TrueFirst&) = default;
};

/// Sightings of terms, and which of them are first. Memory: one entry a term and, for terms that come back
/// after more than the window, one for each time.
class Truth {
 public:
  /// A term, as the truth tells terms apart.
  using Term = detail::Fingerprint;

  explicit Truth(Duration window) : window_(window) {}

  /// \param key  see term_key.hpp
  [[nodiscard]] static Term term(std::string_view key) { return detail::fingerprint(key); }

  /// True when the document is the first as far as is known now. A document of an earlier time that comes
  /// later may take that from it.
  bool see(const Term& term, Instant time, std::uint64_t document) {
    Uses& uses = uses_[term];
    // Where it belongs: before the first use that begins after it.
    auto next = std::upper_bound(uses.begin(), uses.end(), time,
                                 [](Instant at, const TrueFirst& use) { return at < use.time; });
    const bool joins_earlier = next != uses.begin() && time - std::prev(next)->last <= window_;
    const bool joins_later = next != uses.end() && next->time - time <= window_;
    if (joins_earlier) {
      TrueFirst& earlier = *std::prev(next);
      earlier.last = std::max(earlier.last, time);
      if (earlier.time == time) earlier.document = std::min(earlier.document, document);
      if (joins_later) {
        earlier.last = std::max(earlier.last, next->last);
        next = std::prev(uses.erase(next));
        return next->document == document;
      }
      return earlier.document == document;
    }
    if (joins_later) {
      next->time = time;
      next->document = document;
    } else {
      uses.insert(next, {.document = document, .time = time, .last = time});
    }
    return true;
  }

  /// The use that a sighting belongs to, given before; nullptr when there is none at that time.
  [[nodiscard]] const TrueFirst* use(const Term& term, Instant time) const {
    const auto uses = uses_.find(term);
    if (uses == uses_.end()) return nullptr;
    for (const TrueFirst& use : uses->second) {
      if (use.time <= time && time <= use.last) return &use;
    }
    return nullptr;
  }

  /// Every first time from `since` on, in order of time and document.
  [[nodiscard]] std::vector<std::pair<Term, TrueFirst>> firsts(Instant since) const {
    std::vector<std::pair<Term, TrueFirst>> out;
    for (const auto& [term, uses] : uses_) {
      for (const TrueFirst& use : uses) {
        if (use.time >= since) out.emplace_back(term, use);
      }
    }
    std::ranges::sort(out, [](const auto& a, const auto& b) {
      if (a.second.time != b.second.time) return a.second.time < b.second.time;
      return a.second.document < b.second.document;
    });
    return out;
  }

  [[nodiscard]] Duration window() const { return window_; }
  [[nodiscard]] std::size_t terms() const { return uses_.size(); }

 private:
  using Uses = std::vector<TrueFirst>;  // in order of time, more than the window apart

  Duration window_;
  std::unordered_map<Term, Uses, detail::FingerprintHash> uses_{};
};

}  // namespace rushhour::elastic
