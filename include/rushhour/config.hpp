/// \file
/// The library's three macros. Nothing else in rushhour is configured by the preprocessor.
///
/// RUSHHOUR_HEADER_ONLY  1 (default): bodies come with the headers. 0: link the target rushhour::compiled,
/// which
///                       holds the library-heavy bodies of the `detail/*_inl.hpp` files, and build quicker.
/// RUSHHOUR_INLINE       marks those bodies: `inline` when header-only, nothing otherwise.
/// RUSHHOUR_ASSERT       a broken contract: prints the condition and a message, and aborts, in every build
/// type.
#pragma once

#include <cstdio>
#include <cstdlib>

#ifndef RUSHHOUR_HEADER_ONLY
#define RUSHHOUR_HEADER_ONLY 1
#endif

#if RUSHHOUR_HEADER_ONLY
#define RUSHHOUR_INLINE inline
#else
#define RUSHHOUR_INLINE
#endif

namespace rushhour::detail {

[[noreturn]] inline void contract_broken(const char* condition, const char* message, const char* file,
                                         int line) {
  std::fprintf(stderr, "%s:%d: contract broken: %s (%s)\n", file, line, message, condition);
  std::abort();
}

}  // namespace rushhour::detail

#define RUSHHOUR_ASSERT(condition, message) \
  ((condition) ? static_cast<void>(0)       \
               : ::rushhour::detail::contract_broken(#condition, message, __FILE__, __LINE__))
