// How values are put and read: names, tokens and batches.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "secrets_manager_values.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::BatchGetSecretValue;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::ListSecretVersionIds;
using api::secretsmanager::TagResource;
using api::secretsmanager::UntagResource;
using api::secretsmanager::UpdateSecret;
using api::secretsmanager::ValidateResourcePolicy;

constexpr std::string_view invalid_name =
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
    "-/_+=.@!";
constexpr std::string_view no_token =
    "You must provide a ClientRequestToken value. We recommend a UUID-type value.";

Failure exists(std::string_view text) {
  return failure(Outcome::invalid, 400, "ResourceExistsException", text);
}

// ---- The order of checks, names and tokens ----

std::vector<Behaviour> form_behaviours() {
  return {
      {"TenOperationsMindTheName", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         const std::string id = "prod db?";
         return all_same(
             {outcome(scene.call(CreateSecret{.name = id, .client_request_token = token(1)}, me)),
              outcome(scene.call(DeleteSecret{.secret_id = id}, me)),
              outcome(scene.call(DescribeSecret{.secret_id = id}, me)),
              outcome(scene.call(GetSecretValue{.secret_id = id}, me)),
              outcome(scene.call(ListSecretVersionIds{.secret_id = id}, me)),
              outcome(scene.call(
                  PutSecretValue{.secret_id = id, .client_request_token = token(1), .secret_string = "x"},
                  me)),
              outcome(scene.call(TagResource{.secret_id = id, .tags = {{.key = "a", .value = "b"}}}, me)),
              outcome(scene.call(UntagResource{.secret_id = id, .tag_keys = {"a"}}, me)),
              outcome(scene.call(UpdateSecret{.secret_id = id, .client_request_token = token(1)}, me)),
              outcome(scene.call(ValidateResourcePolicy{.secret_id = id, .resource_policy = "{}"}, me))});
       }},
      {"AnArnIsNoNameForANewSecret", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) {
         return outcome(scene.call(
             CreateSecret{.name = "arn:aws:secretsmanager:us-east-1:444455556666:secret:prod/db-a1b2c3",
                          .client_request_token = token(1)},
             admin(scene)));
       }},
      {"AllCharactersOfNamesAreGood", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         return outcome(scene.call(CreateSecret{.name = "Az09/_+=.@!-", .client_request_token = token(1)},
                                   admin(scene)));
       }},
      {"ANameHas512Characters", "DOC aws.md A",
       malformed("1 validation error detected: Value '" + std::string(513, 'n') +
                 "' at 'name' failed to satisfy constraint: Member must have length less than or equal to "
                 "512"),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         EXPECT_TRUE(
             scene.call(CreateSecret{.name = std::string(512, 'n'), .client_request_token = token(1)}, me)
                 .ok());
         return outcome(
             scene.call(CreateSecret{.name = std::string(513, 'n'), .client_request_token = token(1)}, me));
       }},
      {"TheNameComesBeforeTheToken", "REC aws.md 2.1", malformed(invalid_name),
       [](Scene& scene) { return outcome(scene.call(CreateSecret{.name = "prod db"}, admin(scene))); }},
      {"CreateWantsAToken", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) { return outcome(scene.call(CreateSecret{.name = "prod/db"}, admin(scene))); }},
      {"PutWantsATokenBeforeItLooksForTheSecret", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) {
         return outcome(scene.call(PutSecretValue{.secret_id = "none", .secret_string = "x"}, admin(scene)));
       }},
      {"UpdateWantsAToken", "REC aws.md 2.1", invalid_request(no_token),
       [](Scene& scene) {
         return outcome(scene.call(UpdateSecret{.secret_id = "none", .description = "x"}, admin(scene)));
       }},
      {"AShortTokenIsRefused", "DOC aws.md A",
       malformed("1 validation error detected: Value 'short' at 'clientRequestToken' failed to satisfy "
                 "constraint: Member must have length greater than or equal to 32"),
       [](Scene& scene) {
         return outcome(
             scene.call(CreateSecret{.name = "prod/db", .client_request_token = "short"}, admin(scene)));
       }},
      {"PermissionComesBeforeExistence", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/nobody is not authorized to perform: "
              "secretsmanager:GetSecretValue on resource: none because no identity-based policy allows the "
              "secretsmanager:GetSecretValue action"),
       [](Scene& scene) {
         return outcome(
             scene.call(GetSecretValue{.secret_id = "none"},
                        user(scene, our_account, "nobody",
                             statements(R"({"Effect":"Allow","Action":"sts:*","Resource":"*"})"))));
       }},
  };
}

