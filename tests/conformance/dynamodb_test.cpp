// DynamoDB: values, keys, expressions and what writes leave behind.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamodb_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

constexpr std::string_view no_schema = "The provided key element does not match the schema";
/// An attribute, as it comes back.
Failure kept(Scene& scene, V value) {
  Store store{scene};
  const auto put = store.put({{"a", std::move(value)}});
  return put.ok() ? store.get() : put.failure();
}
// ---- Values ----

std::vector<Behaviour> value_behaviours() {
  return {
      {"AllTypesComeBack", "DOC Developer Guide, Supported data types",
       answer(
           R"({"Item":{"b":{"B":"AAH/"},"bs":{"BS":["AQ==","Ag=="]},"empty":{"S":""},"key":{"S":"k"},"l":{"L":[{"N":"1"},)"
           R"({"L":[]}]},"m":{"M":{"x":{"M":{}}}},"n":{"N":"-0.5"},"nil":{"NULL":true},"no":{"BOOL":false},"ns":{"NS":)"
           R"(["-1","2","10"]},"s":{"S":"é\"\n"},"ss":{"SS":["a","b"]}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store
                         .put({{"s", V::string("é\"\n")},
                               {"empty", V::string("")},
                               {"n", V::number("-00.50")},
                               {"b", V::binary(std::string{"\0\1\xFF", 3})},
                               {"no", V::boolean(false)},
                               {"nil", V::null()},
                               {"l", V::list({V::number(1), V::list({})})},
                               {"m", V::map({{"x", V::map({})}})},
                               {"ss", V::string_set({"b", "a"})},
                               {"ns", V::number_set({"10", "2", "-1.0"})},
                               {"bs", V::binary_set({"\2", "\1"})}})
                         .ok());
         return store.get();
       }},
      {"NumbersHave38Digits", "DOC Developer Guide, Number; REC ExtendDB",
       answer(R"({"Item":{"a":{"N":"12345678901234567890123456789012345678"},"key":{"S":"k"}}})"),
       [](Scene& scene) { return kept(scene, V::number("12345678901234567890123456789012345678")); }},
      {"AndNoMore", "REC dynalite",
       invalid("Attempting to store more than 38 significant digits in a Number"),
       [](Scene& scene) { return kept(scene, V::number("-1.23456789012345678901234567890123456789")); }},
      {"NumbersAreKeptInTheirShortestForm", "DOC Developer Guide, Number",
       answer(R"({"Item":{"a":{"N":"1200"},"key":{"S":"k"}}})"),
       [](Scene& scene) { return kept(scene, V::number("+0001.2e3")); }},
      {"NumbersHaveARange", "REC dynalite",
       invalid("Number overflow. Attempting to store a number with magnitude larger than supported range"),
       [](Scene& scene) { return kept(scene, V::number("1e126")); }},
      {"NumbersAreNotTooSmall", "REC dynalite",
       invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range"),
       [](Scene& scene) { return kept(scene, V::number("1e-131")); }},
      {"ANumberIsANumber", "REC dynalite", invalid("The parameter cannot be converted to a numeric value: b"),
       [](Scene& scene) { return kept(scene, V::number("b")); }},
      {"AnEmptyValueIsNone", "REC ExtendDB",
       invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
       [](Scene& scene) { return kept(scene, V::list({V{}})); }},
      {"ASetIsNotEmpty", "REC dynalite",
       invalid("One or more parameter values were invalid: An string set  may not be empty"),
       [](Scene& scene) { return kept(scene, V::string_set({})); }},
      {"ASetHasNoDuplicates", "REC dynalite",
       invalid("One or more parameter values were invalid: Input collection [a, a] contains duplicates."),
       [](Scene& scene) {
         return kept(scene, V::string_set({"a", "a"}));
       }},
      {"NorBinaries", "REC dynalite",
       invalid("One or more parameter values were invalid: Input collection [Yg==, Yg==]of type BS contains "
               "duplicates."),
       [](Scene& scene) {
         return kept(scene, V::binary_set({"b", "b"}));
       }},
      {"NorNumbersThatAreTheSame", "REC dynalite", invalid("Input collection contains duplicates"),
       [](Scene& scene) {
         return kept(scene, V::number_set({"1", "1.0"}));
       }},
      {"ASetHasNoEmptyString", "REC dynalite",
       invalid("One or more parameter values were invalid: An string set may not have a empty string as a "
               "member"),
       [](Scene& scene) {
         return kept(scene, V::string_set({"a", ""}));
       }},
      {"AnItemHas32Levels", "REC ExtendDB", invalid("Nesting Levels have exceeded supported limits"),
       [](Scene& scene) {
         V deep = V::string("leaf");
         for (int i = 0; i < 31; ++i) deep = V::map({{"a", deep}});
         EXPECT_EQ(put_of(scene, {{"deep", deep}}), fine);
         return put_of(scene, {{"deep", V::list({deep})}});
       }},
      {"AnItemHas400KB", "REC dynalite", invalid("Item size has exceeded the maximum allowed size"),
       [](Scene& scene) {
         // The names and the key take 5 bytes.
         EXPECT_EQ(put_of(scene, {{"a", V::string(std::string(409'595, 'x'))}}), fine);
         return put_of(scene, {{"a", V::string(std::string(409'596, 'x'))}});
       }},
  };
}

// ---- Keys and tables ----

std::vector<Behaviour> key_behaviours() {
  return {
      {"WhatIsNotThereHasNoItem", "REC ExtendDB", answer("{}"),
       [](Scene& scene) { return Store{scene}.get(); }},
      {"AKeyIsOfItsType", "REC dynalite", invalid(no_schema),
       [](Scene& scene) {
         return outcome(Store{scene}(GetItem{.table_name = table, .key = {{"key", V::number(1)}}}));
       }},
      {"AKeyIsNothingElse", "REC dynalite", invalid(no_schema),
       [](Scene& scene) {
         return outcome(Store{scene}(GetItem{.table_name = table, .key = item({{"more", V::string("x")}})}));
       }},
      {"AKeyIsNotEmpty", "DOC API Reference, PutItem",
       invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
               "contain "
               "an empty string value. Key: key"),
       [](Scene& scene) { return outcome(Store{scene}(GetItem{.table_name = table, .key = key("")})); }},
      {"AnItemHasAKey", "REC dynalite",
       invalid("One or more parameter values were invalid: Missing the key key in the item"),
       [](Scene& scene) {
         return outcome(Store{scene}(PutItem{.table_name = table, .item = {{"a", V::string("x")}}}));
       }},
      {"AnItemsKeyIsOfItsType", "REC dynalite",
       invalid("One or more parameter values were invalid: Type mismatch for key key expected: S actual: N"),
       [](Scene& scene) {
         return outcome(Store{scene}(PutItem{.table_name = table, .item = {{"key", V::number(1)}}}));
       }},
      {"AKeyHas2048Bytes", "REC dynalite",
       invalid(
           "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit "
           "of2048 bytes"),
       [](Scene& scene) {
         EXPECT_EQ(Store{scene}.get(std::string(2'048, 'k')), answer("{}"));
         return Store{scene}.get(std::string(2'049, 'k'));
       }},
      {"NoSuchTable", "REC dynalite",
       failure(Outcome::not_found, 400, "ResourceNotFoundException", "Requested resource not found"),
       [](Scene& scene) {
         // Authorization comes before existence, so somebody who may ask for any table.
         const api::Identity admin = scene.inside()->world.iam.add_user(
             {.account = "111122223333",
              .name = "admin",
              .attached_policies = {"arn:aws:iam::aws:policy/AdministratorAccess"}});
         return outcome(scene.call(GetItem{.table_name = "none", .key = key()}, admin));
       }},
      {"AMistakeComesBeforeTheTable", "REC ExtendDB",
       invalid("Invalid ProjectionExpression: The expression can not be empty;"),
       [](Scene& scene) {
         const api::Identity admin = scene.inside()->world.iam.add_user(
             {.account = "111122223333",
              .name = "admin",
              .attached_policies = {"arn:aws:iam::aws:policy/AdministratorAccess"}});
         return outcome(
             scene.call(GetItem{.table_name = "none", .key = key(), .projection_expression = ""}, admin));
       }},
      {"ATableMayBeNamedByItsArn", "DOC API Reference, GetItem", answer(R"({"Item":{"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({}).ok());
         const std::string arn = scene.inside()->kv_store_arn;
         return answer_json<GetItem>(store(GetItem{.table_name = arn, .key = key()}));
       }},
      {"AnotherRegionHasOtherTables", "DOC Developer Guide, Tables",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::111122223333:assumed-role/detections-engine/panther-rules-engine is not "
           "authorized to perform: dynamodb:GetItem on resource: "
           "arn:aws:dynamodb:eu-west-1:111122223333:table/panther-kv-store because no identity-based policy "
           "allows the dynamodb:GetItem action"),
       [](Scene& scene) {
         return outcome(
             scene.call_at("eu-west-1", GetItem{.table_name = table, .key = key()}, scene.engine()));
       }},
      {"TheCustomersRoleMayNot", "REC weather-lookup and others, quoted in public",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:sts::444455556666:assumed-role/panther-secrets-access/rule-1 is not authorized to "
           "perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:444455556666:table/"
           "panther-kv-store because no identity-based policy allows the dynamodb:PutItem action"),
       [](Scene& scene) {
         return outcome(scene.call(PutItem{.table_name = table, .item = key()}, scene.customer()));
       }},
      {"PoliciesReadTheLeadingKey", "DOC Service Authorization Reference, DynamoDB",
       failure(
           Outcome::denied, 400, "AccessDeniedException",
           "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: dynamodb:GetItem on "
           "resource: arn:aws:dynamodb:us-east-1:111122223333:table/panther-kv-store because no "
           "identity-based policy allows the dynamodb:GetItem action"),
       [](Scene& scene) {
         const api::Identity reader = scene.inside()->world.iam.add_user(
             {.account = "111122223333",
              .name = "reader",
              .policies = {
                  R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem",)"
                  R"("Resource":"*","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":"own"}}}]})"}});
         EXPECT_TRUE(scene.call(GetItem{.table_name = table, .key = key("own")}, reader).ok());
         return outcome(scene.call(GetItem{.table_name = table, .key = key("other")}, reader));
       }},
  };
}

// ---- Writes ----

std::vector<Behaviour> write_behaviours() {
  return {
      {"APutReplacesTheWholeItem", "DOC API Reference, PutItem",
       answer(R"({"Item":{"b":{"N":"2"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"a", V::number(1)}}).ok());
         EXPECT_TRUE(store.put({{"b", V::number(2)}}).ok());
         return store.get();
       }},
      {"APutShowsWhatWasThere", "DOC API Reference, PutItem",
       answer(R"({"Attributes":{"a":{"N":"1"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         const PutItem put{
             .table_name = table, .item = item({{"a", V::number(1)}}), .return_values = "ALL_OLD"};
         EXPECT_EQ(answer_json<PutItem>(store(put)), answer("{}"));
         return answer_json<PutItem>(store(put));
       }},
      {"APutShowsNothingElse", "REC ExtendDB", invalid("ReturnValues can only be ALL_OLD or NONE"),
       [](Scene& scene) {
         return outcome(
             Store{scene}(PutItem{.table_name = table, .item = key(), .return_values = "UPDATED_OLD"}));
       }},
      {"NorWhatItDoesNotKnow", "REC ExtendDB",
       invalid("1 validation error detected: Value 'GARBAGE' at 'returnValues' failed to satisfy constraint: "
               "Member "
               "must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"),
       [](Scene& scene) {
         return outcome(
             Store{scene}(PutItem{.table_name = table, .item = key(), .return_values = "GARBAGE"}));
       }},
      {"AConditionKeepsAPutAway", "DOC Developer Guide, Condition expressions", condition_failed(),
       [](Scene& scene) {
         Store store{scene};
         const PutItem put{
             .table_name = table, .item = key(), .condition_expression = "attribute_not_exists(intCount)"};
         EXPECT_TRUE(store.put({}).ok());
         EXPECT_TRUE(store(put).ok());
         EXPECT_TRUE(store.put({{"intCount", V::number(1)}}).ok());
         return outcome(store(put));
       }},
      {"AFailedConditionShowsTheItemWhenAsked", "DOC API Reference, PutItem",
       condition_failed(R"({"Item":{"intCount":{"N":"1"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"intCount", V::number(1)}}).ok());
         return outcome(store(PutItem{.table_name = table,
                                      .item = key(),
                                      .condition_expression = "attribute_not_exists(intCount)",
                                      .return_values_on_condition_check_failure = "ALL_OLD"}));
       }},
      {"AnUpdateMakesTheItem", "DOC API Reference, UpdateItem",
       answer(R"({"Attributes":{"expiresAt":{"N":"9"},"intCount":{"N":"1"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         return answer_json<UpdateItem>(
             Store{scene}.update("ADD intCount :one SET expiresAt = :end",
                                 AttributeMap{{":one", V::number(1)}, {":end", V::number(9)}}));
       }},
      {"AnUpdateThatSaysNothingMakesItToo", "REC ExtendDB", answer(R"({"Item":{"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store(UpdateItem{.table_name = table, .key = key()}).ok());
         return store.get();
       }},
      {"ACounterCounts", "DOC Developer Guide, Update expressions",
       answer(R"({"Attributes":{"intCount":{"N":"3"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         Store store{scene};
         const AttributeMap one{{":one", V::number("1.0")}};
         EXPECT_TRUE(store.update("ADD intCount :one", one).ok());
         EXPECT_TRUE(store.update("SET intCount = intCount + :one", one).ok());
         return answer_json<UpdateItem>(
             store.update("SET intCount = if_not_exists(intCount, :one) + :one", one));
       }},
      {"AConditionKeepsAnUpdateAway", "DOC Developer Guide, Condition expressions", condition_failed(),
       [](Scene& scene) {
         Store store{scene};
         const AttributeMap values{{":one", V::number(1)}, {":now", V::number(10)}};
         EXPECT_TRUE(store.put({{"expiresAt", V::number(10)}}).ok());
         EXPECT_TRUE(store.update("ADD intCount :one", values, "expiresAt >= :now").ok());
         EXPECT_TRUE(store.put({{"expiresAt", V::number(9)}}).ok());
         return outcome(store.update("ADD intCount :one", values, "expiresAt >= :now"));
       }},
      {"AKeyIsNotUpdated", "REC dynalite",
       invalid("One or more parameter values were invalid: Cannot update attribute key. This attribute is "
               "part of "
               "the key"),
       [](Scene& scene) {
         Store store{scene};
         return outcome(
             store(UpdateItem{.table_name = table,
                              .key = key(),
                              .update_expression = "SET #k = :v",
                              .expression_attribute_names = AttributeNames{{"#k", "key"}},
                              .expression_attribute_values = AttributeMap{{":v", V::string("x")}}}));
       }},
      {"ReservedWordsAreRefused", "REC ExtendDB",
       invalid("Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status"),
       [](Scene& scene) {
         return outcome(Store{scene}.update("SET status = :v", AttributeMap{{":v", V::string("x")}}));
       }},
      {"WhatIsUnusedIsRefused", "REC dynalite",
       invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c}"),
       [](Scene& scene) {
         return outcome(Store{scene}.update(
             "SET a = :a", AttributeMap{{":a", V::null()}, {":b", V::null()}, {":c", V::null()}}));
       }},
      {"AnUpdateShowsWhatItChanged", "DOC API Reference, UpdateItem",
       answer(R"({"Attributes":{"m":{"M":{"a":{"N":"2"}}},"n":{"N":"5"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store
                         .put({{"m", V::map({{"a", V::number(1)}, {"b", V::number(1)}})},
                               {"n", V::number(1)},
                               {"o", V::number(1)}})
                         .ok());
         return answer_json<UpdateItem>(store(UpdateItem{
             .table_name = table,
             .key = key(),
             .return_values = "UPDATED_NEW",
             .update_expression = "SET m.a = :two ADD n :four REMOVE o",
             .expression_attribute_values = AttributeMap{{":two", V::number(2)}, {":four", V::number(4)}}}));
       }},
      {"AnUpdateShowsWhatWasThere", "DOC API Reference, UpdateItem",
       answer(R"({"Attributes":{"n":{"N":"1"}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"n", V::number(1)}, {"o", V::number(1)}}).ok());
         return answer_json<UpdateItem>(
             store(UpdateItem{.table_name = table,
                              .key = key(),
                              .return_values = "UPDATED_OLD",
                              .update_expression = "SET n = :v, p = :v",
                              .expression_attribute_values = AttributeMap{{":v", V::number(2)}}}));
       }},
      {"WhatIsRemovedIsNotShown", "REC ExtendDB", answer("{}"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"n", V::number(1)}}).ok());
         return answer_json<UpdateItem>(store(UpdateItem{.table_name = table,
                                                         .key = key(),
                                                         .return_values = "UPDATED_NEW",
                                                         .update_expression = "REMOVE n"}));
       }},
      {"AnUpdateMakesNoItemTooLarge", "REC dynalite",
       invalid("Item size to update has exceeded the maximum allowed size"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"a", V::string(std::string(300'000, 'x'))}}).ok());
         return outcome(
             store.update("SET b = :b", AttributeMap{{":b", V::string(std::string(200'000, 'x'))}}));
       }},
      {"AReadPicksOut", "DOC Developer Guide, Projection expressions",
       answer(R"({"Item":{"m":{"M":{"a":{"N":"1"}}}}})"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"m", V::map({{"a", V::number(1)}, {"b", V::number(2)}})}}).ok());
         return answer_json<GetItem>(
             store(GetItem{.table_name = table,
                           .key = key(),
                           .projection_expression = "m.#a, nothing",
                           .expression_attribute_names = AttributeNames{{"#a", "a"}}}));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(DynamoDbValues, Conformance, on_every_way(value_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(DynamoDbKeys, Conformance, on_every_way(key_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(DynamoDbWrites, Conformance, on_every_way(write_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
