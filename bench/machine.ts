import { availableParallelism, loadavg } from "node:os";
import process from "node:process";

/** Where so many cores are not free, the client, the servers and the database wait for each other. */
const CORES = 4;

/** What the figures are taken on. */
export interface Machine {
  readonly cores: number;
  /** How much of the cores was in use before anything began. */
  readonly load: number;
  readonly database: string;
}

/** This machine, as it is now. @param version What PostgreSQL says of itself; null: there is none. */
export function thisMachine(version: string | null): Machine {
  const [load = 0] = loadavg();
  const database = version === null ? "embedded PGlite" : `PostgreSQL ${version}`;
  return { cores: availableParallelism(), load, database };
}

/** Whether the figures count: with fewer free cores they are printed, and nothing fails. */
export const isFree = ({ cores, load }: Machine): boolean => cores - load >= CORES;

/** The machine in one line. */
export const summary = ({ cores, load, database }: Machine): string =>
  `${cores} cores, load ${load.toFixed(1)} at the start; Node ${process.versions.node}; ${database}`;

/** The machine, and how the figures are to be read. */
export const described = (machine: Machine): string =>
  isFree(machine)
    ? summary(machine)
    : `${summary(machine)}\nFewer than ${CORES} cores were free: read the ratios loosely; what is missed fails nothing.`;
