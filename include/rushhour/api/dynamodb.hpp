/// \file
/// Amazon DynamoDB, API version 2012-08-10: the three operations on an item that Panther's key-value store
/// needs, and their member tables, a file each. All others are left out. What the service does with them is
/// the fake's business (fakes/dynamodb.hpp). Members and constraints: botocore 1.43.11.
#pragma once

#include <string_view>

#include <rushhour/api/dynamodb/get_item.hpp>
#include <rushhour/api/dynamodb/put_item.hpp>
#include <rushhour/api/dynamodb/update_item.hpp>
#include <rushhour/api/operation.hpp>

namespace rushhour::api {

/// In the order of their dense index: the journal and the limiters know them by it.
template <>
struct OperationsOf<Service::dynamodb> {
  using Type = Operations<dynamodb::GetItem, dynamodb::PutItem, dynamodb::UpdateItem>;
};

namespace dynamodb {

/// What stands before an operation's name in X-Amz-Target.
inline constexpr std::string_view target_prefix = "DynamoDB_20120810.";
/// The protocol is AWS JSON 1.0, which differs from 1.1 in this only, as far as these operations go.
inline constexpr std::string_view content_type = "application/x-amz-json-1.0";

}  // namespace dynamodb
}  // namespace rushhour::api
