/// \file
/// What the fake of VirusTotal makes its derived objects of: networks, registrars, types of files, names of
/// malware, words of made-up hosts. All of it is fiction in the shape of recordings; nothing is decided here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// Networks that derived reports speak of: a made-up choice of real owners, so that reports look alike.
struct Owner {
  std::int64_t asn;
  std::string_view name;
  std::string_view country;
  std::string_view continent;
  std::string_view registry;
};
inline constexpr std::array<Owner, 12> owners{
    {{16509, "AMAZON-02", "US", "NA", "ARIN"},
     {14618, "AMAZON-AES", "US", "NA", "ARIN"},
     {15169, "GOOGLE", "US", "NA", "ARIN"},
     {8075, "MICROSOFT-CORP-MSN-AS-BLOCK", "US", "NA", "ARIN"},
     {13335, "CLOUDFLARENET", "US", "NA", "ARIN"},
     {24940, "Hetzner Online GmbH", "DE", "EU", "RIPE NCC"},
     {16276, "OVH SAS", "FR", "EU", "RIPE NCC"},
     {3320, "Deutsche Telekom AG", "DE", "EU", "RIPE NCC"},
     {4134, "Chinanet", "CN", "AS", "APNIC"},
     {9009, "M247 Europe SRL", "RO", "EU", "RIPE NCC"},
     {14061, "DIGITALOCEAN-ASN", "US", "NA", "ARIN"},
     {28573, "Claro NXT Telecomunicacoes Ltda", "BR", "SA", "LACNIC"}}};

/// Engines that have an opinion on a derived address.
inline constexpr std::int64_t engines_asked = 91;

/// What the engines say of an address: nine in ten are clean, the rest a little or very malicious.
inline api::virustotal::AnalysisStats derived_stats(Stream address) {
  api::virustotal::AnalysisStats stats;
  const std::uint64_t kind = uniform_below(address.at(0), 100);
  if (kind >= 97) {
    stats.malicious = 5 + static_cast<std::int64_t>(uniform_below(address.at(1), 15));
  } else if (kind >= 90) {
    stats.malicious = 1 + static_cast<std::int64_t>(uniform_below(address.at(1), 3));
  }
  stats.suspicious = kind >= 95 ? 1 : 0;
  stats.undetected = 18 + static_cast<std::int64_t>(uniform_below(address.at(2), 14));
  stats.harmless = engines_asked - stats.malicious - stats.suspicious - stats.undetected;
  return stats;
}

/// The answer that the user's own document shows for this address.
inline std::optional<api::virustotal::IpAddressReport> well_known(std::string_view address) {
  if (address != "35.216.199.51") return std::nullopt;
  return api::virustotal::IpAddressReport{.address = "35.216.199.51",
                                          .asn = 15169,
                                          .as_owner = "GOOGLE",
                                          .country = "CH",
                                          .network = "35.216.0.0/15",
                                          .regional_internet_registry = "RIPE NCC",
                                          .last_analysis_stats = {.harmless = 64,
                                                                  .malicious = 1,
                                                                  .suspicious = 0,
                                                                  .undetected = 23,
                                                                  .timeout = 0},
                                          .last_analysis_date = Instant{std::chrono::seconds{1687579849}},
                                          .whois_date = Instant{std::chrono::seconds{1687579885}}};
}

inline constexpr std::array<std::string_view, 8> registrars{"GoDaddy.com, LLC",
                                                            "NameCheap, Inc.",
                                                            "MarkMonitor Inc.",
                                                            "Cloudflare, Inc.",
                                                            "Tucows Domains Inc.",
                                                            "Gandi SAS",
                                                            "PDR Ltd. d/b/a PublicDomainRegistry.com",
                                                            "OVH sas"};

/// Words of the hosts that relationships lead to.
inline constexpr std::array<std::string_view, 32> host_words{
    "amber",  "atlas",   "beacon", "birch",   "cedar",  "cobalt", "copper", "delta",
    "ember",  "falcon",  "fjord",  "flint",   "garnet", "harbor", "indigo", "juniper",
    "karma",  "lantern", "lumen",  "maple",   "meadow", "nimbus", "onyx",   "orchid",
    "pebble", "quartz",  "raven",  "saffron", "tundra", "velvet", "willow", "zephyr"};
