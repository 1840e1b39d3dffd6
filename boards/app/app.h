/* The demo application: one gate, one policy, whatever the transport. */
#ifndef APP_H
#define APP_H

#include "request_parser.h"
#include "ward/ward.h"

/** The gate, and what it enforces. */
extern struct ward_gate app_gate;
extern const struct ward_policy app_policy;

/** Starts the gate; prints on the console what is wrong if the configuration cannot be used. */
bool app_begin(void);

/**
 * Serves one request that was read: decides, answers, writes the response into `out`.
 *
 * @return bytes written to out, which holds every answer of the demo
 */
size_t app_serve(struct request_parser *parser, bool protected_channel, const struct ward_peer *peer, char *out, size_t size);

/** The response to a request that could not be read. */
size_t app_refuse(uint16_t http, char *out, size_t size);

/** Runs a line that an operator typed on the console: deny SUBJECT, undeny SUBJECT, audit, quit. False after quit. */
bool app_command(char *line, size_t length);

#endif
