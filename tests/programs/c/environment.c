//# env: GIVEN=outside
//# env: OTHER=kept
/* getenv, setenv, putenv, unsetenv, clearing. */
#include <stdlib.h>
#include <string.h>

#include "show.h"

extern char **environ;

static void show(const char *name)
{
	const char *value = getenv(name);
	printf("%s %s%s%s\n", name, value ? "<" : "", value ? value : "unset", value ? ">" : "");
}

int main(void)
{
	show("GIVEN");
	show("NEW");
	SHOW(setenv("GIVEN", "kept", 0));
	SHOW(setenv("NEW", "one", 0));
	show("GIVEN");
	show("NEW");
	setenv("GIVEN", "a much longer value than before", 1);
	show("GIVEN");
	static char own[] = "OWN=first";
	putenv(own);
	show("OWN");
	memcpy(own, "OWN=other", sizeof own);
	show("OWN");
	printf("%d\n", unsetenv("GIVEN"));
	show("GIVEN");
	show("OTHER");
	SHOW(setenv("A=B", "x", 1));
	SHOW(setenv("", "x", 1));
	for (int i = 0; i < 500; i++) {
		char name[16], value[16];
		snprintf(name, sizeof name, "MANY%d", i);
		snprintf(value, sizeof value, "%d", i * i);
		setenv(name, value, 1);
	}
	show("MANY499");
	show("many499");
	int count = 0;
	for (char **variable = environ; *variable; variable++)
		count += strncmp(*variable, "MANY", 4) == 0;
	printf("%d\n", count);
	return 0;
}
