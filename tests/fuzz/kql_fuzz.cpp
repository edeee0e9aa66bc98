// Any text is a query or an InputError. A query prints to text that reads as the same query, and judging by
// it harms nothing: the same answer for a document of its own and for one with a layout.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/input_error.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

/// One letter says the type: `i` is an integer, `n` nested, and so on.
event::FieldType type_of(std::string_view name) {
  using Type = event::FieldType;
  constexpr std::string_view letters = "ktirbpdfn";  // in the order of the types
  const std::size_t type = name.empty() ? 0 : letters.find(name.back());
  return type == std::string_view::npos ? Type::keyword : static_cast<Type>(type);
}

constexpr std::string_view document =
    R"({"k": ["a", "b c", true, 5], "t": "The quick fox", "i": 5, "r": 0.5, "b": true, "p": "10.0.0.1",
        "d": "2024-01-02T10:30:00Z", "f": {"x": 1}, "n": [{"k": "a", "i": 1}, {"k": "b", "i": 2}]})";

class NoSlots final : public event::SlotMaker {
 public:
  event::Value make(const event::Event&, std::uint32_t, event::Arena&) const override { return {}; }
};

void judge(const elastic::KqlNode& tree, std::string_view text) {
  const elastic::Documents documents{type_of};
  const elastic::Query query{tree, documents, {.lenient = true}};
  const event::Event own = event::from_json(document);
  event::Arena arena;
  const event::Value root = event::parse_json(document, arena);
  const auto layout = event::Layout::make(std::move(arena), root);
  const NoSlots maker;
  event::Event shared;
  shared.assign({}, *layout, maker);
  claim(query(own) == query(shared), "a layout changes no answer", text);
  try {
    const elastic::Query strict{tree, documents};
    claim(strict(own) == query(own), "what is right for strict queries means the same for lenient ones",
          text);
  } catch (const InputError& error) {
    claim(error.mistake().line > 0, "a mistake has a place", text);
  }
}

void run(std::string_view text) {
  elastic::KqlNode tree;
  try {
    tree = elastic::parse_kql(text);
  } catch (const InputError& error) {
    claim(error.mistake().line > 0 && error.mistake().column > 0, "a mistake has a place", text);
    return;
  }
  const std::string printed = elastic::to_text(tree);
  claim(elastic::parse_kql(printed) == tree, "what is printed reads as the same", printed);
  judge(tree, text);
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rushhour::fuzz::run(rushhour::fuzz::text_of(data, size));
  return 0;
}
