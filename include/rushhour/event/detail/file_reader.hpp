/// \file
/// The bytes of a file, plain or gzip, for RecordSplitter. It looks at no name and at no content. Only
/// recorded_inl.hpp and the command line include it: it needs zlib.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>

#include <zlib.h>

#include <rushhour/event/detail/record_splitter.hpp>

namespace rushhour::event::detail {

/// A file, decompressed if it is gzip (zlib looks for itself).
class FileReader final : public ByteReader {
 public:
  explicit FileReader(const std::filesystem::path& path) : file_(gzopen(path.c_str(), "rb")) {
    if (file_ != nullptr) gzbuffer(file_, 128U << 10);
  }
  ~FileReader() override {
    if (file_ != nullptr) gzclose_r(file_);
  }
  std::size_t read(char* to, std::size_t size) override {
    if (file_ == nullptr) {
      error_ = "the file cannot be opened any more";
      return 0;
    }
    const int got = gzread(file_, to, static_cast<unsigned>(std::min(size, std::size_t{1} << 30)));
    if (got > 0) return static_cast<std::size_t>(got);
    int code = Z_OK;
    const char* const message = gzerror(file_, &code);
    // Z_BUF_ERROR is zlib's word for a compressed file that stops early; it is told only after the last byte.
    if (code == Z_BUF_ERROR) {
      error_ = "the gzip file ends early";
    } else if (code != Z_OK) {
      error_ = std::string{"the file cannot be read: "} + message;
    }
    return 0;
  }
  [[nodiscard]] std::string error() const override { return error_; }

 private:
  gzFile file_;
  std::string error_{};
};

}  // namespace rushhour::event::detail
