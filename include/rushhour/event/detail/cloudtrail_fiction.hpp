/// \file
/// Invented people, roles, secrets and clients, plausible at a glance and the same for the same number. Only
/// synthetic_cloudtrail.hpp and secret_readers.hpp use them; nothing here is copied from a recorded event.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/event/arena.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event::detail {

inline constexpr std::array<std::string_view, 32> first_names{
    "ada",  "amir", "anna",  "bruno", "chen",  "clara", "daniel", "elena", "fatima", "felix", "grace",
    "hana", "ivan", "jonas", "julia", "karim", "lena",  "liam",   "maria", "mateo",  "mei",   "nadia",
    "nils", "olga", "omar",  "paula", "ravi",  "rosa",  "sofia",  "tomas", "yuki",   "zoe"};
inline constexpr std::array<std::string_view, 32> last_names{
    "abe",   "adams", "ahmed", "bauer", "costa", "diaz",   "ferrari", "gupta",  "haddad", "hansen", "ito",
    "jones", "khan",  "kim",   "kumar", "lopez", "martin", "meyer",   "moreau", "nguyen", "novak",  "okafor",
    "patel", "reyes", "rossi", "sato",  "silva", "smith",  "tan",     "vogel",  "wang",   "weber"};
inline constexpr std::array<std::string_view, 24> systems{
    "billing",  "checkout", "catalog", "search",  "payments", "orders",  "ledger",   "invoices",
    "shipping", "identity", "mailer",  "reports", "pricing",  "exports", "webhooks", "inventory",
    "support",  "metrics",  "backups", "ingest",  "scoring",  "media",   "accounts", "gateway"};
inline constexpr std::array<std::string_view, 8> role_kinds{"api-role",   "worker-role",  "deploy-role",
                                                            "task-role",  "lambda-role",  "ci-role",
                                                            "admin-role", "readonly-role"};
inline constexpr std::array<std::string_view, 8> secret_kinds{
    "db-password", "api-key", "oauth-client", "signing-key", "smtp", "jwt-private", "webhook", "tls-key"};
inline constexpr std::array<std::string_view, 8> services{"cloudformation.amazonaws.com",
                                                          "autoscaling.amazonaws.com",
                                                          "ecs.amazonaws.com",
                                                          "lambda.amazonaws.com",
                                                          "rds.amazonaws.com",
                                                          "config.amazonaws.com",
                                                          "elasticloadbalancing.amazonaws.com",
                                                          "cloudtrail.amazonaws.com"};

/// What calls AWS, by frequency. The forms are those that each client sends; the versions are of 2024.
inline constexpr std::array<std::string_view, 16> programs{
    "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.219 md/arch#x86_64 lang/python#3.11.9 "
    "md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.131",
    "aws-sdk-go/1.54.6 (go1.22.4; linux; amd64)",
    "aws-sdk-java/2.26.7 Linux/5.10.219 OpenJDK_64-Bit_Server_VM/21.0.3+9 Java/21.0.3 vendor/Amazon.com_Inc. "
    "io/sync "
    "http/Apache cfg/retry-mode/standard",
    "APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) terraform-provider-aws/5.55.0 "
    "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22.4 "
    "md/GOOS#linux "
    "md/GOARCH#amd64",
    "aws-cli/2.17.1 md/awscrt#0.20.11 ua/2.0 os/linux#6.5.0 md/arch#x86_64 lang/python#3.11.8 "
    "md/pyimpl#CPython "
    "cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#secretsmanager.get-secret-value",
    "aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22.4 md/GOOS#linux md/GOARCH#amd64 api/secretsmanager#1.31.0",
    "aws-sdk-js/3.600.0 ua/2.1 os/linux#5.10.219 lang/js md/nodejs#20.14.0 api/secrets-manager#3.600.0",
    "aws-sdk-java/1.12.747 Linux/5.10.219 OpenJDK_64-Bit_Server_VM/17.0.11+9 java/17.0.11 "
    "vendor/Amazon.com_Inc. "
    "cfg/retry-mode/legacy",
    "Boto3/1.26.165 Python/3.9.19 Linux/5.10.219 exec-env/AWS_Lambda_python3.9 Botocore/1.29.165",
    "AWS Internal",
    "aws-cli/1.33.13 md/Botocore#1.34.131 ua/2.0 os/macos#23.5.0 md/arch#arm64 lang/python#3.12.4 "
    "md/pyimpl#CPython "
    "cfg/retry-mode#legacy botocore/1.34.131",
    "Botocore/1.34.131 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.10.12 md/pyimpl#CPython",
    "aws-sdk-dotnet-coreclr/3.7.304.23 ua/2.0 os/linux#6.1.92 lang/.NET_Core#8.0.6 "
    "md/aws-sdk-dotnet-core#3.7.304.23",
    "aws-sdk-ruby3/3.197.0 ua/2.0 api/secrets_manager#1.98.0 os/linux md/x86_64 lang/ruby#3.2.4",
    "aws-sdk-rust/1.3.1 os/linux lang/rust/1.79.0",
    "AWSPowerShell/4.1.600.0 .NET_Runtime/4.0 .NET_Framework/4.0 OS/Microsoft_Windows_NT_10.0.20348.0"};

