#include <rushhour/event/detail/record_splitter.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/random.hpp>

namespace rushhour::event::detail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A text in pieces of a given size, with an error at the end if there is one.
class TextReader final : public ByteReader {
 public:
  TextReader(std::string text, std::size_t piece, std::string error = {})
      : text_(std::move(text)), piece_(piece), error_(std::move(error)) {}
  std::size_t read(char* to, std::size_t size) override {
    const std::size_t count = std::min({size, piece_, text_.size() - at_});
    std::memcpy(to, text_.data() + at_, count);
    at_ += count;
    return count;
  }
  [[nodiscard]] std::string error() const override { return at_ == text_.size() ? error_ : ""; }

 private:
  std::string text_;
  std::size_t piece_;
  std::string error_;
  std::size_t at_ = 0;
};

/// Records as `offset:record`, damages as `offset!what`, with `!!` when the rest is lost.
std::vector<std::string> split(const std::string& text, std::size_t piece = 1 << 20,
                               const std::string& error = {}, std::size_t record_bytes_max = 1 << 20) {
  TextReader reader{text, piece, error};
  RecordSplitter splitter{reader, record_bytes_max};
  std::vector<std::string> out;
  while (true) {
    const RecordSplitter::Found found = splitter.next();
    if (found == RecordSplitter::Found::end) return out;
    if (out.size() > text.size()) return {"does not end"};
    const std::string offset = std::to_string(splitter.offset());
    if (found == RecordSplitter::Found::record) {
      out.push_back(offset + ":" + std::string{splitter.record()});
    } else {
      out.push_back(offset + (splitter.forfeits_rest() ? "!!" : "!") + splitter.what());
    }
  }
}

TEST(RecordSplitter, ReadsAnArray) {
  EXPECT_THAT(split(R"([{"a":1}, {"b":[{"c":2}]}
  ,{}])"),
              ElementsAre(R"(1:{"a":1})", R"(10:{"b":[{"c":2}]})", "29:{}"));
  EXPECT_THAT(split(" [ ] \n"), IsEmpty());
}

TEST(RecordSplitter, ReadsRecordsAsAwsDeliversThem) {
  EXPECT_THAT(split(R"({"Records":[{"a":1},{"b":2}]})"), ElementsAre(R"(12:{"a":1})", R"(20:{"b":2})"));
  EXPECT_THAT(split("\xef\xbb\xbf { \"Records\" : [ ] }"), IsEmpty());
  EXPECT_THAT(split("{\"Records\":[{}]}\n{\"Records\":[{}]}\n"), ElementsAre("12:{}", "29:{}"));
}

TEST(RecordSplitter, ReadsLines) {
  EXPECT_THAT(split("{\"a\":1}\n\n  {\"b\":2} \r\n{\"c\"\n"),
              ElementsAre(R"(0:{"a":1})", R"(11:{"b":2})", R"(21:{"c")"));
  EXPECT_THAT(split("{\"a\":1}\nnonsense\n{\"b\":2}"),
              ElementsAre(R"(0:{"a":1})", "8:nonsense", R"(17:{"b":2})"));
  EXPECT_THAT(split(R"({"Records":5})"), ElementsAre(R"(0:{"Records":5})"));
  EXPECT_THAT(split(R"({"Recorded":[]})"), ElementsAre(R"(0:{"Recorded":[]})"));
}

TEST(RecordSplitter, IsNotMisledByBracesAndQuotesInTexts) {
  EXPECT_THAT(split(R"([{"a":"}]{\"\\"},{"\\\"":"\\\\\"}"}])"),
              ElementsAre(R"(1:{"a":"}]{\"\\"})", R"(17:{"\\\"":"\\\\\"}"})"));
}

TEST(RecordSplitter, FindsTheSameInPiecesOfAnySize) {
  std::string array = "[";
  std::string lines;
  for (int i = 0; i < 40; ++i) {
    const std::string record = R"({"n":)" + std::to_string(i) + R"(,"t":"\\\" }{ )" +
                               std::string(static_cast<std::size_t>(i) * 9, 'x') + "\"}";
    array += (i == 0 ? " " : " ,\n") + record;
    lines += record + "\n";
  }
  array += "]";
  for (const std::string& text : {array, "{\"Records\": " + array + "}", lines}) {
    const std::vector<std::string> whole = split(text);
    ASSERT_EQ(whole.size(), 40U);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 1000U}) EXPECT_EQ(split(text, piece), whole);
  }
}

