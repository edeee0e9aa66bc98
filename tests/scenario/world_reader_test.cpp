// What a scenario's world says of keys, customers, clients and faults, and what a mistake in it is told. The
// rest of the format: scenario_test.cpp.

#include <chrono>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/input_error.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// The world begins in the sixth line.
std::string with_world(const std::string& keys) {
  return R"({"seed": 7, "start": "2026-03-02T14:00:00Z", "duration": "1h",
  "traffic": {"events": 1000},
  "detections": [{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}],
  "budgets": [],
  "world":
{)" + keys +
         "}}";
}

Scenario with(const std::string& keys) { return parse_scenario(with_world(keys), "x.json"); }

std::string message_of(const std::string& keys) {
  try {
    static_cast<void>(with(keys));
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

// ---- Clients ----

TEST(WorldReader, GivesClientsTheTimeoutsOfBotocoreAndRequests) {
  const Scenario scenario = with("");
  EXPECT_THAT(scenario.timeouts, ElementsAre(60s, 60s, std::nullopt, 60s, std::nullopt));
  EXPECT_TRUE(scenario.clients_per_call) << "as the guide's helper makes them";
}

TEST(WorldReader, ReadsTimeoutsAndHowLongClientsAreKept) {
  const Scenario scenario = with(R"("timeouts": {"sts": "none", "virustotal": "5s"}, "clients": "memoised")");
  EXPECT_THAT(scenario.timeouts, ElementsAre(std::nullopt, 60s, 5s, 60s, std::nullopt));
  EXPECT_FALSE(scenario.clients_per_call);
  EXPECT_TRUE(with(R"("clients": "per_call")").clients_per_call);
}

// ---- Tables ----

TEST(WorldReader, HasPanthersTableUnlessItSaysOtherwise) {
  const fakes::PantherWorldOptions world = with("").world;
  ASSERT_THAT(world.tables, SizeIs(1));
  EXPECT_EQ(world.tables[0].name, "panther-kv-store");
  EXPECT_EQ(world.tables[0].ttl_attribute, "expiresAt");
  EXPECT_EQ(world.tables[0].capacity.billing, fakes::BillingMode::on_demand);
  EXPECT_EQ(world.world.dynamodb.ttl_lag, 30min);
}

TEST(WorldReader, ReadsTables) {
  const fakes::PantherWorldOptions world = with(R"("dynamodb": {"ttl_lag": "48h", "tables": [
    {"name": "seen", "hash_key": {"name": "id", "type": "N"}, "range_key": "at", "ttl_attribute": "until",
     "capacity": {"provisioned": {"read_units": 5, "write_units": 7, "burst": "1m"}}},
    {"name": "panther-kv-store", "capacity": {"on_demand": {"write_units": 40000}, "partition_write_units": 500}}]})")
                                               .world;
  EXPECT_EQ(world.world.dynamodb.ttl_lag, 48h);
  ASSERT_THAT(world.tables, SizeIs(2));
  const fakes::NewTable& seen = world.tables[0];
  EXPECT_EQ(seen.hash_key.type, api::dynamodb::AttributeType::number);
  EXPECT_EQ(seen.range_key->name, "at");
  EXPECT_EQ(seen.ttl_attribute, "until");
  EXPECT_EQ(seen.capacity.billing, fakes::BillingMode::provisioned);
  EXPECT_EQ(seen.capacity.write_units, 7U);
  EXPECT_EQ(seen.capacity.provisioned_burst, 60s);
  const fakes::NewTable& store = world.tables[1];
  EXPECT_EQ(store.ttl_attribute, "expiresAt");
  EXPECT_EQ(store.capacity.read_units, 12'000U);
  EXPECT_EQ(store.capacity.write_units, 40'000U);
  EXPECT_EQ(store.capacity.partition_write_units, 500U);
}

TEST(WorldReader, TellsWhatIsWrongWithATable) {
  const auto mistake = [](const std::string& table) {
    return message_of(R"("dynamodb": {"tables": [)" + table + "]}");
  };
  EXPECT_THAT(mistake(R"({"name": "a b"})"),
              testing::HasSubstr("3 to 255 letters, digits, '_', '-' and '.'"));
  EXPECT_THAT(mistake(R"({"name": "seen", "range_key": "key"})"),
              testing::HasSubstr("another name than that of the hash key"));
  EXPECT_THAT(mistake(R"({"name": "seen", "capacity": {}})"),
              testing::HasSubstr(R"(either "on_demand" or "provisioned")"));
  EXPECT_THAT(
      mistake(R"({"name": "seen", "capacity": {"provisioned": {"read_units": 0, "write_units": 1}}})"),
      testing::HasSubstr("read_units"));
  EXPECT_THAT(mistake(R"({"name": "seen", "hash_key": {"name": "id", "type": "SS"}})"),
              testing::HasSubstr(R"("S", "N", "B")"));
}

// ---- Faults ----

Fault fault(const std::string& answer, const std::string& service = "sts") {
  return with(R"("faults": [{"service": ")" + service + R"(", "answer": )" + answer + "}]").faults.at(0);
}

TEST(WorldReader, KnowsAHangByTwoNames) {
  for (const char* word : {R"("hang")", R"("timeout")"}) {
    EXPECT_EQ(fault(word).failure,
              (Failure{.outcome = Outcome::timeout, .message = "no answer, injected by the scenario"}));
    EXPECT_EQ(fault(word).delay, 0s);
  }
}

TEST(WorldReader, ReadsAnyErrorAndWhatItMeansToAClient) {
  EXPECT_EQ(fault(R"({"status": 400, "code": "Throttling", "message": "Rate exceeded"})").failure,
            (Failure{Outcome::throttled, 400, "Throttling", "Rate exceeded"}));
  EXPECT_EQ(fault(R"({"status": 502})").failure,
            (Failure{Outcome::server_error, 502, "", "injected by the scenario"}));
  EXPECT_EQ(fault(R"({"status": 429})", "virustotal").failure.outcome, Outcome::throttled);
  EXPECT_EQ(fault(R"({"status": 403, "code": "ExpiredToken"})").failure.outcome, Outcome::expired);
}

TEST(WorldReader, ReadsADelayOfTheServicesOwnAnswer) {
  const Fault late = fault(R"({"delay": "5s"})");
  EXPECT_EQ(late.failure.outcome, Outcome::ok);
  EXPECT_EQ(late.delay, 5s);
}

// ---- VirusTotal's keys ----

TEST(WorldReader, TakesOneKeyWithoutAName) {
  for (const char* key : {R"({"minute": 1000, "day": 9})", R"({"premium": {"minute": 1000, "day": 9}})"}) {
    const Scenario scenario = with(std::string{R"("virustotal": {"key": )"} + key + "}");
    EXPECT_THAT(scenario.world.virustotal_keys, IsEmpty()) << "the world makes it of its quota";
    ASSERT_THAT(scenario.world.virustotal_quota, SizeIs(2));
    EXPECT_EQ(scenario.world.virustotal_quota[0].limit, 1'000U);
    EXPECT_EQ(scenario.world.virustotal_quota[0].group, "premium");
  }
}

TEST(WorldReader, ReadsKeysAndGroups) {
  const Scenario scenario = with(R"("virustotal": {
      "keys": [{"name": "soc", "group": "corp", "used": {"day": 120, "month": 9000}},
               {"name": "ir", "quota": {"premium": {"minute": 60}}, "group": "corp"},
               {"name": "lab", "quota": "public"}],
      "groups": [{"name": "corp", "quota": {"premium": {"month": 20000}}, "used": {"month": 20000}}],
      "minute_window": "aligned"})");
  const auto& keys = scenario.world.virustotal_keys;
  ASSERT_THAT(keys, SizeIs(3));
  EXPECT_EQ(keys[0].name, "soc");
  EXPECT_EQ(keys[0].key, "") << "its text is drawn from the seed";
  EXPECT_EQ(keys[0].group, "corp");
  EXPECT_EQ(keys[0].used.day, 120U);
  EXPECT_EQ(keys[0].used.month, 9'000U);
  EXPECT_TRUE(keys[0].is_public());
  EXPECT_EQ(keys[0].quota.front().make, &limit::profiles::fixed_window) << "aligned";
  EXPECT_FALSE(keys[1].is_public());
  EXPECT_EQ(keys[1].quota.front().limit, 60U);
  EXPECT_EQ(keys[2].group, "");
  ASSERT_THAT(scenario.world.virustotal_groups, SizeIs(1));
  EXPECT_EQ(scenario.world.virustotal_groups[0].quota.front().scope, "group of API keys");
  EXPECT_EQ(scenario.world.virustotal_groups[0].used.month, 20'000U);
  EXPECT_EQ(scenario.world.virustotal_quota.size(), keys[0].quota.size()) << "of the first";
}

TEST(WorldReader, ReadsWhoElseUsesAKey) {
  const Scenario scenario = with(R"("virustotal": {"keys": [{"name": "soc"}, {"name": "lab"}], "background": [
      {"name": "analysts", "key": "lab", "calls_per_hour": 60, "arrivals": "poisson"},
      {"name": "script", "calls_per_hour": 1}]})");
  ASSERT_THAT(scenario.background, SizeIs(2));
  EXPECT_EQ(scenario.background[0].name, "analysts");
  EXPECT_EQ(scenario.background[0].key, "lab");
  EXPECT_EQ(scenario.background[0].calls_per_hour, 60U);
  EXPECT_TRUE(scenario.background[0].poisson);
  EXPECT_EQ(scenario.background[1].key, "soc") << "the first";
  EXPECT_FALSE(scenario.background[1].poisson);
  EXPECT_EQ(with(R"("virustotal": {"key": "public", "background": [{"name": "a", "calls_per_hour": 1}]})")
                .background.at(0)
                .key,
            "virustotal-key");
}

// ---- Customers ----

TEST(WorldReader, ReadsCustomersOfWhichTheFirstIsTheDefault) {
  const Scenario scenario = with(R"("virustotal": {"keys": [{"name": "soc"}, {"name": "lab"}]}, "customers": [
      {"name": "emea", "account": "000000000001", "role": "reads", "secret": "vt/emea", "key": "lab",
       "secret_format": "key_value"},
      {"name": "apac", "account": "000000000002"}])");
  const auto& customers = scenario.world.customers;
  ASSERT_THAT(customers, SizeIs(2));
  EXPECT_EQ(customers[0].name, "emea");
  EXPECT_EQ(customers[0].role, "reads");
  EXPECT_EQ(customers[0].secret_name, "vt/emea");
  EXPECT_EQ(customers[0].key, "lab");
  EXPECT_EQ(customers[0].secret_format, fakes::SecretFormat::key_value);
  EXPECT_EQ(customers[1].role, "panther-secrets-access");
  EXPECT_EQ(customers[1].secret_name, "panther-secrets/virus-total");
  EXPECT_EQ(customers[1].key, "soc");
  EXPECT_EQ(customers[1].secret_format, fakes::SecretFormat::plain);
  EXPECT_EQ(scenario.world.customer_account, "000000000001");
  EXPECT_EQ(scenario.synthetic.account, "000000000001");
  const fakes::PantherWorld panther{scenario.world};
  EXPECT_EQ(panther.customer_role_arn, "arn:aws:iam::000000000001:role/reads");
  EXPECT_EQ(panther.find_customer("apac")->role_arn, "arn:aws:iam::000000000002:role/panther-secrets-access");
}

// ---- Mistakes ----

struct Slip {
  std::string name;
  std::string keys;
  std::string message;  ///< after the file
};

void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.name; }

