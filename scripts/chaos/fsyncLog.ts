import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

export type FsyncWatch = {
  /** A program to start instead of redis-server. */
  program: string
  /** Where each fsync is noted. */
  log: string
}

/** Notes after each successful sync how long the file had been before it: what surely is on the disk. */
const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int synced(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct stat before;
  int known = fstat(fd, &before);
  int result = real(fd);
  if (result == 0 && known == 0) {
    char line[64];
    int size = snprintf(line, sizeof line, "%llu %lld\\n", (unsigned long long)before.st_ino, (long long)before.st_size);
    int log = open(getenv("FSYNC_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log >= 0 && write(log, line, size) >= 0) close(log);
  }
  return result;
}
int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }
`

/** Builds a redis-server whose syncs are noted; null where there is no C compiler. */
export function watchFsync(folder: string, redisProgram: string): FsyncWatch | null {
  mkdirSync(folder, { recursive: true })
  const paths = { source: join(folder, 'fsync.c'), library: join(folder, 'fsync.so') }
  writeFileSync(paths.source, SOURCE)
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', paths.library, paths.source, '-ldl'])
  if (built.status !== 0) return null
  const program = join(folder, 'redis-server')
  const log = join(folder, 'synced')
  writeFileSync(
    program,
    `#!/bin/sh\nFSYNC_LOG='${log}' LD_PRELOAD='${paths.library}' exec '${redisProgram}' "$@"\n`,
  )
  chmodSync(program, 0o700)
  writeFileSync(log, '')
  return { program, log }
}

/** Cuts every log file in the folder to what was synced of it; returns how many bytes were lost. */
export function cutBack(folder: string, { log }: FsyncWatch): number {
  const synced = new Map<string, number>()
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [inode, size] = line.split(' ')
    if (inode && size) synced.set(inode, Math.max(synced.get(inode) ?? 0, Number(size)))
  }
  let lost = 0
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const { ino, size } = statSync(path)
    // The list of the files is written whole and renamed into place: it is not cut.
    if (!name.endsWith('.incr.aof')) continue
    const kept = Math.min(size, synced.get(String(ino)) ?? 0)
    lost += size - kept
    truncateSync(path, kept)
  }
  writeFileSync(log, '')
  return lost
}
