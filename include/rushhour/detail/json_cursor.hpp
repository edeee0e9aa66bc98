/// \file
/// Reading JSON text front to back without a tree: for requests and answers that are read a million times,
/// where each reader knows what it looks for. It keeps nothing; documents that someone else passes around are
/// nlohmann's business.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace rushhour::detail {

/// Appends a code point up to 0x10ffff.
inline void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Walks a text of RFC 8259. What a caller does not want it skips; every mistake on the way, skipped or not,
/// makes failed() true, and from then on nothing more is read. Bytes above 127 go through unlooked at.
///
///     JsonCursor json{R"({"a":1,"b":[2]})"};
///     for (json.open_object(); json.member(name);) json.skip();
class JsonCursor {
 public:
  enum class Kind : std::uint8_t { object, array, string, number, boolean, null, none };

  explicit JsonCursor(std::string_view text) : text_(text) {}

  /// What value comes next; `none` at the end and where no value can begin.
  [[nodiscard]] Kind next() {
    skip_blanks();
    if (failed_ || at_ == text_.size()) return Kind::none;
    switch (text_[at_]) {
      case '{':
        return Kind::object;
      case '[':
        return Kind::array;
      case '"':
        return Kind::string;
      case 't':
      case 'f':
        return Kind::boolean;
      case 'n':
        return Kind::null;
      default:
        return text_[at_] == '-' || is_digit(text_[at_]) ? Kind::number : Kind::none;
    }
  }

  /// Enters the object that comes next; then member() must be called until it is false, each value read or
  /// skipped.
  bool open_object() { return open('{'); }
  /// The same for arrays, with element().
  bool open_array() { return open('['); }

