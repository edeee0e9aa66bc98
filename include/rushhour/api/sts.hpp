/// \file
/// AWS Security Token Service, API version 2011-06-15: the operations and their member tables, a file each.
/// What the service does with them is the fake's business (fakes/sts.hpp). Members and constraints:
/// botocore 1.43.11.
#pragma once

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts/assume_role.hpp>
#include <rushhour/api/sts/assume_role_with_saml.hpp>
#include <rushhour/api/sts/assume_role_with_web_identity.hpp>
#include <rushhour/api/sts/assume_root.hpp>
#include <rushhour/api/sts/decode_authorization_message.hpp>
#include <rushhour/api/sts/get_access_key_info.hpp>
#include <rushhour/api/sts/get_caller_identity.hpp>
#include <rushhour/api/sts/get_delegated_access_token.hpp>
#include <rushhour/api/sts/get_federation_token.hpp>
#include <rushhour/api/sts/get_session_token.hpp>
#include <rushhour/api/sts/get_web_identity_token.hpp>
#include <rushhour/aws/query_xml.hpp>

namespace rushhour::api {

namespace sts {
inline constexpr aws::QueryApi query_api{.version = "2011-06-15",
                                         .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/"};
}  // namespace sts

/// In the order of their dense index: the journal and the limiters know them by it.
template <>
struct OperationsOf<Service::sts> {
  using Type = Operations<sts::AssumeRole, sts::AssumeRoleWithSAML, sts::AssumeRoleWithWebIdentity,
                          sts::AssumeRoot, sts::DecodeAuthorizationMessage, sts::GetAccessKeyInfo,
                          sts::GetCallerIdentity, sts::GetDelegatedAccessToken, sts::GetFederationToken,
                          sts::GetSessionToken, sts::GetWebIdentityToken>;
};

}  // namespace rushhour::api
