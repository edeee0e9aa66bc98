/// \file
/// Reads the grammar of expression.hpp by recursive descent, a function for each rule. Bodies: selectors and
/// how terms are joined in expression_inl.hpp, what they are compared with in expression_values_inl.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/budget.hpp>
#include <rushhour/scenario/detail/expression_text.hpp>

namespace rushhour::scenario::detail {

/// Words with their places, as the rules consume them.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const Place& place) : text_(text), place_(place) {}

  /// The whole text: its terms, and how they are joined.
  void read(Budget& out);

 private:
  struct Word {
    std::size_t begin{};
    std::size_t end{};
  };

  // What is joined.
  [[nodiscard]] Expression expression();
  [[nodiscard]] Expression conjunction();
  [[nodiscard]] Expression part();
  [[nodiscard]] Expression term();
  [[nodiscard]] Expression add(Term term);
  [[noreturn]] void fail_behind_term(std::string expected) const;

  // Selectors.
  void selector(Term& term);
  [[nodiscard]] std::vector<Word> words(Term& term);
  void labels(Term& term);
  [[nodiscard]] std::string label_value();
  [[nodiscard]] bool window(Word word, Selector& out) const;
  [[nodiscard]] bool aggregate(Word word, Selector& out) const;

  // What they are compared with, and where.
  [[nodiscard]] Op op();
  void bound(Term& out);
  void amount(Term& out);
  void unit(std::string_view name, std::size_t begin, std::size_t unit_begin, Term& out) const;
  void percentage(std::size_t begin, Term& out);
  void share(std::size_t begin, Term& out);
  void baseline(Term& out);
  void range(Term& out);
  [[nodiscard]] Duration range_end(bool& is_offset);

  [[nodiscard]] std::string_view text_of(Word word) const {
    return text_.substr(word.begin, word.end - word.begin);
  }
  void skip_blank() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  /// Behind the last character that is no blank.
  [[nodiscard]] std::size_t last_end() const { return text_.substr(0, at_).find_last_not_of(" \t\r\n") + 1; }
  [[nodiscard]] bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  [[nodiscard]] static bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  }
  /// The end of the word or single character at the current place, UTF-8 sequences kept whole.
  [[nodiscard]] std::size_t word_end() const {
    std::size_t end = at_;
    while (end < text_.size() && in_word(text_[end])) ++end;
    if (end == at_ && end < text_.size()) ++end;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return end;
  }
  bool take_word(std::string_view word) {
    skip_blank();
    if (text_.substr(at_, word_end() - at_) != word) return false;
    at_ += word.size();
    return true;
  }
  [[noreturn]] void fail(std::size_t begin, std::size_t end, std::string expected,
                         std::string advice = {}) const {
    fail_expression(text_, place_, begin, end, std::move(expected), std::move(advice));
  }
  [[noreturn]] void fail_here(std::string expected, std::string advice = {}) const {
    fail(at_, word_end(), std::move(expected), std::move(advice));
  }

  std::string_view text_;
  const Place& place_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;     ///< of parentheses
  bool either_side_ = false;  ///< the term at hand said "+/-"
  std::vector<Term> terms_{};
};

}  // namespace rushhour::scenario::detail
