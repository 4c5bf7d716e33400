/* <regex.h> needs no other header in front; the plainest of expressions. */
#include <regex.h>

#include <stdio.h>

static void match(const char *pattern, const char *text, int flags)
{
	regex_t compiled;
	regmatch_t found[3];
	int error = regcomp(&compiled, pattern, flags);
	printf("%s: %d", pattern, error);
	if (error == 0) {
		error = regexec(&compiled, text, 3, found, 0);
		printf(", %s: %d", text, error == REG_NOMATCH);
		for (int i = 0; error == 0 && i < 3; i++)
			printf(" %ld-%ld", (long)found[i].rm_so, (long)found[i].rm_eo);
		regfree(&compiled);
	}
	printf("\n");
}

int main(void)
{
	match("([a-z]+)=([0-9]*)", "-- key=42;", REG_EXTENDED);
	match("^\\(k.\\)y$", "key", 0);
	match("KEY", "a key", REG_ICASE);
	match("lock", "a key", REG_EXTENDED);
	match("(", "", REG_EXTENDED);
	return 0;
}
