/// \file
/// The five managed policies that a session of AssumeRoot may have. Names: STS API Reference, AssumeRoot
/// (spec tag DOC); documents: IAM User Guide, "AWS managed policies for IAM", shortened to their Allow (MEM).
#pragma once

#include <array>
#include <string_view>

namespace rushhour::fakes::detail {

struct RootTaskPolicy {
  std::string_view arn;
  std::string_view document;
};

inline constexpr std::array<RootTaskPolicy, 5> root_task_policies{{
    {"arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:ListAccessKeys",)"
     R"("iam:ListSigningCertificates","iam:GetLoginProfile","iam:ListMFADevices","iam:GetAccountSummary",)"
     R"("iam:GetUser","iam:GetAccessKeyLastUsed"],"Resource":"*"}]})"},
    {"arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:CreateLoginProfile",)"
     R"("iam:GetLoginProfile"],"Resource":"*"}]})"},
    {"arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:DeleteAccessKey",)"
     R"("iam:DeleteSigningCertificate","iam:DeleteLoginProfile","iam:DeactivateMFADevice",)"
     R"("iam:DeleteVirtualMFADevice","iam:ListAccessKeys","iam:ListSigningCertificates","iam:GetLoginProfile",)"
     R"("iam:ListMFADevices","iam:GetAccountSummary","iam:GetUser"],"Resource":"*"}]})"},
    {"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:DeleteBucketPolicy",)"
     R"("s3:PutBucketPolicy","s3:GetBucketPolicy","s3:ListAllMyBuckets"],"Resource":"*"}]})"},
    {"arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:SetQueueAttributes",)"
     R"("sqs:GetQueueAttributes","sqs:ListQueues","sqs:GetQueueUrl"],"Resource":"*"}]})"},
}};

}  // namespace rushhour::fakes::detail
