/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd's requests and ward: three calls for MHD_start_daemon(). */
#ifndef GLUE_H
#define GLUE_H

#include <microhttpd.h>

/** MHD_OPTION_URI_LOG_CALLBACK: the begin of a request. */
void *glue_begin(void *context, const char *target, struct MHD_Connection *connection);

/** MHD_OPTION_NOTIFY_COMPLETED: its end. */
void glue_end(void *context, struct MHD_Connection *connection, void **ask, enum MHD_RequestTerminationCode why);

/** The access handler. */
enum MHD_Result glue_serve(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                           const char *version, const char *data, size_t *length, void **kept);

#endif
