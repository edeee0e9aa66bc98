#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include <rushhour/fakes/detail/base64url.hpp>
#include <rushhour/fakes/detail/test_keys.hpp>
#include <rushhour/fakes/json_web_token.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {

namespace detail {

template <auto free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Number = std::unique_ptr<BIGNUM, FreeWith<&BN_clear_free>>;
using SharedKey = std::shared_ptr<evp_pkey_st>;

RUSHHOUR_INLINE const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

RUSHHOUR_INLINE Number number(std::string_view bytes) {
  return Number{BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr)};
}

/// Big-endian; `size` bytes, or as many as it needs when 0.
RUSHHOUR_INLINE std::string bytes_of_number(const BIGNUM* value, int size = 0) {
  if (size == 0) size = BN_num_bytes(value);
  std::string out(static_cast<std::size_t>(size), '\0');
  RUSHHOUR_ASSERT(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), size) == size,
                  "a number fits its field");
  return out;
}

RUSHHOUR_INLINE std::string number_of(const SharedKey& key, const char* name, int size = 0) {
  BIGNUM* value = nullptr;
  RUSHHOUR_ASSERT(EVP_PKEY_get_bn_param(key.get(), name, &value) == 1, "the key has the number");
  const Number owned{value};
  return bytes_of_number(value, size);
}

// ---- Signatures with elliptic curves: deterministic, which OpenSSL is from 3.2 on only ----

