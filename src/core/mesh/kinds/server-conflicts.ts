import { field, type Json, textField } from "../../model/json.ts";
import { listAt, scalarText } from "../sites.ts";

/** The name behind `namespace/` in the host of a server. */
function dnsName(host: Json): string {
  return scalarText(host).split("/").at(-1) ?? "";
}

/** Whether two servers of a Gateway want the same port for other protocols, or for hosts that overlap. */
export function areInConflict(servers: readonly Json[]): boolean {
  const byPort = new Map<string, Json[]>();
  for (const server of servers) {
    const port = JSON.stringify([
      scalarText(field(field(server, "port"), "number")),
      textField(server, "bind"),
    ]);
    const others = byPort.get(port);
    if (others === undefined) byPort.set(port, [server]);
    else others.push(server);
  }
  return [...byPort.values()].some((group) => group.length > 1 && wantTheSame(group));
}

function wantTheSame(servers: readonly Json[]): boolean {
  const protocols = servers.map((server) => textField(field(server, "port"), "protocol").toUpperCase());
  return (
    new Set(protocols).size > 1 || doOverlap(servers.map((server) => listAt(server, "hosts").map(dnsName)))
  );
}

/** Whose a name is: the number of the server, or that of several. */
type Owners = Map<string, number | "several">;

/** Whether a name of one server fits one of another. A Gateway may have thousands, so that no pair of names is looked at. */
function doOverlap(namesByServer: readonly (readonly string[])[]): boolean {
  const names: Owners = new Map();
  const endings: Owners = new Map();
  namesByServer.forEach((own, server) => {
    for (const name of own) {
      note(names, name, server);
      if (name.startsWith("*")) note(endings, name.slice(1), server);
    }
  });
  const lengths = [...new Set([...endings.keys()].map(({ length }) => length))];
  return [...names].some(
    ([name, owner]) =>
      owner === "several" ||
      lengths.some((length) => {
        const other = length <= name.length ? endings.get(name.slice(name.length - length)) : undefined;
        return other !== undefined && other !== owner;
      }),
  );
}

function note(owners: Owners, name: string, server: number): void {
  const known = owners.get(name);
  owners.set(name, known === undefined || known === server ? server : "several");
}
