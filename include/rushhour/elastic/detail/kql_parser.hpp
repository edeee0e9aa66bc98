/// \file
/// Reads KQL: a recursive descent, one function per rule of the grammar, with the ordered choices of Kibana's
/// PEG. What a query means is the compiler's business.
///
///     start    := WS* [or] WS*                     the empty query matches everything
///     or       := and (OR and)*                    and := not (AND not)*          not := NOT sub | sub
///     sub      := "(" WS* or WS* ")" | nested      nested := field WS* ":" WS* "{" WS* or WS* "}" | expr
///     expr     := field WS* (<=|>=|<|>) WS* literal | field WS* ":" WS* list | value
///     list     := "(" ... ")" | value              with its own or, and, not, which share the field
///     OR, AND  := WS+ word WS+                     NOT := "not" WS+
///
/// A literal that begins at one place always ends at the same place, so reading it once and looking at what
/// follows is the same as trying each choice in turn.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detail/hex.hpp>
#include <rushhour/elastic/detail/kql_characters.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::elastic::detail {

class KqlParser {
 public:
  explicit KqlParser(std::string_view text) : text_(text) {}

  /// \throws InputError at the farthest place that some choice reached, with all that was expected there.
  [[nodiscard]] KqlNode parse() {
    at_ = skip_kql_space(text_, 0);
    std::optional<KqlNode> query = joined(KqlNode::Kind::any_of, nullptr);
    at_ = skip_kql_space(text_, at_);
    if (at_ < text_.size()) {
      expect(end_of_input);
      fail();
    }
    return query ? *std::move(query) : KqlNode{};
  }

 private:
  /// What may come next, in the order of Kibana's messages, which sort by the text.
  enum Expected : std::uint32_t {
    open_parenthesis = 1U << 0,
    close_parenthesis = 1U << 1,
    colon = 1U << 2,
    less = 1U << 3,
    at_most = 1U << 4,
    greater = 1U << 5,
    at_least = 1U << 6,
    open_brace = 1U << 7,
    close_brace = 1U << 8,
    word_and = 1U << 9,
    word_not = 1U << 10,
    word_or = 1U << 11,
    end_of_input = 1U << 12,
    field_name = 1U << 13,
    value = 1U << 14,
  };
  static constexpr std::array<std::string_view, 15> expected_texts{
      "\"(\"", "\")\"", "\":\"", "\"<\"", "\"<=\"",       "\">\"",      "\">=\"", "\"{\"",
      "\"}\"", "AND",   "NOT",   "OR",    "end of input", "field name", "value"};
  /// Far beyond any rule; it keeps every recursion over a query within the stack of a simulated worker.
  static constexpr int depth_max = 64;

