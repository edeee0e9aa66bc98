/// \file
/// A service client as an SDK has it: an endpoint, credentials and a retry policy. Calling it with an
/// operation runs the one loop through which every call of a detection goes: attempt, wait for the answer,
/// back off, try again.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <utility>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

/// How long the clients of each service wait for an answer; nothing: for ever, as `requests` does.
using Timeouts = std::array<std::optional<Duration>, service_count>;

/// A call that failed: which, how its last attempt ended, and which part of the detection made it.
struct FailedCall {
  const Operation* operation{};  ///< null: no call failed
  Outcome outcome{Outcome::ok};
  Function function{};

  friend bool operator==(const FailedCall&, const FailedCall&) = default;
};

/// What the calls of one worker have in common: where they go, how time passes, and whose they are.
struct Session {
  Endpoint* endpoint{};
  Clock* clock{};
  const Latencies* latencies{};  ///< null: answers take no time
  const Timeouts* timeouts{};    ///< null: no client has a timeout
  /// Whether a call that is never answered, by a client without a timeout, waits for ever: for a clock on
  /// which something else ends the wait. Otherwise it fails at once with Outcome::timeout, so that a test
  /// sees it.
  bool waits_for_ever{};
  Attribution attribution{};
  Stream random{0};               ///< of the event at hand: draws do not depend on what other events do
  std::uint64_t draws{};          ///< how many were used for this event
  std::uint64_t logical_calls{};  ///< calls begun, retries not counted
  std::uint64_t clients_made{};   ///< `boto3.client()` and the like; one that is kept counts once
  FailedCall last_failure{};      ///< the last call that failed, or whose present attempt has

  std::uint64_t next_random() { return random.at(draws++); }
};

class Client {
 public:
  /// `session`, `policy` and the text of `region` outlive the client.
  /// \param region  where its calls go; empty: the Region of whoever answers
  Client(Session& session, Identity identity, retry::Policy& policy, std::string_view region = {})
      : session_(session), own_(std::move(identity)), identity_(own_), policy_(policy), region_(region) {}
  /// With an identity that others keep, and renew.
  Client(Session& session, std::reference_wrapper<const Identity> identity, retry::Policy& policy,
         std::string_view region = {})
      : session_(session), identity_(identity), policy_(policy), region_(region) {}
  /// With a policy of its own, as a client has that is made anew for each call: what the policy remembers
  /// dies with it.
  Client(Session& session, Identity identity, std::unique_ptr<retry::Policy> policy,
         std::string_view region = {})
      : session_(session),
        own_(std::move(identity)),
        identity_(own_),
        own_policy_(std::move(policy)),
        policy_(*own_policy_),
        region_(region) {}
  Client(Session& session, std::reference_wrapper<const Identity> identity,
         std::unique_ptr<retry::Policy> policy, std::string_view region = {})
      : session_(session),
        identity_(identity),
        own_policy_(std::move(policy)),
        policy_(*own_policy_),
        region_(region) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() = default;

  /// Calls an operation: `sts(AssumeRole{.role_arn = arn, .role_session_name = "rule"})`. Returns its output
  /// or the failure of the last attempt. A worker that is told to end leaves by the exception that its clock
  /// throws; during that unwinding calls fail with Outcome::cancelled.
  /// As SDKs do, it fills in a ClientRequestToken that is missing, the same for all attempts.
  template <IsOperation Op>
  Result<typename Op::Output> operator()(const Op& request,
                                         std::source_location where = std::source_location::current()) {
    if constexpr (requires { request.client_request_token; }) {
      if (!request.client_request_token) {
        Op with_token = request;
        const std::uint64_t high = session_.next_random();
        with_token.client_request_token = rushhour::detail::uuid_text(high, session_.next_random());
        return (*this)(with_token, where);
      }
    }
    // The answer is written where it is returned: moving it would cost as much as deciding it.
    Result<typename Op::Output> result{std::in_place};
    Failure failure;
    if (!call(operation_of<Op>, &request, &*result, failure, where)) result = std::move(failure);
    return result;
  }

  /// The same for who knows an operation by its row only: `request` and `output` are its structs. False: the
  /// failure is filled. A ClientRequestToken is the caller's business.
  bool perform(const Operation& operation, const void* request, void* output, Failure& failure,
               const std::source_location& where = std::source_location::current()) {
    return call(operation, request, output, failure, where);
  }

  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  bool call(const Operation& operation, const void* request, void* output, Failure& failure,
            const std::source_location& where) {
    Attribution attribution = session_.attribution;
    attribution.where = where;
    ++session_.logical_calls;
    const FailedCall before = session_.last_failure;
    for (unsigned attempt = 1;; ++attempt) {
      attribution.attempt = static_cast<std::uint8_t>(attempt < 255 ? attempt : 255);
      const Duration held_back = policy_.acquire(session_.clock->now());
      if (held_back > Duration::zero()) session_.clock->sleep_for(held_back);
      if (session_.clock->cancelled()) return cancel(failure);
      const Instant sent = session_.clock->now();
      Duration delay{};
      bool ok = session_.endpoint->perform(
          {operation, request, output, identity_, attribution, failure, &delay, region_}, sent);
      if (!ok) session_.last_failure = {&operation, failure.outcome, attribution.function};
      if (!await(operation, sent, delay, ok, failure)) ok = false;
      if (session_.clock->cancelled()) return cancel(failure);
      if (ok) {
        session_.last_failure = before;
        policy_.on_success(attempt, attempt > 1 ? &failure : nullptr, session_.clock->now());
        return true;
      }
      const auto back_off =
          policy_.before_retry(failure, attempt, session_.clock->now(), session_.next_random());
      if (!back_off) return false;
      session_.clock->sleep_for(*back_off);
    }
  }

  /// Waits for the answer, or until the client's patience ends: false, and the failure says so.
  bool await(const Operation& operation, Instant sent, Duration delay, bool ok, Failure& failure) {
    const bool never = !ok && failure.outcome == Outcome::timeout;
    if (session_.latencies != nullptr) {
      delay += session_.latencies->of(operation).sample(session_.next_random());
    }
    const std::optional<Duration> patience =
        session_.timeouts == nullptr ? std::nullopt
                                     : (*session_.timeouts)[static_cast<std::size_t>(operation.service)];
    if (!never && (!patience || delay <= *patience)) [[likely]] {
      session_.clock->sleep_until(sent + delay);
      return true;
    }
    session_.last_failure = {&operation, Outcome::timeout, session_.attribution.function};
    if (patience) {
      session_.clock->sleep_until(sent + *patience);
    } else if (session_.waits_for_ever) {
      session_.clock->sleep_until(Instant::max());
    }
    failure = {.outcome = Outcome::timeout,
               .message = patience ? "no answer within " + rushhour::to_text(*patience)
                                   : "no answer, and the client has no timeout: it would wait for ever"};
    return false;
  }

  /// Waiting once more lets a clock that has ended throw, so that a rule that tries again for ever is ended
  /// too; while an exception unwinds the worker it returns.
  bool cancel(Failure& failure) {
    session_.clock->sleep_until(session_.clock->now());
    failure = {.outcome = Outcome::cancelled, .message = "the simulation ended while the call waited"};
    return false;
  }

  Session& session_;
  Identity own_{};
  const Identity& identity_;
  std::unique_ptr<retry::Policy> own_policy_{};
  retry::Policy& policy_;
  std::string_view region_{};
};

}  // namespace rushhour::api
