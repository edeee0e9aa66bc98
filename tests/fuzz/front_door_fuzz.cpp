// Whatever comes to the door is answered in the form of a service that is one: 200 or 4xx, well-formed XML or
// JSON, no line breaks in headers. The first byte says who signs: nobody, or the engine, in the header or
// presigned, for what the Host names.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

/// XML 1.0 as far as the answers use it: elements, attributes of the first, text and five entities.
[[nodiscard]] bool is_text_of_xml(std::string_view text) {
  if (!fakes::detail::is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < ' ' && c != '\t' && c != '\n' && c != '\r') return false;
    if (c != '&') continue;
    const std::string_view entity = text.substr(i, text.find(';', i) - i + 1);
    if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;" && entity != "&#13;")
      return false;
  }
  return true;
}

[[nodiscard]] bool is_xml(std::string_view rest) {
  std::vector<std::string_view> open;
  do {
    const std::size_t begin = rest.find('<');
    const std::size_t end = rest.find('>');
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return false;
    if (!is_text_of_xml(rest.substr(0, begin))) return false;
    const std::string_view tag = rest.substr(begin + 1, end - begin - 1);
    rest.remove_prefix(end + 1);
    const std::string_view name = tag.substr(0, tag.find(' '));
    if (name.starts_with('/')) {
      if (open.empty() || open.back() != name.substr(1)) return false;
      open.pop_back();
    } else if (!is_token(name)) {
      return false;
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  } while (!open.empty());
  return rest.empty();
}

void check(const http::Response& response) {
  claim(response.status >= 200 && response.status < 500, "no request makes a server fail",
        std::to_string(response.status) + "\n" + response.body);
  const std::string* type = response.header("Content-Type");
  claim(type != nullptr, "an answer says what it is");
  for (const http::Header& line : response.headers) {
    claim(line.value.find_first_of("\r\n") == std::string::npos, "a header is one line", line.value);
  }
  if (*type == "text/xml") {
    claim(is_xml(response.body), "the answer is XML", response.body);
  } else {
    claim(type->find("json") != std::string::npos, "it is JSON otherwise", *type);
    claim(nlohmann::json::accept(response.body), "the answer is JSON", response.body);
    const bool has_code =
        response.body.starts_with("{\"__type\":\"") || response.body.find("\"code\"") != std::string::npos;
    claim(response.status == 200 || has_code, "a refusal has a code", response.body);
  }
}

void run(std::string_view text) {
  if (text.empty()) return;
  fakes::PantherWorld panther;
  const Instant now = panther.world.options.start + std::chrono::hours{1};
  fakes::FrontDoor door{panther.world};
  const char signer = text.front();
  http::Request request = read_request(text.substr(1));
  const fakes::detail::HostName host = fakes::detail::read_host(fakes::detail::header_of(request, "Host"));
  const aws::SigningScope scope{host.region.empty() ? fakes::detail::global_region : host.region,
                                host.service ? api::to_text(*host.service) : "sts"};
  const aws::Credentials engine = panther.engine_session(now).credentials;
  if (signer % 4 == 1) aws::sign(request, engine, scope, now);
  if (signer % 4 == 2) aws::presign(request, engine, scope, now, std::chrono::minutes{1});
  http::OpenGate gate{now};
  check(door.handle(request, gate));
  check(door.refuse(request, gate, http::Unfit::unreadable));
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rushhour::fuzz::run(rushhour::fuzz::text_of(data, size));
  return 0;
}
