"""Serve MiniStack in the foreground with every adapter applied.

Run with the Python of MiniStack's own virtual environment from the project root:
`<emulator venv>/bin/python -m local.emulator`. Settings come from MiniStack's environment
variables; `local/emulator_process.py` sets them. With the argument `door`, only the adapters apply
that restrict access. It must never contain behaviour that AWS does not have: an adapter only closes
a gap between MiniStack and AWS's documentation.
"""

import sys

from ministack import app

from local.emulator.adapters import (
    access_log,
    any_method,
    authorizer_output,
    body_update,
    complete_logs,
    compression,
    front_door,
    gateway_body,
    gateway_context,
    import_api_keys,
    integration_failure,
    leading_keys,
    log_batches,
    log_invocations,
    log_streams,
    mail_identity,
    managed_login_branding,
    metric_math,
    permissions_boundary,
    proxy_response,
    public_address,
    query_definition,
    queue_batches,
    queue_reports,
    raw_path,
    repeated_parameters,
    request_context,
    request_headers,
    request_limits,
    revoke_endpoint,
    role_credentials,
    runtime_logging,
    shared_layers,
    stream_records,
    subscription_pattern,
    tenant_tags,
    unique_api_keys,
    unknown_route,
    usage_identifier,
    variable_children,
)


def close_gaps() -> None:
    # Order matters: `unknown_route` decides which error `request_context` notes; that one and
    # `authorizer_output` collect what the later ones read; `body_update` imports through the
    # function that `gateway_body` completes, and `integration_failure` comes before what
    # `proxy_response` reads.
    unknown_route.apply()
    request_context.apply()
    authorizer_output.apply()
    raw_path.apply()
    any_method.apply()
    repeated_parameters.apply()
    request_headers.apply()
    request_limits.apply()
    gateway_body.apply()
    variable_children.apply()
    body_update.apply()
    gateway_context.apply()
    proxy_response.apply()
    integration_failure.apply()
    usage_identifier.apply()
    import_api_keys.apply()
    unique_api_keys.apply()
    compression.apply()
    access_log.apply()
    runtime_logging.apply()
    managed_login_branding.apply()
    metric_math.apply()
    query_definition.apply()
    revoke_endpoint.apply()
    mail_identity.apply()
    queue_batches.apply()
    queue_reports.apply()
    stream_records.apply()
    subscription_pattern.apply()
    log_batches.apply()
    permissions_boundary.apply()
    leading_keys.apply()
    tenant_tags.apply()
    log_invocations.apply()
    complete_logs.apply()
    log_streams.apply()
    shared_layers.apply()


def restrict_access() -> None:
    role_credentials.apply()
    unguarded = app.app
    front_door.apply()
    public_address.apply(unguarded)


def main() -> None:
    arguments, sys.argv[1:] = sys.argv[1:], []  # MiniStack has arguments of its own.
    if "door" not in arguments:
        close_gaps()
    restrict_access()
    # MiniStack's own entry point forwards SIGTERM to hypercorn, whose shutdown saves the state.
    app.main()


if __name__ == "__main__":
    main()
