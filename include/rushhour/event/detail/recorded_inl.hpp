/// \file
/// The bodies of recorded.hpp: zlib decompresses, RecordSplitter finds the records, simdjson reads each into
/// a tree.
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <rushhour/detail/wide.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/detail/file_reader.hpp>
#include <rushhour/event/detail/record_parser.hpp>
#include <rushhour/event/detail/record_splitter.hpp>
#include <rushhour/event/recorded.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::event::detail {

[[nodiscard]] RUSHHOUR_INLINE bool is_event_file(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  constexpr std::array<std::string_view, 3> endings{".json", ".ndjson", ".jsonl"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

/// The event files of a folder and of those in it, sorted by path.
[[nodiscard]] RUSHHOUR_INLINE std::vector<std::filesystem::path> event_files(
    const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry{folder, error};
  for (; !error && entry != std::filesystem::recursive_directory_iterator{}; entry.increment(error)) {
    std::error_code ignored;  // a link that leads nowhere is no file
    if (entry->is_regular_file(ignored) && is_event_file(entry->path())) files.push_back(entry->path());
  }
  if (error) {
    throw InputError(
        {.file = folder.string(), .expected = "a folder that can be read", .seen = error.message()});
  }
  if (files.empty()) {
    throw InputError({.file = folder.string(),
                      .expected = "a folder with event files (.json, .ndjson, .jsonl, also with .gz)",
                      .seen = "none"});
  }
  std::ranges::sort(files, {}, [](const std::filesystem::path& path) { return path.generic_string(); });
  return files;
}

[[nodiscard]] RUSHHOUR_INLINE std::vector<std::filesystem::path> files_to_read(
    const std::vector<std::filesystem::path>& paths) {
  if (paths.empty()) throw InputError({.expected = "at least one file or folder of recorded events"});
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
      throw InputError({.file = path.string(),
                        .expected = "a file or folder of recorded events",
                        .seen = error ? error.message() : "nothing there"});
    }
    if (std::filesystem::is_directory(status)) {
      std::ranges::move(event_files(path), std::back_inserter(files));
    } else {
      files.push_back(path);
    }
  }
  for (const std::filesystem::path& file : files) {
    std::FILE* const opened = std::fopen(file.c_str(), "rb");
    if (opened == nullptr) {
      throw InputError({.file = file.string(),
                        .expected = "a file that can be read",
                        .seen = std::error_code{errno, std::generic_category()}.message()});
    }
    std::fclose(opened);
  }
  return files;
}

}  // namespace rushhour::event::detail

namespace rushhour::event {

/// One event ahead: only a record that was read can say when it arrives.
class RecordedSource::Reader {
 public:
  Reader(std::vector<std::filesystem::path> files, Options options)
      : files_(std::move(files)), options_(std::move(options)) {
    if (options_.speed.numerator == 0 || options_.speed.denominator == 0) {
      throw InputError({.expected = "a replay speed above 0",
                        .seen = std::to_string(options_.speed.numerator) + " / " +
                                std::to_string(options_.speed.denominator)});
    }
  }

  [[nodiscard]] const Instant* peek() {
    while (!ahead_) {
      if (!splitter_ && !open_next_file()) return nullptr;
      switch (splitter_->next()) {
        case detail::RecordSplitter::Found::record:
          take_record();
          break;
        case detail::RecordSplitter::Found::damage:
          note(splitter_->offset(), splitter_->what(), splitter_->forfeits_rest());
          break;
        case detail::RecordSplitter::Found::end:
          splitter_.reset();
          break;
      }
    }
    return &header_.arrival;
  }
  [[nodiscard]] bool next(Event& into) {
    if (peek() == nullptr) return false;
    header_.id = ++events_;
    into.assign(header_, root_, arena_);
    ahead_ = false;
    return true;
  }

