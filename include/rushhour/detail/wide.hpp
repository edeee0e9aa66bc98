/// \file
/// 128-bit integers under names that do not trip -Wpedantic. Products of two 64-bit numbers need them.
#pragma once

namespace rushhour::detail {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

}  // namespace rushhour::detail
