/// \file
/// Values of a document by dotted names, as Elasticsearch sees them: `a.b` is the key "a.b", the key "b" in
/// the object "a", or that in each object of an array "a". Types and constants are documents.hpp's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic::detail {

/// Values of one field, found one by one. One alone takes no memory.
class FoundValues {
 public:
  explicit FoundValues(event::Arena& arena) : arena_(&arena) {}

  void add(event::Value value) {
    if (count_ == 0) {
      first_ = value;
    } else {
      if (count_ == many_.size() || count_ == 1) grow();
      many_[count_] = value;
    }
    ++count_;
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  /// Null for none, the value for one, an array for several.
  [[nodiscard]] event::Value value() const {
    return count_ < 2 ? first_ : event::Value{std::span<const event::Value>{many_.first(count_)}};
  }

 private:
  void grow() {
    const std::span<event::Value> larger = arena_->make<event::Value>(count_ == 1 ? 8 : count_ * 2);
    if (count_ == 1) {
      larger[0] = first_;
    } else {
      for (std::size_t i = 0; i < count_; ++i) larger[i] = many_[i];
    }
    many_ = larger;
  }

  event::Arena* arena_;
  event::Value first_{};
  std::span<event::Value> many_{};
  std::size_t count_ = 0;
};

/// Calls `visit` with each value of the field `name` below `node` that is neither null nor an array; objects
/// too. `resolve` makes values of slots.
template <class Resolve, class Visit>
void visit_values(event::Value node, std::string_view name,
                  const Resolve& resolve,  // NOLINT(misc-no-recursion)
                  const Visit& visit) {
  node = resolve(node);
  if (node.is_array()) {
    for (const event::Value& item : node.items()) visit_values(item, name, resolve, visit);
    return;
  }
  if (name.empty()) {
    if (!node.is_null()) visit(node);
    return;
  }
  for (const event::Member& member : node.members()) {
    if (!name.starts_with(member.key)) continue;
    if (name.size() == member.key.size()) {
      visit_values(member.value, {}, resolve, visit);
    } else if (name[member.key.size()] == '.') {
      visit_values(member.value, name.substr(member.key.size() + 1), resolve, visit);
    }
  }
}

/// Calls `visit` with the name and value of each leaf below `node`: no null, array or object.
template <class Resolve, class Visit>
void visit_leaves(event::Value node, std::string_view name, event::Arena& arena,  // NOLINT(misc-no-recursion)
                  const Resolve& resolve, const Visit& visit) {
  node = resolve(node);
  if (node.is_array()) {
    for (const event::Value& item : node.items()) visit_leaves(item, name, arena, resolve, visit);
  } else if (node.is_object()) {
    for (const event::Member& member : node.members()) {
      const std::string_view inner = name.empty() ? member.key : arena.join({name, ".", member.key});
      visit_leaves(member.value, inner, arena, resolve, visit);
    }
  } else if (!node.is_null()) {
    visit(name, node);
  }
}

}  // namespace rushhour::elastic::detail
