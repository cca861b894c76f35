/* pack IN OUT: the static program IN, linked with pack.ld, with its constants
 * and code packed, and without section headers and symbols.  A tool of the
 * build: what it reads comes from the linker. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"

enum { SHORTEST = 2, LONGEST = 1 << 12, FURTHEST = 1 << 16 };

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "pack: %s\n", what);
	exit(1);
}

static void *get_memory(size_t n)
{
	void *p = calloc(n ? n : 1, 1);

	if (!p)
		fail("out of memory");
	return p;
}

/* The packed form. */

struct bit_writer {
	unsigned char *out; /* all 0 */
	size_t count;       /* of bits */
};

static void put_bit(struct bit_writer *w, size_t bit)
{
	w->out[w->count / 8] |= (unsigned char)((bit & 1) <<
						(7 - w->count % 8));
	w->count++;
}

static unsigned bits_behind_first(size_t n)
{
	unsigned bits = 0;

	while (n >>= 1)
		bits++;
	return bits;
}

static void put_gamma(struct bit_writer *w, size_t n)
{
	unsigned more = bits_behind_first(n), i;

	for (i = 0; i < more; i++)
		put_bit(w, 1);
	put_bit(w, 0);
	for (i = more; i--;)
		put_bit(w, n >> i);
}

static unsigned gamma_cost(size_t n)
{
	return 2 * bits_behind_first(n) + 1;
}

/* From a byte on: the cheapest first step, and its cost with all that follow,
 * in bits. */
struct step {
	size_t cost, length, distance; /* distance 0: the byte itself */
};

static size_t count_same(const unsigned char *in, size_t n, size_t at,
			 size_t from)
{
	size_t same = 0;

	while (same < LONGEST && at + same < n && in[from + same] ==
						  in[at + same])
		same++;
	return same;
}

/* Where each byte and the one behind it were last before, and 1 more; 0: not
 * yet. */
static size_t *find_pairs(const unsigned char *in, size_t n)
{
	size_t *before = get_memory(n * sizeof(*before));
	size_t *last = get_memory((1 << 16) * sizeof(*last));
	size_t at, pair;

	for (at = 0; at + 1 < n; at++) {
		pair = (size_t)in[at] << 8 | in[at + 1];
		before[at] = last[pair];
		last[pair] = at + 1;
	}
	free(last);
	return before;
}

static void plan_step(const unsigned char *in, size_t n, size_t at,
		      const size_t *before, struct step *steps)
{
	size_t from = at, length = SHORTEST, same = 0, distance, cost;

	steps[at] = (struct step){steps[at + 1].cost + 9, 1, 0};
	/* Nearer ones cost no more: a further one is for what is longer. */
	while (before[from] && same < LONGEST && at + same < n) {
		from = before[from] - 1;
		distance = at - from;
		if (distance > FURTHEST)
			break;
		same = count_same(in, n, at, from);
		for (; length <= same; length++) {
			cost = 1 + 8 + gamma_cost(((distance - 1) >> 8) + 1) +
			       gamma_cost(length - 1) +
			       steps[at + length].cost;
			if (cost < steps[at].cost)
				steps[at] = (struct step){cost, length,
							  distance};
		}
	}
}

static void plan(const unsigned char *in, size_t n, struct step *steps)
{
	size_t *before = find_pairs(in, n), at;

	for (at = n; at--;)
		plan_step(in, n, at, before, steps);
	free(before);
}

/* Both streams along the plan; returns the length of the bytes. */
static size_t put_steps(const unsigned char *in, size_t n,
			const struct step *steps, struct bit_writer *bits,
			unsigned char *bytes)
{
	size_t at, len = 0;

	for (at = 0; at < n; at += steps[at].length) {
		const struct step *s = &steps[at];

		put_bit(bits, s->distance > 0);
		if (!s->distance) {
			bytes[len++] = in[at];
			continue;
		}
		put_gamma(bits, ((s->distance - 1) >> 8) + 1);
		bytes[len++] = (unsigned char)(s->distance - 1);
		put_gamma(bits, s->length - 1);
	}
	return len;
}

/* Returns the length; out: of 4 * n + 16 bytes, all 0. */
static size_t pack(unsigned char *out, const unsigned char *in, size_t n)
{
	struct step *steps = get_memory((n + 1) * sizeof(*steps));
	struct bit_writer bits = {.out = out + PACKED_HEAD};
	unsigned char *again = get_memory(n), *bytes = get_memory(n);
	size_t len, i;

	plan(in, n, steps);
	len = put_steps(in, n, steps, &bits, bytes);
	bits.count = (bits.count + 7) / 8;
	for (i = 0; i < PACKED_HEAD; i++)
		out[i] = (unsigned char)(bits.count >> 8 * i);
	memcpy(out + PACKED_HEAD + bits.count, bytes, len);
	expand(again, n, out);
	if (memcmp(again, in, n))
		fail("does not expand to what it was");
	free(again);
	free(bytes);
	free(steps);
	return PACKED_HEAD + bits.count + len;
}

/* The program, of either word size and byte order. */

struct elf {
	unsigned char *bytes;
	size_t len;
	int big, wide;
};

