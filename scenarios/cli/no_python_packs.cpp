// In a build without rushhour::panther.

#include "python_packs.hpp"

namespace rushhour::cli {

struct PythonPacks::State {};

PythonPacks::PythonPacks() = default;
PythonPacks::~PythonPacks() = default;

void PythonPacks::add_to(scenario::RunOptions& /*options*/) {}

}  // namespace rushhour::cli
