/// \file
/// Where a program's own credentials come from, in the SDKs' words: a credential provider. It renews them in
/// place, so a client that was made earlier signs its next attempt with the new ones, as botocore's
/// refreshable credentials do.
#pragma once

#include <rushhour/api/endpoint.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

class CredentialProvider {
 public:
  CredentialProvider() = default;
  CredentialProvider(const CredentialProvider&) = delete;
  CredentialProvider& operator=(const CredentialProvider&) = delete;
  virtual ~CredentialProvider() = default;
  /// Valid at `now`. The reference holds as long as the provider; what it refers to changes with each
  /// renewal.
  [[nodiscard]] virtual const Identity& identity(Instant now) = 0;
};

}  // namespace rushhour::api
