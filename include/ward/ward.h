/* SPDX-License-Identifier: Apache-2.0 */
/* ward: a zero-heap JWT verifier and scope gate for firmware. This header includes all the others. */
#ifndef WARD_WARD_H
#define WARD_WARD_H

#include "ward/access.h"
#include "ward/audit.h"
#include "ward/audit_event.h"
#include "ward/bundle.h"
#include "ward/config.h"
#include "ward/denials.h"
#include "ward/http.h"
#include "ward/hooks.h"
#include "ward/jwks.h"
#include "ward/key.h"
#include "ward/keyring.h"
#include "ward/method.h"
#include "ward/peer.h"
#include "ward/record.h"
#include "ward/scope.h"
#include "ward/status.h"
#include "ward/text.h"
#include "ward/time.h"
#include "ward/token.h"
#include "ward/version.h"
#include "ward/workspace.h"

#endif
