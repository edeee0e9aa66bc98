/// \file
/// The AWS Query protocol over shapes: form parameters in, XML out, and both the other way for a client. It
/// knows no service; actions, versions and namespaces are its callers' business. Dates are ISO 8601 in whole
/// seconds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/form_parameter.hpp>
#include <rushhour/aws/json_1_1.hpp>
#include <rushhour/aws/shape.hpp>

namespace rushhour::aws {

/// What tells one service of this protocol from another.
struct QueryApi {
  std::string_view version{};        ///< the parameter `Version`
  std::string_view xml_namespace{};  ///< of answers
};

/// Appends `&RoleArn=...&Tags.member.1.Key=...`, percent-encoded; absent members are left out.
void append_query(std::string& out, Members members, const void* object);

/// Reads an object of these members from form parameters, which come in any order: `Tags.member.10` may stand
/// before `Tags.member.2`. Malformed are values of the wrong kind, lists with gaps and members named twice
/// [CHOICE]. `Action` and `Version` are not members and not unknown.
[[nodiscard]] Read read_query(std::span<const Parameter> parameters, Members members, void* object);

/// Appends `<Credentials><AccessKeyId>...</AccessKeyId>...</Credentials>`; list elements are `<member>`.
void append_xml(std::string& out, Members members, const void* object);
/// Appends text with `&`, `<`, `>` and quotes as entities, and U+FFFD for control characters that XML has
/// not.
void append_xml_text(std::string& out, std::string_view text);

/// Reads an object of these members from the first element `name` in the text; `malformed` when there is
/// none.
[[nodiscard]] Read read_xml(std::string_view text, std::string_view name, Members members, void* object);
/// `Code` and `Message` of the `<Error>` in an error answer.
[[nodiscard]] ErrorText read_xml_error(std::string_view text);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/query_xml_inl.hpp>
#endif
