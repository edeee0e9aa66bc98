#pragma once

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <system_error>

#include <rushhour/fakes/cloudtrail_files.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {

namespace detail {

/// The same bytes for the same text: zlib writes no name and no time into the header.
[[nodiscard]] RUSHHOUR_INLINE std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int window_bits_gzip = 15 + 16;
  const int begun =
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits_gzip, 8, Z_DEFAULT_STRATEGY);
  RUSHHOUR_ASSERT(begun == Z_OK, "zlib compresses");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  // zlib only reads from there.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  RUSHHOUR_ASSERT(ended == Z_STREAM_END, "the buffer has room for all");
  return out;
}

[[noreturn]] RUSHHOUR_INLINE void fail_to_write(const std::filesystem::path& path, const std::string& seen) {
  throw InputError({.file = path.string(),
                    .expected = "a place where CloudTrail's files can be written",
                    .seen = seen,
                    .advice = "name another folder, or allow writing in this one"});
}

RUSHHOUR_INLINE void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail_to_write(path, error.message());
}

/// The first mark at or after an instant.
[[nodiscard]] RUSHHOUR_INLINE Instant mark_from(Instant at, Duration mark) {
  const Duration over = at.time_since_epoch() % mark;
  if (over == Duration::zero()) return at;
  return at - over + (over < Duration::zero() ? Duration::zero() : mark);
}

}  // namespace detail

RUSHHOUR_INLINE CloudTrailFiles::CloudTrailFiles(CloudTrailLog& log, Options options, Stream stream)
    : log_(log), options_(std::move(options)), lateness_(stream.part(1)), names_(stream.part(2)) {
  if (options_.mark < std::chrono::seconds{1}) {
    throw InputError({.expected = "marks of delivery at least 1s apart", .seen = to_text(options_.mark)});
  }
  if (options_.records_per_file_max == 0) {
    throw InputError({.expected = "at least 1 record in a file", .seen = "0"});
  }
  detail::make_folder(options_.folder);
  log_.listen(*this);
}

RUSHHOUR_INLINE Duration CloudTrailFiles::lateness(std::uint64_t bits) const {
  struct Step {
    std::uint64_t percent;
    Duration end;
  };
  const event::traffic::LatenessQuantiles& late = options_.lateness;
  const std::array<Step, 5> steps{
      {{10, late.p10}, {50, late.p50}, {90, late.p90}, {99, late.p99}, {100, late.max}}};
  constexpr std::uint64_t whole = 100'000'000;  // shares in millionths of a percent
  const std::uint64_t share = uniform_below(bits, whole);
  std::uint64_t from = 0;
  Duration start{};
  for (const Step& step : steps) {
    const std::uint64_t to = step.percent * (whole / 100);
    if (share < to) {
      const auto width = static_cast<std::uint64_t>((step.end - start).count() / 1'000);  // in microseconds
      return start + std::chrono::microseconds{width * (share - from) / (to - from)};
    }
    from = to;
    start = step.end;
  }
  return late.max;
}

RUSHHOUR_INLINE Instant CloudTrailFiles::mark_of(const CloudTrailRecord& record) const {
  if (options_.fixed_lateness) return detail::mark_from(record.at + *options_.fixed_lateness, options_.mark);
  const Instant wanted = record.at + lateness(lateness_.at(record.number));
  const Instant nearest = detail::mark_from(wanted - options_.mark / 2, options_.mark);
  return nearest < record.at ? nearest + options_.mark : nearest;
}

RUSHHOUR_INLINE void CloudTrailFiles::on_record(const CloudTrailRecord& record) {
  const Place place{.mark = mark_of(record), .account = record.account, .region = record.region};
  waiting_[place].push_back(record.json);
}

RUSHHOUR_INLINE std::optional<Instant> CloudTrailFiles::next_mark() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first.mark;
}

RUSHHOUR_INLINE std::size_t CloudTrailFiles::deliver_until(Instant end) {
  const std::size_t before = files_.size();
  while (!waiting_.empty() && waiting_.begin()->first.mark <= end) {
    const auto& [place, records] = *waiting_.begin();
    for (std::size_t i = 0; i < records.size(); i += options_.records_per_file_max) {
      const std::size_t count = std::min<std::size_t>(options_.records_per_file_max, records.size() - i);
      write_file(place, records.data() + i, count);
    }
    waiting_.erase(waiting_.begin());
  }
  return files_.size() - before;
}

RUSHHOUR_INLINE void CloudTrailFiles::write_file(const Place& place, const std::string* records,
                                                 std::size_t count) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const std::string day = to_iso8601(place.mark);          // 2026-03-02T14:05:00Z
  const std::string stamp = to_iso8601_basic(place.mark);  // 20260302T140500Z
  std::string name = place.account + "_CloudTrail_" + place.region + "_" + stamp.substr(0, 13) + "Z_";
  const Stream letters = names_.part(files_.size());
  for (std::uint64_t i = 0; i < 16; ++i) name += alphabet[uniform_below(letters.at(i), alphabet.size())];
  const std::filesystem::path folder = options_.folder / "AWSLogs" / place.account / "CloudTrail" /
                                       place.region / day.substr(0, 4) / day.substr(5, 2) / day.substr(8, 2);
  std::string text = R"({"Records":[)";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) text += ',';
    text += records[i];
  }
  text += "]}";
  detail::make_folder(folder);
  const std::filesystem::path path = folder / (name + ".json.gz");
  std::ofstream file{path, std::ios::binary};
  const std::string bytes = detail::gzip(text);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) detail::fail_to_write(path, "an error while writing");
  files_.push_back(path);
}

}  // namespace rushhour::fakes
