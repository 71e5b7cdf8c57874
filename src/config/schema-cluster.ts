import * as z from "zod";
import {
  duration,
  file,
  listOf,
  mapping,
  namespace,
  namespaces,
  subdomain,
  text,
  words,
} from "./schema-words.ts";

const istio = z
  .strictObject(
    {
      version: text(/^\d+\.\d+(?:\.\d+)?$/, 'expected a version in quotes, such as "1.30"'),
      domain: text(subdomain, "expected a domain such as cluster.local"),
      rootNamespace: namespace,
      sharedMeshConfig: text(subdomain, "expected the name of a ConfigMap"),
    },
    mapping,
  )
  .partial()
  .describe("Facts about the mesh that its objects do not tell");

const serverExpected = "expected the https URL of an API server";

/** One live side as it is written. That it names exactly one place to read from is a rule of its own (rules.ts). */
export const clusterSchema = z.strictObject(
  {
    snapshot: text(words, "expected the path of a file or folder, or -")
      .optional()
      .describe(
        "A file or folder of `kubectl get -o yaml|json` output (relative to this file), or - for standard input",
      ),
    maxAge: duration.optional().describe("An older snapshot counts as unknown"),
    kinds: listOf(
      text(/^[A-Z][A-Za-z0-9]*(?:\.[a-z0-9][a-z0-9.-]*)?$/, "expected a kind such as VirtualService"),
      "expected a list of kinds",
    )
      .optional()
      .describe("Kinds that the snapshot holds completely, even those it has no object of"),
    context: text(words, "expected the name of a context").optional().describe("A context of a kubeconfig"),
    kubeconfig: file
      .optional()
      .describe(
        "The kubeconfig of the context (relative to this file); KUBECONFIG or ~/.kube/config where absent",
      ),
    inCluster: z
      .literal(true, { error: "expected true" })
      .optional()
      .describe("The cluster that drift itself runs in, with its service account"),
    server: text(/^https:\/\/[^\s\p{Cc}@?#]+$/u, serverExpected)
      .refine((value) => URL.canParse(value), { error: serverExpected })
      .optional()
      .describe("The URL of an API server"),
    caFile: file
      .optional()
      .describe("The certificates that the server's is checked with (relative to this file)"),
    tokenFile: file.optional().describe("A file (relative to this one) with the token for the server"),
    namespaces: namespaces
      .optional()
      .describe("The namespaces that the snapshot holds, or that are listed one by one; all where absent"),
    audit: file
      .optional()
      .describe(
        "A file (relative to this one) of Kubernetes audit events, a JSON document a line: it tells users",
      ),
    istio: istio.optional(),
  },
  mapping,
);

/** Where a live side may come from; each with the keys that belong to it. */
export const liveSides: Readonly<Record<string, readonly string[]>> = {
  snapshot: ["maxAge", "kinds"],
  context: ["kubeconfig"],
  inCluster: [],
  server: ["caFile", "tokenFile"],
};

/** The keys of `istio`. */
export const istioKeys = Object.keys(istio.shape);
