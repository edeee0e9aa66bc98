/// \file
/// The Region and service that a request is signed for: apart from sigv4.hpp, for what that is made of.
#pragma once

#include <string_view>

namespace rushhour::aws {

/// What a signature is valid for, beside its day. Views: an argument, not something to keep.
struct SigningScope {
  std::string_view region{};
  std::string_view service{};  ///< signing name: `sts`, `secretsmanager`
};

}  // namespace rushhour::aws
