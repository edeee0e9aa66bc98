#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include <rushhour/fakes/detail/random_password.hpp>
#include <rushhour/fakes/detail/secret_filters.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes::detail {
namespace {

using api::secretsmanager::GetRandomPassword;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SecretFilters, SplitTextsIntoWords) {
  EXPECT_THAT(words_of("one two"), ElementsAre("one", "two"));
  EXPECT_THAT(words_of("prod/db/Main"), ElementsAre("prod", "db", "main"));
  EXPECT_THAT(words_of("MyTestSecret"), ElementsAre("my", "test", "secret"));
  EXPECT_THAT(words_of("theURLOfIt"), ElementsAre("the", "url", "of", "it"));
  EXPECT_THAT(words_of("db2"), ElementsAre("db2"));
  EXPECT_THAT(words_of("My/secret-Key two"), ElementsAre("my/secret-key two"));
  EXPECT_THAT(words_of(" /"), IsEmpty());
  EXPECT_THAT(words_of(""), IsEmpty());
}

TEST(SecretFilters, WithoutWordsMatchNothing) {
  EXPECT_FALSE(matches_words("/", "one"));
  EXPECT_FALSE(matches_words("", "one"));
  EXPECT_FALSE(matches_words("one", ""));
}

TEST(SecretFilters, WithoutFiltersEverySecretIsMeant) {
  EXPECT_TRUE(matches(Secret{.name = "a"}, std::vector<api::secretsmanager::Filter>{}));
  EXPECT_FALSE(matches(Secret{.name = "a"}, std::vector{api::secretsmanager::Filter{.key = "name"}}))
      << "a filter without values means none";
}

TEST(RandomPassword, ComesFromItsStream) {
  const Stream stream = Random{7}.stream("passwords");
  const auto password = [&](std::uint64_t part) { return random_password({}, stream.part(part)).value(); };
  EXPECT_EQ(password(1), password(1));
  EXPECT_NE(password(1), password(2));
}

TEST(RandomPassword, UsesEveryCharacterAndNoOther) {
  std::set<char> seen;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const GetRandomPassword request{
        .password_length = 4096, .exclude_characters = "aZ9~", .include_space = true};
    const std::string password = random_password(request, Random{i}.stream("passwords")).value();
    seen.insert(password.begin(), password.end());
  }
  EXPECT_EQ(seen.size(), 26U + 26U + 10U + 32U + 1U - 4U) << "seeds 0 to 19";
  for (const char c : std::string{"aZ9~"}) EXPECT_FALSE(seen.contains(c)) << c;
}

}  // namespace
}  // namespace rushhour::fakes::detail
