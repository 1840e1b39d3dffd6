/* SPDX-License-Identifier: Apache-2.0 */
/* The server's slots: a connection each, and the time that is charged to its peer. Private to port/http. */
#ifndef WARD_PORT_HTTP_SLOTS_H
#define WARD_PORT_HTTP_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "port/http/counts.h"
#include "port/http/request_parser.h"
#include "port/tls/session.h"
#include "ward/port/network.h"

/** Bytes that are read at once; what follows a request in them waits for the next one. */
enum { WARD_HTTP_SLOT_PIECE = 256 };

enum ward_http_slot_state {
    WARD_HTTP_SLOT_FREE,
    WARD_HTTP_SLOT_HANDSHAKE,
    WARD_HTTP_SLOT_REQUEST,  /* it is read, or awaited */
    WARD_HTTP_SLOT_RESPONSE, /* it is written */
    WARD_HTTP_SLOT_LINGER    /* nothing more is sent */
};

struct ward_http_slot {
    struct ward_tls_session session;
    struct ward_http_request_parser parser;
    struct ward_peer peer;
    uint32_t clock; /* milliseconds in which it was the peer's turn, since the slot was taken */
    uint32_t since; /* of that clock: it entered its state; of a request: its first byte came */
    uint32_t spent; /* on handshake and request before that, since the last answer was sent */
    uint16_t requests;
    uint16_t response_length;
    uint16_t piece_length;
    uint16_t piece_used;
    enum ward_http_slot_state state;
    bool owes;     /* the device can do nothing before its peer does */
    bool begun;    /* a byte of the request has come */
    bool answered; /* at least once */
    bool granted;  /* at least once, by a verified token */
    bool last;     /* the connection ends after this response */
    bool interim;  /* the response is 100 Continue, and the request goes on after it */
    char piece[WARD_HTTP_SLOT_PIECE];
};

extern struct ward_http_slot ward_http_slots[WARD_SERVER_SLOTS];
extern struct ward_http_counts ward_http_server_counted;
extern const struct ward_network *ward_http_server_network;

/** Charges the time since the last call to whose turn it was. Once a turn, at its end. */
void ward_http_slots_charge(void);

/** Milliseconds of its peer's since it entered its state. */
uint32_t ward_http_slot_passed(const struct ward_http_slot *slot);
void ward_http_slot_enter(struct ward_http_slot *slot, enum ward_http_slot_state state);

/** The state after a handshake or an answer: the next request has begun if a byte of it is there. */
void ward_http_slot_await_request(struct ward_http_slot *slot);

/** Its first byte has come: from now on its time runs. */
void ward_http_slot_begin_request(struct ward_http_slot *slot);

/** Ends the connection, in order or at once by a reset. */
void ward_http_slot_release(struct ward_http_slot *slot, bool at_once);

/** No more is sent; what still comes is dropped until the peer closes, since a reset could overtake the last answer. */
void ward_http_slot_linger(struct ward_http_slot *slot);

/** Its place among all. */
unsigned ward_http_slot_number(const struct ward_http_slot *slot);

/** Of the arena. */
unsigned ward_http_slot_owner(const struct ward_http_slot *slot);

/** A free one whose memory is there, or NULL: with ward_http_slot_occupy() or ward_http_slots_lend() next. */
struct ward_http_slot *ward_http_slots_free(void);

/** Starts TLS on the stream that its session has. */
void ward_http_slot_occupy(struct ward_http_slot *slot);

/** The fetch may use the memory of free slots, all but one. After each change of those in use. */
void ward_http_slots_lend(void);

unsigned ward_http_slots_in_use(void);

/** How many slots an address has. */
unsigned ward_http_slots_of(const struct ward_peer *peer);

#endif
