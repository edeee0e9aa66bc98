#pragma once

#include <rushhour/aws/shape.hpp>

namespace rushhour::aws {

namespace detail {

RUSHHOUR_INLINE std::string violation_text(const Member& member, std::string_view shown,
                                           std::string_view constraint) {
  std::string out = "1 validation error detected: Value ";
  out += shown;
  out += " at '";
  out += lower_camel(member.name);
  out += "' failed to satisfy constraint: ";
  out += constraint;
  return out;
}

RUSHHOUR_INLINE std::string quoted(const Member& member, std::string_view value) {
  if (member.sensitive) return "'***'";  // [CHOICE] a fake must not print secrets; AWS masks them likewise
  std::string out = "'";
  out += value;
  out += '\'';
  return out;
}

RUSHHOUR_INLINE std::optional<std::string> string_violation(const Member& member, const std::string& value) {
  const Constraint& constraint = member.constraint;
  const auto size = static_cast<std::int64_t>(value.size());
  if (constraint.max >= 0 && size > constraint.max) {
    return violation_text(member, quoted(member, value),
                          "Member must have length less than or equal to " + std::to_string(constraint.max));
  }
  if (size < constraint.min) {
    return violation_text(
        member, quoted(member, value),
        "Member must have length greater than or equal to " + std::to_string(constraint.min));
  }
  if (constraint.allows != nullptr) {
    for (const char c : value) {
      if (constraint.allows(c)) continue;
      return violation_text(
          member, quoted(member, value),
          "Member must satisfy regular expression pattern: " + std::string{constraint.pattern});
    }
  }
  return std::nullopt;
}

RUSHHOUR_INLINE std::optional<std::string> integer_violation(const Member& member, std::int64_t value) {
  const Constraint& constraint = member.constraint;
  if (constraint.max >= 0 && value > constraint.max) {
    return violation_text(member, quoted(member, std::to_string(value)),
                          "Member must have value less than or equal to " + std::to_string(constraint.max));
  }
  if (value < constraint.min) {
    return violation_text(
        member, quoted(member, std::to_string(value)),
        "Member must have value greater than or equal to " + std::to_string(constraint.min));
  }
  return std::nullopt;
}

}  // namespace detail

RUSHHOUR_INLINE std::string lower_camel(std::string_view wire_name) {
  std::string out{wire_name};
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

RUSHHOUR_INLINE std::optional<std::string> violation(Members members, const void* object,
                                                     std::span<const std::string_view> absent) {
  for (const Member& member : members) {
    for (const std::string_view name : absent) {
      if (name == member.name) return detail::violation_text(member, "null", "Member must not be null");
    }
    const void* field = member.in(object);
    if (!member.shape->present(field)) {
      if (member.required) return detail::violation_text(member, "null", "Member must not be null");
      continue;
    }
    const void* held = member.shape->get(field);
    std::optional<std::string> found;
    switch (member.shape->kind) {
      case Kind::string:
        found = detail::string_violation(member, *static_cast<const std::string*>(held));
        break;
      case Kind::integer:
        found = detail::integer_violation(member, *static_cast<const std::int64_t*>(held));
        break;
      case Kind::structure:
        found = violation(member.shape->members(), held);
        break;
      case Kind::list:
        for (std::size_t i = 0; !found && i < member.shape->size(held); ++i) {
          if (member.shape->element->kind != Kind::structure) break;
          found = violation(member.shape->element->members(), member.shape->at(held, i));
        }
        break;
      case Kind::boolean:
      case Kind::timestamp:
      case Kind::map:
        break;
    }
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace rushhour::aws
