/// \file
/// A request as the protocols of front_door.hpp read it, and what their answers are worded from.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/aws/query_xml.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/detail/front_door_hosts.hpp>
#include <rushhour/fakes/virustotal_objects.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// The bytes of the UTF-8 character that a text begins with; 0 when there is none (RFC 3629).
[[nodiscard]] constexpr std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool is_overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool is_surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool is_beyond = lead == 0xF4 && byte(1) > 0x8F;
  return is_overlong || is_surrogate || is_beyond ? 0 : size;
}
[[nodiscard]] constexpr bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

/// The text with U+FFFD for every byte that is no UTF-8 or no character of XML: messages echo what a request
/// had, and must be readable whatever that was.
[[nodiscard]] inline std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = utf8_size(text);
    const auto lead = static_cast<unsigned char>(text.front());
    const bool is_control = lead < ' ' && lead != '\t' && lead != '\n' && lead != '\r';
    const bool is_no_character = text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
    if (size == 0 || is_control || is_no_character) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

/// A request as its protocol reads it, before any member of it is decoded.
struct Message {
  const http::Request& request;
  HostName host{};
  bool ignores_unknown{};                    ///< members that no table has
  const api::Operation* operation{};         ///< null: none that the fake has
  bool is_malformed{};                       ///< the form of a Query request cannot be read
  std::vector<aws::Parameter> parameters{};  ///< of a Query request: from the URL, then from the body
  api::virustotal::detail::Match match{};    ///< of a REST request: its row, and what its path says
  bool takes_bare_objects{};                 ///< REST bodies without `data` around them
};

[[nodiscard]] inline std::string_view header_of(const http::Request& request, std::string_view name) {
  const std::string* value = request.header(name);
  return value == nullptr ? std::string_view{} : *value;
}

/// Whether the request says that its body is of this type, whatever parameters follow.
[[nodiscard]] inline bool has_content_type(const http::Request& request, std::string_view type) {
  std::string_view given = header_of(request, "Content-Type");
  given = given.substr(0, given.find(';'));
  while (given.ends_with(' ')) given.remove_suffix(1);
  return http::equals_ignoring_case(given, type);
}

/// The whole answer: what the report has, and what the fake's object has beside it.
template <class Report>
void append_whole(std::string& out, const Report& report, const VirusTotalObjects& objects) {
  const std::string beside = objects.beside(report);
  api::virustotal::append_answer(out, report, {.attributes = beside, .relationships = {}});
}

/// The texts of reports, which are long and asked for again and again. Bounded; a newcomer takes its slot.
class ReportTexts {
 public:
  explicit ReportTexts(std::size_t capacity) : slots_(capacity) {}

  void append(std::string& out, const api::virustotal::IpAddressReport& report,
              const VirusTotalObjects& objects) {
    if (slots_.empty()) return append_whole(out, report, objects);
    Slot& slot = slots_[hash(report.address) % slots_.size()];
    {
      const std::lock_guard lock{mutex_};
      if (!slot.text.empty() && slot.report == report) {
        out += slot.text;
        return;
      }
    }
    std::string text;
    append_whole(text, report, objects);
    out += text;
    const std::lock_guard lock{mutex_};
    slot = {report, std::move(text)};
  }

 private:
  struct Slot {
    api::virustotal::IpAddressReport report{};
    std::string text{};
  };
  std::mutex mutex_;
  std::vector<Slot> slots_;
};

/// What an answer is worded from.
struct Wording {
  const api::Operation* operation{};  ///< null in refusals of what is no operation
  Instant now{};
  Stream identity{0};  ///< of this one request: its ids are drawn from it
  ReportTexts* reports{};
  const VirusTotalObjects* objects{};  ///< pure functions of it only: no gate is held
  Duration retry_after{};              ///< of VirusTotal's 429; zero: none is told
  bool is_gzip{};                      ///< VirusTotal compresses the answer
  bool is_quota_error_gzip{};          ///< a 429 too
  std::string request_id{};            ///< of AWS's services
};

/// As AWS's request ids are.
[[nodiscard]] inline std::string uuid_text(Stream draws) {
  return rushhour::detail::uuid_text(draws.at(0), draws.at(1));
}

template <class... Ops>
[[nodiscard]] constexpr auto rows_of(api::Operations<Ops...> /*operations*/) {
  return std::array{&api::operation_of<Ops>...};
}

/// The operation of a service by the name on the wire; null when the fake has none.
template <api::Service service>
[[nodiscard]] const api::Operation* find_operation(std::string_view name) {
  static constexpr auto rows = rows_of(typename api::OperationsOf<service>::Type{});
  for (const api::Operation* row : rows) {
    if (row->name == name) return row;
  }
  return nullptr;
}

inline constexpr std::string_view request_id_header = "x-amzn-RequestId";

/// Takes the request id out of the wording: the answer has it from here on.
inline void begin_aws_answer(Wording& wording, std::string_view content_type, http::Response& response) {
  response.headers.reserve(4);
  response.headers.push_back({std::string{request_id_header}, std::move(wording.request_id)});
  response.headers.push_back({"Content-Type", std::string{content_type}});
  response.headers.push_back({"Date", http::to_http_date(wording.now)});
}

/// The same in both protocols, with codes of AWS's "Common Errors" [DOC]; the texts are ours [CHOICE].
[[nodiscard]] inline Failure aws_unfit(http::Unfit why) {
  switch (why) {
    case http::Unfit::body_too_long:
      return {.outcome = Outcome::invalid,
              .status = 413,
              .code = "RequestEntityTooLargeException",
              .message = "The request entity is too large."};
    case http::Unfit::headers_too_long:
      return {.outcome = Outcome::invalid,
              .status = 400,
              .code = "MalformedHttpRequestException",
              .message = "The header section of the request is too large."};
    case http::Unfit::unreadable:
      break;
  }
  return {.outcome = Outcome::invalid,
          .status = 400,
          .code = "MalformedHttpRequestException",
          .message = "The request is not valid HTTP."};
}

}  // namespace rushhour::fakes::detail
