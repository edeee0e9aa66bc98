// An ARN that can be read is written as it was.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rushhour/aws/arn.hpp>

#include "raw_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rushhour;
  const std::string_view text = fuzz::text_of(data, size);
  const auto arn = aws::parse_arn(text);
  if (!arn) return 0;
  fuzz::claim(aws::to_text(*arn) == text, "an ARN is written as it was read", text);
  fuzz::claim(arn->resource_type().size() + arn->resource_id().size() <= arn->resource.size(),
              "a resource is its type and its id", text);
  fuzz::claim(arn->resource.ends_with(arn->name()), "a name ends the resource", text);
  static_cast<void>(aws::partition_of(arn->region));
  return 0;
}