inline constexpr std::array<std::string_view, 6> host_ends{"com", "net", "org", "io", "info", "de"};
inline constexpr std::array<std::string_view, 8> host_labels{"www",  "mail", "api", "cdn",
                                                             "auth", "vpn",  "dev", "static"};

struct FileType {
  std::string_view description;
  std::string_view tag;
  std::string_view extension;
  std::string_view magic;
};
inline constexpr std::array<FileType, 8> file_types{
    {{"Win32 EXE", "peexe", "exe", "PE32 executable (GUI) Intel 80386, for MS Windows"},
     {"Win32 DLL", "pedll", "dll", "PE32 executable (DLL) (GUI) Intel 80386, for MS Windows"},
     {"PDF", "pdf", "pdf", "PDF document, version 1.7"},
     {"Office Open XML Document", "docx", "docx", "Microsoft Word 2007+"},
     {"ZIP", "zip", "zip", "Zip archive data, at least v2.0 to extract"},
     {"JavaScript", "javascript", "js", "ASCII text, with very long lines"},
     {"ELF", "elf", "so", "ELF 64-bit LSB shared object, x86-64"},
     {"HTML", "html", "html", "HTML document, ASCII text"}}};
inline constexpr std::array<std::string_view, 10> threat_labels{
    "trojan.emotet",   "trojan.agenttesla", "ransomware.lockbit", "trojan.qakbot", "downloader.guloader",
    "miner.coinminer", "adware.opencandy",  "trojan.formbook",    "worm.autorun",  "dropper.scrinject"};

/// The file that every scanner detects on purpose (eicar.org), by its real hashes.
/// Of VirusTotal's own and its partners [DOC: get-file-behaviour-id, get-all-behavior-reports-for-a-file; MEM
/// the last].
inline constexpr std::array<std::string_view, 3> sandboxes{"VirusTotal Jujubox", "C2AE", "Zenbox"};

inline constexpr std::string_view eicar_sha256 =
    "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
inline constexpr std::string_view eicar_sha1 = "3395856ce81f2b7382dee72602f798b642f14140";
inline constexpr std::string_view eicar_md5 = "44d88612fea8a8f36de82e1278abb02f";

template <class T, std::size_t size>
[[nodiscard]] const T& pick(const std::array<T, size>& all, std::uint64_t bits) {
  return all[uniform_below(bits, size)];
}

/// Lower-case hex, 16 digits of each counter from `first` on.
[[nodiscard]] inline std::string drawn_hex(Stream draws, std::uint64_t first, std::size_t digits) {
  std::string out;
  for (std::uint64_t counter = first; out.size() < digits; ++counter) {
    rushhour::detail::append_hex(out, draws.at(counter));
  }
  out.resize(digits);
  return out;
}

/// `cobalt-raven.net`, of which there are some 6,000.
[[nodiscard]] inline std::string drawn_domain(Stream draws) {
  std::string out{pick(host_words, draws.at(0))};
  out += '-';
  out += pick(host_words, draws.at(1));
  out += '.';
  out += pick(host_ends, draws.at(2));
  return out;
}

/// A public IPv4 address.
[[nodiscard]] inline std::string drawn_address(Stream draws) {
  for (std::uint64_t counter = 0;; ++counter) {
    const auto address = static_cast<Ipv4>(draws.at(counter) >> 32);
    if (classify_ipv4(address) == AddressClass::public_ipv4) return address_text(address);
  }
}

/// `https://cobalt-raven.net/amber/7f3c`, canonical.
[[nodiscard]] inline std::string drawn_url(Stream draws, std::string_view host) {
  std::string out = uniform_below(draws.at(10), 3) == 0 ? "http://" : "https://";
  out += host;
  out += '/';
  out += pick(host_words, draws.at(11));
  out += '/';
  return out += drawn_hex(draws, 12, 4);
}

[[nodiscard]] inline std::int64_t epoch_seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant.time_since_epoch()).count();
}

}  // namespace rushhour::fakes::detail
