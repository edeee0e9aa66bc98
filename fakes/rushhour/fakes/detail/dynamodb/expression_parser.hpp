/// \file
/// Texts of DynamoDB's expressions to trees. Names and values are not looked up here. What cannot be read has
/// the service's text for it.
///
/// Source: the grammars of the Developer Guide (DOC); what is a mistake of the grammar and what one of
/// meaning: dynalite, whose tests run against the service (REC). How much of the text `near` shows, and how
/// deep an expression may be, is MEM.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/fakes/detail/dynamodb/expression.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// Bytes of an expression [DOC "Service, account, and table quotas": 4 KB].
inline constexpr std::size_t expression_size_max = 4'096;
/// Levels of parentheses and functions: an expression is read and judged on a worker's small stack.
inline constexpr int expression_depth_max = 20;

/// What the three grammars have in common. A function of a grammar is false once a mistake was found.
class ExpressionParser {
 public:
  /// What is wrong with the text; empty: nothing.
  [[nodiscard]] const std::string& mistake() const { return mistake_; }

 protected:
  explicit ExpressionParser(std::string_view text) : text_(text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      mistake_ = "The expression can not be empty;";
    } else if (text.size() > expression_size_max) {
      mistake_ = "Expression size has exceeded the maximum allowed size; expression size: " +
                 std::to_string(text.size());
    } else {
      tokens_ = tokens_of(text);
    }
  }

  [[nodiscard]] bool is_readable() const { return mistake_.empty(); }
  [[nodiscard]] const Token& next() const { return tokens_[at_]; }
  [[nodiscard]] const Token& after_next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  void skip() { ++at_; }
  bool take(std::string_view symbol) {
    if (!next().is(symbol)) return false;
    skip();
    return true;
  }
  bool expect(std::string_view symbol) { return take(symbol) || fail(); }
  bool expect_end() { return next().kind == Token::Kind::end || fail(); }

  /// At the next token, with its neighbours.
  bool fail() {
    if (!mistake_.empty()) return false;
    const Token& token = next();
    const std::string shown = token.kind == Token::Kind::end ? "<EOF>" : std::string{token.text};
    const std::size_t begin = at_ == 0 ? token.begin : tokens_[at_ - 1].begin;
    mistake_ = "Syntax error; token: \"" + shown + "\", near: \"" +
               std::string{text_.substr(begin, after_next().end() - begin)} + "\"";
    return false;
  }
  bool fail_deep() {
    if (mistake_.empty()) {
      mistake_ = "The expression has more than " + std::to_string(expression_depth_max) +
                 " levels of parentheses and functions;";
    }
    return false;
  }

  /// A step that has a name.
  bool named_step(DocumentPath& out) {
    const Token& token = next();
    if (token.kind == Token::Kind::name) {
      out.push_back({.kind = PathStep::Kind::placeholder, .name = std::string{token.text}});
    } else if (token.kind == Token::Kind::word && is_name(token)) {
      out.push_back({.kind = PathStep::Kind::name, .name = std::string{token.text}});
    } else {
      return fail();
    }
    skip();
    return true;
  }
  /// What follows the first step: `.b[0]`.
  bool further_steps(DocumentPath& out) {
    while (true) {
      if (take(".")) {
        if (!named_step(out)) return false;
      } else if (take("[")) {
        std::uint64_t index = 0;
        if (next().kind != Token::Kind::number) return fail();
        const std::string_view digits = next().text;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (read.ec != std::errc{}) return fail();
        skip();
        out.push_back({.kind = PathStep::Kind::index, .name = {}, .index = index});
        if (!expect("]")) return false;
      } else {
        return true;
      }
    }
  }
  bool path(DocumentPath& out) { return named_step(out) && further_steps(out); }

  /// A value, a path, or what `nested` reads between the parentheses of a function.
  template <class Nested>
  bool operand(Operand& out, Nested nested) {
    const Token& token = next();
    if (token.kind == Token::Kind::value) {
      out = {.kind = Operand::Kind::value, .text = std::string{token.text}};
      skip();
      return true;
    }
    if (token.kind == Token::Kind::word && after_next().is("(") && is_word(token)) {
      out = {.kind = Operand::Kind::function, .text = std::string{token.text}};
      skip();
      skip();
      do {
        if (!nested(out.operands.emplace_back())) return false;
      } while (take(","));
      return expect(")");
    }
    out = {.kind = Operand::Kind::path};
    return path(out.path);
  }

  /// Whether a word is no keyword of the grammar.
  [[nodiscard]] virtual bool is_word(const Token& token) const = 0;
  /// Whether it may be a name as well.
  [[nodiscard]] virtual bool is_name(const Token& token) const { return is_word(token); }
  ~ExpressionParser() = default;

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::string mistake_;
};

