/// \file
/// Bodies of document.hpp. The grammar is nlohmann's; the places are found by a cursor of our own that walks
/// the text beside the parser, because its SAX interface reports no position and its DOM keeps none.
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include <rushhour/digest.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/document.hpp>

namespace rushhour::scenario {
namespace detail {

/// Walks over text token by token. It trusts that the parser has accepted each token before it is asked for
/// it.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t column() const { return at_ - line_start_ + 1; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char front() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  void advance_to(std::size_t offset) {
    for (; at_ < offset && at_ < text_.size(); ++at_) {
      if (text_[at_] != '\n') continue;
      ++line_;
      line_start_ = at_ + 1;
    }
  }
  /// Over whitespace and complete comments. A line comment ends at either kind of line end, as the parser's
  /// do.
  void skip_blank() {
    for (;;) {
      const std::size_t token = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
      advance_to(token);
      if (rest().starts_with("//")) {
        advance_to(std::min(text_.find_first_of("\r\n", at_), text_.size()));
        continue;
      }
      if (!rest().starts_with("/*")) return;
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return;
      advance_to(end + 2);
    }
  }
  /// To the start of the next token that makes a SAX event: commas and colons make none.
  void skip_to_token() {
    for (skip_blank(); front() == ',' || front() == ':'; skip_blank()) ++at_;
  }
  /// Over one token; its source text.
  std::string_view take_token() {
    std::size_t end = at_ + 1;
    if (front() == '"') {
      while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2U : 1U;
      ++end;
    } else if (std::string_view{"{}[]"}.find(front()) == std::string_view::npos) {
      end = word_end();
    }
    end = std::min(end, text_.size());
    const std::string_view token = text_.substr(at_, end - at_);
    advance_to(end);
    return token;
  }
  /// Where the word, number or single character ends that begins here.
  [[nodiscard]] std::size_t word_end() const {
    static constexpr std::string_view stops = " \t\r\n,:{}[]\"/";
    return std::min(std::max(text_.find_first_of(stops, at_), at_ + 1), text_.size());
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  std::size_t line_start_ = 0;
};

/// Receives the parser's events and builds the tree. Its members named like SAX events are nlohmann's
/// interface.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const std::string& file, DocumentLimits limits)
      : text_(text), file_(file), limits_(limits), cursor_(text) {}

  [[nodiscard]] Node take() { return std::move(root_); }

  bool null() { return scalar(Node::Kind::null), true; }
  bool boolean(bool) { return scalar(Node::Kind::boolean), true; }
  bool number_integer(std::int64_t) { return scalar(Node::Kind::number), true; }
  bool number_unsigned(std::uint64_t) { return scalar(Node::Kind::number), true; }
  bool number_float(double, const std::string&) { return scalar(Node::Kind::number), true; }
  bool string(std::string& value) {
    begin_value(Node::Kind::text).text = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t&) { return false; }  // not in text
  bool start_object(std::size_t) { return open(Node::Kind::object), true; }
  bool start_array(std::size_t) { return open(Node::Kind::array), true; }
  bool end_object() { return close(), true; }
  bool end_array() { return close(), true; }
  bool key(std::string& name);
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error);

 private:
  struct Level {
    Node* node;  // stays put: its parent gets no other child while this one is open
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> keys{};  // line and column of each
  };

  [[nodiscard]] Place here() const { return {file_, cursor_.line(), cursor_.column(), pointer()}; }
  [[nodiscard]] std::string pointer() const;
  Node& begin_value(Node::Kind kind);
  void scalar(Node::Kind kind);
  void open(Node::Kind kind);
  void close();
  [[nodiscard]] std::string expected_here();
  [[noreturn]] void fail_inside_text(std::size_t offset, const std::string& reason);

  std::string_view text_;
  const std::string& file_;
  DocumentLimits limits_;
  Cursor cursor_;
  Node root_{};
  bool has_root_ = false;
  bool has_key_ = false;  // a key waits for its value
  Node key_{};
  std::vector<Level> levels_{};
};

