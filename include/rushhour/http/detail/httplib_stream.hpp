/// \file
/// A stream of ours as one of cpp-httplib's, which then reads requests and writes answers on whatever
/// connection it is. Both directions are buffered: httplib takes the head of a request byte by byte, and
/// writes an answer in two parts.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <httplib.h>

#include <rushhour/http/detail/stream.hpp>

namespace rushhour::http::detail {

class HttplibStream final : public httplib::Stream {
 public:
  /// `below` outlives it. `address` is the client's.
  HttplibStream(http::detail::Stream& below, int socket, std::string address)
      : below_(below), socket_(socket), address_(std::move(address)) {}

  /// Bytes have come that nobody has read.
  [[nodiscard]] bool has_bytes() const { return at_ < end_ || below_.has_more(); }
  /// A request begins, all of which comes by the deadline or not at all.
  void begin(Deadline deadline) {
    deadline_ = deadline;
    is_mute_ = false;
  }
  [[nodiscard]] bool is_late() const { return std::chrono::steady_clock::now() >= deadline_; }
  /// What is written until the next request goes nowhere.
  void mute() { is_mute_ = true; }
  /// Sends what was written. Whether it went out.
  bool flush(Deadline deadline) {
    const bool sent = out_.empty() || below_.send(out_, deadline);
    out_.clear();
    return sent;
  }

  ssize_t read(char* to, std::size_t size) override {
    if (at_ == end_) {
      if (!flush(deadline_)) return -1;  // who was told to continue does so
      const std::ptrdiff_t got = below_.receive(buffer_.data(), buffer_.size(), deadline_);
      if (got <= 0) return got;
      at_ = 0;
      end_ = static_cast<std::size_t>(got);
    }
    const std::size_t part = std::min(size, end_ - at_);
    std::memcpy(to, buffer_.data() + at_, part);
    at_ += part;
    return static_cast<ssize_t>(part);
  }
  ssize_t write(const char* from, std::size_t size) override {
    if (!is_mute_) out_.append(from, size);
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = address_;
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  socket_t socket() const override { return socket_; }

  // Whether a call would wait: read() and flush() wait by themselves. The first two are of 0.11, the others
  // of newer versions.
  [[nodiscard]] bool is_readable() const { return true; }    // NOLINT(modernize-use-override)
  [[nodiscard]] bool is_writable() const { return true; }    // NOLINT(modernize-use-override)
  [[nodiscard]] bool wait_readable() const { return true; }  // NOLINT(modernize-use-override)
  [[nodiscard]] bool wait_writable() const { return true; }  // NOLINT(modernize-use-override)
  [[nodiscard]] std::time_t duration() const { return 0; }   // NOLINT(modernize-use-override)

 private:
  http::detail::Stream& below_;
  const int socket_;
  const std::string address_;
  Deadline deadline_{};
  bool is_mute_{};
  std::string out_;
  std::array<char, 16 * 1024> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rushhour::http::detail