/// What people sign in with, by frequency.
inline constexpr std::array<std::string_view, 5> browsers{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36 "
    "Edg/126.0.0.0"};

/// A decimal number as a text of its own.
class Decimal {
 public:
  explicit Decimal(std::uint64_t number) {
    do {
      digits_[--first_] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
  }
  [[nodiscard]] std::string_view text() const { return {digits_.data() + first_, digits_.size() - first_}; }

 private:
  std::array<char, 20> digits_{};
  std::size_t first_ = 20;
};

/// `ada.abe`, and from the 1,025th on `ada.abe2`: distinct for distinct numbers.
[[nodiscard]] inline std::string_view person(Arena& arena, std::uint32_t number) {
  // Multiplied by an odd number: neighbours in rank share neither name.
  const std::uint32_t place = number * 421 % 1024;
  const std::uint32_t round = number / 1024;
  const Decimal suffix{round + 1ULL};
  return arena.join({first_names[place % 32], ".", last_names[place / 32], round == 0 ? "" : suffix.text()});
}

/// `billing-api-role`, and from the 193rd on `billing-api-role-2`.
[[nodiscard]] inline std::string_view role(Arena& arena, std::uint32_t number) {
  const std::uint32_t round = number / 192;
  const Decimal suffix{round + 1ULL};
  return arena.join({systems[number % 24], "-", role_kinds[number / 24 % 8], round == 0 ? "" : "-",
                     round == 0 ? "" : suffix.text()});
}

/// `prod/billing/db-password`, and from the 193rd on `prod/billing/db-password-2`.
[[nodiscard]] inline std::string_view secret(Arena& arena, std::uint32_t number) {
  const std::uint32_t round = number / 192;
  const Decimal suffix{round + 1ULL};
  return arena.join({"prod/", systems[number % 24], "/", secret_kinds[number / 24 % 8], round == 0 ? "" : "-",
                     round == 0 ? "" : suffix.text()});
}

/// Fills `out` with random characters of an alphabet of at most 64.
inline void scatter(std::span<char> out, Stream stream, std::string_view alphabet) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) bits = stream.at(i / 8);
    out[i] = alphabet[(bits & 255) * alphabet.size() >> 8];
    bits >>= 8;
  }
}

/// An identifier of IAM: the prefix that tells what it is, and `length` characters, as `AIDA...` and
/// `AKIA...`. Source: AWS IAM User Guide, "IAM identifiers", 2024.
[[nodiscard]] inline std::string_view iam_id(Arena& arena, std::string_view prefix, std::size_t length,
                                             Stream stream) {
  const std::span<char> out = arena.make<char>(prefix.size() + length);
  prefix.copy(out.data(), prefix.size());
  scatter(out.subspan(prefix.size()), stream, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
  return {out.data(), out.size()};
}

/// A UUID of version 4 (RFC 9562) from 128 bits.
[[nodiscard]] inline std::string_view uuid(Arena& arena, std::uint64_t high, std::uint64_t low) {
  static constexpr char digits[] = "0123456789abcdef";
  high = (high & ~std::uint64_t{0xf000}) | 0x4000;
  low = (low & ~(std::uint64_t{3} << 62)) | std::uint64_t{2} << 62;
  const std::span<char> out = arena.make<char>(36);
  std::size_t at = 0;
  for (int nibble = 0; nibble < 32; ++nibble) {
    if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) out[at++] = '-';
    const std::uint64_t word = nibble < 16 ? high : low;
    out[at++] = digits[word >> (60 - nibble % 16 * 4) & 15];
  }
  return {out.data(), out.size()};
}

/// `Jul 30, 2024, 9:46:15 PM`, as CloudTrail writes the expiration of credentials [REC].
[[nodiscard]] inline std::string_view expiration_text(Arena& arena, Instant instant) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const rushhour::detail::CivilTime time = rushhour::detail::civil(instant);
  const auto hour = static_cast<std::uint64_t>(time.second_of_day / 3600);
  std::string minutes = ":";
  rushhour::detail::append_digits(minutes, static_cast<std::uint64_t>(time.second_of_day / 60 % 60), 2);
  minutes += ':';
  rushhour::detail::append_digits(minutes, static_cast<std::uint64_t>(time.second_of_day % 60), 2);
  return arena.join({months.substr((time.month - 1) * 3, 3), " ", Decimal{time.day}.text(), ", ",
                     Decimal{static_cast<std::uint64_t>(time.year)}.text(), ", ",
                     Decimal{hour % 12 == 0 ? 12 : hour % 12}.text(), minutes, hour < 12 ? " AM" : " PM"});
}

}  // namespace rushhour::event::detail
