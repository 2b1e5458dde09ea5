import { startServer } from "./cli/serve.ts";

await startServer(process.env);
