# Finds CPython with its headers and library, to be embedded, and gives the imported target PythonEmbed::PythonEmbed.
#
# Of several on a machine it takes the system's, because boto3 and requests of Debian's packages belong to that one:
# a python3 earlier in the path may have neither. -DPythonEmbed_ROOT=FOLDER names another.
#
# Variables: PythonEmbed_FOUND, PythonEmbed_VERSION, PythonEmbed_EXECUTABLE.

include(FindPackageHandleStandardArgs)

if(NOT TARGET PythonEmbed::PythonEmbed)
  if(PythonEmbed_ROOT)
    set(Python3_ROOT_DIR "${PythonEmbed_ROOT}")
  else()
    set(Python3_ROOT_DIR /usr)
  endif()
  set(Python3_FIND_STRATEGY LOCATION)
  set(Python3_FIND_VIRTUALENV STANDARD)
  find_package(Python3 ${PythonEmbed_FIND_VERSION} QUIET COMPONENTS Interpreter Development.Embed)
  if(TARGET Python3::Python)
    add_library(PythonEmbed::PythonEmbed INTERFACE IMPORTED GLOBAL)
    # Not through Python3::Python, whose scope is the folder that looked for it.
    target_include_directories(PythonEmbed::PythonEmbed SYSTEM INTERFACE ${Python3_INCLUDE_DIRS})
    target_link_libraries(PythonEmbed::PythonEmbed INTERFACE ${Python3_LIBRARIES} ${CMAKE_DL_LIBS})
    set(PythonEmbed_VERSION "${Python3_VERSION}")
    set(PythonEmbed_EXECUTABLE "${Python3_EXECUTABLE}")
  endif()
endif()

if(TARGET PythonEmbed::PythonEmbed)
  set(_python_embed_target PythonEmbed::PythonEmbed)
endif()
find_package_handle_standard_args(PythonEmbed
  REQUIRED_VARS _python_embed_target
  VERSION_VAR PythonEmbed_VERSION
  REASON_FAILURE_MESSAGE "install libpython3-dev, or name a CPython by -DPythonEmbed_ROOT=FOLDER")
