/// \file
/// The files in which AWS CloudTrail delivers its records, in its own layout: gzipped, a folder for each day
/// of each Region of each account. What is in the records is cloudtrail_log.hpp's business;
/// event/recorded.hpp reads such files.
///
///     AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_RANDOM.json.gz
///
/// Layout: AWS CloudTrail User Guide, "CloudTrail log file name format", 2024: the stamp is that of the
/// delivery, the end 16 letters and digits; in a file `{"Records":[...]}`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct CloudTrailFilesOptions {
  std::filesystem::path folder{};  ///< where AWSLogs/ goes; made when it is not there
  /// Files are delivered at multiples of this since 1970-01-01T00:00:00Z.
  Duration mark{event::traffic::FileDeliveryOptions{}.mark};
  /// How long after its call a record is delivered: drawn, then moved to the nearest mark that is not before
  /// the call.
  event::traffic::LatenessQuantiles lateness{};
  /// Instead of the quantiles: the first mark at least so long after the call.
  std::optional<Duration> fixed_lateness{};
  std::uint64_t records_per_file_max{event::traffic::FileSizes{}.max};  ///< from 1
};

/// Listens to a log from its construction to its destruction, and writes only when it is told the time.
/// Memory: the records of at most ten minutes with the defaults.
class CloudTrailFiles final : public CloudTrailRecords {
 public:
  using Options = CloudTrailFilesOptions;

  /// The log outlives it. Throws InputError when the folder cannot be made, or an option is out of range.
  CloudTrailFiles(CloudTrailLog& log, Options options, Stream stream);
  ~CloudTrailFiles() override { log_.unlisten(*this); }

  void on_record(const CloudTrailRecord& record) override;

  /// Writes the files of all marks up to `now`; how many. Throws InputError when one cannot be written.
  std::size_t deliver(Instant now) { return deliver_until(now); }
  /// Writes all that is left, under the marks that were to come.
  std::size_t finish() { return deliver_until(Instant::max()); }

  /// When the next file is due; nothing: no record waits.
  [[nodiscard]] std::optional<Instant> next_mark() const;
  /// Written so far, in the order of writing.
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  /// A file has the records of one account and Region.
  struct Place {
    Instant mark{};
    std::string account{};
    std::string region{};
    friend bool operator<(const Place& a, const Place& b) {
      return std::tie(a.mark, a.account, a.region) < std::tie(b.mark, b.account, b.region);
    }
  };

  [[nodiscard]] Instant mark_of(const CloudTrailRecord& record) const;
  [[nodiscard]] Duration lateness(std::uint64_t bits) const;
  std::size_t deliver_until(Instant end);
  void write_file(const Place& place, const std::string* records, std::size_t count);

  CloudTrailLog& log_;
  Options options_;
  Stream lateness_, names_;
  std::map<Place, std::vector<std::string>> waiting_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/cloudtrail_files_inl.hpp>
#endif
