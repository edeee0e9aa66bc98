#include <rushhour/event/user_agent.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace rushhour::event {
namespace {

struct Named {
  std::string_view name;
  std::string_view text;
};

void expect_names(const std::vector<Named>& rows) {
  for (const Named& row : rows) EXPECT_EQ(user_agent_name(row.text), row.name) << row.text;
}

TEST(UserAgentName, NamesClientsOfAws) {
  expect_names({
      {"aws-cli", "aws-cli/2.17.1 md/awscrt#0.20.11 ua/2.0 os/linux#6.5.0 lang/python#3.11.8"},
      {"aws-cli", "[aws-cli/1.16.248 Python/3.4.7 Linux/4.9.184 botocore/1.12.239]"},
      {"Boto3", "Boto3/1.28.57 md/Botocore#1.31.57 ua/2.0 os/linux"},
      {"Boto", "Boto/2.49.0 Python/2.7.18 Linux/4.14"},
      {"aws-sdk-java", "aws-sdk-java/1.12.747 Linux/5.10.219 java/17.0.11"},
      {"aws-sdk-java", "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.848 Linux/4.9]"},
      {"aws-sdk-go", "aws-sdk-go/1.54.6 (go1.22.4; linux; amd64)"},
      {"aws-sdk-go", "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 aws-sdk-go/1.44.122 (go1.19.3; linux; amd64)"},
      {"aws-sdk-nodejs", "aws-sdk-nodejs/2.1400.0 linux/v18.16.0 promise"},
      {"aws-sdk-cpp", "aws-sdk-cpp/1.11.100 Linux/5.4 x86_64 Clang/12"},
      {"aws-sdk-ruby", "aws-sdk-ruby/1.67.0 ruby/2.1.5"},
      {"aws-sdk-ruby2", "aws-sdk-ruby2/2.11.1 jruby/9.1"},
      {"aws-sdk-dotnet-45", "aws-sdk-dotnet-45/3.3.1.0 .NET Runtime/4.0"},
      {"aws-sdk-dotnet-core", "aws-sdk-dotnet-core/3.3.1.0 .NET_Core/3.1"},
      {"s3fs", "s3fs/1.90 (commit hash unknown; OpenSSL)"},
      {"JetS3t", "JetS3t/0.9.4 (Linux/2.6)"},
  });
}

TEST(UserAgentName, NeedsAVersionAndTheStartOfAWord) {
  expect_names({
      {"Other", "aws-cli"},
      {"Other", "aws-cli/2"},
      {"Other", "aws-cli/v2.1"},
      {"Other", "my_aws-cli/2.17.1"},
      {"Other", "xBoto3/1.28"},
      {"aws-cli", "my-aws-cli/2.17"},
      {"Boto3", "Boto3/x aws Boto3/1.2"},
      {"Other", "aws-sdk-dotnet-xx/3.3"},
      {"Other", ""},
  });
}

TEST(UserAgentName, KnowsNothingOfNewerSdks) {
  expect_names({
      {"Other", "Botocore/1.34.131 ua/2.0 os/linux#5.15.0 md/arch#x86_64"},
      {"Other", "aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22.4 api/secretsmanager#1.31.0"},
      {"Other", "aws-sdk-js/3.600.0 ua/2.1 os/linux#5.10.219 lang/js md/nodejs#20.14.0"},
      {"Other", "aws-sdk-ruby3/3.197.0 ua/2.0 lang/ruby#3.2.4"},
      {"Other", "aws-sdk-dotnet-coreclr/3.7.304.23 ua/2.0 lang/.NET_Core#8.0.6 md/aws-sdk-dotnet-core#3.7"},
      {"Other", "AWSPowerShell/4.1.600.0 .NET_Runtime/4.0 OS/Microsoft_Windows_NT_10.0.20348.0"},
      {"Other", "AWS Internal"},
      {"Other", "secretsmanager.amazonaws.com"},
      {"Other", "APN/1.0 HashiCorp/1.0 Terraform/1.8.5 aws-sdk-go-v2/1.30.0 os/linux"},
  });
}

constexpr std::string_view webkit =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) ";

