#!/usr/bin/env node
// The command `fieldgate`, which is what `npm start` runs too.
import process from "node:process";
import { bundled } from "./bundle.mjs";

process.setSourceMapsEnabled(true);
await import(await bundled());
