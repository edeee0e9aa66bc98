#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rushhour::event::traffic {
namespace {

using Options = SyntheticCloudTrailOptions;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr std::uint64_t seed = 42;
const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

void each(const Options& options, const std::function<void(const Event&)>& look) {
  SyntheticCloudTrail traffic{options, Random{seed}};
  Event event;
  while (traffic.next(event)) look(event);
}

std::map<std::string, int> tally(const Options& options,
                                 const std::function<std::string(const Event&)>& key) {
  std::map<std::string, int> counts;
  each(options, [&](const Event& event) { ++counts[key(event)]; });
  return counts;
}

std::string text(const Value& value) { return std::string{value.text_or("-")}; }

std::string source_class(const Event& event) {
  return std::string{to_text(cloudtrail::classify_source(event.get("sourceIPAddress")))};
}

/// Within four standard errors of a share.
void expect_share(int count, int events, double share) {
  EXPECT_NEAR(count, share * events, 4 * std::sqrt(share * (1 - share) * events) + 0.5);
}

TEST(SyntheticCloudTrail, GivesExactlyItsEventsInOrderOfArrival) {
  for (const ArrivalProcess& process : {constant_arrivals(), poisson_arrivals()}) {
    SyntheticCloudTrail traffic{{.events = 1000, .start = start, .arrivals = process}, Random{seed}};
    EXPECT_EQ(traffic.size_hint(), 1000U);
    Event event;
    Instant last = start;
    for (std::uint64_t id = 1; id <= 1000; ++id) {
      const Instant due = *traffic.peek();
      ASSERT_TRUE(traffic.next(event));
      EXPECT_EQ(event.id(), id);
      EXPECT_EQ(event.arrival(), due);
      EXPECT_GE(event.arrival(), last);
      EXPECT_EQ(event.time(), std::chrono::floor<std::chrono::seconds>(event.arrival()));
      EXPECT_EQ(text(event.get("eventTime")), to_iso8601(event.arrival()));
      EXPECT_EQ(event.log_type(), "AWS.CloudTrail");
      last = event.arrival();
    }
    EXPECT_EQ(traffic.peek(), nullptr);
    EXPECT_FALSE(traffic.next(event));
    EXPECT_EQ(event.id(), 1000U);
  }
}

TEST(SyntheticCloudTrail, IsAFunctionOfSeedAndEventAlone) {
  const Options options{.events = 300, .start = start, .exact_name = "GetSecretValue", .exact_share = {1, 3}};
  std::vector<std::string> first;
  each(options, [&](const Event& event) { first.push_back(event.to_json()); });
  // Read in another order, after a restart, and with other fields asked before.
  SyntheticCloudTrail again{options, Random{seed}};
  Event event;
  for (int i = 0; i < 100; ++i) (void)again.next(event);
  again.restart();
  for (const std::string& record : first) {
    ASSERT_TRUE(again.next(event));
    (void)event.get("userAgent");
    (void)event.udm("source_ip");
    EXPECT_EQ(event.to_json(), record);
  }
  SyntheticCloudTrail other{options, Random{seed + 1}};
  ASSERT_TRUE(other.next(event));
  EXPECT_NE(event.to_json(), first.front());
}

TEST(SyntheticCloudTrail, MakesAnEventAgainFromItsKey) {
  const Options options{.events = 200, .start = start, .arrivals = poisson_arrivals()};
  std::vector<std::string> records;
  each(options, [&](const Event& event) { records.push_back(event.to_json()); });
  SyntheticCloudTrail traffic{options, Random{seed}};
  ASSERT_TRUE(traffic.recalls());
  std::vector<EventKey> keys;
  EventKey key;
  while (const Instant* const due = traffic.peek()) {
    const Instant expected = *due;
    ASSERT_TRUE(traffic.next_key(key));
    EXPECT_EQ(key.arrival, expected);
    keys.push_back(key);
  }
  EXPECT_FALSE(traffic.next_key(key));
  EXPECT_EQ(key.id, 200U);
  ASSERT_EQ(keys.size(), records.size());
  Event event;
  for (std::size_t i = keys.size(); i-- > 0;) {
    traffic.recall(keys[i], event);
    EXPECT_EQ(event.id(), i + 1);
    EXPECT_EQ(event.arrival(), keys[i].arrival);
    EXPECT_EQ(event.to_json(), records[i]);
  }
  // Recalling takes nothing, and a key that arrives later gives the same event, later.
  traffic.restart();
  key = keys[7];
  key.arrival += std::chrono::minutes{5};
  traffic.recall(key, event);
  EXPECT_EQ(event.arrival(), key.arrival);
  EXPECT_EQ(event.to_json(), records[7]);
  ASSERT_TRUE(traffic.next(event));
  EXPECT_EQ(event.id(), 1U);
}

TEST(SyntheticCloudTrail, HasExactlyTheShareOfTheDesignatedName) {
  struct Case {
    std::uint64_t events;
    Ratio share;
    int expected;
  };
  for (const auto& [events, share, expected] :
       {Case{10'000, {1, 2}, 5'000}, Case{10'000, {2, 100}, 200}, Case{999, {1, 2}, 499},
        Case{100, {1, 1}, 100}, Case{100, {0, 1}, 0}}) {
    const auto counts = tally({.events = events, .exact_name = "GetSecretValue", .exact_share = share},
                              [](const Event& event) { return text(event.get("eventName")); });
    EXPECT_EQ(counts.contains("GetSecretValue") ? counts.at("GetSecretValue") : 0, expected);
  }
}

TEST(SyntheticCloudTrail, SpreadsTheDesignatedNameOverTheHour) {
  std::vector<int> tenths(10);
  each({.events = 10'000, .exact_name = "GetSecretValue", .exact_share = {1, 2}}, [&](const Event& event) {
    if (event.get("eventName") == Value{"GetSecretValue"}) ++tenths[(event.id() - 1) / 1000];
  });
  for (const int count : tenths) EXPECT_NEAR(count, 500, 4 * std::sqrt(250.0));
}

TEST(SyntheticCloudTrail, MixesEventNamesByWeight) {
  const auto counts = tally({.events = 20'000, .event_names = {{"AssumeRole", 3}, {"ConsoleLogin", 1}}},
                            [](const Event& event) { return text(event.get("eventName")); });
  EXPECT_EQ(counts.size(), 2U);
  expect_share(counts.at("AssumeRole"), 20'000, 0.75);
  const auto all =
      tally({.events = 100'000}, [](const Event& event) { return text(event.get("eventName")); });
  EXPECT_EQ(all.size(), SyntheticCloudTrail::known_event_names().size());
  expect_share(all.at("GetSecretValue"), 100'000, 0.04);
}

TEST(SyntheticCloudTrail, DrawsSourcesByTheirShares) {
  const SourceShares shares{
      .private_ipv4 = {1, 10}, .public_ipv6 = {2, 10}, .service_name = {1, 10}, .missing = {5, 100}};
  const auto counts = tally({.events = 50'000, .sources = shares}, source_class);
  EXPECT_EQ(counts.size(), 5U);
  expect_share(counts.at("private_ipv4"), 50'000, 0.1);
  expect_share(counts.at("public_ipv6"), 50'000, 0.2);
  expect_share(counts.at("service_name"), 50'000, 0.1);
  expect_share(counts.at("missing"), 50'000, 0.05);
  expect_share(counts.at("public_ipv4"), 50'000, 0.55);
}

TEST(SyntheticCloudTrail, TakesSharesThatFillTheWhole) {
  const auto none = tally({.events = 2'000, .sources = {{0, 1}, {0, 1}, {0, 1}, {0, 1}}}, source_class);
  EXPECT_EQ(none.at("public_ipv4"), 2'000);
  const auto all = tally(
      {.events = 2'000,
       .sources = {.private_ipv4 = {1, 2}, .public_ipv6 = {1, 4}, .service_name = {1, 4}, .missing = {0, 1}}},
      source_class);
  EXPECT_FALSE(all.contains("public_ipv4"));
}

TEST(SyntheticCloudTrail, SaysOfAServiceThatItCalledForSomeone) {
  each({.events = 200, .sources = {{0, 1}, {0, 1}, {1, 1}, {0, 1}}}, [](const Event& event) {
    const Value source = event.get("sourceIPAddress");
    EXPECT_EQ(event.get("userAgent"), source);
    EXPECT_EQ(event.deep_get("userIdentity", "invokedBy"), source);
    EXPECT_FALSE(event.contains("tlsDetails"));
  });
}

TEST(SyntheticCloudTrail, GivesEachRankOfAnAddressItsOwn) {
  for (const SourceShares& shares :
       {SourceShares{{0, 1}, {0, 1}, {0, 1}, {0, 1}}, SourceShares{{1, 1}, {0, 1}, {0, 1}, {0, 1}},
        SourceShares{{0, 1}, {1, 1}, {0, 1}, {0, 1}}}) {
    const auto counts =
        tally({.events = 40'000, .addresses = 500, .address_exponent = {0, 1}, .sources = shares},
              [](const Event& event) { return text(event.get("sourceIPAddress")); });
    EXPECT_EQ(counts.size(), 500U);
  }
}

TEST(SyntheticCloudTrail, FavoursUsersAndAddressesByZipfsLaw) {
  const Options options{.events = 50'000, .users = 100, .user_exponent = {1, 1}, .role_share = {0, 1}};
  const auto counts = tally(options, [](const Event& event) { return text(event.udm("actor_user")); });
  EXPECT_EQ(counts.size(), 100U);
  std::vector<int> sorted;
  sorted.reserve(counts.size());
  for (const auto& [name, count] : counts) sorted.push_back(count);
  std::ranges::sort(sorted, std::greater{});
  double harmonic = 0;
  for (int rank = 1; rank <= 100; ++rank) harmonic += 1.0 / rank;
  for (const int rank : {1, 2, 3, 5})
    expect_share(sorted[static_cast<std::size_t>(rank - 1)], 50'000, 1 / harmonic / rank);
}

TEST(SyntheticCloudTrail, GivesRolesSessionsAndUsersNone) {
  std::set<std::string> sessions;
  each({.events = 5'000, .users = 1, .role_share = {1, 1}, .session_names = 7}, [&](const Event& event) {
    EXPECT_EQ(event.deep_get("userIdentity", "type"), Value{"AssumedRole"});
    const std::string principal = text(event.deep_get("userIdentity", "principalId"));
    EXPECT_THAT(principal, MatchesRegex("AROA[A-Z2-7]+:.+"));
    sessions.insert(principal);
    EXPECT_TRUE(event.deep_get("userIdentity", "userName").is_null());
    EXPECT_EQ(event.deep_get("userIdentity", "sessionContext", "sessionIssuer", "userName"),
              event.udm("actor_user"));
    const auto created = parse_iso8601(
        event.deep_get("userIdentity", "sessionContext", "attributes", "creationDate").text_or(""));
    ASSERT_TRUE(created.has_value());
    EXPECT_LT(*created, event.time());
  });
  EXPECT_EQ(sessions.size(), 7U);
  each({.events = 100, .role_share = {0, 1}}, [](const Event& event) {
    EXPECT_EQ(event.deep_get("userIdentity", "type"), Value{"IAMUser"});
    EXPECT_FALSE(event.deep_get("userIdentity", "userName").is_null());
    EXPECT_TRUE(event.deep_get("userIdentity", "sessionContext").is_null());
  });
}

TEST(SyntheticCloudTrail, WritesRecordsThatAreJsonAndHaveEveryFieldOfTheirKind) {
  each({.events = 3'000, .sources = {.missing = {1, 10}}}, [](const Event& event) {
    const nlohmann::json record = nlohmann::json::parse(event.to_json());
    for (const char* field :
         {"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "userAgent",
          "requestParameters", "responseElements", "eventID", "readOnly", "eventType", "managementEvent",
          "recipientAccountId", "eventCategory"}) {
      ASSERT_TRUE(record.contains(field)) << field << " in " << record;
    }
    const std::string name = record["eventName"];
    EXPECT_EQ(record["readOnly"], name != "ConsoleLogin");
    EXPECT_EQ(record["eventType"], name == "ConsoleLogin" ? "AwsConsoleSignIn" : "AwsApiCall");
    EXPECT_EQ(record.contains("requestID"), name != "ConsoleLogin");
    EXPECT_EQ(record.contains("resources"), name == "AssumeRole");
    EXPECT_THAT(record["eventID"].get<std::string>(),
                MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    if (name == "GetSecretValue") {
      EXPECT_THAT(
          record["requestParameters"]["secretId"].get<std::string>(),
          MatchesRegex(
              "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/[a-z]+/[a-z0-9-]+-[A-Za-z0-9]{6}"));
    }
    if (name == "AssumeRole") {
      EXPECT_THAT(record["responseElements"]["credentials"]["expiration"].get<std::string>(),
                  MatchesRegex("[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4}, [0-9]{1,2}:[0-9]{2}:[0-9]{2} [AP]M"));
      EXPECT_EQ(record["resources"][0]["ARN"], record["requestParameters"]["roleArn"]);
    }
  });
}

TEST(SyntheticCloudTrail, KeepsAPersonsIdentifiers) {
  std::map<std::string, std::set<std::string>> keys;
  each({.events = 2'000, .users = 20, .role_share = {0, 1}}, [&](const Event& event) {
    if (event.get("eventName") == Value{"ConsoleLogin"}) return;
    keys[text(event.udm("actor_user"))].insert(text(event.deep_get("userIdentity", "principalId")) +
                                               text(event.deep_get("userIdentity", "accessKeyId")));
  });
  EXPECT_EQ(keys.size(), 20U);
  for (const auto& [name, identifiers] : keys) EXPECT_EQ(identifiers.size(), 1U) << name;
}

TEST(SyntheticCloudTrail, HasAsManyAddressesOfAClassAsThatHasOfItsOwn) {
  const SourceShares shares{
      .private_ipv4 = {1, 3}, .public_ipv6 = {1, 3}, .service_name = {0, 1}, .missing = {0, 1}};
  Options options{.events = 30'000, .addresses = 50, .address_exponent = {0, 1}, .sources = shares};
  const auto distinct = [&] {
    std::map<AddressClass, std::set<std::string>> seen;
    each(options, [&](const Event& event) {
      const std::string address = text(event.get("sourceIPAddress"));
      seen[classify_address(address)].insert(address);
    });
    return std::array{seen[AddressClass::public_ipv4].size(), seen[AddressClass::private_ipv4].size(),
                      seen[AddressClass::public_ipv6].size()};
  };
  EXPECT_EQ(distinct(), (std::array<std::size_t, 3>{50, 50, 50}));
  options.private_addresses = 3;
  options.ipv6_addresses = 7;
  EXPECT_EQ(distinct(), (std::array<std::size_t, 3>{50, 3, 7}));
}

TEST(SyntheticCloudTrail, SaysWhatIsWrongWithItsOptions) {
  const auto mistake = [](Options options) -> std::string {
    try {
      const SyntheticCloudTrail traffic{std::move(options), Random{seed}};
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.users = 0}), "expected users from 1 to 4194304, saw 0");
  EXPECT_EQ(mistake({.address_exponent = {9, 2}}),
            "expected the exponent of addresses from 0 to 4, saw 9 / 2");
  EXPECT_EQ(mistake({.role_share = {1, 0}}), "expected the share of roles from 0 to 1, saw 1 / 0");
  EXPECT_EQ(mistake({.sources = {.private_ipv4 = {3, 4}, .public_ipv6 = {1, 2}}}),
            "expected shares of source classes that sum to at most 1, saw more");
  EXPECT_THAT(mistake({.event_names = {{"GetSecret", 1}}}), HasSubstr("GetSecretValue, DescribeSecret"));
  EXPECT_THAT(mistake({.event_names = {{"GetSecret", 1}}}), HasSubstr("saw \"GetSecret\""));
  EXPECT_THAT(mistake({.event_names = {{"ListRoles", 1}}, .exact_name = "ListRoles", .exact_share = {1, 2}}),
              HasSubstr("besides the one with an exact share"));
  EXPECT_THAT(mistake({.duration = Duration::zero()}), HasSubstr("a duration above 0"));
}

TEST(SyntheticCloudTrail, MayHaveNoEvents) {
  SyntheticCloudTrail traffic{{.events = 0}, Random{seed}};
  Event event;
  EXPECT_EQ(traffic.peek(), nullptr);
  EXPECT_FALSE(traffic.next(event));
}

}  // namespace
}  // namespace rushhour::event::traffic
