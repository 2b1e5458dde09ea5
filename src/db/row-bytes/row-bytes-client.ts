import type { Readable } from "node:stream";
import pg from "pg";
import { Parser } from "pg-protocol/dist/parser.js";

/**
 * Takes a row of an answer as the server sent it: a `DataRow` message of PostgreSQL's protocol, whose body begins at
 * the offset. The bytes are only lent: they change when the call has ended.
 */
export type TakeRow = (bytes: Buffer, offset: number) => void;

/** What of the driver's connection is used here; the driver is pinned to a version that has it. */
interface Connection {
  attachListeners: (stream: Readable) => void;
  emit: (event: string, message: Message) => void;
}

interface Message {
  readonly name: string;
}

/** What of the driver's parser is used here: a packet is parsed where it stands among bytes. */
interface PacketParser {
  parse: (bytes: Buffer, onMessage: (message: Message) => void) => void;
  handlePacket: (offset: number, code: number, length: number, bytes: Buffer) => Message;
}

const DATA_ROW = "D".charCodeAt(0);

type HandlePacket = PacketParser["handlePacket"];

/** A row, of which the driver makes texts only when it asks for them. */
class LentRow implements Message {
  readonly name = "dataRow";
  readonly bytes: Buffer;
  readonly offset: number;
  /** As the driver adds it to what it parses itself. */
  readonly length: number;
  readonly #parse: HandlePacket;

  constructor(parse: HandlePacket, ...[offset, _code, length, bytes]: Parameters<HandlePacket>) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.#parse = parse;
  }

  get fields(): unknown {
    const row = this.#parse(this.offset, DATA_ROW, this.length, this.bytes);
    return (row as Message & { readonly fields: unknown }).fields;
  }
}

/**
 * A client of the driver that can hand out rows as bytes: the driver itself makes a text of each cell, which costs
 * more than all else of a large answer.
 */
export class RowBytesClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { readonly connection: Connection };
    const onMessage = (message: Message) =>
      connection.emit(message.name === "error" ? "errorMessage" : message.name, message);
    connection.attachListeners = (stream) => {
      const parser = lendingParser();
      stream.on("data", (bytes: Buffer) => parser.parse(bytes, onMessage));
    };
  }
}

function lendingParser(): PacketParser {
  const parser = new Parser() as unknown as PacketParser;
  const handlePacket = parser.handlePacket.bind(parser);
  parser.handlePacket = (offset, code, length, bytes) =>
    code === DATA_ROW
      ? new LentRow(handlePacket, offset, code, length, bytes)
      : handlePacket(offset, code, length, bytes);
  return parser;
}

/** A statement whose rows are taken as bytes, each when it arrives. */
export class RowBytesQuery extends pg.Query {
  readonly #take: TakeRow;

  /** @param done Called when the statement has ended, with what it failed of: also with what `take` has thrown. */
  constructor(statement: pg.QueryConfig, take: TakeRow, done: (error: Error | undefined) => void) {
    super(statement, done);
    this.#take = take;
  }

  /** Called by the driver. What it throws would end the process. */
  handleDataRow({ bytes, offset }: LentRow): void {
    const state = this as { _canceledDueToError?: unknown };
    if (state._canceledDueToError) return;
    try {
      this.#take(bytes, offset);
    } catch (error) {
      state._canceledDueToError = error;
    }
  }
}
