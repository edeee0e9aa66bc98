/// \file
/// How fields of ecs.hpp are read from a raw CloudTrail record: one small function object for each way, which
/// ecs_field.hpp makes a Field of. Which field is read in which way is in ecs_inl.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/detail/ecs_actions.hpp>
#include <rushhour/event/detail/ecs_field.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/user_agent.hpp>

namespace rushhour::event::detail {

/// The same in every document.
struct FixedValue {
  Value value{};
  template <Record R>
  [[nodiscard]] Value operator()(const R&, Arena&) const {
    return value;
  }
};

/// A rename: the value under another name.
struct Renamed {
  Path path;
  IndexAs as{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    return index_terms(record, path(record), as, arena);
  }
};

/// Two renames to one field: the second finds it taken and does nothing.
struct RenamedFirst {
  Path path;
  Path otherwise;
  IndexAs as{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    const Value first = index_terms(record, path(record), as, arena);
    return first.is_null() ? index_terms(record, otherwise(record), as, arena) : first;
  }
};

/// A part of the record as text.
struct PrintedByJava {
  Path path;
  IndexAs as{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    const Value part = path(record);
    if (part.is_null() || (as.empties == EmptyParts::drop && is_empty_part(record, part))) return {};
    const std::string_view text = java_text(record, part, arena, as.empties);
    return is_too_long(text, as.limit) ? Value{} : Value{text};
  }
};

/// Adds the leaves behind dotted keys, as Elasticsearch's objects have them: elements of arrays count as
/// values of the array's key, and `a.b` is the key `b` in `a` as well as the key `a.b`. Without keys, all
/// leaves.
template <Record R>
void add_leaves(const R& record, Value value, std::string_view keys, const IndexAs& as, Arena& arena,
                ArenaList& out, bool any_key = false) {
  value = record.resolve(value);
  for (const Value& item : value.items()) add_leaves(record, item, keys, as, arena, out, any_key);
  for (const Member& member : value.members()) {
    if (any_key) {
      add_leaves(record, member.value, {}, as, arena, out, true);
    } else if (keys == member.key) {
      add_leaves(record, member.value, {}, as, arena, out);
    } else if (keys.size() > member.key.size() && keys.starts_with(member.key) &&
               keys[member.key.size()] == '.') {
      add_leaves(record, member.value, keys.substr(member.key.size() + 1), as, arena, out);
    }
  }
  if (keys.empty() && !value.is_array() && !value.is_object()) out.add(index_term(value, as, arena));
}

/// An upper bound of the length of java_text().
template <Record R>
[[nodiscard]] std::size_t java_length_bound(const R& record, Value value) {
  value = record.resolve(value);
  if (const auto text = value.as_text()) return text->size();
  std::size_t length = value.is_array() || value.is_object() ? 2 : 26;
  for (const Value& item : value.items()) length += 2 + java_length_bound(record, item);
  for (const Member& member : value.members()) {
    length += 3 + member.key.size() + java_length_bound(record, member.value);
  }
  return length;
}

/// A key of an object that is mapped as `flattened`; without keys all its leaves.
struct FlattenedKey {
  /// The Fleet pipeline keeps the object only when its printed form is shorter than what Lucene takes for a
  /// term. [DOC] spec of new-terms rules, 5.1.
  static constexpr std::size_t printed_length_max = 32'765;

  Path root;
  std::string keys{};
  IndexAs as{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    const Value object = path_object(record);
    ArenaList leaves{arena};
    add_leaves(record, object, keys, as, arena, leaves, keys.empty());
    // The object is measured last: most events do not have the key.
    return leaves.items().empty() || is_left_out(record, object, arena) ? Value{} : leaves.value();
  }

 private:
  template <Record R>
  [[nodiscard]] Value path_object(const R& record) const {
    const Value object = root(record);
    return object.is_object() ? object : Value{};
  }
  template <Record R>
  [[nodiscard]] bool is_left_out(const R& record, const Value& object, Arena& arena) const {
    if (as.empties == EmptyParts::keep || java_length_bound(record, object) <= printed_length_max) {
      return false;
    }
    return java_length(java_text(record, object, arena, as.empties)) > printed_length_max;
  }
};

[[nodiscard]] inline Value lower_case(std::string_view text, Arena& arena) {
  const std::span<char> small = arena.make<char>(text.size());
  std::ranges::transform(text, small.begin(), [](char c) { return lower(c); });
  return std::string_view{small.data(), small.size()};
}

/// `failure` for a record with an error, else `success`; of a console login what it says itself.
struct Outcome {
  Path action{cloudtrail::event_name};
  Path login{"responseElements.ConsoleLogin"};
  Path code{cloudtrail::error_code};
  Path message{cloudtrail::error_message};
  EmptyParts empties = EmptyParts::drop;

  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    if (action(record).text_or("") == "ConsoleLogin") {
      if (const auto text = login(record).as_text(); text && !text->empty()) return lower_case(*text, arena);
    }
    return is_there(record, code) || is_there(record, message) ? "failure" : "success";
  }

 private:
  template <Record R>
  [[nodiscard]] bool is_there(const R& record, const Path& path) const {
    const Value value = path(record);
    return !value.is_null() && (empties == EmptyParts::keep || !is_empty_part(record, value));
  }
};

/// What the table of actions says of event.category or event.type.
struct Categorised {
  Value ActionCategory::*column;
  Value otherwise{};
  Path action{cloudtrail::event_name};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena&) const {
    const ActionCategory* const row = category_of(action(record).text_or(""));
    return row == nullptr ? otherwise : row->*column;
  }
};

