/// \file
/// Exception lists out of what Kibana's API and its export give.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/setting.hpp>
#include <rushhour/elastic/exceptions.hpp>

namespace rushhour::elastic {
namespace detail {

class ExceptionReader {
 public:
  explicit ExceptionReader(const Settings& settings) : settings_(settings) { out_.file = settings.file; }

  [[nodiscard]] ExceptionList read() {
    const std::vector<Setting>& values = settings_.root.children;
    for (std::size_t i = 0; i < values.size(); ++i) {
      read_value(values[i], values.size() == 1 ? std::string{} : "/" + std::to_string(i));
    }
    return std::move(out_);
  }

 private:
  void read_value(const Setting& value, const std::string& pointer);
  void read_array(const Setting& array, const std::string& pointer);
  void read_lists(const SettingReader& table);
  void read_item(const SettingReader& table);
  [[nodiscard]] std::vector<ExceptionEntry> read_entries(const SettingReader& table, bool is_inner) const;
  [[nodiscard]] ExceptionEntry read_entry(const SettingReader& table, bool is_inner) const;
  void read_list(const SettingReader& table, ExceptionEntry& entry) const;
  [[nodiscard]] static std::vector<std::string> read_values(const SettingReader& table, std::string_view key);
  [[nodiscard]] static std::string scalar(const SettingReader& at, const Setting& value,
                                          const std::string& pointer);

