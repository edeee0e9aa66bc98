/// \file
/// HTTP requests and responses as values, and the encodings inside them: percent-encoding, form bodies, dates
/// and lists of codings. It opens no socket and knows no framing: what sends or receives a message decides
/// about Content-Length.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/detail/hex.hpp>
#include <rushhour/time.hpp>

namespace rushhour::http {

struct Header {
  std::string name{};
  std::string value{};

  friend bool operator==(const Header&, const Header&) = default;
};

/// ASCII only, as field names and schemes are (RFC 9110, section 5.1).
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// The header lines of a message in their order on the wire. Names are compared without case and may repeat.
///
/// A vector, not a map: a message has about ten headers, and walking them costs less than hashing one name.
using Headers = std::vector<Header>;

/// The value of the first header with this name; null when there is none. Valid until the headers change.
[[nodiscard]] inline const std::string* find_header(const Headers& headers, std::string_view name) {
  for (const Header& line : headers) {
    if (equals_ignoring_case(line.name, name)) return &line.value;
  }
  return nullptr;
}

/// Removes every header with this name, from the index `first` on.
inline void remove_header(Headers& headers, std::string_view name, std::size_t first = 0) {
  std::size_t kept = first;
  for (std::size_t i = first; i < headers.size(); ++i) {
    if (equals_ignoring_case(headers[i].name, name)) continue;
    if (kept != i) headers[kept] = std::move(headers[i]);
    ++kept;
  }
  headers.resize(kept);
}

/// Replaces the first header with this name and removes all others, or adds one at the end.
inline void set_header(Headers& headers, std::string_view name, std::string_view value) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!equals_ignoring_case(headers[i].name, name)) continue;
    headers[i].value = value;
    remove_header(headers, name, i + 1);
    return;
  }
  headers.push_back({std::string{name}, std::string{value}});
}

struct Request {
  std::string method{"GET"};
  std::string target{"/"};  ///< path and, if any, `?` and query, encoded as on the wire
  Headers headers{};
  std::string body{};
  std::string remote_address{};  ///< of the client, as the server saw it; empty: no socket

  /// The target up to the first `?`, still encoded. Valid until the target changes, as is query().
  [[nodiscard]] std::string_view path() const { return std::string_view{target}.substr(0, target.find('?')); }
  /// What follows the first `?`, still encoded; empty when there is none.
  [[nodiscard]] std::string_view query() const {
    const std::size_t mark = target.find('?');
    return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
  }
  [[nodiscard]] const std::string* header(std::string_view name) const { return find_header(headers, name); }
  void set_header(std::string_view name, std::string_view value) { http::set_header(headers, name, value); }

  friend bool operator==(const Request&, const Request&) = default;
};

struct Response {
  int status{200};  ///< 0: no answer, the connection breaks
  Headers headers{};
  std::string body{};
  /// What a server waits, in real time, before it sends the answer or breaks the connection. Duration::max():
  /// it never does either. Whoever reads the answer in memory need not wait.
  Duration held_back{};
  /// A server compresses the body and says `Content-Encoding: gzip`. In memory it stays as it is.
  bool is_sent_as_gzip{};

  [[nodiscard]] const std::string* header(std::string_view name) const { return find_header(headers, name); }
  void set_header(std::string_view name, std::string_view value) { http::set_header(headers, name, value); }

  friend bool operator==(const Response&, const Response&) = default;
};

/// Letters, digits and `-._~`: what never needs encoding (RFC 3986, section 2.3). AWS signatures encode
/// everything else.
[[nodiscard]] constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// Appends `%2F` for `/`, with upper-case digits as RFC 3986, section 2.1, and AWS want them.
template <class Out>
void append_escape(Out& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
  out.append(escape, 3);
}

/// Appends `text` percent-encoded byte by byte; unreserved characters and those in `kept` stay. `Out` is a
/// std::string or anything with its append(const char*, size).
template <class Out>
void append_percent_encoded(Out& out, std::string_view text, std::string_view kept = {}) {
  std::size_t plain = 0;  // start of the run that is copied as it is
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_unreserved(text[i]) || kept.find(text[i]) != std::string_view::npos) continue;
    out.append(text.data() + plain, i - plain);
    append_escape(out, text[i]);
    plain = i + 1;
  }
  out.append(text.data() + plain, text.size() - plain);
}

/// `percent_encode("a b/c")` is `a%20b%2Fc`; `percent_encode("a b/c", "/")`, as for a path, is `a%20b/c`.
[[nodiscard]] inline std::string percent_encode(std::string_view text, std::string_view kept = {}) {
  std::string out;
  append_percent_encoded(out, text, kept);
  return out;
}

namespace detail {

/// The byte that the escape at `at` stands for; nothing when there is no whole escape.
[[nodiscard]] constexpr std::optional<char> escape_at(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return std::nullopt;
  const int high = rushhour::detail::hex_digit(text[at + 1]);
  const int low = rushhour::detail::hex_digit(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

inline void append_decoded(std::string& out, std::string_view text, bool plus_is_space) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto byte = escape_at(text, i)) {
      out += *byte;
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
}

}  // namespace detail

/// Undoes percent-encoding. A `%` that begins no escape stays as it is, as in every server and in Python's
/// unquote.
[[nodiscard]] inline std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  detail::append_decoded(out, text, false);
  return out;
}

