# SPDX-License-Identifier: Apache-2.0
# ward as a component of ESP-IDF 5.5 and 6: the core, the crypto backend that menuconfig chose, and where it asks for
# them the loop of a keyring and the self-test. Kconfig has the options, port/kconfig/limits.h takes the limits from
# them.
include("${CMAKE_CURRENT_LIST_DIR}/ward_mk.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/ward_crypto.cmake")

ward_mk_sources(WARD_CORE_SOURCES ward_sources)
if(CONFIG_WARD_KEYRING)
    ward_mk_sources(WARD_SERVICE_SOURCES ward_service)
    list(APPEND ward_sources ${ward_service})
endif()

# On its first pass ESP-IDF asks only for what is required: nothing of menuconfig is known, and this call returns.
idf_component_register(SRCS ${ward_sources}
                       INCLUDE_DIRS "${WARD_ROOT}/include"
                       PRIV_INCLUDE_DIRS "${WARD_ROOT}/src"
                       PRIV_REQUIRES mbedtls)

target_compile_definitions(${COMPONENT_LIB} PUBLIC "WARD_CONFIG_FILE=\"${WARD_ROOT}/port/kconfig/limits.h\"")

if(CONFIG_WARD_CRYPTO_MBEDTLS_CORE)
    set(WARD_CRYPTO mbedtls_core)
    set(ward_mbedtls "${CONFIG_WARD_MBEDTLS_DIR}")
    if(ward_mbedtls STREQUAL "")
        idf_build_get_property(idf_path IDF_PATH)
        set(ward_mbedtls "${idf_path}/components/mbedtls/mbedtls")
    endif()
    if(NOT EXISTS "${ward_mbedtls}/library/bignum_core.c")
        message(FATAL_ERROR "ward: ${ward_mbedtls}/library/bignum_core.c is missing: CONFIG_WARD_MBEDTLS_DIR must name the sources of "
                            "mbedTLS 3.6 (ESP-IDF 6 has none), or choose another crypto backend in menuconfig")
    endif()
    ward_crypto_own(${COMPONENT_LIB} "${ward_mbedtls}")
    target_compile_definitions(ward_crypto PRIVATE "WARD_CONFIG_FILE=\"${WARD_ROOT}/port/kconfig/limits.h\"")
    idf_build_get_property(config_dir CONFIG_DIR)
    target_include_directories(ward_crypto PRIVATE "${config_dir}")
else()
    if(CONFIG_WARD_CRYPTO_PSA)
        set(WARD_CRYPTO psa)
    else()
        set(WARD_CRYPTO mbedtls_rsa)
    endif()
    ward_crypto_application(${COMPONENT_LIB})
endif()
