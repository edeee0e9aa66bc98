#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/fakes/detail/virustotal_failures.hpp>
#include <rushhour/fakes/virustotal_community.hpp>

namespace rushhour::fakes {

namespace detail {

[[nodiscard]] inline std::string key_of(const VirusTotalSubject& subject) {
  std::string out{api::virustotal::to_text(subject.collection)};
  out += '/';
  return out += subject.id;
}

/// What ids of comments and votes begin with [REC].
[[nodiscard]] inline char letter_of(api::virustotal::Collection collection) {
  constexpr char letters[api::virustotal::collection_count] = {'i', 'd', 'u', 'f'};
  return letters[static_cast<std::size_t>(collection)];
}

/// The object that an id of a comment names; nothing when it is no such id.
[[nodiscard]] inline std::optional<VirusTotalSubject> subject_of_comment(std::string_view id) {
  const std::size_t last = id.rfind('-');
  if (id.size() < 4 || id[1] != '-' || last < 3 || id.size() - last != 9) return std::nullopt;
  for (const auto collection :
       {api::virustotal::Collection::ip_addresses, api::virustotal::Collection::domains,
        api::virustotal::Collection::urls, api::virustotal::Collection::files}) {
    if (letter_of(collection) != id[0]) continue;
    return VirusTotalSubject{.collection = collection, .id = std::string{id.substr(2, last - 2)}};
  }
  return std::nullopt;
}

/// `Lorem #ipsum dolor` has the tag `ipsum` [DOC].
[[nodiscard]] inline std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    std::size_t end = at + 1;
    const auto is_word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '-';
    };
    while (end < text.size() && is_word(text[end])) ++end;
    std::string tag = api::virustotal::lower_case(text.substr(at + 1, end - at - 1));
    if (!tag.empty() && std::ranges::find(out, tag) == out.end()) out.push_back(std::move(tag));
  }
  return out;
}

/// Comments that others have left, of the kind that one reads there.
inline constexpr std::array<std::string_view, 5> remarks{
    "Seen in a #phishing campaign.", "This indicator was mentioned in a report.",
    "Part of a #botnet; see the sandbox report.", "Looks like a false positive.", "#malware distribution"};

}  // namespace detail

RUSHHOUR_INLINE Stream VirusTotalCommunity::draws_of(const VirusTotalSubject& subject) const {
  return draws_.part(hash(detail::key_of(subject)));
}

RUSHHOUR_INLINE std::string VirusTotalCommunity::drawn_id(const VirusTotalSubject& subject,
                                                          Stream draws) const {
  std::string id{detail::letter_of(subject.collection)};
  id += '-';
  id += subject.id;
  id += '-';
  rushhour::detail::append_hex(id, draws.at(0), 8);
  return id;
}

