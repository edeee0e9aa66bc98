// `rushhour check --stability`: which of the things that nobody has published turns the verdict.

#include "stability.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/stability.hpp>

#include "files.hpp"
#include "interrupt.hpp"
#include "json_object.hpp"

namespace rushhour::cli {

namespace {

using scenario::Flipped;
using scenario::Stability;

std::string_view colour(bool holds) { return holds ? "green" : "red"; }

/// A paragraph of 80 columns, its first line after `first` and the others under it.
std::string paragraph(std::string_view first, std::string_view text) {
  std::string body = report::detail::wrapped(text, std::string(first.size(), ' '));
  while (body.ends_with('\n')) body.pop_back();
  const std::size_t start = std::min(body.find_first_not_of(' '), body.size());
  return std::string{first} + body.substr(start) + "\n";
}

std::string setting_text(const scenario::Setting& setting) { return setting.path + "=" + setting.value; }

std::string assumed(const Flipped& flipped) {
  std::string out;
  for (const scenario::Assumption& each : flipped.flip.assumptions) {
    const std::string one = each.name + " is " + each.value + ", " + each.tag;
    out += (out.empty() ? "" : "; ") + one;
  }
  return out;
}

std::string text_of(const Stability& stability) {
  const std::size_t same = stability.count(stability.holds);
  const std::size_t other = stability.count(!stability.holds);
  std::string out = paragraph(
      "stability  ", stability.scenario + " is " + std::string{colour(stability.holds)} + " as it is, and " +
                         std::string{colour(stability.holds)} + " under " + std::to_string(same) + " of " +
                         std::to_string(same + other) + " alternatives to what nobody has published");
  for (const Flipped& each : stability.flipped) {
    if (!each.refused.empty() || each.holds == stability.holds) continue;
    out += paragraph(
        "  " + std::string{colour(each.holds)} + " if  ",
        each.flip.words + " (" + setting_text(each.flip.setting) + "; assumed: " + assumed(each) + ")");
    for (const std::string& budget : each.turned) out += paragraph("    ", budget);
  }
  for (const Flipped& each : stability.flipped) {
    if (each.refused.empty()) continue;
    out += paragraph("  not here  ", setting_text(each.flip.setting) + ": " + each.refused);
  }
  for (const scenario::NoSwitch& each : stability.fixed) {
    out +=
        paragraph("  no switch  ", each.assumption.name + " (" + each.assumption.value + "): " + each.reason);
  }
  return out;
}

void write_assumption(std::string& out, const scenario::Assumption& assumption) {
  JsonObject object{out};
  object.text("name", assumption.name);
  object.text("value", assumption.value);
  object.text("tag", assumption.tag);
}

void write_flipped(std::string& out, const Flipped& flipped) {
  JsonObject object{out};
  object.text("setting", setting_text(flipped.flip.setting));
  object.text("words", flipped.flip.words);
  object.array("assumptions", flipped.flip.assumptions,
               [&](const scenario::Assumption& each) { write_assumption(out, each); });
  if (!flipped.refused.empty()) {
    object.text("refused", flipped.refused);
    return;
  }
  object.boolean("holds", flipped.holds);
  object.texts("turned", flipped.turned);
}

void write_stability(std::string& out, const Stability& stability) {
  JsonObject object{out};
  object.text("scenario", stability.scenario);
  object.boolean("holds", stability.holds);
  object.boolean("stands", stability.stands());
  object.number("alternatives", stability.count(true) + stability.count(false));
  object.array("flips", stability.flipped, [&](const Flipped& each) { write_flipped(out, each); });
  object.array("no_switch", stability.fixed, [&](const scenario::NoSwitch& each) {
    JsonObject fixed{out};
    fixed.text("name", each.assumption.name);
    fixed.text("value", each.assumption.value);
    fixed.text("tag", each.assumption.tag);
    fixed.text("reason", each.reason);
  });
}

/// Python runs in one thread.
bool has_pack_rules(const scenario::Scenario& scenario) {
  return std::ranges::any_of(scenario.detections,
                             [](const scenario::DetectionPlan& plan) { return plan.panther.has_value(); });
}

}  // namespace

void report_stability(const Runs& runs, const CheckCommand& command, PythonPacks& packs) {
  scenario::Overrides overrides{.seed = command.run.seed, .events = command.run.events};
  for (const std::string& text : command.run.settings) {
    overrides.settings.push_back(scenario::parse_setting(text));
  }
  std::string json;
  {
    JsonObject object{json};
    object.text("format", "rushhour.stability/1");
    object.array("scenarios", runs, [&](const std::unique_ptr<scenario::Run>& run) {
      const bool python = has_pack_rules(run->scenario);
      const auto one = [&](scenario::Scenario scenario) {
        scenario::RunOptions options{.make_endpoint = make_transport(command.run.transport),
                                     .transport = command.run.transport,
                                     .stop = &interrupt_flag()};
        return python ? run_one(std::move(scenario), std::move(options), packs)
                      : scenario::run(std::move(scenario), options);
      };
      const Stability stability = scenario::stability_of(
          *run, overrides,
          {.run = one, .threads = python ? 1 : std::max(1U, std::thread::hardware_concurrency())});
      std::fputs(text_of(stability).c_str(), takes_standard_output(command.run) ? stderr : stdout);
      write_stability(json, stability);
    });
  }
  if (!command.stability_json.empty()) write_file(command.stability_json, json + "\n");
}

}  // namespace rushhour::cli
