/// \file
/// Bodies of reader.hpp: the conversions, and the words of their messages.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario {
namespace detail {

/// `the number 3600`, `"soon"`, `[1, 0]`, `an array of 12`, `an object`.
[[nodiscard]] inline std::string seen_text(const Node& node) {
  constexpr std::size_t shown_max = 4;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.text;
    case Node::Kind::number:
      return "the number " + node.text.substr(0, 60);
    case Node::Kind::text:
      return in_quotes(node.text);
    case Node::Kind::object:
      return "an object";
    case Node::Kind::array:
      break;
  }
  const auto number = [](const Node& child) {
    return child.kind == Node::Kind::number && child.text.size() < 20;
  };
  const auto& all = node.children;
  if (all.empty() || all.size() > shown_max || !std::all_of(all.begin(), all.end(), number)) {
    return "an array of " + std::to_string(all.size());
  }
  std::string out;
  for (const Node& child : all) out += (out.empty() ? "[" : ", ") + child.text;
  return out + "]";
}

/// The number that a text holds, for the advice to leave the quotes away.
[[nodiscard]] inline std::string unquote_advice(const Node& node) {
  const bool number = node.kind == Node::Kind::text && parse_decimal(node.text);
  return number ? "write " + node.text + " without quotes" : std::string{};
}

[[nodiscard]] inline std::string whole_text(rushhour::detail::int128 value) {
  const bool negative = value < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -value : value);
  return (negative ? "-" : "") + std::to_string(magnitude);
}

/// ` from 1 to 9`, ` of exactly 2`, ` of at least 1`, ` of at most 9`, or nothing.
[[nodiscard]] inline std::string range_text(const std::string& min, const std::string& max, bool open_below,
                                            bool open_above) {
  if (open_below && open_above) return {};
  if (open_above) return " of at least " + min;
  if (open_below) return " of at most " + max;
  if (min == max) return " of exactly " + min;
  return " from " + min + " to " + max;
}

[[nodiscard]] inline std::optional<std::uint64_t> whole_number(const Node& node) {
  const auto decimal = node.kind == Node::Kind::number ? parse_decimal(node.text) : std::nullopt;
  if (!decimal || decimal->negative || !decimal->whole()) return std::nullopt;
  return decimal->magnitude.numerator;
}

[[nodiscard]] inline std::optional<std::uint64_t> digits_only(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto decimal = parse_decimal(text);
  if (!decimal) return std::nullopt;
  return decimal->magnitude.numerator;
}

/// Any of the three ways to write a ratio; nothing when it is none of them.
[[nodiscard]] inline std::optional<Ratio> ratio_of(const Node& node) {
  std::optional<std::uint64_t> numerator;
  std::optional<std::uint64_t> denominator;
  if (node.kind == Node::Kind::number) {
    const auto decimal = parse_decimal(node.text);
    if (!decimal || decimal->negative) return std::nullopt;
    return decimal->magnitude;
  }
  if (node.kind == Node::Kind::text) {
    const std::size_t slash = node.text.find('/');
    if (slash == std::string::npos) return std::nullopt;
    numerator = digits_only(std::string_view{node.text}.substr(0, slash));
    denominator = digits_only(std::string_view{node.text}.substr(slash + 1));
  } else if (node.kind == Node::Kind::array && node.children.size() == 2) {
    numerator = whole_number(node.children[0]);
    denominator = whole_number(node.children[1]);
  }
  if (!numerator || !denominator || *denominator == 0) return std::nullopt;
  return Ratio{*numerator, *denominator}.reduced();
}

}  // namespace detail

RUSHHOUR_INLINE void Value::fail(std::string expected, std::string advice) const {
  place().fail(std::move(expected), detail::seen_text(*node_), std::move(advice));
}

RUSHHOUR_INLINE Value::int128 Value::whole(int128 min, int128 max, bool open_below, bool open_above) const {
  const auto decimal = is(Node::Kind::number) ? detail::parse_decimal(node_->text) : std::nullopt;
  const bool known = decimal && decimal->whole();
  int128 value = known ? static_cast<int128>(decimal->magnitude.numerator) : 0;
  if (known && decimal->negative) value = -value;
  if (known && value >= min && value <= max) return value;
  fail("a whole number" +
           detail::range_text(detail::whole_text(min), detail::whole_text(max), open_below, open_above),
       detail::unquote_advice(*node_));
}

