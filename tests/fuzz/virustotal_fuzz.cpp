// Requests to VirusTotal, as they stand on the wire, with a key: whatever comes is answered by 200 or 4xx and
// JSON; no page is empty that has a cursor; what a cursor leads to is a page too. And ids: what is canonical
// stays so.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/world.hpp>

#include "raw_request.hpp"

namespace rushhour::fuzz {
namespace {

void check_identifiers(std::string_view text) {
  using namespace api::virustotal;
  if (const auto url = canonical_url(text)) {
    claim(canonical_url(*url) == url, "a canonical URL stays as it is", *url);
    claim(url_of_id(url_id(*url)) == url, "an id is read back", *url);
  }
  if (const auto domain = canonical_domain(text)) {
    claim(canonical_domain(*domain) == domain, "a canonical domain stays as it is", *domain);
  }
  static_cast<void>(url_of_id(text));
  static_cast<void>(hash_kind(text));
}

/// Where the next page is; empty: there is none.
std::string check(const http::Response& response) {
  claim(response.status == 200 || (response.status >= 400 && response.status < 500), "it is 200 or 4xx",
        std::to_string(response.status));
  claim(nlohmann::json::accept(response.body), "the answer is JSON", response.body);
  const nlohmann::json body = nlohmann::json::parse(response.body);
  if (response.status != 200) {
    claim(body.contains("error") && body["error"].contains("code"), "a refusal has a code", response.body);
    return {};
  }
  if (!body.contains("meta") || !body["meta"].contains("cursor")) return {};
  claim(!body["data"].empty(), "no page is empty that has a cursor", response.body);
  const std::string next = body["links"]["next"];
  return next.substr(next.find("/api/v3"));
}

void run(std::string_view text) {
  check_identifiers(text);
  fakes::PantherWorldOptions options;
  options.virustotal_quota = limit::profiles::virustotal_premium({.minute = 1'000});
  fakes::PantherWorld panther{options};
  fakes::FrontDoor door{panther.world};
  http::OpenGate gate{panther.world.options.start + std::chrono::hours{1}};
  http::Request request = read_request(text);
  request.set_header("Host", "www.virustotal.com");
  request.set_header("x-apikey", options.api_key);
  std::string next = check(door.handle(request, gate));
  for (int pages = 0; !next.empty() && pages < 4; ++pages) {
    request.target = next;
    const http::Response page = door.handle(request, gate);
    claim(page.status == 200, "a cursor leads on", page.body);
    next = check(page);
  }
}

}  // namespace
}  // namespace rushhour::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rushhour::fuzz::run(rushhour::fuzz::text_of(data, size));
  return 0;
}
