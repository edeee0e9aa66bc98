/// \file
/// A service client as an SDK has it: an endpoint, credentials and a retry policy. Calling it with an
/// operation runs the one loop through which every call of a detection goes: attempt, wait for the answer,
/// back off, try again.
#pragma once

#include <cstdint>
#include <functional>
#include <source_location>
#include <utility>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

/// What the calls of one worker have in common: where they go, how time passes, and whose they are.
struct Session {
  Endpoint* endpoint{};
  Clock* clock{};
  const Latencies* latencies{};  ///< null: answers take no time
  Attribution attribution{};
  Stream random{0};               ///< of the event at hand: draws do not depend on what other events do
  std::uint64_t draws{};          ///< how many were used for this event
  std::uint64_t logical_calls{};  ///< calls begun, retries not counted

  std::uint64_t next_random() { return random.at(draws++); }
};

class Client {
 public:
  /// `session` and `policy` outlive the client.
  Client(Session& session, Identity identity, retry::Policy& policy)
      : session_(session), own_(std::move(identity)), identity_(own_), policy_(policy) {}
  /// With an identity that others keep, and renew.
  Client(Session& session, std::reference_wrapper<const Identity> identity, retry::Policy& policy)
      : session_(session), identity_(identity), policy_(policy) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() = default;

  /// Calls an operation: `sts(AssumeRole{.role_arn = arn, .role_session_name = "rule"})`. Returns its output
  /// or the failure of the last attempt. A worker that is told to end leaves by the exception that its clock
  /// throws; during that unwinding calls fail with Outcome::cancelled.
  template <IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request,
                                         std::source_location where = std::source_location::current()) {
    typename Op::Output output{};
    Failure failure;
    if (call(operation_of<Op>, &request, &output, failure, where)) return output;
    return failure;
  }

  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  bool call(const Operation& operation, const void* request, void* output, Failure& failure,
            const std::source_location& where) {
    Attribution attribution = session_.attribution;
    attribution.where = where;
    ++session_.logical_calls;
    for (unsigned attempt = 1;; ++attempt) {
      attribution.attempt = static_cast<std::uint8_t>(attempt < 255 ? attempt : 255);
      const Duration held_back = policy_.acquire(session_.clock->now());
      if (held_back > Duration::zero()) session_.clock->sleep_for(held_back);
      if (session_.clock->cancelled()) return cancel(failure);
      const Instant sent = session_.clock->now();
      const bool ok =
          session_.endpoint->perform({operation, request, output, identity_, attribution, failure}, sent);
      if (session_.latencies != nullptr) {
        session_.clock->sleep_until(sent + session_.latencies->of(operation).sample(session_.next_random()));
      }
      if (session_.clock->cancelled()) return cancel(failure);
      if (ok) {
        policy_.on_success(attempt, attempt > 1 ? &failure : nullptr);
        return true;
      }
      const auto delay = policy_.before_retry(failure, attempt, session_.next_random());
      if (!delay) return false;
      session_.clock->sleep_for(*delay);
    }
  }

  static bool cancel(Failure& failure) {
    failure = {.outcome = Outcome::cancelled, .message = "the simulation ended while the call waited"};
    return false;
  }

  Session& session_;
  Identity own_{};
  const Identity& identity_;
  retry::Policy& policy_;
};

}  // namespace rushhour::api
