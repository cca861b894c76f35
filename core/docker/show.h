/* Docker's networks and published ports as they are understood. */
#ifndef DOCKER_SHOW_H
#define DOCKER_SHOW_H

#include "../base/buf.h"
#include "network.h"

/* Appends a line for each network and one for each of its ports. */
void networks_print(const struct networks *n, struct buf *out);
/* Appends {"networks":[...]} and a newline. */
void networks_json(const struct networks *n, struct buf *out);

#endif
