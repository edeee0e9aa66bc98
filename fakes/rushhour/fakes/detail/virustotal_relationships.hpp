/// \file
/// Which relationships the objects of the fake of VirusTotal have, as rows, and what they lead to: ids
/// derived from the object's own and a seed. The objects at the other end are written by the fake itself.
///
/// Names: docs.virustotal.com/reference (relationships of ip-object, domains, files, url-object), DOC. Left
/// out are those to objects that the fake does not have: graphs, collections, references, threat actors,
/// behaviours.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal_community.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes::detail {

/// What stands at the other end of a relationship.
enum class Target : std::uint8_t {
  address,
  domain,
  subdomain,
  sibling,
  parent,
  url,
  file,
  resolution,
  whois,
  certificate,
  submission,
  behaviour,
  comment,
  vote
};

/// As an object's `type` writes it.
[[nodiscard]] constexpr std::string_view type_of(Target target) {
  constexpr std::string_view texts[] = {"ip_address", "domain",         "domain",     "domain", "domain",
                                        "url",        "file",           "resolution", "whois",  "ssl_cert",
                                        "submission", "file_behaviour", "comment",    "vote"};
  return texts[static_cast<std::size_t>(target)];
}

struct Relationship {
  std::string_view name;
  Target target;
  std::uint8_t count_max;  ///< how many it leads to at most; 1 with is_one
  bool is_one{};           ///< to one object, or to none
};

inline constexpr std::array<Relationship, 11> address_relationships{
    {{"comments", Target::comment, 0},
     {"communicating_files", Target::file, 60},
     {"downloaded_files", Target::file, 30},
     {"historical_ssl_certificates", Target::certificate, 15},
     {"historical_whois", Target::whois, 15},
     {"referrer_files", Target::file, 30},
     {"related_comments", Target::comment, 0},
     {"resolutions", Target::resolution, 90},
     {"submissions", Target::submission, 0},
     {"urls", Target::url, 45},
     {"votes", Target::vote, 0}}};
inline constexpr std::array<Relationship, 19> domain_relationships{
    {{"caa_records", Target::domain, 2},
     {"cname_records", Target::domain, 2},
     {"comments", Target::comment, 0},
     {"communicating_files", Target::file, 60},
     {"downloaded_files", Target::file, 30},
     {"historical_ssl_certificates", Target::certificate, 15},
     {"historical_whois", Target::whois, 15},
     {"immediate_parent", Target::parent, 1, true},
     {"mx_records", Target::domain, 3},
     {"ns_records", Target::domain, 3},
     {"parent", Target::parent, 1, true},
     {"referrer_files", Target::file, 30},
     {"related_comments", Target::comment, 0},
     {"resolutions", Target::resolution, 45},
     {"siblings", Target::sibling, 30},
     {"soa_records", Target::domain, 1},
     {"subdomains", Target::subdomain, 90},
     {"urls", Target::url, 45},
     {"votes", Target::vote, 0}}};
inline constexpr std::array<Relationship, 11> url_relationships{
    {{"comments", Target::comment, 0},
     {"contacted_domains", Target::domain, 15},
     {"contacted_ips", Target::address, 15},
     {"downloaded_files", Target::file, 15},
     {"last_serving_ip_address", Target::address, 1, true},
     {"network_location", Target::parent, 1, true},
     {"redirecting_urls", Target::url, 6},
     {"referrer_files", Target::file, 15},
     {"referrer_urls", Target::url, 15},
     {"submissions", Target::submission, 20},
     {"votes", Target::vote, 0}}};
inline constexpr std::array<Relationship, 18> file_relationships{{{"behaviours", Target::behaviour, 3},
                                                                  {"bundled_files", Target::file, 15},
                                                                  {"comments", Target::comment, 0},
                                                                  {"contacted_domains", Target::domain, 30},
                                                                  {"contacted_ips", Target::address, 30},
                                                                  {"contacted_urls", Target::url, 30},
                                                                  {"dropped_files", Target::file, 15},
                                                                  {"embedded_domains", Target::domain, 15},
                                                                  {"embedded_ips", Target::address, 15},
                                                                  {"embedded_urls", Target::url, 15},
                                                                  {"execution_parents", Target::file, 20},
                                                                  {"itw_domains", Target::domain, 20},
                                                                  {"itw_ips", Target::address, 20},
                                                                  {"itw_urls", Target::url, 20},
                                                                  {"pe_resource_parents", Target::file, 6},
                                                                  {"similar_files", Target::file, 60},
                                                                  {"submissions", Target::submission, 20},
                                                                  {"votes", Target::vote, 0}}};

