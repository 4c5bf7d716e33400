double root(double x);
/* Go's: see c.go. */
extern int twice(int n);