std::string keys_of(const std::string& keys) { return R"("virustotal": {"keys": [)" + keys + "]}"; }
std::string customers(const std::string& list) { return R"("customers": [)" + list + "]"; }

std::vector<Slip> slips() {
  return {
      {"TimeoutOfNothing", R"("timeouts": {"sts": "0s"})",
       R"(6:22: at /world/timeouts/sts: expected a duration from 1ns to 364d, saw "0s")"},
      {"TimeoutUnknown", R"("timeouts": {"s3": "1s"})",
       R"(6:15: at /world/timeouts/s3: expected a known key, saw "s3"; known are "sts", "secretsmanager", "virustotal" and "dynamodb")"},
      {"ClientsUnknown", R"("clients": "memoized")",
       R"(6:13: at /world/clients: expected one of "memoised", "per_call", saw "memoized"; did you mean "memoised"?)"},
      {"FaultWithStatusAndDelay",
       R"("faults": [{"service": "sts", "answer": {"status": 503, "delay": "1s"}}])",
       R"(6:42: at /world/faults/0/answer: expected either "status" or "delay", saw both)"},
      {"FaultOfNeither", R"("faults": [{"service": "sts", "answer": {"code": "X"}}])",
       R"(6:42: at /world/faults/0/answer: expected either "status" or "delay", saw neither)"},
      {"FaultThatDelaysAnotherCode",
       R"("faults": [{"service": "sts", "answer": {"delay": "1s", "code": "X"}}])",
       R"(6:66: at /world/faults/0/answer/code: expected "delay" alone: what is delayed is the answer that the service would give, saw "X")"},
      {"FaultThatIsNone", R"("faults": [{"service": "sts", "answer": {"status": 200}}])",
       R"(6:53: at /world/faults/0/answer/status: expected a whole number from 400 to 599, saw the number 200)"},
      {"KeyAndKeys", R"("virustotal": {"key": "public", "keys": [{"name": "a"}]})",
       R"(6:16: at /world/virustotal: expected either "key" or "keys", saw both)"},
      {"KeysWithoutAny", keys_of(""),
       R"(6:25: at /world/virustotal/keys: expected an array of at least 1, saw an array of 0)"},
      {"KeyTwice", keys_of(R"({"name": "a"}, {"name": "a"})"),
       R"(6:50: at /world/virustotal/keys/1/name: expected a name that no other key has, saw "a")"},
      {"KeyLikeAGroup", keys_of(R"({"name": "group:a"})"),
       R"(6:35: at /world/virustotal/keys/0/name: expected a name that does not begin with "group:", saw "group:a")"},
      {"GroupUnknown",
       R"("virustotal": {"groups": [{"name": "corp"}], "keys": [{"name": "a", "group": "crop"}]})",
       R"(6:79: at /world/virustotal/keys/0/group: expected one of "corp", saw "crop"; did you mean "corp"?)"},
      {"UsedUpMoreThanTheDay", keys_of(R"({"name": "a", "used": {"day": 501}})"),
       R"(6:48: at /world/virustotal/keys/0/used: expected at most the limit of 500 a UTC day, saw 501)"},
      {"UsedUpMoreThanTheMonth", keys_of(R"({"name": "a", "used": {"month": 15501}})"),
       R"(6:48: at /world/virustotal/keys/0/used: expected at most the limit of 15500 a UTC month, saw 15501)"},
      {"BackgroundOfUnknownKey",
       R"("virustotal": {"keys": [{"name": "soc"}], "background": [{"name": "b", "key": "sock", "calls_per_hour": 1}]})",
       R"(6:80: at /world/virustotal/background/0/key: expected one of "soc", saw "sock"; did you mean "soc"?)"},
      {"BackgroundTwice",
       R"("virustotal": {"key": "public", "background": [{"name": "b", "calls_per_hour": 1}, {"name": "b", "calls_per_hour": 1}]})",
       R"(6:94: at /world/virustotal/background/1/name: expected a name that no other consumer has, saw "b")"},
      {"BackgroundOfNoCalls",
       R"("virustotal": {"key": "public", "background": [{"name": "b", "calls_per_hour": 0}]})",
       R"(6:81: at /world/virustotal/background/0/calls_per_hour: expected a whole number from 1 to 1000000, saw the number 0)"},
      {"CustomerWithoutAnAccount", customers(R"({"name": "a"})"),
       R"(6:16: at /world/customers/0: expected the key "account", saw no such key; add for example "account": "444455556666")"},
      {"CustomerOfBadAccount", customers(R"({"name": "a", "account": "1"})"),
       R"(6:41: at /world/customers/0/account: expected an account id: a text of 12 digits, saw "1")"},
      {"CustomerTwice",
       customers(R"({"name": "a", "account": "000000000001"}, {"name": "a", "account": "000000000002"})"),
       R"(6:67: at /world/customers/1/name: expected a name that no other customer has, saw "a")"},
      {"CustomersOfOneRole",
       customers(R"({"name": "a", "account": "000000000001"}, {"name": "b", "account": "000000000001"})"),
       R"(6:58: at /world/customers/1: expected a "role" that no other customer has in this account, saw an object)"},
      {"CustomersOfOneSecret",
       customers(
           R"({"name": "a", "account": "000000000001"}, {"name": "b", "account": "000000000001", "role": "r"})"),
       R"(6:58: at /world/customers/1: expected a "secret" that no other customer has in this account, saw an object)"},
      {"CustomerWithTheEnginesRole",
       customers(R"({"name": "a", "account": "111122223333", "role": "detections-engine"})"),
       R"(6:16: at /world/customers/0: expected a "role" that is not the engine's own, saw an object)"},
      {"CustomerOfUnknownKey", customers(R"({"name": "a", "account": "000000000001", "key": "soc"})"),
       R"(6:64: at /world/customers/0/key: expected one of "virustotal-key", saw "soc")"},
      {"CustomerOfBadSecret", customers(R"({"name": "a", "account": "000000000001", "secret": "a b"})"),
       R"(6:67: at /world/customers/0/secret: expected a name of up to 512 letters, digits and /_+=.@-, saw "a b")"},
      {"CustomersBesideAnAccount",
       R"("customer_account": "000000000001", "customers": [{"name": "a", "account": "000000000001"}])",
       R"(6:22: at /world/customer_account: expected "customers" alone: each has its own account, saw "000000000001")"},
  };
}

class WorldSlips : public ::testing::TestWithParam<Slip> {};

TEST_P(WorldSlips, AreNamedWithPlaceExpectationAndAdvice) {
  EXPECT_EQ(message_of(GetParam().keys), "x.json:" + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(World, WorldSlips, ::testing::ValuesIn(slips()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace rushhour::scenario
