/* Where there is no libFuzzer: each file given is run once. */
#include <stdio.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
	uint8_t *data;
	FILE *f;
	long size;

	LLVMFuzzerInitialize(&argc, &argv);
	while (*++argv) {
		f = fopen(*argv, "rb");
		if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0) {
			perror(*argv);
			return 1;
		}
		rewind(f);
		data = malloc((size_t)size);
		if (fread(data, 1, (size_t)size, f) != (size_t)size) {
			perror(*argv);
			return 1;
		}
		fclose(f);
		fprintf(stderr, "Running: %s\n", *argv);
		LLVMFuzzerTestOneInput(data, (size_t)size);
		free(data);
	}
	return 0;
}
