/* strerror(3), strsignal(3), perror(3) with glibc's texts. Replaces newlib's. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* sniprintf is newlib's snprintf without floating point: half of printf does not come along. */
#define ERROR_TEXT(number, text) [number] = text,
static const char *const error_texts[] = {
	[0] = "Success",
#include "error_texts.h"
};

#define SIGNAL_TEXT(number, name, text) [number] = text,
static const char *const signal_texts[NSIG] = {
#include "signal_texts.h"
};
#undef SIGNAL_TEXT

#define SIGNAL_TEXT(number, name, text) [number] = name,
static const char *const signal_names[NSIG] = {
#include "signal_texts.h"
};

static const char *known_error(int number)
{
	return number >= 0 && (size_t) number < sizeof(error_texts) / sizeof(*error_texts) ? error_texts[number] : NULL;
}

char *strerror(int number)
{
	static __thread char unknown[32];
	const char *text = known_error(number);
	if (text != NULL)
		return (char *) text;
	sniprintf(unknown, sizeof(unknown), "Unknown error %d", number);
	return unknown;
}

/* For newlib's own callers. */
char *_strerror_r(struct _reent *reent, int number, int internal, int *error)
{
	(void) reent;
	(void) internal;
	if (error != NULL)
		*error = 0;
	return strerror(number);
}

char *strerror_l(int number, locale_t locale)
{
	(void) locale;
	return strerror(number);
}

/* GNU's: the text, in the buffer only if it has to be made. */
char *strerror_r(int number, char *buffer, size_t len)
{
	const char *text = known_error(number);
	if (text != NULL)
		return (char *) text;
	sniprintf(buffer, len, "Unknown error %d", number);
	return buffer;
}

/* POSIX's: an error number. */
int __xpg_strerror_r(int number, char *buffer, size_t len)
{
	const char *text = known_error(number);
	int needed = text != NULL ? sniprintf(buffer, len, "%s", text) : sniprintf(buffer, len, "Unknown error %d", number);
	if (text == NULL)
		return EINVAL;
	return (size_t) needed >= len ? ERANGE : 0;
}

const char *strerrordesc_np(int number)
{
	return known_error(number);
}

void perror(const char *prefix)
{
	const char *text = strerror(errno);
	if (prefix != NULL && *prefix != '\0')
		fprintf(stderr, "%s: %s\n", prefix, text);
	else
		fprintf(stderr, "%s\n", text);
}

char *strsignal(int sig)
{
	static __thread char made[32];
	if (sig > 0 && sig < NSIG && signal_texts[sig] != NULL)
		return (char *) signal_texts[sig];
	if (sig >= SIGRTMIN && sig <= SIGRTMAX)
		sniprintf(made, sizeof(made), "Real-time signal %d", sig - SIGRTMIN);
	else
		sniprintf(made, sizeof(made), "Unknown signal %d", sig);
	return made;
}

void psignal(int sig, const char *prefix)
{
	int named = prefix != NULL && *prefix != '\0';
	fprintf(stderr, "%s%s%s\n", named ? prefix : "", named ? ": " : "", strsignal(sig));
}

const char *sigdescr_np(int sig)
{
	return sig > 0 && sig < NSIG ? signal_texts[sig] : NULL;
}

const char *sigabbrev_np(int sig)
{
	return sig > 0 && sig < NSIG ? signal_names[sig] : NULL;
}
