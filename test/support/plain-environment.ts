// On a terminal Vitest tells its workers to use colour, and they would tell every command that a test starts.
delete process.env["FORCE_COLOR"];
