/// \file
/// Reads the tables of DynamoDB that a scenario's or a state's world has beside Panther's, or in place of it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/detail/reading.hpp>

namespace rushhour::scenario::detail {

/// `"key"`, or `{"name": "id", "type": "N"}`.
inline fakes::TableKey read_table_key(const Value& value) {
  using api::dynamodb::AttributeType;
  if (!value.is(Node::Kind::object)) return {.name = value.text()};
  Reader reader = value.object();
  const fakes::TableKey key{
      .name = reader.text("name"),
      .type = reader.optional_choice<AttributeType>(
          "type", AttributeType::string,
          {{"S", AttributeType::string}, {"N", AttributeType::number}, {"B", AttributeType::binary}})};
  reader.done();
  return key;
}

/// `{"on_demand": {"write_units": 40000}}` or `{"provisioned": {"read_units": 5, "write_units": 5}}`.
inline fakes::TableCapacity read_table_capacity(Reader reader) {
  constexpr IntegerRange<std::uint64_t> rates{.min = 1, .max = 10'000'000};
  fakes::TableCapacity out;
  auto on_demand = reader.optional_object("on_demand");
  auto provisioned = reader.optional_object("provisioned");
  out.partition_read_units = reader.optional_integer("partition_read_units", out.partition_read_units, rates);
  out.partition_write_units =
      reader.optional_integer("partition_write_units", out.partition_write_units, rates);
  reader.done();
  require_one(reader.value(), "\"on_demand\"", on_demand.has_value(), "\"provisioned\"",
              provisioned.has_value());
  Reader& chosen = on_demand ? *on_demand : *provisioned;
  if (on_demand) {
    out.read_units = chosen.optional_integer("read_units", out.read_units, rates);
    out.write_units = chosen.optional_integer("write_units", out.write_units, rates);
  } else {
    using std::chrono::seconds;
    out.billing = fakes::BillingMode::provisioned;
    out.read_units = chosen.integer("read_units", rates);
    out.write_units = chosen.integer("write_units", rates);
    const Duration burst = chosen.optional_duration("burst", out.provisioned_burst,
                                                    {.min = seconds{1}, .max = std::chrono::minutes{5}});
    out.provisioned_burst = std::chrono::floor<seconds>(burst);
  }
  chosen.done();
  return out;
}

inline fakes::NewTable read_table(const Value& value) {
  Reader reader = value.object();
  fakes::NewTable table{.name = reader.text("name")};
  if (!aws::is_table_name(table.name)) {
    reader.at("name").fail("3 to 255 letters, digits, '_', '-' and '.'");
  }
  if (table.name == fakes::kv_store_name) table = fakes::kv_store_table();
  if (const auto account = reader.find("account")) {
    table.account = account->text();
    if (!aws::is_account_id(table.account)) account->fail("an account id of 12 digits");
  }
  table.region = reader.optional_text("region", "");
  if (const auto key = reader.find("hash_key")) table.hash_key = read_table_key(*key);
  if (const auto key = reader.find("range_key")) {
    table.range_key = read_table_key(*key);
    if (table.range_key->name == table.hash_key.name) key->fail("another name than that of the hash key");
  }
  table.ttl_attribute = reader.optional_text("ttl_attribute", table.ttl_attribute);
  if (auto capacity = reader.optional_object("capacity")) {
    table.capacity = read_table_capacity(std::move(*capacity));
  }
  reader.done();
  return table;
}

/// `{"ttl_lag": "48h", "tables": [{"name": "seen"}]}`
/// \param add  is given each table
template <class Add>
void read_dynamodb(Reader reader, fakes::DynamoDbOptions& options, Add add) {
  options.ttl_lag = reader.optional_duration("ttl_lag", options.ttl_lag, {.max = std::chrono::days{30}});
  for (const Value& value : reader.optional_array("tables")) add(read_table(value), value);
  reader.done();
}

/// Of a scenario: a table in the place of one that there is replaces it.
inline void read_dynamodb(Reader reader, fakes::PantherWorldOptions& options) {
  read_dynamodb(std::move(reader), options.world.dynamodb, [&](fakes::NewTable table, const Value&) {
    std::erase_if(options.tables, [&](const fakes::NewTable& each) {
      return each.name == table.name && each.account == table.account && each.region == table.region;
    });
    options.tables.push_back(std::move(table));
  });
}

/// Of a state: its tables name their accounts.
inline void read_dynamodb(Reader reader, fakes::World& world) {
  read_dynamodb(std::move(reader), world.dynamodb.options, [&](fakes::NewTable table, const Value& value) {
    if (table.account.empty()) value.fail("an \"account\" of the table", "such as \"111122223333\"");
    world.dynamodb.add_table(std::move(table));
  });
}

}  // namespace rushhour::scenario::detail
