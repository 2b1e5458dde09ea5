/* oxlint-disable typescript/no-unsafe-assignment -- the types of plain JavaScript are not known */
/**
 * The thread that PGlite lives in: it opens the database and answers runs of wire-protocol
 * messages, one after the other. Everything that has an opinion (who may speak, for how long)
 * is on the other side, in `session.ts`.
 *
 * Plain JavaScript, so that it loads alike under node, tsx and vitest.
 *
 * Receives `{ run: Uint8Array, endsWithFlush }` (whole frontend messages up to a Sync, a Flush or a
 * simple query) or `{ close: true }`; sends `{ opened: greeting }`, then for each run any number of
 * `{ bytes }` and one `{ bytes, done: { inTransaction } }`, at last `{ closed: true }`. Anything
 * unexpected ends the thread, which its owner sees as an `error` event.
 */
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { EmscriptenBuiltinFilesystem } from "@electric-sql/pglite/basefs";

/** Bytes of an answer that are gathered before they are sent on. */
const BLOCK = 256 * 1024;
/** Below this, copying an answer is cheaper than giving its block away. */
const SMALL = 16 * 1024;

/** Milliseconds between two looks at the log's length, while there is work. */
const UPKEEP_MS = 1_000;

/** The first byte of an ErrorResponse, and the first five of a ReadyForQuery. */
const ERROR = 0x45;
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/** A database in memory that begins as a copy of a closed folder, or empty. */
class CopiedFolder extends EmscriptenBuiltinFilesystem {
  /** @param {string | undefined} template */
  constructor(template) {
    super();
    this.template = template;
  }

  /** @override */
  async initialSyncFs() {
    if (this.template !== undefined) this.#copy(this.template, PGlite.paths.PGDATA);
  }

  /** @override */
  async closeFs() {
    this.pg.Module.FS.quit();
  }

  /** @param {string} from @param {string} to */
  #copy(from, to) {
    const files = this.pg.Module.FS;
    files.mkdirTree(to, 0o700);
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [join(from, entry.name), `${to}/${entry.name}`];
      if (entry.isDirectory()) this.#copy(source, target);
      else files.writeFile(target, readFileSync(source), { mode: 0o600 });
    }
  }
}

/**
 * Makes the folder where there is none. It is made beside its place and renamed, so that a process
 * killed meanwhile leaves no half database behind.
 *
 * @param {string} folder @param {string | undefined} template
 */
async function ensureFolder(folder, template) {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} exists but holds no database; move it away or restore a backup`);
  }
  const making = `${folder}.new`;
  rmSync(making, { recursive: true, force: true });
  if (template === undefined) await (await PGlite.create({ dataDir: making })).close();
  else cpSync(template, making, { recursive: true });
  renameSync(making, folder);
}

/** @param {{ folder?: string, template?: string }} where */
async function open({ folder, template }) {
  if (folder !== undefined) {
    await ensureFolder(folder, template);
    return PGlite.create({ dataDir: folder });
  }
  return template === undefined
    ? PGlite.create()
    : PGlite.create({ fs: new CopiedFolder(template) });
}

/** Gathers the pieces of one answer, copies each once out of PGlite's memory, and sends blocks. */
class Answer {
  #block = new Uint8Array(BLOCK);
  #used = 0;
  #tail = Buffer.alloc(0);

  /** @param {Uint8Array} piece only valid during the call */
  add(piece) {
    this.#tail =
      piece.length >= 6
        ? Buffer.from(piece.subarray(-6))
        : Buffer.concat([this.#tail, piece]).subarray(-6);
    if (this.#used + piece.length > BLOCK) this.#send();
    if (piece.length > BLOCK) return post({ bytes: piece.slice() });
    this.#block.set(piece, this.#used);
    this.#used += piece.length;
  }

  #send() {
    if (this.#used === 0) return;
    post({ bytes: this.#block.subarray(0, this.#used) });
    this.#block = new Uint8Array(BLOCK);
    this.#used = 0;
  }

  /** @returns {Uint8Array} what has not been sent; afterwards this can gather the next answer */
  rest() {
    if (this.#used > SMALL) this.#send();
    const rest = this.#block.slice(0, this.#used);
    this.#used = 0;
    this.#tail = Buffer.alloc(0);
    return rest;
  }

  /** Whether the last message was ReadyForQuery. */
  get isComplete() {
    return this.#tail.subarray(0, 5).equals(READY);
  }
}

/** @param {{ bytes: Uint8Array }} message whose bytes are given away */
function post(message) {
  parentPort.postMessage(message, [message.bytes.buffer]);
}

/** What the file system of PGlite, whose errors are no `Error`, has for a full disk. */
const NO_SPACE = 51;

/** @param {unknown} cause @returns {Error} in words that whoever has the folder can act upon */
function openError(cause) {
  if (cause?.errno === NO_SPACE) return new Error("there is no space left on its disk", { cause });
  const isTold = cause instanceof Error && !/^Aborted|failed to initialize/.test(cause.message);
  return isTold ? cause : new Error("its files are damaged, or of another release", { cause });
}

const database = await open(workerData).catch((cause) => {
  throw openError(cause);
});
const answer = new Answer();

/** @param {Uint8Array} messages */
async function run(messages) {
  try {
    // The streaming call: `execProtocolRaw` parses every answer and never frees what it parsed.
    await database.execProtocolRawStream(messages, { onRawData: (piece) => answer.add(piece) });
  } catch (cause) {
    throw new Error(`PGlite ended itself: ${cause?.message ?? cause}`, { cause });
  }
}

/**
 * Runs one unit. Where it leaves no transaction open, nothing of the session outlives it: settings,
 * roles, temporary tables, cursors, listeners and session locks are discarded (13 µs), since the
 * next unit may be someone else's. A unit that ends with a Flush has more to follow.
 *
 * @param {Uint8Array} messages @param {boolean} endsWithFlush
 */
async function runUnit(messages, endsWithFlush) {
  await run(messages);
  if (!endsWithFlush && !answer.isComplete) throw new Error("PGlite stopped amid an answer");
  const inTransaction = database.isInTransaction();
  post({ bytes: answer.rest(), done: { inTransaction } });
  if (inTransaction || endsWithFlush) return;
  await betweenClients();
}

let lastUpkeep = Date.now();

async function betweenClients() {
  await mustRun(workerData.forget);
  if (Date.now() - lastUpkeep < UPKEEP_MS) return;
  await mustRun(workerData.upkeep);
  lastUpkeep = Date.now();
}

/** @param {Uint8Array} message whose answer nobody reads */
async function mustRun(message) {
  await run(message);
  if (answer.rest()[0] === ERROR) throw new Error("PGlite refused what keeps its session in order");
}

async function close() {
  await database.close();
  parentPort.postMessage({ closed: true }, []);
  parentPort.close();
}

await run(workerData.startup);
parentPort.postMessage({ opened: answer.rest() }, []);
let last = Promise.resolve();
parentPort.on("message", (message) => {
  last = last.then(() => (message.close ? close() : runUnit(message.run, message.endsWithFlush)));
});
