/// \file
/// The patterns of user_agent.hpp, a row each, and how a row is matched.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <rushhour/event/user_agent.hpp>

namespace rushhour::event::detail {

/// What must follow a program's name.
enum class AgentVersion : std::uint8_t {
  any,    ///< nothing
  one,    ///< `/1`
  two,    ///< `/1.2`
  three,  ///< `/1.2.3`
  four,   ///< `/1.2.3.4`
  alpha,  ///< `/1.2a3`
  beta,   ///< `/1.2b3`
  word    ///< ` 1.2`, with a space
};

/// One pattern: `after.*name version then`, or `after.*name version.*later`, each part where it is given.
struct AgentPattern {
  std::string_view names;  ///< of the program; several are separated by `|`, the first in the text counts
  AgentVersion version = AgentVersion::any;
  std::string_view result{};  ///< the name that was found, when empty
  std::string_view after{};   ///< one of these texts stands somewhere before the name
  std::string_view later{};   ///< one of these stands somewhere behind
  std::string_view then{};    ///< one of these stands at once behind; `$` is the end
  bool at_word = false;       ///< no letter, digit or underscore stands before the name
  bool at_start = false;      ///< the name is the beginning of the text
};

inline constexpr std::string_view apple_mobile = "iPod|iPhone|iPad";

inline constexpr std::array agent_patterns{
    AgentPattern{.names =
                     "Google-HTTP-Java-Client|Apache-HttpClient|PostmanRuntime|Go-http-client|scalaj-http|"
                     "http%20client|Python-urllib|HttpMonitor|TLSProber|WinHTTP|JNLP|okhttp|aihttp|reqwest|"
                     "axios"},
    AgentPattern{.names =
                     "Boto3|Boto|JetS3t|aws-cli|aws-sdk-cpp|aws-sdk-go|aws-sdk-java|aws-sdk-nodejs|"
                     "aws-sdk-ruby2|aws-sdk-ruby|aws-sdk-dotnet-##|aws-sdk-dotnet-#|aws-sdk-dotnet-core|s3fs",
                 .version = AgentVersion::two,
                 .at_word = true},
    AgentPattern{.names = "Fennec", .version = AgentVersion::two, .result = "Firefox Mobile"},
    AgentPattern{.names = "Firefox",
                 .version = AgentVersion::two,
                 .result = "Firefox Mobile",
                 .after = "Mobile;|Tablet;"},
    AgentPattern{.names = "Firefox", .version = AgentVersion::alpha, .result = "Firefox Alpha"},
    AgentPattern{.names = "Firefox", .version = AgentVersion::beta, .result = "Firefox Beta"},
    AgentPattern{.names = "FxiOS", .version = AgentVersion::two, .result = "Firefox iOS"},
    AgentPattern{.names = "Opera Mini"},
    AgentPattern{.names = "Opera Mobi", .result = "Opera Mobile"},
    AgentPattern{
        .names = "OPR", .version = AgentVersion::three, .result = "Opera Mobile", .after = "Mobile Safari"},
    AgentPattern{.names = "OPR", .version = AgentVersion::three, .result = "Opera", .after = "Chrome"},
    AgentPattern{.names = "OPiOS", .version = AgentVersion::three, .result = "Opera Mini"},
    AgentPattern{.names = "Silk", .version = AgentVersion::two, .result = "Amazon Silk"},
    AgentPattern{
        .names = "Edge", .version = AgentVersion::two, .result = "Edge Mobile", .after = "Windows Phone "},
    AgentPattern{.names = "EdgiOS|EdgA", .version = AgentVersion::one, .result = "Edge Mobile"},
    AgentPattern{.names = "SamsungBrowser", .version = AgentVersion::two, .result = "Samsung Internet"},
    AgentPattern{.names = "Chrome",
                 .version = AgentVersion::four,
                 .result = "Chrome Mobile WebView",
                 .after = "Version/|; wv)"},
    AgentPattern{.names = "CriOS", .version = AgentVersion::one, .result = "Chrome Mobile iOS"},
    AgentPattern{.names = "Chrome",
                 .version = AgentVersion::four,
                 .result = "Chrome Mobile",
                 .then = " Mobile | Mobile/| Mobile$"},
    AgentPattern{
        .names = "Chrome", .version = AgentVersion::four, .result = "Chrome Mobile", .after = " Mobile "},
    AgentPattern{.names = "YaBrowser", .version = AgentVersion::three, .result = "Yandex Browser"},
    AgentPattern{.names = "Slack_SSB", .version = AgentVersion::three, .result = "Slack Desktop Client"},
    AgentPattern{.names = "Electron", .version = AgentVersion::three, .at_word = true},
    AgentPattern{.names = "Vivaldi", .version = AgentVersion::one},
    AgentPattern{.names = "Edge|Edg", .version = AgentVersion::one, .result = "Edge"},
    AgentPattern{.names = "HeadlessChrome"},
    AgentPattern{.names = "Opera", .version = AgentVersion::two},
    AgentPattern{.names = "Chromium|Chrome", .version = AgentVersion::two},
    AgentPattern{.names = "Opera", .version = AgentVersion::word},
    AgentPattern{.names = "GSA", .version = AgentVersion::three, .result = "Google", .after = apple_mobile},
    AgentPattern{.names = "Version",
                 .version = AgentVersion::two,
                 .result = "Mobile Safari",
                 .after = apple_mobile,
                 .later = " Safari|+Safari"},
    AgentPattern{.names = "Version",
                 .version = AgentVersion::two,
                 .result = "Mobile Safari UI/WKWebView",
                 .after = apple_mobile},
    AgentPattern{.names = apple_mobile, .result = "Mobile Safari", .later = " Safari"},
    AgentPattern{.names = apple_mobile, .result = "Mobile Safari UI/WKWebView"},
    AgentPattern{.names = "PhantomJS", .version = AgentVersion::three},
    AgentPattern{.names = "Version", .version = AgentVersion::two, .result = "Safari", .later = "Safari/"},
    AgentPattern{.names = "Safari", .version = AgentVersion::one},
    AgentPattern{.names = "Trident/7.0|Trident/8.0|Trident/6.0|Trident/5.0|Trident/4.0", .result = "IE"},
    AgentPattern{.names = "AppleWebKit", .version = AgentVersion::three, .result = "Apple Mail"},
    AgentPattern{.names = "Firefox", .version = AgentVersion::two},
    AgentPattern{.names = "MSIE|IE", .version = AgentVersion::word, .result = "IE"},
    AgentPattern{.names = "python-requests", .version = AgentVersion::two, .result = "Python Requests"},
    AgentPattern{.names =
                     "Windows-Update-Agent|Microsoft-CryptoAPI|libcurl-agent|libwww-perl|urlgrabber|curl|"
                     "PycURL|Wget|aria2|lftp|insomnia",
                 .at_word = true},
    AgentPattern{.names = "Python/3.## aiohttp|Python/3.# aiohttp",
                 .version = AgentVersion::three,
                 .result = "Python aiohttp"},
    AgentPattern{.names = "Java", .version = AgentVersion::three},
    AgentPattern{.names = "Cyberduck", .version = AgentVersion::three, .at_start = true},
    AgentPattern{.names = "S3 Browser #-#|S3 Browser ##-#|S3 Browser #.#|S3 Browser ##.#",
                 .result = "S3 Browser",
                 .at_start = true},
    AgentPattern{.names = "rclone/v#.#", .result = "rclone", .at_start = true},
};

[[nodiscard]] constexpr bool is_agent_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_agent_word(char c) {
  return is_agent_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Calls `judge` with each of the texts between the bars until it says yes.
template <class Judge>
[[nodiscard]] constexpr bool any_of_bars(std::string_view texts, const Judge& judge) {
  for (;;) {
    const std::size_t bar = texts.find('|');
    if (judge(texts.substr(0, bar))) return true;
    if (bar == std::string_view::npos) return false;
    texts.remove_prefix(bar + 1);
  }
}

/// How long the beginning of `text` is that is `name`, in which `#` is any digit; 0 when it is something
/// else.
[[nodiscard]] constexpr std::size_t agent_name_length(std::string_view text, std::string_view name) {
  if (text.size() < name.size()) return 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '#' ? !is_agent_digit(text[i]) : text[i] != name[i]) return 0;
  }
  return name.size();
}

