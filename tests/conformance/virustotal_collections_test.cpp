// VirusTotal's collections: pages and cursors, comments and votes, searches, reports of sandboxes.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "virustotal.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::virustotal;

/// With the seed of these tests it has 83 subdomains and 11 URLs.
constexpr std::string_view crowded = "corp.com";

using Subdomains = ListRelated<Collection::domains>;

Subdomains subdomains(std::optional<std::int64_t> limit = {}, std::string cursor = {}) {
  return {
      .id = std::string{crowded}, .relationship = "subdomains", .limit = limit, .cursor = std::move(cursor)};
}

Failure forbidden() {
  return failure(Outcome::denied, 403, "ForbiddenError",
                 "You are not authorized to perform the requested operation");
}
Failure bad_request(std::string_view message) {
  return failure(Outcome::invalid, 400, "BadRequestError", message);
}
Failure exists(std::string_view message) {
  return failure(Outcome::invalid, 409, "AlreadyExistsError", message);
}

std::vector<Behaviour> page_behaviours() {
  return {
      {"APageHasTenUnlessSaid", "REC virustotal.md 1.6", fine,
       [](Scene& scene) {
         const auto answer = scene.call(subdomains(), scene.key());
         const nlohmann::json page = json_of(answer);
         EXPECT_EQ(page["data"].size(), 10U);
         EXPECT_EQ(page["links"]["self"],
                   "https://www.virustotal.com/api/v3/domains/corp.com/subdomains?limit=10");
         EXPECT_TRUE(page["links"].contains("next"));
         EXPECT_GT(page["meta"]["count"].get<int>(), 40);
         EXPECT_EQ(page["data"][0]["type"], "domain");
         EXPECT_TRUE(page["data"][0].contains("attributes"));
         return outcome(answer);
       },
       with_premium_key},
      {"ACursorLeadsThroughAllAndEndsWithNone", "REC virustotal.md 1.6; SRC vt-py", fine,
       [](Scene& scene) {
         std::set<std::string> seen;
         std::string cursor;
         Failure last = fine;
         for (bool more = true; more;) {
           const auto answer = scene.call(subdomains(7, cursor), scene.key());
           last = outcome(answer);
           const nlohmann::json page = json_of(answer);
           EXPECT_FALSE(page["data"].empty()) << "an empty page after a cursor breaks vt-py";
           for (const auto& each : page["data"]) {
             EXPECT_TRUE(seen.insert(each["id"].get<std::string>()).second) << "twice";
           }
           more = page["meta"].contains("cursor");
           EXPECT_EQ(page["links"].contains("next"), more);
           if (more) {
             cursor = page["meta"]["cursor"];
           } else {
             EXPECT_EQ(page["meta"]["count"], seen.size());
           }
         }
         return last;
       },
       with_premium_key},
      {"ALimitOfMoreGivesForty", "REC subfinder#1718", fine,
       [](Scene& scene) {
         const auto answer = scene.call(subdomains(100), scene.key());
         EXPECT_EQ(json_of(answer)["data"].size(), 40U);
         EXPECT_THAT(json_of(answer)["links"]["self"].get<std::string>(), testing::EndsWith("?limit=40"));
         return outcome(answer);
       }},
      {"ALimitOfMoreMayBeRefused", "CHOICE",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "limit should be from 1 to 40"),
       [](Scene& scene) { return outcome(scene.call(subdomains(41), scene.key())); },
       [](PantherWorldOptions& options) { options.world.virustotal.large_limits_are_refused = true; }},
      {"ALimitOfNoneIsRefused", "CHOICE",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "limit should be from 1 to 40"),
       [](Scene& scene) { return outcome(scene.call(subdomains(0), scene.key())); }},
      {"ACursorThatIsMadeUpIsRefused", "CHOICE", bad_request("Invalid cursor"),
       [](Scene& scene) { return outcome(scene.call(subdomains(10, "ClUK"), scene.key())); }},
      {"ACursorOfAnotherCollectionIsRefused", "CHOICE", bad_request("Invalid cursor"),
       [](Scene& scene) {
         const std::string cursor = json_of(scene.call(subdomains(), scene.key()))["meta"]["cursor"];
         return outcome(scene.call(
             ListRelated<Collection::domains>{
                 .id = std::string{crowded}, .relationship = "urls", .cursor = cursor},
             scene.key()));
       }},
      {"AnEmptyCollectionHasNoMeta", "REC virustotal.md 1.6",
       answer(R"({"data":[],"links":{"self":"https://www.virustotal.com/api/v3/ip_addresses/10.0.0.2/urls?)"
              R"(limit=10"}})"),
       [](Scene& scene) {
         return answer(
             scene
                 .call(ListRelated<Collection::ip_addresses>{.id = "10.0.0.2", .relationship = "urls"},
                       scene.key())
                 .value()
                 .text);
       }},
      {"CountsCanBeLeftOut", "REC virustotal.md 1.6, 2019", fine,
       [](Scene& scene) {
         const auto answer = scene.call(subdomains(), scene.key());
         EXPECT_FALSE(json_of(answer)["meta"].contains("count"));
         return outcome(answer);
       },
       [](PantherWorldOptions& options) { options.world.virustotal.has_counts = false; }},
      {"DescriptorsAreTypesAndIds", "DOC relationships", fine,
       [](Scene& scene) {
         const auto answer =
             scene.call(ListRelatedDescriptors<Collection::domains>{.id = std::string{crowded},
                                                                    .relationship = "subdomains"},
                        scene.key());
         const nlohmann::json body = json_of(answer);
         for (const auto& each : body["data"]) {
           EXPECT_EQ(each.size(), 2U);
           EXPECT_EQ(each["type"], "domain");
         }
         return outcome(answer);
       }},
      {"ARelationshipToOneHasNoList", "DOC relationships", answer("example.com"),
       [](Scene& scene) {
         const auto of = scene.call(
             ListRelated<Collection::domains>{.id = "www.example.com", .relationship = "immediate_parent"},
             scene.key());
         return answer(json_of(of)["data"]["id"]);
       }},
      {"ARelationshipToNoneIsNull", "DOC relationships", fine,
       [](Scene& scene) {
         const auto answer =
             scene.call(ListRelatedDescriptors<Collection::domains>{.id = "example.com",
                                                                    .relationship = "immediate_parent"},
                        scene.key());
         EXPECT_TRUE(json_of(answer)["data"].is_null());
         return outcome(answer);
       }},
      {"WhatIsMissingAtTheOtherEndHasAnErrorInPlace", "REC vt-py's tests", answer("NotFoundError"),
       [](Scene& scene) {
         const std::string first = json_of(scene.call(subdomains(1), scene.key()))["data"][0]["id"];
         scene.inside()->world.virustotal.domain(first).unknown();
         const nlohmann::json element = json_of(scene.call(subdomains(1), scene.key()))["data"][0];
         EXPECT_FALSE(element.contains("attributes"));
         return answer(element["error"]["code"]);
       }},
      {"WhatARelationshipLeadsToCanBeAskedFor", "DOC relationships", fine,
       [](Scene& scene) {
         const auto urls = scene.call(
             ListRelatedDescriptors<Collection::domains>{.id = std::string{crowded}, .relationship = "urls"},
             scene.key());
         const std::string id = json_of(urls)["data"][0]["id"];
         return outcome(scene.call(GetUrl{.id = id}, scene.key()));
       }},
      {"ARelationshipThatThereIsNotHasNoPath", "CHOICE",
       failure(Outcome::not_found, 404, "NotFoundError", "Resource not found."),
       [](Scene& scene) {
         return outcome(scene.call(
             ListRelated<Collection::domains>{.id = "example.com", .relationship = "friends"}, scene.key()));
       }},
      {"AResolutionIsAddressAndName", "REC virustotal.md 1.5", answer("github.com"),
       [](Scene& scene) {
         const auto of = scene.call(GetResolution{.id = "140.82.114.3github.com"}, scene.key());
         const nlohmann::json data = json_of(of)["data"];
         EXPECT_EQ(data["attributes"]["ip_address"], "140.82.114.3");
         EXPECT_TRUE(data["attributes"]["date"].is_number_integer());
         return answer(data["attributes"]["host_name"]);
       }},
  };
}

