// Random queries on random documents: the compiled query against the plainest possible evaluator, judged with
// and without a layout; and the printed text of each query, read again.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>

#include "kql_shown.hpp"
#include "kql_types.hpp"

namespace rushhour::elastic {
namespace {

/// Draws one after the other from one stream.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : stream_{seed} {}
  std::size_t below(std::size_t end) {
    return static_cast<std::size_t>(uniform_below(stream_.at(at_++), end));
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T, std::size_t n>
  const T& of(const T (&choices)[n]) {
    return choices[below(n)];
  }

 private:
  Stream stream_;
  std::uint64_t at_ = 0;
};

constexpr const char* field_names[] = {"k1", "k2", "x.k", "i1", "x.i", "b1", "flat.a", "missing"};

std::string random_literal(Draw& draw, event::FieldType type) {
  if (draw.one_in(8)) return "*";
  switch (type) {
    case event::FieldType::integer:
      return std::to_string(draw.below(6));
    case event::FieldType::boolean:
      return draw.one_in(2) ? "true" : "false";
    default:
      break;
  }
  constexpr const char* values[] = {"a",  "b",    "ab",   "\"a\"", "\"b c\"", "b c",   "a*",     "*b",  "a*b",
                                    "B*", "\"\"", "true", "2",     "\\*",     "a\\:b", "a \\or", "*b*", "**"};
  return draw.of(values);
}

/// Text of a random query; `depth` parentheses at most.
std::string random_query(Draw& draw, int depth) {
  const auto words = [&](const std::string& a, const std::string& b) {
    constexpr const char* joints[] = {" and ", " or ", "  AND ", " Or\n"};
    return a + draw.of(joints) + b;
  };
  if (depth > 0) {
    switch (draw.below(4)) {
      case 0:
        return "not (" + random_query(draw, depth - 1) + " )";
      case 1:
        return words(random_query(draw, depth - 1), random_query(draw, depth - 1));
      case 2:
        return '(' + words(random_query(draw, depth - 1), random_query(draw, depth - 1)) + ')';
      default:
        break;
    }
  }
  if (draw.one_in(12)) return draw.one_in(2) ? "x.*: \"2\"" : "\"b c\"";
  const std::string name = draw.of(field_names);
  const event::FieldType type = type_by_name(name);
  if (draw.one_in(4)) {
    constexpr const char* operators[] = {" > ", "<", " <= ", ">="};
    std::string bound = random_literal(draw, type);
    while (bound.find('*') != std::string::npos) bound = random_literal(draw, type);
    return name + draw.of(operators) + bound;
  }
  std::string value = random_literal(draw, type);
  if (draw.one_in(4)) value = '(' + words(value, random_literal(draw, type)) + ')';
  return name + ": " + value;
}

/// A document as a plain map: what the evaluator below looks at.
using Plain = std::map<std::string, std::vector<event::Value>, std::less<>>;

event::Value random_value(Draw& draw, event::FieldType type) {
  if (draw.one_in(10)) return {};
  if (type == event::FieldType::integer) return static_cast<std::int64_t>(draw.below(6));
  if (type == event::FieldType::boolean) return draw.one_in(2);
  constexpr const char* texts[] = {"a",    "b", "ab", "aab", "b c",  "B",  "",
                                   "true", "2", "*",  "a:b", "a or", "xbx"};
  return draw.of(texts);
}

/// The plainest evaluator: recursive, on copies, one line for each rule of new-terms.md 3.2.
class Naive {
 public:
  explicit Naive(const Plain& document) : document_(document) {}

  bool holds(const KqlNode& node) const {
    const auto child_holds = [&](const KqlNode& child) { return holds(child); };
    switch (node.kind) {
      case KqlNode::Kind::all_of:
        return std::ranges::all_of(node.children, child_holds);
      case KqlNode::Kind::any_of:
        return std::ranges::any_of(node.children, child_holds);
      case KqlNode::Kind::negation:
        return !holds(node.children.front());
      case KqlNode::Kind::comparison:
        break;
      default:
        return true;
    }
    for (const auto& [name, values] : document_) {
      if (node.field && !like(node.field->parts, name)) continue;
      for (const event::Value& value : values) {
        if (!value.is_null() && value_holds(node, type_by_name(name), value)) return true;
      }
    }
    return false;
  }

 private:
  static bool like(std::span<const std::string> parts, std::string_view text) {
    if (parts.size() == 1) return parts[0] == text;
    if (!text.starts_with(parts[0])) return false;
    for (std::size_t skip = parts[0].size(); skip <= text.size(); ++skip) {
      if (like(parts.subspan(1), text.substr(skip))) return true;
    }
    return false;
  }
  static bool value_holds(const KqlNode& node, event::FieldType type, const event::Value& value) {
    const std::string wanted = node.value.text();
    if (node.op == KqlNode::Operator::is && node.value.is_star()) return true;
    if (type == event::FieldType::integer) {
      if (wanted.empty() || wanted.find_first_not_of("0123456789") != std::string::npos) return false;
      return ordered(node.op, *value.as_integer() - std::atoll(wanted.c_str()));
    }
    if (type == event::FieldType::boolean) {
      if (wanted != "true" && wanted != "false") return false;
      return ordered(node.op, static_cast<std::int64_t>(*value.as_bool()) - (wanted == "true"));
    }
    const std::string text{value.text_or("?")};
    if (node.op == KqlNode::Operator::is) return like(node.value.parts, text);
    return ordered(node.op, text.compare(wanted));
  }
  static bool ordered(KqlNode::Operator op, std::int64_t difference) {
    switch (op) {
      case KqlNode::Operator::less:
        return difference < 0;
      case KqlNode::Operator::at_most:
        return difference <= 0;
      case KqlNode::Operator::greater:
        return difference > 0;
      case KqlNode::Operator::at_least:
        return difference >= 0;
      default:
        return difference == 0;
    }
  }

