/* The witness writes each half of a line by a call of its own. Here lines are gathered for a few milliseconds. What is
   gathered is written before the witness ends, so that a whole trace stays whole; a witness that is killed leaves a
   trace without its end, which is told as lost. */

#include "witness.h"

extern void (*signal(int number, void (*handler)(int)))(int);
extern int timer_create(int clock, void *event, void **timer);
extern int timer_settime(void *timer, int flags, const void *new_value, void *old_value);

#define TICK 12 /* SIGUSR2: the payload is another user and cannot send it */
#define TICK_NS 4000000L
#define WITHOUT_WAITING 1

static int (*flush)(void *file);
static int (*wait_for)(int pid, int *status, int options, void *usage);
static void *file_of_lines, *timer;
static volatile int gathered, waiting, due, armed, timed;

static void arm(void)
{
	static const long once[4] = {0, 0, 0, TICK_NS};

	armed = 1;
	timer_settime(timer, 0, once, 0);
}

/* While the witness waits it is not in the middle of a line, so then it is safe to write. */
static void tick(int number)
{
	int error = *__errno_location();

	armed = 0;
	if (gathered) {
		if (waiting) {
			gathered = 0;
			flush(file_of_lines);
		} else {
			due = 1;
			arm();
		}
	}
	*__errno_location() = error;
}

/* Whether lines can be gathered: a timer has to be had, for else the last of them might never be written. */
static int have_timer(void)
{
	struct { void *value; int number, kind; char rest[48]; } event = {0, TICK, 0};

	if (!timed) {
		signal(TICK, tick);
		timed = timer_create(1, &event, &timer) == 0 ? 1 : -1;
	}
	return timed > 0;
}

int fflush(void *file)
{
	if (!flush)
		flush = dlsym(NEXT, "fflush");
	if (!file || (file_of_lines && file != file_of_lines))
		return flush(file);
	file_of_lines = file;
	if (due || !have_timer()) {
		due = gathered = 0;
		return flush(file);
	}
	gathered = 1;
	if (!armed)
		arm();
	return 0;
}

int wait4(int pid, int *status, int options, void *usage)
{
	static int looked;
	int result;

	if (!wait_for)
		wait_for = dlsym(NEXT, "wait4");
	if (pid == -1 && status && !usage && (result = made_up_stop(status)))
		return result;
	/* Between two waits it looks whether others stopped as well: that is for fairness, and need not be each time. */
	if (options & WITHOUT_WAITING)
		return ++looked & 3 ? 0 : wait_for(pid, status, options, usage);
	waiting = 1;
	result = wait_for(pid, status, options, usage);
	waiting = 0;
	return result;
}
