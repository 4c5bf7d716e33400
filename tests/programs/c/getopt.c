//# args: -a -bvalue file --long --with=argument -c detached --with other --unknown -x -- -not-an-option
/* getopt_long with short and long options, values, errors and the end of options. */
#include <getopt.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	static const struct option options[] = { { "long", no_argument, NULL, 'l' }, { "with", required_argument, NULL, 'w' },
		{ "maybe", optional_argument, NULL, 'm' }, { NULL, 0, NULL, 0 } };
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+ab:c:", options, NULL)) != -1)
		printf("%c <%s> optind %d\n", option, optarg ? optarg : "", optind);
	printf("stopped at %d <%s>\n", optind, argv[optind]);
	optind++;
	while ((option = getopt_long(argc, argv, "+ab:c:", options, NULL)) != -1)
		printf("%c <%s> optind %d\n", option, optarg ? optarg : "", optind);
	for (; optind < argc; optind++)
		printf("rest <%s>\n", argv[optind]);
	return 0;
}
