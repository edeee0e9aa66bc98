/// \file
/// The way to one value in an event: keys from the root down, `userIdentity.arn`. It steps into objects only;
/// arrays are for whoever knows what the elements mean.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::event {

/// How keys are compared. Panther's event functions ignore case, its data models and Elastic's fields do not.
enum class Case : std::uint8_t { exact, ignore };

/// Walks `keys` from `value` down; null when a key is missing or what should hold it is no object.
template <Record R, class Keys>
[[nodiscard]] Value walk(const R& record, Value value, const Keys& keys, Case letters) {
  value = record.resolve(value);
  for (const auto& key : keys) {
    const Value* const next = letters == Case::exact ? value.find(key) : value.find_ignoring_case(key);
    if (next == nullptr) return {};
    value = record.resolve(*next);
  }
  return value;
}

/// Keys, and what they mean in each layout met so far: reading an event with a layout is one look-up of a
/// constant or a slot. The memory of layouts makes a Path unfit for sharing between threads; copies are
/// independent.
class Path {
 public:
  /// What a path is in a layout: a constant or a slot, and how many of the keys led there. Keys are left over
  /// only behind a slot, whose value must be walked.
  struct Place {
    Value node{};
    std::size_t keys_walked{};
  };

  /// Keys joined by dots. Throws InputError when a key is empty.
  explicit Path(std::string_view dotted, Case letters = Case::exact) : letters_(letters) {
    for (std::string_view rest = dotted;; rest.remove_prefix(keys_.back().size() + 1)) {
      keys_.emplace_back(rest.substr(0, rest.find('.')));
      if (keys_.back().empty()) {
        throw InputError({.expected = "keys joined by dots, such as \"userIdentity.arn\"",
                          .seen = '"' + std::string{dotted} + '"'});
      }
      if (keys_.back().size() == rest.size()) break;
    }
  }
  /// Keys as they are, dots included. No constructor: `Path{"a.b"}` would mean it.
  [[nodiscard]] static Path of_keys(std::initializer_list<std::string_view> keys,
                                    Case letters = Case::exact) {
    Path path{letters};
    path.keys_.assign(keys.begin(), keys.end());
    return path;
  }

  [[nodiscard]] std::span<const std::string> keys() const { return keys_; }
  /// The keys joined by dots.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const std::string& key : keys_) {
      if (!out.empty()) out += '.';
      out += key;
    }
    return out;
  }

  /// What this path is in all events of a layout; a null constant when they have no such value. For those who
  /// fold constants ahead of time.
  [[nodiscard]] Place compile(const Layout& layout) const {
    Place place{.node = layout.root()};
    for (const std::string& key : keys_) {
      if (place.node.is_slot()) return place;
      const Value* const next =
          letters_ == Case::exact ? place.node.find(key) : place.node.find_ignoring_case(key);
      place.node = next == nullptr ? Value{} : *next;
      ++place.keys_walked;
    }
    return place;
  }

  /// The value in this event, slots resolved; null when there is none.
  template <Record R>
  [[nodiscard]] Value operator()(const R& record) const {
    const Layout* const layout = record.layout();
    if (layout == nullptr) return walk(record, record.root(), keys_, letters_);
    if (!compiled_.empty()) {
      const Compiled& compiled = compiled_[bucket(layout)];
      if (compiled.layout.get() == layout) [[likely]]
        return read(record, compiled.place);
    }
    return read(record, find_or_compile(*layout));
  }

 private:
  explicit Path(Case letters) : letters_(letters) {}

  struct Compiled {
    std::shared_ptr<const Layout> layout{};
    Place place{};
  };

  template <Record R>
  [[nodiscard]] Value read(const R& record, const Place& place) const {
    if (!place.node.is_slot()) return place.node;
    const Value value = record.resolve(place.node);
    if (place.keys_walked == keys_.size()) return value;
    return walk(record, value, std::span{keys_}.subspan(place.keys_walked), letters_);
  }

  /// Open addressing in a table of a power of two, at most half full.
  [[nodiscard]] std::size_t bucket(const Layout* layout) const {
    return (reinterpret_cast<std::uintptr_t>(layout) * 0x9e3779b97f4a7c15ULL >> 32) & mask_;
  }

  [[nodiscard]] Place find_or_compile(const Layout& layout) const {
    // More shapes than any source has: the layouts are being made per event, and keeping them would not stop.
    constexpr std::size_t layouts_max = 512;
    for (std::size_t at = bucket(&layout), seen = 0; seen < compiled_.size(); ++seen) {
      const Compiled& compiled = compiled_[(at + seen) & mask_];
      if (compiled.layout.get() == &layout) return compiled.place;
      if (compiled.layout == nullptr) break;
    }
    const Place place = compile(layout);
    if (layouts_ < layouts_max) insert({layout.shared_from_this(), place});
    return place;
  }

  void insert(Compiled entry) const {
    if (layouts_ * 2 >= compiled_.size()) {
      std::vector<Compiled> old(compiled_.empty() ? 8 : compiled_.size() * 2);
      old.swap(compiled_);
      mask_ = compiled_.size() - 1;
      layouts_ = 0;
      for (Compiled& moved : old) {
        if (moved.layout != nullptr) insert(std::move(moved));
      }
    }
    std::size_t at = bucket(entry.layout.get());
    while (compiled_[at].layout != nullptr) at = (at + 1) & mask_;
    compiled_[at] = std::move(entry);
    ++layouts_;
  }

  std::vector<std::string> keys_;
  Case letters_;
  mutable std::vector<Compiled> compiled_;
  mutable std::size_t mask_ = 0;  // the table's size less 1
  mutable std::size_t layouts_ = 0;
};

}  // namespace rushhour::event
