#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <rushhour/http/certificates.hpp>
#include <rushhour/http/detail/tls_stream.hpp>

namespace rushhour::http {

namespace detail {

using KeyPointer = std::unique_ptr<EVP_PKEY, OpenSslDelete<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, OpenSslDelete<X509_free>>;
using ContextPointer = std::unique_ptr<SSL_CTX, OpenSslDelete<SSL_CTX_free>>;

RUSHHOUR_INLINE void require_openssl(bool ok, const char* what) {
  if (ok) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error(std::string{"OpenSSL cannot "} + what + ": " + text.data());
}

RUSHHOUR_INLINE KeyPointer make_key() {
  KeyPointer key{EVP_EC_gen("P-256")};
  require_openssl(key != nullptr, "make a key");
  return key;
}

RUSHHOUR_INLINE void add_extension(X509& certificate, X509& issuer, int id, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, OpenSslDelete<X509_EXTENSION_free>> extension{
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
  require_openssl(extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1,
                  "extend a certificate");
}

RUSHHOUR_INLINE void add_name(X509_NAME* name, const char* field, std::string_view text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  require_openssl(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, static_cast<int>(text.size()),
                                             -1, 0) == 1,
                  "name a certificate");
}

/// All that authority and hosts have in common. Valid from 2000 to 2049: tests set their clocks to any time
/// between, and from 2050 on dates have another form.
RUSHHOUR_INLINE CertificatePointer begin_certificate(EVP_PKEY& key, std::string_view common_name) {
  CertificatePointer out{X509_new()};
  require_openssl(out != nullptr && X509_set_version(out.get(), 2) == 1, "make a certificate");
  std::array<unsigned char, 16> serial{};
  require_openssl(RAND_bytes(serial.data(), serial.size()) == 1, "draw a serial number");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x40);  // positive, and of 16 bytes
  const std::unique_ptr<BIGNUM, OpenSslDelete<BN_free>> number{
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr)};
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get()));
  ASN1_TIME_set_string_X509(X509_getm_notBefore(out.get()), "20000101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(out.get()), "20491231235959Z");
  X509_NAME* const subject = X509_get_subject_name(out.get());
  add_name(subject, "O", "rushhour");
  constexpr std::size_t common_name_max = 64;  // RFC 5280, appendix A
  if (common_name.size() <= common_name_max) add_name(subject, "CN", common_name);
  require_openssl(X509_set_pubkey(out.get(), &key) == 1, "take a key");
  return out;
}

