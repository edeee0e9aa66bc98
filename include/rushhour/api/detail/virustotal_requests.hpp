/// \file
/// VirusTotal's requests, written and read by the rows of virustotal_routes.hpp: the client's half of
/// http_endpoint.hpp and the fake's front door use it. Answers are the rows' own business.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/detail/virustotal_multipart.hpp>
#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::api::virustotal::detail {

/// Begins paths that are outside the API: of uploads.
inline constexpr std::string_view outside = "/_ah/";

// ---- Writing ----

inline std::string_view text_or_empty(const Field& row, const void* input, std::string& scratch) {
  return row.text(input, scratch).value_or(std::string_view{});
}

inline void append_path(std::string& target, const Route& route, const void* input) {
  if (!route.path.starts_with(outside)) target += base_path;
  if (!route.collection.empty()) {
    target += '/';
    target += route.collection;
  }
  std::string scratch;
  auto field = route.fields.begin();
  for (std::size_t at = 0; at < route.path.size(); ++at) {
    if (route.path[at] != '{') {
      target += route.path[at];
      continue;
    }
    http::append_percent_encoded(target, text_or_empty(*field++, input, scratch));
    ++at;  // over the closing brace
  }
}

/// `{"data":{"type":"comment","attributes":{"text":"Lorem"}}}` or `{"data":"positive"}`
inline void append_json_body(std::string& body, const Route& route, const Field& row, std::string_view text) {
  body += R"({"data":)";
  if (row.place == Place::data) {
    rushhour::detail::append_json_string(body, text);
  } else {
    body += R"({"type":)";
    rushhour::detail::append_json_string(body, route.object_type);
    body += R"(,"attributes":{)";
    rushhour::detail::append_json_string(body, row.name);
    body += ':';
    rushhour::detail::append_json_string(body, text);
    body += "}}";
  }
  body += '}';
}

inline void append_upload(http::Request& request, const Route& route, const Field& content,
                          const void* input) {
  std::string scratch;
  std::string name_scratch;
  std::string_view name = content.name;
  for (const Field& row : route.fields) {
    if (row.place == Place::file_name) name = text_or_empty(row, input, name_scratch);
  }
  const std::string_view bytes = text_or_empty(content, input, scratch);
  const std::string boundary = boundary_for(bytes);
  append_multipart(request.body, boundary, content.name, name, bytes);
  request.set_header("Content-Type", "multipart/form-data; boundary=" + boundary);
}

/// Fills in method, target, body and the body's type; other headers stay as they are.
inline void write_request(const Route& route, const void* input, http::Request& request) {
  request.method = route.method;
  request.target.clear();
  append_path(request.target, route, input);
  request.body.clear();
  if (request.header("Content-Type") != nullptr) http::remove_header(request.headers, "Content-Type");
  char before = '?';
  std::string scratch;
  for (const Field& row : route.fields) {
    if (row.place == Place::path || row.place == Place::file_name) continue;
    const auto text = row.text(input, scratch);
    if (row.place == Place::query) {
      if (!text || (text->empty() && row.name != route.selector)) continue;
      request.target += std::exchange(before, '&');
      request.target += row.name;
      request.target += '=';
      http::append_percent_encoded(request.target, *text);
    } else if (row.place == Place::form) {
      http::append_form_field(request.body, row.name, text.value_or(std::string_view{}));
      request.set_header("Content-Type", "application/x-www-form-urlencoded");
    } else if (row.place == Place::file) {
      append_upload(request, route, row, input);
    } else {
      append_json_body(request.body, route, row, text.value_or(std::string_view{}));
      request.set_header("Content-Type", "application/json");
    }
  }
}

// ---- Reading ----

/// The row that a request is meant for, and what stands in its path for each `{}`, still encoded.
struct Match {
  const Route* route{};  ///< null: none
  std::array<std::string_view, 2> values{};
};

