/// \file
/// A table of the DynamoDB fake: its items, and when the service removes those whose time is over. Who may do
/// what is not known here.
///
/// Source: Amazon DynamoDB Developer Guide, "How it works: DynamoDB Time to Live" and "Supported data types
/// and naming rules: Primary key" (spec tag DOC); texts: dynalite, whose tests run against the service (REC).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/fakes/detail/dynamodb/throughput.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>
#include <rushhour/fakes/dynamodb_table.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// Bytes of the parts of a key [DOC].
inline constexpr std::size_t hash_key_size_max = 2'048;
inline constexpr std::size_t range_key_size_max = 1'024;

/// When a value of a TTL attribute is over; nothing where it is none: no number, or more than five years ago
/// [DOC], which is judged as of the write [CHOICE].
[[nodiscard]] inline std::optional<Instant> expiry_of(const AttributeValue* value, Instant now) {
  const auto* number = value == nullptr ? nullptr : value->get<api::dynamodb::Number>();
  if (number == nullptr) return std::nullopt;
  constexpr std::int64_t seconds_max = 9'000'000'000;  // what an Instant holds
  std::int64_t seconds = 0;
  for (const char digit : std::string_view{number->text}.substr(0, number->text.find('.'))) {
    if (digit < '0' || digit > '9') return std::nullopt;  // negative
    seconds = seconds * 10 + (digit - '0');
    if (seconds > seconds_max) return std::nullopt;
  }
  const Instant expiry{std::chrono::seconds{seconds}};
  constexpr std::chrono::days five_years{5 * 365};
  if (expiry < now - five_years) return std::nullopt;
  return expiry;
}

}  // namespace rushhour::fakes::detail::dynamodb

namespace rushhour::fakes::detail {

/// Of DynamoDB.
class Table {
 public:
  Table(NewTable of, std::string the_arn)
      : schema(std::move(of)), arn(std::move(the_arn)), throughput(schema.capacity) {}

  const NewTable schema;
  const std::string arn;
  dynamodb::Throughput throughput;

  /// As new.
  void refill() { throughput = dynamodb::Throughput{schema.capacity}; }

  // ---- Keys ----

  /// What the primary key of an item stands under; or what is wrong with it, for a whole item or a key alone.
  struct Place {
    std::string hash{};  ///< of the hash key alone: what partition it is in
    std::string whole{};
  };
  [[nodiscard]] dynamodb::Refusal place_of_item(const api::dynamodb::AttributeMap& item, Place& out) const {
    for (const TableKey* part : {&schema.hash_key, range_key()}) {
      if (part == nullptr) continue;
      const auto found = item.find(part->name);
      const std::string invalid{dynamodb::invalid_values};
      if (found == item.end()) return invalid + "Missing the key " + part->name + " in the item";
      if (found->second.type() != part->type) {
        return invalid + "Type mismatch for key " + part->name +
               " expected: " + std::string{to_text(part->type)} +
               " actual: " + std::string{to_text(found->second.type())};
      }
    }
    return place(item, out);
  }
  [[nodiscard]] dynamodb::Refusal place_of_key(const api::dynamodb::AttributeMap& key, Place& out) const {
    bool fits = key.size() == (schema.range_key ? 2U : 1U);
    for (const TableKey* part : {&schema.hash_key, range_key()}) {
      if (part == nullptr) continue;
      const auto found = key.find(part->name);
      fits = fits && found != key.end() && found->second.type() == part->type;
    }
    if (!fits) return "The provided key element does not match the schema";
    return place(key, out);
  }
  [[nodiscard]] bool is_key(std::string_view name) const {
    return name == schema.hash_key.name || (schema.range_key && name == schema.range_key->name);
  }

  // ---- Items ----

  /// Null: there is none, or there is none any more. An item is still there for as long as the service takes
  /// to remove what is over.
  [[nodiscard]] const api::dynamodb::AttributeMap* find(const std::string& place, Instant now,
                                                        Duration ttl_lag) {
    const auto found = rows_.find(place);
    if (found == rows_.end()) return nullptr;
    if (is_reaped(found->second, now, ttl_lag)) {
      rows_.erase(found);
      return nullptr;
    }
    return &found->second.item;
  }
  void put(std::string place, api::dynamodb::AttributeMap item, Instant now) {
    const auto ttl = item.find(schema.ttl_attribute);
    const auto expiry = dynamodb::expiry_of(ttl == item.end() ? nullptr : &ttl->second, now);
    rows_.insert_or_assign(std::move(place), Row{.item = std::move(item), .expiry = expiry});
  }
  [[nodiscard]] std::size_t size(Instant now, Duration ttl_lag) {
    std::erase_if(rows_, [&](const auto& row) { return is_reaped(row.second, now, ttl_lag); });
    return rows_.size();
  }

 private:
  struct Row {
    api::dynamodb::AttributeMap item{};
    std::optional<Instant> expiry{};
  };

  static bool is_reaped(const Row& row, Instant now, Duration ttl_lag) {
    return row.expiry && *row.expiry < now && now - *row.expiry >= ttl_lag;
  }
  [[nodiscard]] const TableKey* range_key() const { return schema.range_key ? &*schema.range_key : nullptr; }

  [[nodiscard]] static const std::string& text_of(const api::dynamodb::AttributeValue& value) {
    if (const auto* text = value.get<std::string>()) return *text;
    if (const auto* number = value.get<api::dynamodb::Number>()) return number->text;
    return value.get<aws::Blob>()->bytes;
  }
  /// The types fit.
  [[nodiscard]] dynamodb::Refusal place(const api::dynamodb::AttributeMap& key, Place& out) const {
    const std::string invalid{dynamodb::invalid_values};
    for (const TableKey* part : {&schema.hash_key, range_key()}) {
      if (part == nullptr) continue;
      const std::string& text = text_of(key.find(part->name)->second);
      if (text.empty()) {
        const bool is_binary = part->type == api::dynamodb::AttributeType::binary;
        return "One or more parameter values are not valid. The AttributeValue for a key "
               "attribute cannot "
               "contain an empty " +
               std::string{is_binary ? "binary" : "string"} + " value. Key: " + part->name;
      }
      const bool is_hash = part == &schema.hash_key;
      if (is_hash && text.size() > dynamodb::hash_key_size_max) {
        return invalid + "Size of hashkey has exceeded the maximum size limit of2048 bytes";
      }
      if (!is_hash && text.size() > dynamodb::range_key_size_max) {
        return invalid + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
      }
      if (is_hash) out.hash = text;
      out.whole += std::to_string(text.size()) + ":" + text;
    }
    return std::nullopt;
  }

  TextMap<Row> rows_;
};

}  // namespace rushhour::fakes::detail
