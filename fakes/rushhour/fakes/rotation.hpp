/// \file
/// A rotation's Lambda function as a callback: what it is told, and how it calls Secrets Manager back. When
/// it is called, and what becomes of the secret, is secrets_manager.hpp's.
///
/// Source: "Lambda function rotation strategies" and "Rotation function templates" (Secrets Manager User
/// Guide), spec tag DOC; spec aws.md 2.1, Rotation.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One step of a rotation, as Lambda gets it.
struct RotationEvent {
  std::string step{};                  ///< createSecret, setSecret, testSecret, finishSecret
  std::string secret_id{};             ///< ARN
  std::string client_request_token{};  ///< the id of the version that is AWSPENDING
  std::string rotation_token{};
};

/// Calls Secrets Manager as the function's execution role, in the Region of the secret. The calls go through
/// the whole pipeline: they are authorized, charged and written down.
class RotationClient {
 public:
  struct As {
    api::Identity identity{};  ///< of the execution role's session
    std::string region{};
    Instant now{};
  };

  RotationClient(Service& service, As as) : service_(service), as_(std::move(as)) {}

  template <api::IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request) {
    static_assert(Op::service == api::Service::secretsmanager, "a rotation function calls Secrets Manager");
    Result<typename Op::Output> result{typename Op::Output{}};
    Failure failure;
    const api::Attribution attribution{};
    const bool ok = service_.perform({.operation = api::operation_of<Op>,
                                      .identity = as_.identity,
                                      .attribution = attribution,
                                      .input = const_cast<Op*>(&request),  // read-only without a decoder
                                      .output = &*result,
                                      .failure = failure,
                                      .region = as_.region},
                                     as_.now);
    if (!ok) result = std::move(failure);
    return result;
  }

  [[nodiscard]] Instant now() const { return as_.now; }
  [[nodiscard]] const std::string& region() const { return as_.region; }
  /// For other services: the credentials that Lambda hands to the function.
  [[nodiscard]] const api::Identity& identity() const { return as_.identity; }

 private:
  Service& service_;
  As as_;
};

/// Nothing: the step went well; otherwise why it did not. An api::Error that it throws, as
/// `client(...).value()` does, counts as that; any other exception passes through to whoever made the call
/// that let the rotation run.
using RotationFunction = std::function<std::optional<std::string>(const RotationEvent&, RotationClient&)>;

/// What makes the next value of a secret from the present one.
using NextValue = std::function<std::string(std::string_view current)>;

namespace detail {

/// One step of AWS's generic template: createSecret puts the next value as AWSPENDING unless there is one,
/// finishSecret makes it AWSCURRENT. Nothing is set or tested anywhere. `make_next` makes a Result of the
/// value from the present one.
template <class MakeNext>
[[nodiscard]] std::optional<std::string> take_rotation_step(const RotationEvent& event,
                                                            RotationClient& client,
                                                            const MakeNext& make_next) {
  using namespace api::secretsmanager;
  const auto read = [&](std::string_view stage) {
    return client(GetSecretValue{.secret_id = event.secret_id, .version_stage = std::string{stage}});
  };
  const auto problem = [](const auto& result) {
    return result.ok() ? std::nullopt : std::optional{to_text(result.failure())};
  };
  const bool creates = event.step == "createSecret";
  if (!creates && event.step != "finishSecret") return std::nullopt;
  const auto current = read("AWSCURRENT");
  if (!current.ok()) return problem(current);
  if (creates) {
    if (read("AWSPENDING").ok()) return std::nullopt;
    Result<std::string> next = make_next(current->secret_string, client);
    if (!next.ok()) return problem(next);
    return problem(client(PutSecretValue{.secret_id = event.secret_id,
                                         .client_request_token = event.client_request_token,
                                         .secret_string = std::move(*next),
                                         .version_stages = {"AWSPENDING"},
                                         .rotation_token = event.rotation_token}));
  }
  if (current->version_id == event.client_request_token) return std::nullopt;
  return problem(client(UpdateSecretVersionStage{.secret_id = event.secret_id,
                                                 .version_stage = "AWSCURRENT",
                                                 .remove_from_version_id = current->version_id,
                                                 .move_to_version_id = event.client_request_token}));
}

}  // namespace detail

/// A function of the four steps of AWS's generic template, which puts a value of the caller's making.
///
/// \code
///   secretsmanager.add_rotation_function(lambda_arn, rotation_to([](std::string_view) { return "new"; }));
/// \endcode
[[nodiscard]] inline RotationFunction rotation_to(NextValue next_value) {
  return [next_value = std::move(next_value)](const RotationEvent& event, RotationClient& client) {
    return detail::take_rotation_step(event, client,
                                      [&](std::string_view current, RotationClient&) -> Result<std::string> {
                                        return next_value(current);
                                      });
  };
}

}  // namespace rushhour::fakes
