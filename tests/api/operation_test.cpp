#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/api/iam.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>

namespace rushhour::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

static_assert(IsOperation<sts::AssumeRole>);
static_assert(!IsOperation<sts::AssumeRole::Output>);

std::vector<std::string_view> names(aws::Members members) {
  std::vector<std::string_view> out;
  for (const aws::Member& member : members) out.push_back(member.name);
  return out;
}

template <class... Ops>
void expect_dense(Operations<Ops...> /*operations*/, Service service) {
  unsigned index = 0;
  (
      [&] {
        EXPECT_EQ(operation_of<Ops>.index, index++) << operation_of<Ops>.name;
        EXPECT_EQ(operation_of<Ops>.service, service) << operation_of<Ops>.name;
      }(),
      ...);
}

TEST(Operation, IsNamedAsPoliciesAndJournalsNameIt) {
  EXPECT_EQ(to_text(operation_of<sts::AssumeRole>), "sts:AssumeRole");
  EXPECT_EQ(to_text(operation_of<secretsmanager::GetSecretValue>), "secretsmanager:GetSecretValue");
  EXPECT_EQ(to_text(operation_of<virustotal::GetIpAddress>), "virustotal:ip_addresses");
}

TEST(Operation, HasADenseIndexWithinItsService) {
  expect_dense(OperationsOf<Service::sts>::Type{}, Service::sts);
  expect_dense(OperationsOf<Service::secretsmanager>::Type{}, Service::secretsmanager);
  expect_dense(OperationsOf<Service::virustotal>::Type{}, Service::virustotal);
  expect_dense(OperationsOf<Service::dynamodb>::Type{}, Service::dynamodb);
  expect_dense(OperationsOf<Service::iam>::Type{}, Service::iam);
}

TEST(Operation, ShowsTheMembersOfItsRequestAndResult) {
  const Operation& operation = operation_of<sts::GetSessionToken>;
  EXPECT_THAT(names(operation.input),
              ElementsAre("DurationSeconds", "SerialNumber", "TokenCode", "MinimumSessionTokenSize"));
  EXPECT_THAT(names(operation.output),
              ElementsAre("Credentials", "SessionTokenSize", "SessionTokenUtilization"));
  EXPECT_TRUE(operation_of<sts::AssumeRole>.input[0].required);
  EXPECT_FALSE(operation.input[0].required);
  EXPECT_THAT(names(operation_of<virustotal::GetIpAddress>.input), IsEmpty()) << "REST has no member table";
}

TEST(Operation, MarksWhatIsNeverWrittenDown) {
  for (const aws::Member& member : operation_of<secretsmanager::GetSecretValue>.output) {
    EXPECT_EQ(member.sensitive, member.name == "SecretString" || member.name == "SecretBinary")
        << member.name;
  }
}

TEST(Operation, LendsStorageToWhoDoesNotKnowItsType) {
  std::string role;
  operation_of<sts::AssumeRole>.with_storage(
      [](void* input, void* output, void* context) {
        static_cast<sts::AssumeRole*>(input)->role_arn = "arn";
        static_cast<sts::AssumeRole::Output*>(output)->assumed_role_user.arn = "session";
        *static_cast<std::string*>(context) = static_cast<sts::AssumeRole*>(input)->role_arn;
      },
      &role);
  EXPECT_EQ(role, "arn");
}

}  // namespace
}  // namespace rushhour::api
