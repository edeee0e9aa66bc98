#pragma once

#include <array>
#include <cmath>
#include <utility>

#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::aws {

namespace detail {

using rushhour::detail::append_integer;
using rushhour::detail::append_json_key;
using rushhour::detail::append_json_string;
using rushhour::detail::JsonCursor;

RUSHHOUR_INLINE void append_epoch(std::string& out, Instant instant) {
  const std::int64_t milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(instant.time_since_epoch()).count();
  const std::int64_t fraction = ((milliseconds % 1000) + 1000) % 1000;
  append_integer(out, (milliseconds - fraction) / 1000);
  out += '.';
  rushhour::detail::append_digits(out, static_cast<std::uint64_t>(fraction), 3);
}

RUSHHOUR_INLINE void append_value(std::string& out, const Shape& shape, const void* held);

RUSHHOUR_INLINE void append_map(std::string& out, const Shape& shape, const void* held) {
  struct Context {
    std::string& out;
    const Shape& element;
    bool first;
  } context{out, *shape.element, true};
  out += '{';
  shape.each(held, &context, [](void* opaque, std::string_view key, const void* value) {
    auto& to = *static_cast<Context*>(opaque);
    append_json_key(to.out, key, to.first);
    append_value(to.out, to.element, to.element.get(value));
  });
  out += '}';
}

RUSHHOUR_INLINE void append_value(std::string& out, const Shape& shape, const void* held) {
  switch (shape.kind) {
    case Kind::string:
      append_json_string(out, *static_cast<const std::string*>(held));
      break;
    case Kind::integer:
      append_integer(out, *static_cast<const std::int64_t*>(held));
      break;
    case Kind::boolean:
      out += *static_cast<const bool*>(held) ? "true" : "false";
      break;
    case Kind::timestamp:
      append_epoch(out, *static_cast<const Instant*>(held));
      break;
    case Kind::blob:
      out += '"';
      rushhour::detail::append_base64(out, static_cast<const Blob*>(held)->bytes);
      out += '"';
      break;
    case Kind::structure:
      append_json(out, shape.members(), held);
      break;
    case Kind::map:
      append_map(out, shape, held);
      break;
    case Kind::custom:
      shape.write(out, held);
      break;
    case Kind::list:
      out += '[';
      for (std::size_t i = 0; i < shape.size(held); ++i) {
        if (i != 0) out += ',';
        append_value(out, *shape.element, shape.element->get(shape.at(held, i)));
      }
      out += ']';
      break;
  }
}

/// Reads values of shapes. What has no place is skipped; a null leaves its member absent.
class ShapeReader {
 public:
  ShapeReader(std::string_view text, Read& read) : json_(text), read_(read) {}

  void read(Members members, void* object) {
    if (json_.next() != JsonCursor::Kind::object) {
      read_.malformed.emplace();
    } else if (structure(members, object, true)) {
      json_.finish();
    }
    if (json_.failed() && !read_.malformed) read_.malformed.emplace();
  }

 private:
  /// The texts: "STRING_VALUE can not be converted to an Integer" [REC: aws-cdk#27087], and its kin [MEM].
  bool wrong(const Shape& shape) {
    switch (json_.next()) {
      case JsonCursor::Kind::none:
      case JsonCursor::Kind::null:
        read_.malformed.emplace();
        return false;
      case JsonCursor::Kind::object:
        read_.malformed = "Start of structure or map found where not expected.";
        return false;
      case JsonCursor::Kind::array:
        read_.malformed = "Start of list found where not expected";
        return false;
      case JsonCursor::Kind::string:
        read_.malformed = "STRING_VALUE";
        break;
      case JsonCursor::Kind::number:
        read_.malformed = "NUMBER_VALUE";
        break;
      case JsonCursor::Kind::boolean: {
        bool value = false;
        json_.boolean(value);
        read_.malformed = value ? "TRUE_VALUE" : "FALSE_VALUE";
        break;
      }
    }
    static constexpr std::array<std::string_view, 8> kinds{
        "a String", "an Integer", "a Boolean", "a Timestamp", "a Blob", "a Structure", "a List", "a Map"};
    *read_.malformed += " can not be converted to ";
    *read_.malformed += kinds[static_cast<std::size_t>(shape.kind)];
    return false;
  }

