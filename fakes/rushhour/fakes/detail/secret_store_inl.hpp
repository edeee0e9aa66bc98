#pragma once

#include <algorithm>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/secret_store.hpp>

namespace rushhour::fakes {

namespace detail {

/// A hyphen and six letters or digits.
[[nodiscard]] constexpr bool ends_like_a_suffix(std::string_view name) {
  if (name.size() < 7 || name[name.size() - 7] != '-') return false;
  const std::string_view last = name.substr(name.size() - 6);
  return aws::is_word(last) && last.find('_') == std::string_view::npos;
}

[[nodiscard]] RUSHHOUR_INLINE std::string place_key(SecretStore::Place place, std::string_view name) {
  std::string out{place.account};
  out += '/';
  out += place.region;
  out += '/';
  out += name;
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE bool SecretVersion::has_stage(std::string_view stage) const {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

RUSHHOUR_INLINE SecretVersion* Secret::find_version(std::string_view id) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [id](const SecretVersion& each) { return each.id == id; });
  return found == versions.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE SecretVersion* Secret::find_stage(std::string_view stage) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [stage](const SecretVersion& each) { return each.has_stage(stage); });
  return found == versions.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE std::size_t Secret::stage_count() const {
  std::size_t count = 0;
  for (const SecretVersion& version : versions) count += version.stages.size();
  return count;
}

namespace detail {

inline bool detach(SecretVersion& version, std::string_view stage) {
  return std::erase(version.stages, stage) != 0;
}
inline void attach(SecretVersion& version, std::string_view stage) {
  if (version.has_stage(stage)) return;
  version.stages.emplace(std::lower_bound(version.stages.begin(), version.stages.end(), stage), stage);
}

}  // namespace detail

RUSHHOUR_INLINE SecretVersion* Secret::move_stage(std::string_view stage, SecretVersion& to) {
  SecretVersion* from = nullptr;
  for (SecretVersion& each : versions) {
    if (&each != &to && detail::detach(each, stage)) from = &each;
  }
  detail::attach(to, stage);
  if (stage == stage_current && from != nullptr) {
    for (SecretVersion& each : versions) detail::detach(each, stage_previous);
    detail::attach(*from, stage_previous);
  }
  return from;
}

RUSHHOUR_INLINE SecretVersion& Secret::add_version(SecretVersion version, Instant now) {
  version.stages.clear();
  const auto is_old = [now](const SecretVersion& each) {
    return each.stages.empty() && each.created + std::chrono::hours{24} <= now;
  };
  while (versions.size() >= versions_max) {
    const auto oldest = std::find_if(versions.begin(), versions.end(), is_old);
    if (oldest == versions.end()) break;
    versions.erase(oldest);
  }
  return versions.emplace_back(std::move(version));
}

RUSHHOUR_INLINE Secret& SecretStore::add(Secret secret) {
  static constexpr std::string_view alphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string suffix;
  for (int i = 0; i < 6; ++i) suffix += alphabet[uniform_below(draw(), alphabet.size())];
  aws::SecretName parts{.region = secret.region, .account = secret.account, .name = secret.name};
  secret.partial_arn = aws::secret_arn(parts);
  parts.suffix = suffix;
  secret.arn = aws::secret_arn(parts);
  return insert(std::move(secret));
}

RUSHHOUR_INLINE Secret& SecretStore::add_replica(Secret replica, const Secret& primary) {
  aws::SecretName parts{.region = replica.region, .account = primary.account, .name = primary.name};
  replica.account = primary.account;
  replica.name = primary.name;
  replica.partial_arn = aws::secret_arn(parts);
  parts.suffix = std::string_view{primary.arn}.substr(primary.arn.size() - 6);
  replica.arn = aws::secret_arn(parts);
  return insert(std::move(replica));
}

RUSHHOUR_INLINE Secret& SecretStore::insert(Secret secret) {
  const auto former =
      index_.find(detail::place_key({.account = secret.account, .region = secret.region}, secret.name));
  if (former != index_.end()) remove(*secrets_[former->second]);
  last_found_ = {};  // a name may now mean another secret
  const std::size_t at = secrets_.size();
  secret.serial = at;
  index_.insert_or_assign(secret.arn, at);
  if (!detail::ends_like_a_suffix(secret.name)) index_.insert_or_assign(secret.partial_arn, at);
  index_.insert_or_assign(
      detail::place_key({.account = secret.account, .region = secret.region}, secret.name), at);
  return *secrets_.emplace_back(std::move(secret));
}

RUSHHOUR_INLINE void SecretStore::unindex(const Secret& secret) {
  last_found_ = {};
  index_.erase(secret.arn);
  index_.erase(secret.partial_arn);
  index_.erase(detail::place_key({.account = secret.account, .region = secret.region}, secret.name));
}

RUSHHOUR_INLINE void SecretStore::remove(const Secret& secret) {
  const std::size_t at = index_.find(secret.arn)->second;
  unindex(secret);
  secrets_[at].reset();
}

RUSHHOUR_INLINE Secret* SecretStore::find(std::string_view secret_id, Place place, Instant now) {
  if (!secret_id.empty() && last_found_.secret_id == secret_id && last_found_.account == place.account &&
      last_found_.region == place.region) {
    Secret& secret = *secrets_[last_found_.at];
    if (!secret.gone || now < *secret.gone) return &secret;
  }
  const auto known = secret_id.starts_with("arn:") ? index_.find(secret_id)
                                                   : index_.find(detail::place_key(place, secret_id));
  if (known == index_.end()) return nullptr;
  const std::size_t at = known->second;
  Secret& secret = *secrets_[at];
  if (secret.gone && now >= *secret.gone) {
    remove(secret);
    return nullptr;
  }
  const bool is_here = place.region.empty() || secret.region == place.region;
  if (!is_here && !place.sees_other_regions) return nullptr;
  const bool is_ours = place.account.empty() || secret.account == place.account;
  if (!is_ours && secret.arn != secret_id) return nullptr;
  if (is_here)
    last_found_ = {std::string{secret_id}, std::string{place.account}, std::string{place.region}, at};
  return &secret;
}

RUSHHOUR_INLINE std::vector<Secret*> SecretStore::all(Place place, Instant now) {
  std::vector<Secret*> out;
  for (std::optional<Secret>& secret : secrets_) {
    if (!secret || secret->account != place.account || secret->region != place.region) continue;
    if (secret->gone && now >= *secret->gone) {
      remove(*secret);
    } else {
      out.push_back(&*secret);
    }
  }
  return out;
}

RUSHHOUR_INLINE std::string SecretStore::new_uuid() {
  const std::uint64_t high = draw();
  return rushhour::detail::uuid_text(high, draw());
}

}  // namespace rushhour::fakes
