/// \file
/// Recorded events: CloudTrail files and folders as a stream, in memory that does not grow with them. It
/// judges no record beyond what it needs, an object with an eventTime, and writes no files.
///
/// Read are files that hold an array of records, one or more objects `{"Records": [...]}` as AWS delivers
/// them, or NDJSON (a record a line), each plain or gzipped; what a file is shows in its first bytes, not in
/// its name. Folders are read recursively, their files `.json`, `.ndjson` and `.jsonl`, also with `.gz`, in
/// the order of their paths.
///
/// Memory: a buffer that holds the longest record so far (at least 256 KiB), simdjson's index of it (about 5
/// bytes for each of its bytes), and for each event in flight its record and its tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event {

/// What happens at a damaged record: it is noted and passed over, or InputError is thrown.
enum class OnDamage : std::uint8_t { count, fatal };

/// A place in a file that is no record.
struct Damage {
  std::string file{};
  std::uint64_t offset{};  ///< in bytes from the start of the (decompressed) file
  std::string what{};
  /// The rest of the file was not read. Broken JSON costs only its line in NDJSON; inside an array nobody can
  /// say where the next record starts, so all that follows is lost.
  bool forfeits_rest{};
};

struct RecordedOptions {
  OnDamage on_damage{OnDamage::fatal};
  std::size_t damage_kept_max{1'000};  ///< of the notes, not of the count
  /// Moves all times so that the first event arrives at this instant. The text of eventTime stays as
  /// recorded.
  std::optional<Instant> rebase_to{};
  Ratio speed{1, 1};  ///< 2 replays two hours in one; counted from the first arrival
  std::string log_type{cloudtrail::log_type};
  std::optional<DataModel> model{cloudtrail_data_model()};
  std::size_t record_bytes_max{std::size_t{16}
                               << 20};  ///< a longer record is damage; CloudTrail's own limit is 256 KB
};

/// The stream. An event's time is its record's eventTime. It arrives then, or with the event before it when
/// that one was later: files are read in order of their paths, and CloudTrail files are not sorted inside.
class RecordedSource final : public traffic::Source {
 public:
  using Options = RecordedOptions;

  /// Files and folders in the order of reading. Throws InputError when there is none, one does not exist or
  /// cannot be opened, or a folder holds no event file.
  explicit RecordedSource(const std::vector<std::filesystem::path>& paths, Options options = {});
  explicit RecordedSource(const std::filesystem::path& path, Options options = {})
      : RecordedSource(std::vector{path}, std::move(options)) {}
  ~RecordedSource() override;

  /// With OnDamage::fatal both throw InputError at the first damage: file, byte, what it is.
  [[nodiscard]] const Instant* peek() override;
  [[nodiscard]] bool next(Event& into) override;
  /// Unknown before the end.
  [[nodiscard]] std::uint64_t size_hint() const override { return 0; }

  /// The files, as they will be read.
  [[nodiscard]] std::span<const std::filesystem::path> files() const;
  /// Events handed out so far.
  [[nodiscard]] std::uint64_t events() const;
  /// How many damages were met so far.
  [[nodiscard]] std::uint64_t damage_count() const;
  /// The first of them.
  [[nodiscard]] std::span<const Damage> damage() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace rushhour::event

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/recorded_inl.hpp>
#endif
