// How secrets are listed, filtered and sorted, random passwords, and resource policies.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "secrets_manager_bench.hpp"

namespace rushhour::fakes::conformance {
namespace {

using api::secretsmanager::CreateSecret;
using api::secretsmanager::DeleteResourcePolicy;
using api::secretsmanager::DeleteSecret;
using api::secretsmanager::Filter;
using api::secretsmanager::GetRandomPassword;
using api::secretsmanager::GetResourcePolicy;
using api::secretsmanager::GetSecretValue;
using api::secretsmanager::ListSecrets;
using api::secretsmanager::PutResourcePolicy;
using api::secretsmanager::Tag;
using api::secretsmanager::ValidateResourcePolicy;
using std::chrono::hours;

constexpr std::string_view other_account = "888877776666";

Failure malformed(std::string_view text) {
  return failure(Outcome::invalid, 400, "MalformedPolicyDocumentException", text);
}

/// An account without secrets but those that a row adds, and its administrator.
struct Bench : Administrator {
  using Administrator::Administrator;

  std::string add(std::string name, std::string description = {}, std::vector<Tag> tags = {}) {
    return scene.inside()->world.secretsmanager.add_secret({.account = std::string{account},
                                                            .name = std::move(name),
                                                            .value = "value",
                                                            .description = std::move(description),
                                                            .tags = std::move(tags)},
                                                           scene.now());
  }
  /// The names that a list has, in its order.
  Failure names(const ListSecrets& request) {
    const auto result = (*this)(request);
    if (!result.ok()) return result.failure();
    std::string out;
    for (const auto& entry : result->secret_list) out += (out.empty() ? "" : " ") + entry.name;
    return answer(out);
  }
  Failure names(std::string key, std::vector<std::string> values) {
    return names({.filters = {{.key = std::move(key), .values = std::move(values)}}});
  }
};

// ---- Filters ----

std::vector<Behaviour> filter_behaviours() {
  return {
      {"SecretsComeInTheOrderOfTheirCreation", "REC aws.md 2.1", answer("zeta alpha mid"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"zeta", "alpha", "mid"}) bench.add(name);
         return bench.names({});
       }},
      {"AllFiltersMustHold", "REC moto aws_verified, aws.md 2.1", answer("foo"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo", "one two");
         bench.add("bar", "one");
         bench.add("baz", "two");
         return bench.names({.filters = {{.key = "description", .values = {"one"}},
                                         {.key = "description", .values = {"two"}}}});
       }},
      {"OneValueOfAFilterIsEnough", "REC moto aws_verified, aws.md 2.1", answer("foo bar"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"foo", "bar", "baz"}) bench.add(name);
         return bench.names("name", {"foo", "bar"});
       }},
      {"NamesMatchFromTheirBeginningWithTheirCase", "DOC Filter", answer("prod/db prod/web"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"prod/db", "Prod/db", "old-prod/db", "prod/web"}) bench.add(name);
         return bench.names("name", {"prod/"});
       }},
      {"TagKeysMatchFromTheirBeginningWithTheirCase", "DOC Filter", answer("a"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("a", "", {{.key = "team-x", .value = "1"}});
         bench.add("b", "", {{.key = "Team", .value = "1"}});
         bench.add("c", "", {{.key = "a-team", .value = "team"}});
         bench.add("d");
         return bench.names("tag-key", {"team"});
       }},
      {"TagValuesMatchFromTheirBeginningWithTheirCase", "DOC Filter", answer("a"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("a", "", {{.key = "k", .value = "blue-1"}});
         bench.add("b", "", {{.key = "k", .value = "Blue"}});
         bench.add("c", "", {{.key = "blue", .value = "k"}});
         return bench.names("tag-value", {"blue"});
       }},
      {"DescriptionsMatchByWordsWhateverTheirCase", "REC moto aws_verified, aws.md 2.1", answer("foo bar"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo", "One two");
         bench.add("bar", "one and Twofold");
         bench.add("baz", "one");
         bench.add("qux", "alone two");
         bench.add("none");
         return bench.names("description", {"ONE tw"});
       }},
      {"WordsEndAtSeparators", "REC moto aws_verified, aws.md 2.1", answer("s1 s2 s3 s4 s5 s6 s7"),
       [](Scene& scene) {
         Bench bench{scene};
         int number = 0;
         for (const char* text : {"x/key", "x-key", "x_key", "x+key", "x=key", "x.key", "x@key", "x:key"}) {
           bench.add("s" + std::to_string(++number), text);
         }
         return bench.names("description", {"key"});
       }},
      {"WordsBeginAtCapitalLetters", "REC moto aws_verified, aws.md 2.1", answer("a b"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("a", "MyTestSecret");
         bench.add("b", "myTest");
         bench.add("c", "mytest");
         return bench.names("description", {"test"});
       }},
      {"MixedSeparatorsSplitNothing", "REC moto aws_verified, aws.md 2.1", answer("plain"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("mixed", "my/secret-key");
         bench.add("plain", "my/secret/key");
         EXPECT_EQ(bench.names("description", {"secret"}), answer("plain"));
         return bench.names("description", {"key"});
       }},
      {"AllLooksAtEverything", "REC moto aws_verified, aws.md 2.1", answer("foo bar baz qux"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo");
         bench.add("bar", "Foo");
         bench.add("baz", "", {{.key = "foo", .value = "1"}});
         bench.add("qux", "", {{.key = "1", .value = "foo"}});
         bench.add("none", "other");
         return bench.names("all", {"foo"});
       }},
      {"AnExclamationMarkNegates", "REC moto aws_verified, aws.md 2.1", answer("bar baz"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo");
         bench.add("bar");
         bench.add("baz", "foo");
         return bench.names("name", {"!foo"});
       }},
      {"OwningServicesMatchFromTheirBeginning", "DOC Filter", answer(""),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo", "rds");
         EXPECT_EQ(bench.names("owning-service", {"!rds"}), answer("foo"));
         return bench.names("owning-service", {"rds"});
       }},
      {"AnUnknownFilterKeyIsRefused", "DOC aws.md A",
       failure(Outcome::invalid, 400, "ValidationException",
               "1 validation error detected: Value 'colour' at 'filters.1.member.key' failed to satisfy "
               "constraint: Member must satisfy enum value set: [description, name, tag-key, tag-value, "
               "primary-region, owning-service, all]"),
       [](Scene& scene) { return Bench{scene}.names("colour", {"blue"}); }},
  };
}

