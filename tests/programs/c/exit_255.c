//# status: 255
/* The status is cut to eight bits. */
int main(void)
{
	return -1;
}
