/// \file
/// A JSON document as its author sees it: every value knows its line and column, a number keeps the digits it
/// was written with, comments are allowed and a key given twice is an error. It knows nothing of scenarios:
/// what the keys mean is the loader's business, which reads them with a Reader (reader.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::scenario {

/// One value of a document, with its place. Lines and columns count from 1, columns in bytes; a tab is one
/// byte, and a byte order mark at the start of the file is not counted.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, text, array, object };

  Kind kind{Kind::null};
  std::string key{};             ///< in an object: the key of this member
  std::string text{};            ///< text: decoded; number: as written; boolean: `true` or `false`
  std::vector<Node> children{};  ///< elements or members, in the order of the file
  std::uint64_t line{};
  std::uint64_t column{};
  std::uint64_t key_line{};  ///< 0 where there is no key
  std::uint64_t key_column{};
};

/// Where something stands, to begin a Mistake with.
struct Place {
  std::string file{};      ///< as the user named it
  std::uint64_t line{};    ///< from 1; 0 when unknown
  std::uint64_t column{};  ///< from 1, in bytes; 0 when unknown
  std::string pointer{};   ///< JSON pointer (RFC 6901); empty for the whole document

  /// \throws InputError always: `FILE:LINE:COLUMN: at POINTER: expected EXPECTED, saw SEEN; ADVICE`.
  [[noreturn]] void fail(std::string expected, std::string seen = {}, std::string advice = {}) const {
    throw InputError({.file = file,
                      .line = line,
                      .column = column,
                      .pointer = pointer,
                      .expected = std::move(expected),
                      .seen = std::move(seen),
                      .advice = std::move(advice)});
  }
};

struct Document {
  std::string file{};  ///< as the user named it; only for messages
  Node root{};
};

/// What a document may cost. A scenario is written by hand; what goes beyond these is another file taken for
/// one.
struct DocumentLimits {
  std::size_t bytes_max{4u << 20};
  std::size_t depth_max{64};  ///< levels of arrays and objects; the tree is walked recursively
};

/// Reads JSON (RFC 8259) with `//` and `/* */` comments; a UTF-8 byte order mark is skipped. `file` is what
/// messages call the text.
///
/// \throws InputError when the text is no such JSON, has a key twice in one object, or exceeds the limits.
///
///     const Document document = parse_document(R"({"seed": 7, /* an hour */ "duration": "1h"})", "x.json");
[[nodiscard]] Document parse_document(std::string_view text, std::string file, DocumentLimits limits = {});

/// parse_document() of a file's content.
/// \throws InputError also when the file cannot be read.
[[nodiscard]] Document read_document(const std::string& path, DocumentLimits limits = {});

/// A hash of what the document means, the same on every machine: comments, whitespace, escapes and the order
/// of keys do not count, nor does the way a number is written (`0.02` is `2e-2`); the order of elements does.
/// A baseline that was made with another digest was made with another scenario.
[[nodiscard]] std::uint64_t digest(const Node& node);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/document_inl.hpp>
#endif
