#include <gtest/gtest.h>

#include <rushhour/fakes/hosts.hpp>

namespace rushhour::fakes {
namespace {

TEST(IsServedHost, KnowsTheEndpointsOfTheFakes) {
  for (const char* host :
       {"sts.amazonaws.com", "sts.us-east-1.amazonaws.com", "sts-fips.us-gov-west-1.amazonaws.com",
        "sts.cn-north-1.amazonaws.com.cn", "sts.eu-west-1.api.aws", "STS.Amazonaws.com",
        "secretsmanager.eu-central-1.amazonaws.com", "secretsmanager-fips.us-west-2.amazonaws.com",
        "iam.amazonaws.com", "iam.us-gov.amazonaws.com", "iam-fips.amazonaws.com",
        "dynamodb.us-east-1.amazonaws.com", "dynamodb-fips.us-gov-west-1.amazonaws.com",
        "111122223333.ddb.us-east-1.amazonaws.com", "vpce-0a1b2c-xyz.sts.eu-west-1.vpce.amazonaws.com",
        "www.virustotal.com", "WWW.VirusTotal.com"})
    EXPECT_TRUE(is_served_host(host)) << host;
}

TEST(IsServedHost, KnowsNoOther) {
  for (const char* host :
       {"", "amazonaws.com", "s3.amazonaws.com", "sts.amazonaws.com.example.com", "sts.localhost",
        "sts.example.com", "sts.nowhere.amazonaws.com", "secretsmanager.amazonaws.com",
        "dynamodb.amazonaws.com", "streams.dynamodb.us-east-1.amazonaws.com", "dynamodb.example.com",
        "1111.ddb.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com", "stsx.us-east-1.amazonaws.com",
        "virustotal.com", "evil-www.virustotal.com", "www.virustotal.com.example.com", "api.github.com"})
    EXPECT_FALSE(is_served_host(host)) << host;
}

}  // namespace
}  // namespace rushhour::fakes
