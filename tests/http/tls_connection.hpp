/// \file
/// The client's side of TLS on a connection, strict about certificates, for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include <rushhour/http/detail/tls_stream.hpp>

#include "connection.hpp"

namespace rushhour::http {

template <auto function>
using Delete = detail::OpenSslDelete<function>;

[[nodiscard]] inline std::unique_ptr<X509, Delete<X509_free>> read_certificate(const std::string& pem) {
  const std::unique_ptr<BIO, Delete<BIO_free_all>> bio{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return std::unique_ptr<X509, Delete<X509_free>>{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
}

/// A client that trusts one authority and nobody else.
class TlsConnection {
 public:
  /// Names `host` to the server, unless it is an address, and wants a certificate of it.
  TlsConnection(const Connection& below, const std::string& authority_pem, const std::string& host,
                int version_max = 0)
      : context_(SSL_CTX_new(TLS_client_method())) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), read_certificate(authority_pem).get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context_.get()), X509_V_FLAG_X509_STRICT);
    if (version_max != 0) SSL_CTX_set_max_proto_version(context_.get(), version_max);
    tls_.reset(SSL_new(context_.get()));
    const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), host.c_str());
    } else {
      SSL_set_tlsext_host_name(tls_.get(), host.c_str());
      SSL_set1_host(tls_.get(), host.c_str());
    }
    static constexpr unsigned char protocols[] = "\x02h2\x08http/1.1";
    SSL_set_alpn_protos(tls_.get(), protocols, sizeof protocols - 1);
    SSL_set_fd(tls_.get(), below.socket());
    is_open_ = SSL_connect(tls_.get()) == 1;
  }

  /// Whether both came to terms.
  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] std::string verification() const {
    return X509_verify_cert_error_string(SSL_get_verify_result(tls_.get()));
  }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* text = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(tls_.get(), &text, &size);
    return {reinterpret_cast<const char*>(text), size};
  }

  void send(std::string_view text) const {
    EXPECT_EQ(SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())),
              static_cast<int>(text.size()));
  }
  /// All until the server has nothing more to say: ask it to close.
  [[nodiscard]] std::string receive_all() const {
    std::string out;
    char bytes[4096];
    for (int got = 0; (got = SSL_read(tls_.get(), bytes, sizeof bytes)) > 0;)
      out.append(bytes, static_cast<std::size_t>(got));
    return out;
  }

 private:
  std::unique_ptr<SSL_CTX, Delete<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, Delete<SSL_free>> tls_;
  bool is_open_ = false;
};

}  // namespace rushhour::http
