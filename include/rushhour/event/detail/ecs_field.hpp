/// \file
/// What every field of ecs.hpp is made of: a rule that reads a record, turned into an event::Field, and the
/// values as an index has them. The rules are in ecs_rules.hpp, which field follows which is in ecs_inl.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/java_text.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::detail {

/// Stands for all events of a layout at once, and notes when it is asked for what differs between them.
class LayoutProbe {
 public:
  explicit LayoutProbe(const Layout& layout) : layout_(layout) {}

  [[nodiscard]] const Layout* layout() const { return &layout_; }
  [[nodiscard]] const Value& root() const { return layout_.root(); }
  [[nodiscard]] Value resolve(Value value) const {
    if (!value.is_slot()) return value;
    met_slot_ = true;
    return {};
  }
  [[nodiscard]] bool met_slot() const { return met_slot_; }

 private:
  const Layout& layout_;
  mutable bool met_slot_ = false;
};

/// A field whose value is a function of the record alone: `rule(record, arena)`. It is the same for a whole
/// layout exactly when the rule read no slot, so constants need no second description of the rule. Like the
/// paths that rules hold, not for sharing between threads.
template <class Rule>
class EcsField final : public Field {
 public:
  explicit EcsField(Rule rule) : rule_(std::move(rule)) {}

  [[nodiscard]] Value read(const Event& event, Arena& scratch) const override {
    return rule_(event, scratch);
  }

  [[nodiscard]] std::optional<Value> constant(const Layout& layout) const override {
    for (const Folded& folded : folded_) {
      if (folded.layout.get() == &layout) return folded.value;
    }
    // As in Path: layouts that are made per event are not kept.
    constexpr std::size_t layouts_max = 512;
    if (folded_.size() == layouts_max) return std::nullopt;
    const LayoutProbe probe{layout};
    const Value value = rule_(probe, kept_);
    folded_.push_back({layout.shared_from_this(), probe.met_slot() ? std::nullopt : std::optional{value}});
    return folded_.back().value;
  }

 private:
  struct Folded {
    std::shared_ptr<const Layout> layout{};
    std::optional<Value> value{};
  };

  Rule rule_;
  mutable std::vector<Folded> folded_;
  mutable Arena kept_;  // what constants view
};

template <class Rule>
[[nodiscard]] std::shared_ptr<const Field> ecs_field(Rule rule) {
  return std::make_shared<const EcsField<Rule>>(std::move(rule));
}

/// How the values of a field are indexed.
struct IndexAs {
  FieldType type = FieldType::keyword;
  std::size_t limit = 0;                  ///< `ignore_above`, in UTF-16 units; 0 without
  EmptyParts empties = EmptyParts::drop;  ///< whether "" is a value
};

/// Values gathered in an arena.
class ArenaList {
 public:
  explicit ArenaList(Arena& arena) : arena_(arena) {}

  void add(Value value) {
    if (value.is_null()) return;
    if (size_ == items_.size()) {
      const std::span<Value> larger = arena_.make<Value>(size_ == 0 ? 4 : size_ * 2);
      std::uninitialized_copy(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(size_),
                              larger.begin());
      items_ = larger;
    }
    std::construct_at(&items_[size_++], value);
  }
  void add_once(Value value) {
    if (std::ranges::find(items(), value) == items().end()) add(value);
  }
  [[nodiscard]] std::span<Value> items() const { return items_.first(size_); }
  /// Null for none, the value itself for one, else an array.
  [[nodiscard]] Value value() const {
    if (size_ < 2) return size_ == 0 ? Value{} : items_[0];
    return Value{std::span<const Value>{items()}};
  }

 private:
  Arena& arena_;
  std::span<Value> items_{};
  std::size_t size_ = 0;
};

[[nodiscard]] inline bool is_too_long(std::string_view text, std::size_t limit) {
  return limit != 0 && text.size() > limit && java_length(text) > limit;
}

/// A scalar as the term of a keyword: what the mapping makes of JSON's numbers and booleans.
[[nodiscard]] inline Value keyword_term(const Value& scalar, const IndexAs& as, Arena& arena) {
  if (const auto text = scalar.as_text()) {
    const bool is_dropped = text->empty() && as.empties == EmptyParts::drop;
    return is_dropped || is_too_long(*text, as.limit) ? Value{} : scalar;
  }
  if (const auto flag = scalar.as_bool()) return *flag ? "true" : "false";
  const bool is_number = scalar.kind() == Value::Kind::integer || scalar.kind() == Value::Kind::real;
  return is_number ? Value{java_text(scalar, arena)} : Value{};
}

[[nodiscard]] inline Value milliseconds(Instant instant) {
  return std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count();
}

/// The term of one scalar, null when there is none. Where Elasticsearch would refuse the whole document,
/// because a text is no date or an object stands where a keyword should, only the value is left out.
[[nodiscard]] inline Value index_term(const Value& scalar, const IndexAs& as, Arena& arena) {
  const std::string_view text = scalar.text_or("");
  switch (as.type) {
    case FieldType::boolean:
      if (text == "true" || text == "false") return text == "true";
      return scalar.as_bool() ? scalar : Value{};
    case FieldType::date: {
      // [DOC] The package's expected documents have no date for the basic form, 20131102T010628Z.
      const bool is_extended = text.size() > 4 && text[4] == '-';
      const std::optional<Instant> instant = is_extended ? parse_iso8601(text) : std::nullopt;
      return instant ? milliseconds(*instant) : Value{};
    }
    case FieldType::ip:
      return parse_ipv4(text) || parse_ipv6(text) ? scalar : Value{};
    case FieldType::integer: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (!text.empty() && error == std::errc{} && end == text.data() + text.size()) return number;
      return scalar.as_integer() ? scalar : Value{};
    }
    default:
      return keyword_term(scalar, as, arena);
  }
}

/// Adds the terms of a value: of a scalar one, of an array those of its elements, however deep.
template <Record R>
void add_terms(const R& record, Value value, const IndexAs& as, Arena& arena, ArenaList& out) {
  value = record.resolve(value);
  if (!value.is_array()) return out.add(index_term(value, as, arena));
  for (const Value& item : value.items()) add_terms(record, item, as, arena, out);
}

/// The terms of a value that holds no slot itself: null, one, or an array of several.
template <Record R>
[[nodiscard]] Value index_terms(const R& record, const Value& value, const IndexAs& as, Arena& arena) {
  if (!value.is_array()) return index_term(value, as, arena);
  ArenaList terms{arena};
  add_terms(record, value, as, arena, terms);
  return terms.value();
}

}  // namespace rushhour::event::detail
