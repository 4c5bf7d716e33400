/* makecontext(3): a stack on which a function finds its arguments, and behind it what comes after. */
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>

#include "hermit_libc.h"

/* Arguments that travel in registers. */
#define IN_REGISTERS 6

/* context.S */
extern void __hermit_context_end(void) __attribute__((__visibility__("hidden")));

WEAK void makecontext(ucontext_t *context, void (*function)(void), int count, ...)
{
	static const int registers[IN_REGISTERS] = {REG_RDI, REG_RSI, REG_RDX, REG_RCX, REG_R8, REG_R9};
	greg_t *gregs = context->uc_mcontext.gregs;
	int on_stack = count > IN_REGISTERS ? count - IN_REGISTERS : 0;
	uintptr_t top = (uintptr_t) context->uc_stack.ss_sp + context->uc_stack.ss_size;
	/* As after a call: the return address lies right below a multiple of 16. */
	uintptr_t *sp = (uintptr_t *) ((top - (uintptr_t) on_stack * 8) & ~(uintptr_t) 15) - 1;
	sp[0] = (uintptr_t) __hermit_context_end;
	gregs[REG_RIP] = (greg_t) function;
	gregs[REG_RSP] = (greg_t) sp;
	gregs[REG_RBX] = (greg_t) context->uc_link;
	va_list arguments;
	va_start(arguments, count);
	for (int i = 0; i < count; ++i) {
		greg_t value = va_arg(arguments, greg_t);
		if (i < IN_REGISTERS)
			gregs[registers[i]] = value;
		else
			sp[1 + i - IN_REGISTERS] = (uintptr_t) value;
	}
	va_end(arguments);
}
