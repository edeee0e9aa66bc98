/// \file
/// Bodies of virustotal.hpp: relationships, comments and votes, and the pages that they come in.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_elements.hpp>
#include <rushhour/fakes/detail/virustotal_pages.hpp>
#include <rushhour/fakes/detail/virustotal_relationships.hpp>
#include <rushhour/fakes/virustotal.hpp>

namespace rushhour::fakes {

// ---- Relationships ----

RUSHHOUR_INLINE std::vector<VirusTotal::Descriptor> VirusTotal::descriptors_of(
    const VirusTotalSubject& subject, const detail::Relationship& row) {
  std::vector<Descriptor> out;
  if (row.target == detail::Target::comment) {
    if (row.name != "comments") return out;  // of related objects: none [CHOICE]
    for (const VirusTotalComment& comment : community_.comments_on(subject))
      out.push_back({"comment", comment.id, detail::comment_json(comment)});
    return out;
  }
  if (row.target == detail::Target::vote) {
    for (const VirusTotalVote& vote : community_.votes_on(subject, votes_of(subject)))
      out.push_back({"vote", vote.id, detail::vote_json(vote)});
    return out;
  }
  const bool is_url = subject.collection == Collection::urls;
  const std::string of = is_url ? objects_.url_of(subject.id).value_or(subject.id) : subject.id;
  for (std::string& id : detail::related_ids(relations_, subject.collection, of, row)) {
    const bool is_address = row.target == detail::Target::parent && canonical_address(id).has_value();
    if (row.target == detail::Target::url) {
      const auto canonical = api::virustotal::canonical_url(id);
      id = objects_.remember_url(canonical.value_or(id));
    }
    out.push_back({is_address ? "ip_address" : detail::type_of(row.target), std::move(id), {}});
  }
  return out;
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::list_related(Collection of,
                                                                           const Related& related,
                                                                           const PageOf& page, Instant now) {
  const auto subject = find_subject(of, related.id, now);
  if (!subject.ok()) return subject.failure();
  const detail::Relationship* const row = detail::find_relationship(of, related.relationship);
  if (row == nullptr) return detail::no_resource();  // [CHOICE]
  std::string path = detail::path_of(*subject);
  path += page.descriptors_only ? "/relationships/" : "/";
  path += row->name;
  const std::vector<Descriptor> all = descriptors_of(*subject, *row);
  if (row->is_one) {
    const std::string link = detail::JsonObject{}.text("self", detail::api_link(path)).json();
    const std::string data =
        all.empty() ? "null"
        : page.descriptors_only
            ? detail::JsonObject{}.text("type", all.front().type).text("id", all.front().id).json()
            : element_text(all.front());
    return Document{detail::JsonObject{}.raw("data", data).raw("links", link).json()};
  }
  return page_text({.path = std::move(path),
                    .limit = page.limit,
                    .cursor = page.cursor,
                    .limit_max = options_.page_limit_max},
                   all, page.descriptors_only);
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::page_text(const detail::PageRequest& request,
                                                                        const std::vector<Descriptor>& all,
                                                                        bool descriptors_only) {
  const auto page = detail::page_of(
      cursors_, request, all.size(), [&](std::size_t i) { return all[i].id; },
      options_.large_limits_are_refused);
  if (!page.ok()) return page.failure();
  Document out{R"({"data":[)"};
  for (std::size_t i = page->begin; i < page->end; ++i) {
    if (i != page->begin) out.text += ',';
    if (descriptors_only) {
      out.text += detail::JsonObject{}.text("type", all[i].type).text("id", all[i].id).json();
    } else {
      out.text += element_text(all[i]);
    }
  }
  out.text += ']';
  detail::append_page_end(out.text, request, *page, options_.has_counts);
  return out;
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::with_relationships(
    Collection of, std::string_view id, std::string_view relationships, Instant now) {
  const auto subject = find_subject(of, id, now);
  if (!subject.ok()) return subject.failure();
  std::string members;
  for (std::string_view rest = relationships; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const detail::Relationship* const row = detail::find_relationship(of, name);
    if (name.empty()) continue;
    if (row == nullptr)  // [CHOICE]
      return detail::invalid_argument("Relationship \"" + std::string{name} + "\" does not exist for " +
                                      std::string{api::virustotal::to_text(of)});
    if (!members.empty()) members += ',';
    members += relationship_text(*subject, *row);
  }
  const auto text = object_text(*subject, members);
  if (!text) return no_such_object(of, id);
  return Document{detail::data_json(*text)};
}

RUSHHOUR_INLINE std::string VirusTotal::relationship_text(const VirusTotalSubject& subject,
                                                          const detail::Relationship& row) {
  const std::vector<Descriptor> all = descriptors_of(subject, row);
  const std::string path = detail::path_of(subject);
  const std::string self = path + "/relationships/" + std::string{row.name};
  const std::string links = detail::JsonObject{}
                                .text("self", detail::api_link(self))
                                .text("related", detail::api_link(path + "/" + std::string{row.name}))
                                .json();
  const auto descriptor = [](const Descriptor& each) {
    return detail::JsonObject{}.text("type", each.type).text("id", each.id).json();
  };
  std::string out;
  rushhour::detail::append_json_string(out, row.name);
  out += ':';
  if (row.is_one) {
    return out + detail::JsonObject{}
                     .raw("data", all.empty() ? "null" : descriptor(all.front()))
                     .raw("links", links)
                     .json();
  }
  const auto page = detail::page_of(cursors_, {.path = self, .limit_max = options_.page_limit_max},
                                    all.size(), [&](std::size_t i) { return all[i].id; });
  std::string data = "[";
  for (std::size_t i = 0; i < page->end; ++i) data += (i == 0 ? "" : ",") + descriptor(all[i]);
  data += "]";
  detail::JsonObject object;
  object.raw("data", data).raw("links", links);
  if (!page->cursor.empty()) object.raw("meta", detail::JsonObject{}.text("cursor", page->cursor).json());
  return out + object.json();
}

// ---- Elements ----

RUSHHOUR_INLINE std::string VirusTotal::element_text(const Descriptor& element) {
  if (!element.text.empty()) return element.text;
  for (const auto of : {Collection::ip_addresses, Collection::domains, Collection::urls, Collection::files}) {
    if (api::virustotal::type_of(of) != element.type) continue;
    if (auto text = object_text({of, element.id})) return std::move(*text);
    // [SRC: vt-py's tests] of what a relationship leads to and the service does not have.
    const Failure missing = detail::object_not_found(detail::title_of(of), element.id);
    return detail::JsonObject{}
        .text("type", element.type)
        .text("id", element.id)
        .raw("error", detail::JsonObject{}.text("code", missing.code).text("message", missing.message).json())
        .json();
  }
  if (element.type == "resolution") return resolution_text(element.id).value_or("null");
  if (element.type == "file_behaviour") return behaviour_text(element);
  return beside_text(element);
}

RUSHHOUR_INLINE std::string VirusTotal::beside_text(const Descriptor& element) {
  const Stream draws = relations_.part(hash(element.id));
  const auto seconds = [&](std::uint64_t counter, std::uint64_t days) {
    return std::to_string(detail::epoch_seconds(options_.report_date) -
                          static_cast<std::int64_t>(uniform_below(draws.at(counter), days * 86'400)));
  };
  const std::string domain = detail::drawn_domain(draws);
  if (element.type == "whois") {
    return detail::object_json(
        "whois", element.id, "whois",
        detail::JsonObject{}
            .raw("first_seen_date", seconds(1, 900))
            .raw("last_updated", seconds(2, 300))
            .text("registrant_country", detail::pick(detail::owners, draws.at(3)).country)
            .text("registrar_name", detail::pick(detail::registrars, draws.at(4)))
            .raw("whois_map", detail::JsonObject{}
                                  .text("Registrar", detail::pick(detail::registrars, draws.at(4)))
                                  .text("Name Server", "ns1." + domain)
                                  .json())
            .json());
  }
  if (element.type == "ssl_cert") {
    return detail::object_json("ssl_cert", element.id, "ssl_certs",
                               detail::JsonObject{}
                                   .raw("first_seen_date", seconds(1, 900))
                                   .text("serial_number", detail::drawn_hex(draws, 5, 32))
                                   .raw("subject", detail::JsonObject{}.text("CN", domain).json())
                                   .text("thumbprint_sha256", element.id)
                                   .text("version", "V3")
                                   .json());
  }
  return detail::object_json("submission", element.id, "submissions",
                             detail::JsonObject{}.raw("date", seconds(1, 300)).json());
}

/// The members that every report has [DOC: get-all-behavior-reports-for-a-file], with the domains and
/// addresses that the file's relationships lead to.
RUSHHOUR_INLINE std::string VirusTotal::behaviour_text(const Descriptor& element) const {
  const Stream draws = relations_.part(hash(element.id));
  const std::string_view file = std::string_view{element.id}.substr(0, element.id.find('_'));
  const auto related = [&](std::string_view name) {
    return detail::related_ids(relations_, Collection::files, file,
                               *detail::find_relationship(Collection::files, name));
  };
  std::string lookups = "[";
  for (const std::string& domain : related("contacted_domains")) {
    if (lookups.size() > 1) lookups += ',';
    lookups += detail::JsonObject{}.text("hostname", domain).json();
  }
  std::string traffic = "[";
  for (const std::string& address : related("contacted_ips")) {
    if (traffic.size() > 1) traffic += ',';
    traffic += detail::JsonObject{}
                   .raw("destination_port", "443")
                   .text("destination_ip", address)
                   .text("transport_layer_protocol", "TCP")
                   .json();
  }
  const std::int64_t ago = static_cast<std::int64_t>(uniform_below(draws.at(0), std::uint64_t{300} * 86'400));
  return detail::object_json(
      "file_behaviour", element.id, "file_behaviours",
      detail::JsonObject{}
          .raw("analysis_date", std::to_string(detail::epoch_seconds(options_.report_date) - ago))
          .text("behash", detail::drawn_hex(draws, 1, 32))
          .raw("dns_lookups", lookups + "]")
          .raw("has_evtx", "false")
          .raw("has_html_report", "false")
          .raw("has_memdump", "false")
          .raw("has_pcap", "false")
          .raw("ip_traffic", traffic + "]")
          .raw("processes_tree", R"([{"process_id":"2676","name":"%SAMPLEPATH%"}])")
          .text("sandbox_name", std::string_view{element.id}.substr(element.id.find('_') + 1))
          .raw("verdicts", R"(["UNKNOWN_VERDICT"])")
          .json());
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetBehaviour& request,
                                                                 const Caller& /*caller*/, Instant now) {
  const std::string_view hash = std::string_view{request.id}.substr(0, request.id.find('_'));
  const auto subject = find_subject(Collection::files, hash, now);
  if (subject.ok()) {
    const auto& row = *detail::find_relationship(Collection::files, "behaviours");
    for (const Descriptor& element : descriptors_of(*subject, row)) {
      if (element.id == request.id) return Document{detail::data_json(behaviour_text(element))};
    }
  }
  return detail::object_not_found("File behaviour", request.id);  // [CHOICE] the text
}

RUSHHOUR_INLINE std::optional<std::string> VirusTotal::resolution_text(std::string_view id) const {
  for (std::size_t size = std::min<std::size_t>(id.size(), 45); size > 1; --size) {
    const std::string_view address = id.substr(0, size);
    const auto host = api::virustotal::canonical_domain(id.substr(size));
    const auto report = host ? objects_.address(address) : std::nullopt;
    if (!report) continue;
    const auto domain = objects_.domain(*host);
    const Stream draws = relations_.part(hash(id));
    const auto ago = static_cast<std::int64_t>(uniform_below(draws.at(0), 400 * 86'400));
    const auto stats = [](const api::virustotal::AnalysisStats& of) {
      return detail::JsonObject{}
          .raw("harmless", std::to_string(of.harmless))
          .raw("malicious", std::to_string(of.malicious))
          .raw("suspicious", std::to_string(of.suspicious))
          .raw("timeout", std::to_string(of.timeout))
          .raw("undetected", std::to_string(of.undetected))
          .json();
    };
    return detail::object_json(
        "resolution", report->address + *host, "resolutions",
        detail::JsonObject{}
            .raw("date", std::to_string(detail::epoch_seconds(options_.report_date) - ago))
            .text("host_name", *host)
            .raw("host_name_last_analysis_stats",
                 stats(domain ? domain->last_analysis_stats : api::virustotal::AnalysisStats{}))
            .text("ip_address", report->address)
            .raw("ip_address_last_analysis_stats", stats(report->last_analysis_stats))
            .text("resolver", "VirusTotal")
            .json());
  }
  return std::nullopt;
}

// ---- Comments and votes ----

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::add_comment(Collection of, std::string_view id,
                                                                          std::string text,
                                                                          const Caller& caller, Instant now) {
  const auto subject = find_subject(of, id, now);
  if (!subject.ok()) return subject.failure();
  const auto comment = community_.add_comment(*subject, std::move(text), user_of(caller), now);
  if (!comment.ok()) return comment.failure();
  return Document{detail::data_json(detail::comment_json(*comment))};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::add_vote(Collection of, std::string_view id,
                                                                       std::string_view verdict,
                                                                       const Caller& caller, Instant now) {
  const auto subject = find_subject(of, id, now);
  if (!subject.ok()) return subject.failure();
  const auto vote = community_.add_vote(*subject, verdict, user_of(caller), now);
  if (!vote.ok()) return vote.failure();
  const auto count = [&](auto& report) {
    if constexpr (requires { report.total_votes; }) {
      ++(vote->is_malicious ? report.total_votes.malicious : report.total_votes.harmless);
    } else {
      ++(vote->is_malicious ? report.votes_malicious : report.votes_harmless);
    }
  };
  switch (of) {
    case Collection::ip_addresses:
      objects_.change_address(subject->id).change(count);
      break;
    case Collection::domains:
      objects_.change_domain(subject->id).change(count);
      break;
    case Collection::urls:
      if (const auto url = objects_.url_of(subject->id)) objects_.change_url(*url).change(count);
      break;
    case Collection::files:
      objects_.change_file(subject->id).change(count);
  }
  return Document{detail::data_json(detail::vote_json(*vote))};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::ListCommentsByTag& request, const Caller& /*caller*/, Instant /*now*/) {
  std::string_view tag = request.filter;
  if (!tag.empty() && !tag.starts_with("tag:"))
    return detail::invalid_argument("filter should be tag: and a tag");  // [CHOICE] the text
  tag.remove_prefix(std::min<std::size_t>(4, tag.size()));
  std::vector<Descriptor> all;
  for (const VirusTotalComment& comment : community_.comments_tagged(api::virustotal::lower_case(tag)))
    all.push_back({"comment", comment.id, detail::comment_json(comment)});
  const std::string query =
      request.filter.empty() ? std::string{} : "filter=" + http::percent_encode(request.filter) + "&";
  return page_text({.path = "/comments",
                    .query = query,
                    .limit = request.limit,
                    .cursor = request.cursor,
                    .limit_max = options_.page_limit_max},
                   all, false);
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetComment& request,
                                                                 const Caller& /*caller*/, Instant /*now*/) {
  const auto comment = community_.find_comment(request.id);
  if (!comment) return detail::object_not_found("Comment", request.id);
  return Document{detail::data_json(detail::comment_json(*comment))};
}

/// All successes are 200 with a body, never 204: vt-py takes anything else for a server's error.
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::DeleteComment& request, const Caller& caller, Instant /*now*/) {
  if (auto refused = community_.remove_comment(request.id, user_of(caller))) return std::move(*refused);
  return Document{"{}"};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::VoteOnComment& request, const Caller& /*caller*/, Instant /*now*/) {
  const auto comment = community_.vote_on_comment(request.id, request.vote);
  if (!comment.ok()) return comment.failure();
  return Document{detail::data_json(detail::comment_votes(*comment))};
}

}  // namespace rushhour::fakes
