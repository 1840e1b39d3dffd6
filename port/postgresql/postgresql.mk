# SPDX-License-Identifier: Apache-2.0
# The extension of PostgreSQL. PGXS builds it, by port/postgresql/Makefile; here it is only asked to, in a folder of the
# build, against the server of PG_CONFIG: the one that tools/setup has fetched, where nobody says another.

PG_CONFIG ?= $(abspath $(firstword $(wildcard $(DEPS)/database/usr/lib/postgresql/*/bin/pg_config)))

# The server's own macros compare what is not defined, and mix signs.
POSTGRESQL_MAKE = @+mkdir -p $(BUILD)/postgresql && $(MAKE) -s --no-print-directory -C $(BUILD)/postgresql \
	-f $(CURDIR)/port/postgresql/Makefile PG_CONFIG='$(PG_CONFIG)' MBEDTLS_DIR='$(abspath $(MBEDTLS_DIR))' \
	PG_WARNINGS='$(filter-out -Wundef,$(WARNINGS)) -Wno-sign-conversion' $(if $(filter-out gcc,$(CC)),CC='$(CC)')

$(BUILD)/postgresql/ward.so: FORCE
	$(POSTGRESQL_MAKE) all
