#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {

namespace detail {

/// `["a","b"]`
RUSHHOUR_INLINE std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    rushhour::detail::append_json_string(out, text);
  }
  return out + "]";
}

RUSHHOUR_INLINE std::string allow(const std::vector<std::string>& actions,
                                  const std::vector<std::string>& resources) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)" + json_list(actions) +
         R"(,"Resource":)" + json_list(resources) + "}]}";
}

RUSHHOUR_INLINE std::string trust_aws(const std::vector<std::string>& principals) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":)" +
         json_list(principals) + R"(},"Action":"sts:AssumeRole"}]})";
}

/// What every Lambda's execution role trusts.
inline constexpr std::string_view trust_lambda =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";

/// What the options say in one list, whichever way they say it.
RUSHHOUR_INLINE std::vector<CustomerOptions> customers_of(const PantherWorldOptions& options) {
  if (!options.customers.empty()) return options.customers;
  return {{.name = std::string{only_customer_name},
           .account = options.customer_account,
           .region = {},
           .role = options.customer_role,
           .secret_name = options.secret_name,
           .key = {},
           .secret_format = options.secret_format}};
}

RUSHHOUR_INLINE std::vector<VirusTotalKey> keys_of(const PantherWorldOptions& options) {
  if (!options.virustotal_keys.empty()) return options.virustotal_keys;
  return {{.key = options.api_key, .name = std::string{only_key_name}, .quota = options.virustotal_quota}};
}

RUSHHOUR_INLINE std::string secret_text(const std::string& api_key, SecretFormat format) {
  if (format == SecretFormat::plain) return api_key;
  std::string out = R"({"API_KEY":)";
  rushhour::detail::append_json_string(out, api_key);
  return out + '}';
}

/// A customer's secret; its role needs ARNs that are not known yet.
RUSHHOUR_INLINE Customer add_customer(World& world, const CustomerOptions& options) {
  const VirusTotalKey* const key =
      options.key.empty() ? &world.virustotal.keys().front() : world.virustotal.find_key(options.key);
  RUSHHOUR_ASSERT(key != nullptr, "a customer's key is one of the world's");
  return {
      .name = options.name,
      .account = options.account,
      .region = options.region.empty() ? world.options.region : options.region,
      .role_arn = aws::role_arn({.account = options.account, .name = options.role}),
      .secret_name = options.secret_name,
      .secret_arn = world.secretsmanager.add_secret({.account = options.account,
                                                     .region = options.region,
                                                     .name = options.secret_name,
                                                     .value = secret_text(key->key, options.secret_format),
                                                     .description = "VirusTotal API key for detections"},
                                                    world.options.start),
      .key = key->name};
}

}  // namespace detail

RUSHHOUR_INLINE PantherWorld::PantherWorld(PantherWorldOptions chosen)
    : world(chosen.world), options(std::move(chosen)) {
  set_up();
}

RUSHHOUR_INLINE std::vector<std::string> PantherWorld::add_tables() {
  std::vector<std::string> arns;
  kv_store_arn.clear();
  for (NewTable table : options.tables) {
    const bool is_engines = table.account.empty() || table.account == options.engine_account;
    const bool is_kv_store = is_engines && table.name == kv_store_name;
    if (table.account.empty()) table.account = options.engine_account;
    std::string arn = world.dynamodb.add_table(std::move(table));
    if (is_kv_store) kv_store_arn = arn;
    if (is_engines) arns.push_back(std::move(arn));
  }
  return arns;
}

RUSHHOUR_INLINE void PantherWorld::set_up() {
  customers.clear();
  for (const VirusTotalGroup& group : options.virustotal_groups) world.virustotal.add_group(group);
  for (VirusTotalKey& key : detail::keys_of(options)) world.virustotal.add_key(std::move(key));
  const std::vector<CustomerOptions> planned = detail::customers_of(options);
  std::vector<std::string> registered;
  for (const CustomerOptions& customer : planned) {
    const Customer& made = customers.emplace_back(detail::add_customer(world, customer));
    registered.push_back(options.registered ? made.role_arn : made.role_arn + "-of-someone-else");
  }
  const Customer& first = customers.front();
  customer_role_arn = first.role_arn;
  secret_arn = first.secret_arn;
  secret_name = first.secret_name;
  std::vector<std::string> permissions{detail::allow({"sts:AssumeRole"}, registered)};
  if (const auto tables = add_tables(); !tables.empty()) {
    permissions.push_back(
        detail::allow({"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}, tables));
  }
  engine_role_arn = world.iam.add_role({.account = options.engine_account,
                                        .name = options.engine_role,
                                        .trust_policy = std::string{detail::trust_lambda},
                                        .policies = permissions});
  unit_tests_role_arn = world.iam.add_role({.account = options.engine_account,
                                            .name = options.unit_tests_role,
                                            .trust_policy = std::string{detail::trust_lambda},
                                            .policies = permissions});
  for (std::size_t i = 0; i < planned.size(); ++i) {
    std::vector<std::string> trusted;
    if (options.trusts_engine) trusted.push_back(engine_role_arn);
    if (options.trusts_unit_tests) trusted.push_back(unit_tests_role_arn);
    if (trusted.empty()) trusted.push_back(aws::root_arn({.account = planned[i].account}));
    const std::string& secret = customers[i].secret_arn;
    const std::string covered = options.policy_covers_secret ? secret : secret + "-of-someone-else";
    world.iam.add_role({.account = planned[i].account,
                        .name = planned[i].role,
                        .trust_policy = detail::trust_aws(trusted),
                        .policies = {detail::allow(
                            {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}, {covered})}});
  }
}

}  // namespace rushhour::fakes
