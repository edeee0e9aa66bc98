#pragma once

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::api::virustotal {

namespace detail {

inline constexpr std::size_t url_size_max = 8192;  ///< longer ones are no URLs that anyone submits [CHOICE]
inline constexpr std::size_t domain_size_max = 253;
inline constexpr std::size_t label_size_max = 63;

[[nodiscard]] inline std::string digest_text(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  RUSHHOUR_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) == 1,
                  "OpenSSL has MD5, SHA-1 and SHA-256");
  std::string out;
  for (unsigned i = 0; i < size; ++i) rushhour::detail::append_hex(out, digest[i], 2);
  return out;
}

/// The code points of UTF-8; nothing when it is none.
[[nodiscard]] inline std::optional<std::vector<std::uint32_t>> code_points(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = rushhour::detail::utf8_length(text, at);
    if (size == 0) return std::nullopt;
    constexpr unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    std::uint32_t point = static_cast<unsigned char>(text[at]) & masks[size];
    for (std::size_t i = 1; i < size; ++i) {
      point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
    }
    out.push_back(point);
    at += size;
  }
  return out;
}

/// RFC 3492, section 6.1.
[[nodiscard]] constexpr std::uint32_t adapt_bias(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / 700 : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > 455; k += 36) delta /= 35;
  return k + 36 * delta / (delta + 38);
}

