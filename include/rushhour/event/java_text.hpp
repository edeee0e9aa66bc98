/// \file
/// A value as Java prints it, `{secretId=db, versions=[1, 2]}`: what Elastic's ingest pipeline makes of a
/// record's parameters by calling toString(), and what rules then match with wildcards. It reads no such
/// text.
///
/// The order of a map's members is that of java.util.HashMap, into which Elasticsearch parses JSON: by the
/// hash of the key, not as written. [DOC] java.lang.String.hashCode, java.util.HashMap and
/// AbstractMap.toString of OpenJDK 17; seen in the expected documents of Elastic's CloudTrail package
/// (elastic/integrations, read 2026). Wildcards that name two members depend on it.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event {

/// What of a value is printed.
enum class EmptyParts : std::uint8_t {
  keep,  ///< `{a=null, b=, c={}}`
  drop  ///< null, "", [] and {} are left out at every depth, as Elastic's Fleet pipeline does before anything
};

namespace detail {

/// How many UTF-16 units Java counts in a text of UTF-8; a byte that is none counts as one (U+FFFD).
[[nodiscard]] constexpr std::size_t java_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size(); ++units) {
    const std::size_t length = rushhour::detail::utf8_length(text, at);
    if (length == 4) ++units;  // a pair of surrogates
    at += length == 0 ? 1 : length;
  }
  return units;
}

/// String.hashCode(): s[0]*31^(n-1) + ... + s[n-1] over UTF-16 units, modulo 2^32.
[[nodiscard]] constexpr std::uint32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(text[at + i]) & 0x3fU; };
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = rushhour::detail::utf8_length(text, at);
    std::uint32_t point = 0xfffd;
    if (length == 1) point = first;
    if (length == 2) point = (first & 0x1fU) << 6 | byte(1);
    if (length == 3) point = (first & 0x0fU) << 12 | byte(1) << 6 | byte(2);
    if (length == 4) {
      const std::uint32_t above = ((first & 0x07U) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3)) - 0x10000U;
      hash = hash * 31 + (0xd800U | above >> 10);
      point = 0xdc00U | (above & 0x3ffU);
    }
    hash = hash * 31 + point;
    at += length == 0 ? 1 : length;
  }
  return hash;
}

/// The members in the order of a HashMap that was made empty and took them one by one: 16 buckets, doubled
/// whenever three quarters would be exceeded, and in a bucket as they came. A bucket of eight and more that
/// became a tree (only with keys made to collide) keeps that order here, where Java puts its root first.
[[nodiscard]] inline std::span<const std::uint64_t> java_map_order(std::span<const Member> members,
                                                                   Arena& arena) {
  std::uint32_t buckets = 16;
  while (members.size() > buckets / 4 * 3) buckets *= 2;
  const std::span<std::uint64_t> order = arena.make<std::uint64_t>(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::uint32_t hash = java_hash(members[i].key);
    order[i] = std::uint64_t{(hash ^ hash >> 16) & (buckets - 1)} << 32 | i;
  }
  std::sort(order.begin(), order.end());
  return order;
}

/// A text that grows in an arena.
class ArenaText {
 public:
  explicit ArenaText(Arena& arena) : arena_(arena) {}

