/// \file
/// What rules and exception lists are read from: a tree of values that know their places, whether TOML or
/// JSON was written. JSON is read here; TOML is rule_toml_inl.hpp's business. What the keys mean is the
/// readers'.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::elastic::detail {

/// One value of a document. Lines and columns count from 1, columns in bytes.
struct Setting {
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, array, table, other };

  Kind kind{Kind::null};
  std::string key{};   ///< in a table: this member's
  std::string text{};  ///< of a text: decoded; of `other` (TOML's dates and times): as written
  bool boolean{};
  std::int64_t integer{};
  double real{};
  std::vector<Setting> children{};
  std::uint64_t line{};
  std::uint64_t column{};

  /// The member of a table; nullptr when there is none, or a null.
  [[nodiscard]] const Setting* find(std::string_view name) const {
    if (kind != Kind::table) return nullptr;
    for (const Setting& child : children) {
      if (child.key == name) return child.kind == Kind::null ? nullptr : &child;
    }
    return nullptr;
  }
};

/// The bytes of a text by line and column.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      starts_.push_back(at + 1);
    }
  }

  struct Place {
    std::uint64_t line{};
    std::uint64_t column{};
  };
  [[nodiscard]] Place place(std::size_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return {static_cast<std::uint64_t>(after - starts_.begin()), offset - *(after - 1) + 1};
  }
  /// The end of the text for a place behind it.
  [[nodiscard]] std::size_t offset(std::uint64_t line, std::uint64_t column) const {
    if (line == 0 || line > starts_.size()) return text_.size();
    return std::min<std::size_t>(starts_[line - 1] + (column == 0 ? 0 : column - 1), text_.size());
  }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_{0};
};

/// A document, and what messages call it.
struct Settings {
  std::string file{};  ///< as the user named it
  Setting root{};
};

/// What was seen, for a message.
[[nodiscard]] inline std::string seen(const Setting& setting) {
  constexpr std::size_t text_max = 60;
  switch (setting.kind) {
    case Setting::Kind::null:
      return "null";
    case Setting::Kind::boolean:
      return setting.boolean ? "true" : "false";
    case Setting::Kind::integer:
      return std::to_string(setting.integer);
    case Setting::Kind::real:
      return "a number with a fraction";
    case Setting::Kind::text:
      return setting.text.size() <= text_max ? "\"" + setting.text + "\""
                                             : "a text of " + std::to_string(setting.text.size()) + " bytes";
    case Setting::Kind::array:
      return setting.children.empty() ? "an empty array"
                                      : "an array of " + std::to_string(setting.children.size());
    case Setting::Kind::table:
      return "a table";
    case Setting::Kind::other:
      break;
  }
  return setting.text;
}

/// One step of a JSON pointer (RFC 6901).
[[nodiscard]] inline std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

/// Reads JSON into settings.
class JsonSettings {
 public:
  JsonSettings(std::string_view text, std::string file)
      : lines_(text), file_(std::move(file)), cursor_(text) {}

  [[nodiscard]] Settings read() {
    Settings out{.file = file_, .root = value(0)};
    if (!cursor_.finish()) fail();
    return out;
  }
  [[nodiscard]] Settings read_all() {
    Settings out{.file = file_, .root = {.kind = Setting::Kind::array, .line = 1, .column = 1}};
    while (cursor_.next() != rushhour::detail::JsonCursor::Kind::none) {
      out.root.children.push_back(value(0));
    }
    if (!cursor_.finish()) fail();
    return out;
  }

 private:
  static constexpr int depth_max = 64;

  [[noreturn]] void fail() const {
    const Lines::Place place = lines_.place(cursor_.position());
    const std::string_view rest = lines_.text().substr(std::min(cursor_.position(), lines_.text().size()));
    throw InputError(
        {.file = file_,
         .line = place.line,
         .column = place.column,
         .expected = "JSON",
         .seen = rest.empty() ? "the end of the text" : "\"" + std::string{rest.substr(0, 20)} + "\"",
         .advice = "look for a missing comma, quote or bracket"});
  }

