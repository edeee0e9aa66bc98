/// \file
/// What the tests of clients.hpp share: a test bench whose context is that of a thread of Python, on every
/// tier. It tests nothing itself.
#pragma once

#include <rushhour/panther/clients.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/test_bench.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/panther/virtual_time.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {

/// A world, and Python code whose calls reach it.
class ClientsBench {
 public:
  explicit ClientsBench(ClientTier tier = ClientTier::api, fakes::TestBenchOptions options = {})
      : bench(std::move(options)),
        time_(bench.clock),
        thread(test_host()),
        clients(thread, {.world = &bench.world()}) {
    thread.set_context(&bench.context());
    use(tier);
  }

  void use(ClientTier tier) {
    ClientRoute route{.tier = tier, .world = &bench.world()};
    if (tier == ClientTier::wire) {
      if (!server_) {
        door_.emplace(bench.world());
        server_ = std::make_unique<http::Server>(*door_, http::ServerOptions{.clock = &bench.clock});
      }
      route.port = server_->port();
    }
    clients.set_route(route);
  }

  /// repr() of what `rule()` returns in a module of this source, or `Type: message` of what it raised. `ROLE`
  /// and `KEY` in it stand for the customer's role and VirusTotal's key.
  std::string run(std::string source) {
    replace(source, "ROLE", "'" + bench.panther.customer_role_arn + "'");
    replace(source, "KEY", "'" + bench.panther.options.api_key + "'");
    thread.set_context(&bench.context());
    const Inside inside{thread};
    try {
      return repr(call(module_of(source), "rule"));
    } catch (const PythonError& error) {
      return error.what();
    }
  }

  [[nodiscard]] api::Session& session() { return bench.context().session(); }

  fakes::TestBench bench;

 private:
  static void replace(std::string& text, const std::string& word, const std::string& by) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
      text.replace(at, word.size(), by);
    }
  }

  VirtualTime time_;
  std::optional<fakes::FrontDoor> door_{};
  std::unique_ptr<http::Server> server_{};

 public:
  PythonThread thread;
  Clients clients;
};

/// The seed's helper and look-up, as Panther's guide has them.
inline const std::string guide = R"(
import boto3
import requests

def get_aws_credentials():
    sts_client = boto3.client("sts")
    assumed_role_object = sts_client.assume_role(RoleArn=ROLE, RoleSessionName="AssumeRoleSession1")
    return assumed_role_object["Credentials"]

def get_stored_secret(assumed_role_obj, sec_id):
    client = boto3.client(
        "secretsmanager",
        region_name="us-east-1",
        aws_access_key_id=assumed_role_obj["AccessKeyId"],
        aws_secret_access_key=assumed_role_obj["SecretAccessKey"],
        aws_session_token=assumed_role_obj["SessionToken"],
    )
    return client.get_secret_value(SecretId=sec_id)

def report(address):
    secret = get_stored_secret(get_aws_credentials(), "panther-secrets/virus-total")
    headers = {"x-apikey": secret.get("SecretString"), "Content-Type": "application/json"}
    return requests.get(f"https://www.virustotal.com/api/v3/ip_addresses/{address}", headers=headers)
)";

}  // namespace rushhour::panther
