// The fake of DynamoDB as Panther's helpers use it: the defects of theirs that only a table with a lazy
// reaper shows, updates held against a plain model, and what a test can do with tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/gtest.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/retry/legacy.hpp>

namespace rushhour::fakes {
namespace {

using namespace std::chrono_literals;
using api::dynamodb::AttributeMap;
using api::dynamodb::GetItem;
using api::dynamodb::PutItem;
using api::dynamodb::UpdateItem;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using V = api::dynamodb::AttributeValue;

constexpr const char* table = "panther-kv-store";

/// The calls of Panther's helpers, in C++ (spec panther.md 2.4; in Python: scenarios/panther/global_helpers).
class Helpers {
 public:
  explicit Helpers(Duration ttl_lag) { bench.world().dynamodb.options.ttl_lag = ttl_lag; }

  TestBench bench;

  std::int64_t increment_counter(std::string key, Duration life = 24h * 90) {
    const AttributeMap values{{":one", V::number(1)}, {":end", seconds_in(life)}};
    const auto alive = update(key, "ADD intCount :one SET expiresAt = :end", values, true);
    if (alive) return number(*alive, "intCount");
    EXPECT_TRUE(update(key, "ADD intCount :one SET expiresAt = :end", values, false));
    return 1;
  }
  bool evaluate_threshold(const std::string& key, std::int64_t threshold, Duration window) {
    if (increment_counter(key, window) < threshold) return false;
    EXPECT_TRUE(update(key, "REMOVE intCount", {}, false));
    return true;
  }
  void set_key_expiration(const std::string& key, Duration life) {
    EXPECT_TRUE(update(key, "SET expiresAt = :end", {{":end", seconds_in(life)}}, false));
  }
  std::vector<std::string> add_to_string_set(const std::string& key, std::string text, Duration life) {
    const AttributeMap values{{":more", V::string_set({std::move(text)})}, {":end", seconds_in(life)}};
    auto alive = update(key, "ADD stringSet :more SET expiresAt = :end", values, true);
    if (!alive) alive = update(key, "ADD stringSet :more SET expiresAt = :end", values, false);
    return *api::dynamodb::elements_of(alive->find("stringSet")->second);
  }
  std::optional<AttributeMap> item(const std::string& key) {
    auto db = bench.dynamodb();
    return db(GetItem{.table_name = table, .key = {{"key", V::string(key)}}}).value().item;
  }
  std::int64_t seconds_left(const std::string& key) {
    return number(*item(key), "expiresAt") - number({{"now", seconds_in(0s)}}, "now");
  }

