/* pack IN OUT [UNUSED...]: the static program IN, linked with pack.ld, with
 * its constants and code packed, and without section headers, symbols and the
 * functions that are not used.  A tool of the build: what it reads comes from
 * the linker. */
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addresses.h"
#include "program.h"
#include "squeeze.h"

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

/* The image's next group, behind what is there of it already: as it is when
 * it can run, but for the distances in the group itself. */
static struct group read_group(const struct elf *e, size_t section,
			       const struct group *before)
{
	size_t n = GET(e, section, Shdr, sh_size);
	size_t from = GET(e, section, Shdr, sh_offset);
	struct group g = {.from = before ? before->len : 0};

	get(e, from + n, 0);
	if (GET(e, section, Shdr, sh_addr) !=
	    GET(e, find_group(e, 0), Shdr, sh_addr) + g.from)
		fail("a gap between groups");
	g.len = g.from + n;
	g.bytes = get_memory(g.len + 1);
	memcpy(g.bytes + g.from, e->bytes + from, n);
	if (before)
		memcpy(g.bytes, before->bytes, g.from);
	if (GET(e, 0, Ehdr, e_machine) != EM_X86_64)
		return g;
	if (before)
		distances(g.bytes, before->from, before->len, 1);
	distances(g.bytes, g.from, g.len, 0);
	return g;
}

/* Of a program that can be loaded anywhere: its pointers, as the linker lists
 * them for whoever loads it.  A group begins with so many bytes of them. */
static size_t pointers_of(const struct elf *e, size_t section)
{
	size_t from = GET(e, section, Shdr, sh_offset);

	return find_section(e, ".rela.dyn") ? get(e, from, sizeof(Elf64_Xword))
					    : 0;
}

/* The type of all of them: the address of the program and the addend. */
static size_t relative(const struct elf *e)
{
	switch (GET(e, 0, Ehdr, e_machine)) {
	case EM_X86_64:
		return R_X86_64_RELATIVE;
	case EM_AARCH64:
		return R_AARCH64_RELATIVE;
	case EM_RISCV:
		return R_RISCV_RELATIVE;
	case EM_S390:
		return R_390_RELATIVE;
	}
	fail("pointers of an unknown machine");
}

/* No word of the image but a pointer looks like one. */
static void check_words(const struct elf *e, size_t from, size_t to)
{
	for (; from < to; from += sizeof(Elf64_Xword))
		if (get(e, from, sizeof(Elf64_Xword)) >> 32 == POINTER)
			fail("a word looks like a pointer");
}

/* The place in the file of a pointer in a group; 0: in none. */
static size_t find_pointer(const struct elf *e, size_t address)
{
	size_t section, at, i;

	for (i = 0; (section = find_group(e, i)); i++) {
		at = address - GET(e, section, Shdr, sh_addr);
		if (at >= GET(e, section, Shdr, sh_size))
			continue;
		if (at >= pointers_of(e, section))
			fail("a pointer is where none is looked for");
		return GET(e, section, Shdr, sh_offset) + at;
	}
	return 0;
}

static void check_groups(const struct elf *e)
{
	size_t section, from, i;

	for (i = 0; (section = find_group(e, i)); i++) {
		from = GET(e, section, Shdr, sh_offset);
		check_words(e, from, from + pointers_of(e, section));
	}
}

/* In the image each becomes what addresses.h says; returns how many others
 * there are, which are then the first of the list. */
static size_t mark_pointers(struct elf *e)
{
	size_t list = find_section(e, ".rela.dyn"), at, end, others;
	size_t image = GET(e, find_group(e, 0), Shdr, sh_addr), place, value;

	if (!list)
		return 0;
	others = at = GET(e, list, Shdr, sh_offset);
	end = end_of(e, list);
	check_groups(e);
	for (; at < end; at += sizeof(Elf64_Rela)) {
		place = find_pointer(e, GET(e, at, Rela, r_offset));
		value = GET(e, at, Rela, r_addend) - image;
		if ((uint32_t)GET(e, at, Rela, r_info) != relative(e))
			fail("what is no pointer is to be found at the start");
		if (!place) {
			memmove(e->bytes + others, e->bytes + at,
				sizeof(Elf64_Rela));
			others += sizeof(Elf64_Rela);
			continue;
		}
		if (place % sizeof(Elf64_Xword) ||
		    (int64_t)value != (int32_t)value)
			fail("a pointer that cannot be told");
		set(e, place, sizeof(Elf64_Xword),
		    (size_t)POINTER << 32 | (uint32_t)value);
	}
	return (others - GET(e, list, Shdr, sh_offset)) / sizeof(Elf64_Rela);
}

static void set_dynamic(const struct elf *e, size_t tag, size_t value)
{
	size_t at = find_section(e, ".dynamic"), end;

	if (!at)
		fail("no dynamic section");
	end = end_of(e, at);
	for (at = GET(e, at, Shdr, sh_offset); at < end;
	     at += sizeof(Elf64_Dyn))
		if (GET(e, at, Dyn, d_tag) == tag)
			SET(e, at, Dyn, d_un, value);
}

/* The n that are first of the list, which libc's start code looks at, go to
 * *end. */
static void put_pointers(const struct elf *e, size_t segment, size_t n,
			 size_t *end)
{
	size_t list = find_section(e, ".rela.dyn");
	size_t size = n * sizeof(Elf64_Rela);

	*end = (*end + 7) / 8 * 8;
	memmove(e->bytes + *end, e->bytes + GET(e, list, Shdr, sh_offset),
		size);
	set_dynamic(e, DT_RELA, *end + GET(e, segment, Phdr, p_vaddr) -
				GET(e, segment, Phdr, p_offset));
	set_dynamic(e, DT_RELASZ, size);
	set_dynamic(e, DT_RELACOUNT, n);
	*end += size;
}

