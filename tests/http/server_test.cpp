// On real sockets: the loopback address, ports that the system chooses, and no waiting for time to pass.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <rushhour/http/client.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>

#include "connection.hpp"

namespace rushhour::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Answers what its function says, and counts inside the gate.
class Desk final : public Service {
 public:
  using Function = Response (*)(const Request& request);
  explicit Desk(Function function) : function_(function) {}

  Response handle(const Request& request, Gate& gate) override {
    {
      const Gate::Entry entry = gate.enter();
      ++requests;  // guarded by the gate, as a world is
      if (entry.now < latest) ++went_back;
      latest = entry.now;
      wall_time = gate.wall_time();
    }
    return function_(request);
  }

  std::uint64_t requests = 0;
  std::uint64_t went_back = 0;
  Instant latest{};
  Instant wall_time{};

 private:
  Function function_;
};

Response echo(const Request& request) {
  std::string body = request.method + " " + request.target + "\n";
  for (const Header& header : request.headers) body += header.name + ": " + header.value + "\n";
  return {.status = 200, .headers = {{"Content-Type", "text/xml"}}, .body = body + "\n" + request.body};
}

TEST(Server, TakesAnyFreePort) {
  Desk desk{echo};
  const Server one{desk};
  const Server other{desk};
  EXPECT_NE(one.port(), 0);
  EXPECT_NE(one.port(), other.port());
}

TEST(Server, DoesNotShareAPort) {
  Desk desk{echo};
  const Server first{desk};
  EXPECT_THROW(Server(desk, {.port = first.port()}), std::runtime_error);
}

TEST(Server, TakesItsPortAgainAfterAnother) {
  Desk desk{echo};
  auto server = std::make_unique<Server>(desk);
  const std::uint16_t port = server->port();
  Client client{port};
  EXPECT_EQ(client.send({}).status, 200);
  server.reset();
  EXPECT_EQ(client.send({}).status, 0);
  server = std::make_unique<Server>(desk, ServerOptions{.port = port});
  EXPECT_EQ(client.send({}).status, 200) << "and the client connects again";
}

TEST(Server, HandsOnTheRequestAsItCame) {
  Desk desk{echo};
  const Server server{desk};
  Connection connection{server.port()};
  connection.send(
      "POST /a%2Fb/../c?x=%20+&y HTTP/1.1\r\nHost: sts.us-east-1.amazonaws.com\r\nAuthorization: AWS4 a=b, "
      "c=d\r\n"
      "Content-Length: 5\r\n\r\nhello");
  const std::string answer = connection.receive();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nPOST /a%2Fb/../c?x=%20+&y\n"));
  EXPECT_THAT(answer, HasSubstr("\nHost: sts.us-east-1.amazonaws.com\n"));
  EXPECT_THAT(answer, HasSubstr("\nAuthorization: AWS4 a=b, c=d\n"));
  EXPECT_THAT(answer, HasSubstr("\n\nhello"));
  EXPECT_THAT(answer, Not(HasSubstr("REMOTE_ADDR")));
}

TEST(Server, HandsOnTheAnswerAsItIs) {
  Desk desk{[](const Request&) -> Response {
    return {.status = 429,
            .headers = {{"Content-Type", "application/json; charset=utf-8"}, {"X-Note", "n"}},
            .body = "{}"};
  }};
  const Server server{desk};
  Connection connection{server.port()};
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = connection.receive();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: application/json; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nX-Note: n\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 2\r\n"));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\n{}"));
}

TEST(Server, KeepsAConnectionForMoreThanAHundredRequests) {
  Desk desk{echo};
  const Server server{desk};
  Connection connection{server.port()};
  for (int i = 0; i < 300; ++i) {
    connection.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_THAT(connection.receive(), HasSubstr("GET /" + std::to_string(i) + "\n")) << i;
  }
}