  [[nodiscard]] Setting value(int depth) {
    using Cursor = rushhour::detail::JsonCursor;
    const Cursor::Kind kind = cursor_.next();
    const Lines::Place place = lines_.place(cursor_.position());
    Setting out{.line = place.line, .column = place.column};
    if (depth == depth_max) fail();
    bool is_read = false;
    if (kind == Cursor::Kind::object) {
      out.kind = Setting::Kind::table;
      is_read = members(out, depth);
    } else if (kind == Cursor::Kind::array) {
      out.kind = Setting::Kind::array;
      for (cursor_.open_array(); cursor_.element();) out.children.push_back(value(depth + 1));
      is_read = !cursor_.failed();
    } else if (kind == Cursor::Kind::string) {
      out.kind = Setting::Kind::text;
      is_read = cursor_.string(out.text);
    } else if (kind == Cursor::Kind::number) {
      is_read = number(out);
    } else if (kind == Cursor::Kind::boolean) {
      out.kind = Setting::Kind::boolean;
      is_read = cursor_.boolean(out.boolean);
    } else if (kind == Cursor::Kind::null) {
      is_read = cursor_.null();
    }
    if (!is_read) fail();
    return out;
  }
  [[nodiscard]] bool members(Setting& table, int depth) {
    std::string key;
    for (cursor_.open_object(); cursor_.member(key);) {
      Setting member = value(depth + 1);
      member.key = key;
      table.children.push_back(std::move(member));
    }
    return !cursor_.failed();
  }
  [[nodiscard]] bool number(Setting& out) {
    if (!cursor_.real(out.real)) return false;
    constexpr double limit = 9007199254740992.0;  // 2^53: beyond it doubles skip integers
    const bool is_whole = out.real >= -limit && out.real <= limit &&
                          static_cast<double>(static_cast<std::int64_t>(out.real)) == out.real;
    out.kind = is_whole ? Setting::Kind::integer : Setting::Kind::real;
    if (is_whole) out.integer = static_cast<std::int64_t>(out.real);
    return true;
  }

  Lines lines_;
  std::string file_;
  rushhour::detail::JsonCursor cursor_;
};

/// In rule_toml_inl.hpp. Members of a table are in order of their keys.
/// \throws InputError with line and column when the text is no TOML 1.0.
[[nodiscard]] Settings read_toml(std::string_view text, std::string file);

/// \throws InputError with line and column when the text is no JSON (RFC 8259) or nests deeper than 64.
[[nodiscard]] inline Settings read_json(std::string_view text, std::string file) {
  return JsonSettings{text, std::move(file)}.read();
}
/// Values one after the other, as NDJSON has them; the root is an array of them.
[[nodiscard]] inline Settings read_json_lines(std::string_view text, std::string file) {
  return JsonSettings{text, std::move(file)}.read_all();
}

