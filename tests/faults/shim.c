/*
 * Preloaded into the command by the fault suite: makes one system call of a kind fail, or all from one on, where it is
 * about a file below a chosen folder; makes syncs do nothing; shifts the clock; counts. Steered by variables:
 *
 *   SHIM_FOLDER   absolute, without links; calls about other files go through untouched and uncounted
 *   SHIM_KIND     write | sync | rename | create | truncate: which calls fail
 *   SHIM_AT       the first one that fails, from 1 on
 *   SHIM_ERRNO    the error's number
 *   SHIM_STICKY   1: all from then on fail, too
 *   SHIM_SHORT    1: the write before the first failing one takes only half of its bytes, as on a disk that fills up
 *   SHIM_NO_SYNC  1: syncs report success and do nothing
 *   SHIM_CLOCK    seconds to shift the clock by
 *   SHIM_COUNTS   a file of five 64-bit numbers to count in: write, sync, rename, create, truncate
 *   SHIM_LOG      a file that gets a line for each failure, `failed KIND THREAD 0 0 PATH`; for each write that was done,
 *                 `done write THREAD POSITION BYTES PATH`; and for each sync, `begin sync ...` and `done sync ...`
 *
 * cc -shared -fPIC -O2 -o shim.so shim.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE, SYNC, RENAME, CREATE, TRUNCATE, KINDS };
static const char *const names[KINDS] = {"write", "sync", "rename", "create", "truncate"};

static const char *folder;
static size_t folder_length;
static int failing_kind = -1;
static uint64_t failing_at;
static int failing_errno;
static int is_sticky;
static int is_short;
static int drops_syncs;
static time_t clock_shift;
static uint64_t own_counts[KINDS];
static uint64_t *counts = own_counts;
static int log_fd = -1;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

static long number(const char *name) {
  const char *value = setting(name);
  return value ? atol(value) : 0;
}

__attribute__((constructor)) static void begin(void) {
  folder = setting("SHIM_FOLDER");
  folder_length = folder ? strlen(folder) : 0;
  const char *kind = setting("SHIM_KIND");
  for (int i = 0; kind && i < KINDS; i++)
    if (strcmp(kind, names[i]) == 0) failing_kind = i;
  failing_at = (uint64_t)number("SHIM_AT");
  failing_errno = (int)number("SHIM_ERRNO");
  is_sticky = number("SHIM_STICKY") != 0;
  is_short = number("SHIM_SHORT") != 0;
  drops_syncs = number("SHIM_NO_SYNC") != 0;
  clock_shift = (time_t)number("SHIM_CLOCK");
  const char *path = setting("SHIM_COUNTS");
  if (path) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0 && syscall(SYS_ftruncate, fd, sizeof own_counts) == 0) {
      void *map = mmap(NULL, sizeof own_counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (map != MAP_FAILED) counts = map;
    }
    if (fd >= 0) close(fd);
  }
  const char *log = setting("SHIM_LOG");
  if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

static int is_below(const char *path) {
  return folder && strncmp(path, folder, folder_length) == 0 &&
         (path[folder_length] == '/' || path[folder_length] == '\0');
}

/* The path of an open file; empty where it has none. */
static void path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = '\0';
}

/* A path as it was given; one that is not absolute is taken from the working directory. */
static void absolute_of(const char *given, char *path) {
  if (given[0] == '/') {
    snprintf(path, PATH_MAX, "%s", given);
    return;
  }
  char cwd[PATH_MAX];
  if (!getcwd(cwd, sizeof cwd)) cwd[0] = '\0';
  if (given[0] == '.' && given[1] == '/') given += 2;
  snprintf(path, PATH_MAX, "%.*s/%.*s", PATH_MAX / 2 - 2, cwd, PATH_MAX / 2 - 2, given);
}

static void note(const char *what, enum kind kind, off64_t at, ssize_t size, const char *path) {
  if (log_fd < 0 || !is_below(path)) return;
  int saved = errno;
  char line[PATH_MAX + 128];
  int length = snprintf(line, sizeof line, "%s %s %ld %lld %lld %s\n", what, names[kind], syscall(SYS_gettid),
                        (long long)at, (long long)size, path);
  syscall(SYS_write, log_fd, line, (size_t)length);
  errno = saved;
}

