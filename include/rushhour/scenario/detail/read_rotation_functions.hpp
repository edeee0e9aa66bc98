/// \file
/// Reads the rotation functions of a state file: what stands in for the Lambda functions that secrets name,
/// since a file can hold no code. What they can do: password_rotation.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/password_rotation.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// Lambda, CreateFunction: 1 to 64 letters, digits, hyphens and underscores.
inline std::string read_function_name(Reader& reader) {
  std::string name = reader.text("name");
  const bool fits = name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '-' || c == '_';
                    });
  if (!fits) reader.at("name").fail("1 to 64 letters, digits, - and _");
  return name;
}

/// `"fails": {"step": "testSecret", "times": 1, "reason": "no answer from the database"}`
inline void read_rotation_failure(Reader& reader, fakes::PasswordRotation& plan) {
  auto fails = reader.optional_object("fails");
  if (!fails) return;
  plan.fails_at = fails->text("step", {"createSecret", "setSecret", "testSecret", "finishSecret"});
  if (const auto times = fails->find("times")) plan.fails_times = times->integer<std::uint64_t>({.min = 1});
  plan.reason = fails->optional_text("reason", plan.reason);
  fails->done();
}

/// `{"name": "rotate-database", "json_key": "password"}`; returns the ARN for secrets to name.
inline std::string read_rotation_function(const Value& value, const std::string& account,
                                          fakes::World& world) {
  Reader reader = value.object();
  const std::string name = read_function_name(reader);
  const std::string region = reader.optional_text("region", world.options.region);
  fakes::PasswordRotation plan;
  plan.json_key = reader.optional_text("json_key", "");
  plan.length =
      reader.optional_integer<std::int64_t>("password_length", plan.length, {.min = 4, .max = 4096});
  plan.exclude_characters = reader.optional_text("exclude_characters", plan.exclude_characters);
  read_rotation_failure(reader, plan);
  std::string role;
  if (const auto arn = reader.find("role")) {
    role = arn->text();
    const auto parsed = aws::parse_arn(role);
    const bool is_role = parsed && parsed->resource.starts_with("role/") && world.iam.find(role) != nullptr;
    if (!is_role) arn->fail("the ARN of a role of this file, in this account or one before");
  }
  reader.done();
  std::string arn = "arn:" + std::string{aws::partition_of(region)} + ":lambda:" + region + ":" + account +
                    ":function:" + name;
  world.secretsmanager.add_rotation_function(arn, fakes::rotation_to_password(std::move(plan)), role);
  return arn;
}

}  // namespace rushhour::scenario::detail