RUSHHOUR_INLINE CertificatePointer make_authority(EVP_PKEY& key) {
  CertificatePointer out = begin_certificate(key, "rushhour, of one process");
  X509_set_issuer_name(out.get(), X509_get_subject_name(out.get()));
  add_extension(*out, *out, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*out, *out, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(*out, *out, NID_subject_key_identifier, "hash");
  add_extension(*out, *out, NID_authority_key_identifier, "keyid:always");
  require_openssl(X509_sign(out.get(), &key, EVP_sha256()) > 0, "sign a certificate");
  return out;
}

/// Of letters, digits, `-`, `.` and `_`: what goes into an extension's text and means nothing there.
[[nodiscard]] RUSHHOUR_INLINE bool is_host_name(std::string_view text) {
  constexpr std::size_t name_max = 253;  // RFC 1035, section 2.3.4
  return !text.empty() && text.size() <= name_max && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

RUSHHOUR_INLINE std::string pem_of(X509& certificate) {
  const std::unique_ptr<BIO, OpenSslDelete<BIO_free_all>> bio{BIO_new(BIO_s_mem())};
  require_openssl(bio != nullptr && PEM_write_bio_X509(bio.get(), &certificate) == 1, "print a certificate");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace detail

struct CertificateAuthority::State {
  State() : key(detail::make_key()), host_key(detail::make_key()), certificate(detail::make_authority(*key)) {
    pem = detail::pem_of(*certificate);
    context.reset(SSL_CTX_new(TLS_server_method()));
    detail::require_openssl(context != nullptr, "begin TLS");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // memory that no client gives back
    SSL_CTX_set_num_tickets(context.get(), 0);  // clients that have gone would be sent one, and get a reset
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
    SSL_CTX_set_cert_cb(context.get(), choose_certificate, this);
  }

  /// For `host`, in lower case; loopback's where it is no name that a certificate could have.
  [[nodiscard]] detail::CertificatePointer certificate_for(std::string_view host) {
    std::string name = detail::is_host_name(host) ? std::string{host} : std::string{"localhost"};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    const std::lock_guard lock{mutex};
    const auto known = hosts.find(name);
    if (known != hosts.end()) return share(*known->second);
    detail::CertificatePointer made = make_for(name);
    if (hosts.size() < hosts_max) hosts.emplace(std::move(name), share(*made));
    return made;
  }

  [[nodiscard]] static detail::CertificatePointer share(X509& shared) {
    X509_up_ref(&shared);
    return detail::CertificatePointer{&shared};
  }

  [[nodiscard]] detail::CertificatePointer make_for(const std::string& host) const {
    const std::unique_ptr<ASN1_OCTET_STRING, detail::OpenSslDelete<ASN1_OCTET_STRING_free>> address{
        a2i_IPADDRESS(host.c_str())};
    const std::string name = (address != nullptr ? "IP:" : "DNS:") + host;
    detail::CertificatePointer out = detail::begin_certificate(*host_key, host);
    X509_set_issuer_name(out.get(), X509_get_subject_name(certificate.get()));
    detail::add_extension(*out, *certificate, NID_basic_constraints, "critical,CA:FALSE");
    detail::add_extension(*out, *certificate, NID_key_usage, "critical,digitalSignature");
    detail::add_extension(*out, *certificate, NID_ext_key_usage, "serverAuth");
    detail::add_extension(*out, *certificate, NID_subject_key_identifier, "hash");
    detail::add_extension(*out, *certificate, NID_authority_key_identifier, "keyid:always");
    detail::add_extension(*out, *certificate, NID_subject_alt_name,
                          host == "localhost" ? name + ",IP:127.0.0.1" : name);
    detail::require_openssl(X509_sign(out.get(), key.get(), EVP_sha256()) > 0, "sign a certificate");
    return out;
  }

  /// OpenSSL asks once the client has said whom it wants to speak to.
  static int choose_certificate(SSL* tls, void* state) {
    const char* const named = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
    const auto* const fallback = static_cast<const std::string*>(SSL_get_app_data(tls));
    try {
      auto& self = *static_cast<State*>(state);
      const detail::CertificatePointer chosen = self.certificate_for(named != nullptr ? named : *fallback);
      return SSL_use_cert_and_key(tls, chosen.get(), self.host_key.get(), nullptr, 1);
    } catch (const std::exception&) {  // none may pass through a library of C
      return 0;
    }
  }

  static int select_protocol(SSL* /*tls*/, const unsigned char** out, unsigned char* out_size,
                             const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
    static constexpr unsigned char spoken[] = "\x08http/1.1";
    unsigned char* selected = nullptr;
    const int found =
        SSL_select_next_proto(&selected, out_size, spoken, sizeof spoken - 1, offered, offered_size);
    *out = selected;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
  }

  detail::KeyPointer key;
  detail::KeyPointer host_key;
  detail::CertificatePointer certificate;
  detail::ContextPointer context;
  std::string pem;
  std::mutex mutex;
  std::map<std::string, detail::CertificatePointer, std::less<>> hosts;  ///< guarded by it
};

RUSHHOUR_INLINE CertificateAuthority::CertificateAuthority() : state_(std::make_unique<State>()) {}
RUSHHOUR_INLINE CertificateAuthority::~CertificateAuthority() = default;
RUSHHOUR_INLINE const std::string& CertificateAuthority::certificate_pem() const { return state_->pem; }
RUSHHOUR_INLINE std::string CertificateAuthority::certificate_pem(std::string_view host) const {
  return detail::pem_of(*state_->certificate_for(host));
}

RUSHHOUR_INLINE std::unique_ptr<detail::Stream> CertificateAuthority::accept(
    detail::Stream& below, std::string_view host, detail::Deadline deadline) const {
  auto out = std::make_unique<detail::TlsStream>(*state_->context, below, host);
  if (!out->shake_hands(deadline)) return nullptr;
  return out;
}

}  // namespace rushhour::http
