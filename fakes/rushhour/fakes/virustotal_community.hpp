/// \file
/// Comments and votes of the fake of VirusTotal: some derived from a seed for each object, and those that
/// were made in this world. It knows objects by collection and canonical id only, and pages nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One object, by its canonical id.
struct VirusTotalSubject {
  api::virustotal::Collection collection{};
  std::string id{};
};

struct VirusTotalComment {
  std::string id{};  ///< `d-example.com-0a1b2c3d`
  Instant date{};
  std::string text{};
  std::string author{};             ///< a key's name; empty: somebody's outside this world
  std::vector<std::string> tags{};  ///< words of the text that begin with `#`, in lower case
  std::int64_t positive{};
  std::int64_t negative{};
  std::int64_t abuse{};
};

struct VirusTotalVote {
  std::string id{};
  Instant date{};
  bool is_malicious{};
  std::string author{};  ///< as of comments
};

class VirusTotalCommunity {
 public:
  /// Comments and votes that can be made in this world; more are refused. [CHOICE]
  static constexpr std::size_t made_max = 100'000;

  VirusTotalCommunity(Random random, Instant report_date)
      : draws_(random.stream("virustotal.community")), report_date_(report_date) {}

  // ---- Comments, newest first ----

  [[nodiscard]] std::vector<VirusTotalComment> comments_on(const VirusTotalSubject& subject) const;
  /// Of those made in this world; an empty tag is any.
  [[nodiscard]] std::vector<VirusTotalComment> comments_tagged(std::string_view tag) const;
  [[nodiscard]] std::optional<VirusTotalComment> find_comment(std::string_view id) const;
  /// 400 for an empty text, 409 for one that this author has already written there.
  [[nodiscard]] Result<VirusTotalComment> add_comment(const VirusTotalSubject& subject, std::string text,
                                                      std::string_view author, Instant now);
  /// Nothing: it is gone. 404, or 403 for another's.
  [[nodiscard]] std::optional<Failure> remove_comment(std::string_view id, std::string_view author);
  /// The comment's votes then. One more vote of any kind each time: whether a user may vote twice is not
  /// known [CHOICE].
  [[nodiscard]] Result<VirusTotalComment> vote_on_comment(std::string_view id, std::string_view vote);

  // ---- Votes on objects, newest first ----

  /// \param totals  of the object's report; what nobody of this world gave is derived
  [[nodiscard]] std::vector<VirusTotalVote> votes_on(const VirusTotalSubject& subject,
                                                     api::virustotal::Votes totals) const;
  /// 400 for another verdict than `harmless` or `malicious`, 409 for a second vote [DOC].
  [[nodiscard]] Result<VirusTotalVote> add_vote(const VirusTotalSubject& subject, std::string_view verdict,
                                                std::string_view author, Instant now);

  /// Forgets what was written and voted in this world.
  void clear() {
    comments_.clear();
    voted_.clear();
    votes_.clear();
    made_ = 0;
  }

 private:
  struct Made {
    VirusTotalSubject subject{};
    VirusTotalComment comment{};
  };

  [[nodiscard]] Stream draws_of(const VirusTotalSubject& subject) const;
  [[nodiscard]] std::vector<VirusTotalComment> derived_comments(const VirusTotalSubject& subject) const;
  [[nodiscard]] std::string drawn_id(const VirusTotalSubject& subject, Stream draws) const;
  VirusTotalComment* find_made(std::string_view id);

  Stream draws_;
  Instant report_date_;
  std::vector<Made> comments_;                  ///< in the order in which they were made
  TextMap<VirusTotalComment> voted_;            ///< derived ones that were voted on, by id
  TextMap<std::vector<VirusTotalVote>> votes_;  ///< by collection and id
  std::uint64_t made_ = 0;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/virustotal_community_inl.hpp>
#endif
