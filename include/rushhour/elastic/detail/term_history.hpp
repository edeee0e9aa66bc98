/// \file
/// When each term was last seen before the look-back: 24 bytes a term, at most 55 with the room that a hash
/// table needs. Terms are kept as 128 bits of hash and not as text. What is in the look-back, new_terms.hpp
/// keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/digest.hpp>

namespace rushhour::elastic::detail {

/// A term in 128 bits: two of a hundred million terms share one with a probability of 10^-23.
struct Fingerprint {
  std::uint64_t high{};
  std::uint64_t low{};
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

struct FingerprintHash {
  std::size_t operator()(const Fingerprint& fingerprint) const { return fingerprint.low; }
};

/// Two independent lanes over eight bytes at a time.
[[nodiscard]] inline Fingerprint fingerprint(std::string_view key) {
  std::uint64_t high = 0x9e3779b97f4a7c15ULL ^ key.size();
  std::uint64_t low = 0x6a09e667f3bcc909ULL + key.size();
  const auto add = [&](std::uint64_t word) {
    high = (high ^ word) * 0xbf58476d1ce4e5b9ULL;
    high ^= high >> 32;
    low = (low + word) * 0x94d049bb133111ebULL;
    low ^= low >> 29;
  };
  for (; key.size() >= 8; key.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), 8);
    add(word);
  }
  std::uint64_t word = 0;
  if (!key.empty()) std::memcpy(&word, key.data(), key.size());
  add(word);
  return {mix(high), mix(low)};
}

/// Open addressing with linear probing; entries leave when the table grows full and their time is over.
class TermHistory {
 public:
  static constexpr std::int64_t never = INT64_MIN;

  /// The last sighting, in milliseconds; `never` when there is none.
  [[nodiscard]] std::int64_t last(const Fingerprint& term) const {
    if (slots_.empty()) return never;
    for (std::size_t at = home(term);; at = next(at)) {
      if (slots_[at].last_ms == never) return never;
      if (slots_[at].term == term) return slots_[at].last_ms;
    }
  }

  /// Remembers the later of what it knew and this sighting. What was last seen before `forgotten_ms` may be
  /// dropped on the way: nobody asks for it any more.
  void see(const Fingerprint& term, std::int64_t ms, std::int64_t forgotten_ms) {
    if (ms == never || ms < forgotten_ms) return;
    if (8 * (size_ + 1) > 7 * slots_.size()) rebuild(forgotten_ms);
    insert({term, ms});
  }

  /// Distinct terms, those whose time is over but which still have their slot included.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    Fingerprint term{};
    std::int64_t last_ms{never};
  };
  static_assert(sizeof(Slot) == 24);

  /// Any number of slots, not powers of two only: the table is then never emptier than 7/16.
  [[nodiscard]] std::size_t home(const Fingerprint& term) const {
    return static_cast<std::size_t>(rushhour::detail::uint128{term.low} * slots_.size() >> 64);
  }
  [[nodiscard]] std::size_t next(std::size_t at) const { return at + 1 == slots_.size() ? 0 : at + 1; }

  void insert(const Slot& slot) {
    std::size_t at = home(slot.term);
    while (slots_[at].last_ms != never && slots_[at].term != slot.term) at = next(at);
    if (slots_[at].last_ms == never) {
      slots_[at] = slot;
      ++size_;
    } else if (slots_[at].last_ms < slot.last_ms) {
      slots_[at].last_ms = slot.last_ms;
    }
  }

  /// Keeps what still counts, in a table that is then 7/16 full.
  void rebuild(std::int64_t forgotten_ms) {
    std::size_t live = 1;
    for (const Slot& slot : slots_) live += slot.last_ms != never && slot.last_ms >= forgotten_ms;
    std::vector<Slot> old((16 * live + 6) / 7 + 8);
    old.swap(slots_);
    size_ = 0;
    for (const Slot& slot : old) {
      if (slot.last_ms != never && slot.last_ms >= forgotten_ms) insert(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace rushhour::elastic::detail