TEST(Server, ServesTheNextClientWhileManyAreIdle) {
  Desk desk{echo};
  const Server server{desk, {.connections = 40, .idle_max = std::chrono::hours{1}}};
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 39; ++i) {
    idle.push_back(std::make_unique<Connection>(server.port()));
    idle.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_THAT(idle.back()->receive(), StartsWith("HTTP/1.1 200"));
  }
  Client client{server.port()};
  EXPECT_EQ(client.send({}).status, 200);
}

TEST(Server, DoesNotWaitForABodyThatNobodyAnnounced) {
  Desk desk{echo};
  const Server server{desk};
  Connection connection{server.port()};
  connection.send("POST /_rushhour/reset HTTP/1.1\r\nHost: a\r\n\r\n");  // as `curl -X POST` sends it
  EXPECT_THAT(connection.receive(), HasSubstr("POST /_rushhour/reset\n"));
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(connection.receive(), HasSubstr("POST /\n"));
}

TEST(Server, ReadsLongFormsAndChunkedBodies) {
  Desk desk{[](const Request& request) -> Response {
    return {.status = 200, .headers = {}, .body = std::to_string(request.body.size())};
  }};
  const Server server{desk};
  Connection connection{server.port()};
  connection.send(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 100000\r\n\r\n" +
      std::string(100'000, 'a'));
  EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\n100000"));
  connection.send(
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
      "world\r\n0\r\n\r\n");
  EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\n11"));
}

TEST(Server, TakesLongPathsOnAnyMethod) {
  Desk desk{[](const Request& request) -> Response {
    return {.status = 200, .headers = {}, .body = std::to_string(request.target.size())};
  }};
  const Server server{desk};
  Connection connection{server.port()};
  const std::string path = "/" + std::string(7'999, 'a');
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    connection.send(std::string{method} + " " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\n8000")) << method;
  }
  connection.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\n8000"));
}

TEST(Server, CompressesNothing) {
  Desk desk{[](const Request& request) -> Response {
    EXPECT_NE(request.header("Accept-Encoding"), nullptr)
        << "though the service is told what the client takes";
    return {.status = 200, .headers = {{"Content-Type", "text/xml"}}, .body = std::string(10'000, 'x')};
  }};
  const Server server{desk};
  Connection connection{server.port()};
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\naccept-encoding: gzip\r\nContent-Length: 1\r\n\r\nx"}) {
    connection.send(request);
    const std::string answer = connection.receive();
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 10000\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr("Content-Encoding")));
  }
}

TEST(Server, BreaksTheConnectionWhereTheServiceGivesNoAnswer) {
  Desk desk{[](const Request& request) -> Response {
    if (request.target == "/break") return {.status = 0, .headers = {}, .body = "not sent"};
    return {.status = 200, .headers = {}, .body = "fine"};
  }};
  const Server server{desk};
  Connection bystander{server.port()};
  bystander.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(bystander.receive(), testing::EndsWith("fine"));
  Connection connection{server.port()};
  connection.send("GET /break HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(connection.receive(), "");
  Client client{server.port()};
  EXPECT_EQ(client.send({.target = "/break"}).status, 0);
  EXPECT_EQ(client.send({.method = "POST", .target = "/break", .headers = {}, .body = "x"}).status, 0);
  EXPECT_EQ(client.send({.target = "/"}).body, "fine") << "and the client connects again";
  bystander.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(bystander.receive(), testing::EndsWith("fine")) << "on the same connection";
}

TEST(Server, AnswersAHeadWithoutTheBody) {
  Desk desk{[](const Request&) -> Response { return {.status = 200, .headers = {}, .body = "hello"}; }};
  const Server server{desk};
  Connection connection{server.port()};
  connection.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  connection.close_sending();
  const std::string all = connection.receive_all();
  EXPECT_THAT(all, testing::ContainsRegex(
                       "^HTTP/1.1 200 OK\r\n[^h]*Content-Length: 5\r\n[^h]*\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(all, testing::EndsWith("\r\n\r\nhello"));
}

TEST(Server, KeepsTheConnectionWhateverTheStatus) {
  Desk desk{[](const Request& request) -> Response {
    return {.status = std::stoi(request.target.substr(1)), .headers = {}, .body = request.target};
  }};
  const Server server{desk};
  Connection connection{server.port()};
  for (const char* status : {"429", "400", "401", "503", "200"}) {  // spec virustotal.md 5.5
    connection.send(std::string{"GET /"} + status + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = connection.receive();
    EXPECT_THAT(answer, StartsWith(std::string{"HTTP/1.1 "} + status));
    EXPECT_THAT(answer, Not(HasSubstr("Connection:")));
  }
}

TEST(Server, ClosesWhereTheClientAsksForIt) {
  Desk desk{echo};
  const Server server{desk};
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    Connection connection{server.port()};
    connection.send(request);
    EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(connection.receive(), "");
  }
}

// ---- Answers that are held back ----

Response hold(const Request& request) {
  if (request.target == "/never") {
    return {.status = 0, .headers = {}, .body = "not sent", .held_back = Duration::max()};
  }
  if (request.target == "/late") {
    return {.status = 200, .headers = {}, .body = "late", .held_back = std::chrono::milliseconds{50}};
  }
  if (request.target == "/break") {
    return {.status = 0, .headers = {}, .body = "not sent", .held_back = std::chrono::milliseconds{50}};
  }
  return {.status = 200, .headers = {}, .body = "fine"};
}

TEST(Server, HoldsAnAnswerBackForAsLongAsItIsTold) {
  Desk desk{hold};
  const Server server{desk};
  Connection connection{server.port()};
  for (const char* request : {"GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
                              "POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"}) {
    const auto begin = std::chrono::steady_clock::now();
    connection.send(request);
    EXPECT_THAT(connection.receive(), testing::EndsWith("late"));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{50});
  }
  connection.send("GET /break HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(connection.receive(), "");
}

TEST(Server, LeavesAClientWithoutAnAnswerUntilItGoesAway) {
  Desk desk{hold};
  const Server server{desk, {.connections = 1}};
  for (int i = 0; i < 3; ++i) {
    Client impatient{server.port(), {.answer_max = std::chrono::milliseconds{50}}};
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(impatient.send({.target = "/never"}).status, 0);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{50});
  }
  Client next{server.port()};
  EXPECT_EQ(next.send({}).body, "fine") << "the only thread is free again";
}

TEST(Server, ServesOthersWhileItHoldsAnAnswerBack) {
  Desk desk{hold};
  const Server server{desk, {.connections = 3}};
  // Alone first: ThreadSanitizer does not see the guards inside Debian's library, which is not instrumented.
  Client client{server.port()};
  EXPECT_EQ(client.send({}).body, "fine");
  Connection one{server.port()};
  one.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  Connection other{server.port()};
  other.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.send({}).body, "fine");
}

TEST(Server, StopsThoughItHoldsAnswersBack) {
  Desk desk{hold};
  Server server{desk};
  Connection connection{server.port()};
  connection.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server.gate().enter().now == Instant{} || desk.requests == 0) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1})
      << "it does not wait out the patience that it has with other requests";
  EXPECT_EQ(connection.receive(), "");
}

