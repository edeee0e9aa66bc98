/// \file
/// From a tree and a schema to a clause of tests.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/kql_program.hpp>
#include <rushhour/elastic/detail/kql_questions.hpp>
#include <rushhour/elastic/detail/kql_tests.hpp>
#include <rushhour/elastic/kql_tree.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::elastic::detail {

class KqlCompiler {
 public:
  /// The tests go into `tests`. `lenient`: see QueryOptions.
  KqlCompiler(const event::Schema& schema, bool lenient, std::vector<std::unique_ptr<Test>>& tests)
      : schema_(schema), lenient_(lenient), tests_(tests) {}

  [[nodiscard]] Clause compile(const KqlNode& query) {
    Clause clause = clause_of(query);
    sort_by_cost(clause);
    return clause;
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser allows
  Clause clause_of(const KqlNode& node) {
    switch (node.kind) {
      case KqlNode::Kind::everything:
        return Clause::of(true);
      case KqlNode::Kind::negation: {
        Clause out{.kind = Clause::Kind::negation};
        out.parts.push_back(clause_of(node.children.front()));
        return out;
      }
      case KqlNode::Kind::all_of: {
        Clause out{.kind = Clause::Kind::all_of};
        for (const KqlNode& child : node.children) out.parts.push_back(clause_of(child));
        return out;
      }
      case KqlNode::Kind::any_of:
        return any_of(node);
      case KqlNode::Kind::nested:
        return nested(node);
      case KqlNode::Kind::comparison:
        break;
    }
    if (!node.field) return free_text(node);
    if (node.field->kind == KqlLiteral::Kind::wildcard) return any_field(node, node.field->parts);
    ValueTests tests;
    if (!add_question(node, tests)) return Clause::of(false);
    return on_field(node.field->text(), std::move(tests));
  }

  /// Comparisons of one field become one test, so that it is read once.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser allows
  Clause any_of(const KqlNode& node) {
    Clause out{.kind = Clause::Kind::any_of};
    std::vector<std::pair<std::string, ValueTests>> by_field;
    for (const KqlNode& child : node.children) {
      const bool is_plain = child.kind == KqlNode::Kind::comparison && child.field &&
                            child.field->kind != KqlLiteral::Kind::wildcard;
      if (!is_plain) {
        out.parts.push_back(clause_of(child));
        continue;
      }
      const std::string name = child.field->text();
      auto found =
          std::ranges::find(by_field, name, [](const auto& each) { return std::string_view{each.first}; });
      if (found == by_field.end()) found = by_field.emplace(by_field.end(), name, ValueTests{});
      static_cast<void>(add_question(child, found->second));
    }
    for (auto& [name, tests] : by_field) out.parts.push_back(on_field(name, std::move(tests)));
    return out;
  }

  /// False when, leniently, the value matches nothing.
  [[nodiscard]] bool add_question(const KqlNode& node, ValueTests& to) {
    const event::FieldType type = schema_.type(path_ + node.field->text());
    const bool is_keyword = type == event::FieldType::keyword || type == event::FieldType::flattened;
    const bool is_exact = node.op == KqlNode::Operator::is && node.value.kind != KqlLiteral::Kind::wildcard &&
                          node.value.kind != KqlLiteral::Kind::null;
    if (is_keyword && is_exact) {
      to.add_keyword(node.value.text());
      return true;
    }
    Question question = question_of(type, node.op, node.value);
    if (question.test == nullptr) {
      if (!lenient_) fail(node, node.value.text(), question.expected, question.advice);
      return false;
    }
    to.add(std::move(question.test));
    return true;
  }

  Clause on_field(const std::string& name, ValueTests tests) {
    if (!path_.empty()) return keep(std::make_unique<MemberTest>(name, std::move(tests)));
    return keep(std::make_unique<FieldTest>(field(name), std::move(tests)));
  }

  /// `*: *` and `*` are everything, as `match_all` is.
  Clause any_field(const KqlNode& node, const std::vector<std::string>& pattern) {
    const bool is_all = pattern.size() == 2 && pattern[0].empty() && pattern[1].empty();
    if (is_all && node.value.is_star() && node.op == KqlNode::Operator::is) return Clause::of(true);
    if (node.value.kind == KqlLiteral::Kind::null) {
      const Question question = question_of(event::FieldType::keyword, node.op, node.value);
      if (lenient_) return Clause::of(false);
      fail(node, node.value.text(), question.expected, question.advice);
    }
    TestsByType tests;
    for (std::size_t i = 0; i < tests.size(); ++i) {
      tests[i] = question_of(static_cast<event::FieldType>(i), node.op, node.value).test;
    }
    std::vector<std::string> whole = pattern;
    whole.front().insert(0, path_);
    return keep(std::make_unique<AnyFieldTest>(schema_, std::move(whole), path_, std::move(tests)));
  }

  /// A value alone: `multi_match`; with wildcards `query_string`, which cuts it at white space.
  Clause free_text(const KqlNode& node) {
    const std::vector<std::string> all{{}, {}};
    if (node.value.kind != KqlLiteral::Kind::wildcard) return any_field(node, all);
    Clause out{.kind = Clause::Kind::any_of};
    for (KqlLiteral& each : cut_at_space(node.value)) {
      out.parts.push_back(any_field({.kind = KqlNode::Kind::comparison, .value = std::move(each)}, all));
    }
    return out;
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the parser allows
  Clause nested(const KqlNode& node) {
    const std::string name = node.field->text();
    const bool is_pattern = node.field->kind == KqlLiteral::Kind::wildcard;
    if (is_pattern || schema_.type(path_ + name) != event::FieldType::nested) {
      if (lenient_) return Clause::of(false);
      if (is_pattern)
        fail(node, name, "the name of one field before {", "nested queries take no wildcards there");
      fail(node, name, "a nested field before {", "of other arrays of objects, compare each member: a.b: 1");
    }
    const bool is_inside = !path_.empty();
    const std::string outer = std::exchange(path_, path_ + name + '.');
    const Clause inside = compile(node.children.front());
    path_ = outer;
    return keep(std::make_unique<NestedTest>(is_inside ? nullptr : field(name), name, Program{inside}));
  }

  [[nodiscard]] const std::shared_ptr<const event::Field>& field(const std::string& name) {
    std::shared_ptr<const event::Field>& known = fields_[name];
    if (known == nullptr) known = schema_.field(name);
    return known;
  }
  Clause keep(std::unique_ptr<Test> test) {
    tests_.push_back(std::move(test));
    return Clause::of(*tests_.back());
  }

  [[noreturn]] static void fail(const KqlNode& node, const std::string& seen, std::string_view expected,
                                std::string_view advice) {
    std::string of_field;
    if (node.field && seen != node.field->text()) of_field = " in " + node.field->text();
    throw InputError({.line = node.line,
                      .column = node.column,
                      .expected = std::string{expected},
                      .seen = '"' + seen + '"' + of_field,
                      .advice = std::string{advice}});
  }

  const event::Schema& schema_;
  bool lenient_;
  std::vector<std::unique_ptr<Test>>& tests_;
  std::string path_;  // of the nested field whose braces are being compiled, with a dot
  std::map<std::string, std::shared_ptr<const event::Field>, std::less<>> fields_;
};

}  // namespace rushhour::elastic::detail
