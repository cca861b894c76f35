#include "policy.h"

const char log_level_names[][8] = {
	[LOG_OFF] = "off", [LOG_LOW] = "low", [LOG_MEDIUM] = "medium",
	[LOG_HIGH] = "high", [LOG_FULL] = "full",
};

bool policy_has(const struct policy *p, enum action action)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->rules[i].rule.action == action)
			return true;
	return false;
}
