#include <rushhour/scenario/profile.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/event/traffic/burst_arrivals.hpp>
#include <rushhour/event/traffic/bursty_arrivals.hpp>
#include <rushhour/event/traffic/diurnal_arrivals.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using event::traffic::SyntheticCloudTrailOptions;
using nlohmann::json;
using testing::HasSubstr;

const Instant start = *parse_iso8601("2026-03-02T14:00:20Z");

/// A folder that goes with its test.
class Folder {
 public:
  Folder() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string{"rushhour-"} + test.test_suite_name() + "-" + test.name();
    std::ranges::replace(name, '/', '-');
    path_ = std::filesystem::path{testing::TempDir()} / name;
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

std::string records(const SyntheticCloudTrailOptions& options, std::uint64_t seed = 99) {
  event::traffic::SyntheticCloudTrail source{options, Random{seed}};
  std::string out;
  for (event::Event event; source.next(event);) out += event.to_json() + "\n";
  return out;
}

struct Shape {
  std::string name;
  SyntheticCloudTrailOptions options;
  std::string process;  ///< that is to be found
};

void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

std::vector<Shape> shapes() {
  using namespace event::traffic;
  SyntheticCloudTrailOptions hour{.events = 30'000, .start = start, .duration = 1h};
  hour.event_names = {{"GetSecretValue", 1}, {"AssumeRole", 4}, {"ListBuckets", 5}};
  std::vector<Shape> out{{"Constant", hour, "constant"}};
  const auto add = [&](const std::string& name, const std::string& process, auto change) {
    Shape shape{name, hour, process};
    change(shape.options);
    out.push_back(std::move(shape));
  };
  add("Poisson", "poisson", [](auto& o) { o.arrivals = poisson_arrivals(); });
  add("Bursty", "bursty", [](auto& o) { o.arrivals = bursty_arrivals(); });
  add("BurstyBetweenSilence", "bursty", [](auto& o) {
    o.arrivals = bursty_arrivals({.calm_to_burst = {0, 1}, .calm = 20s, .burst = 5s});
  });
  add("OneBurst", "burst", [](auto& o) {
    o.arrivals = burst_arrivals({.from = 30min, .lasting = 4min, .factor = {20, 1}});
  });
  add("Diurnal", "diurnal", [](auto& o) {
    o.duration = 24h;
    o.events = 100'000;
    o.arrivals = diurnal_arrivals({.peak_to_trough = {3, 1}, .peak = 16h});
  });
  add("FewAddresses", "constant", [](auto& o) {
    o.addresses = 6;
    o.address_exponent = {1, 2};
    o.users = 3;
  });
  add("ManyAddresses", "poisson", [](auto& o) {
    o.addresses = 400'000;
    o.address_exponent = {4, 5};
    o.arrivals = poisson_arrivals();
    o.sources = {.private_ipv4 = {1, 3}, .public_ipv6 = {1, 5}, .service_name = {1, 50}, .missing = {1, 100}};
    o.private_addresses = 250;
  });
  add("TwoStepsAndSilence", "shape", [](auto& o) {
    o.arrivals = [](const ArrivalPlan& plan, Stream) {
      return std::make_unique<ShapedArrivals>(plan,
                                              std::vector<std::uint64_t>{1, 9, 0, 0, 4, 2, 2, 0, 1, 30});
    };
  });
  return out;
}

class Profiles : public testing::TestWithParam<Shape> {};

TEST_P(Profiles, AreAsTheSampleToATenth) {
  const Folder folder;
  const std::filesystem::path file = folder.write("sample.ndjson", records(GetParam().options));
  const RecordedSample recorded = read_sample({file});
  const Profile profile = fit_profile(recorded.sample);
  EXPECT_EQ(event::profile::name_of(profile.traffic.arrivals), GetParam().process);

  // The scenario as a user gets it: what it runs is measured, not what was fitted.
  const Scenario fitted = parse_scenario(profile_scenario(profile), "scenario.json");
  event::traffic::SyntheticCloudTrail source{fitted.synthetic, Random{fitted.seed}};
  event::profile::Sampler sampler;
  for (event::Event event; source.next(event);) sampler.add(event);
  const event::profile::Sample sample = sampler.sample();
  const auto near = [](std::uint64_t was, std::uint64_t is) {
    EXPECT_NEAR(static_cast<double>(is), static_cast<double>(was), 0.1 * static_cast<double>(was));
  };
  near(recorded.sample.peak_minute(), sample.peak_minute());
  near(recorded.sample.distinct_addresses(), sample.distinct_addresses());
  near(recorded.sample.events(), sample.events());
  const std::vector<FitError> calls = call_errors(profile, {file});
  EXPECT_GE(calls.size(), 3U);
  for (const FitError& each : calls) {
    EXPECT_LE(std::abs(each.per_mille()), 100) << each.what << " " << each.sample << " " << each.fitted;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Profiles, testing::ValuesIn(shapes()),
                         [](const auto& shape) { return shape.param.name; });

// ---- What is written. ----

TEST(ProfileScenario, HoldsNoIdentifierOfTheSample) {
  SyntheticCloudTrailOptions options{.events = 3'000, .start = start, .users = 30, .addresses = 50};
  options.event_names = {{"GetSecretValue", 1}, {"AssumeRole", 1}};
  options.account = "998877665544";
  const Folder folder;
  const std::string text = records(options);
  const Profile profile = fit_profile(read_sample({folder.write("sample.ndjson", text)}).sample);
  const std::string scenario = profile_scenario(profile, {{"Our.Rule", 30}});

  // Every text of the records that is not a word of CloudTrail's format or of the traffic's.
  std::set<std::string> texts;
  const auto collect = [&](const auto& self, const json& value) -> void {
    if (value.is_string()) texts.insert(value.get<std::string>());
    if (value.is_structured()) {
      for (const json& each : value) self(self, each);
    }
  };
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    json record = json::parse(line);
    for (const char* const word : {"eventName", "eventTime", "readOnly", "eventVersion", "awsRegion"})
      record.erase(word);
    collect(collect, record);
  }
  EXPECT_GT(texts.size(), 3'000U);
  for (const std::string& each : texts) {
    if (each.size() < 6) continue;
    EXPECT_EQ(scenario.find(each), std::string::npos) << each;
  }
  EXPECT_EQ(scenario.find(options.account), std::string::npos);
  EXPECT_EQ(scenario.find("arn:"), std::string::npos);
}

TEST(ProfileScenario, HasADetectionForEachRuleThatMatched) {
  const Folder folder;
  const Profile profile =
      fit_profile(read_sample({folder.write("s.ndjson", records({.events = 1'000, .start = start}))}).sample);
  const Scenario scenario =
      parse_scenario(profile_scenario(profile, {{"Our.Rule", 37}, {"Our.Other", 0}, {"A \"third\"", 1'000}}),
                     "scenario.json");
  ASSERT_EQ(scenario.detections.size(), 2U);
  EXPECT_EQ(scenario.detections[0].name, "Our.Rule");
  EXPECT_EQ(scenario.detections[0].match.share, (Ratio{37, 1'000}));
  EXPECT_EQ(scenario.detections[1].name, "A \"third\"");
  const auto run = scenario::run(scenario);
  EXPECT_EQ(run->result.detections[0].matches, 37U);
  EXPECT_EQ(run->result.detections[1].matches, 1'000U);
}

// ---- Delivery. ----

TEST(DeliveryStamp, IsReadFromTheNamesThatCloudTrailGives) {
  EXPECT_EQ(delivery_stamp("111122223333_CloudTrail_us-east-1_20260302T1405Z_Ab3dE.json.gz"),
            parse_iso8601("2026-03-02T14:05:00Z"));
  EXPECT_EQ(delivery_stamp("20260302T1405Z.json"), std::nullopt);
  EXPECT_EQ(delivery_stamp("x_20261302T1405Z_y.json"), std::nullopt) << "there is no 13th month";
  EXPECT_EQ(delivery_stamp(""), std::nullopt);
}

TEST(Profile, ReadsTheLagOfDeliveryFromTheNamesOfFiles) {
  const Folder folder;
  for (const int minute : {5, 10}) {
    const std::string stamp = minute < 10 ? "0" + std::to_string(minute) : std::to_string(minute);
    static_cast<void>(
        folder.write("111122223333_CloudTrail_us-east-1_20260302T14" + stamp + "Z_AAAA" + stamp + ".json",
                     records({.events = 500, .start = start + (minute - 5) * 1min, .duration = 2min},
                             static_cast<std::uint64_t>(minute))));
  }
  const std::filesystem::path all =
      std::filesystem::path{testing::TempDir()} / "rushhour-Profile-ReadsTheLagOfDeliveryFromTheNamesOfFiles";
  const RecordedSample recorded = read_sample({all});
  EXPECT_EQ(recorded.stamped, 2U);
  const Profile profile = fit_profile(recorded.sample);
  ASSERT_TRUE(profile.traffic.files);
  EXPECT_EQ(profile.traffic.files->mark, 5min);
  // Events from 20 s to 140 s after the mark before: between 160 s and 280 s late.
  EXPECT_NEAR(static_cast<double>(profile.traffic.files->lateness.p50 / 1s), 220, 5);
  EXPECT_LE(profile.traffic.files->lateness.max, 281s);
  const Scenario scenario = parse_scenario(profile_scenario(profile), "scenario.json");
  EXPECT_TRUE(scenario.files);
}

TEST(Profile, DoesNotGuessALagThatNoFileTells) {
  const Folder folder;
  const RecordedSample recorded =
      read_sample({folder.write("a.ndjson", records({.events = 100, .start = start}))});
  EXPECT_EQ(recorded.stamped, 0U);
  EXPECT_FALSE(fit_profile(recorded.sample).traffic.files);
}

// ---- Samples of little or nothing. ----

TEST(Profile, OfOneEventIsAScenarioThatRuns) {
  const Folder folder;
  const std::filesystem::path file = folder.write("a.ndjson", records({.events = 1, .start = start}));
  const Profile profile = fit_profile(read_sample({file}).sample);
  const auto run = scenario::run(parse_scenario(profile_scenario(profile), "scenario.json"));
  EXPECT_EQ(run->result.delivery.delivered, 1U);
}

TEST(Profile, OfNoEventsIsRefused) {
  const Folder folder;
  const std::filesystem::path file = folder.write("a.json", R"({"Records": []})");
  try {
    static_cast<void>(read_sample({file}));
    FAIL() << "a sample of nothing was read";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("expected at least one CloudTrail record"));
  }
}

/// Real calls, each file by itself: together they are 123 days with 310 events.
TEST(RealProfile, IsAsTheSampleToATenth) {
  const char* const folder = std::getenv("RUSHHOUR_REAL_CLOUDTRAIL");
  if (folder == nullptr) GTEST_SKIP() << "RUSHHOUR_REAL_CLOUDTRAIL names no folder of real records";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const std::filesystem::path& file : files) {
    const RecordedSample recorded = read_sample({file});
    const Profile profile = fit_profile(recorded.sample);
    std::vector<FitError> errors(profile.errors.begin(), profile.errors.begin() + 2);
    for (FitError& each : call_errors(profile, {file})) errors.push_back(std::move(each));
    for (const FitError& each : errors) {
      EXPECT_LE(std::abs(each.per_mille()), 100)
          << file.filename() << ": " << each.what << " " << each.sample << " " << each.fitted;
    }
  }
}

}  // namespace
}  // namespace rushhour::scenario
