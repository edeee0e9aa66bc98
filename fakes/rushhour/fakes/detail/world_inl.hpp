#pragma once

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

}  // namespace detail

RUSHHOUR_INLINE PantherWorld::PantherWorld(PantherWorldOptions options)
    : world(std::move(options.world)), secret_name(options.secret_name) {
  const Instant now = world.options.start;
  secret_arn = world.secretsmanager.add_secret({.account = options.customer_account,
                                                .name = options.secret_name,
                                                .value = options.api_key,
                                                .description = "VirusTotal API key for detections"},
                                               now);
  customer_role_arn = aws::role_arn({.account = options.customer_account, .name = options.customer_role});
  const std::string elsewhere = customer_role_arn + "-of-someone-else";
  const std::string registration =
      detail::allow({"sts:AssumeRole"}, {options.registered ? customer_role_arn : elsewhere});
  engine_role_arn = world.iam.add_role({.account = options.engine_account,
                                        .name = options.engine_role,
                                        .trust_policy = std::string{detail::trust_lambda},
                                        .policies = {registration}});
  unit_tests_role_arn = world.iam.add_role({.account = options.engine_account,
                                            .name = options.unit_tests_role,
                                            .trust_policy = std::string{detail::trust_lambda},
                                            .policies = {registration}});
  std::vector<std::string> trusted;
  if (options.trusts_engine) trusted.push_back(engine_role_arn);
  if (options.trusts_unit_tests) trusted.push_back(unit_tests_role_arn);
  if (trusted.empty()) trusted.push_back(aws::root_arn({.account = options.customer_account}));
  const std::string covered = options.policy_covers_secret ? secret_arn : secret_arn + "-of-someone-else";
  world.iam.add_role({.account = options.customer_account,
                      .name = options.customer_role,
                      .trust_policy = detail::trust_aws(trusted),
                      .policies = {detail::allow(
                          {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}, {covered})}});
  world.virustotal.add_key(
      {.key = options.api_key, .name = "virustotal-key", .quota = std::move(options.virustotal_quota)});
}

}  // namespace rushhour::fakes
