/* backtrace(3), by the unwinder of gcc's library. An image has no symbols when it runs: addr2line finds them. */
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "hermit_libc.h"

extern char *program_invocation_name;

struct trace {
	void **addresses;
	int count, most;
	int is_first;   /* backtrace() itself is not told */
};

static _Unwind_Reason_Code note(struct _Unwind_Context *context, void *data)
{
	struct trace *trace = data;
	void *address = (void *) _Unwind_GetIP(context);
	if (trace->is_first) {
		trace->is_first = 0;
		return _URC_NO_REASON;
	}
	if (trace->count >= trace->most || address == NULL)
		return _URC_END_OF_STACK;
	trace->addresses[trace->count++] = address;
	return _URC_NO_REASON;
}

WEAK int backtrace(void **addresses, int most)
{
	struct trace trace = {addresses, 0, most, 1};
	if (most > 0)
		_Unwind_Backtrace(note, &trace);
	return trace.count;
}

static int print(char *text, size_t size, const void *address)
{
	return snprintf(text, size, "%s() [%p]", program_invocation_name, address);
}

/* One block: the pointers, and behind them the texts. */
WEAK char **backtrace_symbols(void *const *addresses, int count)
{
	size_t size = (size_t) count * sizeof(char *);
	for (int i = 0; i < count; ++i)
		size += (size_t) print(NULL, 0, addresses[i]) + 1;
	char **texts = malloc(size);
	if (texts == NULL)
		return NULL;
	char *at = (char *) (texts + count), *end = (char *) texts + size;
	for (int i = 0; i < count; ++i) {
		texts[i] = at;
		at += print(at, (size_t) (end - at), addresses[i]) + 1;
	}
	return texts;
}

WEAK void backtrace_symbols_fd(void *const *addresses, int count, int fd)
{
	char line[1024];
	for (int i = 0; i < count; ++i) {
		int len = print(line, sizeof(line) - 1, addresses[i]);
		if (len < 0 || (size_t) len >= sizeof(line) - 1)
			len = (int) sizeof(line) - 2;
		line[len] = '\n';
		sys_write(fd, line, (size_t) len + 1);
	}
}
