/* The stand-ins for libc, beside glibc's own. */
#include <arpa/inet.h>
#include <errno.h>
#include <features.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/format.h"
#include "core/base/sort.h"
#include "tests/unit/tap.h"

#undef __GLIBC__
#define inet_pton small_pton
#define inet_ntop small_ntop
#define malloc small_malloc
#define free small_free
#define calloc small_calloc
#define realloc small_realloc
#define strerror small_strerror
int small_pton(int family, const char *text, void *out);
const char *small_ntop(int family, const void *v, char *out, socklen_t room);
void *small_malloc(size_t n);
void *small_calloc(size_t n, size_t size);
void *small_realloc(void *data, size_t n);
void small_free(void *data);
char *small_strerror(int error);
#define strchr small_strchr
#define strspn small_strspn
#define strcspn small_strcspn
#define strncasecmp small_strncasecmp
#define strcasecmp small_strcasecmp
#define strncmp small_strncmp
#define memset small_memset
#define strlen small_strlen
#define strcmp small_strcmp
#define strcpy small_strcpy
#define getenv small_getenv
#define memmem small_memmem
char *small_strchr(const char *s, int c);
size_t small_strspn(const char *s, const char *set);
size_t small_strcspn(const char *s, const char *set);
int small_strncasecmp(const char *a, const char *b, size_t n);
int small_strcasecmp(const char *a, const char *b);
int small_strncmp(const char *a, const char *b, size_t n);
void *small_memset(void *out, int c, size_t n);
size_t small_strlen(const char *s);
char *small_getenv(const char *name);
int small_strcmp(const char *a, const char *b);
char *small_strcpy(char *out, const char *s);
void *small_memmem(const void *text, size_t n, const void *want, size_t len);
static bool none_left;
#define mmap small_mmap
static void *small_mmap(void *at, size_t size, int prot, int flags, int fd,
			off_t offset)
{
#undef mmap
	errno = ENOMEM;
	return none_left ? MAP_FAILED
			 : mmap(at, size, prot, flags, fd, offset);
}
#define mmap small_mmap
#include "core/base/alloc.c"
#undef mmap
#include "core/base/errno.c"
#include "core/base/inet.c"
#include "core/base/memmem.c"
#include "core/base/string.c"
#undef inet_pton
#undef inet_ntop
#undef malloc
#undef free
#undef calloc
#undef realloc
#undef strerror
#undef strchr
#undef strspn
#undef strcspn
#undef strncasecmp
#undef strcasecmp
#undef strncmp
#undef memset
#undef strlen
#undef strcmp
#undef strcpy
#undef getenv
#undef memmem

static uint32_t seed = 1;

static uint32_t random32(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed ^ seed >> 16;
}

__attribute__((format(printf, 1, 2)))
static void same_format(const char *fmt, ...)
{
	char ours[64], theirs[64];
	va_list args;
	size_t n;
	int m;

	va_start(args, fmt);
	n = format_text(ours, sizeof(ours), fmt, args);
	va_end(args);
	va_start(args, fmt);
	m = vsnprintf(theirs, sizeof(theirs), fmt, args);
	va_end(args);
	is(ours, theirs, fmt);
	ok((size_t)m == n, "its length");
}

static void test_format(void)
{
	char tiny[4] = "xxx";

	same_format("plain");
	same_format("%s|%.3s|%8s|%-8s|", "abc", "abcdef", "x", "y");
	same_format("%.*s", 2, "abcdef");
	same_format("%d %d %d", 0, INT_MAX, INT_MIN);
	same_format("%u %x %02x %5u", 7u, 0xbeefu, 5u, 42u);
	same_format("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MIN,
		    ULLONG_MAX);
	same_format("%zu %3zu %c%%", (size_t)12345, (size_t)7, 'q');
	same_format("%s", "0123456789012345678901234567890123456789"
			  "0123456789012345678901234567890123456789");
	ok(format_text(tiny, 0, "abc", (va_list){0}) == 3 && tiny[0] == 'x',
	   "no room at all");
}

static void same_parse(int family, const char *text)
{
	uint8_t ours[16] = {0}, theirs[16] = {0};
	int a = small_pton(family, text, ours);
	int b = inet_pton(family, text, theirs);

	ok(a == b && (!a || !memcmp(ours, theirs, 16)), "pton '%s'", text);
}

