# SPDX-License-Identifier: Apache-2.0
# What ward's options in Kconfig mean for a build, for ESP-IDF and Zephyr alike.
include("${CMAKE_CURRENT_LIST_DIR}/ward_mk.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ward_crypto.cmake")

# Whoever includes ward's headers needs this definition: library and application do not link with different limits.
set(WARD_KCONFIG_LIMITS "WARD_CONFIG_FILE=\"${WARD_ROOT}/port/kconfig/limits.h\"")

# ward_kconfig_sources(variable): the core, and where it is asked for the loop of a keyring and the self-test.
function(ward_kconfig_sources variable)
    ward_mk_sources(WARD_CORE_SOURCES sources)
    if(CONFIG_WARD_KEYRING)
        ward_mk_sources(WARD_SERVICE_SOURCES service)
        list(APPEND sources ${service})
    endif()
    set(${variable} "${sources}" PARENT_SCOPE)
endfunction()

# ward_kconfig_crypto(LIBRARY MBEDTLS_DIR): adds the chosen backend to LIBRARY; MBEDTLS_DIR is where the SDK's mbedTLS lies,
# unless the option names another. The target ward_crypto is there where the backend has an mbedTLS of its own.
macro(ward_kconfig_crypto library mbedtls_dir)
    set(WARD_SHA256 mbedtls)
    if(CONFIG_WARD_SHA256_OWN)
        set(WARD_SHA256 ward)
    endif()
    if(CONFIG_WARD_CRYPTO_MBEDTLS_CORE)
        set(WARD_CRYPTO mbedtls_core)
        set(ward_mbedtls "${CONFIG_WARD_MBEDTLS_DIR}")
        if(ward_mbedtls STREQUAL "")
            set(ward_mbedtls "${mbedtls_dir}")
        endif()
        if(NOT EXISTS "${ward_mbedtls}/library/bignum_core.c")
            message(FATAL_ERROR "ward: ${ward_mbedtls}/library/bignum_core.c is missing: CONFIG_WARD_MBEDTLS_DIR must name the sources "
                                "of mbedTLS 3.6 (ESP-IDF 6 and mbedTLS 4 have none), or choose another crypto backend in menuconfig")
        endif()
        ward_crypto_own(${library} "${ward_mbedtls}")
    else()
        if(CONFIG_WARD_CRYPTO_PSA)
            set(WARD_CRYPTO psa)
        elseif(CONFIG_WARD_CRYPTO_KERNEL)
            set(WARD_CRYPTO kernel)
        else()
            set(WARD_CRYPTO mbedtls_rsa)
        endif()
        ward_crypto_application(${library})
    endif()
endmacro()
