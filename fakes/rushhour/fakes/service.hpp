/// \file
/// The one pipeline through which every request of every fake goes, however it came in: arrive, fault,
/// authenticate, limit, decode and validate, authorize, behave, record. A fake adds what is its own: how it
/// authenticates and authorizes, and one overload `on(const Op&, const Caller&, Instant)` an operation, which
/// returns a Result of the operation's output; or, of an operation that is called for every event,
/// `bool on(const Op&, const Caller&, Instant, Op::Output& answer, Failure&)`, which writes its answer where
/// the client wants it, every member of it: the answer to an earlier attempt may stand there.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/fakes/ledger.hpp>
#include <rushhour/fakes/quotas.hpp>
#include <rushhour/fakes/rewording.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One request at the door of a service. A typed call brings its input ready; a message brings a decoder.
struct Arrival {
  const api::Operation& operation;
  const api::Identity& identity;
  const api::Attribution& attribution;
  void* input;   ///< the operation's struct; read-only when there is no decoder
  void* output;  ///< filled when the answer is ok
  Failure& failure;
  Duration* delay{};  ///< not null: where to add what a fault makes the answer take longer
  /// What is wrong with a message's signature; null: nothing, or no message.
  const aws::VerifyFailure* signature{};
  aws::Read (*decode)(const void* message, void* input){};
  const void* message{};
  std::string_view region{};  ///< where it was sent; empty: the world's own Region
  const Origin* origin{};     ///< null: a typed call
};

/// Hears of every request once it is decided, with all that was in it. What the arrival and the caller point
/// to is valid only during the call.
class RequestObserver {
 public:
  RequestObserver() = default;
  RequestObserver(const RequestObserver&) = delete;
  RequestObserver& operator=(const RequestObserver&) = delete;
  virtual ~RequestObserver() = default;
  /// The arrival's input is as far filled as it could be decoded; its output counts where `call` is ok, its
  /// failure where not.
  virtual void on_request(const Arrival& arrival, const Caller& caller, const Call& call) = 0;
};

/// How a service words the refusals that are not any operation's own.
struct Dialect {
  Failure throttled{};
  std::string_view validation_code{};
  std::string_view malformed_code{};  ///< of what cannot be read at all; empty: the same
};

class Service {
 public:
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  /// Runs one request through the pipeline at `now`, which never decreases. True: the output is filled.
  bool perform(const Arrival& arrival, Instant now) {
    Caller caller;
    const bool ok = decide(arrival, now, caller);
    if (!ok && !rewordings_.empty()) [[unlikely]]
      rewordings_.apply(arrival.failure);
    record(arrival, now, caller, ok);
    return ok;
  }

  /// Records a request that a stub answered in the service's place (stubs.hpp), and charges it: to the quota
  /// of whoever it comes from as far as that can be told, whether or not there is room. Nothing is decoded,
  /// authorized or done, and no fault strikes; RequestObservers hear nothing, since the service saw nothing.
  /// Of the arrival only the operation and whose it is count; `answered` has status, outcome and code.
  void stand_aside(const Arrival& arrival, Instant now, const Failure& answered) {
    Caller caller;
    caller.region = ledger_.region_name(arrival.region);
    caller.origin = arrival.origin;
    if (arrival.operation.is_signed && authenticate(arrival, now, caller)) {
      static_cast<void>(quotas_.admit(charged_to(caller), arrival.operation, now));
    }
    arrival.failure = answered;
    Call call = call_of(arrival, now, caller, false);
    call.stubbed = true;
    ledger_.record(call);
  }

  [[nodiscard]] api::Service id() const { return id_; }
  [[nodiscard]] Quotas& quotas() { return quotas_; }
  [[nodiscard]] const Quotas& quotas() const { return quotas_; }
  [[nodiscard]] Rewordings& rewordings() { return rewordings_; }
  /// The observer hears of every request from now on; it outlives the service or is told off before.
  void listen(RequestObserver& observer) { observers_.push_back(&observer); }
  void unlisten(RequestObserver& observer) { std::erase(observers_, &observer); }

