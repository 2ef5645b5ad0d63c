import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';

/** The size of `sun_path` on Linux. */
const SOCKET_NAME_BYTES = 108;

/** A name in the kernel that one process at a time can hold for a folder, and that the kernel frees when it ends. */
export interface FolderSocket {
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Tries to take the socket of `folder`, a mutex among the processes of one network namespace: `held` if another one
 * has it, `unsupported` where there are no abstract sockets or binding one is refused.
 */
export async function bindFolderSocket(folder: string): Promise<FolderSocket | 'held' | 'unsupported'> {
  if (process.platform !== 'linux') return 'unsupported';
  const { dev, ino } = await stat(folder, { bigint: true });
  const name = `sigtables-${String(dev)}-${String(ino)}`;
  const server = createServer((connection) => connection.destroy());
  const code = await listen(server, name);
  if (code === 'EADDRINUSE') return 'held';
  if (code !== undefined) return 'unsupported';
  server.unref();
  return { name, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** Returns the code of the error, if there was one. */
function listen(server: Server, name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Stays: a stranger's connection that cannot be accepted (no free descriptor) must not end the build.
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'));
    server.once('listening', () => resolve(undefined));
    // Of full length, because Node 20 pads a shorter name with zeros and later ones do not: they would not meet.
    server.listen({ path: `\0${name.padEnd(SOCKET_NAME_BYTES - 1, '.')}`, exclusive: true });
  });
}
