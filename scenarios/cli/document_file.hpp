/// \file
/// The documents that commands read from files, and how they are to be seen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <rushhour/config.hpp>
#include <rushhour/elastic/documents.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/detail/file_reader.hpp>
#include <rushhour/event/detail/record_parser.hpp>
#include <rushhour/event/detail/record_splitter.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/event/ecs_types.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

namespace rushhour::cli {

/// What makes the documents of `--ecs`: `none`, they are ECS documents already; `fleet` and `filebeat`, they
/// are CloudTrail records as Elastic's two shippers write them.
inline std::unique_ptr<const event::Schema> make_schema(std::string_view ecs, Duration ingest_delay = {}) {
  if (ecs == "none") return std::make_unique<elastic::Documents>(event::ecs_field_type);
  RUSHHOUR_ASSERT(ecs == "fleet" || ecs == "filebeat", "the command line lets no other name through");
  return std::make_unique<event::EcsCloudTrail>(
      event::EcsOptions{.shape = ecs == "fleet" ? event::EcsShape::fleet : event::EcsShape::filebeat,
                        .ingest_delay = ingest_delay});
}

/// The documents of one file, one after the other.
class DocumentFile {
 public:
  /// Documents are numbered from `documents_before` + 1 on. \throws InputError when it cannot be opened.
  explicit DocumentFile(const std::string& path, std::uint64_t documents_before = 0)
      : path_(checked(path)),
        reader_(path_),
        splitter_(reader_, document_bytes_max),
        documents_(documents_before) {}

  /// False at the end. The document's time and arrival are its eventTime, if it is a record that has one.
  /// \throws InputError at what is no document.
  bool next(event::Event& into) {
    switch (splitter_.next()) {
      case event::detail::RecordSplitter::Found::end:
        return false;
      case event::detail::RecordSplitter::Found::damage:
        fail(splitter_.offset(), splitter_.what());
      case event::detail::RecordSplitter::Found::record:
        break;
    }
    arena_.reset();
    const event::detail::RecordParser::Parsed parsed = parser_.parse(splitter_.record(), arena_);
    if (parsed.error != simdjson::SUCCESS)
      fail(splitter_.offset() + parsed.offset, simdjson::error_message(parsed.error));
    if (!parsed.root.is_object()) fail(splitter_.offset(), "JSON that is no object");
    const event::Value* const time = parsed.root.find(event::cloudtrail::event_time);
    const Instant happened = parse_iso8601(time == nullptr ? "" : time->text_or("")).value_or(Instant{});
    into.assign({.id = ++documents_, .arrival = happened, .time = happened}, parsed.root, arena_);
    return true;
  }

 private:
  static constexpr std::size_t document_bytes_max = std::size_t{16} << 20;

  static const std::string& checked(const std::string& path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
      throw InputError({.file = path, .expected = "a file of documents", .seen = "nothing there"});
    }
    if (std::filesystem::is_directory(status)) {
      throw InputError({.file = path,
                        .expected = "a file of documents",
                        .seen = "a folder",
                        .advice = "name the files in it"});
    }
    return path;
  }
  [[noreturn]] void fail(std::uint64_t offset, const std::string& seen) const {
    throw InputError({.file = path_,
                      .expected = "documents (NDJSON, an array, or {\"Records\": [...]}) at byte " +
                                  std::to_string(offset),
                      .seen = seen});
  }

  std::string path_;
  event::detail::FileReader reader_;
  event::detail::RecordSplitter splitter_;
  event::detail::RecordParser parser_;
  event::Arena arena_;
  std::uint64_t documents_;
};

}  // namespace rushhour::cli
