/* crt0.o: from the kernel to main and back.
 *
 * The kernel's entry object is pulled into the image because this file refers to `_start` (the linker script's ENTRY);
 * the kernel in turn calls runtime_entry on the main thread, with thread-local storage set up and IRELATIVE
 * relocations applied. Everything is flushed and every destructor is run by exit().
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <hermit/syscall.h>

extern uint32_t __hermit_cpu; /* string/cpu.c */
extern char **environ;
extern void *__libc_stack_end;
extern unsigned long *__hermit_auxiliary_vector;
extern char *program_invocation_name, *program_invocation_short_name;
extern int main(int argc, char **argv, char **envp);

extern void _start(void);
__attribute__((used, section(".rodata.hermit_entry"))) static void (*const kernel_entry)(void) = _start;

typedef void constructor(int argc, char **argv, char **envp);
typedef void destructor(void);
extern constructor *__preinit_array_start[], *__preinit_array_end[];
extern constructor *__init_array_start[], *__init_array_end[];
extern destructor *__fini_array_start[], *__fini_array_end[];

/* In reverse, as the System V ABI says. */
static void run_destructors(void)
{
	for (destructor **next = __fini_array_end; next > __fini_array_start;)
		(*--next)();
}

static void name_program(char *path)
{
	program_invocation_name = program_invocation_short_name = path;
	for (char *c = path; *c != '\0'; ++c)
		if (*c == '/')
			program_invocation_short_name = c + 1;
}

__attribute__((noreturn)) void runtime_entry(int argc, char **argv, char **envp)
{
	__hermit_cpu = sys_cpu_features();
	environ = envp;
	char **end = envp;
	while (*end != NULL)
		++end;
	__hermit_auxiliary_vector = (unsigned long *) (end + 1);
	__libc_stack_end = __builtin_frame_address(0);
	if (argc > 0)
		name_program(argv[0]);
	for (constructor **next = __preinit_array_start; next < __preinit_array_end; ++next)
		(*next)(argc, argv, envp);
	atexit(run_destructors);
	for (constructor **next = __init_array_start; next < __init_array_end; ++next)
		(*next)(argc, argv, envp);
	exit(main(argc, argv, envp));
}
