#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include <rushhour/http/detail/conversation.hpp>
#include <rushhour/http/detail/listener.hpp>
#include <rushhour/http/server.hpp>

namespace rushhour::http {

namespace detail {

/// The one lock of a served world.
class LockedGate final : public Gate {
 public:
  LockedGate(const Clock& clock, bool wall_time_for_signatures)
      : clock_(clock), wall_time_for_signatures_(wall_time_for_signatures) {}

  [[nodiscard]] Entry enter() override {
    Entry entry{.lock = std::unique_lock{mutex_}};
    const Instant now = clock_.now();
    if (now > now_.load()) now_.store(now);  // a wall clock may be set back; the world's time is not
    entry.now = now_.load();
    return entry;
  }
  /// Of the latest entry, where it is the world's clock that counts: that clock is read inside the lock only.
  [[nodiscard]] Instant wall_time() const override {
    return wall_time_for_signatures_ ? RealClock{}.now() : now_.load();
  }

 private:
  const Clock& clock_;
  const bool wall_time_for_signatures_;
  std::mutex mutex_;
  std::atomic<Instant> now_{Instant::min()};
};

}  // namespace detail

struct Server::State {
  State(Service& the_service, const Options& options)
      : service(the_service),
        gate(options.clock != nullptr ? *options.clock : wall_clock, options.wall_time_for_signatures),
        conversations{.idle_max = options.idle_max,
                      .request_max = options.request_max,
                      .body_size_max = options.body_size_max},
        listener({.port = options.port,
                  .connections_max = options.connections,
                  .silence_min = options.silence_min},
                 [this](int socket) { speak(socket); }) {}

  void speak(int socket) {
    detail::SocketStream stream{socket};
    detail::Conversation{stream, socket, service, gate, listener, conversations}.run();
  }

  Service& service;
  const RealClock wall_clock{};
  detail::LockedGate gate;
  const detail::ConversationOptions conversations;
  detail::Listener listener;  // last: its threads use all of the above
};

RUSHHOUR_INLINE Server::Server(Service& service, Options options)
    : state_(std::make_unique<State>(service, options)) {}
RUSHHOUR_INLINE Server::~Server() = default;
RUSHHOUR_INLINE std::uint16_t Server::port() const { return state_->listener.port(); }
RUSHHOUR_INLINE Gate& Server::gate() { return state_->gate; }
RUSHHOUR_INLINE void Server::stop() { state_->listener.stop(); }

}  // namespace rushhour::http