RUSHHOUR_INLINE std::vector<VirusTotalComment> VirusTotalCommunity::derived_comments(
    const VirusTotalSubject& subject) const {
  std::vector<VirusTotalComment> out;
  const Stream draws = draws_of(subject);
  const std::uint64_t count = uniform_below(draws.at(0), 4);
  Instant date = std::chrono::floor<std::chrono::seconds>(report_date_);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Stream own = draws.part(i);
    date -= std::chrono::seconds{1 + static_cast<std::int64_t>(uniform_below(own.at(1), 30 * 86'400))};
    VirusTotalComment comment{.id = drawn_id(subject, own), .date = date};
    comment.text = std::string{detail::remarks[uniform_below(own.at(2), detail::remarks.size())]};
    comment.tags = detail::tags_of(comment.text);
    comment.positive = static_cast<std::int64_t>(uniform_below(own.at(3), 4));
    const auto voted = voted_.find(comment.id);
    out.push_back(voted == voted_.end() ? std::move(comment) : voted->second);
  }
  return out;
}

RUSHHOUR_INLINE std::vector<VirusTotalComment> VirusTotalCommunity::comments_on(
    const VirusTotalSubject& subject) const {
  std::vector<VirusTotalComment> out;
  for (auto made = comments_.rbegin(); made != comments_.rend(); ++made) {
    if (made->subject.collection == subject.collection && made->subject.id == subject.id)
      out.push_back(made->comment);
  }
  for (VirusTotalComment& derived : derived_comments(subject)) out.push_back(std::move(derived));
  return out;
}

RUSHHOUR_INLINE std::vector<VirusTotalComment> VirusTotalCommunity::comments_tagged(
    std::string_view tag) const {
  std::vector<VirusTotalComment> out;
  for (auto made = comments_.rbegin(); made != comments_.rend(); ++made) {
    const std::vector<std::string>& tags = made->comment.tags;
    if (tag.empty() || std::ranges::find(tags, tag) != tags.end()) out.push_back(made->comment);
  }
  return out;
}

RUSHHOUR_INLINE VirusTotalComment* VirusTotalCommunity::find_made(std::string_view id) {
  const auto found =
      std::ranges::find_if(comments_, [id](const Made& made) { return made.comment.id == id; });
  return found == comments_.end() ? nullptr : &found->comment;
}

RUSHHOUR_INLINE std::optional<VirusTotalComment> VirusTotalCommunity::find_comment(
    std::string_view id) const {
  const auto subject = detail::subject_of_comment(id);
  if (!subject) return std::nullopt;
  std::vector<VirusTotalComment> all = comments_on(*subject);
  const auto found = std::ranges::find(all, id, &VirusTotalComment::id);
  if (found == all.end()) return std::nullopt;
  return std::move(*found);
}

RUSHHOUR_INLINE Result<VirusTotalComment> VirusTotalCommunity::add_comment(const VirusTotalSubject& subject,
                                                                           std::string text,
                                                                           std::string_view author,
                                                                           Instant now) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return detail::bad_request("The text of a comment should not be empty");
  for (const Made& made : comments_) {
    const bool is_same = made.subject.collection == subject.collection && made.subject.id == subject.id &&
                         made.comment.author == author && made.comment.text == text;
    if (is_same) return detail::already_exists("Duplicate comment");
  }
  if (comments_.size() >= made_max) return detail::forbidden();
  VirusTotalComment comment{.id = drawn_id(subject, draws_of(subject).part(1'000 + made_++)),
                            .date = now,
                            .text = std::move(text),
                            .author = std::string{author}};
  comment.tags = detail::tags_of(comment.text);
  return comments_.emplace_back(subject, std::move(comment)).comment;
}

RUSHHOUR_INLINE std::optional<Failure> VirusTotalCommunity::remove_comment(std::string_view id,
                                                                           std::string_view author) {
  const auto comment = find_comment(id);
  if (!comment) return detail::object_not_found("Comment", id);
  if (comment->author != author || author.empty()) return detail::forbidden();
  std::erase_if(comments_, [id](const Made& made) { return made.comment.id == id; });
  return std::nullopt;
}

RUSHHOUR_INLINE Result<VirusTotalComment> VirusTotalCommunity::vote_on_comment(std::string_view id,
                                                                               std::string_view vote) {
  std::int64_t VirusTotalComment::*const place = vote == "positive"   ? &VirusTotalComment::positive
                                                 : vote == "negative" ? &VirusTotalComment::negative
                                                 : vote == "abuse"    ? &VirusTotalComment::abuse
                                                                      : nullptr;
  auto comment = find_comment(id);
  if (!comment) return detail::object_not_found("Comment", id);
  if (place == nullptr) return detail::bad_request("A vote should be positive, negative or abuse");
  if (VirusTotalComment* made = find_made(id)) {
    ++(made->*place);
    return *made;
  }
  if (voted_.size() >= made_max && !voted_.contains(std::string{id})) return detail::forbidden();
  ++((*comment).*place);
  voted_.insert_or_assign(std::string{id}, *comment);
  return std::move(*comment);
}

RUSHHOUR_INLINE std::vector<VirusTotalVote> VirusTotalCommunity::votes_on(
    const VirusTotalSubject& subject, api::virustotal::Votes totals) const {
  std::vector<VirusTotalVote> out;
  if (const auto made = votes_.find(detail::key_of(subject)); made != votes_.end()) {
    out.assign(made->second.rbegin(), made->second.rend());
    for (const VirusTotalVote& vote : made->second)
      --(vote.is_malicious ? totals.malicious : totals.harmless);
  }
  const Stream draws = draws_of(subject);
  Instant date = std::chrono::floor<std::chrono::seconds>(report_date_);
  const std::int64_t count = std::max<std::int64_t>(0, totals.harmless + totals.malicious);
  for (std::int64_t i = 0; i < count; ++i) {
    const Stream own = draws.part(10'000 + static_cast<std::uint64_t>(i));
    date -= std::chrono::seconds{1 + static_cast<std::int64_t>(uniform_below(own.at(1), 30 * 86'400))};
    out.push_back({.id = drawn_id(subject, own), .date = date, .is_malicious = i >= totals.harmless});
  }
  return out;
}

RUSHHOUR_INLINE Result<VirusTotalVote> VirusTotalCommunity::add_vote(const VirusTotalSubject& subject,
                                                                     std::string_view verdict,
                                                                     std::string_view author, Instant now) {
  if (verdict != "harmless" && verdict != "malicious")
    return detail::bad_request("A verdict should be harmless or malicious");
  if (made_ >= made_max) return detail::forbidden();
  std::vector<VirusTotalVote>& votes = votes_[detail::key_of(subject)];
  for (const VirusTotalVote& vote : votes) {
    if (vote.author != author) continue;
    return detail::already_exists("User \"" + std::string{author} + "\" already voted \"" +
                                  (vote.is_malicious ? "malicious" : "harmless") + "\" for this " +
                                  std::string{api::virustotal::type_of(subject.collection)});
  }
  return votes.emplace_back(VirusTotalVote{.id = drawn_id(subject, draws_of(subject).part(1'000 + made_++)),
                                           .date = now,
                                           .is_malicious = verdict == "malicious",
                                           .author = std::string{author}});
}

}  // namespace rushhour::fakes
