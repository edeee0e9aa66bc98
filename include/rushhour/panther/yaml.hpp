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

namespace rushhour::panther {

/// One value of a document. Lines and columns count from 1, columns in bytes.
///
/// The core schema (YAML 1.2.2, 10.3.2) [DOC]: null, Null, NULL, ~ and nothing are null; true and false in
/// three spellings are booleans, so `off`, `yes` and `no` are texts; 12, 0o14 and 0xC are integers, and 012
/// is twelve; 1.5, 1e3, .inf and .nan are reals. Dates are texts. What is quoted is a text.
struct YamlValue {
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, sequence, mapping };

  Kind kind{Kind::null};
  bool boolean{};
  std::int64_t integer{};
  double real{};       ///< also what an integer beyond 64 bits becomes
  std::string text{};  ///< of a text
  std::string
      key{};  ///< in a mapping: this member's. One that is no text has the form of JSON: `404`, `true`
  std::vector<YamlValue> children{};  ///< elements, or members in document order
  std::uint64_t line{};
  std::uint64_t column{};
  std::uint64_t key_line{};  ///< in a mapping: where the key is
  std::uint64_t key_column{};

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const { return kind == Kind::mapping; }

  /// The member of a mapping; nullptr when there is none.
  [[nodiscard]] const YamlValue* find(std::string_view name) const {
    if (kind != Kind::mapping) return nullptr;
    for (const YamlValue& child : children) {
      if (child.key == name) return &child;
    }
    return nullptr;
  }
};

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
