/// \file
/// What a detection may use beside the event: the clock, random numbers, and clients of the services. Where
/// the calls go, and how long they take, is decided by whoever runs the detection.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/api/credential_provider.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// One policy a service, as each client library has its own.
using RetryPolicies = std::array<retry::Policy*, api::service_count>;

class Context {
 public:
  /// All of them outlive the context.
  Context(api::Session& session, api::CredentialProvider& provider, const RetryPolicies& policies)
      : session_(session), provider_(provider), policies_(policies) {}

  [[nodiscard]] Clock& clock() { return *session_.clock; }
  /// 64 uniform bits, the same for this event whatever other events do.
  [[nodiscard]] std::uint64_t random() { return session_.next_random(); }

  /// An STS client with the code's own credentials, as `boto3.client("sts")` makes it.
  [[nodiscard]] api::Client sts() {
    return {session_, std::cref(provider_.identity(session_.clock->now())), policy(api::Service::sts)};
  }
  /// A Secrets Manager client with the credentials of an assumed role.
  [[nodiscard]] api::Client secretsmanager(api::sts::Credentials assumed) {
    return {session_,
            aws::Credentials{std::move(assumed.access_key_id), std::move(assumed.secret_access_key),
                             std::move(assumed.session_token)},
            policy(api::Service::secretsmanager)};
  }
  /// Calls to VirusTotal with a key, as `requests.get` with an `x-apikey` header makes them.
  [[nodiscard]] api::Client virustotal(std::string api_key) {
    return {session_, api::ApiKey{std::move(api_key)}, policy(api::Service::virustotal)};
  }

 private:
  [[nodiscard]] retry::Policy& policy(api::Service service) const {
    return *policies_[static_cast<std::size_t>(service)];
  }

  api::Session& session_;
  api::CredentialProvider& provider_;
  RetryPolicies policies_;
};

}  // namespace rushhour::detect
