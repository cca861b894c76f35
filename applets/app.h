/* Application profiles in ufw's words, for fw-app and ufw. */
#ifndef APPLETS_APP_H
#define APPLETS_APP_H

#include "../core/rule/names.h"

/* Each appends lines ended by a newline; dies where there is no memory, and
 * where several profiles fit a name that is not in its own letters. */

/* "Available applications:" and a name a line. */
void app_list(struct buf *out, struct names *n);
/* The profile of that name, or all of them for "all", in lines of at most 75
 * characters; false, with nothing appended: there is none. */
bool app_info(struct buf *out, struct names *n, const char *name);

#endif
