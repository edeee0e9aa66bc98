/// \file
/// README's claim: a typed call of a fake costs a few hundred nanoseconds, a signed message in memory some
/// microseconds, and a socket is what costs most. Every way in runs the same three calls, the ones of the
/// guide's enrichment: AssumeRole, GetSecretValue and the report of an address; so their ratios hold on any
/// machine, and `Ratio...` reports them from one run.

#include <time.h>

#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include <rushhour/api/in_memory.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/signed_http.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/in_memory.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/server.hpp>

namespace {

using namespace rushhour;

/// The guide's world without a journal and with quotas that never refuse, and one way in.
class Bench {
 public:
  enum class Way { direct, memory, wire };

  explicit Bench(Way way) {
    panther_.world.sts.quotas().replace({});
    panther_.world.secretsmanager.quotas().replace({});
    if (way == Way::memory) endpoint_ = std::make_unique<fakes::InMemoryWorld>(panther_.world);
    if (way == Way::wire) {
      door_ = std::make_unique<fakes::FrontDoor>(panther_.world);
      server_ =
          std::make_unique<http::Server>(*door_, http::ServerOptions{.clock = &clock_, .connections = 2});
      endpoint_ = std::make_unique<api::SignedHttp>(server_->port(), names_);
    }
    engine_ = credentials(panther_.engine_session(clock_.now()).credentials);
    const auto assumed = call(assume_, engine_);
    const api::sts::Credentials& made = assumed.credentials;
    customer_ = aws::Credentials{made.access_key_id, made.secret_access_key, made.session_token};
    key_ = api::ApiKey{fakes::PantherWorldOptions{}.api_key};
  }

  void assume_role() { benchmark::DoNotOptimize(call(assume_, engine_)); }
  void get_secret_value() { benchmark::DoNotOptimize(call(get_, customer_)); }
  void get_address_report() { benchmark::DoNotOptimize(call(report_, key_)); }

 private:
  static api::Identity credentials(const aws::Credentials& key) { return key; }

  template <class Op>
  typename Op::Output call(const Op& request, const api::Identity& who) {
    typename Op::Output output;
    Failure failure;
    const api::Attribution attribution;
    api::Endpoint& endpoint = endpoint_ ? *endpoint_ : static_cast<api::Endpoint&>(panther_.world);
    const bool ok = endpoint.perform({.operation = api::operation_of<Op>,
                                      .input = &request,
                                      .output = &output,
                                      .identity = who,
                                      .attribution = attribution,
                                      .failure = failure},
                                     clock_.now());
    if (!ok) throw api::Error(failure);
    return output;
  }

  fakes::PantherWorld panther_{{.world = {.journal_capacity = 0}, .virustotal_quota = {}}};
  VirtualClock clock_{panther_.world.options.start};
  Names names_;
  std::unique_ptr<fakes::FrontDoor> door_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<api::Endpoint> endpoint_;
  const api::sts::AssumeRole assume_{.role_arn = panther_.customer_role_arn, .role_session_name = "rule-1"};
  const api::secretsmanager::GetSecretValue get_{.secret_id = panther_.secret_name};
  const api::virustotal::GetIpAddress report_{.ip = "8.8.8.8"};
  api::Identity engine_{};
  api::Identity customer_{};
  api::Identity key_{};
};

using Way = Bench::Way;
using Call = void (Bench::*)();

void run(benchmark::State& state, Way way, Call call) {
  Bench bench{way};
  for (auto _ : state) (bench.*call)();
  state.SetItemsProcessed(state.iterations());
}

// Targets. The million-event hour has 1,500,000 calls: directly 667 ns for each, worker and event included
// (1.0 s of CPU), in memory 6.7 us (10 s), where a signed GetSecretValue alone has 10 us, and on the wire 80
// us (120 s by one client). The wire in wall time: most of it is spent by the server's thread and the kernel.
BENCHMARK_CAPTURE(run, AssumeRoleDirect, Way::direct, &Bench::assume_role);
BENCHMARK_CAPTURE(run, AssumeRoleInMemory, Way::memory, &Bench::assume_role);
BENCHMARK_CAPTURE(run, AssumeRoleOnTheWire, Way::wire, &Bench::assume_role)->UseRealTime();
BENCHMARK_CAPTURE(run, GetSecretValueDirect, Way::direct, &Bench::get_secret_value);
BENCHMARK_CAPTURE(run, GetSecretValueInMemory, Way::memory, &Bench::get_secret_value);
BENCHMARK_CAPTURE(run, GetSecretValueOnTheWire, Way::wire, &Bench::get_secret_value)->UseRealTime();
BENCHMARK_CAPTURE(run, AddressReportDirect, Way::direct, &Bench::get_address_report);
BENCHMARK_CAPTURE(run, AddressReportInMemory, Way::memory, &Bench::get_address_report);
BENCHMARK_CAPTURE(run, AddressReportOnTheWire, Way::wire, &Bench::get_address_report)->UseRealTime();

/// What `calls` calls cost this process, whose threads are client and server both, in seconds of processor
/// time.
double seconds_of(Bench& bench, Call call, int calls) {
  const auto spent = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = spent();
  for (int i = 0; i < calls; ++i) (bench.*call)();
  return spent() - begin;
}

/// How many times a direct call the other ways cost. All three take turns, and processor time is counted, so
/// that a machine that is busy with something else is so for all of them.
void ratios(benchmark::State& state, Call call) {
  Bench direct{Way::direct};
  Bench memory{Way::memory};
  Bench wire{Way::wire};
  double spent[3]{};
  std::int64_t turns = 0;
  constexpr int wire_calls = 10;
  constexpr int memory_calls = 100;
  constexpr int direct_calls = 1'000;
  for (auto _ : state) {
    spent[0] += seconds_of(direct, call, direct_calls) / direct_calls;
    spent[1] += seconds_of(memory, call, memory_calls) / memory_calls;
    spent[2] += seconds_of(wire, call, wire_calls) / wire_calls;
    ++turns;
  }
  state.counters["direct_cpu_ns"] = spent[0] * 1e9 / static_cast<double>(turns);
  state.counters["in_memory_per_direct"] = spent[1] / spent[0];
  state.counters["wire_per_direct"] = spent[2] / spent[0];
}
BENCHMARK_CAPTURE(ratios, RatioAssumeRole, &Bench::assume_role)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ratios, RatioGetSecretValue, &Bench::get_secret_value)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ratios, RatioAddressReport, &Bench::get_address_report)->Unit(benchmark::kMillisecond);

}  // namespace