  const Plain& document_;
};

/// A document in three forms: as the map, as an event of its own, and as an event of a layout in which some
/// values are constants, some slots.
class RandomDocument final : public event::SlotMaker {
 public:
  RandomDocument(Draw& draw, std::uint64_t constants_mask) {
    std::vector<event::Member> own;
    std::vector<event::Member> shared;
    for (std::size_t i = 0; i + 1 < std::size(field_names); ++i) {  // never the missing one
      const event::FieldType type = type_by_name(field_names[i]);
      std::vector<event::Value> values;
      for (std::size_t n = draw.below(4); n > 0; --n) values.push_back(random_value(draw, type));
      const event::Value value =
          values.size() == 1 ? values[0] : event::array(own_arena_, std::span<const event::Value>{values});
      slots_.push_back(value);
      own.push_back({field_names[i], value});
      shared.push_back({field_names[i], (constants_mask >> i & 1) != 0
                                            ? value
                                            : event::Value::slot(static_cast<std::uint32_t>(i))});
      plain_[field_names[i]] = values;
    }
    event::Arena layout_arena;
    layout_ = event::Layout::make(std::move(layout_arena),
                                  event::object(own_arena_, std::span{std::as_const(shared)}));
    event::Arena tree;
    own_.assign({}, event::object(tree, std::span{std::as_const(own)}), tree);
    shared_.assign({}, *layout_, *this);
  }

  event::Value make(const event::Event&, std::uint32_t slot, event::Arena&) const override {
    return slots_[slot];
  }
  const Plain& plain() const { return plain_; }
  const event::Event& own() const { return own_; }
  const event::Event& shared() const { return shared_; }

 private:
  event::Arena own_arena_;  // outlives the layout, whose parts live here
  std::vector<event::Value> slots_;
  Plain plain_;
  std::shared_ptr<const event::Layout> layout_;
  event::Event own_;
  event::Event shared_;
};

TEST(KqlRandom, QueriesHoldWhereThePlainestEvaluatorSaysSo) {
  constexpr std::uint64_t seed = 20260302;
  Draw draw{seed};
  const Documents schema{type_by_name};
  std::vector<std::unique_ptr<RandomDocument>> documents;
  for (std::uint64_t i = 0; i < 200; ++i)
    documents.push_back(std::make_unique<RandomDocument>(draw, draw.below(256)));
  std::size_t held = 0;
  constexpr std::size_t queries = 2'000;
  for (std::size_t i = 0; i < queries; ++i) {
    const std::string text = random_query(draw, 3);
    const KqlNode tree = parse_kql(text);
    const Query query{tree, schema, {.lenient = true}};
    for (std::size_t n = 0; n < 40; ++n) {
      const RandomDocument& document = *documents[draw.below(documents.size())];
      const bool expected = Naive{document.plain()}.holds(tree);
      const std::string about = "query " + std::to_string(i) + " of seed " + std::to_string(seed) + ": " +
                                text + "\n  " + elastic::shown(tree) + "\n  on " + document.own().to_json();
      ASSERT_EQ(query(document.own()), expected) << about;
      ASSERT_EQ(query(document.shared()), expected) << "with a layout, " << about;
      held += expected ? 1 : 0;
    }
  }
  // Neither always nor never, or the comparison means little.
  EXPECT_GT(held, queries * 40 / 5);
  EXPECT_LT(held, queries * 40 * 4 / 5);
}

TEST(KqlRandom, QueriesReadAgainFromTheirPrintedText) {
  constexpr std::uint64_t seed = 7;
  Draw draw{seed};
  for (int i = 0; i < 5'000; ++i) {
    const KqlNode tree = parse_kql(random_query(draw, 4));
    const std::string printed = to_text(tree);
    ASSERT_EQ(parse_kql(printed), tree) << printed;
  }
}

TEST(KqlRandom, LiteralsOfAnyCharactersReadAgainFromTheirPrintedText) {
  constexpr std::uint64_t seed = 8;
  Draw draw{seed};
  constexpr const char* pieces[] = {" ",
                                    "or",
                                    "and",
                                    "not",
                                    "OR ",
                                    " not ",
                                    "\t",
                                    "\n",
                                    "\u00a0",
                                    "\\",
                                    "(",
                                    "\"",
                                    "*",
                                    "\u2003",
                                    "x",
                                    ":",
                                    "{",
                                    "null",
                                    " or ",
                                    " and ",
                                    "true",
                                    "\u00e9",
                                    "\U0001F600",
                                    "or x",
                                    "\r",
                                    "\xff",
                                    "\xe0\x80\x8d",
                                    "\xc0\xa0",
                                    "\xed\xa0\x80",
                                    "u0041"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = draw.below(6); n > 0; --n) text += draw.of(pieces);
    KqlNode quoted{.kind = KqlNode::Kind::comparison,
                   .value = {.kind = KqlLiteral::Kind::quoted, .parts = {text}}};
    ASSERT_EQ(parse_kql(to_text(quoted)), quoted) << to_text(quoted);
    // Unquoted ones are as the parser leaves them: trimmed, no keyword by itself.
    std::string escaped;
    for (const char c : text) {
      if (std::string_view{"\\():<>\"*{}"}.find(c) != std::string_view::npos) escaped += '\\';
      escaped += c;
    }
    KqlNode tree;
    try {
      tree = parse_kql("a: (" + escaped + " and x" + escaped + "*)");
    } catch (const InputError&) {
      continue;
    }
    ASSERT_EQ(parse_kql(to_text(tree)), tree) << to_text(tree);
  }
}

}  // namespace
}  // namespace rushhour::elastic
