#pragma once

#include <array>

#include <nlohmann/json.hpp>

#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api::virustotal {

namespace detail {

using rushhour::detail::append_integer;
using rushhour::detail::append_json_key;
using rushhour::detail::append_json_string;

/// Engines that VirusTotal lists for network objects; a report names as many as its statistics count.
inline constexpr std::array<std::string_view, 94> engines{
    "ADMINUSLabs", "AILabs (MONITORAPP)", "Abusix", "Acronis", "AlienVault", "AlphaSOC", "Antiy-AVL",
    "ArcSight Threat Intelligence", "Artists Against 419", "AutoShun", "Baidu-International", "Bfore.Ai PreCrime",
    "BitDefender", "Bkav", "Blueliv", "CINS Army", "CMC Threat Intelligence", "CRDF", "CSIS Security Group", "Certego",
    "Chong Lua Dao", "Cluster25", "Comodo Valkyrie Verdict", "Criminal IP", "CyRadar", "Cyan", "Cyble", "DNS8",
    "Dr.Web", "ESET", "ESTsecurity", "EmergingThreats", "Emsisoft", "Ermes", "Feodo Tracker",
    "Forcepoint ThreatSeeker", "Fortinet", "G-Data", "GCP Abuse Intelligence", "Google Safebrowsing", "GreenSnow",
    "Heimdal Security", "IPsum", "Juniper Networks", "K7AntiVirus", "Kaspersky", "Lionic", "Lumu", "MalwarePatrol",
    "MalwareURL", "Malwared", "Netcraft", "NotMining", "OpenPhish", "PREBYTES", "PhishFort", "PhishLabs",
    "Phishing Database", "Phishtank", "PrecisionSec", "Quick Heal", "Quttera", "Rising", "SCUMWARE.org", "SOCRadar",
    "Sangfor", "Scantitan", "SecureBrain", "Segasec", "Snort IP sample list", "Sophos", "Spam404", "StopForumSpam",
    "Sucuri SiteCheck", "ThreatHive", "Threatsourcing", "Trustwave", "URLQuery", "URLhaus", "Underworld", "VIPRE",
    "VX Vault", "Viettel Threat Intelligence", "ViriBack", "Webroot", "Xcitium Verdict Cloud", "Yandex Safebrowsing",
    "ZeroCERT", "ZeroFox", "alphaMountain.ai", "benkow.cc", "desenmascara.me", "securolytics", "zvelo"};

struct Category {
  std::string_view name;
  std::string_view result;
  std::int64_t count;
};

RUSHHOUR_INLINE std::array<Category, 5> categories(const AnalysisStats& stats) {
  return {{{"malicious", "malicious", stats.malicious},
           {"suspicious", "suspicious", stats.suspicious},
           {"undetected", "unrated", stats.undetected},
           {"harmless", "clean", stats.harmless},
           {"timeout", "", stats.timeout}}};
}

RUSHHOUR_INLINE void append_results(std::string& out, const AnalysisStats& stats) {
  std::size_t engine = 0;
  bool first = true;
  out += '{';
  for (const Category& category : categories(stats)) {
    for (std::int64_t i = 0; i < category.count && engine < engines.size(); ++i, ++engine) {
      append_json_key(out, engines[engine], first);
      out += R"({"category":")";
      out += category.name;
      out += R"(","engine_name":)";
      append_json_string(out, engines[engine]);
      out += R"(,"method":"blacklist","result":)";
      if (category.result.empty()) {
        out += "null";
      } else {
        append_json_string(out, category.result);
      }
      out += '}';
    }
  }
  out += '}';
}

/// Appends members of one object, leaving out what is absent.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }
  void integer(std::string_view key, std::int64_t value) {
    append_json_key(out_, key, first_);
    append_integer(out_, value);
  }
  void integer(std::string_view key, const std::optional<std::int64_t>& value) {
    if (value) integer(key, *value);
  }
  void text(std::string_view key, const std::optional<std::string>& value) {
    if (!value) return;
    append_json_key(out_, key, first_);
    append_json_string(out_, *value);
  }
  void epoch(std::string_view key, Instant value) {
    integer(key, std::chrono::floor<std::chrono::seconds>(value.time_since_epoch()).count());
  }
  std::string& raw(std::string_view key) {
    append_json_key(out_, key, first_);
    return out_;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

RUSHHOUR_INLINE void append_stats(std::string& out, const AnalysisStats& stats) {
  ObjectWriter object{out};
  object.integer("harmless", stats.harmless);
  object.integer("malicious", stats.malicious);
  object.integer("suspicious", stats.suspicious);
  object.integer("undetected", stats.undetected);
  object.integer("timeout", stats.timeout);
  object.close();
}

}  // namespace detail

