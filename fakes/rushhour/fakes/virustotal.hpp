/// \file
/// The fake of VirusTotal's API v3: keys with their three quotas, groups of keys that share one more, objects
/// with their relationships, community and analyses, and the error answers as recorded. Spec: virustotal.md;
/// what VirusTotal does not publish is an option (virustotal_options.hpp). It reads no messages: the front
/// door does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/detail/page_token.hpp>
#include <rushhour/fakes/detail/virustotal_failures.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/fakes/virustotal_community.hpp>
#include <rushhour/fakes/virustotal_objects.hpp>
#include <rushhour/fakes/virustotal_options.hpp>
#include <rushhour/fakes/virustotal_submissions.hpp>
#include <rushhour/fakes/virustotal_usage.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

namespace detail {

struct PageRequest;
struct Relationship;

}  // namespace detail

class VirusTotal final : public Service {
 public:
  using Collection = api::virustotal::Collection;
  using Document = api::virustotal::Document;

  VirusTotal(Ledger& ledger, Faults& faults, Random random, VirusTotalOptions options = {});

  // ---- Keys and groups ----

  /// Its group exists. A key of the same name is replaced, one of the same text now has this name. What it
  /// has used, it has used in the day and month that hold `at`.
  void add_key(VirusTotalKey key, Instant at);
  void add_key(VirusTotalKey key) { add_key(std::move(key), options_.report_date); }
  /// Before the keys that belong to it.
  void add_group(VirusTotalGroup group, Instant at);
  void add_group(VirusTotalGroup group) { add_group(std::move(group), options_.report_date); }
  /// From now on the key is a wrong one. False: none has this name.
  bool remove_key(std::string_view name);
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<VirusTotalKey>& keys() const { return known_keys_; }
  [[nodiscard]] const std::vector<VirusTotalGroup>& groups() const { return groups_; }
  /// By name; null: there is none. Good until the next add_key().
  [[nodiscard]] const VirusTotalKey* find_key(std::string_view name) const;

  // ---- What a test knows better than the seed ----

  /// `virustotal.address("203.0.113.7").malicious(12)`: from now on. The text is an address.
  VirusTotalOverride<api::virustotal::IpAddressReport> address(std::string_view text) {
    return objects_.change_address(text);
  }
  VirusTotalOverride<api::virustotal::DomainReport> domain(std::string_view name) {
    return objects_.change_domain(name);
  }
  VirusTotalOverride<api::virustotal::UrlReport> url(std::string_view url) {
    return objects_.change_url(url);
  }
  VirusTotalOverride<api::virustotal::FileReport> file(std::string_view hash) {
    return objects_.change_file(hash);
  }
  /// Fixes what the engines say of an address from now on: `set_verdict("203.0.113.7", {.malicious = 12})`.
  void set_verdict(std::string_view text, api::virustotal::AnalysisStats stats) {
    address(text).stats(stats);
  }
  /// Fixes the whole report of an address.
  void set_report(const api::virustotal::IpAddressReport& report) {
    const std::string text = report.address;
    address(text).change([&](api::virustotal::IpAddressReport& held) {
      std::string id = std::move(held.address);
      held = report;
      held.address = std::move(id);
    });
  }

  /// From now on.
  void set_compression(VirusTotalCompression compression, bool compresses_quota_errors) {
    options_.compression = compression;
    options_.compresses_quota_errors = compresses_quota_errors;
  }

  /// The report that the fake would answer, without quota or key; nothing when the address is not one.
  [[nodiscard]] std::optional<api::virustotal::IpAddressReport> report(std::string_view text) const {
    return objects_.address(text);
  }
  [[nodiscard]] const VirusTotalObjects& objects() const { return objects_; }
  [[nodiscard]] const VirusTotalOptions& options() const { return options_; }
  /// Answers and charges so far, for overall_quotas and api_usage; a world's reset() begins them anew.
  void forget_usage() { usage_.clear(); }
  /// Removes all keys and groups, and what anybody fixed, wrote, voted or submitted. The same set-up makes
  /// the same service again.
  void clear();

  // ---- The operations. The bodies are detail/virustotal_*_inl.hpp, by family. ----

