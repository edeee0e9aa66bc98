// Many clients past the quota of one key, on real sockets: whatever the threads do, each request is answered,
// journalled and counted once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/client.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {
namespace {

TEST(VirusTotalCrowd, IsCountedOnceByClientsJournalAndUsage) {
  constexpr std::uint64_t requests = 100'000;
  constexpr std::uint64_t connections = 64;
  constexpr std::uint64_t quota = 40'000;  // a minute, and the clock stands still
  constexpr const char* key = "a-key-with-a-quota-of-its-own";
  PantherWorld panther;
  World& world = panther.world;
  world.virustotal.add_key(
      {.key = key, .name = "crowd", .quota = limit::profiles::virustotal_premium({.minute = quota})});
  FrontDoor door{world};
  const VirtualClock clock{world.options.start};
  const http::Server server{door, {.clock = &clock, .connections = connections + 1}};

  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> ok{0};
  std::atomic<std::uint64_t> throttled{0};
  const auto ask_until_all_are_sent = [&] {
    http::Client client{server.port()};
    while (sent.fetch_add(1) < requests) {
      const int status =
          client.send({.target = "/api/v3/ip_addresses/8.8.8.8", .headers = {{"x-apikey", key}}}).status;
      if (status == 200) ++ok;
      if (status == 429) ++throttled;
    }
  };
  {
    std::vector<std::jthread> clients;
    for (std::uint64_t i = 0; i < connections; ++i) clients.emplace_back(ask_until_all_are_sent);
  }
  EXPECT_EQ(ok, quota);
  EXPECT_EQ(ok + throttled, requests);

  EXPECT_EQ(world.journal().total(), requests);
  http::Client client{server.port()};
  const http::Response usage = client.send(
      {.target = std::string{"/api/v3/users/"} + key + "/api_usage", .headers = {{"x-apikey", key}}});
  ASSERT_EQ(usage.status, 200) << usage.body;
  EXPECT_EQ(nlohmann::json::parse(usage.body)["data"]["total"]["ip_addresses"], quota) << usage.body;
}

}  // namespace
}  // namespace rushhour::fakes
