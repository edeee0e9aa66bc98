/// \file
/// Makes a run's detections as their plans say.
#pragma once

#include <string_view>

#include <rushhour/detect/lookup_table.hpp>
#include <rushhour/detect/match.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/detect/virustotal_enrichment.hpp>
#include <rushhour/fakes/virustotal.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/random.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/sim/simulation.hpp>

namespace rushhour::scenario::detail {

inline detect::Match make_match(const DetectionPlan& plan, const Scenario& scenario, const Random& random) {
  if (!plan.match.share) return detect::Match::event_names(plan.match.event_names);
  return detect::Match::share(*plan.match.share, scenario.events, random.stream("match." + plan.name));
}

/// The rows of a table of reports are what VirusTotal would answer. Which addresses are covered hangs on the
/// run's seed alone, so all tables of a run agree, and a larger one includes a smaller.
inline detect::LookupTable::Options make_table(const LookupTablePlan& plan, const Random& random,
                                               const fakes::VirusTotal& virustotal) {
  return {.coverage = plan.coverage,
          .refresh = plan.refresh,
          .stream = random.stream("lookup_table"),
          .report = [&virustotal](std::string_view address) { return virustotal.report(address); }};
}

/// \param counts  null: what its strategies do is not counted; otherwise it outlives the run
inline sim::DetectionPlan make_detection(const DetectionPlan& plan, const Scenario& scenario,
                                         const Random& random, fakes::PantherWorld& world,
                                         detect::StrategyCounts* counts = nullptr) {
  detect::VirusTotalDetection::Options options{
      .name = plan.name,
      .strategy = plan.strategy,
      .match = make_match(plan, scenario, random),
      .enrichment = plan.enrichment,
      .data = plan.data,
      .table = make_table(plan.lookup_table, random, world.world.virustotal),
      .dedup = plan.dedup,
      .counts = counts};
  const fakes::Customer* const customer = world.find_customer(plan.customer);
  RUSHHOUR_ASSERT(customer != nullptr, "the loader has let through a customer that the world does not have");
  options.enrichment.role_arn = customer->role_arn;
  options.enrichment.secret_id = customer->secret_name;
  if (customer->region != world.world.options.region) options.enrichment.region = customer->region;
  return {.name = world.world.ledger.names().intern(plan.name),
          .text = plan.name,
          .make = [options] { return detect::AnyDetection{detect::VirusTotalDetection{options}}; },
          .concerns = options.match,
          .counts = counts};
}

}  // namespace rushhour::scenario::detail
