#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <rushhour/event/recorded.hpp>
#include <rushhour/fakes/cloudtrail_files.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {
namespace {

using event::traffic::LatenessQuantiles;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::MatchesRegex;

/// A folder that goes with its test.
class CloudTrailFilesTest : public testing::Test {
 protected:
  CloudTrailFilesTest() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder = std::filesystem::path{testing::TempDir()} / ("rushhour_trail_" + std::string{test.name()});
    std::filesystem::remove_all(folder);
  }
  ~CloudTrailFilesTest() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] CloudTrailFiles make(CloudTrailFilesOptions options = {}) {
    options.folder = folder;
    return CloudTrailFiles{log, options, panther.world.random.stream("cloudtrail_files")};
  }
  void rotate(Duration after, std::string_view account = "444455556666") {
    log.on_service_event({.name = "RotationStarted",
                          .secret_arn = "arn:aws:secretsmanager:us-east-1:444455556666:secret:a-AbCdEf",
                          .at = start + after,
                          .account = account,
                          .region = "us-east-1"});
  }
  [[nodiscard]] static std::string bytes_of(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream{path, std::ios::binary}.rdbuf();
    return out.str();
  }

  std::filesystem::path folder;
  PantherWorld panther;
  CloudTrailLog log{panther.world};
  const Instant start = panther.world.options.start;
};

TEST_F(CloudTrailFilesTest, HaveCloudTrailsLayout) {
  CloudTrailFiles files = make({.fixed_lateness = minutes{1}});
  rotate(minutes{1});
  EXPECT_EQ(files.next_mark(), start + minutes{5});
  EXPECT_EQ(files.deliver(start + minutes{5} - seconds{1}), 0U) << "the mark has not come";
  EXPECT_EQ(files.deliver(start + minutes{5}), 1U);
  EXPECT_THAT(std::filesystem::relative(files.files().at(0), folder).string(),
              MatchesRegex("AWSLogs/444455556666/CloudTrail/us-east-1/2026/03/02/"
                           "444455556666_CloudTrail_us-east-1_20260302T0005Z_[A-Za-z0-9]{16}.json.gz"));
  EXPECT_EQ(files.next_mark(), std::nullopt);
}

TEST_F(CloudTrailFilesTest, AreReadBackByOurOwnReader) {
  CloudTrailFiles files = make();
  for (int i = 0; i < 50; ++i) {
    rotate(seconds{i}, i % 2 == 0 ? "444455556666" : "111122223333");
  }
  files.finish();
  event::RecordedSource source{folder};
  std::uint64_t events = 0;
  for (event::Event event; source.next(event); ++events) {
    EXPECT_EQ(event.get("eventType").as_text(), "AwsServiceEvent");
  }
  EXPECT_EQ(events, 50U);
  EXPECT_EQ(source.damage_count(), 0U);
  EXPECT_EQ(source.files().size(), files.files().size());
}

TEST_F(CloudTrailFilesTest, AreOneForEachAccountAndNoLongerThanAllowed) {
  CloudTrailFiles files = make({.fixed_lateness = minutes{1}, .records_per_file_max = 2});
  for (int i = 0; i < 5; ++i) rotate(seconds{i});
  rotate(seconds{1}, "111122223333");
  EXPECT_EQ(files.deliver(start + minutes{5}), 4U);
}

/// The delivery's instant, as the name of the file says it.
Instant stamp_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return parse_iso8601(name.substr(name.find("_us-east-1_") + 11, 13) + "00Z").value();
}

TEST_F(CloudTrailFilesTest, AreLateAsTheMeasuredOnesWere) {
  CloudTrailFiles files = make();
  for (int i = 0; i < 2'000; ++i) rotate(std::chrono::milliseconds{i * 600});
  files.finish();
  std::vector<Duration> late;
  for (const std::filesystem::path& file : files.files()) {
    event::RecordedSource source{file};
    for (event::Event event; source.next(event);) late.push_back(stamp_of(file) - event.time());
  }
  ASSERT_EQ(late.size(), 2'000U);
  std::sort(late.begin(), late.end());
  const LatenessQuantiles measured;
  EXPECT_GE(late.front(), Duration::zero());
  EXPECT_LE(late.back(), measured.max + minutes{5} / 2) << "half a mark is what the nearest mark may add";
  EXPECT_GT(late[1'000], measured.p50 - seconds{60});
  EXPECT_LT(late[1'000], measured.p50 + seconds{60});
  EXPECT_GT(late[1'800], measured.p90 - seconds{60});
  EXPECT_LT(late[1'800], measured.p90 + seconds{60});
}

TEST_F(CloudTrailFilesTest, AreTheSameBytesForTheSameSeed) {
  const auto write = [this] {
    CloudTrailFiles files = make();
    files.on_record({.number = 1, .at = start, .account = "1", .region = "r", .json = "{}"});
    files.finish();
    return files.files().at(0).filename().string() + bytes_of(files.files().at(0));
  };
  EXPECT_EQ(write(), write());
}

TEST_F(CloudTrailFilesTest, SayWhatIsWrongWithTheirFolder) {
  std::ofstream{folder} << "a file";
  EXPECT_THROW(make(), InputError);
  std::filesystem::remove(folder);
  EXPECT_THROW(make({.records_per_file_max = 0}), InputError);
  EXPECT_THROW(make({.mark = Duration::zero()}), InputError);
}

}  // namespace
}  // namespace rushhour::fakes
