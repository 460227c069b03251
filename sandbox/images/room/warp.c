/* For the second, differing run: whoever waits need not wait. Preloaded into the payload only.

   A sleep takes a quarter of a second at most, a wait for something else two seconds; what was spared is added to the
   date in the whole room, which lies in a page that all its programs share. So a payload that sleeps an hour before it
   acts does so at once, and finds an hour gone. The clock that programs measure their waits by jumps only in the
   program that waited, for else every other one would think its own time was up.
   Compiled without headers, so that the image needs none. */

typedef unsigned long size_t;
struct moment { long seconds, nanos; };
struct micro { long seconds, micros; };
extern void *dlsym(void *handle, const char *name);
extern int *__errno_location(void);
extern int open(const char *path, int flags, ...);
extern int close(int fd);
extern void *mmap(void *at, size_t size, int access, int flags, int fd, long from);

#define NEXT ((void *)-1L)
#define NANOS 1000000000L
#define REALTIME 0
#define DATE_COARSE 5
#define MONOTONIC 1
#define RAW 4
#define COARSE 6
#define BOOT 7
#define ABSOLUTE 1
#define TIMED_OUT 110
#define SLEEP (NANOS / 4)
#define WAIT (2 * NANOS)
#define FOR_EVER (100 * 86400L) /* who sleeps longer than this waits to be woken */
#define ANY_DATE 1000000000L /* a moment later than this is a date, an earlier one is counted from the start */

static volatile long alone, *warp, jumped;

static volatile long *spared(void)
{
	int error = *__errno_location(), fd;
	void *page;

	if (!warp) {
		warp = &alone;
		fd = open("/dev/shm/lc_time", 02000002);
		if (fd >= 0) {
			page = mmap(0, 4096, 3, 1, fd, 0);
			close(fd);
			if (page != (void *)-1L)
				warp = page;
		}
		*__errno_location() = error;
	}
	return warp;
}

static void moved(struct moment *at, long by)
{
	long nanos = at->nanos + by % NANOS;

	at->seconds += by / NANOS;
	if (nanos >= NANOS) {
		nanos -= NANOS;
		at->seconds++;
	} else if (nanos < 0) {
		nanos += NANOS;
		at->seconds--;
	}
	at->nanos = nanos;
}

/* How long this is, where it can be shortened to what is allowed; -1 where it is short, or meant to last for ever. */
static long too_long(const struct moment *length, long allowed)
{
	long nanos;

	if (!length || length->seconds < 0 || length->seconds > FOR_EVER)
		return -1;
	nanos = length->seconds * NANOS + length->nanos;
	return nanos > allowed ? nanos : -1;
}

/* --- The clock ---------------------------------------------------------------------------------------------------- */

int clock_gettime(int clock, struct moment *at)
{
	static int (*next)(int, struct moment *);
	int result;

	if (!next)
		next = dlsym(NEXT, "clock_gettime");
	result = next(clock, at);
	if (result == 0 && (clock == REALTIME || clock == DATE_COARSE))
		moved(at, *spared());
	else if (result == 0 && (clock == MONOTONIC || clock == RAW || clock == COARSE || clock == BOOT))
		moved(at, jumped);
	return result;
}

/* This much was not waited for. */
static void spare(long nanos)
{
	*spared() += nanos;
	jumped += nanos;
}

long time(long *at)
{
	struct moment now;

	clock_gettime(REALTIME, &now);
	if (at)
		*at = now.seconds;
	return now.seconds;
}

int gettimeofday(struct micro *at, void *zone)
{
	struct moment now;

	if (clock_gettime(REALTIME, &now))
		return -1;
	if (at) {
		at->seconds = now.seconds;
		at->micros = now.nanos / 1000;
	}
	return 0;
}

/* --- Sleeps ------------------------------------------------------------------------------------------------------- */

int clock_nanosleep(int clock, int flags, const struct moment *length, struct moment *left)
{
	static int (*next)(int, int, const struct moment *, struct moment *);
	struct moment now, rest = {0, SLEEP}, wanted;
	long nanos;
	int result;

	if (!next)
		next = dlsym(NEXT, "clock_nanosleep");
	if (!length)
		return next(clock, flags, length, left);
	wanted = *length;
	if (flags & ABSOLUTE) {
		clock_gettime(clock, &now);
		wanted.seconds -= now.seconds;
		wanted.nanos -= now.nanos;
		if (wanted.nanos < 0) {
			wanted.nanos += NANOS;
			wanted.seconds--;
		}
		if (wanted.seconds < 0)
			return 0;
	}
	nanos = too_long(&wanted, SLEEP);
	if (nanos < 0)
		return next(clock, 0, &wanted, left);
	result = next(clock, 0, &rest, left);
	if (result == 0)
		spare(nanos - SLEEP);
	return result;
}

int nanosleep(const struct moment *length, struct moment *left)
{
	int error = clock_nanosleep(REALTIME, 0, length, left);

	if (error)
		*__errno_location() = error;
	return error ? -1 : 0;
}

unsigned sleep(unsigned seconds)
{
	struct moment length = {seconds, 0}, left = {0, 0};

	return nanosleep(&length, &left) ? left.seconds + (left.nanos > 0) : 0;
}

