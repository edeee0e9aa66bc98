/// \file
/// Bodies of sarif.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/digest.hpp>
#include <rushhour/report/detail/budget_names.hpp>
#include <rushhour/report/detail/json_values.hpp>
#include <rushhour/report/detail/judged_words.hpp>
#include <rushhour/report/sarif.hpp>

namespace rushhour::report {

namespace detail {

/// A path as a URI reference; what a segment cannot hold is percent-encoded.
inline std::string uri_of(std::string_view path) {
  constexpr std::string_view plain = "-._~!$&'()*+,;=@/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15U];
  }
  return out;
}

inline Json location_json(const SourceLine& site, const Checkout& checkout) {
  const std::string file = in_checkout(site.file, checkout);
  Json artifact{{"uri", uri_of(file)}};
  if (!file.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  Json physical{{"artifactLocation", std::move(artifact)}};
  if (site.line != 0) {
    physical["region"]["startLine"] = site.line;
    if (site.column != 0) physical["region"]["startColumn"] = site.column;
  }
  return {{"physicalLocation", std::move(physical)}};
}

inline std::string_view sarif_level(const scenario::JudgedBudget& budget) {
  return budget.plan.budget.level == scenario::Level::error ? "error" : "warning";
}

inline Json sarif_rule(const Judged& scenario, std::size_t at) {
  const scenario::JudgedBudget& budget = scenario.budgets[at];
  const std::string& why = budget.plan.why;
  const std::string& text = budget.plan.budget.text;
  return {{"id", scenario.run->scenario.name + "/" + unique_name(scenario.budgets, at)},
          {"shortDescription", {{"text", text}}},
          {"fullDescription", {{"text", why.empty() ? text : why}}},
          {"help",
           {{"text", "A budget of the scenario " + scenario.run->scenario.file +
                         ", which says what a run may cost. To see the run: " + again_text(scenario)}}},
          {"defaultConfiguration", {{"level", sarif_level(budget)}}},
          {"properties", {{"tags", Json::array({"budget"})}}}};
}

/// Where else to look: at the budget, and at the lines of the other callers.
inline Json related_locations(const scenario::JudgedBudget& budget, const SourceLine& blamed,
                              const Checkout& checkout) {
  Json out = Json::array();
  const auto add = [&](const SourceLine& site, const std::string& text) {
    if (site.file == blamed.file && site.line == blamed.line) return;
    Json location = location_json(site, checkout);
    location["id"] = out.size() + 1;
    location["message"]["text"] = text;
    out.push_back(std::move(location));
  };
  add(budget_site(budget), "the budget");
  for (const scenario::Culprit& culprit : budget.culprits) {
    if (!culprit.site.empty() && !is_ours(culprit.site))
      add(site_of(culprit.site), culprit.detection + " by " + culprit.operation);
  }
  return out;
}

inline Json sarif_result(const Judged& scenario, std::size_t at, std::size_t rule, const Checkout& checkout) {
  const scenario::JudgedBudget& budget = scenario.budgets[at];
  const std::string id = scenario.run->scenario.name + "/" + unique_name(scenario.budgets, at);
  const SourceLine blamed = blamed_site(budget);
  Json out{{"ruleId", id},
           {"ruleIndex", rule},
           {"level", sarif_level(budget)},
           {"message", {{"text", joined(explanation(scenario, budget), "\n")}}},
           {"locations", Json::array({location_json(blamed, checkout)})},
           {"partialFingerprints", {{"rushhourBudget/v1", hexadecimal_json(hash(id))}}}};
  if (!budget.culprits.empty()) {
    Json logical = Json::array();
    for (const scenario::Culprit& culprit : budget.culprits) {
      if (culprit.detection.empty()) continue;
      logical.push_back({{"name", culprit.detection}, {"kind", "function"}});
    }
    if (!logical.empty()) out["locations"][0]["logicalLocations"] = std::move(logical);
  }
  Json related = related_locations(budget, blamed, checkout);
  if (!related.empty()) out["relatedLocations"] = std::move(related);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::string sarif(std::span<const Judged> scenarios, const SarifOptions& options) {
  using detail::Json;
  Json rules = Json::array();
  Json results = Json::array();
  for (const Judged& scenario : scenarios) {
    for (std::size_t at = 0; at < scenario.budgets.size(); ++at) {
      if (!scenario.budgets[at].verdict.holds) {
        results.push_back(detail::sarif_result(scenario, at, rules.size(), options.checkout));
      }
      rules.push_back(detail::sarif_rule(scenario, at));
    }
  }
  Json driver{{"name", "rushhour"}};
  if (!options.version.empty()) driver["semanticVersion"] = options.version;
  driver["rules"] = std::move(rules);
  const Json run{{"tool", {{"driver", std::move(driver)}}},
                 {"automationDetails", {{"id", "rushhour/"}}},
                 {"results", std::move(results)}};
  const Json out{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({run})}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rushhour::report
