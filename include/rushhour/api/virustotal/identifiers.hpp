/// \file
/// How VirusTotal identifies what it knows: URLs by one canonical form and its two ids, files by three
/// hashes, domains by their names. It knows no object; addresses are rushhour/address.hpp.
///
/// Sources: docs.virustotal.com/reference/urls (the two ids, DOC); four recorded ids, which are SHA-256 of
/// canonical URLs (spec virustotal.md 1.2, REC); RFC 3986 (URLs), RFC 3492 (Punycode).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>

namespace rushhour::api::virustotal {

/// The id of a URL that clients make: base64 with the alphabet of URLs, without padding.
///
///     client(GetUrl{.id = url_id("http://www.google.com")});  // aHR0cDovL3d3dy5nb29nbGUuY29t
[[nodiscard]] std::string url_id(std::string_view url);

/// The URL in an id that a client made. Padding and the standard alphabet are taken as well, as clients in
/// the wild send them [CHOICE: what the service tolerates is not known]. Nothing when it is no base64.
[[nodiscard]] std::optional<std::string> url_of_id(std::string_view id);

/// The form that is hashed: an empty path becomes `/` [REC]; without a scheme it is http; scheme and host are
/// in lower case, hosts in other scripts in Punycode; fragment and default port are dropped; what no URL may
/// hold is percent-encoded [CHOICE]. Nothing for what is no URL of http, https or ftp with a host.
[[nodiscard]] std::optional<std::string> canonical_url(std::string_view url);

/// 64 digits of lower-case hex: the id of a canonical URL in all answers, and a file's by its content.
[[nodiscard]] std::string sha256_text(std::string_view bytes);
[[nodiscard]] std::string sha1_text(std::string_view bytes);
[[nodiscard]] std::string md5_text(std::string_view bytes);

enum class HashKind : std::uint8_t { none, md5, sha1, sha256 };

/// What kind of hash a text is, by its length; digits of either case.
[[nodiscard]] HashKind hash_kind(std::string_view text);

[[nodiscard]] std::string lower_case(std::string_view text);

/// The domain in lower case, other scripts in Punycode; nothing unless it looks like a name that someone can
/// register: two labels or more, and a top-level domain that the Internet has. `xpressco.za` is refused
/// [REC], for only names below `co.za` and the like are registered; so are `localhost`, `server.test` and
/// addresses [CHOICE].
[[nodiscard]] std::optional<std::string> canonical_domain(std::string_view name);

}  // namespace rushhour::api::virustotal

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/api/detail/virustotal_identifiers_inl.hpp>
#endif
