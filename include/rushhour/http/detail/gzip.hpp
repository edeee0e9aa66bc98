/// \file
/// A body compressed by gzip, for a server to send. It undoes nothing: clients do.
#pragma once

#include <zlib.h>

#include <optional>
#include <string>
#include <string_view>

namespace rushhour::http::detail {

/// Nothing where zlib has no memory for it; then a body is sent as it is.
[[nodiscard]] inline std::optional<std::string> gzip(std::string_view body) {
  constexpr int gzip_window_bits = MAX_WBITS + 16;  // zlib's own way to ask for gzip's framing
  constexpr int memory_level = 8;                   // zlib's default
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // which it only reads
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (!is_whole) return std::nullopt;
  return out;
}

}  // namespace rushhour::http::detail
