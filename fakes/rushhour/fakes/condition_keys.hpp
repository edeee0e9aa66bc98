/// \file
/// The condition keys that policies of this world may read. A key that is not here makes a statement fail
/// closed (aws::Policy::unsupported()). Which of them a request has: Iam::add_caller_keys() for who calls,
/// and each operation's own aws::ContextSource for what it asks.
///
/// Sources: "AWS global condition context keys" and "IAM and AWS STS condition context keys" (IAM User
/// Guide), "Actions, resources, and condition keys for AWS Secrets Manager" and "... for Amazon DynamoDB"
/// (Service Authorization Reference), spec tag DOC.
#pragma once

#include <array>
#include <string_view>

namespace rushhour::fakes {

/// One that ends with `/` stands for all that begin with it. Keys of VPC endpoints and of calls by services
/// are known and always absent, as they are for whoever calls over the internet; aws:PrincipalOrgID and its
/// kin are not modelled, and so unknown.
inline constexpr std::array<std::string_view, 76> condition_keys{
    // Who calls.
    "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalTag/",
    "aws:PrincipalType", "aws:userid", "aws:username",
    // Of its session.
    "aws:AssumedRoot", "aws:FederatedProvider", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent",
    "aws:SourceIdentity", "aws:TokenIssueTime",
    // From where and when.
    "aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport", "aws:SourceIp", "aws:UserAgent",
    "aws:RequestedRegion", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:Referer",
    "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:SourceAccount", "aws:SourceArn",
    "aws:ViaAWSService",
    // What is asked for.
    "aws:RequestTag/", "aws:ResourceAccount", "aws:ResourceTag/", "aws:TagKeys",
    // IAM.
    "iam:AWSServiceName", "iam:PassedToService", "iam:PermissionsBoundary", "iam:PolicyARN",
    "iam:ResourceTag/",
    // STS.
    "sts:AWSServiceName", "sts:DurationSeconds", "sts:ExternalId", "sts:IdentityTokenAudience",
    "sts:RequestContext/", "sts:RequestContextProviders", "sts:RoleSessionName", "sts:SigningAlgorithm",
    "sts:SourceIdentity", "sts:TaskPolicyArn", "sts:TransitiveTagKeys", "saml:aud", "saml:iss", "saml:sub",
    "saml:sub_type",
    // Secrets Manager.
    "secretsmanager:AddReplicaRegions", "secretsmanager:BlockPublicPolicy", "secretsmanager:Description",
    "secretsmanager:ForceDeleteWithoutRecovery", "secretsmanager:ForceOverwriteReplicaSecret",
    "secretsmanager:KmsKeyArn", "secretsmanager:KmsKeyId", "secretsmanager:ModifyRotationRules",
    "secretsmanager:Name", "secretsmanager:RecoveryWindowInDays", "secretsmanager:ResourceTag/",
    "secretsmanager:RotateImmediately", "secretsmanager:RotationLambdaARN", "secretsmanager:SecretId",
    "secretsmanager:SecretPrimaryRegion", "secretsmanager:Type", "secretsmanager:VersionId",
    "secretsmanager:VersionStage", "secretsmanager:resource/AllowRotationLambdaArn",
    "secretsmanager:ExternalSecretRotationRoleArn",
    // DynamoDB.
    "dynamodb:LeadingKeys", "dynamodb:ReturnConsumedCapacity", "dynamodb:ReturnValues"};

}  // namespace rushhour::fakes
