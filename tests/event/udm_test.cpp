#include <rushhour/event/udm.hpp>

#include <gtest/gtest.h>

#include <rushhour/event/event.hpp>

namespace rushhour::event {
namespace {

Event event_of(Arena& arena, const Value& root, const DataModel* model) {
  Event event;
  event.assign({.log_type = cloudtrail::log_type, .model = model}, root, arena);
  return event;
}

TEST(Udm, ReadsCloudTrailThroughItsDataModel) {
  const DataModel model = cloudtrail_data_model();
  Arena arena;
  const Value root = object(arena, {{"sourceIPAddress", "35.216.199.51"},
                                    {"userAgent", "Boto3/1.34"},
                                    {"eventName", "GetSecretValue"},
                                    {"userIdentity", object(arena, {{"userName", "ada"}})}});
  const Event event = event_of(arena, root, &model);
  EXPECT_EQ(event.udm("source_ip"), Value{"35.216.199.51"});
  EXPECT_EQ(event.udm("user_agent"), Value{"Boto3/1.34"});
  EXPECT_EQ(event.udm("event_type"), Value{"GetSecretValue"});
  EXPECT_EQ(event.udm("actor_user"), Value{"ada"});
  EXPECT_TRUE(event.udm("user").is_null());
  EXPECT_EQ(event.udm("user", "nobody"), Value{"nobody"});
}

TEST(Udm, NamesTheRoleWhereThereIsNoUser) {
  const DataModel model = cloudtrail_data_model();
  Arena arena;
  const Value issuer = object(arena, {{"userName", "billing-api-role"}});
  const Value root = object(
      arena,
      {{"userIdentity", object(arena, {{"userName", nullptr},
                                       {"sessionContext", object(arena, {{"sessionIssuer", issuer}})}})}});
  EXPECT_EQ(event_of(arena, root, &model).udm("actor_user"), Value{"billing-api-role"});
}

TEST(Udm, ComparesMappedPathsExactly) {
  const DataModel model = cloudtrail_data_model();
  Arena arena;
  const Value root = object(arena, {{"sourceipaddress", "35.216.199.51"}});
  EXPECT_TRUE(event_of(arena, root, &model).udm("source_ip").is_null());
}

TEST(Udm, GivesAServicesNameOrNotByChoice) {
  for (const std::string_view text :
       {"cloudtrail.amazonaws.com", "AWS Internal", "10.0.0.07", "2600::1", "10.0.0.7"}) {
    const bool address = text == "2600::1" || text == "10.0.0.7";
    for (const SourceIp reading : {SourceIp::as_recorded, SourceIp::addresses_only}) {
      const DataModel model = cloudtrail_data_model(reading);
      Arena arena;
      const Value root = object(arena, {{"sourceIPAddress", text}});
      const bool expected = address || reading == SourceIp::as_recorded;
      EXPECT_EQ(event_of(arena, root, &model).udm("source_ip"), expected ? Value{text} : Value{}) << text;
    }
  }
}

TEST(Udm, DoesNotLookFurtherThanAMapping) {
  const DataModel model = cloudtrail_data_model();
  Arena arena;
  const Value root =
      object(arena, {{"p_udm", object(arena, {{"source_ip", "1.2.3.4"}})}, {"source_ip", "5.6.7.8"}});
  EXPECT_TRUE(event_of(arena, root, &model).udm("source_ip").is_null());
}

TEST(Udm, AsksPUdmAndThenTheEventForWhatIsNotMapped) {
  Arena arena;
  const Value normalized = object(arena, {{"both", "normalized"}, {"empty", ""}});
  const Value root =
      object(arena, {{"p_udm", normalized}, {"both", "own"}, {"empty", "own"}, {"Single", 4}, {"zero", 0}});
  const Event event = event_of(arena, root, nullptr);
  EXPECT_EQ(event.udm("both"), Value{"normalized"});
  EXPECT_EQ(event.udm("empty"), Value{"own"}) << "what is false is passed over";
  EXPECT_EQ(event.udm("single"), Value{4});
  EXPECT_TRUE(event.udm("zero").is_null());
  EXPECT_EQ(event.udm("zero", "fallback"), Value{"fallback"});
  EXPECT_TRUE(event.udm("nothing").is_null());
}

TEST(DataModel, ReplacesAnEarlierMapping) {
  DataModel model{"Mine"};
  model.map("source_ip", {"a"}).map("source_ip", {"missing", "b"});
  Arena arena;
  const Value root = object(arena, {{"a", 1}, {"b", 2}});
  EXPECT_EQ(event_of(arena, root, &model).udm("source_ip"), Value{2});
  EXPECT_EQ(model.log_type(), "Mine");
}

TEST(CloudTrailSource, IsClassifiedFromTheValue) {
  EXPECT_EQ(cloudtrail::classify_source({}), AddressClass::missing);
  EXPECT_EQ(cloudtrail::classify_source(""), AddressClass::missing);
  EXPECT_EQ(cloudtrail::classify_source(7), AddressClass::malformed);
  EXPECT_EQ(cloudtrail::classify_source("AWS Internal"), AddressClass::service_name);
  EXPECT_EQ(cloudtrail::classify_source("8.8.8.8"), AddressClass::public_ipv4);
}

}  // namespace
}  // namespace rushhour::event
