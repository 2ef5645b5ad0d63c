import { spawn, type ChildProcess } from 'node:child_process';
import { SUITE } from './suite.js';

/** Longer than any trial's command takes: who is not done by then hangs. */
const HANG_MS = 300_000;

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments that run the command: `strace -f`. */
  readonly through?: readonly string[];
  /** The copy of the command that makes checkpoints all the time, where the real one waits for 5 s. */
  readonly isEager?: boolean;
  /** In ms: who is not done by then hangs; 5 minutes unless given. */
  readonly maxMs?: number;
}

export interface CommandResult {
  /** 128 + n where signal n ended it, as a shell has it. */
  readonly status: number;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly saidSoFar: () => string;
  /** Rejects where the command hangs. */
  readonly ended: Promise<CommandResult>;
  /** Whether it has ended. */
  readonly hasEnded: () => boolean;
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
  SIGXFSZ: 25,
};

/** Starts the built command without waiting for it. */
export function startCommand(args: readonly string[], options: CommandOptions): RunningCommand {
  const command = options.isEager === true ? SUITE.eagerCommand : SUITE.command;
  const [program = '', ...rest] = [...(options.through ?? []), process.execPath, command, ...args];
  const startMs = performance.now();
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...readNeutralEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, hasEnded] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<CommandResult>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`it hangs: ${args.join(' ')}\n${stderr}`));
    }, options.maxMs ?? HANG_MS);
    child.once('error', reject);
    child.once('exit', () => (hasEnded = true));
    child.once('close', (code, name) => {
      clearTimeout(timer);
      const signal = name ?? undefined;
      const status = code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0);
      resolve({ status, signal, stdout, stderr, elapsedMs: performance.now() - startMs });
    });
  });
  ended.catch(() => undefined); // told to whoever waits for it
  return { process: child, saidSoFar: () => stderr, ended, hasEnded: () => hasEnded };
}

/** Runs the built command to its end. */
export function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return startCommand(args, options).ended;
}

/** Runs another program to its end; resolves to its standard output. Rejects where it fails. */
export async function runProgram(program: string, ...args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')}: ${stderr.trim() || `status ${String(code)}`}`));
    });
  });
}

/** Nothing of the machine that runs the suite may change what the command says or does. */
function readNeutralEnvironment(): NodeJS.ProcessEnv {
  const steering =
    /^(?:SIGTABLES_|SLURM_|FORCE_COLOR$|NO_COLOR$|CLICOLOR|NODE_OPTIONS$|LD_PRELOAD$|CI$|npm_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}
