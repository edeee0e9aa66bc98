#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/dynamodb/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::dynamodb {

/// Reads an item by its key, with eventual consistency unless it says otherwise.
struct GetItem {
  static constexpr Service service = Service::dynamodb;
  static constexpr std::string_view operation_name = "GetItem";
  static constexpr bool read_only = true;

  std::string table_name{};  ///< or its ARN
  AttributeMap key{};
  std::optional<bool> consistent_read{};
  std::optional<std::string> return_consumed_capacity{};
  std::optional<std::string> projection_expression{};
  std::optional<AttributeNames> expression_attribute_names{};

  struct Output {
    std::optional<AttributeMap> item{};  ///< absent: there is none
    std::optional<ConsumedCapacity> consumed_capacity{};
  };
};

}  // namespace rushhour::api::dynamodb

namespace rushhour::aws {

template <>
struct Described<api::dynamodb::GetItem> {
  using S = api::dynamodb::GetItem;
  static constexpr std::array members{
      required<&S::table_name>("TableName", api::dynamodb::table_name_constraint),
      required<&S::key>("Key"),
      member<&S::consistent_read>("ConsistentRead"),
      member<&S::return_consumed_capacity>("ReturnConsumedCapacity",
                                           one_of(api::dynamodb::return_consumed_capacity_values)),
      member<&S::projection_expression>("ProjectionExpression"),
      member<&S::expression_attribute_names>("ExpressionAttributeNames"),
  };
};

template <>
struct Described<api::dynamodb::GetItem::Output> {
  using S = api::dynamodb::GetItem::Output;
  static constexpr std::array members{
      member<&S::item>("Item"),
      member<&S::consumed_capacity>("ConsumedCapacity"),
  };
};

}  // namespace rushhour::aws
