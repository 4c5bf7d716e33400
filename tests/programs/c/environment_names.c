//# env: HOME=/home/somebody
//# env: HOMES=many
/* Variables are found by their whole name: one that begins alike is another. */
#include <stdlib.h>
#include <string.h>

#include "show.h"

static void get(const char *name)
{
	const char *value = getenv(name);
	printf("%s: %s\n", name, value ? value : "unset");
}

static void look(void)
{
	get("HOM");
	get("HOME");
	get("HOMES");
	get("HOMELAND");
	get("");
}

int main(void)
{
	look();
	SHOW(setenv("HOM", "short", 1));
	look();
	SHOW(setenv("HOMELAND", "far", 0));
	SHOW(setenv("HOME", "other", 0));
	look();
	SHOW(unsetenv("HOME"));
	look();
	SHOW(putenv("HOMES=few"));
	SHOW(setenv("HOM=E", "x", 1));
	SHOW(setenv("", "x", 1));
	SHOW(unsetenv("HOM"));
	look();
	return 0;
}
