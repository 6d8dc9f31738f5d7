// A program that makes code while it runs, and tells of it as runtimes do, for the tests.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
#if defined(__x86_64__)
	unsigned char code[] = {0xeb, 0xfe}; // a jump to itself
#elif defined(__aarch64__)
	unsigned char code[] = {0x00, 0x00, 0x00, 0x14};
#endif
	alarm(60);
	unsigned char *at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(at, code, sizeof code);
	mprotect(at, 4096, PROT_READ | PROT_EXEC);
	char name[64];
	snprintf(name, sizeof name, "/tmp/perf-%d.map", getpid());
	FILE *map = fopen(name, "w");
	fprintf(map, "%lx 100 LazyCompile:*thrown away /srv/app.js:1:1\n", (unsigned long)at);
	fprintf(map, "%lx 100 JS:*busy /srv/app.js:5:14\n", (unsigned long)at);
	fclose(map);
	((void (*)(void))at)();
}
