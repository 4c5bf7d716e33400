/* <libintl.h> without a catalogue: texts are themselves, domains are remembered. */
#include <libintl.h>
#include <stdio.h>

int main(void)
{
	printf("%s %s %s\n", gettext("one"), dgettext("d", "two"), dcgettext("d", "three", 5));
	printf("%s %s\n", ngettext("file", "files", 1), dngettext("d", "file", "files", 0));
	printf("%s ", textdomain(NULL));
	printf("%s ", textdomain("program"));
	printf("%s ", textdomain(NULL));
	printf("%s\n", textdomain(""));
	printf("%s ", bindtextdomain("program", NULL));
	printf("%s ", bindtextdomain("program", "/elsewhere"));
	printf("%s ", bindtextdomain("program", NULL));
	printf("%d\n", bindtextdomain("", NULL) == NULL);
	printf("%d ", bind_textdomain_codeset("program", NULL) == NULL);
	printf("%s\n", bind_textdomain_codeset("program", "UTF-8"));
	return 0;
}
