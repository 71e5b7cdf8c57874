/**
 * Messages of Envoy's API that EnvoyFilters hold often, as far as their fields may be spelled in more than one way.
 * What is in no list here is compared as it stands: a name may as well be the key of a map, and a text may be any text.
 * Source: envoy api/envoy/** of the package that each message is named after.
 */
export interface EnvoyMessage {
  /** Fields whose values are compared as they stand, parted by blanks. */
  readonly plain?: string;
  /** Fields that are a google.protobuf.Duration. */
  readonly times?: string;
  /** Fields that hold a message, or a list of them, with its name here; `any` is told by its "@type". */
  readonly parts?: Readonly<Record<string, string>>;
  /** Fields that are a map of messages: its keys are as they stand. */
  readonly maps?: Readonly<Record<string, string>>;
}

const rateLimit = "envoy.extensions.filters.http.ratelimit.v3.RateLimit";
const localRateLimit = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
const manager = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
const upstream = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

const clusters: Readonly<Record<string, EnvoyMessage>> = {
  "envoy.config.cluster.v3.Cluster": {
    plain:
      "name alt_stat_name type lb_policy respect_dns_ttl dns_lookup_family use_tcp_for_dns_lookups circuit_breakers " +
      "ignore_health_on_host_removal max_requests_per_connection per_connection_buffer_limit_bytes eds_cluster_config " +
      "http_protocol_options http2_protocol_options close_connections_on_host_health_failure wait_for_warm_on_init",
    times: "connect_timeout dns_refresh_rate cleanup_interval",
    parts: {
      load_assignment: "envoy.config.endpoint.v3.ClusterLoadAssignment",
      health_checks: "envoy.config.core.v3.HealthCheck",
      outlier_detection: "envoy.config.cluster.v3.OutlierDetection",
      common_http_protocol_options: "envoy.config.core.v3.HttpProtocolOptions",
      transport_socket: "envoy.config.core.v3.TransportSocket",
    },
    maps: { typed_extension_protocol_options: "any" },
  },
  "envoy.config.cluster.v3.OutlierDetection": {
    plain:
      "consecutive_5xx max_ejection_percent consecutive_gateway_failure consecutive_local_origin_failure " +
      "enforcing_consecutive_5xx enforcing_consecutive_gateway_failure split_external_local_origin_errors",
    times: "interval base_ejection_time max_ejection_time",
  },
  "envoy.config.core.v3.HealthCheck": {
    plain:
      "unhealthy_threshold healthy_threshold alt_port reuse_connection http_health_check tcp_health_check " +
      "grpc_health_check",
    times:
      "timeout interval initial_jitter interval_jitter no_traffic_interval unhealthy_interval " +
      "unhealthy_edge_interval healthy_edge_interval",
  },
  "envoy.config.endpoint.v3.ClusterLoadAssignment": {
    plain: "cluster_name",
    parts: { endpoints: "envoy.config.endpoint.v3.LocalityLbEndpoints" },
  },
  "envoy.config.endpoint.v3.LocalityLbEndpoints": {
    plain: "locality load_balancing_weight priority",
    parts: { lb_endpoints: "envoy.config.endpoint.v3.LbEndpoint" },
  },
  "envoy.config.endpoint.v3.LbEndpoint": {
    plain: "health_status load_balancing_weight metadata",
    parts: { endpoint: "envoy.config.endpoint.v3.Endpoint" },
  },
  "envoy.config.endpoint.v3.Endpoint": {
    plain: "hostname health_check_config",
    parts: { address: "envoy.config.core.v3.Address" },
  },
  "envoy.config.core.v3.Address": {
    plain: "pipe",
    parts: { socket_address: "envoy.config.core.v3.SocketAddress" },
  },
  "envoy.config.core.v3.SocketAddress": {
    plain: "protocol address port_value named_port resolver_name ipv4_compat",
  },
  "envoy.config.core.v3.HttpProtocolOptions": {
    plain: "max_headers_count max_requests_per_connection headers_with_underscores_action",
    times: "idle_timeout max_connection_duration max_stream_duration",
  },
  [upstream]: {
    plain: "upstream_http_protocol_options explicit_http_config use_downstream_protocol_config auto_config",
    parts: { common_http_protocol_options: "envoy.config.core.v3.HttpProtocolOptions" },
  },
};

/** A message that names an extension and holds its configuration. */
const extension: EnvoyMessage = { plain: "name", parts: { typed_config: "any" } };

const listeners: Readonly<Record<string, EnvoyMessage>> = {
  "envoy.config.core.v3.TransportSocket": extension,
  "envoy.config.core.v3.TypedExtensionConfig": extension,
  "envoy.config.listener.v3.ListenerFilter": extension,
  "envoy.config.listener.v3.Filter": extension,
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter": {
    ...extension,
    plain: "name is_optional disabled",
  },
  "envoy.config.listener.v3.FilterChain": {
    plain: "name filter_chain_match use_proxy_proto",
    times: "transport_socket_connect_timeout",
    parts: {
      filters: "envoy.config.listener.v3.Filter",
      transport_socket: "envoy.config.core.v3.TransportSocket",
    },
  },
  "envoy.config.listener.v3.Listener": {
    plain:
      "name stat_prefix per_connection_buffer_limit_bytes tcp_backlog_size traffic_direction bind_to_port",
    times: "listener_filters_timeout",
    parts: {
      address: "envoy.config.core.v3.Address",
      filter_chains: "envoy.config.listener.v3.FilterChain",
      listener_filters: "envoy.config.listener.v3.ListenerFilter",
    },
  },
  [manager]: {
    plain:
      "codec_type stat_prefix server_name xff_num_trusted_hops skip_xff_append via use_remote_address " +
      "preserve_external_request_id always_set_request_id_in_response generate_request_id normalize_path " +
      "merge_slashes path_with_escaped_slashes_action max_request_headers_kb upgrade_configs " +
      "server_header_transformation forward_client_cert_details strip_any_host_port strip_matching_host_port",
    times: "stream_idle_timeout request_timeout request_headers_timeout drain_timeout delayed_close_timeout",
    parts: {
      common_http_protocol_options: "envoy.config.core.v3.HttpProtocolOptions",
      http_filters: "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
    },
  },
};

