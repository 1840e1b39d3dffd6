# SPDX-License-Identifier: Apache-2.0
# What both shims have: an application with an mbedTLS of its own, as upstream configures it, and a program that
# verifies tokens. SOURCES are the program's, CONFIG the folder of its configuration; MBEDTLS_DIR and MBEDTLS_LIBRARY
# are the application's mbedTLS 3.6.
include("${CONFIG}/config.cmake")
add_compile_options(-Wall -Wextra -Werror -ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

function(add_application_mbedtls name)
    add_library(${name} STATIC IMPORTED GLOBAL)
    set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${MBEDTLS_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${MBEDTLS_DIR}/include")
endfunction()
