/// \file
/// The interceptor of a served world, and what programs need on disk and in their environment to come its
/// way: the authority's certificate, a script for Node.js, the pytest plugin, and the preload library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/http/child_environment.hpp>
#include <rushhour/http/intercept.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>

#include "files.hpp"

namespace rushhour::cli {

class Interception {
 public:
  /// Serves `service` beside its server. The certificate goes into the file `ca`, or a temporary one where
  /// that is empty. \throws InputError when it cannot be written.
  Interception(http::Service& service, http::Server& server, const std::string& ca);

  [[nodiscard]] const http::Interceptor& interceptor() const { return interceptor_; }
  [[nodiscard]] const std::string& ca_file() const { return ca_file_; }
  /// For a program that runs beside this one. Without credentials it keeps its own.
  [[nodiscard]] std::vector<http::Variable> environment(const std::string& region,
                                                        const std::optional<aws::Credentials>& credentials,
                                                        bool preload) const;
  void stop() { interceptor_.stop(); }
  /// How often hosts that nobody serves were asked for; of the first hosts_max of them.
  [[nodiscard]] std::map<std::string, std::uint64_t> refused() const;

  static constexpr std::size_t hosts_max = 100;

 private:
  void count_refused(std::string_view host);

  http::Server& server_;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> refused_;  ///< guarded by it
  TemporaryFolder folder_;
  http::Interceptor interceptor_;
  std::string ca_file_;
  std::string node_preload_;
};

}  // namespace rushhour::cli