  bool structure(Members members, void* object, bool is_root) {
    std::uint64_t seen = 0;
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      std::size_t at = 0;
      while (at < members.size() && members[at].name != name) ++at;
      if (at == members.size()) {
        if (is_root) read_.unknown.push_back(name);
        if (!json_.skip()) return false;
        continue;
      }
      seen |= std::uint64_t{1} << at;
      const Member& member = members[at];
      const bool is_array = json_.next() == JsonCursor::Kind::array;
      if (!value(*member.shape, const_cast<void*>(member.in(object)))) return false;
      if (is_root && is_array && member.shape->size(member.shape->get(member.in(object))) == 0) {
        read_.empty.push_back(member.name);
      }
    }
    if (is_root) {
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (members[i].required && (seen >> i & 1) == 0) read_.absent.push_back(members[i].name);
      }
    }
    return !json_.failed();
  }

  /// Reads the next value into `place`, which it makes present unless the value is null.
  bool value(const Shape& shape, void* place) {
    using Kind = JsonCursor::Kind;
    const Kind saw = json_.next();
    if (saw == Kind::null) return json_.null();
    switch (shape.kind) {
      case aws::Kind::string:
        return saw == Kind::string ? json_.string(*static_cast<std::string*>(shape.emplace(place)))
                                   : wrong(shape);
      case aws::Kind::boolean:
        return saw == Kind::boolean ? json_.boolean(*static_cast<bool*>(shape.emplace(place))) : wrong(shape);
      case aws::Kind::integer:
        return saw == Kind::number ? integer(shape, *static_cast<std::int64_t*>(shape.emplace(place)))
                                   : wrong(shape);
      case aws::Kind::timestamp:
        return saw == Kind::number ? timestamp(shape, *static_cast<Instant*>(shape.emplace(place)))
                                   : wrong(shape);
      case aws::Kind::blob:
        return saw == Kind::string ? blob(static_cast<Blob*>(shape.emplace(place))->bytes) : wrong(shape);
      case aws::Kind::structure:
        return saw == Kind::object ? structure(shape.members(), shape.emplace(place), false) : wrong(shape);
      case aws::Kind::list:
        return saw == Kind::array ? list(shape, shape.emplace(place)) : wrong(shape);
      case aws::Kind::map:
        return saw == Kind::object ? map(shape, shape.emplace(place)) : wrong(shape);
      case aws::Kind::custom:
        return custom(shape, shape.emplace(place));
    }
    return wrong(shape);
  }

  /// `3600`, and `3600.0` or `36e2` as well: JSON has one kind of number.
  bool integer(const Shape& shape, std::int64_t& out) {
    const JsonCursor start = json_;
    if (json_.integer(out)) return true;
    json_ = start;
    double real = 0;
    constexpr double limit = 9007199254740992;  // 2^53: beyond it a real says nothing of units
    if (json_.real(real) && real == std::floor(real) && real <= limit && real >= -limit) {
      out = static_cast<std::int64_t>(real);
      return true;
    }
    if (json_.failed()) return false;
    json_ = start;
    return wrong(shape);
  }
  /// Milliseconds are all that the protocol carries.
  bool timestamp(const Shape& shape, Instant& out) {
    double seconds = 0;
    const JsonCursor start = json_;
    if (!json_.real(seconds)) return false;
    constexpr double limit = 9'223'372'036;  // what an Instant holds
    if (seconds >= limit || seconds <= -limit) {
      json_ = start;
      return wrong(shape);
    }
    out = Instant{std::chrono::milliseconds{std::llround(seconds * 1000)}};
    return true;
  }
  bool blob(std::string& out) {
    std::string text;
    if (!json_.string(text)) return false;
    auto bytes = rushhour::detail::decode_base64(text);
    if (!bytes) {
      read_.malformed.emplace();
      return false;
    }
    out = std::move(*bytes);
    return true;
  }
  bool list(const Shape& shape, void* held) {
    for (json_.open_array(); json_.element();) {
      if (json_.next() == JsonCursor::Kind::null ? !json_.null()
                                                 : !value(*shape.element, shape.append(held))) {
        return false;
      }
    }
    return !json_.failed();
  }
  bool map(const Shape& shape, void* held) {
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      if (!value(*shape.element, shape.insert(held, name))) return false;
    }
    return !json_.failed();
  }

  bool custom(const Shape& shape, void* held) {
    std::string mistake;
    if (shape.read(json_, held, mistake)) return true;
    read_.malformed = std::move(mistake);
    return false;
  }

  JsonCursor json_;
  Read& read_;
};

}  // namespace detail

RUSHHOUR_INLINE void append_json(std::string& out, Members members, const void* object) {
  bool first = true;
  out += '{';
  for (const Member& member : members) {
    const void* field = member.in(object);
    if (!member.shape->present(field) && !member.required) continue;
    detail::append_json_key(out, member.name, first);
    detail::append_value(out, *member.shape, member.shape->get(field));
  }
  out += '}';
}

RUSHHOUR_INLINE Read read_json(std::string_view text, Members members, void* object) {
  Read read;
  detail::ShapeReader{text, read}.read(members, object);
  return read;
}

RUSHHOUR_INLINE ErrorText read_json_error(std::string_view text) {
  ErrorText out;
  detail::JsonCursor json{text};
  if (json.next() != detail::JsonCursor::Kind::object) return out;
  std::string name;
  for (json.open_object(); json.member(name);) {
    const bool is_code = name == "__type" || (name == "code" && out.code.empty());
    const bool is_text = json.next() == detail::JsonCursor::Kind::string;
    if (is_text && is_code) {
      json.string(out.code);
      if (const auto hash = out.code.find('#'); hash != std::string::npos) out.code.erase(0, hash + 1);
    } else if (is_text && (name == "message" || name == "Message")) {
      json.string(out.message);
    } else {
      json.skip();
    }
  }
  return out;
}

}  // namespace rushhour::aws
