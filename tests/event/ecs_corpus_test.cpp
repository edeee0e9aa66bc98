#include <rushhour/event/ecs.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/event/json.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/random.hpp>

// Whole streams through the schema: synthetic ones, whose layouts have constants, and recorded ones.

namespace rushhour::event {
namespace {

constexpr std::uint64_t seed = 20260302;

traffic::SyntheticCloudTrail synthetic() {
  traffic::SyntheticCloudTrailOptions options{.events = 2'000,
                                              .start = *parse_iso8601("2026-03-02T14:00:00Z")};
  // All shapes of record in equal parts, so that none is missing from the stream.
  for (const std::string_view name : traffic::SyntheticCloudTrail::known_event_names()) {
    options.event_names.push_back({std::string{name}, 1});
  }
  options.sources.missing = {1, 20};
  return {options, Random{seed}};
}

using Document = std::map<std::string, std::string>;

/// Every field of the event's document, as JSON texts.
Document document_of(const EcsCloudTrail& schema, const Event& event) {
  Arena scratch;
  Document document;
  schema.for_each(event, scratch, [&](std::string_view name, const Value& value) {
    EXPECT_TRUE(document.empty() || document.rbegin()->first < name) << "out of order: " << name;
    document.emplace(name, to_json(value));
  });
  return document;
}

std::string text_of(const Value& value) { return value.is_null() ? "-" : to_json(value); }
std::string text_of(const Document& document, const std::string& name) {
  const auto found = document.find(name);
  return found == document.end() ? "-" : found->second;
}

/// The names of all fields that some event of the stream has.
std::set<std::string> names_in(const EcsCloudTrail& schema, traffic::SyntheticCloudTrail& source) {
  std::set<std::string> names;
  Event event;
  while (source.next(event)) {
    for (const auto& [name, value] : document_of(schema, event)) names.insert(name);
  }
  source.restart();
  return names;
}

class EcsCorpus : public testing::TestWithParam<EcsShape> {
 protected:
  EcsCloudTrail schema{{.shape = GetParam()}};
  traffic::SyntheticCloudTrail source = synthetic();
};

INSTANTIATE_TEST_SUITE_P(BothShapes, EcsCorpus, testing::Values(EcsShape::fleet, EcsShape::filebeat),
                         [](const auto& test) {
                           return test.param == EcsShape::fleet ? "Fleet" : "Filebeat";
                         });

TEST_P(EcsCorpus, ReadsEachFieldAsTheWholeDocumentHasIt) {
  std::map<std::string, std::shared_ptr<const Field>> fields;
  for (const std::string& name : names_in(schema, source)) fields[name] = schema.field(name);
  EXPECT_GE(fields.size(), 55U);
  Event event;
  Arena scratch;
  while (source.next(event)) {
    const Document document = document_of(schema, event);
    for (const auto& [name, field] : fields) {
      scratch.reset();
      ASSERT_EQ(text_of(field->read(event, scratch)), text_of(document, name)) << name << ", seed " << seed;
    }
  }
}

TEST_P(EcsCorpus, ReadsAnEventOfALayoutAsItsOwnTree) {
  Event event;
  while (source.next(event)) {
    const Event parsed =
        from_json(event.to_json(), {.id = event.id(), .arrival = event.arrival(), .time = event.time()});
    ASSERT_EQ(document_of(schema, event), document_of(schema, parsed)) << "seed " << seed;
  }
}

TEST_P(EcsCorpus, NeverContradictsAConstant) {
  std::map<std::string, std::shared_ptr<const Field>> fields;
  for (const std::string& name : names_in(schema, source)) fields[name] = schema.field(name);
  std::map<std::string, std::size_t> constants;
  Event event;
  Arena scratch;
  while (source.next(event)) {
    for (const auto& [name, field] : fields) {
      const std::optional<Value> constant = field->constant(*event.layout());
      if (!constant) continue;
      ++constants[name];
      scratch.reset();
      ASSERT_EQ(text_of(field->read(event, scratch)), text_of(*constant)) << name << ", seed " << seed;
    }
  }
  for (const char* const name : {"event.provider", "event.action", "event.outcome", "event.dataset",
                                 "event.kind", "event.type", "cloud.account.id", "cloud.region",
                                 "aws.cloudtrail.user_identity.type", "aws.cloudtrail.read_only"}) {
    EXPECT_EQ(constants[name], 2'000U) << name << " is the same for every layout";
  }
  for (const char* const name : {"@timestamp", "event.ingested", "event.id", "user.id", "user.name"}) {
    EXPECT_EQ(constants[name], 0U) << name << " differs from event to event";
  }
}

TEST_P(EcsCorpus, FoldsWhatTheLayoutDoesNotHave) {
  const auto parameters = schema.field("aws.cloudtrail.request_parameters");
  const auto secret = schema.field("aws.cloudtrail.flattened.request_parameters.secretId");
  const auto most_results = schema.field("aws.cloudtrail.flattened.request_parameters.maxResults");
  Event event;
  std::set<std::string> seen;
  while (source.next(event)) {
    const std::string name{event.get("eventName").text_or("")};
    seen.insert(name);
    const std::optional<Value> printed = parameters->constant(*event.layout());
    const std::optional<Value> id = secret->constant(*event.layout());
    const std::optional<Value> most = most_results->constant(*event.layout());
    if (name == "GetCallerIdentity") {
      EXPECT_EQ(printed, Value{});
    } else if (name == "ListSecrets") {
      EXPECT_EQ(printed, Value{"{maxResults=100}"});
      EXPECT_EQ(most, Value{"100"});
    } else if (name == "GetSecretValue") {
      EXPECT_FALSE(printed || id);
    } else if (name == "AssumeRole") {
      EXPECT_EQ(id, Value{});
    }
  }
  EXPECT_EQ(seen.size(), traffic::SyntheticCloudTrail::known_event_names().size());
}

TEST(EcsLayouts, TellTheOutcomeWhenTheErrorIsConstant) {
  const EcsCloudTrail schema;
  const auto outcome = schema.field("event.outcome");
  const auto name = schema.field("user_agent.name");
  const auto made = [](const Value& code, const Value& agent) {
    Arena arena;
    const Value root =
        object(arena, {{"eventName", "GetSecretValue"}, {"errorCode", code}, {"userAgent", agent}});
    return Layout::make(std::move(arena), root);
  };
  EXPECT_EQ(outcome->constant(*made(nullptr, "curl/8.5.0")), Value{"success"});
  EXPECT_EQ(outcome->constant(*made("AccessDenied", "curl/8.5.0")), Value{"failure"});
  EXPECT_EQ(outcome->constant(*made(Value::slot(0), "curl/8.5.0")), std::nullopt);
  EXPECT_EQ(name->constant(*made(nullptr, "curl/8.5.0")), Value{"curl"});
  EXPECT_EQ(name->constant(*made(nullptr, Value::slot(0))), std::nullopt);
}

/// As in recorded_test.cpp. The counts were worked out in Python, from the files alone.
TEST(EcsRealCloudTrail, ReadsEveryRecord) {
  const char* const folder = std::getenv("RUSHHOUR_REAL_CLOUDTRAIL");
  if (folder == nullptr)
    GTEST_SKIP() << "set RUSHHOUR_REAL_CLOUDTRAIL to a folder of recorded CloudTrail events";
  const EcsCloudTrail schema;
  RecordedSource source{std::filesystem::path{folder}};
  std::map<std::string, int> have;
  std::map<std::string, std::set<std::string>> values;
  Event event;
  while (source.next(event)) {
    const Document document = document_of(schema, event);
    for (const auto& [name, value] : document) {
      ++have[name.starts_with(ecs_flattened) ? name.substr(0, name.find('.', ecs_flattened.size())) : name];
      ++have[std::string{name}.append("=").append(value)];
      values[name].insert(value);
    }
    EXPECT_EQ(nlohmann::json::parse(ecs_document(schema, event))["event"]["id"],
              event.get("eventID").text_or(""));
  }
  EXPECT_EQ(source.events(), 310U);
  const std::map<std::string, int> expected{
      {"user.name", 310},
      {"user.id", 310},
      {"source.ip", 203},
      {"aws.cloudtrail.error_code", 52},
      {"aws.cloudtrail.error_message", 51},
      {"aws.cloudtrail.request_id", 309},
      {"aws.cloudtrail.request_parameters", 298},
      {"aws.cloudtrail.resources.arn", 13},
      {"aws.cloudtrail.resources.type", 8},
      {"aws.cloudtrail.response_elements", 47},
      {"aws.cloudtrail.user_identity.access_key_id", 309},
      {"aws.cloudtrail.user_identity.session_context.creation_date", 69},
      {"aws.cloudtrail.user_identity.session_context.session_issuer.arn", 69},
      {"aws.cloudtrail.flattened.additional_eventdata", 3},
      {"aws.cloudtrail.flattened.request_parameters", 540},
      {"aws.cloudtrail.flattened.response_elements", 271},
      {"related.user", 241},
      {"user.target.id", 1},
      {"user.target.name", 7},
      {"event.category", 18},
      {"event.outcome=\"failure\"", 52},
      {"event.outcome=\"success\"", 258},
      {"user_agent.name=\"Other\"", 310},
      {"aws.cloudtrail.console_login.additional_eventdata.mfa_used=false", 1},
      {"source.as.number", 0},
  };
  for (const auto& [name, count] : expected) EXPECT_EQ(have[name], count) << name;
  EXPECT_EQ(values["user.name"].size(), 10U);
  EXPECT_EQ(values["user.id"].size(), 41U);
}

}  // namespace
}  // namespace rushhour::event
