/// \file
/// The canonical request of Signature Version 4, written piece by piece into a std::string or straight into a
/// hash, so that signing never holds it as a text. It knows neither keys nor credential scopes.
///
/// Source: "Create a signed AWS API request", step 1, IAM User Guide (spec tag DOC); botocore/auth.py 1.29
/// for the order of dot segments, repeated slashes and repeated headers.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/time.hpp>

namespace rushhour::aws::detail {

/// Collects small pieces, which SHA-256 takes badly, and hands them on in large ones.
class HashWriter {
 public:
  void append(const char* text, std::size_t size) {
    if (size > buffer_.size() - used_) {
      flush();
      if (size > buffer_.size()) {
        hash_.add({text, size});
        return;
      }
    }
    if (size == 0) return;
    std::memcpy(buffer_.data() + used_, text, size);
    used_ += size;
  }
  HashWriter& operator+=(std::string_view text) {
    append(text.data(), text.size());
    return *this;
  }
  HashWriter& operator+=(char c) {
    append(&c, 1);
    return *this;
  }
  [[nodiscard]] Hash finish() {
    flush();
    return hash_.finish();
  }

 private:
  void flush() {
    hash_.add({buffer_.data(), used_});
    used_ = 0;
  }

  Sha256 hash_;
  std::size_t used_ = 0;
  std::array<char, 1024> buffer_;
};

/// The one parameter of a presigned request that is not signed.
inline constexpr std::string_view signature_parameter = "X-Amz-Signature";

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Whether any byte is a space or a control character: eight at a time, since session tokens are long and
/// have none.
[[nodiscard]] inline bool has_blank(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t high_bits = 0x80 * ones;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if (((word - (' ' + 1) * ones) & ~word & high_bits) != 0) return true;  // some byte is below '!'
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) <= ' ') return true;
  }
  return false;
}

/// Without spaces at both ends, and with one space for each run of them.
template <class Out>
void append_trimmed(Out& out, std::string_view value) {
  if (!has_blank(value)) {
    out += value;
    return;
  }
  bool first = true;
  std::size_t at = 0;
  while (true) {
    while (at < value.size() && is_space(value[at])) ++at;
    if (at == value.size()) return;
    const std::size_t word = at;
    while (at < value.size() && !is_space(value[at])) ++at;
    if (!first) out += ' ';
    first = false;
    out.append(value.data() + word, at - word);
  }
}

/// Without `.`, `..` and empty segments, as botocore's remove_dot_segments. Then encoded once more: the path
/// of the target is encoded already, and all services but S3 sign it encoded twice.
template <class Out>
void append_canonical_path(Out& out, std::string_view path) {
  if (path.empty() || path == "/") {
    out += '/';
    return;
  }
  std::vector<std::string_view> kept;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    at = end + 1;
  }
  for (const std::string_view segment : kept) {
    out += '/';
    http::append_percent_encoded(out, segment);
  }
  if (kept.empty() || path.back() == '/') out += '/';
}

/// Sorted by encoded name, then value. Fields are decoded and encoded anew, so that every way of writing one
/// request has one canonical form; `+` is a plus here, not a space.
template <class Out>
void append_canonical_query(Out& out, std::string_view query) {
  if (query.empty()) return;
  std::vector<std::pair<std::string, std::string>> fields;
  while (const auto field = http::take_field(query)) {
    if (field->name == signature_parameter) continue;
    fields.emplace_back(http::percent_encode(http::percent_decode(field->name)),
                        http::percent_encode(http::percent_decode(field->value)));
  }
  std::sort(fields.begin(), fields.end());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) out += '&';
    out += fields[i].first;
    out += '=';
    out += fields[i].second;
  }
}

/// Writes the header lines named in `signed_headers`. False when one is missing, not in lower case or not in
/// order.
template <class Out>
[[nodiscard]] bool append_canonical_headers(Out& out, const http::Headers& headers,
                                            std::string_view signed_headers) {
  std::string_view previous;
  while (true) {
    const std::string_view name = signed_headers.substr(0, signed_headers.find(';'));
    if (name <= previous) return false;
    bool found = false;
    for (const http::Header& line : headers) {
      if (line.name.size() != name.size() || !http::equals_ignoring_case(line.name, name)) continue;
      if (!found) out += name;
      out += found ? ',' : ':';
      append_trimmed(out, line.value);
      found = true;
    }
    if (!found || std::any_of(name.begin(), name.end(), [](char c) { return c != lower(c); })) return false;
    out += '\n';
    previous = name;
    if (name.size() == signed_headers.size()) return true;
    signed_headers.remove_prefix(name.size() + 1);
  }
}

template <class Out>
[[nodiscard]] bool append_canonical_request(Out& out, const http::Request& request,
                                            std::string_view signed_headers, std::string_view body_hash) {
  for (const char c : request.method) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  out += '\n';
  append_canonical_path(out, request.path());
  out += '\n';
  append_canonical_query(out, request.query());
  out += '\n';
  if (!append_canonical_headers(out, request.headers, signed_headers)) return false;
  out += '\n';
  out += signed_headers;
  out += '\n';
  out += body_hash;
  return true;
}

/// `20150830T123600Z` without a std::string, which would go to the heap.
class Timestamp {
 public:
  explicit Timestamp(Instant instant) {
    const rushhour::detail::CivilTime time = rushhour::detail::civil(instant);
    const auto second = static_cast<unsigned>(time.second_of_day);
    put(0, 4, static_cast<unsigned>(time.year));
    put(4, 2, time.month);
    put(6, 2, time.day);
    text_[8] = 'T';
    put(9, 2, second / 3600);
    put(11, 2, second / 60 % 60);
    put(13, 2, second % 60);
    text_[15] = 'Z';
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }
  [[nodiscard]] std::string_view date() const { return {text_.data(), 8}; }

 private:
  void put(std::size_t at, std::size_t width, unsigned value) {
    for (std::size_t i = width; i-- > 0; value /= 10) text_[at + i] = static_cast<char>('0' + value % 10);
  }
  std::array<char, 16> text_;
};

}  // namespace rushhour::aws::detail
