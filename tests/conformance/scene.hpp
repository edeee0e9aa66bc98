/// \file
/// A world, a clock and a way in: what a behaviour of the conformance tables is asked on.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/api/in_memory.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/signed_http.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/server.hpp>

namespace rushhour::fakes::conformance {

enum class Way { direct, memory, wire };

[[nodiscard]] constexpr std::string_view to_text(Way way) {
  constexpr std::string_view texts[] = {"direct", "memory", "wire"};
  return texts[static_cast<std::size_t>(way)];
}

inline void PrintTo(Way way, std::ostream* out) { *out << to_text(way); }

/// A world, a clock, and one way in. What is called is written down, outputs as JSON.
class Scene {
 public:
  Scene(Way way, PantherWorldOptions options)
      : panther_(std::move(options)), clock_(panther_.world.options.start) {
    clock_.advance(std::chrono::hours{1});
    switch (way) {
      case Way::direct:
        break;
      case Way::memory:
        endpoint_ = std::make_unique<api::InMemory>(door_, names_);
        break;
      case Way::wire:
        server_ =
            std::make_unique<http::Server>(door_, http::ServerOptions{.clock = &clock_, .connections = 2});
        endpoint_ = std::make_unique<api::SignedHttp>(server_->port(), names_);
        break;
    }
  }

  template <api::IsOperation Op>
  Result<typename Op::Output> call(const Op& request, const api::Identity& identity) {
    return call_at({}, request, identity);
  }
  /// In a Region, or at STS's global endpoint.
  template <api::IsOperation Op>
  Result<typename Op::Output> call_at(std::string_view region, const Op& request,
                                      const api::Identity& identity) {
    typename Op::Output output{};
    Failure failure;
    // A table of its own: a client knows nothing of the numbers in the world's.
    Names& names = endpoint_ ? names_ : panther_.world.ledger.names();
    const api::Attribution attribution{
        .detection = names.intern("AWS.VirusTotal; Enrichment"),
        .event = ++calls_,
        .attempt = 2,
        .function = calls_ % 2 == 0 ? Function::unknown : Function::alert_context};
    Duration delay{};
    const bool ok = endpoint().perform(
        {api::operation_of<Op>, &request, &output, identity, attribution, failure, &delay, region}, now());
    if (delay != Duration::zero()) transcript += "after " + rushhour::to_text(delay) + ": ";
    if (!ok) {
      transcript += rushhour::to_text(failure) + "\n";
      return failure;
    }
    if constexpr (Op::service == api::Service::virustotal) {
      api::virustotal::append_answer(transcript, output);
    } else {
      aws::append_json(transcript, api::operation_of<Op>.output, &output);
    }
    transcript += '\n';
    return output;
  }

  /// The world as seen from inside the gate, where a server's threads look at it: `scene.inside()->world`.
  /// Once in an expression, and in none that calls.
  struct Inside {
    std::optional<http::Gate::Entry> entry;
    PantherWorld& panther;
    PantherWorld* operator->() { return &panther; }
  };
  [[nodiscard]] Inside inside() {
    return {server_ ? std::optional{server_->gate().enter()} : std::nullopt, panther_};
  }
  void advance(Duration length) {
    const Inside gate = inside();
    clock_.advance(length);
  }
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] api::Endpoint& endpoint() {
    return endpoint_ ? *endpoint_ : static_cast<api::Endpoint&>(panther_.world);
  }

  [[nodiscard]] api::Identity engine() { return inside()->engine_session(now()).credentials; }
  [[nodiscard]] api::Identity unit_tests() { return inside()->unit_tests_session(now()).credentials; }
  [[nodiscard]] static api::Identity key() { return api::ApiKey{PantherWorldOptions{}.api_key}; }
  [[nodiscard]] api::sts::AssumeRole assume() const {
    return {.role_arn = panther_.customer_role_arn, .role_session_name = "rule-1"};
  }
  /// The customer's role, assumed by the engine.
  [[nodiscard]] api::Identity customer() {
    const auto answer = call(assume(), engine());
    const api::sts::Credentials& made = answer.value().credentials;
    return aws::Credentials{made.access_key_id, made.secret_access_key, made.session_token};
  }
  [[nodiscard]] const std::string& secret_arn() const { return panther_.secret_arn; }
  [[nodiscard]] api::secretsmanager::GetSecretValue get() const {
    return {.secret_id = panther_.secret_name};
  }

  [[nodiscard]] std::string journal() {
    const Inside gate = inside();
    const Names& names = panther_.world.ledger.names();
    std::string out;
    for (const Call& call : panther_.world.journal().calls()) {
      out += to_iso8601(call.at, Precision::nanoseconds);
      for (const Name name : {call.operation, call.principal, call.account, call.detection, call.code}) {
        out += " | ";
        out += names.text(name);
      }
      out += " | " + std::to_string(call.event) + " | " + std::to_string(call.attempt) + " | " +
             std::to_string(call.status) + " | " + std::string{rushhour::to_text(call.outcome)} + " | " +
             std::string{rushhour::to_text(call.function)} + " | " +
             std::to_string(static_cast<int>(call.subject)) + "\n";
    }
    return out;
  }

  std::string transcript;

 private:
  PantherWorld panther_;
  VirtualClock clock_;
  Names names_;
  FrontDoor door_{panther_.world};
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<api::Endpoint> endpoint_;
  std::uint64_t calls_ = 0;
};

[[nodiscard]] inline Failure failure(Outcome outcome, int status, std::string_view code,
                                     std::string_view message) {
  return {.outcome = outcome, .status = status, .code = std::string{code}, .message = std::string{message}};
}

}  // namespace rushhour::fakes::conformance
