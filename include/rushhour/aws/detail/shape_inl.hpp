#pragma once

#include <algorithm>
#include <initializer_list>

#include <rushhour/aws/shape.hpp>

namespace rushhour::aws {

namespace detail {

/// Units of UTF-16 that begin with this byte of UTF-8.
constexpr std::int64_t utf16_units(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80) return 1;
  if (byte < 0xC0) return 0;  // within a character
  return byte >= 0xF0 ? 2 : 1;
}

/// Units of UTF-16, in which AWS's services, written in Java, count characters.
RUSHHOUR_INLINE std::int64_t utf16_length(std::string_view text) {
  std::int64_t units = 0;
  for (const char c : text) units += utf16_units(c);
  return units;
}

/// Whether it is that long; of a longer text the rest is not looked at.
RUSHHOUR_INLINE bool is_as_long_as(std::int64_t units, std::string_view text) {
  for (std::size_t at = 0; units > 0; ++at) {
    if (at == text.size()) return false;
    units -= utf16_units(text[at]);
  }
  return true;
}

/// Gathers the violated constraints of one request.
class Violations {
 public:
  explicit Violations(const Read& read) : read_(read) {}

  void look_at(Members members, const void* object, const std::string& path) {
    for (const Member& member : members) look_at_member(member, object, path);
  }
  [[nodiscard]] std::optional<std::string> text() const {
    if (count_ == 0) return std::nullopt;
    return std::to_string(count_) + (count_ == 1 ? " validation error" : " validation errors") +
           " detected: " + text_;
  }

 private:
  void look_at_member(const Member& member, const void* object, const std::string& path) {
    const std::string at = path + lower_camel(member.name);
    const void* const field = member.in(object);
    const bool outermost = path.empty();
    if (outermost && is_among(read_.absent, member.name)) return add(at, "null", "Member must not be null");
    const bool is_empty_list = outermost && is_among(read_.empty, member.name);
    if (!member.shape->present(field) && !is_empty_list) {
      if (member.required) add(at, "null", "Member must not be null");
      return;
    }
    if (is_empty_list) return check_length(member, at, "'[]'", 0);
    const void* const held = member.shape->get(field);
    switch (member.shape->kind) {
      case Kind::string:
        return check_string(member, at, *static_cast<const std::string*>(held));
      case Kind::blob:
        return check_length(member, at, shown(member, "java.nio.HeapByteBuffer"),
                            static_cast<std::int64_t>(static_cast<const Blob*>(held)->bytes.size()));
      case Kind::integer:
        return check_integer(member, at, *static_cast<const std::int64_t*>(held));
      case Kind::structure:
        return look_at(member.shape->members(), held, at + ".");
      case Kind::list:
        return check_list(member, at, held);
      case Kind::boolean:
      case Kind::timestamp:
      case Kind::map:
      case Kind::custom:
        return;
    }
  }

  void check_string(const Member& member, const std::string& at, const std::string& value) {
    check_length(member, at, shown(member, value), utf16_length(value));
    if (member.constraint.matches != nullptr && !member.constraint.matches(value)) {
      add(at, shown(member, value),
          "Member must satisfy regular expression pattern: " + std::string{member.constraint.pattern});
    }
    if (!is_one_of(member.constraint.values, value)) {
      add(at, shown(member, value),
          "Member must satisfy enum value set: " + listed(member.constraint.values));
    }
  }

  void check_length(const Member& member, const std::string& at, const std::string& value,
                    std::int64_t length) {
    const Constraint& constraint = member.constraint;
    if (constraint.max != unbounded && length > constraint.max) {
      add(at, value, "Member must have length less than or equal to " + std::to_string(constraint.max));
    }
    if (length < constraint.min) {
      add(at, value, "Member must have length greater than or equal to " + std::to_string(constraint.min));
    }
  }

  void check_integer(const Member& member, const std::string& at, std::int64_t value) {
    const Constraint& constraint = member.constraint;
    const std::string text = shown(member, std::to_string(value));
    if (constraint.max != unbounded && value > constraint.max) {
      add(at, text, "Member must have value less than or equal to " + std::to_string(constraint.max));
    }
    if ((constraint.min != 0 || constraint.max != unbounded) && value < constraint.min) {
      add(at, text, "Member must have value greater than or equal to " + std::to_string(constraint.min));
    }
  }