/// The reports of the first file of those tried that has any.
nlohmann::json behaviours_of_some_file(Scene& scene) {
  for (char digit = '1'; digit <= '9'; ++digit) {
    const auto of = scene.call(ListBehaviours{.id = std::string(64, digit)}, scene.key());
    nlohmann::json reports = json_of(of)["data"];
    if (!reports.empty()) return reports;
  }
  ADD_FAILURE() << "no file was seen by any sandbox";
  return {};
}

std::vector<Behaviour> sandbox_behaviours() {
  return {
      {"SandboxesReportWhatAFileDid", "DOC get-all-behavior-reports-for-a-file", answer("file_behaviour"),
       [](Scene& scene) {
         const nlohmann::json first = behaviours_of_some_file(scene)[0];
         const nlohmann::json& attributes = first["attributes"];
         EXPECT_TRUE(attributes["analysis_date"].is_number_integer());
         EXPECT_EQ(attributes["behash"].get<std::string>().size(), 32U);
         for (const char* list : {"dns_lookups", "ip_traffic", "processes_tree", "verdicts"})
           EXPECT_TRUE(attributes[list].is_array()) << list;
         const std::string id = first["id"];
         EXPECT_EQ(id.substr(64), "_" + attributes["sandbox_name"].get<std::string>());
         return answer(first["type"]);
       },
       with_premium_key},
      {"AReportOfASandboxCanBeAskedForAlone", "DOC get-file-behaviour-id", fine,
       [](Scene& scene) {
         const nlohmann::json first = behaviours_of_some_file(scene)[0];
         const auto alone = scene.call(GetBehaviour{.id = first["id"]}, scene.key());
         EXPECT_EQ(json_of(alone)["data"], first);
         return outcome(alone);
       },
       with_premium_key},
      {"ReportsAreRelatedToTheirFile", "DOC files, relationships", fine,
       [](Scene& scene) {
         const nlohmann::json first = behaviours_of_some_file(scene)[0];
         const std::string file = first["id"].get<std::string>().substr(0, 64);
         const auto related =
             scene.call(ListRelatedDescriptors<Collection::files>{.id = file, .relationship = "behaviours"},
                        scene.key());
         EXPECT_EQ(json_of(related)["data"][0]["id"], first["id"]);
         return outcome(related);
       },
       with_premium_key},
      {"AReportOfNoSandboxIsNotFound", "CHOICE",
       failure(Outcome::not_found, 404, "NotFoundError", "File behaviour \"0_Nobody\" not found"),
       [](Scene& scene) { return outcome(scene.call(GetBehaviour{.id = "0_Nobody"}, scene.key())); }},
      {"ReportsOfAFileThatIsUnknownAreNotFound", "CHOICE",
       failure(Outcome::not_found, 404, "NotFoundError", "File \"" + std::string(64, '1') + "\" not found"),
       [](Scene& scene) {
         scene.inside()->world.virustotal.file(std::string(64, '1')).unknown();
         return outcome(scene.call(ListBehaviours{.id = std::string(64, '1')}, scene.key()));
       }},
  };
}

