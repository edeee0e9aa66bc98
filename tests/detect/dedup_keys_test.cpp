#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detect/dedup_keys.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::detect {
namespace {

class Dedup : public ::testing::Test {
 protected:
  std::string of(const std::vector<std::string>& names, std::string_view json) {
    return DedupKeys{names}(
        event::from_json(json, {.log_type = event::cloudtrail::log_type, .model = &model_}));
  }

 private:
  event::DataModel model_ = event::cloudtrail_data_model();
};

TEST_F(Dedup, ReadsCommonNamesKeysAndPaths) {
  constexpr std::string_view record =
      R"({"sourceIPAddress":"8.8.8.8","eventName":"ListRoles","userIdentity":{"arn":"arn:aws:iam::1:user/a"}})";
  EXPECT_EQ(of({"source_ip"}, record), "8.8.8.8");
  EXPECT_EQ(of({"sourceIPAddress"}, record), "8.8.8.8");
  EXPECT_EQ(of({"userIdentity.arn"}, record), "arn:aws:iam::1:user/a");
  EXPECT_EQ(of({"source_ip", "eventName"}, record), "8.8.8.8:ListRoles");
  EXPECT_EQ(of({"userIdentity"}, record), R"({"arn":"arn:aws:iam::1:user/a"})");
}

TEST_F(Dedup, WritesAMissingValueAsNoneUnlessNothingIsThere) {
  EXPECT_EQ(of({"source_ip", "eventName"}, R"({"eventName":"ListRoles"})"), "None:ListRoles");
  EXPECT_EQ(of({"source_ip", "userIdentity.arn"}, R"({"userIdentity":{}})"), "");
  EXPECT_EQ(of({}, "{}"), "");
}

TEST_F(Dedup, RefusesAPathWithAnEmptyKey) { EXPECT_THROW(DedupKeys{{"userIdentity..arn"}}, InputError); }

}  // namespace
}  // namespace rushhour::detect
