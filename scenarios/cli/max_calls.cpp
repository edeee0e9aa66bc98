#include "max_calls.hpp"

#include <algorithm>
#include <charconv>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::cli {

namespace {

[[noreturn]] void fail(const std::string& text, const std::string& expected) {
  throw InputError({.expected = expected,
                    .seen = "\"" + text + "\"",
                    .advice = "such as --max-calls virustotal=1 or --max-calls sts.AssumeRole=2"});
}

void require_service(const MaxCalls& limit) {
  std::string services;
  for (std::size_t i = 0; i < api::service_count; ++i) {
    const std::string_view name = api::to_text(static_cast<api::Service>(i));
    if (name == limit.service) return;
    services += (services.empty() ? "" : ", ") + std::string{name};
  }
  fail(limit.text, "--max-calls to name a service: " + services);
}

void require_operation(const MaxCalls& limit) {
  if (limit.operation.empty()) return;
  std::string known;
  for (const api::Operation* operation : scenario::all_operations()) {
    if (api::to_text(operation->service) != limit.service) continue;
    if (operation->name == limit.operation) return;
    known += (known.empty() ? "" : ", ") + std::string{operation->name};
  }
  fail(limit.text, known.empty() ? "--max-calls " + limit.service + "=N, without an operation"
                                 : "--max-calls to name an operation of " + limit.service + ": " + known);
}

}  // namespace

MaxCalls read_max_calls(const std::string& text) {
  MaxCalls out{.text = text};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) fail(text, "--max-calls SERVICE=N");
  const std::string name = text.substr(0, equals);
  const std::size_t dot = name.find('.');
  out.service = name.substr(0, dot);
  if (dot != std::string::npos) out.operation = name.substr(dot + 1);
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + equals + 1, end, out.limit);
  if (read.ec != std::errc{} || read.ptr != end)
    fail(text, "--max-calls SERVICE=N, where N is a whole number");
  require_service(out);
  require_operation(out);
  return out;
}

std::uint64_t Section::count(const MaxCalls& limit) const {
  std::uint64_t out = 0;
  for (const auto& [operation, number] : attempts) {
    const std::size_t colon = operation.find(':');
    const bool is_meant = operation.substr(0, colon) == limit.service &&
                          (limit.operation.empty() || operation.substr(colon + 1) == limit.operation);
    if (is_meant) out += number;
  }
  return out;
}

http::Response Sections::handle(const http::Request& request, http::Gate& gate) {
  const bool is_reset = request.method == "POST" && request.path() == "/_rushhour/reset";
  if (!is_reset) return inner_.handle(request, gate);
  {
    const http::Gate::Entry entry = gate.enter();
    close();
    const std::string* const test = request.header(test_header);
    current_.test = test == nullptr ? "" : *test;
    current_.has_own_limits = request.header(own_limits_header) != nullptr;
    ++resets_;
  }
  http::Response response = inner_.handle(request, gate);
  const http::Gate::Entry entry = gate.enter();
  for (const Fault& fault : faults_) world_.faults.add(fault);
  return response;
}

const std::vector<Section>& Sections::finish() {
  close();
  return sections_;
}

void Sections::close() {
  if (world_.journal().total() == 0 || sections_.size() == sections_max) return;
  Section section = current_;
  const Names& names = world_.ledger.names();
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const std::uint64_t attempts = world_.journal().count(Name{i});
    if (attempts > 0) section.attempts[std::string{names.text(Name{i})}] = attempts;
  }
  sections_.push_back(std::move(section));
}

}  // namespace rushhour::cli
