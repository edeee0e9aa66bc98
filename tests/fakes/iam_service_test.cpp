#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <rushhour/api/iam.hpp>
#include <rushhour/fakes/detail/iam_service_answers.hpp>
#include <rushhour/fakes/world.hpp>

#include "policies.hpp"

namespace rushhour::fakes {
namespace {

using namespace std::chrono_literals;

const std::string ours = "123456789012";

// What each operation answers stands in tests/conformance/iam_service_test.cpp, on every way in.
class IamServiceTest : public ::testing::Test {
 protected:
  template <api::IsOperation Op>
  Result<typename Op::Output> call(const Op& request, const aws::Credentials& key) {
    typename Op::Output output{};
    Failure failure;
    const api::Identity identity = key;
    const api::Attribution attribution;
    const bool ok = world.perform({.operation = api::operation_of<Op>,
                                   .input = &request,
                                   .output = &output,
                                   .identity = identity,
                                   .attribution = attribution,
                                   .failure = failure},
                                  world.options.start + 1h);
    if (!ok) return failure;
    return output;
  }

  World world;
  aws::Credentials admin =
      world.iam.add_user({.account = ours, .name = "admin", .policies = {allowing("*")}});
};

TEST_F(IamServiceTest, ListsAHundredUnlessAskedForMore) {
  for (int i = 0; i < 105; ++i) {
    world.iam.add_role(
        {.account = ours, .name = "role-" + std::to_string(i), .trust_policy = trusting(ours)});
  }
  const auto first = call(api::iam::ListRoles{}, admin).value();
  EXPECT_EQ(first.roles.size(), 100U);
  EXPECT_TRUE(first.is_truncated);
  const auto rest = call(api::iam::ListRoles{.marker = first.marker}, admin).value();
  EXPECT_EQ(rest.roles.size(), 5U);
  EXPECT_FALSE(rest.is_truncated);
  EXPECT_TRUE(rest.marker.empty());
  EXPECT_EQ(call(api::iam::ListRoles{.max_items = 1000}, admin)->roles.size(), 105U);
}

TEST_F(IamServiceTest, ShowsEachAccountItsOwn) {
  const aws::Credentials theirs =
      world.iam.add_user({.account = "111122223333", .name = "admin", .policies = {allowing("*")}});
  const api::iam::CreateRole reader{.role_name = "Reader", .assume_role_policy_document = trusting(ours)};
  EXPECT_TRUE(call(reader, admin).ok());
  EXPECT_EQ(call(api::iam::GetRole{.role_name = "Reader"}, theirs).failure().code, "NoSuchEntity");
  EXPECT_TRUE(call(reader, theirs).ok()) << "a name is taken in its account only";
  EXPECT_EQ(call(api::iam::ListRoles{}, theirs)->roles.size(), 1U);
}

TEST_F(IamServiceTest, MakesKeysForTheRootUserToo) {
  const aws::Credentials root = world.iam.add_root_key(ours);
  const auto made = call(api::iam::CreateAccessKey{}, root);
  ASSERT_TRUE(made.ok());
  const aws::Credentials second{made->access_key.access_key_id, made->access_key.secret_access_key, {}};
  EXPECT_EQ(call(api::iam::GetUser{}, second)->user.arn, "arn:aws:iam::123456789012:root");
}

TEST_F(IamServiceTest, EndsTheSessionsOfADeletedRole) {
  const std::string arn =
      world.iam.add_role({.account = ours, .name = "Reader", .trust_policy = trusting(ours)});
  const aws::Credentials session =
      world.iam.issue(*world.iam.find(arn), "one", world.options.start, 12h).credentials;
  EXPECT_TRUE(call(api::sts::GetCallerIdentity{}, session).ok());
  EXPECT_TRUE(call(api::iam::DeleteRole{.role_name = "Reader"}, admin).ok());
  EXPECT_FALSE(call(api::sts::GetCallerIdentity{}, session).ok());
}

TEST(IamMarkers, AreReadByTheirOwnListOnly) {
  const std::string marker = detail::marker_text("ListRoles", "Reader\n2");
  EXPECT_EQ(detail::read_marker("ListRoles", marker), "Reader\n2");
  EXPECT_EQ(detail::read_marker("ListRole", marker), std::nullopt);
  EXPECT_EQ(detail::read_marker("ListUsers", marker), std::nullopt);
  EXPECT_EQ(detail::read_marker("ListRoles", "no base64"), std::nullopt);
  EXPECT_EQ(detail::read_marker("ListRoles", ""), std::nullopt);
}

TEST(IamPatterns, DecideAsTheModelDoes) {
  using namespace api::iam;
  EXPECT_TRUE(is_name("Reader_1+=,.@-"));
  EXPECT_FALSE(is_name("") || is_name("a b") || is_name("a/b"));
  EXPECT_TRUE(is_path("/") && is_path("/a/") && is_path("/a//b/"));
  EXPECT_FALSE(is_path("") || is_path("//") || is_path("/a") || is_path("a/") || is_path("/a b/"));
  EXPECT_TRUE(is_path_prefix("/") && is_path_prefix("/a"));
  EXPECT_FALSE(is_path_prefix("a/") || is_path_prefix("/\xc3\xa4"));
  EXPECT_TRUE(is_policy_path("/") && is_policy_path("/a.b/c_d/"));
  EXPECT_FALSE(is_policy_path("/a//b/") || is_policy_path("/a") || is_policy_path("/a!/"));
  EXPECT_TRUE(is_version_id("v1") && is_version_id("v10") && is_version_id("v2.a-b"));
  EXPECT_FALSE(is_version_id("v0") || is_version_id("1") || is_version_id("v") || is_version_id("v1a") ||
               is_version_id("v2.a_b") || is_version_id("v.a"));
  EXPECT_TRUE(is_marker("a b"));
  EXPECT_FALSE(is_marker("") || is_marker("a\tb"));
}

}  // namespace
}  // namespace rushhour::fakes
