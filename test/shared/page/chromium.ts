/** Chromium, driven over its own protocol: enough of it to open a page, ask about it and take its picture. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where Debian's package puts it; undefined where it is not installed. */
export const chromiumPath = (): string | undefined =>
  ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

type Json = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}

export interface Tab {
  readonly send: (method: string, params?: Json) => Promise<Json>;
  /** The value of an expression on the page. */
  readonly evaluate: <Value>(expression: string) => Promise<Value>;
  /** Errors, refusals and uncaught exceptions since the last call. */
  readonly complaints: () => readonly string[];
  /** Opens the address; done when all of it has loaded. */
  readonly open: (url: string) => Promise<void>;
}

export interface Browser {
  readonly tab: Tab;
  readonly close: () => Promise<void>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
];

const debuggerAddress = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    const { stderr } = child;
    if (stderr === null) return reject(new Error('chromium has no stderr'));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`chromium ended with ${code} before it listened`)));
    createInterface({ input: stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });

const COMPLAINTS: Readonly<Record<string, (params: Json) => string | undefined>> = {
  'Log.entryAdded': ({ entry }) => {
    const { level, text } = entry as { level: string; text: string };
    return level === 'error' || level === 'warning' ? text : undefined;
  },
  'Runtime.exceptionThrown': (params) => JSON.stringify(params),
  'Runtime.consoleAPICalled': (params) => JSON.stringify(params['args']),
};

const connected = async (address: string): Promise<{ socket: WebSocket; tab: Tab }> => {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
  let loaded: () => void = () => {};
  let complaints: string[] = [];
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    const waiter = waiting.get(message.id ?? -1);
    if (message.error) waiter?.reject(new Error(message.error.message));
    else waiter?.resolve(message.result ?? {});
    if (message.method === 'Page.loadEventFired') loaded();
    const complaint = COMPLAINTS[message.method ?? '']?.(message.params ?? {});
    if (complaint !== undefined) complaints.push(complaint);
  });
  const send: Tab['send'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`);
  const tab: Tab = {
    send,
    evaluate: async <Value>(expression: string): Promise<Value> => {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true });
      return (result as { value: Value }).value;
    },
    complaints: () => {
      const told = complaints;
      complaints = [];
      return told;
    },
    open: async (url) => {
      const done = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send('Page.navigate', { url });
      await done;
    },
  };
  return { socket, tab };
};

/** Starts a browser with one tab and a profile of its own, gone when it is closed. */
export const launchChromium = async (path: string): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'capstack-chromium-'));
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { host } = new URL(await debuggerAddress(child));
  const targets = (await (await fetch(`http://${host}/json/list`)).json()) as readonly {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const page = targets.find(({ type }) => type === 'page');
  if (page === undefined) throw new Error('chromium opened no tab');
  const { socket, tab } = await connected(page.webSocketDebuggerUrl);
  return {
    tab,
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      socket.close();
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
};
