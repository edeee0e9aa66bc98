#pragma once

#include <string>
#include <string_view>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal_objects.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

namespace detail {

/// The members of an object, without the braces.
[[nodiscard]] inline std::string members_of(const JsonObject& object) {
  const std::string json = object.json();
  return json.substr(1, json.size() - 2);
}

/// `2026-03-02 14:00:00`, as certificates and WHOIS have it.
[[nodiscard]] inline std::string spaced_date(Instant instant) {
  std::string out = to_iso8601(instant);
  out[10] = ' ';
  out.pop_back();
  return out;
}

/// The shape that recordings have. Its dates are texts, inside the dict; clients insist on numbers only in
/// attributes whose names end in `date`.
[[nodiscard]] inline std::string certificate(Stream draws, std::string_view name, Instant from) {
  const std::string key = drawn_hex(draws, 10, 40);
  const std::string host = std::string{name};
  return JsonObject{}
      .raw("cert_signature", JsonObject{}
                                 .text("signature", drawn_hex(draws, 20, 128))
                                 .text("signature_algorithm", "sha256RSA")
                                 .json())
      .raw("extensions",
           JsonObject{}
               .boolean("CA", false)
               .raw("authority_key_identifier", JsonObject{}.text("keyid", drawn_hex(draws, 13, 40)).json())
               .text("subject_key_identifier", key)
               .raw("subject_alternative_name", "[" + json_text(host) + "]")
               .raw("key_usage", R"(["ff"])")
               .raw("extended_key_usage", R"(["serverAuth"])")
               .raw("certificate_policies", R"(["2.23.140.1.2.1"])")
               .raw("crl_distribution_points", R"(["http://crl.example.net/r3.crl"])")
               .raw("ca_information_access",
                    R"({"CA Issuers":"http://i.example.net/r3.crt","OCSP":"http://o.example.net"})")
               .text("1.3.6.1.4.1.11129.2.4.2", drawn_hex(draws, 40, 64))
               .raw("tags", "[]")
               .json())
      .raw("issuer", R"({"C":"US","CN":"R3","O":"Let's Encrypt"})")
      .raw("public_key", JsonObject{}
                             .text("algorithm", "RSA")
                             .raw("rsa", JsonObject{}
                                             .integer("key_size", 2048)
                                             .text("modulus", drawn_hex(draws, 50, 256))
                                             .text("exponent", "010001")
                                             .json())
                             .json())
      .text("serial_number", drawn_hex(draws, 16, 32))
      .text("signature_algorithm", "sha256RSA")
      .integer("size", 1200 + uniform_below(draws.at(18), 600))
      .raw("subject", JsonObject{}.text("CN", host).json())
      .raw("tags", "[]")
      .text("thumbprint", drawn_hex(draws, 30, 40))
      .text("thumbprint_sha256", drawn_hex(draws, 34, 64))
      .raw("validity", JsonObject{}
                           .text("not_after", spaced_date(from + std::chrono::days{90}))
                           .text("not_before", spaced_date(from))
                           .json())
      .text("version", "V3")
      .json();
}

[[nodiscard]] inline std::string dns_record(std::string_view type, std::string_view value,
                                            std::uint64_t ttl) {
  JsonObject record;
  record.text("type", type).text("value", value).integer("ttl", ttl);
  if (type == "MX") record.integer("priority", 10);
  if (type == "SOA") {
    record.text("rname", "hostmaster." + std::string{value})
        .integer("serial", 2026030101)
        .integer("refresh", 7200)
        .integer("retry", 900)
        .integer("expire", 1209600)
        .integer("minimum", 86400);
  }
  return record.json();
}

[[nodiscard]] inline std::string category_of(const api::virustotal::AnalysisStats& stats, Stream draws) {
  constexpr std::array<std::string_view, 5> harmless{"information technology", "business", "news and media",
                                                     "web hosting", "shopping"};
  return stats.malicious > 0 ? "malware and phishing" : std::string{pick(harmless, draws.at(3))};
}

}  // namespace detail

RUSHHOUR_INLINE std::string VirusTotalObjects::beside(const api::virustotal::IpAddressReport& report) const {
  const Stream draws = details_.part(hash(report.address));
  const std::int64_t modified = detail::epoch_seconds(report.last_analysis_date);
  detail::JsonObject out;
  if (!report.asn) {  // a private or reserved address has hardly anything
    out.raw("last_modification_date", std::to_string(modified));
    return detail::members_of(out);
  }
  const Instant certified = report.last_analysis_date - std::chrono::days{30};
  out.text("jarm", detail::drawn_hex(draws, 0, 62))
      .raw("last_https_certificate", detail::certificate(draws, detail::drawn_domain(draws), certified))
      .raw("last_https_certificate_date", std::to_string(detail::epoch_seconds(certified)))
      .raw("last_modification_date", std::to_string(modified));
  if (report.whois_date) {
    out.text("whois", "NetRange: " + report.network.value_or(report.address) + "\nOrgName: " +
                          report.as_owner.value_or("") + "\nCountry: " + report.country.value_or("") +
                          "\nUpdated: " + to_iso8601(*report.whois_date).substr(0, 10));
  }
  return detail::members_of(out);
}

RUSHHOUR_INLINE std::string VirusTotalObjects::beside(const api::virustotal::DomainReport& report) const {
  const Stream draws = details_.part(hash(report.domain));
  if (!report.last_analysis_date) return R"("categories":{})";  // hardly known
  const Instant at = *report.last_analysis_date;
  const std::string date = std::to_string(detail::epoch_seconds(at));
  const std::string& name = report.domain;
  const std::string category = detail::category_of(report.last_analysis_stats, draws);
  detail::JsonObject out;
  out.raw("categories",
          detail::JsonObject{}.text("Forcepoint ThreatSeeker", category).text("Sophos", category).json())
      .raw("favicon", detail::JsonObject{}
                          .text("dhash", detail::drawn_hex(draws, 4, 16))
                          .text("raw_md5", detail::drawn_hex(draws, 5, 32))
                          .json())
      .text("jarm", detail::drawn_hex(draws, 0, 62))
      .raw("last_dns_records", "[" + detail::dns_record("A", detail::drawn_address(draws.part(1)), 300) +
                                   "," + detail::dns_record("MX", "mail." + name, 3600) + "," +
                                   detail::dns_record("NS", "ns1." + name, 86400) + "," +
                                   detail::dns_record("SOA", "ns1." + name, 3600) + "," +
                                   detail::dns_record("TXT", "v=spf1 -all", 3600) + "]")
      .raw("last_dns_records_date", date)
      .raw("last_https_certificate", detail::certificate(draws, name, at - std::chrono::days{30}))
      .raw("last_https_certificate_date", date)
      .raw("popularity_ranks",
           detail::JsonObject{}
               .raw("Alexa", detail::JsonObject{}
                                 .integer("rank", 1 + uniform_below(draws.at(9), 1'000'000))
                                 .raw("timestamp", date)
                                 .json())
               .json())
      .text("whois", "Domain Name: " + name + "\nRegistrar: " + report.registrar.value_or("") +
                         (report.creation_date ? "\nCreation Date: " + to_iso8601(*report.creation_date)
                                               : std::string{}));
  return detail::members_of(out);
}

RUSHHOUR_INLINE std::string VirusTotalObjects::beside(const api::virustotal::UrlReport& report) const {
  const Stream draws = details_.part(hash(report.url));
  const std::uint64_t length = 200 + uniform_below(draws.at(2), 60'000);
  detail::JsonObject out;
  out.raw("categories",
          detail::JsonObject{}.text("Sophos", detail::category_of(report.last_analysis_stats, draws)).json())
      .raw("favicon", detail::JsonObject{}
                          .text("dhash", detail::drawn_hex(draws, 4, 16))
                          .text("raw_md5", detail::drawn_hex(draws, 5, 32))
                          .json())
      .boolean("has_content", false)
      .raw("html_meta", R"({"viewport":["width=device-width, initial-scale=1"]})")
      .integer("last_http_response_content_length", length)
      .text("last_http_response_content_sha256", detail::drawn_hex(draws, 10, 64))
      .raw("last_http_response_cookies", "{}")
      .raw("last_http_response_headers", detail::JsonObject{}
                                             .text("content-length", std::to_string(length))
                                             .text("content-type", "text/html; charset=utf-8")
                                             .text("server", "nginx")
                                             .json())
      .raw("last_modification_date", std::to_string(detail::epoch_seconds(report.last_submission_date)))
      .raw("outgoing_links",
           "[" + detail::json_text(detail::drawn_url(draws.part(2), detail::drawn_domain(draws.part(2)))) +
               "]")
      .raw("redirection_chain", "[" + detail::json_text(report.url) + "]")
      .raw("targeted_brand", "{}")
      .raw("trackers", "{}");
  return detail::members_of(out);
}

RUSHHOUR_INLINE std::string VirusTotalObjects::beside(const api::virustotal::FileReport& report) const {
  const Stream draws = details_.part(hash(report.sha256));
  const bool is_malicious = report.last_analysis_stats.malicious > 0;
  std::string_view magic = "data";
  for (const detail::FileType& type : detail::file_types) {
    if (report.type_tag && type.tag == *report.type_tag) magic = type.magic;
  }
  const Instant changed = report.last_analysis_date.value_or(report.last_submission_date);
  detail::JsonObject out;
  out.text("authentihash", detail::drawn_hex(draws, 0, 64))
      .raw("capabilities_tags", "[]")
      .boolean("downloadable", true)
      .raw("exiftool", detail::JsonObject{}.text("FileType", report.type_description.value_or("")).json())
      .raw("first_seen_itw_date", std::to_string(detail::epoch_seconds(report.first_submission_date)))
      .raw("last_modification_date", std::to_string(detail::epoch_seconds(changed)))
      .text("magic", magic)
      .raw("signature_info", "{}")
      .text("ssdeep", "768:" + detail::drawn_hex(draws, 5, 32) + ":" + detail::drawn_hex(draws, 8, 24))
      .text("tlsh", "T1" + detail::drawn_hex(draws, 12, 70))
      .raw("trid", "[" +
                       detail::JsonObject{}
                           .text("file_type", report.type_description.value_or("unknown"))
                           .raw("probability", "73.4")
                           .json() +
                       "]")
      .text("vhash", detail::drawn_hex(draws, 20, 32));
  if (is_malicious) {
    out.raw(
        "sandbox_verdicts",
        detail::JsonObject{}
            .raw("Zenbox", R"({"category":"malicious","confidence":92,"malware_classification":["MALWARE"],)"
                           R"("sandbox_name":"Zenbox"})")
            .json());
  }
  return detail::members_of(out);
}

}  // namespace rushhour::fakes