  [[nodiscard]] std::span<const std::filesystem::path> files() const { return files_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t damage_count() const { return damage_count_; }
  [[nodiscard]] std::span<const Damage> damage() const { return damage_; }

 private:
  bool open_next_file() {
    if (opened_ == files_.size()) return false;
    file_ = std::make_unique<detail::FileReader>(files_[opened_++]);
    splitter_.emplace(*file_, options_.record_bytes_max);
    return true;
  }

  void take_record() {
    arena_.reset();
    const detail::RecordParser::Parsed parsed = parser_.parse(splitter_->record(), arena_);
    if (parsed.error != simdjson::SUCCESS) {
      const bool rest = splitter_->forfeits_rest();
      if (rest) splitter_->give_up();
      return note(splitter_->offset() + parsed.offset, simdjson::error_message(parsed.error), rest);
    }
    if (!parsed.root.is_object()) return note(splitter_->offset(), "a record that is no object", false);
    const Value* const written = parsed.root.find(cloudtrail::event_time);
    if (written == nullptr) return note(splitter_->offset(), "a record without eventTime", false);
    const std::optional<Instant> time = parse_iso8601(written->text_or(""));
    if (!time) {
      return note(splitter_->offset(), "an eventTime that is no ISO 8601 time: " + to_json(*written), false);
    }
    if (!latest_) first_ = *time;
    latest_ = latest_ ? std::max(*latest_, *time) : *time;
    root_ = parsed.root;
    header_ = {.arrival = rebased(*latest_),
               .time = rebased(*time),
               .log_type = options_.log_type,
               .model = options_.model ? &*options_.model : nullptr};
    ahead_ = true;
  }

  [[nodiscard]] Instant rebased(Instant recorded) const {
    Duration since = recorded - first_;
    if (!(options_.speed == Ratio{1, 1})) {
      since = Duration{
          static_cast<std::int64_t>(static_cast<rushhour::detail::int128>(since.count()) *
                                    static_cast<rushhour::detail::int128>(options_.speed.denominator) /
                                    static_cast<rushhour::detail::int128>(options_.speed.numerator))};
    }
    return options_.rebase_to.value_or(first_) + since;
  }

  void note(std::uint64_t offset, std::string what, bool forfeits_rest) {
    const std::string file = files_[opened_ - 1].string();
    if (options_.on_damage == OnDamage::fatal) {
      throw InputError({.file = file,
                        .expected = "recorded events",
                        .seen = what + " at byte " + std::to_string(offset),
                        .advice = "damage can also be counted and passed over" +
                                  std::string{forfeits_rest ? ", here with the rest of the file" : ""}});
    }
    ++damage_count_;
    if (damage_.size() < options_.damage_kept_max)
      damage_.push_back({file, offset, std::move(what), forfeits_rest});
  }

  std::vector<std::filesystem::path> files_;
  Options options_;
  std::size_t opened_ = 0;
  std::unique_ptr<detail::FileReader> file_;
  std::optional<detail::RecordSplitter> splitter_;
  detail::RecordParser parser_;

  bool ahead_ = false;  // header_ and root_ are the next event's, in arena_
  EventHeader header_{};
  Value root_{};
  Arena arena_;
  Instant first_{};
  std::optional<Instant> latest_{};

  std::uint64_t events_ = 0;
  std::uint64_t damage_count_ = 0;
  std::vector<Damage> damage_;
};

RUSHHOUR_INLINE RecordedSource::RecordedSource(const std::vector<std::filesystem::path>& paths,
                                               Options options)
    : reader_(std::make_unique<Reader>(detail::files_to_read(paths), std::move(options))) {}
RUSHHOUR_INLINE RecordedSource::~RecordedSource() = default;

RUSHHOUR_INLINE const Instant* RecordedSource::peek() { return reader_->peek(); }
RUSHHOUR_INLINE bool RecordedSource::next(Event& into) { return reader_->next(into); }
RUSHHOUR_INLINE std::span<const std::filesystem::path> RecordedSource::files() const {
  return reader_->files();
}
RUSHHOUR_INLINE std::uint64_t RecordedSource::events() const { return reader_->events(); }
RUSHHOUR_INLINE std::uint64_t RecordedSource::damage_count() const { return reader_->damage_count(); }
RUSHHOUR_INLINE std::span<const Damage> RecordedSource::damage() const { return reader_->damage(); }

}  // namespace rushhour::event