  void check_list(const Member& member, const std::string& at, const void* held) {
    const Shape& shape = *member.shape;
    const std::size_t size = shape.size(held);
    const bool of_structures = shape.element->kind == Kind::structure;
    std::vector<std::string_view> texts;
    for (std::size_t i = 0; i < size; ++i) {
      const void* const element = shape.element->get(shape.at(held, i));
      if (of_structures) {
        look_at(shape.element->members(), element, at + "." + std::to_string(i + 1) + ".member.");
      } else if (shape.element->kind == Kind::string) {
        texts.push_back(*static_cast<const std::string*>(element));
      }
    }
    const std::string value =
        shown(member, of_structures ? std::to_string(size) + " elements" : listed(texts));
    check_length(member, at, value, static_cast<std::int64_t>(size));
    const bool all_fit = std::all_of(texts.begin(), texts.end(),
                                     [&](std::string_view text) { return satisfies(member.elements, text); });
    if (!all_fit) add(at, value, "Member must satisfy constraint: [" + described(member.elements) + "]");
  }

  [[nodiscard]] static bool satisfies(const Constraint& constraint, std::string_view text) {
    const std::int64_t length = utf16_length(text);
    return length >= constraint.min && (constraint.max == unbounded || length <= constraint.max) &&
           (constraint.matches == nullptr || constraint.matches(text)) && is_one_of(constraint.values, text);
  }
  /// As AWS words the constraints of a list's elements: all of them, whichever is violated.
  [[nodiscard]] static std::string described(const Constraint& constraint) {
    std::string out;
    const auto add_text = [&out](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
    if (constraint.max != unbounded) {
      add_text("Member must have length less than or equal to " + std::to_string(constraint.max));
    }
    add_text("Member must have length greater than or equal to " + std::to_string(constraint.min));
    if (constraint.matches != nullptr) {
      add_text("Member must satisfy regular expression pattern: " + std::string{constraint.pattern});
    }
    return out;
  }

  [[nodiscard]] static bool is_among(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  [[nodiscard]] static bool is_one_of(std::span<const std::string_view> values, std::string_view text) {
    return values.empty() || is_among(values, text);
  }
  [[nodiscard]] static std::string listed(std::span<const std::string_view> texts) {
    std::string out = "[";
    for (const std::string_view text : texts) {
      if (out.size() > 1) out += ", ";
      out += text;
    }
    return out + "]";
  }
  /// [CHOICE] a fake must not print secrets; AWS masks them likewise.
  [[nodiscard]] static std::string shown(const Member& member, std::string_view value) {
    std::string out = "'";
    out += member.sensitive ? std::string_view{"***"} : value;
    return out + '\'';
  }

  void add(const std::string& at, const std::string& value, const std::string& constraint) {
    if (++count_ > 1) text_ += "; ";
    for (const std::string_view part :
         {std::string_view{"Value "}, std::string_view{value}, std::string_view{" at '"},
          std::string_view{at}, std::string_view{"' failed to satisfy constraint: "},
          std::string_view{constraint}}) {
      text_ += part;
    }
  }

  const Read& read_;
  std::string text_;
  std::size_t count_ = 0;
};

[[nodiscard]] constexpr bool has_no_constraint(Kind kind) {
  return kind == Kind::boolean || kind == Kind::timestamp || kind == Kind::map || kind == Kind::custom;
}

/// Whether Violations would find anything, without building a text: what every call asks.
RUSHHOUR_INLINE bool is_plainly_valid(Members members, const void* object) {
  for (const Member& member : members) {
    const void* const held = member.held(object);
    if (held == nullptr) {
      if (member.required) return false;
      continue;
    }
    const Constraint& constraint = member.constraint;
    if (member.shape->kind == Kind::string) {
      const auto& text = *static_cast<const std::string*>(held);
      const auto size = static_cast<std::int64_t>(text.size());  // at least as many bytes as units
      if (constraint.max != unbounded && size > constraint.max) return false;
      if (!is_as_long_as(constraint.min, text)) return false;
      if (constraint.matches != nullptr && !constraint.matches(text)) return false;
      if (!constraint.values.empty()) return false;
    } else if (member.shape->kind == Kind::integer) {
      const std::int64_t value = *static_cast<const std::int64_t*>(held);
      if (value < constraint.min || (constraint.max != unbounded && value > constraint.max)) return false;
    } else if (!has_no_constraint(member.shape->kind)) {
      return false;
    }
  }
  return true;
}

}  // namespace detail

RUSHHOUR_INLINE std::string lower_camel(std::string_view wire_name) {
  std::string out{wire_name};
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

RUSHHOUR_INLINE std::optional<std::string> violation(Members members, const void* object) {
  if (detail::is_plainly_valid(members, object)) return std::nullopt;
  return violation(members, object, Read{});
}

RUSHHOUR_INLINE std::optional<std::string> violation(Members members, const void* object, const Read& read) {
  if (read.absent.empty() && read.empty.empty() && detail::is_plainly_valid(members, object)) {
    return std::nullopt;
  }
  detail::Violations violations{read};
  violations.look_at(members, object, {});
  return violations.text();
}

}  // namespace rushhour::aws
