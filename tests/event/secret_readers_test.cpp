#include <rushhour/event/traffic/secret_readers.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/digest.hpp>

namespace rushhour::event::traffic {
namespace {

using namespace std::chrono_literals;
using Options = SecretReadersOptions;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;

constexpr std::uint64_t seed = 42;
const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

/// Every kind of reader, a day of history.
const Options everybody{.start = start,
                        .history = 24h,
                        .hours = 4,
                        .functions = 20,
                        .users = 12,
                        .console_users = 5,
                        .console_interval = 1h,
                        .sso_users = 6,
                        .sso_interval = 30min,
                        .task_roles = 4,
                        .sessions_per_hour = 30,
                        .timed_names = {1, 2},
                        .root_accounts = 2,
                        .other_accounts = 3};

std::string text(const Value& value) { return std::string{value.text_or("-")}; }
std::string principal(const Event& event) { return text(event.deep_get("userIdentity", "principalId")); }
std::string secret(const Event& event) { return text(event.deep_get("requestParameters", "secretId")); }

void each(const Options& options, const std::function<void(const Event&, const SecretRead&)>& look,
          std::uint64_t with_seed = seed) {
  SecretReaders traffic{options, Random{with_seed}};
  Event event;
  while (traffic.next(event)) look(event, traffic.read(event.id()));
}

std::uint64_t digest_of(const Options& options, std::uint64_t with_seed) {
  std::uint64_t sum = 0;
  each(
      options, [&](const Event& event, const SecretRead&) { sum = mix(sum ^ hash(event.to_json())); },
      with_seed);
  return sum;
}

TEST(SecretReaders, ComeInOrderOfArrivalWithNumbersFromOne) {
  SecretReaders traffic{everybody, Random{seed}};
  const std::uint64_t events = traffic.size_hint();
  Event event;
  Instant last = start - 24h;
  for (std::uint64_t id = 1; id <= events; ++id) {
    const Instant due = *traffic.peek();
    ASSERT_TRUE(traffic.next(event));
    ASSERT_EQ(event.id(), id);
    ASSERT_EQ(event.arrival(), due);
    ASSERT_GE(event.arrival(), last);
    EXPECT_EQ(event.time(), std::chrono::floor<std::chrono::seconds>(due));
    EXPECT_EQ(traffic.is_history(id), due < start);
    EXPECT_EQ(traffic.read(id).is_history, due < start);
    last = due;
  }
  EXPECT_LT(last, start + 4h);
  EXPECT_EQ(traffic.peek(), nullptr);
  EXPECT_FALSE(traffic.next(event));
}

TEST(SecretReaders, AreAFunctionOfSeedAndOptions) {
  EXPECT_EQ(digest_of(everybody, seed), digest_of(everybody, seed));
  EXPECT_NE(digest_of(everybody, seed), digest_of(everybody, seed + 1));
}

TEST(SecretReaders, MakeAnEventAgainFromItsKey) {
  SecretReaders traffic{everybody, Random{seed}};
  ASSERT_TRUE(traffic.recalls());
  std::vector<EventKey> keys;
  std::vector<std::string> records;
  Event event;
  for (EventKey key; traffic.next_key(key);) {
    keys.push_back(key);
    traffic.recall(key, event);
    records.push_back(event.to_json());
  }
  ASSERT_EQ(keys.size(), traffic.size_hint());
  traffic.restart();
  for (std::size_t i = keys.size(); i-- > 0;) {
    EventKey later = keys[i];
    later.arrival += 5min;
    traffic.recall(later, event);
    EXPECT_EQ(event.arrival(), keys[i].arrival + 5min);
    ASSERT_EQ(event.to_json(), records[i]);
  }
  ASSERT_TRUE(traffic.next(event));
  EXPECT_EQ(event.to_json(), records.front());
}

TEST(SecretReaders, ReadAsOftenAsTheyAreTold) {
  std::map<SecretReader, std::map<bool, std::uint64_t>> counts;
  std::map<std::pair<SecretReader, std::uint64_t>, int> by_reader;
  each(everybody, [&](const Event&, const SecretRead& read) {
    ++counts[read.reader][read.is_history];
    ++by_reader[{read.reader, read.number}];
  });
  EXPECT_EQ(counts[SecretReader::function][true], 20U * 12 * 24);
  EXPECT_EQ(counts[SecretReader::function][false], 20U * 12 * 4);
  EXPECT_EQ(counts[SecretReader::user][true], 12U * 24 / 4);
  EXPECT_EQ(counts[SecretReader::user][false], 12U * 4 / 4);
  EXPECT_EQ(counts[SecretReader::console_user][true], 5U * 24);
  EXPECT_EQ(counts[SecretReader::sso_user][true], 6U * 2 * 24);
  EXPECT_EQ(counts[SecretReader::session][true], 30U * 24);
  EXPECT_EQ(counts[SecretReader::session][false], 30U * 4);
  EXPECT_EQ(counts[SecretReader::intruder][true], 0U);
  EXPECT_EQ(counts[SecretReader::intruder][false], 4U);
  EXPECT_EQ(counts[SecretReader::root][true], 0U);
  EXPECT_EQ(counts[SecretReader::root][false], 2U);
  EXPECT_EQ(counts[SecretReader::other_account][true], 0U);
  EXPECT_EQ(counts[SecretReader::other_account][false], 3U);
  for (std::uint64_t number = 0; number < 20; ++number) {
    EXPECT_EQ((by_reader[{SecretReader::function, number}]), 12 * 28);
  }
}

TEST(SecretReaders, SpreadEvenlyOverTheHourAndTheRoles) {
  std::vector<int> sixths(6);
  std::map<std::string, int> roles;
  each({.start = start, .history = 24h, .hours = 1, .functions = 0, .users = 0, .sessions_per_hour = 1'000},
       [&](const Event& event, const SecretRead& read) {
         if (read.reader != SecretReader::session) return;
         ++sixths[static_cast<std::size_t>((event.arrival() - start + 24h) % 1h / 10min)];
         ++roles[text(event.deep_get("userIdentity", "sessionContext", "sessionIssuer", "arn"))];
       });
  for (const int count : sixths) EXPECT_NEAR(count, 25'000 / 6.0, 4 * std::sqrt(25'000 * 5 / 36.0));
  EXPECT_EQ(roles.size(), 10U);
  for (const auto& [role, count] : roles) EXPECT_NEAR(count, 2'500, 4 * std::sqrt(25'000 * 0.09)) << role;
}

TEST(SecretReaders, KeepTheirIdentities) {
  std::map<std::pair<SecretReader, std::uint64_t>, std::set<std::string>> principals;
  std::set<std::string> all;
  each(everybody, [&](const Event& event, const SecretRead& read) {
    principals[{read.reader, read.number}].insert(principal(event));
    all.insert(principal(event));
  });
  for (const auto& [reader, names] : principals) EXPECT_THAT(names, SizeIs(1)) << *names.begin();
  std::map<SecretReader, int> readers;
  for (const auto& [reader, names] : principals) ++readers[reader.first];
  EXPECT_EQ(readers[SecretReader::function], 20);
  EXPECT_EQ(readers[SecretReader::user], 12);
  EXPECT_EQ(readers[SecretReader::console_user], 5);
  EXPECT_EQ(readers[SecretReader::sso_user], 6);
  EXPECT_EQ(readers[SecretReader::session], 30 * 28);
  EXPECT_GE(all.size() + 4, principals.size()) << "few sessions share role and second";
}

TEST(SecretReaders, NameSessionsAsTheirPlatformsDo) {
  std::map<SecretReader, std::set<std::string>> principals;
  each(everybody, [&](const Event& event, const SecretRead& read) {
    principals[read.reader].insert(principal(event));
    if (read.reader != SecretReader::session || principal(event).find(":botocore") == std::string::npos)
      return;
    const std::string second = std::to_string(event.time().time_since_epoch() / 1s);
    EXPECT_THAT(principal(event), HasSubstr(":botocore-session-" + second));
  });
  EXPECT_THAT(principals[SecretReader::function], Each(MatchesRegex("AROAE[A-Z2-7]{16}:[a-z]+-handler")));
  EXPECT_THAT(principals[SecretReader::user], Each(MatchesRegex("AIDA[A-Z2-7]{17}")));
  EXPECT_THAT(principals[SecretReader::console_user], Each(MatchesRegex("AIDA[A-Z2-7]{17}")));
  EXPECT_THAT(principals[SecretReader::sso_user],
              Each(MatchesRegex("AROAE[A-Z2-7]{16}:[a-z]+\\.[a-z]+@example\\.com")));
  EXPECT_THAT(principals[SecretReader::session],
              Each(MatchesRegex("AROAE[A-Z2-7]{16}:([0-9a-f]{32}|botocore-session-[0-9]{10})")));
  EXPECT_THAT(principals[SecretReader::intruder],
              Each(MatchesRegex("AROAX[A-Z2-7]{16}:botocore-session-[0-9]{10}")));
  EXPECT_THAT(principals[SecretReader::root], Each(MatchesRegex("[0-9]{12}")));
  EXPECT_THAT(principals[SecretReader::root], testing::Contains("111122223333"));
  EXPECT_THAT(principals[SecretReader::other_account], Each(MatchesRegex("AROAE[A-Z2-7]{16}:[0-9a-f]{32}")));
}

TEST(SecretReaders, AbuseAnotherDormantRoleEachHour) {
  SecretReaders traffic{everybody, Random{seed}};
  const std::vector<std::uint64_t> abuses = traffic.first_reads(SecretReader::intruder);
  ASSERT_THAT(abuses, SizeIs(4));
  std::set<std::string> others;
  std::vector<std::string> abused;
  Event event;
  while (traffic.next(event)) {
    const std::string role =
        text(event.deep_get("userIdentity", "sessionContext", "sessionIssuer", "userName"));
    if (!std::ranges::binary_search(abuses, event.id())) {
      others.insert(role);
      continue;
    }
    EXPECT_EQ(event.arrival(), start + static_cast<std::int64_t>(abused.size()) * 1h + 25min);
    EXPECT_THAT(text(event.get("userAgent")), testing::StartsWith("aws-cli/"));
    EXPECT_EQ(text(event.get("eventName")), "GetSecretValue");
    abused.push_back(role);
  }
  EXPECT_EQ(std::set(abused.begin(), abused.end()).size(), 4U);
  for (const std::string& role : abused) EXPECT_FALSE(others.contains(role)) << role;
}

TEST(SecretReaders, AbuseSeveralRolesAndReadSeveralTimesWhenTold) {
  const Options options{.start = start,
                        .history = 0h,
                        .hours = 2,
                        .intrusions_per_hour = 3,
                        .intrusion_after = 19min + 57s,
                        .reads_per_intrusion = 3};
  std::vector<Duration> moments;
  std::set<std::string> roles;
  each(options, [&](const Event& event, const SecretRead& read) {
    if (read.reader != SecretReader::intruder) return;
    roles.insert(principal(event));
    moments.push_back(event.arrival() - start);
  });
  EXPECT_EQ(roles.size(), 6U);
  ASSERT_THAT(moments, SizeIs(18));
  EXPECT_EQ(moments[2], 19min + 59s);
  EXPECT_EQ(moments[3], 39min + 57s);
  SecretReaders traffic{options, Random{seed}};
  EXPECT_THAT(traffic.first_reads(SecretReader::intruder), SizeIs(6));
}

TEST(SecretReaders, ReadTheirOwnSecretsOverAndOver) {
  std::map<std::pair<SecretReader, std::uint64_t>, std::set<std::string>> secrets;
  std::set<std::string> all;
  each(everybody, [&](const Event& event, const SecretRead& read) {
    EXPECT_FALSE(read.is_new_secret);
    if (text(event.get("eventName")) != "GetSecretValue") return;
    secrets[{read.reader, read.number}].insert(secret(event));
    all.insert(secret(event));
  });
  for (std::uint64_t number = 0; number < 20; ++number) {
    EXPECT_THAT((secrets[{SecretReader::function, number}]), SizeIs(3));
  }
  EXPECT_THAT(all, SizeIs(AllOf(Ge(50U), testing::Le(200U))));
}

TEST(SecretReaders, ReadNewSecretsInTheShareThatIsAsked) {
  const Options options{.start = start,
                        .history = 24h,
                        .hours = 1,
                        .functions = 10,
                        .users = 0,
                        .sessions_per_hour = 0,
                        .intrusions_per_hour = 0,
                        .secrets = 500,
                        .new_secret_share = {1, 20},
                        .batch_share = {0, 1}};
  std::map<std::uint64_t, std::set<std::string>> seen;
  std::map<std::uint64_t, int> new_ones;
  each(options, [&](const Event& event, const SecretRead& read) {
    const bool first = seen[read.number].insert(secret(event)).second;
    if (read.is_new_secret) {
      EXPECT_TRUE(first);
      ++new_ones[read.number];
    }
  });
  // One in 20 of 25 hours of 12 reads.
  for (const auto& [reader, count] : new_ones) EXPECT_NEAR(count, 15, 1) << reader;
  for (const auto& [reader, secrets] : seen) {
    EXPECT_EQ(static_cast<int>(secrets.size()), new_ones[reader] + 3) << reader;
  }
}

TEST(SecretReaders, RunOutOfNewSecrets) {
  std::map<std::uint64_t, int> new_ones;
  each({.start = start, .history = 24h, .functions = 4, .secrets = 8, .new_secret_share = {1, 1}},
       [&](const Event&, const SecretRead& read) {
         if (read.reader == SecretReader::function && read.is_new_secret) ++new_ones[read.number];
       });
  EXPECT_THAT(new_ones, Each(testing::Pair(testing::_, 5)));
}

TEST(SecretReaders, BatchInTheShareThatIsAsked) {
  int batches = 0;
  int all = 0;
  each({.start = start, .history = 100h, .users = 0, .batch_share = {1, 10}},
       [&](const Event& event, const SecretRead& read) {
         const bool is_batch = text(event.get("eventName")) == "BatchGetSecretValue";
         if (read.reader != SecretReader::function) {
           EXPECT_FALSE(is_batch);
           return;
         }
         ++all;
         batches += is_batch ? 1 : 0;
         if (!is_batch) return;
         const Value list = event.deep_get("requestParameters", "secretIdList");
         ASSERT_EQ(list.items().size(), 2U);
         EXPECT_NE(event.resolve(list.items()[0]), event.resolve(list.items()[1]));
       });
  EXPECT_NEAR(batches, all / 10.0, 4 * std::sqrt(all * 0.09));
}

TEST(SecretReaders, WriteRecordsThatTheDataModelReads) {
  std::map<SecretReader, nlohmann::json> records;
  each(everybody, [&](const Event& event, const SecretRead& read) {
    if (read.is_history && event.id() % 8 != 0) return;
    const nlohmann::json record = nlohmann::json::parse(event.to_json());
    for (const char* field :
         {"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion",
          "sourceIPAddress", "userAgent", "requestParameters", "responseElements", "requestID", "eventID",
          "readOnly", "eventType", "managementEvent", "recipientAccountId", "eventCategory"}) {
      ASSERT_TRUE(record.contains(field)) << field << " in " << record;
    }
    EXPECT_EQ(record["eventSource"], "secretsmanager.amazonaws.com");
    EXPECT_EQ(record["eventTime"], to_iso8601(event.arrival()));
    EXPECT_EQ(record["readOnly"], true);
    EXPECT_EQ(text(event.udm("event_type")), text(event.get("eventName")));
    EXPECT_EQ(cloudtrail::classify_source(event.udm("source_ip")), AddressClass::public_ipv4);
    records[read.reader] = record;
  });
  ASSERT_THAT(records, SizeIs(secret_reader_kinds));
  const auto identity = [&](SecretReader reader) { return records[reader]["userIdentity"]; };
  for (const SecretReader reader :
       {SecretReader::function, SecretReader::sso_user, SecretReader::session, SecretReader::intruder}) {
    EXPECT_EQ(identity(reader)["type"], "AssumedRole");
    EXPECT_FALSE(identity(reader).contains("userName"));
    const nlohmann::json issuer = identity(reader)["sessionContext"]["sessionIssuer"];
    EXPECT_THAT(identity(reader)["principalId"].get<std::string>(),
                testing::StartsWith(issuer["principalId"].get<std::string>() + ":"));
    EXPECT_THAT(identity(reader)["arn"].get<std::string>(),
                HasSubstr(":assumed-role/" + issuer["userName"].get<std::string>() + "/"));
    EXPECT_THAT(identity(reader)["accessKeyId"].get<std::string>(), MatchesRegex("ASIA[A-Z2-7]{16}"));
  }
  EXPECT_THAT(identity(SecretReader::user)["accessKeyId"].get<std::string>(), MatchesRegex("AKIA.*"));
  EXPECT_THAT(identity(SecretReader::user)["arn"].get<std::string>(),
              testing::EndsWith(":user/" + identity(SecretReader::user)["userName"].get<std::string>()));
  EXPECT_EQ(records[SecretReader::console_user]["sessionCredentialFromConsole"], "true");
  EXPECT_THAT(records[SecretReader::console_user]["userAgent"].get<std::string>(), HasSubstr("Chrome/"));
  EXPECT_FALSE(records[SecretReader::user].contains("sessionCredentialFromConsole"));
}

TEST(SecretReaders, TellOfRootAndOfStrangersNoName) {
  each(everybody, [&](const Event& event, const SecretRead& read) {
    if (read.is_history && event.id() % 8 != 0) return;
    const nlohmann::json record = nlohmann::json::parse(event.to_json());
    const nlohmann::json& identity = record["userIdentity"];
    if (read.reader == SecretReader::root) {
      EXPECT_EQ(identity["type"], "Root");
      EXPECT_FALSE(identity.contains("userName"));
      EXPECT_FALSE(identity["sessionContext"].contains("sessionIssuer"));
      const std::string account = identity["accountId"];
      EXPECT_EQ(identity["principalId"], account);
      EXPECT_EQ(identity["arn"], "arn:aws:iam::" + account + ":root");
      EXPECT_EQ(record["recipientAccountId"], account);
      EXPECT_THAT(secret(event), HasSubstr(":" + account + ":secret:"));
    } else if (read.reader == SecretReader::other_account) {
      EXPECT_EQ(identity["type"], "AWSAccount");
      EXPECT_THAT(identity, SizeIs(3)) << "type, principalId, accountId";
      EXPECT_NE(identity["accountId"], "111122223333");
      EXPECT_EQ(record["recipientAccountId"], "111122223333");
      EXPECT_TRUE(record.contains("sharedEventID"));
    } else {
      EXPECT_EQ(identity["accountId"], "111122223333");
    }
  });
}

TEST(SecretReaders, KeepTheMemoryOfFourHours) {
  // An event's arena and the tables are all that grows: the arena stays with the event that is used again.
  const auto held = [](Duration history) {
    SecretReaders traffic{{.start = start, .history = history, .sessions_per_hour = 300}, Random{seed}};
    Event event;
    std::size_t most = 0;
    while (traffic.next(event)) {
      (void)event.deep_get("userIdentity", "principalId");
      most = std::max(most, traffic.table_bytes());
    }
    return most;
  };
  EXPECT_EQ(held(240h), held(24h));
  EXPECT_LE(held(240h), 4 * 16U * 1'024);
}

TEST(SecretReaders, SayWhatIsWrongWithTheirOptions) {
  const auto mistake = [](Options options) -> std::string {
    try {
      const SecretReaders traffic{std::move(options), Random{seed}};
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(mistake({}), "none");
  EXPECT_EQ(mistake({.history = 90min}), "expected a history of whole hours up to 366d, saw 1h30m");
  EXPECT_EQ(mistake({.hours = 0}), "expected hours from 1 to 8784, saw 0");
  EXPECT_EQ(mistake({.functions = 2'000'000}), "expected functions from 0 to 1048576, saw 2000000");
  EXPECT_EQ(mistake({.user_interval = 0s}), "expected the interval of users from 1s to 366d, saw 0s");
  EXPECT_EQ(mistake({.secrets_each = 201}), "expected secrets of each reader from 1 to 200, saw 201");
  EXPECT_EQ(mistake({.batch_share = {1, 0}}),
            "expected the share of batches from 0 to 1, its denominator up to 1000000000, saw 1 / 0");
  EXPECT_THAT(mistake({.intrusions_per_hour = 4}),
              HasSubstr("at most 14m59s into their part of the hour, saw 25m"));
  EXPECT_THAT(mistake({.functions = 100'000, .function_interval = 1min}),
              HasSubstr("at most 4194303 events an hour, saw 6000069; have fewer readers"));
}

TEST(SecretReaders, MayBeFew) {
  SecretReaders traffic{{.start = start,
                         .history = 0h,
                         .functions = 0,
                         .users = 0,
                         .sessions_per_hour = 0,
                         .intrusions_per_hour = 0},
                        Random{seed}};
  Event event;
  EXPECT_EQ(traffic.size_hint(), 0U);
  EXPECT_EQ(traffic.peek(), nullptr);
  EXPECT_FALSE(traffic.next(event));
  EXPECT_FALSE(traffic.is_history(1));
}

}  // namespace
}  // namespace rushhour::event::traffic
