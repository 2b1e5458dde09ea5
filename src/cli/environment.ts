import { existsSync, readFileSync } from "node:fs";
import { ConfigError } from "../config.ts";

const FILE = ".env";

/**
 * The variables of the environment, and of a `.env` file in this folder, which leaves set ones alone.
 *
 * @throws {ConfigError} for a file that cannot be read, or that has a line which would be passed over.
 */
export function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!existsSync(FILE)) return env;
  const line = faultyLine(contents());
  if (line !== null) {
    throw new ConfigError(
      `Line ${line} of ${FILE} has to be NAME=value or a # comment, with no space before it, or empty. Correct it. (It is not repeated here: it may hold a password.)`,
    );
  }
  process.loadEnvFile(FILE);
  return env;
}

function contents(): string {
  try {
    return readFileSync(FILE, "utf8");
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(
      `${FILE} cannot be read: ${message}. Make it a file that this user may read, or remove it.`,
    );
  }
}

/** A value in quotes, which may have several lines. */
const QUOTED = /=[ \t]*(["'`])[^]*?\1/g;

/** What a line may be. After one that begins with a space Node loses the next variable. */
const LINE = /^($|#|(export\s+)?[A-Za-z_][\w.-]*\s*=)/;

/** The number of the first line, from 1, that Node would pass over without a word; null: none. */
function faultyLine(text: string): number | null {
  const plain = text.replace(QUOTED, (value) => `=${value.replaceAll(/[^\n]/g, "")}`);
  const index = plain.split(/\r?\n/).findIndex((line) => !LINE.test(line));
  return index === -1 ? null : index + 1;
}