/// RFC 3492, section 6.3: one label, `xn--` included. Labels are short, so nothing overflows.
[[nodiscard]] inline std::string punycode(const std::vector<std::uint32_t>& points) {
  std::string out = "xn--";
  for (const std::uint32_t point : points) {
    if (point < 0x80) out += static_cast<char>(point);
  }
  const auto basic = static_cast<std::uint32_t>(out.size() - 4);
  if (basic > 0) out += '-';
  std::uint32_t next = 0x80;
  std::uint32_t delta = 0;
  std::uint32_t bias = 72;
  for (std::uint32_t handled = basic; handled < points.size();) {
    std::uint32_t lowest = UINT32_MAX;
    for (const std::uint32_t point : points) {
      if (point >= next) lowest = std::min(lowest, point);
    }
    delta += (lowest - next) * (handled + 1);
    next = lowest;
    for (const std::uint32_t point : points) {
      if (point < next) ++delta;
      if (point != next) continue;
      std::uint32_t rest = delta;
      for (std::uint32_t k = 36;; k += 36) {
        const std::uint32_t threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
        if (rest < threshold) break;
        const std::uint32_t digit = threshold + (rest - threshold) % (36 - threshold);
        out += static_cast<char>(digit < 26 ? 'a' + digit : '0' + digit - 26);
        rest = (rest - threshold) / (36 - threshold);
      }
      out += static_cast<char>(rest < 26 ? 'a' + rest : '0' + rest - 26);
      bias = adapt_bias(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++next;
  }
  return out;
}

[[nodiscard]] inline bool is_label(std::string_view label) {
  if (label.empty() || label.size() > label_size_max || label.front() == '-' || label.back() == '-')
    return false;
  return std::ranges::all_of(
      label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

/// The labels of a host in lower case, in Punycode where they need it; nothing when one is no label.
[[nodiscard]] inline std::optional<std::vector<std::string>> labels_of(std::string_view host) {
  std::vector<std::string> out;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.size() > domain_size_max) return std::nullopt;
  for (bool more = true; more;) {
    const std::size_t dot = host.find('.');
    more = dot != std::string_view::npos;
    std::string label = lower_case(host.substr(0, dot));
    if (std::ranges::any_of(label, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
      const auto points = code_points(label);
      if (!points || points->size() > label_size_max) return std::nullopt;
      label = punycode(*points);
    }
    if (!is_label(label)) return std::nullopt;
    out.push_back(std::move(label));
    host.remove_prefix(more ? dot + 1 : host.size());
  }
  return out;
}

/// Whether names below this end are on the Internet. Reserved: RFC 2606, RFC 6761, RFC 6762, RFC 7686, ICANN
/// 2024 (`internal`); `home`, `lan`, `corp`: of no registry.
[[nodiscard]] inline bool is_registrable(const std::vector<std::string>& labels) {
  constexpr std::array<std::string_view, 11> reserved{
      "test", "invalid", "localhost", "local", "example", "onion", "internal", "home", "lan", "corp", "arpa"};
  constexpr std::array<std::string_view, 18> below_za{"ac",      "agric", "alt", "co",     "edu", "gov",
                                                      "grondar", "law",   "mil", "net",    "ngo", "nic",
                                                      "nis",     "nom",   "org", "school", "tm",  "web"};
  if (labels.size() < 2) return false;
  const std::string& top = labels.back();
  const bool is_word = std::ranges::all_of(top, [](char c) { return c >= 'a' && c <= 'z'; });
  if (top.size() < 2 || !(is_word || top.starts_with("xn--"))) return false;
  if (top == "za" && std::ranges::find(below_za, labels[labels.size() - 2]) == below_za.end()) return false;
  return std::ranges::find(reserved, top) == reserved.end();
}

[[nodiscard]] inline std::string joined(const std::vector<std::string>& labels) {
  std::string out;
  for (const std::string& label : labels) {
    if (!out.empty()) out += '.';
    out += label;
  }
  return out;
}

/// A name of two labels or more, an IPv4 address, or an IPv6 address in brackets.
[[nodiscard]] inline std::optional<std::string> canonical_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const auto address = canonical_address(host.substr(1, host.size() - 2));
    if (!address || address->find(':') == std::string::npos) return std::nullopt;
    return "[" + *address + "]";
  }
  if (parse_ipv4(host)) return std::string{host};
  const auto labels = labels_of(host);
  if (!labels || labels->size() < 2) return std::nullopt;
  const bool is_number = std::ranges::all_of(labels->back(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) return std::nullopt;  // an address that is none
  return joined(*labels);
}

struct Scheme {
  std::string_view name;
  std::string_view port;
};
inline constexpr std::array<Scheme, 3> schemes{{{"http", "80"}, {"https", "443"}, {"ftp", "21"}}};

/// `user@host:port`, without a port that the scheme has anyway.
[[nodiscard]] inline std::optional<std::string> canonical_authority(std::string_view authority,
                                                                    const Scheme& scheme) {
  std::string out;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    http::append_percent_encoded(out, authority.substr(0, at), "!$&'()*+,;=:%");
    out += '@';
    authority.remove_prefix(at + 1);
  }
  std::string_view port;
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon)) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  unsigned number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool is_number = read.ec == std::errc{} && read.ptr == port.data() + port.size() && number <= 65535;
  if (!port.empty() && !is_number) return std::nullopt;
  const auto host = canonical_host(authority);
  if (!host) return std::nullopt;
  out += *host;
  if (!port.empty() && port != scheme.port) {
    out += ':';
    out += port;
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

RUSHHOUR_INLINE std::string url_id(std::string_view url) {
  std::string out;
  rushhour::detail::append_base64(out, url);
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

RUSHHOUR_INLINE std::optional<std::string> url_of_id(std::string_view id) {
  while (id.ends_with('=')) id.remove_suffix(1);
  if (id.empty() || id.size() % 4 == 1) return std::nullopt;
  std::string padded{id};
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  return rushhour::detail::decode_base64(padded);
}

RUSHHOUR_INLINE std::optional<std::string> canonical_url(std::string_view url) {
  while (!url.empty() && (url.front() == ' ' || url.front() == '\t')) url.remove_prefix(1);
  while (!url.empty() && (url.back() == ' ' || url.back() == '\t')) url.remove_suffix(1);
  if (url.empty() || url.size() > detail::url_size_max) return std::nullopt;
  if (std::ranges::any_of(url, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return std::nullopt;
  const std::size_t mark = url.find("://");
  const bool has_scheme = mark != std::string_view::npos && mark < url.find_first_of("/?#");
  const std::string name = has_scheme ? lower_case(url.substr(0, mark)) : "http";
  const auto scheme = std::ranges::find(detail::schemes, std::string_view{name}, &detail::Scheme::name);
  if (scheme == detail::schemes.end()) return std::nullopt;
  if (has_scheme) url.remove_prefix(mark + 3);
  url = url.substr(0, url.find('#'));
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  const auto authority = detail::canonical_authority(url.substr(0, end), *scheme);
  if (!authority) return std::nullopt;
  const std::string_view rest = url.substr(end);
  std::string out = name + "://" + *authority;
  if (!rest.starts_with('/')) out += '/';
  http::append_percent_encoded(out, rest, "/?:@!$&'()*+,;=%[]|{}^`\"<>\\");
  return out;
}

RUSHHOUR_INLINE std::string sha256_text(std::string_view bytes) {
  return detail::digest_text(EVP_sha256(), bytes);
}
RUSHHOUR_INLINE std::string sha1_text(std::string_view bytes) {
  return detail::digest_text(EVP_sha1(), bytes);
}
RUSHHOUR_INLINE std::string md5_text(std::string_view bytes) { return detail::digest_text(EVP_md5(), bytes); }

RUSHHOUR_INLINE HashKind hash_kind(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return rushhour::detail::hex_digit(c) >= 0; }))
    return HashKind::none;
  return text.size() == 32   ? HashKind::md5
         : text.size() == 40 ? HashKind::sha1
         : text.size() == 64 ? HashKind::sha256
                             : HashKind::none;
}

RUSHHOUR_INLINE std::optional<std::string> canonical_domain(std::string_view name) {
  const auto labels = detail::labels_of(name);
  if (!labels || !detail::is_registrable(*labels)) return std::nullopt;
  return detail::joined(*labels);
}

}  // namespace rushhour::api::virustotal