  void append(std::string_view text) {
    if (text.empty()) return;
    if (buffer_.size() - size_ < text.size()) grow(text.size());
    std::memcpy(buffer_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  [[nodiscard]] std::string_view text() const { return {buffer_.data(), size_}; }

 private:
  void grow(std::size_t more) {
    const std::span<char> larger = arena_.make<char>(std::max(buffer_.size() * 2, size_ + more + 128));
    if (size_ > 0) std::memcpy(larger.data(), buffer_.data(), size_);
    buffer_ = larger;
  }

  Arena& arena_;
  std::span<char> buffer_{};
  std::size_t size_ = 0;
};

/// Double.toString(): shortest digits that read back the same (JDK 19 and later), plain from 10^-3 up to
/// 10^7, else `1.0E10`, always with a digit behind the point.
class JavaDouble {
 public:
  explicit JavaDouble(double value) { print(value); }
  [[nodiscard]] std::string_view text() const { return {buffer_, size_}; }

 private:
  void print(double value) {
    if (std::isnan(value)) return append("NaN");
    if (std::signbit(value)) append("-");
    if (std::isinf(value)) return append("Infinity");
    if (value == 0.0) return append("0.0");
    char digits[32];
    const double size = std::fabs(value);
    char* end = std::to_chars(digits, digits + sizeof digits, size, std::chars_format::scientific).ptr;
    // Where one digit would do, Java takes the nearest two: the least double is 4.9E-324, not 5.0E-324.
    if (digits[1] == 'e') {
      end = std::to_chars(digits, digits + sizeof digits, size, std::chars_format::scientific, 1).ptr;
    }
    // `d.ddde-dd`: the digits, and how far the point is from behind the first of them.
    const std::string_view text{digits, static_cast<std::size_t>(end - digits)};
    const std::size_t mark = text.find('e');
    const std::string_view behind = text.substr(2, mark - 2);
    std::string_view power = text.substr(mark + (text[mark + 1] == '+' ? 2 : 1));
    int exponent = 0;
    std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (exponent >= -3 && exponent < 7) return append_plain(text[0], behind, exponent);
    append(text.substr(0, 1));
    append(".");
    append(behind);
    append("E");
    if (power.front() == '-') append("-");
    if (power.front() == '-') power.remove_prefix(1);
    append(power.front() == '0' ? power.substr(1) : power);
  }
  void append(std::string_view text) {
    std::memcpy(buffer_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  void append_plain(char first, std::string_view behind, int exponent) {
    if (exponent < 0) {
      append("0.");
      for (int zero = -1; zero > exponent; --zero) append("0");
      append({&first, 1});
      return append(behind == "0" ? "" : behind);
    }
    append({&first, 1});
    for (int place = 0; place < exponent; ++place) {
      append(behind.empty() ? "0" : behind.substr(0, 1));
      if (!behind.empty()) behind.remove_prefix(1);
    }
    append(".");
    append(behind.empty() ? "0" : behind);
  }

  char buffer_[40];
  std::size_t size_ = 0;
};

}  // namespace detail

/// True for what the Fleet pipeline takes out of a record before it reads it: null, "", and arrays and
/// objects that are empty, or become so.
template <Record R>
[[nodiscard]] bool is_empty_part(const R& record, Value value) {
  value = record.resolve(value);
  if (value.is_null()) return true;
  if (value.is_text()) return value.as_text()->empty();
  if (value.is_array()) {
    return std::ranges::all_of(value.items(), [&](const Value& item) { return is_empty_part(record, item); });
  }
  if (!value.is_object()) return false;
  return std::ranges::all_of(value.members(),
                             [&](const Member& member) { return is_empty_part(record, member.value); });
}

namespace detail {

template <Record R>
class JavaPrinter {
 public:
  JavaPrinter(const R& record, Arena& arena, EmptyParts empty_parts)
      : record_(record), arena_(arena), out_(arena), empty_parts_(empty_parts) {}

  void print(Value value) {
    value = record_.resolve(value);
    switch (value.kind()) {
      case Value::Kind::null:
      case Value::Kind::slot:
        return out_.append("null");
      case Value::Kind::boolean:
        return out_.append(*value.as_bool() ? "true" : "false");
      case Value::Kind::integer: {
        char digits[20];
        const char* const end = std::to_chars(digits, digits + sizeof digits, *value.as_integer()).ptr;
        return out_.append({digits, static_cast<std::size_t>(end - digits)});
      }
      case Value::Kind::real:
        return out_.append(JavaDouble{*value.as_real()}.text());
      case Value::Kind::text:
        return out_.append(*value.as_text());
      case Value::Kind::array:
        return print_list(value.items());
      case Value::Kind::object:
        return print_map(value.members());
    }
  }
  [[nodiscard]] std::string_view text() const { return out_.text(); }

 private:
  [[nodiscard]] bool passes_over(const Value& value) const {
    return empty_parts_ == EmptyParts::drop && is_empty_part(record_, value);
  }
  void print_list(std::span<const Value> items) {
    std::string_view before = "[";
    for (const Value& item : items) {
      if (passes_over(item)) continue;
      out_.append(before);
      before = ", ";
      print(item);
    }
    out_.append(before == "[" ? "[]" : "]");
  }
  void print_map(std::span<const Member> members) {
    std::string_view before = "{";
    for (const std::uint64_t place : java_map_order(members, arena_)) {
      const Member& member = members[place & 0xffffffffU];
      if (passes_over(member.value)) continue;
      out_.append(before);
      before = ", ";
      out_.append(member.key);
      out_.append("=");
      print(member.value);
    }
    out_.append(before == "{" ? "{}" : "}");
  }

  const R& record_;
  Arena& arena_;
  ArenaText out_;
  EmptyParts empty_parts_;
};

/// A tree without slots, as a record.
struct NoRecord {
  [[nodiscard]] static const Layout* layout() { return nullptr; }
  [[nodiscard]] static Value root() { return {}; }
  [[nodiscard]] static Value resolve(Value value) {
    RUSHHOUR_ASSERT(!value.is_slot(), "a slot has no value of its own: pass the event it belongs to");
    return value;
  }
};

}  // namespace detail

/// The value as text in the arena; slots are those of `record`. `{a=b, c=[1, 2], d={x=y}}`; null is `null`, a
/// text stands as it is, without quotes. Integers beyond 64 bits, which a Value holds as doubles, are printed
/// as such, where Java has their digits.
template <Record R>
[[nodiscard]] std::string_view java_text(const R& record, const Value& value, Arena& arena,
                                         EmptyParts empty_parts = EmptyParts::keep) {
  detail::JavaPrinter<R> printer{record, arena, empty_parts};
  printer.print(value);
  return printer.text();
}
/// The same for a value without slots.
[[nodiscard]] inline std::string_view java_text(const Value& value, Arena& arena,
                                                EmptyParts empty_parts = EmptyParts::keep) {
  return java_text(detail::NoRecord{}, value, arena, empty_parts);
}

}  // namespace rushhour::event
