/// \file
/// Bodies of html.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/sha256.hpp>
#include <rushhour/config.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/report/detail/html_data.hpp>
#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/html.hpp>
#include <rushhour/report/json.hpp>
#include <rushhour/report/text.hpp>

namespace rushhour::report {

namespace detail {

/// Text between tags.
inline std::string html_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// JSON that stands in a script element: `<` occurs only in texts, and would begin `</script` or `<!--`.
inline std::string json_in_script(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

/// As a Content-Security-Policy names what may run: `'sha256-...'`.
inline std::string content_hash(std::string_view content) {
  const aws::detail::Hash hash = aws::detail::sha256(content);
  std::string out = "'sha256-";
  rushhour::detail::append_base64(out, aws::detail::bytes(hash));
  return out + '\'';
}

/// Nothing is fetched, and nothing runs but the two scripts that are in the page.
inline std::string content_policy(const PageAssets& assets) {
  return "default-src 'none'; script-src " + content_hash(assets.library) + ' ' +
         content_hash(assets.script) + "; style-src " + content_hash(assets.style) +
         "; img-src data:; base-uri 'none'; form-action 'none'";
}

inline std::string replay(const scenario::Run& run) {
  std::string out;
  for (const std::string& words : reproduce(run)) out += (out.empty() ? "" : " ") + words;
  return out;
}

inline Json page_data(std::span<const scenario::Run* const> runs, const PageAssets& assets,
                      const PageExtras& extras) {
  Json out{{"format", "rushhour.page/1"}, {"version", assets.version}, {"report", Json::parse(json(runs))}};
  out["files"] = Json::array();
  out["replay"] = Json::array();
  out["verdicts"] = Json::array();
  out["timelines"] = Json::array();
  for (const scenario::Run* run : runs) {
    out["files"].push_back(run->scenario.file);
    out["replay"].push_back(replay(*run));
    Json verdicts = Json::array();
    for (const scenario::JudgedBudget& budget : run->budgets) verdicts.push_back(budget.verdict.text);
    out["verdicts"].push_back(std::move(verdicts));
    out["timelines"].push_back(timeline_json(run->timeline));
  }
  out["comparisons"] = Json::array();
  for (const auto& each : extras.comparisons)
    out["comparisons"].push_back(each ? comparison_json(*each) : Json(nullptr));
  out["sweeps"] = Json::array();
  for (const PageSweeps& each : extras.sweeps) out["sweeps"].push_back(sweeps_json(each));
  return out;
}

inline std::string page_title(std::span<const scenario::Run* const> runs) {
  std::string out;
  for (const scenario::Run* run : runs) out += (out.empty() ? "" : ", ") + run->scenario.name;
  return out;
}

/// The page with each `{{name}}` in its place.
inline std::string filled(std::string_view page,
                          const std::vector<std::pair<std::string_view, std::string>>& parts) {
  std::string out;
  while (!page.empty()) {
    const std::size_t open = page.find("{{");
    const std::size_t close = open == page.npos ? page.npos : page.find("}}", open);
    out += page.substr(0, close == page.npos ? page.npos : open);
    if (close == page.npos) return out;
    const std::string_view name = page.substr(open + 2, close - open - 2);
    bool known = false;
    for (const auto& [part, text] : parts) {
      if (part != name) continue;
      out += text;
      known = true;
    }
    RUSHHOUR_ASSERT(known, "the page names only parts that there are");
    page.remove_prefix(close + 2);
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string html(std::span<const scenario::Run* const> runs, const PageAssets& assets,
                                 const PageExtras& extras) {
  RUSHHOUR_ASSERT(!runs.empty(), "a page shows at least one run");
  return detail::filled(assets.page,
                        {{"title", detail::html_text(detail::page_title(runs))},
                         {"policy", detail::content_policy(assets)},
                         {"style", std::string{assets.style}},
                         {"library", std::string{assets.library}},
                         {"script", std::string{assets.script}},
                         {"data", detail::json_in_script(detail::page_data(runs, assets, extras))},
                         {"text", detail::html_text(text(runs))},
                         {"version", detail::html_text(assets.version)}});
}

}  // namespace rushhour::report
