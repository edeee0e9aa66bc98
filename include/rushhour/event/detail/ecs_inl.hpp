/// \file
/// The fields of ecs.hpp, a row each: its name, how it is read, and from where. Adding a field is a row.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/event/detail/ecs_rules.hpp>
#include <rushhour/event/ecs.hpp>

namespace rushhour::event::detail::ecs {

/// Whose documents have the field.
enum class In : std::uint8_t { both, fleet_only };

/// What a row needs to make its field.
struct Making {
  std::string_view from;
  IndexAs as;
  const EcsOptions& options;
};

using Maker = std::shared_ptr<const Field> (*)(const Making&);

struct Row {
  std::string_view name;
  Maker make;
  std::string_view from{};  ///< path in the raw record
  In in = In::both;
};

[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> renamed(const Making& making) {
  return ecs_field(Renamed{Path{making.from}, making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> fixed(const Making& making) {
  return ecs_field(FixedValue{making.from});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> printed(const Making& making) {
  return ecs_field(PrintedByJava{Path{making.from}, making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> of_resources(const Making& making) {
  return ecs_field(OfResources{making.from, making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> login_flag(const Making& making) {
  return ecs_field(LoginFlag{Path{making.from}});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> login_text(const Making& making) {
  return ecs_field(LoginText{{Path{making.from}, making.as}});
}
/// `requestParameters.userName`: of the flattened object, and so subject to its limit.
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> of_flattened(const Making& making) {
  const std::size_t dot = making.from.find('.');
  return ecs_field(
      FlattenedKey{Path{making.from.substr(0, dot)}, std::string{making.from.substr(dot + 1)}, making.as});
}
template <EcsTime::Which which>
[[nodiscard]] std::shared_ptr<const Field> time_of(const Making& making) {
  return std::make_shared<const EcsTime>(which, making.options.ingest_delay);
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> category(const Making&) {
  return ecs_field(Categorised{&ActionCategory::category});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> category_type(const Making&) {
  return ecs_field(Categorised{&ActionCategory::type, "info"});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> outcome(const Making& making) {
  return ecs_field(Outcome{.empties = making.as.empties});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> entities(const Making& making) {
  return ecs_field(Entities{.as = making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> users(const Making& making) {
  Gathered gathered{.as = making.as};
  if (making.options.shape == EcsShape::fleet) gathered.paths.emplace_back(cloudtrail::user_name);
  gathered.paths.emplace_back("requestParameters.userName");
  gathered.paths.emplace_back("requestParameters.newUserName");
  return ecs_field(std::move(gathered));
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> user_name(const Making& making) {
  return ecs_field(
      RenamedFirst{Path{cloudtrail::user_name}, Path{cloudtrail::session_issuer_user_name}, making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> agent_name(const Making& making) {
  return ecs_field(AgentName{.as = making.as});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> tls_version(const Making&) {
  return ecs_field(TlsPart{.is_version = true});
}
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> tls_protocol(const Making&) {
  return ecs_field(TlsPart{.is_version = false});
}

inline constexpr std::string_view cloudtrail_dataset = "aws.cloudtrail";
inline constexpr In fleet_only = In::fleet_only;

/// In order of names, with @timestamp's before letters.
inline constexpr std::array rows{
    Row{"@timestamp", time_of<EcsTime::Which::happened>},
    Row{"aws.cloudtrail.additional_eventdata", printed, "additionalEventData"},
    Row{"aws.cloudtrail.api_version", renamed, "apiVersion"},
    Row{"aws.cloudtrail.console_login.additional_eventdata.login_to", login_text,
        "additionalEventData.LoginTo"},
    Row{"aws.cloudtrail.console_login.additional_eventdata.mfa_used", login_flag,
        "additionalEventData.MFAUsed"},
    Row{"aws.cloudtrail.console_login.additional_eventdata.mobile_version", login_flag,
        "additionalEventData.MobileVersion"},
    Row{"aws.cloudtrail.error_code", renamed, cloudtrail::error_code},
    Row{"aws.cloudtrail.error_message", renamed, cloudtrail::error_message},
    Row{"aws.cloudtrail.event_category", renamed, "eventCategory", fleet_only},
    Row{"aws.cloudtrail.event_type", renamed, cloudtrail::event_type},
    Row{"aws.cloudtrail.event_version", renamed, "eventVersion"},
    Row{"aws.cloudtrail.management_event", renamed, "managementEvent"},
    Row{"aws.cloudtrail.read_only", renamed, "readOnly"},
    Row{"aws.cloudtrail.recipient_account_id", renamed, cloudtrail::recipient_account_id},
    Row{"aws.cloudtrail.request_id", renamed, cloudtrail::request_id, fleet_only},
    Row{"aws.cloudtrail.request_parameters", printed, cloudtrail::request_parameters},
    Row{"aws.cloudtrail.resources.account_id", of_resources, "accountId"},
    Row{"aws.cloudtrail.resources.arn", of_resources, "ARN"},
    Row{"aws.cloudtrail.resources.type", of_resources, "type"},
    Row{"aws.cloudtrail.response_elements", printed, cloudtrail::response_elements},
    Row{"aws.cloudtrail.service_event_details", printed, "serviceEventDetails"},
    Row{"aws.cloudtrail.session_credential_from_console", renamed, "sessionCredentialFromConsole",
        fleet_only},
    // CloudTrail writes sharedEventID; the pipelines of both shapes look for this, and find it in no record.
    Row{"aws.cloudtrail.shared_event_id", renamed, "sharedEventId"},
    Row{"aws.cloudtrail.user_identity.access_key_id", renamed, "userIdentity.accessKeyId"},
    Row{"aws.cloudtrail.user_identity.arn", renamed, cloudtrail::user_arn},
    Row{"aws.cloudtrail.user_identity.invoked_by", renamed, cloudtrail::user_invoked_by},
    Row{"aws.cloudtrail.user_identity.session_context.creation_date", renamed,
        "userIdentity.sessionContext.attributes.creationDate"},
    Row{"aws.cloudtrail.user_identity.session_context.mfa_authenticated", renamed,
        "userIdentity.sessionContext.attributes.mfaAuthenticated"},
    Row{"aws.cloudtrail.user_identity.session_context.session_issuer.account_id", renamed,
        "userIdentity.sessionContext.sessionIssuer.accountId"},
    Row{"aws.cloudtrail.user_identity.session_context.session_issuer.arn", renamed,
        cloudtrail::session_issuer_arn},
    Row{"aws.cloudtrail.user_identity.session_context.session_issuer.principal_id", renamed,
        "userIdentity.sessionContext.sessionIssuer.principalId"},
    Row{"aws.cloudtrail.user_identity.session_context.session_issuer.type", renamed,
        "userIdentity.sessionContext.sessionIssuer.type"},
    Row{"aws.cloudtrail.user_identity.type", renamed, cloudtrail::user_type},
    Row{"aws.cloudtrail.vpc_endpoint_id", renamed, "vpcEndpointId"},
    Row{"cloud.account.id", renamed, cloudtrail::user_account_id},
    Row{"cloud.region", renamed, cloudtrail::aws_region},
    Row{"data_stream.dataset", fixed, cloudtrail_dataset, fleet_only},
    Row{"entity.target.id", renamed, "entity.target.id"},
    Row{"event.action", renamed, cloudtrail::event_name},
    Row{"event.category", category},
    Row{"event.created", time_of<EcsTime::Which::arrived>},
    Row{"event.dataset", fixed, cloudtrail_dataset},
    Row{"event.id", renamed, cloudtrail::event_id},
    Row{"event.ingested", time_of<EcsTime::Which::ingested>},
    Row{"event.kind", fixed, "event"},
    Row{"event.outcome", outcome},
    Row{"event.provider", renamed, cloudtrail::event_source},
    Row{"event.type", category_type},
    Row{"group.id", of_flattened, "responseElements.group.groupId", fleet_only},
    Row{"group.name", of_flattened, "requestParameters.groupName", fleet_only},
    Row{"host.target.entity.id", renamed, "host.target.entity.id"},
    Row{"related.entity", entities, {}, fleet_only},
    Row{"related.user", users},
    Row{"service.target.entity.id", renamed, "service.target.entity.id"},
    Row{"source.address", renamed, cloudtrail::source_ip_address},
    Row{"source.as.number", renamed, "source.as.number"},
    Row{"source.as.organization.name", renamed, "source.as.organization.name"},
    Row{"source.geo.city_name", renamed, "source.geo.city_name"},
    Row{"source.geo.continent_name", renamed, "source.geo.continent_name"},
    Row{"source.geo.country_iso_code", renamed, "source.geo.country_iso_code"},
    Row{"source.geo.country_name", renamed, "source.geo.country_name"},
    Row{"source.geo.region_iso_code", renamed, "source.geo.region_iso_code"},
    Row{"source.geo.region_name", renamed, "source.geo.region_name"},
    Row{"source.ip", renamed, cloudtrail::source_ip_address},
    Row{"tls.cipher", renamed, "tlsDetails.cipherSuite", fleet_only},
    Row{"tls.client.server_name", renamed, "tlsDetails.clientProvidedHostHeader", fleet_only},
    Row{"tls.version", tls_version, {}, fleet_only},
    Row{"tls.version_protocol", tls_protocol, {}, fleet_only},
    Row{"user.changes.name", of_flattened, "requestParameters.newUserName", fleet_only},
    Row{"user.id", renamed, cloudtrail::user_principal_id},
    Row{"user.name", user_name},
    Row{"user.target.entity.id", renamed, "user.target.entity.id"},
    Row{"user.target.id", of_flattened, "responseElements.user.userId", fleet_only},
    Row{"user.target.name", of_flattened, "requestParameters.userName", fleet_only},
    Row{"user_agent.name", agent_name},
    Row{"user_agent.original", renamed, cloudtrail::user_agent},
};
static_assert(std::ranges::is_sorted(rows, {}, &Row::name));

/// The objects that are mapped as flattened, in order of names.
struct FlattenedRow {
  std::string_view name;  ///< below ecs_flattened
  std::string_view from;
};
inline constexpr std::array<FlattenedRow, 4> flattened_rows{
    {{"additional_eventdata", "additionalEventData"},
     {"request_parameters", cloudtrail::request_parameters},
     {"response_elements", cloudtrail::response_elements},
     {"service_event_details", "serviceEventDetails"}}};

[[nodiscard]] RUSHHOUR_INLINE EmptyParts empties_of(const EcsOptions& options) {
  return options.shape == EcsShape::fleet ? EmptyParts::drop : EmptyParts::keep;
}

/// The field `name` of the rows as it is indexed under `indexed_as`, which is itself or its text; nullptr
/// when there is none.
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> make_row(std::string_view name,
                                                                    std::string_view indexed_as,
                                                                    const EcsOptions& options) {
  const auto row = std::ranges::lower_bound(rows, name, {}, &Row::name);
  if (row == rows.end() || row->name != name) return nullptr;
  if (row->in == In::fleet_only && options.shape != EcsShape::fleet) return nullptr;
  const IndexAs as{ecs_field_type(indexed_as), ecs_ignore_above(indexed_as), empties_of(options)};
  return row->make({row->from, as, options});
}

/// `request_parameters.secretId`, or `request_parameters` for all its leaves.
[[nodiscard]] RUSHHOUR_INLINE std::shared_ptr<const Field> make_flattened(std::string_view name,
                                                                          const EcsOptions& options) {
  const std::size_t dot = name.find('.');
  const auto row = std::ranges::find(flattened_rows, name.substr(0, dot), &FlattenedRow::name);
  if (row == flattened_rows.end()) return nullptr;
  const std::string_view keys = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  return ecs_field(
      FlattenedKey{Path{row->from}, std::string{keys}, {FieldType::flattened, 0, empties_of(options)}});
}

/// The dotted names of all leaves, each once and in order.
RUSHHOUR_INLINE void add_leaf_names(const Event& event, Value value, const std::string& prefix,
                                    std::vector<std::string>& out) {
  value = event.resolve(value);
  for (const Value& item : value.items()) add_leaf_names(event, item, prefix, out);
  for (const Member& member : value.members()) {
    add_leaf_names(event, member.value, prefix + '.' + std::string{member.key}, out);
  }
  if (!value.is_array() && !value.is_object()) out.push_back(prefix);
}

RUSHHOUR_INLINE void visit_flattened(
    const Event& event, Arena& scratch, const EcsOptions& options,
    const std::function<void(std::string_view name, const Value& value)>& visit) {
  for (const FlattenedRow& row : flattened_rows) {
    const Value* const found = event.root().find(row.from);
    if (found == nullptr || !event.resolve(*found).is_object()) continue;
    std::vector<std::string> names;
    add_leaf_names(event, *found, std::string{row.name}, names);
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    for (const std::string& name : names) {
      const Value value = make_flattened(name, options)->read(event, scratch);
      if (!value.is_null()) visit(scratch.join({ecs_flattened, name}), value);
    }
  }
}

}  // namespace rushhour::event::detail::ecs

namespace rushhour::event {

RUSHHOUR_INLINE EcsCloudTrail::EcsCloudTrail(Options options) : options_(options) {
  for (const detail::ecs::Row& row : detail::ecs::rows) {
    if (auto field = detail::ecs::make_row(row.name, row.name, options_)) {
      fields_.push_back({row.name, std::move(field)});
    }
  }
}

RUSHHOUR_INLINE std::shared_ptr<const Field> EcsCloudTrail::field(std::string_view name) const {
  const std::string_view base = ecs_field_of_text(name);
  std::shared_ptr<const Field> field =
      name.starts_with(ecs_flattened)
          ? detail::ecs::make_flattened(name.substr(ecs_flattened.size()), options_)
          : detail::ecs::make_row(base.empty() ? name : base, name, options_);
  return field != nullptr ? field : detail::ecs_field(detail::FixedValue{});
}

RUSHHOUR_INLINE void EcsCloudTrail::for_each(
    const Event& event, Arena& scratch,
    const std::function<void(std::string_view name, const Value& value)>& visit) const {
  bool flattened_given = false;
  for (const Named& named : fields_) {
    if (!flattened_given && named.name > ecs_flattened) {
      detail::ecs::visit_flattened(event, scratch, options_, visit);
      flattened_given = true;
    }
    const Value value = named.field->read(event, scratch);
    if (!value.is_null()) visit(named.name, value);
  }
}

}  // namespace rushhour::event