const routes: Readonly<Record<string, EnvoyMessage>> = {
  "envoy.config.route.v3.RouteConfiguration": {
    plain: "name request_headers_to_remove response_headers_to_remove",
    parts: { virtual_hosts: "envoy.config.route.v3.VirtualHost" },
    maps: { typed_per_filter_config: "any" },
  },
  "envoy.config.route.v3.VirtualHost": {
    plain: "name domains request_headers_to_remove response_headers_to_remove rate_limits",
    parts: { routes: "envoy.config.route.v3.Route", retry_policy: "envoy.config.route.v3.RetryPolicy" },
    maps: { typed_per_filter_config: "any" },
  },
  "envoy.config.route.v3.Route": {
    plain: "name request_headers_to_remove response_headers_to_remove stat_prefix direct_response",
    parts: { route: "envoy.config.route.v3.RouteAction" },
    maps: { typed_per_filter_config: "any" },
  },
  "envoy.config.route.v3.RouteAction": {
    plain:
      "cluster cluster_header prefix_rewrite host_rewrite_literal auto_host_rewrite rate_limits hash_policy",
    times: "timeout idle_timeout",
    parts: { retry_policy: "envoy.config.route.v3.RetryPolicy" },
  },
  "envoy.config.route.v3.RetryPolicy": {
    plain: "retry_on num_retries host_selection_retry_max_attempts retriable_status_codes",
    times: "per_try_timeout per_try_idle_timeout",
  },
};

const filters: Readonly<Record<string, EnvoyMessage>> = {
  "envoy.extensions.filters.http.lua.v3.Lua": { plain: "inline_code default_source_code stat_prefix" },
  "envoy.extensions.filters.http.buffer.v3.Buffer": { plain: "max_request_bytes" },
  "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz": {
    plain: "transport_api_version failure_mode_allow clear_route_cache with_request_body status_on_error",
    parts: { grpc_service: "envoy.config.core.v3.GrpcService" },
  },
  [rateLimit]: {
    plain: "domain stage request_type failure_mode_deny rate_limited_as_resource_exhausted",
    times: "timeout",
    parts: { rate_limit_service: "envoy.config.ratelimit.v3.RateLimitServiceConfig" },
  },
  "envoy.config.ratelimit.v3.RateLimitServiceConfig": {
    plain: "transport_api_version",
    parts: { grpc_service: "envoy.config.core.v3.GrpcService" },
  },
  "envoy.config.core.v3.GrpcService": {
    plain: "google_grpc initial_metadata",
    times: "timeout",
    parts: { envoy_grpc: "envoy.config.core.v3.GrpcService.EnvoyGrpc" },
  },
  "envoy.config.core.v3.GrpcService.EnvoyGrpc": { plain: "cluster_name authority" },
  [localRateLimit]: {
    plain:
      "stat_prefix status filter_enabled filter_enforced response_headers_to_add stage " +
      "local_rate_limit_per_downstream_connection enable_x_ratelimit_headers",
    parts: {
      token_bucket: "envoy.type.v3.TokenBucket",
      descriptors: "envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor",
    },
  },
  "envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor": {
    plain: "entries",
    parts: { token_bucket: "envoy.type.v3.TokenBucket" },
  },
  "envoy.type.v3.TokenBucket": { plain: "max_tokens tokens_per_fill", times: "fill_interval" },
};

/** The messages by their full name. */
export const envoyMessages: Readonly<Record<string, EnvoyMessage>> = {
  ...clusters,
  ...listeners,
  ...routes,
  ...filters,
};

/** What the value of a patch is, by applyTo (istio pkg/config/xds/xds.go, BuildXDSObjectFromStruct). */
export const patchedMessages: Readonly<Record<string, string>> = {
  CLUSTER: "envoy.config.cluster.v3.Cluster",
  LISTENER: "envoy.config.listener.v3.Listener",
  LISTENER_FILTER: "envoy.config.listener.v3.ListenerFilter",
  FILTER_CHAIN: "envoy.config.listener.v3.FilterChain",
  NETWORK_FILTER: "envoy.config.listener.v3.Filter",
  HTTP_FILTER: "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
  EXTENSION_CONFIG: "envoy.config.core.v3.TypedExtensionConfig",
  ROUTE_CONFIGURATION: "envoy.config.route.v3.RouteConfiguration",
  VIRTUAL_HOST: "envoy.config.route.v3.VirtualHost",
  HTTP_ROUTE: "envoy.config.route.v3.Route",
};