RUSHHOUR_INLINE std::string TreeBuilder::pointer() const {
  std::string out;
  for (std::size_t i = 1; i < levels_.size(); ++i) {
    const Node& parent = *levels_[i - 1].node;
    out += parent.kind == Node::Kind::object ? pointer_step(levels_[i].node->key)
                                             : "/" + std::to_string(parent.children.size() - 1);
  }
  if (has_key_) out += pointer_step(key_.key);
  if (!levels_.empty() && levels_.back().node->kind == Node::Kind::array) {
    out += "/" + std::to_string(levels_.back().node->children.size());
  }
  return out;
}

RUSHHOUR_INLINE Node& TreeBuilder::begin_value(Node::Kind kind) {
  cursor_.skip_to_token();
  Node node = std::exchange(key_, {});
  node.kind = kind;
  node.line = cursor_.line();
  node.column = cursor_.column();
  node.text = cursor_.take_token();
  has_key_ = false;
  if (levels_.empty()) {
    root_ = std::move(node);
    has_root_ = true;
    return root_;
  }
  return levels_.back().node->children.emplace_back(std::move(node));
}

RUSHHOUR_INLINE void TreeBuilder::scalar(Node::Kind kind) {
  Node& node = begin_value(kind);
  if (kind == Node::Kind::null) node.text.clear();
}

RUSHHOUR_INLINE void TreeBuilder::open(Node::Kind kind) {
  if (levels_.size() == limits_.depth_max) {
    cursor_.skip_to_token();
    here().fail("at most " + std::to_string(limits_.depth_max) + " levels of arrays and objects", "one more");
  }
  Node& node = begin_value(kind);
  node.text.clear();
  levels_.push_back({&node});
}

RUSHHOUR_INLINE void TreeBuilder::close() {
  cursor_.skip_to_token();
  cursor_.take_token();
  levels_.pop_back();
}

RUSHHOUR_INLINE bool TreeBuilder::key(std::string& name) {
  cursor_.skip_to_token();
  const auto [first, fresh] = levels_.back().keys.try_emplace(name, cursor_.line(), cursor_.column());
  key_.key = std::move(name);
  key_.key_line = cursor_.line();
  key_.key_column = cursor_.column();
  has_key_ = true;
  if (!fresh) {
    const auto [line, column] = first->second;
    here().fail("each key once", in_quotes(key_.key) + " again",
                "the first is on line " + std::to_string(line) + ", column " + std::to_string(column));
  }
  cursor_.take_token();
  return true;
}

/// Moves the cursor over the separator that is right here, if it is there, and says what must follow.
RUSHHOUR_INLINE std::string TreeBuilder::expected_here() {
  cursor_.skip_blank();
  const auto separator = [this](char c) {
    if (cursor_.front() != c) return false;
    cursor_.advance_to(cursor_.at() + 1);
    cursor_.skip_blank();
    return true;
  };
  if (levels_.empty()) return has_root_ ? "the end of the file" : "a value";
  if (has_key_) {
    const bool colon = separator(':');
    return (colon ? "a value for the key " : "\":\" after the key ") + in_quotes(key_.key);
  }
  const Node& node = *levels_.back().node;
  const bool object = node.kind == Node::Kind::object;
  const std::string element = object ? "a key in double quotes" : "a value";
  const std::string end = object ? "\"}\"" : "\"]\"";
  if (node.children.empty()) return element + " or " + end;
  return separator(',') ? element : "\",\" or " + end;
}

RUSHHOUR_INLINE void TreeBuilder::fail_inside_text(std::size_t offset, const std::string& reason) {
  cursor_.advance_to(offset);
  if (cursor_.at_end()) here().fail("a closing quote", "the end of the file");
  if (cursor_.front() == '\n' || cursor_.front() == '\r')
    here().fail("a closing quote", "the end of the line");
  here().fail("a well-formed text", {}, reason);
}

