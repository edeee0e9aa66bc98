/// \file
/// What several operations of STS answer with: refusals in its words, and credentials. Used by the bodies of
/// sts.hpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/sts.hpp>
#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

// ---- Refusals. The codes are those of the wire, which are not the names of the shapes (spec aws.md 1) ----

[[nodiscard]] inline Failure sts_failure(int status, std::string_view code, std::string message) {
  const bool denied = status == 403;
  const bool expired = code.starts_with("Expired");
  return {.outcome = expired  ? Outcome::expired
                     : denied ? Outcome::denied
                              : Outcome::invalid,
          .status = status,
          .code = std::string{code},
          .message = std::move(message)};
}
[[nodiscard]] inline Failure sts_validation_error(std::string message) {
  return sts_failure(400, "ValidationError", std::move(message));
}
[[nodiscard]] inline Failure sts_access_denied(std::string message) {
  return sts_failure(403, "AccessDenied", std::move(message));
}
/// [REC 2024] Without a reason, unlike what other services say.
[[nodiscard]] inline Failure sts_not_authorized(std::string_view caller_arn, std::string_view action,
                                                std::string_view resource) {
  return sts_access_denied(aws::detail::joined(
      {"User: ", caller_arn, " is not authorized to perform: ", action, " on resource: ", resource}));
}
[[nodiscard]] inline Failure invalid_identity_token(std::string message) {
  return sts_failure(400, "InvalidIdentityToken", std::move(message));
}

/// A role's ARN, of any path.
[[nodiscard]] inline bool is_role_arn(std::string_view text) {
  const auto arn = aws::parse_arn(text);
  return arn && arn->service == "iam" && arn->resource_type() == "role" && !arn->account.empty();
}

// ---- Session tags ----

/// [REC LocalStack tests/aws/services/sts/test_sts.snapshot.json, 2025-04-10] Both texts.
/// [MEM] Keys that begin with `aws:` are AWS's own.
[[nodiscard]] inline std::optional<Failure> check_tags(const std::vector<api::sts::Tag>& tags,
                                                       const std::vector<std::string>& transitive_keys) {
  const auto refuse = [](std::string text) {
    return sts_failure(400, "InvalidParameterValue", std::move(text));
  };
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (http::equals_ignoring_case(std::string_view{tags[i].key}.substr(0, 4), "aws:")) {
      return refuse("Tag keys must not begin with aws:, which is reserved.");
    }
    for (std::size_t k = i + 1; k < tags.size(); ++k) {
      if (http::equals_ignoring_case(tags[i].key, tags[k].key)) {
        return refuse("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
    }
  }
  for (const std::string& key : transitive_keys) {
    if (std::none_of(tags.begin(), tags.end(),
                     [&key](const api::sts::Tag& tag) { return http::equals_ignoring_case(tag.key, key); })) {
      return refuse("The specified transitive tag key must be included in the requested tags.");
    }
  }
  return std::nullopt;
}

[[nodiscard]] inline std::vector<SessionTag> session_tags(const std::vector<api::sts::Tag>& tags,
                                                          const std::vector<std::string>& transitive_keys) {
  std::vector<SessionTag> out;
  out.reserve(tags.size());
  for (const api::sts::Tag& tag : tags) {
    const bool is_transitive =
        std::any_of(transitive_keys.begin(), transitive_keys.end(),
                    [&tag](const std::string& key) { return http::equals_ignoring_case(tag.key, key); });
    out.push_back({.key = tag.key, .value = tag.value, .is_transitive = is_transitive});
  }
  return out;
}

/// aws:RequestTag/KEY and aws:TagKeys.
inline void add_tag_keys(const std::vector<SessionTag>& tags, aws::ContextValues& values) {
  for (const SessionTag& tag : tags) {
    values.add_named("aws:RequestTag/" + tag.key, tag.value);
    values.add("aws:TagKeys", tag.key);
  }
}

// ---- Answers ----

inline void give(Session& session, api::sts::Credentials& to) {
  to.access_key_id = std::move(session.credentials.access_key_id);
  to.secret_access_key = std::move(session.credentials.secret_access_key);
  to.session_token = std::move(session.credentials.session_token);
  to.expiration = session.expires;
}

/// DOC (client-sts 3.1169): bytes, and percent of the 4,096 that MinimumSessionTokenSize goes up to. [MEM]
/// rounded down.
template <class Output>
void give_token_size(const Session& session, Output& output) {
  const auto size = static_cast<std::int64_t>(session.credentials.session_token.size());
  output.session_token_size = size;
  output.session_token_utilization = size * 100 / 4096;
}

[[nodiscard]] inline api::sts::AssumedRoleUser assumed_role_user(const Principal& role,
                                                                 std::string_view session_name) {
  return {
      .assumed_role_id = aws::detail::joined({role.unique_id, ":", session_name}),
      .arn = aws::assumed_role_arn({.account = role.account_id, .role = role.name, .session = session_name})};
}

[[nodiscard]] inline std::size_t token_size_min(const std::optional<std::int64_t>& wanted) {
  return static_cast<std::size_t>(wanted.value_or(0));
}

}  // namespace rushhour::fakes::detail
