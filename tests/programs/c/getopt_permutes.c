/* getopt and getopt_long move operands behind the options and keep them in order; "+", "-", POSIXLY_CORRECT, "--", optional arguments,
 * abbreviations, flags, getopt_long_only, starting over. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARGUMENTS(...) ((char *[]) { "program", __VA_ARGS__, NULL })

static int flag;
static const struct option longs[] = { { "verbose", no_argument, NULL, 'v' }, { "version", no_argument, NULL, 'V' },
	{ "file", required_argument, NULL, 'f' }, { "color", optional_argument, NULL, 'c' }, { "set", no_argument, &flag, 7 },
	{ "a", no_argument, NULL, 'A' }, { NULL, 0, NULL, 0 } };

enum kind { SHORT, LONG, LONG_ONLY };

static int get(enum kind kind, int argc, char **argv, const char *options, int *index)
{
	switch (kind) {
	case SHORT: return getopt(argc, argv, options);
	case LONG: return getopt_long(argc, argv, options, longs, index);
	default: return getopt_long_only(argc, argv, options, longs, index);
	}
}

static void show(enum kind kind, const char *options, char **argv)
{
	int argc = 0, option, index = -1;
	while (argv[argc])
		argc++;
	optind = 0; /* starts over, in glibc's way */
	opterr = 0;
	while ((option = get(kind, argc, argv, options, &index)) != -1) {
		printf(option >= ' ' ? "%c" : "\\%d", option);
		if (optarg)
			printf("=%s", optarg);
		if (option == '?' || option == ':')
			printf("(%d)", optopt);
		printf(" ");
	}
	printf("|");
	for (int i = 1; i < optind; i++)
		printf(" %s", argv[i]);
	printf(" |");
	for (int i = optind; i < argc; i++)
		printf(" %s", argv[i]);
	printf(" | %d\n", index);
}

static void shorts(const char *prefix)
{
	char options[32];
	snprintf(options, sizeof options, "%sabc:d::", prefix);
	printf("\"%s\":\n", options);
	show(SHORT, options, ARGUMENTS("one", "two", "-a", "three", "-b"));
	show(SHORT, options, ARGUMENTS("one", "-ab", "two", "three", "four", "-c", "value", "five"));
	show(SHORT, options, ARGUMENTS("-a", "one", "two", "three", "--", "four", "-b"));
	show(SHORT, options, ARGUMENTS("one", "--", "-a", "two"));
	show(SHORT, options, ARGUMENTS("--", "--", "-a"));
	show(SHORT, options, ARGUMENTS("-", "-a", "-", "-b"));
	show(SHORT, options, ARGUMENTS("-abcrest", "-abc", "rest", "-dvalue", "-d", "value"));
	show(SHORT, options, ARGUMENTS("-xa", "operand", "-c"));
	show(SHORT, options, ARGUMENTS("-a:", "-c", "-a", "-c", "--", "-b"));
	show(SHORT, options, ARGUMENTS("operands", "and", "nothing", "else"));
	show(SHORT, options, ARGUMENTS(NULL));
}

static void longer(const char *prefix)
{
	char options[32];
	snprintf(options, sizeof options, "%svf:c::", prefix);
	printf("long \"%s\":\n", options);
	show(LONG, options, ARGUMENTS("one", "--verbose", "two", "--file", "name", "three", "-v"));
	show(LONG, options, ARGUMENTS("--file=name", "--file=", "--file", "--", "--", "--verbose"));
	show(LONG, options, ARGUMENTS("--color", "value", "--color=value", "--color=", "-cvalue", "-c", "value"));
	show(LONG, options, ARGUMENTS("--verb", "--vers", "--ver", "--f=x", "--fil", "y", "--c"));
	show(LONG, options, ARGUMENTS("--set", "--s", "--set=1", "--verbose=1", "--unknown", "--unknown=1", "--file"));
	show(LONG, options, ARGUMENTS("--a", "one", "--", "--a"));
	show(LONG_ONLY, options, ARGUMENTS("-verbose", "one", "-file", "name", "-v", "-f", "x", "-fil=y", "-vv", "-ver"));
	printf("flag %d\n", flag);
}

/* Without starting over: the state goes on where the last call has stopped. */
static void goes_on(void)
{
	char **argv = ARGUMENTS("-ab", "operand", "-a", "-b");
	optind = 0;
	for (int i = 0; i < 3; i++) {
		int option = getopt(5, argv, "ab");
		printf("%d %d; ", option, optind);
	}
	optind = 3;
	int option = getopt(5, argv, "ab");
	printf("%d %d\n", option, optind);
}

int main(void)
{
	shorts("");
	shorts(":");
	shorts("+");
	shorts("-");
	longer("");
	longer(":");
	longer("+:");
	longer("-");
	setenv("POSIXLY_CORRECT", "1", 1);
	puts("POSIXLY_CORRECT");
	shorts("");
	longer("");
	unsetenv("POSIXLY_CORRECT");
	goes_on();
	return 0;
}
