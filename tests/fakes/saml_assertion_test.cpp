#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/xml_reader.hpp>
#include <rushhour/fakes/saml_assertion.hpp>

namespace rushhour::fakes {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::optional<SamlAssertion> read(std::string_view xml) {
  std::string text;
  rushhour::detail::append_base64(text, xml);
  return read_saml_assertion(text);
}

std::string attribute(std::string_view name, std::string_view value) {
  return R"(<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/)" + std::string{name} +
         R"("><saml:AttributeValue>)" + std::string{value} + "</saml:AttributeValue></saml:Attribute>";
}

std::string response(std::string_view assertions) {
  return R"(<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">)" + std::string{assertions} +
         "</samlp:Response>";
}

TEST(SamlAssertion, SaysWhatAwsReads) {
  const auto seen = read(response(
      R"(<saml:Assertion IssueInstant="2026-03-02T01:00:00.123Z"><saml:Issuer> https://idp </saml:Issuer>)"
      R"(<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">a&amp;b)"
      R"(</saml:NameID><saml:SubjectConfirmation><saml:SubjectConfirmationData )"
      R"(NotOnOrAfter="2026-03-02T01:05:00Z" Recipient="https://signin.aws.amazon.com/saml"/>)"
      R"(</saml:SubjectConfirmation></saml:Subject>)"
      R"(<saml:AuthnStatement SessionNotOnOrAfter="2026-03-02T02:00:00Z"/><saml:AttributeStatement>)" +
      attribute("Role", " arn:aws:iam::1:role/r , arn:aws:iam::1:saml-provider/p ") +
      attribute("RoleSessionName", "alice") + attribute("SourceIdentity", "alice-0") +
      attribute("PrincipalTag:team", "blue") + attribute("TransitiveTagKeys", "team") +
      "</saml:AttributeStatement></saml:Assertion>"));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->issuer, "https://idp");
  EXPECT_EQ(seen->subject, "a&b");
  EXPECT_EQ(seen->subject_type, "transient");
  EXPECT_EQ(seen->recipient, "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(seen->issued, parse_iso8601("2026-03-02T01:00:00.123Z"));
  EXPECT_EQ(seen->not_on_or_after, parse_iso8601("2026-03-02T01:05:00Z"));
  EXPECT_EQ(seen->session_not_on_or_after, parse_iso8601("2026-03-02T02:00:00Z"));
  EXPECT_THAT(seen->roles, ElementsAre(Pair("arn:aws:iam::1:role/r", "arn:aws:iam::1:saml-provider/p")));
  EXPECT_EQ(seen->role_session_name, "alice");
  EXPECT_EQ(seen->source_identity, "alice-0");
  EXPECT_THAT(seen->principal_tags, ElementsAre(Pair("team", "blue")));
  EXPECT_THAT(seen->transitive_tag_keys, ElementsAre("team"));
}

TEST(SamlAssertion, NamesRoleAndProviderInEitherOrder) {
  const auto seen = read("<Assertion><AttributeStatement>" +
                         attribute("Role", "arn:aws:iam::1:saml-provider/p,arn:aws:iam::1:role/r") +
                         "</AttributeStatement></Assertion>");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->roles, ElementsAre(Pair("arn:aws:iam::1:role/r", "arn:aws:iam::1:saml-provider/p")));
}

TEST(SamlAssertion, StandsAloneOrOnceInAResponse) {
  EXPECT_TRUE(read("<Assertion/>"));
  EXPECT_TRUE(read(response("<Assertion/>")));
  EXPECT_FALSE(read(response("<Assertion/><Assertion/>")));
  EXPECT_FALSE(read(response("")));
  EXPECT_FALSE(read(response("<Extensions><Assertion/></Extensions>")));
  EXPECT_FALSE(read_saml_assertion("not base64!"));
}

TEST(XmlReader, RefusesWhatIsNotWellFormed) {
  for (const std::string_view text :
       {"", "<a>", "<a></b>", "<a", "<a b></a>", "<a b=c/>", "<a b='c/>", "<a/><b/>", "<a>&unknown;</a>",
        "<a>&amp</a>", "text", "<a/>text", "<1", "< a/>", "</a>", "<?xml version='1.0'"}) {
    EXPECT_FALSE(detail::XmlReader{text}.read()) << text;
  }
}

/// How assertions are forged: readers that disagree about what a comment or an entity means.
TEST(XmlReader, RefusesCommentsSectionsAndDocumentTypes) {
  for (const std::string_view text :
       {"<a>admin<!-- x -->@evil</a>", "<a><![CDATA[x]]></a>", "<!DOCTYPE a><a/>", "<a><?pi x?></a>"}) {
    EXPECT_FALSE(detail::XmlReader{text}.read()) << text;
  }
}

TEST(XmlReader, RefusesNestingBeyond32) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "<a>";
    for (int i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_TRUE(detail::XmlReader{nested(32)}.read());
  EXPECT_FALSE(detail::XmlReader{nested(33)}.read());
}

TEST(XmlReader, ReadsAttributesTextAndChildren) {
  const auto seen =
      detail::XmlReader{"<?xml version='1.0'?>\n<x:a b=\"1 &lt; 2\" c='&quot;'>t<d>u</d>v&apos;</x:a >\n"}
          .read();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->name, "a");
  EXPECT_EQ(seen->attribute("b"), "1 < 2");
  EXPECT_EQ(seen->attribute("c"), "\"");
  EXPECT_EQ(seen->attribute("d"), "");
  EXPECT_EQ(seen->text, "tv'");
  ASSERT_NE(seen->find("d"), nullptr);
  EXPECT_EQ(seen->find("d")->text, "u");
}

}  // namespace
}  // namespace rushhour::fakes
