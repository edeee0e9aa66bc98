// Any text is a policy or an InputError, and evaluating it harms nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rushhour/aws/policy.hpp>
#include <rushhour/input_error.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

constexpr std::array<std::string_view, 4> keys{"aws:PrincipalArn", "aws:SourceIp", "aws:PrincipalTag/",
                                               "sts:ExternalId"};

void run(std::string_view text) {
  const aws::PrincipalIdentity principal{.arn = "arn:aws:sts::111122223333:assumed-role/engine/rule",
                                         .role_arn = "arn:aws:iam::111122223333:role/engine",
                                         .account_id = "111122223333"};
  const std::array<aws::ContextValue, 2> values{{{"aws:SourceIp", "192.0.2.7"}, {"sts:ExternalId", "x*?"}}};
  for (const aws::PolicyKind kind :
       {aws::PolicyKind::identity, aws::PolicyKind::resource, aws::PolicyKind::trust}) {
    try {
      const aws::Policy policy = aws::Policy::compile({.kind = kind, .text = text, .known_keys = keys});
      static_cast<void>(policy.evaluate({.action = "secretsmanager:GetSecretValue",
                                         .resource = "arn:aws:secretsmanager:us-east-1:444455556666:secret:a",
                                         .principal = &principal,
                                         .values = values}));
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rushhour::fuzz::run(rushhour::fuzz::text_of(data, size));
  return 0;
}
