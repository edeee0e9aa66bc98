// `rushhour match`: which documents a query matches, as grep says which lines.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

#include "commands.hpp"
#include "document_file.hpp"

namespace rushhour::cli {

namespace {

Instant instant_of(const std::string& text) {
  if (text.empty()) return RealClock{}.now();
  const std::optional<Instant> instant = parse_iso8601(text);
  if (!instant) {
    throw InputError({.expected = "for --now a time such as 2026-03-02T14:00:00Z", .seen = '"' + text + '"'});
  }
  return *instant;
}

/// Mistakes are told at their place in the query.
elastic::Query compiled(const MatchCommand& command, const event::Schema& schema, Instant now) {
  try {
    return elastic::Query{command.query, schema, {.now = now}};
  } catch (const InputError& error) {
    Mistake mistake = error.mistake();
    mistake.file = "query";
    throw InputError(std::move(mistake));
  }
}

}  // namespace

int match(const MatchCommand& command) {
  const std::unique_ptr<const event::Schema> schema = make_schema(command.ecs);
  const Instant now = instant_of(command.now);
  const elastic::Query query = compiled(command, *schema, now);
  std::uint64_t matches = 0;
  event::Event document;
  for (const std::string& path : command.files) {
    DocumentFile file{path};
    while (file.next(document)) {
      const bool holds = query(document);
      if (holds) ++matches;
      if (!command.count) std::puts(holds ? "true" : "false");
    }
  }
  if (command.count) std::printf("%llu\n", static_cast<unsigned long long>(matches));
  return matches > 0 ? exit_ok : exit_no_match;
}

}  // namespace rushhour::cli
