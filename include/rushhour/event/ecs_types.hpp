/// \file
/// What Elasticsearch's mapping makes of each field of an ECS document of CloudTrail: its type, and how long
/// a value may be that is still indexed. It reads no documents.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <rushhour/event/schema.hpp>

namespace rushhour::event {

namespace detail {

struct EcsType {
  std::string_view name;
  FieldType type;
};

/// In order of names. [DOC] Field definitions of elastic/integrations `packages/aws/data_stream/cloudtrail/
/// fields/fields.yml` and of ECS 8.11, both read 2026. What is a keyword has no row.
inline constexpr std::array ecs_types{
    EcsType{"@timestamp", FieldType::date},
    EcsType{"aws.cloudtrail.additional_eventdata.text", FieldType::text},
    EcsType{"aws.cloudtrail.console_login.additional_eventdata.mfa_used", FieldType::boolean},
    EcsType{"aws.cloudtrail.console_login.additional_eventdata.mobile_version", FieldType::boolean},
    EcsType{"aws.cloudtrail.read_only", FieldType::boolean},
    EcsType{"aws.cloudtrail.request_parameters.text", FieldType::text},
    EcsType{"aws.cloudtrail.response_elements.text", FieldType::text},
    EcsType{"aws.cloudtrail.service_event_details.text", FieldType::text},
    EcsType{"aws.cloudtrail.user_identity.session_context.creation_date", FieldType::date},
    EcsType{"event.created", FieldType::date},
    EcsType{"event.end", FieldType::date},
    EcsType{"event.ingested", FieldType::date},
    EcsType{"event.start", FieldType::date},
    EcsType{"source.as.number", FieldType::integer},
    EcsType{"source.as.organization.name.text", FieldType::text},
    EcsType{"source.ip", FieldType::ip},
    EcsType{"user.changes.name.text", FieldType::text},
    EcsType{"user.name.text", FieldType::text},
    EcsType{"user.target.name.text", FieldType::text},
    EcsType{"user_agent.original.text", FieldType::text},
};
static_assert(std::ranges::is_sorted(ecs_types, {}, &EcsType::name));

}  // namespace detail

/// The objects whose keys are fields by themselves: `aws.cloudtrail.flattened.request_parameters.secretId`.
inline constexpr std::string_view ecs_flattened = "aws.cloudtrail.flattened.";

/// Unknown fields are keywords.
[[nodiscard]] constexpr FieldType ecs_field_type(std::string_view name) {
  if (name.starts_with(ecs_flattened)) return FieldType::flattened;
  const auto row = std::ranges::lower_bound(detail::ecs_types, name, {}, &detail::EcsType::name);
  return row != detail::ecs_types.end() && row->name == name ? row->type : FieldType::keyword;
}

/// `ignore_above` of a keyword, in UTF-16 units: a longer value stays in the document but not in the index,
/// so it is no term and no query matches it. [DOC] 8,191 for the two long ones, else 1,024, the default of
/// both Fleet and Filebeat. 0 for what has no such limit.
[[nodiscard]] constexpr std::size_t ecs_ignore_above(std::string_view name) {
  if (ecs_field_type(name) != FieldType::keyword) return 0;
  const bool is_long =
      name == "aws.cloudtrail.request_parameters" || name == "aws.cloudtrail.response_elements";
  return is_long ? 8191 : 1024;
}

/// `user.name` for `user.name.text`; empty when that is no sub-field. A sub-field has the values of its
/// field, without the limit.
[[nodiscard]] constexpr std::string_view ecs_field_of_text(std::string_view name) {
  return ecs_field_type(name) == FieldType::text ? name.substr(0, name.size() - 5) : std::string_view{};
}

}  // namespace rushhour::event