  /// Rules of the grammar. Each moves at_ behind what it read, or leaves it and returns nothing. `field` is
  /// whose list of values is being read; nullptr outside of lists.

  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  std::optional<KqlNode> joined(KqlNode::Kind kind, const KqlLiteral* field) {
    const bool is_or = kind == KqlNode::Kind::any_of;
    const auto operand = [&] { return is_or ? joined(KqlNode::Kind::all_of, field) : negated(field); };
    std::optional<KqlNode> first = operand();
    if (!first) return std::nullopt;
    KqlNode all{.kind = kind};
    all.children.push_back(*std::move(first));
    while (true) {
      expect(is_or ? word_or : word_and, skip_kql_space(text_, at_));
      const std::size_t behind = skip_joining_word(text_, at_, is_or ? "or" : "and");
      if (behind == 0) break;
      const std::size_t before = std::exchange(at_, behind);
      std::optional<KqlNode> next = operand();
      if (!next) {
        at_ = before;
        break;
      }
      all.children.push_back(*std::move(next));
    }
    if (all.children.size() == 1) return KqlNode{std::move(all.children.front())};
    return all;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  std::optional<KqlNode> negated(const KqlLiteral* field) {
    expect(word_not);
    const std::size_t behind = skip_not(text_, at_);
    if (behind == 0) return sub(field);
    const std::size_t before = std::exchange(at_, behind);
    std::optional<KqlNode> operand = sub(field);
    if (!operand) {
      at_ = before;
      return std::nullopt;  // no literal begins with `not `
    }
    KqlNode node{.kind = KqlNode::Kind::negation};
    node.children.push_back(*std::move(operand));
    return node;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  std::optional<KqlNode> sub(const KqlLiteral* field) {
    if (std::optional<KqlNode> inner = enclosed('(', ')', field)) return inner;
    return field == nullptr ? expression() : value_of(*field);
  }

  /// `( or )`, `{ or }`.
  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  std::optional<KqlNode> enclosed(char open, char close, const KqlLiteral* field) {
    expect(open == '(' ? open_parenthesis : open_brace);
    if (!is_at(open)) return std::nullopt;
    if (depth_ == depth_max) fail_too_deep();
    const std::size_t before = at_;
    ++depth_;
    at_ = skip_kql_space(text_, at_ + 1);
    std::optional<KqlNode> inner = joined(KqlNode::Kind::any_of, field);
    --depth_;
    if (inner) {
      at_ = skip_kql_space(text_, at_);
      expect(close == ')' ? close_parenthesis : close_brace);
      if (is_at(close)) {
        ++at_;
        return inner;
      }
    }
    at_ = before;
    return std::nullopt;
  }

  /// The rules `nested` and `expr`.
  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  std::optional<KqlNode> expression() {
    expect(field_name);
    expect(value);
    const std::size_t start = at_;
    std::optional<KqlLiteral> first = literal();
    if (!first) return std::nullopt;
    const std::size_t behind_first = at_;
    at_ = skip_kql_space(text_, at_);
    expect(colon);
    if (is_at(':')) {
      at_ = skip_kql_space(text_, at_ + 1);
      if (std::optional<KqlNode> inner = enclosed('{', '}', nullptr)) {
        KqlNode node = placed({.kind = KqlNode::Kind::nested, .field = *std::move(first)}, start);
        node.children.push_back(*std::move(inner));
        return node;
      }
      if (std::optional<KqlNode> list = sub(&*first)) return list;
    } else if (std::optional<KqlNode> range = this->range(*first)) {
      return range;
    }
    at_ = behind_first;
    return placed({.kind = KqlNode::Kind::comparison, .value = *std::move(first)}, start);
  }

  std::optional<KqlNode> range(const KqlLiteral& field) {
    using Operator = KqlNode::Operator;
    for (const Expected each : {less, at_most, greater, at_least}) expect(each);
    if (!is_at('<') && !is_at('>')) return std::nullopt;
    const bool is_less = text_[at_++] == '<';
    const bool or_equal = is_at('=');
    if (or_equal) ++at_;
    at_ = skip_kql_space(text_, at_);
    std::optional<KqlNode> node = value_of(field);
    if (node) {
      node->op = is_less ? (or_equal ? Operator::at_most : Operator::less)
                         : (or_equal ? Operator::at_least : Operator::greater);
    }
    return node;
  }

  std::optional<KqlNode> value_of(const KqlLiteral& field) {
    expect(value);
    const std::size_t start = at_;
    std::optional<KqlLiteral> read = literal();
    if (!read) return std::nullopt;
    return placed({.kind = KqlNode::Kind::comparison, .field = field, .value = *std::move(read)}, start);
  }

  std::optional<KqlLiteral> literal() {
    if (is_at('"')) return quoted();
    return unquoted();
  }

  KqlLiteral quoted() {
    const std::size_t start = at_++;
    KqlLiteral out{.kind = KqlLiteral::Kind::quoted};
    std::string& text = out.parts.front();
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return out;
      }
      if (c == '\\' && (escaped_space(text) || escaped_unicode(text))) continue;
      if (c == '\\' && at_ + 1 < text_.size() && (text_[at_ + 1] == '\\' || text_[at_ + 1] == '"')) ++at_;
      text += text_[at_++];
    }
    // Nothing else can take the quote, so no choice is left.
    fail_at(start, {.expected = "a quote that closes the one here",
                    .seen = "end of input",
                    .advice = R"(close it with ", and write \" for a quote inside)"});
  }

  std::optional<KqlLiteral> unquoted() {
    const std::size_t start = at_;
    KqlLiteral out;
    for (; at_ < text_.size();) {
      std::string& text = out.parts.back();
      const char c = text_[at_];
      if (c == '\\') {
        if (!escaped_space(text) && !escaped_special(text) && !escaped_unicode(text) && !escaped_word(text))
          break;
      } else if (c == '*') {
        ++at_;
        out.parts.emplace_back();
      } else if (kql_special.find(c) != std::string_view::npos || keyword_here()) {
        break;
      } else {
        text += c;
        ++at_;
      }
    }
    if (at_ == start) return std::nullopt;
    trim_front(out.parts.front());
    trim_back(out.parts.back());
    if (out.parts.size() > 1) {
      out.kind = KqlLiteral::Kind::wildcard;
    } else if (out.parts[0] == "null") {
      out.kind = KqlLiteral::Kind::null;
    } else if (out.parts[0] == "true" || out.parts[0] == "false") {
      out.kind = KqlLiteral::Kind::boolean;
    }
    return out;
  }

  [[nodiscard]] bool keyword_here() const {
    return skip_joining_word(text_, at_, "or") != 0 || skip_joining_word(text_, at_, "and") != 0 ||
           skip_not(text_, at_) != 0;
  }

  /// Escapes. Each appends what the escape at at_ means and moves behind it, or is false.

