#include <rushhour/event/recorded.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <nlohmann/json.hpp>

#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const Instant noon = *parse_iso8601("2026-03-02T12:00:00Z");

/// A folder of its own for each test, gone afterwards.
class Recorded : public testing::Test {
 protected:
  Recorded() {
    const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{testing::TempDir()} / (std::string{"rushhour_recorded_"} + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Recorded() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
    return path;
  }
  fs::path write_gzip(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path;
  }

  fs::path folder_;
};

std::string record(int second, const std::string& name = "x") {
  return R"({"eventTime":")" + to_iso8601(noon + std::chrono::seconds{second}) + R"(","eventName":")" + name +
         "\"}";
}

std::vector<std::string> names(RecordedSource& source) {
  std::vector<std::string> out;
  Event event;
  while (source.next(event)) out.emplace_back(event.get("eventName").text_or("-"));
  return out;
}

/// `offset what`, with ` (rest)`.
std::vector<std::string> notes(const RecordedSource& source) {
  std::vector<std::string> out;
  for (const Damage& damage : source.damage()) {
    out.push_back(std::to_string(damage.offset) + " " + damage.what +
                  (damage.forfeits_rest ? " (rest)" : ""));
  }
  return out;
}

std::string mistake(const std::vector<fs::path>& paths, const RecordedOptions& options = {}) {
  try {
    RecordedSource source{paths, options};
    (void)names(source);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

RecordedOptions counting() { return {.on_damage = OnDamage::count}; }

TEST_F(Recorded, ReadsEveryFormPlainAndGzipped) {
  const std::string array = "[" + record(1, "a") + ",\n" + record(2, "b") + "]";
  const std::string lines = record(1, "a") + "\n" + record(2, "b") + "\n";
  for (const std::string& text : {array, "{\"Records\":" + array + "}", lines}) {
    RecordedSource plain{write("plain.json", text)};
    EXPECT_THAT(names(plain), ElementsAre("a", "b"));
    RecordedSource gzipped{write_gzip("packed.json.gz", text)};
    EXPECT_THAT(names(gzipped), ElementsAre("a", "b"));
    EXPECT_EQ(gzipped.events(), 2U);
    EXPECT_EQ(gzipped.damage_count(), 0U);
  }
}

TEST_F(Recorded, ReadsAFolderRecursivelyInTheOrderOfPaths) {
  write("b.ndjson", record(1, "b"));
  write_gzip("c.jsonl.gz", record(1, "c"));
  write("a/z.json", "[" + record(1, "az") + "]");
  write("a/b/c.json", "[" + record(1, "abc") + "]");
  write("LICENSE.txt", "no events");
  write("json", "no events");
  RecordedSource source{folder_};
  EXPECT_EQ(source.files().size(), 4U);
  EXPECT_THAT(names(source), ElementsAre("abc", "az", "b", "c"));
  RecordedSource chosen{std::vector{folder_ / "b.ndjson", folder_ / "a"}};
  EXPECT_THAT(names(chosen), ElementsAre("b", "abc", "az"));
}

TEST_F(Recorded, BuildsTheTreeThatTheTextSays) {
  const std::string text =
      R"({"eventTime":"2026-03-02T12:00:00Z","t":true,"f":false,"n":null,"i":-42,"big":9223372036854775807,)"
      R"("huge":18446744073709551615,"vast":123456789012345678901234567890,"r":2.5e3,"empty":{},"list":[1,"two",[3],{}],)"
      R"("esc\"aped\u00e9":"a\n\"b\"\\ \ud83d\udd11","plain":"Zürich / 🔑","nested":{"a":{"b":{"c":"deep"}}}})";
  RecordedSource source{write("a.json", text)};
  Event event;
  ASSERT_TRUE(source.next(event));
  const nlohmann::json expected = nlohmann::json::parse(text);
  EXPECT_EQ(nlohmann::json::parse(event.to_json()), expected);
  EXPECT_EQ(event.get("big").as_integer(), 9223372036854775807);
  EXPECT_EQ(event.get("huge").as_real(), 18446744073709551615.0);
  EXPECT_EQ(event.get("vast").as_real(), 123456789012345678901234567890.0);
  EXPECT_EQ(event.get("esc\"apedé"), Value{"a\n\"b\"\\ 🔑"});
  EXPECT_EQ(event.deep_get("nested", "a", "b", "c"), Value{"deep"});
  EXPECT_EQ(event.layout(), nullptr);
}

