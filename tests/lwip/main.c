/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that end, and whose port is used again: what of it a stream sees, and what lwIP does with its memory. */
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "port/lwip/accept_queue.h"
#include "port/lwip/stream.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"

/* The peer's port that is looked at, the first of others, and the sequence numbers at which it begins. */
enum { PORT = 5000, OTHERS = 6000, FIRST = 1000, AGAIN = 9000000 };

static const char asked[] = "GET / HTTP/1.0";
static struct ward_accept_counts counts;
static struct ward_stream stream;
static const char *wrong;

static unsigned served(const struct ward_peer *peer)
{
    (void)peer;
    return 0;
}

static unsigned room(void)
{
    return WARD_SERVER_SLOTS;
}

static void check(bool holds, const char *what)
{
    if (!holds && wrong == NULL)
        wrong = what;
}

static unsigned connections(void)
{
    return memp_pools[MEMP_TCP_PCB]->stats->used;
}

static void forget_all(void)
{
    while (tcp_active_pcbs != NULL)
        tcp_abort(tcp_active_pcbs);
    while (tcp_tw_pcbs != NULL)
        tcp_abort(tcp_tw_pcbs);
}

/* A connection with something asked, which a stream has. */
static void open_one(uint16_t port, uint32_t first)
{
    struct ward_peer peer;
    peer_send(port, TCP_SYN, first, "", false);
    check(peer_heard(port).flags == (TCP_SYN | TCP_ACK), "it is not answered");
    peer_send(port, TCP_ACK, first + 1, "", false);
    peer_send(port, TCP_ACK | TCP_PSH, first + 1, asked, false);
    check(ward_lwip_accept_queue.take(&stream, &peer, false), "it does not get its slot");
    check(stream.calls->receive(&stream, NULL, SIZE_MAX) == (int32_t)strlen(asked), "what was asked does not come");
}

/* Both ends of it, the device's first: what a server does after an answer. */
static void end_both(void)
{
    const uint32_t next = FIRST + 1 + (uint32_t)strlen(asked);
    check(stream.calls->finish(&stream), "the device does not end it");
    peer_send(PORT, TCP_ACK | TCP_FIN, next, "", false);
    check(tcp_tw_pcbs != NULL, "it does not wait");
}

/* The same where the ends cross: neither side has seen the other's when it sends its own. */
static void end_crossing(void)
{
    const uint32_t next = FIRST + 1 + (uint32_t)strlen(asked);
    peer_send(PORT, TCP_ACK, next, "", false);
    const uint32_t before = peer_heard(PORT).next;
    check(stream.calls->finish(&stream), "the device does not end it");
    check(peer_heard(PORT).next == before + 1, "its end does not go out");
    peer_send_after(PORT, TCP_ACK | TCP_FIN, next, before);
    check(tcp_active_pcbs != NULL && tcp_active_pcbs->state == CLOSING, "the ends do not cross");
    peer_send(PORT, TCP_ACK, next + 1, "", false);
    check(tcp_tw_pcbs != NULL, "it does not wait");
}

static void look_at_the_end(void)
{
    check(stream.calls->receive(&stream, NULL, SIZE_MAX) == WARD_STREAM_ENDED, "the end is not told");
}

/* The slot's turn comes only now. */
static void close_old(struct ward_stream *old)
{
    const unsigned before = connections();
    const unsigned heard = peer_heard(PORT).count;
    old->calls->close(old);
    check(connections() == before, "a connection's memory is given back twice");
    check(peer_heard(PORT).count == heard, "the end of the old one is sent on the new one");
}

/* ---- Cases. */

static void used_again(void (*end)(void))
{
    open_one(PORT, FIRST);
    end();
    look_at_the_end();
    struct ward_stream old = stream;
    peer_send(PORT, TCP_SYN, AGAIN, "", false);
    check(peer_heard(PORT).flags == (TCP_SYN | TCP_ACK), "the port is not answered again");
    check(tcp_tw_pcbs == NULL, "the old connection still waits");
    close_old(&old);
    peer_send(PORT, TCP_ACK, AGAIN + 1, "", false);
    check(tcp_active_pcbs != NULL && tcp_active_pcbs->state == ESTABLISHED, "the new connection does not stand");
}

static void is_answered_again_before_the_slot_has_its_turn(void)
{
    used_again(end_both);
}

static void is_answered_again_where_the_ends_crossed(void)
{
    used_again(end_crossing);
}

static void a_damaged_opening_gives_no_memory_back_twice(void)
{
    open_one(PORT, FIRST);
    end_both();
    struct ward_stream old = stream;
    peer_send(PORT, TCP_SYN, AGAIN, "", true);
    close_old(&old);
    check(connections() <= 1, "more connections than there are");
}

static void a_full_table_takes_the_wait_and_not_the_stream_of_another(void)
{
    open_one(PORT, FIRST);
    end_both();
    struct ward_stream old = stream;
    for (uint16_t i = 0; i < MEMP_NUM_TCP_PCB; i++)
        peer_send(OTHERS + i, TCP_SYN, FIRST, "", false);
    check(tcp_tw_pcbs == NULL, "the table is not full");
    const unsigned last = peer_heard(OTHERS + MEMP_NUM_TCP_PCB - 1).count;
    close_old(&old);
    check(peer_heard(OTHERS + MEMP_NUM_TCP_PCB - 1).count == last, "another one is ended");
}

static void other_segments_leave_the_wait_alone(void)
{
    open_one(PORT, FIRST);
    end_both();
    struct ward_stream old = stream;
    peer_send(PORT, TCP_RST, AGAIN, "", false);
    peer_send(PORT, TCP_ACK, AGAIN, "", false);
    peer_send(PORT, TCP_SYN | TCP_ACK, AGAIN, "", false);
    peer_send(OTHERS, TCP_SYN, FIRST, "", false);
    check(tcp_tw_pcbs != NULL, "the wait is over");
    close_old(&old);
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    { "a port is answered again before the slot has its turn", is_answered_again_before_the_slot_has_its_turn },
    { "a port is answered again where the ends crossed", is_answered_again_where_the_ends_crossed },
    { "a damaged opening gives no memory back twice", a_damaged_opening_gives_no_memory_back_twice },
    { "a full table takes the wait, and not the stream of another",
      a_full_table_takes_the_wait_and_not_the_stream_of_another },
    { "other segments leave the wait alone", other_segments_leave_the_wait_alone },
};

int main(void)
{
    unsigned failed = 0;
    peer_network();
    if (!ward_lwip_accept_queue.listen(DEVICE_PORT, served, room, &counts))
        return 1;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        wrong = NULL;
        cases[i].run();
        forget_all();
        if (wrong != NULL)
            printf("# %s\n", wrong);
        printf("%s %u - lwip: %s\n", wrong == NULL ? "ok" : "not ok", i + 1, cases[i].name);
        failed += wrong != NULL ? 1 : 0;
    }
    printf("1..%u\n", (unsigned)(sizeof cases / sizeof cases[0]));
    return failed == 0 ? 0 : 1;
}
