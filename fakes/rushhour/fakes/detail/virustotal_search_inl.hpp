/// \file
/// Bodies of virustotal.hpp: searches, resolutions, and what the service says of itself.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/detail/virustotal_engines.hpp>
#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_elements.hpp>
#include <rushhour/fakes/detail/virustotal_pages.hpp>
#include <rushhour/fakes/detail/virustotal_relationships.hpp>
#include <rushhour/fakes/virustotal.hpp>

namespace rushhour::fakes {

namespace detail {

/// The value of a modifier in a query: `file` of `entity:file p:5+`.
[[nodiscard]] inline std::string_view modifier_of(std::string_view query, std::string_view name) {
  for (std::size_t at = query.find(name); at != std::string_view::npos; at = query.find(name, at + 1)) {
    const bool is_word = at == 0 || query[at - 1] == ' ';
    if (!is_word || query.substr(at + name.size(), 1) != ":") continue;
    const std::string_view value = query.substr(at + name.size() + 1);
    return value.substr(0, value.find(' '));
  }
  return {};
}

}  // namespace detail

/// By what identifies an object; what nothing is known of gives an empty collection. `#tag` finds comments.
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::Search& request,
                                                                 const Caller& /*caller*/, Instant now) {
  const std::string& query = request.query;
  if (query.empty()) return detail::bad_request("query should not be empty");  // [CHOICE] the text
  settle(now);
  std::vector<Descriptor> all;
  const auto found = [&](Collection of, const auto& report, const std::string& id) {
    if (report) all.push_back({api::virustotal::type_of(of), id, {}});
  };
  if (query.starts_with('#')) {
    const std::string tag = api::virustotal::lower_case(std::string_view{query}.substr(1));
    for (const VirusTotalComment& comment : community_.comments_tagged(tag))
      all.push_back({"comment", comment.id, detail::comment_json(comment)});
  } else if (canonical_address(query)) {
    const auto report = objects_.address(query);
    found(Collection::ip_addresses, report, report ? report->address : query);
  } else if (api::virustotal::hash_kind(query) != api::virustotal::HashKind::none) {
    const auto report = objects_.file(query);
    found(Collection::files, report, report ? report->sha256 : query);
  } else if (query.find("://") == std::string::npos && api::virustotal::canonical_domain(query)) {
    const auto report = objects_.domain(query);
    found(Collection::domains, report, report ? report->domain : query);
  } else if (const auto url = api::virustotal::canonical_url(query)) {
    const auto report = objects_.url(api::virustotal::url_id(*url));
    found(Collection::urls, report, report ? report->id : query);
  }
  return page_text({.path = "/search",
                    .query = "query=" + http::percent_encode(query) + "&",
                    .limit = request.limit,
                    .cursor = request.cursor,
                    .limit_max = options_.page_limit_max},
                   all, false);
}

/// Objects derived from the query: of the entity that it names, files unless it does.
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::SearchIntelligence& request, const Caller& caller, Instant now) {
  const VirusTotalKey* const key = find_key(user_of(caller));
  if (!options_.public_keys_search_intelligence && (key == nullptr || key->is_public()))
    return detail::forbidden();
  if (request.query.empty()) return detail::bad_request("query should not be empty");  // [CHOICE] the text
  settle(now);
  const std::string_view content = detail::modifier_of(request.query, "content");
  if (!content.empty() && content.size() < 4) {  // [DOC] the code; [CHOICE] what is too short, and the text
    return Failure{.outcome = Outcome::invalid,
                   .status = 400,
                   .code = "UnselectiveContentQueryError",
                   .message = "The content to search for should be longer"};
  }
  const std::string_view entity = detail::modifier_of(request.query, "entity");
  const detail::Target target = entity == "domain" ? detail::Target::domain
                                : entity == "ip"   ? detail::Target::address
                                : entity == "url"  ? detail::Target::url
                                                   : detail::Target::file;
  const detail::Relationship row{"intelligence", target, 120};
  std::vector<Descriptor> all;
  for (std::string& id : detail::related_ids(relations_, Collection::files, request.query, row)) {
    if (target == detail::Target::url) id = objects_.remember_url(id);
    all.push_back({detail::type_of(target), std::move(id), {}});
  }
  std::string query = "query=" + http::percent_encode(request.query) + "&";
  if (!request.order.empty()) query += "order=" + http::percent_encode(request.order) + "&";
  if (!request.descriptors_only.empty())
    query += "descriptors_only=" + http::percent_encode(request.descriptors_only) + "&";
  return page_text({.path = "/intelligence/search",
                    .query = std::move(query),
                    .limit = request.limit,
                    .cursor = request.cursor,
                    .limit_max = options_.intelligence_limit_max},
                   all, request.descriptors_only == "true");
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::GetResolution& request, const Caller& /*caller*/, Instant /*now*/) {
  const auto text = resolution_text(request.id);
  if (!text) return detail::object_not_found("Resolution", request.id);
  return Document{detail::data_json(*text)};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::GetMetadata& /*request*/, const Caller& /*caller*/, Instant /*now*/) {
  detail::JsonObject engines;
  for (const std::string_view engine : api::virustotal::detail::file_engines) engines.raw(engine, "{}");
  detail::JsonObject relationships;
  for (const auto of : {Collection::domains, Collection::files, Collection::ip_addresses, Collection::urls}) {
    std::string rows = "[";
    for (const detail::Relationship& row : detail::relationships_of(of)) {
      if (rows.size() > 1) rows += ',';
      rows += detail::JsonObject{}.text("name", row.name).text("description", row.name).json();
    }
    relationships.raw(api::virustotal::type_of(of), rows + "]");
  }
  const std::string data = detail::JsonObject{}
                               .raw("engines", engines.json())
                               .raw("privileges", R"(["intelligence","private"])")
                               .raw("relationships", relationships.json())
                               .json();
  return Document{detail::data_json(data)};
}

/// [DOC: popular-threat-categories]
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::GetPopularThreatCategories& /*request*/, const Caller& /*caller*/,
    Instant /*now*/) {
  return Document{
      R"({"data":["trojan","adware","dropper","downloader","pua","ransomware","worm","miner","hacktool",)"
      R"("phishing","virus","spyware","banker"]})"};
}

}  // namespace rushhour::fakes
