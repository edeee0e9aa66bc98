#include <rushhour/fakes/rewording.hpp>

#include <gtest/gtest.h>

#include <string>

#include <rushhour/fakes/gtest.hpp>

namespace rushhour::fakes {
namespace {

Failure refusal(std::string text) {
  return {.outcome = Outcome::invalid, .status = 400, .code = "ValidationError", .message = std::move(text)};
}
Failure reworded(const Rewording& rewording, Failure failure) {
  Rewordings rewordings;
  rewordings.add(rewording);
  rewordings.apply(failure);
  return failure;
}

TEST(Rewordings, ChangeOnlyWhatTheySay) {
  const Failure seen =
      reworded({.text = "no such key", .as = {.status = 404, .code = "NoSuchKey"}}, refusal("no such key"));
  EXPECT_EQ(
      seen,
      (Failure{.outcome = Outcome::invalid, .status = 404, .code = "NoSuchKey", .message = "no such key"}));
}

TEST(Rewordings, LeaveOtherRefusalsAlone) {
  const Failure other = refusal("no such role");
  EXPECT_EQ(reworded({.text = "no such key", .as = {.status = 404}}, other), other);
  EXPECT_EQ(reworded({.code = "AccessDenied", .as = {.status = 404}}, other), other);
}

TEST(Rewordings, KeepWhatAsterisksStandFor) {
  EXPECT_EQ(reworded({.text = "* may not call * now", .as = {.text = "$2 is closed to $1 ($3, $0)"}},
                     refusal("ada may not call GetUser now"))
                .message,
            "GetUser is closed to ada ($3, $0)");
  EXPECT_EQ(reworded({.text = "*", .as = {.text = "[$1]"}}, refusal("")).message, "[]");
}

TEST(Rewordings, UseTheFirstThatFits) {
  Rewordings rewordings;
  rewordings.add({.text = "a*", .as = {.text = "first"}});
  rewordings.add({.text = "*", .as = {.text = "second"}});
  Failure one = refusal("abc");
  Failure two = refusal("xyz");
  rewordings.apply(one);
  rewordings.apply(two);
  EXPECT_EQ(one.message, "first");
  EXPECT_EQ(two.message, "second");
}

class RewordingTest : public DetectionTest {};

TEST_F(RewordingTest, IsWhatClientsOfAServiceSee) {
  const api::sts::GetAccessKeyInfo request{.access_key_id = "AKIAIOSFODNN7EXAMPLE"};
  const aws::Credentials me = world().iam.add_user(
      {.account = "123456789012",
       .name = "alice",
       .policies = {
           R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"}});
  auto client = sts(api::Identity{me});
  EXPECT_EQ(client(request).failure().message, "The access key ID does not exist.");
  world().sts.rewordings().add({.text = "The access key ID does not exist.", .as = {.text = "Unknown key."}});
  EXPECT_EQ(client(request).failure().message, "Unknown key.");
}

}  // namespace
}  // namespace rushhour::fakes