/// A file's content.
/// \throws InputError when it cannot be read or is larger than `bytes_max`.
[[nodiscard]] inline std::string read_text(const std::string& path, std::string_view what,
                                           std::size_t bytes_max = std::size_t{64} << 20) {
  std::ifstream file{path, std::ios::binary};
  std::error_code error;
  const bool is_folder = std::filesystem::is_directory(path, error);
  if (!file || is_folder) {
    throw InputError({.file = path,
                      .expected = std::string{what},
                      .seen = is_folder ? "a folder" : "no file that can be read"});
  }
  std::string text;
  constexpr std::size_t piece = std::size_t{64} << 10;
  while (file && text.size() <= bytes_max) {
    const std::size_t before = text.size();
    text.resize(before + piece);
    file.read(text.data() + before, static_cast<std::streamsize>(piece));
    text.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  if (text.size() > bytes_max) {
    throw InputError({.file = path,
                      .expected = std::string{what} + " of at most " + std::to_string(bytes_max) + " bytes",
                      .seen = "more"});
  }
  return text;
}

/// Reads the members of one table by name and kind. Keys that it is not asked for are tolerated, as Kibana's
/// rules have many. Every mistake throws InputError with its place.
class SettingReader {
 public:
  SettingReader(const Settings& document, const Setting& table, std::string pointer)
      : document_(&document), table_(&table), pointer_(std::move(pointer)) {
    if (table.kind != Setting::Kind::table) fail(table, pointer_, "a table of keys and values");
  }

  [[nodiscard]] const Setting& table() const { return *table_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] const Setting* find(std::string_view key) const { return table_->find(key); }

  /// At a value, or at the table for what is missing.
  [[noreturn]] void fail(const Setting& at, const std::string& pointer, std::string expected,
                         std::string advice = {}) const {
    throw InputError({.file = document_->file,
                      .line = at.line,
                      .column = at.column,
                      .pointer = pointer,
                      .expected = std::move(expected),
                      .seen = seen(at),
                      .advice = std::move(advice)});
  }
  [[noreturn]] void fail(std::string_view key, std::string expected, std::string advice = {}) const {
    const Setting* const found = find(key);
    if (found != nullptr) fail(*found, path(key), std::move(expected), std::move(advice));
    throw InputError({.file = document_->file,
                      .line = table_->line,
                      .column = table_->column,
                      .pointer = pointer_,
                      .expected = "a key \"" + std::string{key} + "\": " + expected,
                      .seen = "none",
                      .advice = std::move(advice)});
  }
  /// What a text says is wrong: at the byte inside it where that is known.
  [[noreturn]] void fail_inside(std::string_view key, const Mistake& inside) const {
    const Setting& at = *find(key);
    Mistake mistake = inside;
    mistake.file = document_->file;
    mistake.pointer = path(key);
    mistake.line = at.line;
    mistake.column = at.column + inside.column;  // the quote is one byte, and columns count from 1
    throw InputError(std::move(mistake));
  }

  [[nodiscard]] std::string path(std::string_view key) const { return pointer_ + pointer_step(key); }

  /// Without the key: nothing.
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const {
    const Setting* const found = find(key);
    if (found == nullptr) return std::nullopt;
    if (found->kind != Setting::Kind::text) fail(key, "a text");
    return found->text;
  }
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view otherwise) const {
    return text(key).value_or(std::string{otherwise});
  }
  [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise) const {
    const Setting* const found = find(key);
    if (found == nullptr) return otherwise;
    if (found->kind != Setting::Kind::boolean) fail(key, "true or false");
    return found->boolean;
  }
  /// A whole number of [min, max].
  [[nodiscard]] std::optional<std::int64_t> integer(
      std::string_view key, std::int64_t min,
      std::int64_t max = std::numeric_limits<std::int64_t>::max()) const {
    const Setting* const found = find(key);
    if (found == nullptr) return std::nullopt;
    if (found->kind != Setting::Kind::integer || found->integer < min || found->integer > max) {
      const bool is_open = max == std::numeric_limits<std::int64_t>::max();
      fail(key, is_open ? "a whole number from " + std::to_string(min)
                        : "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    }
    return found->integer;
  }
  /// An array of texts; without the key: empty.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    const Setting* const found = find(key);
    if (found == nullptr) return out;
    if (found->kind != Setting::Kind::array) fail(key, "an array of texts");
    for (const Setting& each : found->children) {
      if (each.kind != Setting::Kind::text) {
        fail(each, path(key) + "/" + std::to_string(out.size()), "a text");
      }
      out.push_back(each.text);
    }
    return out;
  }
  /// A reader for each table of an array; without the key: none.
  [[nodiscard]] std::vector<SettingReader> tables(std::string_view key) const {
    std::vector<SettingReader> out;
    const Setting* const found = find(key);
    if (found == nullptr) return out;
    if (found->kind != Setting::Kind::array) fail(key, "an array of tables");
    for (const Setting& each : found->children) {
      out.emplace_back(*document_, each, path(key) + "/" + std::to_string(out.size()));
    }
    return out;
  }
  [[nodiscard]] std::optional<SettingReader> sub_table(std::string_view key) const {
    const Setting* const found = find(key);
    if (found == nullptr) return std::nullopt;
    return SettingReader{*document_, *found, path(key)};
  }

 private:
  const Settings* document_;
  const Setting* table_;
  std::string pointer_;
};

}  // namespace rushhour::elastic::detail
