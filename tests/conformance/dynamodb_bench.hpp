/// \file
/// Panther's table as its engine sees it: the bench of the tables of DynamoDB.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/dynamodb.hpp>

#include "behaviour.hpp"

namespace rushhour::fakes::conformance {

using api::dynamodb::AttributeList;
using api::dynamodb::AttributeMap;
using api::dynamodb::AttributeNames;
using api::dynamodb::GetItem;
using api::dynamodb::PutItem;
using api::dynamodb::UpdateItem;
using V = api::dynamodb::AttributeValue;

inline constexpr const char* table = "panther-kv-store";

inline AttributeMap key(std::string text = "k") { return {{"key", V::string(std::move(text))}}; }
inline AttributeMap item(AttributeMap attributes, std::string text = "k") {
  attributes.insert_or_assign("key", V::string(std::move(text)));
  return attributes;
}

inline Failure invalid(std::string_view text) {
  return failure(Outcome::invalid, 400, "ValidationException", text);
}
inline Failure condition_failed(std::string details = {}) {
  Failure out =
      failure(Outcome::invalid, 400, "ConditionalCheckFailedException", "The conditional request failed");
  out.details = std::move(details);
  return out;
}
/// The engine's role, and Panther's table.
struct Store {
  explicit Store(Scene& at) : scene(at), me(at.engine()) {}

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    return scene.call(request, me);
  }
  Result<PutItem::Output> put(AttributeMap attributes) {
    return (*this)(PutItem{.table_name = table, .item = item(std::move(attributes))});
  }
  Failure get(std::string text = "k") {
    return answer_json<GetItem>((*this)(GetItem{.table_name = table, .key = key(std::move(text))}));
  }
  Result<UpdateItem::Output> update(std::string expression, std::optional<AttributeMap> values = {},
                                    std::optional<std::string> condition = {}) {
    return (*this)(UpdateItem{.table_name = table,
                              .key = key(),
                              .return_values = "ALL_NEW",
                              .update_expression = std::move(expression),
                              .condition_expression = std::move(condition),
                              .expression_attribute_values = std::move(values)});
  }

  Scene& scene;
  api::Identity me;
};

inline Failure put_of(Scene& scene, AttributeMap attributes) {
  return outcome(Store{scene}.put(std::move(attributes)));
}
}  // namespace rushhour::fakes::conformance
