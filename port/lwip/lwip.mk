# SPDX-License-Identifier: Apache-2.0
# A network by lwIP 2.2, for port/tls and port/http: include it after ward.mk and theirs. LWIP_DIR names lwIP's sources.

WARD_LWIP_SOURCES := $(addprefix port/lwip/,network.c dial.c stream.c received.c accept_queue.c reopen.c)

# lwIP's, below src/.
WARD_LWIP_STACK := $(addprefix core/,def.c dns.c inet_chksum.c init.c ip.c mem.c memp.c netif.c pbuf.c stats.c tcp.c tcp_in.c \
	tcp_out.c timeouts.c udp.c ipv4/dhcp.c ipv4/etharp.c ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c) netif/ethernet.c

# lwIP itself includes lwipopts.h and arch/cc.h by these names.
WARD_LWIP_CPPFLAGS := -I$(WARD_DIR)/include -I$(WARD_DIR) -I$(WARD_DIR)/port/lwip
WARD_LWIP_SYSTEM    = -isystem $(LWIP_DIR)/src/include
