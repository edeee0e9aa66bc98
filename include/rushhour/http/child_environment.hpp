/// \file
/// The environment under which programs come to an http::Interceptor instead of the real hosts, unmodified:
/// proxies, certificates and, for clients that read neither, what is loaded into them. It starts no program.
///
/// Every variable is set, in all spellings, or taken away: a machine that presets one of them leads its
/// clients elsewhere and says nothing (spec virustotal.md 5.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/sigv4.hpp>

namespace rushhour::http {

struct Variable {
  std::string name{};
  std::optional<std::string> value{};  ///< nothing: it is to be unset

  friend bool operator==(const Variable&, const Variable&) = default;
};

struct ChildEnvironmentOptions {
  std::uint16_t intercept_port{};  ///< Interceptor::port()
  std::uint16_t plain_port{};      ///< of the http::Server of the same world; 0: there is none
  std::string ca_file{};           ///< where the authority's certificate stands
  std::string node_preload{};      ///< a script for Node.js, which reads no proxy; empty: none
  std::string library{};           ///< for LD_PRELOAD; empty: none
  std::string python_folder{};     ///< for PYTHONPATH: where the pytest plugin is; empty: none
  std::string region{"us-east-1"};
  /// Whose calls they are. Nothing: the program's own credentials, Region and profile stay, which the fakes
  /// only know when they were told.
  std::optional<aws::Credentials> credentials{};
  std::string node_options{};  ///< the machine's own NODE_OPTIONS, which stay
  std::string ld_preload{};    ///< and LD_PRELOAD, and so on
  std::string python_path{};
  std::string pytest_plugins{};
};

/// What to set and unset, each name once.
[[nodiscard]] inline std::vector<Variable> environment_for_child(const ChildEnvironmentOptions& options) {
  std::vector<Variable> out;
  const auto set = [&out](const char* name, std::string value) { out.push_back({name, std::move(value)}); };
  const auto unset = [&out](const char* name) { out.push_back({name, std::nullopt}); };
  const std::string proxy = "http://127.0.0.1:" + std::to_string(options.intercept_port);
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}) {
    set(name, proxy);
  }
  for (const char* name : {"NO_PROXY", "no_proxy"}) set(name, "localhost,127.0.0.1,::1");
  for (const char* name :
       {"REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS",
        "HTTPLIB2_CA_CERTS", "NIX_SSL_CERT_FILE", "DENO_CERT", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"}) {
    set(name, options.ca_file);
  }
  unset("SSL_CERT_DIR");
  set("NODE_USE_ENV_PROXY", "1");  // from 22.21 and 24 on
  set("AWS_EC2_METADATA_DISABLED", "true");
  // For SDKs that read no proxy; botocore before 1.31 does not know these, and is intercepted.
  const std::uint16_t plain_port = options.plain_port != 0 ? options.plain_port : options.intercept_port;
  const std::string plain = "http://127.0.0.1:" + std::to_string(plain_port);
  unset("AWS_ENDPOINT_URL");
  unset("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  for (const char* name :
       {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_IAM"}) {
    set(name, plain);
  }
  if (!options.node_preload.empty()) {
    const std::string more = options.node_options.empty() ? "" : " " + options.node_options;
    set("NODE_OPTIONS", "--require \"" + options.node_preload + "\"" + more);
  }
  if (!options.library.empty()) {
    const std::string more = options.ld_preload.empty() ? "" : ":" + options.ld_preload;
    set("LD_PRELOAD", options.library + more);
  }
  if (!options.python_folder.empty()) {
    const std::string more = options.python_path.empty() ? "" : ":" + options.python_path;
    set("PYTHONPATH", options.python_folder + more);
    set("PYTEST_PLUGINS",
        "rushhour_pytest" + (options.pytest_plugins.empty() ? "" : "," + options.pytest_plugins));
  }
  if (options.credentials) {
    const aws::Credentials& key = *options.credentials;
    set("AWS_ACCESS_KEY_ID", key.access_key_id);
    set("AWS_SECRET_ACCESS_KEY", key.secret_access_key);
    key.session_token.empty() ? unset("AWS_SESSION_TOKEN") : set("AWS_SESSION_TOKEN", key.session_token);
    for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) set(name, options.region);
    for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN",
                             "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                             "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
      unset(name);
    }
    for (const char* name : {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"}) set(name, "/dev/null");
  }
  set("RUSHHOUR_INTERCEPT_PORT", std::to_string(options.intercept_port));
  set("RUSHHOUR_ADMIN", plain + "/_rushhour");
  return out;
}

/// The variables put into an environment of `NAME=value` texts, as execve() takes it.
[[nodiscard]] inline std::vector<std::string> with_variables(std::vector<std::string> environment,
                                                             const std::vector<Variable>& variables) {
  for (const Variable& variable : variables) {
    std::erase_if(environment, [&](const std::string& line) {
      return line.size() > variable.name.size() && line[variable.name.size()] == '=' &&
             line.starts_with(variable.name);
    });
    if (variable.value) environment.push_back(variable.name + "=" + *variable.value);
  }
  return environment;
}

/// Lines for a POSIX shell: `export NAME='value'` and `unset NAME`.
[[nodiscard]] inline std::string shell_text(const std::vector<Variable>& variables) {
  std::string out;
  for (const Variable& variable : variables) {
    if (!variable.value) {
      out += "unset " + variable.name + "\n";
      continue;
    }
    out += "export " + variable.name + "='";
    for (const char c : *variable.value) {
      if (c == '\'') {
        out += "'\\''";
      } else {
        out += c;
      }
    }
    out += "'\n";
  }
  return out;
}

}  // namespace rushhour::http
