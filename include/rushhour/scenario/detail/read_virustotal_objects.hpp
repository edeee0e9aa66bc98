/// \file
/// What a state file says of VirusTotal: whether it compresses its answers, and of single objects their
/// verdicts, reputations and tags, and what it has not heard of. Keys are read elsewhere (state.hpp). The
/// format: scenarios/state.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// More engines than VirusTotal has are a mistake.
inline constexpr std::int64_t engines_max = 100;

/// `{"malicious": 12, "suspicious": 1, "reputation": -5, "tags": ["tor"], "unknown": true}`, all optional,
/// beside what names the object.
template <class Report>
void read_verdict(Reader& reader, fakes::VirusTotalOverride<Report> object) {
  if (const auto malicious = reader.find("malicious"))
    object.malicious(malicious->integer<std::int64_t>({.min = 0, .max = engines_max}));
  if (const auto suspicious = reader.find("suspicious"))
    object.suspicious(suspicious->integer<std::int64_t>({.min = 0, .max = engines_max}));
  if (const auto reputation = reader.find("reputation"))
    object.reputation(reputation->integer<std::int64_t>({.min = -1'000, .max = 1'000}));
  if (const auto tags = reader.find("tags")) {
    std::vector<std::string> texts;
    for (const Value& tag : tags->array()) texts.push_back(tag.text());
    object.tags(std::move(texts));
  }
  if (reader.optional_boolean("unknown", false)) object.unknown();
}

inline void read_virustotal_address(const Value& value, fakes::VirusTotal& virustotal) {
  Reader reader = value.object();
  const std::string address = reader.text("address");
  if (!canonical_address(address)) reader.at("address").fail("an IPv4 or IPv6 address");
  read_verdict(reader, virustotal.address(address));
  reader.done();
}
inline void read_virustotal_domain(const Value& value, fakes::VirusTotal& virustotal) {
  Reader reader = value.object();
  const std::string name = reader.text("name");
  if (!api::virustotal::canonical_domain(name))
    reader.at("name").fail("a domain of two labels or more, with an end that the Internet has");
  read_verdict(reader, virustotal.domain(name));
  reader.done();
}
inline void read_virustotal_url(const Value& value, fakes::VirusTotal& virustotal) {
  Reader reader = value.object();
  const std::string url = reader.text("url");
  if (!api::virustotal::canonical_url(url)) reader.at("url").fail("a URL of http, https or ftp with a host");
  read_verdict(reader, virustotal.url(url));
  reader.done();
}
inline void read_virustotal_file(const Value& value, fakes::VirusTotal& virustotal) {
  Reader reader = value.object();
  const std::string hash = reader.text("hash");
  if (api::virustotal::hash_kind(hash) == api::virustotal::HashKind::none)
    reader.at("hash").fail("an MD5, SHA-1 or SHA-256 in hex");
  read_verdict(reader, virustotal.file(hash));
  reader.done();
}

/// `"compression": "any_agent"` and `"compresses_quota_errors": true`.
inline void read_compression(Reader& reader, fakes::VirusTotal& virustotal) {
  using Compression = fakes::VirusTotalCompression;
  const fakes::VirusTotalOptions& now = virustotal.options();
  const auto compression = reader.optional_choice<Compression>("compression", now.compression,
                                                               {{"none", Compression::none},
                                                                {"gzip_agents", Compression::gzip_agents},
                                                                {"any_agent", Compression::any_agent}});
  virustotal.set_compression(compression,
                             reader.optional_boolean("compresses_quota_errors", now.compresses_quota_errors));
}

/// The member `virustotal` of a state file.
inline void read_virustotal_objects(const Value& value, fakes::VirusTotal& virustotal) {
  Reader reader = value.object();
  read_compression(reader, virustotal);
  for (const Value& each : reader.optional_array("addresses")) read_virustotal_address(each, virustotal);
  for (const Value& each : reader.optional_array("domains")) read_virustotal_domain(each, virustotal);
  for (const Value& each : reader.optional_array("urls")) read_virustotal_url(each, virustotal);
  for (const Value& each : reader.optional_array("files")) read_virustotal_file(each, virustotal);
  reader.done();
}

}  // namespace rushhour::scenario::detail
