/// \file
/// The policies of AWS's own that the fakes know, with what in them concerns services that are faked.
/// Source: "AWS managed policy reference" (spec tag DOC); the root tasks' actions MEM.
#pragma once

#include <array>
#include <string_view>

namespace rushhour::fakes::detail {

struct AwsManagedPolicy {
  std::string_view name;
  std::string_view path;
  std::string_view description;
  std::string_view document;
};

inline constexpr std::array<AwsManagedPolicy, 7> aws_managed_policies{{
    {"AdministratorAccess", "/", "Provides full access to AWS services and resources.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"},
    // Of its actions those of Secrets Manager; the others let the console prepare rotation.
    {"SecretsManagerReadWrite", "/",
     "Provides read/write access to AWS Secrets Manager via the AWS Management Console.",
     R"({"Version":"2012-10-17","Statement":[{"Sid":"BasePermissions","Effect":"Allow","Action":["secretsmanager:*"],"Resource":"*"}]})"},
    // What AssumeRoot may be asked for.
    {"IAMAuditRootUserCredentials", "/root-task/", "Audits the credentials of a member account's root user.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListAccessKeys","iam:ListSigningCertificates","iam:GetLoginProfile","iam:ListMFADevices","iam:GetAccountSummary","iam:GetAccessKeyLastUsed","iam:GetUser"],"Resource":"*"}]})"},
    {"IAMCreateRootUserPassword", "/root-task/", "Lets a member account's root user recover its password.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:CreateLoginProfile","iam:GetLoginProfile"],"Resource":"*"}]})"},
    {"IAMDeleteRootUserCredentials", "/root-task/",
     "Deletes the credentials of a member account's root user.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:DeleteAccessKey","iam:DeleteSigningCertificate","iam:DeleteLoginProfile","iam:DeactivateMFADevice","iam:DeleteVirtualMFADevice","iam:ListAccessKeys","iam:ListSigningCertificates","iam:GetLoginProfile","iam:ListMFADevices","iam:GetAccountSummary","iam:GetAccessKeyLastUsed","iam:GetUser"],"Resource":"*"}]})"},
    {"S3UnlockBucketPolicy", "/root-task/", "Deletes a bucket policy that denies everybody.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:DeleteBucketPolicy","s3:GetBucketPolicy","s3:PutBucketPolicy","s3:ListAllMyBuckets"],"Resource":"*"}]})"},
    {"SQSUnlockQueuePolicy", "/root-task/", "Deletes a queue policy that denies everybody.",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SetQueueAttributes","sqs:GetQueueAttributes","sqs:ListQueues","sqs:GetQueueUrl"],"Resource":"*"}]})"},
}};

/// The policy that a session of AssumeRoot may be asked to have, by its ARN. Null: there is no such one.
[[nodiscard]] constexpr const AwsManagedPolicy* find_root_task_policy(std::string_view arn) {
  constexpr std::string_view path = "/root-task/", owner = "arn:aws:iam::aws:policy";
  for (const AwsManagedPolicy& row : aws_managed_policies) {
    if (row.path == path && arn.size() == owner.size() + path.size() + row.name.size() &&
        arn.starts_with(owner) && arn.substr(owner.size()).starts_with(path) && arn.ends_with(row.name)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace rushhour::fakes::detail
