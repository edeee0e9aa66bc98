#pragma once

#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/xml_reader.hpp>
#include <rushhour/fakes/saml_assertion.hpp>

namespace rushhour::fakes {

namespace detail {

inline constexpr std::string_view saml_attributes = "https://aws.amazon.com/SAML/Attributes/";
inline constexpr std::string_view saml_name_id_format = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

RUSHHOUR_INLINE std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

RUSHHOUR_INLINE void read_saml_attribute(const XmlElement& attribute, SamlAssertion& out) {
  std::string_view name = attribute.attribute("Name");
  if (!name.starts_with(saml_attributes)) return;
  name.remove_prefix(saml_attributes.size());
  constexpr std::string_view tag = "PrincipalTag:";
  for (const XmlElement& element : attribute.children) {
    if (element.name != "AttributeValue") continue;
    const std::string_view value = trimmed(element.text);
    if (name == "Role") {
      const std::string_view first = trimmed(value.substr(0, value.find(',')));
      const std::string_view second =
          value.find(',') == std::string_view::npos ? "" : trimmed(value.substr(value.find(',') + 1));
      // In either order.
      const bool provider_first = first.find(":saml-provider/") != std::string_view::npos;
      out.roles.emplace_back(provider_first ? second : first, provider_first ? first : second);
    } else if (name == "RoleSessionName") {
      out.role_session_name = value;
    } else if (name == "SourceIdentity") {
      out.source_identity = value;
    } else if (name == "TransitiveTagKeys") {
      out.transitive_tag_keys.emplace_back(value);
    } else if (name.starts_with(tag)) {
      out.principal_tags.emplace_back(name.substr(tag.size()), value);
    }
  }
}

RUSHHOUR_INLINE void read_saml_subject(const XmlElement& subject, SamlAssertion& out) {
  if (const XmlElement* name = subject.find("NameID")) {
    out.subject = trimmed(name->text);
    out.subject_type = name->attribute("Format");
    if (out.subject_type.starts_with(saml_name_id_format)) {
      out.subject_type.erase(0, saml_name_id_format.size());
    }
  }
  if (const XmlElement* confirmation = subject.find("SubjectConfirmationData")) {
    out.recipient = confirmation->attribute("Recipient");
    out.not_on_or_after = parse_iso8601(confirmation->attribute("NotOnOrAfter"));
  }
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<SamlAssertion> read_saml_assertion(std::string_view base64) {
  const auto bytes = rushhour::detail::decode_base64(base64);
  if (!bytes) return std::nullopt;
  const auto root = detail::XmlReader{*bytes}.read();
  if (!root) return std::nullopt;
  const detail::XmlElement* assertion = root->name == "Assertion" ? &*root : nullptr;
  for (const detail::XmlElement& child : root->children) {
    if (child.name != "Assertion") continue;
    if (assertion != nullptr) return std::nullopt;  // which of them would it be?
    assertion = &child;
  }
  if (assertion == nullptr) return std::nullopt;
  SamlAssertion out;
  out.issued = parse_iso8601(assertion->attribute("IssueInstant"));
  if (const auto* issuer = assertion->find("Issuer")) out.issuer = detail::trimmed(issuer->text);
  if (const auto* subject = assertion->find("Subject")) detail::read_saml_subject(*subject, out);
  if (const auto* statement = assertion->find("AuthnStatement")) {
    out.session_not_on_or_after = parse_iso8601(statement->attribute("SessionNotOnOrAfter"));
  }
  for (const detail::XmlElement& statement : assertion->children) {
    if (statement.name != "AttributeStatement") continue;
    for (const detail::XmlElement& attribute : statement.children) {
      detail::read_saml_attribute(attribute, out);
    }
  }
  return out;
}

}  // namespace rushhour::fakes
