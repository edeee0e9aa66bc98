/// \file
/// What an operation is: a struct that is its own request, with a nested Output, and one row of facts about
/// it. This header holds the row and the concept; the operations themselves stand one file a service beside
/// it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/aws/shape.hpp>

namespace rushhour::api {

/// The services. A dense number each, so that tables need no look-up; first those that detections call, then
/// IAM, which only sets accounts up.
enum class Service : std::uint8_t { sts, secretsmanager, virustotal, dynamodb, iam };
inline constexpr std::size_t service_count = 5;
inline constexpr std::size_t detection_service_count = 4;

/// What a user types: `sts`, `secretsmanager`, `virustotal`, `dynamodb`, `iam`.
[[nodiscard]] constexpr std::string_view to_text(Service service) {
  constexpr std::string_view texts[service_count] = {"sts", "secretsmanager", "virustotal", "dynamodb",
                                                     "iam"};
  return texts[static_cast<std::size_t>(service)];
}

/// The facts about one operation that every walker, fake and report needs.
struct Operation {
  Service service{};
  std::uint8_t index{};     ///< dense within the service
  std::string_view name{};  ///< `AssumeRole`; for VirusTotal the name in its api_usage, `ip_addresses`
  aws::Members input{};
  aws::Members output{};
  bool read_only{};      ///< as CloudTrail says
  bool is_signed{true};  ///< false: a token or assertion in the request stands for a signature
  /// Makes a default input and output on the stack and shows them: lets untyped code (a server) run typed
  /// operations.
  void (*with_storage)(void (*visit)(void* input, void* output, void* context), void* context){};
};

/// A request struct: `Op::Output`, `Op::service`, `Op::operation_name`, and a position among its service's
/// operations.
template <class Op>
concept IsOperation =
    std::default_initializable<Op> && std::default_initializable<typename Op::Output> && requires {
      { Op::service } -> std::convertible_to<Service>;
      { Op::operation_name } -> std::convertible_to<std::string_view>;
      { Op::read_only } -> std::convertible_to<bool>;
    };

/// The operations of a service, in the order of their dense index.
template <IsOperation... Ops>
struct Operations {
  static constexpr std::size_t count = sizeof...(Ops);
};

/// Specialised by each service's header: `using Type = Operations<AssumeRole, ...>`.
template <Service service>
struct OperationsOf;

namespace detail {

template <class Op, class... Ops>
constexpr std::uint8_t index_in(Operations<Ops...>) {
  std::uint8_t index = 0;
  const bool found = ((std::same_as<Op, Ops> || (++index, false)) || ...);
  return found ? index : std::uint8_t{255};
}

template <class T>
constexpr aws::Members members_of() {
  if constexpr (requires { aws::Described<T>::members; }) {
    return aws::Members{aws::Described<T>::members};
  } else {
    return {};
  }
}

/// `static constexpr bool is_signed = false` in the operations that are not.
template <class Op>
constexpr bool is_signed() {
  if constexpr (requires { Op::is_signed; }) {
    return Op::is_signed;
  } else {
    return true;
  }
}

}  // namespace detail

/// The row of an operation.
template <IsOperation Op>
inline constexpr Operation operation_of{
    .service = Op::service,
    .index = detail::index_in<Op>(typename OperationsOf<Op::service>::Type{}),
    .name = Op::operation_name,
    .input = detail::members_of<Op>(),
    .output = detail::members_of<typename Op::Output>(),
    .read_only = Op::read_only,
    .is_signed = detail::is_signed<Op>(),
    .with_storage =
        [](void (*visit)(void*, void*, void*), void* context) {
          Op input{};
          typename Op::Output output{};
          visit(&input, &output, context);
        },
};

/// `sts:AssumeRole`, as policies and journals write it.
[[nodiscard]] inline std::string to_text(const Operation& operation) {
  std::string out{to_text(operation.service)};
  out += ':';
  out += operation.name;
  return out;
}

}  // namespace rushhour::api