RUSHHOUR_INLINE Duration Value::duration(DurationRange range) const {
  const auto parsed = is(Node::Kind::text) ? parse_duration(node_->text) : std::nullopt;
  if (parsed && *parsed >= range.min && *parsed <= range.max) return *parsed;
  const bool open_below = range.min <= Duration::zero();
  const bool open_above = range.max == Duration::max();
  const std::string bounds =
      detail::range_text(rushhour::to_text(range.min), rushhour::to_text(range.max), open_below, open_above);
  if (parsed) fail("a duration" + bounds);
  const auto seconds = detail::whole_number(*node_);
  std::string advice;
  constexpr std::uint64_t century_seconds = 100ULL * 366 * 86'400;
  if (seconds && *seconds <= century_seconds) {
    advice = "write \"" + rushhour::to_text(std::chrono::seconds{*seconds}) + "\" if it means seconds";
  } else if (is(Node::Kind::text)) {
    advice = "the units are ns, us, ms, s, m, h and d";
  }
  fail("a duration" + bounds + " such as \"1h\"", advice);
}

RUSHHOUR_INLINE Instant Value::instant() const {
  const std::string expected = "an instant such as \"2026-03-02T14:00:00Z\"";
  if (!is(Node::Kind::text)) fail(expected);
  // 64-bit nanoseconds end in April 2262. ISO 8601 texts of one form sort as their years do.
  const std::string_view year = std::string_view{node_->text}.substr(0, 4);
  const bool in_reach = year >= "1970" && year <= "2261";
  const bool is_year = year.size() == 4 && year.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_year && !in_reach) fail("an instant of the years 1970 to 2261");
  const auto parsed = is_year ? parse_iso8601(node_->text) : std::nullopt;
  if (!parsed) fail(expected);
  return *parsed;
}

RUSHHOUR_INLINE Ratio Value::ratio(RatioRange range) const {
  const auto parsed = detail::ratio_of(*node_);
  if (parsed && !(*parsed < range.min) && !(range.max < *parsed)) return *parsed;
  const bool share = range.min == Ratio{0, 1} && range.max == Ratio{1, 1};
  const std::string bounds =
      " from " + detail::decimal_text(range.min) + " to " + detail::decimal_text(range.max);
  const std::string name = (share ? "a share" : "a ratio") + bounds;
  if (parsed) fail(name);
  fail(name + (share ? " such as 0.02, \"1/50\" or [1, 50]" : " such as 1.5, \"3/2\" or [3, 2]"),
       detail::unquote_advice(*node_));
}

RUSHHOUR_INLINE std::string Value::text() const {
  const bool scalar = is(Node::Kind::number) || is(Node::Kind::boolean);
  if (!is(Node::Kind::text))
    fail("a text", scalar ? "write " + detail::in_quotes(node_->text) : std::string{});
  if (node_->text.empty()) fail("a text that is not empty");
  return node_->text;
}

RUSHHOUR_INLINE std::string Value::text(std::initializer_list<std::string_view> one_of) const {
  return std::string{one_of.begin()[word_of(one_of)]};
}

RUSHHOUR_INLINE std::size_t Value::word_of(const std::vector<std::string_view>& words) const {
  const auto found = std::find(words.begin(), words.end(), std::string_view{node_->text});
  if (is(Node::Kind::text) && found != words.end()) return static_cast<std::size_t>(found - words.begin());
  fail((words.size() > 1 ? "one of " : "") + detail::list_in_quotes(words, ", "),
       is(Node::Kind::text) ? detail::did_you_mean(node_->text, words) : std::string{});
}

RUSHHOUR_INLINE bool Value::boolean() const {
  const bool word = node_->text == "true" || node_->text == "false";
  if (!is(Node::Kind::boolean)) {
    fail("true or false",
         is(Node::Kind::text) && word ? "write " + node_->text + " without quotes" : std::string{});
  }
  return node_->text == "true";
}