/// `a = :v AND (attribute_exists(#b) OR NOT size(c[0]) BETWEEN :low AND :high)`
class ConditionParser final : public ExpressionParser {
 public:
  explicit ConditionParser(std::string_view text) : ExpressionParser(text) {}

  /// False: mistake() says why.
  bool parse(Condition& out) {
    Node node;
    return is_readable() && disjunction(node, 0) && expect_end() && condition(node, out);
  }
  /// Whether it has parentheses around parentheses, which is a mistake of its own.
  [[nodiscard]] bool has_redundant_parentheses() const { return has_redundant_; }

 private:
  /// What stands between parentheses may be a condition or an operand: which, what follows tells.
  struct Node {
    std::variant<Operand, Condition> held{};
    bool is_in_parentheses{};
  };
  static constexpr std::array<std::string_view, 5> keywords{"BETWEEN", "IN", "AND", "OR", "NOT"};

  [[nodiscard]] bool is_word(const Token& token) const override {
    return std::none_of(keywords.begin(), keywords.end(),
                        [&](std::string_view keyword) { return token.is_word(keyword); });
  }
  [[nodiscard]] bool is_name(const Token& token) const override {
    return is_word(token) && !token.text.starts_with('_');
  }

  bool condition(Node& node, Condition& out) {
    if (auto* held = std::get_if<Condition>(&node.held)) {
      out = std::move(*held);
      return true;
    }
    auto& operand = std::get<Operand>(node.held);
    if (operand.kind != Operand::Kind::function) return fail();
    out = {.kind = Condition::Kind::function};
    out.operands.push_back(std::move(operand));
    return true;
  }

  bool disjunction(Node& out, int depth) {
    return chain(out, depth, "OR", Condition::Kind::disjunction, &ConditionParser::conjunction);
  }
  bool conjunction(Node& out, int depth) {
    return chain(out, depth, "AND", Condition::Kind::conjunction, &ConditionParser::negation);
  }
  bool chain(Node& out, int depth, std::string_view word, Condition::Kind kind,
             bool (ConditionParser::*part)(Node&, int)) {
    if (!(this->*part)(out, depth)) return false;
    if (!next().is_word(word)) return true;
    Condition whole{.kind = kind};
    if (!condition(out, whole.conditions.emplace_back())) return false;
    while (next().is_word(word)) {
      skip();
      Node node;
      if (!(this->*part)(node, depth) || !condition(node, whole.conditions.emplace_back())) return false;
    }
    out = {std::move(whole)};
    return true;
  }
  bool negation(Node& out, int depth) {
    if (!next().is_word("NOT")) return comparison(out, depth);
    skip();
    Node node;
    Condition whole{.kind = Condition::Kind::negation};
    if (!comparison(node, depth) || !condition(node, whole.conditions.emplace_back())) return false;
    out = {std::move(whole)};
    return true;
  }

