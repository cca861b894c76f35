#include "expr.h"
#include "edit.h"

#include <string.h>

enum op { OP_PRINT, OP_SET, OP_ADD, OP_REMOVE, OP_DELETE };

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t\n");
}

static int read_value(const char *s, struct buf *value, struct err *e)
{
	struct err why;

	buf_str(value, s);
	if (!value->failed && !json_check(value->data, value->len, &why))
		return 0;
	return err_usage(e, "not JSON: '%s': strings need quotes", s);
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
		rc = read_value(s, &value, e);
		v = json_root(value.data, value.len);
		if (rc == 0)
			rc = op == OP_ADD ? json_add(&run->text, p, v, e) :
			     op == OP_REMOVE ? json_remove(&run->text, p, v, e)
					     : json_set(&run->text, p, v, e);
		buf_free(&value);
	}
	run->changed |= rc > 0;
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
	buf_free(&run->text);
	buf_free(&run->out);
}
