/* Every program asks for the size of a file it has just opened (newfstatat and statx of an empty path), and maps memory
   of its own. That tells nothing, so the witness's filter lets it pass without a stop; memory that others share stops. */

#include "witness.h"

#define SET_SECCOMP 22
#define FILTER 2
#define EMPTY_PATH 0x1000
#define SHARED 1

struct step { unsigned short code; unsigned char yes, no; unsigned int value; };
struct program { unsigned short length; struct step *steps; };

/* Load a word of the call, compare it, test its bits, answer. Arguments lie 8 bytes apart from the sixteenth on. */
static const struct step pass[] = {
	{0x20, 0, 0, 0},
	{0x15, 0, 2, NEWFSTATAT},
	{0x20, 0, 0, 16 + 8 * 3},
	{0x45, 6, 7, EMPTY_PATH},
	{0x15, 0, 2, MMAP},
	{0x20, 0, 0, 16 + 8 * 3},
	{0x45, 4, 3, SHARED},
	{0x15, 0, 3, STATX},
	{0x20, 0, 0, 16 + 8 * 2},
	{0x45, 0, 1, EMPTY_PATH},
	{0x06, 0, 0, 0x7fff0000},
};
#define PASSES (sizeof(pass) / sizeof(pass[0]))

int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	int (*next)(int, unsigned long, unsigned long, unsigned long, unsigned long) = dlsym(NEXT, "prctl");
	struct program *asked = (struct program *)b, wider;

	if (option != SET_SECCOMP || a != FILTER || !asked || asked->length > 4000)
		return next(option, a, b, c, d);
	wider.length = asked->length + PASSES;
	wider.steps = malloc(wider.length * sizeof(struct step));
	if (!wider.steps)
		return next(option, a, b, c, d);
	memcpy(wider.steps, pass, sizeof(pass));
	memcpy(wider.steps + PASSES, asked->steps, asked->length * sizeof(struct step));
	return next(option, a, (unsigned long)&wider, c, d);
}
