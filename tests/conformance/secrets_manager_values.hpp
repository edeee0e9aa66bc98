/// \file
/// A secret `prod/db` whose versions have numbers: the bench of the tables of values, versions, lives and
/// access.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "secrets_manager_bench.hpp"

namespace rushhour::fakes::conformance {

using api::secretsmanager::CreateSecret;
using api::secretsmanager::DescribeSecret;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::PutSecretValue;

constexpr std::string_view marked =
    "You can't perform this operation on the secret because it was marked for deletion.";
constexpr std::string_view not_there = "Secrets Manager can't find the specified secret.";

inline Failure not_found(std::string_view text = not_there) {
  return failure(Outcome::not_found, 400, "ResourceNotFoundException", text);
}

inline Failure malformed(std::string_view text) {
  return failure(Outcome::invalid, 400, "ValidationException", text);
}

inline Failure denied(std::string_view text) {
  return failure(Outcome::denied, 400, "AccessDeniedException", text);
}

constexpr std::string_view our_account = "444455556666";

inline api::Identity user(Scene& scene, std::string_view account, std::string name, std::string policy) {
  return scene.inside()->world.iam.add_user(
      {.account = std::string{account}, .name = std::move(name), .policies = {std::move(policy)}});
}

/// May do everything in the account of the secrets.
inline api::Identity admin(Scene& scene) { return user(scene, our_account, "admin", everything); }

inline CreateSecret new_secret(std::string value = "one") {
  return {.name = "prod/db", .client_request_token = token(1), .secret_string = std::move(value)};
}

inline PutSecretValue new_value(int number, std::string value, std::vector<std::string> stages = {}) {
  return {.secret_id = "prod/db",
          .client_request_token = token(number),
          .secret_string = std::move(value),
          .version_stages = std::move(stages)};
}

inline GetSecretValue get_value() { return {.secret_id = "prod/db"}; }

/// An administrator and his secret `prod/db`, whose first version is token(1) with the value `one`.
struct Bench {
  explicit Bench(Scene& at) : scene(at), me(admin(at)), arn((*this)(new_secret()).value().arn) {}

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    return scene.call(request, me);
  }
  /// The labels of each version that has some, in the order of their ids: `1:AWSPREVIOUS 2:AWSCURRENT`.
  std::string labels() {
    std::string out;
    const auto about = (*this)(DescribeSecret{.secret_id = arn});
    for (const auto& [id, stages] : about.value().version_ids_to_stages) {
      if (!out.empty()) out += ' ';
      out += std::to_string(std::stoi(id.substr(24)));
      for (std::size_t i = 0; i < stages.size(); ++i) out += (i == 0 ? ":" : ",") + stages[i];
    }
    return out;
  }
  /// An answer with ARN instead of the secret's own, whose suffix is random.
  template <api::IsOperation Op>
  Failure shown(const Result<typename Op::Output>& result) const {
    Failure seen = answer_json<Op>(result);
    for (std::size_t at = seen.message.find(arn); at != std::string::npos; at = seen.message.find(arn)) {
      seen.message.replace(at, arn.size(), "ARN");
    }
    return seen;
  }

  Scene& scene;
  api::Identity me;
  std::string arn;
};

/// What every one of these calls gave, which must be the same.
inline Failure all_same(const std::vector<Failure>& outcomes) {
  for (const Failure& each : outcomes) EXPECT_EQ(each, outcomes.front());
  return outcomes.front();
}

}  // namespace rushhour::fakes::conformance
