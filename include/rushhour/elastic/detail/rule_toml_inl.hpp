/// \file
/// TOML as a tree of settings. The only place that knows toml++; its columns count characters, ours bytes.
#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/setting.hpp>

namespace rushhour::elastic::detail {

/// Turns the places of toml++ into ours.
class TomlPlaces {
 public:
  explicit TomlPlaces(std::string_view text) : lines_(text) {}

  void set(Setting& setting, const toml::source_position& position) const {
    const Lines::Place found = place(position);
    setting.line = found.line;
    setting.column = found.column;
  }
  [[nodiscard]] Lines::Place place(const toml::source_position& position) const {
    const std::size_t start = lines_.offset(position.line, 1);
    std::size_t at = start;
    for (toml::source_index left = position.column; left > 1 && at < lines_.text().size(); --left) {
      ++at;
      while (at < lines_.text().size() && (static_cast<unsigned char>(lines_.text()[at]) & 0xc0U) == 0x80U)
        ++at;
    }
    return {position.line, at - start + 1};
  }

 private:
  Lines lines_;
};

RUSHHOUR_INLINE Setting to_setting(const toml::node& node, const TomlPlaces& places) {
  Setting out;
  places.set(out, node.source().begin);
  if (const auto* const table = node.as_table()) {
    out.kind = Setting::Kind::table;
    for (const auto& [key, value] : *table) {
      out.children.push_back(to_setting(value, places));
      out.children.back().key = key.str();
    }
  } else if (const auto* const array = node.as_array()) {
    out.kind = Setting::Kind::array;
    for (const toml::node& element : *array) out.children.push_back(to_setting(element, places));
  } else if (const auto* const text = node.as_string()) {
    out.kind = Setting::Kind::text;
    out.text = text->get();
  } else if (const auto* const integer = node.as_integer()) {
    out.kind = Setting::Kind::integer;
    out.integer = integer->get();
  } else if (const auto* const real = node.as_floating_point()) {
    out.kind = Setting::Kind::real;
    out.real = real->get();
  } else if (const auto* const boolean = node.as_boolean()) {
    out.kind = Setting::Kind::boolean;
    out.boolean = boolean->get();
  } else {
    out.kind = Setting::Kind::other;
    out.text = "a date or time";
  }
  return out;
}

/// What toml++ says ends in "expected ..., saw ..." where it knows; else it is advice.
RUSHHOUR_INLINE Mistake mistake_of(std::string_view description) {
  constexpr std::string_view expected = "expected ";
  constexpr std::string_view saw = ", saw ";
  const std::size_t expected_at = description.find(expected);
  const std::size_t saw_at = description.find(saw, expected_at);
  if (expected_at == std::string_view::npos || saw_at == std::string_view::npos) {
    return {.expected = "TOML", .advice = std::string{description}};
  }
  const std::size_t wanted = expected_at + expected.size();
  return {.expected = std::string{description.substr(wanted, saw_at - wanted)},
          .seen = std::string{description.substr(saw_at + saw.size())},
          .advice = "a mistake in the TOML"};
}

RUSHHOUR_INLINE Settings read_toml(std::string_view text, std::string file) {
  const TomlPlaces places{text};
  const auto fail = [&](std::string_view description, const toml::source_position& position) {
    const Lines::Place place = places.place(position);
    Mistake mistake = mistake_of(description);
    mistake.file = file;
    mistake.line = place.line;
    mistake.column = place.column;
    throw InputError(std::move(mistake));
  };
#if TOML_EXCEPTIONS
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail(error.description(), error.source().begin);
  }
#else
  toml::parse_result table = toml::parse(text);
  if (!table) fail(table.error().description(), table.error().source().begin);
#endif
  Settings out{.file = std::move(file), .root = to_setting(static_cast<const toml::table&>(table), places)};
  return out;
}

}  // namespace rushhour::elastic::detail
