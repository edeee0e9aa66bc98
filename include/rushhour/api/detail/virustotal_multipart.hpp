/// \file
/// multipart/form-data bodies (RFC 7578) as far as uploads of one file need them: written with one part, read
/// by the name of a part.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/detail/hex.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::api::virustotal::detail {

/// One part of a body; views into it.
struct Part {
  std::string_view content{};
  std::string_view file_name{};
};

/// A line that the content does not have: drawn from its hash, and again while it has.
[[nodiscard]] inline std::string boundary_for(std::string_view content) {
  for (std::uint64_t bits = hash(content);; bits = mix(bits)) {
    std::string boundary = "rushhour";
    rushhour::detail::append_hex(boundary, bits);
    if (content.find(boundary) == std::string_view::npos) return boundary;
  }
}

/// A file name as it stands between quotes: browsers escape so (HTML, "Multipart form data").
inline void append_file_name(std::string& out, std::string_view name) {
  for (const char c : name) {
    if (c == '"' || c == '\r' || c == '\n') {
      http::append_escape(out, c);
    } else {
      out += c;
    }
  }
}

/// Undoes append_file_name(), and nothing else that looks like an escape.
[[nodiscard]] inline std::string read_file_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = http::detail::escape_at(text, i);
    const bool is_ours = byte && (*byte == '"' || *byte == '\r' || *byte == '\n');
    out += is_ours ? *byte : text[i];
    if (is_ours) i += 2;
  }
  return out;
}

inline void append_multipart(std::string& out, std::string_view boundary, std::string_view name,
                             std::string_view file_name, std::string_view content) {
  out += "--";
  out += boundary;
  out += "\r\nContent-Disposition: form-data; name=\"";
  out += name;
  out += "\"; filename=\"";
  append_file_name(out, file_name);
  out += "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
  out += content;
  out += "\r\n--";
  out += boundary;
  out += "--\r\n";
}

/// The value of a parameter in a header: `boundary` of `multipart/form-data; boundary="x"`.
[[nodiscard]] inline std::optional<std::string_view> header_parameter(std::string_view header,
                                                                      std::string_view name) {
  for (std::size_t at = header.find(';'); at != std::string_view::npos;) {
    header.remove_prefix(at + 1);
    while (header.starts_with(' ')) header.remove_prefix(1);
    const bool is_it = http::equals_ignoring_case(header.substr(0, name.size()), name) &&
                       header.substr(name.size(), 1) == "=";
    const std::size_t equals = header.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string_view value = header.substr(equals + 1);
    const bool is_quoted = value.starts_with('"');
    const std::size_t end = is_quoted ? value.find('"', 1) : value.find(';');
    if (is_it)
      return is_quoted ? value.substr(1, end == std::string_view::npos ? end : end - 1)
                       : value.substr(0, end);
    if (end == std::string_view::npos) return std::nullopt;
    header = value;
    at = header.find(';', end);
  }
  return std::nullopt;
}

/// The part of this name; nothing when there is none, or the body is not of this form.
[[nodiscard]] inline std::optional<Part> find_part(std::string_view body, std::string_view content_type,
                                                   std::string_view name) {
  const auto boundary = header_parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) return std::nullopt;
  const std::string line = "--" + std::string{*boundary};
  std::size_t at = body.find(line);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + line.size();
    const std::size_t end = body.find("\r\n" + line, begin);
    const std::size_t head_end = body.find("\r\n\r\n", begin);
    if (end == std::string_view::npos || head_end == std::string_view::npos || head_end > end)
      return std::nullopt;
    std::string_view head = body.substr(begin, head_end - begin);
    while (!head.empty()) {
      const std::size_t line_end = head.find("\r\n");
      const std::string_view header = head.substr(0, line_end);
      head.remove_prefix(line_end == std::string_view::npos ? head.size() : line_end + 2);
      constexpr std::string_view disposition = "content-disposition:";
      if (!http::equals_ignoring_case(header.substr(0, disposition.size()), disposition)) continue;
      if (header_parameter(header, "name") != name) continue;
      return Part{.content = body.substr(head_end + 4, end - std::min(end, head_end + 4)),
                  .file_name = header_parameter(header, "filename").value_or(std::string_view{})};
    }
    at = end + 2;
  }
  return std::nullopt;
}

}  // namespace rushhour::api::virustotal::detail
