import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  DataFolderBusyError,
  DataFolderError,
  takeDataFolder,
} from "../../../src/db/embedded/data-folder.ts";
import { livenessOf, thisProcess } from "../../../src/db/embedded/process-identity.ts";
import { cleanUp, startChild, temporaryFolder } from "./support.ts";

afterAll(cleanUp);

describe("a data folder", () => {
  test("is made for its user alone", async () => {
    const folder = join(temporaryFolder(), "deep", "data");
    const taken = await takeDataFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual(["lock"]);
    taken.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is refused in words where it cannot be one", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(takeDataFolder(file)).rejects.toThrow(DataFolderError);
    await expect(takeDataFolder(join(file, "below"))).rejects.toThrow("name another");
  });

  test("is refused in words to a user who may not write it", async () => {
    const folder = join(temporaryFolder(), "closed");
    mkdirSync(folder, { mode: 0o500 });
    const isRoot = process.geteuid?.() === 0;
    // Root may write anywhere, so somebody else asks.
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(takeDataFolder(join(folder, "data"))).rejects.toThrow(
        /cannot be used: this user may not make, read or write it\. Make it a folder that/,
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test("is refused, and not tried for ever, where none can be made", async () => {
    await expect(takeDataFolder("/proc/fieldgate/data")).rejects.toThrow(DataFolderError);
  });

  test("is not made of a folder that others use", async () => {
    const folder = join(temporaryFolder(), "shared");
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, "letter.txt"), "");
    await expect(takeDataFolder(folder)).rejects.toThrow("holds other files");
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  test("is refused to the same process twice", async () => {
    const folder = temporaryFolder();
    const taken = await takeDataFolder(folder);
    const error = await takeDataFolder(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DataFolderBusyError);
    expect(error).toMatchObject({ pid: process.pid });
    expect(String(error)).toContain("this very process");
    taken.release();
    (await takeDataFolder(folder)).release();
  });

  test("is given after a dead holder, whatever the lock's text looks like", async () => {
    const me = thisProcess();
    const texts = [
      { ...me, pid: 4_194_304 },
      { ...me, started: "some other time" },
      { ...me, boot: "some other boot" },
      { ...me, namespace: "some other container, whose socket is silent" },
      null,
    ].map((holder) => JSON.stringify(holder));
    for (const text of [...texts, "", "torn {"]) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "lock"), text);
      (await takeDataFolder(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  test("is given after a process that died while it took over", async () => {
    const folder = temporaryFolder();
    const lock = join(folder, "lock");
    const dead = JSON.stringify({ ...thisProcess(), pid: 4_194_304 });
    const digest = createHash("sha256").update(dead).digest("hex").slice(0, 16);
    writeFileSync(lock, dead);
    writeFileSync(`${lock}.${digest}`, JSON.stringify({ ...thisProcess(), pid: 4_194_303 }));
    (await takeDataFolder(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is refused while a living process takes over", async () => {
    const folder = temporaryFolder();
    const lock = join(folder, "lock");
    const dead = JSON.stringify({ ...thisProcess(), pid: 4_194_304 });
    const digest = createHash("sha256").update(dead).digest("hex").slice(0, 16);
    writeFileSync(lock, dead);
    writeFileSync(`${lock}.${digest}`, JSON.stringify(thisProcess()));
    await expect(takeDataFolder(folder)).rejects.toThrow(DataFolderBusyError);
    expect(readFileSync(lock, "utf8")).toBe(dead);
  });

  test("goes to exactly one of four processes that race for a stale lock, 100 times", async () => {
    const folder = temporaryFolder();
    const racers = [1, 2, 3, 4].map(() => startChild("race", folder));
    await Promise.all(racers.map((racer) => racer.hear()));
    for (let round = 0; round < 100; round += 1) {
      const dead = { ...thisProcess(), pid: 4_194_304, nonce: round };
      writeFileSync(join(folder, "lock"), JSON.stringify(dead));
      const at = String(Date.now() + 5);
      for (const racer of racers) racer.say(at);
      const results = await Promise.all(racers.map((racer) => racer.hear()));
      expect(results.toSorted()).toEqual([
        ...Array.from({ length: 3 }, () => "DataFolderBusyError"),
        "won",
      ]);
      const holder = JSON.parse(readFileSync(join(folder, "lock"), "utf8")) as { pid: number };
      expect(holder.pid).toBe(racers[results.indexOf("won")]?.process.pid);
      for (const racer of racers) racer.say("release");
      await Promise.all(racers.map((racer) => racer.hear()));
    }
    await Promise.all(racers.map((racer) => racer.kill()));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a process", () => {
  test("is alive itself, dead under another start or boot, unknown in another container", () => {
    const me = thisProcess();
    expect(livenessOf(me)).toBe("alive");
    expect(livenessOf({ ...me, started: "before" })).toBe("dead");
    expect(livenessOf({ ...me, boot: "before" })).toBe("dead");
    expect(livenessOf({ ...me, pid: 4_194_304 })).toBe("dead");
    expect(livenessOf({ ...me, namespace: "elsewhere" })).toBe("unknown");
  });

  test("that was killed and not collected is dead", async () => {
    const parent = startChild("race", temporaryFolder());
    await parent.hear();
    const alive = { ...thisProcess(), pid: parent.process.pid ?? 0, started: undefined };
    expect(livenessOf(alive)).toBe("alive");
    await parent.kill();
    expect(livenessOf(alive)).toBe("dead");
  });
});
