#include <rushhour/event/ecs.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/event/json.hpp>
#include <rushhour/event/user_agent.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event {
namespace {

using nlohmann::json;

const Instant arrival = *parse_iso8601("2026-03-02T14:00:07.345Z");

/// Records in the shape of recorded ones; names, ids and addresses are invented.
json identity(std::string_view type) {
  if (type == "IAMUser") {
    return {{"type", "IAMUser"},
            {"principalId", "AIDAEXAMPLEADA"},
            {"arn", "arn:aws:iam::111122223333:user/ada"},
            {"accountId", "111122223333"},
            {"accessKeyId", "AKIAEXAMPLEADA"},
            {"userName", "ada"}};
  }
  if (type == "AssumedRole") {
    return {{"type", "AssumedRole"},
            {"principalId", "AROAEXAMPLEBILLING:botocore-session-1772459000"},
            {"arn", "arn:aws:sts::111122223333:assumed-role/billing/botocore-session-1772459000"},
            {"accountId", "111122223333"},
            {"accessKeyId", "ASIAEXAMPLEBILLING"},
            {"sessionContext",
             {{"sessionIssuer",
               {{"type", "Role"},
                {"principalId", "AROAEXAMPLEBILLING"},
                {"arn", "arn:aws:iam::111122223333:role/billing"},
                {"accountId", "111122223333"},
                {"userName", "billing"}}},
              {"webIdFederationData", json::object()},
              {"attributes", {{"creationDate", "2026-03-02T13:43:20Z"}, {"mfaAuthenticated", "false"}}}}}};
  }
  if (type == "Root") {
    return {{"type", "Root"},
            {"principalId", "111122223333"},
            {"arn", "arn:aws:iam::111122223333:root"},
            {"accountId", "111122223333"}};
  }
  if (type == "AWSAccount") {
    return {{"type", "AWSAccount"}, {"principalId", "AIDAEXAMPLEFOREIGN"}, {"accountId", "444455556666"}};
  }
  if (type == "AWSService") return {{"type", "AWSService"}, {"invokedBy", "ecs.amazonaws.com"}};
  return {{"type", "FederatedUser"},
          {"principalId", "111122223333:guest"},
          {"arn", "arn:aws:sts::111122223333:federated-user/guest"},
          {"accountId", "111122223333"},
          {"accessKeyId", "ASIAEXAMPLEGUEST"},
          {"sessionContext",
           {{"sessionIssuer",
             {{"type", "IAMUser"},
              {"principalId", "AIDAEXAMPLEADA"},
              {"arn", "arn:aws:iam::111122223333:user/ada"},
              {"accountId", "111122223333"},
              {"userName", "ada"}}},
            {"attributes", {{"creationDate", "2026-03-02T13:00:00Z"}, {"mfaAuthenticated", "false"}}}}}};
}

json record(std::string_view type = "IAMUser") {
  return {{"eventVersion", "1.09"},
          {"userIdentity", identity(type)},
          {"eventTime", "2026-03-02T14:00:03Z"},
          {"eventSource", "secretsmanager.amazonaws.com"},
          {"eventName", "GetSecretValue"},
          {"awsRegion", "us-east-1"},
          {"sourceIPAddress", "35.216.199.51"},
          {"userAgent", "aws-cli/2.17.1 md/awscrt#0.20.11 os/linux"},
          {"requestParameters", {{"secretId", "db-password"}, {"versionStage", "AWSCURRENT"}}},
          {"responseElements", nullptr},
          {"requestID", "0c1b0aa1-1111-4a4b-9d58-222233334444"},
          {"eventID", "7c9c5b2e-5555-4666-8777-888899990000"},
          {"readOnly", true},
          {"eventType", "AwsApiCall"},
          {"managementEvent", true},
          {"recipientAccountId", "777788889999"},
          {"eventCategory", "Management"},
          {"tlsDetails",
           {{"tlsVersion", "TLSv1.3"},
            {"cipherSuite", "TLS_AES_128_GCM_SHA256"},
            {"clientProvidedHostHeader", "secretsmanager.us-east-1.amazonaws.com"}}}};
}

json console_login(std::string_view answer, std::string_view mfa_used) {
  json login = record();
  login["eventSource"] = "signin.amazonaws.com";
  login["eventName"] = "ConsoleLogin";
  login["requestParameters"] = nullptr;
  login["responseElements"] = {{"ConsoleLogin", answer}};
  login["additionalEventData"] = {{"LoginTo", "https://console.aws.amazon.com/console/home"},
                                  {"MobileVersion", "No"},
                                  {"MFAUsed", mfa_used}};
  return login;
}

json with(json record, const std::string& pointer, const json& value) {
  record[json::json_pointer{pointer}] = value;
  return record;
}

/// The value of a field as JSON text; `-` for none.
std::string read(const json& record, std::string_view name, EcsOptions options = {}) {
  const EcsCloudTrail schema{options};
  const Event event = from_json(record.dump(), {.arrival = arrival});
  Arena scratch;
  const Value value = schema.field(name)->read(event, scratch);
  return value.is_null() ? "-" : to_json(value);
}
std::string filebeat(const json& record, std::string_view name) {
  return read(record, name, {.shape = EcsShape::filebeat});
}

struct Expected {
  std::string_view field;
  std::string fleet;
  std::string filebeat;
};
void expect_fields(const json& record, const std::vector<Expected>& rows) {
  for (const Expected& row : rows) {
    EXPECT_EQ(read(record, row.field), row.fleet) << row.field << " of Fleet";
    EXPECT_EQ(filebeat(record, row.field), row.filebeat) << row.field << " of Filebeat";
  }
}
void expect_both(const json& record, const std::vector<std::pair<std::string_view, std::string>>& rows) {
  for (const auto& [field, value] : rows) expect_fields(record, {{field, value, value}});
}

std::string milliseconds(std::string_view text) {
  return std::to_string(parse_iso8601(text)->time_since_epoch() / std::chrono::milliseconds{1});
}

TEST(EcsCloudTrail, RenamesTheFieldsOfEveryRecord) {
  expect_both(record(), {{"event.provider", R"("secretsmanager.amazonaws.com")"},
                         {"event.action", R"("GetSecretValue")"},
                         {"event.id", R"("7c9c5b2e-5555-4666-8777-888899990000")"},
                         {"event.kind", R"("event")"},
                         {"event.dataset", R"("aws.cloudtrail")"},
                         {"cloud.region", R"("us-east-1")"},
                         {"cloud.account.id", R"("111122223333")"},
                         {"source.address", R"("35.216.199.51")"},
                         {"user_agent.original", R"("aws-cli/2.17.1 md/awscrt#0.20.11 os/linux")"},
                         {"user_agent.name", R"("aws-cli")"},
                         {"aws.cloudtrail.event_type", R"("AwsApiCall")"},
                         {"aws.cloudtrail.event_version", R"("1.09")"},
                         {"aws.cloudtrail.recipient_account_id", R"("777788889999")"},
                         {"aws.cloudtrail.read_only", "true"},
                         {"aws.cloudtrail.management_event", R"("true")"}});
}

TEST(EcsCloudTrail, HasFieldsThatFilebeatDoesNotWrite) {
  json all = record();
  all["sessionCredentialFromConsole"] = "true";
  expect_fields(all, {{"data_stream.dataset", R"("aws.cloudtrail")", "-"},
                      {"aws.cloudtrail.request_id", R"("0c1b0aa1-1111-4a4b-9d58-222233334444")", "-"},
                      {"aws.cloudtrail.event_category", R"("Management")", "-"},
                      {"aws.cloudtrail.session_credential_from_console", R"("true")", "-"},
                      {"tls.cipher", R"("TLS_AES_128_GCM_SHA256")", "-"},
                      {"tls.client.server_name", R"("secretsmanager.us-east-1.amazonaws.com")", "-"},
                      {"tls.version", R"("1.3")", "-"},
                      {"tls.version_protocol", R"("tls")", "-"}});
}

TEST(EcsCloudTrail, CutsTheTlsVersionAtItsFirstV) {
  const auto of = [](std::string_view version) { return with(record(), "/tlsDetails/tlsVersion", version); };
  expect_fields(of("SSLv3-preview"),
                {{"tls.version", R"("3-preview")", "-"}, {"tls.version_protocol", R"("ssl")", "-"}});
  expect_fields(of("TLS 1.3"), {{"tls.version", "-", "-"}, {"tls.version_protocol", "-", "-"}});
}

TEST(EcsCloudTrail, ReadsRareFieldsOfARecord) {
  json rare = record();
  rare["apiVersion"] = "2017-10-17";
  rare["vpcEndpointId"] = "vpce-0a1b2c3d";
  rare["sharedEventID"] = "as CloudTrail writes it";
  rare["serviceEventDetails"] = {{"keyId", "k-1"}};
  rare["additionalEventData"] = {{"SignatureVersion", "SigV4"}};
  expect_both(rare, {{"aws.cloudtrail.api_version", R"("2017-10-17")"},
                     {"aws.cloudtrail.vpc_endpoint_id", R"("vpce-0a1b2c3d")"},
                     {"aws.cloudtrail.shared_event_id", "-"},
                     {"aws.cloudtrail.service_event_details", R"("{keyId=k-1}")"},
                     {"aws.cloudtrail.additional_eventdata", R"("{SignatureVersion=SigV4}")"},
                     {"aws.cloudtrail.flattened.additional_eventdata.SignatureVersion", R"("SigV4")"},
                     {"aws.cloudtrail.flattened.service_event_details.keyId", R"("k-1")"}});
  expect_both(with(record(), "/sharedEventId", "s-1"), {{"aws.cloudtrail.shared_event_id", R"("s-1")"}});
}

TEST(EcsCloudTrail, NamesTheUserOrElseTheRole) {
  expect_both(record("IAMUser"), {{"user.name", R"("ada")"}, {"user.id", R"("AIDAEXAMPLEADA")"}});
  expect_both(record("AssumedRole"), {{"user.name", R"("billing")"},
                                      {"user.id", R"("AROAEXAMPLEBILLING:botocore-session-1772459000")"}});
  expect_both(record("FederatedUser"), {{"user.name", R"("ada")"}, {"user.id", R"("111122223333:guest")"}});
  expect_both(record("Root"), {{"user.name", "-"}, {"user.id", R"("111122223333")"}});
  expect_both(record("AWSAccount"), {{"user.name", "-"},
                                     {"user.id", R"("AIDAEXAMPLEFOREIGN")"},
                                     {"cloud.account.id", R"("444455556666")"}});
  expect_both(record("AWSService"), {{"user.name", "-"}, {"user.id", "-"}, {"cloud.account.id", "-"}});
}

TEST(EcsCloudTrail, ReadsWhoCalled) {
  const std::string prefix = "aws.cloudtrail.user_identity.";
  const json role = record("AssumedRole");
  expect_both(
      role, {{prefix + "type", R"("AssumedRole")"},
             {prefix + "access_key_id", R"("ASIAEXAMPLEBILLING")"},
             {prefix + "invoked_by", "-"},
             {prefix + "session_context.mfa_authenticated", R"("false")"},
             {prefix + "session_context.creation_date", milliseconds("2026-03-02T13:43:20Z")},
             {prefix + "session_context.session_issuer.type", R"("Role")"},
             {prefix + "session_context.session_issuer.principal_id", R"("AROAEXAMPLEBILLING")"},
             {prefix + "session_context.session_issuer.account_id", R"("111122223333")"},
             {prefix + "session_context.session_issuer.arn", R"("arn:aws:iam::111122223333:role/billing")"}});
  expect_both(record("Root"), {{prefix + "arn", R"("arn:aws:iam::111122223333:root")"}});
  expect_both(record("AWSService"), {{prefix + "invoked_by", R"("ecs.amazonaws.com")"}});
}

TEST(EcsCloudTrail, TakesTimesFromTheEvent) {
  expect_both(record(), {{"@timestamp", milliseconds("2026-03-02T14:00:03Z")},
                         {"event.created", milliseconds("2026-03-02T14:00:07.345Z")},
                         {"event.ingested", milliseconds("2026-03-02T14:00:07Z")}});
  EXPECT_EQ(read(record(), "event.ingested", {.ingest_delay = std::chrono::milliseconds{700}}),
            milliseconds("2026-03-02T14:00:08Z"));
}

TEST(EcsCloudTrail, PrefersTheTimeThatAReplayGaveTheEvent) {
  const EcsCloudTrail schema;
  const Instant moved = *parse_iso8601("2027-01-01T00:00:00Z");
  const Event event = from_json(record().dump(), {.arrival = moved, .time = moved});
  Arena scratch;
  EXPECT_EQ(to_json(schema.field("@timestamp")->read(event, scratch)), milliseconds("2027-01-01T00:00:00Z"));
  json without = record();
  without["eventTime"] = "yesterday";
  EXPECT_EQ(read(without, "@timestamp"), milliseconds("2026-03-02T14:00:07.345Z"));
}

TEST(EcsCloudTrail, FailsWithAnErrorCodeOrMessage) {
  expect_both(record(), {{"event.outcome", R"("success")"}});
  json denied = with(record(), "/errorCode", "AccessDenied");
  denied["errorMessage"] = "User: ada is not authorized";
  expect_both(denied, {{"event.outcome", R"("failure")"},
                       {"aws.cloudtrail.error_code", R"("AccessDenied")"},
                       {"aws.cloudtrail.error_message", R"("User: ada is not authorized")"}});
  expect_both(with(record(), "/errorMessage", "Failed"), {{"event.outcome", R"("failure")"}});
  expect_fields(with(record(), "/errorCode", ""), {{"event.outcome", R"("success")", R"("failure")"}});
  expect_both(with(record(), "/errorCode", nullptr), {{"event.outcome", R"("success")"}});
}

TEST(EcsCloudTrail, TakesTheOutcomeOfALoginFromItsAnswer) {
  expect_both(console_login("Success", "No"), {{"event.outcome", R"("success")"}});
  expect_both(console_login("Failure", "No"), {{"event.outcome", R"("failure")"}});
  json both = console_login("Success", "No");
  both["errorMessage"] = "the answer counts";
  expect_both(both, {{"event.outcome", R"("success")"}});
  expect_both(with(console_login("x", "No"), "/responseElements/ConsoleLogin", "CHALLENGE"),
              {{"event.outcome", R"("challenge")"}});
  expect_both(with(both, "/responseElements", nullptr), {{"event.outcome", R"("failure")"}});
}

TEST(EcsCloudTrail, ReadsTheFlagsOfALogin) {
  const std::string prefix = "aws.cloudtrail.console_login.additional_eventdata.";
  expect_both(console_login("Success", "No"),
              {{prefix + "mfa_used", "false"},
               {prefix + "mobile_version", "false"},
               {prefix + "login_to", R"("https://console.aws.amazon.com/console/home")"}});
  expect_both(console_login("Success", "Yes"), {{prefix + "mfa_used", "true"}});
  json other = console_login("Success", "Yes");
  other["eventName"] = "SwitchRole";
  expect_both(other, {{prefix + "mfa_used", "-"}, {prefix + "login_to", "-"}});
}

TEST(EcsCloudTrail, CategorisesActionsByTheTable) {
  const auto named = [](std::string_view action) { return with(record(), "/eventName", action); };
  expect_both(named("GetSecretValue"), {{"event.type", R"("info")"}, {"event.category", "-"}});
  expect_both(named("AssumeRole"), {{"event.type", R"("info")"}, {"event.category", R"("authentication")"}});
  expect_both(console_login("Success", "No"),
              {{"event.type", R"("info")"}, {"event.category", R"("authentication")"}});
  expect_both(named("CreateUser"),
              {{"event.type", R"(["user","creation"])"}, {"event.category", R"("iam")"}});
  expect_both(named("UpdateRole"), {{"event.type", R"(["admin","change"])"}, {"event.category", R"("iam")"}});
  expect_both(named("GetGroup"), {{"event.type", R"(["group","info"])"}, {"event.category", R"("iam")"}});
  expect_both(named("CreateBucket"), {{"event.type", R"("creation")"}, {"event.category", R"("file")"}});
  expect_both(named("DeleteBucket"), {{"event.type", R"("deletion")"}, {"event.category", R"("file")"}});
  expect_both(named("PutBucketPolicy"), {{"event.type", R"("info")"}, {"event.category", "-"}});
}

TEST(EcsCloudTrail, HasASourceIpOnlyForAnAddress) {
  const auto from = [](std::string_view address) { return with(record(), "/sourceIPAddress", address); };
  expect_both(from("2600:1f18::1"), {{"source.ip", R"("2600:1f18::1")"}});
  expect_both(from("10.0.0.7"), {{"source.ip", R"("10.0.0.7")"}, {"source.address", R"("10.0.0.7")"}});
  for (const std::string_view text : {"cloudformation.amazonaws.com", "AWS Internal", "10.0.0.07", "1.2.3"}) {
    expect_both(from(text), {{"source.ip", "-"}, {"source.address", json(text).dump()}});
  }
  json without = record();
  without.erase("sourceIPAddress");
  expect_both(without, {{"source.ip", "-"}, {"source.address", "-"}});
}

TEST(EcsCloudTrail, HasLookedUpFieldsOnlyWhereTheRecordHasThem) {
  expect_both(record(), {{"source.as.organization.name", "-"}, {"source.geo.country_iso_code", "-"}});
  json enriched = record();
  enriched["source"] = {{"as", {{"number", 29518}, {"organization", {{"name", "Bredband2 AB"}}}}},
                        {"geo", {{"country_iso_code", "SE"}}}};
  enriched["entity"] = {{"target", {{"id", "db-password"}}}};
  expect_both(enriched, {{"source.as.number", "29518"},
                         {"source.as.organization.name", R"("Bredband2 AB")"},
                         {"source.geo.country_iso_code", R"("SE")"},
                         {"entity.target.id", R"("db-password")"}});
}

TEST(EcsCloudTrail, HasNoAgentsNameWithoutAText) {
  json without = record();
  without.erase("userAgent");
  expect_both(without, {{"user_agent.name", "-"}, {"user_agent.original", "-"}});
  expect_fields(with(record(), "/userAgent", ""),
                {{"user_agent.name", "-", R"("Other")"}, {"user_agent.original", "-", R"("")"}});
  expect_both(with(record(), "/userAgent", "aws-sdk-dotnet-45/3.3.1"),
              {{"user_agent.name", R"("aws-sdk-dotnet-45")"}});
}

TEST(EcsCloudTrail, RemembersNamesOfProgramsByTheirTexts) {
  const auto name = EcsCloudTrail{}.field("user_agent.name");
  Arena scratch;
  for (int round = 0; round < 2; ++round) {
    for (const std::string_view text :
         {"aws-sdk-dotnet-45/3.3.1", "curl/8.5.0", "aws-cli/2.17.1", "nothing"}) {
      const Event event = from_json(with(record(), "/userAgent", text).dump());
      EXPECT_EQ(name->read(event, scratch), Value{user_agent_name(text)}) << "round " << round;
    }
  }
}

TEST(EcsCloudTrail, PrintsParametersAsJavaDoes) {
  const std::string name = "aws.cloudtrail.request_parameters";
  expect_both(record(), {{name, R"("{secretId=db-password, versionStage=AWSCURRENT}")"},
                         {"aws.cloudtrail.response_elements", "-"}});
  const json batch = with(record(), "/requestParameters", {{"secretIdList", {"first", "second"}}});
  expect_both(batch, {{name, R"("{secretIdList=[first, second]}")"},
                      {"aws.cloudtrail.flattened.request_parameters.secretIdList", R"(["first","second"])"}});
  const json empty =
      with(record(), "/requestParameters", {{"filterSet", json::object()}, {"name", ""}, {"id", nullptr}});
  expect_fields(empty, {{name, "-", R"("{name=, id=null, filterSet={}}")"}});
  const json mixed =
      with(record(), "/requestParameters", {{"a", ""}, {"maxResults", 100}, {"dryRun", false}});
  expect_fields(mixed,
                {{name, R"("{dryRun=false, maxResults=100}")", R"("{a=, dryRun=false, maxResults=100}")"}});
}

TEST(EcsCloudTrail, ReadsKeysOfFlattenedObjectsAsKeywords) {
  json run = record();
  run["requestParameters"] = {
      {"instanceType", "p2.xlarge"},
      {"ipPermissions",
       {{"items", {{{"fromPort", 22}, {"toPort", 22}}, {{"fromPort", 3389}, {"cidr.v4", "0.0.0.0/0"}}}}}},
      {"monitoring", {{"enabled", false}}},
      {"empty", ""}};
  const std::string prefix = "aws.cloudtrail.flattened.request_parameters";
  expect_both(run, {{prefix + ".instanceType", R"("p2.xlarge")"},
                    {prefix + ".ipPermissions.items.fromPort", R"(["22","3389"])"},
                    {prefix + ".ipPermissions.items.toPort", R"("22")"},
                    {prefix + ".ipPermissions.items.cidr.v4", R"("0.0.0.0/0")"},
                    {prefix + ".monitoring.enabled", R"("false")"},
                    {prefix + ".monitoring", "-"},
                    {prefix + ".ipPermissions.items", "-"},
                    {prefix + ".nothing", "-"}});
  expect_fields(run, {{prefix + ".empty", "-", R"("")"}});
  expect_both(with(record(), "/requestParameters", {{"a", {{"b", 1}}}}),
              {{prefix + ".a.b", R"("1")"}, {prefix + ".a-b", "-"}, {prefix + ".ab", "-"}});
  expect_both(with(record(), "/requestParameters", {{"a", {{"b", 1}}}, {"c", true}}),
              {{prefix, R"(["1","true"])"}});
  expect_both(record(), {{"aws.cloudtrail.flattened.response_elements.x", "-"},
                         {"aws.cloudtrail.flattened.other.x", "-"}});
}

TEST(EcsCloudTrail, KeepsNoFlattenedObjectThatIsTooLong) {
  const std::string name = "aws.cloudtrail.flattened.request_parameters.name";
  const auto of_length = [](std::size_t printed) {  // {name=a, text=xxx}
    return with(record(), "/requestParameters", {{"name", "a"}, {"text", std::string(printed - 15, 'x')}});
  };
  expect_both(of_length(32'765), {{name, R"("a")"}});
  expect_fields(of_length(32'766), {{name, "-", R"("a")"}});
  // 20,000 of two bytes are 20,000 of Java's characters.
  std::string wide;
  for (int i = 0; i < 20'000; ++i) wide += "é";
  expect_both(with(record(), "/requestParameters", {{"name", "a"}, {"text", wide}}), {{name, R"("a")"}});
}

TEST(EcsCloudTrail, IndexesNoKeywordBeyondItsLimit) {
  const auto error = [](std::size_t length) {
    return with(record(), "/errorMessage", std::string(length, 'x'));
  };
  EXPECT_NE(read(error(1024), "aws.cloudtrail.error_message"), "-");
  EXPECT_EQ(read(error(1025), "aws.cloudtrail.error_message"), "-");
  std::string wide;
  for (int i = 0; i < 1024; ++i) wide += "é";
  EXPECT_NE(read(with(record(), "/errorMessage", wide), "aws.cloudtrail.error_message"), "-")
      << "Java counts characters, not bytes";
  EXPECT_EQ(read(with(record(), "/errorMessage", wide + "x"), "aws.cloudtrail.error_message"), "-");
  EXPECT_EQ(read(error(1025), "event.outcome"), R"("failure")") << "the document still has it";
  const auto request = [](std::size_t length) {  // {a=xxx}
    return with(record(), "/requestParameters", {{"a", std::string(length - 4, 'x')}});
  };
  EXPECT_NE(read(request(8191), "aws.cloudtrail.request_parameters"), "-");
  EXPECT_EQ(read(request(8192), "aws.cloudtrail.request_parameters"), "-");
  EXPECT_NE(read(request(8192), "aws.cloudtrail.request_parameters.text"), "-");
  EXPECT_NE(read(request(8192), "aws.cloudtrail.flattened.request_parameters.a"), "-");
}

TEST(EcsCloudTrail, GathersResourcesOnce) {
  json assume = record();
  assume["resources"] = {{{"ARN", "arn:b"}, {"accountId", "111122223333"}, {"type", "AWS::IAM::Role"}},
                         {{"ARN", "arn:a"}, {"accountId", "111122223333"}},
                         {{"ARN", "arn:b"}, {"accountId", "111122223333"}, {"type", "AWS::IAM::Role"}}};
  expect_fields(assume, {{"aws.cloudtrail.resources.arn", R"(["arn:b","arn:a"])", "-"},
                         {"aws.cloudtrail.resources.account_id", R"("111122223333")", "-"},
                         {"aws.cloudtrail.resources.type", R"("AWS::IAM::Role")", "-"}});
}

TEST(EcsCloudTrail, KnowsUsersAndGroupsThatAreActedOn) {
  json rename = record();
  rename["eventSource"] = "iam.amazonaws.com";
  rename["eventName"] = "UpdateUser";
  rename["requestParameters"] = {{"userName", "bob"}, {"newUserName", "robert"}, {"groupName", "admins"}};
  rename["responseElements"] = {{"user", {{"userId", "AIDAEXAMPLEBOB"}}}, {"group", {{"groupId", "AGPAX"}}}};
  expect_fields(rename, {{"user.target.name", R"("bob")", "-"},
                         {"user.target.id", R"("AIDAEXAMPLEBOB")", "-"},
                         {"user.changes.name", R"("robert")", "-"},
                         {"group.name", R"("admins")", "-"},
                         {"group.id", R"("AGPAX")", "-"},
                         {"related.user", R"(["ada","bob","robert"])", R"(["bob","robert"])"}});
  expect_fields(record("AssumedRole"), {{"related.user", "-", "-"}});
  expect_fields(record(), {{"related.user", R"("ada")", "-"}});
}

TEST(EcsCloudTrail, GathersEntitiesOfTheService) {
  json assume = record("AssumedRole");
  assume["eventSource"] = "sts.amazonaws.com";
  assume["eventName"] = "AssumeRole";
  assume["requestParameters"] = {{"roleArn", "arn:aws:iam::111122223333:role/deploy"},
                                 {"roleSessionName", "ci"}};
  assume["resources"] = {{{"ARN", "arn:aws:iam::111122223333:role/deploy"}}};
  expect_fields(assume,
                {{"related.entity",
                  R"(["AROAEXAMPLEBILLING:botocore-session-1772459000",)"
                  R"("arn:aws:iam::111122223333:role/billing","arn:aws:iam::111122223333:role/deploy",)"
                  R"("arn:aws:sts::111122223333:assumed-role/billing/botocore-session-1772459000",)"
                  R"("billing","ci"])",
                  "-"}});
  assume["eventSource"] = "ec2.amazonaws.com";
  EXPECT_EQ(read(assume, "related.entity").find("\"ci\""), std::string::npos);
}

TEST(EcsCloudTrail, LeavesOutWhatElasticsearchWouldRefuse) {
  expect_both(with(record(), "/errorCode", {{"an", "object"}}), {{"aws.cloudtrail.error_code", "-"}});
  const std::string created = "aws.cloudtrail.user_identity.session_context.creation_date";
  const std::string pointer = "/userIdentity/sessionContext/attributes/creationDate";
  expect_both(with(record(), pointer, "20260302T134320Z"), {{created, "-"}});
  expect_both(with(record(), pointer, "2026-03-02T13:43:20Z"),
              {{created, milliseconds("2026-03-02T13:43:20Z")}});
  expect_both(with(record(), "/readOnly", "maybe"), {{"aws.cloudtrail.read_only", "-"}});
  expect_both(with(record(), "/readOnly", "true"), {{"aws.cloudtrail.read_only", "true"}});
  expect_both(with(record(), "/awsRegion", {"a", nullptr, {"b"}}), {{"cloud.region", R"(["a","b"])"}});
  expect_fields(with(record(), "/awsRegion", {"", "a"}), {{"cloud.region", R"("a")", R"(["","a"])"}});
  expect_both(with(record(), "/awsRegion", json::array()), {{"cloud.region", "-"}});
}

TEST(EcsCloudTrail, ReadsUnknownFieldsAsNull) {
  expect_both(record(), {{"process.name", "-"}, {"", "-"}, {"aws.cloudtrail.flattened.", "-"}});
  EXPECT_EQ(EcsCloudTrail{}.type("process.name"), FieldType::keyword);
}

TEST(EcsFieldTypes, AreThoseOfThePackage) {
  EXPECT_EQ(ecs_field_type("@timestamp"), FieldType::date);
  EXPECT_EQ(ecs_field_type("event.ingested"), FieldType::date);
  EXPECT_EQ(ecs_field_type("source.ip"), FieldType::ip);
  EXPECT_EQ(ecs_field_type("source.as.number"), FieldType::integer);
  EXPECT_EQ(ecs_field_type("aws.cloudtrail.read_only"), FieldType::boolean);
  EXPECT_EQ(ecs_field_type("aws.cloudtrail.management_event"), FieldType::keyword);
  EXPECT_EQ(ecs_field_type("aws.cloudtrail.request_parameters"), FieldType::keyword);
  EXPECT_EQ(ecs_field_type("aws.cloudtrail.request_parameters.text"), FieldType::text);
  EXPECT_EQ(ecs_field_type("aws.cloudtrail.flattened.request_parameters.x"), FieldType::flattened);
  EXPECT_EQ(ecs_field_type("no.such.field"), FieldType::keyword);
  EXPECT_EQ(ecs_field_of_text("user.name.text"), "user.name");
  EXPECT_EQ(ecs_field_of_text("user.name"), "");
  EXPECT_EQ(read(record(), "user.name.text"), R"("ada")");
}

TEST(EcsDocument, IsWrittenNestedOrFlat) {
  const EcsCloudTrail schema;
  json created = record();
  created["eventName"] = "CreateUser";
  const Event event = from_json(created.dump(), {.arrival = arrival});
  const json nested = json::parse(ecs_document(schema, event));
  EXPECT_EQ(nested["@timestamp"], "2026-03-02T14:00:03.000Z");
  EXPECT_EQ(nested["event"]["ingested"], "2026-03-02T14:00:07.000Z");
  EXPECT_EQ(nested["event"]["category"], json({"iam"})) << "a list, as ECS has it";
  EXPECT_EQ(nested["event"]["type"], json({"user", "creation"}));
  EXPECT_EQ(nested["aws"]["cloudtrail"]["flattened"]["request_parameters"]["secretId"], "db-password");
  EXPECT_EQ(nested["aws"]["cloudtrail"]["read_only"], true);
  const json flat = json::parse(ecs_document(schema, event, EcsKeys::flat));
  EXPECT_EQ(flat["event.action"], "CreateUser");
  EXPECT_EQ(nested.flatten().size(), flat.flatten().size());
}

TEST(EcsDocument, KeepsAKeyThatIsBothAValueAndAnObject) {
  const EcsCloudTrail schema;
  json both = record();
  both["requestParameters"] = {{"items", {"plain", {{"id", "i-1"}}}}};
  const Event event = from_json(both.dump(), {.arrival = arrival});
  const json nested = json::parse(ecs_document(schema, event));
  EXPECT_EQ(nested["aws"]["cloudtrail"]["flattened"]["request_parameters"],
            json({{"items", "plain"}, {"items.id", "i-1"}}));
}

}  // namespace
}  // namespace rushhour::event
