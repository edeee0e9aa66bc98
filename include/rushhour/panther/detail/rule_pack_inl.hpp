/// \file
/// Walks a pack's folders and sorts what it finds.
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <utility>

#include <rushhour/panther/detail/text_file.hpp>
#include <rushhour/panther/rule_pack.hpp>

namespace rushhour::panther {
namespace detail {

namespace fs = std::filesystem;

[[nodiscard]] RUSHHOUR_INLINE bool is_yaml(const fs::path& path) {
  return path.extension() == ".yml" || path.extension() == ".yaml";
}

[[nodiscard]] RUSHHOUR_INLINE bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() > 1 && name.front() == '.' && name != "..";
}

/// Whether panther_analysis_tool looks into a folder of this name (its patterns of folder names, [MEM]).
[[nodiscard]] RUSHHOUR_INLINE bool is_of_the_layout(const std::string& name) {
  constexpr std::array<std::string_view, 5> parts{"rules", "policies", "data_models", "lookup_tables",
                                                  "queries"};
  return name == "global_helpers" || name == "packs" ||
         std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

RUSHHOUR_INLINE void collect_yaml(const fs::path& folder, std::vector<std::string>& out) {
  std::error_code error;
  fs::recursive_directory_iterator at{folder, error};
  for (; !error && at != fs::recursive_directory_iterator{}; at.increment(error)) {
    const bool is_folder = at->is_directory(error);
    if (is_hidden(at->path())) {
      if (is_folder) at.disable_recursion_pending();
      continue;
    }
    if (!is_folder && is_yaml(at->path())) out.push_back(at->path().lexically_normal().generic_string());
  }
  if (error) {
    throw InputError(
        {.file = folder.generic_string(), .expected = "a folder of rules", .seen = error.message()});
  }
}

[[nodiscard]] RUSHHOUR_INLINE std::vector<std::string> yaml_files(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  if (!fs::is_directory(folder / "global_helpers", error) && !fs::is_directory(folder / "rules", error)) {
    collect_yaml(folder, out);
  } else {
    for (const fs::directory_entry& entry : fs::directory_iterator{folder}) {
      const bool is_folder = entry.is_directory(error);
      if (is_folder && is_of_the_layout(entry.path().filename().string())) collect_yaml(entry.path(), out);
      if (!is_folder && is_yaml(entry.path()) && !is_hidden(entry.path())) {
        out.push_back(entry.path().lexically_normal().generic_string());
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// The YAML files of helpers and data models in the nearest folder above that has any.
[[nodiscard]] RUSHHOUR_INLINE std::vector<std::string> files_from_above(const fs::path& path) {
  std::vector<std::string> out;
  std::error_code error;
  // Normal, and without the slash at its end, which would count as a folder.
  fs::path at = fs::absolute(path).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  const fs::path shown = fs::path{path}.is_absolute() ? fs::path{} : fs::current_path();
  bool is_inside = true;  // of a repository, whose folder is the last to be looked into
  while (out.empty() && is_inside && at.has_relative_path()) {
    at = at.parent_path();
    is_inside = !fs::exists(at / ".git", error);
    for (const char* const name : {"global_helpers", "data_models"}) {
      const fs::path folder = shown.empty() ? at / name : (at / name).lexically_relative(shown);
      if (fs::is_directory(folder, error)) collect_yaml(folder, out);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

class PackReader {
 public:
  explicit PackReader(RulePack& pack) : pack_(pack) {}

  /// Only if it is of one of these kinds; without any: of whatever kind.
  void read_only(const std::string& file, const std::vector<ItemKind>& kinds) {
    try {
      const YamlValue document = parse_yaml(read_text_file(file, "a YAML file"), file);
      const ItemKind kind = kind_of(document, file);
      if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return;
      try {
        read(document, kind, file);
      } catch (const UnsupportedItem& error) {
        skip(document, kind, file, error.what());
      }
    } catch (const InputError& error) {
      pack_.broken.push_back({.file = file, .mistake = error.what()});
    }
  }

  void read(const std::string& file) { read_only(file, {}); }

 private:
  void read(const YamlValue& document, ItemKind kind, const std::string& file) {
    switch (kind) {
      case ItemKind::rule:
      case ItemKind::scheduled_rule:
        return add(pack_.rules, read_rule(document, file, pack_.warnings), "rule");
      case ItemKind::data_model:
        return add_data_model(read_data_model(document, file, pack_.warnings));
      case ItemKind::global_helper:
        return add(pack_.globals, read_global(document, file, pack_.warnings), "global helper");
      case ItemKind::policy:
        return skip(document, kind, file, "policies judge resources, not events");
      case ItemKind::unknown:
        return skip(document, kind, file, "it has no AnalysisType");
      default:
        return skip(document, kind, file, "it is for Panther's backend, and has no Python");
    }
  }
  void skip(const YamlValue& document, ItemKind kind, const std::string& file, std::string why) {
    pack_.skipped.push_back({.file = file, .kind = kind, .id = id_of(document), .why = std::move(why)});
  }

  template <class Spec>
  void add(std::vector<Spec>& specs, Spec spec, std::string_view what) {
    const auto [before, is_new] = seen_.try_emplace(std::string{what} + " " + spec.id, spec.file);
    if (!is_new) {
      throw InputError({.file = spec.file,
                        .expected = "an id that no other " + std::string{what} + " has",
                        .seen = '"' + spec.id + '"',
                        .advice = before->second + " has it, too"});
    }
    if (!fs::is_regular_file(spec.code_file)) {
      throw InputError({.file = spec.file,
                        .pointer = "/Filename",
                        .expected = "the name of a Python file beside this one",
                        .seen = "no file " + spec.code_file});
    }
    specs.push_back(std::move(spec));
  }
  void add_data_model(DataModelSpec spec) {
    if (!spec.code_file.empty() && !fs::is_regular_file(spec.code_file)) {
      throw InputError({.file = spec.file,
                        .pointer = "/Filename",
                        .expected = "the name of a Python file beside this one",
                        .seen = "no file " + spec.code_file});
    }
    const DataModelSpec* const before = pack_.data_model(spec.log_types.front());
    if (spec.enabled && before != nullptr) {
      pack_.warnings.push_back(spec.file + ": " + spec.log_types.front() + " has a data model already, in " +
                               before->file + ", which is the one that counts");
    }
    pack_.data_models.push_back(std::move(spec));
  }

  RulePack& pack_;
  std::map<std::string, std::string> seen_;  ///< the file of each id
};

}  // namespace detail

RUSHHOUR_INLINE const DataModelSpec* RulePack::data_model(std::string_view log_type) const {
  for (const DataModelSpec& each : data_models) {
    if (each.enabled && each.log_types.front() == log_type) return &each;
  }
  return nullptr;
}

RUSHHOUR_INLINE RulePack load_pack(const std::string& path) {
  RulePack out{.folder = path};
  detail::PackReader reader{out};
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) {
    reader.read(path);
  } else if (std::filesystem::is_directory(path, error)) {
    const std::vector<std::string> files = detail::yaml_files(path);
    for (const std::string& file : files) reader.read(file);
  } else {
    throw InputError({.file = path,
                      .expected = "a folder of rules in Panther's format, or one of its YAML files",
                      .seen = "nothing there"});
  }
  std::vector<ItemKind> missing;
  if (out.globals.empty()) missing.push_back(ItemKind::global_helper);
  if (out.data_models.empty()) missing.push_back(ItemKind::data_model);
  if (!missing.empty()) {
    const std::vector<std::string> files = detail::files_from_above(path);
    for (const std::string& file : files) reader.read_only(file, missing);
  }
  return out;
}

}  // namespace rushhour::panther