 protected:
  /// What a fake does with one operation.
  struct Behaviour {
    std::optional<Failure> (*check)(Service& fake, const void* input);
    bool (*authorize)(Service& fake, const void* input, const Caller& caller, Instant now, Failure& failure);
    bool (*behave)(Service& fake, const void* input, const Caller& caller, Instant now, void* output,
                   Failure& failure);
  };

  Service(api::Service id, Ledger& ledger, Faults& faults, Dialect dialect,
          std::span<const Behaviour> behaviours, Quotas quotas)
      : id_(id),
        ledger_(ledger),
        faults_(faults),
        dialect_(std::move(dialect)),
        behaviours_(behaviours),
        quotas_(std::move(quotas)) {}

  /// Fills `caller`, or the failure. Charges nothing.
  virtual bool authenticate(const Arrival& arrival, Instant now, Caller& caller) = 0;

  /// The behaviours of `Fake` for its operations, in their dense order. `check` and `authorize` are called
  /// where the fake has overloads for them.
  template <class Fake, class... Ops>
  static constexpr auto behaviours_of(api::Operations<Ops...> /*operations*/) {
    return std::array{Behaviour{.check = check_of<Fake, Ops>,
                                .authorize = authorize_of<Fake, Ops>,
                                .behave = behave_of<Fake, Ops>}...};
  }

  [[nodiscard]] Ledger& ledger() { return ledger_; }
  /// Lets answers other than 200 use up no quota: it is charged once the outcome is known.
  void charge_successes_only() { charges_failures_ = false; }
  /// Says what kind of address the call at hand is about, for its journal entry.
  void note_subject(AddressClass kind) { subject_ = kind; }

 private:
  template <class Fake, class Op>
  static std::optional<Failure> check_of(Service& fake, const void* input) {
    const auto& request = *static_cast<const Op*>(input);
    if constexpr (requires(Fake& own) { own.check(request); }) {
      return static_cast<Fake&>(fake).check(request);
    } else {
      return std::nullopt;
    }
  }
  template <class Fake, class Op>
  static bool authorize_of(Service& fake, const void* input, const Caller& caller, Instant now,
                           Failure& failure) {
    const auto& request = *static_cast<const Op*>(input);
    if constexpr (requires(Fake& own) { own.authorize(request, caller, now, failure); }) {
      return static_cast<Fake&>(fake).authorize(request, caller, now, failure);
    } else {
      return true;
    }
  }
  template <class Fake, class Op>
  static bool behave_of(Service& fake, const void* input, const Caller& caller, Instant now, void* output,
                        Failure& failure) {
    const auto& request = *static_cast<const Op*>(input);
    auto& answer = *static_cast<typename Op::Output*>(output);
    bool ok = true;
    if constexpr (requires(Fake& own) { own.on(request, caller, now, answer, failure); }) {
      ok = static_cast<Fake&>(fake).on(request, caller, now, answer, failure);
    } else {
      auto result = static_cast<Fake&>(fake).on(request, caller, now);
      ok = result.ok();
      if (ok) {
        answer = std::move(*result);
      } else {
        failure = std::move(result).failure();
      }
    }
    // A fake that counts its answers has an overload for it.
    if constexpr (requires(Fake& own) { own.answered(api::operation_of<Op>, caller, now, ok); }) {
      static_cast<Fake&>(fake).answered(api::operation_of<Op>, caller, now, ok);
    }
    return ok;
  }

  bool decide(const Arrival& arrival, Instant now, Caller& caller) {
    const api::Operation& operation = arrival.operation;
    if (!faults_.empty()) {
      if (const Fault* fault = faults_.strike(api::to_text(id_), operation.name, now, ledger_.calls())) {
        if (arrival.delay != nullptr) *arrival.delay += fault->delay;
        if (fault->failure.outcome != Outcome::ok) {
          arrival.failure = fault->failure;
          return false;
        }
      }
    }
    caller.region = ledger_.region_name(arrival.region);
    caller.origin = arrival.origin;
    if (operation.is_signed && !authenticate(arrival, now, caller)) return false;
    if (operation.is_signed && !quotas_.admit(charged_to(caller), operation, now, charges_failures_)) {
      arrival.failure = dialect_.throttled;
      return false;
    }
    const bool is_ok = operate(arrival, caller, now);
    if (!charges_failures_ && operation.is_signed && is_ok)
      quotas_.charge(charged_to(caller), operation, now);
    return is_ok;
  }

