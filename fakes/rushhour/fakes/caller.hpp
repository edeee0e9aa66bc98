/// \file
/// Who stands behind a request, once it is authenticated. How that is established is the business of iam.hpp
/// and, for VirusTotal's keys, virustotal.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// A role session's name (2 to 64 characters), held without an allocation.
class SessionName {
 public:
  SessionName() = default;
  explicit SessionName(std::string_view text)
      : size_(static_cast<std::uint8_t>(std::min<std::size_t>(text.size(), 64))) {
    std::copy_n(text.begin(), size_, characters_.begin());
  }
  [[nodiscard]] std::string_view text() const { return {characters_.data(), size_}; }

 private:
  std::array<char, 64> characters_{};
  std::uint8_t size_{};
};

struct Caller {
  std::uint32_t subject{};  ///< which principal or key: an index that only the authenticator understands
  Name principal{};         ///< role or user ARN, or the key's name
  Name account{};           ///< whose quotas it uses: an account id, or the key's name
  bool is_session{};        ///< temporary credentials of a role
  SessionName session{};
};

}  // namespace rushhour::fakes