static void test_inet(void)
{
	static const char *const four[] = {
		"0.0.0.0", "255.255.255.255", "1.2.3.4", "01.2.3.4", "1.2.3",
		"1.2.3.4.5", "256.1.1.1", "1..2.3", "", "1.2.3.4 ", "a.b.c.d",
		"1.2.3.-4", "00.1.1.1",
	};
	static const char *const six[] = {
		"::", "::1", "1::", "1::2", ":1", "1:", ":::", "1:::2", ":",
		"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8",
		"12345::", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4",
		"1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "fe80::1%lo", "G::", "",
		"1::2::3", "ABCD:ef01::", "::1.2.3.4:5",
	};
	char ours[64], theirs[64], mutated[48];
	uint8_t v[16];
	int i, j, bad = 0;

	for (i = 0; i < (int)(sizeof(four) / sizeof(*four)); i++)
		same_parse(AF_INET, four[i]);
	for (i = 0; i < (int)(sizeof(six) / sizeof(*six)); i++)
		same_parse(AF_INET6, six[i]);
	for (i = 0; i < 20000; i++) {
		for (j = 0; j < 16; j++)
			v[j] = random32() % 3 ? 0 : (uint8_t)random32();
		v[15] |= 1;
		v[10] |= 1; /* glibc writes ::1.2.3.4 where we do not */
		small_ntop(AF_INET6, v, ours, sizeof(ours));
		inet_ntop(AF_INET6, v, theirs, sizeof(theirs));
		bad += strcmp(ours, theirs) != 0;
		strcpy(mutated, theirs);
		mutated[random32() % strlen(theirs)] =
			":.0g1f"[random32() % 6];
		bad += small_pton(AF_INET6, mutated, v) !=
		       inet_pton(AF_INET6, mutated, v);
		small_ntop(AF_INET, v, ours, sizeof(ours));
		inet_ntop(AF_INET, v, theirs, sizeof(theirs));
		bad += strcmp(ours, theirs) != 0;
	}
	ok(!bad, "60,000 random addresses, printed and read (%d differ)", bad);
	ok(!small_ntop(AF_INET, v, ours, 3), "no room for an address");
}

/* Of two letters, so that there is much to be found, and sizes past a byte. */
static void test_memmem(void)
{
	char text[700], want[600];
	size_t n, len, i;
	int round, wrong = 0;

	for (round = 0; round < 40000; round++) {
		n = random32() % sizeof(text);
		len = random32() % (round % 2 ? 12 : sizeof(want));
		for (i = 0; i < n; i++)
			text[i] = "ab"[random32() % 40 == 0];
		for (i = 0; i < len; i++)
			want[i] = "ab"[random32() % 40 == 0];
		if (len < n && random32() % 2)
			memcpy(want, text + n - len - random32() %
						      (n - len), len);
		wrong += small_memmem(text, n, want, len) !=
			 memmem(text, n, want, len);
	}
	ok(!wrong, "memmem finds what glibc's finds");
}

enum { BLOCKS = 400 };

/* No block is given out twice, when there are no more. */
static void test_none_left(void)
{
	struct block *block, *held = NULL;
	int n = 0, spoilt = 0;

	none_left = true;
	small_free(small_malloc(1));
	while (n < 2 * CHUNK / 1024 && (block = small_malloc(1000))) {
		memset(block, 0, 1000);
		block->next = held;
		block->size = (size_t)n++;
		held = block;
	}
	ok(n && n < CHUNK / 1024 && errno == ENOMEM, "no more than there are");
	ok(!small_malloc(1000) && small_malloc(16), "a smaller one there is");
	none_left = false;
	for (; held; held = block) {
		block = held->next;
		spoilt += held->size != (size_t)--n;
		small_free(held);
	}
	ok(!spoilt && !n, "none was given out twice");
}

/* One that grows at the end of the region's small part until it is large. */
static void test_growth(void)
{
	uint8_t *large = small_malloc(REGION_MIN), *grown = NULL, *behind;
	uint8_t *small[2000];
	size_t n, i;
	int spoilt = 0;

	for (n = 100; n < REGION_SMALL / 2; n += n)
		grown = small_realloc(grown, n);
	behind = small_malloc(100);
	memset(behind, 7, 100);
	small_free(grown);
	for (i = 0; i < 2000; i++)
		memset(small[i] = small_malloc(100), 9, 100);
	for (i = 0; i < 100; i++)
		spoilt += behind[i] != 7;
	ok(!spoilt, "what is behind one that grew stays");
	for (i = 0; i < 2000; i++)
		small_free(small[i]);
	small_free(behind);
	small_free(large);
}