[[nodiscard]] inline bool matches(std::string_view pattern, std::string_view path,
                                  std::array<std::string_view, 2>& values) {
  std::size_t count = 0;
  while (!pattern.empty()) {
    if (!pattern.starts_with('{')) {
      if (path.empty() || path.front() != pattern.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::string_view value = path.substr(0, path.find('/'));
    values[count++] = value;
    path.remove_prefix(value.size());
    pattern.remove_prefix(2);
  }
  return path.empty();
}

[[nodiscard]] inline bool has_parameter(std::string_view query, std::string_view name) {
  while (const auto field = http::take_field(query)) {
    if (field->name == name) return true;
  }
  return false;
}

/// The first row with this method and path, except that one whose selector is in the query goes before.
[[nodiscard]] inline Match find_route(const http::Request& request) {
  const std::string_view whole = request.path();
  const bool is_outside = whole.starts_with(outside);
  if (!is_outside && !whole.starts_with(base_path)) return {};
  const std::string_view path = is_outside ? whole : whole.substr(base_path.size());
  Match found;
  for (const Route& route : routes) {
    if (route.method != request.method || route.path.starts_with(outside) != is_outside) continue;
    if (found.route != nullptr && route.selector.empty()) continue;
    std::string_view rest = path;
    if (!route.collection.empty()) {
      if (!rest.starts_with('/') || !rest.substr(1).starts_with(route.collection)) continue;
      rest.remove_prefix(1 + route.collection.size());
    }
    Match match{.route = &route};
    if (!matches(route.path, rest, match.values)) continue;
    if (route.selector.empty()) {
      found = match;
      if (request.query().empty()) return found;  // then no selector is there
    } else if (has_parameter(request.query(), route.selector)) {
      return match;
    }
  }
  return found;
}

/// How strictly a request is read.
struct ReadingOptions {
  bool ignores_unknown{};     ///< parameters that no row has
  bool takes_bare_objects{};  ///< `{"type":...,"attributes":...}` without `data` around it
};

/// The text at `data`, or at `data.attributes.NAME`; nothing when there is none.
class BodyReader {
 public:
  BodyReader(std::string_view body, const Route& route, const Field& row, const ReadingOptions& options)
      : json_(body), route_(route), row_(row), options_(options) {}

  [[nodiscard]] std::optional<std::string> read() {
    if (json_.next() != Kind::object) return std::nullopt;
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      if (name == "data") {
        read_data();
      } else if (options_.takes_bare_objects && name == "attributes") {
        read_attributes();
      } else if (options_.takes_bare_objects && name == "type") {
        read_type();
      } else {
        json_.skip();
      }
    }
    if (!json_.finish() || (type_ && *type_ != route_.object_type)) return std::nullopt;
    return std::move(found_);
  }

 private:
  using Kind = rushhour::detail::JsonCursor::Kind;

  void read_data() {
    if (row_.place == Place::data) return read_text(found_);
    if (json_.next() != Kind::object) return static_cast<void>(json_.skip());
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      if (name == "attributes") {
        read_attributes();
      } else if (name == "type") {
        read_type();
      } else {
        json_.skip();
      }
    }
  }
  void read_attributes() {
    if (json_.next() != Kind::object) return static_cast<void>(json_.skip());
    std::string name;
    for (json_.open_object(); json_.member(name);) {
      if (name == row_.name) {
        read_text(found_);
      } else {
        json_.skip();
      }
    }
  }
  void read_type() {
    read_text(type_);
    if (!type_) type_.emplace();  // of another kind: of no type that is known
  }
  void read_text(std::optional<std::string>& out) {
    out.reset();
    if (json_.next() != Kind::string) return static_cast<void>(json_.skip());
    json_.string(out.emplace());
  }

  rushhour::detail::JsonCursor json_;
  const Route& route_;
  const Field& row_;
  const ReadingOptions& options_;
  std::optional<std::string> found_{};
  std::optional<std::string> type_{};
};

/// Reads the query into the input; what no row has is unknown.
inline void read_query(const Route& route, std::string_view query, const ReadingOptions& options, void* input,
                       aws::Read& read) {
  while (const auto given = http::take_field(query)) {
    std::string name = http::form_decode(given->name);
    const auto row = std::ranges::find_if(
        route.fields, [&](const Field& each) { return each.place == Place::query && each.name == name; });
    if (row == route.fields.end()) {
      if (!options.ignores_unknown) read.unknown.push_back(std::move(name));
    } else if (!row->set(input, http::form_decode(given->value))) {
      read.malformed = "\"" + name + "\" should be a whole number";
    }
  }
}

/// Reads the body into the field that travels in it. [CHOICE] the texts of what is wrong with it.
inline void read_body(const Route& route, const Field& row, const http::Request& request,
                      const ReadingOptions& options, void* input, aws::Read& read) {
  if (row.place == Place::form) {
    for (http::FormField& given : http::parse_form(request.body)) {
      if (given.name == row.name) row.set(input, std::move(given.value));
    }
  } else if (row.place == Place::attribute || row.place == Place::data) {
    auto text = BodyReader{request.body, route, row, options}.read();
    if (!text) {
      read.malformed = row.place == Place::data
                           ? "The body should be {\"data\": \"...\"}"
                           : "The body should be {\"data\": {\"type\": \"" + std::string{route.object_type} +
                                 "\", \"attributes\": {\"" + std::string{row.name} + "\": \"...\"}}}";
      return;
    }
    row.set(input, std::move(*text));
  } else if (row.place == Place::file || row.place == Place::file_name) {
    const std::string* type = request.header("Content-Type");
    const auto part = find_part(request.body, type == nullptr ? std::string_view{} : *type, row.name);
    if (!part) {
      read.malformed = "The body should be multipart/form-data with a part \"" + std::string{row.name} + "\"";
      return;
    }
    row.set(input, row.place == Place::file ? std::string{part->content} : read_file_name(part->file_name));
  }
}

/// Reads a request into the input of its route.
[[nodiscard]] inline aws::Read read_request(const Match& match, const http::Request& request,
                                            const ReadingOptions& options, void* input) {
  aws::Read read;
  std::size_t segment = 0;
  for (const Field& row : match.route->fields) {
    if (row.place == Place::path) {
      row.set(input, http::percent_decode(match.values[segment++]));
    } else if (row.place != Place::query) {
      read_body(*match.route, row, request, options, input, read);
    }
  }
  read_query(*match.route, request.query(), options, input, read);
  return read;
}

}  // namespace rushhour::api::virustotal::detail
