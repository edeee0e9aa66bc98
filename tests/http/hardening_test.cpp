// What a crowd does to the servers: on real sockets and threads, with limits of time that only a server that
// hangs reaches.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <rushhour/http/intercept.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>

#include "connection.hpp"
#include "crowd.hpp"

namespace rushhour::http {
namespace {

using testing::EndsWith;
using testing::StartsWith;

constexpr std::size_t crowd_size = 10'000;
constexpr std::size_t connections_max = 128;
constexpr const char* request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitizers_keep_what_is_freed = true;
#else
constexpr bool sanitizers_keep_what_is_freed = false;
#endif

class Greeting final : public Service {
 public:
  Response handle(const Request& asked, Gate& gate) override {
    const Gate::Entry entry = gate.enter();
    return {.status = 200, .headers = {}, .body = "hello " + std::to_string(asked.body.size())};
  }
};

/// Comes true within 10 s.
bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

/// The plain server, or the interceptor beside it: both have to stand the same.
class Crowded : public testing::TestWithParam<bool> {
 protected:
  void open(Duration idle_max, Duration request_max = std::chrono::seconds{30},
            Duration silence_min = std::chrono::hours{1}) {
    server = std::make_unique<Server>(greeting, ServerOptions{.connections = connections_max,
                                                              .silence_min = silence_min,
                                                              .idle_max = idle_max,
                                                              .request_max = request_max});
    port = server->port();
    if (!GetParam()) return;
    interceptor = std::make_unique<Interceptor>(greeting, server->gate(),
                                                InterceptorOptions{.connections = connections_max,
                                                                   .silence_min = silence_min,
                                                                   .idle_max = idle_max,
                                                                   .request_max = request_max});
    port = interceptor->port();
  }
  [[nodiscard]] bool answers() const {
    Connection connection{port};
    connection.send(request);
    return connection.receive().ends_with("hello 0");
  }

  Greeting greeting;
  std::unique_ptr<Server> server;
  std::unique_ptr<Interceptor> interceptor;
  std::uint16_t port = 0;
};

TEST_P(Crowded, TellsTheExcessAndServesWhoIsThere) {
  // Of each connection, both ends are here.
  if (!may_open(crowd_size + connections_max + 100))
    GTEST_SKIP() << "RLIMIT_NOFILE cannot be raised above " << crowd_size + connections_max + 100;
  open(std::chrono::hours{1});
  Connection live{port};
  live.send(request);
  ASSERT_THAT(live.receive(), EndsWith("hello 0"));
  std::size_t before = 0;
  for (const bool is_rehearsal : {true, false}) {  // in the first, memory is taken that is kept for good
    {
      Crowd crowd;
      while (crowd.size() < crowd_size) ASSERT_TRUE(crowd.add(port)) << crowd.size();
      const std::size_t excess = crowd_size - (connections_max - 1);
      EXPECT_TRUE(eventually([&] { return crowd.refused() >= excess; })) << crowd.refused();
      EXPECT_EQ(crowd.refused(), excess);
      const auto begin = std::chrono::steady_clock::now();
      live.send(request);
      EXPECT_THAT(live.receive(), EndsWith("hello 0"));
      EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1});
    }
    ASSERT_TRUE(eventually([&] { return answers(); })) << "once the crowd has gone";
    if (is_rehearsal) before = resident_bytes();
  }
  if (sanitizers_keep_what_is_freed) return;
  EXPECT_TRUE(eventually([&] { return resident_bytes() <= before + before / 20; }))
      << resident_bytes() << " bytes, " << before << " before";
}

TEST_P(Crowded, LetsNewClientsInWhenIdleOnesHaveBeenSilentForLong) {
  open(std::chrono::milliseconds{200});
  Crowd crowd;
  while (crowd.size() < connections_max) ASSERT_TRUE(crowd.add(port));
  EXPECT_TRUE(eventually([&] { return answers(); }));
}

TEST_P(Crowded, LetsANewClientInForOneThatHasBeenSilent) {
  open(std::chrono::hours{1}, std::chrono::seconds{30}, Duration::zero());
  Crowd crowd;
  while (crowd.size() < connections_max) ASSERT_TRUE(crowd.add(port));
  EXPECT_TRUE(eventually([&] { return answers(); }));
  EXPECT_GE(crowd.closed(), 1U) << "which has made room";
  EXPECT_EQ(crowd.refused(), 0U);
}

TEST_P(Crowded, EndsNoConnectionThatIsAnswered) {
  open(std::chrono::hours{1}, std::chrono::seconds{30}, Duration::zero());
  Crowd crowd;  // each has begun a request
  while (crowd.size() < connections_max) ASSERT_TRUE(crowd.add(port));
  crowd.send("G");
  EXPECT_TRUE(eventually([&] {
    // Whoever had to go for another one, before the server had read the beginning, is replaced.
    while (crowd.size() < connections_max + crowd.closed() && crowd.add(port)) crowd.send("G");
    Connection another{port};
    static_cast<void>(another.try_to_send(request));
    return another.receive().starts_with("HTTP/1.1 503 ");
  }));
}

TEST_P(Crowded, GivesUpOnClientsThatSendTooSlowly) {
  open(std::chrono::hours{1}, std::chrono::milliseconds{200});
  Connection slow{port};
  slow.send("GET / HTTP/1.1\r\n");
  EXPECT_THAT(slow.receive(), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(slow.receive(), "");
  Connection slow_body{port};
  slow_body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfive.");
  EXPECT_THAT(slow_body.receive(), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(slow_body.receive(), "");
}

TEST_P(Crowded, IsNotKeptByByteAfterByte) {
  open(std::chrono::hours{1}, std::chrono::milliseconds{200});
  Crowd crowd;
  while (crowd.size() < connections_max) ASSERT_TRUE(crowd.add(port));
  crowd.send("G");
  EXPECT_TRUE(eventually([&] {
    crowd.send("E");
    return answers();
  }));
}

TEST_P(Crowded, GivesUpOnHalfAHandshake) {
  open(std::chrono::hours{1}, std::chrono::milliseconds{200});
  Connection half{port};
  half.send(std::string{"\x16\x03\x01\x02\x00\x01", 6});  // of a ClientHello
  static_cast<void>(half.receive());                      // which ends
}

TEST_P(Crowded, LetsAClientReconnectAtItsLimit) {
  open(std::chrono::hours{1});
  Crowd crowd;
  while (crowd.size() < connections_max - 1) ASSERT_TRUE(crowd.add(port));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(answers()) << i << ": faster than the end of its last connection";
}

INSTANTIATE_TEST_SUITE_P(Ways, Crowded, testing::Bool(), [](const auto& way) {
  return way.param ? std::string{"Interceptor"} : std::string{"Server"};
});

}  // namespace
}  // namespace rushhour::http
