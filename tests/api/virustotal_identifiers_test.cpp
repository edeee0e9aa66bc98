#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <rushhour/api/virustotal/identifiers.hpp>

namespace rushhour::api::virustotal {
namespace {

using ::testing::Optional;

TEST(VirusTotalIdentifiers, HashTheCanonicalUrlToTheRecordedIds) {
  const auto id = [](std::string_view url) { return sha256_text(canonical_url(url).value_or("")); };
  EXPECT_EQ(id("http://www.google.com"), "dd014af5ed6b38d9130e3f466f850e46d21b951199d53a18ef29ee9341614eaf");
  EXPECT_EQ(id("http://virustotal.com/"), "a354494a73382ea0b4bc47f4c9e8d6c578027cd4598196dc88f05a22b5817293");
  EXPECT_EQ(id("http://example.com/"), "2a1b402420ef46577471cdc7409b0fa2c6a204db316e59ade2d805435489a067");
}

TEST(VirusTotalIdentifiers, AUrlHasOneCanonicalForm) {
  for (const char* same : {"example.com", "HTTP://EXAMPLE.com", "http://example.com:80/",
                           "http://example.com/#a", "  http://example.com ", "http://example.com."}) {
    EXPECT_THAT(canonical_url(same), Optional(std::string{"http://example.com/"})) << same;
  }
  EXPECT_THAT(canonical_url("https://b\xc3\xbc"
                            "cher.de:8443/a b?q=\xc3\xbc"),
              Optional(std::string{"https://xn--bcher-kva.de:8443/a%20b?q=%C3%BC"}));
  EXPECT_THAT(canonical_url("http://[2001:DB8:0::1]/"), Optional(std::string{"http://[2001:db8::1]/"}));
  EXPECT_THAT(canonical_url("http://example.com?x=1"), Optional(std::string{"http://example.com/?x=1"}));
}

TEST(VirusTotalIdentifiers, ACanonicalUrlStaysAsItIs) {
  for (const char* url : {"http://u:p@example.com/%2F?a=b%20c", "https://1.2.3.4:8080/x", "ftp://a.b/;x=1"}) {
    EXPECT_THAT(canonical_url(url), Optional(std::string{url}));
  }
}

TEST(VirusTotalIdentifiers, WhatIsNoUrlHasNoForm) {
  for (const char* text :
       {"", "junk", "http://", "http:///x", "gopher://example.com/", "http://a..b/", "http://1.2.3",
        "http://example.com:99999/", "http://exa mple.com/", "http://example.com/\n", "http://[::1/"}) {
    EXPECT_EQ(canonical_url(text), std::nullopt) << text;
  }
}

TEST(VirusTotalIdentifiers, AUrlsIdIsItsBase64) {
  EXPECT_EQ(url_id("http://www.google.com"), "aHR0cDovL3d3dy5nb29nbGUuY29t");
  EXPECT_THAT(url_of_id("aHR0cDovL3d3dy5nb29nbGUuY29t"), Optional(std::string{"http://www.google.com"}));
  for (const char* url : {"a", "ab", "abc", "http://x.y/?\xff\xfe~~~"}) {
    EXPECT_THAT(url_of_id(url_id(url)), Optional(std::string{url}));
    EXPECT_THAT(url_of_id(url_id(url) + "=="), Optional(std::string{url})) << "padding is taken";
  }
  EXPECT_EQ(url_of_id("!"), std::nullopt);
  EXPECT_EQ(url_of_id(""), std::nullopt);
}

TEST(VirusTotalIdentifiers, AHashIsKnownByItsLength) {
  EXPECT_EQ(hash_kind(md5_text("")), HashKind::md5);
  EXPECT_EQ(hash_kind(sha1_text("")), HashKind::sha1);
  EXPECT_EQ(hash_kind(sha256_text("")), HashKind::sha256);
  EXPECT_EQ(hash_kind("D41D8CD98F00B204E9800998ECF8427E"), HashKind::md5);
  EXPECT_EQ(hash_kind("d41d8cd98f00b204e9800998ecf8427"), HashKind::none);
  EXPECT_EQ(hash_kind("g41d8cd98f00b204e9800998ecf8427e"), HashKind::none);
  EXPECT_EQ(md5_text(""), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(VirusTotalIdentifiers, ADomainIsWhatSomeoneCanRegister) {
  EXPECT_THAT(canonical_domain("WWW.Example.COM."), Optional(std::string{"www.example.com"}));
  EXPECT_THAT(canonical_domain("m\xc3\xbcnchen.de"), Optional(std::string{"xn--mnchen-3ya.de"}));
  EXPECT_THAT(canonical_domain("shop.co.za"), Optional(std::string{"shop.co.za"}));
  EXPECT_THAT(canonical_domain("_dmarc.example.com"), Optional(std::string{"_dmarc.example.com"}));
  for (const char* name : {"", "localhost", "xpressco.za", "a.test", "1.2.3.4", "a..b.com", "-a.com", "a.c",
                           "a b.com", "a.com/x", "server.local"}) {
    EXPECT_EQ(canonical_domain(name), std::nullopt) << name;
  }
  EXPECT_EQ(canonical_domain(std::string(64, 'a') + ".com"), std::nullopt);
}

}  // namespace
}  // namespace rushhour::api::virustotal
