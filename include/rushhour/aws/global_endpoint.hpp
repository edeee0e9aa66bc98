/// \file
/// The name of STS's global endpoint, https://sts.amazonaws.com, wherever a Region is named, and which Region
/// stands for it. Who sends calls there is the client's and the world's business.
///
/// Sources: botocore, endpoints.json: the partition endpoint of STS is `aws-global`, signed for us-east-1.
/// IAM User Guide, "AWS STS Regions and endpoints", and AWS Security Blog, "Elevate your AWS STS global
/// endpoint" (2025): its calls share no quota with the Regions', their aws:RequestedRegion is us-east-1, and
/// so is their awsRegion in CloudTrail. Spec tag DOC.
#pragma once

#include <string_view>

namespace rushhour::aws {

inline constexpr std::string_view global_endpoint = "aws-global";
inline constexpr std::string_view global_endpoint_region = "us-east-1";
inline constexpr std::string_view sts_global_host = "sts.amazonaws.com";

/// The Region to sign for, and to name to policies and trails: the name itself, unless it is the global
/// endpoint's.
[[nodiscard]] constexpr std::string_view region_of(std::string_view where) {
  return where == global_endpoint ? global_endpoint_region : where;
}

}  // namespace rushhour::aws