int usleep(unsigned micros)
{
	struct moment length = {micros / 1000000, micros % 1000000 * 1000};

	return nanosleep(&length, 0);
}

/* --- Waits for something that did not come ------------------------------------------------------------------------ */

static int shortened(int millis)
{
	return millis > WAIT / 1000000 ? (int)(WAIT / 1000000) : millis;
}

/* Tell the clock of what was spared of a wait in which nothing came. */
static int waited(int result, int millis)
{
	if (result == 0 && millis > WAIT / 1000000)
		spare(millis * 1000000L - WAIT);
	return result;
}

int poll(void *what, unsigned long count, int millis)
{
	static int (*next)(void *, unsigned long, int);

	if (!next)
		next = dlsym(NEXT, "poll");
	return waited(next(what, count, shortened(millis)), millis);
}

int epoll_wait(int on, void *events, int most, int millis)
{
	static int (*next)(int, void *, int, int);

	if (!next)
		next = dlsym(NEXT, "epoll_wait");
	return waited(next(on, events, most, shortened(millis)), millis);
}

int epoll_pwait(int on, void *events, int most, int millis, const void *mask)
{
	static int (*next)(int, void *, int, int, const void *);

	if (!next)
		next = dlsym(NEXT, "epoll_pwait");
	return waited(next(on, events, most, shortened(millis), mask), millis);
}

int ppoll(void *what, unsigned long count, const struct moment *length, const void *mask)
{
	static int (*next)(void *, unsigned long, const struct moment *, const void *);
	struct moment rest = {WAIT / NANOS, 0};
	long nanos = too_long(length, WAIT);
	int result;

	if (!next)
		next = dlsym(NEXT, "ppoll");
	result = next(what, count, nanos < 0 ? length : &rest, mask);
	if (result == 0 && nanos >= 0)
		spare(nanos - WAIT);
	return result;
}

int pselect(int count, void *in, void *out, void *odd, const struct moment *length, const void *mask)
{
	static int (*next)(int, void *, void *, void *, const struct moment *, const void *);
	struct moment rest = {WAIT / NANOS, 0};
	long nanos = too_long(length, WAIT);
	int result;

	if (!next)
		next = dlsym(NEXT, "pselect");
	result = next(count, in, out, odd, nanos < 0 ? length : &rest, mask);
	if (result == 0 && nanos >= 0)
		spare(nanos - WAIT);
	return result;
}

int select(int count, void *in, void *out, void *odd, struct micro *length)
{
	static int (*next)(int, void *, void *, void *, struct micro *);
	struct moment asked = {length ? length->seconds : 0, length ? length->micros * 1000 : 0};
	struct micro rest = {WAIT / NANOS, 0};
	long nanos = length ? too_long(&asked, WAIT) : -1;
	int result;

	if (!next)
		next = dlsym(NEXT, "select");
	if (nanos < 0)
		return next(count, in, out, odd, length);
	result = next(count, in, out, odd, &rest);
	if (result == 0)
		spare(nanos - WAIT);
	return result;
}

/* A lock is waited for until a moment, of the moved clock: what is no date is one of the clock that jumped. */
static const struct moment *of_the_machine(const struct moment *at, struct moment *true_one)
{
	if (!at)
		return at;
	*true_one = *at;
	moved(true_one, at->seconds < ANY_DATE ? -jumped : -*spared());
	return true_one;
}

int pthread_cond_timedwait(void *what, void *lock, const struct moment *at)
{
	static int (*next)(void *, void *, const struct moment *);
	struct moment true_one;

	if (!next)
		next = dlsym(NEXT, "pthread_cond_timedwait");
	return next(what, lock, of_the_machine(at, &true_one));
}

int pthread_cond_clockwait(void *what, void *lock, int clock, const struct moment *at)
{
	static int (*next)(void *, void *, int, const struct moment *);
	struct moment true_one;

	if (!next)
		next = dlsym(NEXT, "pthread_cond_clockwait");
	return next(what, lock, clock, of_the_machine(at, &true_one));
}

int sem_timedwait(void *what, const struct moment *at)
{
	static int (*next)(void *, const struct moment *);
	struct moment true_one;

	if (!next)
		next = dlsym(NEXT, "sem_timedwait");
	return next(what, of_the_machine(at, &true_one));
}

/* By this a thread of Python waits for another, and a timer for its time. */
int sem_clockwait(void *what, int clock, const struct moment *at)
{
	static int (*next)(void *, int, const struct moment *);
	struct moment now, length;
	long nanos;
	int result;

	if (!next)
		next = dlsym(NEXT, "sem_clockwait");
	if (!at || clock_gettime(clock, &now))
		return next(what, clock, at);
	length = *at;
	moved(&length, -(now.seconds * NANOS + now.nanos));
	nanos = too_long(&length, WAIT);
	if (nanos < 0)
		return next(what, clock, of_the_machine(at, &length));
	moved(&now, WAIT);
	result = next(what, clock, of_the_machine(&now, &length));
	if (result && *__errno_location() == TIMED_OUT)
		spare(nanos - WAIT);
	return result;
}
