/// \file
/// What the community says of an object: comments, by object and by tag, and votes on comments. Votes on
/// the objects are votes.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>

namespace rushhour::api::virustotal {

/// As VirusTotal's api_usage has them, with `ip_addresses` where the others have the singular.
[[nodiscard]] constexpr std::string_view comments_name(Collection of) {
  constexpr std::string_view texts[collection_count] = {"ip_addresses_comments", "domain_comments",
                                                        "url_comments", "file_comments"};
  return texts[static_cast<std::size_t>(of)];
}

/// `GET /api/v3/files/{id}/comments`: newest first.
template <Collection of>
struct ListComments {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = comments_name(of);
  static constexpr bool read_only = true;

  std::string id{};
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `POST /api/v3/files/{id}/comments`. Words that begin with `#` become tags.
template <Collection of>
struct AddComment {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = comments_name(of);
  static constexpr bool read_only = false;

  std::string id{};
  std::string text{};

  using Output = Document;
};

/// `GET /api/v3/comments?filter=tag:ransomware`: the latest of all objects.
struct ListCommentsByTag {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "comments";
  static constexpr bool read_only = true;

  std::string filter{};                 ///< `tag:` and a tag; empty: all
  std::optional<std::int64_t> limit{};  ///< 1 to 40; 10 unless given
  std::string cursor{};                 ///< of the page before

  using Output = Document;
};

/// `GET /api/v3/comments/{id}`.
struct GetComment {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "comments";
  static constexpr bool read_only = true;

  std::string id{};  ///< `d-example.com-0a1b2c3d`

  using Output = Document;
};

/// `DELETE /api/v3/comments/{id}`: one of the caller's own.
struct DeleteComment {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "comments";
  static constexpr bool read_only = false;

  std::string id{};

  using Output = Document;
};

/// `POST /api/v3/comments/{id}/vote`, with `{"data":"positive"}`.
struct VoteOnComment {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "comments";
  static constexpr bool read_only = false;

  std::string id{};
  std::string vote{};  ///< `positive`, `negative` or `abuse`

  using Output = Document;
};

template <Collection of>
struct Routed<ListComments<of>> {
  using Op = ListComments<of>;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/comments";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::limit>("limit", Place::query),
                                     field<&Op::cursor>("cursor", Place::query)};
};

template <Collection of>
struct Routed<AddComment<of>> {
  using Op = AddComment<of>;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/comments";
  static constexpr std::string_view object_type = "comment";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::text>("text", Place::attribute)};
};

template <>
struct Routed<ListCommentsByTag> {
  using Op = ListCommentsByTag;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/comments";
  static constexpr std::array fields{field<&Op::filter>("filter", Place::query),
                                     field<&Op::limit>("limit", Place::query),
                                     field<&Op::cursor>("cursor", Place::query)};
};

template <>
struct Routed<GetComment> {
  using Op = GetComment;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/comments/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<DeleteComment> {
  using Op = DeleteComment;
  static constexpr std::string_view method = "DELETE";
  static constexpr std::string_view path = "/comments/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<VoteOnComment> {
  using Op = VoteOnComment;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view path = "/comments/{}/vote";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::vote>("vote", Place::data)};
};

}  // namespace rushhour::api::virustotal
