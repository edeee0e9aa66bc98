/// \file
/// What a table of the DynamoDB fake is made from: its key, its time to live and its capacity. What the fake
/// does with it is dynamodb.hpp's business.
///
/// Source: Amazon DynamoDB Developer Guide (spec tag DOC), by page where it says so; Panther's table: spec
/// panther.md 2.4.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/dynamodb/attribute_value.hpp>

namespace rushhour::fakes {

enum class BillingMode : std::uint8_t {
  on_demand,   ///< what is beyond its capacity is a ThrottlingException
  provisioned  ///< ... a ProvisionedThroughputExceededException
};

/// How many units a second a table admits. A write unit is a write of up to 1 KB; a read unit a strongly
/// consistent read of up to 4 KB, or two eventually consistent ones ("Read and write operations").
struct TableCapacity {
  BillingMode billing{BillingMode::on_demand};
  /// On demand, what a new table sustains ("On-demand capacity mode: Initial throughput"); it then grows to
  /// twice its former peak, which is not modelled: say here what yours has grown to.
  std::uint64_t read_units{12'000};
  std::uint64_t write_units{4'000};
  /// How much of what was not used is kept ("Burst and adaptive capacity"). On demand, a second's, by choice.
  std::chrono::seconds provisioned_burst{300};
  /// What one partition, and so one key, can do ("Designing partition keys"). At least 1.
  std::uint64_t partition_read_units{3'000};
  std::uint64_t partition_write_units{1'000};
};

/// A part of the primary key.
struct TableKey {
  std::string name{"key"};
  api::dynamodb::AttributeType type{api::dynamodb::AttributeType::string};  ///< string, number, binary
};

/// A table to put into the fake.
struct NewTable {
  std::string account{};
  std::string region{};  ///< empty: the fake's own
  std::string name{};
  TableKey hash_key{};
  std::optional<TableKey> range_key{};
  std::string ttl_attribute{};  ///< seconds since 1970 after which an item may be removed; empty: none
  TableCapacity capacity{};
};

/// Where Panther's rules keep counters, sets of strings and dictionaries.
inline constexpr std::string_view kv_store_name = "panther-kv-store";
[[nodiscard]] inline NewTable kv_store_table() {
  return {.name = std::string{kv_store_name}, .ttl_attribute = "expiresAt"};
}

}  // namespace rushhour::fakes
