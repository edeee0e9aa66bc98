// On real sockets: the loopback address, ports that the system chooses, and no waiting for time to pass.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <rushhour/http/certificates.hpp>
#include <rushhour/http/intercept.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>

#include "connection.hpp"
#include "tls_connection.hpp"

namespace rushhour::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* virustotal = "www.virustotal.com";

/// Says what reached it: method, target and Host.
class Echo final : public Service {
 public:
  Response handle(const Request& request, Gate& gate) override {
    const Gate::Entry entry = gate.enter();
    ++requests;
    const std::string* const host = request.header("Host");
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.target + " at " + (host == nullptr ? "" : *host) +
                    (request.body.empty() ? "" : " with " + request.body)};
  }
  int requests = 0;  ///< guarded by the gate
};

bool is_virustotal(std::string_view host) { return equals_ignoring_case(host, virustotal); }

class Interception : public testing::Test {
 protected:
  [[nodiscard]] std::string ca() const { return interceptor.authority().certificate_pem(); }
  void expect_answer(const TlsConnection& tls, const std::string& host) const {
    ASSERT_TRUE(tls.is_open()) << tls.verification();
    tls.send("GET /api HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(tls.receive_all(), EndsWith("\r\n\r\nGET /api at " + host));
  }

  Echo echo;
  Server server{echo};
  Interceptor interceptor{echo, server.gate(), {.serves = is_virustotal}};
};

// ---- The ways in ----

TEST_F(Interception, ServesTlsInATunnel) {
  Connection connection{interceptor.port()};
  connection.send("CONNECT www.virustotal.com:443 HTTP/1.1\r\nHost: www.virustotal.com:443\r\n\r\n");
  EXPECT_EQ(connection.receive(), "HTTP/1.1 200 Connection Established\r\n\r\n");
  expect_answer({connection, ca(), virustotal}, virustotal);
}

TEST_F(Interception, ServesPlainHttpInATunnel) {
  Connection connection{interceptor.port()};
  connection.send("CONNECT www.virustotal.com:80 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 "));
  connection.send("GET /api HTTP/1.1\r\nHost: www.virustotal.com\r\n\r\n");
  EXPECT_THAT(connection.receive(), EndsWith("GET /api at www.virustotal.com"));
}

TEST_F(Interception, ServesTlsAtOnce) {
  const Connection connection{interceptor.port()};
  expect_answer({connection, ca(), virustotal}, virustotal);
}

TEST_F(Interception, ServesLoopbackByItsAddressOverTls) {
  Connection connection{interceptor.port()};
  connection.send("CONNECT 127.0.0.1:443 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 "));
  expect_answer({connection, ca(), "127.0.0.1"}, "127.0.0.1");
}

