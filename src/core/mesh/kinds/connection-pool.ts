import * as s from "../shapes.ts";
import type { Field } from "../table.ts";

/** Limits of TCP connections (ConnectionPoolSettings): of a DestinationRule's clients, of a Sidecar's own workload. */
export const tcpLimits: Readonly<Record<string, Field>> = {
  maxConnections: s.number(),
  connectTimeout: s.duration(),
  tcpKeepalive: s.message({ probes: s.number(), time: s.duration(), interval: s.duration() }),
  maxConnectionDuration: s.duration(),
  idleTimeout: s.duration(),
};

/** The same for HTTP. */
export const httpLimits: Readonly<Record<string, Field>> = {
  http1MaxPendingRequests: s.number(),
  http2MaxRequests: s.number(),
  maxRequestsPerConnection: s.number(),
  maxRetries: s.number(),
  idleTimeout: s.duration(),
  h2UpgradePolicy: s.enumeration("DEFAULT"),
  useClientProtocol: s.boolean(),
  maxConcurrentStreams: s.number(),
};
