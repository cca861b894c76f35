#include "expr.h"
#include "../json/edit.h"

#include <string.h>

enum op { OP_SET, OP_ADD, OP_REMOVE, OP_DELETE, OP_PRINT };

/* The first three. */
static int (*const edits[])(struct text *, const struct json_path *,
			    struct json, struct err *) = {
	json_set, json_add, json_remove,
};

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\n");
}

/* What dockerd wants of the value: at the end of the path, or there in the
 * list.  -1 and *e: there is no such key. */
static int type_at(const struct expr_run *run, const struct json_path *p,
		   enum op op, char *type, struct err *e)
{
	const char *name = p->n ? p->step[0].key : NULL;
	struct docker_key k;
	struct err why;
	size_t i;

	*type = TYPE_ANY;
	if (!name)
		return 0;
	if (docker_key(name, p->step[0].len, &k)) {
		*type = docker_type(&k);
	} else if (!run->any && op != OP_REMOVE) {
		docker_unknown(name, p->step[0].len, &why);
		return err_set(e, "%.*s: %s (--any sets it all the same)",
			       (int)p->step[0].len, name, why.text);
	}
	for (i = op == OP_SET ? 1 : 0; i < p->n; i++)
		*type = docker_type_text(*type)[TYPE_MEMBER];
	return 0;
}

static bool is_json(const struct buf *b)
{
	struct err ignored;

	return !b->failed && json_check(b->data, b->len, &ignored) == 0;
}

static bool is_utf8(const char *s)
{
	size_t n;

	while ((n = utf8_length(s)))
		s += n;
	return !*s;
}

/* The value as JSON.  Where dockerd wants a string the quotes may be left
 * out: what is no JSON, or is a number, true or false, gets them. */
static int read_value(const struct expr_run *run, const struct json_path *p,
		      char type, const char *s, struct buf *value,
		      struct err *e)
{
	const char *text = docker_type_text(type);
	size_t len = strlen(s);

	while (len && strchr(" \t\n", s[len - 1]))
		len--;
	buf_add(value, s, len);
	if (text[TYPE_JSON] == '0' + JSON_STRING && len && !value->failed &&
	    !strchr("\"{[", *s) && strcmp(value->data, "null") && is_utf8(s) &&
	    !(run->any && is_json(value))) {
		value->len = 0;
		json_encode(s, len, value);
	}
	if (is_json(value))
		return 0;
	value->len = 0;
	json_path_text(p, p->n, value);
	if (value->failed)
		return err_set(e, "out of memory");
	return err_usage(e, "%s: wants %s, not '%s'%s", value->data,
			 text + TYPE_WORDS, s,
			 type == TYPE_ANY ? ": strings need quotes" : "");
}

static int print_value(struct expr_run *run, const struct json_path *p,
		       struct err *e)
{
	struct json at, root = json_root(run->text.data, run->text.len);
	struct buf name = { 0 };

	if (json_follow(root, p, &at) < p->n) {
		json_path_text(p, p->n, &name);
		err_set(e, "'%s' is not set", name.data ? name.data : "?");
		buf_free(&name);
		return -1;
	}
	if (run->raw && json_type(at) == JSON_STRING)
		json_decode(at, &run->out);
	else
		buf_add(&run->out, at.at, (size_t)(at.end - at.at));
	buf_str(&run->out, "\n");
	return 0;
}

static int edit(struct expr_run *run, const struct json_path *p, enum op op,
		const char *s, struct err *e)
{
	struct buf value = { 0 };
	struct docker_key k;
	struct json v;
	char type;
	int rc;

	run->edits = true;
	if (op == OP_DELETE) {
		rc = json_delete(&run->text, p, e);
	} else {
		rc = type_at(run, p, op, &type, e);
		if (rc == 0)
			rc = read_value(run, p, type, s, &value, e);
		if (rc == 0) {
			v = json_root(value.data, value.len);
			rc = edits[op](&run->text, p, v, e);
		}
		buf_free(&value);
	}
	if (rc > 0) {
		run->changed = true;
		if (!p->n || !p->step[0].key)
			run->whole = true;
		else if (docker_key(p->step[0].key, p->step[0].len, &k))
			run->touched[k.index] = true;
	}
	return rc < 0 ? -1 : 0;
}

/* What follows the path; *rest is then the value. */
static bool read_op(const char **rest, enum op *op)
{
	const char *s = skip_blanks(*rest);

	*op = *s == '+' ? OP_ADD : *s == '-' ? OP_REMOVE : OP_SET;
	if (!*s) {
		*op = OP_PRINT;
		return true;
	}
	s += *op != OP_SET;
	if (*s != '=' || s[1] == '=')
		return false;
	*rest = skip_blanks(s + 1);
	return true;
}

int expr_do(struct expr_run *run, const char *word, bool del, struct err *e)
{
	const char *s = skip_blanks(word), *rest;
	bool call = !del && !strncmp(s, "del(", 4);
	enum op op = OP_DELETE;
	struct json_path p;
	bool good;
	int rc = -1;

	rest = json_path_parse(&p, skip_blanks(s + (call ? 4 : 0)), e);
	if (!rest)
		goto out;
	if (del || call) {
		rest = skip_blanks(rest);
		good = !call || *rest++ == ')';
		good = good && !*skip_blanks(rest);
	} else {
		good = read_op(&rest, &op);
	}
	if (!good)
		err_usage(e, "not an expression: '%s'", word);
	else if (op == OP_PRINT)
		rc = print_value(run, &p, e);
	else
		rc = edit(run, &p, op, rest, e);
out:
	json_path_free(&p);
	return rc;
}

void expr_free(struct expr_run *run)
{
	text_free(&run->text);
	buf_free(&run->out);
}
