#pragma once

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/sts.hpp>

namespace rushhour::fakes {

namespace detail {

/// DOC: IAM User Guide, "Methods to assume a role": a role that assumes a role gets an hour at most.
inline constexpr std::int64_t chained_seconds_max = 3600;
inline constexpr std::int64_t duration_seconds_default = 3600;

RUSHHOUR_INLINE Failure sts_validation_error(std::string message) {
  return {
      .outcome = Outcome::invalid, .status = 400, .code = "ValidationError", .message = std::move(message)};
}

}  // namespace detail

RUSHHOUR_INLINE Dialect Sts::dialect() {
  // DOC: re:Post "iam-sts-throttling-error": the code is Throttling, not ThrottlingException.
  return {.throttled = {.outcome = Outcome::throttled,
                        .status = 400,
                        .code = "Throttling",
                        .message = "Rate exceeded"},
          .validation_code = "ValidationError"};
}

RUSHHOUR_INLINE bool Sts::authenticate(const Arrival& arrival, Instant now, Caller& caller) {
  return iam_.authenticate(arrival, now, caller, Iam::query_errors());
}

RUSHHOUR_INLINE std::optional<Failure> Sts::check(const api::sts::AssumeRole& request) const {
  if (aws::parse_arn(request.role_arn)) return std::nullopt;
  return detail::sts_validation_error(request.role_arn + " is invalid");  // [REC]
}

RUSHHOUR_INLINE bool Sts::authorize(const api::sts::AssumeRole& request, const Caller& caller,
                                    Instant /*now*/, Failure& failure) {
  if (iam_.may_assume(caller, request)) return true;
  // [REC 2024] A role that does not exist and one that does not trust the caller answer the same.
  failure = {.outcome = Outcome::denied,
             .status = 403,
             .code = "AccessDenied",
             .message = "User: " + iam_.arn_of(caller) +
                        " is not authorized to perform: sts:AssumeRole on resource: " + request.role_arn};
  return false;
}

RUSHHOUR_INLINE Result<api::sts::AssumeRole::Output> Sts::on(const api::sts::AssumeRole& request,
                                                             const Caller& caller, Instant now) {
  const Principal& role = *iam_.find(request.role_arn);  // authorize() has seen it
  const std::int64_t seconds = request.duration_seconds.value_or(detail::duration_seconds_default);
  if (caller.is_session && seconds > detail::chained_seconds_max) {
    return detail::sts_validation_error(  // [REC eks-anywhere#9485, prowler#7721]
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
  }
  if (std::chrono::seconds{seconds} > role.session_duration_max) {
    return detail::sts_validation_error(  // [MEM]
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  Session session = iam_.issue(role, request.role_session_name, now, std::chrono::seconds{seconds});
  return api::sts::AssumeRole::Output{
      .credentials = {.access_key_id = std::move(session.credentials.access_key_id),
                      .secret_access_key = std::move(session.credentials.secret_access_key),
                      .session_token = std::move(session.credentials.session_token),
                      .expiration = session.expires},
      .assumed_role_user = {
          .assumed_role_id = aws::detail::joined({role.unique_id, ":", request.role_session_name}),
          .arn = aws::assumed_role_arn(
              {.account = role.account_id, .role = role.name, .session = request.role_session_name})}};
}

RUSHHOUR_INLINE Result<api::sts::GetCallerIdentity::Output> Sts::on(
    const api::sts::GetCallerIdentity& /*request*/, const Caller& caller, Instant /*now*/) {
  const Principal& principal = iam_.principal(caller);
  std::string user_id = principal.unique_id;
  if (caller.is_session) {
    user_id += ':';
    user_id += caller.session.text();
  }
  return api::sts::GetCallerIdentity::Output{
      .user_id = std::move(user_id), .account = principal.account_id, .arn = iam_.arn_of(caller)};
}

}  // namespace rushhour::fakes
