/// \file
/// Reads a scenario's customers, VirusTotal keys and groups, and who else uses the keys.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/fakes/background.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

/// `"public"`, `{"premium": {"minute": 1000}}`, or the limits of a premium key without that word.
inline std::vector<limit::Profile> read_virustotal_quota(const Value& quota,
                                                         const limit::profiles::VirusTotalOptions& options) {
  if (!quota.is(Node::Kind::object)) {
    static_cast<void>(quota.text({"public"}));
    return limit::profiles::virustotal_public(options);
  }
  Reader premium = quota.object();
  if (const auto contract = premium.find("premium")) {
    premium.done();
    if (!contract->is(Node::Kind::object)) contract->fail("an object");
    return read_virustotal_quota(*contract, options);
  }
  constexpr IntegerRange<std::uint64_t> range{.min = 1, .max = events_max};
  limit::profiles::VirusTotalLimits limits;
  constexpr std::uint64_t minute_max = std::uint64_t{1} << 24;  // instants that a sliding window keeps
  limits.minute = premium.optional_integer("minute", limits.minute, {.min = 1, .max = minute_max});
  limits.day = premium.optional_integer("day", limits.day, range);
  limits.month = premium.optional_integer("month", limits.month, range);
  if (limits.minute + limits.day + limits.month == 0)
    quota.fail("at least one of \"minute\", \"day\" and \"month\"");
  premium.done();
  return limit::profiles::virustotal_premium(limits, options);
}

/// By which customers and background consumers may name them.
inline std::vector<std::string_view> key_names(const fakes::PantherWorldOptions& world) {
  if (world.virustotal_keys.empty()) return {fakes::only_key_name};
  return names_of(world.virustotal_keys);
}

/// The member `used` of a key or a group whose quota is known.
template <class KeyOrGroup>
void read_use(Reader& reader, KeyOrGroup& out) {
  auto used = reader.optional_object("used");
  if (!used) return;
  constexpr IntegerRange<std::uint64_t> range{.max = events_max};
  out.used.day = used->optional_integer("day", out.used.day, range);
  out.used.month = used->optional_integer("month", out.used.month, range);
  used->done();
  for (const limit::Profile& row : out.quota) {
    const bool is_day = !row.calendar_month && row.window == std::chrono::days{1};
    const std::uint64_t count = is_day               ? out.used.day
                                : row.calendar_month ? std::max(out.used.day, out.used.month)
                                                     : 0;
    if (count <= row.limit) continue;
    used->place().fail(
        "at most the limit of " + std::to_string(row.limit) + " a UTC " + (is_day ? "day" : "month"),
        std::to_string(count));
  }
}

/// The members `quota` and `used` of a key or a group.
template <class KeyOrGroup>
void read_quota_and_use(Reader& reader, const limit::profiles::VirusTotalOptions& options, KeyOrGroup& out) {
  if (const auto quota = reader.find("quota")) {
    out.quota = read_virustotal_quota(*quota, options);
  } else {
    out.quota = limit::profiles::virustotal_public(options);
  }
  read_use(reader, out);
}
/// The member `name`, which no other of `named` has.
template <class Named>
[[nodiscard]] std::string read_name(Reader& reader, const std::vector<Named>& named, std::string_view what) {
  const Value name = reader.at("name", "\"...\"");
  std::string text = name.text();
  for (const Named& other : named) {
    if (other.name == text) name.fail("a name that no other " + std::string{what} + " has");
  }
  return text;
}

/// A group of keys, whose name no other of `known` has.
[[nodiscard]] inline fakes::VirusTotalGroup read_group_of_keys(
    Reader reader, const limit::profiles::VirusTotalOptions& options,
    const std::vector<fakes::VirusTotalGroup>& known) {
  fakes::VirusTotalGroup group{.name = read_name(reader, known, "group")};
  read_quota_and_use(reader, options, group);
  for (limit::Profile& row : group.quota) row.scope = "group of API keys";
  reader.done();
  return group;
}
/// The member `group` of a key, one of those that there are; empty: none.
[[nodiscard]] inline std::string read_group_name(Reader& reader,
                                                 const std::vector<fakes::VirusTotalGroup>& known,
                                                 const char* where) {
  const auto group = reader.find("group");
  if (!group) return {};
  std::string name = group->text();
  if (known.empty()) group->fail(std::string{"no group, for there are no \""} + where + "\"");
  require_word(*group, name, names_of(known));
  return name;
}

/// A member that names one of the keys; without it, the first.
inline std::string read_key_name(Reader& reader, const std::vector<std::string_view>& keys) {
  const auto value = reader.find("key");
  if (!value) return std::string{keys.front()};
  std::string key = value->text();
  require_word(*value, key, keys);
  return key;
}

inline fakes::VirusTotalKey read_key(Reader reader, const limit::profiles::VirusTotalOptions& options,
                                     const fakes::PantherWorldOptions& world) {
  fakes::VirusTotalKey key{.name = read_name(reader, world.virustotal_keys, "key")};
  if (key.name.starts_with("group:")) reader.at("name").fail("a name that does not begin with \"group:\"");
  read_quota_and_use(reader, options, key);
  key.group = read_group_name(reader, world.virustotal_groups, "groups");
  reader.done();
  return key;
}

