/// \file
/// What several operations of DynamoDB, API version 2012-08-10, share. Members and constraints: botocore
/// 1.43.11.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/dynamodb/attribute_value.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::dynamodb {

/// Placeholders of names in expressions: `{"#c": "intCount"}`.
using AttributeNames = std::map<std::string, std::string>;

/// Read or write units, in halves: an eventually consistent read costs one half.
struct CapacityUnits {
  std::int64_t halves{};

  friend bool operator==(const CapacityUnits&, const CapacityUnits&) = default;
};

struct Capacity {
  CapacityUnits capacity_units{};
};

/// What a call used up. The service answers no more than these members for a single item [REC: ExtendDB,
/// tests against the service, 2026].
struct ConsumedCapacity {
  std::string table_name{};
  CapacityUnits capacity_units{};
  std::optional<Capacity> table{};  ///< of INDEXES only
};

inline constexpr std::array<std::string_view, 3> return_consumed_capacity_values{"INDEXES", "TOTAL", "NONE"};
inline constexpr std::array<std::string_view, 2> return_item_collection_metrics_values{"SIZE", "NONE"};
inline constexpr std::array<std::string_view, 5> return_values{"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE",
                                                               "UPDATED_NEW"};
inline constexpr std::array<std::string_view, 2> return_values_on_failure{"ALL_OLD", "NONE"};

/// A name of a table or its ARN, as far as the model says: how long a name may be is the service's business.
inline constexpr aws::Constraint table_name_constraint = aws::length(1, 1024);

}  // namespace rushhour::api::dynamodb

namespace rushhour::aws {

/// `0.5`, `1.0`
template <>
struct Custom<api::dynamodb::CapacityUnits> {
  using T = api::dynamodb::CapacityUnits;
  static void append(std::string& out, const T& units);
  static bool read(rushhour::detail::JsonCursor& json, T& units, std::string& mistake);
};

template <>
struct Described<api::dynamodb::Capacity> {
  using S = api::dynamodb::Capacity;
  static constexpr std::array members{member<&S::capacity_units>("CapacityUnits")};
};

template <>
struct Described<api::dynamodb::ConsumedCapacity> {
  using S = api::dynamodb::ConsumedCapacity;
  static constexpr std::array members{
      member<&S::table_name>("TableName"),
      member<&S::capacity_units>("CapacityUnits"),
      member<&S::table>("Table"),
  };
};

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/capacity_units_inl.hpp>
#endif
