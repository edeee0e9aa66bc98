#include <rushhour/fakes/gtest.hpp>

using namespace rushhour;
using api::secretsmanager::GetSecretValue;
using api::sts::AssumeRole;
using api::virustotal::GetIpAddress;
using ::testing::AllOf;
using ::testing::Contains;

// A detection of yours: somebody read a secret. The alert carries what VirusTotal knows of the address.
struct SecretRead {
  std::string role_arn;

  std::string name() const { return "AWS.SecretsManager.SecretRead"; }

  bool rule(const event::Event& event, detect::Context&) {
    return event.get("eventName") == "GetSecretValue";
  }

  detect::AlertContext alert_context(const event::Event& event, detect::Context& context) {
    auto sts = context.sts();
    auto role = sts(AssumeRole{.role_arn = role_arn, .role_session_name = "SecretRead"}).value();
    auto secrets = context.secretsmanager(role.credentials);
    auto key = secrets(GetSecretValue{.secret_id = "panther-secrets/virus-total"}).value();
    auto virustotal = context.virustotal(key.secret_string);
    auto report = virustotal(GetIpAddress{.ip = std::string{event.udm("source_ip").text_or("")}}).value();
    return detect::AlertContext::mapping(R"({"malicious":)" +
                                         std::to_string(report.last_analysis_stats.malicious) + "}");
  }
};

// Its unit test: the guide's two accounts, the secret and VirusTotal's public quota, all faked, on a clock of
// its own.
using SecretReadTest = fakes::DetectionTest;
constexpr auto secret_read = R"({"eventName": "GetSecretValue", "sourceIPAddress": "35.216.199.51"})";

TEST_F(SecretReadTest, EnrichesItsAlertWithOneLookUp) {
  SecretRead detection{panther.customer_role_arn};

  EXPECT_THAT(evaluate(detection, cloudtrail_event(secret_read)), Alerts(Intact()));

  EXPECT_THAT(calls(), Called("sts:AssumeRole", 1));
  EXPECT_THAT(calls(), Called("secretsmanager:GetSecretValue", 1));
  EXPECT_THAT(calls(), Called("virustotal:ip_addresses", 1));
}

TEST_F(SecretReadTest, DegradesItsFifthAlertWithinAMinute) {
  SecretRead detection{panther.customer_role_arn};
  const auto another_read = [&] { return evaluate(detection, cloudtrail_event(secret_read)); };
  for (int i = 0; i < 4; ++i) EXPECT_THAT(another_read(), Alerts(Intact()));

  EXPECT_THAT(another_read(), Alerts(Degraded()));
  EXPECT_THAT(calls(), Contains(AllOf(CallTo("virustotal:ip_addresses"), Throttled())));

  advance(std::chrono::minutes{1});
  EXPECT_THAT(another_read(), Alerts(Intact()));
}
