/// \file
/// What a service does by itself rather than at a caller's word, told to whoever listens: CloudTrail writes
/// these down as AwsServiceEvent. What happens stands with the service that tells.
#pragma once

#include <string_view>

#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One event. Views are valid only during the call that tells it.
///
/// Names of Secrets Manager (spec aws.md 5, DOC "AWS CloudTrail entries for Secrets Manager"):
/// RotationStarted, RotationSucceeded, RotationFailed, RotationAbandoned, TestRotationStarted,
/// TestRotationSucceeded, TestRotationFailed, StartSecretVersionDelete, EndSecretVersionDelete,
/// CancelSecretVersionDelete.
struct ServiceEvent {
  std::string_view name{};
  std::string_view secret_arn{};
  std::string_view version_id{};  ///< which version it is about; empty: about the secret
  std::string_view reason{};      ///< why it failed or was abandoned; empty: it was not
  Instant at{};
  std::string_view account{};  ///< of the secret
  std::string_view region{};
};

/// Hears of the events of a service. It outlives the service or is told off before.
class ServiceEvents {
 public:
  ServiceEvents() = default;
  ServiceEvents(const ServiceEvents&) = delete;
  ServiceEvents& operator=(const ServiceEvents&) = delete;
  virtual ~ServiceEvents() = default;
  virtual void on_service_event(const ServiceEvent& event) = 0;
};

}  // namespace rushhour::fakes