RUSHHOUR_INLINE void append_attributes(std::string& out, const IpAddressReport& report) {
  detail::ObjectWriter object{out};
  object.text("as_owner", report.as_owner);
  object.integer("asn", report.asn);
  object.text("continent", report.continent);
  object.text("country", report.country);
  object.epoch("last_analysis_date", report.last_analysis_date);
  detail::append_results(object.raw("last_analysis_results"), report.last_analysis_stats);
  detail::append_stats(object.raw("last_analysis_stats"), report.last_analysis_stats);
  object.text("network", report.network);
  object.text("regional_internet_registry", report.regional_internet_registry);
  object.integer("reputation", report.reputation);
  std::string& tags = object.raw("tags");
  tags += '[';
  if (report.tag) rushhour::detail::append_json_string(tags, *report.tag);
  tags += ']';
  detail::ObjectWriter votes{object.raw("total_votes")};
  votes.integer("harmless", report.votes_harmless);
  votes.integer("malicious", report.votes_malicious);
  votes.close();
  if (report.whois_date) object.epoch("whois_date", *report.whois_date);
  object.close();
}

RUSHHOUR_INLINE void append_answer(std::string& out, const IpAddressReport& report) {
  out += R"({"data":{"type":"ip_address","id":)";
  rushhour::detail::append_json_string(out, report.address);
  out += R"(,"links":{"self":)";
  rushhour::detail::append_json_string(out, "https://www.virustotal.com/api/v3/ip_addresses/" + report.address);
  out += R"(},"attributes":)";
  append_attributes(out, report);
  out += "}}";
}

namespace detail {

/// The members of one object; a member of another kind than asked for counts as absent.
class ObjectReader {
 public:
  explicit ObjectReader(const nlohmann::json& object) : object_(object) {}

  /// Null when it is absent.
  [[nodiscard]] const nlohmann::json& member(const char* key) const {
    static const nlohmann::json null;
    const auto found = object_.find(key);
    return found == object_.end() ? null : *found;
  }
  [[nodiscard]] std::optional<std::string> text(const char* key) const {
    const nlohmann::json& value = member(key);
    return value.is_string() ? std::optional{value.get<std::string>()} : std::nullopt;
  }
  [[nodiscard]] std::optional<std::int64_t> integer(const char* key) const {
    const nlohmann::json& value = member(key);
    return value.is_number_integer() ? std::optional{value.get<std::int64_t>()} : std::nullopt;
  }
  [[nodiscard]] std::int64_t count(const char* key) const { return integer(key).value_or(0); }
  [[nodiscard]] std::optional<Instant> epoch(const char* key) const {
    const auto seconds = integer(key);
    constexpr std::int64_t seconds_max = INT64_MAX / 1'000'000'000;  // what an Instant holds
    if (!seconds || *seconds > seconds_max || *seconds < -seconds_max) return std::nullopt;
    return Instant{std::chrono::seconds{*seconds}};
  }

 private:
  const nlohmann::json& object_;
};

}  // namespace detail

RUSHHOUR_INLINE std::optional<IpAddressReport> read_answer(std::string_view text) {
  const nlohmann::json body = nlohmann::json::parse(text, nullptr, false);
  const detail::ObjectReader data{detail::ObjectReader{body}.member("data")};
  const nlohmann::json& object = data.member("attributes");
  if (!object.is_object() || data.text("type") != "ip_address") return std::nullopt;
  const detail::ObjectReader attributes{object};
  const detail::ObjectReader stats{attributes.member("last_analysis_stats")};
  const detail::ObjectReader votes{attributes.member("total_votes")};
  const nlohmann::json& tags = attributes.member("tags");
  const bool is_tagged = tags.is_array() && !tags.empty() && tags.front().is_string();
  return IpAddressReport{.address = data.text("id").value_or(""),
                         .asn = attributes.integer("asn"),
                         .as_owner = attributes.text("as_owner"),
                         .country = attributes.text("country"),
                         .continent = attributes.text("continent"),
                         .network = attributes.text("network"),
                         .regional_internet_registry = attributes.text("regional_internet_registry"),
                         .last_analysis_stats = {.harmless = stats.count("harmless"),
                                                 .malicious = stats.count("malicious"),
                                                 .suspicious = stats.count("suspicious"),
                                                 .undetected = stats.count("undetected"),
                                                 .timeout = stats.count("timeout")},
                         .last_analysis_date = attributes.epoch("last_analysis_date").value_or(Instant{}),
                         .whois_date = attributes.epoch("whois_date"),
                         .reputation = attributes.count("reputation"),
                         .votes_harmless = votes.count("harmless"),
                         .votes_malicious = votes.count("malicious"),
                         .tag = is_tagged ? std::optional{tags.front().get<std::string>()} : std::nullopt};
}

}  // namespace rushhour::api::virustotal