/// A service that words its refusals.
class Words final : public Service {
 public:
  Response handle(const Request& request, Gate& /*gate*/) override {
    return {.status = 200, .headers = {}, .body = "read " + std::to_string(request.body.size())};
  }
  Response refuse(const Request& request, Gate& /*gate*/, Unfit why) override {
    constexpr const char* texts[] = {"unreadable", "headers", "body"};
    return {.status = 400 + static_cast<int>(why),
            .headers = {{"Content-Type", "text/xml"}, {"X-Words", "ours"}},
            .body = std::string{texts[static_cast<std::size_t>(why)]} + " of " + request.method};
  }
};

TEST(Server, LetsTheServiceRefuseALongBodyAndKeepsTheConnection) {
  Words words;
  const Server server{words, {.body_size_max = 1000}};
  Connection connection{server.port()};
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
  const std::string refusal = connection.receive();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 402 "));
  EXPECT_THAT(refusal, HasSubstr("X-Words: ours\r\n"));
  EXPECT_THAT(refusal, testing::EndsWith("\r\n\r\nbody of POST"));
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_THAT(connection.receive(), testing::EndsWith("read 1000"));
}

TEST(Server, AnswersAtOnceAndClosesOverABodyThatIsAnnouncedTooLong) {
  Words words;
  const Server server{words};
  Connection connection{server.port()};
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n");
  const std::string refusal = connection.receive();
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 402 "));
  EXPECT_THAT(refusal, testing::EndsWith("\r\n\r\nbody of POST"));
  EXPECT_EQ(connection.receive(), "") << "and no more";
}

