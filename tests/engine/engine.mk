# SPDX-License-Identifier: Apache-2.0
# SHA-256 on locked engines in place of mbedTLS's own (MBEDTLS_SHA256_ALT): flavour `engine` (tests/variants.mk).

ifneq ($(filter engine,$(FLAVOUR)),)
ENGINE_SOURCES := tests/engine/engine.c
ENGINE_SUITES  := tests/engine/test_engine.c
endif
