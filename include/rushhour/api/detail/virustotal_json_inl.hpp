#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api::virustotal {

namespace detail {

using rushhour::detail::append_integer;
using rushhour::detail::append_json_key;
using rushhour::detail::append_json_string;

/// Engines that VirusTotal lists for network objects; a report names as many as its statistics count.
inline constexpr std::array<std::string_view, 94> engines{"ADMINUSLabs",
                                                          "AILabs (MONITORAPP)",
                                                          "Abusix",
                                                          "Acronis",
                                                          "AlienVault",
                                                          "AlphaSOC",
                                                          "Antiy-AVL",
                                                          "ArcSight Threat Intelligence",
                                                          "Artists Against 419",
                                                          "AutoShun",
                                                          "Baidu-International",
                                                          "Bfore.Ai PreCrime",
                                                          "BitDefender",
                                                          "Bkav",
                                                          "Blueliv",
                                                          "CINS Army",
                                                          "CMC Threat Intelligence",
                                                          "CRDF",
                                                          "CSIS Security Group",
                                                          "Certego",
                                                          "Chong Lua Dao",
                                                          "Cluster25",
                                                          "Comodo Valkyrie Verdict",
                                                          "Criminal IP",
                                                          "CyRadar",
                                                          "Cyan",
                                                          "Cyble",
                                                          "DNS8",
                                                          "Dr.Web",
                                                          "ESET",
                                                          "ESTsecurity",
                                                          "EmergingThreats",
                                                          "Emsisoft",
                                                          "Ermes",
                                                          "Feodo Tracker",
                                                          "Forcepoint ThreatSeeker",
                                                          "Fortinet",
                                                          "G-Data",
                                                          "GCP Abuse Intelligence",
                                                          "Google Safebrowsing",
                                                          "GreenSnow",
                                                          "Heimdal Security",
                                                          "IPsum",
                                                          "Juniper Networks",
                                                          "K7AntiVirus",
                                                          "Kaspersky",
                                                          "Lionic",
                                                          "Lumu",
                                                          "MalwarePatrol",
                                                          "MalwareURL",
                                                          "Malwared",
                                                          "Netcraft",
                                                          "NotMining",
                                                          "OpenPhish",
                                                          "PREBYTES",
                                                          "PhishFort",
                                                          "PhishLabs",
                                                          "Phishing Database",
                                                          "Phishtank",
                                                          "PrecisionSec",
                                                          "Quick Heal",
                                                          "Quttera",
                                                          "Rising",
                                                          "SCUMWARE.org",
                                                          "SOCRadar",
                                                          "Sangfor",
                                                          "Scantitan",
                                                          "SecureBrain",
                                                          "Segasec",
                                                          "Snort IP sample list",
                                                          "Sophos",
                                                          "Spam404",
                                                          "StopForumSpam",
                                                          "Sucuri SiteCheck",
                                                          "ThreatHive",
                                                          "Threatsourcing",
                                                          "Trustwave",
                                                          "URLQuery",
                                                          "URLhaus",
                                                          "Underworld",
                                                          "VIPRE",
                                                          "VX Vault",
                                                          "Viettel Threat Intelligence",
                                                          "ViriBack",
                                                          "Webroot",
                                                          "Xcitium Verdict Cloud",
                                                          "Yandex Safebrowsing",
                                                          "ZeroCERT",
                                                          "ZeroFox",
                                                          "alphaMountain.ai",
                                                          "benkow.cc",
                                                          "desenmascara.me",
                                                          "securolytics",
                                                          "zvelo"};

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

/// Whether the names can be written between quotes as they are.
constexpr bool are_plain(std::span<const std::string_view> names) {
  return std::ranges::all_of(names, [](std::string_view name) {
    return std::ranges::all_of(name, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  });
}
static_assert(are_plain(engines));

/// One entry for each engine, some 8 KB, for every report: so what the entries of a category have in common
/// is put together once, and the names are copied as they are.
RUSHHOUR_INLINE void append_results(std::string& out, const AnalysisStats& stats) {
  std::size_t engine = 0;
  out += '{';
  for (const Category& category : categories(stats)) {
    std::string before = R"(":{"category":")";
    before += category.name;
    before += R"(","engine_name":")";
    std::string after = R"(","method":"blacklist","result":)";
    if (category.result.empty()) {
      after += "null";
    } else {
      rushhour::detail::append_json_string(after, category.result);
    }
    after += '}';
    for (std::int64_t i = 0; i < category.count && engine < engines.size(); ++i, ++engine) {
      out += engine == 0 ? "\"" : ",\"";
      out += engines[engine];
      out += before;
      out += engines[engine];
      out += after;
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
  rushhour::detail::append_json_string(out,
                                       "https://www.virustotal.com/api/v3/ip_addresses/" + report.address);
  out += R"(},"attributes":)";
  append_attributes(out, report);
  out += "}}";
}

namespace detail {

/// Reads an answer front to back, because most of its 10 KB, one entry for each engine, is not wanted: 12
/// times quicker than by a tree. A member of another kind than asked for counts as absent.
class AnswerReader {
 public:
  explicit AnswerReader(std::string_view text) : json_(text) {}

  [[nodiscard]] std::optional<IpAddressReport> read() {
    IpAddressReport report;
    std::string type;
    bool has_attributes = false;
    object([&](const std::string& name) {
      if (name != "data") return skip();
      object([&](const std::string& member) {
        if (member == "type") {
          type = text().value_or("");
        } else if (member == "id") {
          report.address = text().value_or("");
        } else if (member == "attributes") {
          has_attributes = json_.next() == JsonCursor::Kind::object;
          read_attributes(report);
        } else {
          skip();
        }
      });
    });
    if (!json_.finish() || !has_attributes || type != "ip_address") return std::nullopt;
    return report;
  }

 private:
  using JsonCursor = rushhour::detail::JsonCursor;

  void read_attributes(IpAddressReport& report) {
    using Text = std::pair<std::string_view, std::optional<std::string> IpAddressReport::*>;
    static constexpr Text texts[] = {
        {"as_owner", &IpAddressReport::as_owner},
        {"country", &IpAddressReport::country},
        {"continent", &IpAddressReport::continent},
        {"network", &IpAddressReport::network},
        {"regional_internet_registry", &IpAddressReport::regional_internet_registry}};
    object([&](const std::string& name) {
      for (const auto& [known, place] : texts) {
        if (name != known) continue;
        report.*place = text();
        return;
      }
      if (name == "asn") {
        report.asn = integer();
      } else if (name == "reputation") {
        report.reputation = count();
      } else if (name == "last_analysis_date") {
        report.last_analysis_date = epoch().value_or(Instant{});
      } else if (name == "whois_date") {
        report.whois_date = epoch();
      } else if (name == "last_analysis_stats") {
        read_stats(report.last_analysis_stats);
      } else if (name == "total_votes") {
        read_votes(report);
      } else if (name == "tags") {
        report.tag = first_text();
      } else {
        skip();
      }
    });
  }
  void read_stats(AnalysisStats& stats) {
    using Count = std::pair<std::string_view, std::int64_t AnalysisStats::*>;
    static constexpr Count counts[] = {{"harmless", &AnalysisStats::harmless},
                                       {"malicious", &AnalysisStats::malicious},
                                       {"suspicious", &AnalysisStats::suspicious},
                                       {"undetected", &AnalysisStats::undetected},
                                       {"timeout", &AnalysisStats::timeout}};
    object([&](const std::string& name) {
      for (const auto& [known, place] : counts) {
        if (name != known) continue;
        stats.*place = count();
        return;
      }
      skip();
    });
  }
  void read_votes(IpAddressReport& report) {
    object([&](const std::string& name) {
      if (name == "harmless") {
        report.votes_harmless = count();
      } else if (name == "malicious") {
        report.votes_malicious = count();
      } else {
        skip();
      }
    });
  }

  /// Visits the members of the object that comes next; passes over what is none.
  template <class Visit>
  void object(Visit visit) {
    if (json_.next() != JsonCursor::Kind::object) return skip();
    std::string name;
    for (json_.open_object(); json_.member(name);) visit(name);
  }
  void skip() { json_.skip(); }
  [[nodiscard]] std::optional<std::string> text() {
    std::string out;
    if (json_.next() == JsonCursor::Kind::string && json_.string(out)) return out;
    skip();
    return std::nullopt;
  }
  /// The first element of a list, where it is a text.
  [[nodiscard]] std::optional<std::string> first_text() {
    std::optional<std::string> out;
    if (json_.next() != JsonCursor::Kind::array) {
      skip();
      return out;
    }
    bool first = true;
    for (json_.open_array(); json_.element(); first = false) {
      if (first) {
        out = text();
      } else {
        skip();
      }
    }
    return out;
  }
  [[nodiscard]] std::optional<std::int64_t> integer() {
    const JsonCursor before = json_;
    std::int64_t out = 0;
    if (json_.next() == JsonCursor::Kind::number && json_.integer(out)) return out;
    json_ = before;  // a fraction, say
    skip();
    return std::nullopt;
  }
  [[nodiscard]] std::int64_t count() { return integer().value_or(0); }
  [[nodiscard]] std::optional<Instant> epoch() {
    const auto seconds = integer();
    constexpr std::int64_t seconds_max = INT64_MAX / 1'000'000'000;  // what an Instant holds
    if (!seconds || *seconds > seconds_max || *seconds < -seconds_max) return std::nullopt;
    return Instant{std::chrono::seconds{*seconds}};
  }

  JsonCursor json_;
};

}  // namespace detail

RUSHHOUR_INLINE std::optional<IpAddressReport> read_answer(std::string_view text) {
  return detail::AnswerReader{text}.read();
}

}  // namespace rushhour::api::virustotal
