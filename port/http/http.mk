# SPDX-License-Identifier: Apache-2.0
# HTTP/1.1 out of streams of bytes: include it after ward.mk. LLHTTP_DIR names llhttp's sources.

# What a server needs to read requests, on any transport.
WARD_HTTP_REQUEST := $(addprefix port/http/,request_parser.c request_fields.c closing.c)

# What a client needs to read answers.
WARD_HTTP_RESPONSE := $(addprefix port/http/,response_parser.c answer_fields.c) port/date.c

# The server's and the fetch's state machines, over port/tls and a network (ward/port/network.h).
WARD_HTTP_SERVER := $(addprefix port/http/,server.c slots.c crowd.c error_response.c)
WARD_HTTP_FETCH  := $(addprefix port/http/,fetch.c url.c)

WARD_HTTP_LLHTTP := api.c http.c llhttp.c

# llhttp is not ours to correct. Without its strict mode it takes what RFC 9112 says to refuse.
WARD_HTTP_CPPFLAGS := -I$(WARD_DIR)/include -I$(WARD_DIR) -DLLHTTP_STRICT_MODE=1
WARD_HTTP_SYSTEM    = -isystem $(LLHTTP_DIR)
