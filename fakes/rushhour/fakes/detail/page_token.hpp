/// \file
/// The opaque NextToken of paged answers: where the next page begins, for which question, signed with the
/// world's seed. So the fake keeps no table of open pages, and one that is made up, or of another question,
/// is refused as the real service refuses it. It does not page: the operations do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/detail/base64.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes::detail {

/// \code
///   const PageTokens tokens{random.stream("secretsmanager.pages")};
///   const std::string scope = page_scope({"ListSecrets", account, region, order});
///   out.next_token = tokens.issue(scope, last.name);
///   ...
///   const auto after = tokens.read(scope, *request.next_token);  // "prod/db", or nothing: refuse it
/// \endcode
class PageTokens {
 public:
  explicit PageTokens(Stream key) : key_(key.at(0)) {}

  /// \param scope     everything that the request for the next page must repeat
  /// \param position  whatever says where it begins
  [[nodiscard]] std::string issue(std::string_view scope, std::string_view position) const {
    std::string bytes;
    const std::uint64_t mac = sign(scope, position);
    for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(mac >> shift & 255);
    bytes += position;
    std::string out;
    rushhour::detail::append_base64(out, bytes);
    return out;
  }

  /// The position; nothing when the token was not issued for this scope, or not at all.
  [[nodiscard]] std::optional<std::string> read(std::string_view scope, std::string_view token) const {
    const auto bytes = rushhour::detail::decode_base64(token);
    if (!bytes || bytes->size() < mac_size) return std::nullopt;
    std::string position = bytes->substr(mac_size);
    // The text itself is compared: base64 has bits to spare, and a token has one spelling.
    if (issue(scope, position) != token) return std::nullopt;
    return position;
  }

 private:
  static constexpr std::size_t mac_size = 8;

  [[nodiscard]] std::uint64_t sign(std::string_view scope, std::string_view position) const {
    Digest digest;
    digest.add(key_);
    digest.add(scope);
    digest.add(position);
    return digest.value();
  }

  std::uint64_t key_;
};

/// Texts in one, so that no two lists of texts give the same.
[[nodiscard]] inline std::string page_scope(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
  }
  return out;
}

}  // namespace rushhour::fakes::detail
