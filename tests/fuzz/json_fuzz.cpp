// Any text is read as the input of any operation without harm; what was read is written, read and
// written again as the same text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/aws/json_1_1.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

template <class Op>
void run(std::string_view text) {
  constexpr aws::Members members = api::operation_of<Op>.input;
  Op read{};
  if (aws::read_json(text, members, &read).malformed) return;
  std::string first;
  aws::append_json(first, members, &read);
  Op again{};
  claim(!aws::read_json(first, members, &again).malformed, "what is written can be read", first);
  std::string second;
  aws::append_json(second, members, &again);
  claim(first == second, "it is the same then", first + "\n" + second);
  static_cast<void>(aws::violation(members, &read));
}

template <class... Ops>
void each_operation(api::Operations<Ops...> /*operations*/, std::string_view text) {
  (run<Ops>(text), ...);
}

template <api::Service service>
void run_all(std::string_view text) {
  each_operation(typename api::OperationsOf<service>::Type{}, text);
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rushhour;
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::run_all<api::Service::secretsmanager>(text);
  fuzz::run_all<api::Service::sts>(text);
  static_cast<void>(aws::read_json_error(text));
  return 0;
}