TEST(RecordSplitter, HoldsRecordsLongerThanItsFirstBuffer) {
  const std::string large = "{\"a\":\"" + std::string(900'000, 'x') + "\"}";
  EXPECT_THAT(split("[" + large + "," + large + "]", 65'536),
              ElementsAre("1:" + large, std::to_string(large.size() + 2) + ":" + large));
  EXPECT_THAT(split(large + "\n" + large, 65'536),
              ElementsAre("0:" + large, std::to_string(large.size() + 1) + ":" + large));
}

TEST(RecordSplitter, RefusesRecordsBeyondTheLimit) {
  const std::string large = "{\"a\":\"" + std::string(2'000'000, 'x') + "\"}";
  EXPECT_THAT(split("[{}," + large + ",{}]", 65'536),
              ElementsAre("1:{}", "4!!a record longer than 1048576 bytes"));
  EXPECT_THAT(
      split("{}\n" + large + "\n{}", 65'536),
      ElementsAre("0:{}", "3!a line longer than 1048576 bytes", std::to_string(large.size() + 4) + ":{}"));
}

TEST(RecordSplitter, SaysWhereAndHowAFileIsDamaged) {
  EXPECT_THAT(split(""), ElementsAre("0!!an empty file"));
  EXPECT_THAT(split(" \n "), ElementsAre("3!!an empty file"));
  EXPECT_THAT(split("[{}"), ElementsAre("1:{}", "3!!the file ends inside an array"));
  EXPECT_THAT(split("["), ElementsAre("1!!the file ends inside an array"));
  EXPECT_THAT(split("[{},"), ElementsAre("1:{}", "4!!the file ends inside an array"));
  EXPECT_THAT(split("[{\"a\":[{}"), ElementsAre("1!!the file ends inside a record"));
  EXPECT_THAT(split("[{\"a\":\"x\\\""), ElementsAre("1!!the file ends inside a record"));
  EXPECT_THAT(split("[{} {}]"), ElementsAre("1:{}", "4!!no comma between two records"));
  EXPECT_THAT(split("[{}, 5, {}]"), ElementsAre("1:{}", "5!!an array element that is no object"));
  EXPECT_THAT(split("[{},]"), ElementsAre("1:{}", "4!!an array element that is no object"));
  EXPECT_THAT(
      split("[{}]x"),
      ElementsAre("1:{}", "4!!neither an array of records, nor {\"Records\": [...]}, nor a record a line"));
  EXPECT_THAT(split("{\"Records\":[{}]"), ElementsAre("12:{}", "15!!something behind the records"));
  EXPECT_THAT(split("{\"Records\":[{}],\"more\":1}"),
              ElementsAre("12:{}", "15!!something behind the records"));
  EXPECT_THAT(split("eventTime,eventName\n"),
              ElementsAre("0!!neither an array of records, nor {\"Records\": [...]}, nor a record a line"));
}

TEST(RecordSplitter, PassesOnWhatTheReaderComplainsOf) {
  for (const std::size_t piece : {1U, 1000U}) {
    EXPECT_THAT(split("[{},{\"a\"", piece, "broken"), ElementsAre("1:{}", "4!!broken"));
    EXPECT_THAT(split("[{}]", piece, "broken"), ElementsAre("1:{}", "4!!broken"));
    EXPECT_THAT(split("{}\n{\"a\":", piece, "broken"), ElementsAre("0:{}", "3!!broken"));
    EXPECT_THAT(split("{}\n", piece, "broken"), ElementsAre("0:{}", "3!!broken"));
    EXPECT_THAT(split("", piece, "broken"), ElementsAre("0!!broken"));
  }
}

TEST(RecordSplitter, EndsOnAnyInput) {
  constexpr std::uint64_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Draws draws{Random{seed}.stream("record_splitter_test")};
  static constexpr std::string_view alphabet = "{}[]\",\\ \n:aR5";
  for (int i = 0; i < 3'000; ++i) {
    std::string text = i % 2 == 0 ? "[{\"a\":\"\\\"\"},{\"b\":[]}]" : "{\"Records\":[{},{\"a\":{}}]}\n{}\n";
    for (std::uint64_t changes = draws.next() % 6; changes > 0; --changes) {
      text[uniform_below(draws.next(), text.size())] = alphabet[uniform_below(draws.next(), alphabet.size())];
    }
    const std::vector<std::string> whole = split(text);
    ASSERT_THAT(whole, testing::Not(testing::Contains("does not end"))) << text;
    ASSERT_EQ(split(text, 1), whole) << text;
  }
}

}  // namespace
}  // namespace rushhour::event::detail
