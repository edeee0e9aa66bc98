/// \file
/// Reading form parameters into an object, for query_xml_inl.hpp only: values of every kind, and lists whose
/// elements come in any order.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/form_parameter.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/detail/base64.hpp>

namespace rushhour::aws::detail {

/// False when the text is no value of this kind.
RUSHHOUR_INLINE bool set_scalar(const Shape& shape, void* value, std::string text) {
  void* held = shape.emplace(value);
  switch (shape.kind) {
    case Kind::string:
      *static_cast<std::string*>(held) = std::move(text);
      return true;
    case Kind::boolean:
      *static_cast<bool*>(held) = text == "true";
      return text == "true" || text == "false";
    case Kind::integer: {
      const auto read =
          std::from_chars(text.data(), text.data() + text.size(), *static_cast<std::int64_t*>(held));
      return read.ec == std::errc{} && read.ptr == text.data() + text.size();
    }
    case Kind::timestamp: {
      const auto instant = parse_iso8601(text);
      if (instant) *static_cast<Instant*>(held) = *instant;
      return instant.has_value();
    }
    case Kind::blob: {
      auto bytes = rushhour::detail::decode_base64(text);
      if (bytes) static_cast<Blob*>(held)->bytes = std::move(*bytes);
      return bytes.has_value();
    }
    case Kind::structure:
    case Kind::list:
    case Kind::map:
    case Kind::custom:
      break;
  }
  return false;
}

/// What became of one parameter.
enum class Placing : std::uint8_t {
  done,
  wrong,  ///< a form or value that does not fit
  early   ///< an element of a list whose predecessors have not come yet
};

/// Sets what `path` names inside a value: `` for the value itself, `.member.2.Key` for a member of a list
/// element.
RUSHHOUR_INLINE Placing set_at(const Shape& shape, void* value, std::string_view path,
                               const std::string& text);

RUSHHOUR_INLINE Placing set_in_structure(Members members, void* object, std::string_view path,
                                         const std::string& text) {
  const std::string_view name = path.substr(0, path.find('.'));
  for (const Member& member : members) {
    if (member.name != name) continue;
    return set_at(*member.shape, const_cast<void*>(member.in(object)), path.substr(name.size()), text);
  }
  return Placing::wrong;
}

/// The number that a path into a list begins with, taken off it; 0 when there is none.
RUSHHOUR_INLINE std::size_t take_list_number(std::string_view& path) {
  constexpr std::string_view list_prefix = "member.";
  if (!path.starts_with(list_prefix)) return 0;
  path.remove_prefix(list_prefix.size());
  std::size_t number = 0;
  const auto read = std::from_chars(path.data(), path.data() + path.size(), number);
  if (read.ec != std::errc{} || path.front() == '0') return 0;
  path.remove_prefix(static_cast<std::size_t>(read.ptr - path.data()));
  return path.empty() || path.front() == '.' ? number : 0;
}

RUSHHOUR_INLINE Placing set_at(const Shape& shape, void* value, std::string_view path,
                               const std::string& text) {
  // `Tags=`, as botocore sends a list without elements.
  if (path.empty() && shape.kind == Kind::list && text.empty()) return Placing::done;
  if (path.empty()) return set_scalar(shape, value, text) ? Placing::done : Placing::wrong;
  path.remove_prefix(1);
  if (shape.kind == Kind::structure) {
    void* held = shape.present(value) ? const_cast<void*>(shape.get(value)) : shape.emplace(value);
    return set_in_structure(shape.members(), held, path, text);
  }
  if (shape.kind != Kind::list) return Placing::wrong;
  const std::size_t number = take_list_number(path);
  if (number == 0) return Placing::wrong;
  void* held = const_cast<void*>(shape.get(value));
  if (number > shape.size(held) + 1) return Placing::early;
  void* element =
      number == shape.size(held) + 1 ? shape.append(held) : const_cast<void*>(shape.at(held, number - 1));
  return set_at(*shape.element, element, path, text);
}

/// Whether one name of a parameter comes before another when their numbers count as numbers: `member.2`
/// before `member.10`.
RUSHHOUR_INLINE bool before_in_list(std::string_view a, std::string_view b) {
  const auto digits = [](std::string_view text) {
    return std::min(text.find_first_not_of("0123456789"), text.size());
  };
  while (!a.empty() && !b.empty()) {
    const std::size_t in_a = digits(a);
    const std::size_t in_b = digits(b);
    if (in_a != 0 && in_b != 0) {
      if (in_a != in_b) return in_a < in_b;  // without leading zeros, the longer is the larger
      if (const int order = a.compare(0, in_a, b, 0, in_b); order != 0) return order < 0;
    } else if (a.front() != b.front()) {
      return a.front() < b.front();
    }
    a.remove_prefix(std::max<std::size_t>(in_a, 1));
    b.remove_prefix(std::max<std::size_t>(in_b, 1));
  }
  return a.size() < b.size();
}

/// Places the parameters of one request, those that came early last.
class QueryReader {
 public:
  QueryReader(Members members, void* object, Read& read) : members_(members), object_(object), read_(read) {}

  void place(const Parameter& parameter) {
    const std::string_view name = parameter.first;
    const std::string_view top = name.substr(0, name.find('.'));
    std::size_t at = 0;
    while (at < members_.size() && members_[at].name != top) ++at;
    if (at == members_.size()) {
      read_.unknown.emplace_back(top);
      return;
    }
    const std::uint64_t bit = std::uint64_t{1} << at;
    const bool is_repeated = (seen_ & bit) != 0 && top.size() == name.size();
    seen_ |= bit;
    const Placing placing = is_repeated
                                ? Placing::wrong
                                : set_at(*members_[at].shape, const_cast<void*>(members_[at].in(object_)),
                                         name.substr(top.size()), parameter.second);
    if (placing == Placing::wrong) misplace(name);
    if (placing == Placing::early) early_.push_back(&parameter);
  }

  /// What is early still when all before it have been placed has a gap before it.
  void finish() {
    std::sort(early_.begin(), early_.end(),
              [](const Parameter* a, const Parameter* b) { return before_in_list(a->first, b->first); });
    for (const Parameter* parameter : early_) {
      if (set_in_structure(members_, object_, parameter->first, parameter->second) != Placing::done)
        misplace(parameter->first);
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const bool is_seen = (seen_ >> i & 1) != 0;
      const Shape& shape = *members_[i].shape;
      if (!is_seen && members_[i].required) read_.absent.push_back(members_[i].name);
      if (is_seen && shape.kind == Kind::list && shape.size(shape.get(members_[i].in(object_))) == 0) {
        read_.empty.push_back(members_[i].name);
      }
    }
  }

 private:
  void misplace(std::string_view name) {
    if (!read_.malformed) read_.malformed = "'" + std::string{name} + "' has no such form or value";
  }

  Members members_;
  void* object_;
  Read& read_;
  std::uint64_t seen_ = 0;
  std::vector<const Parameter*> early_{};
};

}  // namespace rushhour::aws::detail