TEST_F(Recorded, ReadsWhatSyntheticTrafficWrites) {
  traffic::SyntheticCloudTrail traffic{{.events = 500, .start = noon}, Random{3}};
  std::vector<std::string> written;
  std::string lines;
  Event event;
  while (traffic.next(event)) {
    written.push_back(event.to_json());
    lines += written.back() + "\n";
  }
  RecordedSource source{write_gzip("a.ndjson.gz", lines)};
  for (const std::string& text : written) {
    ASSERT_TRUE(source.next(event));
    EXPECT_EQ(event.to_json(), text);
    EXPECT_EQ(event.log_type(), "AWS.CloudTrail");
    EXPECT_EQ(event.udm("user_agent"), event.get("userAgent"));
  }
  EXPECT_FALSE(source.next(event));
}

TEST_F(Recorded, NeverLetsAnEventArriveBeforeTheOneBefore) {
  const std::string text = record(5) + "\n" + record(3) + "\n" + record(9);
  RecordedSource source{write("a.ndjson", text)};
  Event event;
  std::vector<std::int64_t> arrivals;
  std::vector<std::int64_t> times;
  while (const Instant* due = source.peek()) {
    const Instant expected = *due;
    ASSERT_TRUE(source.next(event));
    EXPECT_EQ(event.arrival(), expected);
    EXPECT_EQ(event.id(), arrivals.size() + 1);
    arrivals.push_back((event.arrival() - noon) / std::chrono::seconds{1});
    times.push_back((event.time() - noon) / std::chrono::seconds{1});
  }
  EXPECT_THAT(arrivals, ElementsAre(5, 5, 9));
  EXPECT_THAT(times, ElementsAre(5, 3, 9));
  EXPECT_EQ(source.size_hint(), 0U);
}

TEST_F(Recorded, RebasesTimeOntoTheScenariosStartAndSpeed) {
  const fs::path path = write("a.ndjson", record(100) + "\n" + record(99) + "\n" + record(160));
  const Instant start = *parse_iso8601("2030-01-01T00:00:00Z");
  RecordedSource source{path, {.rebase_to = start, .speed = {2, 1}}};
  Event event;
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(event.arrival(), start);
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(event.arrival(), start);
  EXPECT_EQ(event.time(), start - std::chrono::milliseconds{500});
  ASSERT_TRUE(source.next(event));
  EXPECT_EQ(event.arrival(), start + std::chrono::seconds{30});
  EXPECT_EQ(event.get("eventTime"), Value{"2026-03-02T12:02:40Z"}) << "the record itself stays as it was";
  EXPECT_THAT(mistake({path}, {.speed = {0, 1}}), HasSubstr("a replay speed above 0"));
}

TEST_F(Recorded, CountsDamageThatCostsALine) {
  const std::string text = record(1, "a") + "\n{\"eventTime\":\n" + record(2, "b") + "\n" +
                           R"({"eventName":"no time"})" + "\n" + R"({"eventTime":"yesterday"})" +
                           "\n[1]\n\"text\"\n" + record(3, "c") + "}\n" + record(4, "d");
  RecordedSource source{write("a.ndjson", text), counting()};
  EXPECT_THAT(names(source), ElementsAre("a", "b", "d"));
  EXPECT_EQ(source.damage_count(), 6U);
  EXPECT_EQ(source.events(), 3U);
  for (const Damage& damage : source.damage()) {
    EXPECT_FALSE(damage.forfeits_rest);
    EXPECT_EQ(damage.file, (folder_ / "a.ndjson").string());
  }
  const std::size_t second = record(1, "a").size() + 1;
  EXPECT_GE(source.damage()[0].offset, second);
  EXPECT_LE(source.damage()[0].offset, second + 13);
  const std::size_t fourth = second + 14 + record(2, "b").size() + 1;
  EXPECT_THAT(notes(source)[1], std::to_string(fourth) + " a record without eventTime");
  EXPECT_THAT(notes(source)[2], HasSubstr("an eventTime that is no ISO 8601 time: \"yesterday\""));
  EXPECT_THAT(notes(source)[3], HasSubstr("a record that is no object"));
}

