// Queries on events that share layouts: what is the same in all of them is judged once, and nothing changes.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/random.hpp>

#include "kql_types.hpp"

namespace {

/// Allocations of this process so far.
std::uint64_t allocations = 0;

}  // namespace

// Not inline: g++ 12 would see malloc() and free() meet operators new and delete of the standard, and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* const place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t& /*none*/) noexcept {
  ++allocations;
  return std::malloc(bytes);
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t /*bytes*/) noexcept { std::free(place); }

namespace rushhour::elastic {
namespace {

constexpr const char* cloudtrail_queries[] = {
    "eventSource: secretsmanager.amazonaws.com and eventName: (GetSecretValue or BatchGetSecretValue)",
    "eventName: AssumeRole and not userIdentity.type: AssumedRole",
    "userIdentity.sessionContext.*: * and not sourceIPAddress: *",
    "not errorCode: * and requestParameters.secretId: *prod*",
    "resources.ARN: arn* or requestParameters.secretIdList: *",
    "(readOnly: true or managementEvent: false) and userAgent: (*Boto3* or *aws-cli*)",
    "userIdentity.invokedBy: * or userIdentity.userName: user-0*",
    "requestParameters.maxResults >= 100 or requestParameters.durationSeconds > 3599",
    "eventTime >= \"1970-01-01T00:30:00Z\" and awsRegion: us-east-1",
    "us-east-1 and not ConsoleLogin",
    "eventName: (not GetSecretValue) and not (eventSource: sts* or eventSource: iam*)",
};

TEST(KqlLayouts, ChangeNoAnswerOnSyntheticCloudTrail) {
  event::traffic::SyntheticCloudTrail traffic{{.events = 2'000, .sources = {.missing = {1, 20}}}, Random{42}};
  const Documents documents;
  std::vector<Query> queries;
  std::vector<std::size_t> matches(std::size(cloudtrail_queries));
  for (const char* const text : cloudtrail_queries) queries.emplace_back(text, documents);
  event::Event event;
  while (traffic.next(event)) {
    const event::Event own = event::from_json(event.to_json());
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const bool holds = queries[i](event);
      ASSERT_EQ(holds, queries[i](own)) << cloudtrail_queries[i] << "\n" << own.to_json();
      matches[i] += holds ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < queries.size(); ++i) {
    EXPECT_GT(matches[i], 0U) << cloudtrail_queries[i];
    EXPECT_LT(matches[i], 2'000U) << cloudtrail_queries[i];
  }
}

/// Slot n holds n.
class Numbers final : public event::SlotMaker {
 public:
  event::Value make(const event::Event&, std::uint32_t slot, event::Arena&) const override {
    return static_cast<std::int64_t>(slot);
  }
};

std::shared_ptr<const event::Layout> layout_with(std::string_view constant) {
  event::Arena arena;
  const event::Value root =
      object(arena, {{"constant", arena.copy(constant)}, {"slot", event::Value::slot(3)}});
  return event::Layout::make(std::move(arena), root);
}

TEST(KqlLayouts, AreManyMoreThanAreKept) {
  const Documents documents;
  const Query query{"constant: 7 and slot: 3", documents};
  const Numbers maker;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2'000; ++i) {
      const auto layout = layout_with(std::to_string(i % 10));
      event::Event event;
      event.assign({}, *layout, maker);
      ASSERT_EQ(query(event), i % 10 == 7) << i;
    }
  }
}

TEST(KqlLayouts, FixNoDatesThatDependOnNow) {
  event::Arena arena;
  const event::Value root = object(arena, {{"d", "2024-01-31T10:00:00Z"}});
  const auto layout = event::Layout::make(std::move(arena), root);
  const Numbers maker;
  const Documents documents{type_by_name};
  const Query query{"d >= now-1h", documents};
  const Query fixed{"d >= now-1h", documents, {.now = *parse_iso8601("2024-01-31T12:00:00Z")}};
  for (const std::string_view arrival :
       {"2024-01-31T10:30:00Z", "2024-01-31T11:30:00Z", "2024-01-31T10:30:00Z"}) {
    event::Event event;
    event.assign({.arrival = *parse_iso8601(arrival)}, *layout, maker);
    EXPECT_EQ(query(event), arrival == "2024-01-31T10:30:00Z");
    EXPECT_FALSE(fixed(event));
  }
}

/// Counts how often its fields are read.
class Counted final : public event::Schema {
 public:
  [[nodiscard]] std::shared_ptr<const event::Field> field(std::string_view name) const override {
    return std::make_shared<const CountedField>(name, reads);
  }
  [[nodiscard]] event::FieldType type(std::string_view name) const override { return type_by_name(name); }
  void for_each(const event::Event&, event::Arena&,
                const std::function<void(std::string_view, const event::Value&)>&) const override {}

  mutable std::uint64_t reads = 0;

 private:
  class CountedField final : public event::Field {
   public:
    CountedField(std::string_view name, std::uint64_t& reads) : path_(name), reads_(reads) {}
    [[nodiscard]] event::Value read(const event::Event& event, event::Arena&) const override {
      ++reads_;
      return path_(event);
    }
    [[nodiscard]] std::optional<event::Value> constant(const event::Layout& layout) const override {
      const event::Path::Place place = path_.compile(layout);
      return place.node.is_slot() ? std::nullopt : std::optional{place.node};
    }

   private:
    event::Path path_;
    std::uint64_t& reads_;
  };
};

std::uint64_t reads_of(std::string_view text, bool with_layout = true) {
  const Counted schema;
  const Query query{text, schema};
  const auto layout = layout_with("a");
  const Numbers maker;
  event::Event event;
  event.assign({}, *layout, maker);
  if (!with_layout) event = event::from_json(R"({"constant": "a", "slot": 3})");
  static_cast<void>(query(event));
  return schema.reads;
}

TEST(KqlLayouts, LeaveOnlyWhatDiffersToBeRead) {
  EXPECT_EQ(reads_of("constant: a"), 0U);
  EXPECT_EQ(reads_of("constant: a", false), 1U);
  EXPECT_EQ(reads_of("constant: b and slot: 3"), 0U);
  EXPECT_EQ(reads_of("constant: a or slot: 3"), 0U);
  EXPECT_EQ(reads_of("constant: a and slot: 3"), 1U);
  EXPECT_EQ(reads_of("not (constant: a and slot: 4) and missing: *"), 0U);
  EXPECT_EQ(reads_of("not constant: (b or c) and not slot: (4 or 5 or 6)"), 1U);
  EXPECT_EQ(reads_of("(constant: b and slot: 1) or (constant: a and slot: 2) or slot: 4"), 2U);
}

TEST(KqlQuery, AsksCheapQuestionsFirst) {
  const Counted schema;
  const Query query{"t: (some words) and k > a* and slot: 4", schema};
  static_cast<void>(query(event::from_json(R"({"slot": 3, "t": "some words", "k": "b"})")));
  EXPECT_EQ(schema.reads, 1U);
}

TEST(KqlQuery, AllocatesNothingOnceItsScratchHasGrown) {
  const Documents documents{type_by_name};
  const Query query{
      "k: (a or b*) and i >= 5 and ip: (10.0.0.0/8 or \"::1\") and d < now+1d/d and t: \"quick fox\" and "
      "n: { k: x and i: 1 } and flat.a: 5 and not missing: * and list: 9",
      documents};
  const event::Event event = event::from_json(
      R"({"k": ["z", "bc"], "i": 5, "ip": "10.2.3.4", "d": "1970-01-01", "t": "The quick fox",
          "n": [{"k": "x", "i": 2}, {"k": "x", "i": 1}], "flat": {"a": "5"}, "list": [1, [2, 3, 9]]})");
  ASSERT_TRUE(query(event));
  const std::uint64_t before = allocations;
  bool all = true;
  for (int i = 0; i < 1'000; ++i) all = query(event) && all;
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(all);
}

}  // namespace
}  // namespace rushhour::elastic
