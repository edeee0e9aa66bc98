#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "option_walk.hpp"
#include "options_text.hpp"

namespace rushhour::cli {

namespace {

/// A command, or a family of them, with the words before it: `panther test`.
struct Entry {
  std::string path{};
  const CLI::App* app{};
};

void collect(std::vector<Entry>& out, const CLI::App& app, const std::string& path) {
  out.push_back({path, &app});
  for (const CLI::App* command : commands_of(app)) {
    collect(out, *command, path.empty() ? command->get_name() : path + ' ' + command->get_name());
  }
}

std::vector<Entry> entries_of(const CLI::App& app) {
  std::vector<Entry> out;
  collect(out, app, "");
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

/// The words that may follow a command: those below it, and its options.
std::string words_after(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* command : commands_of(app)) words.push_back(command->get_name());
  for (const CLI::Option* option : options_of(app)) {
    for (const std::string& name : names_of(*option)) words.push_back(name);
  }
  return joined(words, " ");
}

/// The values of options whose values are known.
void append_values(std::string& out, const Entry& entry) {
  for (const CLI::Option* option : options_of(*entry.app)) {
    if (!takes_value(*option)) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : names_of(*option)) patterns.push_back('"' + entry.path + ' ' + name + '"');
    out += "    " + joined(patterns, "|") + ") ";
    const auto choices = choices_of(*option);
    if (!choices.empty()) {
      out += "COMPREPLY=($(compgen -W '" + joined(choices, " ") + "' -- \"$word\")); return ;;\n";
    } else {
      out += takes_path(*option) ? "COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n" : "return ;;\n";
    }
  }
}

/// In an _arguments specification: `[` and `:` end a part of it.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh_action(const CLI::Option& option) {
  const auto choices = choices_of(option);
  if (!choices.empty()) return "(" + joined(choices, " ") + ")";
  return takes_path(option) ? "_files" : " ";
}

std::string function_name(std::string path) {
  std::replace(path.begin(), path.end(), ' ', '_');
  return path.empty() ? "_rushhour" : "_rushhour_" + path;
}

void append_zsh_options(std::string& out, const CLI::App& app) {
  for (const CLI::Option* option : options_of(app)) {
    const bool repeats = option->get_items_expected_max() > 1;
    for (const std::string& name : names_of(*option)) {
      out += std::string{" \\\n    '"} + (repeats ? "*" : "") + name + '[' +
             zsh_text(option->get_description()) + ']';
      if (takes_value(*option)) out += ':' + zsh_text(value_name(*option)) + ':' + zsh_action(*option);
      out += '\'';
    }
  }
}

/// A command that others are below: offers them, and hands over to theirs.
std::string zsh_family(const Entry& entry) {
  std::string out = function_name(entry.path) + "() {\n  local context state line\n  local -a commands\n";
  out += "  _arguments -C";
  append_zsh_options(out, *entry.app);
  out +=
      " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n      "
      "commands=(";
  for (const CLI::App* command : commands_of(*entry.app)) {
    out += "\n        '" + command->get_name() + ':' + zsh_text(command->get_description()) + "'";
  }
  out += ")\n      _describe command commands ;;\n    argument)\n      case $words[1] in\n";
  for (const CLI::App* command : commands_of(*entry.app)) {
    const std::string path =
        entry.path.empty() ? command->get_name() : entry.path + ' ' + command->get_name();
    out += "        " + command->get_name() + ") " + function_name(path) + " ;;\n";
  }
  return out + "      esac ;;\n  esac\n}\n";
}

std::string zsh_command(const Entry& entry) {
  std::string out = function_name(entry.path) + "() {\n  _arguments";
  append_zsh_options(out, *entry.app);
  for (const CLI::Option* argument : arguments_of(*entry.app)) {
    const bool repeats = argument->get_items_expected_max() > 1;
    out += std::string{" \\\n    '"} + (repeats ? "*" : "") + ':' + zsh_text(value_name(*argument)) + ':' +
           zsh_action(*argument) + '\'';
  }
  return out + "\n}\n";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  const std::vector<Entry> entries = entries_of(app);
  std::string out =
      "# Completion of rushhour for bash, written by: rushhour completion bash\n"
      "_rushhour() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= words= i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case \"${command:+$command }${COMP_WORDS[i]}\" in\n";
  std::vector<std::string> paths;
  for (const Entry& entry : entries) {
    if (!entry.path.empty()) paths.push_back('"' + entry.path + '"');
  }
  out += "      " + joined(paths, "|") + ") command=${command:+$command }${COMP_WORDS[i]} ;;\n";
  out += "    esac\n  done\n  case \"$command $before\" in\n";
  for (const Entry& entry : entries) append_values(out, entry);
  out += "  esac\n  case \"$command\" in\n";
  for (const Entry& entry : entries)
    out += "    \"" + entry.path + "\") words='" + words_after(*entry.app) + "' ;;\n";
  out +=
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
      "  [[ $word == -* || -z $command ]] || COMPREPLY+=($(compgen -f -- \"$word\"))\n"
      "}\n"
      "complete -o filenames -F _rushhour rushhour\n";
  return out;
}

std::string zsh_completion(const CLI::App& app) {
  std::string out =
      "#compdef rushhour\n# Completion of rushhour for zsh, written by: rushhour completion zsh\n";
  for (const Entry& entry : entries_of(app)) {
    out += '\n' + (commands_of(*entry.app).empty() ? zsh_command(entry) : zsh_family(entry));
  }
  return out + "\n_rushhour \"$@\"\n";
}

}  // namespace rushhour::cli
