#include "netfile.h"

#include <stdlib.h>
#include <string.h>

#include "../base/file.h"
#include "../base/intervals.h"
#include "../rule/addr.h"

enum { FILE_MAX = 1 << 28 };

static void add_net(struct buf *keys, const struct net *net, size_t len)
{
	uint8_t last[16];

	net_last(net, last, len);
	buf_add(keys, net->bytes, len);
	buf_add(keys, last, len);
}

/* Cuts the line to its one word, which may be empty. */
static char *only_word(char *line)
{
	char *end;

	line += strspn(line, " \t\r");
	/* Most bytes are known with one look. */
	for (end = line; *end > '#' || (*end && !strchr(" \t\r#", *end));)
		end++;
	*end = '\0';
	return line;
}

static int read_lines(const char *path, const struct buf *text,
		      struct buf *keys4, struct buf *keys6, struct err *e)
{
	char *line = text->data, *last = line + text->len, *end, *word;
	enum family family;
	struct net net;
	int number = 1;

	if (memchr(line, '\0', text->len))
		return err_set(e, "%s: holds a NUL byte: not a text", path);
	for (; line < last; line = end + 1, number++) {
		end = memchr(line, '\n', (size_t)(last - line));
		end = end ? end : last;
		*end = '\0';
		word = only_word(line);
		if (!*word)
			continue;
		if (net_parse(&net, &family, word, e))
			return err_place(e, path, number, 1);
		if (family == FAMILY_4)
			add_net(keys4, &net, 4);
		else
			add_net(keys6, &net, 16);
	}
	return 0;
}

int netfile_read(struct netfile *f, const char *path, struct err *e)
{
	struct buf text = {0}, keys4 = {0}, keys6 = {0};
	int status = file_read(path, FILE_MAX, &text, e);

	*f = (struct netfile){.path = path};
	if (!status) {
		status = err_set(e, "cannot open '%s': No such file or "
				    "directory", path);
	} else if (status > 0 && text.len) {
		status = read_lines(path, &text, &keys4, &keys6, e);
	}
	buf_free(&text);
	f->keys4 = (uint8_t *)keys4.data;
	f->keys6 = (uint8_t *)keys6.data;
	if (keys4.failed || keys6.failed)
		status = err_set(e, "out of memory");
	if (status < 0)
		return -1;
	f->n4 = intervals_merge(f->keys4, keys4.len / 8, 4);
	f->n6 = intervals_merge(f->keys6, keys6.len / 32, 16);
	return 0;
}

void netfile_free(struct netfile *f)
{
	free(f->keys4);
	free(f->keys6);
	*f = (struct netfile){0};
}

bool netfile_has(const struct netfile *f, enum family family,
		 const uint8_t *addr)
{
	size_t len = family == FAMILY_4 ? 4 : 16, low = 0, mid;
	const uint8_t *keys = family == FAMILY_4 ? f->keys4 : f->keys6;
	size_t high = family == FAMILY_4 ? f->n4 : f->n6;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (memcmp(addr, keys + 2 * mid * len, len) < 0)
			high = mid;
		else if (memcmp(addr, keys + (2 * mid + 1) * len, len) > 0)
			low = mid + 1;
		else
			return true;
	}
	return false;
}
