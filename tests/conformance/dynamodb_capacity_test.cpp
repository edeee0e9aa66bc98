// DynamoDB: what calls use up, what a table admits, and items whose time is over.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamodb_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

constexpr std::string_view over_provision =
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
    "provisioning level with the UpdateTable API.";

std::int64_t seconds_at(const Scene& scene, Duration later) {
  return std::chrono::floor<std::chrono::seconds>(scene.now() + later).time_since_epoch().count();
}

// ---- What it uses up, and what there is ----

/// The table, with a capacity of its own.
void provision(PantherWorldOptions& options, std::uint64_t reads, std::uint64_t writes) {
  options.tables.front().capacity = {
      .billing = BillingMode::provisioned, .read_units = reads, .write_units = writes};
}
Failure units_of_put(Scene& scene, AttributeMap attributes) {
  auto put = Store{scene}(
      PutItem{.table_name = table, .item = item(std::move(attributes)), .return_consumed_capacity = "TOTAL"});
  return answer_json<PutItem>(put);
}
Failure units(std::string_view number) {
  return answer(R"({"ConsumedCapacity":{"TableName":"panther-kv-store","CapacityUnits":)" +
                std::string{number} + "}}");
}

std::vector<Behaviour> capacity_behaviours() {
  return {
      {"AReadCostsHalf", "DOC Developer Guide, Read and write operations", units("0.5"),
       [](Scene& scene) {
         return answer_json<GetItem>(
             Store{scene}(GetItem{.table_name = table, .key = key(), .return_consumed_capacity = "TOTAL"}));
       }},
      {"AConsistentReadCostsAUnitFor4KB", "DOC Developer Guide, Read and write operations", units("2.0"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"a", V::string(std::string(5'000, 'x'))}}).ok());
         auto got = store(GetItem{.table_name = table,
                                  .key = key(),
                                  .consistent_read = true,
                                  .return_consumed_capacity = "TOTAL"});
         if (got.ok()) got->item.reset();
         return answer_json<GetItem>(got);
       }},
      {"AWriteCostsAUnitForAKB", "DOC Developer Guide, Read and write operations", units("3.0"),
       [](Scene& scene) {
         return units_of_put(scene, {{"a", V::string(std::string(2'100, 'x'))}});
       }},
      {"AnItemOfExactlyAKBCostsAUnit", "DOC Developer Guide, Read and write operations", units("1.0"),
       [](Scene& scene) {
         return units_of_put(scene, {{"a", V::string(std::string(1'019, 'x'))}});
       }},
      {"AByteMoreCostsAnother", "DOC Developer Guide, Read and write operations", units("2.0"),
       [](Scene& scene) {
         return units_of_put(scene, {{"a", V::string(std::string(1'020, 'x'))}});
       }},
      {"AWriteCostsWhatItReplaces", "DOC API Reference, PutItem", units("3.0"),
       [](Scene& scene) {
         EXPECT_EQ(put_of(scene, {{"a", V::string(std::string(2'100, 'x'))}}), fine);
         return units_of_put(scene, {});
       }},
      {"ListsCostAByteForEachElement", "REC ExtendDB", units("9.0"),
       [](Scene& scene) {
         return units_of_put(scene, {{"data", V::list(AttributeList(3'000, V::string("aa")))}});
       }},
      {"MapsToo", "REC ExtendDB", units("5.0"),
       [](Scene& scene) {
         AttributeMap entries;
         for (int i = 0; i < 800; ++i) entries.emplace("k" + std::to_string(i), V::string("v"));
         return units_of_put(scene, {{"data", V::map(std::move(entries))}});
       }},
      {"ListsOfMapsToo", "REC ExtendDB", units("4.0"),
       [](Scene& scene) {
         return units_of_put(scene, {{"data", V::list(AttributeList(500, V::map({{"a", V::string("b")}})))}});
       }},
      {"IndexesAreShownToo", "REC ExtendDB",
       answer(
           R"({"ConsumedCapacity":{"TableName":"panther-kv-store","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}}})"),
       [](Scene& scene) {
         return answer_json<GetItem>(
             Store{scene}(GetItem{.table_name = table, .key = key(), .return_consumed_capacity = "INDEXES"}));
       }},
      {"AFailedConditionCostsAsWell", "DOC Developer Guide, Condition expressions",
       failure(Outcome::throttled, 400, "ProvisionedThroughputExceededException", over_provision),
       [](Scene& scene) {
         Store store{scene};
         const UpdateItem update{.table_name = table,
                                 .key = key(),
                                 .update_expression = "REMOVE a",
                                 .condition_expression = "attribute_exists(a)"};
         for (int i = 0; i < 300; ++i) EXPECT_EQ(outcome(store(update)), condition_failed());
         return outcome(store(update));
       },
       [](PantherWorldOptions& options) { provision(options, 1, 1); }},
      {"FiveMinutesOfWhatWasNotUsedAreKept", "DOC Developer Guide, Burst and adaptive capacity",
       failure(Outcome::throttled, 400, "ProvisionedThroughputExceededException", over_provision),
       [](Scene& scene) {
         Store store{scene};
         for (int i = 0; i < 600; ++i) EXPECT_EQ(store.get(), answer("{}"));
         EXPECT_FALSE(store(GetItem{.table_name = table, .key = key()}).ok());
         scene.advance(std::chrono::seconds{1});
         EXPECT_EQ(store.get(), answer("{}"));
         EXPECT_EQ(store.get(), answer("{}"));
         return store.get();
       },
       [](PantherWorldOptions& options) { provision(options, 1, 1); }},
      {"WhatIsInvalidCostsNothing", "CHOICE the stricter would be unfair", units("1.0"),
       [](Scene& scene) {
         Store store{scene};
         for (int i = 0; i < 400; ++i) EXPECT_FALSE(store.update("nonsense").ok());
         return units_of_put(scene, {});
       },
       [](PantherWorldOptions& options) { provision(options, 1, 1); }},
      {"AHotKeyHasOnePartition", "DOC Developer Guide, Designing partition keys",
       failure(
           Outcome::throttled, 400, "ThrottlingException",
           "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
           "scaling "
           "your table or index so please try again shortly. If exceptions persist, check if you have a hot "
           "key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
           "bp-partition-key-design.html"),
       [](Scene& scene) {
         Store store{scene};
         EXPECT_TRUE(store.put({{"a", V::string(std::string(399'000, 'x'))}}).ok());
         EXPECT_TRUE(store.put({{"a", V::string(std::string(399'000, 'x'))}}).ok());
         EXPECT_TRUE(store.put({{"a", V::string("small")}}).failure().outcome == Outcome::throttled);
         scene.advance(std::chrono::seconds{1});
         EXPECT_TRUE(store.put({{"a", V::string("small")}}).ok());
         for (int i = 0; i < 609; ++i) EXPECT_TRUE(store.put({}).ok());
         return outcome(store.put({{"a", V::string(std::string(399'000, 'x'))}}));
       }},
  };
}

// ---- Time ----

Failure at_expiry(Scene& scene, Duration length, Duration later) {
  Store store{scene};
  EXPECT_TRUE(store.put({{"expiresAt", V::number(seconds_at(scene, length))}}).ok());
  scene.advance(later);
  const Failure seen = Store{scene}.get();
  return answer(seen.message == "{}" ? "gone" : "there");
}

std::vector<Behaviour> time_behaviours() {
  using namespace std::chrono_literals;
  return {
      {"AnItemStaysHalfAnHourAfterItsTime", "REC panther-analysis PR 725", answer("there"),
       [](Scene& scene) { return at_expiry(scene, 1h, 1h + 29min + 59s); }},
      {"ThenItGoes", "REC panther-analysis PR 725", answer("gone"),
       [](Scene& scene) { return at_expiry(scene, 1h, 1h + 30min); }},
      {"ItMayStayTwoDays", "DOC Developer Guide, Time to Live", answer("there"),
       [](Scene& scene) { return at_expiry(scene, 1h, 48h); },
       [](PantherWorldOptions& options) { options.world.dynamodb.ttl_lag = 48h; }},
      {"WhatWasOverFiveYearsAgoStays", "DOC Developer Guide, Time to Live", answer("there"),
       [](Scene& scene) { return at_expiry(scene, -24h * 365 * 6, 48h); }},
      {"WithoutATimeItStays", "DOC Developer Guide, Time to Live",
       answer(R"({"Item":{"expiresAt":{"S":"1"},"key":{"S":"k"}}})"),
       [](Scene& scene) {
         EXPECT_EQ(put_of(scene, {{"expiresAt", V::string("1")}}), fine);
         scene.advance(48h);
         return Store{scene}.get();
       }},
      {"ANewTimeSavesIt", "DOC Developer Guide, Time to Live", answer("there"),
       [](Scene& scene) {
         EXPECT_EQ(put_of(scene, {{"expiresAt", V::number(seconds_at(scene, 1h))}}), fine);
         scene.advance(1h + 20min);
         Store store{scene};
         EXPECT_TRUE(
             store.update("SET expiresAt = :end", AttributeMap{{":end", V::number(seconds_at(scene, 2h))}})
                 .ok());
         scene.advance(2h);
         return answer(Store{scene}.get().message == "{}" ? "gone" : "there");
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(DynamoDbCapacity, Conformance, on_every_way(capacity_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(DynamoDbTime, Conformance, on_every_way(time_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