  /// What follows once a call is let in.
  bool operate(const Arrival& arrival, const Caller& caller, Instant now) {
    const Behaviour& behaviour = behaviours_[arrival.operation.index];
    if (!decode(arrival)) return false;
    if (auto refusal = behaviour.check(*this, arrival.input)) {
      arrival.failure = std::move(*refusal);
      return false;
    }
    return behaviour.authorize(*this, arrival.input, caller, now, arrival.failure) &&
           behaviour.behave(*this, arrival.input, caller, now, arrival.output, arrival.failure);
  }

  /// Reads the message, if it is one, and holds the input against its constraints: those alone when the call
  /// is typed.
  bool decode(const Arrival& arrival) {
    if (arrival.decode == nullptr) {
      auto violation = aws::violation(arrival.operation.input, arrival.input);
      return !violation || refuse(arrival, std::move(*violation));
    }
    aws::Read read = arrival.decode(arrival.message, arrival.input);
    if (read.malformed) {
      refuse(arrival, std::move(*read.malformed));
      if (!dialect_.malformed_code.empty()) arrival.failure.code = dialect_.malformed_code;
      return false;
    }
    if (!read.unknown.empty()) {
      return refuse(arrival, std::string{arrival.operation.name} + " does not model '" +
                                 read.unknown.front() + "' yet; the fake refuses it rather than ignore it");
    }
    if (auto violation = aws::violation(arrival.operation.input, arrival.input, read)) {
      return refuse(arrival, std::move(*violation));
    }
    return true;
  }
  bool refuse(const Arrival& arrival, std::string message) const {
    arrival.failure = {.outcome = Outcome::invalid,
                       .status = 400,
                       .code = std::string{dialect_.validation_code},
                       .message = std::move(message)};
    return false;
  }

  /// The account in its Region, or the key.
  [[nodiscard]] Name charged_to(const Caller& caller) {
    return caller.kind == CallerKind::key ? caller.account
                                          : ledger_.quota_account(caller.account, caller.region);
  }

  [[nodiscard]] Call call_of(const Arrival& arrival, Instant now, const Caller& caller, bool ok) {
    Call call{.at = now,
              .event = arrival.attribution.event,
              .operation = ledger_.name_of(arrival.operation),
              .principal = caller.principal,
              .account = charged_to(caller),
              .detection = arrival.attribution.detection,
              .site = ledger_.site_of(arrival.attribution),
              .status = 200,
              .outcome = Outcome::ok,
              .attempt = arrival.attribution.attempt,
              .function = arrival.attribution.function,
              .subject = std::exchange(subject_, AddressClass::missing)};
    if (!ok) {
      call.outcome = arrival.failure.outcome;
      call.status = static_cast<std::uint16_t>(arrival.failure.status);
      call.code = ledger_.names().intern(arrival.failure.code);
    }
    return call;
  }
  void record(const Arrival& arrival, Instant now, const Caller& caller, bool ok) {
    const Call call = call_of(arrival, now, caller, ok);
    ledger_.record(call);
    for (RequestObserver* observer : observers_) observer->on_request(arrival, caller, call);
  }

  api::Service id_;
  Ledger& ledger_;
  Faults& faults_;
  Dialect dialect_;
  std::span<const Behaviour> behaviours_;
  Quotas quotas_;
  Rewordings rewordings_;
  std::vector<RequestObserver*> observers_;
  AddressClass subject_{AddressClass::missing};
  bool charges_failures_{true};
};

}  // namespace rushhour::fakes
