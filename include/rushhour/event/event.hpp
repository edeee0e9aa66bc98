/// \file
/// What detections see: one log record with its times, read by key, by path or by common name. Slots are
/// filled when first read, so an event of which nothing is read costs next to nothing. It parses nothing and
/// sends nothing.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event {

class Event;

/// Who fills the slots of a generator's events.
class SlotMaker {
 public:
  SlotMaker() = default;
  SlotMaker(const SlotMaker&) = default;
  SlotMaker& operator=(const SlotMaker&) = default;
  virtual ~SlotMaker() = default;
  /// The value of one slot, in memory of the arena or longer-lived. It may read other slots of the event, not
  /// itself, and gives the same value however often and in whatever order it is asked.
  [[nodiscard]] virtual Value make(const Event& event, std::uint32_t slot, Arena& arena) const = 0;
};

/// What every event has apart from its record.
struct EventHeader {
  std::uint64_t id{1};          ///< its place in the stream, from 1
  Instant arrival{};            ///< when it reaches the detections
  Instant time{};               ///< when what it tells of happened
  std::string_view log_type{};  ///< `AWS.CloudTrail`; a literal or owned by the source
  const DataModel* model{};     ///< for udm(); nullptr when the log type has none
};

/// One log record. Made to be used again: a worker keeps one and has its source fill it. Values read from it
/// live until then. What it points to (layout, maker, data model) belongs to the source, which outlives it.
///
/// The reading functions are Panther's (spec of Panther, 1.5): keys match exactly or else in any case.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  Event(Event&&) noexcept = default;
  Event& operator=(Event&&) noexcept = default;
  ~Event() = default;

  /// Becomes an event of a layout, its slots to be made by `maker` when asked for.
  void assign(const EventHeader& header, const Layout& layout, const SlotMaker& maker) {
    header_ = header;
    layout_ = &layout;
    maker_ = &maker;
    root_ = layout.root();
    made_ = 0;
    arena_.reset();
  }
  /// Becomes an event with a tree of its own. The event takes over the content of `arena`, where the tree
  /// lives, and leaves its own old memory there, for use after a reset().
  void assign(const EventHeader& header, Value root, Arena& arena) {
    header_ = header;
    layout_ = nullptr;
    maker_ = nullptr;
    root_ = root;
    made_ = 0;
    arena_.swap(arena);
  }

  /// Arrives at another instant, as when a file delivers it later. Nothing else changes.
  void arrive(Instant at) { header_.arrival = at; }

  [[nodiscard]] std::uint64_t id() const { return header_.id; }
  [[nodiscard]] Instant arrival() const { return header_.arrival; }
  [[nodiscard]] Instant time() const { return header_.time; }
  [[nodiscard]] std::string_view log_type() const { return header_.log_type; }

  /// nullptr when the tree is the event's own.
  [[nodiscard]] const Layout* layout() const { return layout_; }
  /// The record: an object, perhaps with slots in it.
  [[nodiscard]] const Value& root() const { return root_; }

  /// The value itself, or what its slot holds in this event. Every value found by walking the tree goes
  /// through here.
  [[nodiscard]] Value resolve(Value value) const {
    return value.is_slot() ? slot(value.slot_number()) : value;
  }

  [[nodiscard]] bool contains(std::string_view key) const { return root_.find_ignoring_case(key) != nullptr; }
  /// The value of a key of the record; the fallback when there is no such key. A null that is there stays
  /// null.
  [[nodiscard]] Value get(std::string_view key, Value fallback = {}) const {
    return get_in(root_, key, fallback);
  }
  /// The same in any object of this event.
  [[nodiscard]] Value get_in(const Value& object, std::string_view key, Value fallback = {}) const {
    const Value* const found = object.find_ignoring_case(key);
    return found == nullptr ? fallback : resolve(*found);
  }
  /// `event.deep_get({"userIdentity", "arn"})`: from key to key; the fallback for null, a missing key, or a
  /// value on the way that is no object.
  [[nodiscard]] Value deep_get(std::initializer_list<std::string_view> keys, Value fallback = {}) const {
    const Value found = walk(*this, root_, keys, Case::ignore);
    return found.is_null() ? fallback : found;
  }
  /// `event.deep_get("userIdentity", "arn")`.
  template <std::convertible_to<std::string_view>... Keys>
    requires(sizeof...(Keys) > 0)
  [[nodiscard]] Value deep_get(const Keys&... keys) const {
    return deep_get({std::string_view{keys}...});
  }

  /// The value of a common name: of the data model when the name is mapped there; else of `p_udm.<name>` in
  /// the record, else of the record's own key, and these two only when true in Python's sense. The fallback
  /// otherwise.
  [[nodiscard]] Value udm(std::string_view name, Value fallback = {}) const {
    if (header_.model != nullptr) {
      if (const std::optional<Value> mapped = header_.model->read(*this, name)) {
        return mapped->is_null() ? fallback : *mapped;
      }
    }
    if (const Value normalized = deep_get({"p_udm", name}); normalized.truthy()) return normalized;
    const Value own = get(name);
    return own.truthy() ? own : fallback;
  }

  /// The record as JSON text, every slot made.
  void append_json(std::string& out) const {
    event::append_json(out, root_, [this](Value value) { return resolve(value); });
  }
  [[nodiscard]] std::string to_json() const {
    std::string out;
    append_json(out);
    return out;
  }

 private:
  [[nodiscard]] Value slot(std::uint32_t number) const {
    if ((made_ >> number & 1) == 0) make_slot(number);
    return slots_[number];
  }
  [[gnu::noinline]] void make_slot(std::uint32_t number) const {
    RUSHHOUR_ASSERT(layout_ != nullptr && number < layout_->slot_count(),
                    "the slot belongs to another event");
    slots_[number] = maker_->make(*this, number, arena_);
    RUSHHOUR_ASSERT(!slots_[number].is_slot(), "a slot became a slot");
    made_ |= std::uint64_t{1} << number;
  }

  EventHeader header_{};
  const Layout* layout_ = nullptr;
  const SlotMaker* maker_ = nullptr;
  Value root_{};
  mutable std::uint64_t made_ = 0;  // a bit for each slot
  static_assert(slot_count_max <= 64, "one bit a slot");
  mutable std::array<Value, slot_count_max> slots_;
  mutable Arena arena_;
};

}  // namespace rushhour::event
