#include <rushhour/aws/arn.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rushhour::aws {
namespace {

TEST(ParseArn, SplitsAtTheFirstFiveColons) {
  const auto arn = parse_arn("arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db:x-a1B2c3");
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "secretsmanager");
  EXPECT_EQ(arn->region, "us-east-1");
  EXPECT_EQ(arn->account, "123456789012");
  EXPECT_EQ(arn->resource, "secret:prod/db:x-a1B2c3");
  EXPECT_EQ(arn->resource_type(), "secret");
  EXPECT_EQ(arn->resource_id(), "prod/db:x-a1B2c3");
}

TEST(ParseArn, GivesTypeIdAndNameOfIamResources) {
  const auto role = parse_arn("arn:aws:iam::123456789012:role/path/to/Reader").value();
  EXPECT_EQ(role.region, "");
  EXPECT_EQ(role.resource_type(), "role");
  EXPECT_EQ(role.resource_id(), "path/to/Reader");
  EXPECT_EQ(role.name(), "Reader");

  const auto session = parse_arn("arn:aws-cn:sts::123456789012:assumed-role/Reader/s-1").value();
  EXPECT_EQ(session.resource_type(), "assumed-role");
  EXPECT_EQ(session.name(), "s-1");

  const auto root = parse_arn("arn:aws:iam::123456789012:root").value();
  EXPECT_EQ(root.resource_type(), "root");
  EXPECT_EQ(root.resource_id(), "");
  EXPECT_EQ(root.name(), "root");
}

TEST(ParseArn, TakesResourcesThatNoAccountOwns) {
  EXPECT_TRUE(parse_arn("arn:aws:iam::aws:policy/ReadOnlyAccess").has_value());
  EXPECT_TRUE(parse_arn("arn:aws:s3:::bucket").has_value());
}

class NoArn : public ::testing::TestWithParam<const char*> {};

TEST_P(NoArn, IsNotParsed) { EXPECT_FALSE(parse_arn(GetParam()).has_value()) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(Arn, NoArn,
                         ::testing::Values("", "arn", "arn:", "arn:aws:iam::123456789012",
                                           "arn:aws:iam::123456789012:", "arn::iam::123456789012:root",
                                           "arn:aws:::123456789012:root", "ARN:aws:iam::123456789012:root",
                                           " arn:aws:iam::123456789012:root", "arn:aws:iam::12345678901:root",
                                           "arn:aws:iam::1234567890123:root",
                                           "arn:aws:iam::12345678901x:root", "MyRole",
                                           "arn:aws:iam:123456789012:role/Reader"));

TEST(ToText, WritesWhatWasParsed) {
  for (const std::string text : {"arn:aws:iam::123456789012:role/path/Reader", "arn:aws:s3:::bucket",
                                 "arn:aws:secretsmanager:us-east-1:123456789012:secret:a:b-x"}) {
    EXPECT_EQ(to_text(parse_arn(text).value()), text);
  }
}

TEST(ArnOf, WritesEachKind) {
  EXPECT_EQ(role_arn({.account = "123456789012", .name = "Reader"}), "arn:aws:iam::123456789012:role/Reader");
  EXPECT_EQ(role_arn({.account = "123456789012", .name = "Reader", .path = "/a/b/", .partition = "aws-cn"}),
            "arn:aws-cn:iam::123456789012:role/a/b/Reader");
  EXPECT_EQ(user_arn({.account = "123456789012", .name = "alice"}), "arn:aws:iam::123456789012:user/alice");
  EXPECT_EQ(root_arn({.account = "123456789012"}), "arn:aws:iam::123456789012:root");
  EXPECT_EQ(assumed_role_arn({.account = "123456789012", .role = "Reader", .session = "s-1"}),
            "arn:aws:sts::123456789012:assumed-role/Reader/s-1");
  EXPECT_EQ(
      secret_arn({.region = "us-east-1", .account = "123456789012", .name = "prod/db", .suffix = "a1B2c3"}),
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-a1B2c3");
  EXPECT_EQ(secret_arn({.region = "us-gov-west-1", .account = "123456789012", .name = "prod/db"}),
            "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:prod/db");
}

TEST(PartitionOf, FollowsTheRegionsPrefix) {
  EXPECT_EQ(partition_of("eu-west-1"), "aws");
  EXPECT_EQ(partition_of("cn-north-1"), "aws-cn");
  EXPECT_EQ(partition_of("us-gov-east-1"), "aws-us-gov");
  EXPECT_EQ(partition_of("us-iso-east-1"), "aws-iso");
  EXPECT_EQ(partition_of("us-isob-east-1"), "aws-iso-b");
}

TEST(IsAccountId, WantsTwelveDigits) {
  EXPECT_TRUE(is_account_id("012345678901"));
  EXPECT_FALSE(is_account_id("12345678901"));
  EXPECT_FALSE(is_account_id("12345678901a"));
  EXPECT_FALSE(is_account_id("1234567890123"));
  EXPECT_FALSE(is_account_id(""));
}

}  // namespace
}  // namespace rushhour::aws