TEST_F(Recorded, ForfeitsTheRestOfAnArrayWhoseJsonIsBroken) {
  write("a.json", "[" + record(1, "a") + R"(,{"eventTime":tru},)" + record(2, "lost") + "]");
  write("b.json", "[" + record(3, "b") + R"(,{"eventName":"no time"},)" + record(4, "c") + "]");
  RecordedSource source{folder_, counting()};
  EXPECT_THAT(names(source), ElementsAre("a", "b", "c"));
  EXPECT_EQ(source.damage_count(), 2U);
  EXPECT_TRUE(source.damage()[0].forfeits_rest);
  EXPECT_THAT(source.damage()[0].file, HasSubstr("a.json"));
  EXPECT_FALSE(source.damage()[1].forfeits_rest) << "a record without a time is whole JSON";
}

TEST_F(Recorded, NamesFileByteAndAdviceWhenDamageIsFatal) {
  const fs::path path = write("a.json", "[" + record(1, "a") + ",{\"eventName\":\"b\"}]");
  EXPECT_EQ(mistake({path}),
            path.string() + ": expected recorded events, saw a record without eventTime at byte " +
                std::to_string(record(1, "a").size() + 2) + "; damage can also be counted and passed over");
  EXPECT_THAT(mistake({write("b.json", "[{}")}), HasSubstr("at byte 1; damage can also"));
  EXPECT_THAT(mistake({write("c.json", "[{\"a\":}]")}),
              HasSubstr("passed over, here with the rest of the file"));
}

TEST_F(Recorded, RefusesInvalidUtf8AndDeepNesting) {
  const std::string deep =
      R"({"eventTime":"2026-03-02T12:00:00Z","d":)" + std::string(500, '[') + std::string(500, ']') + "}";
  RecordedSource source{write("a.ndjson", "{\"eventTime\":\"\xff\"}\n" + deep + "\n" + record(1, "good")),
                        counting()};
  EXPECT_THAT(names(source), ElementsAre("good"));
  EXPECT_EQ(source.damage_count(), 2U);
}

TEST_F(Recorded, AgreesWithAnotherParserOnMutilatedRecords) {
  constexpr std::uint64_t seed = 8259;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Draws draws{Random{seed}.stream("recorded_test")};
  static constexpr std::string_view alphabet = "{}[]\",:\\ tfn0.-e1u\xc3\x01\t";
  const std::string whole =
      R"({"eventTime":"2026-03-02T12:00:00Z", "a":[1,-2.5e3,{"b":null}],"c\u00e9":"x\"\\\ud83d\udd11","d":{"e":true,"f":{}}})";
  std::string lines;
  std::vector<nlohmann::json> expected;
  std::uint64_t damaged = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string line = whole;
    for (std::uint64_t changes = draws.next() % 3; changes > 0; --changes) {
      const std::size_t at = 40 + uniform_below(draws.next(), line.size() - 40);
      const char c = alphabet[uniform_below(draws.next(), alphabet.size())];
      switch (draws.next() % 3) {
        case 0:
          line[at] = c;
          break;
        case 1:
          line.erase(at, 1);
          break;
        default:
          line.insert(at, 1, c);
      }
    }
    lines += line + "\n";
    nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
    if (parsed.is_discarded()) {
      ++damaged;
    } else {
      expected.push_back(std::move(parsed));
    }
  }
  RecordedSource source{write("a.ndjson", lines), counting()};
  Event event;
  for (const nlohmann::json& json : expected) {
    ASSERT_TRUE(source.next(event));
    // Two members of one name: nlohmann keeps the last, an event both.
    const nlohmann::json read = nlohmann::json::parse(event.to_json());
    ASSERT_EQ(read, json) << event.to_json();
  }
  EXPECT_FALSE(source.next(event));
  EXPECT_EQ(source.damage_count(), damaged);
  EXPECT_GT(damaged, 5'000U);
}

TEST_F(Recorded, ReportsATruncatedGzipFileAfterItsLastWholeRecord) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += record(i, "event " + std::to_string(i * 7919 % 2000)) + "\n";
  const fs::path path = write_gzip("a.ndjson.gz", lines);
  fs::resize_file(path, fs::file_size(path) / 2);
  RecordedSource source{path, counting()};
  const std::size_t read = names(source).size();
  EXPECT_GT(read, 500U);
  EXPECT_LT(read, 1500U);
  ASSERT_EQ(source.damage_count(), 1U);
  EXPECT_EQ(source.damage()[0].what, "the gzip file ends early");
  EXPECT_TRUE(source.damage()[0].forfeits_rest);
  EXPECT_THAT(mistake({path}), HasSubstr("the gzip file ends early"));
}