/// How long the version at the beginning of `text` is; nothing when it is not what was asked for.
[[nodiscard]] constexpr std::size_t agent_version_length(std::string_view text, AgentVersion version) {
  if (version == AgentVersion::any) return 0;
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && is_agent_digit(text[at])) ++at;
    return at > first;
  };
  const auto mark = [&](char c) { return at < text.size() && text[at] == c && ++at != 0; };
  constexpr std::size_t none = std::string_view::npos;
  if (!mark(version == AgentVersion::word ? ' ' : '/') || !digits()) return none;
  const int more = version == AgentVersion::one     ? 0
                   : version == AgentVersion::three ? 2
                   : version == AgentVersion::four  ? 3
                                                    : 1;
  for (int i = 0; i < more; ++i) {
    if (!mark('.') || !digits()) return none;
  }
  if (version == AgentVersion::alpha || version == AgentVersion::beta) {
    if (!mark(version == AgentVersion::alpha ? 'a' : 'b') || !digits()) return none;
  }
  return at;
}

/// The name found at this place of the text; empty when the pattern does not match here.
[[nodiscard]] constexpr std::string_view agent_name_at(std::string_view text, std::size_t at,
                                                       const AgentPattern& pattern) {
  if (pattern.at_word && at > 0 && is_agent_word(text[at - 1])) return {};
  const std::string_view before = text.substr(0, at);
  std::string_view found;
  static_cast<void>(any_of_bars(pattern.names, [&](std::string_view name) {
    const std::size_t length = agent_name_length(text.substr(at), name);
    if (length == 0) return false;
    const std::size_t version = agent_version_length(text.substr(at + length), pattern.version);
    if (version == std::string_view::npos) return false;
    const std::string_view rest = text.substr(at + length + version);
    const bool later = pattern.later.empty() || any_of_bars(pattern.later, [&](std::string_view part) {
                         return rest.find(part) != std::string_view::npos;
                       });
    const bool then =
        pattern.then.empty() || any_of_bars(pattern.then, [&](std::string_view part) {
          return part.ends_with('$') ? rest == part.substr(0, part.size() - 1) : rest.starts_with(part);
        });
    if (later && then) found = text.substr(at, length);
    return later && then;
  }));
  if (found.empty() || pattern.after.empty()) return found;
  const bool after = any_of_bars(
      pattern.after, [&](std::string_view part) { return before.find(part) != std::string_view::npos; });
  return after ? found : std::string_view{};
}

/// The first place where the pattern matches decides which of its names it is.
[[nodiscard]] constexpr std::string_view match_agent(std::string_view text, const AgentPattern& pattern) {
  // Most patterns name nothing that is in the text, which a search says at once.
  const bool possible = any_of_bars(pattern.names, [&](std::string_view name) {
    return text.find(name.substr(0, name.find('#'))) != std::string_view::npos;
  });
  if (!possible) return {};
  const std::size_t places = pattern.at_start ? 1 : text.size();
  for (std::size_t at = 0; at < places && at < text.size(); ++at) {
    const std::string_view found = agent_name_at(text, at, pattern);
    if (!found.empty()) return pattern.result.empty() ? found : pattern.result;
  }
  return {};
}

}  // namespace rushhour::event::detail

namespace rushhour::event {

RUSHHOUR_INLINE std::string_view user_agent_name(std::string_view text) {
  for (const detail::AgentPattern& pattern : detail::agent_patterns) {
    const std::string_view name = detail::match_agent(text, pattern);
    if (!name.empty()) return name;
  }
  return "Other";
}

}  // namespace rushhour::event
