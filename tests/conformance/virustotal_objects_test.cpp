// VirusTotal's objects: by which ids they are found, what they look like, and how it refuses the others.

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/virustotal/identifiers.hpp>

#include "virustotal.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::virustotal;

constexpr std::string_view google = "http://www.google.com";
constexpr std::string_view google_sha256 = "dd014af5ed6b38d9130e3f466f850e46d21b951199d53a18ef29ee9341614eaf";
constexpr std::string_view eicar_md5 = "44d88612fea8a8f36de82e1278abb02f";

Failure not_found(std::string_view message) {
  return failure(Outcome::not_found, 404, "NotFoundError", message);
}
Failure invalid(std::string_view message) {
  return failure(Outcome::invalid, 400, "InvalidArgumentError", message);
}

std::vector<Behaviour> found_behaviours() {
  return {
      {"AUrlsIdIsTheSha256OfItsCanonicalForm", "REC virustotal.md 1.2", answer(std::string{google_sha256}),
       [](Scene& scene) {
         const auto report = scene.call(GetUrl{.id = url_id(google)}, scene.key());
         EXPECT_EQ(report.value().url, "http://www.google.com/");
         return answer(report.value().id);
       }},
      {"AUrlIsFoundByEitherId", "DOC reference/urls", fine,
       [](Scene& scene) {
         const auto by_text = scene.call(GetUrl{.id = url_id(google)}, scene.key());
         const auto by_hash = scene.call(GetUrl{.id = std::string{google_sha256}}, scene.key());
         EXPECT_EQ(by_text.value(), by_hash.value());
         return outcome(by_hash);
       }},
      {"AUrlsIdMayBePaddedAndOfTheStandardAlphabet", "CHOICE virustotal.md 1.2", fine,
       [](Scene& scene) {
         const auto padded = scene.call(GetUrl{.id = "aHR0cDovL2V4YW1wbGUuY29tLz94PT8_Pw=="}, scene.key());
         const auto standard = scene.call(GetUrl{.id = "aHR0cDovL2V4YW1wbGUuY29tLz94PT8/Pw"}, scene.key());
         EXPECT_EQ(padded.value().url, "http://example.com/?x=???");
         EXPECT_EQ(standard.value(), padded.value());
         return outcome(standard);
       }},
      {"AFileIsFoundByEachOfItsHashes", "DOC reference/files", fine,
       [](Scene& scene) {
         const auto by_md5 = scene.call(GetFile{.hash = std::string{eicar_md5}}, scene.key());
         const auto by_sha1 = scene.call(GetFile{.hash = by_md5.value().sha1}, scene.key());
         const auto by_sha256 = scene.call(GetFile{.hash = by_md5.value().sha256}, scene.key());
         EXPECT_EQ(by_md5.value(), by_sha1.value());
         EXPECT_EQ(by_md5.value(), by_sha256.value());
         EXPECT_GT(by_md5.value().last_analysis_stats.malicious, 15);
         return outcome(by_sha256);
       }},
      {"AHashMayBeInUpperCase", "CHOICE virustotal.md 3", answer(std::string{eicar_md5}),
       [](Scene& scene) {
         return answer(
             scene.call(GetFile{.hash = "44D88612FEA8A8F36DE82E1278ABB02F"}, scene.key()).value().md5);
       }},
      {"ADomainIsInLowerCase", "REC virustotal.md 1.4", answer("example.com"),
       [](Scene& scene) {
         return answer(scene.call(GetDomain{.domain = "Example.COM"}, scene.key()).value().domain);
       }},
      {"AnAddressThatNobodySawHasAReport", "CHOICE virustotal.md 3", fine,
       [](Scene& scene) { return outcome(scene.call(GetIpAddress{.ip = "5.6.7.8"}, scene.key())); }},
      {"ADomainCanBeOverridden", "CHOICE", fine,
       [](Scene& scene) {
         scene.inside()->world.virustotal.domain("example.com").malicious(12).tags({"dga"});
         const auto report = scene.call(GetDomain{.domain = "example.com"}, scene.key());
         EXPECT_EQ(report.value().last_analysis_stats.malicious, 12);
         EXPECT_THAT(report.value().tags, testing::ElementsAre("dga"));
         return outcome(report);
       }},
      {"AnUnknownDomainMayBeSparse", "CHOICE virustotal.md 3", fine,
       [](Scene& scene) {
         const auto report = scene.call(GetDomain{.domain = "example.com"}, scene.key());
         EXPECT_EQ(report.value().registrar, std::nullopt);
         EXPECT_EQ(report.value().last_analysis_stats, AnalysisStats{});
         return outcome(report);
       },
       [](PantherWorldOptions& options) {
         options.world.virustotal.known_domains = {0, 1};
         options.world.virustotal.unknown_domains_are_sparse = true;
       }},
      {"RelationshipsComeWithTheObjectWhereTheyAreAskedFor", "REC virustotal.md 1.3", fine,
       [](Scene& scene) {
         const auto answer =
             scene.call(GetWithRelationships<Collection::domains>{.id = "mail.example.com",
                                                                  .relationships = "urls,immediate_parent"},
                        scene.key());
         const nlohmann::json data = json_of(answer)["data"];
         EXPECT_EQ(data["type"], "domain");
         EXPECT_TRUE(data["attributes"].contains("last_dns_records"));
         EXPECT_EQ(data["relationships"]["immediate_parent"]["data"]["id"], "example.com");
         EXPECT_TRUE(data["relationships"]["urls"]["data"].is_array());
         EXPECT_TRUE(data["relationships"]["urls"]["links"].contains("related"));
         return outcome(answer);
       }},
      {"AskingForRelationshipsCostsOneCall", "CHOICE virustotal.md 2.2", answer("3"),
       [](Scene& scene) {
         for (int i = 0; i < 3; ++i)
           EXPECT_TRUE(
               scene
                   .call(GetWithRelationships<Collection::ip_addresses>{.id = "8.8.8.8",
                                                                        .relationships = "urls,votes"},
                         scene.key())
                   .ok());
         return answer(std::to_string(used_today(scene)));
       }},
  };
}