TEST_F(Recorded, ReportsAGzipFileWithABrokenBody) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += record(i, std::to_string(i * 7919 % 2000)) + "\n";
  const fs::path path = write_gzip("a.ndjson.gz", lines);
  std::FILE* const file = std::fopen(path.c_str(), "r+b");
  std::fseek(file, static_cast<long>(fs::file_size(path) / 2), SEEK_SET);
  std::fwrite("\0\0\0\0\0\0\0\0", 1, 8, file);
  std::fclose(file);
  RecordedSource source{path, counting()};
  (void)names(source);
  ASSERT_GE(source.damage_count(), 1U);
  EXPECT_TRUE(source.damage().back().forfeits_rest);
  EXPECT_THAT(source.damage().back().what, HasSubstr("the file cannot be read"));
}

TEST_F(Recorded, SaysWhatIsWrongWithAPath) {
  EXPECT_EQ(mistake({}), "expected at least one file or folder of recorded events");
  EXPECT_THAT(mistake({folder_ / "none.json"}),
              HasSubstr("none.json: expected a file or folder of recorded events, saw "));
  EXPECT_EQ(mistake({folder_}),
            folder_.string() +
                ": expected a folder with event files (.json, .ndjson, .jsonl, also with .gz), saw none");
  EXPECT_THAT(mistake({write("empty.json", "")}),
              HasSubstr("empty.json: expected recorded events, saw an empty file at byte 0"));
}

TEST_F(Recorded, KeepsABoundedNumberOfNotes) {
  std::string lines = record(1);
  for (int i = 0; i < 50; ++i) lines += "\n{}";
  RecordedSource source{write("a.ndjson", lines), {.on_damage = OnDamage::count, .damage_kept_max = 3}};
  (void)names(source);
  EXPECT_EQ(source.damage_count(), 50U);
  EXPECT_EQ(source.damage().size(), 3U);
}

TEST_F(Recorded, KeepsEventsApartThatAreInFlightTogether) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += record(i, "event " + std::to_string(i)) + "\n";
  RecordedSource source{write("a.ndjson", lines)};
  std::vector<Event> workers(7);
  std::vector<std::string> expected(7);
  for (int i = 0; i < 100; ++i) {
    const auto worker = static_cast<std::size_t>(i * 3 % 7);
    ASSERT_TRUE(source.next(workers[worker]));
    expected[worker] = "event " + std::to_string(i);
    for (std::size_t other = 0; other < workers.size(); ++other) {
      if (expected[other].empty()) continue;
      ASSERT_EQ(workers[other].get("eventName"), Value{expected[other]});
    }
  }
}

/// The folder that RUSHHOUR_REAL_CLOUDTRAIL names holds 310 records of DataDog's stratus-red-team, addresses
/// and accounts pseudonymised: most addresses became impossible ones.
TEST(RecordedRealCloudTrail, ReadsEveryRecordAndClassifiesItsSource) {
  const char* const folder = std::getenv("RUSHHOUR_REAL_CLOUDTRAIL");
  if (folder == nullptr)
    GTEST_SKIP() << "set RUSHHOUR_REAL_CLOUDTRAIL to a folder of recorded CloudTrail events";
  RecordedSource source{fs::path{folder}, {.rebase_to = noon}};
  std::map<std::string, int> by_name;
  std::map<std::string, int> by_class;
  Event event;
  Instant last = noon;
  while (source.next(event)) {
    ++by_name[std::string{event.get("eventName").text_or("-")}];
    ++by_class[std::string{to_text(cloudtrail::classify_source(event.udm("source_ip")))}];
    EXPECT_GE(event.arrival(), last);
    EXPECT_LE(event.time(), event.arrival());
    EXPECT_FALSE(event.udm("actor_user").is_null()) << event.to_json();
    EXPECT_EQ(nlohmann::json::parse(event.to_json())["eventID"], event.get("eventID").text_or(""));
    last = event.arrival();
  }
  EXPECT_EQ(source.events(), 310U);
  EXPECT_EQ(source.damage_count(), 0U);
  EXPECT_EQ(by_name["GetSecretValue"], 20);
  EXPECT_EQ(by_name["BatchGetSecretValue"], 5);
  EXPECT_EQ(by_name["AssumeRole"], 12);
  // Counted with Python's ipaddress.
  const std::map<std::string, int> expected{{"malformed", 107}, {"public_ipv4", 95}, {"reserved_ipv4", 108}};
  EXPECT_EQ(by_class, expected);
}

}  // namespace
}  // namespace rushhour::event
