/// \file
/// Types by names, for tests: `t`, `t2` and `t_message` are texts, `i` is an integer, and so on, wherever
/// they stand: `n.i` is an integer in a nested field. All other names are keywords.
#pragma once

#include <string_view>

#include <rushhour/event/schema.hpp>

namespace rushhour::elastic {

inline event::FieldType type_by_name(std::string_view name) {
  using Type = event::FieldType;
  if (name.starts_with("flat")) return Type::flattened;
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  if (name.starts_with("ip")) return Type::ip;
  const bool says =
      name.size() == 1 || (name.size() > 1 && (name[1] == '_' || (name[1] >= '0' && name[1] <= '9')));
  switch (says ? name.front() : 'k') {
    case 't':
      return Type::text;
    case 'i':
      return Type::integer;
    case 'r':
      return Type::real;
    case 'b':
      return Type::boolean;
    case 'd':
      return Type::date;
    case 'n':
      return Type::nested;
    default:
      return Type::keyword;
  }
}

}  // namespace rushhour::elastic
