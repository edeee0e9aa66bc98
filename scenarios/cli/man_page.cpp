#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "option_walk.hpp"
#include "options_text.hpp"

namespace rushhour::cli {

namespace {

/// As roff takes it literally.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

/// Texts of the help begin in upper case and may lack the full stop.
std::string sentence(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (!text.empty() && text.back() != '.') text += '.';
  return literal(text);
}

void append_options(std::string& out, const CLI::App& app) {
  for (const CLI::Option* argument : arguments_of(app)) {
    out += ".TP\n.I " + literal(value_name(*argument)) + "\n" + sentence(argument->get_description()) + "\n";
  }
  for (const CLI::Option* option : options_of(app)) {
    const auto names = names_of(*option);
    if (names.front() == "--help") continue;
    out += ".TP\n";
    for (std::size_t i = 0; i < names.size(); ++i)
      out += (i == 0 ? "\\fB" : ", \\fB") + literal(names[i]) + "\\fR";
    if (takes_value(*option)) out += " \\fI" + literal(value_name(*option)) + "\\fR";
    out += "\n" + sentence(option->get_description());
    const auto choices = choices_of(*option);
    for (std::size_t i = 0; i < choices.size(); ++i)
      out += (i == 0 ? " One of: " : ", ") + literal(choices[i]);
    if (!choices.empty()) out += ".";
    if (!option->get_default_str().empty()) out += " Default: " + literal(option->get_default_str()) + ".";
    out += "\n";
  }
}

/// Everything after the heading `Examples:`, line by line as it stands.
void append_footer(std::string& out, const std::string& footer) {
  if (footer.empty()) return;
  out += ".PP\n.nf\n";
  std::string_view rest = footer;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += literal(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  out += ".fi\n";
}

void append_command(std::string& out, const CLI::App& app, const std::string& before) {
  const std::string name = before + app.get_name();
  const auto below = commands_of(app);
  if (below.empty()) {
    out += ".SS " + literal(name) + "\n" + sentence(app.get_description()) + "\n";
    append_options(out, app);
    append_footer(out, app.get_footer());
  }
  for (const CLI::App* command : below) append_command(out, *command, name + " ");
}

}  // namespace

std::string man_page(const CLI::App& app) {
  std::string out = ".TH RUSHHOUR 1 \"\" \"rushhour " RUSHHOUR_VERSION "\" \"User Commands\"\n";
  out += ".SH NAME\nrushhour \\- " +
         literal("what a million-event hour does to your detections and to the APIs they call") + "\n";
  out += ".SH SYNOPSIS\n.B rushhour\n.I COMMAND\n.RI [ OPTION ...]\n.RI [ ARGUMENT ...]\n";
  out += ".SH DESCRIPTION\n" +
         literal(
             "rushhour replays synthetic or recorded CloudTrail events through detections in virtual time, "
             "against fakes of the APIs that they call, and holds what happened against budgets. The same "
             "scenario and seed give the same result.") +
         "\n";
  out += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) append_command(out, *command, "");
  out += ".SH EXIT STATUS\n";
  append_footer(out, app.get_footer());
  out += ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\n" +
         sentence(
             "When it is set and not empty, nothing is printed in colour. Else colour is used on terminals") +
         "\n";
  return out;
}

}  // namespace rushhour::cli
