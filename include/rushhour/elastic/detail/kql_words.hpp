/// \file
/// Words of analysed text, as Elasticsearch's standard analyser makes them: split at the word boundaries of
/// Unicode, in lower case. It removes no stop words and stems nothing, as that analyser does not.
///
/// Source: new-terms.md 3.2 (text is analysed); [MEM] the boundaries of UAX #29. Simplified: exact for ASCII;
/// beyond it ideographs and hiragana are words of one character, other letters are told from punctuation by
/// blocks, and lower case is known for Latin, Greek and Cyrillic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/elastic/detail/kql_characters.hpp>

namespace rushhour::elastic::detail {

enum class WordPart : std::uint8_t {
  none,  ///< white space, punctuation
  letter,
  digit,
  joint,       ///< `_`, and marks over letters: part of a word, but no word alone
  mid_letter,  ///< `:` joins letters
  mid_number,  ///< `,` and `;` join digits
  mid_either,  ///< `.` and `'` join letters, or digits
  alone        ///< a word by itself
};

[[nodiscard]] constexpr WordPart word_part_of(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (c < 0x80) {
    if (within('a', 'z') || within('A', 'Z')) return WordPart::letter;
    if (within('0', '9')) return WordPart::digit;
    switch (c) {
      case '_':
        return WordPart::joint;
      case ':':
        return WordPart::mid_letter;
      case ',':
      case ';':
        return WordPart::mid_number;
      case '.':
      case '\'':
        return WordPart::mid_either;
      default:
        return WordPart::none;
    }
  }
  if (c == 0x2018 || c == 0x2019 || c == 0x2024) return WordPart::mid_either;
  if (c == 0xb7 || c == 0x2027) return WordPart::mid_letter;
  if (within(0x300, 0x36f) || c == 0x200d || within(0xfe00, 0xfe0f) || c == 0x203f || c == 0x2040)
    return WordPart::joint;
  if (within(0x3005, 0x3007) || within(0x3041, 0x309f) || within(0x3400, 0x4dbf) || within(0x4e00, 0x9fff) ||
      within(0xf900, 0xfaff) || within(0x1f000, 0x1faff) || within(0x20000, 0x3ffff)) {
    return WordPart::alone;
  }
  const bool is_mark = within(0x80, 0xa9) || within(0xab, 0xb4) || within(0xb6, 0xb9) || within(0xbb, 0xbf) ||
                       c == 0xd7 || c == 0xf7 || within(0x2000, 0x206f) || within(0x20a0, 0x20cf) ||
                       within(0x2190, 0x2bff) || within(0x2e00, 0x303f) || within(0xe000, 0xf8ff) ||
                       within(0xfe10, 0xfe6f) || within(0xff01, 0xff20) || within(0xff3b, 0xff40) ||
                       within(0xff5b, 0xff65) || within(0xfff0, 0xffff);
  return is_mark ? WordPart::none : WordPart::letter;
}

[[nodiscard]] constexpr char32_t lower_case(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within('A', 'Z') || (within(0xc0, 0xde) && c != 0xd7) || within(0x391, 0x3a9) || within(0x410, 0x42f))
    return c + 32;
  if (within(0x400, 0x40f)) return c + 80;
  if (within(0x139, 0x148) || within(0x179, 0x17e)) return c % 2 == 1 ? c + 1 : c;
  if (within(0x100, 0x137) && c != 0x130) return c | 1;
  if (within(0x14a, 0x177)) return c | 1;
  return c;
}

[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    append_utf8(out, lower_case(c.value));
    at += c.size;
  }
  return out;
}

/// Whether a word in any case, once in lower case, is `lowered`.
[[nodiscard]] inline bool is_same_word(std::string_view word, std::string_view lowered) {
  std::size_t in_lowered = 0;
  for (std::size_t at = 0; at < word.size();) {
    if (in_lowered >= lowered.size()) return false;
    const CodePoint c = code_point_at(word, at);
    const CodePoint wanted = code_point_at(lowered, in_lowered);
    if (lower_case(c.value) != wanted.value) return false;
    at += c.size;
    in_lowered += wanted.size;
  }
  return in_lowered == lowered.size();
}

/// The words of a text one after the other, as they are written. A copy goes on from where this one is.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// False at the end.
  [[nodiscard]] bool next(std::string_view& word) {
    while (at_ < text_.size()) {
      const std::size_t first = at_;
      WordPart last = take();
      if (last == WordPart::alone) {
        word = text_.substr(first, at_ - first);
        return true;
      }
      bool any = last == WordPart::letter || last == WordPart::digit;
      if (!any && last != WordPart::joint) continue;
      while (goes_on(last)) {
        const WordPart next = take();
        if (next != WordPart::joint) any = true;
        if (next == WordPart::letter || next == WordPart::digit || last == WordPart::none) last = next;
      }
      if (!any) continue;
      word = text_.substr(first, at_ - first);
      return true;
    }
    return false;
  }

 private:
  [[nodiscard]] WordPart part_at(std::size_t at) const {
    return at < text_.size() ? word_part_of(code_point_at(text_, at).value) : WordPart::none;
  }
  WordPart take() {
    const CodePoint c = code_point_at(text_, at_);
    at_ += c.size;
    return word_part_of(c.value);
  }
  /// Whether the word whose last letter or digit was `last` has more characters.
  [[nodiscard]] bool goes_on(WordPart last) const {
    const WordPart here = part_at(at_);
    if (here == WordPart::letter || here == WordPart::digit || here == WordPart::joint) return true;
    if (here != WordPart::mid_letter && here != WordPart::mid_number && here != WordPart::mid_either)
      return false;
    const WordPart behind = part_at(at_ + code_point_at(text_, at_).size);
    if (behind != last) return false;
    return last == WordPart::letter ? here != WordPart::mid_number
                                    : last == WordPart::digit && here != WordPart::mid_letter;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace rushhour::elastic::detail
