/// \file
/// Where the characters of a written text stand in its file: for texts over several lines and with escapes,
/// in TOML and JSON, so that a mistake inside a query is reported where the author sees it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rushhour::elastic {

/// Maps offsets in a decoded text to lines and columns of its file, both from 1, columns in bytes.
class TextPlaces {
 public:
  struct Place {
    std::uint64_t line{};
    std::uint64_t column{};
  };

  /// From `offset` on, up to the next mark, each byte stands one column further.
  void mark(std::size_t offset, Place place) {
    if (!marks_.empty() && marks_.back().offset == offset) {
      marks_.back().place = place;
    } else {
      marks_.push_back({offset, place});
    }
  }

  /// {0, 0} when nothing is known.
  [[nodiscard]] Place at(std::size_t offset) const {
    if (marks_.empty()) return {};
    const auto after =
        std::upper_bound(marks_.begin(), marks_.end(), offset,
                         [](std::size_t value, const Mark& mark) { return value < mark.offset; });
    const Mark& mark = after == marks_.begin() ? marks_.front() : *(after - 1);
    return {mark.place.line, mark.place.column + (offset - std::min(mark.offset, offset))};
  }

 private:
  struct Mark {
    std::size_t offset{};
    Place place{};
  };
  std::vector<Mark> marks_{};  // in order of offsets
};

namespace detail {

/// Walks a text as it is written, from its opening quote, beside what was decoded of it.
class WrittenText {
 public:
  /// `written` is the file from the quote on, which stands at `place`.
  WrittenText(std::string_view written, std::string_view decoded, TextPlaces::Place place)
      : written_(written), decoded_(decoded), place_(place) {}

  [[nodiscard]] TextPlaces places() {
    open();
    out_.mark(0, place_);
    while (done_ < decoded_.size() && at_ < written_.size()) step();
    return std::move(out_);
  }

 private:
  void open() {
    for (const std::string_view quotes : {"'''", "\"\"\""}) {
      if (!written_.starts_with(quotes)) continue;
      has_escapes_ = quotes.front() == '"';
      advance(3);
      // A line break right behind the quotes is none of the text (TOML 1.0, "String").
      if (rest().starts_with("\r\n")) advance(2);
      if (rest().starts_with('\n')) advance(1);
      return;
    }
    has_escapes_ = written_.starts_with('"');
    advance(1);
  }
  void step() {
    if (has_escapes_ && rest().starts_with('\\')) {
      escape();
    } else if (rest().starts_with("\r\n") && decoded_[done_] == '\n') {
      advance(2);
      ++done_;
      out_.mark(done_, place_);
    } else {
      const bool is_line_end = rest().front() == '\n';
      advance(1);
      ++done_;
      if (is_line_end) out_.mark(done_, place_);
    }
  }
  void escape() {
    const char letter = rest().size() > 1 ? rest()[1] : '\0';
    if (std::string_view{" \t\r\n"}.find(letter) != std::string_view::npos) {
      // TOML's backslash at the end of a line: blanks up to the next character are none of the text.
      advance(1);
      while (at_ < written_.size() &&
             std::string_view{" \t\r\n"}.find(rest().front()) != std::string_view::npos) {
        advance(1);
      }
    } else {
      const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
      advance(2 + digits);
      const auto first = static_cast<unsigned char>(decoded_[done_]);
      const std::size_t bytes = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if (bytes == 4 && letter == 'u') advance(6);  // JSON's second half of a pair
      done_ += bytes;
    }
    out_.mark(std::min(done_, decoded_.size()), place_);
  }
  void advance(std::size_t count) {
    for (; count > 0 && at_ < written_.size(); --count, ++at_) {
      if (written_[at_] == '\n') {
        ++place_.line;
        place_.column = 1;
      } else {
        ++place_.column;
      }
    }
  }
  [[nodiscard]] std::string_view rest() const { return written_.substr(at_); }

  std::string_view written_;
  std::string_view decoded_;
  TextPlaces::Place place_;
  std::size_t at_ = 0;    // in what is written
  std::size_t done_ = 0;  // of what was decoded
  bool has_escapes_ = false;
  TextPlaces out_{};
};

}  // namespace detail
}  // namespace rushhour::elastic
