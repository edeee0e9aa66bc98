#pragma once

#include <rushhour/api/dynamodb/attribute_value.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api::dynamodb {

namespace detail {

using rushhour::detail::append_json_string;
using rushhour::detail::JsonCursor;

RUSHHOUR_INLINE void append_binary(std::string& out, std::string_view bytes) {
  out += '"';
  rushhour::detail::append_base64(out, bytes);
  out += '"';
}

template <class AppendElement>
void append_list(std::string& out, const std::vector<std::string>& elements, AppendElement append) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i != 0) out += ',';
    append(out, elements[i]);
  }
  out += ']';
}

/// The value without its type around it.
struct AppendHeld {
  std::string& out;

  void operator()(std::monostate /*none*/) const {}
  void operator()(const std::string& text) const { append_json_string(out, text); }
  void operator()(const Number& number) const { append_json_string(out, number.text); }
  void operator()(const aws::Blob& blob) const { append_binary(out, blob.bytes); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(const Null& /*null*/) const { out += "true"; }
  void operator()(const AttributeMap& map) const { append_json(out, map); }
  void operator()(const AttributeList& list) const {
    out += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i != 0) out += ',';
      append_json(out, list[i]);
    }
    out += ']';
  }
  void operator()(const StringSet& set) const {
    append_list(out, set.elements,
                [](std::string& to, const std::string& text) { append_json_string(to, text); });
  }
  void operator()(const NumberSet& set) const {
    append_list(out, set.elements,
                [](std::string& to, const std::string& text) { append_json_string(to, text); });
  }
  void operator()(const BinarySet& set) const {
    append_list(out, set.elements,
                [](std::string& to, const std::string& bytes) { append_binary(to, bytes); });
  }
  void operator()(const Unfit& /*unfit*/) const {}
};

/// Reads `{"S":"x"}`. What is no JSON of the protocol's shape makes it false; what is, and yet no value,
/// becomes an Unfit. Texts of the first: [REC: ExtendDB, tests against the service, 2026] for a number in
/// place of a string, the others after it [MEM]; of the second: [REC] likewise, where it says so.
class AttributeReader {
 public:
  AttributeReader(JsonCursor& json, std::string& mistake) : json_(json), mistake_(mistake) {}

  bool value(AttributeValue& out, int depth) {
    if (json_.next() != JsonCursor::Kind::object) return wrong("AttributeValue");
    if (depth == attribute_depth_max) return false;
    int types = 0;
    std::string type;
    for (json_.open_object(); json_.member(type);) {
      if (json_.next() == JsonCursor::Kind::null) {  // as if it were not there
        if (!json_.null()) return false;
        continue;
      }
      AttributeValue read;
      if (!held(type, read, depth)) return false;
      if (read.type() == AttributeType::none) continue;  // no type of this name
      if (++types == 1) out = std::move(read);
    }
    if (types > 1) {
      out =
          AttributeValue{Unfit{"Supplied AttributeValue has more than one datatypes set, must contain "
                               "exactly one of the supported datatypes"}};
    }
    return !json_.failed();
  }

