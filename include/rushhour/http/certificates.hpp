/// \file
/// A certificate authority that lives as long as its process: it vouches for any host before clients that
/// trust its certificate. Neither its key nor any other ever leaves memory; only certificate_pem() is meant
/// for a file. What is said under the certificates is intercept.hpp's business.
///
/// Form: RFC 5280, as `openssl verify -x509_strict` and Python's VERIFY_X509_STRICT, the default since 3.13,
/// ask for it (spec virustotal.md 5.3).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/http/detail/stream.hpp>

namespace rushhour::http {

/// Any number of threads may use one.
class CertificateAuthority {
 public:
  /// Makes its keys: EC P-256, one for itself and one for all hosts. \throws std::runtime_error when OpenSSL
  /// cannot.
  CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;
  ~CertificateAuthority();

  /// The authority's own certificate, as clients read it from a file.
  [[nodiscard]] const std::string& certificate_pem() const;
  /// The certificate for a host name or IPv4 address, made at the first call and kept, up to hosts_max.
  [[nodiscard]] std::string certificate_pem(std::string_view host) const;

  /// Becomes the server's side of TLS on a connection: 1.2 or newer, ALPN http/1.1, with the certificate of
  /// the host that the client names (SNI), or of `host` where it names none. Null when the client and it do
  /// not come to terms by the deadline. `below` outlives what is returned, as the authority does.
  [[nodiscard]] std::unique_ptr<detail::Stream> accept(detail::Stream& below, std::string_view host,
                                                       detail::Deadline deadline) const;

  /// Kept certificates; those of further hosts are made anew each time. [CHOICE]
  static constexpr std::size_t hosts_max = 256;

  /// The OpenSSL side.
  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rushhour::http

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/http/detail/certificates_inl.hpp>
#endif
