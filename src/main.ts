// Read by graphql when it is loaded: elsewhere than in production it looks at every value twice.
process.env["NODE_ENV"] ??= "production";

const { startServer } = await import("./cli/serve.ts");
await startServer(process.env);
