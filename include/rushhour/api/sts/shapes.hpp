/// \file
/// Structures that several operations of AWS Security Token Service, API version 2011-06-15 share. Members
/// and constraints: botocore 1.43.11.
#pragma once

#include <array>
#include <optional>
#include <string>

#include <rushhour/aws/patterns.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api::sts {

struct PolicyDescriptor {
  std::optional<std::string> arn{};
};

struct Tag {
  std::string key{};
  std::string value{};
};

struct ProvidedContext {
  std::optional<std::string> provider_arn{};
  std::optional<std::string> context_assertion{};
};

struct Credentials {
  std::string access_key_id{};
  std::string secret_access_key{};  ///< 40 characters
  std::string session_token{};      ///< of any size: AWS says to assume none
  Instant expiration{};
};

struct AssumedRoleUser {
  std::string assumed_role_id{};
  std::string arn{};
};

struct FederatedUser {
  std::string federated_user_id{};
  std::string arn{};
};

}  // namespace rushhour::api::sts

namespace rushhour::aws {

template <>
struct Described<api::sts::PolicyDescriptor> {
  using S = api::sts::PolicyDescriptor;
  static constexpr std::array members{
      member<&S::arn>("arn", matching(printable_pattern, is_printable, length(20, 2048))),
  };
};

template <>
struct Described<api::sts::Tag> {
  using S = api::sts::Tag;
  static constexpr std::array members{
      required<&S::key>("Key", matching(tag_text_pattern, is_tag_text, length(1, 128))),
      required<&S::value>("Value", matching(tag_text_pattern, is_tag_text, length(0, 256))),
  };
};

template <>
struct Described<api::sts::ProvidedContext> {
  using S = api::sts::ProvidedContext;
  static constexpr std::array members{
      member<&S::provider_arn>("ProviderArn", matching(printable_pattern, is_printable, length(20, 2048))),
      member<&S::context_assertion>("ContextAssertion", length(4, 2048)),
  };
};

template <>
struct Described<api::sts::Credentials> {
  using S = api::sts::Credentials;
  static constexpr std::array members{
      required<&S::access_key_id>("AccessKeyId", matching(word_pattern, is_word, length(16, 128))),
      sensitive(required<&S::secret_access_key>("SecretAccessKey")),
      required<&S::session_token>("SessionToken"),
      required<&S::expiration>("Expiration"),
  };
};

template <>
struct Described<api::sts::AssumedRoleUser> {
  using S = api::sts::AssumedRoleUser;
  static constexpr std::array members{
      required<&S::assumed_role_id>("AssumedRoleId",
                                    matching(unique_id_pattern, is_unique_id, length(2, 193))),
      required<&S::arn>("Arn", matching(printable_pattern, is_printable, length(20, 2048))),
  };
};

template <>
struct Described<api::sts::FederatedUser> {
  using S = api::sts::FederatedUser;
  static constexpr std::array members{
      required<&S::federated_user_id>("FederatedUserId",
                                      matching(unique_id_pattern, is_unique_id, length(2, 193))),
      required<&S::arn>("Arn", matching(printable_pattern, is_printable, length(20, 2048))),
  };
};

}  // namespace rushhour::aws
