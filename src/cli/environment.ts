import { existsSync } from "node:fs";

/** The variables of the environment, and of a `.env` file in this folder, which leaves set ones alone. */
export function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return env;
}
