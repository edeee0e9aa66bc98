// An item, and expressions on it, a line each: what can be read is judged and done, and what comes of it can
// be written and read again.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/fakes/detail/dynamodb/condition.hpp>
#include <rushhour/fakes/detail/dynamodb/request.hpp>
#include <rushhour/fakes/detail/dynamodb/update.hpp>

#include "raw_request.hpp"

namespace {

using namespace rushhour;
using namespace rushhour::fakes::detail::dynamodb;

std::optional<AttributeMap> item_of(std::string_view json) {
  rushhour::detail::JsonCursor cursor{json};
  AttributeMap item;
  std::string mistake;
  if (!api::dynamodb::read_json(cursor, item, mistake) || normalise(item)) return std::nullopt;
  return item;
}

std::string json_of(const AttributeMap& item) {
  std::string out;
  api::dynamodb::append_json(out, item);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  std::array<std::string_view, 4> lines{};
  for (std::string_view& line : lines) {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  const auto item = item_of(lines[0]);
  if (!item) return 0;
  fuzz::claim(item_of(json_of(*item)) == item, "an item is read as it was written", lines[0]);

  const std::optional<std::string> update{lines[1]};
  const std::optional<std::string> condition{lines[2]};
  const std::optional<std::string> projection{lines[3]};
  const std::optional<api::dynamodb::AttributeNames> names{{{"#a", "a"}, {"#s", "status"}}};
  const std::optional<AttributeMap> values{
      {{":n", AttributeValue::number("1.5")}, {":s", AttributeValue::string_set({"a", "b"})}}};
  Expressions updates{{.update = &update, .names = &names, .values = &values}};
  static_cast<void>(updates.read());
  Expressions conditions{{.condition = &condition, .names = &names, .values = &values}};
  if (const Refusal refusal = conditions.read(); !refusal || refusal->starts_with("Value provided")) {
    static_cast<void>(ConditionJudge{*item}.holds(*conditions.condition));
  }
  Expressions projections{{.projection = &projection, .names = &names}};
  if (const Refusal refusal = projections.read(); !refusal || refusal->starts_with("Value provided")) {
    const AttributeMap picked = project(*item, *projections.projection);
    fuzz::claim(size_of(picked) <= size_of(*item), "what is picked is no larger", lines[3]);
  }
  Expressions again{{.update = &update, .names = &names, .values = &values}};
  if (const Refusal refusal = again.read(); refusal && !refusal->starts_with("Value provided")) return 0;
  AttributeMap after;
  if (Updater{*item}.apply(*again.update, after)) return 0;
  fuzz::claim(item_of(json_of(after)) == after, "what an update leaves is an item", lines[1]);
  return 0;
}
