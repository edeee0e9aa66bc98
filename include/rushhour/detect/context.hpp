/// \file
/// What a detection may use beside the event: the clock, random numbers, and clients of the services. Where
/// the calls go, and how long they take, is decided by whoever runs the detection.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/api/credential_provider.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/detect/helper_modules.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// One policy a service, as each client library has its own.
using RetryPolicies = std::array<retry::Policy*, api::service_count>;

/// Makes the policy of a new client of a service.
using MakePolicy = std::function<std::unique_ptr<retry::Policy>(api::Service)>;

/// What a helper module keeps of the event that its container looks at.
class EventKeeper {
 public:
  EventKeeper() = default;
  EventKeeper(const EventKeeper&) = delete;
  EventKeeper& operator=(const EventKeeper&) = delete;
  virtual ~EventKeeper() = default;
  /// The container is done with the event, which still is as it was.
  virtual void forget_event() = 0;
};

class Context {
 public:
  /// While it lives, the container's detections look at one event, one after the other: what they keep of it
  /// for each other is kept until then.
  class EventScope {
   public:
    explicit EventScope(Context& context) : context_(context) { context_.is_in_event_ = true; }
    EventScope(const EventScope&) = delete;
    EventScope& operator=(const EventScope&) = delete;
    ~EventScope() {
      context_.is_in_event_ = false;
      if (context_.keeper_ != nullptr) [[unlikely]]
        context_.keeper_->forget_event();
    }

   private:
    Context& context_;
  };

  /// All of them outlive the context. Clients share `policies`, as clients that a module keeps do; with
  /// `make_policy`, each has one of its own, as `boto3.client()` inside a rule makes it, and whatever a
  /// policy remembers is forgotten after one call.
  Context(api::Session& session, api::CredentialProvider& provider, const RetryPolicies& policies,
          const MakePolicy* make_policy = nullptr)
      : session_(session), provider_(provider), policies_(policies), make_policy_(make_policy) {}

  [[nodiscard]] Clock& clock() { return *session_.clock; }
  /// 64 uniform bits, the same for this event whatever other events do.
  [[nodiscard]] std::uint64_t random() { return session_.next_random(); }
  /// What outlives a reload of the rules.
  [[nodiscard]] HelperModules& helpers() { return helpers_; }
  /// What its clients are made of, for who makes them for code that is not C++ (panther/clients.hpp): whose
  /// calls they are, the code's own credentials, and how a client of a service tries again.
  [[nodiscard]] api::Session& session() { return session_; }
  [[nodiscard]] const api::Identity& identity() { return provider_.identity(session_.clock->now()); }
  [[nodiscard]] retry::Policy& policy(api::Service service) {
    return *policies_[static_cast<std::size_t>(service)];
  }
  /// The policy of a client that has one of its own; null: all clients of the service share policy().
  [[nodiscard]] std::unique_ptr<retry::Policy> own_policy(api::Service service) {
    return make_policy_ != nullptr && policy(service).keeps_state() ? (*make_policy_)(service) : nullptr;
  }
  /// The one helper module that is told when the container is done with an event; it lives in helpers().
  void set_event_keeper(EventKeeper* keeper) { keeper_ = keeper; }
  /// Whether somebody tells it: without, nothing of an event may be kept beyond one detection.
  [[nodiscard]] bool is_in_event() const { return is_in_event_; }
  /// Says which function of the detection runs now, for whoever attributes its calls.
  void enter(Function function) { session_.attribution.function = function; }
  [[nodiscard]] Function function() const { return session_.attribution.function; }

  /// An STS client with the code's own credentials, as `boto3.client("sts")` makes it.
  [[nodiscard]] api::Client sts() {
    return client(api::Service::sts, std::cref(provider_.identity(session_.clock->now())));
  }
  /// A Secrets Manager client with the credentials of an assumed role.
  /// \param region  where it calls; its text outlives the client. Empty: where the code runs
  [[nodiscard]] api::Client secretsmanager(api::sts::Credentials assumed, std::string_view region = {}) {
    return client(
        api::Service::secretsmanager,
        api::Identity{aws::Credentials{std::move(assumed.access_key_id), std::move(assumed.secret_access_key),
                                       std::move(assumed.session_token)}},
        region);
  }
  /// A DynamoDB client with the code's own credentials, as the helpers of Panther's key-value store make it.
  [[nodiscard]] api::Client dynamodb() {
    return client(api::Service::dynamodb, std::cref(provider_.identity(session_.clock->now())));
  }
  /// Calls to VirusTotal with a key, as `requests.get` with an `x-apikey` header makes them.
  [[nodiscard]] api::Client virustotal(std::string api_key) {
    return client(api::Service::virustotal, api::Identity{api::ApiKey{std::move(api_key)}});
  }

 private:
  template <class Identity>
  [[nodiscard]] api::Client client(api::Service service, Identity identity, std::string_view region = {}) {
    bool& made = made_[static_cast<std::size_t>(service)];
    if (make_policy_ != nullptr || !made) ++session_.clients_made;
    made = true;
    retry::Policy& shared = *policies_[static_cast<std::size_t>(service)];
    if (make_policy_ == nullptr || !shared.keeps_state())
      return {session_, std::move(identity), shared, region};
    return {session_, std::move(identity), (*make_policy_)(service), region};
  }

  api::Session& session_;
  api::CredentialProvider& provider_;
  RetryPolicies policies_;
  const MakePolicy* make_policy_;
  std::array<bool, api::service_count> made_{};  ///< clients that are kept
  EventKeeper* keeper_{};
  bool is_in_event_{};
  HelperModules helpers_;
};

}  // namespace rushhour::detect
