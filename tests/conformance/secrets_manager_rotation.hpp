/// \file
/// A secret that rotates: the bench of the tables of rotations and of replicas.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/fakes/rotation.hpp>

#include "secrets_manager_bench.hpp"

namespace rushhour::fakes::conformance {

constexpr std::string_view lambda = "arn:aws:lambda:us-east-1:999988887777:function:rotate-db";

/// What the steps of a rotation were told, and which of them fails.
struct Script {
  std::string seen{};
  std::string failing_step{};
};

/// An administrator, his secret `db` with the value `0`, and a function that counts it up.
struct Bench : Administrator {
  explicit Bench(Scene& at) : Administrator(at) {
    scene.inside()->world.secretsmanager.options.finds_other_regions = true;  // one endpoint, all Regions
    EXPECT_TRUE((*this)(api::secretsmanager::CreateSecret{
                            .name = "db", .client_request_token = token(1), .secret_string = "0"})
                    .ok());
    arn = describe().arn;
    scene.inside()->world.secretsmanager.add_rotation_function(lambda, function());
  }

  [[nodiscard]] RotationFunction function() const {
    const RotationFunction counting = rotation_to(
        [](std::string_view current) { return std::to_string(std::stoi(std::string{current}) + 1); });
    return [counting, script = script](const RotationEvent& event,
                                       RotationClient& client) -> std::optional<std::string> {
      script->seen += (script->seen.empty() ? "" : " ") + event.step;
      if (event.step == script->failing_step) return "told to fail";
      return counting(event, client);
    };
  }
  /// A request to rotate with the function.
  [[nodiscard]] static api::secretsmanager::RotateSecret rotate(
      int number, std::optional<api::secretsmanager::RotationRules> rules = {}) {
    return {.secret_id = "db",
            .client_request_token = token(number),
            .rotation_lambda_arn = std::string{lambda},
            .rotation_rules = std::move(rules)};
  }
  api::secretsmanager::DescribeSecret::Output describe() {
    return (*this)(api::secretsmanager::DescribeSecret{.secret_id = "db"}).value();
  }
  std::string value(const std::string& secret_id = "db") {
    const auto result = (*this)(api::secretsmanager::GetSecretValue{.secret_id = secret_id});
    return result.ok() ? result->secret_string : result.failure().code;
  }
  /// The labels of each version that has some: `1:AWSPREVIOUS 2:AWSCURRENT`.
  std::string labels(const std::string& secret_id = "db") {
    std::string out;
    const auto about = (*this)(api::secretsmanager::DescribeSecret{.secret_id = secret_id}).value();
    for (const auto& [id, stages] : about.version_ids_to_stages) {
      if (!out.empty()) out += ' ';
      out += id.starts_with("11111111") ? std::to_string(std::stoi(id.substr(24))) : "new";
      for (std::size_t i = 0; i < stages.size(); ++i) out += (i == 0 ? ":" : ",") + stages[i];
    }
    return out;
  }
  std::string steps() {
    const auto gate = scene.inside();
    return script->seen;
  }
  void fail_at(std::string step) {
    const auto gate = scene.inside();
    script->failing_step = std::move(step);
  }
  std::string next() {
    const auto date = describe().next_rotation_date;
    return date ? to_iso8601(*date) : "none";
  }

  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::string arn{};
};

}  // namespace rushhour::fakes::conformance