// ---- Lists ----

std::vector<Behaviour> list_behaviours() {
  return {
      {"AnEntryHasWhatDescribeSecretHas", "DOC aws.md A", fine,
       [](Scene& scene) {
         Bench bench{scene};
         const std::string arn = bench.add("foo", "text", {{.key = "k", .value = "v"}});
         const auto entry = bench(ListSecrets{}).value().secret_list.at(0);
         EXPECT_EQ(entry.arn, arn);
         EXPECT_EQ(entry.description, "text");
         EXPECT_EQ(entry.created_date, scene.now());
         EXPECT_EQ(entry.tags.value().at(0).value, "v");
         EXPECT_EQ(entry.rotation_enabled, std::nullopt);
         EXPECT_EQ(entry.secret_versions_to_stages.begin()->second, std::vector<std::string>{"AWSCURRENT"});
         return fine;
       }},
      {"AListIsSortedAsAsked", "DOC ListSecrets", answer("a b c"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("b");
         scene.advance(hours{30});
         const std::string a = bench.add("a");
         scene.advance(hours{30});
         bench.add("c");
         EXPECT_TRUE(bench(GetSecretValue{.secret_id = "c"}).ok());
         scene.advance(hours{30});
         EXPECT_TRUE(bench(GetSecretValue{.secret_id = "b"}).ok());
         EXPECT_TRUE(scene.inside()->world.secretsmanager.put_value(a, "new", scene.now()));
         const auto sorted = [&](const char* by, const char* order) {
           return bench.names({.sort_order = order, .sort_by = by}).message;
         };
         EXPECT_EQ(sorted("created-date", "asc"), "b a c");
         EXPECT_EQ(sorted("created-date", "desc"), "c a b");
         EXPECT_EQ(sorted("last-accessed-date", "asc"), "a c b");
         EXPECT_EQ(sorted("last-changed-date", "desc"), "a c b");
         EXPECT_EQ(sorted("name", "desc"), "c b a");
         return bench.names({.sort_by = "name"});
       }},
      {"SecretsMarkedForDeletionAreListedWhenAsked", "DOC ListSecrets", answer("gone here"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("gone");
         bench.add("here");
         EXPECT_TRUE(bench(DeleteSecret{.secret_id = "gone"}).ok());
         EXPECT_EQ(bench.names({}), answer("here"));
         return bench.names({.include_planned_deletion = true});
       }},
      {"ListsComeInPages", "DOC ListSecrets", answer("a b | c d | e |"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"a", "b", "c", "d", "e"}) bench.add(name);
         ListSecrets request{.max_results = 2};
         std::string seen;
         do {
           const auto page = bench(request).value();
           for (const auto& entry : page.secret_list) seen += entry.name + " ";
           seen += page.next_token.empty() ? "|" : "| ";
           request.next_token = page.next_token;
         } while (!request.next_token->empty());
         return answer(seen);
       }},
      {"APageHas100SecretsUnlessAskedOtherwise", "MEM", answer("100 1"),
       [](Scene& scene) {
         Bench bench{scene};
         for (int i = 0; i < 101; ++i) bench.add("s" + std::to_string(i));
         const auto first = bench(ListSecrets{}).value();
         const auto last = bench(ListSecrets{.next_token = first.next_token}).value();
         EXPECT_EQ(last.next_token, "");
         return answer(std::to_string(first.secret_list.size()) + " " +
                       std::to_string(last.secret_list.size()));
       }},
      {"AnOwnKeyIsListed", "DOC SecretListEntry: KmsKeyId, absent for aws/secretsmanager", answer("mine"),
       [](Scene& scene) {
         Bench bench{scene};
         EXPECT_TRUE(
             bench(CreateSecret{.name = "own", .client_request_token = token(1), .kms_key_id = "mine"}).ok());
         return answer(bench(ListSecrets{}).value().secret_list.at(0).kms_key_id.value_or("none"));
       }},
      {"PagesGoOnWhereTheyEndedThoughSecretsGo", "CHOICE", answer("c"),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"a", "b", "c"}) bench.add(name);
         const auto first = bench(ListSecrets{.max_results = 2}).value();
         for (const char* name : {"a", "b"}) EXPECT_TRUE(bench(DeleteSecret{.secret_id = name}).ok());
         return bench.names({.next_token = first.next_token});
       }},
      {"AMadeUpPageIsRefused", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"a", "b", "c"}) bench.add(name);
         const auto first = bench(ListSecrets{.max_results = 2}).value();
         EXPECT_EQ(bench.names({.next_token = first.next_token, .sort_order = "desc"}).code,
                   "InvalidNextTokenException")
             << "of another question";
         return bench.names({.next_token = "AAAA"});
       }},
      {"AListHasNoResource", "REC Kralizek#78 aws.md 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:iam::999988887777:user/nobody is not authorized to perform: "
               "secretsmanager:ListSecrets because no identity-based policy allows the "
               "secretsmanager:ListSecrets action"),
       [](Scene& scene) {
         const api::Identity nobody =
             scene.inside()->world.iam.add_user({.account = std::string{Bench::account}, .name = "nobody"});
         return outcome(scene.call(ListSecrets{}, nobody));
       }},
      {"APageBelongsToItsQuestion", "DOC aws.md 1",
       failure(Outcome::invalid, 400, "InvalidNextTokenException", "The NextToken value is invalid."),
       [](Scene& scene) {
         Bench bench{scene};
         for (const char* name : {"a1", "a2", "a3"}) bench.add(name);
         ListSecrets request{.max_results = 1, .filters = {{.key = "name", .values = {"a"}}}};
         request.next_token = bench(request).value().next_token;
         EXPECT_EQ(bench.names(request), answer("a2"));
         ListSecrets other_value = request;
         other_value.filters.at(0).values = {"a1"};
         ListSecrets other_key = request;
         other_key.filters.at(0).key = "all";
         ListSecrets with_deleted = request;
         with_deleted.include_planned_deletion = true;
         EXPECT_EQ(bench.names(other_key), bench.names(other_value));
         EXPECT_EQ(bench.names(with_deleted), bench.names(other_value));
         return bench.names(other_value);
       }},
      {"WhatASecretHasNotIsLeftOut", "REC aws.md 2.1: null fields are omitted", fine,
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("bare");
         const auto entry = bench(ListSecrets{}).value().secret_list.at(0);
         EXPECT_EQ(entry.description, std::nullopt);
         EXPECT_EQ(entry.tags, std::nullopt);
         EXPECT_EQ(entry.kms_key_id, std::nullopt);
         EXPECT_EQ(entry.rotation_enabled, std::nullopt);
         EXPECT_EQ(entry.rotation_lambda_arn, std::nullopt);
         return fine;
       }},
  };
}

