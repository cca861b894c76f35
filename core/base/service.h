/* What a program that stays tells whoever started it. */
#ifndef BASE_SERVICE_H
#define BASE_SERVICE_H

#include "err.h"

/* "READY=1", "STOPPING=1": a datagram to $NOTIFY_SOCKET, as systemd wants it
 * (sd_notify(3)); nothing where that is not set. */
void service_tell(const char *what);
/* Puts this process' number into the file.  0 or -1 and *e. */
int service_pid(const char *path, struct err *e);

#endif