RUSHHOUR_INLINE std::vector<Value> Value::array(IntegerRange<std::size_t> size) const {
  if (!is(Node::Kind::array)) fail("an array", "write it between [ and ], even when there is only one");
  const std::size_t count = node_->children.size();
  if (count < size.min || count > size.max) {
    const bool open_above = size.max == std::numeric_limits<std::size_t>::max();
    fail("an array" +
         detail::range_text(std::to_string(size.min), std::to_string(size.max), size.min == 0, open_above));
  }
  std::vector<Value> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.emplace_back(*document_, node_->children[i], pointer_ + "/" + std::to_string(i));
  }
  return out;
}

RUSHHOUR_INLINE Reader::Reader(Value object) : object_(std::move(object)) {
  if (!object_.is(Node::Kind::object)) object_.fail("an object");
}

RUSHHOUR_INLINE void Reader::require(std::initializer_list<RequiredKey> keys) {
  std::vector<RequiredKey> missing;
  for (const RequiredKey& each : keys) {
    know(each.key);
    if (member(each.key) == nullptr) missing.push_back(each);
  }
  if (!missing.empty()) fail_missing(missing);
}

RUSHHOUR_INLINE Value Reader::at(std::string_view key, std::string_view example) {
  auto found = find(key);
  if (!found) fail_missing({{key, example}});
  return std::move(*found);
}

RUSHHOUR_INLINE std::optional<Value> Reader::find(std::string_view key) {
  know(key);
  const Node* node = member(key);
  if (node == nullptr) return std::nullopt;
  return child(*node);
}

RUSHHOUR_INLINE std::vector<std::pair<std::string, Value>> Reader::members() {
  std::vector<std::pair<std::string, Value>> out;
  for (const Node& node : object_.node().children) {
    know(node.key);
    out.emplace_back(node.key, child(node));
  }
  return out;
}

RUSHHOUR_INLINE void Reader::done() {
  done_ = true;
  constexpr std::size_t listed_max = 12;
  for (const Node& node : object_.node().children) {
    if (knows(node.key)) continue;
    std::string advice = detail::did_you_mean(node.key, known_);
    if (advice.empty() && known_.empty()) advice = "no key is known here";
    if (advice.empty() && known_.size() <= listed_max)
      advice = "known are " + detail::list_in_quotes(known_, " and ");
    Place where = child(node).place();
    where.line = node.key_line;
    where.column = node.key_column;
    where.fail("a known key", detail::in_quotes(node.key), std::move(advice));
  }
}

RUSHHOUR_INLINE std::string Reader::word_example(const std::string_view* first, const std::string_view* end) {
  return first == end ? "\"...\"" : detail::in_quotes(*first);
}

RUSHHOUR_INLINE void Reader::know(std::string_view key) {
  if (!knows(key)) known_.emplace_back(key);
}

RUSHHOUR_INLINE bool Reader::knows(std::string_view key) const {
  return std::find(known_.begin(), known_.end(), key) != known_.end();
}

RUSHHOUR_INLINE const Node* Reader::member(std::string_view key) const {
  const auto& all = object_.node().children;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Node& each) { return each.key == key; });
  return found == all.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE Value Reader::child(const Node& node) const {
  return {*object_.document_, node, object_.pointer_ + detail::pointer_step(node.key)};
}

RUSHHOUR_INLINE void Reader::fail_missing(const std::vector<RequiredKey>& missing) const {
  std::vector<std::string_view> keys;
  std::string example;
  for (const RequiredKey& each : missing) {
    keys.push_back(each.key);
    example += (example.empty() ? "" : ", ") + detail::in_quotes(each.key) + ": " + std::string{each.example};
  }
  const bool one = missing.size() == 1;
  place().fail((one ? "the key " : "the keys ") + detail::list_in_quotes(keys, " and "),
               one ? "no such key" : "none of them", "add for example " + example + lookalikes(missing));
}

/// Names the unknown keys that may be the missing ones, misspelt.
RUSHHOUR_INLINE std::string Reader::lookalikes(const std::vector<RequiredKey>& missing) const {
  std::vector<std::string_view> unknown;
  for (const Node& node : object_.node().children) {
    if (!knows(node.key)) unknown.push_back(node.key);
  }
  std::string out;
  for (const RequiredKey& each : missing) {
    for (const std::string& near : detail::nearest(each.key, unknown)) {
      out += "; or is " + detail::in_quotes(near) + " on line " + std::to_string(member(near)->key_line) +
             " meant?";
    }
  }
  return out;
}

}  // namespace rushhour::scenario
