/* Stands in for musl's state of the whole library: no program of an isle runs with more rights than its caller. */
#ifndef HERMIT_MUSL_LIBC_H
#define HERMIT_MUSL_LIBC_H

static const struct {
	int secure;
} libc __attribute__((unused));

#endif
