/// \file
/// README's claim: what is written down of a call costs less than the call. The journal, the digest and the
/// meters take the same stream of calls; beside them stands the bare part, walking over the calls.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/fakes/ledger.hpp>
#include <rushhour/histogram.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>

namespace {

using namespace rushhour;

/// A minute of the naive hour: an event every 7.2 ms, three operations each; `detections` take turns.
std::vector<Call> calls(Names& names, std::uint32_t detections) {
  const Name operations[] = {names.intern("sts:AssumeRole"), names.intern("secretsmanager:GetSecretValue"),
                             names.intern("virustotal:ip_addresses")};
  const Name accounts[] = {names.intern("111122223333"), names.intern("444455556666"),
                           names.intern("virustotal-key")};
  std::vector<Name> rules;
  for (std::uint32_t i = 0; i < detections; ++i) rules.push_back(names.intern("rule-" + std::to_string(i)));
  std::vector<Call> out;
  constexpr std::chrono::microseconds between{7'200};
  constexpr std::uint64_t events = std::chrono::minutes{1} / between;
  for (std::uint64_t event = 1; event <= events; ++event) {
    for (std::size_t i = 0; i < 3; ++i) {
      const bool throttled = i == 2 && event % 600 > 3;
      out.push_back({.at = Instant{between * static_cast<std::int64_t>(event)},
                     .event = event,
                     .operation = operations[i],
                     .account = accounts[i],
                     .detection = rules[event % rules.size()],
                     .status = static_cast<std::uint16_t>(throttled ? 429 : 200),
                     .outcome = throttled ? Outcome::throttled : Outcome::ok,
                     .attempt = 1,
                     .function = Function::rule});
    }
  }
  return out;
}

/// Every pass over the minute is the next minute.
template <class Take>
void take_all(benchmark::State& state, std::vector<Call> minute, Take take) {
  for (auto _ : state) {
    for (Call& call : minute) {
      take(call);
      call.at += std::chrono::minutes{1};
    }
  }
  const auto taken = static_cast<double>(state.iterations()) * static_cast<double>(minute.size());
  state.counters["per_call"] =
      benchmark::Counter(taken, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BareCallStream(benchmark::State& state) {
  Names names;
  take_all(state, calls(names, 1), [](const Call& call) { benchmark::DoNotOptimize(call.at); });
}
BENCHMARK(BareCallStream);

void JournalOfTallies(benchmark::State& state) {
  Names names;
  Journal journal{0};
  take_all(state, calls(names, 1), [&](const Call& call) { journal.append(call); });
}
BENCHMARK(JournalOfTallies);

void JournalWithItsLastCalls(benchmark::State& state) {
  Names names;
  Journal journal{10'000};
  take_all(state, calls(names, 1), [&](const Call& call) { journal.append(call); });
}
BENCHMARK(JournalWithItsLastCalls);

/// Journal and digest together, as each fake's call pays for them.
void LedgerWithDigest(benchmark::State& state) {
  fakes::Ledger ledger{0};
  take_all(state, calls(ledger.names(), 1), [&](const Call& call) { ledger.record(call); });
}
BENCHMARK(LedgerWithDigest);

/// Totals, peaks of five aligned and three sliding windows, series: by operation, service, account and
/// detection.
void Meters(benchmark::State& state) {
  Names names;
  const std::vector<Call> minute = calls(names, static_cast<std::uint32_t>(state.range(0)));
  measure::Meters meters{names};
  take_all(state, minute, [&](const Call& call) { meters.on_call(call); });
}
BENCHMARK(Meters)->ArgName("detections")->Arg(1)->Arg(20);

void DelayHistogram(benchmark::State& state) {
  Histogram histogram;
  const Stream stream{1};
  std::uint64_t drawn = 0;
  for (auto _ : state) {
    histogram.add(Duration{static_cast<std::int64_t>(stream.at(drawn++) >> 24)});
  }
  benchmark::DoNotOptimize(histogram.max());
}
BENCHMARK(DelayHistogram);

}  // namespace
