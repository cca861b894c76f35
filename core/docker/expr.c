#include "expr.h"
#include "keys.h"
#include "../json/edit.h"

#include <string.h>

enum op { OP_PRINT, OP_SET, OP_ADD, OP_REMOVE, OP_DELETE };

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\n");
}

/* What dockerd wants at the end of the path. */
static enum docker_type type_at(const struct json_path *p, enum op op)
{
	enum docker_type type;
	struct docker_key k;
	size_t i;

	if (!p->n || !p->step[0].key ||
	    !docker_key(p->step[0].key, p->step[0].len, &k))
		return TYPE_ANY;
	type = k.type;
	for (i = 1; i < p->n; i++)
		type = docker_member_type(type);
	return op == OP_SET ? type : docker_member_type(type);
}

static bool is_json(const struct buf *b)
{
	struct err ignored;

	return !b->failed && json_check(b->data, b->len, &ignored) == 0;
}

/* The value as JSON.  Where dockerd wants a string the quotes may be left
 * out: what is no JSON, or is a number, true or false, gets them. */
static int read_value(const struct expr_run *run, const struct json_path *p,
		      enum op op, const char *s, struct buf *value,
		      struct err *e)
{
	enum docker_type type = type_at(p, op);
	struct buf name = { 0 };
	size_t len = strlen(s);

	while (len && strchr(" \t\n", s[len - 1]))
		len--;
	buf_add(value, s, len);
	if (docker_is_string(type) && len && !strchr("\"{[", *s) &&
	    strcmp(value->data, "null") != 0 &&
	    !(run->any && is_json(value))) {
		value->len = 0;
		json_encode(s, len, value);
	}
	if (is_json(value))
		return 0;
	json_path_text(p, p->n, &name);
	err_usage(e, "%s: wants %s, not '%s'", name.data ? name.data : "?",
		  type ? docker_type_name(type) : "JSON", s);
	buf_free(&name);
	return -1;
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
	struct json v;
	int rc;

	run->edits = true;
	if (op == OP_DELETE) {
		rc = json_delete(&run->text, p, e);
	} else {
		rc = read_value(run, p, op, s, &value, e);
		v = json_root(value.data, value.len);
		if (rc == 0)
			rc = op == OP_ADD ? json_add(&run->text, p, v, e) :
			     op == OP_REMOVE ? json_remove(&run->text, p, v, e)
					     : json_set(&run->text, p, v, e);
		buf_free(&value);
	}
	if (rc > 0) {
		run->changed = true;
		if (p->n && p->step[0].key)
			json_encode(p->step[0].key, p->step[0].len,
				    &run->touched);
		buf_str(&run->touched, "\n");
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

int expr_set(struct expr_run *run, const char *path, const char *value,
	     struct err *e)
{
	struct json_path p;
	int rc = -1;

	if (json_path_parse(&p, path, e))
		rc = edit(run, &p, OP_SET, value, e);
	json_path_free(&p);
	return rc;
}

bool expr_touched(const struct expr_run *run, const char *key)
{
	const char *s = run->touched.data;
	bool found = false;
	size_t len;

	for (; s && *s && !found; s += len + 1) {
		len = strcspn(s, "\n");
		/* An empty line: the file's whole value was set. */
		found = !len || json_is((struct json){ s, s + len }, key,
					 strlen(key));
	}
	return found;
}

void expr_free(struct expr_run *run)
{
	buf_free(&run->text);
	buf_free(&run->out);
	buf_free(&run->touched);
}