static size_t get(const struct elf *e, size_t at, size_t size)
{
	size_t value = 0, i;

	if (at > e->len || size > e->len - at)
		fail("ends early");
	for (i = 0; i < size; i++)
		value = value << 8 |
			e->bytes[at + (e->big ? i : size - 1 - i)];
	return value;
}

static void set(const struct elf *e, size_t at, size_t size, size_t value)
{
	size_t i;

	for (i = 0; i < size; i++, value >>= 8)
		e->bytes[at + (e->big ? size - 1 - i : i)] =
			(unsigned char)value;
}

#define AT(e, type, field) \
	((e)->wide ? offsetof(Elf64_##type, field) \
		   : offsetof(Elf32_##type, field))
#define SIZE(e, type, field) \
	((e)->wide ? sizeof(((Elf64_##type *)0)->field) \
		   : sizeof(((Elf32_##type *)0)->field))
#define GET(e, base, type, field) \
	get(e, (base) + AT(e, type, field), SIZE(e, type, field))
#define SET(e, base, type, field, value) \
	set(e, (base) + AT(e, type, field), SIZE(e, type, field), value)

/* Where the header of the section of that name is. */
static size_t find_section(const struct elf *e, const char *name)
{
	size_t size = GET(e, 0, Ehdr, e_shentsize), i, at;
	size_t first = GET(e, 0, Ehdr, e_shoff), names, text;

	names = first + size * GET(e, 0, Ehdr, e_shstrndx);
	for (i = 0; i < GET(e, 0, Ehdr, e_shnum); i++) {
		at = first + i * size;
		text = GET(e, names, Shdr, sh_offset) +
		       GET(e, at, Shdr, sh_name);
		get(e, text, strlen(name) + 1);
		if (!strcmp((const char *)e->bytes + text, name))
			return at;
	}
	fail("not linked with pack.ld");
}

/* The segment that the file's byte belongs to. */
static size_t find_segment(const struct elf *e, size_t offset)
{
	size_t i, at, from;

	for (i = 0; i < GET(e, 0, Ehdr, e_phnum); i++) {
		at = GET(e, 0, Ehdr, e_phoff) +
		     i * GET(e, 0, Ehdr, e_phentsize);
		from = GET(e, at, Phdr, p_offset);
		if (GET(e, at, Phdr, p_type) == PT_LOAD && from <= offset &&
		    offset - from < GET(e, at, Phdr, p_filesz))
			return at;
	}
	fail("no segment has the constants");
}

/* Appends to what is at *end the packed form of a section. */
static void pack_section(const struct elf *e, size_t section, size_t *end)
{
	size_t n, packed;
	size_t from = GET(e, section, Shdr, sh_offset);
	unsigned char *out;

	n = GET(e, section, Shdr, sh_size);
	get(e, from + n, 0);
	out = get_memory(4 * n + 16);
	packed = pack(out, e->bytes + from, n);
	if (*end > from || packed > from - *end)
		fail("no room for what is packed");
	memcpy(e->bytes + *end, out, packed);
	*end += packed;
	free(out);
}

static void pack_program(struct elf *e)
{
	size_t end = GET(e, find_section(e, ".packed"), Shdr, sh_offset);
	size_t segment = find_segment(e, end);
	size_t image = find_section(e, ".image");

	get(e, end, 1);
	e->bytes[end++] = 1; /* it is packed */
	if (GET(e, 0, Ehdr, e_machine) == EM_X86_64)
		calls(e->bytes + GET(e, image, Shdr, sh_offset),
		      GET(e, image, Shdr, sh_size), 0);
	pack_section(e, image, &end);
	e->len = end;
	SET(e, segment, Phdr, p_filesz,
	    end - GET(e, segment, Phdr, p_offset));
	/* What is code there becomes so when it is unpacked. */
	SET(e, segment, Phdr, p_flags, PF_R | PF_W);
	SET(e, 0, Ehdr, e_shoff, 0);
	SET(e, 0, Ehdr, e_shnum, 0);
	SET(e, 0, Ehdr, e_shstrndx, 0);
}

static void read_program(struct elf *e, const char *path)
{
	FILE *f = fopen(path, "rb");
	long len;

	if (!f || fseek(f, 0, SEEK_END) || (len = ftell(f)) < 0 ||
	    fseek(f, 0, SEEK_SET))
		fail("cannot open the program");
	e->len = (size_t)len;
	e->bytes = get_memory(e->len + 1);
	if (fread(e->bytes, 1, e->len, f) != e->len)
		fail("cannot read the program");
	fclose(f);
	if (e->len < sizeof(Elf64_Ehdr) || memcmp(e->bytes, ELFMAG, SELFMAG))
		fail("not an ELF file");
	e->wide = e->bytes[EI_CLASS] == ELFCLASS64;
	e->big = e->bytes[EI_DATA] == ELFDATA2MSB;
}

int main(int argc, char **argv)
{
	struct elf e;
	FILE *f;

	if (argc != 3)
		fail("usage: pack IN OUT");
	read_program(&e, argv[1]);
	pack_program(&e);
	f = fopen(argv[2], "wb");
	if (!f || fwrite(e.bytes, 1, e.len, f) != e.len || fclose(f))
		fail("cannot write the packed program");
	free(e.bytes);
	return 0;
}
