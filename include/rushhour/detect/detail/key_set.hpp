/// \file
/// Keys of first-seen strategies in memory: a hash for maps of keys that are looked up by string_view, and a
/// set whose size in bytes is known exactly and is the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rushhour/digest.hpp>

namespace rushhour::detect::detail {

struct KeyHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view key) const { return hash(key); }
};

template <class Value>
using KeyMap = std::unordered_map<std::string, Value, KeyHash, std::equal_to<>>;

/// Texts one after the other, and a table of places with linear probing, between 7/16 and 7/8 full. Nothing
/// is ever taken out.
class KeySet {
 public:
  /// False when it was in already.
  bool insert(std::string_view key) {
    if (8 * (size_ + 1) > 7 * slots_.size()) grow();
    const std::uint32_t hashed = short_hash(key);
    Slot& slot = slots_[place(key, hashed)];
    if (slot.end != 0) return false;
    text_ += key;
    slot = {.hash = hashed, .length = static_cast<std::uint32_t>(key.size()), .end = text_.size() + 1};
    ++size_;
    return true;
  }
  [[nodiscard]] bool contains(std::string_view key) const {
    return size_ != 0 && slots_[place(key, short_hash(key))].end != 0;
  }
  void clear() { *this = {}; }

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Of the texts and the table; not what the texts' buffer has to spare.
  [[nodiscard]] std::size_t bytes() const { return text_.size() + slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t hash{};
    std::uint32_t length{};
    std::uint64_t end{};  ///< one behind the text's end, so that 0 means an empty slot
  };
  static_assert(sizeof(Slot) == 16);

  [[nodiscard]] static std::uint32_t short_hash(std::string_view key) {
    return static_cast<std::uint32_t>(hash(key));
  }
  /// Where the key is, or the empty slot where it would be.
  [[nodiscard]] std::size_t place(std::string_view key, std::uint32_t hashed) const {
    std::size_t at = hashed & (slots_.size() - 1);
    for (; slots_[at].end != 0; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.hash != hashed || slot.length != key.size()) continue;
      if (std::string_view{text_}.substr(slot.end - 1 - slot.length, slot.length) == key) break;
    }
    return at;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.end == 0) continue;
      std::size_t at = slot.hash & (slots_.size() - 1);
      while (slots_[at].end != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::string text_{};
  std::vector<Slot> slots_{};
  std::size_t size_{};
};

}  // namespace rushhour::detect::detail
