/// \file
/// First seen by a rotating Bloom filter: bits instead of terms, in generations of which the oldest is
/// emptied and taken again. No product of spec new-terms.md 7 has one; it is what a team builds when a set
/// grows too large. It may take a new term for a known one, and then its alert is missed; it never takes a
/// known one for new.
///
/// Window: a term is forgotten between `generations - 1` and `generations` lengths of a generation after its
/// last sighting. Warm-up: none; every term's first document alerts. Late documents: as new as their arrival.
/// Cap: none. Cost a document: no request, a few bits of memory.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// All numbers [CHOICE].
struct RotatingBloomOptions {
  std::size_t generations{2};
  Duration generation{std::chrono::days{10}};  ///< how long one takes up terms
  Instant first{};                             ///< a generation begins now, and every `generation` from now
  std::size_t capacity{100'000};               ///< distinct terms in a generation; with more, more are missed
  /// The share of new terms taken for known ones, at most, once all generations are full.
  Ratio error{1, 1000};
  std::uint64_t seed{1};  ///< which terms these are
};

class RotatingBloom final : public FirstSeen {
 public:
  using Options = RotatingBloomOptions;

  explicit RotatingBloom(Options options = {})
      : options_(options), random_(Random{options.seed}.stream("detect.rotating_bloom")) {
    RUSHHOUR_ASSERT(options_.generations > 0 && options_.capacity > 0, "a filter has room for a term");
    RUSHHOUR_ASSERT(options_.generation > Duration::zero(), "a generation lasts for a while");
    RUSHHOUR_ASSERT(options_.error.numerator > 0 && options_.error < (Ratio{1, 1}),
                    "a Bloom filter errs, but not always");
    const rushhour::detail::uint128 odds =
        rushhour::detail::uint128{options_.error.denominator} * options_.generations;
    while (rushhour::detail::uint128{options_.error.numerator} << hashes_ < odds) ++hashes_;
    const std::uint64_t bits = bits_per_generation();
    words_ = bits / 64;
    bits_.resize(words_ * options_.generations);
    costs_.bytes = costs_.bytes_max = bits_.size() * sizeof(std::uint64_t);
  }

  void see(const Sighting& sighting) override {
    const std::uint64_t key = hash(sighting.key);
    const std::size_t young = static_cast<std::size_t>(number_) % options_.generations;
    if (contains(young, key)) return;
    bool is_known = false;
    for (std::size_t i = 0; i < options_.generations && !is_known; ++i)
      is_known = i != young && contains(i, key);
    insert(young, key);
    if (is_known) return;
    alerts_.push_back(
        {.document = sighting.document, .key = std::string{sighting.key}, .at = sighting.arrival});
  }

  void advance(Instant now) override {
    const Duration since = now - options_.first;
    if (since < Duration::zero()) return;  // the first generation is longer
    const auto number = static_cast<std::uint64_t>(since / options_.generation);
    const std::uint64_t begun = std::min<std::uint64_t>(number - number_, options_.generations);
    for (std::uint64_t i = 0; i < begun; ++i)
      empty(static_cast<std::size_t>((number - i) % options_.generations));
    number_ = number;
  }

  [[nodiscard]] std::vector<FirstSeenAlert> take_alerts() override { return std::exchange(alerts_, {}); }
  /// Bytes are those of the bits, from the first term on.
  [[nodiscard]] FirstSeenCosts costs() const override { return costs_; }

  /// Bits that each term sets: so many that a generation alone errs by its part of the error.
  [[nodiscard]] unsigned hashes() const { return hashes_; }
  /// capacity * 1.44 * hashes, which is 1.44 * log2(1 / error) bits a term: half of them are set when the
  /// generation is full (Bloom 1970).
  [[nodiscard]] std::uint64_t bits_per_generation() const {
    const rushhour::detail::uint128 bits =
        rushhour::detail::uint128{options_.capacity} * hashes_ * 14'427 / 10'000 + 1;
    return (static_cast<std::uint64_t>(bits) + 63) / 64 * 64;
  }

 private:
  /// Where the i-th bit of a key is in its generation.
  [[nodiscard]] std::uint64_t place(std::uint64_t key, unsigned i) const {
    return uniform_below(random_.part(key).at(i), words_ * 64);
  }
  [[nodiscard]] bool contains(std::size_t generation, std::uint64_t key) const {
    for (unsigned i = 0; i < hashes_; ++i) {
      const std::uint64_t bit = place(key, i);
      if ((bits_[generation * words_ + bit / 64] >> bit % 64 & 1) == 0) return false;
    }
    return true;
  }
  void insert(std::size_t generation, std::uint64_t key) {
    for (unsigned i = 0; i < hashes_; ++i) {
      const std::uint64_t bit = place(key, i);
      bits_[generation * words_ + bit / 64] |= std::uint64_t{1} << bit % 64;
    }
  }
  void empty(std::size_t generation) {
    std::fill_n(bits_.begin() + static_cast<std::ptrdiff_t>(generation * words_), words_, 0);
  }

  Options options_;
  Stream random_;
  unsigned hashes_{};
  std::size_t words_{};     ///< of a generation
  std::uint64_t number_{};  ///< of generations that began before the young one
  std::vector<std::uint64_t> bits_{};
  std::vector<FirstSeenAlert> alerts_{};
  FirstSeenCosts costs_{};
};

}  // namespace rushhour::detect
