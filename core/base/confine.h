/* What this program never does, the kernel is told to refuse it from now on,
 * whatever it is talked into. */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

/* No new privileges, no program started, no page made executable, no system
 * call but those used here; each of these where the kernel can. */
void confine(void);
/* Of the capabilities only CAP_NET_ADMIN stays. */
void confine_to_network(void);

#endif
