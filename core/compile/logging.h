/* What is logged, at ufw's levels and with its limits. */
#ifndef COMPILE_LOGGING_H
#define COMPILE_LOGGING_H

#include "../../config.h"
#include "../list/policy.h"
#include "build.h"

#define LOG_PREFIX(what) "[" LOG_NAME " " what "] "
#define LOG_ALLOW LOG_PREFIX("ALLOW")
#define LOG_BLOCK LOG_PREFIX("BLOCK")
#define LOG_LIMIT LOG_PREFIX("LIMIT")
#define LOG_LIMIT_BLOCK LOG_PREFIX("LIMIT BLOCK")
#define LOG_INVALID LOG_PREFIX("AUDIT INVALID")
#define LOG_AUDIT LOG_PREFIX("AUDIT")

/* Ends the rule with a log; limited: at most 3 a minute after the first 10. */
void logging_put(struct build *b, const char *prefix, bool limited);

/* At a base chain's beginning, before and after known connections. */
void logging_audit_all(struct build *b, enum log_level level);
void logging_audit_new(struct build *b, enum log_level level);
/* In the chain for invalid packets. */
void logging_invalid(struct build *b, enum log_level level);
/* At a base chain's end: what the default decides. */
void logging_default(struct build *b, enum log_level level,
		     enum action action);

#endif
