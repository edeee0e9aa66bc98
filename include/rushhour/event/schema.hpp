/// \file
/// Documents as queries and rules name them: fields by dotted names, whatever the record behind them looks
/// like. A schema says how each field is read from an event and what its type is; it holds no event and
/// judges none.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event {

/// What Elasticsearch's mapping makes of a field, as far as queries can tell the difference.
enum class FieldType : std::uint8_t {
  keyword,
  text,
  integer,
  real,
  boolean,
  ip,
  date,       ///< a text of ISO 8601, or an integer of milliseconds since 1970
  flattened,  ///< a key of an object every leaf of which is a keyword
  nested,     ///< an array of objects that are matched one by one
};

/// The way from an event to the value of one field. It outlives no schema that it came from.
class Field {
 public:
  Field() = default;
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;
  virtual ~Field() = default;

  /// Null when the document has no such field, or only nulls in it; an array for several values, nulls and
  /// inner arrays taken out. Never an object, but for nested fields, which are arrays of them. Lives in the
  /// event, in `scratch`, or longer.
  [[nodiscard]] virtual Value read(const Event& event, Arena& scratch) const = 0;

  /// The value in every event of a layout, when all have the same: what can be judged once for all of them.
  [[nodiscard]] virtual std::optional<Value> constant(const Layout& layout) const {
    static_cast<void>(layout);
    return std::nullopt;
  }
};

/// The fields of one kind of document.
class Schema {
 public:
  Schema() = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  virtual ~Schema() = default;

  /// Never null: a field that no document has reads null.
  [[nodiscard]] virtual std::shared_ptr<const Field> field(std::string_view name) const = 0;
  /// Unknown fields are keywords.
  [[nodiscard]] virtual FieldType type(std::string_view name) const = 0;
  /// Every field of the document that has a value, by name and in order of the names: for wildcards in names
  /// and for printing. Slow beside read().
  virtual void for_each(
      const Event& event, Arena& scratch,
      const std::function<void(std::string_view name, const Value& value)>& visit) const = 0;
};

}  // namespace rushhour::event
