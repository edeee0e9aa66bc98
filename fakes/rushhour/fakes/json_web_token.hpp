/// \file
/// JSON Web Tokens as web identity federation uses them (RFC 7515, 7517, 7518): reading, verifying with an
/// identity provider's public keys, and signing with the fakes' own. What the claims mean to STS is sts.hpp's
/// business.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>

struct evp_pkey_st;  // OpenSSL's key

namespace rushhour::fakes {

/// RS256 and ES384 are those of GetWebIdentityToken; ES256 is verified as well.
enum class TokenAlgorithm : std::uint8_t { rs256, es384, es256 };

[[nodiscard]] constexpr std::string_view name_of(TokenAlgorithm algorithm) {
  constexpr std::string_view texts[] = {"RS256", "ES384", "ES256"};
  return texts[static_cast<std::size_t>(algorithm)];
}
[[nodiscard]] constexpr std::optional<TokenAlgorithm> token_algorithm(std::string_view text) {
  for (const TokenAlgorithm each : {TokenAlgorithm::rs256, TokenAlgorithm::es384, TokenAlgorithm::es256}) {
    if (name_of(each) == text) return each;
  }
  return std::nullopt;
}

/// A token in compact form, taken apart. Nothing of it is verified.
struct JsonWebToken {
  std::string algorithm{};  ///< `alg` of the header: `RS256`
  std::string key_id{};     ///< `kid` of the header; empty: none
  std::string claims{};     ///< the payload: the text of a JSON object
  std::string signed_text{};
  std::string signature{};  ///< bytes
};

/// Nothing when the text has not three parts in base64url, of which the first two are JSON objects.
[[nodiscard]] std::optional<JsonWebToken> read_json_web_token(std::string_view text);

/// The public keys of an identity provider.
class JsonWebKeys {
 public:
  JsonWebKeys() = default;
  /// A JWK set (`{"keys":[...]}`, RSA and EC keys) or a public key in PEM. Throws InputError for what is
  /// neither.
  [[nodiscard]] static JsonWebKeys read(std::string_view text);

  /// Whether one of the keys made the signature: the one of the token's `kid`, where both have one.
  [[nodiscard]] bool verify(const JsonWebToken& token) const;

 private:
  struct Key {
    std::string id{};
    std::shared_ptr<evp_pkey_st> key{};
  };
  std::vector<Key> keys_;
};

/// A token of these claims (the text of a JSON object), signed with the fakes' own key for RS256 or ES384.
/// The same claims give the same token: ES384 takes its nonce from the text, as RFC 6979 has it.
[[nodiscard]] std::string signed_json_web_token(TokenAlgorithm algorithm, std::string_view claims);

/// The fakes' own keys as a JWK set, for who verifies: `RSA_0` and `EC384_0`, as AWS names its [REC 2026].
[[nodiscard]] std::string own_json_web_keys();

namespace detail {

/// `r || s`, 96 bytes, as RFC 7518 section 3.4 writes it.
/// \param private_key  48 bytes
[[nodiscard]] std::string sign_es384(std::string_view private_key, std::string_view text);

}  // namespace detail

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/json_web_token_inl.hpp>
#endif
