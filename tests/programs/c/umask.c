/* The umask is the one that the program was started with until it says otherwise, and is all that is taken off modes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void show_mode(const char *name)
{
	struct stat st;
	stat(name, &st);
	printf("%s %o\n", name, st.st_mode & 07777);
}

int main(void)
{
	close(open("first", O_WRONLY | O_CREAT, 0666));
	show_mode("first");
	printf("started with %o\n", umask(0));
	close(open("open", O_WRONLY | O_CREAT, 0666));
	show_mode("open");
	mkdir("wide", 0777);
	show_mode("wide");
	printf("was %o\n", umask(077));
	close(creat("private", 0666));
	show_mode("private");
	printf("was %o\n", umask(0326));
	mkdir("narrow", 0777);
	show_mode("narrow");
	close(creat("hardly", 0666));
	show_mode("hardly");
	printf("was %o\n", umask(07022));
	printf("was %o\n", umask(022));
	return 0;
}
