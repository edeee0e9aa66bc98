/// \file
/// DynamoDB's AttributeValue: a value that names its own type, and may hold others. It keeps what was sent:
/// whether a number is one, and how long a name may be, is the service's business. It has a shape of its own
/// (aws::Custom), since no table of members describes a union that contains itself.
///
/// Source: Amazon DynamoDB API Reference, "AttributeValue", API version 2012-08-10 (spec tag DOC).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/aws/shape.hpp>
#include <rushhour/config.hpp>

namespace rushhour::api::dynamodb {

class AttributeValue;

/// An item, a key, the values of an expression, or a value of type M: names and values.
using AttributeMap = std::map<std::string, AttributeValue, std::less<>>;
using AttributeList = std::vector<AttributeValue>;

/// A number as its text: it has up to 38 digits, more than any number of C++.
struct Number {
  std::string text{};

  friend bool operator==(const Number&, const Number&) = default;
};
struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};
/// Elements as they were sent; the service keeps them sorted, and each once.
struct StringSet {
  std::vector<std::string> elements{};

  friend bool operator==(const StringSet&, const StringSet&) = default;
};
struct NumberSet {
  std::vector<std::string> elements{};

  friend bool operator==(const NumberSet&, const NumberSet&) = default;
};
struct BinarySet {
  std::vector<std::string> elements{};  ///< bytes

  friend bool operator==(const BinarySet&, const BinarySet&) = default;
};
/// What a message had in place of a value, and why the service does not take it.
struct Unfit {
  std::string why{};

  friend bool operator==(const Unfit&, const Unfit&) = default;
};

/// In the order of what AttributeValue::held may hold.
enum class AttributeType : std::uint8_t {
  none,  ///< `{}`
  string,
  number,
  binary,
  boolean,
  null,
  map,
  list,
  string_set,
  number_set,
  binary_set,
  unfit
};

/// As the protocol and expressions write it: `S`, `N`, `B`, `BOOL`, `NULL`, `M`, `L`, `SS`, `NS`, `BS`; empty
/// for what is no type.
[[nodiscard]] constexpr std::string_view to_text(AttributeType type) {
  constexpr std::array<std::string_view, 12> texts{"",  "S", "N",  "B",  "BOOL", "NULL",
                                                   "M", "L", "SS", "NS", "BS",   ""};
  return texts[static_cast<std::size_t>(type)];
}

/// \code
///   AttributeMap item{{"key", AttributeValue::string("ip:198.51.100.7")}, {"intCount",
///   AttributeValue::number(3)}};
/// \endcode
class AttributeValue {
 public:
  using Held = std::variant<std::monostate, std::string, Number, aws::Blob, bool, Null, AttributeMap,
                            AttributeList, StringSet, NumberSet, BinarySet, Unfit>;

  AttributeValue() = default;
  explicit AttributeValue(Held of) : held(std::move(of)) {}

  [[nodiscard]] static AttributeValue string(std::string text) { return AttributeValue{std::move(text)}; }
  [[nodiscard]] static AttributeValue number(std::string text) {
    return AttributeValue{Number{std::move(text)}};
  }
  [[nodiscard]] static AttributeValue number(std::int64_t value) { return number(std::to_string(value)); }
  [[nodiscard]] static AttributeValue binary(std::string bytes) {
    return AttributeValue{aws::Blob{std::move(bytes)}};
  }
  [[nodiscard]] static AttributeValue boolean(bool value) { return AttributeValue{Held{value}}; }
  [[nodiscard]] static AttributeValue null() { return AttributeValue{Null{}}; }
  [[nodiscard]] static AttributeValue map(AttributeMap members);
  [[nodiscard]] static AttributeValue list(AttributeList elements);
  [[nodiscard]] static AttributeValue string_set(std::vector<std::string> elements) {
    return AttributeValue{StringSet{std::move(elements)}};
  }
  [[nodiscard]] static AttributeValue number_set(std::vector<std::string> elements) {
    return AttributeValue{NumberSet{std::move(elements)}};
  }
  [[nodiscard]] static AttributeValue binary_set(std::vector<std::string> elements) {
    return AttributeValue{BinarySet{std::move(elements)}};
  }

  [[nodiscard]] AttributeType type() const { return static_cast<AttributeType>(held.index()); }
  /// What it holds of this kind; null: it is of another type.
  template <class T>
  [[nodiscard]] const T* get() const {
    return std::get_if<T>(&held);
  }
  template <class T>
  [[nodiscard]] T* get() {
    return std::get_if<T>(&held);
  }

  friend bool operator==(const AttributeValue& a, const AttributeValue& b) { return a.held == b.held; }

  Held held{};
};

inline AttributeValue AttributeValue::map(AttributeMap members) { return AttributeValue{std::move(members)}; }
inline AttributeValue AttributeValue::list(AttributeList elements) {
  return AttributeValue{std::move(elements)};
}

/// A set's elements, whichever set it is; null: the value is none.
[[nodiscard]] inline const std::vector<std::string>* elements_of(const AttributeValue& value) {
  if (const auto* strings = value.get<StringSet>()) return &strings->elements;
  if (const auto* numbers = value.get<NumberSet>()) return &numbers->elements;
  if (const auto* binaries = value.get<BinarySet>()) return &binaries->elements;
  return nullptr;
}
[[nodiscard]] inline std::vector<std::string>* elements_of(AttributeValue& value) {
  return const_cast<std::vector<std::string>*>(elements_of(std::as_const(value)));
}

/// `{"S":"x"}`
void append_json(std::string& out, const AttributeValue& value);
/// `{"key":{"S":"x"},"intCount":{"N":"3"}}`
void append_json(std::string& out, const AttributeMap& attributes);

/// Values deeper than this are no values: more than the service stores, so that it can refuse them itself.
inline constexpr int attribute_depth_max = 40;

/// As aws::Custom has it.
[[nodiscard]] bool read_json(rushhour::detail::JsonCursor& json, AttributeValue& value, std::string& mistake);
[[nodiscard]] bool read_json(rushhour::detail::JsonCursor& json, AttributeMap& attributes,
                             std::string& mistake);

}  // namespace rushhour::api::dynamodb

namespace rushhour::aws {

template <>
struct Custom<api::dynamodb::AttributeValue> {
  using T = api::dynamodb::AttributeValue;
  static void append(std::string& out, const T& value) { api::dynamodb::append_json(out, value); }
  static bool read(rushhour::detail::JsonCursor& json, T& value, std::string& mistake) {
    return api::dynamodb::read_json(json, value, mistake);
  }
};

template <>
struct Custom<api::dynamodb::AttributeMap> {
  using T = api::dynamodb::AttributeMap;
  static void append(std::string& out, const T& attributes) { api::dynamodb::append_json(out, attributes); }
  static bool read(rushhour::detail::JsonCursor& json, T& attributes, std::string& mistake) {
    return api::dynamodb::read_json(json, attributes, mistake);
  }
};

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/attribute_value_inl.hpp>
#endif
