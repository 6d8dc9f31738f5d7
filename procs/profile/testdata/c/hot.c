// A program with a hot function that has another one inlined, for the tests.
#include <unistd.h>

volatile unsigned sink;

static inline __attribute__((always_inline)) unsigned step(unsigned h, unsigned i) {
	return (h ^ i) * 16777619u; // line 7
}

__attribute__((noinline)) unsigned busy(unsigned n) { // line 10
	unsigned h = 2166136261u;
	for (unsigned i = 0; i < n; i++)
		h = step(h, i); // line 13
	return h;
}

__attribute__((noinline)) void handler(void) {
	sink = busy(1000000); // line 18
	sink++;
}

int main(void) {
	alarm(60);
	for (;;)
		handler();
}
