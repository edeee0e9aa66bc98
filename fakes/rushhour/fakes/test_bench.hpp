/// \file
/// Everything that a detection needs in a unit test, without any test framework: the guide's world, a clock
/// that moves when told, a context, events from JSON text. The fixture for GoogleTest is gtest.hpp; load is
/// for sim/simulation.hpp. It is the one header of the fakes that knows detections: where the two rooms meet.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <rushhour/api/client.hpp>
#include <rushhour/api/latency.hpp>
#include <rushhour/calls.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/detection.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct TestBenchOptions {
  PantherWorldOptions panther{};
  std::string retry_policy{"none"};  ///< of every client: a name in retry/policies.hpp
};

/// \code
///   fakes::TestBench bench;
///   MyDetection detection{bench.panther.customer_role_arn};
///   const auto evaluation = bench.evaluate(detection, bench.cloudtrail_event(R"({"sourceIPAddress":
///   "8.8.8.8"})")); assert(evaluation.alert && bench.calls().count("sts:AssumeRole") == 1);
/// \endcode
class TestBench {
 public:
  using Options = TestBenchOptions;

  explicit TestBench(Options options = {})
      : panther(std::move(options.panther)),
        clock(panther.world.options.start),
        engine_(panther.world.iam, panther.engine_role_arn, "panther-rules-engine"),
        unit_tests_(panther.world.iam, panther.unit_tests_role_arn, "panther-unit-tests"),
        session_{.endpoint = &panther.world, .clock = &clock, .latencies = &latencies},
        events_(panther.world.random.stream("test_bench.events")) {
    use_retry_policy(options.retry_policy);
  }
  TestBench(const TestBench&) = delete;
  TestBench& operator=(const TestBench&) = delete;
  ~TestBench() = default;

  PantherWorld panther;
  VirtualClock clock;
  api::Latencies latencies{};  ///< of the answers; zero unless set

  [[nodiscard]] World& world() { return panther.world; }
  [[nodiscard]] Calls calls() const { return panther.world.calls(); }
  void advance(Duration length) { clock.advance(length); }

  // ---- What runs: a detection, in its context, on an event ----

  /// What detections get: clients with the credentials of the engine's role, unless run_as_unit_tests() said
  /// otherwise.
  [[nodiscard]] detect::Context& context() { return *context_; }
  void run_as_engine() { make_context(engine_); }
  void run_as_unit_tests() { make_context(unit_tests_); }
  /// Of all clients from now on, with a memory of its own for each service. Throws InputError when there is
  /// none of that name.
  void use_retry_policy(std::string_view name, retry::Settings settings = {}) {
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      settings.service = to_text(static_cast<api::Service>(i));
      policies_[i] = retry::make(name, settings);
    }
    make_context(*provider_);
  }

  /// A record of AWS CloudTrail that arrives now; `udm("source_ip")` and the like work. Throws InputError
  /// when the text is no JSON object.
  [[nodiscard]] event::Event cloudtrail_event(std::string_view json) {
    return event::from_json(json, header(event::cloudtrail::log_type, &cloudtrail_model_));
  }
  /// A record of another log type, a literal, without a data model.
  [[nodiscard]] event::Event log_event(std::string_view json, std::string_view log_type) {
    return event::from_json(json, header(log_type, nullptr));
  }

  /// Runs the detection's functions on the event, in the engine's order. Its calls are journalled under its
  /// name.
  template <detect::IsDetection D>
  [[nodiscard]] detect::Evaluation evaluate(D& detection, const event::Event& event) {
    session_.attribution = {.detection = panther.world.ledger.names().intern(detection.name()),
                            .event = event.id()};
    session_.random = events_.part(event.id());
    session_.draws = 0;
    detect::Evaluation evaluation = detect::evaluate(detection, event, *context_);
    session_.attribution = {};
    return evaluation;
  }

  // ---- Clients for a test's own calls ----

  [[nodiscard]] const aws::Credentials& engine_credentials() {
    return std::get<aws::Credentials>(engine_.identity(clock.now()));
  }
  [[nodiscard]] const aws::Credentials& unit_tests_credentials() {
    return std::get<aws::Credentials>(unit_tests_.identity(clock.now()));
  }

  [[nodiscard]] api::Client sts() { return sts(engine_credentials()); }
  [[nodiscard]] api::Client sts(api::Identity identity) {
    return client(api::Service::sts, std::move(identity));
  }
  [[nodiscard]] api::Client secretsmanager(api::Identity identity) {
    return client(api::Service::secretsmanager, std::move(identity));
  }
  /// With credentials that STS gave.
  [[nodiscard]] api::Client secretsmanager(const api::sts::Credentials& assumed) {
    return context_->secretsmanager(assumed);
  }
  /// With the credentials of the engine's role.
  [[nodiscard]] api::Client dynamodb() { return dynamodb(engine_credentials()); }
  [[nodiscard]] api::Client dynamodb(api::Identity identity) {
    return client(api::Service::dynamodb, std::move(identity));
  }
  [[nodiscard]] api::Client virustotal(std::string api_key) {
    return client(api::Service::virustotal, api::ApiKey{std::move(api_key)});
  }

 private:
  [[nodiscard]] aws::Credentials credentials_of(RoleCredentials& role) {
    return std::get<aws::Credentials>(role.identity(clock.now()));
  }
  [[nodiscard]] api::Client client(api::Service service, api::Identity identity) {
    return {session_, std::move(identity), *policies_[static_cast<std::size_t>(service)]};
  }
  [[nodiscard]] event::EventHeader header(std::string_view log_type, const event::DataModel* model) {
    return {.id = ++events_made_,
            .arrival = clock.now(),
            .time = clock.now(),
            .log_type = log_type,
            .model = model};
  }
  void make_context(RoleCredentials& provider) {
    provider_ = &provider;
    detect::RetryPolicies policies{};
    for (std::size_t i = 0; i < policies.size(); ++i) policies[i] = policies_[i].get();
    context_.emplace(session_, provider, policies);
  }

  RoleCredentials engine_;
  RoleCredentials unit_tests_;
  RoleCredentials* provider_{&engine_};
  std::array<std::unique_ptr<retry::Policy>, api::service_count> policies_{};
  api::Session session_;
  Stream events_;
  std::uint64_t events_made_ = 0;
  event::DataModel cloudtrail_model_ = event::cloudtrail_data_model();
  std::optional<detect::Context> context_{};
};

}  // namespace rushhour::fakes