TEST(Server, AnswersAndClosesOverABodyWithoutEnd) {
  Words words;
  const Server server{words};
  Connection connection{server.port()};
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  int taken = 0;
  while (taken < 100 && connection.try_to_send(chunk)) ++taken;
  EXPECT_LT(taken, 100) << "MB, and the server still reads";
  EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\nbody of POST"));
}

TEST(Server, SparesAClientThatAsksABodyThatIsTooLong) {
  Words words;
  const Server server{words};
  Connection connection{server.port()};
  connection.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_THAT(connection.receive(), testing::EndsWith("\r\n\r\nbody of POST"));
  EXPECT_EQ(connection.receive(), "");
}

TEST(Server, AnswersWhatIsNoHttpAndCloses) {
  Words words;
  const Server server{words};
  for (const auto& [text, answer] :
       {std::pair<std::string, const char*>{"nonsense\r\n\r\n", "unreadable of nonsense"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(9000, 'x') + "\r\n\r\n", "headers of GET"},
        {"GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", "headers of "}}) {
    Connection connection{server.port()};
    connection.send(text);
    EXPECT_THAT(connection.receive(), testing::EndsWith(std::string{"\r\n\r\n"} + answer))
        << text.substr(0, 20);
    EXPECT_EQ(connection.receive(), "") << text.substr(0, 20);
  }
}

TEST(Server, TellsTheAddressOfTheClient) {
  Desk desk{[](const Request& request) -> Response {
    return {.status = 200, .headers = {}, .body = request.remote_address};
  }};
  const Server server{desk};
  Client client{server.port()};
  EXPECT_EQ(client.send({}).body, "127.0.0.1");
}

TEST(Server, AnswersAnErrorWhenTheServiceThrows) {
  Desk desk{[](const Request&) -> Response { throw std::runtime_error("a bug"); }};
  const Server server{desk};
  Client client{server.port()};
  EXPECT_EQ(client.send({}).status, 500);
}

