#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/event/json.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::event {

namespace detail {

RUSHHOUR_INLINE Value copied(const nlohmann::ordered_json& json, Arena& arena) {
  using Kind = nlohmann::ordered_json::value_t;
  switch (json.type()) {
    case Kind::boolean:
      return json.get<bool>();
    case Kind::number_integer:
      return json.get<std::int64_t>();
    case Kind::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      return number <= INT64_MAX ? Value{static_cast<std::int64_t>(number)}
                                 : Value{static_cast<double>(number)};
    }
    case Kind::number_float:
      return json.get<double>();
    case Kind::string:
      return arena.copy(json.get_ref<const std::string&>());
    case Kind::array: {
      std::vector<Value> items;
      for (const auto& item : json) items.push_back(copied(item, arena));
      return array(arena, items);
    }
    case Kind::object: {
      std::vector<Member> members;
      for (const auto& member : json.items()) {
        members.push_back({.key = arena.copy(member.key()), .value = copied(member.value(), arena)});
      }
      return object(arena, members);
    }
    default:
      return nullptr;
  }
}

}  // namespace detail

RUSHHOUR_INLINE Value parse_json(std::string_view text, Arena& arena) {
  try {
    return detail::copied(nlohmann::ordered_json::parse(text), arena);
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(before, '\n'));
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    throw InputError({.line = lines + 1,
                      .column = before.size() - line_start + 1,
                      .expected = "JSON",
                      .seen = before.size() < text.size()
                                  ? "'" + std::string{text.substr(before.size(), 1)} + "'"
                                  : "the end of the text",
                      .advice = error.what()});
  }
}

RUSHHOUR_INLINE Event from_json(std::string_view text, const EventHeader& header) {
  Arena arena;
  const Value root = parse_json(text, arena);
  if (!root.is_object())
    throw InputError({.expected = "a JSON object: the record of an event", .seen = to_json(root)});
  Event event;
  event.assign(header, root, arena);
  return event;
}

}  // namespace rushhour::event
