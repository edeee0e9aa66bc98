// What is submitted to VirusTotal and becomes of it on the clock; users, their quotas and their usage.

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/virustotal/identifiers.hpp>

#include "virustotal.hpp"

namespace rushhour::fakes::conformance {
namespace {

using namespace api::virustotal;
using std::chrono::seconds;

const Failure quota_exceeded = failure(Outcome::throttled, 429, "QuotaExceededError", "Quota exceeded");

std::string analysis_of(const Result<Document>& submitted) {
  const nlohmann::json data = json_of(submitted)["data"];
  EXPECT_EQ(data["type"], "analysis");
  return data["id"];
}

std::string status_of(Scene& scene, const std::string& id) {
  return json_of(scene.call(GetAnalysis{.id = id}, scene.key()))["data"]["attributes"]["status"];
}

std::string user() { return std::string{only_key_name}; }

std::vector<Behaviour> submission_behaviours() {
  return {
      {"AUrlsAnalysisIsNamedAfterIt", "REC virustotal.md 1.5", fine,
       [](Scene& scene) {
         const auto made = scene.call(SubmitUrl{.url = "http://www.google.com"}, scene.key());
         EXPECT_THAT(analysis_of(made),
                     testing::MatchesRegex(
                         "u-dd014af5ed6b38d9130e3f466f850e46d21b951199d53a18ef29ee9341614eaf-[0-9]+"));
         return outcome(made);
       }},
      {"AFilesAnalysisIsItsMd5AndTheTime", "REC virustotal.md 1.5",
       answer("68b329da9893e34099c7d8ad5cb9c940"),
       [](Scene& scene) {
         const auto made = scene.call(SubmitFile{.content = "\n", .name = "line"}, scene.key());
         return answer(url_of_id(analysis_of(made)).value_or("").substr(0, 32));
       }},
      {"AnAnalysisIsQueuedThenInProgressThenCompleted", "MEM virustotal.md 1.5", answer("completed"),
       [](Scene& scene) {
         const std::string id =
             analysis_of(scene.call(SubmitUrl{.url = "http://example.com/x"}, scene.key()));
         const auto first = scene.call(GetAnalysis{.id = id}, scene.key());
         EXPECT_EQ(json_of(first)["data"]["attributes"]["status"], "queued");
         EXPECT_TRUE(json_of(first)["data"]["attributes"]["results"].empty());
         EXPECT_EQ(json_of(first)["meta"]["url_info"]["url"], "http://example.com/x");
         scene.advance(seconds{10});
         EXPECT_EQ(status_of(scene, id), "in-progress");
         scene.advance(seconds{50});
         const auto last = scene.call(GetAnalysis{.id = id}, scene.key());
         EXPECT_FALSE(json_of(last)["data"]["attributes"]["results"].empty());
         return answer(json_of(last)["data"]["attributes"]["status"]);
       }},
      {"AFileThatIsNewIsFoundOnceItIsAnalysed", "CHOICE", answer("notes.txt"),
       [](Scene& scene) {
         const std::string hash = sha256_text("content");
         const auto before = scene.call(GetFile{.hash = hash}, scene.key());
         EXPECT_EQ(before.outcome(), Outcome::not_found);
         EXPECT_TRUE(scene.call(SubmitFile{.content = "content", .name = "notes.txt"}, scene.key()).ok());
         EXPECT_EQ(scene.call(GetFile{.hash = hash}, scene.key()).outcome(), Outcome::not_found);
         scene.advance(seconds{60});
         const FileReport report = scene.call(GetFile{.hash = md5_text("content")}, scene.key()).value();
         EXPECT_EQ(report.sha256, hash);
         EXPECT_EQ(report.size, 7);
         EXPECT_EQ(report.times_submitted, 1);
         EXPECT_EQ(report.last_analysis_date, std::chrono::floor<seconds>(scene.now()));
         return answer(report.meaningful_name.value_or(""));
       },
       [](PantherWorldOptions& options) {
         options.world.virustotal.known_files = {0, 1};
       }},
      {"AnotherAnalysisCountsAsASubmission", "CHOICE", fine,
       [](Scene& scene) {
         const GetUrl url{.id = url_id("http://example.com/")};
         const auto before = scene.call(url, scene.key());
         const auto made = scene.call(Analyse<Collection::urls>{.id = url.id}, scene.key());
         scene.advance(seconds{60});
         EXPECT_EQ(scene.call(url, scene.key()).value().times_submitted, before.value().times_submitted + 1);
         return outcome(made);
       }},
      {"WhatIsNoUrlCannotBeSubmitted", "MEM virustotal.md 3",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "Unable to canonicalize url"),
       [](Scene& scene) { return outcome(scene.call(SubmitUrl{.url = "junk"}, scene.key())); }},
      {"AnAnalysisThatNobodyAskedForIsNotFound", "CHOICE virustotal.md 1.7",
       failure(Outcome::not_found, 404, "NotFoundError", "Analysis \"u-1\" not found"),
       [](Scene& scene) { return outcome(scene.call(GetAnalysis{.id = "u-1"}, scene.key())); }},
      {"AnUploadUrlLeadsToTheHostThatWasAsked", "REC virustotal.md 1.5", fine,
       [](Scene& scene) {
         const auto answer = scene.call(GetUploadUrl{}, scene.key());
         EXPECT_THAT(json_of(answer)["data"].get<std::string>(),
                     testing::MatchesRegex("https://www.virustotal.com/_ah/upload/AMmfu6[0-9a-f]+/"));
         return outcome(answer);
       }},
      {"AnUploadUrlIsUsedOnce", "DOC files/upload_url",
       failure(Outcome::not_found, 404, "NotFoundError", "Resource not found."),
       [](Scene& scene) {
         const std::string url = json_of(scene.call(GetUploadUrl{}, scene.key()))["data"];
         const std::string token = url.substr(url.find("AMmfu6"), url.size() - url.find("AMmfu6") - 1);
         const UploadFile upload{.token = token, .content = "content", .name = "a \"name\".txt"};
         EXPECT_TRUE(scene.call(upload, scene.key()).ok());
         return outcome(scene.call(upload, scene.key()));
       }},
      {"AnUploadUrlAges", "CHOICE", failure(Outcome::not_found, 404, "NotFoundError", "Resource not found."),
       [](Scene& scene) {
         const std::string url = json_of(scene.call(GetUploadUrl{}, scene.key()))["data"];
         const std::string token = url.substr(url.find("AMmfu6"), url.size() - url.find("AMmfu6") - 1);
         scene.advance(std::chrono::hours{1});
         return outcome(scene.call(UploadFile{.token = token, .content = "content"}, scene.key()));
       }},
  };
}

std::vector<Behaviour> quota_behaviours() {
  return {
      {"SubmissionsUseUpNoQuota", "CHOICE virustotal.md 2.2", answer("0"),
       [](Scene& scene) {
         for (int i = 0; i < 6; ++i) {
           EXPECT_TRUE(scene.call(SubmitUrl{.url = "http://example.com/"}, scene.key()).ok());
         }
         return answer(std::to_string(used_today(scene)));
       }},
      {"SubmissionsMayUseUpQuota", "CHOICE virustotal.md 2.2", quota_exceeded,
       [](Scene& scene) {
         for (int i = 0; i < 4; ++i) {
           EXPECT_TRUE(scene.call(SubmitUrl{.url = "http://example.com/"}, scene.key()).ok());
         }
         return outcome(scene.call(SubmitUrl{.url = "http://example.com/"}, scene.key()));
       },
       [](PantherWorldOptions& options) { options.world.virustotal.submissions_cost_quota = true; }},
      {"UploadUrlsUseUpNoQuota", "DOC vt-py#140, VirusTotal staff", fine,
       [](Scene& scene) {
         for (int i = 0; i < 6; ++i) EXPECT_TRUE(scene.call(GetUploadUrl{}, scene.key()).ok());
         return outcome(scene.call(GetUploadUrl{}, scene.key()));
       }},
      {"AskingForQuotasUsesUpNone", "CHOICE virustotal.md 2.2", answer("0"),
       [](Scene& scene) {
         for (int i = 0; i < 6; ++i) EXPECT_EQ(used_today(scene), 0U);
         return answer(std::to_string(used_today(scene)));
       }},
      {"UrlsUseUpQuota", "DOC vt-py#71, VirusTotal staff", quota_exceeded,
       [](Scene& scene) {
         const GetUrl request{.id = url_id("http://example.com/")};
         for (int i = 0; i < 4; ++i) EXPECT_TRUE(scene.call(request, scene.key()).ok());
         return outcome(scene.call(request, scene.key()));
       }},
      {"WhatIsNotFoundUsesUpQuota", "CHOICE virustotal.md 2.2", quota_exceeded,
       [](Scene& scene) {
         for (int i = 0; i < 4; ++i) {
           EXPECT_EQ(scene.call(GetFile{.hash = "0"}, scene.key()).outcome(), Outcome::not_found);
         }
         return outcome(scene.call(GetFile{.hash = "0"}, scene.key()));
       }},
      {"WhatIsNotFoundMayUseUpNone", "CHOICE virustotal.md 2.2", quota_exceeded,
       [](Scene& scene) {
         for (int i = 0; i < 9; ++i) {
           EXPECT_EQ(scene.call(GetFile{.hash = "0"}, scene.key()).outcome(), Outcome::not_found);
         }
         for (int i = 0; i < 4; ++i) {
           EXPECT_TRUE(scene.call(GetFile{.hash = std::string(64, '1')}, scene.key()).ok());
         }
         return outcome(scene.call(GetFile{.hash = "0"}, scene.key()));
       },
       [](PantherWorldOptions& options) { options.world.virustotal.failures_cost_quota = false; }},
      {"TheHoursAllowanceIsTheMinutesTimesSixty", "REC virustotal.md 2.3",
       answer(R"({"user":{"allowed":240,"used":2}})"),
       [](Scene& scene) {
         for (int i = 0; i < 2; ++i) EXPECT_TRUE(scene.call(GetIpAddress{.ip = "8.8.8.8"}, scene.key()).ok());
         const auto quotas = scene.call(GetOverallQuotas{.id = user()}, scene.key());
         const nlohmann::json data = json_of(quotas)["data"];
         EXPECT_EQ(data["api_requests_daily"]["user"], (nlohmann::json{{"allowed", 500}, {"used", 2}}));
         EXPECT_EQ(data["api_requests_monthly"]["user"], (nlohmann::json{{"allowed", 15500}, {"used", 2}}));
         return answer(data["api_requests_hourly"].dump());
       }},
      {"AGroupsQuotaStandsBesideTheUsers", "DOC virustotal.md 2.3", answer("corp"),
       [](Scene& scene) {
         for (const char* key : {"a", "b"}) {
           EXPECT_TRUE(scene.call(GetIpAddress{.ip = "8.8.8.8"}, api::ApiKey{key}).ok());
         }
         const auto quotas = scene.call(GetOverallQuotas{.id = "soc"}, api::ApiKey{"a"});
         const nlohmann::json daily = json_of(quotas)["data"]["api_requests_daily"];
         EXPECT_EQ(daily["user"]["used"], 1);
         EXPECT_EQ(daily["group"]["used"], 2);
         EXPECT_TRUE(scene.call(GetGroup{.id = "corp"}, api::ApiKey{"a"}).ok());
         return answer(daily["group"]["inherited_from"]);
       },
       [](PantherWorldOptions& options) {
         options.virustotal_groups = {{.name = "corp"}};
         options.virustotal_keys = {{.key = "a", .name = "soc", .group = "corp"},
                                    {.key = "b", .name = "lab", .group = "corp"}};
       }},
      {"AUserIsFoundByItsKeyToo", "DOC users", answer("virustotal-key"),
       [](Scene& scene) {
         const auto found = scene.call(GetUser{.id = std::get<api::ApiKey>(Scene::key()).key}, scene.key());
         EXPECT_EQ(json_of(found)["data"]["attributes"]["quotas"]["api_requests_daily"]["allowed"], 500);
         return answer(json_of(found)["data"]["id"]);
       }},
      {"AnotherUserIsForbidden", "CHOICE",
       failure(Outcome::denied, 403, "ForbiddenError",
               "You are not authorized to perform the requested operation"),
       [](Scene& scene) { return outcome(scene.call(GetUser{.id = "lab"}, api::ApiKey{"a"})); },
       [](PantherWorldOptions& options) {
         options.virustotal_keys = {{.key = "a", .name = "soc"}, {.key = "b", .name = "lab"}};
       }},
      {"UsageCountsAnswersByDayAndEndpoint", "DOC api-usage",
       answer(R"({"domains":1,"files":1,"ip_addresses":2})"),
       [](Scene& scene) {
         for (int i = 0; i < 2; ++i) EXPECT_TRUE(scene.call(GetIpAddress{.ip = "8.8.8.8"}, scene.key()).ok());
         EXPECT_FALSE(scene.call(GetIpAddress{.ip = "None"}, scene.key()).ok());
         scene.advance(std::chrono::hours{24});
         EXPECT_TRUE(scene.call(GetDomain{.domain = "example.com"}, scene.key()).ok());
         EXPECT_TRUE(scene.call(GetFile{.hash = std::string(64, '1')}, scene.key()).ok());
         const nlohmann::json data = json_of(scene.call(GetApiUsage{.id = user()}, scene.key()))["data"];
         EXPECT_EQ(data["daily"].size(), 30U);
         EXPECT_EQ(data["daily"]["2026-03-02"], (nlohmann::json{{"ip_addresses", 2}}));
         EXPECT_EQ(data["daily"]["2026-03-03"], (nlohmann::json{{"domains", 1}, {"files", 1}}));
         return answer(data["total"].dump());
       }},
      {"UsageOfMoreThanThirtyDaysIsRefused", "DOC api-usage",
       failure(Outcome::invalid, 400, "InvalidArgumentError", "The range should not exceed 30 days"),
       [](Scene& scene) {
         return outcome(scene.call(
             GetApiUsage{.id = user(), .start_date = "20260101", .end_date = "20260302"}, scene.key()));
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(VirusTotalSubmissions, Conformance, on_every_way(submission_behaviours()), row_name);
INSTANTIATE_TEST_SUITE_P(VirusTotalQuotas, Conformance, on_every_way(quota_behaviours()), row_name);

}  // namespace
}  // namespace rushhour::fakes::conformance
