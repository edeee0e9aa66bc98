#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <rushhour/fakes/detail/session_extras.hpp>
#include <rushhour/fakes/detail/session_token.hpp>
#include <rushhour/fakes/iam.hpp>

namespace rushhour::fakes::detail {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;

const SessionClaims claims{.subject = 7,
                           .serial = 99,
                           .account = 123'456'789'012,
                           .issued = Instant{Duration{1'700'000'000'000'000'001}},
                           .expires = Instant{Duration{1'700'003'600'000'000'000}},
                           .kind = CallerKind::federated_user,
                           .is_multi_factor = true,
                           .name = SessionName{"bob"}};

SessionTokens tokens() { return SessionTokens{Random{1}.stream("iam.sessions")}; }

TEST(SessionTokens, ReadWhatTheyWereMadeWith) {
  SessionTokens made = tokens();
  const aws::Credentials credentials = made.issue(claims);
  EXPECT_THAT(credentials.session_token, StartsWith("IQoJb3JpZ2luX2Vj"));
  for (const auto& read : {made.check(credentials), tokens().check(credentials),
                           tokens().read(credentials.access_key_id, credentials.session_token)}) {
    ASSERT_TRUE(read);
    EXPECT_EQ(read->subject, 7U);
    EXPECT_EQ(read->serial, 99U);
    EXPECT_EQ(read->account, 123'456'789'012U);
    EXPECT_EQ(read->issued, claims.issued);
    EXPECT_EQ(read->expires, claims.expires);
    EXPECT_EQ(read->kind, CallerKind::federated_user);
    EXPECT_TRUE(read->is_multi_factor);
    EXPECT_FALSE(read->has_extras);
    EXPECT_EQ(read->name.text(), "bob");
  }
}

TEST(SessionTokens, CarryExtrasOfAnyLength) {
  SessionTokens made = tokens();
  SessionClaims with = claims;
  with.has_extras = true;
  for (const std::size_t size : {1U, 2U, 3U, 250U, 2'900U, 8'192U}) {
    const std::string extras(size, 'x');
    const aws::Credentials credentials = made.issue(with, extras);
    EXPECT_TRUE(made.check(credentials)->has_extras);
    EXPECT_EQ(made.extras_of(credentials.session_token), extras);
  }
}

TEST(SessionTokens, AreFilledUpToASize) {
  SessionTokens made = tokens();
  const std::size_t natural = made.issue(claims).session_token.size();
  for (const std::size_t wanted : {0U, 1U, 500U, 501U, 502U, 503U, 4'096U}) {
    const aws::Credentials credentials = made.issue(claims, {}, wanted);
    EXPECT_GE(credentials.session_token.size(), wanted);
    EXPECT_LE(credentials.session_token.size(), std::max(natural, wanted + 3));
    EXPECT_EQ(tokens().check(credentials)->serial, 99U) << wanted;
  }
}

TEST(SessionTokens, RefuseOneThatIsDamagedAnywhere) {
  SessionTokens made = tokens();
  SessionClaims with = claims;
  with.has_extras = true;
  const aws::Credentials good = made.issue(with, "p");
  for (std::size_t at = 0; at < good.session_token.size(); ++at) {
    aws::Credentials bad = good;
    bad.session_token[at] = bad.session_token[at] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(made.check(bad)) << at;
    bad.session_token.resize(at);
    EXPECT_FALSE(made.check(bad)) << at;
  }
  EXPECT_FALSE(made.read(good.access_key_id, std::string(20'000, 'A')));
}

TEST(SessionTokens, RefuseAnotherSecretOrAnotherAccessKey) {
  SessionTokens made = tokens();
  aws::Credentials credentials = made.issue(claims);
  EXPECT_FALSE(made.read("ASIAAAAAAAAAAAAAAAAA", credentials.session_token));
  credentials.secret_access_key.back() ^= 1;
  EXPECT_FALSE(made.check(credentials));
}

TEST(SessionTokens, WriteTheAccountIntoAccessKeyIdsAsAwsDoes) {
  EXPECT_THAT(tokens().issue(claims).access_key_id, MatchesRegex("ASIA[Q-Z2-7][A-Z2-7]+"));
  EXPECT_EQ(SessionTokens::account_in(tokens().issue(claims).access_key_id), 123'456'789'012U);
  // From the source's own example.
  EXPECT_EQ(SessionTokens::account_in("ASIAQNZGKIQY56JQ7WML"), 29'608'264'753U);
  EXPECT_EQ(SessionTokens::account_id(29'608'264'753U), "029608264753");
  EXPECT_EQ(SessionTokens::account_number("029608264753"), 29'608'264'753U);
  for (const std::string_view text : {"", "ASIA", "ASIA0000000000000000", "ASIAQNZGKIQY56JQ7WMLX"}) {
    EXPECT_FALSE(SessionTokens::account_in(text)) << text;
  }
}

TEST(SessionExtras, ComeOutInTheirOrder) {
  const NewSession wanted{
      .policies = {R"({ "Statement" : [ "a \" b" ] })"},
      .tags = {{.key = "team", .value = "soc", .is_transitive = true}, {.key = "empty", .value = ""}},
      .source_identity = "alice",
      .policy_arns = {"arn:aws:iam::aws:policy/AdministratorAccess"}};
  std::string seen;
  for_each_extra(pack_extras(wanted), [&](Extra kind, std::string_view text) {
    seen += static_cast<char>(kind);
    seen += '=';
    for (const char c : text) seen += c == '\0' ? ':' : c;
    seen += ';';
  });
  EXPECT_EQ(seen,
            R"(p={"Statement":["a \" b"]};a=arn:aws:iam::aws:policy/AdministratorAccess;T=team:soc;t=empty:;)"
            "s=alice;");
  EXPECT_TRUE(has_extras(wanted));
  EXPECT_FALSE(has_extras(NewSession{.is_multi_factor = true}));
}

TEST(SessionExtras, DropWhiteSpaceOnlyBetweenTokens) {
  EXPECT_EQ(without_white_space("{\n \"a b\" :\t[1 , \"\\\\\" , \"c \\\" d\"]\r}"),
            R"({"a b":[1,"\\","c \" d"]})");
}

}  // namespace
}  // namespace rushhour::fakes::detail
