/// \file
/// Amazon Resource Names: reading their parts and writing those that the fakes hand out. It does not know
/// which resources exist, nor the ARN forms of other services.
///
/// Source: "Identify AWS resources with Amazon Resource Names (ARNs)" and "IAM identifiers", IAM User Guide
/// (spec tag DOC).
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace rushhour::aws {

/// `arn:partition:service:region:account:resource`, as views into the text that was parsed.
struct Arn {
  std::string_view partition{};
  std::string_view service{};
  std::string_view region{};    ///< empty for global services (IAM)
  std::string_view account{};   ///< 12 digits; empty or `aws` for resources that no account owns
  std::string_view resource{};  ///< everything after the fifth colon, further colons included

  /// `role` of `role/path/Name`, `secret` of `secret:name`; the whole resource when it has neither `/` nor
  /// `:`.
  [[nodiscard]] constexpr std::string_view resource_type() const {
    return resource.substr(0, resource.find_first_of("/:"));
  }
  /// `path/Name` of `role/path/Name`; empty when the resource has no type.
  [[nodiscard]] constexpr std::string_view resource_id() const {
    const std::size_t end = resource.find_first_of("/:");
    return end == std::string_view::npos ? std::string_view{} : resource.substr(end + 1);
  }
  /// The part after the last `/`: `Name` of `role/path/Name`, the session of `assumed-role/Role/session`.
  [[nodiscard]] constexpr std::string_view name() const { return resource.substr(resource.rfind('/') + 1); }

  friend constexpr bool operator==(const Arn&, const Arn&) = default;
};

/// Twelve decimal digits.
[[nodiscard]] constexpr bool is_account_id(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Splits at the first five colons. Nothing unless the text begins with `arn:`, has a partition, a service
/// and a resource, and its account is an account id, `aws` or empty.
[[nodiscard]] constexpr std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  Arn arn;
  for (std::string_view Arn::*part : {&Arn::partition, &Arn::service, &Arn::region, &Arn::account}) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    arn.*part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.resource = text;
  const bool account_is_valid = arn.account.empty() || arn.account == "aws" || is_account_id(arn.account);
  if (arn.partition.empty() || arn.service.empty() || arn.resource.empty() || !account_is_valid)
    return std::nullopt;
  return arn;
}

[[nodiscard]] inline std::string to_text(const Arn& arn) {
  std::string out = "arn:";
  out.reserve(9 + arn.partition.size() + arn.service.size() + arn.region.size() + arn.account.size() +
              arn.resource.size());
  for (const std::string_view part : {arn.partition, arn.service, arn.region, arn.account}) {
    out += part;
    out += ':';
  }
  return out += arn.resource;
}

/// The partition that a Region belongs to: `aws`, `aws-cn`, `aws-us-gov`, and the two isolated ones.
[[nodiscard]] constexpr std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  if (region.starts_with("us-isob-")) return "aws-iso-b";
  if (region.starts_with("us-iso-")) return "aws-iso";
  return "aws";
}

/// An IAM user or role. `path` begins and ends with `/`.
struct IamName {
  std::string_view account{};
  std::string_view name{};
  std::string_view path{"/"};
  std::string_view partition{"aws"};
};

struct SessionName {
  std::string_view account{};
  std::string_view role{};  ///< the role's name, without its path
  std::string_view session{};
  std::string_view partition{"aws"};
};

struct SecretName {
  std::string_view region{};
  std::string_view account{};
  std::string_view name{};
  std::string_view suffix{};  ///< the six random characters; empty for a partial ARN
};

/// A table of DynamoDB.
struct TableName {
  std::string_view region{};
  std::string_view account{};
  std::string_view name{};
};

namespace detail {

inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

}  // namespace detail

/// `role_arn({.account = "123456789012", .name = "Reader"})` is `arn:aws:iam::123456789012:role/Reader`.
[[nodiscard]] inline std::string role_arn(const IamName& role) {
  return detail::joined({"arn:", role.partition, ":iam::", role.account, ":role", role.path, role.name});
}

[[nodiscard]] inline std::string user_arn(const IamName& user) {
  return detail::joined({"arn:", user.partition, ":iam::", user.account, ":user", user.path, user.name});
}

/// The account itself, `arn:aws:iam::123456789012:root`; a name has no part in it.
[[nodiscard]] inline std::string root_arn(const IamName& account) {
  return detail::joined({"arn:", account.partition, ":iam::", account.account, ":root"});
}

/// `arn:aws:sts::123456789012:assumed-role/Reader/session-1`
[[nodiscard]] inline std::string assumed_role_arn(const SessionName& session) {
  return detail::joined({"arn:", session.partition, ":sts::", session.account, ":assumed-role/", session.role,
                         "/", session.session});
}

/// `arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-a1B2c3`, in the partition of the Region.
[[nodiscard]] inline std::string secret_arn(const SecretName& secret) {
  return detail::joined({"arn:", partition_of(secret.region), ":secretsmanager:", secret.region, ":",
                         secret.account, ":secret:", secret.name, secret.suffix.empty() ? "" : "-",
                         secret.suffix});
}

/// `arn:aws:dynamodb:us-east-1:123456789012:table/panther-kv-store`, in the partition of the Region.
[[nodiscard]] inline std::string table_arn(const TableName& table) {
  return detail::joined({"arn:", partition_of(table.region), ":dynamodb:", table.region, ":", table.account,
                         ":table/", table.name});
}

}  // namespace rushhour::aws
