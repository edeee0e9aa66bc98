/// \file
/// Who stands behind a request, once it is authenticated, and where it came from. How that is established is
/// the business of iam.hpp and, for VirusTotal's keys, virustotal.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/policy.hpp>
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

/// The types of CloudTrail's userIdentity, as far as they call.
enum class CallerKind : std::uint8_t {
  anonymous,       ///< of the operations that nobody signs
  user,            ///< an IAM user, with its own keys or with GetSessionToken's
  role,            ///< a session of a role
  federated_user,  ///< of GetFederationToken
  root,            ///< the root user of an account, or AssumeRoot's session of it
  key              ///< no principal of AWS but an API key
};

struct SessionTag {
  std::string key{};
  std::string value{};
  bool is_transitive{};

  friend bool operator==(const SessionTag&, const SessionTag&) = default;
};

/// What a session has beyond its name and times. Most have nothing.
struct SessionFacts {
  std::vector<aws::Policy> policies{};  ///< session policies, inline and managed
  std::vector<SessionTag> tags{};
  std::string source_identity{};
  bool is_multi_factor{};  ///< made with a code of an MFA device
  /// It was made with session policies: what none of them allows is denied, even when all of them are gone.
  bool is_confined{};
  bool reads_conditions{};  ///< a session policy does
};

/// What a message tells beside its request. A typed call comes without.
struct Origin {
  std::string_view source_ip{};
  std::string_view user_agent{};
  std::string_view host{};
  std::string_view request_id{};  ///< as the answer's x-amzn-RequestId; empty: none has been drawn
  bool is_secure{};               ///< TLS
};

struct Caller {
  CallerKind kind{};
  bool is_session{};        ///< temporary credentials
  std::uint32_t subject{};  ///< which principal or key: an index that only the authenticator understands
  Name principal{};         ///< role or user ARN, or the key's name
  Name account{};           ///< whose quotas it uses: an account id, or the key's name
  Name region{};            ///< where the call was sent
  Instant at{};             ///< when it called
  Instant session_start{};
  Instant session_end{};
  SessionName session{};
  const SessionFacts* facts{};  ///< null: none; valid while the call is decided, as is the next
  std::string_view access_key_id{};
  const Origin* origin{};  ///< null: a typed call
};

}  // namespace rushhour::fakes