static void note_fd(const char *what, enum kind kind, off64_t at, ssize_t size, int fd) {
  if (log_fd < 0) return;
  int saved = errno;
  char path[PATH_MAX];
  path_of(fd, path);
  note(what, kind, at, size, path);
  errno = saved;
}

/* Counts a call; 1 where it is to fail, -1 where it is to do half of its work. */
static int judge(enum kind kind, const char *path) {
  if (!is_below(path)) return 0;
  uint64_t at = __atomic_add_fetch(&counts[kind], 1, __ATOMIC_SEQ_CST);
  if ((int)kind != failing_kind || failing_at == 0) return 0;
  if (is_short && at + 1 == failing_at) return -1;
  if (at != failing_at && !(is_sticky && at > failing_at)) return 0;
  note("failed", kind, 0, 0, path);
  errno = failing_errno;
  return 1;
}

static int judge_fd(enum kind kind, int fd) {
  if (!folder) return 0;
  int saved = errno;
  char path[PATH_MAX];
  path_of(fd, path);
  errno = saved;
  return judge(kind, path);
}

static int judge_path(enum kind kind, const char *given) {
  if (!folder) return 0;
  int saved = errno;
  char path[PATH_MAX];
  absolute_of(given, path);
  errno = saved;
  return judge(kind, path);
}

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

ssize_t write(int fd, const void *bytes, size_t size) {
  int verdict = judge_fd(WRITE, fd);
  if (verdict > 0) return -1;
  return syscall(SYS_write, fd, bytes, verdict < 0 ? half(size) : size);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  int verdict = judge_fd(WRITE, fd);
  if (verdict > 0) return -1;
  ssize_t done = syscall(SYS_pwrite64, fd, bytes, verdict < 0 ? half(size) : size, at);
  if (done > 0) note_fd("done", WRITE, at, done, fd);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return pwrite64(fd, bytes, size, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  int verdict = judge_fd(WRITE, fd);
  if (verdict > 0) return -1;
  return syscall(SYS_writev, fd, parts, verdict < 0 && count > 1 ? count / 2 : count);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  int verdict = judge_fd(WRITE, fd);
  if (verdict > 0) return -1;
  return syscall(SYS_pwritev, fd, parts, verdict < 0 && count > 1 ? count / 2 : count, at, 0L);
}

static int sync_with(long call, int fd) {
  note_fd("begin", SYNC, 0, 0, fd);
  if (judge_fd(SYNC, fd) > 0) return -1;
  int result = drops_syncs ? 0 : (int)syscall(call, fd);
  if (result == 0) note_fd("done", SYNC, 0, 0, fd);
  return result;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }

int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

int rename(const char *from, const char *to) {
  struct stat found;
  /* Of what is not there, no disk is asked. */
  if (lstat(from, &found) == 0 && judge_path(RENAME, to) > 0) return -1;
  return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int link(const char *from, const char *to) {
  if (judge_path(CREATE, to) > 0) return -1;
  return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int mkdir(const char *path, mode_t mode) {
  struct stat found;
  if (stat(path, &found) != 0 && judge_path(CREATE, path) > 0) return -1;
  return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  struct stat found;
  if ((flags & O_CREAT) && folder && lstat(path, &found) != 0 && judge_path(CREATE, path) > 0) return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int ftruncate64(int fd, off64_t size) {
  if (judge_fd(TRUNCATE, fd) > 0) return -1;
  return (int)syscall(SYS_ftruncate, fd, size);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += clock_shift;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  static int (*real)(struct timeval *, void *);
  if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(now, zone);
  if (result == 0) now->tv_sec += clock_shift;
  return result;
}

time_t time(time_t *now) {
  static time_t (*real)(time_t *);
  if (!real) real = (time_t (*)(time_t *))dlsym(RTLD_NEXT, "time");
  time_t shifted = real(NULL) + clock_shift;
  if (now) *now = shifted;
  return shifted;
}