  const Settings& settings_;
  ExceptionList out_{};
};

RUSHHOUR_INLINE void ExceptionReader::read_value(const Setting& value, const std::string& pointer) {
  if (value.kind == Setting::Kind::array) return read_array(value, pointer);
  const SettingReader table{settings_, value, pointer};
  const bool has_items = table.find("items") != nullptr || table.find("data") != nullptr;
  if (has_items || table.find("lists") != nullptr) {
    for (const std::string_view key : {"items", "data"}) {
      const Setting* const items = table.find(key);
      if (items == nullptr) continue;
      if (items->kind != Setting::Kind::array) table.fail(key, "an array of exception items");
      read_array(*items, table.path(key));
    }
    if (const auto lists = table.sub_table("lists")) read_lists(*lists);
    return;
  }
  if (table.find("entries") != nullptr) return read_item(table);
  if (table.find("value") != nullptr && table.find("list_id") != nullptr) {
    out_.lists[table.text_or("list_id", "")].push_back(
        scalar(table, *table.find("value"), table.path("value")));
    return;
  }
  // What else is in an export: headers of lists, rules, and the line of counts at the end.
  for (const std::string_view key :
       {"list_id", "rule_id", "exported_count", "exported_exception_list_count", "exported_rules_count"}) {
    if (table.find(key) != nullptr) return;
  }
  table.fail("entries", "the conditions of an exception item",
             "a file has items, {\"items\": [...], \"lists\": {...}} or Kibana's export");
}

RUSHHOUR_INLINE void ExceptionReader::read_array(const Setting& array, const std::string& pointer) {
  std::size_t index = 0;
  for (const Setting& each : array.children) read_value(each, pointer + "/" + std::to_string(index++));
}

RUSHHOUR_INLINE void ExceptionReader::read_lists(const SettingReader& table) {
  for (const Setting& each : table.table().children) {
    std::vector<std::string> values = read_values(table, each.key);
    std::vector<std::string>& list = out_.lists[each.key];
    list.insert(list.end(), values.begin(), values.end());
  }
}

RUSHHOUR_INLINE std::string ExceptionReader::scalar(const SettingReader& at, const Setting& value,
                                                    const std::string& pointer) {
  if (value.kind == Setting::Kind::text) return value.text;
  if (value.kind == Setting::Kind::integer) return std::to_string(value.integer);
  if (value.kind == Setting::Kind::boolean) return value.boolean ? "true" : "false";
  at.fail(value, pointer, "a text", "values are written as texts, whatever the field is");
}

RUSHHOUR_INLINE std::vector<std::string> ExceptionReader::read_values(const SettingReader& table,
                                                                      std::string_view key) {
  const Setting* const found = table.find(key);
  if (found == nullptr || found->kind != Setting::Kind::array) table.fail(key, "an array of texts");
  std::vector<std::string> out;
  out.reserve(found->children.size());
  for (const Setting& each : found->children) {
    out.push_back(scalar(table, each, table.path(key) + "/" + std::to_string(out.size())));
  }
  return out;
}

RUSHHOUR_INLINE void ExceptionReader::read_item(const SettingReader& table) {
  ExceptionItem item{.item_id = table.text_or("item_id", table.text_or("id", "")),
                     .list_id = table.text_or("list_id", ""),
                     .name = table.text_or("name", ""),
                     .description = table.text_or("description", ""),
                     .place = {table.table().line, table.table().column}};
  if (const auto expires = table.text("expire_time")) {
    item.expire_time = parse_iso8601(*expires);
    if (!item.expire_time) table.fail("expire_time", "an instant such as \"2026-03-02T14:00:00Z\"");
  }
  item.entries = read_entries(table, false);
  out_.items.push_back(std::move(item));
}

RUSHHOUR_INLINE std::vector<ExceptionEntry> ExceptionReader::read_entries(const SettingReader& table,
                                                                          bool is_inner) const {
  std::vector<ExceptionEntry> out;
  for (const SettingReader& each : table.tables("entries")) out.push_back(read_entry(each, is_inner));
  if (out.empty()) table.fail("entries", "at least one condition", "without one it would except everything");
  return out;
}

RUSHHOUR_INLINE ExceptionEntry ExceptionReader::read_entry(const SettingReader& table, bool is_inner) const {
  using Type = ExceptionEntry::Type;
  constexpr std::array<std::pair<std::string_view, Type>, 6> types{{{"match", Type::match},
                                                                    {"match_any", Type::match_any},
                                                                    {"exists", Type::exists},
                                                                    {"wildcard", Type::wildcard},
                                                                    {"list", Type::list},
                                                                    {"nested", Type::nested}}};
  ExceptionEntry entry{.place = {table.table().line, table.table().column}, .pointer = table.pointer()};
  entry.field = table.text_or("field", "");
  if (entry.field.empty()) table.fail("field", "the name of a field");
  const std::string type = table.text_or("type", "");
  bool is_known = false;
  for (const auto& [word, meaning] : types) {
    if (word != type) continue;
    entry.type = meaning;
    is_known = true;
  }
  const bool is_allowed =
      !is_inner || (entry.type != Type::nested && entry.type != Type::list && entry.type != Type::wildcard);
  if (!is_known || !is_allowed) {
    table.fail("type", is_inner ? "match, match_any or exists"
                                : "match, match_any, exists, wildcard, list or nested");
  }
  if (entry.type == Type::nested) {
    entry.entries = read_entries(table, true);
    return entry;
  }
  const std::string op = table.text_or("operator", "");
  if (op != "included" && op != "excluded") table.fail("operator", "included or excluded");
  entry.is_excluded = op == "excluded";
  if (entry.type == Type::list) {
    read_list(table, entry);
  } else if (entry.type == Type::match_any) {
    entry.values = read_values(table, "value");
    if (entry.values.empty()) table.fail("value", "at least one value");
  } else if (entry.type != Type::exists) {
    if (table.find("value") == nullptr) table.fail("value", "the value that the field must have");
    entry.values = {scalar(table, *table.find("value"), table.path("value"))};
  }
  return entry;
}

RUSHHOUR_INLINE void ExceptionReader::read_list(const SettingReader& table, ExceptionEntry& entry) const {
  const auto list = table.sub_table("list");
  if (!list) table.fail("list", "the value list: {\"id\": \"...\", \"type\": \"keyword\"}");
  entry.list_id = list->text_or("id", "");
  entry.list_type = list->text_or("type", "");
  if (entry.list_id.empty()) list->fail("id", "the id of a value list");
  if (entry.list_type.empty()) list->fail("type", "the type of its values, such as keyword or ip_range");
}

}  // namespace detail

RUSHHOUR_INLINE ExceptionList parse_exceptions(std::string_view text, std::string file) {
  const detail::Settings settings = detail::read_json_lines(text, std::move(file));
  return detail::ExceptionReader{settings}.read();
}

RUSHHOUR_INLINE ExceptionList load_exceptions(const std::string& path) {
  return parse_exceptions(detail::read_text(path, "an exception list"), path);
}

}  // namespace rushhour::elastic