/* Fills each block with its number and looks whether it stays. */
static void test_alloc(void)
{
	static struct { uint8_t *data; size_t n; } block[BLOCKS];
	int i, k, spoilt = 0, unaligned = 0;
	size_t j;

	for (i = 0; i < 60000; i++) {
		size_t n = random32() % (random32() % 50 ? 600
				: random32() % 20 ? 400000 : 9000000);

		k = (int)(random32() % BLOCKS);
		for (j = 0; j < block[k].n; j++)
			spoilt += block[k].data[j] != (uint8_t)k;
		if (random32() % 3) {
			block[k].data = small_realloc(block[k].data, n);
			for (j = 0; j < n && j < block[k].n; j++)
				spoilt += block[k].data[j] != (uint8_t)k;
		} else {
			small_free(block[k].data);
			block[k].data = small_calloc(n, 1);
			for (j = 0; j < n; j++)
				spoilt += block[k].data[j] != 0;
		}
		unaligned += (uintptr_t)block[k].data % 16 != 0;
		block[k].n = n;
		if (n)
			memset(block[k].data, k, n);
	}
	ok(!spoilt, "60,000 random allocations keep their bytes");
	ok(!unaligned, "each at a multiple of 16");
	ok(heap.placed, "large ones in a region");
	for (k = 0; k < BLOCKS; k++)
		small_free(block[k].data);
	ok(!heap.placed && heap.room == heap.region + REGION_SMALL,
	   "which is empty without them");
	errno = 0;
	ok(!small_malloc(SIZE_MAX - 8) && errno == ENOMEM, "too much");
	ok(!small_calloc(SIZE_MAX / 2, 4), "an overflowing product");
	small_free(NULL);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 3);
}

static void test_sort(void)
{
	uint8_t ours[300][3], theirs[300][3];
	size_t n, i;
	int bad = 0;

	for (n = 0; n < 300; n++) {
		for (i = 0; i < n; i++) {
			ours[i][0] = (uint8_t)(random32() % 3);
			ours[i][1] = (uint8_t)(random32() % 3);
			ours[i][2] = (uint8_t)random32();
		}
		memcpy(theirs, ours, sizeof(ours));
		sort_items(ours, n, 3, compare);
		if (n)
			qsort(theirs, n, 3, compare);
		bad += memcmp(ours, theirs, 3 * n) != 0;
	}
	ok(!bad, "sorted as qsort does, 0 to 299 items");
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

/* Short words of few letters, so that they agree often. */
static void random_word(char out[9])
{
	size_t i, n = random32() % 8;

	for (i = 0; i < n; i++)
		out[i] = "aAbB[z\xe4\x80"[random32() % 8];
	out[n] = '\0';
}

static void test_string(void)
{
	char a[9], b[9], copy[9];
	int i, bad = 0;

	for (i = 0; i < 100000; i++) {
		size_t n = random32() % 9;

		random_word(a);
		random_word(b);
		bad += small_strchr(a, *b) != strchr(a, *b) ||
		       small_strspn(a, b) != strspn(a, b) ||
		       small_strcspn(a, b) != strcspn(a, b) ||
		       sign(small_strncmp(a, b, n)) != sign(strncmp(a, b, n)) ||
		       sign(small_strcmp(a, b)) != sign(strcmp(a, b)) ||
		       sign(small_strcasecmp(a, b)) != sign(strcasecmp(a, b)) ||
		       sign(small_strncasecmp(a, b, n)) !=
			       sign(strncasecmp(a, b, n)) ||
		       small_strcpy(copy, a) != copy || strcmp(copy, a) != 0;
	}
	for (i = 0; i < 9; i++) {
		small_memset(copy, 'x', sizeof(copy));
		bad += small_memset(copy, 0, (size_t)i) != copy ||
		       small_strlen(a) != strlen(a);
		bad += memcmp(copy, "\0\0\0\0\0\0\0\0\0", (size_t)i) != 0 ||
		       copy[8] != 'x';
	}
	ok(!bad, "texts are looked at as libc does");
	setenv("FWBOX_A", "=b", 1);
	is(small_getenv("FWBOX_A"), "=b", "the environment");
	ok(!small_getenv("FWBOX_"), "and what is not in it");
}

int main(void)
{
	test_format();
	test_inet();
	test_memmem();
	test_none_left();
	test_growth();
	test_alloc();
	test_sort();
	test_string();
	is(small_strerror(ENOSPC), "No space left on device", "an errno");
	is(small_strerror(99), "error 99", "an errno without a name");
	return tap_done();
}