/// One `name=value` of a query or form, still encoded. `has_value` tells `name=` from `name`.
struct EncodedField {
  std::string_view name{};
  std::string_view value{};
  bool has_value{};
};

/// Takes the first field off `rest` without copying; nothing at the end. Empty fields (`a=1&&b=2`) are
/// skipped.
[[nodiscard]] constexpr std::optional<EncodedField> take_field(std::string_view& rest) {
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (field.empty()) continue;
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) return EncodedField{.name = field};
    return EncodedField{
        .name = field.substr(0, equals), .value = field.substr(equals + 1), .has_value = true};
  }
  return std::nullopt;
}

/// One decoded `name=value` of an application/x-www-form-urlencoded body.
struct FormField {
  std::string name{};
  std::string value{};

  friend bool operator==(const FormField&, const FormField&) = default;
};

/// One name or value of a form body, decoded: `+` is a space here.
[[nodiscard]] inline std::string form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  detail::append_decoded(out, text, true);
  return out;
}

/// The fields of a form body in order; repeated names stay repeated. It never fails: any text is a form.
[[nodiscard]] inline std::vector<FormField> parse_form(std::string_view body) {
  std::vector<FormField> fields;
  while (const auto field = take_field(body))
    fields.push_back({form_decode(field->name), form_decode(field->value)});
  return fields;
}

/// Appends `name=value`, after a `&` unless `body` is empty. The bytes are those of Python's urlencode, hence
/// of boto3's query protocol: a space is `+`, unreserved characters stay.
inline void append_form_field(std::string& body, std::string_view name, std::string_view value) {
  const auto append = [&body](std::string_view text) {
    for (const char c : text) {
      if (c == ' ') {
        body += '+';
      } else if (is_unreserved(c)) {
        body += c;
      } else {
        append_escape(body, c);
      }
    }
  };
  if (!body.empty()) body += '&';
  append(name);
  body += '=';
  append(value);
}

[[nodiscard]] inline std::string print_form(const std::vector<FormField>& fields) {
  std::string body;
  for (const FormField& field : fields) append_form_field(body, field.name, field.value);
  return body;
}

/// Whether an Accept-Encoding takes gzip: by name or by `*`, and not with a weight of 0 (RFC 9110, section
/// 12.5.3).
[[nodiscard]] constexpr bool accepts_gzip(std::string_view codings) {
  const auto trimmed = [](std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
  };
  bool takes_any = false;
  while (!codings.empty()) {
    const std::size_t comma = std::min(codings.find(','), codings.size());
    const std::string_view coding = codings.substr(0, comma);
    codings.remove_prefix(std::min(comma + 1, codings.size()));
    const std::size_t semicolon = std::min(coding.find(';'), coding.size());
    const std::string_view name = trimmed(coding.substr(0, semicolon));
    const std::string_view weight = trimmed(coding.substr(std::min(semicolon + 1, coding.size())));
    const bool is_weight = weight.starts_with("q=") || weight.starts_with("Q=");
    const bool is_taken = !is_weight || weight.find_first_not_of("0.", 2) != std::string_view::npos;
    if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) return is_taken;
    if (name == "*") takes_any = is_taken;
  }
  return takes_any;
}

namespace detail {

inline constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
inline constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace detail

/// The value of a Date header: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7). Fractions are
/// dropped.
[[nodiscard]] inline std::string to_http_date(Instant instant) {
  const rushhour::detail::CivilTime time = rushhour::detail::civil(instant);
  const std::chrono::weekday weekday{std::chrono::floor<std::chrono::days>(instant)};
  std::string out;
  out.reserve(29);
  const auto digits = [&out](std::int64_t value, int width) {
    rushhour::detail::append_digits(out, static_cast<std::uint64_t>(value), width);
  };
  out += detail::weekdays[weekday.c_encoding()];
  out += ", ";
  digits(time.day, 2);
  out += ' ';
  out += detail::months[time.month - 1];
  out += ' ';
  digits(time.year, 4);
  out += ' ';
  digits(time.second_of_day / 3600, 2);
  out += ':';
  digits(time.second_of_day / 60 % 60, 2);
  out += ':';
  digits(time.second_of_day % 60, 2);
  return out += " GMT";
}

/// Reads the one form that to_http_date() writes, which is the only one that senders may use. The weekday is
/// not compared with the date. Nothing when the text is anything else.
[[nodiscard]] inline std::optional<Instant> parse_http_date(std::string_view text) {
  if (text.size() != 29 || text[3] != ',' || text[4] != ' ' || text.substr(25) != " GMT") return std::nullopt;
  for (std::size_t month = 0; month < detail::months.size(); ++month) {
    if (text.substr(8, 3) != detail::months[month]) continue;
    if (text[7] != ' ' || text[11] != ' ' || text[16] != ' ') return std::nullopt;
    std::string iso{text.substr(12, 4)};  // what remains is parse_iso8601()'s work
    iso += '-';
    rushhour::detail::append_digits(iso, month + 1, 2);
    iso += '-';
    iso += text.substr(5, 2);
    iso += 'T';
    iso += text.substr(17, 8);
    iso += 'Z';
    return parse_iso8601(iso);
  }
  return std::nullopt;
}

}  // namespace rushhour::http
