/// \file
/// The JSON of what collections of the fake of VirusTotal hold beside the four kinds of objects: comments and
/// votes, and the frame that all objects have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal_community.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline std::string api_link(std::string_view path) {
  std::string out = "https://" + std::string{api::virustotal::host};
  out += api::virustotal::base_path;
  return out += path;
}

/// `/domains/example.com`, encoded.
[[nodiscard]] inline std::string path_of(const VirusTotalSubject& subject) {
  std::string out = "/";
  out += api::virustotal::to_text(subject.collection);
  out += '/';
  http::append_percent_encoded(out, subject.id, ":");
  return out;
}

/// `{"type":...,"id":...,"links":{"self":...},"attributes":{...}}`
[[nodiscard]] inline std::string object_json(std::string_view type, std::string_view id,
                                             std::string_view collection, std::string_view attributes) {
  return JsonObject{}
      .text("type", type)
      .text("id", id)
      .raw("links",
           JsonObject{}
               .text("self", api_link("/" + std::string{collection} + "/" + http::percent_encode(id, ":")))
               .json())
      .raw("attributes", attributes)
      .json();
}

/// As HTML: what could be a tag or an entity is escaped [REC].
[[nodiscard]] inline std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "<br />";
        break;
      default:
        out += c;
    }
  }
  return out;
}

[[nodiscard]] inline std::string text_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    rushhour::detail::append_json_string(out, text);
  }
  return out + "]";
}

[[nodiscard]] inline std::string comment_votes(const VirusTotalComment& comment) {
  return JsonObject{}
      .raw("abuse", std::to_string(comment.abuse))
      .raw("negative", std::to_string(comment.negative))
      .raw("positive", std::to_string(comment.positive))
      .json();
}

[[nodiscard]] inline std::string comment_json(const VirusTotalComment& comment) {
  return object_json("comment", comment.id, "comments",
                     JsonObject{}
                         .raw("date", std::to_string(epoch_seconds(comment.date)))
                         .text("html", escaped_html(comment.text))
                         .raw("tags", text_list(comment.tags))
                         .text("text", comment.text)
                         .raw("votes", comment_votes(comment))
                         .json());
}

/// [REC] the answer to a POST has no link to itself.
[[nodiscard]] inline std::string vote_json(const VirusTotalVote& vote) {
  return JsonObject{}
      .text("type", "vote")
      .text("id", vote.id)
      .raw("links", R"({"self":null})")
      .raw("attributes", JsonObject{}
                             .raw("date", std::to_string(epoch_seconds(vote.date)))
                             .raw("value", vote.is_malicious ? "-1" : "1")
                             .text("verdict", vote.is_malicious ? "malicious" : "harmless")
                             .json())
      .json();
}

[[nodiscard]] inline std::string data_json(std::string_view json) {
  return JsonObject{}.raw("data", json).json();
}

}  // namespace rushhour::fakes::detail
