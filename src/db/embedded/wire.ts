/** A run of frontend messages that PostgreSQL answers as one. */
export interface Unit {
  bytes: Uint8Array<ArrayBuffer>;
  /** More belongs to it: the session stays with this client until its Sync. */
  endsWithFlush: boolean;
}

/** What a client's bytes ask for. */
export type Request =
  | { kind: "startup" }
  | { kind: "encryption" }
  | { kind: "goodbye" }
  | { kind: "unit"; unit: Unit };

/** The bytes are not PostgreSQL's protocol, version 3, or not a part of it that is spoken here. */
export class ProtocolError extends Error {}

const PROTOCOL_3 = 3;
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
/** PostgreSQL's own limit of a message, in bytes. */
const LONGEST = 2 ** 30;
const STARTUP_HEADER = 8;
const HEADER = 5;

const KNOWN = new Set("QPBDECSHFXdcfp");
const ENDS_UNIT = new Set("QSHF");

const NO_NAMED_STATEMENTS = "named prepared statements; leave out the name";
const NO_COPY_FROM_STDIN = "COPY FROM STDIN; insert instead";

function message(type: string, ...parts: (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`) : Buffer.alloc(part))),
  );
  const head = Buffer.alloc(HEADER);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Its own memory, so that it can be given to another thread without a copy. */
function unitOf(bytes: Uint8Array, endsWithFlush: boolean): Unit {
  return { bytes: new Uint8Array(bytes), endsWithFlush };
}

/** A unit that fails as a statement does, so that a transaction around it is aborted as usual. */
function refusal(what: string, endsWithFlush: boolean): Unit {
  const sql = `do $$ begin raise exception using errcode = '0A000',
    message = 'The embedded database knows no ${what}.'; end $$`;
  const [parse, bind, execute] = [
    message("P", "", sql, 2),
    message("B", "", "", 6),
    message("E", "", 4),
  ];
  const end = message(endsWithFlush ? "H" : "S");
  return unitOf(Buffer.concat([parse, bind, execute, end]), endsWithFlush);
}

/** What PGlite cannot do in such a message: a COPY that reads from the client would end it. */
function unsupported(type: string, body: Buffer): string | undefined {
  if (type === "P" && body[0] !== 0) return NO_NAMED_STATEMENTS;
  const isCopy = type === "Q" && /^\s*copy\b/i.test(body.toString("latin1", 0, 100));
  return isCopy && /\bfrom\s+stdin\b/i.test(body.toString()) ? NO_COPY_FROM_STDIN : undefined;
}

/** The message that begins a connection, as PGlite's only user. */
export function startup(): Uint8Array {
  const parameters = Buffer.from("user\0postgres\0database\0postgres\0client_encoding\0UTF8\0\0");
  const head = Buffer.alloc(STARTUP_HEADER);
  head.writeInt32BE(STARTUP_HEADER + parameters.length, 0);
  head.writeInt32BE(PROTOCOL_3 << 16, 4);
  return Buffer.concat([head, parameters]);
}

/** A message that runs SQL without parameters. */
export function simpleQuery(sql: string): Uint8Array {
  return message("Q", sql);
}

/** A unit that ends whatever its client left open. */
export function rollback(): Unit {
  return unitOf(Buffer.concat([message("S"), simpleQuery("ROLLBACK")]), false);
}

/** The answer to a client that asks for encryption: go on without. */
export const NOT_ENCRYPTED = Buffer.from("N");

/** A message that tells a client why its connection ends; `code` is an SQLSTATE. */
export function fatal(code: string, text: string): Buffer {
  return message("E", "SFATAL", "VFATAL", `C${code}`, `M${text}`, 1);
}

/**
 * Cuts a client's bytes into requests, however they arrive. Bytes of an unfinished unit are kept
 * and joined once for each message, so that one of 50 MB in small pieces costs one copy.
 */
export class RequestReader {
  #pieces: Buffer[] = [];
  #length = 0;
  /** Bytes without which nothing more can be told. */
  #wanted = STARTUP_HEADER;
  #started = false;

  /** @throws ProtocolError; the reader is of no use afterwards. */
  read(piece: Buffer): Request[] {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return [];
    const requests: Request[] = [];
    let rest = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    for (;;) {
      const [request, used] = this.#started ? this.#readUnit(rest) : this.#readStartup(rest);
      rest = rest.subarray(used);
      if (request === undefined) break;
      requests.push(request);
    }
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    return requests;
  }

  #readStartup(bytes: Buffer): [Request | undefined, number] {
    this.#wanted = STARTUP_HEADER;
    if (bytes.length < STARTUP_HEADER) return [undefined, 0];
    const length = bytes.readUInt32BE(0);
    const code = bytes.readUInt32BE(4);
    if (length < STARTUP_HEADER || length > 10_000) {
      throw new ProtocolError("This is not the PostgreSQL protocol.");
    }
    this.#wanted = length;
    if (bytes.length < length) return [undefined, 0];
    this.#wanted = STARTUP_HEADER;
    if (code === SSL_REQUEST || code === GSS_REQUEST) return [{ kind: "encryption" }, length];
    if (code === CANCEL_REQUEST) return [{ kind: "goodbye" }, length];
    if (code >>> 16 !== PROTOCOL_3) throw new ProtocolError("Only protocol version 3 is spoken.");
    this.#started = true;
    return [{ kind: "startup" }, length];
  }

  #readUnit(bytes: Buffer): [Request | undefined, number] {
    let refused: string | undefined;
    for (let at = 0; ;) {
      this.#wanted = at + HEADER;
      if (bytes.length < at + HEADER) return [undefined, 0];
      const type = String.fromCharCode(bytes.readUInt8(at));
      const end = at + 1 + lengthAt(bytes, at + 1, type);
      this.#wanted = end;
      if (bytes.length < end) return [undefined, 0];
      if (type === "X") return [{ kind: "goodbye" }, end];
      refused ??= unsupported(type, bytes.subarray(at + HEADER, end));
      at = end;
      if (!ENDS_UNIT.has(type)) continue;
      const endsWithFlush = type === "H";
      const unit = refused
        ? refusal(refused, endsWithFlush)
        : unitOf(bytes.subarray(0, end), endsWithFlush);
      return [{ kind: "unit", unit }, end];
    }
  }
}

function lengthAt(bytes: Buffer, at: number, type: string): number {
  const length = bytes.readUInt32BE(at);
  if (!KNOWN.has(type) || length < 4 || length > LONGEST) {
    throw new ProtocolError("This is not a message of the PostgreSQL protocol.");
  }
  return length;
}
