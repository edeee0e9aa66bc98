/// \file
/// The 16-byte node of which every event is made. A Value owns nothing and parses nothing: generators,
/// recorded.hpp and tests build it, detections and rules read it.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/event/arena.hpp>

namespace rushhour::event {

struct Member;

/// An event has at most this many slots.
inline constexpr std::uint32_t slot_count_max = 64;

/// One JSON value, or a slot: a place that an event fills when it is first read (event.hpp). Texts, arrays
/// and objects are views of memory that someone else owns, an Arena or a literal, up to 2^32 - 1 bytes or
/// elements.
class Value {
 public:
  /// As wide as the size beside it, so that a Value has no padding: copies of one with padding are two moves
  /// that overlap, which cost recorded events more than half of their reading.
  enum class Kind : std::uint32_t { null, boolean, integer, real, text, array, object, slot };

  constexpr Value() : integer_(0) {}
  constexpr Value(std::nullptr_t) : Value() {}                                               // NOLINT
  constexpr Value(std::same_as<bool> auto value) : integer_(value), kind_(Kind::boolean) {}  // NOLINT
  constexpr Value(double value) : real_(value), kind_(Kind::real) {}                         // NOLINT
  constexpr Value(const char* text) : Value(std::string_view{text}) {}                       // NOLINT
  constexpr Value(std::string_view text)                                                     // NOLINT
      : text_(text.data()), size_(checked(text.size())), kind_(Kind::text) {}
  /// Unsigned numbers of 2^63 and above do not fit: turn them into a double first.
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  constexpr Value(T value) : integer_(static_cast<std::int64_t>(value)), kind_(Kind::integer) {  // NOLINT
    RUSHHOUR_ASSERT(std::in_range<std::int64_t>(value), "a Value holds integers of 64 bits with sign");
  }
  explicit constexpr Value(std::span<const Value> items)
      : items_(items.data()), size_(checked(items.size())), kind_(Kind::array) {}
  explicit constexpr Value(std::span<const Member> members)
      : members_(members.data()), size_(checked(members.size())), kind_(Kind::object) {}

  [[nodiscard]] static constexpr Value slot(std::uint32_t number) {
    RUSHHOUR_ASSERT(number < slot_count_max, "an event has at most 64 slots");
    Value value{number};
    value.kind_ = Kind::slot;
    return value;
  }

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr bool is_null() const { return kind_ == Kind::null; }
  [[nodiscard]] constexpr bool is_text() const { return kind_ == Kind::text; }
  [[nodiscard]] constexpr bool is_array() const { return kind_ == Kind::array; }
  [[nodiscard]] constexpr bool is_object() const { return kind_ == Kind::object; }
  [[nodiscard]] constexpr bool is_slot() const { return kind_ == Kind::slot; }

  [[nodiscard]] constexpr std::optional<bool> as_bool() const {
    return kind_ == Kind::boolean ? std::optional{integer_ != 0} : std::nullopt;
  }
  [[nodiscard]] constexpr std::optional<std::int64_t> as_integer() const {
    return kind_ == Kind::integer ? std::optional{integer_} : std::nullopt;
  }
  /// A real, or an integer as one.
  [[nodiscard]] constexpr std::optional<double> as_real() const {
    if (kind_ == Kind::integer) return static_cast<double>(integer_);
    return kind_ == Kind::real ? std::optional{real_} : std::nullopt;
  }
  [[nodiscard]] constexpr std::optional<std::string_view> as_text() const {
    return kind_ == Kind::text ? std::optional{std::string_view{text_, size_}} : std::nullopt;
  }
  [[nodiscard]] constexpr std::string_view text_or(std::string_view fallback) const {
    return kind_ == Kind::text ? std::string_view{text_, size_} : fallback;
  }
  /// The elements of an array; none for any other kind.
  [[nodiscard]] constexpr std::span<const Value> items() const {
    return kind_ == Kind::array ? std::span{items_, size_} : std::span<const Value>{};
  }
  /// The members of an object in document order; none for any other kind.
  [[nodiscard]] constexpr std::span<const Member> members() const;
  /// The slot's number. Only for a slot.
  [[nodiscard]] constexpr std::uint32_t slot_number() const {
    RUSHHOUR_ASSERT(is_slot(), "only a slot has a number");
    return static_cast<std::uint32_t>(integer_);
  }

  /// The member with exactly this key, the first of several; nullptr when there is none or this is no object.
  [[nodiscard]] constexpr const Value* find(std::string_view key) const;
  /// As find(), else the first member whose key differs only in the case of ASCII letters (spec of
  /// Panther, 1.5).
  [[nodiscard]] constexpr const Value* find_ignoring_case(std::string_view key) const;

  /// As Python's bool(): null, false, 0, "", [] and {} are false. A slot must be resolved first.
  [[nodiscard]] constexpr bool truthy() const {
    RUSHHOUR_ASSERT(!is_slot(), "a slot has no value of its own: let the event resolve it");
    switch (kind_) {
      case Kind::null:
        return false;
      case Kind::real:
        return real_ != 0.0;
      case Kind::boolean:
      case Kind::integer:
        return integer_ != 0;
      default:
        return size_ != 0;
    }
  }

  /// As JSON means it: members in any order, 1 equals 1.0. A slot equals the same slot.
  friend constexpr bool operator==(const Value& a, const Value& b) { return a.equals(b); }

