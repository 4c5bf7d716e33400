/* Places in a directory: telldir, seekdir, rewinddir while it is read; scandir with a filter. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show.h"

enum { FILES = 600 }; /* more than one piece of the directory */

static int has_nine(const struct dirent *entry) { return strchr(entry->d_name, '9') != NULL; }

int main(void)
{
	static long places[FILES + 2];
	static char names[FILES + 2][64];
	char name[64];
	int count = 0, wrong = 0;
	struct dirent *entry, **found;
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "a-file-with-a-longer-name-%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	DIR *directory = opendir(".");
	while (count < FILES + 2) {
		places[count] = telldir(directory);
		if (!(entry = readdir(directory)))
			break;
		strcpy(names[count++], entry->d_name);
	}
	printf("at least %d: %d\n", FILES + 2, count >= FILES + 2);
	for (int step = 1; step < count; step += 37)
		for (int i = count - 1; i >= 0; i -= step) {
			seekdir(directory, places[i]);
			entry = readdir(directory);
			wrong += !entry || strcmp(entry->d_name, names[i]) != 0;
			entry = readdir(directory);
			if (i + 1 < count)
				wrong += !entry || strcmp(entry->d_name, names[i + 1]) != 0;
		}
	SHOW(wrong);
	rewinddir(directory);
	entry = readdir(directory);
	SHOW(strcmp(entry->d_name, names[0]));
	SHOW(closedir(directory));
	int matching = scandir(".", &found, has_nine, alphasort);
	printf("with a 9: %d, from %s to %s\n", matching, found[0]->d_name, found[matching - 1]->d_name);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "a-file-with-a-longer-name-%d", i);
		unlink(name);
	}
	return 0;
}
