import { FIRST_STEPS, LATER_STEPS } from "./steps.ts";
import { FreshClone } from "./fresh-clone.ts";
import { Hour } from "./hour.ts";

/**
 * The first hour of somebody who has never seen the program: `npm run first-hour` clones what is committed
 * into an empty folder, with an empty home, and does there what this checkout's README says and what people do
 * besides. It prints how long each step took, and fails where one of them does not hold.
 */
const MOST_SECONDS = 300;

const clone = new FreshClone();
process.once("exit", () => clone.remove());
process.once("SIGINT", () => process.exit(130));

const hour = new Hour(clone);
try {
  for (const step of FIRST_STEPS) await hour.do(step);
  hour.say(`From git clone to the first denied field: ${hour.seconds.toFixed(0)} s`);
  if (hour.seconds > MOST_SECONDS) throw new Error(`That is more than ${MOST_SECONDS} s.`);
  for (const step of LATER_STEPS) await hour.do(step);
  hour.say(`All of it: ${hour.seconds.toFixed(0)} s`);
} catch (error) {
  process.exitCode = 1;
  hour.say(`It does not hold: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await hour.end();
}
