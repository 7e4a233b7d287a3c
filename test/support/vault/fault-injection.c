/*
 * Preloaded into a process (LD_PRELOAD): counts the system calls that change files of one folder, and has one of
 * them fail or kill the process. It is controlled by access(2) on paths that do not exist:
 *
 *   /.fault/ACTION/NUMBER/ERRNO/FOLDER   counts from here on; NUMBER 0: none fails
 *   /.fault/reached/NUMBER               succeeds once so many were counted
 *   /.fault/off
 *
 * ACTION: f fails without having done anything, d fails although it was done, s fails like f and so does every call
 * after it: the files are then as a kill at that moment leaves them. Every counted call is a line of the file that
 * EDGEKEEP_FAULT_TRACE names.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int armed, count, target, failure;
static char action;
static char folder[4096];

static int traced(void) {
  static int handle = -2;
  if (handle == -2) {
    const char *path = getenv("EDGEKEEP_FAULT_TRACE");
    handle = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  }
  return handle;
}

/* What to do with a call on this path: 0 as usual, or the action. */
static char judge(const char *call, const char *path) {
  if (!armed || !path || strncmp(path, folder, strlen(folder)) != 0) return 0;
  count++;
  char line[4400];
  int length = snprintf(line, sizeof line, "%d %s %s\n", count, call, path + strlen(folder));
  if (traced() >= 0) syscall(SYS_write, traced(), line, length);
  if (action == 's') return target && count >= target ? 'f' : 0;
  return count == target ? action : 0;
}

static const char *path_of(int handle, char *buffer, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
  ssize_t length = readlink(link, buffer, size - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

static char judge_handle(const char *call, int handle) {
  char buffer[4096];
  return armed ? judge(call, path_of(handle, buffer, sizeof buffer)) : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL() return errno = failure ? failure : ENOENT, -1

/* A call whose result is an int or a count of bytes. */
#define AROUND(kind, name, verdict, call)          \
  {                                                \
    char found = verdict;                          \
    if (found == 'f') FAIL();                      \
    kind result = REAL(name) call;                 \
    if (found == 'd' && result >= 0) FAIL();       \
    return result;                                 \
  }

int access(const char *path, int mode) {
  if (strncmp(path, "/.fault/", 8) != 0) return REAL(access)(path, mode);
  int reached;
  if (sscanf(path, "/.fault/reached/%d", &reached) == 1) {
    if (count >= reached) return 0;
    FAIL();
  }
  armed = count = 0;
  if (strcmp(path, "/.fault/off") == 0) return 0;
  if (sscanf(path, "/.fault/%c/%d/%d%4095s", &action, &target, &failure, folder) == 4) armed = 1;
  return 0;
}

#define OPENED(name, path, flags, call)                                      \
  {                                                                          \
    int mode = 0;                                                            \
    if (flags & (O_CREAT | O_TMPFILE)) {                                     \
      va_list list;                                                          \
      va_start(list, flags);                                                 \
      mode = va_arg(list, int);                                              \
      va_end(list);                                                          \
    }                                                                        \
    if (judge("open", path)) FAIL();                                         \
    return REAL(name) call;                                                  \
  }

int open(const char *path, int flags, ...) OPENED(open, path, flags, (path, flags, mode))
int open64(const char *path, int flags, ...) OPENED(open64, path, flags, (path, flags, mode))
int openat(int at, const char *path, int flags, ...) OPENED(openat, path, flags, (at, path, flags, mode))
int openat64(int at, const char *path, int flags, ...) OPENED(openat64, path, flags, (at, path, flags, mode))

ssize_t write(int h, const void *b, size_t n) AROUND(ssize_t, write, judge_handle("write", h), (h, b, n))
ssize_t writev(int h, const struct iovec *v, int n) AROUND(ssize_t, writev, judge_handle("write", h), (h, v, n))
ssize_t pwrite(int h, const void *b, size_t n, off_t o) AROUND(ssize_t, pwrite, judge_handle("write", h), (h, b, n, o))
ssize_t pwrite64(int h, const void *b, size_t n, off64_t o) AROUND(ssize_t, pwrite64, judge_handle("write", h), (h, b, n, o))
int fsync(int h) AROUND(int, fsync, judge_handle("fsync", h), (h))
int fdatasync(int h) AROUND(int, fdatasync, judge_handle("fsync", h), (h))
int ftruncate(int h, off_t n) AROUND(int, ftruncate, judge_handle("truncate", h), (h, n))
int ftruncate64(int h, off64_t n) AROUND(int, ftruncate64, judge_handle("truncate", h), (h, n))
int fchmod(int h, mode_t m) AROUND(int, fchmod, judge_handle("chmod", h), (h, m))
int chmod(const char *p, mode_t m) AROUND(int, chmod, judge("chmod", p), (p, m))
int mkdir(const char *p, mode_t m) AROUND(int, mkdir, judge("mkdir", p), (p, m))
int rename(const char *p, const char *q) AROUND(int, rename, judge("rename", p), (p, q))
int link(const char *p, const char *q) AROUND(int, link, judge("link", p), (p, q))
int unlink(const char *p) AROUND(int, unlink, judge("unlink", p), (p))
int unlinkat(int at, const char *p, int f) AROUND(int, unlinkat, judge("unlink", p), (at, p, f))
int remove(const char *p) AROUND(int, remove, judge("unlink", p), (p))
