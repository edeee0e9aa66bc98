/// \file
/// IAM policy documents as the tests of the fakes need them.
#pragma once

#include <string>
#include <string_view>

namespace rushhour::fakes {

/// One statement as a document: `policy(R"("Effect":"Allow","Action":"*","Resource":"*")")`.
inline std::string policy(std::string_view statement) {
  return R"({"Version":"2012-10-17","Statement":[{)" + std::string{statement} + "}]}";
}

inline std::string allowing(std::string_view action, std::string_view resource = "*") {
  return policy(R"("Effect":"Allow","Action":")" + std::string{action} + R"(","Resource":")" +
                std::string{resource} + "\"");
}

inline std::string denying(std::string_view action, std::string_view resource = "*") {
  return policy(R"("Effect":"Deny","Action":")" + std::string{action} + R"(","Resource":")" +
                std::string{resource} + "\"");
}

/// A trust policy for a principal's ARN or account; `more` is the rest of the statement, a condition.
inline std::string trusting(std::string_view principal, std::string_view more = "") {
  return policy(R"("Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":")" +
                std::string{principal} + "\"}" + std::string{more});
}

}  // namespace rushhour::fakes
