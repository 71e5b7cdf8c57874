import * as z from "zod";
import { parseLabelSelector } from "../core/model/label-selector.ts";
import { normaliseOverlay } from "./location.ts";
import {
  access,
  duration,
  listOf,
  mapping,
  name,
  namespace,
  namespaces,
  repositoryUrl,
  revision,
  text,
  words,
} from "./schema-words.ts";

const repositoryMapping = z.strictObject(
  {
    url: repositoryUrl.describe("A path (relative to this file) or an https or ssh URL, without credentials"),
    revision: revision.optional(),
    allowStale: duration
      .optional()
      .describe("When the remote is away, the last fetch may be used if it is not older than this"),
    ...access,
  },
  mapping,
);

/** A repository as it is written. */
export const repositorySchema = z.union([repositoryUrl, repositoryMapping], {
  error: "expected a path, a URL or a mapping",
});

function folder(expected: string): z.ZodString {
  return text(words, expected).refine((value) => normaliseOverlay(value) !== undefined, { error: expected });
}

const nameOfVariable = /^[A-Za-z_][A-Za-z0-9_]*$/;

const substitute = z
  .record(
    text(nameOfVariable, "expected the name of a variable: letters, digits and _"),
    z.string({ error: "expected a text (in quotes, if it looks like something else)" }),
    mapping,
  )
  .describe("Values of ${NAME}, put in after rendering as Flux does (postBuild.substitute)");

const affix = text(/^[a-z0-9.-]{1,63}$/, "expected lower-case letters, digits, - and .");

const patch = z.strictObject(
  {
    patch: z.string({ error: "expected the text of a patch" }).optional(),
    path: text(words, "expected the path of a file, relative to the overlay").optional(),
    target: z
      .record(z.string(), z.string({ error: "expected a text" }), mapping)
      .optional()
      .describe("Which objects: group, version, kind, name, namespace, labelSelector, annotationSelector"),
    options: z
      .record(z.string(), z.boolean({ error: "expected true or false" }), mapping)
      .optional()
      .describe("allowNameChange, allowKindChange"),
  },
  mapping,
);

const image = z.strictObject(
  {
    name: text(words, "expected the name of an image"),
    newName: text(words, "expected the name of an image").optional(),
    newTag: text(words, "expected a tag").optional(),
    digest: text(words, "expected a digest").optional(),
  },
  mapping,
);

const transform = z
  .strictObject(
    {
      namespace: namespace.optional(),
      namePrefix: affix.optional(),
      nameSuffix: affix.optional(),
      components: listOf(
        text(words, "expected a folder, relative to the overlay"),
        "expected a list of folders",
      ).optional(),
      patches: listOf(patch, "expected a list of patches").optional(),
      images: listOf(image, "expected a list of images").optional(),
      substitute: substitute.optional(),
    },
    mapping,
  )
  .describe("What the deployer adds on top of the overlay");

const selectorExpected = "expected a label selector as kubectl -l takes it, such as team=mesh";

const scope = z
  .strictObject(
    {
      namespaces: namespaces.optional(),
      namespaceSelector: z
        .string({ error: selectorExpected })
        .refine((value) => parseLabelSelector(value) !== undefined, { error: selectorExpected })
        .optional()
        .describe("Also the namespaces with these labels, as `kubectl get namespaces -l` finds them"),
    },
    mapping,
  )
  .describe("Where `extra` objects may be reported; nowhere where absent");

const delivering = text(
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
  "expected a namespace and a name, such as argocd/mesh-prod",
);

const deployer = z
  .strictObject(
    {
      argocd: delivering.optional().describe("An Application of Argo CD: namespace/name"),
      flux: delivering.optional().describe("A Kustomization of Flux: namespace/name"),
    },
    mapping,
  )
  .describe("The object that delivers the target: it tells which commit is applied");

/** One target as it is written. That it names an overlay or manifests is a rule of its own (rules.ts). */
export const targetSchema = z.strictObject(
  {
    name,
    overlay: folder("expected a folder inside the repository, such as overlays/prod")
      .optional()
      .describe("A folder of the repository with a kustomization"),
    manifests: folder("expected a file or folder inside the repository, such as rendered/prod")
      .optional()
      .describe("A file or folder of the repository with manifests that need no rendering"),
    cluster: z
      .string({ error: "expected the name of a cluster" })
      .describe("The name of one of the clusters"),
    environment: text(words, "expected a word such as prod").optional(),
    repository: repositorySchema.optional().describe("Instead of the repository of all targets"),
    revision: revision.optional().describe("Instead of the revision of the repository"),
    transform: transform.optional(),
    scope: scope.optional(),
    deployer: deployer.optional(),
  },
  mapping,
);

/** The keys of the mappings inside of a target and of a repository. */
export const targetKeys = {
  repository: Object.keys(repositoryMapping.shape),
  scope: Object.keys(scope.shape),
  transform: Object.keys(transform.shape),
  patch: Object.keys(patch.shape),
  image: Object.keys(image.shape),
  deployer: Object.keys(deployer.shape),
};
