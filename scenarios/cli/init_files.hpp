/// \file
/// What `rushhour init` writes: a scenario to start from, and the jobs that check it for every change.
#pragma once

#include <array>
#include <string_view>

namespace rushhour::cli {

struct InitFile {
  std::string_view path{};  ///< relative to the folder
  std::string_view text{};
};

inline constexpr std::string_view starter_scenario = "scenarios/secret-read.json";

inline constexpr auto init_files = std::to_array<InitFile>({
    {starter_scenario,
     R"json(// A scenario to start from. Every key is described in rushhour's scenarios/README.md; `rushhour profile` writes the traffic
// of your own CloudTrail in place of this one.
{
  "description": "reads of secrets are enriched by VirusTotal, once for each alert",
  "seed": 7,
  "start": "2026-03-02T14:00:00Z",
  "duration": "1h",
  // 200,000 events an hour, of which one in a hundred reads a secret.
  "traffic": {"events": 200000, "arrivals": "poisson", "event_names": {"GetSecretValue": 1, "AssumeRole": 40, "ListBuckets": 59}},
  "fleet": {"workers": 20},
  "detections": [
    {
      "name": "secret-read",
      // call_in_rule would ask before the rule decides: then what VirusTotal refuses is judged by nobody.
      "strategy": "alert_context_only",
      "match": {"event_names": ["GetSecretValue"]},
      // VirusTotal knows nothing of private addresses.
      "skip_private": true,
      // Without a cache every match assumes the role, reads the key and asks VirusTotal again.
      "cache": {
        "credentials": {"home": "helper_module"},
        "secret": {"home": "helper_module"},
        "verdicts": {"home": "helper_module", "ttl": "30m"}
      }
    }
  ],
  "world": {
    // The contract of your key, or "public": 4 calls a minute.
    "virustotal": {"key": {"premium": {"minute": 120, "day": 50000, "month": 1000000}}},
    "latency": {
      "sts": {"uniform": ["40ms", "60ms"]},
      "secretsmanager": {"uniform": ["15ms", "25ms"]},
      "virustotal": {"exponential": {"floor": "80ms", "mean": "120ms"}}
    },
    "retry": {"sts": "legacy", "secretsmanager": "legacy", "virustotal": "none"}
  },
  "budgets": [
    {"expr": "sts.throttled == 0", "why": "a throttled AssumeRole costs boto3 up to 9.5 s of sleep"},
    {"expr": "secretsmanager.attempts.per_hour.max <= 20000", "why": "10 cents an hour: $0.05 for 10,000 calls"},
    {"expr": "virustotal.attempts.per_minute.max <= 100% of limit", "why": "what the contract allows"},
    {"expr": "detections.missed == 0", "why": "a rule that fails judges nothing"}
  ]
}
)json"},
    {".github/workflows/rushhour.yml",
     R"yaml(# Every pull request runs the scenarios: a broken budget, or a number that differs from the committed baseline, turns it
# red. Let RUSHHOUR_REPOSITORY and RUSHHOUR_VERSION be where and which your rushhour is.
name: rushhour
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  security-events: write # for uploading SARIF
env:
  RUSHHOUR_REPOSITORY: https://github.com/OWNER/rushhour.git
  RUSHHOUR_VERSION: main
jobs:
  scenarios:
    runs-on: ubuntu-latest
    container: debian:12 # has every library of rushhour
    steps:
      - name: Install git
        run: apt-get update && apt-get install -y --no-install-recommends git ca-certificates
      - uses: actions/checkout@v4
      - name: Install rushhour
        run: |
          git clone --quiet --depth 1 --branch "$RUSHHOUR_VERSION" "$RUSHHOUR_REPOSITORY" "$HOME/rushhour"
          "$HOME/rushhour/cmake/setup" run
          cd "$HOME/rushhour"
          cmake --preset release
          cmake --build --preset release --target rushhour_cli
          echo "$PWD/build/release" >>"$GITHUB_PATH"
      - name: Check scenarios
        run: rushhour check scenarios/*.json --baseline --junit rushhour.xml --summary rushhour.md --sarif rushhour.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: rushhour.sarif
          category: rushhour
)yaml"},
    {".gitlab/rushhour.yml",
     R"yaml(# Every merge request runs the scenarios; GitLab shows the budgets among the tests. In .gitlab-ci.yml:
#
#   include:
#     - local: .gitlab/rushhour.yml
rushhour:
  image: debian:12
  variables:
    RUSHHOUR_REPOSITORY: https://github.com/OWNER/rushhour.git
    RUSHHOUR_VERSION: main
  cache:
    key: rushhour-$RUSHHOUR_VERSION
    paths: [.rushhour]
  before_script:
    - apt-get update && apt-get install -y --no-install-recommends git ca-certificates
    - test -d .rushhour || git clone --quiet --depth 1 --branch "$RUSHHOUR_VERSION" "$RUSHHOUR_REPOSITORY" .rushhour
    - .rushhour/cmake/setup run
    - (cd .rushhour && cmake --preset release && cmake --build --preset release --target rushhour_cli)
    - export PATH="$PWD/.rushhour/build/release:$PATH"
  script:
    - rushhour check scenarios/*.json --baseline --junit rushhour.xml --summary rushhour.md --sarif rushhour.sarif
  artifacts:
    when: always
    reports:
      junit: rushhour.xml
    paths: [rushhour.md, rushhour.sarif]
)yaml"},
});

}  // namespace rushhour::cli