 private:
  static constexpr std::uint32_t checked(std::size_t size) {
    RUSHHOUR_ASSERT(size <= 0xffff'ffffU, "a Value is shorter than 2^32");
    return static_cast<std::uint32_t>(size);
  }
  [[nodiscard]] constexpr bool equals(const Value& other) const;

  union {
    // NOLINTBEGIN(readability-identifier-naming): private, though members of a union count as public
    std::int64_t integer_;
    double real_;
    const char* text_;
    const Value* items_;
    const Member* members_;
    // NOLINTEND(readability-identifier-naming)
  };
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::null;
};

static_assert(sizeof(Value) == 16, "a tree of a CloudTrail record has some 80 nodes: see DESIGN 4");

struct Member {
  std::string_view key{};
  Value value{};
};

namespace detail {

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace detail

constexpr std::span<const Member> Value::members() const {
  return kind_ == Kind::object ? std::span{members_, size_} : std::span<const Member>{};
}

constexpr const Value* Value::find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

constexpr const Value* Value::find_ignoring_case(std::string_view key) const {
  if (const Value* exact = find(key)) return exact;
  for (const Member& member : members()) {
    if (detail::same_ignoring_case(member.key, key)) return &member.value;
  }
  return nullptr;
}

constexpr bool Value::equals(const Value& other) const {
  if (kind_ == Kind::integer && other.kind_ == Kind::real) return other.equals(*this);
  if (kind_ == Kind::real && other.kind_ == Kind::integer) {
    // Compared as integers: beyond 2^53 a double no longer tells neighbours apart.
    constexpr double limit = 9223372036854775808.0;          // 2^63
    const bool in_range = real_ >= -limit && real_ < limit;  // false for NaN
    if (!in_range) return false;
    const auto whole = static_cast<std::int64_t>(real_);
    return whole == other.integer_ && static_cast<double>(whole) == real_;
  }
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::null:
      return true;
    case Kind::real:
      return real_ == other.real_;
    case Kind::text:
      return as_text() == other.as_text();
    case Kind::array:
      if (size_ != other.size_) return false;
      for (std::size_t i = 0; i < size_; ++i) {
        if (!items_[i].equals(other.items_[i])) return false;
      }
      return true;
    case Kind::object:
      if (size_ != other.size_) return false;
      for (const Member& member : members()) {
        const Value* counterpart = other.find(member.key);
        if (counterpart == nullptr || !member.value.equals(*counterpart)) return false;
      }
      return true;
    default:
      return integer_ == other.integer_;  // boolean, integer, slot
  }
}

/// Copies the elements, not the texts that they view, into the arena:
/// `array(arena, {"a", 1, nullptr})`.
[[nodiscard]] inline Value array(Arena& arena, std::span<const Value> items) {
  const std::span<Value> copy = arena.make<Value>(items.size());
  std::uninitialized_copy(items.begin(), items.end(), copy.begin());
  return Value{std::span<const Value>{copy}};
}
[[nodiscard]] inline Value array(Arena& arena, std::initializer_list<Value> items) {
  return array(arena, std::span{items.begin(), items.size()});
}

/// Copies the members, not the texts that they view, into the arena:
/// `object(arena, {{"eventName", "GetSecretValue"}, {"readOnly", true}})`.
[[nodiscard]] inline Value object(Arena& arena, std::span<const Member> members) {
  const std::span<Member> copy = arena.make<Member>(members.size());
  std::uninitialized_copy(members.begin(), members.end(), copy.begin());
  return Value{std::span<const Member>{copy}};
}
[[nodiscard]] inline Value object(Arena& arena, std::initializer_list<Member> members) {
  return object(arena, std::span{members.begin(), members.size()});
}

namespace detail {

/// The shortest text that reads back as the same number; whole numbers keep `.0`, so they stay reals. JSON
/// has no infinity: such a number becomes null.
inline void append_real(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  const char* const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  const std::string_view text{digits, static_cast<std::size_t>(end - digits)};
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

}  // namespace detail

/// Appends the value as JSON text, without spaces. `resolve` turns a slot into its value.
template <std::invocable<Value> Resolve>
void append_json(std::string& out, Value value, const Resolve& resolve) {
  if (value.is_slot()) value = resolve(value);
  switch (value.kind()) {
    case Value::Kind::null:
      out += "null";
      break;
    case Value::Kind::boolean:
      out += *value.as_bool() ? "true" : "false";
      break;
    case Value::Kind::integer:
      rushhour::detail::append_integer(out, *value.as_integer());
      break;
    case Value::Kind::real:
      detail::append_real(out, *value.as_real());
      break;
    case Value::Kind::text:
      rushhour::detail::append_json_string(out, *value.as_text());
      break;
    case Value::Kind::array: {
      out += '[';
      bool first = true;
      for (const Value& item : value.items()) {
        if (!first) out += ',';
        first = false;
        append_json(out, item, resolve);
      }
      out += ']';
      break;
    }
    case Value::Kind::object: {
      out += '{';
      bool first = true;
      for (const Member& member : value.members()) {
        rushhour::detail::append_json_key(out, member.key, first);
        append_json(out, member.value, resolve);
      }
      out += '}';
      break;
    }
    case Value::Kind::slot:
      RUSHHOUR_ASSERT(false, "a slot became a slot");
  }
}

/// JSON text of a value without slots.
[[nodiscard]] inline std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value, [](Value slot) {
    RUSHHOUR_ASSERT(!slot.is_slot(), "a slot has no value of its own: use Event::to_json()");
    return slot;
  });
  return out;
}

}  // namespace rushhour::event
