#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/detail/random_password.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/fakes/detail/secret_filters.hpp>
#include <rushhour/fakes/secrets_manager.hpp>

namespace rushhour::fakes {

namespace detail {

inline constexpr std::int64_t list_page_default = 100;  // [MEM] the most that MaxResults may ask for

/// Where a secret stands in a list: by what it is sorted by, and among equals by its creation.
struct ListPosition {
  std::string key{};
  std::uint64_t serial{};

  friend bool operator==(const ListPosition&, const ListPosition&) = default;
  friend bool operator<(const ListPosition& left, const ListPosition& right) {
    return left.key != right.key ? left.key < right.key : left.serial < right.serial;
  }

  [[nodiscard]] std::string text() const { return std::to_string(serial) + " " + key; }
  [[nodiscard]] static ListPosition read(std::string_view text) {
    ListPosition out;
    const std::size_t space = text.find(' ');
    for (const char c : text.substr(0, space)) out.serial = out.serial * 10 + static_cast<unsigned>(c - '0');
    out.key = text.substr(space + 1);
    return out;
  }
};

/// Nineteen digits, so that texts compare as instants do; of none the first text of all.
[[nodiscard]] RUSHHOUR_INLINE std::string sortable(const std::optional<Instant>& instant) {
  return instant ? std::to_string(instant->time_since_epoch().count()) : std::string{};
}

[[nodiscard]] RUSHHOUR_INLINE ListPosition position_of(const Secret& secret, std::string_view sort_by) {
  ListPosition out{.serial = secret.serial};
  if (sort_by == "name") out.key = secret.name;
  if (sort_by == "created-date") out.key = sortable(secret.created);
  if (sort_by == "last-changed-date") out.key = sortable(secret.changed);
  if (sort_by == "last-accessed-date") out.key = sortable(secret.accessed);
  return out;
}

/// What the request for the next page must repeat: everything but MaxResults.
[[nodiscard]] RUSHHOUR_INLINE std::string list_scope(const api::secretsmanager::ListSecrets& request,
                                                     SecretStore::Place place) {
  std::string filters;
  for (const api::secretsmanager::Filter& filter : request.filters) {
    filters += page_scope({"filter", filter.key});
    for (const std::string& value : filter.values) filters += page_scope({value});
  }
  return page_scope({"ListSecrets", place.account, place.region, filters, request.sort_by.value_or(""),
                     request.sort_order.value_or(""),
                     request.include_planned_deletion.value_or(false) ? "deleted" : ""});
}

[[nodiscard]] RUSHHOUR_INLINE api::secretsmanager::SecretListEntry list_entry(const Secret& secret) {
  const Rotation& rotation = secret.rotation;
  api::secretsmanager::SecretListEntry out{.arn = secret.arn,
                                           .name = secret.name,
                                           .type = secret.type,
                                           .description = secret.description,
                                           .rotation_rules = rotation.rules,
                                           .external_secret_rotation_metadata = rotation.external_metadata,
                                           .external_secret_rotation_role_arn = rotation.external_role_arn,
                                           .last_rotated_date = rotation.last,
                                           .last_changed_date = secret.changed,
                                           .last_accessed_date = secret.accessed,
                                           .deleted_date = secret.gone,  // as DescribeSecret has it
                                           .next_rotation_date = rotation.next,
                                           .tags = secret.tags,
                                           .owning_service = secret.owning_service,
                                           .created_date = secret.created,
                                           .primary_region = secret.primary_region};
  if (!secret.kms_key_id.empty()) out.kms_key_id = secret.kms_key_id;
  if (rotation.is_enabled || !rotation.lambda_arn.empty() || rotation.rules) {
    out.rotation_enabled = rotation.is_enabled;
  }
  if (!rotation.lambda_arn.empty()) out.rotation_lambda_arn = rotation.lambda_arn;
  for (const SecretVersion& version : secret.versions) {
    if (!version.stages.empty()) out.secret_versions_to_stages[version.id] = version.stages;
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE Result<api::secretsmanager::ListSecrets::Output> SecretsManager::on(
    const api::secretsmanager::ListSecrets& request, const Caller& caller, Instant now) {
  struct Row {
    detail::ListPosition position{};
    const Secret* secret{};
  };
  const SecretStore::Place place = place_of(caller);
  // [REC] In the order of creation; the documentation names no order for a SortBy without a SortOrder.
  const std::string sort_by = request.sort_by.value_or("created-date");
  const bool descends = request.sort_order == "desc";
  std::vector<Row> rows;
  for (const Secret* const secret : store_.all(place, now)) {
    if (secret->deleted && !request.include_planned_deletion.value_or(false)) continue;
    if (detail::matches(*secret, request.filters)) {
      rows.push_back({detail::position_of(*secret, sort_by), secret});
    }
  }
  const auto is_before = [descends](const detail::ListPosition& left, const detail::ListPosition& right) {
    return descends ? right < left : left < right;
  };
  std::sort(rows.begin(), rows.end(),
            [&](const Row& left, const Row& right) { return is_before(left.position, right.position); });
  auto row = rows.begin();
  const std::string scope = detail::list_scope(request, place);
  if (request.next_token) {
    const auto token = pages_.read(scope, *request.next_token);
    if (!token) return detail::invalid_next_token();
    const detail::ListPosition last = detail::ListPosition::read(*token);
    row = std::find_if(rows.begin(), rows.end(),
                       [&](const Row& each) { return is_before(last, each.position); });
  }
  api::secretsmanager::ListSecrets::Output out;
  const auto size_max = static_cast<std::size_t>(request.max_results.value_or(detail::list_page_default));
  for (; row != rows.end() && out.secret_list.size() < size_max; ++row) {
    out.secret_list.push_back(detail::list_entry(*row->secret));
  }
  if (row != rows.end()) out.next_token = pages_.issue(scope, std::prev(row)->position.text());
  return out;
}

RUSHHOUR_INLINE Result<api::secretsmanager::GetRandomPassword::Output> SecretsManager::on(
    const api::secretsmanager::GetRandomPassword& request, const Caller& /*caller*/, Instant /*now*/) {
  auto password = detail::random_password(request, passwords_.part(passwords_made_++));
  if (!password.ok()) return password.failure();
  return api::secretsmanager::GetRandomPassword::Output{.random_password = std::move(*password)};
}

}  // namespace rushhour::fakes
