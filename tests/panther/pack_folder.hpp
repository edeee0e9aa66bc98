/// \file
/// A folder for a test's own rules, gone when the test is. It tests nothing itself.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace rushhour::panther {

class PackFolder {
 public:
  PackFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rushhour-pack-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test: " + name);
    path_ = name;
  }
  PackFolder(const PackFolder&) = delete;
  PackFolder& operator=(const PackFolder&) = delete;
  ~PackFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

  /// A file below the folder, with the folders that it needs.
  void write(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = std::filesystem::path{path_} / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << content;
  }
  /// A rule `rules/ID.yml` on AWS.CloudTrail with this Python, and more lines of YAML.
  void write_rule(const std::string& id, const std::string& python, const std::string& yaml = {}) const {
    write("rules/" + id + ".py", python);
    write("rules/" + id + ".yml", "AnalysisType: rule\nRuleID: " + id + "\nFilename: " + id +
                                      ".py\nEnabled: true\nLogTypes: [AWS.CloudTrail]\nSeverity: Medium\n" +
                                      yaml);
  }
  /// A global helper.
  void write_helper(const std::string& id, const std::string& python) const {
    write("global_helpers/" + id + ".py", python);
    write("global_helpers/" + id + ".yml",
          "AnalysisType: global\nGlobalID: " + id + "\nFilename: " + id + ".py\n");
  }

 private:
  std::string path_;
};

}  // namespace rushhour::panther
