import { inject } from "vitest";

/** How often a proof draws in this run, of how often it does in the whole one. */
export function draws(whole: number): number {
  return Math.ceil(whole * inject("proof").part);
}
