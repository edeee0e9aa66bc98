/// \file
/// The shape that many events share: a tree of constants and slots, built once. It holds no event's data;
/// event.hpp puts the two together.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event {

/// An immutable tree and the memory it lives in. Shared, so that what a path has compiled never outlives its
/// layout.
class Layout : public std::enable_shared_from_this<Layout> {
  struct Key {};

 public:
  /// `root` is an object whose parts live in `arena` or for ever (literals); slots are numbered from 0.
  [[nodiscard]] static std::shared_ptr<const Layout> make(Arena arena, Value root) {
    return std::make_shared<const Layout>(Key{}, std::move(arena), root);
  }

  Layout(Key, Arena arena, Value root)
      : arena_(std::move(arena)), root_(root), slot_count_(count_slots(root)) {
    RUSHHOUR_ASSERT(root.is_object(), "a layout is an object");
  }

  [[nodiscard]] const Value& root() const { return root_; }
  /// One more than the highest slot number.
  [[nodiscard]] std::uint32_t slot_count() const { return slot_count_; }

 private:
  static std::uint32_t count_slots(const Value& value) {
    std::uint32_t count = value.is_slot() ? value.slot_number() + 1 : 0;
    for (const Value& item : value.items()) count = std::max(count, count_slots(item));
    for (const Member& member : value.members()) count = std::max(count, count_slots(member.value));
    return count;
  }

  Arena arena_;
  Value root_;
  std::uint32_t slot_count_;
};

/// What paths and data models read: a tree, perhaps with slots, which it can resolve. Event is the one in
/// use.
template <class T>
concept Record = requires(const T& record, Value value) {
  { record.layout() } -> std::convertible_to<const Layout*>;  // nullptr: the tree is the record's own
  { record.root() } -> std::convertible_to<Value>;
  { record.resolve(value) } -> std::same_as<Value>;
};

}  // namespace rushhour::event
