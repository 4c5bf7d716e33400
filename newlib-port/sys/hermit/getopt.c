/* getopt(3) and getopt_long(3) as GNU has them: arguments are reordered, and the messages are glibc's. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt = '?';

static char *next_char; /* rest of a cluster of short options (-abc) */
static int first_other, last_other; /* argv[first..last) are operands that were passed over */

static void complain(char *const argv[], const char *text, const char *prefix, const char *name)
{
	fprintf(stderr, "%s: option '%s%s' %s\n", argv[0], prefix, name, text);
}

static void reverse(char **argv, int from, int to)
{
	for (--to; from < to; ++from, --to) {
		char *other = argv[from];
		argv[from] = argv[to];
		argv[to] = other;
	}
}

/* Moves the operands that were passed over behind the options up to optind. */
static void rotate(char **argv)
{
	reverse(argv, first_other, last_other);
	reverse(argv, last_other, optind);
	reverse(argv, first_other, optind);
	first_other += optind - last_other;
	last_other = optind;
}

static void start(void)
{
	if (optind == 0)
		optind = 1;
	first_other = last_other = optind;
	next_char = NULL;
}

/* What operands mean: '+' the end, '-' values of option 1, else they wait until the options are over. */
static char ordering(const char *options)
{
	if (*options == '+' || *options == '-')
		return *options;
	return getenv("POSIXLY_CORRECT") != NULL ? '+' : 0;
}

static int is_operand(const char *argument)
{
	return argument[0] != '-' || argument[1] == '\0';
}

/* Goes to the next option. Returns 0 if there is one, else what getopt returns. */
static int advance(int argc, char **argv, char order)
{
	if (last_other > optind)
		last_other = optind;
	if (first_other > optind)
		first_other = optind;
	if (order == 0) {
		if (first_other != last_other && last_other != optind)
			rotate(argv);
		else if (last_other != optind)
			first_other = optind;
		while (optind < argc && is_operand(argv[optind]))
			++optind;
		last_other = optind;
	}
	if (optind < argc && strcmp(argv[optind], "--") == 0) {
		++optind;
		if (first_other != last_other && last_other != optind)
			rotate(argv);
		else if (first_other == last_other)
			first_other = optind;
		last_other = optind = argc;
		if (first_other != last_other)
			optind = first_other;
		return -1;
	}
	if (optind >= argc) {
		if (first_other != last_other)
			optind = first_other;
		return -1;
	}
	if (is_operand(argv[optind])) {
		if (order == '+')
			return -1;
		optarg = argv[optind++];
		return 1;
	}
	return 0;
}

/* The option that `name` (len bytes) stands for: exact, or the only one it begins. -1 none, -2 ambiguous. */
static int match(const struct option *longs, const char *name, size_t len)
{
	int found = -1;
	for (int i = 0; longs[i].name != NULL; ++i) {
		if (strncmp(longs[i].name, name, len) != 0)
			continue;
		if (strlen(longs[i].name) == len)
			return i;
		if (found >= 0 && (longs[found].has_arg != longs[i].has_arg || longs[found].flag != longs[i].flag ||
		                   longs[found].val != longs[i].val))
			found = -2;
		else if (found == -1)
			found = i;
	}
	return found;
}

static void list_candidates(char *const argv[], const struct option *longs, const char *prefix, const char *name,
                            size_t len)
{
	fprintf(stderr, "%s: option '%s%s' is ambiguous; possibilities:", argv[0], prefix, name);
	for (int i = 0; longs[i].name != NULL; ++i)
		if (strncmp(longs[i].name, name, len) == 0)
			fprintf(stderr, " '%s%s'", prefix, longs[i].name);
	fputc('\n', stderr);
}

/* Handles the long option in argv[optind]. */
static int long_option(int argc, char **argv, const struct option *longs, int *index, const char *prefix, int quiet,
                       int colon)
{
	char *name = argv[optind] + strlen(prefix);
	size_t len = strcspn(name, "=");
	int found = match(longs, name, len);
	++optind;
	next_char = NULL;
	optopt = 0;
	if (found < 0) {
		if (!quiet && found == -2)
			list_candidates(argv, longs, prefix, name, len);
		else if (!quiet)
			fprintf(stderr, "%s: unrecognized option '%s%s'\n", argv[0], prefix, name);
		return '?';
	}
	const struct option *option = &longs[found];
	if (name[len] == '=') {
		if (option->has_arg == no_argument) {
			if (!quiet)
				complain(argv, "doesn't allow an argument", prefix, option->name);
			optopt = option->val;
			return '?';
		}
		optarg = name + len + 1;
	} else if (option->has_arg == required_argument) {
		if (optind >= argc) {
			if (!quiet)
				complain(argv, "requires an argument", prefix, option->name);
			optopt = option->val;
			return colon ? ':' : '?';
		}
		optarg = argv[optind++];
	}
	if (index != NULL)
		*index = found;
	if (option->flag == NULL)
		return option->val;
	*option->flag = option->val;
	return 0;
}

/* Handles the short option at next_char. */
static int short_option(int argc, char **argv, const char *options, int quiet, int colon)
{
	char c = *next_char++;
	const char *spec = c == ':' || c == ';' ? NULL : strchr(options, c);
	if (*next_char == '\0') {
		++optind;
		next_char = NULL;
	}
	if (spec == NULL) {
		if (!quiet)
			fprintf(stderr, "%s: invalid option -- '%c'\n", argv[0], c);
		optopt = c;
		return '?';
	}
	if (spec[1] != ':')
		return c;
	if (next_char != NULL) {
		optarg = next_char;
		++optind;
	} else if (spec[2] != ':') {
		if (optind >= argc) {
			if (!quiet)
				fprintf(stderr, "%s: option requires an argument -- '%c'\n", argv[0], c);
			optopt = c;
			return colon ? ':' : '?';
		}
		optarg = argv[optind++];
	}
	next_char = NULL;
	return c;
}

static int next(int argc, char *const *arguments, const char *options, const struct option *longs, int *index,
                int long_only)
{
	char **argv = (char **) arguments; /* it may reorder them, whatever POSIX's prototype says */
	if (argc < 1)
		return -1;
	optarg = NULL;
	if (optind == 0 || (first_other == 0 && next_char == NULL))
		start();
	char order = ordering(options);
	if (*options == '+' || *options == '-')
		++options;
	int colon = *options == ':';
	int quiet = !opterr || colon;
	if (next_char == NULL || *next_char == '\0') {
		int result = advance(argc, argv, order);
		if (result != 0)
			return result;
		const char *argument = argv[optind];
		if (longs != NULL && argument[1] == '-')
			return long_option(argc, argv, longs, index, "--", quiet, colon);
		if (longs != NULL && long_only &&
		    (argument[2] != '\0' || strchr(options, argument[1]) == NULL) &&
		    (match(longs, argument + 1, strcspn(argument + 1, "=")) != -1 ||
		     strchr(options, argument[1]) == NULL))
			return long_option(argc, argv, longs, index, "-", quiet, colon);
		next_char = argv[optind] + 1;
	}
	return short_option(argc, argv, options, quiet, colon);
}

int getopt(int argc, char *const argv[], const char *options)
{
	return next(argc, argv, options, NULL, NULL, 0);
}

int getopt_long(int argc, char *const argv[], const char *options, const struct option *longs, int *index)
{
	return next(argc, argv, options, longs, index, 0);
}

int getopt_long_only(int argc, char *const argv[], const char *options, const struct option *longs, int *index)
{
	return next(argc, argv, options, longs, index, 1);
}