// ---- Passwords ----

/// Which kinds of characters a password has: `aA0! `.
Failure kinds(Scene& scene, const GetRandomPassword& request) {
  const auto result = Bench{scene}(request);
  if (!result.ok()) return result.failure();
  const std::string& password = result->random_password;
  const auto has = [&password](auto is) { return std::any_of(password.begin(), password.end(), is); };
  std::string out = std::to_string(password.size()) + ":";
  if (has([](char c) { return c >= 'a' && c <= 'z'; })) out += 'a';
  if (has([](char c) { return c >= 'A' && c <= 'Z'; })) out += 'A';
  if (has([](char c) { return c >= '0' && c <= '9'; })) out += '0';
  if (has([](char c) {
        return std::string_view{"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}.find(c) != std::string_view::npos;
      }))
    out += '!';
  if (has([](char c) { return c == ' '; })) out += '_';
  return answer(out);
}

std::vector<Behaviour> password_behaviours() {
  return {
      {"APasswordHas32CharactersOfFourKinds", "DOC GetRandomPassword", answer("32:aA0!"),
       [](Scene& scene) { return kinds(scene, {}); }},
      {"AShortPasswordHasEachKind", "DOC GetRandomPassword", answer("5:aA0!_"),
       [](Scene& scene) { return kinds(scene, {.password_length = 5, .include_space = true}); }},
      {"LettersMayBeExcluded", "DOC GetRandomPassword", answer("32:0!"),
       [](Scene& scene) { return kinds(scene, {.exclude_uppercase = true, .exclude_lowercase = true}); }},
      {"NumbersAndPunctuationMayBeExcluded", "DOC GetRandomPassword", answer("32:aA"),
       [](Scene& scene) { return kinds(scene, {.exclude_numbers = true, .exclude_punctuation = true}); }},
      {"CharactersMayBeExcluded", "DOC GetRandomPassword", answer("256:aA!"),
       [](Scene& scene) {
         return kinds(scene, {.password_length = 256, .exclude_characters = "0123456789"});
       }},
      {"NotEachKindNeedBeThere", "DOC GetRandomPassword", fine,
       [](Scene& scene) {
         return outcome(
             Bench{scene}(GetRandomPassword{.password_length = 1, .require_each_included_type = false}));
       }},
      {"APasswordTooShortForItsKindsIsRefused", "MEM",
       invalid_parameter("The password length must be at least 4 to include a character of each type."),
       [](Scene& scene) { return kinds(scene, {.password_length = 3}); }},
      {"APasswordOfNothingIsRefused", "MEM",
       invalid_parameter("The password can't be generated: every character is excluded."),
       [](Scene& scene) {
         return kinds(scene, {.exclude_numbers = true,
                              .exclude_punctuation = true,
                              .exclude_uppercase = true,
                              .exclude_lowercase = true});
       }},
      {"APasswordHasAtMost4096Characters", "DOC aws.md A",
       failure(Outcome::invalid, 400, "ValidationException",
               "1 validation error detected: Value '4097' at 'passwordLength' failed to satisfy constraint: "
               "Member must have value less than or equal to 4096"),
       [](Scene& scene) { return kinds(scene, {.password_length = 4097}); }},
  };
}

// ---- Policies ----

const std::string root_may_read = statements(
    R"({"Effect":"Allow","Principal":{"AWS":"888877776666"},"Action":"secretsmanager:GetSecretValue","Resource":"*"})");
const std::string everybody_may =
    statements(R"({"Effect":"Allow","Principal":"*","Action":"secretsmanager:*","Resource":"*"})");
const std::string nobody_may =
    statements(R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"})");
std::string everybody_if(std::string_view condition) {
  return statements(R"({"Effect":"Allow","Principal":{"AWS":"*"},"Action":"secretsmanager:*","Resource":"*",)"
                    R"("Condition":)" +
                    std::string{condition} + "}");
}

Failure put_policy(Scene& scene, std::string policy, std::optional<bool> blocks = {}) {
  Bench bench{scene};
  bench.add("foo");
  return outcome(bench(PutResourcePolicy{
      .secret_id = "foo", .resource_policy = std::move(policy), .block_public_policy = blocks}));
}
/// The names of the checks that a policy fails.
Failure validate(Scene& scene, std::string policy) {
  Bench bench{scene};
  bench.add("foo");
  const auto result = bench(ValidateResourcePolicy{.secret_id = "foo", .resource_policy = std::move(policy)});
  if (!result.ok()) return result.failure();
  std::string out = result->policy_validation_passed.value() ? "passed" : "failed";
  for (const auto& error : result->validation_errors) out += "; " + error.error_message;
  return answer(out);
}

std::vector<Behaviour> policy_behaviours() {
  return {
      {"APolicyComesBackAsItWasPut", "DOC GetResourcePolicy", answer("at first [], then put, at last []"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo");
         const auto text = [&] {
           return bench(GetResourcePolicy{.secret_id = "foo"}).value().resource_policy;
         };
         std::string seen = "at first [" + text() + "], then ";
         EXPECT_EQ(
             bench(PutResourcePolicy{.secret_id = "foo", .resource_policy = root_may_read}).value().name,
             "foo");
         seen += text() == root_may_read ? "put" : text();
         EXPECT_TRUE(bench(DeleteResourcePolicy{.secret_id = "foo"}).ok());
         return answer(seen + ", at last [" + text() + "]");
       }},
      {"APolicyLetsAnotherAccountIn", "DOC aws.md 3",
       failure(Outcome::invalid, 400, "InvalidRequestException",
               "You can't access a secret from a different AWS account if you encrypt the secret with the "
               "default KMS service key."),
       [](Scene& scene) {
         Bench bench{scene};
         const std::string arn = bench.add("foo");
         const api::Identity stranger = scene.inside()->world.iam.add_user(
             {.account = std::string{other_account}, .name = "s", .policies = {everything}});
         EXPECT_EQ(outcome(scene.call(GetSecretValue{.secret_id = arn}, stranger)).code,
                   "AccessDeniedException");
         EXPECT_TRUE(bench(PutResourcePolicy{.secret_id = "foo", .resource_policy = root_may_read}).ok());
         return outcome(scene.call(GetSecretValue{.secret_id = arn}, stranger));
       }},
      {"APolicyMustBeJson", "DOC manage_secret-policy",
       malformed("This resource policy contains a syntax error."),
       [](Scene& scene) { return put_policy(scene, "{"); }},
      {"APolicyMustKeepTheGrammar", "DOC manage_secret-policy",
       malformed("This resource policy contains a syntax error."),
       [](Scene& scene) {
         return put_policy(scene, statements(R"({"Effect":"AllowSomething","Principal":"*",)"
                                             R"("Action":"secretsmanager:*","Resource":"*"})"));
       }},
      {"APrincipalMustExist", "REC terraform-provider-aws, DOC manage_secret-policy",
       malformed("This resource policy contains an unsupported principal."),
       [](Scene& scene) {
         return put_policy(
             scene,
             statements(
                 R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:user/invaliduser"},)"
                 R"("Action":"secretsmanager:GetSecretValue","Resource":"*"})"));
       }},
      {"AServiceMustBeOneOfAws", "DOC manage_secret-policy",
       malformed("This resource policy contains an invalid service principal."),
       [](Scene& scene) {
         const auto put = [&scene](std::string_view services) {
           return put_policy(
               scene, statements(R"({"Effect":"Allow","Principal":{"Service":)" + std::string{services} +
                                 R"(},"Action":"secretsmanager:GetSecretValue","Resource":"*"})"));
         };
         EXPECT_EQ(put(R"(["lambda.amazonaws.com","ec2.amazonaws.com.cn"])"), fine);
         EXPECT_EQ(put(R"("lambda")"), put(R"(["invalid.example.com","lambda.amazonaws.com"])"));
         return put(R"("invalid.example.com")");
       }},
      {"APolicyHas20480Characters", "DOC aws.md A", fine,
       [](Scene& scene) {
         const std::string longest = root_may_read + std::string(20'480 - root_may_read.size(), ' ');
         EXPECT_EQ(put_policy(scene, longest + " ").code, "ValidationException");
         return put_policy(scene, longest);
       }},
      {"APublicPolicyIsBlockedWhenAsked", "DOC PutResourcePolicy",
       failure(Outcome::invalid, 400, "PublicPolicyException",
               "You can't attach a resource-based policy that allows broad access to the secret."),
       [](Scene& scene) { return put_policy(scene, everybody_may, true); }},
      {"APublicPolicyIsNotBlockedUnasked", "DOC PutResourcePolicy", fine,
       [](Scene& scene) {
         EXPECT_EQ(put_policy(scene, everybody_may, false), fine);
         return put_policy(scene, everybody_may);
       }},
      {"AConditionThatNamesWhoNarrows", "DOC manage_secret-policy", fine,
       [](Scene& scene) {
         EXPECT_EQ(put_policy(scene, everybody_if(R"({"StringEquals":{"aws:SourceAccount":"999988887777"}})"),
                              true),
                   fine);
         EXPECT_EQ(
             put_policy(scene, everybody_if(R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})"), true),
             fine);
         return put_policy(scene, everybody_if(R"({"ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket"}})"),
                           true);
       }},
      {"AConditionThatNamesNobodyDoesNotNarrow", "DOC manage_secret-policy",
       failure(Outcome::invalid, 400, "PublicPolicyException",
               "You can't attach a resource-based policy that allows broad access to the secret."),
       [](Scene& scene) {
         for (const char* condition : {R"({"StringNotEquals":{"aws:SourceAccount":"999988887777"}})",
                                       R"({"StringLike":{"aws:SourceAccount":"*"}})",
                                       R"({"StringEquals":{"aws:SourceAccount":["999988887777","*"]}})",
                                       R"({"Bool":{"aws:SecureTransport":"true"}})"}) {
           EXPECT_EQ(put_policy(scene, everybody_if(condition), true).code, "PublicPolicyException")
               << condition;
         }
         return put_policy(scene, everybody_if(R"({"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}})"), true);
       }},
      {"NobodyLocksHimselfOut", "DOC manage_secret-policy, the code is MEM",
       invalid_parameter("Your requested changes will not allow you to manage this secret in the future."),
       [](Scene& scene) { return put_policy(scene, nobody_may); }},
      {"AConditionSeesBlockPublicPolicy", "DOC aws.md 3",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:iam::999988887777:user/admin is not authorized to perform: "
               "secretsmanager:PutResourcePolicy on resource: foo with an explicit deny in a resource-based "
               "policy"),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo");
         const std::string only_blocking = statements(
             R"({"Effect":"Deny","Principal":"*","Action":"secretsmanager:PutResourcePolicy","Resource":"*",)"
             R"("Condition":{"Null":{"secretsmanager:BlockPublicPolicy":"true"}}})");
         const auto put = [&](std::optional<bool> blocks) {
           return outcome(bench(PutResourcePolicy{
               .secret_id = "foo", .resource_policy = only_blocking, .block_public_policy = blocks}));
         };
         EXPECT_EQ(put(true), fine);
         EXPECT_EQ(put(true), fine);
         return put(std::nullopt);
       }},
      {"AGoodPolicyIsValid", "DOC ValidateResourcePolicy", answer("passed"),
       [](Scene& scene) { return validate(scene, root_may_read); }},
      {"ValidationNamesBroadAccess", "DOC ValidateResourcePolicy",
       answer("failed; This resource policy grants broad access to your secret. Secrets Manager does not "
              "allow creating and applying such policies in the console."),
       [](Scene& scene) { return validate(scene, everybody_may); }},
      {"ValidationNamesALockout", "DOC ValidateResourcePolicy",
       answer("failed; Your requested changes will not allow you to manage this secret in the future."),
       [](Scene& scene) { return validate(scene, nobody_may); }},
      {"ValidationNamesASyntaxError", "DOC ValidateResourcePolicy",
       answer("failed; This resource policy contains a syntax error."),
       [](Scene& scene) { return validate(scene, "{}"); }},
      {"ValidationNeedsPutResourcePolicyToo", "DOC ValidateResourcePolicy",
       failure(Outcome::denied, 400, "AccessDeniedException",
               "User: arn:aws:iam::999988887777:user/reader is not authorized to perform: "
               "secretsmanager:PutResourcePolicy because no identity-based policy allows the "
               "secretsmanager:PutResourcePolicy action"),
       [](Scene& scene) {
         const api::Identity reader = scene.inside()->world.iam.add_user(
             {.account = std::string{Bench::account},
              .name = "reader",
              .policies = {statements(
                  R"({"Effect":"Allow","Action":"secretsmanager:ValidateResourcePolicy","Resource":"*"})")}});
         return outcome(scene.call(ValidateResourcePolicy{.resource_policy = root_may_read}, reader));
       }},
      {"NobodyLocksHimselfOutOfAPolicyThatIsThere", "DOC manage_secret-policy, the code is MEM",
       invalid_parameter("Your requested changes will not allow you to manage this secret in the future."),
       [](Scene& scene) {
         Bench bench{scene};
         bench.add("foo");
         const auto put = [&](const std::string& policy) {
           return outcome(bench(PutResourcePolicy{.secret_id = "foo", .resource_policy = policy}));
         };
         EXPECT_EQ(put(root_may_read), fine);
         return put(nobody_may);
       }},
      {"ConditionsThatNarrowOrNot", "DOC manage_secret-policy", fine,
       [](Scene& scene) {
         for (const char* condition : {R"({"StringEquals":{"aws:RequestedRegion":"us-east-1"}})",
                                       R"({"StringEquals":{"aws:SourceAccount":"${aws:username}"}})"}) {
           EXPECT_EQ(put_policy(scene, everybody_if(condition), true).code, "PublicPolicyException")
               << condition;
         }
         return put_policy(
             scene, everybody_if(R"({"ForAnyValue:StringEquals":{"aws:SourceAccount":"999988887777"}})"),
             true);
       }},
      {"AStatementMayStandAlone", "DOC IAM policy grammar",
       failure(Outcome::invalid, 400, "PublicPolicyException",
               "You can't attach a resource-based policy that allows broad access to the secret."),
       [](Scene& scene) {
         return put_policy(scene,
                           R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",)"
                           R"("Action":"secretsmanager:*","Resource":"*"}})",
                           true);
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(SecretFilters, Conformance, on_every_way(filter_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretLists, Conformance, on_every_way(list_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretPasswords, Conformance, on_every_way(password_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(SecretPolicies, Conformance, on_every_way(policy_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
