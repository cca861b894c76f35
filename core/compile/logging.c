#include "logging.h"

enum { LOGS_PER_MINUTE = 3, LOGS_AT_ONCE = 10 };

void logging_put(struct build *b, const char *prefix, bool limited)
{
	if (limited)
		build_stmt(b, S_LIMIT)->limit = (struct limit){
			LOGS_PER_MINUTE, LOGS_AT_ONCE, PER_MINUTE, false,
		};
	build_stmt(b, S_LOG)->log = prefix;
	build_emit(b);
}

void logging_audit_all(struct build *b, enum log_level level)
{
	if (level >= LOG_HIGH)
		logging_put(b, LOG_AUDIT, level < LOG_FULL);
}

void logging_audit_new(struct build *b, enum log_level level)
{
	if (level != LOG_MEDIUM)
		return;
	build_flags(b, F_CT_STATE, CT_NEW);
	logging_put(b, LOG_AUDIT, true);
}

void logging_invalid(struct build *b, enum log_level level)
{
	if (level < LOG_MEDIUM)
		return;
	logging_put(b, LOG_INVALID, level < LOG_HIGH);
	logging_put(b, LOG_BLOCK, level < LOG_HIGH);
}

void logging_default(struct build *b, enum log_level level,
		     enum action action)
{
	if (level >= (action == ACT_ALLOW ? LOG_MEDIUM : LOG_LOW))
		logging_put(b, action == ACT_ALLOW ? LOG_ALLOW : LOG_BLOCK,
			    level < LOG_HIGH);
}
