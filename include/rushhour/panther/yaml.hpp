/// \file
/// YAML 1.2 by its core schema, as a tree of values that know their places. Parsing is yaml-cpp's; what a
/// plain scalar means is decided here, since yaml-cpp leaves it open. It knows nothing of rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/panther/yaml_value.hpp>

namespace rushhour::panther {

/// A document nests at most this deep, and has at most this many values, those of aliases counted wherever
/// they stand: a few lines of aliases could otherwise fill the memory. [CHOICE]
inline constexpr std::size_t yaml_depth_max = 256;
inline constexpr std::size_t yaml_values_max = 1'000'000;

/// The text's only document; a text without any is a null.
///
/// Anchors and aliases mean copies. `<<: *base` and `<<: [*a, *b]` bring in members that are not there, the
/// first of several winning, as PyYAML's users know it; YAML 1.2 itself has no such key [CHOICE].
/// \throws InputError with line and column for what is no YAML, a key given twice, a second document, an
/// unknown tag, an alias inside its own anchor, or too much of it.
[[nodiscard]] YamlValue parse_yaml(std::string_view text, const std::string& file);

/// Copied into the arena. A mapping becomes an object.
[[nodiscard]] event::Value to_value(const YamlValue& value, event::Arena& arena);

/// As JSON text; numbers that JSON lacks, such as .inf, become null.
[[nodiscard]] std::string to_json(const YamlValue& value);

/// What was seen, for a message: `"soon"`, `a mapping`.
[[nodiscard]] std::string seen(const YamlValue& value);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/yaml_inl.hpp>
#endif