  bool map(AttributeMap& out, int depth) {
    if (json_.next() != JsonCursor::Kind::object) return wrong("Map");
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      AttributeValue read;
      if (json_.next() == JsonCursor::Kind::null) {
        if (!json_.null()) return false;
      } else if (!value(read, depth)) {
        return false;
      }
      out.insert_or_assign(std::move(name), std::move(read));
      name.clear();
    }
    return !json_.failed();
  }

 private:
  /// The value of a type, which is not null; of an unknown type nothing.
  bool held(std::string_view type, AttributeValue& out, int depth) {
    if (type == "S") return text(out.held.emplace<std::string>());
    if (type == "N") return text(out.held.emplace<Number>().text);
    if (type == "B") return binary(out.held.emplace<aws::Blob>().bytes);
    if (type == "BOOL") return boolean(out.held.emplace<bool>(false));
    if (type == "NULL") return null(out);
    if (type == "M") return map(out.held.emplace<AttributeMap>(), depth + 1);
    if (type == "L") return list(out.held.emplace<AttributeList>(), depth + 1);
    if (type == "SS")
      return set(out, out.held.emplace<StringSet>().elements, "string", &AttributeReader::text);
    if (type == "NS")
      return set(out, out.held.emplace<NumberSet>().elements, "number", &AttributeReader::text);
    if (type == "BS") {
      return set(out, out.held.emplace<BinarySet>().elements, "binary", &AttributeReader::binary);
    }
    return json_.skip();
  }

  bool text(std::string& out) {
    return json_.next() == JsonCursor::Kind::string ? json_.string(out) : wrong("String");
  }
  bool boolean(bool& out) {
    return json_.next() == JsonCursor::Kind::boolean ? json_.boolean(out) : wrong("Boolean");
  }
  bool binary(std::string& out) {
    std::string encoded;
    if (json_.next() != JsonCursor::Kind::string) return wrong("Blob");
    if (!json_.string(encoded)) return false;
    auto bytes = rushhour::detail::decode_base64(encoded);
    if (!bytes) {
      mistake_ = "Invalid Base64 in a Blob";
      return false;
    }
    out = std::move(*bytes);
    return true;
  }
  bool null(AttributeValue& out) {
    bool value = false;
    if (!boolean(value)) return false;
    if (value) {
      out.held.emplace<Null>();
    } else {
      out.held = Unfit{
          "One or more parameter values were invalid: Null attribute value types must have the value of "
          "true"};
    }
    return true;
  }
  bool list(AttributeList& out, int depth) {
    if (json_.next() != JsonCursor::Kind::array) return wrong("List");
    for (json_.open_array(); json_.element();) {
      AttributeValue& element = out.emplace_back();
      const bool is_null = json_.next() == JsonCursor::Kind::null;
      if (!(is_null ? json_.null() : value(element, depth))) return false;
    }
    return !json_.failed();
  }
  bool set(AttributeValue& whole, std::vector<std::string>& out, std::string_view kind,
           bool (AttributeReader::*read)(std::string&)) {
    if (json_.next() != JsonCursor::Kind::array) return wrong("List");
    bool has_null = false;
    for (json_.open_array(); json_.element();) {
      if (json_.next() == JsonCursor::Kind::null) {
        has_null = true;
        if (!json_.null()) return false;
      } else if (!(this->*read)(out.emplace_back())) {
        return false;
      }
    }
    if (has_null) {
      whole.held = Unfit{"One or more parameter values were invalid: An " + std::string{kind} +
                         " set may not have a null " + std::string{kind} + " as a member"};
    }
    return !json_.failed();
  }

  /// Says what stands where something else should.
  bool wrong(std::string_view wanted) {
    using Kind = JsonCursor::Kind;
    switch (json_.next()) {
      case Kind::none:
      case Kind::null:
        return false;
      case Kind::object:
        mistake_ = "Start of structure or map found where not expected.";
        return false;
      case Kind::array:
        mistake_ = "Start of list found where not expected";
        return false;
      case Kind::string:
        mistake_ = "STRING_VALUE";
        break;
      case Kind::number:
        mistake_ = "NUMBER_VALUE";
        break;
      case Kind::boolean: {
        bool value = false;
        json_.boolean(value);
        mistake_ = value ? "TRUE_VALUE" : "FALSE_VALUE";
        break;
      }
    }
    mistake_ += " cannot be converted to ";
    mistake_ += wanted;
    return false;
  }

  JsonCursor& json_;
  std::string& mistake_;
};

}  // namespace detail

RUSHHOUR_INLINE void append_json(std::string& out, const AttributeValue& value) {
  const std::string_view type = to_text(value.type());
  out += '{';
  if (!type.empty()) {
    out += '"';
    out += type;
    out += "\":";
    std::visit(detail::AppendHeld{out}, value.held);
  }
  out += '}';
}

RUSHHOUR_INLINE void append_json(std::string& out, const AttributeMap& attributes) {
  bool first = true;
  out += '{';
  for (const auto& [name, value] : attributes) {
    rushhour::detail::append_json_key(out, name, first);
    append_json(out, value);
  }
  out += '}';
}

RUSHHOUR_INLINE bool read_json(rushhour::detail::JsonCursor& json, AttributeValue& value,
                               std::string& mistake) {
  value = {};
  return detail::AttributeReader{json, mistake}.value(value, 0);
}

RUSHHOUR_INLINE bool read_json(rushhour::detail::JsonCursor& json, AttributeMap& attributes,
                               std::string& mistake) {
  attributes.clear();
  return detail::AttributeReader{json, mistake}.map(attributes, 0);
}

}  // namespace rushhour::api::dynamodb
