/// \file
/// A document of YAML as its author sees it: every value knows its line and column. Reading one is yaml.hpp's
/// business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace rushhour::panther
