/// \file
/// The server's side of TLS on top of another stream, by OpenSSL. Bytes pass through memory rather than from
/// OpenSSL to the socket, so that deadlines, and signals of broken connections, are the stream's below.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <rushhour/http/detail/stream.hpp>

namespace rushhour::http::detail {

/// What std::unique_ptr calls for a type of OpenSSL.
template <auto function>
struct OpenSslDelete {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

class TlsStream final : public Stream {
 public:
  /// `host` is whom the client asked for if it does not say so itself: the application data of the SSL.
  TlsStream(SSL_CTX& context, Stream& below, std::string_view host)
      : below_(below), host_(host), tls_(SSL_new(&context)) {
    from_client_ = BIO_new(BIO_s_mem());
    to_client_ = BIO_new(BIO_s_mem());
    SSL_set_bio(tls_.get(), from_client_, to_client_);  // which owns them from here on
    SSL_set_accept_state(tls_.get());
    SSL_set_app_data(tls_.get(), &host_);
  }
  ~TlsStream() override {
    ERR_clear_error();
    if (!is_open_ || SSL_shutdown(tls_.get()) < 0) return;
    static_cast<void>(flush(deadline_in(std::chrono::seconds{1})));
  }

  [[nodiscard]] bool shake_hands(Deadline deadline) {
    for (;;) {
      ERR_clear_error();
      const int result = SSL_do_handshake(tls_.get());
      const bool wants_more = result <= 0 && SSL_get_error(tls_.get(), result) == SSL_ERROR_WANT_READ;
      if (!flush(deadline)) return false;  // an alert too
      if (result == 1) return is_open_ = true;
      if (!wants_more || take_in(deadline) <= 0) return false;
    }
  }

  [[nodiscard]] std::ptrdiff_t receive(char* to, std::size_t size, Deadline deadline) override {
    for (;;) {
      std::size_t got = 0;
      ERR_clear_error();
      const int result = SSL_read_ex(tls_.get(), to, size, &got);
      if (result == 1) return static_cast<std::ptrdiff_t>(got);
      const int error = SSL_get_error(tls_.get(), result);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      if (error != SSL_ERROR_WANT_READ) {
        is_open_ = false;
        return -1;
      }
      if (!flush(deadline)) return -1;  // what a renewal of keys has to say
      if (const std::ptrdiff_t taken = take_in(deadline); taken <= 0) return taken;
    }
  }

  [[nodiscard]] bool send(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      std::size_t sent = 0;
      ERR_clear_error();
      if (SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent) != 1) {
        is_open_ = false;
        return false;
      }
      bytes.remove_prefix(sent);
    }
    return flush(deadline);
  }

  [[nodiscard]] bool has_more() const override {
    return SSL_pending(tls_.get()) > 0 || BIO_pending(from_client_) > 0 || below_.has_more();
  }

 private:
  /// From the stream below to OpenSSL.
  std::ptrdiff_t take_in(Deadline deadline) {
    std::array<char, 16 * 1024> bytes;
    const std::ptrdiff_t got = below_.receive(bytes.data(), bytes.size(), deadline);
    if (got > 0) BIO_write(from_client_, bytes.data(), static_cast<int>(got));
    return got;
  }
  /// And the other way.
  bool flush(Deadline deadline) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(to_client_, &bytes);
    if (size <= 0) return true;
    const bool sent = below_.send({bytes, static_cast<std::size_t>(size)}, deadline);
    static_cast<void>(BIO_reset(to_client_));
    return sent;
  }

  Stream& below_;
  const std::string host_;
  std::unique_ptr<SSL, OpenSslDelete<SSL_free>> tls_;
  BIO* from_client_ = nullptr;
  BIO* to_client_ = nullptr;
  bool is_open_ = false;
};

}  // namespace rushhour::http::detail
