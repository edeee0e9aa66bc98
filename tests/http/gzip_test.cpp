// Answers that a server compresses: only where the service says so, whatever the client takes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include <rushhour/http/detail/gzip.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>

#include "connection.hpp"

namespace rushhour::http {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a client makes of the bytes; "damaged" where they are no gzip.
std::string inflated(const std::string& bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + 16) != Z_OK) return "no memory";
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0;
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return is_whole ? out : "damaged";
}

TEST(Gzip, IsUndoneByZlib) {
  const std::string report(20'000, 'x');
  for (const std::string& body : {std::string{}, std::string{"{}"}, report}) {
    const auto compressed = detail::gzip(body);
    ASSERT_TRUE(compressed);
    EXPECT_EQ(inflated(*compressed), body);
  }
  EXPECT_LT(detail::gzip(report)->size(), 200U);
}

/// Says of `/gzip` that it is to be sent so.
class Compressing final : public Service {
 public:
  Response handle(const Request& request, Gate& /*gate*/) override {
    return {.status = request.path() == "/refused" ? 429 : 200,
            .headers = {{"Content-Type", "application/json"}},
            .body = std::string(1'000, 'r'),
            .is_sent_as_gzip = request.path() != "/plain"};
  }
};

class GzipServerTest : public testing::Test {
 protected:
  std::string ask(const std::string& path) {
    connection.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n");
    return connection.receive();
  }
  static std::string body(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  Compressing service;
  const Server server{service};
  Connection connection{server.port()};
};

TEST_F(GzipServerTest, CompressesWhatTheServiceSays) {
  for (const char* path : {"/gzip", "/refused", "/gzip"}) {  // on one connection
    const std::string answer = ask(path);
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Encoding: gzip\r\n")) << path;
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: " + std::to_string(body(answer).size()) + "\r\n"));
    EXPECT_LT(body(answer).size(), 200U);
    EXPECT_EQ(inflated(body(answer)), std::string(1'000, 'r'));
  }
}

TEST_F(GzipServerTest, CompressesNothingElse) {
  const std::string answer = ask("/plain");
  EXPECT_THAT(answer, Not(HasSubstr("Content-Encoding")));
  EXPECT_EQ(body(answer), std::string(1'000, 'r'));
}

}  // namespace
}  // namespace rushhour::http
