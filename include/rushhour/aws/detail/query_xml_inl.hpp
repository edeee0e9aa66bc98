#pragma once

#include <charconv>
#include <cstdint>

#include <rushhour/aws/detail/query_reader.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws {

namespace detail {

RUSHHOUR_INLINE std::string scalar_text(const Shape& shape, const void* held) {
  switch (shape.kind) {
    case Kind::string:
      return *static_cast<const std::string*>(held);
    case Kind::integer:
      return std::to_string(*static_cast<const std::int64_t*>(held));
    case Kind::boolean:
      return *static_cast<const bool*>(held) ? "true" : "false";
    case Kind::timestamp:
      return to_iso8601(*static_cast<const Instant*>(held));
    case Kind::blob: {
      std::string out;
      rushhour::detail::append_base64(out, static_cast<const Blob*>(held)->bytes);
      return out;
    }
    case Kind::structure:
    case Kind::list:
    case Kind::map:
    case Kind::custom:
      break;
  }
  RUSHHOUR_ASSERT(false, "not a scalar");
  return {};
}

RUSHHOUR_INLINE void append_query_value(std::string& out, const std::string& name, const Shape& shape,
                                        const void* held) {
  switch (shape.kind) {
    case Kind::structure:
      for (const Member& member : shape.members()) {
        const void* field = member.in(held);
        if (!member.shape->present(field)) continue;
        append_query_value(out, name + "." + std::string{member.name}, *member.shape,
                           member.shape->get(field));
      }
      break;
    case Kind::list:
      for (std::size_t i = 0; i < shape.size(held); ++i) {
        append_query_value(out, name + ".member." + std::to_string(i + 1), *shape.element,
                           shape.element->get(shape.at(held, i)));
      }
      break;
    case Kind::map:
    case Kind::custom:
      RUSHHOUR_ASSERT(false, "no Query operation takes a map");
      break;
    case Kind::string:
    case Kind::integer:
    case Kind::boolean:
    case Kind::timestamp:
    case Kind::blob:
      out += '&';
      out += name;
      out += '=';
      http::append_percent_encoded(out, scalar_text(shape, held));
  }
}

RUSHHOUR_INLINE void append_xml_value(std::string& out, const Shape& shape, const void* held);

RUSHHOUR_INLINE void append_xml_element(std::string& out, std::string_view name, const Shape& shape,
                                        const void* held) {
  out += '<';
  out += name;
  out += '>';
  append_xml_value(out, shape, held);
  out += "</";
  out += name;
  out += '>';
}

RUSHHOUR_INLINE void append_xml_value(std::string& out, const Shape& shape, const void* held) {
  switch (shape.kind) {
    case Kind::structure:
      append_xml(out, shape.members(), held);
      break;
    case Kind::list:
      for (std::size_t i = 0; i < shape.size(held); ++i) {
        append_xml_element(out, "member", *shape.element, shape.element->get(shape.at(held, i)));
      }
      break;
    case Kind::map:
    case Kind::custom:
      RUSHHOUR_ASSERT(false, "no Query operation answers a map");
      break;
    case Kind::string:
      append_xml_text(out, *static_cast<const std::string*>(held));
      break;
    case Kind::integer:
    case Kind::boolean:
    case Kind::timestamp:
    case Kind::blob:
      out += scalar_text(shape, held);
  }
}

/// Walks the little XML that AWS answers with: elements, text and entities; attributes and the prologue are
/// skipped.
class XmlCursor {
 public:
  explicit XmlCursor(std::string_view text) : rest_(text) {}

  /// The name of the next start tag before any end tag; empty when an end tag or the end of the text comes
  /// first.
  std::string_view open() {
    for (;;) {
      const auto at = rest_.find('<');
      if (at == std::string_view::npos || at + 1 >= rest_.size() || rest_[at + 1] == '/') return {};
      const auto end = rest_.find('>', at);
      if (end == std::string_view::npos) return {};
      const std::string_view tag = rest_.substr(at + 1, end - at - 1);
      rest_.remove_prefix(end + 1);
      if (tag.empty() || tag[0] == '?' || tag[0] == '!') continue;
      empty_ = tag.back() == '/';
      return tag.substr(0, tag.find_first_of(" /\t\r\n"));
    }
  }
  [[nodiscard]] bool is_empty_element() const { return empty_; }
  /// The text up to the next tag, entities resolved.
  std::string text() {
    std::string_view raw = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(raw.size());
    std::string out;
    for (;;) {
      const auto mark = raw.find('&');
      out += raw.substr(0, mark);
      if (mark == std::string_view::npos) return out;
      raw.remove_prefix(mark);
      raw.remove_prefix(append_entity(out, raw));
    }
  }
  /// Leaves the element at hand, whatever is still in it.
  void close() {
    for (int depth = 1; depth > 0;) {
      const auto at = rest_.find('<');
      const auto end = rest_.find('>', at == std::string_view::npos ? 0 : at);
      if (at == std::string_view::npos || end == std::string_view::npos) {
        rest_ = {};
        return;
      }
      if (rest_[at + 1] == '/') {
        --depth;
      } else if (rest_[end - 1] != '/') {
        ++depth;
      }
      rest_.remove_prefix(end + 1);
    }
  }

