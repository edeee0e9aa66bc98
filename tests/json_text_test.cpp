#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/random.hpp>

namespace {

using rushhour::detail::append_json_string;

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesWhatAStringCannotHold) {
  EXPECT_EQ(json_of("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_of(std::string_view{"\b\f\n\r\t\x01\x1f\0", 8}), R"("\b\f\n\r\t\u0001\u001f\u0000")");
  EXPECT_EQ(json_of(""), "\"\"");
}

TEST(JsonText, LetsUtf8ThroughAsItIs) {
  EXPECT_EQ(json_of("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x9A\xA6"), "\"\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x9A\xA6\"");
}

TEST(JsonText, ReplacesEachByteThatIsNoUtf8) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  for (const std::string_view bad : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                                     "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xE2\x82"}) {
    std::string expected = "\"a";
    for (std::size_t i = 0; i < bad.size(); ++i) expected += replacement;
    expected += "b\"";
    EXPECT_EQ(json_of("a" + std::string{bad} + "b"), expected);
  }
}

TEST(JsonText, WritesWhatNlohmannReadsBackForAnyBytes) {
  const rushhour::Stream bytes{20261121};
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    std::string text;
    const std::uint64_t length = bytes.part(i).at(0) % 12;
    for (std::uint64_t k = 1; k <= length; ++k) text += static_cast<char>(bytes.part(i).at(k));
    const nlohmann::json read = nlohmann::json::parse(json_of(text), nullptr, false);
    ASSERT_TRUE(read.is_string()) << "text " << i << ": " << json_of(text);
    // Its own replacement is per maximal subpart; equal texts are compared where nothing needed replacing.
    const nlohmann::json whole{text};
    std::string strict;
    try {
      strict = whole.dump();
    } catch (const nlohmann::json::type_error&) {
      continue;
    }
    ASSERT_EQ(read.get<std::string>(), text) << "text " << i;
  }
}

}  // namespace
