/// \file
/// CPython's own header. It asks to come before the standard headers, and so does whoever includes it.
#pragma once

#define PY_SSIZE_T_CLEAN  // NOLINT(readability-identifier-naming): CPython reads it
#include <Python.h>
#undef PY_SSIZE_T_CLEAN
