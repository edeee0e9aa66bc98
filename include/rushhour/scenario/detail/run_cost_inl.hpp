#pragma once

#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/run_cost.hpp>

namespace rushhour::scenario {

RUSHHOUR_INLINE Consumption consumption(const Run& run) {
  Consumption used{.length = run.scenario.duration};
  if (const measure::Meter* secrets = run.meters->find("secretsmanager")) {
    used.secretsmanager_calls = secrets->accepted.total();
    used.secrets = run.world->customers.size();  // each keeps one, with the key
  }
  if (const measure::Meter* virustotal = run.meters->find("virustotal")) {
    used.virustotal_calls = virustotal->attempts.total();
  }
  const fakes::ConsumedUnits& units = run.world->world.dynamodb.consumed();
  used.dynamodb_read_halves = units.read_halves;
  used.dynamodb_write_halves = units.write_halves;
  if (run.scenario.engine.queued) {
    used.lambda_requests = run.result.fleet.invocations;
    used.lambda_billed_ms = run.result.fleet.billed_ms;
    used.lambda_memory_mb = run.scenario.engine.lambda.memory_mb;
  }
  return used;
}

RUSHHOUR_INLINE std::vector<CostLine> cost(const Run& run) {
  return cost(run.scenario.prices, consumption(run));
}

}  // namespace rushhour::scenario
