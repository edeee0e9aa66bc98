/// \file
/// A folder of rules, data models and global helpers in Panther's format, as its YAML files describe it:
/// what there is, what is left out and why, and what is wrong. No Python runs here (modules.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/panther/rule_spec.hpp>

namespace rushhour::panther {

/// A file that was understood, and is not run.
struct SkippedItem {
  std::string file{};
  ItemKind kind{ItemKind::unknown};
  std::string id{};  ///< empty where the file has none
  std::string why{};
};

/// A file with a mistake. The others of its folder go on.
struct BrokenItem {
  std::string file{};
  std::string mistake{};  ///< with its place, as an InputError has it
};

/// A module that rules may import without a file of the pack: in the place of a library that Panther's
/// runtime has, and this machine has not. The pack's own helpers and installed libraries go before it.
struct LibraryModule {
  std::string name{};    ///< `panther_detection_helpers.caching`
  std::string file{};    ///< as tracebacks call it
  std::string source{};  ///< Python
};

struct RulePack {
  std::string folder{};
  std::vector<RuleSpec> rules{};  ///< by file name, as they are run
  std::vector<DataModelSpec> data_models{};
  std::vector<GlobalSpec> globals{};
  std::vector<LibraryModule> libraries{};
  std::vector<SkippedItem> skipped{};
  std::vector<BrokenItem> broken{};
  std::vector<std::string> warnings{};

  /// The enabled data model of a log type; nullptr without one. Of several the first by file name counts, and
  /// load_pack() warns of the others.
  [[nodiscard]] const DataModelSpec* data_model(std::string_view log_type) const;
};

/// Reads a folder and all below it, or one YAML file.
///
/// In a folder with the layout of panther-analysis (a folder `global_helpers` or `rules` in it) it looks
/// where panther_analysis_tool does: into folders named like rules, policies, data_models, global_helpers,
/// lookup_tables, queries and packs, and not into templates. Helpers and data models of the nearest folder
/// above that has some belong to it, too, so that a part of a pack runs as the whole does. Hidden folders are
/// left out.
/// \throws InputError when there is no such folder or file. All other mistakes are among `broken`.
[[nodiscard]] RulePack load_pack(const std::string& path);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/rule_pack_inl.hpp>
#endif
