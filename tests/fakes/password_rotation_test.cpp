#include <rushhour/fakes/password_rotation.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rushhour::fakes {
namespace {

using detail::with_json_text;

TEST(PasswordRotation, ReplacesOneValueOfAJsonObjectAndNothingElse) {
  EXPECT_EQ(with_json_text(R"( {"a" : 1, "password": "old" ,"b":[{"password":2}]} )", "password", "n\"ew"),
            R"( {"a" : 1, "password": "n\"ew" ,"b":[{"password":2}]} )");
  EXPECT_EQ(with_json_text(R"({"password":{"deep":[1,2]}})", "password", "x"), R"({"password":"x"})");
}

TEST(PasswordRotation, FindsAKeyThatIsWrittenWithEscapes) {
  EXPECT_EQ(with_json_text(R"({"p\u0061ss":null})", "pass", "x"), R"({"p\u0061ss":"x"})");
}

TEST(PasswordRotation, TakesTheLastOfTwoKeysAsReadersDo) {
  EXPECT_EQ(with_json_text(R"({"k":1,"k":2})", "k", "x"), R"({"k":1,"k":"x"})");
}

TEST(PasswordRotation, WantsAJsonObjectWithTheKey) {
  for (const char* const text :
       {"", "plain", "[\"k\"]", R"({"other":1})", R"({"k":1)", R"({"k":1} x)", "\"k\""}) {
    EXPECT_EQ(with_json_text(text, "k", "x"), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rushhour::fakes