[[nodiscard]] inline std::span<const Relationship> relationships_of(api::virustotal::Collection collection) {
  using api::virustotal::Collection;
  switch (collection) {
    case Collection::ip_addresses:
      return address_relationships;
    case Collection::domains:
      return domain_relationships;
    case Collection::urls:
      return url_relationships;
    case Collection::files:
      break;
  }
  return file_relationships;
}

/// Null: the collection has none of this name.
[[nodiscard]] inline const Relationship* find_relationship(api::virustotal::Collection collection,
                                                           std::string_view name) {
  for (const Relationship& row : relationships_of(collection)) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

/// The host of a canonical URL, without a port.
[[nodiscard]] inline std::string_view host_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find('/'));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find(':'));
}

/// The domain one label up; empty: there is none.
[[nodiscard]] inline std::string_view parent_of(std::string_view domain) {
  const std::size_t dot = domain.find('.');
  const std::string_view parent = domain.substr(dot + 1);
  return dot == std::string_view::npos || !api::virustotal::canonical_domain(parent) ? std::string_view{}
                                                                                     : parent;
}

/// One id at the other end. Comments, votes and parents are not drawn.
/// \param of      the canonical id of the object, or its canonical URL
/// \param number  of the id among those of its relationship
[[nodiscard]] inline std::string drawn_id(Target target, api::virustotal::Collection collection,
                                          std::string_view of, Stream own, std::uint64_t number) {
  using api::virustotal::Collection;
  const auto below = [&](std::string_view domain) {
    return std::string{pick(host_labels, own.at(0))} + std::to_string(number) + "." + std::string{domain};
  };
  switch (target) {
    case Target::address:
      return drawn_address(own);
    case Target::domain:
      return drawn_domain(own);
    case Target::subdomain:
      return below(of);
    case Target::sibling:
      return below(parent_of(of));
    case Target::url: {
      if (collection != Collection::domains && collection != Collection::ip_addresses)
        return drawn_url(own, drawn_domain(own));
      const bool is_ipv6 = of.find(':') != std::string_view::npos;
      return drawn_url(own, is_ipv6 ? "[" + std::string{of} + "]" : std::string{of});
    }
    case Target::resolution:
      return collection == Collection::domains ? drawn_address(own) + std::string{of}
                                               : std::string{of} + drawn_domain(own);
    case Target::submission:
      return (collection == Collection::urls ? "u-" + api::virustotal::sha256_text(of)
                                             : "f-" + std::string{of}) +
             "-" + drawn_hex(own, 0, 8);
    case Target::behaviour:
      return std::string{of} + "_" + std::string{sandboxes[number % sandboxes.size()]};
    default:
      return drawn_hex(own, 0, 64);
  }
}

/// How many ids a relationship leads to. A private or reserved address has no relationships; a domain that
/// nobody could register the parent of has no siblings.
[[nodiscard]] inline std::uint64_t related_count(Stream draws, api::virustotal::Collection collection,
                                                 std::string_view of, const Relationship& row) {
  if (collection == api::virustotal::Collection::ip_addresses) {
    const AddressClass kind = classify_address(of);
    if (kind != AddressClass::public_ipv4 && kind != AddressClass::public_ipv6) return 0;
  }
  if (row.target == Target::sibling && parent_of(of).empty()) return 0;
  return row.is_one ? 1 : uniform_below(draws.at(0), std::uint64_t{row.count_max} + 1);
}

/// The ids at the other end: URLs in their canonical form, all else by its id. Comments and votes are not
/// derived here.
/// \param of  the canonical id, or the canonical URL
[[nodiscard]] inline std::vector<std::string> related_ids(Stream relations,
                                                          api::virustotal::Collection collection,
                                                          std::string_view of, const Relationship& row) {
  std::vector<std::string> out;
  if (row.target == Target::parent) {
    const std::string_view parent =
        collection == api::virustotal::Collection::urls ? host_of(of) : parent_of(of);
    if (!parent.empty()) out.emplace_back(parent);
    return out;
  }
  const Stream draws =
      relations.part(static_cast<std::uint64_t>(collection)).part(hash(of)).part(hash(row.name));
  const std::uint64_t count = related_count(draws, collection, of, row);
  for (std::uint64_t i = 0; out.size() < count; ++i) {  // each once; there are far more than are wanted
    std::string id = drawn_id(row.target, collection, of, draws.part(i), i);
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(std::move(id));
  }
  return out;
}

}  // namespace rushhour::fakes::detail