std::vector<Behaviour> community_behaviours() {
  using AddDomainComment = AddComment<Collection::domains>;
  using AddFileVote = AddVote<Collection::files>;
  return {
      {"WordsWithAHashBecomeTags", "DOC virustotal.md 1.5", fine,
       [](Scene& scene) {
         const auto made = scene.call(
             AddDomainComment{.id = "example.com", .text = "Lorem #ipsum <b> #Dolor"}, scene.key());
         const nlohmann::json attributes = json_of(made)["data"]["attributes"];
         EXPECT_EQ(attributes["tags"], (nlohmann::json{"ipsum", "dolor"}));
         EXPECT_EQ(attributes["html"], "Lorem #ipsum &lt;b&gt; #Dolor");
         EXPECT_TRUE(attributes["date"].is_number_integer());
         return outcome(made);
       }},
      {"ACommentIsTheFirstOfItsObject", "REC virustotal.md 1.5", fine,
       [](Scene& scene) {
         const auto made = scene.call(AddDomainComment{.id = "example.com", .text = "one #x"}, scene.key());
         const std::string id = json_of(made)["data"]["id"];
         EXPECT_THAT(id, testing::MatchesRegex("d-example.com-[0-9a-f]{8}"));
         const auto listed = scene.call(ListComments<Collection::domains>{.id = "example.com"}, scene.key());
         EXPECT_EQ(json_of(listed)["data"][0]["id"], id);
         const auto tagged = scene.call(ListCommentsByTag{.filter = "tag:x"}, scene.key());
         EXPECT_EQ(json_of(tagged)["data"][0]["id"], id);
         return outcome(scene.call(GetComment{.id = id}, scene.key()));
       }},
      {"AnEmptyCommentIsRefused", "DOC VirusTotalCore",
       bad_request("The text of a comment should not be empty"),
       [](Scene& scene) {
         return outcome(scene.call(AddDomainComment{.id = "example.com", .text = " "}, scene.key()));
       }},
      {"TheSameCommentAgainIsRefused", "DOC VirusTotalCore", exists("Duplicate comment"),
       [](Scene& scene) {
         const AddDomainComment request{.id = "example.com", .text = "one"};
         EXPECT_TRUE(scene.call(request, scene.key()).ok());
         return outcome(scene.call(request, scene.key()));
       }},
      {"OnesOwnCommentCanBeDeleted", "DOC comments", failure(Outcome::not_found, 404, "NotFoundError", ""),
       [](Scene& scene) {
         const auto made = scene.call(AddDomainComment{.id = "example.com", .text = "one"}, scene.key());
         const std::string id = json_of(made)["data"]["id"];
         EXPECT_TRUE(scene.call(DeleteComment{.id = id}, scene.key()).ok());
         Failure gone = outcome(scene.call(GetComment{.id = id}, scene.key()));
         EXPECT_EQ(gone.message, "Comment \"" + id + "\" not found");
         gone.message.clear();
         return gone;
       }},
      {"AnothersCommentCannot", "CHOICE", forbidden(),
       [](Scene& scene) {
         const auto made = scene.call(AddDomainComment{.id = "example.com", .text = "one"}, api::ApiKey{"a"});
         return outcome(scene.call(DeleteComment{.id = json_of(made)["data"]["id"]}, api::ApiKey{"b"}));
       },
       [](PantherWorldOptions& options) {
         options.virustotal_keys = {{.key = "a", .name = "soc"}, {.key = "b", .name = "lab"}};
       }},
      {"ACommentIsVotedOn", "DOC comments", answer(R"({"data":{"abuse":0,"negative":0,"positive":1}})"),
       [](Scene& scene) {
         const auto made = scene.call(AddDomainComment{.id = "example.com", .text = "one"}, scene.key());
         return answer(
             scene.call(VoteOnComment{.id = json_of(made)["data"]["id"], .vote = "positive"}, scene.key())
                 .value()
                 .text);
       }},
      {"AVoteHasNoLinkToItself", "REC virustotal.md 1.5", fine,
       [](Scene& scene) {
         const auto before = scene.call(GetFile{.hash = std::string(64, '1')}, scene.key());
         const auto made =
             scene.call(AddFileVote{.id = std::string(64, '1'), .verdict = "malicious"}, scene.key());
         const nlohmann::json data = json_of(made)["data"];
         EXPECT_TRUE(data["links"]["self"].is_null());
         EXPECT_EQ(data["attributes"]["value"], -1);
         const auto after = scene.call(GetFile{.hash = std::string(64, '1')}, scene.key());
         EXPECT_EQ(after.value().total_votes.malicious, before.value().total_votes.malicious + 1);
         return outcome(made);
       }},
      {"ASecondVoteIsRefused", "DOC virustotal.md 1.7",
       exists("User \"virustotal-key\" already voted \"malicious\" for this file"),
       [](Scene& scene) {
         const std::string id(64, '1');
         EXPECT_TRUE(scene.call(AddFileVote{.id = id, .verdict = "malicious"}, scene.key()).ok());
         return outcome(scene.call(AddFileVote{.id = id, .verdict = "harmless"}, scene.key()));
       }},
      {"AVoteOnAnAddressNamesItsType", "DOC virustotal.md 1.7",
       exists("User \"virustotal-key\" already voted \"harmless\" for this ip_address"),
       [](Scene& scene) {
         const AddVote<Collection::ip_addresses> vote{.id = "8.8.8.8", .verdict = "harmless"};
         EXPECT_TRUE(scene.call(vote, scene.key()).ok());
         return outcome(scene.call(vote, scene.key()));
       }},
      {"VotesAreListed", "DOC votes", fine,
       [](Scene& scene) {
         const std::string id(64, '1');
         EXPECT_TRUE(scene.call(AddFileVote{.id = id, .verdict = "harmless"}, scene.key()).ok());
         const auto votes = scene.call(ListVotes<Collection::files>{.id = id}, scene.key());
         EXPECT_EQ(json_of(votes)["data"][0]["attributes"]["verdict"], "harmless");
         return outcome(votes);
       }},
  };
}

