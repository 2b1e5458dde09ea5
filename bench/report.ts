import { type Figure, verdict } from "./figure.ts";

/** A figure as Markdown, and below it what of it has to be reached, and is. */
export const report = ({ title, text, findings }: Figure): string =>
  [title, "", text, ...(findings.length > 0 ? ["", ...findings.map(verdict)] : []), "", ""].join(
    "\n",
  );
