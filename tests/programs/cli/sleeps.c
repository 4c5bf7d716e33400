/* Sleeps as many seconds as it is told, and does nothing else. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	return argc == 2 ? (int)sleep(atoi(argv[1])) : 1;
}
