#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/dynamodb/shapes.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::api::dynamodb {

/// Changes attributes of the item that has the key, or makes it. The legacy members AttributeUpdates,
/// Expected and ConditionalOperator are left out.
struct UpdateItem {
  static constexpr Service service = Service::dynamodb;
  static constexpr std::string_view operation_name = "UpdateItem";
  static constexpr bool read_only = false;

  std::string table_name{};  ///< or its ARN
  AttributeMap key{};
  std::optional<std::string> return_values{};  ///< NONE, ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATED_NEW
  std::optional<std::string> return_consumed_capacity{};
  std::optional<std::string> return_item_collection_metrics{};
  std::optional<std::string> update_expression{};
  std::optional<std::string> condition_expression{};
  std::optional<AttributeNames> expression_attribute_names{};
  std::optional<AttributeMap> expression_attribute_values{};
  std::optional<std::string> return_values_on_condition_check_failure{};  ///< NONE, ALL_OLD

  struct Output {
    std::optional<AttributeMap> attributes{};
    std::optional<ConsumedCapacity> consumed_capacity{};
  };
};

}  // namespace rushhour::api::dynamodb

namespace rushhour::aws {

template <>
struct Described<api::dynamodb::UpdateItem> {
  using S = api::dynamodb::UpdateItem;
  static constexpr std::array members{
      required<&S::table_name>("TableName", api::dynamodb::table_name_constraint),
      required<&S::key>("Key"),
      member<&S::return_values>("ReturnValues", one_of(api::dynamodb::return_values)),
      member<&S::return_consumed_capacity>("ReturnConsumedCapacity",
                                           one_of(api::dynamodb::return_consumed_capacity_values)),
      member<&S::return_item_collection_metrics>(
          "ReturnItemCollectionMetrics", one_of(api::dynamodb::return_item_collection_metrics_values)),
      member<&S::update_expression>("UpdateExpression"),
      member<&S::condition_expression>("ConditionExpression"),
      member<&S::expression_attribute_names>("ExpressionAttributeNames"),
      member<&S::expression_attribute_values>("ExpressionAttributeValues"),
      member<&S::return_values_on_condition_check_failure>("ReturnValuesOnConditionCheckFailure",
                                                           one_of(api::dynamodb::return_values_on_failure)),
  };
};

template <>
struct Described<api::dynamodb::UpdateItem::Output> {
  using S = api::dynamodb::UpdateItem::Output;
  static constexpr std::array members{
      member<&S::attributes>("Attributes"),
      member<&S::consumed_capacity>("ConsumedCapacity"),
  };
};

}  // namespace rushhour::aws