std::vector<Behaviour> search_behaviours() {
  return {
      {"ASearchFindsAnAddress", "DOC search", answer("ip_address"),
       [](Scene& scene) {
         const auto found = scene.call(Search{.query = "8.8.8.8"}, scene.key());
         return answer(json_of(found)["data"][0]["type"]);
       }},
      {"ASearchFindsAUrl", "DOC search", answer("http://example.com/a"),
       [](Scene& scene) {
         const auto found = scene.call(Search{.query = "http://example.com/a"}, scene.key());
         return answer(json_of(found)["data"][0]["attributes"]["url"]);
       }},
      {"ASearchFindsComments", "DOC search", answer("comment"),
       [](Scene& scene) {
         EXPECT_TRUE(scene
                         .call(AddComment<Collection::domains>{.id = "example.com", .text = "an #emotet"},
                               scene.key())
                         .ok());
         const auto found = scene.call(Search{.query = "#emotet"}, scene.key());
         return answer(json_of(found)["data"][0]["type"]);
       }},
      {"ASearchForNothingThatIsKnownIsEmpty", "CHOICE", fine,
       [](Scene& scene) {
         const auto found = scene.call(Search{.query = "no such thing"}, scene.key());
         EXPECT_TRUE(json_of(found)["data"].empty());
         return outcome(found);
       }},
      {"IntelligenceIsForPremiumKeys", "DOC intelligence-search", forbidden(),
       [](Scene& scene) {
         return outcome(scene.call(SearchIntelligence{.query = "entity:file p:5+"}, scene.key()));
       }},
      {"IntelligenceFindsWhatTheQueryNames", "DOC intelligence-search", fine,
       [](Scene& scene) {
         const auto found = scene.call(
             SearchIntelligence{.query = "entity:domain p:5+", .limit = 300, .descriptors_only = "true"},
             scene.key());
         const nlohmann::json body = json_of(found);
         for (const auto& each : body["data"]) EXPECT_EQ(each["type"], "domain");
         return outcome(found);
       },
       with_premium_key},
      {"AContentThatIsTooShortIsUnselective", "DOC virustotal.md 1.7",
       failure(Outcome::invalid, 400, "UnselectiveContentQueryError",
               "The content to search for should be longer"),
       [](Scene& scene) {
         return outcome(scene.call(SearchIntelligence{.query = "content:ab"}, scene.key()));
       },
       with_premium_key},
      {"MetadataNamesEnginesAndRelationships", "DOC metadata", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetMetadata{}, scene.key());
         EXPECT_TRUE(json_of(answer)["data"]["engines"].contains("Kaspersky"));
         EXPECT_TRUE(json_of(answer)["data"]["relationships"].contains("file"));
         return outcome(answer);
       }},
      {"ThreatCategoriesAreAList", "DOC popular-threat-categories", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetPopularThreatCategories{}, scene.key());
         EXPECT_TRUE(json_of(answer)["data"].is_array());
         return outcome(answer);
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(VirusTotalPages, Conformance, on_every_way(page_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotalCommunity, Conformance, on_every_way(community_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotalSandboxes, Conformance, on_every_way(sandbox_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotalSearch, Conformance, on_every_way(search_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
