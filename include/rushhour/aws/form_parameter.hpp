/// \file
/// A decoded parameter of a form: apart from query_xml.hpp, for what that is made of.
#pragma once

#include <string>
#include <utility>

namespace rushhour::aws {

/// One decoded `name=value` of a form.
using Parameter = std::pair<std::string, std::string>;

}  // namespace rushhour::aws
