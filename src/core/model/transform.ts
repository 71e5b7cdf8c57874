/** What a deployer adds to an overlay before it renders it (Flux: spec of a Kustomization; Argo CD: source.kustomize). */
export interface Transform {
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  /** Folders, relative to the overlay. */
  readonly components?: readonly string[];
  /** As in a kustomization: `{ patch, path, target }`. */
  readonly patches?: readonly Readonly<Record<string, unknown>>[];
  /** As in a kustomization: `{ name, newName, newTag, digest }`. */
  readonly images?: readonly Readonly<Record<string, string>>[];
}
