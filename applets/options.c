#include "options.h"

#include <string.h>

#include "applet.h"

static int long_option(struct options *o, const struct option_spec *specs,
		       const char *word)
{
	size_t n = strcspn(word, "=");

	for (; specs->letter; specs++)
		if (specs->name && !strncmp(specs->name, word, n) &&
		    !specs->name[n])
			break;
	if (!specs->letter)
		die_usage("unknown option '--%s'", word);
	if (word[n] && !specs->value)
		die_usage("--%s takes no value", specs->name);
	o->value = word[n] ? word + n + 1 : NULL;
	if (specs->value && !o->value)
		o->value = o->at < o->argc ? o->argv[o->at++] : NULL;
	if (specs->value && !o->value)
		die_usage("--%s needs a value", specs->name);
	return specs->letter;
}

static int short_option(struct options *o, const struct option_spec *specs,
			const char *word)
{
	char letter = word[o->in_word++];
	const char *rest = word + o->in_word;

	while (specs->letter && specs->letter != letter)
		specs++;
	if (!specs->letter)
		die_usage("unknown option '-%c'", letter);
	if (*rest && !specs->value)
		return letter;
	o->in_word = 0;
	o->at++;
	if (specs->value) {
		o->value = *rest ? rest : NULL;
		if (!*rest && o->at < o->argc)
			o->value = o->argv[o->at++];
		if (!o->value)
			die_usage("-%c needs a value", letter);
	}
	return letter;
}

int options_next(struct options *o, const struct option_spec *specs)
{
	const char *word = o->at < o->argc ? o->argv[o->at] : NULL;

	if (!word || word[0] != '-' || !word[1])
		return 0;
	if (word[1] != '-') {
		if (!o->in_word)
			o->in_word = 1;
		return short_option(o, specs, word);
	}
	o->at++;
	return word[2] ? long_option(o, specs, word + 2) : 0;
}
