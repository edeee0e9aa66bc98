/// \file
/// A port of this machine and the connections made to it: a thread for each while it lasts, up to a limit. At
/// the limit one that has long been silent makes room for the next, and where there is none the next is told
/// 503. What is said on a connection is not its business. Linux and the BSDs.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <rushhour/http/detail/sockets.hpp>
#include <rushhour/http/detail/stream.hpp>

namespace rushhour::http::detail {

struct ListenerOptions {
  std::uint16_t port{};  ///< 0: any free one
  std::size_t connections_max{};
  Duration silence_min{};  ///< after which a connection makes room for another
};

class Listener {
 public:
  /// Speaks on a connected, non-blocking socket until it has ended; the listener closes it. Called by
  /// several threads.
  using Speak = std::function<void(int socket)>;

  /// \throws std::runtime_error when the port is not to be had.
  Listener(const ListenerOptions& options, Speak speak)
      : options_(options), speak_(std::move(speak)), socket_(bound_to(options.port)) {
    port_ = port_at(socket_, ::getsockname);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    stop();
    ::close(socket_);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Given when it stops: for who waits on a connection.
  [[nodiscard]] const Signal& stopping() const { return stopping_; }

  /// Waits for the next bytes on a connection, or its end. False: they do not come by the deadline, or it
  /// stops.
  [[nodiscard]] bool wait_for_bytes(int socket, Deadline deadline) {
    {
      const std::lock_guard lock{mutex_};
      silent_.push_back({socket, std::chrono::steady_clock::now()});
    }
    const Ready ready = wait_for(socket, POLLIN, deadline, &stopping_);
    const std::lock_guard lock{mutex_};
    std::erase_if(silent_, [socket](const Silent& each) { return each.socket == socket; });
    return ready == Ready::yes;
  }

  /// Idempotent. Connections that listen to the signal end at once, all others have `patience`.
  void stop() {
    {
      const std::lock_guard lock{mutex_};
      if (std::exchange(stopped_, true)) return;
    }
    stopping_.give();
    changed_.notify_all();
    work_.notify_all();
    acceptor_.join();
    ::shutdown(socket_, SHUT_RDWR);
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience, [this] { return open_.empty(); })) {
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
      changed_.wait(lock, [this] { return open_.empty(); });
    }
    changed_.wait(lock, [this] { return threads_.empty(); });
    join_ended(lock);
  }

  static constexpr std::chrono::seconds patience{2};
  /// Real time that a connection above the limit waits for another to end: a client that reconnects may be
  /// faster than the end of its last connection.
  static constexpr std::chrono::milliseconds full_max{200};

 private:
  [[nodiscard]] static int bound_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    constexpr int backlog = 1024;  // room for clients that come at once
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket, backlog) != 0) {
      ::close(socket);
      throw std::runtime_error("127.0.0.1:" + std::to_string(port) + ", which is taken or not for this user");
    }
    return socket;
  }

  void accept_all() {
    while (wait_for(socket_, POLLIN, Deadline::max(), &stopping_) == Ready::yes) {
      const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (accepted >= 0) {
        take(accepted);
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // It stays in the queue until a descriptor is free.
        static_cast<void>(
            wait_for(stopping_.descriptor(), POLLIN, deadline_in(std::chrono::milliseconds{10})));
      }
    }
  }

  void take(int socket) {
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // else 43 ms an answer
    std::unique_lock lock{mutex_};
    join_ended(lock);
    const auto has_room = [this] { return open_.size() < options_.connections_max || stopped_; };
    if (has_room()) {
      is_full_ = false;
    } else if (!is_full_) {  // those behind it have waited as long
      is_full_ = !changed_.wait_for(lock, full_max, has_room);
    }
    if (!has_room() && make_room()) static_cast<void>(changed_.wait_for(lock, full_max, has_room));
    if (!has_room()) {
      lock.unlock();
      refuse(socket);
      return;
    }
    open_.push_back(socket);
    waiting_.push_back(socket);
    if (waiting_.size() > idle_threads_) {
      threads_.emplace_front();
      threads_.front() = std::thread{[this, self = threads_.begin()] { work(self); }};
    } else {
      work_.notify_one();
    }
  }

  /// Whether a connection is ended for that, the one that has been silent the longest. Its thread closes it.
  bool make_room() {
    if (silent_.empty()) return false;
    const Silent longest = silent_.front();
    if (std::chrono::steady_clock::now() - longest.since < options_.silence_min) return false;
    silent_.erase(silent_.begin());
    ::shutdown(longest.socket, SHUT_RDWR);
    return true;
  }

  /// A thread serves connection after connection, and ends when there is none for a second.
  void work(std::list<std::thread>::iterator self) {
    std::unique_lock lock{mutex_};
    for (;;) {
      ++idle_threads_;
      work_.wait_for(lock, std::chrono::seconds{1}, [this] { return !waiting_.empty() || stopped_; });
      --idle_threads_;
      if (waiting_.empty()) break;
      const int socket = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      speak_(socket);
      say_goodbye(socket);
      lock.lock();
      std::erase(open_, socket);
      ::close(socket);  // under the lock: stop() shuts down what is open, and the number may be used again
      is_full_ = false;
      changed_.notify_all();
    }
    ended_.splice(ended_.begin(), threads_, self);
    changed_.notify_all();
  }

  void join_ended(std::unique_lock<std::mutex>& lock) {
    std::list<std::thread> ended = std::exchange(ended_, {});
    if (ended.empty()) return;
    lock.unlock();
    for (std::thread& thread : ended) thread.join();
    lock.lock();
  }

  /// A client that has sent more than was read would get a reset, and lose the answer with it.
  static void say_goodbye(int socket) {
    ::shutdown(socket, SHUT_WR);
    std::array<char, 16 * 1024> bytes;
    int rounds = 16;
    while (rounds-- > 0 && ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
    }
  }

  static void refuse(int socket) {
    constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        "Content-Length: 66\r\n\r\nrushhour: too many connections; close some, or let more be served\n";
    static_assert(answer.size() - answer.find("\r\n\r\n") - 4 == 66, "as the answer says");
    static_cast<void>(!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    say_goodbye(socket);
    ::close(socket);
  }

  struct Silent {
    int socket{};
    Deadline since{};
  };

  const ListenerOptions options_;
  const Speak speak_;
  const int socket_;
  std::uint16_t port_ = 0;
  Signal stopping_;
  std::thread acceptor_;

  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::condition_variable work_;
  std::vector<int> open_;       ///< sockets accepted and not yet closed
  std::vector<Silent> silent_;  ///< those of whom nothing is asked, the longest first
  std::deque<int> waiting_;     ///< of these, for a thread
  std::size_t idle_threads_ = 0;
  std::list<std::thread> threads_;
  std::list<std::thread> ended_;  ///< to be joined
  bool is_full_ = false;          ///< and has been for as long as anybody waits
  bool stopped_ = false;
};

}  // namespace rushhour::http::detail