  [[nodiscard]] Result<api::virustotal::IpAddressReport> on(const api::virustotal::GetIpAddress& request,
                                                            const Caller&, Instant now) {
    note_subject(classify_address(request.ip));
    settle(now);
    if (auto found = report(request.ip)) return std::move(*found);
    return no_such_object(Collection::ip_addresses, request.ip);
  }
  [[nodiscard]] Result<api::virustotal::DomainReport> on(const api::virustotal::GetDomain& request,
                                                         const Caller&, Instant now);
  [[nodiscard]] Result<api::virustotal::UrlReport> on(const api::virustotal::GetUrl& request, const Caller&,
                                                      Instant now);
  [[nodiscard]] Result<api::virustotal::FileReport> on(const api::virustotal::GetFile& request, const Caller&,
                                                       Instant now);

  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::GetWithRelationships<of>& request, const Caller&,
                                    Instant now) {
    return with_relationships(of, request.id, request.relationships, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::ListRelated<of>& request, const Caller&,
                                    Instant now) {
    return list_related(of, request, {.limit = request.limit, .cursor = request.cursor}, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::ListRelatedDescriptors<of>& request, const Caller&,
                                    Instant now) {
    return list_related(of, request,
                        {.limit = request.limit, .cursor = request.cursor, .descriptors_only = true}, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::ListComments<of>& request, const Caller&,
                                    Instant now) {
    return list_related(of, {request.id, "comments"}, {.limit = request.limit, .cursor = request.cursor},
                        now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::ListVotes<of>& request, const Caller&,
                                    Instant now) {
    return list_related(of, {request.id, "votes"}, {.limit = request.limit, .cursor = request.cursor}, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::AddComment<of>& request, const Caller& caller,
                                    Instant now) {
    return add_comment(of, request.id, request.text, caller, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::AddVote<of>& request, const Caller& caller,
                                    Instant now) {
    return add_vote(of, request.id, request.verdict, caller, now);
  }
  template <Collection of>
  [[nodiscard]] Result<Document> on(const api::virustotal::Analyse<of>& request, const Caller&, Instant now) {
    return analyse(of, request.id, now);
  }

  [[nodiscard]] Result<Document> on(const api::virustotal::ListCommentsByTag& request, const Caller&,
                                    Instant);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetComment& request, const Caller&, Instant);
  [[nodiscard]] Result<Document> on(const api::virustotal::DeleteComment& request, const Caller& caller,
                                    Instant);
  [[nodiscard]] Result<Document> on(const api::virustotal::VoteOnComment& request, const Caller&, Instant);

  [[nodiscard]] Result<Document> on(const api::virustotal::SubmitUrl& request, const Caller&, Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::SubmitFile& request, const Caller&, Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetUploadUrl& request, const Caller& caller,
                                    Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::UploadFile& request, const Caller&, Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetAnalysis& request, const Caller&, Instant now);

  [[nodiscard]] Result<Document> on(const api::virustotal::GetUser& request, const Caller& caller,
                                    Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetOverallQuotas& request, const Caller& caller,
                                    Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetApiUsage& request, const Caller& caller,
                                    Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetGroup& request, const Caller& caller,
                                    Instant now);

  [[nodiscard]] Result<Document> on(const api::virustotal::Search& request, const Caller&, Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::SearchIntelligence& request, const Caller& caller,
                                    Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::ListBehaviours& request, const Caller&,
                                    Instant now) {
    return list_related(Collection::files, {request.id, "behaviours"},
                        {.limit = request.limit, .cursor = request.cursor}, now);
  }
  [[nodiscard]] Result<Document> on(const api::virustotal::GetBehaviour& request, const Caller&, Instant now);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetResolution& request, const Caller&, Instant);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetMetadata& request, const Caller&, Instant);
  [[nodiscard]] Result<Document> on(const api::virustotal::GetPopularThreatCategories& request, const Caller&,
                                    Instant);

 private:
  friend class Service;

  /// An object's relationship, and which page of it.
  struct Related {
    std::string_view id{};
    std::string_view relationship{};

    Related(std::string_view of, std::string_view name) : id(of), relationship(name) {}
    template <class Op>
    explicit(false) Related(const Op& request) : id(request.id), relationship(request.relationship) {}
  };
  struct PageOf {
    std::optional<std::int64_t> limit{};
    std::string_view cursor{};
    bool descriptors_only{};
  };
  /// An element of a collection: its type, and the id by which it is written.
  struct Descriptor {
    std::string_view type{};
    std::string id{};
    std::string text{};  ///< the whole element; empty: to be found by type and id
  };

  static Dialect dialect();
  static std::span<const Behaviour> behaviours();
  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override;
  /// Service tells it of each call that reached its operation.
  void answered(const api::Operation& operation, const Caller& caller, Instant now, bool is_ok) {
    usage_.count(caller.account, operation, now, is_ok,
                 (is_ok || options_.failures_cost_quota) && quotas().charges(operation));
  }
  void exempt_free_operations();

  // ---- Objects ----

  /// Brings what analyses found into the reports, as of `now`.
  void settle(Instant now) {
    while (const VirusTotalAnalysis* done = submissions_.take_completed(now)) conclude(*done);
  }
  void conclude(const VirusTotalAnalysis& analysis);
  [[nodiscard]] Failure no_such_object(Collection of, std::string_view id) const;
  /// The object that an id stands for, or why there is none.
  [[nodiscard]] Result<VirusTotalSubject> find_subject(Collection of, std::string_view id, Instant now);
  /// By its canonical id; nothing when there is none. `beside` is what the object has more.
  [[nodiscard]] std::optional<std::string> object_text(const VirusTotalSubject& subject,
                                                       std::string_view relationships = {});
  [[nodiscard]] api::virustotal::Votes votes_of(const VirusTotalSubject& subject);

  // ---- Collections ----

  [[nodiscard]] Result<Document> with_relationships(Collection of, std::string_view id,
                                                    std::string_view relationships, Instant now);
  [[nodiscard]] Result<Document> list_related(Collection of, const Related& related, const PageOf& page,
                                              Instant now);
  [[nodiscard]] std::vector<Descriptor> descriptors_of(const VirusTotalSubject& subject,
                                                       const detail::Relationship& row);
  [[nodiscard]] Result<Document> page_text(const detail::PageRequest& request,
                                           const std::vector<Descriptor>& all, bool descriptors_only);
  /// `"urls":{"data":[...],"links":{...},"meta":{...}}`
  [[nodiscard]] std::string relationship_text(const VirusTotalSubject& subject,
                                              const detail::Relationship& row);
  /// An element in full, or with an error in place of its attributes where there is no such object.
  [[nodiscard]] std::string element_text(const Descriptor& element);
  /// Of a WHOIS record, certificate or submission.
  [[nodiscard]] std::string beside_text(const Descriptor& element);
  [[nodiscard]] std::string behaviour_text(const Descriptor& element) const;
  [[nodiscard]] std::optional<std::string> resolution_text(std::string_view id) const;

  // ---- Community ----

  [[nodiscard]] Result<Document> add_comment(Collection of, std::string_view id, std::string text,
                                             const Caller& caller, Instant now);
  [[nodiscard]] Result<Document> add_vote(Collection of, std::string_view id, std::string_view verdict,
                                          const Caller& caller, Instant now);

  // ---- Submissions ----

  [[nodiscard]] Result<Document> analyse(Collection of, std::string_view id, Instant now);
  [[nodiscard]] Document submit_url(const std::string& canonical, Instant now);
  [[nodiscard]] Document submit_file(const std::string& content, std::string_view name, Instant now);
  [[nodiscard]] Document submitted(const VirusTotalAnalysis& analysis) const;

  // ---- Users ----

  /// The caller's own key, by its name or text; 403 for another's, 404 for nobody's.
  [[nodiscard]] Result<const VirusTotalKey*> own_key(std::string_view id, const Caller& caller) const;
  [[nodiscard]] std::string quotas_text(const VirusTotalKey& key, Instant now, bool is_flat);

  /// Keys and groups have names of their own each, and quotas are found by one name.
  [[nodiscard]] Name account_of_group(std::string_view name) {
    return ledger().names().intern("group:" + std::string{name});
  }
  [[nodiscard]] std::string_view user_of(const Caller& caller) {
    return ledger().names().text(caller.account);
  }

  VirusTotalOptions options_;
  Stream drawn_keys_;
  Stream relations_;
  detail::PageTokens cursors_;
  VirusTotalObjects objects_;
  VirusTotalCommunity community_;
  VirusTotalSubmissions submissions_;
  VirusTotalUsage usage_;
  TextMap<Name> keys_;
  TextMap<Name> inactive_keys_;
  std::vector<VirusTotalKey> known_keys_;
  std::vector<VirusTotalGroup> groups_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/virustotal_collections_inl.hpp>
#include <rushhour/fakes/detail/virustotal_inl.hpp>
#include <rushhour/fakes/detail/virustotal_search_inl.hpp>
#include <rushhour/fakes/detail/virustotal_submissions_inl.hpp>
#include <rushhour/fakes/detail/virustotal_users_inl.hpp>
#endif
