/* The program in memory, of either word size and byte order.  Places are bytes
 * of the file; what is not in it ends all. */
#ifndef PACK_PROGRAM_H
#define PACK_PROGRAM_H

#include <elf.h>
#include <stddef.h>
#include <string.h>

#include "squeeze.h"

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

/* In the file. */
static size_t end_of(const struct elf *e, size_t section)
{
	return GET(e, section, Shdr, sh_offset) +
	       GET(e, section, Shdr, sh_size);
}

/* The segment of that type that the file's byte belongs to; 0: none. */
static size_t find_segment(const struct elf *e, size_t type, size_t offset)
{
	size_t i, at, from;

	for (i = 0; i < GET(e, 0, Ehdr, e_phnum); i++) {
		at = GET(e, 0, Ehdr, e_phoff) +
		     i * GET(e, 0, Ehdr, e_phentsize);
		from = GET(e, at, Phdr, p_offset);
		if (GET(e, at, Phdr, p_type) == type && from <= offset &&
		    offset - from < GET(e, at, Phdr, p_filesz))
			return at;
	}
	return 0;
}

/* The text of that offset in the section of texts. */
static const char *text_at(const struct elf *e, size_t texts, size_t offset)
{
	size_t at = GET(e, texts, Shdr, sh_offset) + offset;

	get(e, at, 1);
	return (const char *)e->bytes + at;
}

/* Where the symbol of that name is told of; 0: there is none. */
static size_t find_symbol(const struct elf *e, const char *name)
{
	size_t symbols = find_section(e, ".symtab"), at, end;
	size_t texts = find_section(e, ".strtab");

	if (!symbols || !texts)
		fail("no symbols");
	end = end_of(e, symbols);
	at = GET(e, symbols, Shdr, sh_offset);
	for (; at < end; at += e->wide ? sizeof(Elf64_Sym)
				       : sizeof(Elf32_Sym))
		if (!strcmp(text_at(e, texts, GET(e, at, Sym, st_name)), name))
			return at;
	return 0;
}

#endif
