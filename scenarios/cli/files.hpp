/// \file
/// Files that the commands write.
#pragma once

#include <string>

namespace rushhour::cli {

/// Writes a file whole. \throws InputError when it cannot be written.
void write_file(const std::string& path, const std::string& content);

/// Adds to the end of a file, which need not be there. \throws InputError likewise.
void append_to_file(const std::string& path, const std::string& content);

/// A folder of this process's own, which goes with it and with all that is in it.
class TemporaryFolder {
 public:
  /// Below $TMPDIR, else /tmp. \throws InputError when none can be made there.
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rushhour::cli