// ---- CreateSecret and the token ----

std::vector<Behaviour> token_behaviours() {
  return {
      {"TheTokenBecomesTheVersionId", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000001"})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<CreateSecret>(bench(new_secret()));  // the second time: the same answer
       }},
      {"ASecretIsMadeWithoutAValue", "DOC aws.md A", answer(R"({"ARN":"ARN","Name":"empty"})"),
       [](Scene& scene) {
         Bench bench{scene};
         const auto made = bench(CreateSecret{.name = "empty", .client_request_token = token(1)});
         bench.arn = made.value().arn;
         EXPECT_EQ(outcome(bench(GetSecretValue{.secret_id = "empty"})).message,
                   "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
         return bench.shown<CreateSecret>(made);
       }},
      {"CreatingAgainWithAnotherValueFails", "REC aws.md 2.1", fine,
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_EQ(outcome(bench(new_secret("two"))),
                   exists("You can't use ClientRequestToken 11111111-1111-4111-8111-000000000001 because "
                          "that value is already in use for a version of secret " +
                          bench.arn + "."));
         return outcome(bench(get_value()));
       }},
      {"ANameIsTakenOnce", "REC aws.md 2.1",
       exists("The operation failed because the secret prod/db already exists."),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret again = new_secret();
         again.client_request_token = token(2);
         return outcome(bench(again));
       }},
      {"ANameScheduledForDeletionIsStillTaken", "REC aws.md 2.1",
       invalid_request("You can't create this secret because a secret with this name is already scheduled "
                       "for deletion."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         return outcome(bench(new_secret()));
       }},
      {"PuttingAgainChangesNothing", "REC aws.md 2.1",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000002",)"
              R"("VersionStages":["AWSPREVIOUS"]})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, "two")).ok());
         EXPECT_TRUE(bench(new_value(3, "three")).ok());
         const auto again = bench(new_value(2, "two"));
         EXPECT_EQ(bench.labels(), "2:AWSPREVIOUS 3:AWSCURRENT");
         return bench.shown<PutSecretValue>(again);
       }},
      {"PuttingAnotherValueWithTheTokenFails", "REC aws.md 2.1 (moto, verified against AWS)", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const Failure in_use = exists(
             "You can't use ClientRequestToken 11111111-1111-4111-8111-000000000001 because that "
             "value is already in use for a version of secret " +
             bench.arn + ".");
         EXPECT_EQ(outcome(bench(new_value(1, "two"))), in_use);
         EXPECT_EQ(outcome(bench(UpdateSecret{
                       .secret_id = bench.arn, .client_request_token = token(1), .secret_string = "two"})),
                   in_use);
         PutSecretValue bytes{.secret_id = bench.arn, .client_request_token = token(1)};
         bytes.secret_binary = aws::Blob{"one"};
         EXPECT_EQ(outcome(bench(bytes)), in_use) << "bytes are another value than the same text";
         return outcome(bench(new_value(1, "one")));
       }},
      {"AVersionThatARotationMadeIsFilled", "REC aws.md 2.1", answer("1:AWSCURRENT 2:AWSPENDING filled"),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string lambda = "arn:aws:lambda:us-east-1:444455556666:function:rotate";
         scene.inside()->world.secretsmanager.add_rotation_function(
             lambda, [](const RotationEvent&, RotationClient&) { return std::optional{"not yet"}; });
         EXPECT_TRUE(bench(api::secretsmanager::RotateSecret{.secret_id = bench.arn,
                                                             .client_request_token = token(2),
                                                             .rotation_lambda_arn = lambda})
                         .ok());
         GetSecretValue pending = get_value();
         pending.version_stage = "AWSPENDING";
         EXPECT_EQ(outcome(bench(pending)),
                   not_found("Secrets Manager can't find the specified secret value for staging label: "
                             "AWSPENDING"));
         EXPECT_TRUE(bench(new_value(2, "filled", {"AWSPENDING"})).ok());
         EXPECT_TRUE(bench(new_value(2, "filled", {"AWSPENDING"})).ok()) << "and again, which is nothing";
         EXPECT_EQ(outcome(bench(new_value(2, "otherwise", {"AWSPENDING"}))).code, "ResourceExistsException");
         return answer(bench.labels() + " " + bench(pending).value().secret_string);
       }},
      {"TextAndBytesExcludeEachOther", "REC aws.md 2.1",
       invalid_parameter("You can't specify both a binary secret value and a string secret value in the same "
                         "secret."),
       [](Scene& scene) {
         Bench bench{scene};
         CreateSecret both = new_secret();
         both.name = "both";
         both.secret_binary = aws::Blob{"x"};
         PutSecretValue put = new_value(2, "x");
         put.secret_binary = aws::Blob{"x"};
         UpdateSecret update{.secret_id = "prod/db", .client_request_token = token(2)};
         update.secret_string = "x";
         update.secret_binary = aws::Blob{"x"};
         return all_same({outcome(bench(both)), outcome(bench(put)), outcome(bench(update))});
       }},
      {"PutWantsAValue", "DOC PutSecretValue; text moto's",
       invalid_request("You must provide either SecretString or SecretBinary."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(PutSecretValue{.secret_id = "prod/db", .client_request_token = token(2)}));
       }},
      {"BytesComeBackAsBytes", "DOC aws.md A", fine,
       [](Scene& scene) {
         Bench bench{scene};
         PutSecretValue put{.secret_id = bench.arn, .client_request_token = token(2)};
         put.secret_binary = aws::Blob{std::string("\0\xff\n", 3)};
         EXPECT_TRUE(bench(put).ok());
         const auto got = bench(get_value());
         EXPECT_EQ(got.value().secret_binary, put.secret_binary);
         EXPECT_EQ(got.value().secret_string, "");
         return outcome(got);
       }},
      {"AValueHas65536Bytes", "DOC aws.md 4",
       malformed("1 validation error detected: Value '***' at 'secretString' failed to satisfy constraint: "
                 "Member must have length less than or equal to 65536"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(new_value(2, std::string(65'536, 'x'))).ok());
         std::string umlauts;
         for (int i = 0; i < 32'769; ++i) umlauts += "\u00e4";
         return all_same(
             {outcome(bench(new_value(3, std::string(65'537, 'x')))), outcome(bench(new_value(3, umlauts)))});
       }},
      {"BytesAreCountedToo", "DOC aws.md 4",
       malformed("1 validation error detected: Value '***' at 'secretBinary' failed to satisfy constraint: "
                 "Member must have length less than or equal to 65536"),
       [](Scene& scene) {
         Bench bench{scene};
         PutSecretValue put{.secret_id = bench.arn, .client_request_token = token(2)};
         put.secret_binary = aws::Blob{std::string(65'536, '\0')};
         EXPECT_TRUE(bench(put).ok());
         put.client_request_token = token(3);
         put.secret_binary->bytes += 'x';
         return outcome(bench(put));
       }},
      {"UpdateChangesWhatItIsGiven", "DOC aws.md A",
       answer(R"({"ARN":"ARN","Name":"prod/db","VersionId":"11111111-1111-4111-8111-000000000002"})"),
       [](Scene& scene) {
         Bench bench{scene};
         UpdateSecret update{.secret_id = "prod/db", .client_request_token = token(9)};
         update.description = "the database";
         update.type = "partner";
         EXPECT_EQ(bench.shown<UpdateSecret>(bench(update)).message, R"({"ARN":"ARN","Name":"prod/db"})");
         EXPECT_EQ(bench.labels(), "1:AWSCURRENT");
         update = {.secret_id = "prod/db", .client_request_token = token(2)};
         update.secret_string = "two";
         const auto updated = bench(update);
         const auto about = bench(DescribeSecret{.secret_id = "prod/db"});
         EXPECT_EQ(about.value().description, "the database");
         EXPECT_EQ(about.value().type, "partner");
         EXPECT_EQ(bench.labels(), "1:AWSPREVIOUS 2:AWSCURRENT");
         return bench.shown<UpdateSecret>(updated);
       }},
  };
}

// ---- BatchGetSecretValue ----

std::vector<Behaviour> batch_behaviours() {
  return {
      {"ABatchReadsByName", "DOC BatchGetSecretValue",
       answer(R"({"SecretValues":[{"ARN":"ARN","Name":"prod/db",)"
              R"("VersionId":"11111111-1111-4111-8111-000000000001","SecretString":"one",)"
              R"("VersionStages":["AWSCURRENT"],"CreatedDate":1772413200.000}],"Errors":[]})"),
       [](Scene& scene) {
         Bench bench{scene};
         return bench.shown<BatchGetSecretValue>(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"ABatchTellsOfEachFailure", "DOC aws.md 2.1",
       answer(R"({"SecretValues":[],"Errors":[)"
              R"({"SecretId":"none","ErrorCode":"ResourceNotFoundException",)"
              R"("Message":"Secrets Manager can't find the specified secret."},)"
              R"({"SecretId":"prod/db","ErrorCode":"InvalidRequestException",)"
              R"("Message":"You can't perform this operation on the secret because it was marked for )"
              R"(deletion."}]})"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/db"}).ok());
         return bench.shown<BatchGetSecretValue>(
             bench(BatchGetSecretValue{.secret_id_list = {"none", "prod/db"}}));
       }},
      {"ABatchWantsPermissionForEach", "DOC aws.md 3",
       answer(R"({"SecretValues":[],"Errors":[{"SecretId":"prod/db","ErrorCode":"AccessDeniedException",)"
              R"("Message":"User: arn:aws:iam::444455556666:user/batcher is not authorized to perform: )"
              R"(secretsmanager:GetSecretValue on resource: prod/db because no identity-based policy allows )"
              R"(the secretsmanager:GetSecretValue action"}]})"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(scene, our_account, "batcher",
                         statements(R"({"Effect":"Allow","Action":"secretsmanager:BatchGetSecretValue",)"
                                    R"("Resource":"*"})"));
         return bench.shown<BatchGetSecretValue>(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"ABatchWantsItsOwnPermission", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/getter is not authorized to perform: "
              "secretsmanager:BatchGetSecretValue because no identity-based policy allows the "
              "secretsmanager:BatchGetSecretValue action"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(
             scene, our_account, "getter",
             statements(R"({"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"})"));
         return outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}));
       }},
      {"FiltersWantListSecretsAsWell", "DOC aws.md 3",
       denied("User: arn:aws:iam::444455556666:user/batcher is not authorized to perform: "
              "secretsmanager:ListSecrets because no identity-based policy allows the "
              "secretsmanager:ListSecrets action"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.me = user(scene, our_account, "batcher",
                         statements(R"({"Effect":"Allow","Action":["secretsmanager:BatchGetSecretValue",)"
                                    R"("secretsmanager:GetSecretValue"],"Resource":"*"})"));
         EXPECT_TRUE(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}}).ok());
         return outcome(bench(BatchGetSecretValue{.filters = {{.key = "name", .values = {"prod"}}}}));
       }},
      {"ABatchIsByNameOrByFilter", "DOC aws.md 2.1",
       invalid_parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both."),
       [](Scene& scene) {
         Bench bench{scene};
         return all_same(
             {outcome(bench(BatchGetSecretValue{})),
              outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"},
                                                .filters = {{.key = "name", .values = {"prod"}}}}))});
       }},
      {"MaxResultsIsForFilters", "DOC aws.md 2.1",
       invalid_parameter(
           "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."),
       [](Scene& scene) {
         Bench bench{scene};
         return outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}, .max_results = 1}));
       }},
      {"ABatchHas20Names", "DOC aws.md A", fine,
       [](Scene& scene) {
         Bench bench{scene};
         BatchGetSecretValue batch{.secret_id_list = std::vector<std::string>(20, "prod/db")};
         const auto read = bench(batch);
         EXPECT_EQ(read.value().secret_values.size(), 20U);
         batch.secret_id_list.emplace_back("prod/db");
         EXPECT_THAT(outcome(bench(batch)).message,
                     testing::EndsWith("at 'secretIdList' failed to satisfy constraint: Member must have "
                                       "length less than or equal to 20"));
         return outcome(read);
       }},
      {"FiltersComeInPagesByAge", "DOC BatchGetSecretValue", answer("prod/db prod/b | prod/a |"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"prod/b", "dev/c", "prod/gone", "prod/a"}) {
           EXPECT_TRUE(
               bench(CreateSecret{.name = name, .client_request_token = token(1), .secret_string = "x"})
                   .ok());
         }
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "prod/gone"}).ok());
         BatchGetSecretValue batch{.filters = {{.key = "name", .values = {"prod/"}}}, .max_results = 2};
         std::string seen;
         for (bool more = true; more;) {
           const auto page = bench(batch);
           for (const auto& secret : page.value().secret_values) seen += secret.name + " ";
           EXPECT_TRUE(page.value().errors.empty()) << "filters mean no secret that is marked for deletion";
           more = !page.value().next_token.empty();
           seen += more ? "| " : "|";
           batch.next_token = page.value().next_token;
         }
         return answer(seen);
       }},
      {"ABatchTakesNoTokenOfAnother", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(bench(CreateSecret{.name = "prod/a", .client_request_token = token(1)}).ok());
         BatchGetSecretValue batch{.filters = {{.key = "name", .values = {"prod"}}}, .max_results = 1};
         const std::string next = bench(batch).value().next_token;
         EXPECT_FALSE(next.empty());
         batch.next_token = next;
         EXPECT_TRUE(bench(batch).ok());
         batch.filters.at(0).values = {"pro"};
         const Failure other_question = outcome(bench(batch));
         batch.next_token = "made up";
         return all_same(
             {other_question, outcome(bench(batch)),
              outcome(bench(BatchGetSecretValue{.secret_id_list = {"prod/db"}, .next_token = next}))});
       }},
      {"ABatchHas20SecretsUnlessItSays", "DOC BatchGetSecretValue", answer("20 of 21"),
       [](Scene& scene) {
         const api::Identity me = admin(scene);
         for (int i = 0; i < 21; ++i) {
           static_cast<void>(scene.inside()->world.secretsmanager.add_secret(
               {.account = std::string{our_account}, .name = "many/" + std::to_string(i), .value = "x"},
               scene.now()));
         }
         const auto page =
             scene.call(BatchGetSecretValue{.filters = {{.key = "name", .values = {"many/"}}}}, me);
         return answer(std::to_string(page.value().secret_values.size()) +
                       (page.value().next_token.empty() ? "" : " of 21"));
       }},
      {"ABatchDoesNotGoOnAfterASecretThatIsGone", "MEM",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(CreateSecret{.name = "prod/web", .client_request_token = token(2), .secret_string = "w"})
                 .ok());
         BatchGetSecretValue batch{.filters = {{.key = "name", .values = {"prod/"}}}, .max_results = 1};
         batch.next_token = bench(batch).value().next_token;
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = bench.arn, .force_delete_without_recovery = true}).ok());
         scene.advance(std::chrono::minutes{1});
         return outcome(bench(batch));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretForms, Conformance, on_every_way(form_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretTokens, Conformance, on_every_way(token_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretBatches, Conformance, on_every_way(batch_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