TEST(UserAgentName, NamesBrowsers) {
  const auto with = [](std::string_view rest) { return std::string{webkit} + std::string{rest}; };
  const std::string chrome = with("Chrome/126.0.0.0 Safari/537.36");
  const std::string edge = with("Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0");
  const std::string old_edge = with("Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134");
  const std::string opera = with("Chrome/125.0.0.0 Safari/537.36 OPR/111.0.0.0");
  const std::string headless = with("HeadlessChrome/126.0.0.0 Safari/537.36");
  const std::string vivaldi = with("Chrome/126.0.0.0 Safari/537.36 Vivaldi/6.8.3381.44");
  const std::string electron = with("Chrome/120.0.6099.291 Electron/28.2.6 Safari/537.36");
  expect_names({
      {"Chrome", chrome},
      {"Edge", edge},
      {"Edge", old_edge},
      {"Opera", opera},
      {"Opera", "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.8.131 Version/11.11"},
      {"Opera", "Mozilla/4.0 (compatible; MSIE 5.0; Windows 2000) Opera 5.12 [en]"},
      {"HeadlessChrome", headless},
      {"Vivaldi", vivaldi},
      {"Electron", electron},
      {"Chromium",
       "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/61.0.3163.100 "
       "Chrome/61.0.3163.100 Safari/537.36"},
      {"Firefox", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"},
      {"Firefox Beta", "Mozilla/5.0 (X11; Linux x86_64; rv:62.0) Gecko/20100101 Firefox/62.0b3"},
      {"Safari",
       "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 Safari/605.1.15"},
      {"IE", "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"},
      {"IE", "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)"},
  });
}

TEST(UserAgentName, NamesBrowsersOfPhones) {
  const std::string iphone =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ";
  const std::string android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) ";
  const std::string safari = iphone + "Version/17.5 Mobile/15E148 Safari/604.1";
  const std::string view = iphone + "Mobile/15E148";
  const std::string chrome_ios = iphone + "CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1";
  const std::string firefox_ios = iphone + "FxiOS/127.0 Mobile/15E148 Safari/605.1.15";
  const std::string edge_ios = iphone + "Version/17.0 EdgiOS/125.0.2535.96 Mobile/15E148 Safari/604.1";
  const std::string chrome = android + "Chrome/126.0.0.0 Mobile Safari/537.36";
  const std::string view_android = android + "Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36";
  const std::string samsung = android + "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36";
  const std::string opera = android + "Chrome/124.0.0.0 Mobile Safari/537.36 OPR/82.0.0";
  expect_names({
      {"Mobile Safari", safari},
      {"Mobile Safari UI/WKWebView", view},
      {"Chrome Mobile iOS", chrome_ios},
      {"Firefox iOS", firefox_ios},
      {"Edge Mobile", edge_ios},
      {"Chrome Mobile", chrome},
      {"Chrome Mobile WebView", view_android},
      {"Samsung Internet", samsung},
      {"Opera Mobile", opera},
      {"Firefox Mobile", "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"},
  });
}

TEST(UserAgentName, NamesHttpLibrariesAndDownloaders) {
  expect_names({
      {"Python Requests", "python-requests/2.31.0"},
      {"Other", "python-requests"},
      {"curl", "curl/8.5.0"},
      {"curl", "curl"},
      {"Other", "mycurl_curl"},
      {"Go-http-client", "Go-http-client/1.1"},
      {"Wget", "Wget/1.21.4"},
      {"okhttp", "okhttp/4.12.0"},
      {"Python-urllib", "Python-urllib/3.11"},
      {"Apache-HttpClient", "Apache-HttpClient/4.5.14 (Java/17.0.11)"},
      {"Apache-HttpClient", "aws-sdk-java/2.26.7 http/Apache-HttpClient/5.1"},
      {"Python aiohttp", "Python/3.11 aiohttp/3.9.1"},
      {"Java", "Java/11.0.12"},
      {"Cyberduck", "Cyberduck/8.9.0.41543 (Mac OS X/14.5)"},
      {"Other", "a Cyberduck/8.9.0"},
      {"S3 Browser", "S3 Browser 9-5-5 https://s3browser.com"},
      {"Other", "S3 Browser/11.6.7 (https://s3browser.com)"},
      {"rclone", "rclone/v1.66.0"},
  });
}

}  // namespace
}  // namespace rushhour::event