std::vector<Behaviour> refused_behaviours() {
  return {
      {"AnEndThatTheInternetHasNotIsNoDomain", "REC virustotal.md 1.7",
       invalid("Domain \"xpressco.za\" is not a valid domain pattern"),
       [](Scene& scene) { return outcome(scene.call(GetDomain{.domain = "xpressco.za"}, scene.key())); }},
      {"ASingleLabelIsNoDomain", "REC virustotal.md 3",
       invalid("Domain \"localhost\" is not a valid domain pattern"),
       [](Scene& scene) { return outcome(scene.call(GetDomain{.domain = "localhost"}, scene.key())); }},
      {"ReservedNamesAreNoDomains", "CHOICE virustotal.md 3",
       invalid("Domain \"server.test\" is not a valid domain pattern"),
       [](Scene& scene) { return outcome(scene.call(GetDomain{.domain = "server.test"}, scene.key())); }},
      {"ANewerWordingQuotesBytes", "CHOICE virustotal.md 1.7, third parties",
       invalid("b'localhost' is not a valid domain pattern"),
       [](Scene& scene) { return outcome(scene.call(GetDomain{.domain = "localhost"}, scene.key())); },
       [](PantherWorldOptions& options) { options.world.virustotal.domain_errors_have_bytes = true; }},
      {"ADomainThatNobodySubmittedIsNotFound", "CHOICE virustotal.md 3",
       not_found("Domain \"example.com\" not found"),
       [](Scene& scene) {
         scene.inside()->world.virustotal.domain("example.com").unknown();
         return outcome(scene.call(GetDomain{.domain = "example.com"}, scene.key()));
       }},
      {"AFileThatNobodySubmittedIsNotFound", "REC virustotal.md 1.7",
       not_found("File \"00000000000000000000000000000001\" not found"),
       [](Scene& scene) {
         scene.inside()->world.virustotal.file("00000000000000000000000000000001").unknown();
         return outcome(scene.call(GetFile{.hash = "00000000000000000000000000000001"}, scene.key()));
       }},
      {"WhatIsNoHashIsNotFoundEither", "CHOICE virustotal.md 3", not_found("File \"0123\" not found"),
       [](Scene& scene) { return outcome(scene.call(GetFile{.hash = "0123"}, scene.key())); }},
      {"AnIdThatStandsForNoUrlIsNotFound", "DOC virustotal.md 3",
       not_found("URL \"thisurlidmakesnosenseatall\" not found"),
       [](Scene& scene) {
         return outcome(scene.call(GetUrl{.id = "thisurlidmakesnosenseatall"}, scene.key()));
       }},
      {"AHashThatNoUrlHadIsNotFound", "REC virustotal.md 1.7",
       not_found("URL \"" + std::string(64, 'a') + "\" not found"),
       [](Scene& scene) { return outcome(scene.call(GetUrl{.id = std::string(64, 'a')}, scene.key())); }},
      {"AnEmptyIdIsNotFound", "REC VirusTotalCore", not_found("Resource not found."),
       [](Scene& scene) { return outcome(scene.call(GetDomain{}, scene.key())); }},
      {"ARelationshipThatThereIsNotIsRefused", "CHOICE",
       invalid("Relationship \"friends\" does not exist for domains"),
       [](Scene& scene) {
         return outcome(scene.call(
             GetWithRelationships<Collection::domains>{.id = "example.com", .relationships = "friends"},
             scene.key()));
       }},
      {"AKeyThatIsTurnedOffIsRefused", "DOC virustotal.md 1.7",
       failure(Outcome::denied, 401, "UserNotActiveError", "User is not active"),
       [](Scene& scene) { return outcome(scene.call(GetDomain{.domain = "example.com"}, api::ApiKey{"k"})); },
       [](PantherWorldOptions& options) {
         options.virustotal_keys = {{.key = "j", .name = "soc"},
                                    {.key = "k", .name = "lab", .is_active = false}};
       }},
      {"AWrongKeyMayBeTold", "REC virustotal.md 1.7, 2020",
       failure(Outcome::denied, 401, "WrongCredentialsError", "Wrong API key: 0123"),
       [](Scene& scene) {
         return outcome(scene.call(GetDomain{.domain = "example.com"}, api::ApiKey{"0123"}));
       },
       [](PantherWorldOptions& options) { options.world.virustotal.tells_wrong_keys = true; }},
  };
}

INSTANTIATE_TEST_SUITE_P(VirusTotalObjects, Conformance, on_every_way(found_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotalRefusals, Conformance, on_every_way(refused_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
