/// \file
/// A world behind its front door, and the messages that tests send to it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>

namespace rushhour::fakes {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
inline http::Request form(std::string body) {
  return {.method = "POST", .headers = {{"Content-Type", std::string{form_type}}}, .body = std::move(body)};
}

constexpr const char* who_am_i = "Action=GetCallerIdentity&Version=2011-06-15";
constexpr std::string_view uuid = "[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+";

class FrontDoorTest : public testing::Test {
 protected:
  explicit FrontDoorTest(PantherWorldOptions options = {}) : panther(std::move(options)) {
    engine = panther.engine_session(now).credentials;
  }

  struct Target {
    std::string host{"sts.us-east-1.amazonaws.com"};
    std::string service{"sts"};  ///< to sign for
    std::string region{"us-east-1"};
  };
  http::Response ask(const http::Request& request) {
    http::OpenGate gate{now};
    return door.handle(request, gate);
  }
  http::Response ask_signed(http::Request request, const Target& target) {
    request.set_header("Host", target.host);
    aws::sign(request, engine, {target.region, target.service}, signed_at);
    return ask(request);
  }
  http::Response ask_sts(std::string body, const Target& target) {
    return ask_signed(form(std::move(body)), target);
  }
  http::Response ask_sts(std::string body) { return ask_sts(std::move(body), Target{}); }
  http::Response ask_secrets(std::string operation, std::string body) {
    return ask_signed({.method = "POST",
                       .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                   {"X-Amz-Target", "secretsmanager." + std::move(operation)}},
                       .body = std::move(body)},
                      {.host = "secretsmanager.us-east-1.amazonaws.com", .service = "secretsmanager"});
  }
  http::Response ask_virustotal(std::string target, http::Headers headers) {
    return ask({.target = std::move(target), .headers = std::move(headers)});
  }
  http::Response ask_virustotal(std::string target) {
    return ask_virustotal(std::move(target), {{"x-apikey", PantherWorldOptions{}.api_key}});
  }
  [[nodiscard]] Call last_call() const { return panther.world.journal().calls().back(); }
  [[nodiscard]] std::string_view text(Name name) const { return panther.world.ledger.names().text(name); }

  PantherWorld panther;
  Instant now = panther.world.options.start + std::chrono::hours{14} + std::chrono::milliseconds{250};
  Instant signed_at = now;
  aws::Credentials engine;
  FrontDoor door{panther.world};
};

inline std::string code_of(const http::Response& response) {
  std::string_view rest = response.body;
  for (const auto& [before, after] :
       {std::pair{"<Code>", "<"}, {"\"__type\":\"", "\""}, {"\"code\": \"", "\""}}) {
    if (const auto at = rest.find(before); at != std::string_view::npos) {
      rest.remove_prefix(at + std::string_view{before}.size());
      return std::string{rest.substr(0, rest.find(after))};
    }
  }
  return {};
}

}  // namespace rushhour::fakes
