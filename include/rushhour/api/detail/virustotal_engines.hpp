/// \file
/// The engines that VirusTotal lists, and what their results look like in `last_analysis_results`. A report
/// names as many as its statistics count. Shape and observed words: recordings of 2019-2022 (REC).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api::virustotal::detail {

/// Engines that VirusTotal lists for network objects; a report names as many as its statistics count.
inline constexpr std::array<std::string_view, 94> engines{
    // clang-format off
    "ADMINUSLabs", "AILabs (MONITORAPP)", "Abusix", "Acronis", "AlienVault",
    "AlphaSOC", "Antiy-AVL", "ArcSight Threat Intelligence", "Artists Against 419", "AutoShun",
    "Baidu-International", "Bfore.Ai PreCrime", "BitDefender", "Bkav", "Blueliv",
    "CINS Army", "CMC Threat Intelligence", "CRDF", "CSIS Security Group", "Certego",
    "Chong Lua Dao", "Cluster25", "Comodo Valkyrie Verdict", "Criminal IP", "CyRadar",
    "Cyan", "Cyble", "DNS8", "Dr.Web", "ESET",
    "ESTsecurity", "EmergingThreats", "Emsisoft", "Ermes", "Feodo Tracker",
    "Forcepoint ThreatSeeker", "Fortinet", "G-Data", "GCP Abuse Intelligence", "Google Safebrowsing",
    "GreenSnow", "Heimdal Security", "IPsum", "Juniper Networks", "K7AntiVirus",
    "Kaspersky", "Lionic", "Lumu", "MalwarePatrol", "MalwareURL",
    "Malwared", "Netcraft", "NotMining", "OpenPhish", "PREBYTES",
    "PhishFort", "PhishLabs", "Phishing Database", "Phishtank", "PrecisionSec",
    "Quick Heal", "Quttera", "Rising", "SCUMWARE.org", "SOCRadar",
    "Sangfor", "Scantitan", "SecureBrain", "Segasec", "Snort IP sample list",
    "Sophos", "Spam404", "StopForumSpam", "Sucuri SiteCheck", "ThreatHive",
    "Threatsourcing", "Trustwave", "URLQuery", "URLhaus", "Underworld",
    "VIPRE", "VX Vault", "Viettel Threat Intelligence", "ViriBack", "Webroot",
    "Xcitium Verdict Cloud", "Yandex Safebrowsing", "ZeroCERT", "ZeroFox", "alphaMountain.ai",
    "benkow.cc", "desenmascara.me", "securolytics", "zvelo"
    // clang-format on
};

/// Engines that VirusTotal lists for files.
inline constexpr std::array<std::string_view, 75> file_engines{
    // clang-format off
    "ALYac", "APEX", "AVG", "Acronis", "AhnLab-V3",
    "Alibaba", "Antiy-AVL", "Arcabit", "Avast", "Avast-Mobile",
    "Avira", "Baidu", "BitDefender", "BitDefenderFalx", "BitDefenderTheta",
    "Bkav", "CAT-QuickHeal", "CMC", "ClamAV", "CrowdStrike",
    "Cybereason", "Cylance", "Cynet", "Cyren", "DeepInstinct",
    "DrWeb", "ESET-NOD32", "Elastic", "Emsisoft", "F-Secure",
    "FireEye", "Fortinet", "GData", "Google", "Gridinsoft",
    "Ikarus", "Jiangmin", "K7AntiVirus", "K7GW", "Kaspersky",
    "Kingsoft", "Lionic", "MAX", "Malwarebytes", "MaxSecure",
    "McAfee", "McAfee-GW-Edition", "MicroWorld-eScan", "Microsoft", "NANO-Antivirus",
    "Paloalto", "Panda", "Rising", "SUPERAntiSpyware", "Sangfor",
    "SecureAge", "SentinelOne", "Skyhigh", "Sophos", "Symantec",
    "SymantecMobileInsight", "TACHYON", "TEHTRIS", "Tencent", "Trapmine",
    "TrendMicro", "TrendMicro-HouseCall", "Trustlook", "VBA32", "VIPRE",
    "VirIT", "Webroot", "Yandex", "Zillya", "ZoneAlarm"
    // clang-format on
};

/// Whether the names can be written between quotes as they are.
constexpr bool are_plain(std::span<const std::string_view> names) {
  return std::ranges::all_of(names, [](std::string_view name) {
    return std::ranges::all_of(name, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  });
}
static_assert(are_plain(engines) && are_plain(file_engines));

/// How many engines say one thing.
struct Category {
  std::string_view name;
  std::string_view result;  ///< empty: null
  std::int64_t count;
};

inline std::array<Category, 5> categories(const AnalysisStats& stats) {
  return {{{"malicious", "malicious", stats.malicious},
           {"suspicious", "suspicious", stats.suspicious},
           {"undetected", "unrated", stats.undetected},
           {"harmless", "clean", stats.harmless},
           {"timeout", "", stats.timeout}}};
}
/// \param label  what the engines call a malicious file
inline std::array<Category, 8> categories(const FileAnalysisStats& stats, std::string_view label) {
  return {{{"malicious", label, stats.malicious},
           {"suspicious", label, stats.suspicious},
           {"undetected", "", stats.undetected},
           {"harmless", "", stats.harmless},
           {"timeout", "", stats.timeout},
           {"confirmed-timeout", "", stats.confirmed_timeout},
           {"failure", "", stats.failure},
           {"type-unsupported", "", stats.type_unsupported}}};
}

/// One entry for each engine, some 8 KB, for every report: so what the entries of a category have in common
/// is put together once, and the names are copied as they are.
/// \param beside  further members of each entry, JSON with a comma before it
inline void append_results(std::string& out, std::span<const std::string_view> names,
                           std::span<const Category> said, std::string_view beside = {}) {
  std::size_t engine = 0;
  out += '{';
  for (const Category& category : said) {
    std::string before = R"(":{"category":")";
    before += category.name;
    before += R"(","engine_name":")";
    std::string after = "\"";
    after += beside;
    after += R"(,"method":"blacklist","result":)";
    if (category.result.empty()) {
      after += "null";
    } else {
      rushhour::detail::append_json_string(after, category.result);
    }
    after += '}';
    for (std::int64_t i = 0; i < category.count && engine < names.size(); ++i, ++engine) {
      out += engine == 0 ? "\"" : ",\"";
      out += names[engine];
      out += before;
      out += names[engine];
      out += after;
    }
  }
  out += '}';
}

}  // namespace rushhour::api::virustotal::detail