inline fakes::BackgroundConsumer read_background(Reader reader, const std::vector<std::string_view>& keys,
                                                 const Scenario& scenario) {
  fakes::BackgroundConsumer consumer{.name = read_name(reader, scenario.background, "consumer")};
  consumer.key = read_key_name(reader, keys);
  consumer.calls_per_hour =
      reader.integer("calls_per_hour", {.min = 1, .max = fakes::Background::calls_per_hour_max});
  consumer.poisson =
      reader.optional_choice<bool>("arrivals", false, {{"constant", false}, {"poisson", true}});
  reader.done();
  return consumer;
}

/// Either `"key"`, the quota of the only one, or `"keys"`, each with its name.
inline void read_virustotal(Reader reader, Scenario& scenario) {
  fakes::PantherWorldOptions& world = scenario.world;
  limit::profiles::VirusTotalOptions options;
  options.minute_aligned =
      reader.optional_choice<bool>("minute_window", false, {{"sliding", false}, {"aligned", true}});
  options.rejected_count = reader.optional_boolean("rejected_count", false);
  for (const Value& value : reader.optional_array("groups")) {
    world.virustotal_groups.push_back(read_group_of_keys(value.object(), options, world.virustotal_groups));
  }
  if (const auto keys = reader.find("keys")) {
    if (reader.find("key")) require_one(reader.value(), "\"key\"", true, "\"keys\"", true);
    for (const Value& key : keys->array({.min = 1})) {
      world.virustotal_keys.push_back(read_key(key.object(), options, world));
    }
    world.virustotal_quota = world.virustotal_keys.front().quota;
  } else {
    world.virustotal_quota = read_virustotal_quota(reader.at("key", "\"public\""), options);
  }
  const std::vector<std::string_view> names = key_names(world);
  for (const Value& consumer : reader.optional_array("background")) {
    scenario.background.push_back(read_background(consumer.object(), names, scenario));
  }
  reader.done();
}

inline std::string read_account(Reader& reader, std::string_view key, const std::string& otherwise) {
  const auto value = reader.find(key);
  if (!value) return otherwise;
  std::string account = value->text();
  if (!aws::is_account_id(account)) value->fail("an account id: a text of 12 digits");
  return account;
}

/// IAM's roles (API Reference, CreateRole) and Secrets Manager's secrets (CreateSecret) have names of
/// letters, digits and these.
[[nodiscard]] inline std::string read_aws_name(Reader& reader, std::string_view key,
                                               const std::string& otherwise, std::string_view marks,
                                               std::size_t size_max) {
  const auto value = reader.find(key);
  if (!value) return otherwise;
  std::string name = value->text();
  const bool fits = name.size() <= size_max && std::all_of(name.begin(), name.end(), [marks](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             marks.find(c) != std::string_view::npos;
                    });
  if (!fits) {
    value->fail("a name of up to " + std::to_string(size_max) + " letters, digits and " + std::string{marks});
  }
  return name;
}

inline fakes::CustomerOptions read_customer(Reader reader, const fakes::PantherWorldOptions& world) {
  fakes::CustomerOptions customer{.name = read_name(reader, world.customers, "customer")};
  static_cast<void>(reader.at("account", "\"444455556666\""));
  customer.account = read_account(reader, "account", {});
  customer.role = read_aws_name(reader, "role", customer.role, "_+=,.@-", 64);
  customer.secret_name = read_aws_name(reader, "secret", customer.secret_name, "/_+=.@-", 512);
  if (const auto region = reader.find("region")) {
    customer.region = region->text();
    if (!aws::is_region(customer.region)) region->fail("a Region such as \"eu-west-1\"");
  }
  customer.key = read_key_name(reader, key_names(world));
  customer.secret_format = reader.optional_choice<fakes::SecretFormat>(
      "secret_format", customer.secret_format,
      {{"plain", fakes::SecretFormat::plain}, {"key_value", fakes::SecretFormat::key_value}});
  for (const fakes::CustomerOptions& other : world.customers) {
    if (other.account != customer.account) continue;
    if (other.role == customer.role)
      reader.value().fail("a \"role\" that no other customer has in this account");
    if (other.secret_name == customer.secret_name)
      reader.value().fail("a \"secret\" that no other customer has in this account");
  }
  if (customer.account == world.engine_account &&
      (customer.role == world.engine_role || customer.role == world.unit_tests_role)) {
    reader.value().fail("a \"role\" that is not the engine's own");
  }
  reader.done();
  return customer;
}

/// After the accounts and the keys.
inline void read_customers(Reader& world, fakes::PantherWorldOptions& options) {
  const auto customers = world.find("customers");
  if (!customers) return;
  if (const auto account = world.find("customer_account")) {
    account->fail("\"customers\" alone: each has its own account");
  }
  for (const Value& customer : customers->array({.min = 1})) {
    options.customers.push_back(read_customer(customer.object(), options));
  }
  options.customer_account = options.customers.front().account;
  options.customer_role = options.customers.front().role;
  options.secret_name = options.customers.front().secret_name;
}

}  // namespace rushhour::scenario::detail
