/* What the CPU can: set by crt0, read by this folder and by libm. */
#include "string_parts.h"

uint32_t __hermit_cpu;
