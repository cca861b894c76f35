#include "fuzz.h"

#include <stdio.h>
#include <string.h>

static const struct target {
	const char *name;
	void (*run)(const uint8_t *data, size_t size);
} targets[] = {
	{"daemon", fuzz_daemon}, {"engine", fuzz_engine},
	{"json", fuzz_json}, {"netfile", fuzz_netfile},
	{"nftables", fuzz_nftables}, {"profiles", fuzz_profiles},
	{"rtnetlink", fuzz_rtnetlink}, {"rules", fuzz_rules},
	{"services", fuzz_services}, {"words", fuzz_words},
};
static const struct target *chosen;

void fuzz_broken(const char *property, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, property);
	abort();
}

static const struct target *named(const char *name)
{
	size_t i;

	for (i = 0; name && i < sizeof(targets) / sizeof(*targets); i++)
		if (!strcmp(name, targets[i].name))
			return &targets[i];
	return NULL;
}

/* Takes the first word, the target's name, away from those of libFuzzer; where
 * that starts itself again the environment has it. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	chosen = named((*argv)[1]);
	if (chosen) {
		setenv("FUZZ_TARGET", chosen->name, 1);
		(*argv)[1] = (*argv)[0];
		++*argv;
		--*argc;
	} else {
		chosen = named(getenv("FUZZ_TARGET"));
	}
	if (!chosen) {
		fprintf(stderr, "usage: %s TARGET ...\n", (*argv)[0]);
		exit(2);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	chosen->run(data, size);
	return 0;
}
