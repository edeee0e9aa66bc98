#include "interception.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <rushhour/fakes/hosts.hpp>
#include <rushhour/input_error.hpp>

#include "preload/scripts.hpp"
#include "served.hpp"

namespace rushhour::cli {

namespace {

namespace fs = std::filesystem;

/// Beside the executable as it is built, or where installing puts it. Empty: nowhere.
std::string find_library() {
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* place : {".", "../" RUSHHOUR_LIBRARY_FOLDER "/rushhour"}) {
    const fs::path file = folder / place / RUSHHOUR_PRELOAD_FILE;
    if (fs::exists(file, error)) return fs::weakly_canonical(file, error).string();
  }
  return {};
}

std::string require_library() {
  std::string library = find_library();
  if (library.empty()) {
    throw InputError({.expected = "the library " RUSHHOUR_PRELOAD_FILE " beside rushhour, for --preload",
                      .advice = "build the target rushhour_preload, or install rushhour"});
  }
  return library;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Interception::Interception(http::Service& service, http::Server& server, const std::string& ca)
    : server_(server),
      interceptor_(service, server.gate(),
                   {.serves = [](std::string_view host) { return fakes::is_served_host(host); },
                    .refused = [this](std::string_view host) { count_refused(host); },
                    .body_size_max = body_size_max}),
      ca_file_(ca.empty() ? folder_.path() + "/ca.pem" : fs::absolute(ca).string()),
      node_preload_(folder_.path() + "/node.cjs") {
  write_file(ca_file_, interceptor_.authority().certificate_pem());
  write_file(node_preload_, std::string{node_script});
  fs::create_directory(folder_.path() + "/python");
  write_file(folder_.path() + "/python/rushhour_pytest.py", std::string{pytest_plugin});
}

std::map<std::string, std::uint64_t> Interception::refused() const {
  const std::lock_guard lock{mutex_};
  return refused_;
}

void Interception::count_refused(std::string_view host) {
  const std::lock_guard lock{mutex_};
  const std::string name{host};
  if (refused_.size() < hosts_max || refused_.contains(name)) ++refused_[name];
}

std::vector<http::Variable> Interception::environment(const std::string& region,
                                                      const std::optional<aws::Credentials>& credentials,
                                                      bool preload) const {
  return http::environment_for_child({.intercept_port = interceptor_.port(),
                                      .plain_port = server_.port(),
                                      .ca_file = ca_file_,
                                      .node_preload = node_preload_,
                                      .library = preload ? require_library() : "",
                                      .python_folder = folder_.path() + "/python",
                                      .region = region,
                                      .credentials = credentials,
                                      .node_options = variable("NODE_OPTIONS"),
                                      .ld_preload = variable("LD_PRELOAD"),
                                      .python_path = variable("PYTHONPATH"),
                                      .pytest_plugins = variable("PYTEST_PLUGINS")});
}

}  // namespace rushhour::cli