 private:
  /// Resolves the entity that the text begins with and tells its length; a `&` that begins none stays.
  static std::size_t append_entity(std::string& out, std::string_view text) {
    static constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (const auto& [entity, character] : entities) {
      if (!text.starts_with(entity)) continue;
      out += character;
      return entity.size();
    }
    const auto end = text.substr(0, 10).find(';');  // `&#x10ffff;` is the longest there is
    if (text.starts_with("&#") && end != std::string_view::npos) {
      const bool is_hex = text[2] == 'x';
      const char* const first = text.data() + (is_hex ? 3 : 2);
      std::uint32_t point = 0;
      const auto read = std::from_chars(first, text.data() + end, point, is_hex ? 16 : 10);
      if (read.ec == std::errc{} && read.ptr == text.data() + end && point <= 0x10ffff) {
        rushhour::detail::append_utf8(out, point);
        return end + 1;
      }
    }
    out += '&';
    return 1;
  }

  std::string_view rest_;
  bool empty_ = false;
};

RUSHHOUR_INLINE bool read_xml_value(XmlCursor& cursor, const Shape& shape, void* value);

RUSHHOUR_INLINE bool read_xml_members(XmlCursor& cursor, Members members, void* object) {
  for (std::string_view name = cursor.open(); !name.empty(); name = cursor.open()) {
    const bool empty = cursor.is_empty_element();
    for (const Member& member : members) {
      if (member.name != name) continue;
      if (!empty && !read_xml_value(cursor, *member.shape, const_cast<void*>(member.in(object))))
        return false;
      break;
    }
    if (!empty) cursor.close();
  }
  return true;
}

RUSHHOUR_INLINE bool read_xml_value(XmlCursor& cursor, const Shape& shape, void* value) {
  if (shape.kind == Kind::structure) return read_xml_members(cursor, shape.members(), shape.emplace(value));
  if (shape.kind == Kind::list) {
    while (!cursor.open().empty()) {
      const bool empty = cursor.is_empty_element();
      void* element = shape.append(const_cast<void*>(shape.get(value)));
      if (!empty && !read_xml_value(cursor, *shape.element, element)) return false;
      if (!empty) cursor.close();
    }
    return true;
  }
  return set_scalar(shape, value, cursor.text());
}

}  // namespace detail

RUSHHOUR_INLINE void append_query(std::string& out, Members members, const void* object) {
  for (const Member& member : members) {
    const void* field = member.in(object);
    if (!member.shape->present(field)) continue;
    detail::append_query_value(out, std::string{member.name}, *member.shape, member.shape->get(field));
  }
}

RUSHHOUR_INLINE Read read_query(std::span<const Parameter> parameters, Members members, void* object) {
  Read read;
  detail::QueryReader reader{members, object, read};
  for (const Parameter& parameter : parameters) {
    if (parameter.first != "Action" && parameter.first != "Version") reader.place(parameter);
  }
  reader.finish();
  return read;
}

RUSHHOUR_INLINE void append_xml_text(std::string& out, std::string_view text) {
  std::size_t plain = 0;  // start of the run that is copied as it is
  const auto replace = [&](std::size_t at, std::string_view entity) {
    out.append(text, plain, at - plain);
    out += entity;
    plain = at + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '&':
        replace(i, "&amp;");
        break;
      case '<':
        replace(i, "&lt;");
        break;
      case '>':
        replace(i, "&gt;");
        break;
      case '"':
        replace(i, "&quot;");
        break;
      case '\r':
        replace(i, "&#13;");
        break;  // a bare one reads as a line feed (XML 1.0, section 2.11)
      case '\t':
      case '\n':
        break;
      default:  // what no XML document can have, escaped or not (XML 1.0, section 2.2)
        if (static_cast<unsigned char>(text[i]) < ' ') replace(i, "\xEF\xBF\xBD");
        break;
    }
  }
  out.append(text, plain, text.size() - plain);
}

RUSHHOUR_INLINE void append_xml(std::string& out, Members members, const void* object) {
  for (const Member& member : members) {
    const void* field = member.in(object);
    if (!member.shape->present(field) && !member.required) continue;
    detail::append_xml_element(out, member.name, *member.shape, member.shape->get(field));
  }
}

RUSHHOUR_INLINE Read read_xml(std::string_view text, std::string_view name, Members members, void* object) {
  Read read;
  const std::string tag = "<" + std::string{name} + ">";
  const auto at = text.find(tag);
  if (at == std::string_view::npos) {
    if (text.find("<" + std::string{name} + "/>") == std::string_view::npos) {
      read.malformed = "no element " + std::string{name};
    }
    return read;
  }
  detail::XmlCursor cursor{text.substr(at + tag.size())};
  if (!detail::read_xml_members(cursor, members, object)) read.malformed = "a value of the wrong kind";
  return read;
}

RUSHHOUR_INLINE ErrorText read_xml_error(std::string_view text) {
  ErrorText out;
  const auto at = text.find("<Error>");
  if (at == std::string_view::npos) return out;
  detail::XmlCursor cursor{text.substr(at + 7)};
  for (std::string_view name = cursor.open(); !name.empty(); name = cursor.open()) {
    if (cursor.is_empty_element()) continue;
    if (name == "Code") out.code = cursor.text();
    if (name == "Message") out.message = cursor.text();
    cursor.close();
  }
  return out;
}

}  // namespace rushhour::aws
