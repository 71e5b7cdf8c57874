/** How Git reaches a repository; also the only transport it may use for it (GIT_ALLOW_PROTOCOL). */
export type Transport = "file" | "https" | "ssh";

/** What Git, curl and ssh need from the parent to reach a remote; everything else of its environment is dropped. */
const passedThrough: Readonly<Record<Transport, readonly string[]>> = {
  file: [],
  https: [
    ...["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"],
    ...["GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ],
  ssh: ["HOME", "SSH_AUTH_SOCK"],
};

/**
 * Configuration of every command, passed as GIT_CONFIG_KEY_<n>: the files of the machine and of the user are not read,
 * and these win over the file of the mirror.
 */
const configuration: readonly (readonly [key: string, value: string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.attributesFile", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["credential.helper", ""],
  ["fetch.fsckObjects", "true"],
  // Old repositories hold these; they change nothing about a file's name or bytes.
  ["fetch.fsck.zeroPaddedFilemode", "warn"],
  ["fetch.fsck.badTimezone", "warn"],
  ["fetch.fsck.missingSpaceBeforeDate", "warn"],
  // Every fetch becomes one pack, so that the size of a running fetch can be read off one folder.
  ["fetch.unpackLimit", "1"],
  ["fetch.writeCommitGraph", "false"],
  ["gc.auto", "0"],
  ["gc.autoDetach", "false"],
  // A redirect would send us to a host that nobody configured.
  ["http.followRedirects", "false"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
];

/** ssh without a terminal: no question is ever asked, and a mute server is given up (in seconds). */
export const sshCommand =
  "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=2";

/**
 * The whole environment of a Git command. Variables of the parent that change what Git does (GIT_DIR,
 * GIT_CONFIG_*, GIT_EXTERNAL_DIFF, ...) do not reach it, nor do ~/.gitconfig, /etc/gitconfig and ~/.netrc.
 *
 * `globalConfigFile` takes the place of ~/.gitconfig: an upload-pack of a local repository gets its configuration from
 * nowhere else, because Git strips GIT_CONFIG_COUNT from the environment of that process.
 */
export function gitEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  transport: Transport,
  globalConfigFile = "/dev/null",
): Record<string, string> {
  const env: Record<string, string> = {
    LC_ALL: "C",
    // curl would read ~/.netrc, and Git ~/.config/git/attributes.
    HOME: "/dev/null",
    GIT_ALLOW_PROTOCOL: transport,
    GIT_CONFIG_GLOBAL: globalConfigFile,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    ...(transport === "ssh" ? { GIT_SSH_COMMAND: sshCommand } : {}),
    ...configurationVariables(),
  };
  for (const name of ["PATH", "TMPDIR", ...passedThrough[transport]]) {
    const value = parent[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

function configurationVariables(): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(configuration.length) };
  for (const [i, [key, value]] of configuration.entries()) {
    variables[`GIT_CONFIG_KEY_${String(i)}`] = key;
    variables[`GIT_CONFIG_VALUE_${String(i)}`] = value;
  }
  return variables;
}
