// Any text is a rule, an exception list or date math, or an InputError that says where; every byte of a query
// has a place in its file, and exceptions judge any event.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/elastic/date_math.hpp>
#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/input_error.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

void read_date_math(std::string_view text) {
  for (const auto dialect : {elastic::DateMathDialect::kibana, elastic::DateMathDialect::elasticsearch}) {
    try {
      const elastic::DateMath math = elastic::DateMath::parse(text, dialect);
      const bool at_the_end = math.at(now) > Instant::max() - std::chrono::milliseconds{1};
      claim(at_the_end || math.at(now) <= math.at(now, elastic::Rounding::up),
            "rounding up is not before rounding down", text);
    } catch (const InputError& error) {
      claim(error.mistake().column <= text.size() + 1, "a mistake is inside the text", text);
    }
  }
}

void read_rule(std::string_view text) {
  try {
    const elastic::Rule rule = elastic::parse_rule(text, "rule");
    const std::uint64_t lines = 1 + static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    for (std::size_t i = 0; i <= rule.query.size(); ++i) {
      const elastic::Place place = rule.query_places.at(i);
      claim(place.line >= 1 && place.line <= lines && place.column >= 1, "a byte of the query is in the file",
            text);
    }
    static_cast<void>(elastic::range_at(rule, now));
    static_cast<void>(rule.new_terms.history_window_start.at(now));
  } catch (const elastic::UnsupportedRule&) {
  } catch (const InputError& error) {
    claim(error.mistake().line >= 1 && error.mistake().column >= 1, "a mistake has a place", error.what());
  }
}

void read_exceptions(std::string_view text) {
  try {
    static const elastic::Documents documents{[](std::string_view name) {
      return name == "source.ip" ? event::FieldType::ip : event::FieldType::keyword;
    }};
    const elastic::Exceptions exceptions{elastic::parse_exceptions(text, "exceptions"), documents};
    const event::Event event = event::from_json(
        R"({"user.name": ["deployment", "ada"], "user_agent": {"original": "APN/1.0"}, "source.ip": "10.0.0.1"})");
    event::Arena scratch;
    const elastic::ExceptionItem* const item = exceptions.which(event, scratch, now);
    claim(item == nullptr || !item->entries.empty(), "no item without entries excepts anything", text);
  } catch (const InputError& error) {
    claim(error.mistake().line >= 1 && error.mistake().column >= 1, "a mistake has a place", error.what());
  }
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rushhour;
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::read_date_math(text);
  fuzz::read_rule(text);
  fuzz::read_exceptions(text);
  return 0;
}
