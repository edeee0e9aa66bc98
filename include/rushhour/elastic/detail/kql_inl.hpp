/// \file
/// Bodies of kql.hpp.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/kql_compiler.hpp>
#include <rushhour/elastic/detail/kql_parser.hpp>
#include <rushhour/elastic/detail/kql_program.hpp>
#include <rushhour/elastic/detail/kql_text.hpp>
#include <rushhour/elastic/kql.hpp>

namespace rushhour::elastic {

RUSHHOUR_INLINE KqlNode parse_kql(std::string_view text) { return detail::KqlParser{text}.parse(); }

RUSHHOUR_INLINE std::string to_text(const KqlNode& query) {
  std::string out;
  detail::append_kql(out, query);
  return out;
}

class Query::Compiled {
 public:
  Compiled(const KqlNode& tree, const event::Schema& schema, const QueryOptions& options)
      : now_(options.now),
        clause_(detail::KqlCompiler{schema, options.lenient, tests_}.compile(tree)),
        whole_(clause_) {}

  [[nodiscard]] bool operator()(const event::Event& event) {
    const detail::Program& program = program_for(event);
    if (const std::optional<bool> answer = program.constant()) return *answer;
    scratch_.reset();
    return program({event, scratch_, now_ ? *now_ : event.arrival()});
  }

 private:
  [[nodiscard]] const detail::Program& program_for(const event::Event& event) {
    const event::Layout* const layout = event.layout();
    if (layout == nullptr) return whole_;
    const detail::Program* const found = by_layout_.find(*layout);
    if (found != nullptr) [[likely]]
      return *found;
    if (!by_layout_.has_room()) return whole_;
    return by_layout_.add(
        *layout, detail::Program{clause_, [&](const detail::Test& test) { return test.constant(*layout); }});
  }

  std::optional<Instant> now_;
  std::vector<std::unique_ptr<detail::Test>> tests_;
  detail::Clause clause_;
  detail::Program whole_;
  detail::ProgramsByLayout by_layout_;
  event::Arena scratch_;
};

RUSHHOUR_INLINE Query::Query(std::string_view text, const event::Schema& schema, const QueryOptions& options)
    : Query(parse_kql(text), schema, options) {}
RUSHHOUR_INLINE Query::Query(const KqlNode& tree, const event::Schema& schema, const QueryOptions& options)
    : compiled_(std::make_unique<Compiled>(tree, schema, options)) {}
RUSHHOUR_INLINE Query::Query(Query&&) noexcept = default;
RUSHHOUR_INLINE Query& Query::operator=(Query&&) noexcept = default;
RUSHHOUR_INLINE Query::~Query() = default;

RUSHHOUR_INLINE bool Query::operator()(const event::Event& event) const { return (*compiled_)(event); }

}  // namespace rushhour::elastic
