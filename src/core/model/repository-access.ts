/** How a private repository is reached. The secrets stay in their files, which are read anew for each command. */
export type RepositoryAccess =
  | {
      /** For https. */
      readonly type: "token";
      /** An absolute path; the first line of the file is the token. */
      readonly tokenFile: string;
      /** The user name that goes with it; "x-access-token" (GitHub) where absent. */
      readonly username?: string;
    }
  | {
      /** For ssh. */
      readonly type: "ssh-key";
      /** An absolute path. */
      readonly keyFile: string;
      /** An absolute path; with it only hosts that it names are spoken to. */
      readonly knownHostsFile?: string;
    };