  bool escaped_space(std::string& out) {
    if (at_ + 1 >= text_.size()) return false;
    const char c = text_[at_ + 1];
    if (c != 't' && c != 'r' && c != 'n') return false;
    out += c == 't' ? '\t' : c == 'r' ? '\r' : '\n';
    at_ += 2;
    return true;
  }
  bool escaped_special(std::string& out) {
    if (at_ + 1 >= text_.size() || kql_special.find(text_[at_ + 1]) == std::string_view::npos) return false;
    out += text_[at_ + 1];
    at_ += 2;
    return true;
  }
  /// `\NOT` works, `\not` does not: `\n` comes first in the grammar, and makes it a new line and "ot".
  bool escaped_word(std::string& out) {
    for (const std::string_view word : {"or", "and", "not"}) {
      if (!word_at(text_, at_ + 1, word)) continue;
      out += text_.substr(at_ + 1, word.size());
      at_ += 1 + word.size();
      return true;
    }
    return false;
  }
  /// Two escapes that are halves of one character are put together; a half alone becomes U+FFFD.
  bool escaped_unicode(std::string& out) {
    std::optional<char32_t> unit = unicode_escape_at(at_);
    if (!unit) return false;
    at_ += 6;
    if (*unit >= 0xd800 && *unit < 0xdc00) {
      const std::optional<char32_t> low = unicode_escape_at(at_);
      if (low && *low >= 0xdc00 && *low < 0xe000) {
        at_ += 6;
        unit = 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
      }
    }
    append_utf8(out, *unit >= 0xd800 && *unit < 0xe000 ? 0xfffd : *unit);
    return true;
  }
  [[nodiscard]] std::optional<char32_t> unicode_escape_at(std::size_t at) const {
    if (at + 6 > text_.size() || text_[at] != '\\' || text_[at + 1] != 'u') return std::nullopt;
    char32_t unit = 0;
    for (const char c : text_.substr(at + 2, 4)) {
      const int digit = rushhour::detail::hex_digit(c);
      if (digit < 0) return std::nullopt;
      unit = unit << 4 | static_cast<char32_t>(digit);
    }
    return unit;
  }

  [[nodiscard]] bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }

  /// Errors.

  void expect(Expected what) { expect(what, at_); }
  void expect(Expected what, std::size_t at) {
    if (at < farthest_) return;
    if (at > farthest_) expected_ = 0;
    farthest_ = at;
    expected_ |= what;
  }

  [[nodiscard]] KqlNode placed(KqlNode node, std::size_t at) const {
    const std::string_view before = text_.substr(0, at);
    node.line = static_cast<std::uint64_t>(std::ranges::count(before, '\n')) + 1;
    node.column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
    return node;
  }
  [[noreturn]] void fail_at(std::size_t at, Mistake mistake) const {
    const KqlNode place = placed({}, at);
    mistake.line = place.line;
    mistake.column = place.column;
    throw InputError(std::move(mistake));
  }
  [[noreturn]] void fail_too_deep() const {
    fail_at(at_,
            {.expected = "at most " + std::to_string(depth_max) + " parentheses and braces in each other",
             .seen = "one more",
             .advice = "take out those that change nothing"});
  }
  [[noreturn]] void fail() const {
    std::string expected;
    for (std::size_t i = 0; i < expected_texts.size(); ++i) {
      if ((expected_ >> i & 1) != 0) (expected += expected.empty() ? "" : ", ") += expected_texts[i];
    }
    std::string seen = "end of input";
    if (farthest_ < text_.size()) {
      seen = '"' + std::string{text_.substr(farthest_, code_point_at(text_, farthest_).size)} + '"';
    }
    fail_at(farthest_, {.expected = std::move(expected), .seen = std::move(seen), .advice = advice()});
  }
  [[nodiscard]] std::string advice() const {
    if (farthest_ == text_.size()) return {};
    const std::string_view before = text_.substr(0, farthest_);
    switch (text_[farthest_]) {
      case '\\':
        return R"(a backslash stands only before \ ( ) : < > " * { }, t, r, n, uXXXX and the words and, or, not; )"
               "put the value in quotes";
      case '(':
        for (const std::string_view word : {"and", "or", "not"}) {
          if (farthest_ >= word.size() && word_at(before, farthest_ - word.size(), word))
            return "put a space between " + std::string{word} + " and (";
        }
        [[fallthrough]];
      case ')':
      case ':':
      case '<':
      case '>':
      case '{':
      case '}':
        return "if it belongs to a value, put the value in quotes";
      default:
        if (skip_not(text_, farthest_) == 0) return {};
        if ((expected_ & open_brace) != 0)
          return "put not before the field, or in parentheses: field:(not value)";
        if ((expected_ & end_of_input) == 0) return "to negate twice, use parentheses: not (not ...)";
        return "not before a space is a keyword, in a word too; put the value in quotes";
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t farthest_ = 0;
  std::uint32_t expected_ = 0;
};

}  // namespace rushhour::elastic::detail
