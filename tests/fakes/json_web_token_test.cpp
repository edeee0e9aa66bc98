#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <rushhour/fakes/json_web_token.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view claims = R"({"iss":"https://idp.example","sub":"alice"})";

// The token of RFC 7515, appendix A.2, and its key.
constexpr std::string_view rfc_rs256 =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb29"
    "0Ijp0cnVlfQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
    "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383"
    "LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
    "wlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr std::string_view rfc_rs256_key =
    R"({"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrc)"
    R"(S2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5)"
    R"(z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNm)"
    R"(oudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]})";

TEST(JsonWebToken, IsReadIntoItsParts) {
  const auto token = read_json_web_token(signed_json_web_token(TokenAlgorithm::rs256, claims));
  ASSERT_TRUE(token);
  EXPECT_EQ(token->algorithm, "RS256");
  EXPECT_EQ(token->key_id, "RSA_0");
  EXPECT_EQ(token->claims, claims);
  EXPECT_EQ(token->signature.size(), 256U);
}

TEST(JsonWebToken, IsNotReadFromWhatIsNone) {
  for (const std::string_view text :
       {"", "a.b", "....", "e30.e30", "not.a.token", "e30=.e30.", "W10.e30.", "e30.W10.", "e30.e30.!"}) {
    EXPECT_FALSE(read_json_web_token(text)) << text;
  }
  EXPECT_TRUE(read_json_web_token("e30.e30."));
}

TEST(JsonWebToken, OfRfc7515IsVerified) {
  const JsonWebKeys keys = JsonWebKeys::read(rfc_rs256_key);
  auto token = read_json_web_token(rfc_rs256);
  ASSERT_TRUE(token);
  EXPECT_TRUE(keys.verify(*token));
  token->signed_text.back() ^= 1;
  EXPECT_FALSE(keys.verify(*token));
}

TEST(JsonWebToken, OfRfc7515SignedWithP256IsVerified) {  // appendix A.3
  const JsonWebKeys keys = JsonWebKeys::read(
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
  const auto token = read_json_web_token(
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
      "b290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
      "Kg6NU1Q");
  ASSERT_TRUE(token);
  EXPECT_TRUE(keys.verify(*token));
}

TEST(JsonWebToken, IsVerifiedByTheKeysThatTheFakesPublish) {
  const JsonWebKeys keys = JsonWebKeys::read(own_json_web_keys());
  for (const TokenAlgorithm algorithm : {TokenAlgorithm::rs256, TokenAlgorithm::es384}) {
    auto token = read_json_web_token(signed_json_web_token(algorithm, claims));
    EXPECT_TRUE(keys.verify(*token)) << name_of(algorithm);
    token->signature.front() ^= 1;
    EXPECT_FALSE(keys.verify(*token)) << name_of(algorithm);
  }
}

TEST(JsonWebToken, IsTheSameEveryTime) {
  for (const TokenAlgorithm algorithm : {TokenAlgorithm::rs256, TokenAlgorithm::es384}) {
    EXPECT_EQ(signed_json_web_token(algorithm, claims), signed_json_web_token(algorithm, claims));
  }
  EXPECT_NE(signed_json_web_token(TokenAlgorithm::es384, claims),
            signed_json_web_token(TokenAlgorithm::es384, R"({"sub":"bob"})"));
}

/// RFC 6979, appendix A.2.6, SHA-384.
TEST(JsonWebToken, TakesItsNonceFromTheTextAsRfc6979Does) {
  const auto hex = [](std::string_view digits) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      out += static_cast<char>(std::stoi(std::string{digits.substr(i, 2)}, nullptr, 16));
    }
    return out;
  };
  const std::string key =
      hex("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5");
  EXPECT_EQ(
      detail::sign_es384(key, "sample"),
      hex("94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
          "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC"
          "8"));
}

TEST(JsonWebToken, IsNotVerifiedByAKeyOfAnotherNameOrKind) {
  const std::string own = own_json_web_keys();
  std::string renamed = own;
  renamed.replace(renamed.find("RSA_0"), 5, "RSA_1");
  const auto token = read_json_web_token(signed_json_web_token(TokenAlgorithm::rs256, claims));
  EXPECT_FALSE(JsonWebKeys::read(renamed).verify(*token));
  JsonWebToken confused = *token;
  confused.algorithm = "ES384";
  EXPECT_FALSE(JsonWebKeys::read(own).verify(confused));
  confused.algorithm = "none";
  confused.signature.clear();
  EXPECT_FALSE(JsonWebKeys::read(own).verify(confused));
}

TEST(JsonWebKeys, SayWhatTheyMissInTheirText) {
  for (const std::string_view text : {"", "{}", R"({"keys":[{"kty":"RSA","n":"AQAB"}]})", R"({"keys":[1]})",
                                      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}) {
    EXPECT_THROW(static_cast<void>(JsonWebKeys::read(text)), InputError) << text;
  }
  EXPECT_NO_THROW(static_cast<void>(JsonWebKeys::read(R"({"keys":[{"kty":"oct","k":"AQAB"}]})")));
}

}  // namespace
}  // namespace rushhour::fakes