  /// An operand, and where one follows what it is compared with; or what stands in parentheses.
  bool comparison(Node& out, int depth) {
    if (!primary(out, depth)) return false;
    auto* const left = std::get_if<Operand>(&out.held);
    if (left == nullptr) return true;
    static constexpr std::array<std::string_view, 6> comparators{"=", "<>", "<", "<=", ">", ">="};
    const bool compares = std::any_of(comparators.begin(), comparators.end(),
                                      [&](std::string_view symbol) { return next().is(symbol); });
    Condition whole;
    whole.operands.push_back(*left);
    if (compares) {
      whole.kind = Condition::Kind::comparison;
      whole.text = next().text;
      skip();
      if (!only_operand(whole.operands.emplace_back(), depth)) return false;
    } else if (next().is_word("BETWEEN")) {
      whole.kind = Condition::Kind::between;
      skip();
      if (!only_operand(whole.operands.emplace_back(), depth)) return false;
      if (!next().is_word("AND")) return fail();
      skip();
      if (!only_operand(whole.operands.emplace_back(), depth)) return false;
    } else if (next().is_word("IN")) {
      whole.kind = Condition::Kind::in;
      skip();
      if (!expect("(")) return false;
      do {
        if (!only_operand(whole.operands.emplace_back(), depth)) return false;
      } while (take(","));
      if (!expect(")")) return false;
    } else {
      return true;
    }
    out = {std::move(whole)};
    return true;
  }
  bool only_operand(Operand& out, int depth) {
    Node node;
    if (!primary(node, depth)) return false;
    auto* const held = std::get_if<Operand>(&node.held);
    if (held == nullptr) return fail();
    out = std::move(*held);
    return true;
  }
  bool primary(Node& out, int depth) {
    if (depth == expression_depth_max) return fail_deep();
    if (!take("(")) {
      return operand(out.held.emplace<Operand>(),
                     [&](Operand& argument) { return only_operand(argument, depth + 1); });
    }
    if (!disjunction(out, depth + 1) || !expect(")")) return false;
    has_redundant_ = has_redundant_ || out.is_in_parentheses;
    auto* const held = std::get_if<Operand>(&out.held);
    if (held != nullptr && held->kind == Operand::Kind::path && (next().is(".") || next().is("["))) {
      out.is_in_parentheses = false;
      return further_steps(held->path);
    }
    out.is_in_parentheses = true;
    return true;
  }

  bool has_redundant_{};
};

/// `SET #c = if_not_exists(#c, :zero) + :one REMOVE a[0] ADD seen :names DELETE b.c :more`
class UpdateParser final : public ExpressionParser {
 public:
  explicit UpdateParser(std::string_view text) : ExpressionParser(text) {}

  /// False: mistake() says why.
  bool parse(UpdateTree& out) {
    if (!is_readable()) return false;
    do {
      const auto found = section();
      if (!found) return fail();
      skip();
      out.sections.push_back(*found);
      do {
        if (!action(*found, out.actions.emplace_back())) return false;
      } while (take(","));
    } while (next().kind != Token::Kind::end);
    return true;
  }

 private:
  [[nodiscard]] bool is_word(const Token& token) const override {
    return std::none_of(update_sections.begin(), update_sections.end(),
                        [&](std::string_view keyword) { return token.is_word(keyword); });
  }
  [[nodiscard]] std::optional<UpdateSection> section() const {
    for (std::size_t i = 0; i < update_sections.size(); ++i) {
      if (next().is_word(update_sections[i])) return static_cast<UpdateSection>(i);
    }
    return std::nullopt;
  }
  bool action(UpdateSection section, UpdateAction& out) {
    out.section = section;
    if (!path(out.path)) return false;
    if (section == UpdateSection::remove) return true;
    if (section == UpdateSection::set) return expect("=") && set_value(out.value, 0);
    if (next().kind != Token::Kind::value) return fail();
    out.value = {.kind = Operand::Kind::value, .text = std::string{next().text}};
    skip();
    return true;
  }
  bool set_value(Operand& out, int depth) {
    if (!primary(out, depth)) return false;
    const bool adds = next().is("+");
    if (!adds && !next().is("-")) return true;
    if (is_arithmetic(out)) return fail();
    skip();
    Operand whole{.kind = adds ? Operand::Kind::sum : Operand::Kind::difference};
    whole.operands.push_back(std::move(out));
    if (!primary(whole.operands.emplace_back(), depth)) return false;
    if (is_arithmetic(whole.operands.back())) return fail();
    out = std::move(whole);
    return true;
  }
  static bool is_arithmetic(const Operand& operand) {
    return operand.kind == Operand::Kind::sum || operand.kind == Operand::Kind::difference;
  }
  bool primary(Operand& out, int depth) {
    if (depth == expression_depth_max) return fail_deep();
    if (take("(")) return set_value(out, depth + 1) && expect(")");
    return operand(out, [&](Operand& argument) {
      return primary(argument, depth + 1) && (!is_arithmetic(argument) || fail());
    });
  }
};

/// `a, #b.c[0]`
class ProjectionParser final : public ExpressionParser {
 public:
  explicit ProjectionParser(std::string_view text) : ExpressionParser(text) {}

  /// False: mistake() says why.
  bool parse(std::vector<DocumentPath>& out) {
    if (!is_readable()) return false;
    do {
      if (!path(out.emplace_back())) return false;
    } while (take(","));
    return expect_end();
  }

 private:
  [[nodiscard]] bool is_word(const Token& /*token*/) const override { return true; }
};

}  // namespace rushhour::fakes::detail::dynamodb
