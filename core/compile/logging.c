#include "logging.h"

enum { LOGS_PER_MINUTE = 3, LOGS_AT_ONCE = 10 };

int logging_put(struct build *b, const char *prefix, bool limited,
		struct err *e)
{
	if (limited)
		build_limit(b, LOGS_PER_MINUTE, LOGS_AT_ONCE);
	build_stmt(b, (struct stmt){.kind = S_LOG, .log = prefix});
	return build_emit(b, e);
}

int logging_audit_all(struct build *b, enum log_level level, struct err *e)
{
	if (level < LOG_HIGH)
		return 0;
	return logging_put(b, LOG_AUDIT, level < LOG_FULL, e);
}

int logging_audit_new(struct build *b, enum log_level level, struct err *e)
{
	if (level != LOG_MEDIUM)
		return 0;
	build_flags(b, F_CT_STATE, CT_NEW);
	return logging_put(b, LOG_AUDIT, true, e);
}

int logging_invalid(struct build *b, enum log_level level, struct err *e)
{
	if (level < LOG_MEDIUM)
		return 0;
	if (logging_put(b, LOG_INVALID, level < LOG_HIGH, e))
		return -1;
	return logging_put(b, LOG_BLOCK, level < LOG_HIGH, e);
}

int logging_default(struct build *b, enum log_level level,
		    enum action action, struct err *e)
{
	if (level == LOG_OFF || (action == ACT_ALLOW && level < LOG_MEDIUM))
		return 0;
	return logging_put(b, action == ACT_ALLOW ? LOG_ALLOW : LOG_BLOCK,
			   level < LOG_HIGH, e);
}
