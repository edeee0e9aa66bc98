// Claim: a blocking call in a simulated worker costs 16 / 50 / 79 ns at 1 / 100 / 1,000 workers, event queue
// included. Beside it stands the bare part: replacing the top of the 4-ary heap, which any event queue must
// pay.

#include <cstdint>

#include <benchmark/benchmark.h>

#include <rushhour/random.hpp>
#include <rushhour/sim/event_loop.hpp>
#include <rushhour/sim/fiber.hpp>

namespace {

using namespace rushhour;

constexpr Duration latency_max{2'000'000};

/// Latencies of 1 ns to 2 ms from a counter, about 1 ns each.
Duration latency(Stream stream, std::uint64_t count) {
  return Duration{static_cast<std::int64_t>(1 + uniform_below(stream.at(count), latency_max.count()))};
}

/// The cost of one call, as nanoseconds in the column `per_call`.
void report(benchmark::State& state, std::uint64_t calls) {
  state.SetItemsProcessed(static_cast<std::int64_t>(calls));
  state.counters["per_call"] = benchmark::Counter(static_cast<double>(calls),
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// Workers that do nothing but call: one call is one sleep of its latency.
void blocking_call(benchmark::State& state) {
  const auto workers = static_cast<std::uint64_t>(state.range(0));
  std::uint64_t calls = 0;
  sim::EventLoop loop;
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    loop.spawn([&loop, &calls, stream = Stream{worker}] {
      for (std::uint64_t i = 0;; ++i, ++calls) loop.sleep_for(latency(stream, i));
    });
  }
  const Duration step = latency_max * 10'000 / static_cast<std::int64_t>(workers);
  loop.run_until(loop.now() + step);
  calls = 0;
  for (auto _ : state) loop.run_until(loop.now() + step);
  report(state, calls);
}
BENCHMARK(blocking_call)->ArgName("workers")->Arg(1)->Arg(100)->Arg(1'000)->Arg(10'000);

/// The queue alone: whoever is first comes back later.
void heap_replace_top(benchmark::State& state) {
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  const Stream stream{1};
  sim::detail::WakeQueue queue;
  for (std::uint32_t i = 0; i < pending; ++i) queue.push(Instant{latency(stream, i)}, sim::WorkerId{i});
  std::uint64_t calls = 0;
  for (auto _ : state) {
    const sim::detail::WakeQueue::Entry first = queue.top();
    queue.take();
    benchmark::DoNotOptimize(queue.push(first.instant + latency(stream, pending + calls++), first.worker()));
  }
  report(state, calls);
}
BENCHMARK(heap_replace_top)->ArgName("pending")->Arg(1)->Arg(100)->Arg(1'000)->Arg(10'000)->Arg(100'000);

/// The switch alone: into a fiber and out again, no queue.
void fiber_switch(benchmark::State& state) {
  bool ended = false;
  sim::Fiber* self = nullptr;
  sim::Fiber fiber{[&] {
    while (!ended) self->park();
  }};
  self = &fiber;
  std::uint64_t calls = 0;
  for (auto _ : state) {
    fiber.resume();
    ++calls;
  }
  ended = true;
  fiber.resume();
  report(state, calls);
}
BENCHMARK(fiber_switch);

}  // namespace
