//# args: -x --unknown --wit=5 --long=bad -b
//# stderr-contains: unknown
/* Unknown, abbreviated and incomplete options. */
#include <getopt.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	static const struct option options[] = { { "long", no_argument, NULL, 'l' }, { "with", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 } };
	int option;
	while ((option = getopt_long(argc, argv, "ab:", options, NULL)) != -1)
		printf("%c <%s> optopt %d optind %d\n", option, optarg ? optarg : "", option == '?' ? optopt : 0, optind);
	printf("%d of %d\n", optind, argc);
	return 0;
}