 private:
  V seconds_in(Duration length) {
    return V::number(
        std::chrono::floor<std::chrono::seconds>(bench.clock.now() + length).time_since_epoch().count());
  }
  static std::int64_t number(const AttributeMap& attributes, std::string_view name) {
    return std::stoll(attributes.find(name)->second.get<api::dynamodb::Number>()->text);
  }
  std::optional<AttributeMap> update(const std::string& key, std::string expression, AttributeMap values,
                                     bool only_alive) {
    UpdateItem request{.table_name = table,
                       .key = {{"key", V::string(key)}},
                       .return_values = "ALL_NEW",
                       .update_expression = std::move(expression)};
    if (only_alive) {
      request.condition_expression = "expiresAt >= :now";
      values.insert_or_assign(":now", seconds_in(0s));
    }
    if (!values.empty()) request.expression_attribute_values = std::move(values);
    auto db = bench.dynamodb();
    auto answer = db(request);
    if (answer.ok()) return answer->attributes;
    EXPECT_EQ(answer.failure().code, "ConditionalCheckFailedException");
    return std::nullopt;
  }
};

TEST(KvHelpers, ACounterThatIsOverComesBack) {
  Helpers helpers{48h};
  for (std::int64_t hit = 1; hit <= 9; ++hit) EXPECT_EQ(helpers.increment_counter("c", 1h), hit);
  helpers.bench.advance(2h);
  std::vector<std::int64_t> next;
  for (int i = 0; i < 3; ++i) next.push_back(helpers.increment_counter("c", 1h));
  EXPECT_THAT(next, ElementsAre(1, 11, 12));
}

TEST(KvHelpers, UnlessItWasRemoved) {
  Helpers helpers{30min};
  for (int hit = 0; hit < 9; ++hit) helpers.increment_counter("c", 1h);
  helpers.bench.advance(2h);
  std::vector<std::int64_t> next;
  for (int i = 0; i < 3; ++i) next.push_back(helpers.increment_counter("c", 1h));
  EXPECT_THAT(next, ElementsAre(1, 2, 3));
}

TEST(KvHelpers, ANewCounterTakesTwoCallsALiveOneTakesOne) {
  Helpers helpers{30min};
  helpers.increment_counter("c");
  EXPECT_EQ(helpers.bench.calls().count("dynamodb:UpdateItem"), 2U);
  helpers.increment_counter("c");
  EXPECT_EQ(helpers.bench.calls().count("dynamodb:UpdateItem"), 3U);
}

TEST(KvHelpers, AThresholdCountsHitsOfAWindowThatIsOver) {
  Helpers helpers{48h};
  std::vector<int> alerts;
  for (int window = 1; window <= 3; ++window) {
    for (int hit = 0; hit < 5; ++hit) {
      if (helpers.evaluate_threshold("t", 10, 1h)) alerts.push_back(window);
    }
    helpers.bench.advance(2h);
  }
  EXPECT_THAT(alerts, ElementsAre(2));  // five hits a window never are ten
}

TEST(KvHelpers, TheDocumentedCounterNeverEnds) {
  Helpers helpers{30min};
  const auto hit = [&] {
    const std::int64_t count = helpers.increment_counter("c");
    if (count == 1) helpers.set_key_expiration("c", 1h);
    return count;
  };
  EXPECT_EQ(hit(), 1);
  EXPECT_EQ(helpers.seconds_left("c"), 3'600);
  EXPECT_EQ(hit(), 2);
  EXPECT_EQ(helpers.seconds_left("c"), 90 * 86'400);
  helpers.bench.advance(24h * 30);
  EXPECT_EQ(hit(), 3);
}

TEST(KvHelpers, ASetThatIsOverComesBack) {
  Helpers helpers{48h};
  helpers.add_to_string_set("s", "203.0.113.7", 1h);
  helpers.bench.advance(2h);
  EXPECT_THAT(helpers.add_to_string_set("s", "198.51.100.9", 1h), ElementsAre("198.51.100.9", "203.0.113.7"));
  EXPECT_EQ(helpers.seconds_left("s"), 3'600);
}

TEST(DynamoDb, UpdatesAreThoseOfAPlainModel) {
  struct Model {
    std::optional<std::int64_t> n{};
    std::set<std::string> s{};
    bool is_there{};
  };
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    TestBench bench;
    auto db = bench.dynamodb();
    std::map<std::string, Model> models;
    const Stream random = Random{seed}.stream("dynamodb.model");
    for (std::uint64_t step = 0; step < 60; ++step) {
      const Stream draw = random.part(step);
      const std::string key = "key-" + std::to_string(draw.at(0) % 3);
      const auto operand = static_cast<std::int64_t>(draw.at(1) % 9) - 4;
      const std::string member = "m" + std::to_string(draw.at(2) % 3);
      const std::uint64_t limit = draw.at(3) % 5;
      Model& model = models[key];
      // "n < :limit OR attribute_not_exists(n)" and its kin, and what they say of the model.
      const std::uint64_t guard = draw.at(4) % 4;
      const auto bound = static_cast<std::int64_t>(limit);
      const bool holds = guard == 0   ? true
                         : guard == 1 ? !model.n || *model.n < bound
                         : guard == 2 ? model.s.contains(member)
                                      : model.n && !(*model.n == bound) && model.s.size() <= 2;
      AttributeMap values;
      std::optional<std::string> condition;
      if (guard == 1) condition = "n < :limit OR attribute_not_exists(n)";
      if (guard == 2) condition = "contains(s, :member)";
      if (guard == 3)
        condition = "attribute_exists(n) AND NOT n = :limit AND (attribute_not_exists(s) OR size(s) <= :two)";
      if (guard == 1 || guard == 3) values[":limit"] = V::number(bound);
      if (guard == 2) values[":member"] = V::string(member);
      if (guard == 3) values[":two"] = V::number(2);
      std::string update;
      Model after = model;
      after.is_there = true;
      bool is_valid = true;
      switch (draw.at(5) % 5) {
        case 0:
          update = "ADD n :v, s :set";
          values[":v"] = V::number(operand);
          values[":set"] = V::string_set({member});
          after.n = model.n.value_or(0) + operand;
          after.s.insert(member);
          break;
        case 1:
          update = "SET n = if_not_exists(n, :v) - :v";
          values[":v"] = V::number(operand);
          after.n = model.n.value_or(operand) - operand;
          break;
        case 2:
          update = "DELETE s :set REMOVE n";
          values[":set"] = V::string_set({member});
          after.n.reset();
          after.s.erase(member);
          break;
        case 3:
          update = "SET n = n + :v";
          values[":v"] = V::number(operand);
          is_valid = model.n.has_value();
          after.n = model.n.value_or(0) + operand;
          break;
        default:
          update = "SET n = :v REMOVE s";
          values[":v"] = V::number(operand);
          after.n = operand;
          after.s.clear();
      }
      const auto answer = db(UpdateItem{.table_name = table,
                                        .key = {{"key", V::string(key)}},
                                        .update_expression = update,
                                        .condition_expression = condition,
                                        .expression_attribute_values = values});
      const std::string where = "seed " + std::to_string(seed) + ", step " + std::to_string(step);
      const std::string expected = !holds      ? "ConditionalCheckFailedException"
                                   : !is_valid ? "ValidationException"
                                               : "";
      ASSERT_EQ(answer.ok() ? "" : answer.failure().code, expected) << where;
      if (expected.empty()) model = after;
      AttributeMap item{{"key", V::string(key)}};
      if (model.n) item["n"] = V::number(*model.n);
      if (!model.s.empty()) item["s"] = V::string_set({model.s.begin(), model.s.end()});
      const auto seen = db(GetItem{.table_name = table, .key = {{"key", V::string(key)}}}).value().item;
      ASSERT_EQ(seen.has_value(), model.is_there) << where;
      if (seen) {
        ASSERT_EQ(*seen, item) << where;
      }
    }
  }
}

TEST(DynamoDb, TablesAreSetUpWithoutAskingAnyone) {
  TestBench bench;
  DynamoDb& dynamodb = bench.world().dynamodb;
  const Instant now = bench.clock.now();
  const std::string arn =
      dynamodb.add_table({.account = "111122223333",
                          .name = "sightings",
                          .hash_key = {.name = "who"},
                          .range_key = TableKey{"when", api::dynamodb::AttributeType::number}});
  EXPECT_EQ(arn, "arn:aws:dynamodb:us-east-1:111122223333:table/sightings");
  dynamodb.put_item(arn, {{"who", V::string("a")}, {"when", V::number("1.0")}}, now);
  dynamodb.put_item(arn, {{"who", V::string("a")}, {"when", V::number(2)}}, now);
  EXPECT_EQ(dynamodb.size(arn, now), 2U);
  EXPECT_TRUE(dynamodb.item(arn, {{"who", V::string("a")}, {"when", V::number(1)}}, now));
  EXPECT_FALSE(dynamodb.item(arn, {{"who", V::string("a")}, {"when", V::number(3)}}, now));
  EXPECT_FALSE(dynamodb.item(arn, {{"who", V::string("a")}}, now));
  EXPECT_THROW(dynamodb.put_item(arn, {{"who", V::string("a")}}, now), InputError);
  EXPECT_THROW(dynamodb.put_item("arn:none", {}, now), InputError);
  // The engine's role may use the tables of the world's options, and no others.
  auto db = bench.dynamodb();
  EXPECT_THAT(
      db(GetItem{.table_name = "sightings", .key = {{"who", V::string("a")}, {"when", V::number(1)}}}),
      HasOutcome(Outcome::denied));
}

TEST(DynamoDb, AWorldBegunAnewHasItsTablesAndNothingInThem) {
  TestBench bench;
  auto db = bench.dynamodb();
  ASSERT_TRUE(db(PutItem{.table_name = table, .item = {{"key", V::string("k")}}}).ok());
  EXPECT_EQ(bench.world().dynamodb.consumed(), (ConsumedUnits{.write_halves = 2}));
  bench.panther.begin_anew();
  EXPECT_EQ(bench.world().dynamodb.consumed(), ConsumedUnits{});
  EXPECT_EQ(bench.world().dynamodb.size(bench.panther.kv_store_arn, bench.clock.now()), 0U);
  bench.world().reset();
  EXPECT_EQ(bench.world().dynamodb.size(bench.panther.kv_store_arn, bench.clock.now()), 0U);
}

TEST(DynamoDb, FaultsAndTheJournalKnowItLikeTheOthers) {
  TestBench bench;
  auto db = bench.dynamodb();
  bench.world().faults.add(
      {.service = "dynamodb",
       .operation = "GetItem",
       .failure = {.outcome = Outcome::server_error, .status = 500, .code = "InternalServerError"}});
  EXPECT_THAT(db(GetItem{.table_name = table, .key = {{"key", V::string("k")}}}),
              HasOutcome(Outcome::server_error));
  EXPECT_TRUE(db(PutItem{.table_name = table, .item = {{"key", V::string("k")}}}).ok());
  EXPECT_EQ(bench.calls().count("dynamodb:GetItem"), 1U);
  EXPECT_THAT(bench.calls(), testing::Contains(CallTo("dynamodb:PutItem")));
}

TEST(DynamoDb, ItsClientsRetryTenTimesAndDouble) {
  TestBench bench;
  bench.use_retry_policy("legacy");
  bench.world().faults.add(
      {.service = "dynamodb",
       .failure = {
           .outcome = Outcome::throttled, .status = 400, .code = "ProvisionedThroughputExceededException"}});
  const Instant start = bench.clock.now();
  auto db = bench.dynamodb();
  EXPECT_THAT(db(GetItem{.table_name = table, .key = {{"key", V::string("k")}}}), Throttled());
  EXPECT_EQ(bench.calls().count("dynamodb:GetItem"), 10U);
  EXPECT_EQ(bench.clock.now() - start, 50ms * 511);  // 1 + 2 + 4 + ... + 256
}

}  // namespace
}  // namespace rushhour::fakes
