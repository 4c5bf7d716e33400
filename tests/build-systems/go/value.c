#include <math.h>
#include <stdio.h>

#include "value.h"

/* Called in Go, and on C's own stack: a frame larger than a goroutine's. */
double root(double x)
{
	char text[16384];
	snprintf(text, sizeof(text), "%.17g", sqrt(x));
	double again;
	sscanf(text, "%lf", &again);
	return again + twice(0);
}