/// Names of programs by their texts. Matching patterns takes microseconds and texts repeat, so the first ones
/// are remembered.
class AgentMemory {
 public:
  /// A literal or a part of the text, and so never of this memory.
  [[nodiscard]] std::string_view name_of(std::string_view text) const {
    if (const auto known = known_.find(text); known != known_.end()) {
      const Name& name = known->second;
      return name.literal.empty() ? text.substr(name.offset, name.length) : name.literal;
    }
    const std::string_view name = user_agent_name(text);
    constexpr std::size_t known_max = 4096;
    if (known_.size() < known_max) known_.emplace(std::string{text}, remembered(name, text));
    return name;
  }

 private:
  struct Name {
    std::string_view literal{};  ///< empty for a part of the text
    std::size_t offset{};        ///< of the part, in bytes
    std::size_t length{};
  };
  [[nodiscard]] static Name remembered(std::string_view name, std::string_view text) {
    const auto at = reinterpret_cast<std::uintptr_t>(name.data());
    const auto first = reinterpret_cast<std::uintptr_t>(text.data());
    if (at < first || at >= first + text.size()) return {.literal = name};
    return {.offset = at - first, .length = name.size()};
  }
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  mutable std::unordered_map<std::string, Name, Hash, std::equal_to<>> known_;
};

/// The name of the program.
struct AgentName {
  Path path{cloudtrail::user_agent};
  IndexAs as{};
  AgentMemory memory{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena&) const {
    const auto text = path(record).as_text();
    if (!text || (text->empty() && as.empties == EmptyParts::drop)) return {};
    return memory.name_of(*text);
  }
};

/// A member of each of the record's resources, every value once.
struct OfResources {
  std::string_view member;
  IndexAs as{};
  Path path{"resources"};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    const Value resources = path(record);
    // A rename cannot step into a list, so Filebeat's module finds only what is an object.
    const bool in_list = as.empties == EmptyParts::drop;
    if (in_list != resources.is_array()) return {};
    ArenaList all{arena};
    add_leaves(record, resources, member, as, arena, all);
    ArenaList once{arena};
    for (const Value& value : all.items()) once.add_once(value);
    return once.value();
  }
};

/// The values behind several paths, each once, in order of the paths.
struct Gathered {
  std::vector<Path> paths{};
  IndexAs as{};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    ArenaList all{arena};
    for (const Path& path : paths) {
      const Value value = path(record);
      if (!value.is_array() && !value.is_object()) all.add_once(index_term(value, as, arena));
    }
    return all.value();
  }
};

/// Who and what the record is about: what all records have, and what is particular to the service. Sorted.
struct Entities {
  IndexAs as{};
  Path source{cloudtrail::event_source};

  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    ArenaList all{arena};
    for (const std::string_view keys : entities_of_all)
      add_leaves(record, record.root(), keys, as, arena, all);
    const std::string_view service = source(record).text_or("");
    for (const ServiceEntities& row : service_entities) {
      if (row.service != service) continue;
      for (const std::string_view keys : row.keys()) add_leaves(record, record.root(), keys, as, arena, all);
    }
    ArenaList once{arena};
    for (const Value& value : all.items()) once.add_once(value);
    std::ranges::sort(once.items(), {}, [](const Value& value) { return value.text_or(""); });
    return once.value();
  }
};

/// A flag of a console login: anything but `No` is true.
struct LoginFlag {
  Path path;
  Path action{cloudtrail::event_name};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena&) const {
    if (action(record).text_or("") != "ConsoleLogin") return {};
    const Value flag = path(record);
    if (flag.is_null() || flag == Value{""}) return {};
    return flag != Value{"No"};
  }
};

/// A text of a console login.
struct LoginText {
  Renamed text;
  Path action{cloudtrail::event_name};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    return action(record).text_or("") == "ConsoleLogin" ? text(record, arena) : Value{};
  }
};

/// `TLSv1.3` is the protocol `tls` and the version `1.3`: cut at the first v.
struct TlsPart {
  bool is_version;
  Path path{"tlsDetails.tlsVersion"};
  template <Record R>
  [[nodiscard]] Value operator()(const R& record, Arena& arena) const {
    const std::string_view text = path(record).text_or("");
    const std::size_t mark = text.find('v');
    if (mark == std::string_view::npos) return {};
    if (is_version) return text.substr(mark + 1).empty() ? Value{} : Value{text.substr(mark + 1)};
    return mark == 0 ? Value{} : lower_case(text.substr(0, mark), arena);
  }
};

/// The instants that an event has beside its record. Never the same for a layout.
class EcsTime final : public Field {
 public:
  enum class Which : std::uint8_t { happened, arrived, ingested };
  EcsTime(Which which, Duration ingest_delay) : which_(which), ingest_delay_(ingest_delay) {}

  [[nodiscard]] Value read(const Event& event, Arena&) const override {
    switch (which_) {
      case Which::arrived:
        return milliseconds(event.arrival());
      case Which::ingested:
        return milliseconds(std::chrono::floor<std::chrono::seconds>(event.arrival() + ingest_delay_));
      case Which::happened:
        break;
    }
    if (event.time() != Instant{}) return milliseconds(event.time());
    const std::optional<Instant> written = parse_iso8601(event_time_(event).text_or(""));
    return milliseconds(written.value_or(event.arrival()));
  }

 private:
  Which which_;
  Duration ingest_delay_;
  Path event_time_{cloudtrail::event_time};
};

}  // namespace rushhour::event::detail