RUSHHOUR_INLINE std::string hmac_sha384(std::string_view key, std::initializer_list<std::string_view> parts) {
  std::string message;
  for (const std::string_view part : parts) message += part;
  std::string out(48, '\0');
  unsigned size = 0;
  HMAC(EVP_sha384(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

/// The nonces of RFC 6979, section 3.2, for P-384 with SHA-384, where both are 384 bits long.
class DeterministicNonces {
 public:
  /// \param reduced  the digest modulo the group's order, 48 bytes
  DeterministicNonces(std::string_view private_key, std::string_view reduced) {
    for (const char round : {'\0', '\1'}) {
      key_ = hmac_sha384(key_, {value_, {&round, 1}, private_key, reduced});
      value_ = hmac_sha384(key_, {value_});
    }
  }
  [[nodiscard]] Number next() {
    value_ = hmac_sha384(key_, {value_});
    Number candidate = number(value_);
    constexpr char zero = '\0';
    key_ = hmac_sha384(key_, {value_, {&zero, 1}});  // for the next one, should this not do
    value_ = hmac_sha384(key_, {value_});
    return candidate;
  }

 private:
  std::string key_ = std::string(48, '\0');
  std::string value_ = std::string(48, '\1');
};

RUSHHOUR_INLINE std::string sign_es384(std::string_view private_key, std::string_view text) {
  std::string digest(48, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha384(),
             nullptr);
  const std::unique_ptr<BN_CTX, FreeWith<&BN_CTX_free>> work{BN_CTX_new()};
  const std::unique_ptr<EC_GROUP, FreeWith<&EC_GROUP_free>> group{EC_GROUP_new_by_curve_name(NID_secp384r1)};
  const std::unique_ptr<EC_POINT, FreeWith<&EC_POINT_free>> point{EC_POINT_new(group.get())};
  const BIGNUM* const order = EC_GROUP_get0_order(group.get());
  const Number secret = number(private_key);
  const Number z = number(digest);
  const Number r{BN_new()};
  const Number s{BN_new()};
  BN_nnmod(z.get(), z.get(), order, work.get());
  DeterministicNonces nonces{private_key, bytes_of_number(z.get(), 48)};
  while (true) {
    const Number k = nonces.next();
    if (BN_is_zero(k.get()) || BN_cmp(k.get(), order) >= 0) continue;
    EC_POINT_mul(group.get(), point.get(), k.get(), nullptr, nullptr, work.get());
    EC_POINT_get_affine_coordinates(group.get(), point.get(), r.get(), nullptr, work.get());
    BN_nnmod(r.get(), r.get(), order, work.get());
    BN_mod_mul(s.get(), r.get(), secret.get(), order, work.get());
    BN_mod_add(s.get(), s.get(), z.get(), order, work.get());
    const Number inverse{BN_mod_inverse(nullptr, k.get(), order, work.get())};
    BN_mod_mul(s.get(), s.get(), inverse.get(), order, work.get());
    if (!BN_is_zero(r.get()) && !BN_is_zero(s.get())) break;
  }
  return bytes_of_number(r.get(), 48) + bytes_of_number(s.get(), 48);
}

/// `r || s` as the DER that OpenSSL verifies.
RUSHHOUR_INLINE std::string der_signature(std::string_view raw) {
  const std::size_t half = raw.size() / 2;
  const std::unique_ptr<ECDSA_SIG, FreeWith<&ECDSA_SIG_free>> signature{ECDSA_SIG_new()};
  ECDSA_SIG_set0(signature.get(), number(raw.substr(0, half)).release(), number(raw.substr(half)).release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  std::string out{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
  OPENSSL_free(der);
  return out;
}

// ---- Keys ----

[[noreturn]] RUSHHOUR_INLINE void refuse_keys(std::string seen) {
  throw InputError({.expected = R"(a JWK set ({"keys": [...]}) of RSA and EC keys, or a public key in PEM)",
                    .seen = std::move(seen)});
}

RUSHHOUR_INLINE SharedKey key_of(EVP_PKEY* key) { return {key, &EVP_PKEY_free}; }

RUSHHOUR_INLINE SharedKey own_key(std::string_view pem) {
  const std::unique_ptr<BIO, FreeWith<&BIO_free>> text{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return key_of(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
}

RUSHHOUR_INLINE SharedKey key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, FreeWith<&OSSL_PARAM_free>> parameters{OSSL_PARAM_BLD_to_param(builder)};
  const std::unique_ptr<EVP_PKEY_CTX, FreeWith<&EVP_PKEY_CTX_free>> context{
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return key_of(key);
}

RUSHHOUR_INLINE std::string field_of(const nlohmann::json& key, const char* name) {
  const auto found = key.find(name);
  if (found == key.end() || !found->is_string()) refuse_keys(std::string{"a key without "} + name);
  auto bytes = from_base64url(found->get_ref<const std::string&>());
  if (!bytes || bytes->empty()) refuse_keys(std::string{"a key whose "} + name + " is no base64url");
  return std::move(*bytes);
}

/// Null when it is of no type that is verified here.
RUSHHOUR_INLINE SharedKey key_of_jwk(const nlohmann::json& jwk) {
  const std::unique_ptr<OSSL_PARAM_BLD, FreeWith<&OSSL_PARAM_BLD_free>> builder{OSSL_PARAM_BLD_new()};
  const std::string type = jwk.value("kty", "");
  if (type == "RSA") {
    const Number n = number(field_of(jwk, "n"));
    const Number e = number(field_of(jwk, "e"));
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    return key_from("RSA", builder.get());
  }
  const std::string curve = jwk.value("crv", "");
  if (type != "EC" || (curve != "P-256" && curve != "P-384")) return nullptr;
  const std::string point = "\x04" + field_of(jwk, "x") + field_of(jwk, "y");
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return key_from("EC", builder.get());
}

/// What an algorithm needs of key and signature.
struct AlgorithmRow {
  TokenAlgorithm algorithm;
  int key_type;
  int key_bits;                ///< 0: any
  std::size_t signature_size;  ///< 0: the key's
  const EVP_MD* (*digest)();
};
inline constexpr std::array<AlgorithmRow, 3> algorithm_rows{{
    {TokenAlgorithm::rs256, EVP_PKEY_RSA, 0, 0, &EVP_sha256},
    {TokenAlgorithm::es384, EVP_PKEY_EC, 384, 96, &EVP_sha384},
    {TokenAlgorithm::es256, EVP_PKEY_EC, 256, 64, &EVP_sha256},
}};

RUSHHOUR_INLINE bool verify_with(const SharedKey& key, const AlgorithmRow& row, const JsonWebToken& token) {
  if (EVP_PKEY_get_base_id(key.get()) != row.key_type) return false;
  if (row.key_bits != 0 && EVP_PKEY_get_bits(key.get()) != row.key_bits) return false;
  if (row.signature_size != 0 && token.signature.size() != row.signature_size) return false;
  const std::string signature =
      row.key_type == EVP_PKEY_EC ? der_signature(token.signature) : token.signature;
  const std::unique_ptr<EVP_MD_CTX, FreeWith<&EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
  return EVP_DigestVerifyInit(context.get(), nullptr, row.digest(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(token.signed_text),
                          token.signed_text.size()) == 1;
}

RUSHHOUR_INLINE std::string sign_rs256(std::string_view text) {
  const SharedKey key = own_key(test_rsa_key);
  const std::unique_ptr<EVP_MD_CTX, FreeWith<&EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
  std::string out(256, '\0');
  std::size_t size = out.size();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes_of(text),
                 text.size());
  out.resize(size);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<JsonWebToken> read_json_web_token(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto header = detail::from_base64url(text.substr(0, first));
  auto claims = detail::from_base64url(text.substr(first + 1, second - first - 1));
  auto signature = detail::from_base64url(text.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  const auto read = nlohmann::json::parse(*header, nullptr, false);
  if (!read.is_object() || !nlohmann::json::parse(*claims, nullptr, false).is_object()) return std::nullopt;
  const auto member = [&read](const char* name) {
    const auto found = read.find(name);
    return found != read.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  return JsonWebToken{.algorithm = member("alg"),
                      .key_id = member("kid"),
                      .claims = std::move(*claims),
                      .signed_text = std::string{text.substr(0, second)},
                      .signature = std::move(*signature)};
}

RUSHHOUR_INLINE JsonWebKeys JsonWebKeys::read(std::string_view text) {
  JsonWebKeys out;
  if (text.find("-----BEGIN") != std::string_view::npos) {
    const std::unique_ptr<BIO, detail::FreeWith<&BIO_free>> pem{
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    const detail::SharedKey key = detail::key_of(PEM_read_bio_PUBKEY(pem.get(), nullptr, nullptr, nullptr));
    if (key == nullptr) detail::refuse_keys("PEM that is no public key");
    out.keys_.push_back({.key = key});
    return out;
  }
  const auto set = nlohmann::json::parse(text, nullptr, false);
  if (!set.is_object() || !set.contains("keys") || !set["keys"].is_array()) detail::refuse_keys("neither");
  for (const nlohmann::json& jwk : set["keys"]) {
    if (!jwk.is_object()) detail::refuse_keys("a key that is no object");
    if (detail::SharedKey key = detail::key_of_jwk(jwk)) {
      out.keys_.push_back({.id = jwk.value("kid", ""), .key = std::move(key)});
    }
  }
  return out;
}

RUSHHOUR_INLINE bool JsonWebKeys::verify(const JsonWebToken& token) const {
  for (const detail::AlgorithmRow& row : detail::algorithm_rows) {
    if (name_of(row.algorithm) != token.algorithm) continue;
    for (const Key& each : keys_) {
      if (!each.id.empty() && !token.key_id.empty() && each.id != token.key_id) continue;
      if (detail::verify_with(each.key, row, token)) return true;
    }
  }
  return false;
}

RUSHHOUR_INLINE std::string signed_json_web_token(TokenAlgorithm algorithm, std::string_view claims) {
  const bool is_rsa = algorithm == TokenAlgorithm::rs256;
  RUSHHOUR_ASSERT(is_rsa || algorithm == TokenAlgorithm::es384, "the fakes sign RS256 and ES384");
  std::string out = detail::to_base64url(is_rsa ? R"({"kid":"RSA_0","typ":"JWT","alg":"RS256"})"
                                                : R"({"kid":"EC384_0","typ":"JWT","alg":"ES384"})");
  out += '.';
  out += detail::to_base64url(claims);
  const std::string signature =
      is_rsa ? detail::sign_rs256(out)
             : detail::sign_es384(
                   detail::number_of(detail::own_key(detail::test_ec384_key), OSSL_PKEY_PARAM_PRIV_KEY, 48),
                   out);
  return out + "." + detail::to_base64url(signature);
}

RUSHHOUR_INLINE std::string own_json_web_keys() {
  using detail::number_of;
  using detail::to_base64url;
  const detail::SharedKey rsa = detail::own_key(detail::test_rsa_key);
  const detail::SharedKey ec = detail::own_key(detail::test_ec384_key);
  return R"({"keys":[{"e":")" + to_base64url(number_of(rsa, OSSL_PKEY_PARAM_RSA_E)) +
         R"(","kid":"RSA_0","kty":"RSA","n":")" + to_base64url(number_of(rsa, OSSL_PKEY_PARAM_RSA_N)) +
         R"(","use":"sig"},{"alg":"ES384","crv":"P-384","kid":"EC384_0","kty":"EC","use":"sig","x":")" +
         to_base64url(number_of(ec, OSSL_PKEY_PARAM_EC_PUB_X, 48)) + R"(","y":")" +
         to_base64url(number_of(ec, OSSL_PKEY_PARAM_EC_PUB_Y, 48)) + R"("}]})";
}

}  // namespace rushhour::fakes
