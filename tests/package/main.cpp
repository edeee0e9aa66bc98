// What a user of the package writes: a detection, and its unit test in plain C++, without a framework and
// without a network. One include brings the fakes of STS, Secrets Manager and VirusTotal.
#include <rushhour/fakes/test_bench.hpp>

// Not used here: where all is header-only, its bodies and those above are in one file.
#include <rushhour/fakes/admin.hpp>

#include <cstdio>
#include <string>

using namespace rushhour;

// Somebody read a secret: the alert says what VirusTotal knows of the address.
struct SecretRead {
  std::string role_arn;

  std::string name() const { return "AWS.SecretsManager.SecretRead"; }
  bool rule(const event::Event& event, detect::Context&) {
    return event.get("eventName") == "GetSecretValue";
  }
  detect::AlertContext alert_context(const event::Event& event, detect::Context& context) {
    auto sts = context.sts();
    auto role = sts(api::sts::AssumeRole{.role_arn = role_arn, .role_session_name = "SecretRead"}).value();
    auto secrets = context.secretsmanager(role.credentials);
    auto key =
        secrets(api::secretsmanager::GetSecretValue{.secret_id = "panther-secrets/virus-total"}).value();
    auto virustotal = context.virustotal(key.secret_string);
    std::string address{event.udm("source_ip").text_or("")};
    auto owner = virustotal(api::virustotal::GetIpAddress{.ip = address}).value().as_owner.value_or("nobody");
    return detect::AlertContext::mapping(R"({"owner":")" + owner + "\"}");
  }
};

int main() {
  fakes::TestBench bench;
  SecretRead detection{bench.panther.customer_role_arn};
  const auto alert = [&] {
    const char* read = R"({"eventName": "GetSecretValue", "sourceIPAddress": "35.216.199.51"})";
    return bench.evaluate(detection, bench.cloudtrail_event(read)).alert.value();
  };
  int failed = 0;
  const auto check = [&failed](const char* what, bool holds) {
    std::printf("%s: %s\n", holds ? "passed" : "FAILED", what);
    failed += holds ? 0 : 1;
  };

  check("an alert carries the owner of the address", alert().context.json() == R"({"owner":"GOOGLE"})");
  check("for one AssumeRole", bench.calls().count("sts:AssumeRole") == 1);
  check("and one GetSecretValue", bench.calls().count("secretsmanager:GetSecretValue") == 1);

  for (int i = 0; i < 3; ++i) check("so does one of the next three", !alert().is_degraded());
  check("the fifth look-up within a minute is refused", alert().is_degraded());
  bench.advance(std::chrono::minutes{1});
  check("and a minute later all is well", !alert().is_degraded());

  if (failed != 0) std::printf("%s", to_text(bench.calls()).c_str());
  return failed == 0 ? 0 : 1;
}
