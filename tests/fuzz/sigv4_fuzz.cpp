// Whatever a request claims about its signature is read without harm, and what we sign we verify, in the
// header and presigned.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <rushhour/aws/sigv4.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

const aws::Credentials user{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
const aws::Credentials session{"ASIAIOSFODNN7EXAMPLE", "bPxRfiCYEXAMPLEKEYwJalrXUtnFEMI/K7MDENG+", "a+/="};
constexpr aws::SigningScope scope{"us-east-1", "sts"};

void run(std::string_view text) {
  const Instant now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
  const aws::Verification verification{.scope = scope, .now = now};
  const http::Request request = read_request(text);
  claim(aws::verify(request, user.secret_access_key, verification).has_value(),
        "nobody signs without the key");
  for (const aws::Credentials& who : {user, session}) {
    http::Request link = request;
    aws::presign(link, who, scope, now, std::chrono::minutes{1});
    claim(!aws::verify(link, who.secret_access_key, verification), "a presigned request verifies",
          link.target);
    claim(aws::verify(link, "another", verification).has_value(), "another secret does not", link.target);
    if (link.query().find("X-Amz-") == std::string_view::npos) continue;
    http::Request header = request;
    header.target = header.path();
    aws::sign(header, who, scope, now);
    claim(!aws::verify(header, who.secret_access_key, verification), "a signed request verifies",
          header.target);
  }
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rushhour::fuzz::run(rushhour::fuzz::text_of(data, size));
  return 0;
}
