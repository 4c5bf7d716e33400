/* getopt_long: values that are wanted, possible and forbidden, names that begin alike, and abbreviations. */
#include <getopt.h>
#include <stdio.h>

static const struct option options[] = {
	{ "longer", no_argument, NULL, 1 },
	{ "long", required_argument, NULL, 2 },
	{ "level", optional_argument, NULL, 3 },
	{ "quiet", no_argument, NULL, 4 },
	{ 0 },
};

static void run(const char *what, int argc, char **argv)
{
	int option, index = -1;
	printf("%s:", what);
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "a:b::c", options, &index)) != -1)
		printf(" %d(%s)", option, optarg ? optarg : "-");
	printf(" rest %d\n", argc - optind);
}

#define RUN(...)                                                                                                       \
	do {                                                                                                           \
		char *words[] = { "program", __VA_ARGS__, NULL };                                                      \
		run(#__VA_ARGS__, sizeof words / sizeof *words - 1, words);                                            \
	} while (0)

int main(void)
{
	RUN("--long", "x", "--longer");
	RUN("--long=x", "y");
	RUN("--lo", "x");
	RUN("--longe");
	RUN("--level", "x");
	RUN("--level=3", "x");
	RUN("--le=3");
	RUN("--qui", "--quiet=1");
	RUN("-a", "x", "-ay", "-a");
	RUN("-b", "x", "-by", "-c");
	RUN("-cbx", "-cb", "y");
	RUN("--unknown", "-x", "--", "-a");
	return 0;
}
