/* <err.h> and <error.h>: messages on stderr that may end the program. */
#include <err.h>
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void (*error_print_progname)(void);
unsigned error_message_count;
int error_one_per_line;

/* number < 0: no text of an error behind the message. */
static void message(int number, const char *format, va_list arguments)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (format != NULL) {
		vfprintf(stderr, format, arguments);
		if (number >= 0)
			fputs(": ", stderr);
	}
	fprintf(stderr, "%s\n", number >= 0 ? strerror(number) : "");
}

void vwarn(const char *format, va_list arguments)
{
	message(errno, format, arguments);
}

void vwarnx(const char *format, va_list arguments)
{
	message(-1, format, arguments);
}

void verr(int status, const char *format, va_list arguments)
{
	message(errno, format, arguments);
	exit(status);
}

void verrx(int status, const char *format, va_list arguments)
{
	message(-1, format, arguments);
	exit(status);
}

#define WITH_ARGUMENTS(call) \
	do { \
		va_list arguments; \
		va_start(arguments, format); \
		call; \
		va_end(arguments); \
	} while (0)

void warn(const char *format, ...)
{
	WITH_ARGUMENTS(vwarn(format, arguments));
}

void warnx(const char *format, ...)
{
	WITH_ARGUMENTS(vwarnx(format, arguments));
}

void err(int status, const char *format, ...)
{
	WITH_ARGUMENTS(message(errno, format, arguments));
	exit(status);
}

void errx(int status, const char *format, ...)
{
	WITH_ARGUMENTS(message(-1, format, arguments));
	exit(status);
}

static void gnu_message(int number, const char *file, unsigned line, const char *format, va_list arguments)
{
	fflush(stdout);
	if (error_print_progname != NULL)
		error_print_progname();
	else
		fprintf(stderr, "%s:%s", program_invocation_name, file != NULL ? "" : " ");
	if (file != NULL)
		fprintf(stderr, "%s:%u: ", file, line);
	vfprintf(stderr, format, arguments);
	++error_message_count;
	if (number != 0)
		fprintf(stderr, ": %s", strerror(number));
	fputc('\n', stderr);
}

void error(int status, int number, const char *format, ...)
{
	WITH_ARGUMENTS(gnu_message(number, NULL, 0, format, arguments));
	if (status != 0)
		exit(status);
}

void error_at_line(int status, int number, const char *file, unsigned line, const char *format, ...)
{
	static const char *last_file;
	static unsigned last_line;
	if (error_one_per_line) {
		if (last_line == line && last_file != NULL && file != NULL && strcmp(last_file, file) == 0)
			return;
		last_file = file;
		last_line = line;
	}
	WITH_ARGUMENTS(gnu_message(number, file, line, format, arguments));
	if (status != 0)
		exit(status);
}
