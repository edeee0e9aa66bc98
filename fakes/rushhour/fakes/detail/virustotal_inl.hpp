/// \file
/// Bodies of virustotal.hpp: keys, authentication, what is free, and single objects.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/fakes/virustotal.hpp>

namespace rushhour::fakes {

RUSHHOUR_INLINE Dialect VirusTotal::dialect() {
  // [REC] 2020-09-30: the same body whichever of the three quotas it was, and no Retry-After.
  return {.throttled = {.outcome = Outcome::throttled,
                        .status = 429,
                        .code = "QuotaExceededError",
                        .message = "Quota exceeded"},
          .validation_code = "BadRequestError"};
}

RUSHHOUR_INLINE std::span<const Service::Behaviour> VirusTotal::behaviours() {
  static constexpr auto rows = behaviours_of<VirusTotal>(api::OperationsOf<api::Service::virustotal>::Type{});
  return rows;
}

RUSHHOUR_INLINE VirusTotal::VirusTotal(Ledger& ledger, Faults& faults, Random random,
                                       VirusTotalOptions options)
    : Service(api::Service::virustotal, ledger, faults, dialect(), behaviours(),
              Quotas{api::Service::virustotal}),
      options_(std::move(options)),
      drawn_keys_(random.stream("virustotal.keys")),
      relations_(random.stream("virustotal.relations")),
      cursors_(random.stream("virustotal.cursors")),
      objects_(random, options_),
      community_(random, options_.report_date),
      submissions_(random, options_) {
  if (!options_.failures_cost_quota) charge_successes_only();
  exempt_free_operations();
}

RUSHHOUR_INLINE void VirusTotal::exempt_free_operations() {
  using namespace api::virustotal;
  const std::array accounts{&api::operation_of<GetUser>, &api::operation_of<GetOverallQuotas>,
                            &api::operation_of<GetApiUsage>, &api::operation_of<GetGroup>};
  const std::array submissions{&api::operation_of<SubmitUrl>,
                               &api::operation_of<SubmitFile>,
                               &api::operation_of<UploadFile>,
                               &api::operation_of<Analyse<Collection::ip_addresses>>,
                               &api::operation_of<Analyse<Collection::domains>>,
                               &api::operation_of<Analyse<Collection::urls>>,
                               &api::operation_of<Analyse<Collection::files>>};
  for (const api::Operation* each : accounts) {
    if (!options_.account_calls_cost_quota) quotas().exempt(*each);
  }
  for (const api::Operation* each : submissions) {
    if (!options_.submissions_cost_quota) quotas().exempt(*each);
  }
  if (!options_.upload_urls_cost_quota) quotas().exempt(api::operation_of<GetUploadUrl>);
}

// ---- Keys and groups ----

RUSHHOUR_INLINE void VirusTotal::add_key(VirusTotalKey key, Instant at) {
  if (key.key.empty()) {
    const Stream digits = drawn_keys_.part(hash(key.name));
    for (std::uint64_t i = 0; i < 4; ++i) rushhour::detail::append_hex(key.key, digits.at(i));
  }
  const Name name = ledger().names().intern(key.name);
  limit::profiles::already_used(key.quota, key.used, at);
  quotas().assign(name, key.quota);
  if (key.group.empty()) {
    quotas().unshare(name);
  } else {
    RUSHHOUR_ASSERT(std::ranges::find(groups_, key.group, &VirusTotalGroup::name) != groups_.end(),
                    "a key's group is added before it");
    quotas().share(name, account_of_group(key.group));
  }
  const auto same = std::ranges::find(known_keys_, key.name, &VirusTotalKey::name);
  if (same != known_keys_.end()) {
    keys_.erase(same->key);
    inactive_keys_.erase(same->key);
    known_keys_.erase(same);
  }
  (key.is_active ? keys_ : inactive_keys_).insert_or_assign(key.key, name);
  known_keys_.push_back(std::move(key));
}

RUSHHOUR_INLINE bool VirusTotal::remove_key(std::string_view name) {
  const VirusTotalKey* known = find_key(name);
  if (known == nullptr) return false;
  quotas().assign(ledger().names().intern(name), {});
  keys_.erase(known->key);
  known_keys_.erase(known_keys_.begin() + (known - known_keys_.data()));
  return true;
}

RUSHHOUR_INLINE void VirusTotal::add_group(VirusTotalGroup group, Instant at) {
  limit::profiles::already_used(group.quota, group.used, at);
  quotas().assign(account_of_group(group.name), group.quota);
  groups_.push_back(std::move(group));
}

RUSHHOUR_INLINE const VirusTotalKey* VirusTotal::find_key(std::string_view name) const {
  const auto found = std::ranges::find(known_keys_, name, &VirusTotalKey::name);
  return found == known_keys_.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE void VirusTotal::clear() {
  quotas().forget_accounts();
  objects_.clear();
  community_.clear();
  submissions_.clear();
  usage_.clear();
  keys_.clear();
  inactive_keys_.clear();
  known_keys_.clear();
  groups_.clear();
}

RUSHHOUR_INLINE bool VirusTotal::authenticate(const Arrival& arrival, Instant /*now*/, Caller& caller) {
  const auto* presented = std::get_if<api::ApiKey>(&arrival.identity);
  if (presented == nullptr || presented->key.empty()) {
    arrival.failure = detail::unauthorized("AuthenticationRequiredError", "X-Apikey header is missing");
    return false;
  }
  const auto known = keys_.find(presented->key);
  if (known == keys_.end()) {
    arrival.failure =
        inactive_keys_.contains(presented->key)
            ? detail::unauthorized("UserNotActiveError", "User is not active")  // [CHOICE] the text
            : detail::unauthorized("WrongCredentialsError", options_.tells_wrong_keys
                                                                ? "Wrong API key: " + presented->key
                                                                : std::string{"Wrong API key"});
    return false;
  }
  caller.principal = caller.account = known->second;
  return true;
}

// ---- Objects ----

RUSHHOUR_INLINE Failure VirusTotal::no_such_object(Collection of, std::string_view id) const {
  if (id.empty()) return detail::no_resource();  // [REC: VirusTotalCore]
  // [CHOICE] the code is recorded for domains; the text for addresses is not known.
  if (of == Collection::ip_addresses)
    return detail::invalid_argument("\"" + std::string{id} + "\" is not a valid IP address");
  if (of == Collection::domains && !api::virustotal::canonical_domain(id)) {
    if (options_.domain_errors_have_bytes)
      return detail::invalid_argument("b'" + std::string{id} + "' is not a valid domain pattern");
    return detail::invalid_argument("Domain \"" + std::string{id} + "\" is not a valid domain pattern");
  }
  return detail::object_not_found(detail::title_of(of), id);
}

RUSHHOUR_INLINE Result<api::virustotal::DomainReport> VirusTotal::on(
    const api::virustotal::GetDomain& request, const Caller& /*caller*/, Instant now) {
  settle(now);
  if (auto found = objects_.domain(request.domain)) return std::move(*found);
  return no_such_object(Collection::domains, request.domain);
}
RUSHHOUR_INLINE Result<api::virustotal::UrlReport> VirusTotal::on(const api::virustotal::GetUrl& request,
                                                                  const Caller& /*caller*/, Instant now) {
  settle(now);
  if (auto found = objects_.url(request.id)) return std::move(*found);
  return no_such_object(Collection::urls, request.id);
}
RUSHHOUR_INLINE Result<api::virustotal::FileReport> VirusTotal::on(const api::virustotal::GetFile& request,
                                                                   const Caller& /*caller*/, Instant now) {
  settle(now);
  if (auto found = objects_.file(request.hash)) return std::move(*found);
  return no_such_object(Collection::files, request.hash);
}

RUSHHOUR_INLINE Result<VirusTotalSubject> VirusTotal::find_subject(Collection of, std::string_view id,
                                                                   Instant now) {
  settle(now);
  switch (of) {
    case Collection::ip_addresses:
      note_subject(classify_address(id));
      if (const auto found = objects_.address(id)) return VirusTotalSubject{of, found->address};
      break;
    case Collection::domains:
      if (const auto found = objects_.domain(id)) return VirusTotalSubject{of, found->domain};
      break;
    case Collection::urls:
      if (const auto found = objects_.url(id)) return VirusTotalSubject{of, found->id};
      break;
    case Collection::files:
      if (const auto found = objects_.file(id)) return VirusTotalSubject{of, found->sha256};
      break;
  }
  return no_such_object(of, id);
}

RUSHHOUR_INLINE std::optional<std::string> VirusTotal::object_text(const VirusTotalSubject& subject,
                                                                   std::string_view relationships) {
  const auto written = [&](const auto& report) -> std::optional<std::string> {
    if (!report) return std::nullopt;
    std::string out;
    api::virustotal::append_object(out, *report,
                                   {.attributes = objects_.beside(*report), .relationships = relationships});
    return out;
  };
  switch (subject.collection) {
    case Collection::ip_addresses:
      return written(objects_.address(subject.id));
    case Collection::domains:
      return written(objects_.domain(subject.id));
    case Collection::urls:
      return written(objects_.url(subject.id));
    case Collection::files:
      break;
  }
  return written(objects_.file(subject.id));
}

RUSHHOUR_INLINE api::virustotal::Votes VirusTotal::votes_of(const VirusTotalSubject& subject) {
  switch (subject.collection) {
    case Collection::ip_addresses: {
      const auto report = objects_.address(subject.id);
      return report ? api::virustotal::Votes{report->votes_harmless, report->votes_malicious}
                    : api::virustotal::Votes{};
    }
    case Collection::domains: {
      const auto report = objects_.domain(subject.id);
      return report ? report->total_votes : api::virustotal::Votes{};
    }
    case Collection::urls: {
      const auto report = objects_.url(subject.id);
      return report ? report->total_votes : api::virustotal::Votes{};
    }
    case Collection::files:
      break;
  }
  const auto report = objects_.file(subject.id);
  return report ? report->total_votes : api::virustotal::Votes{};
}

}  // namespace rushhour::fakes