RUSHHOUR_INLINE bool TreeBuilder::parse_error(std::size_t position, const std::string&,
                                              const nlohmann::json::exception& error) {
  // Our own words where the tokens come in the wrong order. Inside a token the lexer knows more: its reason
  // stands between " - " and "; last read".
  const std::string_view what = error.what();
  const std::size_t reason_end = what.find("; last read");
  const bool inside_token = reason_end != std::string_view::npos;
  std::string reason{what.substr(0, reason_end)};
  if (const std::size_t dash = reason.find(" - "); dash != std::string::npos) reason.erase(0, dash + 3);

  const std::string expected = expected_here();
  const char front = cursor_.front();
  if (cursor_.at_end()) here().fail(expected, "the end of the file");
  if (inside_token && front == '"') fail_inside_text(std::max(cursor_.at(), position - 1), reason);
  if (inside_token && cursor_.rest().starts_with("/*")) here().fail("\"*/\" at the end of this comment");
  const auto length = std::max(cursor_.word_end() - cursor_.at(), std::size_t{1});
  Cursor after = cursor_;
  std::string_view token = front == '"' ? after.take_token() : cursor_.rest().substr(0, length);
  if (front == '"') token = token.substr(1, token.size() - 2);
  constexpr int number_out_of_range = 406;  // json.nlohmann.me/home/exceptions, 2026-03
  const bool letter = (front >= 'a' && front <= 'z') || (front >= 'A' && front <= 'Z') || front == '\'';
  std::string advice;
  if (error.id == number_out_of_range) {
    advice = "the number is out of range";
  } else if (front == '}' || front == ']') {
    const bool after_comma =
        !levels_.empty() && (expected == "a value" || expected == "a key in double quotes");
    if (after_comma) advice = "remove the comma before it";
  } else if (expected.starts_with("\",\"")) {
    advice = "a comma is missing before it";
  } else if (letter) {
    const auto meant = nearest(token, std::array<std::string_view, 3>{"true", "false", "null"});
    advice = meant.empty() ? "keys and texts stand in double quotes" : "write " + meant.front();
  } else if (inside_token) {
    advice = reason;
  }
  here().fail(expected, in_quotes(token), advice);
}

/// Also without a second one, which the parser would skip and the cursor would not.
[[nodiscard]] inline std::string_view without_byte_order_mark(std::string_view text) {
  while (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace detail

RUSHHOUR_INLINE Document parse_document(std::string_view text, std::string file, DocumentLimits limits) {
  if (text.size() > limits.bytes_max) {
    Place{.file = file}.fail("a document of at most " + std::to_string(limits.bytes_max) + " bytes",
                             "a longer one");
  }
  text = detail::without_byte_order_mark(text);
  // The parser would take a NUL for the end of the text, and whatever follows it would pass unread.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    detail::Cursor cursor{text};
    cursor.advance_to(nul);
    Place{file, cursor.line(), cursor.column()}.fail("UTF-8 text", "a NUL byte",
                                                     "is it UTF-16? save it as UTF-8");
  }
  detail::TreeBuilder builder{text, file, limits};
  constexpr bool strict = true;
  constexpr bool ignore_comments = true;
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::json::input_format_t::json, strict,
                            ignore_comments);
  Node root = builder.take();
  return {std::move(file), std::move(root)};
}

RUSHHOUR_INLINE Document read_document(const std::string& path, DocumentLimits limits) {
  const auto fail = [&path] { Place{.file = path}.fail("a file that can be read", std::strerror(errno)); };
  const auto close = [](std::FILE* opened) { std::fclose(opened); };
  const std::unique_ptr<std::FILE, decltype(close)> file{std::fopen(path.c_str(), "rb"), close};
  if (!file) fail();
  std::string text;
  char block[16384];
  while (text.size() <= limits.bytes_max) {
    const std::size_t count = std::fread(block, 1, sizeof block, file.get());
    if (std::ferror(file.get()) != 0) fail();  // a folder opens, but does not read
    if (count == 0) break;
    text.append(block, count);
  }
  return parse_document(text, path, limits);
}

RUSHHOUR_INLINE std::uint64_t digest(const Node& node) {
  Digest out;
  out.add(static_cast<std::uint64_t>(node.kind));
  const auto decimal = node.kind == Node::Kind::number ? detail::parse_decimal(node.text) : std::nullopt;
  if (decimal) {
    out.add(decimal->negative ? 1 : 0);
    out.add(decimal->magnitude.numerator);
    out.add(decimal->magnitude.denominator);
  } else {
    out.add(node.text);
  }
  std::vector<const Node*> children;
  children.reserve(node.children.size());
  for (const Node& child : node.children) children.push_back(&child);
  if (node.kind == Node::Kind::object) {
    std::sort(children.begin(), children.end(), [](const Node* a, const Node* b) { return a->key < b->key; });
  }
  out.add(children.size());
  for (const Node* child : children) {
    out.add(child->key);
    out.add(digest(*child));
  }
  return out.value();
}

}  // namespace rushhour::scenario
