#include <rushhour/http/message.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rushhour::http {
namespace {

TEST(Request, SplitsItsTargetAtTheFirstQuestionMark) {
  const Request request{.target = "/a%20b/c?x=1?y&z=%3F"};
  EXPECT_EQ(request.path(), "/a%20b/c");
  EXPECT_EQ(request.query(), "x=1?y&z=%3F");
  EXPECT_EQ((Request{.target = "/a"}.query()), "");
  EXPECT_EQ((Request{.target = "/a?"}.path()), "/a");
  EXPECT_EQ((Request{.target = "/a?"}.query()), "");
}

TEST(Headers, AreFoundWithoutRegardToCase) {
  const Request request{.headers = {{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}}};
  ASSERT_NE(request.header("content-TYPE"), nullptr);
  EXPECT_EQ(*request.header("content-TYPE"), "text/plain");
  EXPECT_EQ(*request.header("X-a"), "1") << "the first of several";
  EXPECT_EQ(request.header("X-B"), nullptr);
  EXPECT_EQ(request.header("X-"), nullptr);
}

TEST(Headers, AreReplacedInPlaceAndOnceOnly) {
  Request request{.headers = {{"A", "1"}, {"B", "2"}, {"a", "3"}, {"C", "4"}, {"A", "5"}}};
  request.set_header("a", "6");
  EXPECT_EQ(request.headers, (Headers{{"A", "6"}, {"B", "2"}, {"C", "4"}}));
  request.set_header("D", "7");
  EXPECT_EQ(request.headers.back(), (Header{"D", "7"}));
}

TEST(Headers, AreRemovedWhereverTheyAre) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  remove_header(headers, "A");
  EXPECT_EQ(headers, (Headers{{"B", "2"}}));
  remove_header(headers, "Z");
  EXPECT_EQ(headers.size(), 1U);
}

TEST(EqualsIgnoringCase, FoldsAsciiLettersOnly) {
  EXPECT_TRUE(equals_ignoring_case("X-Amz-Date", "x-aMZ-dATE"));
  EXPECT_FALSE(equals_ignoring_case("[", "{")) << "next to the letters, 32 apart";
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(AcceptsGzip, IsSaidByNameOrByAnAsteriskAndNotTakenBack) {
  for (const char* taken : {"gzip", "GZIP", "x-gzip", "deflate, gzip", "br,gzip;q=0.001", " gzip ; q=1.0 ",
                            "*", "br, *;q=0.5", "gzip, *;q=0"}) {
    EXPECT_TRUE(accepts_gzip(taken)) << taken;
  }
  for (const char* refused : {"", "identity", "br, deflate", "gzip;q=0", "gzip;Q=0.000", "*, gzip;q=0",
                              "*;q=0", "gzipped", ",", ";q=1"}) {
    EXPECT_FALSE(accepts_gzip(refused)) << refused;
  }
}

TEST(PercentEncode, KeepsTheUnreservedCharactersOfRfc3986) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode(" !\"#$%&'()*+,/:;=?@[]"),
            "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D");
  EXPECT_EQ(percent_encode("gr\xC3\xBC\xC3\x9F"), "gr%C3%BC%C3%9F");
  EXPECT_EQ(percent_encode(std::string_view{"\0\n\x7F", 3}), "%00%0A%7F");
  EXPECT_EQ(percent_encode("a b/c", "/"), "a%20b/c");
}

TEST(PercentDecode, UndoesEveryEncoding) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("%2f%2F+"), "//+");
}

TEST(PercentDecode, LeavesWhatIsNoEscape) {
  for (const std::string text : {"%", "%2", "%zz", "%2x", "100%", "%%"})
    EXPECT_EQ(percent_decode(text), text);
  EXPECT_EQ(percent_decode("%%41"), "%A");
}

TEST(ParseForm, KeepsOrderAndRepetition) {
  EXPECT_EQ(parse_form("b=1&a=2&b=3&c&d=&&e=f=g&"),
            (std::vector<FormField>{{"b", "1"}, {"a", "2"}, {"b", "3"}, {"c", ""}, {"d", ""}, {"e", "f=g"}}));
  EXPECT_TRUE(parse_form("").empty());
}

TEST(ParseForm, DecodesPlusAsASpace) {
  EXPECT_EQ(parse_form("a+b=c%20d%2Be"), (std::vector<FormField>{{"a b", "c d+e"}}));
}

TEST(TakeField, TellsAnEmptyValueFromNone) {
  std::string_view rest = "a=&b";
  const auto a = take_field(rest);
  const auto b = take_field(rest);
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(a->has_value);
  EXPECT_FALSE(b->has_value);
  EXPECT_FALSE(take_field(rest).has_value());
}

// The body is what Python's urllib.parse.urlencode makes of these fields.
TEST(PrintForm, WritesTheBytesOfPythonsUrlencode) {
  const std::vector<FormField> fields{
      {"Action", "AssumeRole"}, {"RoleArn", "arn:aws:iam::1:role/R"}, {"x y", "a+b~*c"}};
  const std::string body = print_form(fields);
  EXPECT_EQ(body, "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2FR&x+y=a%2Bb~%2Ac");
  EXPECT_EQ(parse_form(body), fields);
}

TEST(HttpDate, IsWrittenAndReadAsInRfc9110) {
  const Instant instant = parse_iso8601("1994-11-06T08:49:37Z").value();
  EXPECT_EQ(to_http_date(instant), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(to_http_date(instant + std::chrono::milliseconds{999}), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), instant);
  for (int day = 0; day < 800; ++day) {
    const Instant each = instant + std::chrono::days{day};
    EXPECT_EQ(parse_http_date(to_http_date(each)), each);
  }
}

TEST(HttpDate, IsRefusedInAnyOtherForm) {
  for (const char* text :
       {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace rushhour::http