/* The header of a segment that has but that note gives its place to another,
 * as `like` is. */
static size_t put_segment(const struct elf *e, const char *note, size_t like)
{
	size_t section = find_section(e, note), at;

	at = section ? find_segment(e, PT_NOTE,
				    GET(e, section, Shdr, sh_offset)) : 0;
	if (!at)
		fail("not linked with unpack.c");
	memcpy(e->bytes + at, e->bytes + like, GET(e, 0, Ehdr, e_phentsize));
	return at;
}

/* What comes with the file, up to its end there, is only read, but where libc
 * has pointers to put into it: unpack.c sees to it then.  The image is a
 * segment of its own. */
static void part_segment(const struct elf *e, size_t segment, size_t end,
			 bool written)
{
	size_t room = GET(e, find_section(e, ".packed"), Shdr, sh_offset);
	size_t image = GET(e, find_group(e, 0), Shdr, sh_addr), at;
	size_t from = GET(e, segment, Phdr, p_vaddr);
	size_t size = end - GET(e, segment, Phdr, p_offset);

	at = put_segment(e, ".note.image", segment);
	SET(e, at, Phdr, p_offset, 0);
	SET(e, at, Phdr, p_vaddr, image);
	SET(e, at, Phdr, p_paddr, image);
	SET(e, at, Phdr, p_filesz, 0);
	SET(e, at, Phdr, p_memsz,
	    from + GET(e, segment, Phdr, p_memsz) - image);
	/* What is code there becomes so when it is unpacked. */
	SET(e, at, Phdr, p_flags, PF_R | PF_W);
	SET(e, segment, Phdr, p_filesz, size);
	SET(e, segment, Phdr, p_memsz, size);
	SET(e, segment, Phdr, p_flags, written ? PF_R | PF_W : PF_R);
	at = put_segment(e, ".note.relro", segment);
	SET(e, at, Phdr, p_type, PT_GNU_RELRO);
	SET(e, at, Phdr, p_flags, PF_R);
	SET(e, at, Phdr, p_align, 1);
	set(e, GET(e, find_section(e, ".note.relro"), Shdr, sh_offset),
	    sizeof(Elf64_Word), written ? end - room : 0);
}

/* The same, with what it must do without: the pointers of other groups, which
 * are put in before it is unpacked, and groups that it does not need. */
static struct group next_group(const struct elf *e, size_t section,
			       const struct group *groups, unsigned i)
{
	struct group g = read_group(e, section, i ? &groups[i - 1] : NULL);
	unsigned k;

	for (k = 0; k < i; k++)
		g.unknown[k] = (struct range){
			groups[k].from,
			!group_needs(i, k) ? groups[k].len
			: groups[k].from + pointers_of(e, find_group(e, k)),
		};
	return g;
}

/* Appends the packed form of the image to what is at *end; the segment is the
 * one that has both. */
static void pack_image(const struct elf *e, size_t segment, size_t *end)
{
	struct group groups[GROUPS];
	size_t n, section, last = 0, len, from = 0;
	unsigned char *packed;

	for (n = 0; n < GROUPS && (section = find_group(e, n)); n++) {
		groups[n] = next_group(e, section, groups, (unsigned)n);
		if (!n)
			from = GET(e, section, Shdr, sh_offset);
		last = end_of(e, section);
	}
	if (n == GROUPS && find_group(e, n))
		fail("more groups than groups.h tells of");
	section = find_section(e, ".rela.dyn");
	if (section)
		last += GET(e, section, Shdr, sh_size);
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

/* A function that nothing calls, if it is linked, becomes 0s. */
static void blank(const struct elf *e, const char *name)
{
	size_t at = find_symbol(e, name), first = find_group(e, 0), place;
	size_t size;

	if (!at)
		return;
	size = GET(e, at, Sym, st_size);
	place = (GET(e, at, Sym, st_value) & ~(size_t)1) - /* of Thumb */
		GET(e, first, Shdr, sh_addr) + GET(e, first, Shdr, sh_offset);
	get(e, place + size, 0);
	memset(e->bytes + place, 0, size);
}

static void pack_program(struct elf *e)
{
	size_t room = find_section(e, ".packed"), end, segment, pointers;

	if (!room)
		fail("not linked with pack.ld");
	end = GET(e, room, Shdr, sh_offset);
	segment = find_segment(e, PT_LOAD, end);
	if (!segment)
		fail("no segment has the constants");
	pointers = mark_pointers(e);
	pack_image(e, segment, &end);
	if (find_section(e, ".dynamic"))
		put_pointers(e, segment, pointers, &end);
	/* One of a fixed address has no pointers to tell by. */
	part_segment(e, segment, end,
		     pointers > 0 || !find_section(e, ".dynamic"));
	e->len = end;
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
	struct elf e = {0};
	FILE *f;
	int i;

	if (argc < 3)
		fail("usage: pack IN OUT [UNUSED...]");
	read_program(&e, argv[1]);
	for (i = 3; i < argc; i++)
		blank(&e, argv[i]);
	pack_program(&e);
	f = fopen(argv[2], "wb");
	if (!f || fwrite(e.bytes, 1, e.len, f) != e.len || fclose(f))
		fail("cannot write the packed program");
	free(e.bytes);
	return 0;
}
