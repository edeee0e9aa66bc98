/// \file
/// First seen by a set in memory that forgets nothing, as ElastAlert's new_term rules have it: filled once,
/// when it starts, with the terms of the documents that are there. The simplest strategy, and the one that
/// the others are measured against. It is not ElastAlert's schedule: documents are looked at as they arrive,
/// and its `realert`, which silences a rule for a minute after each alert, is left out.
///
/// Window: none; known is known until a restart, after which the documents of `window` are. Warm-up: the
/// documents of `window` before the start. Late documents: as new as their arrival. Cap: none. Cost a
/// document: no request; each start takes one search for each `step` of the window.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/detail/key_set.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

struct NeverForgettingSetOptions {
  /// What is sighted before is only data to start from. Nothing: it was always there, and the set is empty at
  /// first.
  std::optional<Instant> start{};
  std::vector<Instant> restarts{};  ///< in order, after the start: the set is lost and filled again
  /// How far back a start looks, by the time of the documents [DOC elastalert.readthedocs.io,
  /// terms_window_size: 30 days].
  Duration window{std::chrono::days{30}};
  /// In how large steps it looks [DOC, window_step_size: 1 day].
  Duration step{std::chrono::days{1}};
};

class NeverForgettingSet final : public FirstSeen {
 public:
  using Options = NeverForgettingSetOptions;

  explicit NeverForgettingSet(Options options = {}) : options_(std::move(options)) {
    RUSHHOUR_ASSERT(options_.window >= Duration::zero(), "a start looks back");
    RUSHHOUR_ASSERT(options_.step > Duration::zero(), "a start looks back in steps");
    if (options_.start) starts_.push_back(*options_.start);
    starts_.insert(starts_.end(), options_.restarts.begin(), options_.restarts.end());
    RUSHHOUR_ASSERT(std::ranges::is_sorted(starts_), "restarts come in order, after the start");
    is_started_ = !options_.start;
  }

  void see(const Sighting& sighting) override {
    if (started_ < starts_.size()) note(sighting);
    if (!is_started_ || !known_.insert(sighting.key)) return;
    alerts_.push_back(
        {.document = sighting.document, .key = std::string{sighting.key}, .at = sighting.arrival});
    count_bytes();
  }

  void advance(Instant now) override {
    for (; started_ < starts_.size() && starts_[started_] <= now; ++started_) start(starts_[started_]);
    if (started_ == starts_.size() && !last_times_.empty()) last_times_ = {};  // nobody asks any more
  }

  [[nodiscard]] std::vector<FirstSeenAlert> take_alerts() override { return std::exchange(alerts_, {}); }
  /// Bytes are those of the set, all of them.
  [[nodiscard]] FirstSeenCosts costs() const override { return costs_; }
  [[nodiscard]] std::size_t terms() const { return known_.size(); }

 private:
  /// What the index knows and the set need not.
  void note(const Sighting& sighting) {
    const auto found = last_times_.find(sighting.key);
    if (found == last_times_.end()) {
      last_times_.emplace(sighting.key, sighting.time);
    } else {
      found->second = std::max(found->second, sighting.time);
    }
  }
  void start(Instant at) {
    is_started_ = true;
    known_.clear();
    for (const auto& [key, last] : last_times_) {
      if (at - last <= options_.window) known_.insert(key);
    }
    const Duration steps = options_.window + options_.step - Duration{1};
    costs_.reads += static_cast<std::uint64_t>(steps / options_.step);
    count_bytes();
  }
  void count_bytes() {
    costs_.bytes = known_.bytes();
    costs_.bytes_max = std::max(costs_.bytes_max, costs_.bytes);
  }

  Options options_;
  std::vector<Instant> starts_{};
  std::size_t started_{};  ///< of the starts, how many are over
  bool is_started_{};
  detail::KeySet known_{};
  detail::KeyMap<Instant> last_times_{};  ///< of documents, for starts to come
  std::vector<FirstSeenAlert> alerts_{};
  FirstSeenCosts costs_{};
};

}  // namespace rushhour::detect