  /// Goes to the next member and gives its name; false behind the last one.
  bool member(std::string& name) {
    if (!advance('}')) return false;
    skip_blanks();
    if (!string(name)) return false;
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != ':') return fail();
    ++at_;
    return true;
  }
  /// Goes to the next element; false behind the last one.
  bool element() { return advance(']'); }

  /// Reads a string, its escapes resolved, into `out`.
  bool string(std::string& out) {
    out.clear();
    return scan_string(&out);
  }
  bool boolean(bool& out) {
    out = next() == Kind::boolean && text_[at_] == 't';
    return word(out ? "true" : "false");
  }
  bool null() {
    skip_blanks();
    return word("null");
  }
  /// Reads a number without a fraction or exponent that fits; others fail.
  bool integer(std::int64_t& out) { return number(out); }
  bool real(double& out) { return number(out); }

  /// Passes over the next value, whatever it is.
  bool skip() { return skip(0); }

  /// Whether the text ends here, as it must behind the outermost value.
  bool finish() {
    skip_blanks();
    return (!failed_ && at_ == text_.size()) || fail();
  }
  [[nodiscard]] bool failed() const { return failed_; }
  /// Bytes read so far: where a mistake is.
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  static constexpr int depth_max = 64;  ///< of skipped values; deeper ones are a mistake or an attack

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  bool fail() {
    failed_ = true;
    return false;
  }
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }
  bool open(char bracket) {
    skip_blanks();
    if (failed_ || at_ == text_.size() || text_[at_] != bracket) return fail();
    ++at_;
    first_ = true;
    return true;
  }
  /// Over a comma to what follows, or over the bracket that ends the object or array.
  bool advance(char bracket) {
    if (failed_) return false;
    skip_blanks();
    if (at_ == text_.size()) return fail();
    if (text_[at_] == bracket) {
      ++at_;
      first_ = false;
      return false;
    }
    if (!first_) {
      if (text_[at_] != ',') return fail();
      ++at_;
    }
    first_ = false;
    return true;
  }
  bool word(std::string_view expected) {
    if (failed_ || text_.substr(at_, expected.size()) != expected) return fail();
    at_ += expected.size();
    return true;
  }

  bool scan_string(std::string* out) {
    skip_blanks();
    if (failed_ || at_ == text_.size() || text_[at_] != '"') return fail();
    for (std::size_t run = ++at_;; ++at_) {
      if (at_ == text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) return fail();
      if (text_[at_] != '"' && text_[at_] != '\\') continue;
      if (out != nullptr) out->append(text_, run, at_ - run);
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (!scan_escape(out)) return fail();
      run = at_ + 1;
    }
  }
  /// At a backslash; leaves at the escape's last character.
  bool scan_escape(std::string* out) {
    if (++at_ == text_.size()) return false;
    if (text_[at_] == 'u') return scan_code_point(out);
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const std::size_t found = letters.find(text_[at_]);
    if (found == std::string_view::npos) return false;
    if (out != nullptr) *out += meanings[found];
    return true;
  }
  /// At the `u` of an escape: one code point, from two escapes where they are surrogates.
  bool scan_code_point(std::string* out) {
    std::uint32_t point = 0;
    if (!scan_hex(point)) return false;
    if (point >= 0xd800 && point < 0xdc00) {
      std::uint32_t low = 0;
      if (text_.substr(at_ + 1, 2) != "\\u") return false;
      at_ += 2;
      if (!scan_hex(low) || low < 0xdc00 || low > 0xdfff) return false;
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    } else if (point >= 0xdc00 && point <= 0xdfff) {
      return false;
    }
    if (out != nullptr) append_utf8(*out, point);
    return true;
  }
  bool scan_hex(std::uint32_t& value) {
    if (at_ + 4 >= text_.size()) return false;
    const char* const begin = text_.data() + at_ + 1;
    const auto read = std::from_chars(begin, begin + 4, value, 16);
    at_ += 4;
    return read.ec == std::errc{} && read.ptr == begin + 4;
  }
  /// The token of a number as the grammar has it: no `+`, no leading zeros, digits on both sides of a point.
  [[nodiscard]] std::string_view number_token() {
    skip_blanks();
    const std::size_t first = at_;
    std::size_t at = at_;
    const auto digits = [&] {
      const std::size_t from = at;
      while (at < text_.size() && is_digit(text_[at])) ++at;
      return at - from;
    };
    const auto take = [&](std::string_view any_of) {
      const bool is = at < text_.size() && any_of.find(text_[at]) != std::string_view::npos;
      at += is ? 1 : 0;
      return is;
    };
    take("-");
    const std::size_t whole = at;
    const std::size_t count = digits();
    if (count == 0 || (count > 1 && text_[whole] == '0')) return {};
    if (take(".") && digits() == 0) return {};
    if (take("eE")) {
      take("+-");
      if (digits() == 0) return {};
    }
    return text_.substr(first, at - first);
  }
  template <class Number>
  bool number(Number& out) {
    const std::string_view token = failed_ ? std::string_view{} : number_token();
    if (token.empty()) return fail();
    const auto read = std::from_chars(token.data(), token.data() + token.size(), out);
    if (read.ec != std::errc{} || read.ptr != token.data() + token.size()) return fail();
    at_ += token.size();
    return true;
  }

  bool skip(int depth) {
    if (depth == depth_max) return fail();
    switch (next()) {
      case Kind::object:
        open_object();
        while (advance('}')) {
          if (!scan_string(nullptr)) return false;
          skip_blanks();
          if (at_ == text_.size() || text_[at_] != ':') return fail();
          ++at_;
          if (!skip(depth + 1)) return false;
        }
        return !failed_;
      case Kind::array:
        open_array();
        while (advance(']')) {
          if (!skip(depth + 1)) return false;
        }
        return !failed_;
      case Kind::string:
        return scan_string(nullptr);
      case Kind::number: {
        const std::size_t size = number_token().size();
        at_ += size;
        return size != 0 || fail();
      }
      case Kind::boolean:
        return word(text_[at_] == 't' ? "true" : "false");
      case Kind::null:
        return word("null");
      case Kind::none:
        break;
    }
    return fail();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool first_ = false;
  bool failed_ = false;
};

}  // namespace rushhour::detail