TEST_F(Interception, ServesPlainHttpAndTakesTheProxysFormOffIt) {
  Connection connection{interceptor.port()};
  connection.send(
      "GET http://www.virustotal.com/api?x=%20 HTTP/1.1\r\nHost: other\r\nProxy-Connection: "
      "keep-alive\r\n\r\n");
  EXPECT_THAT(connection.receive(), EndsWith("GET /api?x=%20 at www.virustotal.com"));
  connection.send("GET HTTP://WWW.virustotal.com?x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(connection.receive(), EndsWith("GET /?x at WWW.virustotal.com"));
  connection.send("POST /form HTTP/1.1\r\nHost: www.virustotal.com\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(connection.receive(), EndsWith("POST /form at www.virustotal.com with hello"));
  connection.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n");
  EXPECT_THAT(connection.receive(), EndsWith("GET / at 127.0.0.1:80"));
}

TEST_F(Interception, CarriesManyRequestsOnATunnel) {
  Connection connection{interceptor.port()};
  connection.send("CONNECT www.virustotal.com:443 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 "));
  const TlsConnection tls{connection, ca(), virustotal};
  ASSERT_TRUE(tls.is_open());
  for (int i = 0; i < 49; ++i)
    tls.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: www.virustotal.com\r\n\r\n");
  tls.send("GET /last HTTP/1.1\r\nHost: www.virustotal.com\r\nConnection: close\r\n\r\n");
  const std::string all = tls.receive_all();
  EXPECT_THAT(all, HasSubstr("GET /48 at"));
  EXPECT_THAT(all, EndsWith("GET /last at www.virustotal.com"));
}

// ---- What is refused ----

TEST_F(Interception, RefusesATunnelToAnotherHostAndSaysWhatToDo) {
  Connection connection{interceptor.port()};
  connection.send("CONNECT s3.amazonaws.com:443 HTTP/1.1\r\n\r\n");
  const std::string answer = connection.receive();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 502 Bad Gateway\r\n"));
  EXPECT_THAT(answer, HasSubstr("s3.amazonaws.com is no host that rushhour serves"));
  EXPECT_THAT(answer, HasSubstr("mock the call"));
  EXPECT_EQ(connection.receive(), "") << "and the connection ends";
}

TEST_F(Interception, RefusesAnotherHostInsideTls) {
  const Connection connection{interceptor.port()};
  const TlsConnection tls{connection, ca(), "api.github.com"};
  ASSERT_TRUE(tls.is_open()) << "so that the client can be told why: " << tls.verification();
  tls.send("GET / HTTP/1.1\r\nHost: api.github.com\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(tls.receive_all(), HasSubstr("api.github.com is no host that rushhour serves"));
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(Interception, RefusesAnotherHostInTheProxysFormAndInATunnel) {
  Connection plain{interceptor.port()};
  plain.send("GET http://example.com/ HTTP/1.1\r\nHost: www.virustotal.com\r\n\r\n");
  EXPECT_THAT(plain.receive(), StartsWith("HTTP/1.1 502 "));
  Connection tunnel{interceptor.port()};
  tunnel.send("CONNECT www.virustotal.com:80 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(tunnel.receive(), StartsWith("HTTP/1.1 200 "));
  tunnel.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
  EXPECT_THAT(tunnel.receive(), StartsWith("HTTP/1.1 502 "));
}

TEST_F(Interception, EndsAConnectionThatSpeaksNoTlsThoughItBeginsSo) {
  Connection connection{interceptor.port()};
  connection.send(std::string{"\x16\x03\x01"} + std::string(500, 'x'));
  const std::string alert = connection.receive();
  EXPECT_LE(alert.size(), 7U) << "an alert of TLS, if anything";
}

TEST_F(Interception, SpeaksNoTlsOlderThan12) {
  const Connection old{interceptor.port()};
  EXPECT_FALSE((TlsConnection{old, ca(), virustotal, TLS1_1_VERSION}.is_open()));
  const Connection newer{interceptor.port()};
  EXPECT_TRUE((TlsConnection{newer, ca(), virustotal, TLS1_2_VERSION}.is_open()));
}

// ---- Certificates ----

TEST_F(Interception, ChoosesHttp11) {
  const Connection connection{interceptor.port()};
  const TlsConnection tls{connection, ca(), virustotal};
  EXPECT_EQ(tls.protocol(), "http/1.1");
}

TEST(CertificateAuthority, IsOfItsProcessAlone) {
  const CertificateAuthority one;
  const CertificateAuthority other;
  EXPECT_THAT(one.certificate_pem(), StartsWith("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_NE(one.certificate_pem(), other.certificate_pem());
  Echo echo;
  Server server{echo};
  const Interceptor interceptor{echo, server.gate(), {.serves = is_virustotal}};
  const Connection connection{interceptor.port()};
  const TlsConnection tls{connection, other.certificate_pem(), virustotal};
  EXPECT_FALSE(tls.is_open());
}

TEST(CertificateAuthority, CertifiesAHostOnce) {
  const CertificateAuthority authority;
  EXPECT_EQ(authority.certificate_pem("sts.amazonaws.com"), authority.certificate_pem("STS.amazonaws.com"));
  EXPECT_NE(authority.certificate_pem("sts.amazonaws.com"), authority.certificate_pem("iam.amazonaws.com"));
}

TEST(CertificateAuthority, KeepsABoundedNumber) {
  const CertificateAuthority authority;
  for (std::size_t i = 0; i < CertificateAuthority::hosts_max; ++i)
    static_cast<void>(authority.certificate_pem("host-" + std::to_string(i) + ".example"));
  EXPECT_NE(authority.certificate_pem("one-too-many.example"),
            authority.certificate_pem("one-too-many.example"));
  EXPECT_EQ(authority.certificate_pem("host-1.example"), authority.certificate_pem("host-1.example"));
}

TEST(CertificateAuthority, HasTheFieldsThatStrictClientsAskFor) {
  const CertificateAuthority authority;
  const auto root = read_certificate(authority.certificate_pem());
  const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + ".example";
  for (const std::string& host :
       {std::string{"sts.us-east-1.amazonaws.com"}, std::string{"127.0.0.1"}, long_name}) {
    const auto leaf = read_certificate(authority.certificate_pem(host));
    ASSERT_NE(leaf, nullptr) << host;
    EXPECT_EQ(X509_check_ca(leaf.get()), 0) << host;
    EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(root.get())), 1) << host;
    EXPECT_EQ(X509_check_purpose(leaf.get(), X509_PURPOSE_SSL_SERVER, 0), 1) << host;
    for (const int id : {NID_basic_constraints, NID_key_usage}) {
      EXPECT_TRUE(
          X509_EXTENSION_get_critical(X509_get_ext(leaf.get(), X509_get_ext_by_NID(leaf.get(), id, -1))));
    }
    for (const int id : {NID_subject_key_identifier, NID_authority_key_identifier, NID_ext_key_usage,
                         NID_subject_alt_name}) {
      EXPECT_GE(X509_get_ext_by_NID(leaf.get(), id, -1), 0) << host;
    }
    EXPECT_EQ(host == "127.0.0.1" ? X509_check_ip_asc(leaf.get(), host.c_str(), 0)
                                  : X509_check_host(leaf.get(), host.data(), host.size(), 0, nullptr),
              1)
        << host;
  }
  EXPECT_EQ(X509_check_ca(root.get()), 1);
}

TEST(CertificateAuthority, PutsNothingOfAClientsIntoAnExtensionButAName) {
  const CertificateAuthority authority;
  const auto leaf = read_certificate(authority.certificate_pem("a.example,DNS:www.virustotal.com"));
  EXPECT_EQ(X509_check_host(leaf.get(), virustotal, 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_host(leaf.get(), "localhost", 0, 0, nullptr), 1);
}

// ---- Connections ----

TEST_F(Interception, ServesManyClientsAtATime) {
  constexpr int clients = 16;
  constexpr int rounds = 5;
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < rounds; ++k) {
        const Connection connection{interceptor.port()};
        const TlsConnection tls{connection, ca(), virustotal};
        if (!tls.is_open()) continue;
        tls.send("GET / HTTP/1.1\r\nHost: www.virustotal.com\r\nConnection: close\r\n\r\n");
        if (tls.receive_all().ends_with("GET / at www.virustotal.com")) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, clients * rounds);
  EXPECT_EQ(server.gate().enter().lock.owns_lock() ? echo.requests : 0, clients * rounds);
}

TEST_F(Interception, StopsThoughClientsStayInTheirTunnels) {
  Connection silent{interceptor.port()};
  Connection tunnel{interceptor.port()};
  tunnel.send("CONNECT www.virustotal.com:443 HTTP/1.1\r\n\r\n");
  EXPECT_THAT(tunnel.receive(), StartsWith("HTTP/1.1 200 "));
  const Connection below{interceptor.port()};
  const TlsConnection tls{below, ca(), virustotal};
  ASSERT_TRUE(tls.is_open());
  const auto begin = std::chrono::steady_clock::now();
  interceptor.stop();
  interceptor.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{1});
  EXPECT_EQ(silent.receive(), "");
  EXPECT_EQ(tls.receive_all(), "");
}

TEST(IsLoopback, KnowsItsNames) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LocalHost", "a.localhost"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host :
       {"", "128.0.0.1", "127.example.com", "notlocalhost", "localhost.example.com", "::2"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

}  // namespace
}  // namespace rushhour::http
