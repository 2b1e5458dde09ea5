import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventKeyFor } from "../../src/cli/event-key.ts";
import { ConfigError } from "../../src/config.ts";
import { eventKeyOf } from "../../src/events/event-key.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fieldgate-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("The key of events", () => {
  it("is that of the environment, and then no file is made", async () => {
    const eventKey = Buffer.alloc(40, 1);
    const key = await eventKeyFor({ eventKey, dataDir: folder });

    expect(key.id).toBe(eventKeyOf(eventKey).id);
    await expect(stat(join(folder, "event-key"))).rejects.toThrow("ENOENT");
  });

  it("or else is made once, for its owner alone, in a folder that may not be there yet", async () => {
    const dataDir = join(folder, "not", "there");
    const keys = await Promise.all([1, 2, 3].map(() => eventKeyFor({ eventKey: null, dataDir })));
    const { mode } = await stat(join(dataDir, "event-key"));

    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect(mode & 0o777).toBe(0o600);
    const text = await readFile(join(dataDir, "event-key"), "utf8");
    expect(Buffer.from(text, "base64")).toHaveLength(32);
  });

  it("stops the start where its file holds none", async () => {
    await writeFile(join(folder, "event-key"), "short");
    const key = eventKeyFor({ eventKey: null, dataDir: folder });

    await expect(key).rejects.toThrow(ConfigError);
    await expect(key).rejects.toThrow(/event-key cannot be used: .* set EVENT_KEY/);
  });

  it("signs parts so that no others have the same signature", () => {
    const { sign } = eventKeyOf(Buffer.alloc(32, 1));
    const signed = [
      sign("a", "b"),
      sign("ab"),
      sign("a", "b", null),
      sign("a", "b", "null"),
      sign("a", 'b","'),
    ];

    expect(new Set(signed.map((mac) => mac.toString("hex"))).size).toBe(5);
    expect(() => eventKeyOf(Buffer.alloc(31))).toThrow(RangeError);
  });
});