TEST(Server, LetsOneRequestInAtATime) {
  Desk desk{echo};
  Server server{desk, {.connections = 8}};
  constexpr int threads = 8;
  constexpr int requests = 100;
  // Alone first: ThreadSanitizer does not see the guards inside Debian's library, which is not instrumented.
  EXPECT_EQ(Client{server.port()}.send({}).status, 200);
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  clients.reserve(threads);
  for (int i = 0; i < threads; ++i) {
    clients.emplace_back([&] {
      Client client{server.port()};
      for (int k = 0; k < requests; ++k) {
        if (client.send({.method = k % 2 == 0 ? "GET" : "POST", .headers = {}, .body = k % 2 == 0 ? "" : "x"})
                .status == 200)
          ++answered;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  server.stop();
  EXPECT_EQ(answered, threads * requests);
  EXPECT_EQ(desk.requests, static_cast<std::uint64_t>(1 + threads * requests));
  EXPECT_EQ(desk.went_back, 0U);
}

TEST(Server, StopsThoughClientsStayConnected) {
  Desk desk{echo};
  Server server{desk, {.idle_max = std::chrono::hours{1}}};
  Connection silent{server.port()};
  Connection idle{server.port()};
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(idle.receive(), StartsWith("HTTP/1.1 200"));
  server.stop();
  server.stop();
  EXPECT_EQ(idle.receive(), "");
}

TEST(Server, FinishesWhatIsUnderWayBeforeItStops) {
  static std::atomic<bool> inside;
  static std::atomic<bool> go_on;
  inside = go_on = false;
  Desk desk{[](const Request&) -> Response {
    inside = true;
    inside.notify_all();
    go_on.wait(false);
    return {.status = 200, .headers = {}, .body = "done"};
  }};
  Server server{desk};
  Connection connection{server.port()};
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  inside.wait(false);
  std::thread stopper{[&] { server.stop(); }};
  go_on = true;
  go_on.notify_all();
  EXPECT_THAT(connection.receive(), testing::EndsWith("done"));
  stopper.join();
}

// ---- The gate ----

class BackwardClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return instant; }
  void sleep_until(Instant) override {}
  Instant instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
};

TEST(Gate, TellsTheServersClockWhichNeverGoesBack) {
  Desk desk{echo};
  BackwardClock clock;
  const Instant start = clock.instant;
  Server server{desk, {.clock = &clock}};
  EXPECT_EQ(server.gate().enter().now, start);
  EXPECT_EQ(server.gate().wall_time(), start);
  clock.instant = start - std::chrono::seconds{1};
  EXPECT_EQ(server.gate().enter().now, start);
  clock.instant = start + std::chrono::seconds{1};
  EXPECT_EQ(server.gate().enter().now, clock.instant);
  EXPECT_EQ(server.gate().wall_time(), clock.instant);
}

TEST(Gate, KeepsTheWallTimeForSignaturesWhereAsked) {
  Desk desk{echo};
  const VirtualClock clock{Instant{}};
  Server server{desk, {.clock = &clock, .wall_time_for_signatures = true}};
  EXPECT_EQ(server.gate().enter().now, Instant{});
  EXPECT_GT(server.gate().wall_time(), Instant{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}});
}

// ---- The client ----

TEST(Client, SaysThatNobodyListens) {
  Desk desk{echo};
  auto server = std::make_unique<Server>(desk);
  Client client{server->port()};
  server.reset();
  const Response response = client.send({});
  EXPECT_EQ(response.status, 0);
  EXPECT_THAT(response.body, HasSubstr("no connection"));
}

TEST(Client, SendsTargetAndHeadersAsTheyAre) {
  Desk desk{echo};
  const Server server{desk};
  Client client{server.port()};
  const Response response =
      client.send({.method = "POST",
                   .target = "/a%2Fb%20c",
                   .headers = {{"Host", "sts.us-east-1.amazonaws.com"}, {"X-Note", "a, b=c;d"}},
                   .body = "hello"});
  EXPECT_THAT(response.body, StartsWith("POST /a%2Fb%20c\n"));
  EXPECT_THAT(response.body, HasSubstr("\nHost: sts.us-east-1.amazonaws.com\n"));
  EXPECT_THAT(response.body, HasSubstr("\nX-Note: a, b=c;d\n"));
  EXPECT_THAT(response.body, testing::EndsWith("\n\nhello"));
  EXPECT_EQ(*response.header("content-type"), "text/xml");
}

TEST(Client, RefusesToSendALineBreakInAHeader) {
  Desk desk{echo};
  const Server server{desk};
  Client client{server.port()};
  EXPECT_THAT(client.send({.headers = {{"x-apikey", "key\r\nx-other: 1"}}}).body, HasSubstr("line break"));
  EXPECT_EQ(desk.requests, 0U);
}

}  // namespace
}  // namespace rushhour::http
