// Any text is read as the input of any operation of the Query protocol, and as its answer, without harm; what
// was read is written, read and written again as the same text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/iam.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/http/message.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

[[nodiscard]] std::vector<aws::Parameter> parameters(std::string_view form) {
  std::vector<aws::Parameter> out;
  for (http::FormField& field : http::parse_form(form)) {
    out.emplace_back(std::move(field.name), std::move(field.value));
  }
  return out;
}

template <class Op>
void run(std::string_view text) {
  constexpr aws::Members members = api::operation_of<Op>.input;
  Op read{};
  if (!aws::read_query(parameters(text), members, &read).malformed) {
    std::string first;
    aws::append_query(first, members, &read);
    Op again{};
    claim(!aws::read_query(parameters(first), members, &again).malformed, "what is written can be read",
          first);
    std::string second;
    aws::append_query(second, members, &again);
    claim(first == second, "it is the same then", first + "\n" + second);
    static_cast<void>(aws::violation(members, &read));
  }
  typename Op::Output output{};
  static_cast<void>(
      aws::read_xml(text, std::string{Op::operation_name} + "Result", api::operation_of<Op>.output, &output));
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
  fuzz::run_all<api::Service::sts>(text);
  fuzz::run_all<api::Service::iam>(text);
  static_cast<void>(aws::read_xml_error(text));
  return 0;
}
