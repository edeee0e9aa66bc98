/// \file
/// What is made of the options: a manual page and completions, so that nothing is described twice.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace rushhour::cli {

/// A manual page in man(7), to be read with `man -l FILE`.
[[nodiscard]] std::string man_page(const CLI::App& app);

/// A script for `source`, or for bash-completion's folder.
[[nodiscard]] std::string bash_completion(const CLI::App& app);

/// A file `_rushhour` for a folder of zsh's fpath.
[[nodiscard]] std::string zsh_completion(const CLI::App& app);

}  // namespace rushhour::cli
