// Claim: a KQL rule judges a synthetic event in at most 50 ns, as what is the same in all events of a layout
// is judged once. Beside it stand the same rule on events that have no layout, and the bare comparison of
// texts that no engine can do without.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/random.hpp>

namespace {

using namespace rushhour;

/// Shaped like the seed's rule: equal texts, a list, existence, wildcards on what differs between events.
constexpr std::string_view rule =
    "event.provider: secretsmanager.amazonaws.com and event.action: (GetSecretValue or BatchGetSecretValue) "
    "and user.id: * and not user_agent.original: (*Chrome* or *Safari* or *Boto3/1.2*)";
/// Nothing of it is the same in all events of a layout.
constexpr std::string_view rule_of_slots =
    "user.id: AROA* and not source.ip: (10.0.0.0/8 or 192.168.0.0/16) and not user_agent.original: *Chrome*";

/// A field of the record under another name.
class Renamed final : public event::Field {
 public:
  explicit Renamed(std::string_view path) : path_(path) {}
  [[nodiscard]] event::Value read(const event::Event& event, event::Arena&) const override {
    return path_(event);
  }
  [[nodiscard]] std::optional<event::Value> constant(const event::Layout& layout) const override {
    const event::Path::Place place = path_.compile(layout);
    return place.node.is_slot() ? std::nullopt : std::optional{place.node};
  }

 private:
  event::Path path_;
};

/// The fields that the rules above name.
class FewFields final : public event::Schema {
 public:
  [[nodiscard]] std::shared_ptr<const event::Field> field(std::string_view name) const override {
    const std::string_view path = name == "event.provider" ? "eventSource"
                                  : name == "event.action" ? "eventName"
                                  : name == "user.id"      ? "userIdentity.principalId"
                                  : name == "source.ip"    ? "sourceIPAddress"
                                                           : "userAgent";
    return std::make_shared<const Renamed>(path);
  }
  [[nodiscard]] event::FieldType type(std::string_view name) const override {
    return name == "source.ip" ? event::FieldType::ip : event::FieldType::keyword;
  }
  void for_each(const event::Event&, event::Arena&,
                const std::function<void(std::string_view, const event::Value&)>&) const override {}
};

/// Synthetic events, few enough for the processor's cache, every slot that a rule reads made.
struct Events {
  explicit Events(std::string_view only = {})
      : traffic({.events = 256, .exact_name = std::string{only}, .exact_share = {only.empty() ? 0U : 1U, 1}},
                Random{1}) {
    event::Event event;
    while (traffic.next(event)) {
      with_layout.push_back(std::move(event));
      without.push_back(event::from_json(with_layout.back().to_json()));
      event = {};
    }
  }
  event::traffic::SyntheticCloudTrail traffic;
  std::vector<event::Event> with_layout;
  std::vector<event::Event> without;
};

struct Judged {
  std::string_view rule;
  bool with_layout = true;
  std::string_view only{};  ///< an eventName; empty: the usual mix
};

void judge(benchmark::State& state, const Judged& what) {
  const Events events{what.only};
  const FewFields schema;
  const elastic::Query query{what.rule, schema};
  const std::vector<event::Event>& judged = what.with_layout ? events.with_layout : events.without;
  std::uint64_t matches = 0;
  for (auto _ : state) {
    for (const event::Event& event : judged) matches += query(event) ? 1U : 0U;
  }
  benchmark::DoNotOptimize(matches);
  const auto count = static_cast<double>(state.iterations()) * static_cast<double>(judged.size());
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  state.counters["per_event"] =
      benchmark::Counter(count, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(judge, rule_folded, Judged{.rule = rule});
BENCHMARK_CAPTURE(judge, rule_folded_candidates, Judged{.rule = rule, .only = "GetSecretValue"});
BENCHMARK_CAPTURE(judge, rule_unfolded, Judged{.rule = rule, .with_layout = false});
BENCHMARK_CAPTURE(judge, slots_folded, Judged{.rule = rule_of_slots});
BENCHMARK_CAPTURE(judge, slots_unfolded, Judged{.rule = rule_of_slots, .with_layout = false});

/// Compiling, as a rule does once for each container.
void compile_query(benchmark::State& state) {
  const FewFields schema;
  for (auto _ : state) benchmark::DoNotOptimize(elastic::Query{rule, schema});
}
BENCHMARK(compile_query);

/// One key found and one text compared in each event: the least that judging it may cost.
void compare_texts(benchmark::State& state) {
  const Events events;
  const event::Path path{"eventName"};
  std::uint64_t matches = 0;
  for (auto _ : state) {
    for (const event::Event& event : events.with_layout) matches += path(event) == "GetSecretValue" ? 1U : 0U;
  }
  benchmark::DoNotOptimize(matches);
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(events.with_layout.size()),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(compare_texts);

}  // namespace
