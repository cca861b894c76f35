#include "policy.h"

const char log_level_names[][8] = {
	[LOG_OFF] = "off", [LOG_LOW] = "low", [LOG_MEDIUM] = "medium",
	[LOG_HIGH] = "high", [LOG_FULL] = "full",
};
