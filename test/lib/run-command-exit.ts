import { startCommand } from "../../src/lib/run-command.ts";

/** Starts a command that would run for ever, tells its process id, and exits while it runs. */
startCommand(process.execPath, ["-e", "console.log(process.pid); setInterval(() => 0, 1000)"], {
  env: {},
  onStdout: (chunk) => {
    process.stdout.write(chunk, () => process.exit(7));
  },
});
