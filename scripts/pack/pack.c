/* pack IN OUT: the static program IN, linked with pack.ld, with its constants
 * and code packed, and without section headers and symbols.  A tool of the
 * build: what it reads comes from the linker. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "squeeze.h"

enum { MOST_GROUPS = 16 };

_Noreturn void fail(const char *what)
{
	fprintf(stderr, "pack: %s\n", what);
	exit(1);
}

void *get_memory(size_t n)
{
	void *p = calloc(n ? n : 1, 1);

	if (!p)
		fail("out of memory");
	return p;
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

/* Where the header of the section of that name is, 0: there is none. */
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
	return 0;
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

/* The image's next group, behind what is there of it already: as it is when
 * it can run, but for the calls in the group itself. */
static struct group read_group(const struct elf *e, size_t section,
			       const struct group *before)
{
	size_t n = GET(e, section, Shdr, sh_size);
	size_t from = GET(e, section, Shdr, sh_offset);
	struct group g = {.from = before ? before->len : 0};

	get(e, from + n, 0);
	g.len = g.from + n;
	g.bytes = get_memory(g.len);
	memcpy(g.bytes + g.from, e->bytes + from, n);
	if (before)
		memcpy(g.bytes, before->bytes, g.from);
	if (GET(e, 0, Ehdr, e_machine) != EM_X86_64)
		return g;
	if (before)
		calls(g.bytes, before->from, before->len, 1);
	calls(g.bytes, g.from, g.len, 0);
	return g;
}

/* The sections .image1 and so on, then .image; 0: no more. */
static size_t find_group(const struct elf *e, size_t i)
{
	char name[32];
	size_t section;

	snprintf(name, sizeof(name), ".image%zu", i + 1);
	section = find_section(e, name);
	if (section)
		return section;
	snprintf(name, sizeof(name), ".image%zu", i);
	if (i && !find_section(e, name))
		return 0;
	section = find_section(e, ".image");
	if (!section)
		fail("not linked with pack.ld");
	return section;
}

/* Appends the packed form of the image to what is at *end; the segment is the
 * one that has both. */
static void pack_image(const struct elf *e, size_t segment, size_t *end)
{
	struct group groups[MOST_GROUPS];
	size_t n, section, last = 0, len, from = 0;
	unsigned char *packed;

	for (n = 0; n < MOST_GROUPS && (section = find_group(e, n)); n++) {
		groups[n] = read_group(e, section, n ? &groups[n - 1] : NULL);
		if (!n)
			from = GET(e, section, Shdr, sh_offset);
		last = GET(e, section, Shdr, sh_offset) +
		       GET(e, section, Shdr, sh_size);
	}
	if (last != GET(e, segment, Phdr, p_offset) +
			    GET(e, segment, Phdr, p_filesz))
		fail("data behind the image would be lost");
	packed = squeeze(groups, n, &len);
	if (*end > from || len > from - *end)
		fail("no room for what is packed");
	memcpy(e->bytes + *end, packed, len);
	*end += len;
	free(packed);
	while (n--)
		free(groups[n].bytes);
}

static void pack_program(struct elf *e)
{
	size_t room = find_section(e, ".packed"), end, segment;

	if (!room)
		fail("not linked with pack.ld");
	end = GET(e, room, Shdr, sh_offset);
	segment = find_segment(e, end);
	pack_image(e, segment, &end);
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
