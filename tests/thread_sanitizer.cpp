// Linked into each test under ThreadSanitizer. Debian's cpp-httplib is not instrumented: its parser keeps the
// set of methods in a function's static, and the guard that orders its making before its reading does not
// show. Here it is made before main(), and so before any thread.

#include <sys/types.h>

#include <cstddef>
#include <string>

#include <httplib.h>

namespace {

class OneRequest final : public httplib::Stream {
 public:
  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t taken = text_.copy(to, size, at_);
    at_ += taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* /*from*/, std::size_t size) override { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  [[nodiscard]] socket_t socket() const override { return 0; }

 private:
  std::string text_{"GET / HTTP/1.1\r\nHost: rushhour\r\n\r\n"};
  std::size_t at_{};
};

struct Parser : httplib::Server {
  Parser() {
    OneRequest request;
    bool closed = false;
    process_request(request, true, closed, nullptr);
  }
};

const Parser made_before_any_thread;

}  // namespace
