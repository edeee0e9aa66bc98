/// \file
/// One-time passwords of virtual MFA devices: RFC 6238 on RFC 4226, with HMAC-SHA-1, six digits and steps of
/// 30 seconds from 1970 on.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// What a device with this secret shows at `now`: six digits.
[[nodiscard]] inline std::string one_time_password(std::string_view secret, Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto step = static_cast<std::uint64_t>(seconds) / 30;
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = counter.size(); i-- > 0; step >>= 8) counter[i] = static_cast<unsigned char>(step);
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(),
       hash.data(), &size);
  const std::size_t at = hash[size - 1] & 15U;  // dynamic truncation, RFC 4226, section 5.3
  std::uint32_t word = (hash[at] & 127U) << 24 | std::uint32_t{hash[at + 1]} << 16 |
                       std::uint32_t{hash[at + 2]} << 8 | hash[at + 3];
  std::string digits(6, '0');
  for (std::size_t i = digits.size(); i-- > 0; word /= 10) digits[i] = static_cast<char>('0' + word % 10);
  return digits;
}

}  // namespace rushhour::fakes::detail
