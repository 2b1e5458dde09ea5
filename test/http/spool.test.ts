import { readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Spool } from "../../src/http/spool.ts";

const opened: Spool[] = [];
afterEach(() => Promise.all(opened.splice(0).map((spool) => spool.close())));

/** A spool that holds these texts, one after the other. */
async function spoolOf(...texts: string[]): Promise<Spool> {
  const spool = new Spool();
  opened.push(spool);
  for (const text of texts) await spool.write(Buffer.from(text));
  return spool;
}

/** All that it hands over. */
async function sent(spool: Spool): Promise<string> {
  const pieces: Buffer[] = [];
  await spool.send(async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString();
}

const named = () => readdirSync(tmpdir()).filter((name) => /^fieldgate-[0-9a-f-]{36}$/.test(name));

/** The files without a name that this process has open, with their modes. */
function unnamed(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const found = statSync(join("/proc/self/fd", fd));
      return found.isFile() && found.nlink === 0 ? [(found.mode & 0o777).toString(8)] : [];
    } catch {
      return [];
    }
  });
}

describe("A spool", () => {
  it.each([
    ["nothing", []],
    ["little", ["a", "", "€😀"]],
    ["just what is kept in memory", ["a".repeat(1024 * 1024)]],
    ["one byte more", ["a".repeat(1024 * 1024), "b"]],
    ["one piece beyond it", ["x", "€".repeat(1024 * 1024), "y"]],
    ["much in small pieces", Array.from({ length: 30_000 }, (_, n) => `${n} ${"z".repeat(90)}`)],
  ])("gives back what was written, in its order: %s", async (_what, texts) => {
    const spool = await spoolOf(...texts);
    const whole = texts.join("");

    expect(spool.bytes).toBe(Buffer.byteLength(whole));
    expect((await sent(spool)) === whole).toBe(true);
  });

  it("is read as often as one likes", async () => {
    const spool = await spoolOf("x".repeat(3_000_000));

    expect((await sent(spool)).length).toBe(3_000_000);
    expect((await sent(spool)).length).toBe(3_000_000);
  });

  it.runIf(process.platform === "linux")(
    "is a file beyond what is kept in memory: of its user alone, without a name, and gone when it is closed",
    async () => {
      const before = [named(), unnamed()];
      await spoolOf("x");
      expect([named(), unnamed()]).toEqual(before);
      const spool = await spoolOf("x".repeat(3_000_000));
      expect([named(), unnamed()]).toEqual([before[0], [...(before[1] ?? []), "600"]]);
      await spool.close();
      expect([named(), unnamed()]).toEqual(before);
    },
  );
});
