/// \file
/// Writing the whole document of ecs.hpp as JSON.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::detail {

/// Fields that ECS calls arrays, also when they have one value. [DOC] ECS 8.11, "Note: this field should
/// contain an array of values", read 2026.
inline constexpr std::array<std::string_view, 4> ecs_lists{"event.category", "event.type", "related.entity",
                                                           "related.user"};

/// The fields of one document, in order of names.
class EcsWriter {
 public:
  void add(std::string_view name, const Value& value) { fields_.push_back({std::string{name}, value}); }

  [[nodiscard]] std::string flat() const {
    std::string out = "{";
    bool first = true;
    for (const Entry& entry : fields_) write(out, entry.name, entry, first);
    return out + '}';
  }
  [[nodiscard]] std::string nested() const {
    std::string out;
    write_object(out, fields_, 0);
    return out;
  }

 private:
  struct Entry {
    std::string name;
    Value value;
  };

  static void write(std::string& out, std::string_view key, const Entry& entry, bool& first) {
    rushhour::detail::append_json_key(out, key, first);
    const bool is_date = ecs_field_type(entry.name) == FieldType::date;
    const auto milliseconds = entry.value.as_integer();
    if (is_date && milliseconds) {
      const Instant instant{std::chrono::milliseconds{*milliseconds}};
      rushhour::detail::append_json_string(out, to_iso8601(instant, Precision::milliseconds));
      return;
    }
    const bool wraps = !entry.value.is_array() && std::ranges::find(ecs_lists, entry.name) != ecs_lists.end();
    if (wraps) out += '[';
    append_json(out, entry.value, [](Value value) { return value; });
    if (wraps) out += ']';
  }

  /// The fields share their first `prefix` bytes, which end with a dot.
  void write_object(std::string& out, std::span<const Entry> fields, std::size_t prefix) const {
    out += '{';
    bool first = true;
    while (!fields.empty()) {
      const std::string_view name = std::string_view{fields.front().name}.substr(prefix);
      const std::size_t dot = name.find('.');
      std::size_t count = 1;
      if (dot != std::string_view::npos) {
        // Sorted names keep together what starts alike.
        const std::string_view group = std::string_view{fields.front().name}.substr(0, prefix + dot + 1);
        while (count < fields.size() && fields[count].name.starts_with(group)) ++count;
      }
      const std::string_view key = name.substr(0, dot);
      if (dot == std::string_view::npos) {
        write(out, name, fields.front(), first);
      } else if (is_value(fields.front().name.substr(0, prefix + dot))) {
        for (const Entry& entry : fields.first(count)) {
          write(out, std::string_view{entry.name}.substr(prefix), entry, first);
        }
      } else {
        rushhour::detail::append_json_key(out, key, first);
        write_object(out, fields.first(count), prefix + dot + 1);
      }
      fields = fields.subspan(count);
    }
    out += '}';
  }

  [[nodiscard]] bool is_value(std::string_view name) const {
    return std::ranges::binary_search(fields_, name, {}, &Entry::name);
  }

  std::vector<Entry> fields_;
};

}  // namespace rushhour::event::detail

namespace rushhour::event {

RUSHHOUR_INLINE std::string ecs_document(const EcsCloudTrail& schema, const Event& event, EcsKeys keys) {
  Arena scratch;
  detail::EcsWriter writer;
  schema.for_each(event, scratch,
                  [&](std::string_view name, const Value& value) { writer.add(name, value); });
  return keys == EcsKeys::nested ? writer.nested() : writer.flat();
}

}  // namespace rushhour::event
